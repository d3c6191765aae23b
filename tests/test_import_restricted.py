"""An import tells nothing of a restricted client to who may not see it, and never changes it (XD33); what a person may not give."""

import pytest
from django.contrib.contenttypes.models import ContentType
from django.urls import reverse

from clientdesk.models import Merge
from clientdesk.rights import Role
from clients.models import Category, Client, CompanyType
from intake import applying
from intake.models import Outcome, Verdict
from tests.importing import csv_bytes, imported, planned, rows_of, work_off

TAKEN = "A client of this name exists that you may not see. Choose another name."
SECRET = {"name": "Zobel Geheim", "legal_name": "Zobel Geheim AG", "external_id": "Z-1", "city": "Ulm"}


@pytest.fixture
def manager_user(make_staff):
    return make_staff(Role.MANAGER)


@pytest.fixture
def owner(make_staff):
    return make_staff(Role.MANAGER, "owner@desk.example")


@pytest.fixture
def secret(make_client, owner):
    """A restricted client that only `owner` sees."""
    return make_client(
        "Zobel Geheim", legal_name="Zobel Verborgen KG", external_id="Z-1", sales_person=owner, restricted_to_responsible=True
    )


@pytest.mark.parametrize(
    ("row", "errors"),
    [
        (
            {"name": "zobel GEHEIM", "legal_name": "X"},
            {"name": [TAKEN]},
        ),
        (
            {"name": "Other", "legal_name": "X", "external_id": "Z-1"},
            {"external_id": ["“Z-1” is the external ID of a client that you may not see. Use another."]},
        ),
    ],
)
def test_a_row_that_names_a_restricted_client_learns_only_that_the_name_is_taken(secret, manager_user, row, errors):
    run = planned(csv_bytes([row]), by=manager_user)
    [staged] = rows_of(run)
    assert staged.verdict == Verdict.ERROR
    assert staged.errors == errors
    assert staged.target_id is None
    assert staged.changes is None


def test_who_is_responsible_for_a_restricted_client_imports_it(secret, owner):
    imported(csv_bytes([SECRET]), by=owner)
    secret.refresh_from_db()
    assert secret.city == "Ulm"


def test_a_client_restricted_after_the_review_is_not_changed(make_client, manager_user, owner):
    client = make_client("Zobel Geheim", external_id="Z-1")
    run = planned(csv_bytes([SECRET]), by=manager_user)
    Client.objects.filter(pk=client.pk).update(restricted_to_responsible=True, sales_person=owner)
    applying.start(run.pk, manager_user)
    work_off()
    [row] = rows_of(run)
    assert row.outcome == Outcome.FAILED
    assert row.errors == {"name": [TAKEN]}
    client.refresh_from_db()
    assert client.city == ""


def test_the_review_and_the_result_of_another_person_show_nothing_of_it(secret, owner, manager_user, as_user):
    run = planned(csv_bytes([SECRET, {"name": "Plain", "legal_name": "Plain Ltd."}]), by=owner)
    page = as_user(manager_user).get(reverse("intake:review", args=[run.pk])).content.decode()
    assert "Plain" in page
    assert "A client that you may not see" in page
    assert "Zobel" not in page
    applying.start(run.pk, owner)
    work_off()
    page = as_user(manager_user).get(reverse("intake:result", args=[run.pk]) + "?show=updated").content.decode()
    assert "Zobel" not in page
    assert "Zobel" in as_user(owner).get(reverse("intake:result", args=[run.pk]) + "?show=updated").content.decode()


def test_only_categories_that_the_person_may_give_are_taken(make_client, manager_user, make_staff):
    """SD4: what is on a client stays, what others give is refused with what to do."""
    barred = Category.objects.create(name="Key account", roles=[Role.ADMINISTRATOR])
    make_client("Has it", category=barred, legal_name="Old")
    run = planned(
        csv_bytes(
            [{"name": "New", "legal_name": "New", "category": "key account"}, {"name": "Has it", "category": "Key account", "city": "Ulm"}]
        ),
        by=manager_user,
    )
    new, same = rows_of(run)
    assert new.errors == {
        "category": ["The category “Key account” is for others to give. Choose one that you may use, or ask an administrator."]
    }
    assert same.changes == {"city": ["", "Ulm"]}
    boss = make_staff(Role.ADMINISTRATOR)
    imported(csv_bytes([{"name": "New 2", "legal_name": "New", "category": "Key account"}]), by=boss)
    assert Client.objects.get(name="New 2").category == barred


def test_a_company_type_of_individuals_is_refused(headquarters):
    """S10."""
    CompanyType.objects.create(name="Freelancer", fits="individual")
    [row] = rows_of(planned(csv_bytes([{"name": "New", "legal_name": "New", "company_type": "freelancer"}])))
    assert row.errors == {"company_type": ["“Freelancer” is a type of individual clients. Choose one for corporate clients."]}


def test_numbers_follow_the_mask_of_the_company_type_and_step_over_those_that_were_given(make_client):
    """S12, SD5, invariant 2: typed numbers and those of merged clients are never given again."""
    types = [CompanyType.objects.create(name=name, id_mask="T-{seq:3}") for name in ("First", "Second")]
    make_client("Typed", number="C-00002")
    make_client("Typed too", number="T-001")
    Merge.objects.create(
        content_type=ContentType.objects.get_for_model(Client),
        winner_id=1, loser_id=10**6, loser_name="Gone", loser_name_key="gone", loser_number="C-00003",
    )  # fmt: skip
    kinds = ["", "", types[0].name, types[1].name, types[0].name, ""]
    imported(csv_bytes([{"name": f"New {place}", "legal_name": "New", "company_type": kind} for place, kind in enumerate(kinds)]))
    found = dict(Client.objects.filter(name__startswith="New").values_list("name", "number"))
    assert [found[f"New {place}"] for place in range(6)] == ["C-00001", "C-00004", "T-002", "T-003", "T-004", "C-00005"]
    assert make_client("After", company_type=types[0]).number == "T-005"
    assert make_client("After too").number == "C-00006"
