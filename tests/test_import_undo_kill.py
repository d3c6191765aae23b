"""`kill -9` of the worker in the middle of an undo: it goes on by itself and ends as one that was never killed (F02)."""

import random
import signal
import time

from django.core.management import call_command
from django.db import transaction

from clients.models import Client
from intake import undoing
from intake.demo.rows import rows
from intake.models import ImportRun
from tests.importing import csv_bytes, imported, work_off, world
from tests.processes import wait_for

ROWS, EXISTING, KILLS = 600, 80, 2


def far(run: ImportRun) -> tuple:
    """Return how far the undo is, and whether it is over."""
    return tuple(ImportRun.objects.values_list("undo__done", "undone_at").get(pk=run.pk))


def test_an_undo_whose_workers_are_killed_again_and_again_ends_as_if_nobody_had_died(real_database):
    dice = random.Random(7)
    call_command("loaddata", "branches", "categories", "company_types", "positions", "demo_company", verbosity=0)
    table = list(rows(ROWS, seed=5))
    imported(csv_bytes([row | {"city": "Elsewhere", "street": ""} for row in table[:EXISTING]]), "before.csv")
    run = imported(csv_bytes(table))
    for client in Client.objects.order_by("-pk")[:40]:
        client.notes = "Called."
        client.save()
    with transaction.atomic():
        undoing.start(run.pk, None)
        work_off()
        expected = (world(), undoing.report_of(ImportRun.objects.get(pk=run.pk)))
        transaction.set_rollback(True)

    assert undoing.start(run.pk, None) == ""
    killed = 0
    while killed < KILLS and not far(run)[1]:
        worker, before = real_database.start("worker"), far(run)
        wait_for(lambda before=before: far(run) != before, 30)
        time.sleep(dice.uniform(0, 0.1))
        worker.send_signal(signal.SIGKILL)
        worker.wait()
        killed += 1
    last = real_database.start("worker")
    wait_for(lambda: far(run)[1], 90)
    last.kill()
    last.wait()

    run.refresh_from_db()
    assert killed == KILLS, "or the workers were too quick to be hit"
    assert undoing.report_of(run) == expected[1]
    assert world() == expected[0]
