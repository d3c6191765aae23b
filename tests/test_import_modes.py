"""Modes, identifying fields, empty cells, all or nothing (CD1, CD2, C15, decision 14, invariant 18; trial D02, D05)."""

import itertools

import pytest
from django.db import connection
from django.urls import reverse

from clientdesk.rights import Role
from clients.models import Client
from intake import applying, modes, planning
from intake.models import Base, ImportRun
from tests.importing import csv_bytes, planned, rows_of, work_off, world

Mode, Key = ImportRun.Mode, ImportRun.Key
KEYS = ("name", "legal_name", "external_id", "number", "email", "city")


@pytest.fixture
def known(make_client):
    """Three clients; two of them share an e-mail address."""
    make_client("Alpha", legal_name="Alpha Ltd", number="C-1", external_id="E1", email="one@x.example", city="Ulm")
    make_client("Beta", legal_name="Beta Ltd", number="C-2", external_id="E2", email="two@x.example", city="Ulm")
    make_client("Gamma", legal_name="Gamma Ltd", number="C-3", external_id="E3", email="Two@x.example", city="Ulm")


def compared(content: bytes, **chosen) -> ImportRun:
    """Return the run of `content` after it was compared as `chosen`."""
    run = planned(content)
    for name, value in chosen.items():
        setattr(run, name, value)
    run.is_matched = True
    assert planning.replan(run, None)
    work_off()
    run.refresh_from_db()
    assert run.state == ImportRun.State.REVIEW
    return run


def started(run: ImportRun, mode: str, **more) -> ImportRun:
    assert applying.start(run.pk, None, mode, **more)
    work_off()
    run.refresh_from_db()
    return run


# Identifying field, cell of a row that exists, that is new, whose text leads to two, that is empty.
TEXTS = {
    Key.NAME: ("ALPHA", "Delta", None, ""),
    Key.NUMBER: ("C-1", "X-9", None, ""),
    Key.EXTERNAL_ID: ("E1", "E9", None, ""),
    Key.EMAIL: ("ONE@x.example", "nine@x.example", "two@x.example", ""),
}


@pytest.mark.parametrize(("key", "mode"), list(itertools.product(TEXTS, Mode)))
def test_every_mode_with_every_identifying_field(known, key, mode):
    exists, new, two, empty = TEXTS[key]
    rows = [{key: exists, "city": "Bonn"}, {key: new, "legal_name": "New Ltd"}, {key: empty, "legal_name": "Blank Ltd"}]
    if two:
        rows.append({key: two, "legal_name": "Two Ltd"})
    run = compared(csv_bytes(rows, KEYS), key=key)
    assert run.key == key
    expected = {
        Mode.CREATE: ["skipped", "new", "new", "error"],
        Mode.UPDATE: ["changed", "skipped", "error", "error"],
        Mode.UPSERT: ["changed", "new", "new", "error"],
    }[mode][: len(rows)]
    counts = modes.counts(run.matches["rows"], mode, skip_errors=True)
    assert counts == {verdict: expected.count(verdict) for verdict in expected}
    before = {client.pk: client.city for client in Client.objects.all()}
    run = started(run, mode)
    assert [row.verdict for row in rows_of(run)] == expected
    figures = run.figures
    assert (figures["created"], figures["updated"], figures["skipped"], figures["failed"]) == (
        expected.count("new"),
        expected.count("changed"),
        expected.count("skipped"),
        expected.count("error"),
    )
    assert figures["read"] == sum(count for name, count in figures.items() if name != "read")
    changed = [client for client in Client.objects.filter(pk__in=before) if client.city != before[client.pk]]
    assert [client.name for client in changed] == ([] if mode == Mode.CREATE else ["ALPHA" if key == Key.NAME else "Alpha"])


@pytest.mark.parametrize("skip", [True, False])
@pytest.mark.parametrize("mode", Mode)
def test_one_row_and_the_whole_stage_get_the_same_verdict(headquarters, skip, mode):
    cases = list(itertools.product(Base, (True, False)))
    run = planned(csv_bytes([{"name": f"A {place}", "legal_name": "x"} for place in range(len(cases))], KEYS))
    for line, (base, matched) in enumerate(cases, start=2):
        run.rows.filter(line=line).update(base=base, target_id=7 if matched else None)
    run.rows.update(verdict=modes.expression(mode, skip_errors=skip))
    expected = [modes.verdict(mode, base, matched=matched, skip_errors=skip) for base, matched in cases]
    assert [row.verdict for row in rows_of(run)] == expected


