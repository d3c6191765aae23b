"""Files of quotes, projects and jobs: hand one in, get it, publish it, remove it (JD4, X20, J21)."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import get_object_or_404
from django.utils.datastructures import MultiValueDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from clientdesk import documents
from clientdesk.rights import Right, needs
from clientdesk.views import Screen, see_other
from jobs import files
from jobs.file_forms import FileForm, InvoiceForm
from jobs.models import Document, Item, Job
from jobs.sending import release, send_to_primary
from jobs.telling import file_facts

_ITEMS = ("quote", "project", "job")
_TITLES: dict[str, Promise] = {
    files.Kind.FILE: gettext_lazy("Add a file"),
    files.Kind.DELIVERABLE: gettext_lazy("Add a deliverable"),
    files.Kind.INVOICE: gettext_lazy("Add an invoice"),
}


class AddFile(Screen):
    """Hand in a file of an item; `model` says of which kind of item, `kind` what the file is."""

    right = Right.CHANGE
    template_name = "jobs/file_add.html"
    model: type[Item] = Job
    kind: str = files.Kind.FILE

    def _item(self) -> Item:
        """Return the item of the address with its client. Raises Http404 where the person may not see it (XD33)."""
        return get_object_or_404(self.model.objects.visible_to(self.request.user).select_related("client"), pk=self.kwargs["pk"])

    def _form(self, posted: QueryDict | None = None, sent: MultiValueDict | None = None) -> FileForm:
        return (InvoiceForm if self.kind == files.Kind.INVOICE else FileForm)(posted, sent, kind=self.kind)

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        item = self._item()
        return self.show(item=item, form=self._form(), title=_TITLES[self.kind])

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        item, form = self._item(), self._form(request.POST, request.FILES)
        if form.is_valid():
            try:
                found = files.add(item, form.cleaned_data["file"], by=request.user, kind=self.kind, **form.more)
            except ValidationError as refusal:
                form.add_error("file", refusal)
            else:
                messages.success(request, _("“%(name)s” was added.") % {"name": found.filename})
                return see_other(request, item.get_absolute_url())
        return self.show(422, item=item, form=form, title=_TITLES[self.kind])


def seen(request: HttpRequest) -> QuerySet[Document]:
    """Return the files that the person may see, each with its item and that one's client (XD33)."""
    return Document.objects.visible_to(request.user).select_related(*_ITEMS, *(f"{name}__client" for name in _ITEMS))


class SendFile(Screen):
    """Release a deliverable (X20), or send an invoice (J21): the page says to whom it goes, a POST does it, once."""

    right = Right.CHANGE
    template_name = "jobs/file_send.html"
    kind: str = files.Kind.INVOICE

    def _file(self) -> Document:
        return get_object_or_404(seen(self.request).filter(kind=self.kind), pk=self.kwargs["pk"])

    def _shown(self, document: Document, status: int = 200, refused: str = "") -> HttpResponse:
        releases = self.kind == files.Kind.DELIVERABLE
        title = _("Release a deliverable") if releases else _("Send an invoice")
        facts = file_facts(document)
        return self.show(status, file=document, item=document.item, title=title, mail=facts, releases=releases, refused=refused)

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self._shown(self._file())

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        document = self._file()
        try:
            (release if self.kind == files.Kind.DELIVERABLE else send_to_primary)(document, request.user)
        except ValidationError as refusal:
            return self._shown(document, 422, refusal.messages[0])
        said = _("“%(name)s” was released.") if self.kind == files.Kind.DELIVERABLE else _("“%(name)s” was sent.")
        messages.success(request, said % {"name": document.filename})
        return see_other(request, document.item.get_absolute_url())


@needs(Right.VIEW)
@require_GET
def download(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Return a file as a download, to who may see the client of its item (XD33)."""
    found = get_object_or_404(seen(request), pk=pk)
    return documents.serve(found.file, found.filename)


@needs(Right.CHANGE)
@require_POST
def publish(request: HttpRequest, pk: int) -> HttpResponse:
    """Let the client see a file in the portal (`visible=1`), or not any more."""
    found = get_object_or_404(seen(request), pk=pk)
    visible = request.POST.get("visible") == "1"
    try:
        files.publish(found, visible)
    except ValidationError as refusal:
        messages.error(request, refusal.messages[0])
    else:
        said = _("“%(name)s” is visible in the portal.") if visible else _("“%(name)s” is not visible in the portal any more.")
        messages.success(request, said % {"name": found.filename})
    return see_other(request, found.item.get_absolute_url())


@needs(Right.CHANGE)
@require_POST
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete a file that no client was sent; the history keeps its name."""
    found = get_object_or_404(seen(request), pk=pk)
    item = found.item
    try:
        files.remove(found)
    except ValidationError as refusal:
        messages.error(request, refusal.messages[0])
    else:
        messages.success(request, _("“%(name)s” was removed.") % {"name": found.filename})
    return see_other(request, item.get_absolute_url())
