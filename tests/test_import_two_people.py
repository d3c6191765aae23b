"""Two people before one import, and one file for two clients: nobody overwrites what somebody else settled (V31, invariant 18)."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.files.base import ContentFile
from django.db import connection, connections
from django.urls import reverse

from clientdesk.rights import Role
from intake import planning, uploads
from intake.models import ImportRun
from intake.rejudging import replace
from intake.remembering import fingerprint
from tests.importing import csv_bytes, planned, work_off

PEOPLE = csv_bytes([{"first_name": "Ada", "last_name": "Krämer"}], ("first_name", "last_name"), kind="contact")
ROWS = csv_bytes([{"name": "Alpha", "legal_name": "Alpha Ltd", "city": "Ulm"}], ("name", "legal_name", "city"))


@pytest.fixture
def run(client, headquarters, make_staff) -> ImportRun:
    boss = make_staff(Role.MANAGER)
    client.force_login(boss)
    return planned(ROWS, by=boss)


def matched(run: ImportRun, city: str, version: int) -> dict[str, object]:
    """Return what the match page sends where the last column shall be `city`."""
    keys = {"column_0": "name", "column_1": "legal_name", "column_2": city}
    return {"headers": fingerprint(run.headers), "version": version} | keys


def test_the_same_file_for_two_clients_is_two_imports_and_twice_for_one_is_one(brauer, make_client, make_staff):
    boss, other = make_staff(Role.MANAGER), make_client("Castell")

    def brought(client) -> tuple[int, bool]:
        run, is_new = uploads.receive(ContentFile(PEOPLE, "people.csv"), "contact", boss, client=client)
        return run.pk, is_new

    first, second = brought(brauer), brought(other)
    assert (first[1], second[1], first[0] != second[0]) == (True, True, True)
    assert brought(brauer) == (first[0], False)
    assert uploads.receive(ContentFile(PEOPLE, "people.csv"), "contact", boss)[1] is True
    other.delete()
    assert ImportRun.objects.unfinished().count() == 3


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite has one writer")
def test_the_same_file_twice_in_one_instant_for_one_client_is_one_import(brauer, make_staff):
    boss = make_staff(Role.MANAGER)

    def bring(_number: int) -> int:
        try:
            return uploads.receive(ContentFile(PEOPLE, "people.csv"), "contact", boss, client=brauer)[0].pk
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as crowd:
        assert len(set(crowd.map(bring, range(4)))) == 1
    assert ImportRun.objects.count() == 1


def test_a_matching_that_somebody_else_changed_meanwhile_is_a_question_with_both(client, run):
    address, seen = reverse("intake:match", args=[run.pk]), run.version
    assert f'name="version" value="{seen}"' in client.get(address).text
    assert client.post(address, matched(run, "", seen)).status_code in {302, 303}
    work_off()
    answer = client.post(address, matched(run, "province", seen))
    assert answer.status_code == 409
    row = answer.context["rows"][0]
    assert (row["label"], row["mine"], row["theirs"], row["differs"]) == ("City", "Province", "Do not import", True)
    run.refresh_from_db()
    assert (run.version, dict(run.mapping)) == (seen + 1, {0: "name", 1: "legal_name"})
    assert client.post(address, matched(run, "province", run.version)).status_code in {302, 303}
    run.refresh_from_db()
    assert dict(run.mapping)[2] == "province"


@pytest.mark.parametrize("more", [{}, {"compare": "1"}])
def test_an_import_is_not_started_by_who_did_not_see_what_was_settled(client, run, more):
    address, seen = reverse("intake:start", args=[run.pk]), run.version
    assert client.post(address, {"version": seen, "mode": "upsert", "empty": "clear"}).status_code in {302, 303}
    work_off()
    answer = client.post(address, {"version": seen, "mode": "create", "empty": "keep", "key": "name", "skip_errors": "yes"} | more)
    assert answer.status_code == 409
    told = {row["label"]: (row["mine"], row["theirs"]) for row in answer.context["rows"] if row["differs"]}
    assert told["Empty cells"] == ("keep the saved value", "clear the saved value")
    run.refresh_from_db()
    assert (run.state, run.empty_cells) == (ImportRun.State.REVIEW, {"": "clear"})


def test_what_was_chosen_for_equal_cells_meanwhile_outlives_another_matching(run):
    late = ImportRun.objects.get(pk=run.pk)
    replace(run, "city", {"ulm": "Bonn"})
    assert planning.replan(late, None, seen=late.version)
    run.refresh_from_db()
    assert run.replacements == {"city": {"ulm": "Bonn"}}


def test_who_settles_in_the_same_instant_as_another_is_told_so(run):
    first, second = (ImportRun.objects.get(pk=run.pk) for _person in range(2))
    assert planning.replan(first, None, seen=first.version)
    work_off()
    with pytest.raises(planning.Stale):
        planning.replan(second, None, seen=second.version)
