"""What is saved, what is not because somebody was quicker, and how much the database is asked (invariant 18, V27, D15)."""

import gc
import random

import pytest
from django.db import IntegrityError, OperationalError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from clientdesk import work
from clientdesk.models import Change
from clientdesk.rights import Role
from clients.models import Branch, Client, Company
from intake import applying, planning
from intake.demo.rows import rows
from intake.models import ImportRun, Outcome
from intake.storing import Store
from intake.unhurried import uncollected
from tests.importing import LABELS, csv_bytes, imported, planned, rows_of, work_off

CASTELL = {"name": "Castell Optik", "legal_name": "Castell Optik AG"}
BRAUER = {"name": "Brauer Antriebe", "legal_name": "Brauer Antriebe GmbH", "city": "Ulm"}


def started(run: ImportRun, by=None) -> ImportRun:
    assert applying.start(run.pk, by)
    work_off()
    run.refresh_from_db()
    return run


def test_a_client_that_was_changed_after_the_review_is_a_conflict_and_keeps_what_the_person_saved(brauer):
    run = planned(csv_bytes([BRAUER]))
    brauer.city = "Bonn"
    brauer.save()
    started(run)
    brauer.refresh_from_db()
    assert (brauer.city, brauer.version) == ("Bonn", 2)
    (row,) = rows_of(run)
    assert row.outcome == Outcome.CONFLICT
    assert "was changed after the review" in row.errors[""][0]
    assert (run.figures["failed"], run.figures["updated"]) == (1, 0)


def test_a_client_that_was_deleted_after_the_review_is_a_conflict(brauer):
    run = planned(csv_bytes([BRAUER]))
    brauer.offices.all().delete()
    brauer.delete()
    started(run)
    assert "was deleted after the review" in rows_of(run)[0].errors[""][0]


def test_a_name_that_was_taken_after_the_review_fails_with_the_sentence_of_the_form(make_client):
    run = planned(csv_bytes([CASTELL, {"name": "Delmare", "legal_name": "Delmare S.A."}]))
    other = make_client("castell optik")
    started(run)
    first, second = rows_of(run)
    assert first.errors == {"name": [f"A client named “castell optik” exists already ({other.number})."]}
    assert (first.outcome, second.outcome) == (Outcome.FAILED, Outcome.CREATED)
    assert run.figures == {"read": 2, "created": 1, "updated": 0, "unchanged": 0, "skipped": 0, "failed": 1}


def test_a_name_taken_in_the_very_instant_of_saving_is_looked_at_again(make_client, monkeypatch):
    run = planned(csv_bytes([CASTELL, {"name": "Delmare", "legal_name": "Delmare S.A."}]))
    add = Store.add
    tries = []

    def too_late(self, values, keys):
        # What another connection commits between our look and our write: seen by the next look only.
        if not tries:
            tries.append(1)
            with transaction.atomic():
                add(self, [{**values[0], "name": "Castell optik"}], keys[:1])
                add(self, values, keys)
        return add(self, values, keys)

    monkeypatch.setattr(Store, "add", too_late)
    started(run)
    assert tries
    assert run.figures["created"] == 2
    assert Client.objects.filter(name_key="castell optik").count() == 1


def test_an_external_id_taken_after_the_review_fails_and_names_its_owner(make_client):
    run = planned(csv_bytes([CASTELL | {"external_id": "E-1"}]))
    make_client("Somebody Else", external_id="E-1")
    started(run)
    assert "is the external ID of “Somebody Else”" in rows_of(run)[0].errors["external_id"][0]


def test_a_settings_entry_that_was_deleted_after_the_review_fails_its_row_only(headquarters):
    lisbon = Branch.objects.create(name="Lisbon", code="LIS")
    run = planned(csv_bytes([CASTELL | {"branch": "Lisbon"}, {"name": "Delmare", "legal_name": "Delmare S.A."}]))
    lisbon.delete()
    started(run)
    assert run.figures["created"] == 1
    assert "was deleted after the review" in rows_of(run)[0].errors["branch"][0]


def test_a_settings_entry_that_was_deactivated_after_the_review_fails_who_would_get_it_and_not_who_has_it(make_client):
    lisbon = Branch.objects.create(name="Lisbon", code="LIS")
    make_client("Old One", branch=lisbon)
    make_client("Other")
    given = ("name", "legal_name", "branch", "city")
    run = planned(
        csv_bytes(
            [
                {"name": "Old One", "legal_name": "Old One GmbH", "branch": "Lisbon", "city": "Ulm"},
                {"name": "Other", "legal_name": "Other GmbH", "branch": "Lisbon"},
                CASTELL | {"branch": "Lisbon"},
            ],
            given,
        )
    )
    Branch.objects.filter(pk=lisbon.pk).update(active=False)
    started(run)
    stays, *others = rows_of(run)
    assert stays.outcome == Outcome.UPDATED
    assert [row.errors for row in others] == [{"branch": ["“Lisbon” is inactive. Choose an active entry."]}] * 2
    assert Client.objects.filter(branch=lisbon).count() == 1


