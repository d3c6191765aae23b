"""The dictionaries and the demo company that `make run` and the tests load."""

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command

from clientdesk.models import NumberSequence
from clientdesk.rights import Role
from clients import custom
from clients.models import Branch, Category, Client, CompanyType, CustomField
from clients.tax_numbers import why_wrong
from contacts.models import Contact, Office, SocialNetwork

DICTIONARIES = list(settings.DICTIONARIES)


@pytest.fixture
def dictionaries(db):
    call_command("loaddata", *DICTIONARIES, verbosity=0)


@pytest.fixture
def demo_company(dictionaries) -> Client:
    call_command("loaddata", "demo_company", verbosity=0)
    return Client.objects.get()


def test_a_new_installation_has_one_branch_the_headquarters(dictionaries):
    branch = Branch.objects.get()
    assert (branch.name, branch.is_headquarters, Branch.preselected()) == ("Headquarters", True, branch)


def test_the_first_way_in_makes_the_headquarters_where_there_is_none(db, capsys):
    """XD36."""
    for address in ("ingrid@desk.example", "tarik@desk.example"):
        call_command("create_staff", address, role=Role.ADMINISTRATOR)
    branch = Branch.objects.get()
    assert (branch.name, branch.is_headquarters, branch.active) == ("Headquarters", True, True)


def test_trees_masks_steps_and_addresses_are_those_that_the_forms_take(dictionaries):
    assert Category.objects.get(name="Hospitals").path == "Healthcare › Hospitals"
    assert {step for kind in CompanyType.objects.all() for step in kind.steps} == set(CompanyType.Step.values)
    assert CompanyType.objects.get(name="Contractor").id_mask == "CONT-{seq:4}"
    assert SocialNetwork.objects.get(name="LinkedIn").address_of("anna-b") == "https://www.linkedin.com/in/anna-b"


def test_the_custom_values_of_the_demo_company_are_of_their_fields(demo_company):
    contact = demo_company.contacts.get(is_primary=True)
    assert ("Support level", "Priority") in custom.facts(demo_company, demo_company.company_type, demo_company.category)
    assert ("Interests", "Products, Events") in custom.facts(contact, demo_company.company_type, demo_company.category)


def test_loading_the_dictionaries_twice_changes_nothing(dictionaries):
    before = list(Category.objects.values())
    call_command("loaddata", *DICTIONARIES, verbosity=0)
    assert list(Category.objects.values()) == before


@pytest.mark.parametrize("model", [*map(apps.get_model, settings.DICTIONARIES.values()), CustomField, Client, Office, Contact])
def test_every_record_of_the_fixtures_obeys_the_rules_of_the_forms(demo_company, model):
    assert model.objects.exists()
    for record in model.objects.all():
        keys = {name: getattr(record, name) for name in ("name_key", "label_key", "search_key", "sort_key") if hasattr(record, name)}
        record.full_clean()
        assert keys == {name: getattr(record, name) for name in keys}


def test_the_demo_company_has_offices_and_one_primary_contact(demo_company):
    assert [office.name for office in demo_company.offices.all()] == ["Headquarters", "Leipzig plant", "Vienna office"]
    assert demo_company.contacts.get(is_primary=True).full_name == "Anna Lindholm"
    assert all(contact.default_office in contact.offices.all() for contact in demo_company.contacts.all())


def test_the_tax_number_of_the_demo_company_is_one_of_its_country(demo_company):
    """XD3: its edit forms can be saved as they are."""
    assert demo_company.tax_number
    assert why_wrong(demo_company.tax_number, demo_company.country) == ""


def test_the_fixtures_leave_client_numbers_to_new_clients(demo_company):
    assert not NumberSequence.objects.exists()
    client = Client(name="Aalto Medical", legal_name="Aalto Medical Oy", branch=Branch.preselected())
    client.register(None)
    assert client.number == "C-00001"
