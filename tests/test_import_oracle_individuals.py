"""Individual clients through `Resource.import_data` and through our engine: the same records, contacts, history and refusals (X16)."""

import random

import pytest

from clientdesk.rights import Role
from clients.models import Branch, Category, CompanyType, LeadSource
from intake.template_file import samples
from tests.oracle import assert_alike, both
from tests.test_import_oracle import POOL as CLIENTS

POOL = {key: texts for key, texts in CLIENTS.items() if ":" not in key} | {
    "first_name": ["", "Anna", " Zoë  Maria ", "x" * 101],
    "last_name": ["", "Meier", "O’Neil", "x" * 101, "x" * 100],
    "legal_name": ["", "", "Anna Meier", "Meier, Anna", "Cher", "山田 太郎", "&&&", "x" * 201, "Anna " + "x" * 101],
    "name": [
        "",
        "",
        "Acme",
        "Person One",
        "PERSON ONE",
        "One, Person",
        "Old One",
        "Secret One",
        "O’Neil, Anna",
        "-x",
        "a" * 101,
        "&&",
        "É",
    ],
    "company_type": ["", "Freelancer", "Partnership", "Ltd"],
}


@pytest.fixture
def boss(make_staff):
    return make_staff(Role.MANAGER)


def test_the_sample_gives_the_same_records(headquarters, boss):
    assert_alike(*both([*samples("individual")], boss, "individual"))


@pytest.mark.parametrize("seed", range(5))
def test_random_rows_give_the_same_records_and_refusals(headquarters, boss, make_client, make_staff, seed):
    Branch.objects.create(name="Stockholm", code="STO")
    Branch.objects.create(name="Lisbon", code="LIS", active=False)
    Category.objects.create(name="Key account")
    CompanyType.objects.create(name="Freelancer", fits="individual")
    CompanyType.objects.create(name="Partnership", fits="corporate")
    LeadSource.objects.create(name="Fair")
    make_client("Old One")
    make_client("Person One", kind="individual", first_name="Person", last_name="One", legal_name="Person One", external_id="OLD")
    secret = {"restricted_to_responsible": True, "project_manager": make_staff(Role.DESK), "external_id": "SEC"}
    make_client("Secret One", kind="individual", last_name="One", **secret)
    dice = random.Random(seed)
    records = []
    for number in range(50):
        record = {key: dice.choice(texts) if dice.random() < (0.7 if "name" in key else 0.3) else "" for key, texts in POOL.items()}
        if dice.random() < 0.5 and record["name"] not in {"Person One", "Old One", "Secret One"}:
            record["name"] = record["name"] and f"{record['name'][:90]} {number}"
            record["external_id"] = record["external_id"] and f"{record['external_id']}-{number}"
        records.append(record)
    assert_alike(*both(records, boss, "individual"))
