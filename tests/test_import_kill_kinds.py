"""Files of people and company trees whose worker dies at any statement: what a dead process leaves is what it committed (F02).

`test_import_kill.py` kills real processes at random instants; here the work breaks off at a random statement, a hundred times a second.
"""

import random
from collections.abc import Callable

import pytest
from django.db import connection, transaction

from clientdesk import work
from clientdesk.models import LongRun
from contacts.models import Contact
from intake import applying, open_files, planning
from intake.models import ImportRun
from tests.importing import csv_bytes, imported, stage_of, uploaded, world

CLIENTS, KILLS = ("Brauer", "Castell", "Delmare"), 6


class Killed(BaseException):
    """The process is gone: nothing catches it."""


class Mortal:
    """Lets so many statements pass and then ends the process."""

    def __init__(self, statements: int) -> None:
        self.left = statements

    def __call__(self, execute: Callable, sql: str, params: object, many: bool, context: dict) -> object:
        self.left -= 1
        # What is rolled back after a death is the database's doing, not the dead one's.
        if self.left == -1 or (self.left < 0 and not sql.startswith(("ROLLBACK", "RELEASE"))):
            raise Killed
        return execute(sql, params, many, context)


def carried(until: str, run: ImportRun, dice: random.Random) -> int:
    """Let one worker after the other go on with `run` and die; the last one lives. Return how many died."""
    died = 0
    while ImportRun.objects.values_list("state", flat=True).get(pk=run.pk) != until:
        try:
            with connection.execute_wrapper(Mortal(dice.randint(1, 90) if died < KILLS else 1_000_000)):
                while work.advance_due("test"):
                    pass
            state = ImportRun.objects.values_list("state", flat=True).get(pk=run.pk)
            assert state == until, ImportRun.objects.get(pk=run.pk).refusal
        except Killed:
            died += 1
            # What the next process finds: no open file, and a lease that ran out.
            open_files.close()
            LongRun.objects.open().update(claimed_by="", claimed_until=None)
    return died


def people() -> bytes:
    rows = [
        {
            "client_name": CLIENTS[number % 3],
            "first_name": "Ada",
            "last_name": f"Person {number}",
            "email": "bad" if number % 11 == 5 else f"person{number}@x.example",
            "department": f"Team {number % 4}" if number % 3 else "",
        }
        for number in range(20)
    ]
    return csv_bytes(rows, tuple(rows[0]), kind="contact")


def tree() -> bytes:
    rows = [
        {
            "client_name": [*CLIENTS, "Neu", "Neuer"][number % 5],
            "client_legal_name": "" if number % 5 < 3 else "Neu GmbH",
            "office_name": f"Office {number % 4}" if number % 2 else "",
            "department_name": f"Team {number % 3}",
            "person_last_name": f"Person {number}",
            "person_email": "bad" if number % 11 == 5 else f"person{number}@x.example",
        }
        for number in range(20)
    ]
    random.Random(3).shuffle(rows)
    return csv_bytes(rows, tuple(rows[0]), kind="tree")


@pytest.mark.parametrize(("kind", "content"), [("contact", people()), ("tree", tree())], ids=["contact", "tree"])
def test_an_import_that_is_cut_off_at_any_statement_ends_as_if_nothing_had_happened(make_client, monkeypatch, kind, content):
    monkeypatch.setattr(planning, "CHUNK", 6)
    monkeypatch.setattr(planning, "GROUPS", 2)
    monkeypatch.setattr(applying, "CHUNK", 6)
    for place, name in enumerate(CLIENTS):
        client = make_client(name)
        Contact.objects.register(client, first_name="Old", last_name=f"Person {place}", email=f"person{place}@x.example")
    with transaction.atomic():
        whole = imported(content, kind=kind)
        expected = (world(), stage_of(whole), whole.figures)
        transaction.set_rollback(True)

    dice = random.Random(7)
    run = uploaded(content, kind=kind)
    died = carried(ImportRun.State.REVIEW, run, dice)
    assert applying.start(run.pk, None)
    died += carried(ImportRun.State.DONE, run, dice)

    run.refresh_from_db()
    assert died > KILLS, "or the workers were too quick to be hit in both halves"
    assert run.figures == expected[2]
    assert stage_of(run) == expected[1]
    assert world() == expected[0]
    assert {run.figures[name] > 0 for name in ("created", "updated", "failed")} == {True}