def refuse_commits(monkeypatch, error: Exception, times: int) -> list[int]:
    """Let the database refuse the first `times` chunks with rows; return the rows done at each try."""
    whole, seen = applying._apply, []

    def once_more(long_run, run):
        finished = whole(long_run, run)
        if not long_run.done:
            return finished
        seen.append(long_run.done)
        if len(seen) <= times:
            raise error
        return finished

    monkeypatch.setattr(applying, "_apply", once_more)
    return seen


def test_a_chunk_that_the_database_refused_once_counts_once(headquarters, monkeypatch):
    run = planned(csv_bytes([CASTELL, {"name": "Delmare", "legal_name": "Delmare S.A."}]))
    refuse_commits(monkeypatch, IntegrityError(), 1)
    started(run)
    assert run.figures["created"] == 2
    assert (run.work.done, run.work.total) == (2, 2)


def deadlock() -> OperationalError:
    error, cause = OperationalError("deadlock detected"), Exception()
    cause.sqlstate = "40P01"
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "tries"),
    [(IntegrityError(), 3), (deadlock(), 3), (OperationalError("connection lost"), 1)],
    ids=["taken", "deadlock", "lost"],
)
def test_only_a_meeting_with_somebody_is_tried_again_at_once(headquarters, monkeypatch, error, tries):
    run = planned(csv_bytes([CASTELL]))
    seen = refuse_commits(monkeypatch, error, 2)
    applying.start(run.pk, None)
    work.advance_due("test")
    assert seen[:3] == [1] * tries


def test_who_imported_is_kept_with_clients_and_history_and_the_history_names_the_run(brauer, make_staff):
    boss = make_staff(Role.MANAGER)
    run = started(planned(csv_bytes([CASTELL, BRAUER]), by=boss), boss)
    created = Client.objects.get(name="Castell Optik")
    assert created.created_by == boss
    entries = Change.objects.filter(run=run.work)
    assert {entry.actor for entry in entries} == {boss}
    written = sorted((entry.content_type.model, entry.action) for entry in entries)
    assert written == [("client", 0), ("client", 1), ("company", 0), ("office", 0)]
    assert entries.get(action=1).changes == {"city": ["", "Ulm"]}


def test_the_company_of_a_client_follows_what_the_import_changes(brauer):
    """S19 and invariant 22: a new corporate client has its company, a changed one carries it along, with history."""
    run = imported(csv_bytes([CASTELL, BRAUER | {"legal_name": "Brauer Werke AG", "country": "AT"}]))
    assert Company.objects.get(client__name="Castell Optik").registered_name == Client.objects.get(name="Castell Optik").legal_name
    company = Company.objects.get(client=brauer)
    assert (company.registered_name, company.country, company.name_key) == ("Brauer Werke AG", "AT", "brauer werke ag")
    change = Change.objects.get(run=run.work, content_type__model="company", action=Change.Action.UPDATE)
    assert change.changes == {"registered_name": ["Brauer Antriebe GmbH", "Brauer Werke AG"], "country": ["DE", "AT"]}


def test_a_client_without_a_company_gets_one_when_an_import_changes_it(brauer):
    Company.objects.all().delete()
    imported(csv_bytes([BRAUER]))
    assert Company.objects.get().client == brauer


def test_a_new_client_has_its_number_and_its_headquarters(headquarters):
    imported(csv_bytes([CASTELL, {"name": "Delmare", "legal_name": "Delmare S.A."}]))
    assert list(Client.objects.order_by("id").values_list("name", "number")) == [("Castell Optik", "C-00001"), ("Delmare", "C-00002")]
    assert [client.offices.get(is_headquarters=True).name for client in Client.objects.all()] == ["Headquarters", "Headquarters"]


def test_clients_can_be_added_in_the_browser_after_an_import(headquarters, make_client):
    imported(csv_bytes([CASTELL]))
    assert make_client("By Hand").number == "C-00002"


