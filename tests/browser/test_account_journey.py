"""Who may do what in the client portal, with the keyboard only: rights of the client, account data of a contact, many invitations."""

from playwright.sync_api import expect

from tests.browser.watching import check


def test_a_right_taken_from_the_client_is_a_lock_at_its_contact_and_comes_back(visit, keys, script):
    page = visit("manager", script=script)
    press = keys(page)
    page.goto("/clients/1/portal-rights/edit/")
    press.to(page.get_by_label("Jobs: Add"))
    page.keyboard.press("Space")
    press.go("button", "Save portal rights")
    expect(page.get_by_role("heading", level=1)).to_contain_text("This also happens to Grünwald Pharma")
    expect(page.locator("#main")).to_contain_text("These contacts lose: Jobs: Add")
    expect(page.locator("#main")).to_contain_text("Anna Lindholm")
    if script:
        check(page)
    press.go("button", "Save portal rights")

    page.goto("/contacts/1/account/edit/?preset=moderator")
    expect(page.get_by_label("Access to quotes, projects and jobs")).to_have_value("default_office")
    expect(page.get_by_label("Jobs: Add")).to_have_count(0)
    press.to(page.get_by_label("Quotes: View"))
    page.keyboard.press("Space")
    if script:  # the whole row goes with View
        expect(page.get_by_label("Quotes: Add")).not_to_be_checked()
        press.to(page.get_by_label("Quotes: Add"))
        page.keyboard.press("Space")
        expect(page.get_by_label("Quotes: View")).to_be_checked()
        page.goto("/clients/1/portal-rights/edit/")
    else:
        press.go("button", "Save account data")
        expect(page.get_by_role("alert")).to_contain_text("Tick View as well, or untick: Quotes: Add, Quotes: Download.")
        page.goto("/clients/1/portal-rights/edit/")

    press.to(page.get_by_label("Jobs: Add"))
    page.keyboard.press("Space")
    press.go("button", "Save portal rights")
    expect(page.locator("#main")).to_contain_text("get what they were granted before: Jobs: Add")
    press.go("button", "Save portal rights")
    expect(page.locator("#main")).to_contain_text("were saved")


def test_many_are_invited_after_a_look_at_who_gets_one_and_who_not(visit, keys):
    page = visit("desk")
    press = keys(page)
    page.goto("/contacts/?q=Delattre")
    for box in page.locator("input[data-pick]").all()[:2]:
        press.to(box)
        page.keyboard.press("Space")
    page.get_by_role("button", name="Invite the selected contacts").focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Invite 2 contacts")
    press.go("button", "Invite 2 contacts")
    expect(page.locator("#main")).to_contain_text("2 contacts were invited.")
    check(page)
