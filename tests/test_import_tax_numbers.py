"""An import measures tax numbers as the form does (XD3): by country, in the same words, and only those that it would write."""

import pytest
from django.urls import reverse

from clients.models import Client
from clients.tax_numbers import why_wrong
from intake.demo.sketches import World
from intake.models import Verdict
from tests.importing import csv_bytes, imported, planned, rows_of

RIGHT, MISTYPED = "DE136695976", "DE136695977"
NEW = {"name": "Acme", "legal_name": "Acme GmbH"}


@pytest.mark.parametrize(
    ("number", "country"),
    [
        (MISTYPED, "DE"),
        ("12", "Germany"),
        ("ESB58378432", ""),
        ("ESB58378432", "FR"),
        ("5-8356-7825-6247", "JP"),
        ("% %(value)s {0}", "PT"),
    ],
)
def test_a_wrong_tax_number_is_refused_in_the_words_of_the_form(manager, make_client, number, country):
    client = make_client("Old", legal_name="Old GmbH", country="")
    (row,) = rows_of(planned(csv_bytes([NEW | {"tax_number": number, "country": country}])))
    code = {"Germany": "DE"}.get(country, country)
    assert row.errors == {"tax_number": [why_wrong(number, code)]} != {"tax_number": [""]}
    form = manager.get(reverse("clients:edit_identification", args=[client.pk])).context["form"]
    client.country = code
    client.save()
    client.refresh_from_db()
    typed = {bound.html_name: bound.value() for bound in form if isinstance(bound.value(), str | int)}
    answer = manager.post(
        reverse("clients:edit_identification", args=[client.pk]),
        typed | {"version": client.version, "number": client.number, "tax_number": number},
    )
    assert answer.context["form"].errors["tax_number"] == row.errors["tax_number"]


@pytest.mark.parametrize(
    ("number", "country"),
    [
        (RIGHT, "DE"),
        ("de 136 695 976", "Germany"),
        (RIGHT, ""),
        (RIGHT, "FR"),
        ("4711/99", ""),
        ("4711/99", "VN"),
        ("5-8356-7825-6246", "JP"),
    ],
)
def test_a_right_tax_number_and_any_number_of_a_country_without_rule_is_imported(headquarters, number, country):
    imported(csv_bytes([NEW | {"tax_number": number, "country": country}]))
    assert Client.objects.get().tax_number == number


@pytest.mark.parametrize(
    ("row", "refused"),
    [
        ({"city": "Ulm"}, False),
        ({"tax_number": "4711", "city": "Ulm"}, False),
        ({"tax_number": " 4711 ", "country": "Germany", "city": "Ulm"}, False),
        ({"country": "AT", "city": "Ulm"}, False),
        ({"tax_number": "4712"}, True),
        ({"tax_number": "4712", "country": "VN"}, False),
        ({"tax_number": RIGHT}, False),
        ({"tax_number": MISTYPED, "country": "VN"}, True),
    ],
)
def test_an_update_measures_only_a_number_that_it_changes_by_the_country_of_row_or_client(make_client, row, refused):
    old = make_client("Acme", legal_name="Acme GmbH", country="DE", tax_number="4711")
    run = imported(csv_bytes([NEW | row], tuple(NEW | row)))
    (staged,) = rows_of(run)
    assert staged.verdict == (Verdict.ERROR if refused else Verdict.CHANGED)
    old.refresh_from_db()
    assert old.tax_number == ("4711" if refused else row.get("tax_number", "4711").strip())


def test_the_tax_number_of_a_client_that_the_person_may_not_see_decides_nothing(make_client, make_staff):
    make_client("Acme", country="DE", tax_number="4711", restricted_to_responsible=True)
    boss = make_staff("manager")
    (same,) = rows_of(planned(csv_bytes([NEW | {"tax_number": "4711", "country": "DE"}]), by=boss))
    (other,) = rows_of(planned(csv_bytes([NEW | {"tax_number": "4712", "country": "DE"}]), by=boss))
    assert set(same.errors) == set(other.errors) == {"name", "tax_number"}


def test_the_demo_invents_numbers_that_keep_the_rules(db):
    sketches = [sketch for sketch in World(3).companies(60) if sketch.tax_number]
    assert len({sketch.tax_number for sketch in sketches}) == len(sketches) > 30
    assert [why_wrong(sketch.tax_number, sketch.country) for sketch in sketches] == [""] * len(sketches)
