"""The clients list as what pages and acts of all lists need to know of it."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from clientdesk.models import User
from clientdesk.tables import Table
from clients.columns import ClientColumns
from clients.listing import CLIENTS
from clients.models import Client


def _seen(user: User) -> QuerySet[Client]:
    return Client.objects.visible_to(user)


TABLE = Table(
    spec=CLIENTS,
    seen=_seen,
    columns=ClientColumns,
    words={"many": _("Clients"), "changing": _("Changing clients"), "changed": _("Clients changed")},
)
