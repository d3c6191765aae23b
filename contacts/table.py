"""The list of all contacts as what pages and acts of all lists need to know of it."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from clientdesk.models import User
from clientdesk.tables import Table
from contacts.columns import ContactColumns
from contacts.listing import CONTACTS
from contacts.models import Contact


def _seen(user: User) -> QuerySet[Contact]:
    return Contact.objects.visible_to(user)


TABLE = Table(
    spec=CONTACTS,
    seen=_seen,
    columns=ContactColumns,
    words={"many": _("Contacts"), "changing": _("Changing contacts"), "changed": _("Contacts changed")},
)
