"""A contact requests a quote or a job, and hands in files (8.4, XD24, XD30)."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from clientdesk import brakes
from clientdesk.lists import LARGEST_ID
from clientdesk.views import see_other
from jobs import files
from jobs.models import Item, Job, Project, Quote
from portal import notices, own_files
from portal.doors import needs
from portal.models import ContactAccess
from portal.pages import posted
from portal.request_forms import AddFilesForm, JobRequestForm, QuoteRequestForm
from portal.rights import Right
from portal.visibility import visible


@needs(Right.QUOTES_ADD)
@require_http_methods(["GET", "HEAD", "POST"])
def request_quote(request: HttpRequest) -> HttpResponse:
    """Request a quote; it starts Requested, and who is responsible is told. `?like=7` begins with the details of a former one."""
    return _request(request, QuoteRequestForm, "portal/request_quote.html")


@needs(Right.JOBS_ADD)
@require_http_methods(["GET", "HEAD", "POST"])
def request_job(request: HttpRequest) -> HttpResponse:
    """Request a job; it starts Requested, and who is responsible is told."""
    return _request(request, JobRequestForm, "portal/request_job.html")


def _request(request: HttpRequest, form_class: type[QuoteRequestForm] | type[JobRequestForm], template: str) -> HttpResponse:
    access = request.access
    form = form_class(posted(request), request.FILES if request.method == "POST" else None, access=access)
    if form.is_bound and (twin := _sent_before(form, access)):
        return _again(request, twin)
    record = _kept(form, request) if form.is_bound and form.is_valid() and not _is_too_much(form, request) else None
    if record is not None:
        notices.requested(record, request.user)
        messages.success(request, _("Thank you. We received your request %(number)s.") % {"number": record.number})
        return see_other(request, _page(record, access))
    if form.is_bound and (twin := _sent_before(form, access)):
        return _again(request, twin)
    if isinstance(form, QuoteRequestForm) and not form.is_bound and (former := _former(request)):
        form.begin_as(former)
    return render(request, template, {"form": form}, status=422 if form.is_bound else 200)


def _former(request: HttpRequest) -> Quote | None:
    """Return the quote of the address that the contact sees, or None: nothing else is a beginning."""
    text = request.GET.get("like", "")
    key = int(text) if text.isascii() and text.isdigit() and len(text) < 20 else 0
    return visible(Quote.objects, request.access).filter(pk=key).first() if 0 < key <= LARGEST_ID else None


def _is_too_much(form: QuoteRequestForm | JobRequestForm | AddFilesForm, request: HttpRequest) -> bool:
    """Say whether the contact asked for a great deal within the last hour already; the valid `form` then says so."""
    if brakes.REQUESTS.take(str(request.user.pk)):
        return False
    sentence = _("You sent us %(count)d requests and files within an hour. Wait before the next, or write to us.")
    form.add_error(None, sentence % {"count": brakes.REQUESTS.tries})
    return True


def _kept(form: QuoteRequestForm | JobRequestForm, request: HttpRequest) -> Item | None:
    """Save the request of the valid `form` with its files and return it, or put the sentence of a refusal into the form."""
    try:
        with transaction.atomic():
            if form.save_or_refuse(by=request.user) is None:
                return None
            record = form.instance
            for file in form.cleaned_data.get("attachments", ()):
                files.add(record, file, by=request.user, from_portal=True)
    except ValidationError as refusal:
        form.add_error("attachments", refusal)
        return None
    return record


def _sent_before(form: QuoteRequestForm | JobRequestForm, access: ContactAccess) -> Item | None:
    """Return what this contact sent with the same form already: pressed twice it asks once."""
    key = form.fields["key"].widget.value_from_datadict(form.data, form.files, form.add_prefix("key"))
    try:
        key = form.fields["key"].clean(key)
    except ValidationError:
        return None
    return form._meta.model.objects.filter(key=key, contact=access.contact_id).first() if key else None


def _again(request: HttpRequest, twin: Item) -> HttpResponse:
    sentence = _("You sent this request already, as %(number)s. To ask for something else, begin a new request.")
    messages.info(request, sentence % {"number": twin.number})
    return see_other(request, _page(twin, request.access))


def _page(item: Item, access: ContactAccess) -> str:
    """Return the page of `item`, or the home page for a contact who may ask but not look."""
    sees = visible(type(item).objects, access).filter(pk=item.pk).exists()
    return own_files.page_of(item) if sees else reverse("portal:home")


# --- files --------------------------------------------------------------------------------------
def _add_files(request: HttpRequest, model: type[Item], pk: int) -> HttpResponse:
    item = get_object_or_404(visible(model.objects, request.access), pk=pk)
    if not own_files.takes_files(item):
        raise Http404
    form = AddFilesForm(posted(request), request.FILES if request.method == "POST" else None)
    if form.is_bound and form.is_valid() and not _is_too_much(form, request):
        try:
            with transaction.atomic():
                added = [files.add(item, file, by=request.user, from_portal=True) for file in form.cleaned_data["attachments"]]
        except ValidationError as refusal:
            form.add_error("attachments", refusal)
        else:
            notices.tell_staff(item, notices.FILED, request.user)
            messages.success(request, _("Added: %(names)s.") % {"names": ", ".join(one.filename for one in added)})
            return see_other(request, own_files.page_of(item))
    return render(request, "portal/files_add.html", {"form": form, **own_files.way_to(item)}, status=422 if form.is_bound else 200)


@needs(Right.QUOTES_VIEW, Right.FILES_ADD)
@require_http_methods(["GET", "HEAD", "POST"])
def add_quote_file(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand in files for a quote that is not decided yet."""
    return _add_files(request, Quote, pk)


@needs(Right.PROJECTS_VIEW, Right.FILES_ADD)
@require_http_methods(["GET", "HEAD", "POST"])
def add_project_file(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand in files for a project in progress."""
    return _add_files(request, Project, pk)


@needs(Right.JOBS_VIEW, Right.FILES_ADD)
@require_http_methods(["GET", "HEAD", "POST"])
def add_job_file(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand in files for a job that is not done yet."""
    return _add_files(request, Job, pk)
