"""Door 3: a contact person comes in by the invitation's link, signs out and in, and forgets the password."""

from playwright.sync_api import expect

FIRST, SECOND = "seven quiet rivers meet", "nine calm harbours sleep"


def test_a_contact_person_comes_in_by_invitation_and_back_by_password(visit, keys, installation, script):
    last_name = "Öztürk" if script else "Özdemir"
    who = f"portal.{'scripted' if script else 'plain'}@gruenwald.example"
    staff = visit("desk")
    staff.goto("/clients/1/contacts/add/")
    staff.get_by_label("First name").fill("Rahel")
    staff.get_by_label("Last name").fill(last_name)
    staff.get_by_label("E-mail").fill(who)
    staff.get_by_role("button", name="Add contact person").click()
    staff.get_by_role("link", name=f"Show profile of Rahel {last_name}").click()
    staff.get_by_role("button", name=f"Invite Rahel {last_name}").click()
    link = installation.link(who)

    page = visit(script=script)
    press = keys(page)
    page.goto(link)
    page.reload()
    press.type("New password", FIRST)
    press.go("button", "Set password and sign in")
    expect(page).to_have_url(f"{installation.url}/portal/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Rahel")
    expect(page.locator("#main")).to_contain_text("Grünwald Pharma Aktiengesellschaft")

    press.press("button", f"Account of Rahel {last_name}")
    press.go("button", "Sign out")
    page.goto("/account/sign-in/")
    press.type("E-mail", who)
    press.type("Password", FIRST)
    press.go("button", "Sign in")
    expect(page).to_have_url(f"{installation.url}/portal/")
    press.press("button", f"Account of Rahel {last_name}")
    press.go("button", "Sign out")

    page.goto("/account/sign-in/")
    press.go("link", "Forgot your password?")
    press.type("E-mail", who)
    press.go("button", "Send link")
    expect(page.get_by_role("heading", level=1)).to_have_text("Look into your mailbox")
    page.goto(installation.link(who, number=2))
    press.type("New password", SECOND)
    press.go("button", "Set password and sign in")
    expect(page).to_have_url(f"{installation.url}/portal/")

    page.goto(link)
    expect(page.get_by_role("heading", level=1)).to_have_text("This link was used already")


def test_a_wrong_password_is_refused_without_telling_who_exists(visit, keys, script):
    said = []
    for who in ("anna.lindholm@gruenwald.example", "nobody@gruenwald.example"):
        page = visit(script=script)
        press = keys(page)
        page.goto("/account/sign-in/")
        press.type("E-mail", who)
        press.type("Password", "not the right passphrase")
        press.go("button", "Sign in")
        said.append(page.locator(".error-summary").inner_text())
    assert said[0] == said[1]


def test_staff_pages_stay_closed_to_a_contact_and_the_portal_to_staff(visit):
    page = visit("anna.lindholm@gruenwald.example")
    answer = page.goto("/clients/")
    assert answer.status in (403, 404)
    staff = visit("desk")
    answer = staff.goto("/portal/")
    assert answer.status in (403, 404)
