"""The profile of a client in a real browser, with and without JavaScript: rows, the correspondence address, previews, the picture."""

import io
import re

import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.browser.watching import check

CLIENT = "/clients/3/"


@pytest.fixture
def page(visit, script):
    return visit("desk", script=script)


def test_rows_are_added_and_removed(page, script):
    page.goto(f"{CLIENT}addresses/edit/")
    phones = page.get_by_role("group", name="More phones")
    name = "scripted" if script else "plain"
    if script:
        phones.get_by_role("button", name="Remove row 1").click()
        phones.get_by_role("button", name="Add phone").click()
        expect(phones.get_by_label("Number").last).to_be_focused()
    phones.get_by_label("Number").last.fill("+49 30 5550142")
    phones.get_by_label("Note").last.fill(name)
    with page.expect_navigation():
        page.get_by_role("button", name="Save addresses").click()
    expect(page.locator("#main")).to_contain_text("+49 30 5550142")
    expect(page.locator("#main")).to_contain_text(name)
    page.goto(f"{CLIENT}addresses/edit/")
    row = page.get_by_role("group", name="More phones").get_by_role("listitem").first
    if script:
        row.get_by_role("button", name="Remove row 1").click()
        expect(page.get_by_text("Unsaved changes in 2 fields")).to_be_visible()
        page.get_by_role("button", name="Discard").click()
        expect(row).to_be_visible()
        row.get_by_role("button", name="Remove row 1").click()
    else:
        row.get_by_label("Number").fill("")
        row.get_by_label("Note").fill("")
    with page.expect_navigation():
        page.get_by_role("button", name="Save addresses").click()
    expect(page.locator("#main")).not_to_contain_text("+49 30 5550142")


def test_the_billing_address_stands_in_place_of_the_own_one_until_the_box_is_unticked(page, script):
    """XD7."""
    page.goto(f"{CLIENT}addresses/edit/")
    part = page.get_by_role("group", name="Correspondence address")
    part.get_by_label("Same as the billing address").check()
    expect(part.get_by_label("Street")).to_be_hidden()
    if script:
        page.get_by_role("group", name="Billing address").get_by_label("Street").fill("New Street 7")
        expect(part.get_by_text("New Street 7")).to_be_visible()
    part.get_by_label("Same as the billing address").uncheck()
    part.get_by_label("Street").fill("Postfach 7")
    with page.expect_navigation():
        page.get_by_role("button", name="Save addresses").click()
    expect(page.locator("#main")).to_contain_text("Postfach 7")


def test_previews_follow_the_choice_and_saving_keeps_it(page, script):
    """X68."""
    page.goto(f"{CLIENT}preferences/edit/")
    page.get_by_label("User-defined values").check()
    page.get_by_label("Date", exact=True).select_option("YYYY-MM-DD")
    if not script:
        with page.expect_navigation():
            page.get_by_role("button", name="Preview").click()
    expect(page.locator("#preview-date_format")).to_contain_text("-12-31")
    with page.expect_navigation():
        page.get_by_role("button", name="Save preferences").click()
    expect(page.locator("#main")).to_contain_text("-12-31")
    page.goto(f"{CLIENT}preferences/edit/")
    page.get_by_label("Main values").check()
    with page.expect_navigation():
        page.get_by_role("button", name="Save preferences").click()


def test_who_loses_portal_access_is_named_before_it_happens(page, script):
    """Invariant 19; the page can be used by everybody."""
    page.goto("/clients/1/")
    page.get_by_role("button", name="More actions for Grünwald Pharma").click()
    with page.expect_navigation():
        page.get_by_role("button", name="Deactivate client").click()
    expect(page.locator("#main")).to_contain_text(re.compile(r"\d contacts lose portal access:"))
    if script:
        check(page)
    page.get_by_role("link", name="Cancel").click()
    expect(page.locator(".header-card")).to_contain_text("Active")


def test_a_picture_is_chosen_shown_and_removed(page, script):
    """C9."""
    out = io.BytesIO()
    Image.new("RGB", (300, 200), "teal").save(out, "JPEG")
    page.goto(f"{CLIENT}photo/change/")
    page.get_by_label("Picture").set_input_files({"name": "logo.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()})
    with page.expect_navigation():
        page.get_by_role("button", name="Save picture").click()
    image = page.locator(".header-card .avatar img")
    expect(image).to_be_visible()
    if script:
        assert image.evaluate("image => image.decode().then(() => image.naturalWidth)") == 96
    page.goto(f"{CLIENT}photo/change/")
    with page.expect_navigation():
        page.get_by_role("button", name="Remove picture").click()
    expect(page.locator(".header-card .avatar img")).to_have_count(0)
