"""Contact persons through `Resource.import_data` and through our engine: the same records, history and refusals."""

import random

import pytest

from clientdesk.rights import Role
from clients.models import CustomField, LeadSource
from contacts.models import Contact, Position, UnwantedAddress
from intake.models import ImportRun
from intake.template_file import samples
from tests.importing import csv_bytes, imported
from tests.oracle import assert_alike, both

# What is right in a cell, and what is wrong there or leads elsewhere.
RIGHT = {
    "phone": ["030 901820", "+1 212 555 2368"],
    "mobile": ["0171 9018201"],
    "fax": ["+49 30 901821"],
    "position": ["Buyer", "buyer "],
    "department": ["Sales", "SALES", "New  Team", "new team", "Newer Team"],
    "gender": ["f", "Herr"],
    "language": ["de", "German", "Deutsch"],
    "mother_tongues": ["de, pl", "Polish; German;polnisch"],
    "no_crm_emails": ["yes", "nein"],
    "use_client_address": ["yes"],
    "more_emails": ["a@b.example (CC); c@d.example"],
    "more_phones": ["030 901820 (Office)", "+49 30 901820"],
    "sms_enabled": ["yes", "no"],
    "street": ["Amselweg  3"],
    "postal_code": ["01067"],
    "city": ["Köln"],
    "country": ["DE"],
    "notes": ["First line\nsecond line"],
    "lead_source": ["Fair", "fair "],
    "first_contact_on": ["2026-11-30", "30 November 2026"],
    "sales_notes": ["Call on Mondays"],
    "custom:shoe": ["44", "44.0"],
    "custom:badge": ["A-1"],
    "external_id": ["E1", "E2", "E3", "E4"],
}
WRONG = {
    "client_number": ["C-00001", "C-00002", "C-99999"],
    "client_name": ["Nobody & Co", "Acme Sons", "Zeta", "Person One", "Person Two", "Person Two", "Secret One", "Acme-Sons", ""],
    "client_email": ["office@acme.example", "Twin@Both.example", "none@acme.example"],
    "first_name": ["x" * 101, ""],
    "last_name": ["", "x" * 101, "Lang"],
    "email": ["no mail", "secret@s.example", "twin@acme.example", "ADA@acme.example", ""],
    "external_id": ["OLD", "SEC", "TWO"],
    "phone": ["12"],
    "position": ["Retired", "Moon"],
    "department": ["Old Team", "x" * 121],
    "office": ["Plant", "Closed", "Moon", "headquarters"],
    "gender": ["cat"],
    "language": ["Klingon"],
    "mother_tongues": ["elvish"],
    "no_crm_emails": ["perhaps"],
    "more_emails": ["no mail", "a@b.example (Office)"],
    "more_phones": ["12 (Office)"],
    "use_client_address": ["no"],
    "country": ["Atlantis"],
    "lead_source": ["Faded", "Moon"],
    "first_contact_on": ["yesterday"],
    "custom:shoe": ["x"],
}
KNOWN = (
    {"client_name": "Acme", "first_name": "Ada", "last_name": "Krämer", "email": "ada@acme.example", "external_id": "OLD"},
    {"client_number": "C-00001", "first_name": "Bo", "last_name": "Lang", "email": "BO@acme.example", "office": "plant "},
    {"client_name": "Zeta", "first_name": "Sam", "last_name": "Meier", "email": "Sam@Zeta.example", "external_id": "TWO"},
    {"client_name": "Person One", "first_name": "Person", "last_name": "One", "email": "", "external_id": "ONE"},
)


