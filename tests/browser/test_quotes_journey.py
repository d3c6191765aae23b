"""A quote with the keyboard only, with and without JavaScript: offer it, send it, let it be approved, deliver (XD24, XD25, X20)."""

from playwright.sync_api import expect

from tests.browser.watching import check


def test_a_quote_is_made_sent_approved_and_its_deliverable_released(visit, keys, script):
    page = visit("desk", script=script)
    press = keys(page)
    name = "Manual of the fan" if script else "Manual of the gate"
    page.goto("/clients/1/work/")
    press.go("link", "New quote")
    press.type("Name", name)
    for label, text in {"Text": "Translation", "Quantity": "1000", "Unit price": "0.12", "Tax, % (optional)": "19"}.items():
        field = page.locator(".rows-row").first.get_by_label(label, exact=True)
        press.to(field)
        page.keyboard.type(text)
    press.go("button", "Add quote")
    expect(page.get_by_role("row", name="Total €142.80")).to_be_visible()

    press.open("link", "Send", dialog=script)
    expect(page.locator("dialog[open]" if script else "main")).to_contain_text("anna.lindholm@gruenwald.example")
    press.send("Send", dialog=script)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Sent")
    press.open("link", "Approve", dialog=script)
    press.send("Approve", dialog=script)
    press.go("link", page.get_by_role("link", name=name).first.inner_text())

    expect(page.get_by_role("heading", level=1)).to_contain_text("Open")
    press.open("link", "Add deliverable", dialog=script)
    page.get_by_label("File", exact=True).set_input_files({"name": "Manual.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7"})
    press.send("Add", dialog=script)
    press.open("link", "Release Manual.pdf", dialog=script)
    press.send("Release", dialog=script)
    expect(page.get_by_role("region", name="Deliverables")).to_contain_text("In the portal")
    if script:
        check(page)
