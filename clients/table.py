"""The clients list as what pages and acts of all lists need to know of it."""

from django.utils.translation import gettext_lazy as _

from clientdesk.tables import Table
from clients.columns import ClientColumns
from clients.listing import CLIENTS
from clients.models import Client

TABLE = Table(
    spec=CLIENTS,
    seen=Client.objects.visible_to,
    columns=ClientColumns,
    words={"many": _("Clients"), "changing": _("Changing clients"), "changed": _("Clients changed")},
)
