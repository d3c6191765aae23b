"""The same rows through import-export's own `Resource.import_data` and through our engine: the same records, history and refusals."""

import random

import pytest

from clientdesk.models import User
from clientdesk.rights import Role
from clients.models import Branch, Category, ClientIndustry, CompanyType, CustomField, Industry, LeadSource, Responsible
from intake.demo.rows import rows
from tests.oracle import assert_alike, both


@pytest.fixture
def lists(headquarters):
    """The settings lists that the rows name."""
    for name in ("Stockholm", "Lisbon"):
        Branch.objects.create(name=name, code=name[:3].upper(), active=name != "Lisbon")
    for name in ("Key account", "Regular"):
        Category.objects.create(name=name)
    for name in ("Limited company", "Partnership"):
        CompanyType.objects.create(name=name)


@pytest.fixture
def boss(make_staff):
    return make_staff(Role.MANAGER)


def test_the_demo_rows_give_the_same_records_and_refusals(lists, boss, make_client):
    records = list(rows(80, seed=3))
    for record in records[::9]:
        make_client(record["name"], legal_name="Old", email="", country="")
    assert_alike(*both(records, boss))


POOL = {
    "name": [
        "Acme",
        "ACME",
        " acme ",
        "Bär & Söhne",
        "Bär",
        "Zeta 1",
        "Ζήτα",
        "株式会社 山田",
        "",
        "",
        "-x",
        "a" * 101,
        "Old One",
        "Old Two",
        "Old Three",
        "Person One",
        "Secret One",
        "É",
    ],
    "legal_name": ["Acme & Sons <b>", "", "  Zeta   GmbH ", "&&&", "Old One", "x" * 201, "山田株式会社"],
    "external_id": ["", "", "", "E1", "E2", "E3", " e1 ", "OLD", "SEC"],
    "status": ["", "Active", "aktiv", "potential", "INACTIVE", "asleep"],
    "email": ["", "a@b.example", "A@B.Example", "no mail", "a@b", " x@y.example "],
    "phone": ["", "+49 30 901820", "030 901820", "12", "+1 212 555 2368", "＋４９ 30 901820"],
    "website": ["", "www.acme.example", "https://acme.example/a", "ftp://x.example", "javascript:alert(1)"],
    "country": ["", "DE", "Germany", "Deutschland", "Alemania", "Atlantis", "uk"],
    "branch": ["", "Berlin", "BER", "stockholm", "Lisbon", "LIS", "Moon"],
    "category": ["", "Key account", "key  account", "Law", "Board"],
    "company_type": ["", "Partnership", "Ltd", "Freelancer", "Numbered"],
    "tax_number": ["", "DE136695976", "DE136695977", "4711", "x" * 31],
    "street": ["", "  Lange   Straße 7 ", "a\tb"],
    "postal_code": ["", "01067", "0" * 21],
    "city": ["", "Köln", "Ko\u0308ln"],
    "street2": ["", "3rd floor"],
    "province": ["", " Bavaria"],
    "mobile": ["", "0171 9018201", "12"],
    "fax": ["", "+49 30 901821"],
    "contract_number": ["", "V-1"],
    "lead_source": ["", "Fair", "Moon"],
    "notes": ["", "First line\nsecond line", "plain"],
    "industries": ["", "Energy", "energy; Transport, logistics", "Energy, Law", "Transport, logistics", "Moon, Energy", ", ,"],
    "first_contact_on": ["", "2026-11-30", "30 November 2026", "2026-02-30", "yesterday", "0026-01-01"],
    "potential_annual_revenue": ["", "1500", "1500.5", "-1", "0.001", "1" * 13, "a lot", "-0"],
    "potential_annual_revenue_on": ["", "", "2025-01-31", "soon"],
    "sales_person": ["", "sam@desk.example", "SAM SALES", "Sales, Sam", "Left Long Ago", "Nobody", "Twin Twin", "twin2@desk.example"],
    "project_manager": ["", "Sam Sales"],
    "responsible": ["", "Sam Sales", "sam@desk.example; Twin Twin", "sam@desk.example, twin1@desk.example, Sam Sales", "Left Long Ago"],
    "sales_notes": ["", "Call on Mondays"],
    "budget_codes": ["", "A-1", "A-1; B-2,A-1", "A-1\nB,2", ";", "x" * 4001],
    "budget_code_required": ["", "yes", "Nein", "perhaps"],
    "language": ["", "de", "French", "Deutsch", "Klingon"],
    "no_crm_emails": ["", "Yes", "0"],
    "restricted_to_responsible": ["", "yes", "no", "perhaps"],
    "more_tax_numbers": ["", "12/345 (National); 7", "a (b) (c)", "x" * 31],
    "use_billing_address": ["", "", "yes", "no", "perhaps"],
    "post_street": ["", " Postfach  7 ", "x" * 201],
    "post_city": ["", "Bonn"],
    "post_country": ["", "DE", "Atlantis"],
    "more_emails": ["", "a@b.example (CC); c@d.example", "A@B.Example, a@b.example", "a@b.example (Office)", "no mail"],
    "cc_contact_emails": ["", "yes", "perhaps"],
    "more_phones": ["", "030 901820 (Office, left); +49 30 901821", "(030) 901820", "12 (x)", "+49 30 901820; 030 901820"],
    "sms_enabled": ["", "yes", "no"],
    "more_websites": ["", "www.acme.example/a;b https://acme.example/(c), www.x.example", "ftp://x.example"],
    "custom:since": ["", "", "2026-11-30", "2026-11-30 00:00:00", "yesterday"],
    "custom:rate": ["", "1.50", "-0", "many"],
    "custom:signed": ["", "yes", "No", "perhaps"],
    "custom:tools": ["", "Trados, memoQ", "memoq", "Trados,Word"],
    "custom:rank": ["", "Gold", "silver", "Tin"],
    "custom:licence": ["", "", "L-1"],
    "custom:met": ["", "2026-11-30 14:05", "soon"],
}


