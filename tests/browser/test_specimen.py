"""Every component in a real Chromium: axe in both themes, no sideways scrolling, and what the scripts add."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.specimen import Specimen
from tests.browser.watching import Watch, check

PAGES = [
    "clients/", "clients/?messages", "client/", "contacts/", "history/", "contact/", "add-client/", "add-client/?errors", "add-contact/",
    "import-upload/", "import-upload/?errors", "import-review/", "import-mode/", "conflict/", "staff/", "portal-home/", "invitation/",
    "invitation/?errors", "404/", "404/?frame=portal/base.html", "404/?frame=account/base.html", "403/", "400/", "413/", "500/",
]  # fmt: skip


@pytest.fixture(scope="module")
def specimen(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    server = Specimen(tmp_path_factory.mktemp("specimen"))
    try:
        server.wait()
        yield server.url
    finally:
        server.stop()


@pytest.fixture
def look(chromium: Browser, specimen: str) -> Iterator[Callable[..., Page]]:
    """Return a function that opens a specimen page; afterwards nothing may have been on any console."""
    contexts, watches = [], []

    def open_page(name: str, **options) -> Page:
        context = chromium.new_context(**({"viewport": {"width": 1440, "height": 900}, "reduced_motion": "reduce"} | options))
        context.set_default_timeout(10_000)
        contexts.append(context)
        watches.append(Watch(context, specimen))
        page = context.new_page()
        page.goto(f"{specimen}/specimen/{name}")
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not (complaints := [complaint for watch in watches for complaint in watch.heard()]), "\n".join(complaints)


@pytest.mark.parametrize("name", PAGES)
def test_a_page_has_no_violation_and_does_not_scroll_sideways(look, name):
    check(look(name))


def test_open_dialogs_and_menus_have_no_violation(look):
    page = look("client/")
    page.get_by_role("link", name="Add contact person").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    check(page)
    page.keyboard.press("Escape")
    page.get_by_role("button", name="More actions for Grünwald Pharma").click()
    check(page)


def test_the_page_of_a_link_opens_as_a_dialog_and_gives_the_focus_back(look):
    page = look("client/")
    opener = page.get_by_role("link", name="Add contact person")
    opener.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_label("First name")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(opener).to_be_focused()


def test_a_dialog_asks_once_before_it_throws_away_what_was_entered(look):
    page = look("client/")
    page.get_by_role("link", name="Add contact person").click()
    page.get_by_label("First name").fill("Julia")
    page.get_by_role("link", name="Cancel").click()
    expect(page.get_by_role("alert")).to_contain_text("Close again to discard")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_a_refused_dialog_stays_open_with_its_errors_and_an_accepted_one_leads_on(look):
    page = look("client/")
    page.get_by_role("link", name="Add contact person").click()
    page.get_by_label("First name").fill("Julia")
    page.keyboard.press("Control+Enter")
    expect(page.locator("dialog .error-summary")).to_be_focused()
    expect(page.get_by_label("First name")).to_have_value("Julia")
    page.locator("dialog .error-summary a").click()
    expect(page.get_by_label("Last name")).to_be_focused()
    page.keyboard.type("Stadler")
    with page.expect_navigation(url="**/specimen/contacts/"):
        page.keyboard.press("Control+Enter")


def test_the_save_bar_counts_changes_discards_them_and_takes_that_back(look):
    page = look("contact/")
    bar = page.get_by_role("region", name="Unsaved changes")
    expect(bar).to_be_hidden()
    page.get_by_label("First name").fill("Anne")
    page.get_by_label("Office").select_option("Berlin HQ")
    expect(bar).to_contain_text("Unsaved changes in 2 fields")
    bar.get_by_role("button", name="Discard").click()
    expect(page.get_by_label("First name")).to_have_value("Anna")
    bar.get_by_role("button", name="Undo").click()
    expect(page.get_by_label("First name")).to_have_value("Anne")
    expect(page.get_by_label("Office")).to_have_value("Berlin HQ")


def test_rows_are_walked_with_single_keys(look):
    page = look("clients/")
    for key in "jjkj":
        page.keyboard.press(key)
    expect(page.get_by_role("link", name="Brauer Antriebe", exact=True)).to_be_focused()
    page.keyboard.press("/")
    page.keyboard.type("jx?")
    expect(page.get_by_label("Search clients, contacts and jobs")).to_have_value("jx?")


def test_menus_are_walked_with_the_arrow_keys(look):
    page = look("client/")
    page.keyboard.press("n")
    expect(page.locator("#new-menu").get_by_role("link", name="Client", exact=True)).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(page.locator("#new-menu").get_by_role("link", name="CRM action")).to_be_focused()
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keyboard shortcuts")).to_be_visible()


def test_the_summary_takes_the_focus_and_leads_to_the_field(look):
    page = look("add-client/?errors")
    expect(page.get_by_role("alert")).to_be_focused()
    page.get_by_role("alert").get_by_role("link", name="Enter a valid email address.").click()
    expect(page.get_by_label("Main contact e-mail")).to_be_focused()
    assert page.title().startswith("Error: ")


def test_a_failed_request_says_so_and_a_refused_one_shows_its_reason(chromium, specimen):
    page = chromium.new_page()
    page.goto(f"{specimen}/specimen/staff/")
    page.get_by_role("button", name="Fault").click()
    expect(page.get_by_role("alert")).to_contain_text("Could not load.")
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_role("alert")).to_have_count(0)
    page.wait_for_load_state("networkidle")
    page.get_by_role("button", name="Refusal").click()
    expect(page.get_by_role("heading", name="Not allowed for Readers")).to_be_visible()
    page.close()


def test_a_chosen_file_is_named_and_a_password_can_be_read(look):
    page = look("import-upload/")
    page.get_by_label("Spreadsheet").set_input_files({"name": "clients.csv", "mimeType": "text/csv", "buffer": b"x" * 5000})
    expect(page.get_by_text("clients.csv chosen, 5 KB")).to_be_visible()
    page = look("invitation/")
    page.get_by_label("Show password").check()
    expect(page.get_by_label("New password")).to_have_attribute("type", "text")


def test_without_javascript_everything_that_needs_it_is_gone_and_the_rest_is_there(look):
    page = look("contact/", java_script_enabled=False)
    expect(page.get_by_role("button", name="Save contact")).to_be_visible()
    expect(page.get_by_role("button", name="Undo")).to_be_hidden()
    page = look("invitation/", java_script_enabled=False)
    expect(page.get_by_label("Show password")).to_be_hidden()


def test_the_theme_of_the_person_goes_before_that_of_the_device(look, specimen):
    page = look("clients/", color_scheme="light")
    page.context.add_cookies([{"name": "theme", "value": "dark", "url": specimen}])
    page.reload()
    assert page.evaluate("getComputedStyle(document.documentElement).colorScheme") == "dark"


@pytest.mark.parametrize("name", ["clients/", "add-client/?errors", "import-review/", "portal-home/"])
def test_a_page_written_from_right_to_left_does_not_scroll_sideways(look, name):
    page = look(name, viewport={"width": 320, "height": 780})
    page.evaluate("document.documentElement.dir = 'rtl'")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_controls_are_large_enough_for_a_finger(look):
    page = look("add-client/?errors", viewport={"width": 360, "height": 780}, has_touch=True, is_mobile=True)
    boxes = page.locator("main :is(.btn, .input, .select)").evaluate_all("found => found.map(one => one.getBoundingClientRect().height)")
    assert min(boxes) >= 40
