"""What an import promises whatever the file holds: what happens is what the review showed, and every row is accounted for."""

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clients.models import Category, Client, ClientIndustry, CompanyType, Industry, Responsible
from intake import applying, planning
from intake.client_oracle import held, stored
from intake.custom_columns import PREFIX
from intake.models import ImportRun, Outcome, Verdict
from intake.several import LINKS
from tests.importing import csv_bytes, planned, rows_of, work_off

KEYS = ("name", "legal_name", "external_id", "number", "status", "email", "country", "category", "company_type", "city", "phone",
        "industries", "first_contact_on", "potential_annual_revenue", "budget_code_required", "responsible")  # fmt: skip
TEXTS = {
    "name": ["Alpha", "BETA", "gamma", "Delta", "Ζήτα", "A/B", "", "", "(clear)"],
    "legal_name": ["Alpha Ltd", "x", "  New   Ltd ", "", "(clear)"],
    "external_id": ["E1", "E2", "E9", "", ""],
    "number": ["C-1", "C-2", "X-9", "", "", ""],
    "status": ["Inactive", "potential", "asleep", "", ""],
    "email": ["one@x.example", "TWO@x.example", "new@x.example", "bad", ""],
    "country": ["DE", "France", "Atlantis", "", "(clear)"],
    "category": ["Key account", "Board", "", "(clear)"],
    "company_type": ["Partnership", "Freelancer", "", ""],
    "city": ["Bonn", "Ulm", "", "(clear)"],
    "phone": ["+49 30 901820", "12", "", "(clear)"],
    "industries": ["Energy", "energy, Law", "Moon", "", "", "(clear)"],
    "first_contact_on": ["2026-11-30", "", "", "(clear)"],
    "potential_annual_revenue": ["1500", "7.5", "", "", "(clear)"],
    "budget_code_required": ["Yes", "", ""],
    "responsible": ["sam@desk.example", "", "", "(clear)"],
}
rows = st.lists(st.fixed_dictionaries({key: st.sampled_from(texts) for key, texts in TEXTS.items()}), min_size=1, max_size=9)


@pytest.fixture
def known(make_client, make_staff):
    """Three clients, two of which share an e-mail address, and the settings lists."""
    Category.objects.create(name="Key account")
    CompanyType.objects.create(name="Partnership")
    CompanyType.objects.create(name="Freelancer", fits="individual")
    make_client("Alpha", legal_name="Alpha Ltd", number="C-1", external_id="E1", email="one@x.example", city="Ulm", country="DE")
    energy, _law = (Industry.objects.create(name=name) for name in ("Energy", "Law"))
    ClientIndustry.objects.create(client=Client.objects.get(), industry=energy)
    Responsible.objects.create(client=Client.objects.get(), user=make_staff(email="sam@desk.example"))
    make_client("Beta", legal_name="Beta Ltd", number="C-2", external_id="E2", email="two@x.example", category=Category.objects.get())
    make_client("Gamma", legal_name="Gamma Ltd", number="C-3", email="two@x.example", phone="+49 711 5550120")


def values_of(pk: int) -> dict[str, object]:
    """Return what the stage would hold of each column of a client."""
    client = Client.objects.get(pk=pk)
    return {key: held(client, key) if key in LINKS else stored(client, key) for key in (*KEYS, "potential_annual_revenue_on")}


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    records=rows,
    mode=st.sampled_from(list(ImportRun.Mode)),
    key=st.sampled_from(["name", "number", "external_id", "email"]),
    empty=st.sampled_from([{}, {"": "clear"}, {"city": "clear"}]),
    skip=st.booleans(),
)
def test_what_happens_is_what_the_review_shows(known, records, mode, key, empty, skip):
    with transaction.atomic():
        run = planned(csv_bytes(records, KEYS))
        run.key, run.empty_cells, run.mode, run.skip_errors, run.is_matched = key, empty, mode, skip, True
        assert planning.replan(run, None)
        work_off()
        run.refresh_from_db()
        shown = {row.line: row for row in rows_of(run)}
        before = {pk: values_of(pk) for pk in Client.objects.values_list("pk", flat=True)}
        wrong = run.counts.get(Verdict.ERROR, 0)
        if wrong and not skip:
            with pytest.raises(ValueError, match="row"):
                applying.start(run.pk, None)
            assert {pk: values_of(pk) for pk in before} == before
        else:
            assert applying.start(run.pk, None)
            work_off()
            run.refresh_from_db()
            assert_as_shown(run, shown, before)
        transaction.set_rollback(True)


def assert_as_shown(run: ImportRun, shown: dict, before: dict[int, dict]) -> None:
    expected = dict(before)
    became = {Verdict.NEW: Outcome.CREATED, Verdict.CHANGED: Outcome.UPDATED}
    for row in rows_of(run):
        planned_row = shown[row.line]
        assert row.outcome == became.get(planned_row.verdict), (row.line, row.errors)
        if row.outcome == Outcome.CREATED:
            got = values_of(row.target_id)
            assert all(got[name] == value for name, value in planned_row.values.items() if not name.startswith(PREFIX) and name in got)
            expected[row.target_id] = got
        elif row.outcome == Outcome.UPDATED:
            expected[row.target_id] = before[row.target_id] | {name: new for name, (_old, new) in planned_row.changes.items()}
    assert {pk: values_of(pk) for pk in Client.objects.values_list("pk", flat=True)} == expected
    figures = run.figures
    assert figures["read"] == len(shown) == sum(count for name, count in figures.items() if name != "read")