def rows(dice: random.Random, count: int) -> list[dict[str, str]]:
    """Return rows about known and new people, each with one thing wrong now and then."""
    found = []
    for number in range(count):
        record = {"client_name": dice.choice(["Acme", "ACME ", "Zeta"]), "last_name": f"Neu {number}", "email": f"p{number}@new.example"}
        if number < len(KNOWN) and dice.random() < 0.8:
            record = dict(KNOWN[number])
        elif record["client_name"] != "Zeta" and dice.random() < 0.5:
            record["office"] = "Plant"
        record |= {name: dice.choice(texts) for name, texts in RIGHT.items() if dice.random() < 0.25 and not record.get(name)}
        record["external_id"] = record.get("external_id", "") and (record["external_id"] if number < 4 else f"E{number}")
        if dice.random() < 0.4:
            name = dice.choice(list(WRONG))
            record[name] = dice.choice(WRONG[name])
        found.append(record)
    dice.shuffle(found)
    return found


@pytest.fixture
def boss(make_staff):
    return make_staff(Role.MANAGER)


@pytest.fixture
def people(make_client, make_staff):
    """Clients of each sort with people of each sort."""
    acme, zeta = make_client("Acme", email="office@acme.example"), make_client("Zeta", email="twin@both.example", country="")
    make_client("Acme Sons", email="twin@both.example")
    make_client("Person One", kind="individual", first_name="Person", last_name="One", email="")
    Contact.objects.update(external_id="ONE")
    bare = make_client("Person Two", kind="individual", last_name="Two", email="")
    bare.contacts.update(active=False, is_primary=False)
    secret = make_client("Secret One", restricted_to_responsible=True, project_manager=make_staff(Role.DESK), email="")
    plant = acme.offices.create(name="Plant")
    acme.offices.create(name="Closed", active=False)
    for client in (acme, zeta):
        client.departments.create(name="Sales")
    acme.departments.create(name="Old Team", active=False)
    Position.objects.create(name="Buyer")
    retired = Position.objects.create(name="Retired", active=False)
    LeadSource.objects.create(name="Fair")
    faded = LeadSource.objects.create(name="Faded", active=False)
    for number in (5, 8, 11, 14):
        UnwantedAddress.objects.keep(f"p{number}@new.example")
    register = acme.contacts.register
    register(acme, first_name="Ada", last_name="Krämer", email="ada@acme.example", external_id="OLD", position=retired, country="DE")
    bo = register(
        acme, first_name="Bo", last_name="Lang", email="bo@acme.example", default_office=plant, offices=[plant], custom={"shoe": "44"}
    )
    bo.deactivate()
    register(acme, last_name="Lang", email="twin@acme.example", lead_source=faded, sales_notes="old")
    register(acme, first_name="Anna", last_name="Lang", email="Twin@acme.example", use_client_address=False, street="Old 1")
    zeta.contacts.register(zeta, first_name="Sam", last_name="Meier", email="sam@zeta.example", external_id="TWO")
    secret.contacts.register(secret, last_name="Hidden", email="secret@s.example", external_id="SEC")
    CustomField.objects.create(entity="contact", key="shoe", label="Shoe", kind="number")
    CustomField.objects.create(entity="contact", key="badge", label="Badge", kind="text")
    return acme


def test_the_sample_gives_the_same_records(headquarters, boss):
    imported(csv_bytes(samples("corporate")))
    assert_alike(*both([*samples("contact")], boss, "contact"))


@pytest.mark.parametrize(("seed", "key"), [(0, "email"), (1, "email"), (2, "email"), (3, "name"), (4, "name"), (5, "external_id")])
def test_random_rows_give_the_same_records_and_refusals(people, boss, seed, key):
    assert_alike(*both(rows(random.Random(seed), 45), boss, "contact", key=key))
    assert min(ImportRun.objects.get().figures[name] for name in ("created", "failed")) > 5


def test_people_of_one_client_need_no_link(people, boss):
    """XD2: the import is started from the client's page."""
    records = [
        {"first_name": "Ada", "last_name": "Krämer-Lang", "email": "ada@acme.example", "department": "New Team"},
        {"last_name": "Neu", "email": "neu@acme.example", "office": "Plant"},
        {"last_name": "Else", "client_name": "Zeta"},
    ]
    assert_alike(*both(records, boss, "contact", client=people))
