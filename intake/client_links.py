"""Which client each of many rows belongs to: by number, name and e-mail, in a handful of queries."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from clientdesk.models import User
from clients.models import Branch, Client
from clients.traces import core_key
from intake import person_sentences as say
from intake.contact_oracle import LINKS
from intake.hidden import hidden, hidden_record
from intake.loading import find
from intake.person_cells import LinkWidget
from intake.verdicts import Judged

_FACTS = ("id", "name", "number", "kind", "country", "branch", "company_type", "category", "erased_at")


class Owner(NamedTuple):
    """What rows need to know of their client."""

    pk: int
    name: str
    number: str
    kind: str
    country: str
    company_type: int | None
    category: int | None
    is_erased: bool

    @property
    def is_individual(self) -> bool:
        """Whether the client is one person."""
        return self.kind == Client.Kind.INDIVIDUAL

    @property
    def named(self) -> tuple[str, str]:
        """Name and number."""
        return self.name, self.number


def owners(pks: Iterable[int], *, lock: bool = False) -> dict[int, Owner]:
    """Return the clients `pks` by key; `country` is the one whose phone numbers they write. `lock` locks their rows in order."""
    countries = dict(Branch.objects.order_by().values_list("pk", "country"))
    found = find(Client, "id", set(pks), _FACTS, lock=lock)
    return {
        pk: Owner(pk, name, number, kind, country or countries.get(branch, ""), company_type, category, erased_at is not None)
        for pk, name, number, kind, country, branch, company_type, category, erased_at in found
    }


class Linker:
    """Finds the clients of rows for `by`; `only` is the one client that all of them are about, if there is one."""

    def __init__(self, widgets: Mapping[str, LinkWidget], by: User | None, only: int | None) -> None:
        self.widgets, self.by, self.only = widgets, by, only
        self.unseen: set[int] = set()
        self.known: dict[int, Owner] = {}

    def link(self, rows: list[Judged]) -> None:
        """Give each of `rows` its client, or refuse the cell of its link; the links go from its values."""
        texts = {key: {index: str(one.values[key]) for index, one in enumerate(rows) if key in one.values} for key in LINKS}
        found = {key: self._candidates(key, set(texts[key].values())) for key in LINKS}
        pks = {pk for by_text in found.values() for clients in by_text.values() for pk in clients} | ({self.only} if self.only else set())
        self.known, self.unseen = owners(pks), hidden(pks, self.by)
        near = self._near(
            {text for text in texts["client_name"].values() if not found["client_name"].get(self._folded("client_name", text))}
        )
        for index, one in enumerate(rows):
            given = {key: texts[key][index] for key in LINKS if index in texts[key]}
            for key in LINKS:
                one.values.pop(key, None)
            self._settle(one, given, {key: found[key].get(self._folded(key, text), []) for key, text in given.items()}, near)

    def _folded(self, key: str, text: str) -> str:
        return self.widgets[key].fold(text)

    def _candidates(self, key: str, texts: set[str]) -> dict[str, list[int]]:
        column = self.widgets[key].column
        folded = {self._folded(key, text) for text in texts}
        candidates: dict[str, list[int]] = {}
        for text, pk in sorted(find(Client, column, folded, (column, "id"), folded=column == "email"), key=lambda row: row[1]):
            candidates.setdefault(self._folded(key, text), []).append(pk)
        return candidates

    def _near(self, names: set[str]) -> dict[str, tuple[str, str]]:
        """Return a client of nearly the same name by the names that none has."""
        cores = {name: core for name in names if (core := core_key(name))}
        found = sorted(find(Client, "core_key", set(cores.values()), ("core_key", "id", "name", "number")), key=lambda row: -row[1])
        unseen = hidden((row[1] for row in found), self.by)
        by_core = {core: (name, number) for core, pk, name, number in found if pk not in unseen}
        return {name: by_core[core] for name, core in cores.items() if core in by_core}

    def _settle(self, one: Judged, texts: dict[str, str], found: dict[str, list[int]], near: dict[str, tuple[str, str]]) -> None:
        for key, clients in found.items():
            if any(pk in self.unseen for pk in clients):
                one.hidden = True
                one.refuse(key, hidden_record())
                return
            if not clients:
                one.refuse(key, say.unknown_client(texts[key], near.get(texts[key]) if key == "client_name" else None))
                return
        left, before = [self.only] if self.only else [], ""
        for key, clients in found.items():
            both = [pk for pk in clients if pk in left] if left else clients
            if not both:
                other, first = self.known[clients[0]].named, self.known[left[0]].named
                if before:
                    one.refuse(key, say.clients_disagree(texts[before], first, texts[key], other))
                else:
                    one.refuse(key, say.another_client(texts[key], other, first))
                return
            left, before = both, key
        if len(left) > 1:
            one.refuse(before, say.ambiguous_client(texts[before], [self.known[pk].named for pk in left]))
        elif left:
            one.client = self.known.get(left[0])