def test_another_mode_with_the_same_figures_still_gives_each_row_its_own_verdict(known):
    """One wrong row with a match, one without: "create" skips the first, "update" the second."""
    rows = [{"name": "Alpha", "email": "bad"}, {"name": "Delta", "legal_name": "x", "email": "bad"}]
    run = compared(csv_bytes(rows, KEYS), mode=Mode.CREATE)
    assert [row.verdict for row in rows_of(run)] == ["skipped", "error"]
    run = started(run, Mode.UPDATE)
    assert [row.verdict for row in rows_of(run)] == ["error", "skipped"]


def test_a_text_that_leads_to_two_names_both(known):
    run = compared(csv_bytes([{"email": "two@x.example", "legal_name": "x"}], KEYS), key=Key.EMAIL)
    (said,) = run.rows.get().errors["email"]
    assert "“Beta” (C-2)" in said
    assert "“Gamma” (C-3)" in said


def test_a_row_without_identifying_text_is_warned_of_a_near_name(known):
    run = compared(csv_bytes([{"name": "Alpha two", "legal_name": "ALPHA Limited"}], KEYS), key=Key.NUMBER)
    assert run.rows.get().warnings["number"] == ["“Alpha” (C-1) has nearly this name. If it is meant, fill in the identifying field."]


def test_found_by_number_a_client_may_get_another_name_that_is_free(known):
    run = compared(csv_bytes([{"number": "C-1", "name": "Omega"}, {"number": "C-2", "name": "Gamma"}], KEYS), key=Key.NUMBER)
    assert [row.verdict for row in rows_of(run)] == ["changed", "error"]
    assert "“Gamma” exists already (C-3)" in rows_of(run)[1].errors["name"][0]
    started(run, Mode.UPDATE)
    assert set(Client.objects.values_list("name", flat=True)) == {"Omega", "Beta", "Gamma"}


def test_a_new_client_brings_its_number_and_the_series_steps_over_it(headquarters):
    rows = [{"name": f"N {place}", "legal_name": "x", "number": "C-00002" if place == 4 else ""} for place in range(5)]
    run = started(planned(csv_bytes(rows, KEYS)), Mode.CREATE)
    assert run.figures["created"] == 5
    numbers = dict(Client.objects.values_list("name", "number"))
    assert numbers["N 4"] == "C-00002"
    assert len(set(numbers.values())) == 5


@pytest.mark.parametrize(
    ("number", "said"), [("C-1", "is or was another client's"), ("C-2", "which an import does not change")], ids=["taken", "changed"]
)
def test_a_number_is_given_once_and_never_changed(known, number, said):
    name = "New" if number == "C-1" else "Alpha"
    run = compared(csv_bytes([{"name": name, "legal_name": "x", "number": number}], KEYS), key=Key.NAME)
    assert said in run.rows.get().errors["number"][0]


@pytest.mark.parametrize(
    ("empty_cells", "cell", "city"),
    [
        ({}, "", "Ulm"),
        ({"": "clear"}, "", ""),
        ({"city": "clear"}, "", ""),
        ({"": "clear", "city": "keep"}, "", "Ulm"),
        ({}, "(clear)", ""),
        ({}, " (CLEAR) ", ""),
    ],
)
def test_empty_cells_keep_or_clear_as_chosen(known, empty_cells, cell, city):
    run = compared(csv_bytes([{"name": "Alpha", "city": cell}], ("name", "legal_name", "city")), empty_cells=empty_cells)
    started(run, Mode.UPSERT)
    alpha = Client.objects.get(name_key="alpha")
    assert (alpha.city, alpha.legal_name) == (city, "Alpha Ltd")


def test_what_a_record_needs_cannot_be_cleared(known):
    run = planned(csv_bytes([{"name": "Alpha", "legal_name": "(clear)"}], KEYS))
    assert run.rows.get().errors == {"legal_name": ["“Legal name” must not be empty. Type a text instead of the clearing mark."]}


