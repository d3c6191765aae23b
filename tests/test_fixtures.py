"""The dictionaries and the demo company that `make run` and the tests load."""

import pytest
from django.core.management import call_command

from clientdesk.models import NumberSequence
from clients.models import Branch, Category, Client, CompanyType
from contacts.models import Contact, Office, Position

DICTIONARIES = ["branches", "categories", "company_types", "positions"]


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


def test_loading_the_dictionaries_twice_changes_nothing(dictionaries):
    before = list(Category.objects.values())
    call_command("loaddata", *DICTIONARIES, verbosity=0)
    assert list(Category.objects.values()) == before


@pytest.mark.parametrize("model", [Branch, Category, CompanyType, Position, Client, Office, Contact])
def test_every_record_of_the_fixtures_obeys_the_rules_of_the_forms(demo_company, model):
    for record in model.objects.all():
        keys = {name: getattr(record, name) for name in ("name_key", "search_key", "sort_key") if hasattr(record, name)}
        record.full_clean()
        assert keys == {name: getattr(record, name) for name in keys}


def test_the_demo_company_has_offices_and_one_primary_contact(demo_company):
    assert [office.name for office in demo_company.offices.all()] == ["Headquarters", "Leipzig plant", "Vienna office"]
    assert demo_company.contacts.get(is_primary=True).full_name == "Anna Lindholm"
    assert all(contact.default_office in contact.offices.all() for contact in demo_company.contacts.all())


def test_the_fixtures_leave_client_numbers_to_new_clients(demo_company):
    assert not NumberSequence.objects.exists()
    client = Client(name="Aalto Medical", legal_name="Aalto Medical Oy", branch=Branch.preselected())
    client.register(None)
    assert client.number == "C-00001"
