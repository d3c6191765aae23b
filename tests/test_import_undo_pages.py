"""The pages of an undo, the list of all imports, the help page, and what is thrown away after some time (C18, D20)."""

from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from clientdesk import work
from clientdesk.models import Change, LongRun
from clientdesk.rights import Role
from clients.models import Branch, Client
from intake import undoing
from intake.models import ImportRun, StagedRow
from jobs.models import BusinessCalendar
from portal.models import ContactAccess
from tests.client_forms import sent
from tests.importing import csv_bytes, imported, work_off

ROWS = [{"name": f"Fernleitung {number}", "legal_name": f"Fernleitung {number} AG", "country": "CH"} for number in range(3)]


@pytest.fixture
def boss(make_staff):
    return make_staff(Role.MANAGER, first_name="Ilse", last_name="Dorn")


@pytest.fixture
def browser(as_user, boss):
    return as_user(boss)


@pytest.fixture
def run(headquarters, boss) -> ImportRun:
    """An import of three clients that is over."""
    return imported(csv_bytes([*ROWS, {"name": "Broken", "legal_name": "x", "country": "Atlantis"}]), by=boss)


def url(name: str, run: ImportRun) -> str:
    return reverse(f"intake:{name}", args=[run.pk])


def age(run: ImportRun, days: int) -> None:
    """Let `run` be over for so many days."""
    ImportRun.objects.filter(pk=run.pk).update(finished_at=timezone.now() - timedelta(days=days))


def test_an_undo_shows_what_it_does_then_does_it_and_names_who(run, browser):
    client = Client.objects.get(name="Fernleitung 1")
    client.city = "Bern"
    client.save()
    assert url("undo", run) in browser.get(url("result", run)).text
    before = Change.objects.count()
    page = browser.get(url("undo", run)).text
    assert Change.objects.count() == before
    assert "Nothing is changed yet" in page
    assert "Fernleitung 1" in page
    assert "Fernleitung 2" not in page
    assert browser.post(url("undo", run)).status_code == 303
    working = browser.get(url("undo", run))
    assert "Undoing the import" in working.text
    assert 'hx-trigger="every 1s"' in browser.get(url("undo", run), headers={"HX-Request": "true"}).text
    work_off()
    answer = browser.get(url("undo", run), headers={"HX-Request": "true"})
    assert (answer.status_code, answer["HX-Redirect"]) == (204, url("undo", run))
    done = browser.get(url("undo", run)).text
    assert "<strong>Ilse Dorn</strong> undid the import" in done
    assert "What stayed" in done
    assert list(Client.objects.values_list("name", flat=True)) == ["Fernleitung 1"]
    result = browser.get(url("result", run)).text
    assert "<strong>Ilse Dorn</strong> undid this import" in result
    assert "1 thing stayed as it is" in result
    assert "Undo import" not in result
    answer = browser.post(url("undo", run), follow=True)
    assert "There is nothing left to undo." in answer.text
    assert LongRun.objects.filter(kind=undoing.KIND).count() == 1


@pytest.mark.parametrize(("days", "is_possible"), [(29, True), (31, False)])
def test_an_import_can_be_undone_for_thirty_days(days, is_possible, run, browser):
    age(run, days)
    assert (url("undo", run) in browser.get(url("result", run)).text) == is_possible
    answer = browser.post(url("undo", run), follow=True)
    assert ("is older than 30 days and cannot be undone any more" in answer.text) != is_possible
    work_off()
    assert Client.objects.exists() != is_possible


def test_who_may_not_undo_sees_no_button_and_is_refused(run, make_staff, as_user):
    browser = as_user(make_staff(Role.DESK))
    assert browser.get(url("undo", run)).status_code == 403
    assert browser.post(url("undo", run)).status_code == 403


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda run: ImportRun.objects.filter(pk=run.pk).update(state="applying", finished_at=None), "Only an import that is over"),
        (lambda run: ImportRun.objects.filter(pk=run.pk).update(work=None), "changed nothing"),
    ],
    ids=["not over", "nothing changed"],
)
def test_what_cannot_be_undone_says_why(make, sentence, run, browser):
    make(run)
    assert sentence in browser.get(url("undo", run)).text
    assert sentence in browser.post(url("undo", run), follow=True).text
    assert Client.objects.count() == 3


