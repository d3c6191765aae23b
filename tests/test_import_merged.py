"""Imports that wait while two clients are merged (what points at the one that goes follows)."""

from clientdesk.rights import Role
from clients.merging import MERGER
from clients.models import Client
from intake.models import ImportRun, Verdict
from tests.importing import csv_bytes, planned, rows_of


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


def test_a_row_of_the_name_of_a_merged_client_says_into_which_it_went(brauer, make_client, make_staff):
    """A list that comes every month still has the old name; of a client that the person may not see nothing is said (XD33)."""
    boss, desk = make_staff(Role.MANAGER), make_staff(Role.DESK)
    merge(brauer, make_client("Brauer Nord"), boss)
    told = "Brauer Nord (C-00002) was merged into “Brauer Antriebe” (C-00001)."
    for by, says in ((boss, True), (desk, False)):
        rows = [{"name": "BRAUER nord", "legal_name": f"Brauer Nord {by.role}"}, {"name": "Brauer Antriebe"}]
        first, second = rows_of(planned(csv_bytes(rows), by=by))
        assert (first.verdict, second.target_id is None, second.warnings) == (Verdict.NEW, not says, None)
        assert (first.warnings is not None and first.warnings["name"][0].startswith(told)) == says
        Client.objects.filter(pk=brauer.pk).update(restricted_to_responsible=True, sales_person=boss)
