"""The picture of a client (C9) and the documents that it delivered (SD3)."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from clientdesk import documents, pictures
from clientdesk.models import User
from clientdesk.picture_pages import ChangePicturePage, PicturePage, RemovePicturePage
from clientdesk.rights import Right, needs
from clientdesk.views import Screen, see_other
from clients.forms import DocumentForm
from clients.models import Client, ClientDocument
from clients.profile import client_of, profile
from clients.required import requirements

MOST_DOCUMENTS = 500


def _held(request: HttpRequest, pk: int) -> Client:
    """Return the client, locked, where the person may see it; else 404."""
    return get_object_or_404(Client.objects.visible_to(request.user).select_for_update(of=("self",)), pk=pk)


# --- picture ------------------------------------------------------------------------------------
@needs(Right.VIEW)
@require_GET
def photo(request: HttpRequest, pk: int) -> HttpResponse:
    """Return the picture of a client, or with `?size=small` its small one, to who may see the client (XD33)."""
    client = get_object_or_404(Client.objects.visible_to(request.user).only("photo"), pk=pk)
    return pictures.serve(client.photo, small=request.GET.get("size") == "small")


class _OfClient(PicturePage):
    folder = "clients"

    def queryset(self) -> QuerySet:
        return Client.objects.visible_to(self.request.user)

    def around(self) -> dict[str, object]:
        return profile(client_of(self.kwargs["pk"], self.request.user), "overview")


class ChangePhoto(_OfClient, ChangePicturePage):
    """Hand in a picture, in the place of the former one."""

    template_name = "clients/client_photo.html"


class RemovePhoto(_OfClient, RemovePicturePage):
    """Delete the picture of a client."""


# --- documents ----------------------------------------------------------------------------------
class Documents(Screen):
    """The documents of a client, those that its category still asks for, and for who may change it the form that takes one more."""

    template_name = "clients/client_documents.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self.page(None)

    def page(self, form: DocumentForm | None, status: int = 200) -> HttpResponse:
        """Return the page with `form`, or with an unbound one that names the first document that is missing."""
        client = client_of(self.kwargs["pk"], self.request.user)
        needed = requirements(client)
        if form is None:
            missing = next((one.name for one in needed if not one.delivered), "")
            form = DocumentForm(required=[one.name for one in needed], initial={"requirement": missing})
        found = list(client.documents.select_related("created_by"))
        return self.show(status, **profile(client, "documents"), form=form, needed=needed, documents=found)


class AddDocument(Documents):
    """Take one more document of a client; the page is the same, so that a refused file is told beside what is there."""

    right = Right.CHANGE

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        client = _held(request, pk)
        form = DocumentForm(request.POST, request.FILES, required=[one.name for one in requirements(client)])
        if not form.is_valid():
            return self.page(form, 422)
        try:
            record = _take(client, form.cleaned_data["file"], form.cleaned_data["requirement"], request.user)
        except ValidationError as refusal:
            form.add_error("file", refusal)
            return self.page(form, 422)
        messages.success(request, _("“%(name)s” was added.") % {"name": record.filename})
        return see_other(request, reverse("clients:documents", args=[client.pk]))


def _take(client: Client, file: UploadedFile, requirement: str, by: User) -> ClientDocument:
    """Keep `file` as a document of `client`, whose row is locked. Raises ValidationError with a sentence where it is there already, as
    after a double click, or where there is no room."""
    said = {"name": file.name, "client": client, "count": MOST_DOCUMENTS}
    if client.documents.count() >= MOST_DOCUMENTS:
        raise ValidationError(_("%(client)s has %(count)d documents. Remove one before you add another.") % said)
    twins = client.documents.filter(filename=file.name, size=file.size, requirement=requirement)
    if any(documents.same(file, twin.file) for twin in twins):
        raise ValidationError(_("“%(name)s” is here already.") % said)
    stored = documents.keep(file, f"clients/{client.pk}")
    return client.documents.create(file=stored, filename=file.name, size=file.size, requirement=requirement, created_by=by)


def _document(request: HttpRequest, pk: int, document_pk: int) -> ClientDocument:
    seen = ClientDocument.objects.filter(client__in=Client.objects.visible_to(request.user).filter(pk=pk))
    return get_object_or_404(seen.select_related("client"), pk=document_pk)


@needs(Right.VIEW)
@require_GET
def document(request: HttpRequest, pk: int, document_pk: int) -> HttpResponseBase:
    """Return a document as a download, to who may see its client (XD33)."""
    found = _document(request, pk, document_pk)
    return documents.serve(found.file, found.filename)


@needs(Right.CHANGE)
@require_POST
def remove_document(request: HttpRequest, pk: int, document_pk: int) -> HttpResponse:
    """Delete a document; the history keeps its name. A second press finds nothing to do."""
    client = _held(request, pk)
    found = client.documents.filter(pk=document_pk).first()
    if found is not None:
        stored = found.file.name
        found.delete()
        documents.forget(stored)
        messages.success(request, _("“%(name)s” was removed.") % {"name": found.filename})
    return see_other(request, reverse("clients:documents", args=[client.pk]))
