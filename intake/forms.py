"""The form of the upload step."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from intake import sentences
from intake.kinds import KINDS
from intake.models import ImportRun
from intake.uploads import FULL, limits_sentence, no_room, pasted_file, pasting_sentence, refusal

ACCEPTED = ".csv,.tsv,.txt,.xlsx,.xlsm,.xls,.ods,text/csv"
# More than this is easier sent as a file, and a request whose fields are larger is refused before any form sees it.
MOST_PASTED = 1_000_000


class UploadForm(forms.Form):
    """What to import, and the file or the rows pasted in its place: `cleaned_data["file"]` is a file in either case."""

    kind = forms.ChoiceField(label=_("What do you import?"), choices=ImportRun.Kind.choices, initial=ImportRun.Kind.CORPORATE)
    file = forms.FileField(
        label=_("File"),
        max_length=255,
        required=False,
        widget=forms.FileInput(attrs={"accept": ACCEPTED}),
        error_messages={
            "missing": _("Choose a file."),
            "empty": _("This file is empty. Choose one with a header row and at least one row beneath it."),
            "max_length": _("The name of this file has %(length)d characters. Rename it to %(max)d at most."),
        },
    )

    # Without a length of its own: a browser would cut what is pasted, and say nothing.
    pasted = forms.CharField(
        label=_("Or paste rows from your spreadsheet"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 4, "wrap": "off", "spellcheck": "false", "autocomplete": "off"}),
    )

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **({"label_suffix": ""} | kwargs))
        self.fields["file"].help_text = limits_sentence()
        self.fields["pasted"].help_text = pasting_sentence(MOST_PASTED)
        # One of the two is needed.
        self.fields["file"].mark_optional = self.fields["pasted"].mark_optional = False

    def clean_kind(self) -> str:
        """Refuse what cannot be imported yet."""
        kind = self.cleaned_data["kind"]
        if kind not in KINDS:
            raise ValidationError(sentences.not_available(str(ImportRun.Kind(kind).label)))
        return kind

    def clean_file(self) -> UploadedFile | None:
        """Refuse what plainly is no table (J6), and what the disk had no room for."""
        file = self.cleaned_data["file"]
        return self._readable(file) if file else None

    def clean_pasted(self) -> UploadedFile | None:
        """Make a file of the pasted rows; white space alone is nothing pasted."""
        text = self.cleaned_data["pasted"]
        if len(text) > MOST_PASTED:
            raise ValidationError(sentences.pasted_too_much(len(text), MOST_PASTED))
        return self._readable(pasted_file(text)) if text.strip() else None

    def clean(self) -> dict[str, Any]:
        """Ask for one of the two: a file or pasted rows."""
        cleaned = super().clean() or self.cleaned_data
        file, pasted = cleaned.get("file"), cleaned.get("pasted")
        if file and pasted:
            self.add_error("pasted", _("You chose a file and pasted rows as well. Empty this field, or choose no file."))
        elif not (file or pasted or {"file", "pasted"} & set(self.errors)):
            self.add_error("file", _("Choose a file, or paste rows from your spreadsheet."))
        return cleaned | {"file": file or pasted}

    def _readable(self, file: UploadedFile) -> UploadedFile:
        try:
            sentence = refusal(file)
        except OSError as error:
            if error.errno not in FULL:
                raise
            sentence = no_room()
        if sentence:
            raise ValidationError(sentence)
        return file
