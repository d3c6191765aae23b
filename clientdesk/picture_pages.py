"""The pages on which a picture is handed in and taken away, whoever it belongs to (C9, X46)."""

from typing import ClassVar

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clientdesk import pictures
from clientdesk.cropping import PartInput
from clientdesk.rights import Right
from clientdesk.views import Screen, see_other


class PictureForm(forms.Form):
    """One picture, and where scripts run the part of it to keep."""

    picture = pictures.PictureField(label=gettext_lazy("Picture"), widget=PartInput)


class PicturePage(Screen):
    """A page about the picture of the record with the key of the address; the picture is its column `photo`."""

    right = Right.CHANGE
    # Where pictures of such records lie in the storage.
    folder: ClassVar[str]

    def queryset(self) -> QuerySet:
        """Return the records whose picture the person may change."""
        raise NotImplementedError

    def around(self) -> dict[str, object]:
        """Return what the page shows around the form."""
        raise NotImplementedError

    def done_url(self, record: Model) -> str:
        """Return where a changed picture leads."""
        return record.get_absolute_url()

    def held(self) -> Model:
        """Return the record of the address, locked. Raises Http404."""
        return get_object_or_404(self.queryset().select_for_update(of=("self",)), pk=self.kwargs["pk"])


class ChangePicturePage(PicturePage):
    """Choose a picture; the one before is deleted once the new one is safe."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        get_object_or_404(self.queryset(), pk=pk)
        return self.show(**self.around(), form=PictureForm())

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        record = self.held()
        form = PictureForm(request.POST, request.FILES)
        if not form.is_valid():
            return self.show(422, **self.around(), form=form)
        try:
            name = pictures.keep(form.cleaned_data["picture"], self.folder)
        except ValidationError as full:
            form.add_error("picture", full)
            return self.show(422, **self.around(), form=form)
        put(record, name)
        messages.success(request, _("The picture of %(record)s was saved.") % {"record": record})
        return see_other(request, self.done_url(record))


class RemovePicturePage(PicturePage):
    """Take the picture away; a second press finds nothing to do."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        record = self.held()
        if record.photo:
            put(record, "")
            messages.success(request, _("The picture of %(record)s was removed.") % {"record": record})
        return see_other(request, self.done_url(record))


def put(record: Model, name: str) -> None:
    """Let the stored picture `name` be that of `record`, or none where it is blank; the former one is deleted."""
    before, record.photo = record.photo.name, name
    record.save(update_fields=["photo"])
    pictures.forget(before)