MAIN = set(list(POOL)[:15])


def custom_fields() -> None:
    """Make one custom field of each kind; the licence is asked of key accounts only, the rank is required of limited companies."""
    kinds = {
        "since": ("date", {}),
        "rate": ("number", {}),
        "signed": ("checkbox", {}),
        "tools": ("choices", {"options": ["Trados", "memoQ"]}),
        "rank": ("choice", {"options": ["Gold", "Silver"], "required": True, "company_type": CompanyType.objects.get(name="Partnership")}),
        "licence": ("text", {"category": Category.objects.get(name="Key account")}),
        "met": ("moment", {}),
    }
    for key, (kind, more) in kinds.items():
        CustomField.objects.create(entity="client", key=key, label=key.title(), kind=kind, **more)


def staff_of_the_pool(make_staff) -> dict[str, User]:
    """Make the members of staff that the rows name: one who left, and two of one name."""
    people = {"sam": ("Sam", "Sales"), "left": ("Left", "Long Ago"), "twin1": ("Twin", "Twin"), "twin2": ("Twin", "Twin")}
    return {
        key: make_staff(Role.DESK, f"{key}@desk.example", first_name=first, last_name=last, is_active=key != "left")
        for key, (first, last) in people.items()
    }


def industries_of_the_pool() -> list[Industry]:
    """Make the industries that the rows name; the second one is not offered any more."""
    return [Industry.objects.create(name=name, active=name != "Law") for name in ("Energy", "Law", "Transport, logistics")][:2]


@pytest.mark.parametrize("seed", range(12))
def test_random_rows_give_the_same_records_and_refusals(lists, boss, make_client, make_staff, seed):
    sam = staff_of_the_pool(make_staff)
    energy, law = industries_of_the_pool()
    one = make_client("Old One", external_id="OLD", email="", country="DE", potential_annual_revenue=1500, sales_person=sam["left"],
                      post_street="Old 1", more_emails=[{"address": "a@b.example", "cc": True}])  # fmt: skip
    for industry in (energy, law):
        ClientIndustry.objects.create(client=one, industry=industry)
    Responsible.objects.create(client=one, user=sam["left"])
    make_client("Old Two", status="inactive", tax_number="4711", country="DE", branch=Branch.objects.get(code="LIS"))
    make_client("Person One", kind="individual", last_name="One")
    make_client("Secret One", external_id="SEC", restricted_to_responsible=True, project_manager=make_staff(Role.DESK))
    Category.objects.create(name="Board", roles=[Role.ADMINISTRATOR])
    LeadSource.objects.create(name="Fair")
    custom_fields()
    make_client("Old Three", custom={"rate": "1.5", "tools": ["memoQ"], "licence": "old"})
    CompanyType.objects.create(name="Freelancer", fits="individual")
    CompanyType.objects.create(name="Numbered", id_mask="N-{seq:3}")
    dice = random.Random(seed)
    records = []
    for number in range(40):
        record = {key: dice.choice(texts) if dice.random() < (0.6 if key in MAIN else 0.15) else "" for key, texts in POOL.items()}
        if dice.random() < 0.7:
            record["name"] = record["name"] and f"{record['name'][:90]} {number}"
            record["external_id"] = record["external_id"] and f"{record['external_id']}-{number}"
        if dice.random() < 0.6:
            record["legal_name"] = record["legal_name"] or "Some Legal Name"
        records.append(record)
    assert_alike(*both(records, boss))
