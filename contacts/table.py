"""The list of all contacts as what pages and acts of all lists need to know of it."""

from django.utils.translation import gettext_lazy as _

from clientdesk.tables import Table
from contacts.columns import ContactColumns
from contacts.listing import CONTACTS
from contacts.models import Contact

TABLE = Table(
    spec=CONTACTS,
    seen=Contact.objects.visible_to,
    columns=ContactColumns,
    words={"many": _("Contacts"), "changing": _("Changing contacts"), "changed": _("Contacts changed")},
)
