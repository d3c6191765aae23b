"""Export for editing: a list of clients or contact persons as a workbook that is imported again (import.md section 8)."""

from collections.abc import Iterator
from typing import ClassVar

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from clientdesk.lists import Listing
from clientdesk.tables.exporting import Export
from clients.exporting import ExportClients
from contacts.list_views import ExportContacts
from contacts.models import Contact
from intake.exporting import TAKEN, workbook
from intake.models import ImportRun


class ForEditing(Export):
    """The records of a list that one kind of import takes, or of it only those that were picked, in the columns of that import."""

    kind: ClassVar[str]
    formats: ClassVar = ("xlsx",)
    # How the file is called, before the day.
    name: ClassVar[str]

    def narrowed(self, records: QuerySet) -> QuerySet:
        return records.filter(**TAKEN[self.kind])

    def why_not(self, records: QuerySet, format: str) -> str:
        most, what = settings.IMPORT_LIMITS["rows_sheet"], ImportRun.Kind(self.kind).label
        if not records.exists():
            return _("There is nothing to edit here: “%(what)s” only.") % {"what": what}
        if records.order_by()[most - 1 : most].exists():
            return _("A workbook with more than %(most)s rows could not be imported again. Filter the list first.") % {
                "most": number_format(most, force_grouping=True)
            }
        return ""

    def filename(self, format: str) -> str:
        return f"{self.name}-{timezone.localdate().isoformat()}.{format}"

    def content(self, listing: Listing, records: QuerySet, format: str) -> Iterator[bytes]:
        return workbook(self.kind, listing, records, self.request.user, timezone.now())


class CorporateForEditing(ForEditing, ExportClients):
    """Corporate clients."""

    kind, name = ImportRun.Kind.CORPORATE, "clients-corporate"


class IndividualForEditing(ForEditing, ExportClients):
    """Individual clients."""

    kind, name = ImportRun.Kind.INDIVIDUAL, "clients-individual"


class TreesForEditing(ForEditing, ExportClients):
    """Corporate clients with their offices, departments and people; found again by name."""

    kind, name = ImportRun.Kind.TREE, "company-trees"

    def why_not(self, records: QuerySet, format: str) -> str:
        # A row for each person, and at least one for each client.
        people = Contact.objects.filter(client__in=records.order_by().values("pk"), active=True)
        return super().why_not(records, format) or (super().why_not(people, format) if people.exists() else "")


class ContactsForEditing(ForEditing, ExportContacts):
    """Contact persons, each with what leads to its client."""

    kind, name = ImportRun.Kind.CONTACT, "contact-persons"


FOR_EDITING = (CorporateForEditing, IndividualForEditing, ContactsForEditing, TreesForEditing)
