"""Journeys in a real Chromium against a whole installation. Without Chromium they are skipped, except where CI is set."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import environ
import psycopg
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from intake.management.commands.demo import PASSPHRASE, address
from tests import migrating
from tests.browser.installation import Installation
from tests.browser.keys import Keys
from tests.browser.watching import Watch, axe

# A signed-in session is made once; these are the people that journeys act as.
PORTAL = "anna.lindholm@gruenwald.example"
# The first one is the same engine without a browser around it: pages take half the time.
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
FLAGS = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "browser" in item.path.parts:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        if os.environ.get("CI"):
            pytest.fail("CI has no Chromium.")
        pytest.skip("There is no Chromium here. Install it (Debian: apt-get install chromium-headless-shell) to run the journeys.")
    # Playwright's loop runs in this thread, and Django would refuse the database to all later tests of the process.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def installation(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """A running ClientDesk with demo data, on PostgreSQL when DATABASE_URL says so."""
    with _own_database(f"journeys_{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}") as database_url:
        running = Installation(tmp_path_factory.mktemp("installation"), database_url)
        try:
            running.start()
            yield running
        finally:
            running.stop()


@contextmanager
def _own_database(name: str) -> Iterator[str]:
    """Make a PostgreSQL database beside that of DATABASE_URL, give its URL and drop it at the end; on SQLite give an empty text."""
    url = os.environ.get("DATABASE_URL", "")
    if not url.startswith("postgres"):
        yield ""
        return
    found = environ.Env.db_url_config(url)
    address = {"host": found["HOST"], "port": found["PORT"], "user": found["USER"], "password": found["PASSWORD"], "dbname": found["NAME"]}
    drop = f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"
    with psycopg.connect(**{key: value for key, value in address.items() if value}, autocommit=True) as connection:
        connection.execute(drop)
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {migrating.template()}")
        yield f"{url.rpartition('/')[0]}/{name}"
        connection.execute(drop)


@pytest.fixture(scope="session")
def states(chromium: Browser, installation: Installation) -> Callable[[str], dict]:
    """Return a function that gives the cookies of a signed-in person: a staff role or an address; each signs in once."""
    known: dict[str, dict] = {}

    def state(who: str) -> dict:
        if who not in known:
            context = chromium.new_context(base_url=installation.url)
            page = context.new_page()
            page.goto("/account/sign-in/")
            page.get_by_label("E-mail").fill(who if "@" in who else address(who))
            page.locator("input[name=password]").fill(PASSPHRASE)
            with page.expect_navigation():
                page.locator("input[name=password]").press("Enter")
            assert "/account/" not in page.url, f"{who} could not sign in:\n{page.inner_text('main')}"
            known[who] = context.storage_state()
            context.close()
        return known[who]

    return state


@pytest.fixture(scope="module")
def rooms(
    chromium: Browser, installation: Installation, states: Callable[[str], dict]
) -> Iterator[dict[str, tuple[BrowserContext, Watch, Page]]]:
    """Contexts and their page that stay open over the tests of one file, by who is signed in there."""
    kept: dict[str, tuple[BrowserContext, Watch, Page]] = {}
    yield kept
    for context, _watch, _page in kept.values():
        context.close()


@pytest.fixture
def look_in(chromium: Browser, installation: Installation, states: Callable[[str], dict], rooms: dict) -> Iterator[Callable[[str], Page]]:
    """Return a function that gives the page of somebody who only looks: what every page needs is fetched once, not by each test."""

    def open_page(who: str) -> Page:
        if who not in rooms:
            context = chromium.new_context(
                base_url=installation.url,
                storage_state=states(who) if who else None,
                viewport={"width": 1440, "height": 900},
                reduced_motion="reduce",
            )
            context.add_init_script(axe())
            rooms[who] = context, Watch(context, installation.url), context.new_page()
        return rooms[who][-1]

    yield open_page
    complaints = [complaint for _context, watch, _page in rooms.values() for complaint in watch.heard()]
    assert not complaints, "\n".join(complaints)


@pytest.fixture
def visit(chromium: Browser, installation: Installation, states: Callable[[str], dict]) -> Iterator[Callable[..., Page]]:
    """Return a function that opens a browser window as somebody; afterwards nothing may have been on any console."""
    contexts: list[BrowserContext] = []
    watches: list[Watch] = []

    def open_window(who: str = "", *, script: bool = True, width: int = 1440) -> Page:
        context = chromium.new_context(
            base_url=installation.url,
            storage_state=states(who) if who else None,
            java_script_enabled=script,
            viewport={"width": width, "height": 900},
            reduced_motion="reduce",
            accept_downloads=True,
        )
        context.set_default_timeout(15_000)
        contexts.append(context)
        watches.append(Watch(context, installation.url))
        return context.new_page()

    yield open_window
    for context in contexts:
        context.close()
    complaints = [complaint for watch in watches for complaint in watch.heard()]
    assert not complaints, "\n".join(complaints)


@pytest.fixture
def keys() -> Callable[[Page], Keys]:
    """Return a function that gives the keyboard of a page."""
    return Keys


@pytest.fixture(params=[True, False], ids=["with JavaScript", "without JavaScript"])
def script(request: pytest.FixtureRequest) -> bool:
    """Journeys that use this run twice, with JavaScript on and off."""
    return request.param
