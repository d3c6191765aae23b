"""Quotes in the portal: seen, accepted and rejected by who may (X59, XD28, XD32; trial B05)."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from jobs.models import Project, Quote
from portal.rights import Right
from tests.doors import delivered, fresh_brakes  # noqa: F401
from tests.portal_people import EVERYTHING, let
from tests.quoting import line_of, quote_in


def shown(browser, quote: Quote, page: str = "quote") -> str:
    return browser.get(reverse(f"portal:{page}", args=[quote.pk])).content.decode()


def decide(browser, quote: Quote, page: str, **more) -> str:
    """Post the decision and return the page that follows, or that of the refusal."""
    sent_at = Quote.objects.get(pk=quote.pk).sent_at
    posted = {"name": "Ada Krämer", "sending": sent_at.isoformat() if sent_at else ""} | more
    return browser.post(reverse(f"portal:{page}", args=[quote.pk]), posted, follow=True).content.decode()


def test_a_quote_is_accepted_on_a_page_that_names_the_sum_and_the_name_is_recorded(portal, ada, sent_quote, make_staff, settings):
    settings.QUOTES_APPROVED_AUTOMATICALLY = False
    ada.client.sales_person = make_staff(email="sales@desk.example")
    ada.client.save()
    quote = sent_quote("Pump manual")
    assert "Accept for €171.36" in shown(portal, quote, "accept")
    assert Quote.objects.get().status == "sent"

    page = decide(portal, quote, "accept", name="Ada K. Krämer", reference="PO 4711")

    assert f"You accepted {quote.number}." in page
    found = Quote.objects.get()
    assert (found.status, found.decided_name, found.client_reference) == ("approved_by_client", "Ada K. Krämer", "PO 4711")
    assert found.decided_by.email == ada.email
    [mail] = delivered()
    assert mail.to == ["sales@desk.example"]
    assert f"Ada Krämer of {ada.client.legal_name} accepted {quote.number}." in mail.subject


def test_a_decision_is_made_once_whatever_is_pressed_afterwards(portal, sent_quote):
    quote = sent_quote()
    decide(portal, quote, "reject", reason="Too dear")
    for page in ("accept", "reject"):
        assert f"{quote.number} is rejected. Only a quote that waits for your decision can be" in decide(portal, quote, page)
        assert "can be" in portal.get(reverse(f"portal:{page}", args=[quote.pk]), follow=True).content.decode()
    found = Quote.objects.get()
    assert (found.status, found.decision_reason) == ("rejected", "Too dear")


def test_a_name_is_asked_for(portal, sent_quote):
    quote = sent_quote()
    answer = portal.post(reverse("portal:accept", args=[quote.pk]), {"name": " "})
    assert answer.status_code == 422
    assert Quote.objects.get().status == "sent"


@pytest.mark.parametrize("page", ["accept", "reject"])
@pytest.mark.parametrize(
    ("status", "expires", "said"),
    [
        ("sent", -1, "was valid until"),
        ("approved", 5, "Only a quote that waits"),
        ("requested", 5, "Only a quote that waits"),
    ],
)
def test_what_cannot_be_decided_is_refused_with_a_sentence(portal, make_quote, page, status, expires, said):
    quote = quote_in(make_quote(expires_on=timezone.localdate() + timedelta(days=expires), origin="portal"), status)
    assert said in decide(portal, quote, page)
    assert Quote.objects.get().status == status


@pytest.mark.parametrize("missing", ["contact", "client"])
def test_who_may_not_decide_sees_no_button_and_is_refused(portal, ada, sent_quote, missing):
    quote = sent_quote()
    if missing == "contact":
        let(ada, may_decide_quotes=False)
    else:
        let(ada, clients=EVERYTHING & ~int(Right.QUOTES_DECIDE))
    for text in (shown(portal, quote), portal.get(reverse("portal:home")).content.decode()):
        assert "/accept/" not in text
        assert "You may look at quotes but not accept or reject them." in text
    for page in ("accept", "reject"):
        assert portal.post(reverse(f"portal:{page}", args=[quote.pk]), {"name": "Ada"}).status_code == 403
    assert Quote.objects.get().status == "sent"


def test_a_quote_out_of_scope_is_not_decided(portal, ada, sent_quote):
    dora = ada.client.contacts.register(ada.client, first_name="Dora", last_name="Wolf", email="dora@brauer.example")
    quote = sent_quote(contact=dora)
    assert portal.post(reverse("portal:accept", args=[quote.pk]), {"name": "Ada"}).status_code == 404
    assert Quote.objects.get().status == "sent"


def test_amounts_are_told_once_the_quote_was_sent(portal, make_quote):
    quote = make_quote(origin="portal")
    for status in ("requested", "pending"):
        text = shown(portal, quote_in(quote, status)) + portal.get(reverse("portal:quotes")).content.decode()
        assert "171.36" not in text
        assert "144.00" not in text
    assert "€171.36" in shown(portal, quote_in(quote, "sent"))


def test_the_paper_is_taken_by_who_may_once_the_quote_was_sent(portal, ada, make_quote):
    quote = make_quote(origin="portal")
    url = reverse("portal:quote_paper", args=[quote.pk])
    for status, code in (("requested", 404), ("pending", 404), ("sent", 200)):
        answer = portal.get((quote_in(quote, status), url)[1])
        assert answer.status_code == code
    assert answer.content.startswith(b"%PDF")
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{quote.number}.pdf"'
    let(ada, rights=EVERYTHING & ~int(Right.QUOTES_DOWNLOAD))
    assert portal.get(url).status_code == 403
    assert url not in shown(portal, quote)


def test_an_accepted_quote_leads_to_its_project_where_staff_need_not_approve(portal, sent_quote, settings):
    settings.QUOTES_APPROVED_AUTOMATICALLY = True
    quote = sent_quote()
    page = decide(portal, quote, "accept", reference="PO 9")
    project = Project.objects.get()
    assert project.client_reference == "PO 9"
    assert reverse("portal:project", args=[project.pk]) in page


def test_what_waits_stands_on_top_and_the_rest_is_found_by_words_status_and_date(portal, sent_quote, make_quote):
    today = timezone.localdate()
    late, soon, old = (sent_quote(name, expires_on=today + timedelta(days=days)) for name, days in (("Late", 40), ("Soon", 2), ("Old", -2)))
    asked = make_quote("Asked for", origin="portal")
    Quote.objects.filter(pk=old.pk).update(created_at=timezone.now() - timedelta(days=60))

    first = portal.get(reverse("portal:quotes"))
    assert first.context["waiting"] == [soon, late]
    assert first.context["rows"] == [asked, soon, late, old]

    for query, found in {
        "status=requested": [asked],
        "status=sent&expiry=7": [soon],
        "expiry=over": [old],
        "made=30": [asked, soon, late],
        "q=asked": [asked],
        "q=nothing": [],
    }.items():
        answer = portal.get(f"{reverse('portal:quotes')}?{query}")
        assert answer.context["rows"] == found, query
        assert answer.context["waiting"] == []


@pytest.mark.parametrize("page", ["portal:quotes", "portal:home"])
def test_the_card_of_a_quote_that_waits_has_its_days_its_sum_who_sends_it_and_both_decisions(portal, ada, sent_quote, make_staff, page):
    """XD28."""
    ada.client.sales_person = make_staff(email="sales@desk.example", first_name="Sol", last_name="Okafor")
    ada.client.project_manager = make_staff("manager", "pm@desk.example")
    ada.client.save()
    quote = sent_quote(expires_on=timezone.localdate() + timedelta(days=3), client_reference="PO-7")
    Quote.objects.update(sent_at="2026-11-20T12:00+01:00")
    card = re.search(r'<li class="card quote-card">(.*?)</li>', portal.get(reverse(page)).text, re.S)[1]
    wanted = [quote.number, "PO-7", "€171.36", "Sent by Sol Okafor on ", "20 November 2026", "3 more days"]
    assert [one for one in wanted if one not in card] == []
    assert [one for one in ("accept", "reject", "quote") if reverse(f"portal:{one}", args=[quote.pk]) not in card] == []


@pytest.mark.parametrize("page", ["accept", "reject"])
def test_a_quote_that_was_sent_anew_meanwhile_is_read_again_before_it_is_decided(portal, sent_quote, page):
    """Two people at once: what the contact read is what the contact decides."""
    quote = sent_quote("Pump manual")
    read = quote.sent_at.isoformat()
    quote.reject(None)
    quote.revise()
    quote.set_lines([line_of("Translation", "1", "9999", "19")])
    quote.send("ada@brauer.example")
    assert "was changed and sent again meanwhile" in decide(portal, quote, page, sending=read)
    assert Quote.objects.get().status == "sent"
    decide(portal, quote, page)
    assert Quote.objects.get().status != "sent"
