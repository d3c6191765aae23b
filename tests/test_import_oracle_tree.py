"""A company tree through `Resource.import_data` and through our engine: the same records and history, the same refused rows."""

import random

import pytest

from clientdesk.rights import Role
from clients.models import Branch, CustomField, Industry, LeadSource
from intake.models import ImportRun
from intake.template_file import samples
from tests.importing import in_order
from tests.oracle import both

CLIENTS = ("Acme", "Zeta", "Neu One", "Neu Two", "Neu Three", "Neu Four", "Neu Five", "Neu Six")
OFFICES = ("Plant", "Seat", "Lager Süd", "Headquarters")
# What each record says wherever one of its rows says it.
FACTS = {
    "client": {
        "client_city": ["Ulm", "Köln"], "client_country": ["DE", "France"], "client_phone": ["030 901820", "+1 212 555 2368"],
        "client_email": ["a@b.example"], "client_status": ["potential"], "client_industries": ["Energy, Law"],
        "client_more_emails": ["a@b.example (CC)"], "client_more_phones": ["030 901823 (Office)"], "client_post_city": ["Bonn"],
        "client_sales_person": ["Manager Dahl"], "client_potential_annual_revenue": ["12.50"],
        "client_custom:motto": ["Go", " On  and on "],
    },
    "office": {
        "office_city": ["Bonn", "Lyon "], "office_phone": ["030 901821"], "office_email": ["s@b.example"], "office_country": ["FR", ""],
        "office_province": ["NRW"],
    },
    "department": {"department_email": ["d@b.example"], "department_phone": ["+49 30 901822"]},
    "person": {
        "person_mobile": ["0171 9018201"], "person_gender": ["f", "Herr"], "person_language": ["de"], "person_no_crm_emails": ["yes"],
        "person_more_phones": ["030 901824"], "person_mother_tongues": ["de, pl"], "person_sms_enabled": ["yes"],
        "person_lead_source": ["Fair"], "person_first_contact_on": ["2026-11-30"], "person_sales_notes": ["Call on Mondays"],
        "person_custom:shoe": ["44", "41.50"],
    },
}  # fmt: skip
WRONG = {
    "client_name": ["", "Cher", "Secret One", "-x", "(("],
    "client_city": ["x" * 201, "Elsewhere"],
    "client_phone": ["12"],
    "client_industries": ["Moon", "Law"],
    "client_more_phones": ["12", "030 901825"],
    "client_legal_name": ["x" * 201, "Another Name"],
    "client_custom:motto": ["x" * 501],
    "office_name": ["", "Closed", "x" * 121],
    "office_headquarters": ["perhaps", "yes"],
    "office_email": ["no mail"],
    "department_name": ["", "Old Team"],
    "person_last_name": ["", "x" * 101],
    "person_email": ["no mail", "other@p.example"],
    "person_mobile": ["12"],
    "person_language": ["Klingon"],
    "person_custom:shoe": ["x"],
    "person_external_id": ["OLD", "TWICE", "TWICE"],
    "client_external_id": ["C1", "C2"],
}


def rows(dice: random.Random, count: int) -> list[dict[str, str]]:
    """Return rows of some trees; what one says of a record another repeats or leaves out, and now and then one thing is wrong."""
    facts: dict[tuple[str, ...], dict[str, str]] = {}
    found = []
    for number in range(count):
        client = dice.choice(CLIENTS)
        person = dice.randrange(number // 2 + 1)
        chosen = random.Random(f"{client}{person}")
        record = {"client_name": dice.choice([client, client.upper()]), "client_legal_name": f"{client} Ltd."}
        spots = [("client", client)]
        if chosen.random() < 0.6:
            record["office_name"] = chosen.choice(OFFICES)
            spots.append(("office", client, record["office_name"]))
        if chosen.random() < 0.5:
            record["department_name"] = chosen.choice(["Sales", "Lab"])
            spots.append(("department", client, record["department_name"]))
        if chosen.random() < 0.8:
            record |= {"person_first_name": "P", "person_last_name": f"Neu {person}"}
            record["person_email"] = chosen.choice(["", f"p{person}@{client.split()[-1].lower()}.example"])
            spots.append(("person", client, str(person)))
        for spot in spots:
            known = facts.setdefault(spot, {key: dice.choice(texts) for key, texts in FACTS[spot[0]].items() if dice.random() < 0.4})
            record |= {key: text for key, text in known.items() if dice.random() < 0.7}
        if record.get("office_name") == "Seat":
            record["office_headquarters"] = "yes"
        if dice.random() < 0.15:
            key = dice.choice(list(WRONG))
            record[key] = dice.choice(WRONG[key])
        found.append(record)
    return found


@pytest.fixture
def boss(make_staff, headquarters):
    return make_staff(Role.MANAGER)


@pytest.fixture
def trees(make_client, make_staff):
    """Clients with places and people of each sort."""
    CustomField.objects.create(entity="client", key="motto", label="Motto", kind="text")
    for name in ("Energy", "Law"):
        Industry.objects.create(name=name)
    CustomField.objects.create(entity="contact", key="shoe", label="Shoe", kind="number")
    LeadSource.objects.create(name="Fair")
    Branch.objects.update(country="DE")
    acme = make_client("Acme", legal_name="Acme Ltd.", city="Ulm", custom={"motto": "Go"})
    make_client("Cher", kind="individual", last_name="Cher", email="")
    make_client("Secret One", restricted_to_responsible=True, project_manager=make_staff(Role.DESK), email="")
    acme.offices.create(name="Plant", city="Bonn")
    acme.offices.create(name="Closed", active=False)
    acme.departments.create(name="Old Team", active=False)
    acme.departments.create(name="Lab")
    register = acme.contacts.register
    register(acme, first_name="P", last_name="Neu 0", email="p0@acme.example", custom={"shoe": "44"})
    register(acme, first_name="P", last_name="Neu 1", gender="female")
    register(acme, last_name="Old", external_id="OLD")


def assert_alike(stock: tuple, ours: tuple) -> None:
    """Both refused the same rows and made the same records with the same history."""
    assert set(stock[1]) == set(ours[1]), {line: (stock[1].get(line), ours[1].get(line)) for line in set(stock[1]) ^ set(ours[1])}
    for change in (*stock[0]["changes"], *ours[0]["changes"]):
        # What the headquarters was called when a person came to it is a matter of the order of the rows.
        change["repr"] = change["repr"] if change["model"] != "contactoffice" else ""
    for part, records in stock[0].items():
        assert sorted(ours[0][part], key=in_order) == sorted(records, key=in_order), part


def test_the_sample_gives_the_same_records(boss):
    assert_alike(*both([*samples("tree")], boss, "tree"))


@pytest.mark.parametrize("seed", range(4))
def test_random_rows_give_the_same_records_and_the_same_refused_rows(trees, boss, seed):
    assert_alike(*both(rows(random.Random(seed), 60), boss, "tree"))
    assert min(ImportRun.objects.get().figures[name] for name in ("created", "failed")) > 5
