"""What the plan says about rows, and that it writes nothing (C13, invariant 18)."""

import pytest

from clientdesk.models import Change
from clients.models import Client
from intake.models import ImportRun
from tests.importing import csv_bytes, planned, rows_of

ACME = {"name": "Acme", "legal_name": "Acme & Sons Ltd."}


def test_a_file_is_planned_row_by_row_and_nothing_is_written(brauer):
    before = (Client.objects.count(), Change.objects.count())
    run = planned(
        csv_bytes(
            [
                ACME,
                {"name": "Brauer Antriebe", "legal_name": "Brauer Antriebe GmbH", "email": "neu@brauer.example"},
                {"name": "Brauer  antriebe ", "legal_name": "x"},
                {"name": "Bad & Co", "legal_name": "Bad & Co"},
            ]
        )
    )
    assert (run.state, run.refusal) == (ImportRun.State.REVIEW, "")
    assert [(row.line, row.verdict) for row in rows_of(run)] == [(2, "new"), (3, "error"), (4, "error"), (5, "error")]
    assert run.counts == {"new": 1, "error": 3}
    assert (Client.objects.count(), Change.objects.count()) == before


def test_a_changed_row_holds_old_and_new_value_of_each_changed_cell(brauer):
    run = planned(csv_bytes([{"name": "brauer antriebe", "legal_name": "Brauer Antriebe GmbH", "email": "Neu@Brauer.EXAMPLE", "city": "Ulm"}]))
    (row,) = rows_of(run)
    assert row.verdict == "changed"
    assert row.changes == {"name": ["Brauer Antriebe", "brauer antriebe"], "email": ["info@brauer.example", "Neu@brauer.example"], "city": ["", "Ulm"]}
    assert (row.target_id, row.target_version) == (brauer.pk, brauer.version)
