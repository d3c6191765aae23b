"""The fields of two records side by side: which differ, what each choice would leave, and the values that a choice gives the winner."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from django.db.models import BooleanField, DateField, Field, FileField, ForeignKey, Model
from django.utils.formats import date_format, number_format
from django.utils.functional import Promise
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from clientdesk.countries import country_name
from clientdesk.merging.shape import BOTH, LOSER, WINNER, Question
from clientdesk.words import search_key

ADDRESS = ("street", "street2", "postal_code", "city", "province", "country")


@dataclass(frozen=True)
class Columns:
    """The columns of `model` that are compared, in the order of the page.

    `single` are one choice each; `together` columns that only make sense as one, with their label; `texts` can be joined, those of
    `by_lines` line by line; `lists` hold dicts told apart by a key (or plain values: no key); `main` says which column holds the main
    value of a list, and how one that was not chosen joins it; of `careful` ones True is what keeps people more to themselves.
    `custom_labels` gives the labels of custom fields. `inherits`: a box that says that an address is somebody else's, with its words.
    """

    model: type[Model]
    single: tuple[str, ...]
    together: dict[str, tuple[str | Promise, tuple[str, ...]]] = field(default_factory=dict)
    texts: tuple[str, ...] = ()
    by_lines: frozenset[str] = frozenset()
    lists: dict[str, str] = field(default_factory=dict)
    main: dict[str, tuple[str, Callable[[str], object]]] = field(default_factory=dict)
    careful: tuple[str, ...] = ()
    custom_labels: Callable[[], dict[str, str]] = dict
    inherits: dict[str, str | Promise] = field(default_factory=dict)

    def questions(self, winner: Model, loser: Model) -> list[Question]:
        """Return a question for everything of the records themselves that differs."""
        found = [self._single(winner, loser, name) for name in self.single]
        found += [self._together(winner, loser, name) for name in self.together]
        found += [self._text(winner, loser, name) for name in self.texts]
        found += [self._list(winner, loser, name) for name in self.lists]
        found += self._custom(winner, loser)
        return [question for question in found if question]

    def values(self, winner: Model, loser: Model, choices: Mapping[str, str]) -> dict[str, object]:
        """Return what `winner` gets by `choices`, by name of the column."""
        found: dict[str, object] = {}
        for question in self.questions(winner, loser):
            chosen = choices.get(question.name, question.chosen)
            if question.name in self.together and chosen == LOSER:
                found |= {name: getattr(loser, name) for name in self.together[question.name][1]}
            elif question.name in (*self.single, *self.lists) and chosen == LOSER:
                found[question.name] = getattr(loser, question.name)
            elif question.name in self.texts and chosen != WINNER:
                found[question.name] = self._joined(winner, loser, question.name) if chosen == BOTH else getattr(loser, question.name)
        for name in self.lists:
            if choices.get(name, BOTH) == BOTH and (united := self._united(winner, loser, name, found)) != getattr(winner, name):
                found[name] = united
        custom = self._united_custom(winner, loser, choices)
        return found | ({"custom": custom} if custom != winner.custom else {})

    # --- questions --------------------------------------------------------------------------------
    def _single(self, winner: Model, loser: Model, name: str) -> Question | None:
        column = self.model._meta.get_field(name)
        mine, theirs = (column.value_from_object(record) for record in (winner, loser))
        if str(mine or "") == str(theirs or ""):
            return None
        chosen = LOSER if not mine and theirs and (name in self.careful or not isinstance(column, BooleanField)) else WINNER
        return Question(name, _label(column), {WINNER: shown(column, winner), LOSER: shown(column, loser)}, chosen)

    def _together(self, winner: Model, loser: Model, name: str) -> Question | None:
        label, columns = self.together[name]
        told = [[self.model._meta.get_field(column).value_from_object(record) for column in columns] for record in (winner, loser)]
        if told[0] == told[1]:
            return None
        texts = [self._lines(record, columns) for record in (winner, loser)]
        if texts[0] == texts[1]:
            return None
        filled = [
            any(value for column, value in zip(columns, values, strict=True) if not column.endswith(("country", "address")))
            for values in told
        ]
        bare = not filled[0] and filled[1] and (not told[0][-1] or told[0][-1] == told[1][-1])
        return Question(name, str(label), {WINNER: texts[0], LOSER: texts[1]}, LOSER if bare else WINNER)

    def _text(self, winner: Model, loser: Model, name: str) -> Question | None:
        mine, theirs = getattr(winner, name).strip(), getattr(loser, name).strip()
        if mine == theirs:
            return None
        options = {WINNER: Truncator(mine).chars(300), LOSER: Truncator(theirs).chars(300)}
        fits = len(self._joined(winner, loser, name)) <= (self.model._meta.get_field(name).max_length or 0)
        if mine and theirs and fits:
            options[BOTH] = _("Both, one below the other")
        return Question(name, _label(self.model._meta.get_field(name)), options, BOTH if BOTH in options else WINNER if mine else LOSER)

    def _list(self, winner: Model, loser: Model, name: str) -> Question | None:
        mine, theirs = getattr(winner, name), getattr(loser, name)
        if self._keys(mine, name) == self._keys(theirs, name):
            return None
        options = {WINNER: self._entries(mine, name), LOSER: self._entries(theirs, name), BOTH: _("All of them, each once")}
        return Question(name, _label(self.model._meta.get_field(name)), options, BOTH)

    def _custom(self, winner: Model, loser: Model) -> list[Question]:
        mine, theirs = winner.custom, loser.custom
        labels = self.custom_labels() if mine or theirs else {}
        return [
            Question(
                f"custom-{key}",
                labels.get(key, key),
                {WINNER: _plain(mine.get(key)), LOSER: _plain(theirs.get(key))},
                LOSER if mine.get(key) in (None, "", []) else WINNER,
            )
            for key in sorted({*mine, *theirs}, key=lambda key: labels.get(key, key))
            if mine.get(key) != theirs.get(key)
        ]

    # --- values -----------------------------------------------------------------------------------
    def _united_custom(self, winner: Model, loser: Model, choices: Mapping[str, str]) -> dict[str, object]:
        united = dict(winner.custom)
        for question in self._custom(winner, loser):
            key = question.name.removeprefix("custom-")
            if choices.get(question.name, question.chosen) == LOSER:
                united.pop(key, None)
                united |= {key: loser.custom[key]} if key in loser.custom else {}
        return united

    def _united(self, winner: Model, loser: Model, name: str, chosen: Mapping[str, object]) -> list:
        entries = [*getattr(winner, name), *getattr(loser, name)]
        main, made = self.main.get(name, ("", None))
        stays = str(chosen.get(main, getattr(winner, main)) or "") if main else ""
        if made and getattr(winner, main) and getattr(loser, main):
            entries += [made(str(getattr(record, main))) for record in (winner, loser)]
        seen, united = {search_key(stays)}, []
        for entry in entries:
            if (key := self._key(entry, name)) not in seen:
                seen.add(key)
                united.append(entry)
        return united

    def _joined(self, winner: Model, loser: Model, name: str) -> str:
        mine, theirs = getattr(winner, name).strip(), getattr(loser, name).strip()
        if theirs in mine:
            return mine
        return "\n".join(dict.fromkeys(f"{mine}\n{theirs}".splitlines())) if name in self.by_lines else f"{mine}\n\n{theirs}"

    def _key(self, entry: object, name: str) -> str:
        told = entry.get(self.lists[name]) if isinstance(entry, dict) else entry
        return search_key(str(told)) if told else json.dumps(entry, sort_keys=True)

    def _keys(self, entries: Iterable, name: str) -> set[str]:
        return {self._key(entry, name) for entry in entries}

    # --- words ------------------------------------------------------------------------------------
    def _lines(self, record: Model, columns: tuple[str, ...]) -> str:
        if columns[0] in self.inherits and getattr(record, columns[0]):
            return str(self.inherits[columns[0]])
        told = []
        for name in columns:
            value = getattr(record, name)
            if name.endswith("country"):
                told.append(country_name(value) if value else "")
            elif name == "potential_annual_revenue":
                told.append(number_format(value, force_grouping=True) if value is not None else "")
            elif name not in self.inherits:
                told.append(shown(self.model._meta.get_field(name), record))
        return "\n".join(line for line in told if line)

    def _entries(self, entries: Iterable, name: str) -> str:
        return "\n".join(str(entry.get(self.lists[name], "")) if isinstance(entry, dict) else str(entry) for entry in entries)


def _label(column: Field) -> str:
    text = str(column.verbose_name)
    return text[:1].upper() + text[1:]


def shown(column: Field, record: Model) -> str:
    """Return the value of `column` of `record` as a person reads it."""
    value = getattr(record, column.name)
    if isinstance(column, BooleanField):
        return _("Yes") if value else _("No")
    if value in (None, ""):
        return ""
    if isinstance(column, FileField):
        return _("The picture of %(record)s") % {"record": record} if value else ""
    if isinstance(column, ForeignKey):
        return str(value)
    if column.choices:
        return str(dict(column.flatchoices).get(value, value))
    if isinstance(column, DateField):
        return date_format(value, "DATE_FORMAT")
    return getattr(value, "as_international", "") or str(value)


def _plain(value: object) -> str:
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value or "")