def test_the_field_that_serves_best_is_found(known):
    by_number = csv_bytes([{"number": "C-1", "name": "Alpha"}, {"number": "C-2", "name": "Beta"}], KEYS)
    assert planned(by_number).key == Key.NUMBER
    assert planned(csv_bytes([{"number": "77", "name": "Alpha"}], KEYS)).key == Key.NAME


def test_all_or_nothing_saves_all(known):
    rows = [{"name": f"N {place}", "legal_name": "x"} for place in range(3)] + [{"name": "Alpha", "city": "Bonn"}]
    run = started(planned(csv_bytes(rows, KEYS)), Mode.UPSERT, skip_errors=False)
    assert (run.state, run.figures["created"], run.figures["updated"]) == ("done", 3, 1)


def test_all_or_nothing_with_one_late_conflict_saves_nothing_and_names_it(known, monkeypatch):
    monkeypatch.setattr(applying, "CHUNK", 2)
    rows = [{"name": f"N {place}", "legal_name": "x"} for place in range(5)]
    run = planned(csv_bytes(rows, KEYS))
    before = world()
    Client.objects.filter(name="Alpha").update(name="N 4", name_key="n 4")
    assert applying.start(run.pk, None, Mode.CREATE, skip_errors=False)
    work_off()
    run.refresh_from_db()
    Client.objects.filter(name="N 4").update(name="Alpha", name_key="alpha")
    assert run.state == "failed"
    assert "Nothing was imported, because row 6 could not be saved: A client named “N 4” exists already (C-1)." in run.refusal
    assert world() == before
    assert run.figures == {"read": 5, "created": 0, "updated": 0, "unchanged": 0, "skipped": 5, "failed": 0}


def test_all_or_nothing_does_not_start_while_a_row_is_wrong(known, client, make_staff):
    client.force_login(make_staff(Role.MANAGER))
    run = planned(csv_bytes([{"name": "A/B", "legal_name": "x"}, {"name": "C", "legal_name": "x"}], KEYS))
    answer = client.post(reverse("intake:start", args=[run.pk]), {"mode": "create", "skip_errors": "no"})
    assert (answer.status_code, "1 row has an error" in answer.text) == (422, True)
    run.refresh_from_db()
    assert run.state == ImportRun.State.REVIEW


@pytest.mark.skipif(connection.vendor != "sqlite", reason="only SQLite has one writer")
def test_all_or_nothing_is_refused_above_what_sqlite_bears(known, monkeypatch):
    monkeypatch.setattr(applying, "MOST_AT_ONCE_ON_SQLITE", 1)
    run = planned(csv_bytes([{"name": "A", "legal_name": "x"}, {"name": "B", "legal_name": "x"}], KEYS))
    with pytest.raises(ValueError, match="limited to 1 rows on this database, and the file has 2"):
        applying.start(run.pk, None, Mode.CREATE, skip_errors=False)


def test_another_identifying_field_is_compared_first_and_started_then(known, client, make_staff):
    client.force_login(make_staff(Role.MANAGER))
    run = planned(csv_bytes([{"name": "Alpha", "email": "nine@x.example", "legal_name": "x"}], KEYS))
    assert run.counts == {"changed": 1}
    address = reverse("intake:start", args=[run.pk])
    answer = client.post(address, {"mode": "upsert", "key": "email"})
    assert answer.url == f"{reverse('intake:review', args=[run.pk])}?then=mode"
    work_off()
    run.refresh_from_db()
    assert (run.state, run.counts) == ("review", {"error": 1})
    assert client.get(answer.url).url == reverse("intake:mode", args=[run.pk])
    page = client.get(reverse("intake:mode", args=[run.pk])).text
    assert "Main contact e-mail (0 of 1 row matches one record)" in page


def test_the_mode_step_counts_each_mode(known, client, make_staff):
    client.force_login(make_staff(Role.MANAGER))
    run = planned(csv_bytes([{"name": "Alpha", "city": "Bonn"}, {"name": "Delta", "legal_name": "x"}], KEYS))
    page = client.get(reverse("intake:mode", args=[run.pk])).text
    figures = [part.partition("<")[0] for part in page.split('class="fig">')[1:]]
    assert figures == ["1 added, 1 skipped", "1 changed, 1 skipped", "1 added, 1 changed"]
