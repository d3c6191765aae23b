"""What `manage.py` offers: demo data, the first sign-in, the list of routes."""

import io
import json

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.management import CommandError, call_command
from django.db import transaction

from clientdesk import preferences
from clientdesk.models import AccessLink, Change, User
from clientdesk.rights import Role
from clients.models import Branch, Category, Client, Company, CustomField, DuplicatePair
from contacts.models import Contact, ContactFormats, Office, SocialAccount
from intake.demo.rows import KEYS, WRONG, rows, wrong_places
from intake.demo.sketches import World
from intake.demo.storing import register, store
from intake.management.commands.demo import PASSPHRASE


def run(*words: str, **options: object) -> str:
    """Run a command and return what it printed."""
    printed = io.StringIO()
    call_command(*words, stdout=printed, **options)
    return printed.getvalue()


@pytest.fixture
def small_demo(db, settings) -> str:
    settings.DEBUG = True
    return run("demo")


def test_demo_prints_sign_ins_that_work(small_demo):
    for role in Role.values:
        assert f"{role}@desk.example" in small_demo
        assert User.objects.by_address(f"{role}@desk.example").check_password(PASSPHRASE)
    assert "anna.lindholm@gruenwald.example" in small_demo
    assert PASSPHRASE in small_demo


def test_demo_data_are_what_forms_would_accept(small_demo):
    for record in [*Client.objects.all(), *Office.objects.all(), *Contact.objects.all()]:
        record.full_clean()


def test_demo_shows_what_pages_must_bear(small_demo):
    assert Client.objects.filter(contacts=None).exists()
    assert Client.objects.filter(email="").exists()
    assert max(len(name) for name in Client.objects.values_list("name", flat=True)) > 90
    assert Contact.objects.filter(client__name="Fjordkraft Offshore").count() == 40
    assert {"active", "potential", "inactive"} == set(Client.objects.values_list("status", flat=True))
    letters = "".join(Client.objects.values_list("name", flat=True))
    assert all(any(low <= sign <= high for sign in letters) for low, high in ["אي", "Ая", "Αω", "一龥", "가힣", "अह"])


def test_demo_shows_what_the_profile_the_lists_and_the_radar_have_to_show(small_demo):
    assert Category.objects.exclude(parent=None).exists()
    assert CustomField.objects.exists()
    assert Client.objects.exclude(custom={}).exclude(sales_person=None).filter(client_industries__isnull=False).exists()
    assert Client.objects.get(restricted_to_responsible=True).sales_person is not None
    assert Company.objects.without_client().count() == 3
    assert DuplicatePair.objects.filter(state=DuplicatePair.State.OPEN).count() == 2
    assert not Client.objects.filter(kind="corporate", company=None).exists()


def test_demo_fills_the_profiles_of_contacts(small_demo):
    for account in SocialAccount.objects.select_related("network"):
        account.full_clean()
        assert not account.network.prefix or account.url.startswith("https://")
    assert SocialAccount.objects.filter(preferred=True).count() > 5
    assert Contact.objects.exclude(photo="").exists()
    assert Contact.objects.filter(use_client_address=False).exclude(street="").exists()
    assert Contact.objects.exclude(mother_tongues=[]).exists()
    assert {formats.date_format for formats in ContactFormats.objects.filter(use_own=True)} <= set(preferences.DATES)
    assert ContactFormats.objects.exists()


def test_a_second_demo_adds_nothing_unless_told(small_demo):
    before = Client.objects.count()
    assert "clients already" in run("demo")
    assert Client.objects.count() == before
    run("demo", add=True, seed=2)
    assert Client.objects.count() == before + 60


def test_without_debug_the_demo_makes_no_sign_in(db):
    assert "create_staff" in run("demo")
    assert not User.objects.exists()


def test_the_same_seed_gives_the_same_clients_and_another_gives_others():
    first, again, other = (list(World(seed).clients(50)) for seed in (3, 3, 4))
    assert first == again
    assert first != other


def test_many_clients_stored_in_bulk_equal_those_registered_one_by_one(headquarters):
    seen = []
    for save in (register, store):
        with transaction.atomic():
            save(World(5).clients(40), None)
            seen.append([_told(client) for client in Client.objects.order_by("name_key")])
            transaction.set_rollback(True)
    assert seen[0] == seen[1]


