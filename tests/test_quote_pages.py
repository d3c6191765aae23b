"""The pages of quotes: new, look, change, gestures, mails, PDF, list (X8, X9, X19, X20, XD5, XD9, XD24, XD25, XD28, XD33)."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from clientdesk import outbox
from clientdesk.models import OutgoingMail
from contacts.models import CrmAction
from jobs.addressees import Addressee, copies
from jobs.models import Project, Quote
from jobs.quote_machine import GESTURES
from jobs.sending import send_quote
from tests.quoting import quote_in
from tests.test_job_pages import filled

LINE = {"lines-0-text": "Translation", "lines-0-quantity": "1200", "lines-0-unit": "words", "lines-0-unit_price": "0.12"}


def add_url(client) -> str:
    return f"{reverse('quotes:add')}?client={client.pk}"


def opened(browser, address: str) -> dict[str, str]:
    """Return what the form of `address` would send as it is shown, without its lines."""
    return {name: value for name, value in filled(browser.get(address)).items() if name != "lines"}


def url(name: str, quote: Quote) -> str:
    return reverse(f"quotes:{name}", args=[quote.pk])


def press(browser, name: str, quote: Quote, **more):
    """Do the gesture `name` as its button would."""
    return browser.post(url(name, quote), {"version": Quote.objects.get(pk=quote.pk).version} | more)


# --- new ------------------------------------------------------------------------------------------
def test_a_quote_is_made_with_its_lines_for_the_primary_contact_and_nobody_is_told(desk, ada):
    shown = opened(desk, add_url(ada.client))
    assert (shown["contact"], shown["currency"]) == (str(ada.pk), "EUR")
    second = {"lines-1-text": "Review", "lines-1-quantity": "2", "lines-1-unit_price": "80", "lines-1-tax_rate": "19"}
    desk.post(add_url(ada.client), shown | {"name": " Manual  of the pump "} | LINE | second)
    quote = Quote.objects.get()
    assert (quote.name, quote.status, quote.origin, quote.created_by.role) == ("Manual of the pump", "pending", "staff", "desk")
    assert (str(quote.net), str(quote.tax), str(quote.total)) == ("304.00", "30.40", "334.40")
    assert not OutgoingMail.objects.exists()
    page = desk.get(quote.get_absolute_url()).text
    assert "€334.40" in page
    assert "1,200 words" in page
    assert "fields: Net" not in page


def test_pressed_twice_one_quote_is_made(desk, ada):
    posted = opened(desk, add_url(ada.client)) | {"name": "Manual"} | LINE
    desk.post(add_url(ada.client), posted)
    again = desk.post(add_url(ada.client), posted)
    assert (again.status_code, Quote.objects.count()) == (422, 1)
    assert "This quote was made already." in again.text


@pytest.mark.parametrize("kind", ["quotes", "projects"])
def test_a_company_without_contact_gets_no_quote_and_is_led_to_add_one(desk, brauer, kind):
    address = f"{reverse(f'{kind}:add')}?client={brauer.pk}"
    page = desk.get(address)
    assert "has no contact person yet" in page.text
    assert reverse("contacts:add", args=[brauer.pk]) in page.text
    assert desk.post(address, {"name": "Manual"} | LINE).status_code == 422
    brauer.contacts.register(brauer, last_name="Berg", email="b@brauer.example")
    assert "has no contact person yet" not in desk.get(address).text


def test_an_inactive_client_gets_no_new_quote(desk, ada):
    posted = opened(desk, add_url(ada.client)) | {"name": "Manual"} | LINE
    ada.client.deactivate()
    answer = desk.post(add_url(ada.client), posted)
    assert answer.status_code == 422
    assert "is inactive and gets no new quotes" in answer.text
    assert not Quote.objects.exists()


@pytest.mark.parametrize(
    ("posted", "sentence"),
    [
        ({"name": ""}, "Say in a few words what is offered."),
        ({"currency": "QQQ"}, "“QQQ” is no currency."),
        ({"lines-0-quantity": "many"}, "“many” is no number."),
        ({"lines-0-unit_price": ""}, "Fill in “Unit price”."),
        ({"lines-0-quantity": "999999999", "lines-0-unit_price": "9999999999"}, "cost more than can be stored"),
        ({"contact": ""}, "Choose the person whom the quote is for."),
    ],
)
def test_what_cannot_be_offered_is_refused_in_words(desk, ada, posted, sentence):
    answer = desk.post(add_url(ada.client), opened(desk, add_url(ada.client)) | {"name": "Manual"} | LINE | posted)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert not Quote.objects.exists()


def test_the_details_of_a_quote_are_used_again(desk, make_quote):
    quote = make_quote(terms="Within 14 days")
    posted = filled(desk.get(f"{add_url(quote.client)}&from={quote.pk}"))
    assert (posted["name"], posted["terms"]) == (quote.name, "Within 14 days")
    desk.post(add_url(quote.client), posted)
    copy = Quote.objects.exclude(pk=quote.pk).get()
    assert (copy.total, copy.status) == (quote.total, "pending")


# --- change ---------------------------------------------------------------------------------------
def test_lines_are_changed_removed_and_reckoned_anew_until_the_client_was_told(desk, make_quote):
    quote = make_quote()
    posted = opened(desk, url("edit", quote))
    line = {"lines-0-text": "Translation, 600 words", "lines-0-quantity": "600", "lines-0-unit_price": "0.12", "lines-0-tax_rate": "19"}
    assert desk.post(url("edit", quote), posted | line).status_code == 303
    quote.refresh_from_db()
    assert ([line.text for line in quote.lines.all()], str(quote.total)) == (["Translation, 600 words"], "85.68")
    quote_in(quote, "sent")
    assert desk.get(url("edit", quote)).status_code == 404


def test_two_at_once_nothing_is_overwritten(desk, make_quote):
    quote = make_quote()
    posted = filled(desk.get(url("edit", quote)))
    other = Quote.objects.get()
    other.name = "Theirs"
    other.save()
    stale = desk.post(url("edit", quote), posted | {"name": "Mine"})
    assert stale.status_code == 409
    assert "Theirs" in stale.text
    assert Quote.objects.get().name == "Theirs"


# --- gestures -------------------------------------------------------------------------------------
@pytest.mark.parametrize("status", ["requested", "pending", "sent", "approved_by_client", "approved", "rejected"])
def test_a_quote_offers_the_gestures_of_its_status_and_each_answers(desk, make_quote, status):
    quote = quote_in(make_quote(), status)
    page = desk.get(quote.get_absolute_url()).text
    ours = [name for name, gesture in GESTURES.items() if not gesture.theirs]
    offered = {name for name in ours if f'"{url(name, quote)}"' in page}
    assert offered == {gesture.name for gesture in quote.gestures}
    assert (f'"{url("edit", quote)}"' in page) == (status in ("requested", "pending"))
    assert {desk.get(url(name, quote)).status_code for name in ours} == {200}


def test_a_gesture_upon_what_somebody_changed_meanwhile_does_nothing(desk, make_quote):
    quote = make_quote()
    answer = desk.post(url("approve", quote), {"version": quote.version - 1})
    assert answer.status_code == 409
    assert "Somebody changed Q-00001 after you opened it." in answer.text
    assert not Project.objects.exists()
    assert desk.post(url("approve", quote)).status_code == 409


def test_an_approved_quote_leads_to_its_project_and_a_rejected_one_can_be_revised(desk, make_quote):
    quote, other = make_quote(), make_quote("Other")
    press(desk, "approve", quote)
    project = Project.objects.get()
    assert project.get_absolute_url() in desk.get(quote.get_absolute_url()).text
    press(desk, "reject", other, note="Too <dear>")
    assert "Too &lt;dear&gt;" in desk.get(other.get_absolute_url()).text
    press(desk, "revise", other)
    assert Quote.objects.get(pk=other.pk).status == "pending"
    assert press(desk, "approve", quote).status_code == 422


# --- mails ----------------------------------------------------------------------------------------
def test_a_quote_is_sent_once_to_its_contact_with_copies_and_its_pdf(desk, make_quote, ada):
    client = ada.client
    client.cc_contact_emails, client.more_emails = (
        True,
        [{"address": "books@brauer.example", "cc": True}, {"address": "no@b.example", "cc": False}],
    )
    client.save()
    berg = client.contacts.register(client, last_name="Berg", email="berg@brauer.example")
    gone = client.contacts.register(client, last_name="Gone", email="gone@brauer.example", active=False)
    quote = make_quote(others=[berg, gone], expires_on=timezone.localdate() + timedelta(days=9))
    asked = desk.get(url("send", quote)).text
    assert "ada@brauer.example" in asked
    assert "berg@brauer.example" in asked

    press(desk, "send", quote)
    assert press(desk, "send", quote).status_code == 422
    quote.refresh_from_db()
    assert (quote.status, quote.sent_to) == ("sent", "ada@brauer.example")
    outbox.send_due()
    [message] = mail.outbox
    assert message.to == ["ada@brauer.example"]
    assert message.cc == ["info@brauer.example", "books@brauer.example", "berg@brauer.example"]
    [(name, content, kind)] = message.attachments
    assert (name, content[:5], kind) == ("Q-00001.pdf", b"%PDF-", "application/pdf")
    assert "Brauer Antriebe GmbH" in message.body
    action = CrmAction.objects.get()
    assert (action.contact, action.kind, action.status, action.mail.kind) == (ada, "email", "done", "quote_sent")
    assert desk.get(reverse("crm:edit", args=[action.pk])).status_code == 404


@pytest.mark.parametrize(
    ("change", "sentence"),
    [({"email": ""}, "has no e-mail address"), ({"active": False}, "is inactive")],
)
def test_a_quote_that_reaches_nobody_is_not_sent_and_the_page_says_why(desk, make_quote, ada, change, sentence):
    quote = make_quote()
    type(ada).objects.filter(pk=ada.pk).update(**change)
    assert sentence in desk.get(url("send", quote)).text
    answer = press(desk, "send", quote)
    assert (answer.status_code, Quote.objects.get().status) == (422, "pending")
    assert sentence in answer.text
    assert not OutgoingMail.objects.exists()


def test_a_quote_without_lines_is_not_sent(desk, make_quote):
    quote = make_quote(lines=[])
    assert "has no lines yet" in press(desk, "send", quote).text
    assert not OutgoingMail.objects.exists()


def test_what_was_rejected_before_the_mail_left_is_not_mailed(make_quote, make_staff):
    quote, by = make_quote(), make_staff()
    send_quote(quote, by)
    quote.reject(by, "Mistake")
    outbox.send_due()
    assert mail.outbox == []
    assert OutgoingMail.objects.get().state == OutgoingMail.State.DROPPED


def test_a_copy_that_is_the_contact_itself_or_no_address_is_left_out(ada):
    ada.client.cc_contact_emails = True
    ada.client.email = "ADA@brauer.example"
    ada.more_emails = [{"address": "a, b@c.example", "cc": True}, {"address": "home@ada.example", "cc": True}]
    assert copies(Addressee(ada.client, ada)) == ["home@ada.example"]


# --- the internal name ----------------------------------------------------------------------------
def test_nothing_that_a_client_gets_tells_its_internal_name(desk, make_client, make_quote, make_staff):
    """X8, X9: the mails and the PDF name it by its legal name."""
    client = make_client("zzinternal", legal_name='Visible & Sons "GmbH" <b>', street="Hafenweg 3", city="Kiel", postal_code="24103")
    contact = client.contacts.register(client, first_name="Bo", last_name="Visible", email="bo@visible.example")
    quote = make_quote(client=client, contact=contact, office=client.offices.get())
    send_quote(quote, make_staff("manager"))
    outbox.send_due()
    theirs = [message for message in mail.outbox if "bo@visible.example" in message.to]
    assert len(theirs) == 1
    for message in theirs:
        whole = message.message().as_string() + message.body + "".join(content for content, _kind in message.alternatives)
        assert "zzinternal" not in whole
        assert 'Visible & Sons "GmbH" <b>' in message.body
    answer = desk.get(url("pdf", quote))
    assert answer.headers["Content-Type"] == "application/pdf"
    # The same values give the same bytes: another internal name changes nothing, another legal name does.
    type(client).objects.update(name="another")
    assert desk.get(url("pdf", quote)).content == answer.content
    type(client).objects.update(legal_name="Another Ltd")
    assert desk.get(url("pdf", quote)).content != answer.content


# --- the list -------------------------------------------------------------------------------------
def test_the_list_shows_views_filters_and_its_file_is_the_same(desk, make_quote, make_client, ada):
    today = timezone.localdate()
    quote_in(make_quote("Waiting", expires_on=today), "sent")
    quote_in(make_quote("Too late", expires_on=today - timedelta(days=1)), "sent")
    quote_in(make_quote("Wanted", origin="portal", client_reference="PO-77"), "requested")
    make_quote("Elsewhere", client=make_client("Nordlicht"), contact=None)
    listed = reverse("quotes:list")

    def named(query: str) -> set[str]:
        return {row.item.name for row in desk.get(f"{listed}?{query}").context["rows"]}

    assert named("view=unfinished") == {"Wanted", "Elsewhere"}
    assert named("view=waiting") == {"Waiting"}
    assert named("view=expired") == {"Too late"}
    assert named("view=all&q=po-77") == {"Wanted"}
    assert named("view=all&origin=portal") == {"Wanted"}
    assert named("view=all&offer=expired") == {"Too late"}
    mine = f"view=all&client={ada.client_id}"
    assert named(mine) == {"Waiting", "Too late", "Wanted"}
    page = desk.get(f"{listed}?{mine}")
    assert "Only the quotes of Brauer Antriebe." in page.text
    assert {tab["label"]: tab["count"] for tab in page.context["views"]}["To do"] == "2"
    file = b"".join(desk.get(f"{reverse('quotes:export')}?{mine}&format=csv").streaming_content).decode()
    assert [re.search(r"Q-\d+", line)[0] for line in file.splitlines()[1:]] == ["Q-00003", "Q-00002", "Q-00001"]


def test_a_reader_reads_and_changes_nothing(make_staff, as_user, make_quote):
    browser, quote = as_user(make_staff("reader")), make_quote()
    page = browser.get(quote.get_absolute_url()).text
    assert url("send", quote) not in page
    assert "New quote" not in browser.get(reverse("quotes:list")).text
    assert press(browser, "send", quote).status_code == 403


def test_a_quote_of_the_portal_cannot_be_made_for_an_inactive_client(make_quote, ada):
    ada.client.deactivate()
    with pytest.raises(ValidationError, match="gets no new quotes"):
        make_quote(origin="portal")


def test_a_quote_of_four_hundred_lines_is_saved_changed_and_printed(desk, ada):
    add = f"{reverse('quotes:add')}?client={ada.client_id}"
    rows = {
        f"lines-{place}-{name}": value
        for place in range(400)
        for name, value in (("text", f"Line {place}"), ("quantity", "2"), ("unit", "h"), ("unit_price", "1.50"), ("tax_rate", "19"))
    }
    made = desk.post(add, opened(desk, add) | {"name": "Long"} | rows, follow=True)
    quote = Quote.objects.get()
    assert made.status_code == 200
    assert (quote.lines.count(), str(quote.net)) == (400, "1200.00")
    edit = reverse("quotes:edit", args=[quote.pk])
    desk.post(edit, opened(desk, edit) | rows | {"lines-399-unit_price": "2.50"})
    quote.refresh_from_db()
    assert ([line.text for line in quote.lines.all()][::399], str(quote.net)) == (["Line 0", "Line 399"], "1202.00")
    assert desk.get(reverse("quotes:pdf", args=[quote.pk])).content.startswith(b"%PDF-")


def test_more_lines_than_a_quote_takes_are_refused_with_a_sentence_and_stay_in_the_form(desk, ada):
    add = f"{reverse('quotes:add')}?client={ada.client_id}"
    rows = {f"lines-{place}-{name}": "1" for place in range(501) for name in ("text", "quantity", "unit_price")}
    refused = desk.post(add, opened(desk, add) | {"name": "Too long"} | rows)
    assert refused.status_code == 422
    assert "These are 501 rows. Keep at most 500." in refused.text
    assert 'name="lines-500-text" value="1"' in refused.text
