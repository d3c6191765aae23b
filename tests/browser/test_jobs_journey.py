"""Jobs with the keyboard only, with and without JavaScript: log one from a client, assign, resolve, close (J28, JD2); the times that a
client is promised (J16, J17)."""

from playwright.sync_api import expect

from tests.browser.watching import check


def test_a_job_is_logged_assigned_resolved_and_closed(visit, keys, script):
    page = visit("desk", script=script)
    press = keys(page)
    subject = "Mend the door" if script else "Mend the gate"
    page.goto("/clients/1/")
    press.go("link", "Log a job")
    expect(page.get_by_role("region", name="SLA times")).to_contain_text("Urgent")
    press.type("Subject", "")
    press.go("button", "Log job")
    expect(page.get_by_role("alert")).to_contain_text("Say in a few words what is to be done.")
    press.type("Subject", subject)
    press.choose("Priority", "High")
    press.go("button", "Log job")
    expect(page.get_by_text(f"{subject} was logged.")).to_be_visible()

    press.open("link", "Assign", dialog=script)
    press.to(press.field("Technician"))
    page.keyboard.press("ArrowDown")
    press.send("Assign", dialog=script)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Assigned")

    press.open("link", "Resolve", dialog=script)
    press.type("What was done", "New hinge")
    press.send("Resolve", dialog=script)
    expect(page.get_by_role("region", name="Timeline")).to_contain_text("New hinge")

    press.open("link", "Close job", dialog=script)
    press.send("Close job", dialog=script)
    expect(page.get_by_text("This job is closed and cannot be changed any more.")).to_be_visible()
    expect(page.get_by_role("link", name="Edit", exact=True)).to_have_count(0)
    if script:
        check(page)


def test_a_client_is_promised_other_times_once_it_was_said_which_job_moves(visit, keys):
    page = visit("desk", script=False)
    press = keys(page)
    page.goto("/clients/1/sla/")
    press.go("link", "Edit SLA times")
    press.type("Open job, priority High", "6 h")
    page.keyboard.press("Enter")
    expect(page.get_by_role("region", name="will be due at another time")).to_contain_text("J-00001")
    press.go("button", "Save SLA times")
    expect(page.locator(".messages")).to_contain_text("1 job is due at another time now.")
    expect(page.get_by_role("region", name="Table of SLA times")).to_contain_text("6 h")
