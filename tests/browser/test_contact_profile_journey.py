"""The profile of a contact at the keyboard, with and without JavaScript: picture, social accounts, mailing address, formats."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.keys import Keys
from tests.browser.watching import check
from tests.test_pictures import colour, quartered

# Another person each time, so that the two runs do not meet.
PEOPLE = {True: "/contacts/2/", False: "/contacts/3/"}


@pytest.fixture
def page(visit, script) -> Page:
    return visit("desk", script=script)


@pytest.fixture
def person(script) -> str:
    return PEOPLE[script]


def card(page: Page):
    return page.locator(".header-card")


def tab(page: Page, keys, name: str) -> None:
    """Follow the link of a tab, which may carry a count."""
    keys(page).go("link", re.compile(f"^{name}"))


def crop(page: Page, press: Keys) -> None:
    """Zoom to the corner at the bottom right by keyboard, then pull the picture to its left edge with the mouse."""
    part = page.get_by_role("group", name="What is kept")
    for slider in ("Zoom", "Left to right", "Top to bottom"):
        press.to(part.get_by_label(slider))
        page.keyboard.press("End")
    check(page)
    part.locator("canvas.whole").hover()
    page.mouse.down()
    page.mouse.move(1400, 300, steps=3)
    page.mouse.up()


def test_a_picture_is_added_looked_at_and_removed(page, keys, person, script, tmp_path: Path):
    """X46; design.md S4: with scripts one sees and chooses what is kept, without them it is the middle."""
    path = tmp_path / "portrait.jpg"
    path.write_bytes(quartered((400, 200), orientation=6))
    page.goto(person)
    tab(page, keys, "Social media")
    has_one = page.get_by_role("link", name="Change picture", exact=True).first.count() > 0
    keys(page).go("link", "Change picture" if has_one else "Add picture")
    keys(page).upload("Picture", path)
    if script:
        crop(page, keys(page))
    keys(page).go("button", "Save picture")
    stored = page.request.get(f"{person}photo/").body()
    assert colour(stored) == (((64, 64), "blue") if script else ((400, 200), "many"))
    image = card(page).locator(".avatar img")
    expect(image).to_be_visible()
    if script:
        assert image.evaluate("image => image.decode().then(() => image.naturalWidth)") == 96
        check(page)
    keys(page).go("link", "Remove picture")
    expect(page.locator("#main")).to_contain_text("members of staff see it")
    if script:
        check(page)
    keys(page).go("button", "Remove picture")
    expect(page.locator(".header-card .avatar img")).to_have_count(0)


def test_two_accounts_are_added_and_the_preferred_one_is_switched(page, keys, person, script):
    """X43 to X45."""
    page.goto(f"{person}social/edit/")
    while page.locator("[name=accounts-0-handle]").input_value():  # what the demo gave
        for field in page.locator("[name^=accounts-][name$=-handle]").all():
            field.fill("")
        for field in page.locator("[name^=accounts-][name$=-network]").all():
            field.select_option("")
        keys(page).go("button", "Save social accounts")
        page.goto(f"{person}social/edit/")
    rows = page.get_by_role("group", name="Social accounts").get_by_role("listitem")
    for row, network, name in ((rows.nth(0), "LinkedIn", "https://www.linkedin.com/in/mira.k?trk=x"), (rows.nth(1), "Skype", "live:mira")):
        keys(page).to(row.get_by_label("Network"))
        page.keyboard.type(network)
        keys(page).to(row.get_by_label("Name or address there"))
        page.keyboard.type(name)
    keys(page).go("button", "Save social accounts")
    expect(card(page)).to_contain_text("LinkedIn mira.k")
    link = page.locator("#main table").get_by_role("link", name="mira.k")
    expect(link).to_have_attribute("href", "https://www.linkedin.com/in/mira.k")
    keys(page).go("link", re.compile("^Edit"))
    # Tab stops at the chosen radio of the group, the arrow moves on.
    keys(page).to(page.get_by_label("Preferred, row 1"))
    page.keyboard.press("ArrowDown")
    expect(page.get_by_label("Preferred, row 2")).to_be_checked()
    if script:
        check(page)
    keys(page).go("button", "Save social accounts")
    expect(card(page)).to_contain_text("Skype live:mira")
    expect(card(page)).not_to_contain_text("LinkedIn")


def test_an_own_mailing_address_and_back(page, keys, person, script):
    """X47, X48, decision 5."""
    page.goto(f"{person}address/edit/")
    box, street = page.get_by_label("Use the client's address"), page.get_by_label(re.compile("^Street"))
    if not box.is_checked():
        keys(page).tick("Use the client's address")
    expect(street).to_be_hidden()
    keys(page).tick("Use the client's address")
    keys(page).type("Street", "Eigene Gasse 1")
    keys(page).go("button", "Save mailing address")
    expect(page.locator("#main")).to_contain_text("Own address")
    expect(page.locator("#main")).to_contain_text("Eigene Gasse 1")
    keys(page).go("link", re.compile("^Edit"))
    if script:
        check(page)
    keys(page).tick("Use the client's address")
    keys(page).go("button", "Save mailing address")
    expect(page.locator("#main")).not_to_contain_text("Eigene Gasse 1")
    expect(page.locator("#main")).to_contain_text("An own address is kept for later.")
    keys(page).go("link", re.compile("^Edit"))
    keys(page).tick("Use the client's address")
    expect(street).to_have_value("Eigene Gasse 1")


def test_own_formats_are_previewed_saved_and_put_to_sleep(page, keys, person, script):
    """X65 to X69."""
    page.goto(f"{person}preferences/edit/")
    keys(page).to(page.locator("[name=use_own]:checked"))
    if not page.get_by_label("User-defined values").is_checked():
        page.keyboard.press("ArrowDown")
    expect(page.get_by_label("User-defined values")).to_be_checked()
    keys(page).choose("Date", "YYYY-MM-DD")
    if script:
        page.keyboard.press("Tab")
    else:
        keys(page).go("button", "Preview")
    expect(page.locator("#preview-date_format")).to_contain_text("-12-31")
    if script:
        check(page)
    keys(page).go("button", "Save preferences")
    expect(page.locator("#main")).to_contain_text("-12-31")
    keys(page).go("link", re.compile("^Edit"))
    keys(page).to(page.get_by_label("User-defined values"))
    page.keyboard.press("ArrowUp")
    keys(page).go("button", "Save preferences")
    expect(page.locator("#main")).not_to_contain_text("-12-31")
