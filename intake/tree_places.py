"""Offices and departments of a company tree: which exist, what the rows change about them, what is refused (invariants 4 to 6)."""

from collections.abc import Mapping

from clientdesk.postal import ADDRESS
from clientdesk.words import name_key
from contacts.models import Department, Office
from intake import person_sentences, tree_sentences
from intake.cells import CLEAR
from intake.client_links import Owner
from intake.loading import find
from intake.tree_groups import Group
from intake.verdicts import Judge, Judged

FIELDS = {"office": ("email", "phone", *ADDRESS), "department": ("email", "phone")}


class PlaceJudge:
    """Judges the places of one part for clients that exist or come with the file."""

    def __init__(self, judge: Judge, part: str, model: type[Office | Department], clients: Mapping[str, Owner]) -> None:
        self.judge, self.part, self.model, self.clients = judge, part, model, clients
        self.fields = FIELDS[part]

    def judge_all(self, groups: list[Group]) -> None:
        """Say of each of `groups` whether it is new, what it changes and what is wrong."""
        own = ("is_headquarters",) if self.part == "office" else ()
        names = ("client", "name_key", "id", "version", "name", "active", *self.fields, *own)
        pks = {self.clients[group.place[0]].pk for group in groups}
        found = [dict(zip(names, row, strict=True)) for row in find(self.model, "client", {pk for pk in pks if pk > 0}, names)]
        self.known = {(place["client"], place["name_key"]): place for place in found}
        self.headquarters = {place["client"]: place for place in found if place.get("is_headquarters")}
        flagged: dict[int, Group] = {}
        for group in groups:
            self._judge(group, self.clients[group.place[0]], flagged)
        if self.part == "office":
            self._one_headquarters(groups, flagged)

    def _one_headquarters(self, groups: list[Group], flagged: Mapping[int, Group]) -> None:
        """Where an office is said to be the headquarters, no row may mean by its present name the one that there is."""
        for group in groups:
            client = self.clients[group.place[0]].pk
            present = str(self.headquarters[client]["name"]) if client in self.headquarters else Office.headquarters_name()
            other = flagged.get(client, group)
            if other is not group and group.place[1] == name_key(present):
                self._refuse_both(other, group)

    def _judge(self, group: Group, client: Owner, flagged: dict[int, Group]) -> None:
        values = {key.partition("_")[2]: value for key, (_cell, value, _line) in group.cells.items() if value != CLEAR}
        self._read_phone(group, values, str(values.get("country") or client.country))
        is_head = values.pop("headquarters", None)
        target = self.known.get((client.pk, group.place[1]))
        if self.part == "office":
            target = self._headquarters(group, client, target, is_head=is_head is True, flagged=flagged)
        if target and not target["active"]:
            say = tree_sentences.deactivated_office if self.part == "office" else person_sentences.deactivated_department
            group.errors[f"{self.part}_name"] = [say(str(target["name"]))]
        if target:
            values |= dict.fromkeys(self._cleared(group), "")
        if target and target["name_key"] == group.place[1]:
            values["name"] = target["name"]
        group.values, group.target = values | ({"headquarters": True} if is_head else {}), target
        if target:
            group.changes = {key: [target[key], value] for key, value in values.items() if target[key] != value}

    def _cleared(self, group: Group) -> set[str]:
        """Return the fields that shall be emptied: by the marker, or by cells that are empty in every row of the place."""
        marked = {key for key, (_cell, value, _line) in group.cells.items() if value == CLEAR}
        empty = {key for _position, key in self.judge.clears} - group.cells.keys() - group.unread
        return {key.partition("_")[2] for key in marked | empty if key.partition("_")[0] == self.part} & set(self.fields)

    def _headquarters(self, group: Group, client: Owner, target: dict | None, *, is_head: bool, flagged: dict[int, Group]) -> dict | None:
        """An office that is said to be the headquarters fills the one that the client has."""
        head = self.headquarters.get(client.pk)
        if not is_head:
            return target
        if (other := flagged.setdefault(client.pk, group)) is not group:
            self._refuse_both(other, group)
        if target and head and target["id"] != head["id"]:
            group.errors["office_headquarters"] = [tree_sentences.not_the_headquarters(str(target["name"]), str(head["name"]))]
        return target or head

    @staticmethod
    def _refuse_both(first: Group, second: Group) -> None:
        sentence = tree_sentences.two_headquarters(str(first.cells["office_name"][1]), str(second.cells["office_name"][1]))
        for one in (first, second):
            one.errors["office_headquarters"] = [sentence]

    def _read_phone(self, group: Group, values: dict, country: str) -> None:
        """Read a phone number as the country of the place writes it."""
        key = f"{self.part}_phone"
        if key in group.cells and group.cells[key][1] != CLEAR:
            one = Judged(group.rows[0].row)
            self.judge.clean(one, key, self.judge.fields[key].widget.clean, str(group.cells[key][0]), country)
            values["phone"] = one.values.get(key, "")
            group.errors |= one.errors
