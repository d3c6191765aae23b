"""The search form *is* the filter: its fields narrow a queryset and never refuse, for their values come from an address."""

from collections.abc import Iterable
from dataclasses import dataclass
from dataclasses import field as part
from functools import lru_cache

from django import forms
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import ngettext

from clientdesk.models import Tree, User
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


@dataclass
class Memo:
    """What the forms of one request found out, by field name: the choices, and in a tree the line of keys that leads to each entry."""

    choices: dict[str, list[tuple[str, str]]] = part(default_factory=dict)
    lines: dict[str, dict[int, list[int]]] = part(default_factory=dict)


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
    """Any of the chosen values of `column`; values that are no choice are ignored. `choices` may be a function.

    The form hands over its `reader` (who looks) and a `memo`, in which each field keeps its choices by its `name`: a function of
    choices is asked once, and only where a choice is needed.
    """

    def __init__(self, *, column: str = "", choices: object = (), **kwargs) -> None:
        super().__init__(required=False, choices=choices, **kwargs)
        self.column, self.name = column, ""
        self.reader: User | None = None
        self.memo = Memo()

    @property
    def known(self) -> list[tuple[str, str]]:
        """The choices as (value, label)."""
        if self.name not in self.memo.choices:
            self.memo.choices[self.name] = self.ask()
        return self.memo.choices[self.name]

    def ask(self) -> list[tuple[str, str]]:
        """Find the choices out."""
        return [(str(value), str(label)) for value, label in self.choices]  # ty: ignore[not-iterable]

    def read(self, params: QueryDict, name: str) -> list[str]:
        """Return the known values of the address, each once, in the order of the choices."""
        wanted = set(filter(None, params.getlist(name)))
        return [value for value, _ in self.known if value in wanted] if wanted else []

    def narrow(self, queryset: QuerySet, value: list[str]) -> QuerySet:
        """Return the records whose column holds one of `value`."""
        return queryset.filter(**{f"{self.column}__in": value})


class OneOf(SomeOf):
    """At most one value of `column`, for long lists of choices."""

    def read(self, params: QueryDict, name: str) -> list[str]:
        """Return the first known value of the address in a list, or an empty list."""
        return super().read(params, name)[:1]


class TreeOf(SomeOf):
    """Any of the chosen entries of the settings tree `tree`; an entry counts for those beneath it (SD3)."""

    def __init__(self, *, tree: type[Tree], column: str, **kwargs) -> None:
        super().__init__(column=column, **kwargs)
        self.tree = tree

    def ask(self) -> list[tuple[str, str]]:
        """Find the entries out as (key, path from the top down), in the order of the tree, and the line of keys that leads to each."""
        entries = {pk: (name, parent) for pk, name, parent in self.tree._default_manager.values_list("pk", "name", "parent_id")}
        lines: dict[int, list[int]] = {}
        for pk in entries:
            line, above = [pk], entries[pk][1]
            while above in entries and above not in line:
                line.insert(0, above)
                above = entries[above][1]
            lines[pk] = line
        self.memo.lines[self.name] = lines
        place = {pk: number for number, pk in enumerate(entries)}
        ordered = sorted(lines, key=lambda pk: [place[step] for step in lines[pk]])
        return [(str(pk), " › ".join(entries[step][0] for step in lines[pk])) for pk in ordered]

    def narrow(self, queryset: QuerySet, value: list[str]) -> QuerySet:
        """Return the records whose entry is one of `value` or stands beneath one."""
        wanted = {int(pk) for pk in value}
        beneath = [pk for pk, line in self.memo.lines[self.name].items() if wanted & set(line)]
        return queryset.filter(**{f"{self.column}__in": beneath})


class SearchForm(forms.Form):
    """The filters of one list. `chosen` holds what the address asks for and what exists, by field name.

    `reader` is who looks; forms that share a `memo` ask for their choices only once.
    """

    def __init__(self, params: QueryDict, reader: User | None = None, memo: Memo | None = None, **kwargs) -> None:
        super().__init__(params, **kwargs)
        memo = memo or Memo()
        for name, field in self.fields.items():
            if isinstance(field, SomeOf):
                field.name, field.reader, field.memo = name, reader, memo
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
