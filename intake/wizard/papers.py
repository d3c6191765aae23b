"""The documents step: what the category wants from every client, uploaded into the draft or marked as coming later (SD3)."""

from typing import TYPE_CHECKING

from crispy_forms.helper import FormHelper
from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _

from clientdesk import documents
from clientdesk.fields import speak
from intake.models import DraftFile
from intake.wizard import drafts

if TYPE_CHECKING:
    from intake.wizard.steps import Step

LATER = "later"


class DocumentsForm(forms.Form):
    """One file for each required document. A file that was taken stays with the draft, also where another one is refused."""

    def __init__(self, posted: QueryDict | None = None, files: MultiValueDict | None = None, *, step: "Step", **kwargs) -> None:
        self.step = step
        super().__init__(posted, files, **({"label_suffix": ""} | kwargs))
        self.requirements = step.plan.requirements
        self.kept: dict[str, DraftFile] = {one.requirement: one for one in step.plan.draft.files.all()}
        for place, requirement in enumerate(self.requirements):
            field = documents.DocumentField(label=requirement, required=False, widget=forms.FileInput)
            field.mark_optional = False
            speak(field)
            self.fields[f"document{place}"] = field
        self.fields[LATER] = forms.MultipleChoiceField(
            label=_("Comes later"),
            choices=[(name, name) for name in self.requirements],
            required=False,
            widget=forms.CheckboxSelectMultiple,
        )
        speak(self.fields[LATER])
        self.helper = FormHelper()
        self.helper.form_tag = False

    @property
    def papers(self) -> list[dict[str, object]]:
        """What the page shows of each document: its field, the file that is there, and whether it comes later."""
        later = self[LATER].value() or []
        return [
            {"name": name, "place": place, "field": self[f"document{place}"], "kept": self.kept.get(name), "later": name in later}
            for place, name in enumerate(self.requirements)
        ]

    def clean(self) -> None:
        """Keep the files that came; each document is there, comes now, or is marked as coming later."""
        super().clean()
        for place, requirement in enumerate(self.requirements):
            name = f"document{place}"
            if name not in self.cleaned_data:
                continue
            if upload := self.cleaned_data[name]:
                self._keep(name, requirement, upload)
            elif requirement not in self.kept and requirement not in self.cleaned_data.get(LATER, []):
                self.add_error(name, _("Choose the file of “%(document)s”, or tick that it comes later.") % {"document": requirement})

    def _keep(self, name: str, requirement: str, upload: object) -> None:
        try:
            stored = documents.keep(upload, drafts.FOLDER)
        except ValidationError as error:
            self.add_error(name, error)
            return
        drafts.put_file(self.step.plan.draft, requirement, stored, upload.name, upload.size)
        self.kept = {one.requirement: one for one in self.step.plan.draft.files.all()}
