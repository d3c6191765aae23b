"""The world that tests live in: a branch, staff of each role, a corporate client with two contacts."""

import gc
from pathlib import Path
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client as Browser

from clientdesk.lists import forget_full
from clientdesk.models import User
from clientdesk.rights import Role
from clients.models import Branch, Client
from contacts.crm import due
from contacts.models import Contact
from tests import migrating
from tests.deep_calls import give_room
from tests.emptying import let_tests_empty
from tests.listening import said  # noqa: F401 - a fixture
from tests.page_contexts import keep_no_widgets
from tests.portal_people import portal, sent_quote  # noqa: F401 - fixtures
from tests.processes import migrated, real_database  # noqa: F401 - fixtures
from tests.quoting import make_project, make_quote  # noqa: F401 - fixtures
from tests.smtp import postbox, silent_server, start_postbox  # noqa: F401 - fixtures
from tests.static_files import look_once
from tests.truth_table import acme  # noqa: F401 - a fixture
from tests.wizarding import walk, wizard_lists  # noqa: F401 - fixtures
from tests.working import make_job, promise, tarik  # noqa: F401 - fixtures

let_tests_empty()
keep_no_widgets()
look_once()
give_room()
PASSWORD = "a long and quiet passphrase"
# They take longest: they start first, so that none is left running alone at the end.
LONG = (
    "test_pages", "test_restricted", "test_doors", "test_worker", "test_rights", "test_two_people", "test_crawl", "test_lists",
    "test_import_kill", "test_history_is_for_ever", "test_constant_queries", "test_list_plans", "test_duplicates", "test_pages_queries",
)  # fmt: skip


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the longest files first, then the other journeys."""
    items.sort(key=lambda item: LONG.index(item.path.stem) if item.path.stem in LONG else len(LONG) + ("browser" not in item.path.parts))


def pytest_collection_finish() -> None:
    """Thousands of tests and the whole house stay in memory: leave them out of the search for garbage."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 100)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings) -> None:
    """The database under test is a copy of a migrated one, so that nothing is left to migrate."""
    test = connection.settings_dict["TEST"]
    if connection.vendor == "sqlite":
        migrating.copy_file(Path(test["NAME"]))
    else:
        test["TEMPLATE"] = migrating.template()
    test["MIGRATE"] = False


@pytest.fixture(scope="session")
def django_db_keepdb() -> bool:
    """Whether the database under test is there: a file goes with its folder, a database on PostgreSQL is made and dropped."""
    return connection.vendor == "sqlite"


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """End what a thread left open before the database is dropped, which PostgreSQL refuses otherwise."""
    yield
    with django_db_blocker.unblock():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )


@pytest.fixture(scope="session")
def all_files(tmp_path_factory) -> Path:
    """The folder of what tests upload and mail."""
    return tmp_path_factory.mktemp("files")


@pytest.fixture(autouse=True)
def own_files(settings, all_files):
    """Every test has its own place for uploads and mails; few make it, and each `tmp_path` is looked for among all before."""
    own = all_files / uuid4().hex
    settings.MEDIA_ROOT = own / "media"
    settings.DEMO_MAILS = own / "mails"


@pytest.fixture(autouse=True)
def nothing_remembered():
    """No test knows how full a tab was, or how much was due, in another."""
    forget_full()
    due.forget()


@pytest.fixture
def headquarters(db) -> Branch:
    return Branch.objects.create(name="Berlin", code="BER", legal_name="Nordwort GmbH", is_headquarters=True, is_default=True, country="DE")


@pytest.fixture
def make_staff(db):
    """Return a function that makes an active staff user of a role."""

    def make(role: str = Role.DESK, email: str = "", **fields) -> User:
        user = User.objects.invite(
            email or f"{role}@desk.example", role=role, **({"first_name": role.title(), "last_name": "Dahl"} | fields)
        )
        user.set_password(PASSWORD)
        user.save()
        return user

    return make


@pytest.fixture
def as_user():
    """Return a function that gives a browser in which a user is signed in."""

    def sign_in(user: User) -> Browser:
        browser = Browser()
        browser.force_login(user)
        return browser

    return sign_in


@pytest.fixture
def desk(make_staff, as_user) -> Browser:
    """A browser of a Desk user."""
    return as_user(make_staff(Role.DESK))


@pytest.fixture
def manager(make_staff, as_user) -> Browser:
    """A browser of a Manager."""
    return as_user(make_staff(Role.MANAGER))


@pytest.fixture
def make_client(headquarters):
    """Return a function that registers a client."""

    def make(name: str = "Brauer Antriebe", **fields) -> Client:
        first_name, last_name = fields.pop("first_name", ""), fields.pop("last_name", "")
        client = Client(
            **(
                {"name": name, "legal_name": f"{name} GmbH", "email": "info@brauer.example", "country": "DE", "branch": headquarters}
                | fields
            )
        )
        client.full_clean(exclude=["number"])
        client.register(None, first_name, last_name)
        return client

    return make


@pytest.fixture
def brauer(make_client) -> Client:
    """A corporate client without contacts."""
    return make_client()


@pytest.fixture
def ada(brauer) -> Contact:
    """The primary contact of Brauer Antriebe."""
    return brauer.contacts.register(brauer, first_name="Ada", last_name="Krämer", email="ada@brauer.example")
