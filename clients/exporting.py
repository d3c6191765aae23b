"""The clients list as a file."""

from django.utils.translation import gettext_lazy as _

from clientdesk.tables.exporting import Export
from clients.table import TABLE


class ExportClients(Export):
    """The clients of the list, or of it only those that were picked."""

    table = TABLE
    nothing_picked = _("Select at least one client to export.")
    too_many = _("A sheet holds 1,048,575 clients, and these are more. Export them as a CSV file.")
