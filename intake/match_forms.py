"""The form of the match step: our field for each column of the file, and how its dates or numbers are written."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property

from django import forms
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from intake import sentences
from intake.cells import shown
from intake.column import Column
from intake.custom_columns import CustomWidget
from intake.dates import ORDERS, SIGNS
from intake.models import ImportRun
from intake.proposals import Proposal, choice_of, missing, reads, said_of

READINGS = {"dates": ORDERS, "decimals": SIGNS}
_OPTION, _CHOSEN = '<option value="{}">{}</option>', '<option value="{}" selected>{}</option>'
type Groups = list[tuple[str, list[tuple[str, str]]]]


class FieldSelect(forms.Select):
    """A select whose options are many and the same in every row: written at once, not each by a template of its own."""

    def __init__(self, groups: Groups) -> None:
        super().__init__()
        self.groups = groups

    def render(self, name: str, value: object, attrs: dict | None = None, renderer: object = None) -> SafeString:
        """Return the HTML of the select with `value` chosen."""
        attrs = self.build_attrs(self.attrs, {**(attrs or {}), "name": name})
        inside = [format_html('<option value="">{}</option>', _("Do not import"))]
        for label, choices in self.groups:
            options = [format_html(_CHOSEN if key == value else _OPTION, key, text) for key, text in choices]
            inside.append(format_html('<optgroup label="{}">{}</optgroup>', label, _joined(options)))
        written = format_html_join("", ' {}="{}"', ((key, text) for key, text in attrs.items() if text not in (None, False)))
        return format_html("<select{}>{}</select>", written, _joined(inside))


def _joined(parts: Iterable[SafeString]) -> SafeString:
    return format_html_join("", "{}", ((part,) for part in parts))


def grouped(columns: Iterable[Column], needed: Iterable[str]) -> Groups:
    """Return `columns` as the groups of a select: the required ones, the other ones, the custom fields."""
    groups: dict[str, list[tuple[str, str]]] = {_("Required"): [], _("Other fields"): [], _("Custom fields"): []}
    required, others, own = groups
    for column in columns:
        group = required if column.key in set(needed) else own if isinstance(column.widget, CustomWidget) else others
        groups[group].append((column.key, column.label))
    return [(label, choices) for label, choices in groups.items() if choices]


class MatchForm(forms.Form):
    """Which of our fields each column of `run` holds; `columns` are those of its kind. Saves nothing."""

    def __init__(self, data: Mapping[str, str] | None, *, run: ImportRun, columns: Sequence[Column], proposal: Proposal) -> None:
        super().__init__(data, label_suffix="")
        self.run, self.columns = run, {column.key: column for column in columns}
        groups = grouped(columns, missing(columns, (), run))
        keys = [(key, key) for key in ("", *self.columns)]
        self.kinds_of_reading = {reading for column in columns if (reading := reads(column))}
        for place, key in enumerate(chosen_keys(run, proposal)):
            label = self.title(place)
            self.fields[f"column_{place}"] = forms.ChoiceField(
                label=_("Our field for “%(header)s”") % {"header": label},
                choices=keys,
                required=False,
                initial=key,
                widget=FieldSelect(groups),
            )
            if reading := self.reading_of(place, key):
                self.fields[f"reading_{place}"] = self._reading_field(reading, place, key, proposal)

    def title(self, place: int) -> str:
        """Return what the column at `place` is called in sentences."""
        return shown(self.run.headers[place]) or _("column %(number)d") % {"number": place + 1}

    def samples(self, place: int) -> Sequence[str]:
        """Return the first texts beneath the header at `place`."""
        return self.run.samples[place] if place < len(self.run.samples) else []

    def reading_of(self, place: int, key: str) -> str:
        """Return "dates" or "decimals" where that is asked of the column at `place`: its texts may be such, or `key`, which is chosen
        for it, reads such; else an empty text."""
        found = next((one for one in sorted(self.kinds_of_reading) if choice_of(one, self.samples(place)).matters), "")
        return found or (reads(self.columns[key]) if key in self.columns else "")

    def _reading_field(self, reading: str, place: int, key: str, proposal: Proposal) -> forms.ChoiceField:
        choice = choice_of(reading, self.samples(place))
        said = said_of(proposal.options, reading).get(key, "") or choice.sure
        label = _("Order of the dates in “%(header)s”") if reading == "dates" else _("Decimal sign in “%(header)s”")
        choices = [(value, str(words)) for value, words in READINGS[reading].items()]
        return forms.ChoiceField(
            label=label % {"header": self.title(place)},
            choices=choices if said else [("", _("Choose")), *choices],
            required=False,
            initial=said,
        )

    @cached_property
    def matched(self) -> list[tuple[int, str]]:
        """The columns that are matched: (position, column key)."""
        found = ((place, self.cleaned_data.get(f"column_{place}", "")) for place in range(len(self.run.headers)))
        return [(place, key) for place, key in found if key]

    @property
    def mapping(self) -> list[list[int | str]]:
        """The columns that are matched, as a run keeps them: [[position, column key], ...]."""
        return [list(pair) for pair in self.matched]

    @cached_property
    def options(self) -> dict[str, object]:
        """The options of the run with how dates and numbers are read."""
        said: dict[str, dict[str, str]] = {name: {} for name in READINGS}
        for place, key in self.matched:
            reading, chosen = reads(self.columns[key]), self.cleaned_data.get(f"reading_{place}")
            if reading and chosen in READINGS[reading]:
                said[reading][key] = chosen
        rest = {name: value for name, value in self.run.options.items() if name not in READINGS}
        return rest | {name: chosen for name, chosen in said.items() if chosen}

    def clean(self) -> dict[str, object]:
        """Refuse two columns for one field, a required field without a column, dates and numbers that may be read in two ways."""
        first: dict[str, int] = {}
        for place, key in self.matched:
            if key in first:
                sentence = _("“%(label)s” is chosen for “%(header)s”, too. Keep it for one of them.")
                self.add_error(f"column_{place}", sentence % {"label": self.columns[key].label, "header": self.title(first[key])})
            first.setdefault(key, place)
            self._clean_reading(place, key)
        for key in missing(list(self.columns.values()), first, self.run):
            self.add_error(None, sentences.missing_column(self.columns[key].label))
        return self.cleaned_data

    def _clean_reading(self, place: int, key: str) -> None:
        reading = reads(self.columns[key])
        if not reading or f"reading_{place}" in self.errors or choice_of(reading, self.samples(place)).sure:
            return
        if self.cleaned_data.get(f"reading_{place}") in READINGS[reading]:
            return
        example = shown(next(iter(self.samples(place)), ""))
        sentence = _("“%(value)s” can be read in two ways. Choose which part is the day, the month and the year.")
        if reading == "decimals":
            sentence = _("“%(value)s” can be read in two ways. Choose the decimal sign.")
        self.add_error(f"reading_{place}", sentence % {"value": example})


def chosen_keys(run: ImportRun, proposal: Proposal) -> list[str]:
    """Return the column key chosen or proposed for each position; two columns that claim one field both show it until a person decides."""
    keys: dict[int, str] = dict(run.mapping)
    if not run.is_matched:
        taken = set(keys.values())
        proposed = [(place, guess.key) for place, guess in proposal.guesses.items() if guess.key not in taken]
        proposed += [(place, double.key) for double in proposal.duplicates for place in double.positions if double.key not in taken]
        keys = dict(proposed) | keys
    return [keys.get(place, "") for place in range(len(run.headers))]