def _told(client: Client) -> tuple:
    people = sorted(
        (str(c), c.email, c.is_primary, c.default_office.name, [o.name for o in c.offices.all()]) for c in client.contacts.all()
    )
    offices = [(o.name, o.city, o.parent and o.parent.name) for o in client.offices.all()]
    departments = [(d.name, d.email, d.office.name, sorted(map(str, d.contacts.all()))) for d in client.departments.all()]
    return client.name, client.legal_name, client.search_key, str(client.phone), offices, departments, people


def test_demo_clients_have_a_history(small_demo):
    assert Change.objects.filter(content_type=ContentType.objects.get_for_model(Client)).exists()


def test_rows_of_a_spreadsheet_have_different_names_and_a_handful_of_wrong_ones():
    made = list(rows(700, seed=2))
    assert len({row["name"] for row in made}) == 700
    assert all(tuple(row) == KEYS for row in made)
    assert [made[place][column] for place, (column, text) in wrong_places(700).items()] == [text for column, text in WRONG]


def test_create_staff_prints_a_link_and_a_later_one_replaces_it(db, settings):
    settings.PUBLIC_BASE_URL = "https://desk.example.com"
    first = run("create_staff", "ingrid@desk.example", role="administrator", first_name="Ingrid").strip()
    assert first.startswith("https://desk.example.com/account/link/")
    second = run("create_staff", "ingrid@desk.example", role="administrator").strip()
    states = [AccessLink.objects.by_token(link.rstrip("/").rpartition("/")[2]).state for link in (first, second)]
    assert states == [AccessLink.State.VOIDED, AccessLink.State.OPEN]
    assert User.objects.get().role == Role.ADMINISTRATOR


def test_create_staff_takes_a_password_from_standard_input(db, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO("seven quiet rivers meet\n"))
    run("create_staff", "ingrid@desk.example", role="reader", password_stdin=True)
    assert User.objects.get().check_password("seven quiet rivers meet")


def test_a_password_from_standard_input_ends_the_link_that_was_printed_before(db, monkeypatch):
    printed = run("create_staff", "ingrid@desk.example", role="reader").strip()
    monkeypatch.setattr("sys.stdin", io.StringIO("seven quiet rivers meet\n"))
    run("create_staff", "ingrid@desk.example", role="reader", password_stdin=True)
    assert AccessLink.objects.by_token(printed.rstrip("/").rpartition("/")[2]).state == AccessLink.State.VOIDED


@pytest.mark.parametrize(
    ("address", "password", "sentence"),
    [
        ("ingrid", None, "“ingrid” is no e-mail address"),
        ("taken@desk.example", None, "belongs to a user already"),
        ("ingrid@desk.example", "short", "15"),
    ],
)
def test_create_staff_refuses_with_a_sentence(make_staff, monkeypatch, address, password, sentence):
    make_staff(email="taken@desk.example")
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{password}\n"))
    with pytest.raises(CommandError, match=sentence):
        run("create_staff", address, role="desk", password_stdin=password is not None)
    assert User.objects.count() == 1


def test_list_routes_tells_area_right_and_methods_of_every_address():
    routes = {route["name"]: route for route in json.loads(run("list_routes", json=True))}
    assert routes["clients:add"] == {
        "path": "/clients/add/",
        "name": "clients:add",
        "area": "staff",
        "right": "add",
        "methods": routes["clients:add"]["methods"],
    }
    assert routes["portal:home"]["area"] == "portal"
    assert routes["account_login"]["area"] == "account"
    assert routes["contacts:make_primary"]["methods"] == ["POST"]


def test_list_routes_reads_well_without_json():
    assert "/clients/add/" in run("list_routes")


def test_the_fixture_branch_is_kept_when_the_demo_comes_later(db):
    branch = Branch.objects.create(name="Oslo", code="OSL", is_headquarters=True, is_default=True)
    run("demo")
    assert Branch.objects.get(is_headquarters=True) == branch
    assert set(Client.objects.values_list("branch__name", flat=True)) >= {"Oslo"}
