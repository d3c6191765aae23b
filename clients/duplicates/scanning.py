"""The search for duplicates over all clients, as long work (settings.LONG_RUNS).

First the keys of traces are renewed where they are out of date. Then clients fall into blocks: those with an equal tax number, phone,
domain or name, or with a word that sounds alike.
"""

from collections.abc import Callable, Iterator, Mapping
from itertools import batched, combinations
from typing import ClassVar

from clientdesk import work
from clientdesk.merging.scanning import BATCH, Scan
from clientdesk.models import LongRun
from clients import traces
from clients.distinctive import is_place
from clients.duplicates.rarity import rarity
from clients.duplicates.reasons import Facts, Reason, compare, strength
from clients.models import Client, DuplicatePair

WINDOW = 10_000
_VOWELS = frozenset("aeiouy")


class ClientScan(Scan[Facts]):
    """The search over all clients. More clients than the largest block has with one key are a chain of shops or a common word."""

    model, pairs = Client, DuplicatePair
    read = traces.KEYS
    largest: ClassVar[Mapping[str, int]] = {"tax": 20, "phone": 20, "domain": 4, "core": 20, "word": 40}
    weakest = 45

    def windows(self) -> int:
        last = Client.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        return -(-last // WINDOW)

    def prepare(self, run: LongRun) -> None:
        """Make the keys of the clients of one window again, and save those that differ; they are no part of the history."""
        start = run.done * WINDOW
        columns = ("pk", "name", "legal_name", "email", "website", "phone", "tax_number", *traces.KEYS)
        window = Client.objects.filter(pk__gt=start, pk__lte=start + WINDOW).only(*columns)
        stale = [client.pk for client in window.iterator(BATCH) if _made(client)]
        with work.chunk(run):
            for keys in batched(stale, 500):
                held = Client.objects.select_for_update().filter(pk__in=keys).order_by("pk")
                Client.objects.bulk_update([client for client in held if _made(client)], traces.KEYS)
            run.done += 1

    def keys(self, *values: object) -> Iterator[str]:
        domain, phone, tax, core = map(str, values)
        for kind, value in (("domain", domain), ("phone", phone), ("tax", tax), ("core", core)):
            if value:
                yield f"{kind}:{value}"
        words = core.split()
        for word in words:
            if len(word) > 1 and (len(words) == 1 or not is_place(word)):
                yield f"word:{sound(word)}"
        # Common words in pairs are rare again; and a name may be written apart or together.
        for pair in combinations(words[:5], 2):
            yield f"word:{' '.join(pair)}"
        if 1 < len(words) < 4:
            yield f"word:{sound(''.join(words))}"

    def facts(self, keys: set[int]) -> dict[int, Facts]:
        rows = Client.objects.filter(pk__in=keys, erased_at=None).values("pk", *Facts.COLUMNS)
        return {row["pk"]: Facts.of_row(row) for row in rows}

    def comparing(self) -> Callable[[Facts, Facts], list[Reason]]:
        rare = rarity()
        return lambda one, other: compare(one, other, rare)

    def strength(self, reasons: list[Reason]) -> int:
        return strength(reasons)


def _made(client: Client) -> bool:
    """Give `client` its keys of now and return whether any differs."""
    made = traces.of(client.legal_name or client.name, client.email, client.website, str(client.phone or ""), client.tax_number)
    differs = any(getattr(client, key) != value for key, value in made.items())
    for key, value in made.items():
        setattr(client, key, value)
    return differs


def sound(word: str) -> str:
    """Return the key of `word` that survives a typing error in most places: first letter and the other consonants, each once, sorted."""
    return word[0] + "".join(sorted(set(word[1:]) - _VOWELS)) if word.isascii() and len(word) > 3 else word


SCAN = ClientScan()
advance, done = SCAN.advance, SCAN.done
