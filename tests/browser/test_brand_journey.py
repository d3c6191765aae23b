"""A branch gets a colour and a mark in the settings, and its clients' portal wears them in both themes."""

import io

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.browser.conftest import PORTAL
from tests.browser.watching import check

RED = "rgb(200, 16, 46)"


@pytest.fixture
def settings(visit) -> Page:
    """The form of the branch of the demo's clients, as it was again afterwards: other journeys share the installation."""
    page = visit("administrator")
    page.goto("/settings/branches/1/edit/")
    yield page
    page.goto("/settings/branches/1/edit/")
    save(page, "", "")
    page.goto("/settings/branches/1/edit/")
    page.get_by_role("button", name="Remove logo").click()


def save(page: Page, name: str, colour: str) -> None:
    page.get_by_label("Name in the portal").fill(name)
    page.get_by_label("Colour").fill(colour)
    page.get_by_role("button", name="Save branch").click()
    page.wait_for_url("**/settings/branches/#*")


def test_a_branch_is_given_a_brand_and_its_clients_see_it(settings, visit):
    page, content = settings, io.BytesIO()
    Image.new("RGB", (300, 100), "navy").save(content, "PNG")
    page.get_by_role("link", name="Add logo").click()
    page.get_by_label("Logo").set_input_files({"name": "mark.png", "mimeType": "image/png", "buffer": content.getvalue()})
    page.get_by_role("button", name="Save logo").click()
    save(page, "Nordwort Berlin", "C8102E")
    page.goto("/settings/branches/1/edit/")
    shown = page.get_by_role("img", name="The portal in the light theme").locator(".btn")
    expect(shown).to_have_css("background-color", RED)
    check(page, [("light", 1440), ("dark", 360)])

    portal = visit(PORTAL)
    portal.goto("/portal/")
    expect(portal.locator(".portal-top .brand")).to_have_text("Nordwort Berlin")
    assert portal.evaluate("document.querySelector('.portal-top .mark-shown').naturalWidth") == 300
    assert portal.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--accent')").startswith("light-dark(#c8102e,")
    check(portal, [("light", 1440), ("dark", 360)])
