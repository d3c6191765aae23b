"""Companies, CRM actions, portal users and imports as files: what the list finds, in the columns that are ticked (V17, V18)."""

import csv
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import load_workbook

from clientdesk.rights import Role
from clients.models import Client, Company
from contacts.models import Contact, CrmAction
from intake.models import ImportRun
from tests.doors import activated, fresh_brakes  # noqa: F401

LISTS = {
    "/companies/": ["Company", "Company type", "Country", "Registration number", "Tax number", "Client"],
    "/crm/": ["Action", "Kind", "Client", "Contact person", "Due", "Done on", "Status", "Person in charge", "Text"],
    "/settings/portal-users/": ["Portal user", "E-mail", "Client", "Branch", "State", "Invited", "Last sign-in"],
    "/import/history/": [
        *("File", "Kind", "Mode", "State", "Rows", "Created", "Updated", "Unchanged", "Skipped", "Failed"),
        *("By", "Uploaded", "Undone", "Undone by"),
    ],
}
EVIL = "=1+1"


def rows(browser, path: str, query: str = "") -> list[list[str]]:
    """Return head and rows of the CSV file of the list at `path`."""
    answer = browser.get(f"{path}export/?format=csv&{query}")
    assert answer.status_code == 200
    return list(csv.reader(io.StringIO(answer.getvalue().decode("utf-8-sig"))))


def fill(brauer: Client, ada: Contact, start: int, end: int) -> None:
    """Make companies, actions and imports from number `start` on to `end`."""
    Company.objects.bulk_create(Company(registered_name=f"{EVIL} {n}", name_key=f"1 1 {n}", country="DE") for n in range(start, end))
    now = timezone.now()
    CrmAction.objects.bulk_create(
        CrmAction(client=brauer, contact=ada, kind="memo", subject=f"{EVIL} {n}", status="done", done_at=now, sort_at=now)
        for n in range(start, end)
    )
    ImportRun.objects.bulk_create(
        ImportRun(kind="corporate", mode="upsert", filename=f"{EVIL} {n}.csv", state="done", rows_read=3, counts={"created": 2})
        for n in range(start, end)
    )


@pytest.mark.parametrize("path", LISTS)
def test_the_file_holds_what_the_list_shows_and_nothing_runs(path, manager, brauer, ada):
    fill(brauer, ada, 0, 2)
    activated(ada)
    query = "view=everybody" if path == "/crm/" else ""
    page, found = manager.get(f"{path}?{query}"), rows(manager, path, query)
    assert found[0] == LISTS[path]
    assert len(found) - 1 == len(page.context["rows"]) > 0
    firsts = [row[0] for row in found[1:]]
    assert not [text for text in firsts if text.startswith("=")]
    assert path == "/settings/portal-users/" or sum(text.startswith("'=") for text in firsts) == 2
    sheet = load_workbook(io.BytesIO(manager.get(f"{path}export/?{query}").getvalue())).active
    assert [cell.value for cell in sheet["A"]] == [LISTS[path][0], *(text.removeprefix("'") for text in firsts)]
    assert {cell.data_type for cell in sheet["A"]} == {"s"}


def test_ticked_columns_and_filters_are_the_file(manager, brauer, ada):
    fill(brauer, ada, 0, 2)
    Company.objects.create(registered_name="Nordlicht AG", country="FI", registration_number="HRB 77")
    found = rows(manager, "/companies/", "country=FI&column=registration_number&column=company&column=nonsense")
    assert found == [["Company", "Registration number"], ["Nordlicht AG", "HRB 77"]]
    assert rows(manager, "/import/history/", "column=created&column=rows")[1:] == [["3", "2"]] * 2
    assert [row[0] for row in rows(manager, "/crm/", "view=everybody&q=nobody")] == ["Action"]


def test_moments_are_moments_and_states_are_words(manager, brauer, ada):
    activated(ada)
    fill(brauer, ada, 0, 1)
    [_head, [*_names, branch, state, _invited, _last]] = rows(manager, "/settings/portal-users/")
    assert (branch, state) == ("Berlin", "Active")
    sheet = load_workbook(io.BytesIO(manager.get("/crm/export/?view=everybody&column=done&column=status").getvalue())).active
    assert sheet["A2"].is_date
    assert sheet["B2"].value == "Done"


def test_of_the_company_of_a_hidden_client_only_the_registered_name_leaves(desk, make_client):
    make_client("Zobel", legal_name="Pelzhaus KG", tax_number="DE136695976", restricted_to_responsible=True)
    assert rows(desk, "/companies/")[1:] == [["Pelzhaus KG", "", "", "", "", ""]]


@pytest.mark.parametrize("path", LISTS)
def test_a_longer_file_asks_no_more_of_the_database(path, manager, brauer, ada):
    activated(ada)
    counted = []
    for start, end in ((0, 2), (2, 60)):
        fill(brauer, ada, start, end)
        with CaptureQueriesContext(connection) as queries:
            rows(manager, path, "view=everybody" if path == "/crm/" else "")
        counted.append(len(queries))
    assert counted[0] == counted[1]


@pytest.mark.parametrize(
    ("path", "right"), [("/settings/portal-users/", 403), ("/import/history/", 403), ("/companies/", 200), ("/crm/", 200)]
)
def test_whoever_may_not_see_the_list_gets_no_file(path, right, make_staff, as_user):
    assert as_user(make_staff(Role.READER)).get(f"{path}export/").status_code == right
