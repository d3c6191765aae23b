"""The page that changes formats, whoever they belong to; the form is one of clientdesk/format_forms.py."""

from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from clientdesk.models import Formats
from clientdesk.views import EditPage


class EditFormatsPage(EditPage):
    """The form behind Preferences. Its button Preview shows what was chosen and saves nothing (X68, X69).

    `formats_of` finds the record of who is in the address, locked where `lock` is set: the formats themselves may not exist yet.
    """

    def formats_of(self, lock: bool) -> Formats:
        """Return the formats of the record of the address, or unsaved ones. Raises Http404."""
        raise NotImplementedError

    def find(self, lock: bool = False) -> Model:
        return self.formats_of(lock)

    def post(self, request: HttpRequest, **kwargs) -> HttpResponse:
        if "preview" not in request.POST:
            return super().post(request, **kwargs)
        self.record = self.find()
        form = self.form(request.POST)
        if request.htmx:
            return render(request, "formats/previews.html", {"form": form})
        return self.show(form=form, unsaved=True)
