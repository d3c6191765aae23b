"""`kill -9` of the worker at random instants: the import goes on by itself and ends as one that was never killed (F02)."""

import random
import signal
import time

from django.core.management import call_command
from django.db import transaction

from intake import applying
from intake.demo.rows import rows
from intake.models import ImportRun
from tests.importing import csv_bytes, imported, stage_of, uploaded, world
from tests.processes import wait_for

ROWS, EXISTING, KILLS = 1_500, 200, 2


def state_of(run: ImportRun) -> str:
    return ImportRun.objects.values_list("state", flat=True).get(pk=run.pk)


def carried_by_mortal_workers(real, run: ImportRun, until: str, dice: random.Random) -> int:
    """Start one worker after the other and kill each at a random instant; the last one is left to finish. Return how many died."""
    killed = 0
    while killed < KILLS and state_of(run) != until:
        worker = real.start("worker")
        before = ImportRun.objects.values_list("phase", "cursor", "state").get(pk=run.pk)
        wait_for(
            lambda before=before: (
                ImportRun.objects.values_list("phase", "cursor", "state").get(pk=run.pk) != before or state_of(run) == until
            ),
            30,
        )
        time.sleep(dice.uniform(0, 0.4))
        worker.send_signal(signal.SIGKILL)
        worker.wait()
        killed += 1
    last = real.start("worker")
    wait_for(lambda: state_of(run) == until, 60)
    last.kill()
    last.wait()
    return killed


def test_an_import_whose_workers_are_killed_again_and_again_ends_as_if_nobody_had_died(real_database):
    dice = random.Random(4)
    call_command("loaddata", "branches", "categories", "company_types", "positions", "demo_company", verbosity=0)
    table = list(rows(ROWS, seed=5))
    imported(csv_bytes([row | {"city": "Elsewhere", "street": ""} for row in table[:EXISTING]]), "before.csv")
    content = csv_bytes(table)
    with transaction.atomic():
        whole = imported(content)
        expected = (world(), stage_of(whole), whole.figures)
        transaction.set_rollback(True)

    run = uploaded(content)
    killed = carried_by_mortal_workers(real_database, run, ImportRun.State.REVIEW, dice)
    assert applying.start(run.pk, None)
    killed += carried_by_mortal_workers(real_database, run, ImportRun.State.DONE, dice)

    run.refresh_from_db()
    assert killed >= 3, "or the workers were too quick to be hit"
    assert run.figures == expected[2]
    assert stage_of(run) == expected[1]
    assert world() == expected[0]
