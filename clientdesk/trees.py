"""Lists whose entries stand beneath each other: their order, their paths, and the form field that offers them."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from django import forms
from django.db.models import Model, QuerySet
from django.forms.models import ModelChoiceIterator, ModelChoiceIteratorValue

from clientdesk.models import Tree

BETWEEN = " › "


def walk[Entry: Model](entries: Iterable[Entry]) -> list[tuple[Entry, int]]:
    """Return (entry, depth) with each entry right above those beneath it, siblings in the given order; an entry whose parent is not
    among `entries` stands at the top. Every entry is returned once, also where parents run in a circle."""
    entries = list(entries)
    known = {entry.pk for entry in entries}
    beneath: dict[int | None, list[Entry]] = defaultdict(list)
    for entry in entries:
        beneath[entry.parent_id if entry.parent_id in known else None].append(entry)
    found: dict[int, tuple[Entry, int]] = {}

    def visit(entry: Entry, depth: int) -> None:
        stack = [(entry, depth)]
        while stack:
            entry, depth = stack.pop()
            if entry.pk not in found:
                found[entry.pk] = (entry, depth)
                stack.extend((child, depth + 1) for child in reversed(beneath[entry.pk]))

    for entry in beneath[None]:
        visit(entry, 0)
    for entry in entries:
        visit(entry, 0)
    return list(found.values())


def paths(model: type[Tree]) -> dict[int, str]:
    """Return {key: path such as “Health › Hospitals”} of every entry of `model`, in one statement."""
    entries = {pk: (name, parent) for pk, name, parent in model.objects.order_by().values_list("pk", "name", "parent_id")}
    found: dict[int, str] = {}
    for pk in entries:
        names: list[str] = []
        seen: set[int] = set()
        place = pk
        while place in entries and place not in seen:
            seen.add(place)
            name, place = entries[place]
            names.append(name)
        found[pk] = BETWEEN.join(reversed(names))
    return found


def beneath(entries: QuerySet, top: int) -> set[int]:
    """Return the keys of all among `entries` that stand beneath the one with the key `top`, and its own, in one statement."""
    children: dict[int | None, list[int]] = defaultdict(list)
    for pk, parent in entries.order_by().values_list("pk", "parent_id"):
        children[parent].append(pk)
    found, waiting = set(), [top]
    while waiting:
        if (pk := waiting.pop()) not in found:
            found.add(pk)
            waiting.extend(children[pk])
    return found


class _InTreeOrder(ModelChoiceIterator):
    def __iter__(self) -> Iterator[tuple[ModelChoiceIteratorValue | str, str]]:
        if self.field.empty_label is not None:
            yield "", str(self.field.empty_label)
        names = paths(self.queryset.model)
        for entry, _depth in walk(self.queryset):
            yield self.choice(entry)[0], names.get(entry.pk, entry.name)


class TreeField(forms.ModelChoiceField):
    """A choice of one entry of a tree, each offered by its path, in the order of the tree; two statements, however deep it is."""

    iterator = _InTreeOrder
