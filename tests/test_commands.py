"""What `manage.py` offers: demo data, the first sign-in, the list of routes."""

import io
import json

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from clientdesk.models import AccessLink, User
from clientdesk.rights import Role
from clients.models import Branch, Client
from intake.demo.rows import KEYS, WRONG, rows, wrong_places
from intake.demo.sketches import World
from intake.demo.storing import register, store


def run(*words: str, **options: object) -> str:
    """Run a command and return what it printed."""
    printed = io.StringIO()
    call_command(*words, stdout=printed, **options)
    return printed.getvalue()


@pytest.fixture
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