def test_unchanged_rows_are_not_written(brauer):
    run = imported(
        csv_bytes([{"name": "Brauer Antriebe", "legal_name": "Brauer Antriebe GmbH", "email": "info@brauer.example", "city": ""}])
    )
    after = Client.objects.get()
    assert (after.version, after.updated_at) == (brauer.version, brauer.updated_at)
    assert run.figures == {"read": 1, "created": 0, "updated": 0, "unchanged": 1, "skipped": 0, "failed": 0}


def test_the_rows_read_are_always_the_sum_of_what_became_of_them(brauer, monkeypatch):
    monkeypatch.setattr(planning, "CHUNK", 7)
    monkeypatch.setattr(applying, "CHUNK", 5)
    table = [*rows(60, seed=9, wrong=False), BRAUER, {"name": "x/y", "legal_name": "x"}]
    random.Random(1).shuffle(table)
    figures = imported(csv_bytes(table)).figures
    assert figures["read"] == 62 == sum(count for name, count in figures.items() if name != "read")


def queries(run_steps) -> int:
    with CaptureQueriesContext(
        connection,
    ) as asked:
        run_steps()
    return len(asked)


def test_how_often_the_database_is_asked_does_not_grow_with_the_rows(headquarters, monkeypatch):
    # On a busy machine a step would end in between and ask once more how far it is.
    monkeypatch.setattr(planning, "SECONDS", 600)
    monkeypatch.setattr(applying, "SECONDS", 600)

    def asked(count: int, seed: int) -> tuple[int, int]:
        content = csv_bytes([row | {"branch": ""} for row in rows(count, seed=seed, wrong=False)])
        runs = []
        plan = queries(lambda: runs.append(planned(content)))
        return plan, queries(lambda: started(runs[0]))

    few, many = asked(20, 1), asked(900, 2)
    assert many[0] <= few[0] + 2
    assert many[1] <= few[1] + 2


def test_a_page_of_the_review_stays_below_200_kb_whatever_the_rows_hold(manager, headquarters):
    wild = ["<&\"'>" * 200, "ß" * 1000, "x" * 1000, "\u0938" * 1000]
    run = planned(csv_bytes([dict.fromkeys(LABELS, wild[number % 4] + str(number)) for number in range(72)]))
    assert (run.refusal, run.counts) == ("", {"error": 72})
    url, seen = reverse("intake:review", args=[run.pk]), []
    while url:
        page = manager.get(url)
        assert len(page.content) <= 200 * 1024
        seen += [shown.row.line for shown in page.context["page"].rows]
        url = page.context["page"].next_url and reverse("intake:review", args=[run.pk]) + page.context["page"].next_url
    assert seen == list(range(2, 74))


def test_pages_of_the_review_lead_forth_and_back(manager, headquarters, monkeypatch):
    run = planned(csv_bytes([row | {"branch": "", "category": "", "company_type": ""} for row in rows(130, seed=3, wrong=False)]))
    base = reverse("intake:review", args=[run.pk])

    def lines(page) -> list[int]:
        return [shown.row.line for shown in page.rows]

    first = manager.get(base).context["page"]
    second = manager.get(base + first.next_url).context["page"]
    third = manager.get(base + second.next_url).context["page"]
    assert (first.previous_url, third.next_url) == ("", "")
    assert [*lines(first), *lines(second), *lines(third)] == list(range(2, 132))
    assert lines(manager.get(base + third.previous_url).context["page"]) == lines(second)
    for odd in ("?after=-1", "?after=abc", "?show=nothing", "?after=99999999999999", "?before=", "?after=7&before=9"):
        assert manager.get(base + odd).status_code == 200


@pytest.mark.postgresql
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no unlogged tables")
def test_the_stage_is_not_written_to_the_servers_log(db):
    with connection.cursor() as cursor:
        cursor.execute("SELECT relpersistence FROM pg_class WHERE relname = 'intake_stagedrow'")
        assert cursor.fetchone()[0] in ("u", b"u")


def test_a_review_whose_rows_were_lost_says_so_and_an_import_of_it_changes_nothing(manager, headquarters):
    run = planned(csv_bytes([CASTELL]))
    run.rows.all().delete()
    assert "The review was lost" in manager.get(reverse("intake:review", args=[run.pk])).text
    started(run)
    assert (run.state, Client.objects.count()) == (ImportRun.State.FAILED, 0)
    assert "The review was lost" in manager.get(reverse("intake:result", args=[run.pk])).text


def test_python_looks_for_garbage_again_after_a_chunk_that_failed():
    def chunk() -> None:
        with uncollected():
            assert not gc.isenabled()
            raise ValueError("no chunk")

    with pytest.raises(ValueError, match="no chunk"):
        chunk()
    assert gc.isenabled()
