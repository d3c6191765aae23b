"""The search for duplicates over the whole base, as long work (settings.LONG_RUNS): bounded memory, goes on where it was cut off.

Records fall into blocks: those with something in common. Only records within a block are compared, and blocks that are too large to
mean anything are left out. Blocks are dealt with in PARTS passes over the table, so that a pass holds only its share of them.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import batched, combinations
from time import monotonic
from typing import ClassVar
from zlib import crc32

from django.db.models import Model

from clientdesk import work
from clientdesk.models import LongRun, Pair

PARTS = 32
SECONDS = 1.5
BATCH = 2_000
CERTAIN = 99


def together(weights: Iterable[int]) -> int:
    """Return how sure reasons of these `weights` (of 100) make together: each takes its share of the doubt that the others leave."""
    doubt = 1.0
    for weight in weights:
        doubt *= 1 - weight / 100
    return min(round(100 * (1 - doubt)), CERTAIN)


class Scan[Facts]:
    """The search over the records of `model`, which keeps `pairs`. `read` are the columns that `keys` makes blocks of; of each kind of
    block at most `largest` records mean something; pairs below `weakest` are not kept."""

    model: ClassVar[type[Model]]
    pairs: ClassVar[type[Pair]]
    read: ClassVar[tuple[str, ...]]
    largest: ClassVar[Mapping[str, int]]
    weakest: ClassVar[int]

    def __init__(self) -> None:
        # What this process has not compared yet of the part at hand; a process that takes over begins the part again, which changes
        # nothing.
        self._left: dict[tuple[object, ...], Iterator[list[tuple[int, int]]]] = {}

    # --- what an app says -------------------------------------------------------------------------
    def windows(self) -> int:
        """Return how many steps of preparation come before the search."""
        return 0

    def prepare(self, run: LongRun) -> None:
        """Do the step of preparation `run.done` and count it."""

    def keys(self, *values: object) -> Iterator[str]:
        """Yield the blocks, each as `kind:value`, that a record with these values of `read` (without the key) belongs to."""
        raise NotImplementedError

    def facts(self, keys: set[int]) -> dict[int, Facts]:
        """Return what is compared of the records with `keys` that are still there."""
        raise NotImplementedError

    def comparing(self) -> Callable[[Facts, Facts], list]:
        """Return the function that says why two may be one: reasons with `kind` and `value`."""
        raise NotImplementedError

    def strength(self, reasons: list) -> int:
        """Return how sure `reasons` make, of 100."""
        raise NotImplementedError

    # --- the search -------------------------------------------------------------------------------
    def advance(self, run: LongRun) -> bool:
        """Search on for about two seconds; return whether every record was compared."""
        if run.total is None:
            with work.chunk(run):
                run.total = self.windows() + PARTS
            return False
        until = monotonic() + SECONDS
        while run.done < run.total and monotonic() < until:
            place = run.done - (run.total - PARTS)
            if place < 0:
                self.prepare(run)
            else:
                self._search(run, place, until)
        return run.done >= run.total

    def done(self, run: LongRun) -> None:
        """Open pairs that this search did not find again are no pairs any more."""
        self.pairs.objects.filter(state=Pair.State.OPEN, found_at__lt=run.created_at).delete()

    def _search(self, run: LongRun, part: int, until: float) -> None:
        """Compare the records of the blocks of one part until the time is up, and keep the pairs."""
        place = (run.pk, part, run.created_at)
        if place not in self._left:
            self._left.clear()
            self._left[place] = _grouped(self._blocks(part))
        try:
            for group in self._left[place]:
                if found := self._compared(group):
                    with work.chunk(run):
                        self._keep(found)
                if monotonic() > until:
                    return
            with work.chunk(run):
                run.done += 1
        except BaseException:
            self._left.clear()
            raise
        self._left.clear()

    def _compared(self, group: list[tuple[int, int]]) -> dict[tuple[int, int], list]:
        """Return the reasons of those pairs of `group` that may be one."""
        compare, found = self.comparing(), {}
        facts: dict[int, Facts] = {}
        for some in batched(sorted({pk for pair in group for pk in pair}), 500):
            facts |= self.facts(set(some))
        for first, second in group:
            if first in facts and second in facts and (reasons := compare(facts[first], facts[second])):
                found[first, second] = reasons
        return found

    def _blocks(self, part: int) -> Iterator[list[int]]:
        """Yield the keys of the records of each block of `part` that is small enough to mean something; nothing now and then while
        reading."""
        blocks: dict[str, list[int]] = defaultdict(list)
        last = 0
        base = self.model._default_manager.filter(erased_at=None).order_by("pk")
        while rows := list(base.filter(pk__gt=last).values_list("pk", *self.read)[:BATCH]):
            for pk, *values in rows:
                for block in set(self.keys(*values)):
                    if crc32(block.encode()) % PARTS == part and len(blocks[block]) <= self.largest[block.partition(":")[0]]:
                        blocks[block].append(pk)
            last = rows[-1][0]
            yield []
        for block, members in blocks.items():
            if 1 < len(members) <= self.largest[block.partition(":")[0]]:
                yield members

    def _keep(self, pairs: dict[tuple[int, int], list]) -> None:
        """Store `pairs`, open ones renewed; what was called no duplicate stays so, and records that went meanwhile are left out."""
        keys = {pk for pair in pairs for pk in pair}
        there = set(self.model._default_manager.filter(pk__in=keys).select_for_update(no_key=True).values_list("pk", flat=True))
        rows = [
            self.pairs(first_id=first, second_id=second, reasons=stored(reasons), strength=self.strength(reasons))
            for (first, second), reasons in pairs.items()
            if first in there and second in there and self.strength(reasons) >= self.weakest
        ]
        self.pairs.objects.bulk_create(
            rows, update_conflicts=True, unique_fields=["first", "second"], update_fields=["reasons", "strength", "found_at"]
        )


def stored(reasons: Iterable) -> list[list[str]]:
    """Return `reasons` as a Pair keeps them."""
    return [[reason.kind, reason.value] for reason in reasons]


def _grouped(blocks: Iterable[list[int]]) -> Iterator[list[tuple[int, int]]]:
    """Yield the pairs of `blocks` in groups whose records are read at once."""
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
