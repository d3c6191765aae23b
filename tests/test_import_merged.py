"""Imports that wait while two clients are merged (what points at the one that goes follows)."""

from clientdesk.rights import Role
from clients.merging import MERGER
from intake.models import ImportRun
from tests.importing import csv_bytes, planned


def merge(winner, loser, by) -> None:
    for client in (winner, loser):
        client.refresh_from_db()
    MERGER.merge(winner.pk, loser.pk, by, {}, {one.pk: str(one.version) for one in (winner, loser)})


def test_an_import_of_the_people_of_a_merged_client_goes_on_with_the_one_that_stays(brauer, make_client, make_staff):
    boss = make_staff(Role.MANAGER)
    other = make_client("Brauer Nord")
    run = planned(csv_bytes([{"last_name": "Neu"}], ("last_name",), kind="contact"), by=boss, kind="contact", client=other)
    merge(brauer, other, boss)
    run.refresh_from_db()
    assert (run.client, run.state) == (brauer, ImportRun.State.REVIEW)


def test_a_row_about_a_person_is_not_taken_for_a_row_about_a_client(brauer, make_client, make_staff):
    boss = make_staff(Role.MANAGER)
    loser = make_client("Brauer Nord")
    brauer.contacts.register(brauer, last_name="Krämer", email="k@brauer.example")
    rows = [{"client_name": "Brauer Antriebe", "last_name": "Krämer", "email": "k@brauer.example", "city": "Ulm"}]
    run = planned(csv_bytes(rows, ("client_name", "last_name", "email", "city"), kind="contact"), by=boss, kind="contact")
    run.rows.update(target_id=loser.pk)
    merge(brauer, loser, boss)
    assert run.rows.get().target_id == loser.pk
