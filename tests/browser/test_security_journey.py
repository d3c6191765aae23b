"""Second factor and passkey at the keyboard: set up by who came in by invitation, then signed in with."""

from playwright.sync_api import Page, expect

from tests.browser.watching import check
from tests.factors import code_of

PHRASE = "eleven patient herons wait"
PHONE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def come_in(page: Page, press, installation, who: str) -> None:
    """Make a staff user, choose a password by its link, and land in the back office."""
    page.goto(installation.manage("create_staff", who, "--role", "reader", "--last-name", "Haddad").strip())
    press.type("New password", PHRASE)
    press.go("button", "Set password and sign in")


def sign_out(page: Page, press) -> None:
    page.goto("/account/sign-out/")
    press.go("button", "Sign out")


def test_an_authenticator_app_is_set_up_and_asked_for_without_javascript(visit, keys, installation):
    page = visit(script=False)
    press = keys(page)
    who = "codes@desk.example"
    come_in(page, press, installation, who)

    page.goto("/account/security/")
    press.go("link", "Add authenticator app")
    secret = page.get_by_label("Key", exact=True).input_value().replace(" ", "")
    press.type("Code that the app shows", code_of(secret))
    press.go("button", "Add authenticator app")
    expect(page.get_by_role("heading", level=1)).to_have_text("Your recovery codes")
    first = page.get_by_role("listitem").first.inner_text()
    press.go("link", "Back to sign-in and security")
    expect(page.locator("#main")).to_contain_text("10 codes left")

    sign_out(page, press)
    page.goto("/account/sign-in/")
    press.type("E-mail", who)
    press.type("Password", PHRASE)
    press.go("button", "Sign in")
    press.type("Code", "0000")
    press.go("button", "Go on")
    expect(page.locator(".error-summary")).to_contain_text("This code is not right")
    press.type("Code", first)
    press.go("button", "Go on")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Hello")


def test_a_passkey_is_added_and_opens_the_door_by_itself(visit, keys, installation):
    page = visit()
    press = keys(page)
    devices = page.context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": PHONE})
    come_in(page, press, installation, "passkey@desk.example")

    page.goto("/account/security/")
    press.go("link", "Add passkey")
    check(page)
    press.type("Name", "Notebook")
    press.go("button", "Add passkey")
    expect(page.get_by_role("heading", level=1)).to_have_text("Your recovery codes")
    check(page)

    sign_out(page, press)
    page.goto("/account/sign-in/")
    press.press("button", "Sign in with a passkey")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Hello")

    sign_out(page, press)
    page.goto("/account/sign-in/")
    press.type("E-mail", "passkey@desk.example")
    press.type("Password", PHRASE)
    press.go("button", "Sign in")
    check(page)
    press.press("button", "Use a passkey")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Hello")
    page.goto("/account/security/")
    press.go("link", "Rename Notebook")
    check(page)
    press.type("Name", "Key in the drawer")
    press.go("button", "Save name")
    expect(page.locator("#main")).to_contain_text("“Key in the drawer” from now on")
