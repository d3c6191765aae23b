"""The form of the mode step: what the file shall do, what finds records, what empty cells mean, what happens to wrong rows."""

from typing import NamedTuple

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from intake import inviting, modes
from intake.column import Column
from intake.identifying import Choice, choices
from intake.kinds import resource
from intake.models import ImportRun, Verdict

KEEP, CLEAR = "keep", "clear"


class Counted(NamedTuple):
    """One mode with what it would do to the rows."""

    value: str
    label: str
    hint: str
    counts: dict[str, int]


HINTS = {
    ImportRun.Mode.CREATE: gettext_lazy("What exists already stays as it is; its rows are skipped."),
    ImportRun.Mode.UPDATE: gettext_lazy("Nothing is added; a row without a match is an error, or skipped with the other errors."),
    ImportRun.Mode.UPSERT: gettext_lazy("What is new is added, what exists is updated."),
}


class ModeForm(forms.Form):
    """What a person settles before the start; bound to the run as it is reviewed."""

    mode = forms.ChoiceField(label=gettext_lazy("What should the file do?"), choices=ImportRun.Mode.choices)
    key = forms.ChoiceField(label=gettext_lazy("Identifying field"))
    empty = forms.ChoiceField(
        label=gettext_lazy("Empty cells"),
        choices=[(KEEP, gettext_lazy("keep the saved value")), (CLEAR, gettext_lazy("clear the saved value"))],
    )
    other = forms.MultipleChoiceField(label=gettext_lazy("The other way round in these columns"), required=False)
    skip_errors = forms.ChoiceField(
        label=gettext_lazy("Rows with errors"),
        choices=[("yes", gettext_lazy("Skip them and import the others")), ("no", gettext_lazy("All or nothing"))],
    )

    invites = forms.BooleanField(label=gettext_lazy("Invite to the client portal"), required=False)

    def __init__(self, run: ImportRun, chosen: QueryDict | None = None) -> None:
        """`chosen` is what was posted; what is not in it stays as the run has it."""
        self.run = run
        self.keys: list[Choice] = choices(run)
        self.columns: list[Column] = [column for column in _mapped(run) if column.can_be_emptied]
        usual = run.empty_cells.get("", KEEP)
        initial = {
            "mode": run.mode,
            "key": run.key,
            "empty": usual,
            "other": [key for key, rule in run.empty_cells.items() if key and rule != usual],
            "skip_errors": "yes" if run.skip_errors else "no",
            "invites": run.invites,
        }
        if chosen is not None:
            chosen = chosen.copy()
            if "empty" not in chosen:
                chosen.setlist("other", initial["other"])
            for name in {"mode", "key", "empty", "skip_errors"} - chosen.keys():
                chosen.setlist(name, [str(initial[name])])
        super().__init__(chosen, initial=initial, label_suffix="")
        self.fields["key"].choices = [(choice.value, choice.label) for choice in self.keys]
        self.fields["other"].choices = [(column.key, column.label) for column in self.columns]

    def clean_key(self) -> str:
        """Refuse a field that the file cannot be compared by."""
        chosen = self.cleaned_data["key"]
        found = next(choice for choice in self.keys if choice.value == chosen)
        if found.refusal:
            raise ValidationError(
                _("Rows cannot be compared by “%(label)s”: %(reason)s.") % {"label": found.label, "reason": found.refusal}
            )
        return chosen

    @property
    def invitation_hint(self) -> str:
        """What the invitation does, or an empty text where the file brings no people."""
        return inviting.sentence() if self.run.kind in inviting.OF_PEOPLE else ""

    @property
    def empty_cells(self) -> dict[str, str]:
        """What empty cells do, as the run holds it."""
        usual, other = self.cleaned_data["empty"], self.cleaned_data["other"]
        rest = dict.fromkeys(sorted(other), KEEP if usual == CLEAR else CLEAR)
        return ({"": usual} if usual != KEEP else {}) | rest

    @property
    def compares_anew(self) -> bool:
        """Whether the rows must be compared once more before anything starts."""
        return self.cleaned_data["key"] != self.run.key or self.empty_cells != self.run.empty_cells

    def settle(self) -> None:
        """Put what was chosen on the run; the caller saves it."""
        run = self.run
        run.mode, run.key, run.empty_cells = self.cleaned_data["mode"], self.cleaned_data["key"], self.empty_cells
        run.skip_errors = self.cleaned_data["skip_errors"] == "yes"
        run.is_matched, run.invites = True, self.cleaned_data["invites"]


def counted(run: ImportRun) -> list[Counted]:
    """Return the modes with what each would do to the rows of `run`, which are compared by its identifying field."""
    found = [(base, matched, rows) for base, matched, rows in run.matches.get("rows", [])]
    return [
        Counted(
            mode.value,
            str(mode.label),
            str(HINTS[mode]),
            dict.fromkeys(map(str, Verdict), 0) | modes.counts(found, mode, skip_errors=run.skip_errors),
        )
        for mode in ImportRun.Mode
    ]


def _mapped(run: ImportRun) -> list[Column]:
    fields = resource(run.kind).fields
    return [fields[key] for _position, key in run.mapping if key in fields]
