"""The search for duplicates over the whole base, as long work (settings.LONG_RUNS): bounded memory, goes on where it was cut off.

First the keys of traces are renewed where they are out of date. Then clients fall into blocks: those with an equal tax number, phone,
domain or name, or with a word that sounds alike. Only clients within a block are compared, and blocks that are too large to mean
anything are left out. Blocks are dealt with in PARTS passes over the table, so that a pass holds only its share of them.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import batched, combinations
from time import monotonic
from zlib import crc32

from clientdesk import work
from clientdesk.models import LongRun
from clients import traces
from clients.distinctive import is_place
from clients.duplicates.rarity import rarity
from clients.duplicates.reasons import Facts, Reason, compare, stored, strength
from clients.models import Client, DuplicatePair

PARTS = 32
SECONDS = 1.5
WINDOW = 10_000
BATCH = 2_000
# More clients than these with one key are a chain of shops or a common word, not one client.
LARGEST = {"tax": 20, "phone": 20, "domain": 4, "core": 20, "word": 40}
WEAKEST = 45
_READ = ("pk", *traces.KEYS)
_VOWELS = frozenset("aeiouy")


def advance(run: LongRun) -> bool:
    """Search on for about two seconds; return whether every client was compared."""
    if run.total is None:
        with work.chunk(run):
            run.total = _windows() + PARTS
        return False
    until = monotonic() + SECONDS
    while run.done < run.total and monotonic() < until:
        place = run.done - (run.total - PARTS)
        if place < 0:
            _renew(run)
        else:
            _search(run, place, until)
    return run.done >= run.total


def done(run: LongRun) -> None:
    """Open pairs that this search did not find again are no pairs any more."""
    DuplicatePair.objects.filter(state=DuplicatePair.State.OPEN, found_at__lt=run.created_at).delete()


def _windows() -> int:
    last = Client.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    return -(-last // WINDOW)


# --- keys -----------------------------------------------------------------------------------------
def _renew(run: LongRun) -> None:
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


def _made(client: Client) -> bool:
    """Give `client` its keys of now and return whether any differs."""
    made = traces.of(client.legal_name or client.name, client.email, client.website, str(client.phone or ""), client.tax_number)
    differs = any(getattr(client, key) != value for key, value in made.items())
    for key, value in made.items():
        setattr(client, key, value)
    return differs


# --- blocks ---------------------------------------------------------------------------------------
# What this process has not compared yet of the part at hand; a process that takes over begins the part again, which changes nothing.
_left: dict[tuple[object, ...], Iterator[list[tuple[int, int]]]] = {}


def _search(run: LongRun, part: int, until: float) -> None:
    """Compare the clients of the blocks of one part until the time is up, and keep the pairs."""
    place = (run.pk, part, run.created_at)
    if place not in _left:
        _left.clear()
        _left[place] = _grouped(_blocks(part))
    try:
        for group in _left[place]:
            if found := _compared(group):
                with work.chunk(run):
                    _keep(found)
            if monotonic() > until:
                return
        with work.chunk(run):
            run.done += 1
    except BaseException:
        _left.clear()
        raise
    _left.clear()


def _compared(group: list[tuple[int, int]]) -> dict[tuple[int, int], list[Reason]]:
    """Return the reasons of those pairs of `group` that may be one."""
    rare, found = rarity(), {}
    facts = _facts({pk for pair in group for pk in pair})
    for first, second in group:
        if first in facts and second in facts and (reasons := compare(facts[first], facts[second], rare)):
            found[first, second] = reasons
    return found


def _blocks(part: int) -> Iterator[list[int]]:
    """Yield the keys of the clients of each block of `part` that is small enough to mean something; nothing now and then while reading."""
    blocks: dict[str, list[int]] = defaultdict(list)
    last = 0
    while rows := list(Client.objects.filter(pk__gt=last, erased_at=None).order_by("pk").values_list(*_READ)[:BATCH]):
        for pk, *keys in rows:
            for block in set(_keys(*keys)):
                if crc32(block.encode()) % PARTS == part and len(blocks[block]) <= LARGEST[block.partition(":")[0]]:
                    blocks[block].append(pk)
        last = rows[-1][0]
        yield []
    for block, members in blocks.items():
        if 1 < len(members) <= LARGEST[block.partition(":")[0]]:
            yield members


def _keys(domain: str, phone: str, tax: str, core: str) -> Iterator[str]:
    """Yield the blocks that a client with these keys belongs to."""
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


def sound(word: str) -> str:
    """Return the key of `word` that survives a typing error in most places: first letter and the other consonants, each once, sorted."""
    return word[0] + "".join(sorted(set(word[1:]) - _VOWELS)) if word.isascii() and len(word) > 3 else word


def _grouped(blocks: Iterable[list[int]]) -> Iterator[list[tuple[int, int]]]:
    """Yield the pairs of `blocks` in groups whose clients are read at once."""
    group: list[tuple[int, int]] = []
    for members in blocks:
        if not members:
            yield []
        group.extend(combinations(members, 2))
        if len(group) >= BATCH:
            yield group
            group = []
    if group:
        yield group


def _facts(keys: set[int]) -> dict[int, Facts]:
    found = {}
    for some in batched(sorted(keys), 500):
        for row in Client.objects.filter(pk__in=some, erased_at=None).values("pk", *Facts.COLUMNS):
            found[row["pk"]] = Facts.of_row(row)
    return found


def _keep(pairs: dict[tuple[int, int], list]) -> None:
    """Store `pairs`, open ones renewed; what was called no duplicate stays so, and clients that went meanwhile are left out."""
    there = set(
        Client.objects.filter(pk__in={pk for pair in pairs for pk in pair}).select_for_update(no_key=True).values_list("pk", flat=True)
    )
    rows = [
        DuplicatePair(first_id=first, second_id=second, reasons=stored(reasons), strength=strength(reasons))
        for (first, second), reasons in pairs.items()
        if first in there and second in there and strength(reasons) >= WEAKEST
    ]
    DuplicatePair.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["first", "second"], update_fields=["reasons", "strength", "found_at"]
    )
