"""CRM with the keyboard only, with and without JavaScript: plan and complete an action; write to three of whom one opted
out, beginning with a template (X70, X42)."""

from playwright.sync_api import expect

from tests.browser.watching import check

ANNA, PEOPLE = 1, (1, 2, 3)


def test_an_action_is_planned_and_completed(visit, keys, script):
    page = visit("desk", script=script)
    press = keys(page)
    subject = "Ask about the catalogue" if script else "Ask about the brochure"
    page.goto(f"/contacts/{ANNA}/crm/")
    press.open("link", "Add CRM action", dialog=script)
    press.choose("Kind", "Call")
    press.type("Subject", subject)
    press.to(press.field("Due"))
    page.keyboard.type("12312037")
    page.keyboard.press("ArrowRight")
    page.keyboard.type("0930AM")
    press.send("Add CRM action", dialog=script)

    planned = page.get_by_role("region", name="Planned")
    expect(planned).to_contain_text(subject)
    expect(planned).to_contain_text("31 December 2037, 09:30")
    press.go("button", f"Complete {subject}")
    expect(page.get_by_text(f"“{subject}” is done.")).to_be_visible()
    expect(page.get_by_role("region", name="Done")).to_contain_text(subject)
    press.go("button", "Undo")
    expect(page.get_by_text(f"“{subject}” is planned again.")).to_be_visible()


def test_three_are_written_to_and_the_one_who_opted_out_is_skipped(visit, keys, script):
    page = visit("desk", script=script)
    press = keys(page)
    page.goto(f"/contacts/{PEOPLE[-1]}/edit/")
    if not page.get_by_label("No CRM e-mails").is_checked():
        press.tick("No CRM e-mails")
        press.go("button", "Save contact")

    page.goto("/crm/mail/?" + "&".join(f"contact={key}" for key in PEOPLE))
    expect(page.locator("#main")).to_contain_text("2 messages, 1 skipped")
    press.choose("Template", "New service")
    press.go("button", "Begin with it")
    expect(press.field("Subject")).to_have_value("New at {branch}")
    press.type("Subject", "News for {client}")
    press.go("button", "Preview")
    expect(page.locator("#preview")).to_contain_text("Preview 1 of 2")
    press.go("button", "Next")
    expect(page.locator("#preview")).to_contain_text("Preview 2 of 2")
    expect(page.locator("#preview")).to_contain_text("May I call you about it?")
    if script:
        check(page)
    press.go("button", "Send e-mail")
    expect(page.get_by_text("The e-mail is on its way: 2 messages, 1 skipped.")).to_be_visible()
