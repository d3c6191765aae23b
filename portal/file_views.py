"""Files in the portal: all that the contact sees, and each of them as a download (domain.md 8.4, decision 15)."""

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from clientdesk import documents
from clientdesk.lists import Listing
from jobs.models import Document
from portal.doors import check, needs
from portal.listing import DOCUMENTS
from portal.models import ContactAccess
from portal.pages import PortalList
from portal.rights import Right
from portal.visibility import visible_documents

_TAKE: dict[str, tuple[Right, ...]] = {
    Document.Kind.INVOICE: (Right.INVOICES_DOWNLOAD,),
    Document.Kind.DELIVERABLE: (Right.FILES_DOWNLOAD, Right.PROJECTS_DOWNLOAD),
}


def rights_to_take(document: Document) -> tuple[Right, ...]:
    """Return the rights of which one lets a contact download `document`."""
    return _TAKE.get(document.kind, (Right.FILES_DOWNLOAD,))


def may_take(document: Document, access: ContactAccess) -> bool:
    """Say whether the contact of `access`, who sees `document`, may download it."""
    return any(access.may(right) for right in rights_to_take(document))


@needs((Right.FILES_VIEW, Right.INVOICES_VIEW))
class Files(PortalList):
    """Every file that the contact sees, the newest first: invoices by their own right, all others by that to files."""

    spec = DOCUMENTS
    template_name = "portal/files.html"

    def seen(self) -> QuerySet:
        return visible_documents(self.access)

    def with_details(self, queryset: QuerySet) -> QuerySet:
        return queryset.select_related("quote", "project", "job")

    def count_sentence(self, count: int, text: str) -> str:
        return ngettext("%(count)s file", "%(count)s files", count) % {"count": text}

    def list_context(self, listing: Listing) -> dict[str, object]:
        return {"files": [(one, may_take(one, self.access)) for one in listing.rows]}


@needs((Right.FILES_VIEW, Right.INVOICES_VIEW))
@require_http_methods(["GET", "HEAD"])
def download(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Return a file as a download, to who sees it and may take it."""
    found = get_object_or_404(visible_documents(request.access), pk=pk)
    check(request.access, *rights_to_take(found))
    return documents.serve(found.file, found.filename)
