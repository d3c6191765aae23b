"""Staff pages of the contacts of all clients: the list and its file (X30, XD34)."""

from django.utils.translation import gettext_lazy, ngettext

from clientdesk.tables.exporting import Export
from clientdesk.tables.pages import TablePage
from contacts.table import TABLE


class ContactList(TablePage):
    """The contacts in use of all clients, 50 to a page (X30)."""

    table = TABLE
    template_name = "contacts/contact_list.html"

    def count_sentence(self, count: int, text: str) -> str:
        return ngettext("%(count)s contact", "%(count)s contacts", count) % {"count": self.counted(text)}


class ExportContacts(Export):
    """The contacts of the list, or of it only those that were picked."""

    table = TABLE
    nothing_picked = gettext_lazy("Select at least one contact to export.")
    too_many = gettext_lazy("A sheet holds 1,048,575 contacts, and these are more. Export them as a CSV file.")
