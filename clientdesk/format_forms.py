"""The form of formats (X65 to X69, XD12, XD14), whoever they belong to: a client, or a contact that may have its own.

    class ClientFormatsForm(FormatsForm):
        owner = "client"                                            # the relation of the formats to who has them
        class Meta(FormatsForm.Meta): model = ClientFormats
        def style(self, formats, language): return resolve(formats, language=language)

`main_label` names the values that hold without own ones. Without them what is chosen lies dormant; the language always counts.
"""

from typing import ClassVar

from django import forms
from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clientdesk import preferences
from clientdesk.forms import DeskForm
from clientdesk.languages import language_choices
from clientdesk.models import Formats, User

_PAIRS = {f"{decimal} {group}": (decimal, group) for decimal, group in preferences.NUMBERS}


class FormatsForm(DeskForm):
    """The formats of one owner. Without values of its own what is chosen lies dormant and the main values hold."""

    owner: ClassVar[str]
    main_label: ClassVar[str | Promise] = gettext_lazy("Main values")

    use_own = forms.TypedChoiceField(
        label=gettext_lazy("Formats"), coerce=bool, empty_value=False, required=False, widget=forms.RadioSelect
    )
    language = forms.ChoiceField(label=gettext_lazy("Language"), required=False)
    date_format = forms.ChoiceField(label=gettext_lazy("Date"), required=False)
    time_format = forms.ChoiceField(label=gettext_lazy("Time"), required=False)
    numbers = forms.ChoiceField(label=gettext_lazy("Numbers"), required=False)
    time_zone = forms.ChoiceField(label=gettext_lazy("Time zone"), required=False)
    show_zone = forms.TypedChoiceField(
        label=gettext_lazy("Show the time zone"), required=False, coerce=lambda value: value == "yes", empty_value=None
    )
    first_weekday = forms.TypedChoiceField(label=gettext_lazy("First day of the week"), required=False, coerce=int, empty_value=None)

    class Meta(DeskForm.Meta):
        fields = ("use_own", "date_format", "time_format", "currency_display", "time_zone", "show_zone", "first_weekday")

    def style(self, formats: Formats | None, language: str) -> preferences.Style:
        """Return how the owner reads with `formats` and `language` of its own; without any, the main values."""
        raise NotImplementedError

    def extend(self) -> None:
        """Show separators as one choice, and the language, which is the owner's own."""
        formats = self.instance
        pair = (formats.decimal_sep, formats.group_sep)
        shown = {
            "numbers": " ".join(pair) if pair in preferences.NUMBERS else "",
            "language": getattr(formats, self.owner).language,
            "use_own": "own" if formats.use_own else "",
            "show_zone": {True: "yes", False: "no", None: ""}[formats.show_zone],
        }
        self.initial.update(shown)

    def prepare(self) -> None:
        main = {line.name: line.value for line in preferences.previews(self.style(None, ""))}
        offered = {
            "date_format": [(name, name) for name in preferences.DATES],
            "time_format": [(name, preferences.clock_name(name)) for name in preferences.TIMES],
            "numbers": [(key, preferences.NUMBERS[pair]) for key, pair in _PAIRS.items()],
            "currency_display": Formats.Currency.choices,
            "time_zone": [(name, name.replace("_", " ")) for name in preferences.zones()],
            "show_zone": [("yes", _("Yes")), ("no", _("No"))],
            "first_weekday": list(preferences.WEEKDAYS.items()),
            "language": language_choices(),
        }
        for name, choices in offered.items():
            field = self.fields[name]
            field.choices = [("", _("As the main value: %(value)s") % {"value": main[name]}), *choices]
            field.mark_optional = False
            field.widget.attrs["aria-describedby"] = f"preview-{name}"
        self.fields["use_own"].choices = [("", self.main_label), ("own", _("User-defined values"))]
        self.fields["use_own"].mark_optional = False

    @property
    def lines(self) -> list[tuple[preferences.Compared, forms.BoundField]]:
        """The lines of the table of formats as they were typed, each with its field."""
        formats, language = self._draft() if self.is_bound else (self.instance, getattr(self.instance, self.owner).language)
        found = preferences.compared(self.style(formats, language), self.style(None, ""))
        return [(line, self[line.name]) for line in found]

    def _draft(self) -> tuple[Formats, str]:
        """Return unsaved formats and the language as they were typed, whatever of it is right: what previews are made of."""
        self.errors  # noqa: B018 - cleans what was typed
        found = self.cleaned_data
        decimal_sep, group_sep = _PAIRS.get(found.get("numbers", ""), ("", ""))
        values = {name: found[name] for name in FormatsForm.Meta.fields if name in found}
        return self._meta.model(decimal_sep=decimal_sep, group_sep=group_sep, **values), found.get("language", "")

    def _post_clean(self) -> None:
        self.instance.decimal_sep, self.instance.group_sep = _PAIRS.get(self.cleaned_data.get("numbers", ""), ("", ""))
        super()._post_clean()

    def save(self, commit: bool = True, *, by: User | None = None) -> models.Model:
        """Save the formats, and the language with their owner."""
        owner = getattr(self.instance, self.owner)
        if "language" in self.changed_data:
            owner.language = self.cleaned_data["language"]
            owner.save(update_fields=["language"])
        return super().save(commit, by=by)
