"""The form behind the tab Preferences: language and formats of a client (XD12, XD14)."""

from django import forms
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clientdesk import preferences
from clientdesk.forms import DeskForm
from clientdesk.languages import language_choices
from clientdesk.models import Formats, User
from clients.models import ClientFormats

_PAIRS = {f"{decimal} {group}": (decimal, group) for decimal, group in preferences.NUMBERS}


class FormatsForm(DeskForm):
    """The formats of one client. Without values of its own what is chosen lies dormant and the system's hold."""

    use_own = forms.TypedChoiceField(
        label=gettext_lazy("Formats"),
        choices=[("", gettext_lazy("Main values")), ("own", gettext_lazy("User-defined values"))],
        coerce=bool,
        empty_value=False,
        required=False,
        widget=forms.RadioSelect,
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
        model = ClientFormats
        fields = ("use_own", "date_format", "time_format", "currency_display", "time_zone", "show_zone", "first_weekday")

    def extend(self) -> None:
        """Show separators as one choice, and the language, which is the client's own."""
        formats = self.instance
        pair = (formats.decimal_sep, formats.group_sep)
        shown = {
            "numbers": " ".join(pair) if pair in preferences.NUMBERS else "",
            "language": formats.client.language,
            "use_own": "own" if formats.use_own else "",
            "show_zone": {True: "yes", False: "no", None: ""}[formats.show_zone],
        }
        self.initial.update(shown)

    def prepare(self) -> None:
        main = {line.name: line.value for line in preferences.previews(preferences.resolve())}
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
        self.fields["use_own"].mark_optional = False

    def draft(self) -> tuple[ClientFormats, str]:
        """Return unsaved formats and the language as they were typed, whatever of it is right: what previews are made of."""
        self.errors  # noqa: B018 - cleans what was typed
        found = self.cleaned_data
        decimal_sep, group_sep = _PAIRS.get(found.get("numbers", ""), ("", ""))
        names = ("use_own", "date_format", "time_format", "currency_display", "time_zone", "show_zone", "first_weekday")
        formats = ClientFormats(decimal_sep=decimal_sep, group_sep=group_sep, **{name: found[name] for name in names if name in found})
        return formats, found.get("language", "")

    def _post_clean(self) -> None:
        self.instance.decimal_sep, self.instance.group_sep = _PAIRS.get(self.cleaned_data.get("numbers", ""), ("", ""))
        super()._post_clean()

    def save(self, commit: bool = True, *, by: User | None = None) -> models.Model:
        """Save the formats, and the language with the client."""
        client = self.instance.client
        if "language" in self.changed_data:
            client.language = self.cleaned_data["language"]
            client.save(update_fields=["language"])
        return super().save(commit, by=by)
