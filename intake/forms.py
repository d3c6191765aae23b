"""The form of the upload step."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from intake import sentences
from intake.kinds import KINDS
from intake.models import ImportRun
from intake.uploads import FULL, limits_sentence, no_room, refusal


class UploadForm(forms.Form):
    """What to import, and the file."""

    kind = forms.ChoiceField(label=_("What do you import?"), choices=ImportRun.Kind.choices, initial=ImportRun.Kind.CORPORATE)
    file = forms.FileField(
        label=_("File"),
        max_length=255,
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,.xlsx,.xlsm,text/csv"}),
        error_messages={
            "required": _("Choose a file."),
            "missing": _("Choose a file."),
            "empty": _("This file is empty. Choose one with a header row and at least one row beneath it."),
            "max_length": _("The name of this file has %(length)d characters. Rename it to %(max)d at most."),
        },
    )

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **({"label_suffix": ""} | kwargs))
        self.fields["file"].help_text = limits_sentence()

    def clean_kind(self) -> str:
        """Refuse what cannot be imported yet."""
        kind = self.cleaned_data["kind"]
        if kind not in KINDS:
            raise ValidationError(sentences.not_available(str(ImportRun.Kind(kind).label)))
        return kind

    def clean_file(self) -> object:
        """Refuse what plainly is no table (J6), and what the disk had no room for."""
        file = self.cleaned_data["file"]
        try:
            sentence = refusal(file)
        except OSError as error:
            if error.errno not in FULL:
                raise
            sentence = no_room()
        if sentence:
            raise ValidationError(sentence)
        return file
