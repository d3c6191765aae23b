"""Long work that only tests know: it writes one row a step, so that a step done twice or never is seen."""

import os
import time

from clientdesk import work
from clientdesk.models import LongRun, NumberSequence

STEPS_IN_A_CHUNK = 5


def advance(run: LongRun) -> bool:
    """Write the next rows of `run`; the pauses before the chunk and within a step give `kill -9` something to hit."""
    last = min(run.done + STEPS_IN_A_CHUNK, run.total)
    time.sleep(float(os.environ.get("SLOW_READ", "0")))
    with work.chunk(run):
        for step in range(run.done, last):
            NumberSequence.objects.create(key=f"{run.pk}-{step:03}", next=step)
            time.sleep(float(os.environ.get("SLOW_STEP", "0")))
        run.done = last
    return run.done >= run.total


def written(run: LongRun) -> list[str]:
    """Return the keys of all rows that `run` wrote, in order."""
    return list(NumberSequence.objects.filter(key__startswith=f"{run.pk}-").order_by("key").values_list("key", flat=True))


def expected(run: LongRun, total: int) -> list[str]:
    """Return the keys that a run of `total` steps leaves when it is done."""
    return [f"{run.pk}-{step:03}" for step in range(total)]
