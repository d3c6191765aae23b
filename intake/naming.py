"""Names for rows that give only a legal name: made from it, numbered where a client or another row has it (decision 3)."""

from collections import Counter
from collections.abc import Iterable
from itertools import islice

from clientdesk.words import name_key
from clients.models import Client
from clients.names import proposed_name
from intake import sentences
from intake.file_facts import numbered
from intake.loading import encode, find, texts
from intake.models import ImportRun


class Names:
    """Free names, looked up in rounds: how many queries it takes depends on how crowded the names are, not on the rows."""

    def __init__(self, run: ImportRun) -> None:
        self.run = run
        self.taken: dict[str, bool] = {}

    def look_up(self, names: Iterable[str]) -> None:
        """Learn which of `names` a client or a row of this file has."""
        keys = {key for name in names if (key := name_key(name)) not in self.taken}
        if keys:
            self.taken |= dict.fromkeys(keys, False)
            self.taken |= {key: True for (key,) in find(Client, "name_key", keys, ("name_key",))}
            self.taken |= {key: True for (key,) in texts(self.run.rows.filter(name_key__in=keys), "name_key")}

    def give(self, bases: list[str]) -> list[str]:
        """Return a free name for each of `bases`, in their order: the base itself, or its lowest free number."""
        looked_up = {base: count + 1 for base, count in Counter(bases).items()}
        short = set(bases)
        while True:
            self.look_up(name for base in short for name in islice(numbered(base), looked_up[base]))
            given, short = self._assign(bases, looked_up)
            if not short:
                return given
            looked_up |= {base: looked_up[base] * 2 for base in short}

    def _assign(self, bases: list[str], looked_up: dict[str, int]) -> tuple[list[str], set[str]]:
        candidates = {base: islice(numbered(base), count) for base, count in looked_up.items()}
        given: dict[str, str] = {}
        names, short = [], set()
        for base in bases:
            name = next((one for one in candidates[base] if not self.taken[name_key(one)] and name_key(one) not in given), None)
            if name is None:
                short.add(base)
                continue
            given[name_key(name)] = name
            names.append(name)
        return names, short


def name_rows(run: ImportRun, rows: list[tuple[int, dict, dict | None]]) -> list[tuple]:
    """Return (run, line, name_key, values, warnings) of `rows` (line, values, warnings) with the names they get."""
    names = Names(run).give([proposed_name(values["legal_name"]) for _line, values, _warnings in rows])
    named = []
    for (line, values, warnings), name in zip(rows, names, strict=True):
        said = (warnings or {}) | {"name": [sentences.proposed(name)]}
        named.append((run.pk, line, name_key(name), encode(values | {"name": name}), encode(said)))
    return named
