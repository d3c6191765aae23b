"""The search form *is* the filter: its fields narrow a queryset and never refuse, for their values come from an address."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from django import forms
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import ngettext

from clientdesk.search import narrow, words
from clientdesk.words import tidy

LONGEST_TEXT = 200


@dataclass(frozen=True)
class Chip:
    """One filter as the toolbar shows it: `options` are (value, label, chosen), `shown` is what is chosen, in words."""

    name: str
    label: str
    options: list[tuple[str, str, bool]]
    shown: str
    single: bool

    @property
    def option_tags(self) -> SafeString:
        """The choices as <option> tags, for a select; 250 countries are rendered once, not on every page."""
        return _option_tags(tuple(self.options))


@lru_cache(maxsize=64)
def _option_tags(options: tuple[tuple[str, str, bool], ...]) -> SafeString:
    return format_html_join(
        "", '<option value="{}"{}>{}</option>', ((value, SafeString(" selected" * chosen), label) for value, label, chosen in options)
    )


class Words(forms.CharField):
    """Typed words, ANDed over the stored search text in `column`."""

    def __init__(self, *, column: str = "search_key", **kwargs) -> None:
        super().__init__(required=False, **kwargs)
        self.column = column

    def read(self, params: QueryDict, name: str) -> str:
        """Return the words of the address, tidied and bounded, or an empty text."""
        text = tidy(params.get(name, "")[:LONGEST_TEXT].replace("\x00", " "))
        return text if words(text) else ""

    def narrow(self, queryset: QuerySet, value: str) -> QuerySet:
        """Return the records that hold every word."""
        return narrow(queryset, value, self.column)


class SomeOf(forms.MultipleChoiceField):
    """Any of the chosen values of `column`; values that are no choice are ignored. `choices` may be a function."""

    def __init__(self, *, column: str, choices: object = (), **kwargs) -> None:
        super().__init__(required=False, choices=choices, **kwargs)
        self.column = column

    def settle(self) -> None:
        """Ask for the choices once: a function of choices would ask the database at each look."""
        self.known: list[tuple[str, str]] = [(str(value), str(label)) for value, label in self.choices]  # ty: ignore[not-iterable]

    def read(self, params: QueryDict, name: str) -> list[str]:
        """Return the known values of the address, each once, in the order of the choices."""
        wanted = set(params.getlist(name))
        return [value for value, _ in self.known if value in wanted] if wanted else []

    def narrow(self, queryset: QuerySet, value: list[str]) -> QuerySet:
        """Return the records whose column holds one of `value`."""
        return queryset.filter(**{f"{self.column}__in": value})


class OneOf(SomeOf):
    """At most one value of `column`, for long lists of choices."""

    def read(self, params: QueryDict, name: str) -> list[str]:
        """Return the first known value of the address in a list, or an empty list."""
        return super().read(params, name)[:1]


class SearchForm(forms.Form):
    """The filters of one list. `chosen` holds what the address asks for and what exists, by field name."""

    def __init__(self, params: QueryDict, **kwargs) -> None:
        super().__init__(params, **kwargs)
        for field in self.fields.values():
            if isinstance(field, SomeOf):
                field.settle()
        self.chosen = {name: value for name, field in self.fields.items() if (value := field.read(params, name))}

    def filter(self, queryset: QuerySet) -> QuerySet:
        """Return the records of `queryset` that every chosen filter leaves."""
        for name, value in self.chosen.items():
            queryset = self.fields[name].narrow(queryset, value)
        return queryset

    def chips(self) -> list[Chip]:
        """Return the filters with choices, for the toolbar; one without choices is left out."""
        return [
            self._chip(name, field, self.chosen.get(name, []))
            for name, field in self.fields.items()
            if isinstance(field, SomeOf) and field.known
        ]

    def _chip(self, name: str, field: SomeOf, chosen: Iterable[str]) -> Chip:
        chosen = set(chosen)
        options = [(value, label, value in chosen) for value, label in field.known]
        labels = [label for _, label, is_chosen in options if is_chosen]
        shown = (
            ", ".join(labels) if len(labels) < 4 else ngettext("%(count)d chosen", "%(count)d chosen", len(labels)) % {"count": len(labels)}
        )
        return Chip(name, str(field.label), options, shown, isinstance(field, OneOf))