def test_an_undo_of_a_large_import_is_looked_at_by_the_worker_first(run, browser, monkeypatch):
    monkeypatch.setattr(undoing, "AT_ONCE", 5)
    page = browser.get(url("undo", run)).text
    assert "Find out what an undo would do" in page
    before = Change.objects.count()
    browser.post(url("undo", run), {"look": "1"})
    assert "Looking at what an undo would do" in browser.get(url("undo", run)).text
    work_off()
    assert Change.objects.count() == before
    found = browser.get(url("undo", run)).context["report"]
    assert found.deleted["clients.Client"] == 3
    browser.post(url("undo", run))
    work_off()
    run.refresh_from_db()
    assert undoing.report_of(run) == found


@pytest.mark.parametrize("at_once", [3_000, 1])
def test_an_undo_says_first_who_loses_the_portal_and_which_clocks_move(at_once, browser, boss, ada, make_job, promise, monkeypatch):
    """XD11, JD10: the file made a potential client active, in a branch of other hours."""
    monkeypatch.setattr(undoing, "AT_ONCE", at_once)
    BusinessCalendar.objects.create(branch=Branch.objects.create(name="Vienna", code="VIE"))
    ContactAccess.of(ada).invite(None)
    Client.objects.update(status="potential")
    promise(60)
    make_job()
    run = imported(csv_bytes([{"name": "Brauer Antriebe", "status": "Active", "branch": "Vienna"}]), by=boss)
    assert browser.post(url("undo", run)).status_code == 422
    if at_once == 1:
        browser.post(url("undo", run), {"look": "1"})
        work_off()
    page = browser.get(url("undo", run))
    assert [(one.sentence, one.names) for one in page.context["consequences"]] == [
        ("1 contact loses portal access:", ("Ada Krämer",)),
        ("1 running SLA clock is timed anew, by the business hours of Berlin.", ()),
    ]
    forged = browser.post(url("undo", run), {"confirmed": "1"})
    assert (forged.status_code, Client.objects.get().status) == (422, "active")
    assert browser.post(url("undo", run), sent(page)).status_code == 303
    work_off()
    assert (Client.objects.get().status, Client.objects.get().branch.name) == ("potential", "Berlin")


def test_an_undo_that_was_cut_off_says_so_and_goes_on_when_it_is_started_once_more(run, browser, boss):
    assert undoing.start(run.pk, boss) == ""
    run.refresh_from_db()
    work.cancel(run.undo)
    assert "did not come to its end" in browser.get(url("undo", run)).text
    browser.post(url("undo", run))
    work_off()
    assert not Client.objects.exists()


# --- all imports ------------------------------------------------------------------------------------
def test_all_imports_are_listed_with_who_what_and_when_and_can_be_filtered(run, browser, boss, make_staff):
    other = make_staff(Role.ADMINISTRATOR, first_name="Udo", last_name="Fink")
    imported(csv_bytes([{"name": "Giraud", "legal_name": "Giraud SARL"}]), "second.csv", by=other)
    undoing.start(run.pk, boss)
    work_off()
    page = browser.get(reverse("intake:history"))
    assert [row.filename for row in page.context["rows"]] == ["second.csv", "clients.csv"]
    assert "Undone by Ilse Dorn" in page.text
    for params, names in [
        ({"by": other.pk}, ["second.csv"]),
        ({"by": boss.pk}, ["clients.csv"]),
        ({"state": "undone"}, ["clients.csv"]),
        ({"state": "failed"}, []),
        ({"state": "done"}, ["second.csv", "clients.csv"]),
        ({"q": "SECOND"}, ["second.csv"]),
    ]:
        assert [row.filename for row in browser.get(reverse("intake:history"), params).context["rows"]] == names, params


