"""How a file with these headers was matched the last time: it comes back with the next such file, also when the first one failed.

What is kept is of the headers only, never of the rows. The order of the columns does not matter: next month's file may have another.
"""

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from intake.matching import normalised
from intake.models import ImportRun, KnownHeaders

# The choices about a file that hold for the next one with the same headers; its sheet and header row are found again by the headers.
KEPT = ("encoding", "dates", "decimals")


@dataclass(frozen=True)
class Memory:
    """What was confirmed: the column key of each position, empty where the column was left out, and the choices about reading."""

    by_position: dict[int, str]
    options: dict[str, object]


def fingerprint(headers: Sequence[str]) -> str:
    """Return what two header rows have in common that have the same headers, in whatever order and spelling."""
    return hashlib.sha256("\n".join(sorted(_token(header) for header in headers)).encode()).hexdigest()


def recall(kind: str, headers: Sequence[str]) -> Memory | None:
    """Return how a file of `kind` with these headers was matched the last time, or None."""
    known = KnownHeaders.objects.filter(kind=kind, fingerprint=fingerprint(headers)).first()
    if known is None:
        return None
    keys = {(token, turn): key for token, turn, key in known.mapping}
    return Memory({place: keys.get(named, "") for place, named in enumerate(_named(headers))}, dict(known.options))


def remember(run: ImportRun) -> None:
    """Keep the mapping of `run` and its choices about reading for the next file with the same headers."""
    keys: dict[int, str] = dict(run.mapping)
    mapping = [[token, turn, keys.get(place, "")] for place, (token, turn) in enumerate(_named(run.headers))]
    options: Mapping[str, object] = {name: run.options[name] for name in KEPT if run.options.get(name)}
    KnownHeaders.objects.update_or_create(
        kind=run.kind, fingerprint=fingerprint(run.headers), defaults={"mapping": mapping, "options": options}
    )


def _named(headers: Sequence[str]) -> list[tuple[str, int]]:
    """Return each header's token and how often the token stood before it: two columns may have one header."""
    seen: Counter[str] = Counter()
    named = []
    for token in map(_token, headers):
        named.append((token, seen[token]))
        seen[token] += 1
    return named


def _token(header: str) -> str:
    return normalised(header) or " ".join(header.split()).casefold()
