"""Names for rows that give only a legal name: made from it, numbered where a client or another row has it (decision 3)."""

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import islice

from clientdesk.words import name_key
from clients.models import Client
from clients.names import proposed_name
from intake import sentences
from intake.file_facts import numbered
from intake.loading import encode, find
from intake.models import ImportRun, StagedRow

# A base with fewer numbers than this is quicker to look up again than to remember.
CROWDED = 8


class Names:
    """Free names, looked up in rounds: how many queries it takes depends on how crowded the names are, not on the rows.

    Who gives names for the next rows of the same file goes on from the numbers that it reached.
    """

    def __init__(self, run: ImportRun) -> None:
        self.run = run
        self.taken: dict[str, bool] = {}
        self.reached: dict[str, int] = {}

    def look_up(self, names: Iterable[str]) -> None:
        """Learn which of `names` a client or a row of this file has."""
        keys = {key for name in names if (key := name_key(name)) not in self.taken}
        if keys:
            self.taken |= dict.fromkeys(keys, False)
            self.taken |= {key: True for (key,) in find(Client, "name_key", keys, ("name_key",))}
            self.taken |= {key: True for (key,) in find(StagedRow, "name_key", keys, ("name_key",), run=self.run.pk)}

    def give(self, bases: list[str]) -> list[str]:
        """Return a free name for each of `bases`, in their order: the base itself, or its lowest free number."""
        looked_up = {base: count + 1 for base, count in Counter(bases).items()}
        short = set(bases)
        self.taken.clear()
        while short:
            self.look_up(name for base in short for name in self._candidates(base, looked_up[base]))
            given, used, short = self._assign(bases, looked_up)
            looked_up |= {base: looked_up[base] * 2 for base in short}
        self.reached |= {base: number for base, count in used.items() if (number := self.reached.get(base, 0) + count) >= CROWDED}
        return given

    def _candidates(self, base: str, count: int) -> Iterator[str]:
        return islice(numbered(base, self.reached.get(base, 0)), count)

    def _assign(self, bases: list[str], looked_up: dict[str, int]) -> tuple[list[str], Counter[str], set[str]]:
        candidates = {base: self._candidates(base, count) for base, count in looked_up.items()}
        keys: set[str] = set()
        names, used, short = [], Counter[str](), set()
        for base in bases:
            for name in candidates[base]:
                used[base] += 1
                if not self.taken[key := name_key(name)] and key not in keys:
                    keys.add(key)
                    names.append(name)
                    break
            else:
                short.add(base)
        return names, used, short


# Who named the last chunk, by run and the cursor that this chunk led to: a chunk that was never saved is not gone on from.
_last: dict[tuple[int, int], Names] = {}


def name_rows(run: ImportRun, rows: list[tuple[int, dict, dict | None]]) -> list[tuple]:
    """Return (run, line, name_key, values, warnings) of `rows` (line, values, warnings) with the names they get."""
    giver = _last.pop((run.pk, run.cursor), None) or Names(run)
    _last.clear()
    if not rows:
        return []
    names = giver.give([proposed_name(values["legal_name"]) for _line, values, _warnings in rows])
    _last[run.pk, rows[-1][0]] = giver
    named = []
    for (line, values, warnings), name in zip(rows, names, strict=True):
        said = (warnings or {}) | {"name": [*(warnings or {}).get("name", []), sentences.proposed(name)]}
        named.append((run.pk, line, name_key(name), encode(values | {"name": name}), encode(said)))
    return named