def test_the_list_of_imports_has_pages_and_asks_as_often_for_many_as_for_few(browser, boss):
    def more(count: int, start: int) -> None:
        for number in range(start, start + count):
            work = LongRun.objects.create(kind="import_apply", state="done", owner=boss)
            ImportRun.objects.create(filename=f"{number}.csv", sha256=str(number), state="done", created_by=boss, work=work)

    def statements() -> int:
        with CaptureQueriesContext(connection) as found:
            assert browser.get(reverse("intake:history")).status_code == 200
        return len(found)

    more(3, 0)
    browser.get(reverse("intake:history"))
    few = statements()
    more(60, 3)
    assert statements() <= few + 1
    page = browser.get(reverse("intake:history"))
    second = browser.get(reverse("intake:history") + page.context["listing"].next_url)
    assert len(page.context["rows"]) == 50
    assert [row.filename for row in second.context["rows"]] == [f"{number}.csv" for number in range(12, -1, -1)]


# --- what goes after some time ----------------------------------------------------------------------
def test_rows_and_file_go_after_a_month_and_the_figures_stay(run, browser, settings):
    settings.IMPORT_KEEP_DAYS = 5
    name, figures = run.file.name, run.figures
    age(run, 4)
    work.sweep()
    assert StagedRow.objects.filter(run=run).count() == 4
    assert default_storage.exists(name)
    age(run, 6)
    work.sweep()
    run.refresh_from_db()
    assert not StagedRow.objects.exists()
    assert not default_storage.exists(name)
    assert run.figures == figures
    page = browser.get(url("result", run)).text
    assert "are not kept any more" in page
    assert "personal data that it held were erased" not in page
    assert "<b>Ilse Dorn</b> imported this file" in page
    assert url("failed", run) not in page


def test_an_undo_needs_no_rows(run, browser, settings):
    settings.IMPORT_KEEP_DAYS = 1
    age(run, 2)
    work.sweep()
    assert not StagedRow.objects.exists()
    browser.post(url("undo", run))
    work_off()
    assert not Client.objects.exists()


def test_a_large_import_is_thrown_away_over_several_turns_and_what_is_under_way_stays(run, settings, monkeypatch):
    settings.IMPORT_KEEP_DAYS = 1
    monkeypatch.setattr("intake.sweeping.AT_ONCE", 3)
    age(run, 2)
    work.sweep()
    run.refresh_from_db()
    assert (StagedRow.objects.count(), bool(run.file)) == (1, True)
    ImportRun.objects.filter(pk=run.pk).update(state="applying")
    work.sweep()
    assert StagedRow.objects.count() == 1
    ImportRun.objects.filter(pk=run.pk).update(state="done")
    work.sweep()
    run.refresh_from_db()
    assert (StagedRow.objects.count(), bool(run.file)) == (0, False)


# --- help -------------------------------------------------------------------------------------------
HEADINGS = [
    "Imports",
    "What can I import",
    "Files and limits",
    "Modes",
    "The identifying field",
    "Empty cells",
    "Errors and the error workbook",
    "Undo",
    "What an import never does",
    "Columns: Corporate clients",
]


def test_the_help_page_has_its_headings_and_every_column_of_every_kind(browser, headquarters, settings):
    settings.IMPORT_LIMITS = settings.IMPORT_LIMITS | {"rows_csv": 7_654_321}
    page = browser.get(reverse("intake:help"))
    text = page.text
    for heading in HEADINGS:
        assert f">{heading}</h" in text, heading
    assert "7,654,321 rows" in text
    assert "<code>(clear)</code>" in text
    for kind in page.context["kinds"]:
        for one in kind.columns:
            assert f'<th scope="row">{escape(one.column.label)}' in text
    branch = next(one for one in page.context["kinds"][0].columns if one.column.key == "branch")
    assert branch.choices == 1
    assert reverse("intake:help") in browser.get(reverse("intake:upload")).text
