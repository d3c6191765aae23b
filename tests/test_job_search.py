"""Jobs, quotes and projects in the search field (X31, XD33)."""

import pytest

from clientdesk.rights import Role
from tests.working import brought


def titles(browser, text: str) -> dict[str, list[str]]:
    return {group.label: [hit.title for hit in group.found] for group in browser.get("/search/", {"q": text}).context["groups"]}


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("j-00001", ["Replace the pump"]),
        ("J00002", ["Müller's boiler"]),
        ("PUMP rep", ["Replace the pump"]),
        ("muller", ["Müller's boiler"]),
        ("flensburg", ["Replace the pump"]),
        ("boiler pump", []),
        ("o%", []),
    ],
)
def test_a_job_is_found_by_number_subject_and_town_in_every_state(desk, make_job, tarik, typed, found):
    brought(make_job(city="Flensburg"), "closed", tarik)
    make_job("Müller's boiler")
    assert titles(desk, typed).get("Jobs", []) == found


def test_the_latest_jobs_come_first_and_the_rest_is_in_the_list(desk, make_job):
    for number in range(12):
        make_job(f"Pump {number}")
    [group] = desk.get("/search/", {"q": "pump"}).context["groups"]
    assert [hit.title for hit in group.found] == [f"Pump {number}" for number in range(11, 1, -1)]
    assert len(desk.get(group.more_url).context["rows"]) == 12
    assert "Brauer Antriebe" in group.found[0].facts


def test_jobs_of_a_restricted_client_are_suggested_to_nobody_else(make_staff, as_user, make_job, make_client):
    owner = make_staff("manager", "m@desk.example")
    make_job("Secret pump", client=make_client("Zobel", restricted_to_responsible=True, sales_person=owner))
    assert "Jobs" not in titles(as_user(make_staff(Role.DESK)), "pump")
    assert titles(as_user(owner), "pump")["Jobs"] == ["Secret pump"]
