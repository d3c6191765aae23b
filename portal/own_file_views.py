"""A contact replaces or withdraws a file that it handed in, as long as the item takes files (area Files)."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from clientdesk.views import see_other
from jobs.models import Document
from portal import notices, own_files
from portal.doors import needs
from portal.pages import posted
from portal.request_forms import ReplaceFileForm
from portal.rights import Right
from portal.visibility import visible_documents


def _own(request: HttpRequest, pk: int) -> Document:
    """Return the file that the contact handed in and sees. Raises Http404 for any other, and where it stays as it is by now."""
    seen = visible_documents(request.access).select_related("quote", "project", "job")
    found = get_object_or_404(seen, pk=pk, from_portal=True, created_by=request.user)
    if not own_files.takes_files(found.item):
        raise Http404
    return found


@needs(Right.FILES_VIEW, Right.FILES_EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def replace(request: HttpRequest, pk: int) -> HttpResponse:
    """Another file takes the place of one."""
    found = _own(request, pk)
    item = found.item
    form = ReplaceFileForm(posted(request), request.FILES if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            own_files.replace(found, form.cleaned_data["file"], request.user)
        except ValidationError as refusal:
            form.add_error("file", refusal)
        else:
            notices.tell_staff(item, notices.REPLACED, request.user)
            said = {"old": found.filename, "new": form.cleaned_data["file"].name}
            messages.success(request, _("“%(new)s” is there instead of “%(old)s”.") % said)
            return see_other(request, own_files.page_of(item))
    shown = {"form": form, "file": found, **own_files.way_to(item)}
    return render(request, "portal/file_replace.html", shown, status=422 if form.is_bound else 200)


@needs(Right.FILES_VIEW, Right.FILES_EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """A file is taken back, once it was said on a page that it goes for good."""
    found = _own(request, pk)
    item = found.item
    if request.method != "POST":
        return render(request, "portal/file_withdraw.html", {"file": found, **own_files.way_to(item)})
    try:
        own_files.withdraw(found)
    except ValidationError as refusal:
        messages.error(request, refusal.messages[0])
    else:
        notices.tell_staff(item, notices.WITHDRAWN, request.user)
        messages.success(request, _("“%(name)s” was withdrawn.") % {"name": found.filename})
    return see_other(request, own_files.page_of(item))
