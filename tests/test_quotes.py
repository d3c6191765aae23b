"""Quotes and projects as records: the state machines pair by pair, amounts, one project for each quote (XD24 to XD26; domain.md 8.6)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal
from threading import Barrier

import pytest
from django.core.exceptions import ValidationError
from django.db import connections
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import override

from jobs.models import Project, Quote, QuoteLine
from jobs.project_machine import ProjectStatus
from jobs.quote_machine import GESTURES, QuoteStatus
from tests.quoting import act, quote_in

# XD25 and what the portal does; what is not in it is refused.
LEADS = {
    ("requested", "prepare"): "pending",
    ("requested", "approve"): "approved",
    ("requested", "reject"): "rejected",
    ("pending", "send"): "sent",
    ("pending", "approve"): "approved",
    ("pending", "reject"): "rejected",
    ("sent", "accept"): "approved_by_client",
    ("sent", "decline"): "rejected",
    ("sent", "approve"): "approved",
    ("sent", "reject"): "rejected",
    ("approved_by_client", "approve"): "approved",
    ("rejected", "revise"): "pending",
}
PROJECT_LEADS = {
    ("open", "close"): "closed",
    ("open", "cancel"): "cancelled",
    ("closed", "reopen"): "open",
    ("cancelled", "reopen"): "open",
}


@pytest.mark.parametrize("status", [str(status) for status in QuoteStatus])
@pytest.mark.parametrize("gesture", GESTURES)
def test_each_gesture_leads_a_quote_on_from_its_states_and_is_refused_with_a_sentence_from_all_others(
    make_quote, make_staff, settings, status, gesture
):
    settings.QUOTES_APPROVED_AUTOMATICALLY = False
    quote, wanted = quote_in(make_quote(), status), LEADS.get((status, gesture))
    if wanted is None:
        with pytest.raises(ValidationError, match=quote.number) as refused:
            act(quote, gesture, make_staff())
        assert refused.value.messages[0].endswith(".")
    else:
        act(quote, gesture, make_staff())
    assert Quote.objects.get().status == (wanted or status)


@pytest.mark.parametrize("status", [str(status) for status in ProjectStatus])
@pytest.mark.parametrize("gesture", ["close", "cancel", "reopen"])
def test_each_gesture_leads_a_project_on_from_its_states_and_is_refused_from_all_others(make_project, status, gesture):
    project, wanted = make_project(), PROJECT_LEADS.get((status, gesture))
    Project.objects.update(status=status)
    if wanted is None:
        with pytest.raises(ValidationError, match=rf"{project.number} is {status}\."):
            getattr(project, gesture)()
    else:
        getattr(project, gesture)()
    assert Project.objects.get().status == (wanted or status)


def test_the_buttons_of_staff_are_those_of_the_table_without_what_the_client_does():
    machine = Quote.MACHINE
    shown = {(str(status), gesture.name) for status in QuoteStatus for gesture in machine.offered(status)}
    assert shown == {pair for pair in LEADS if pair[1] not in ("accept", "decline")}


@pytest.mark.parametrize(("automatic", "status"), [(True, "approved"), (False, "approved_by_client")])
def test_an_accepted_quote_becomes_a_project_once_at_once_or_when_staff_approve(make_quote, make_staff, settings, automatic, status):
    settings.QUOTES_APPROVED_AUTOMATICALLY = automatic
    quote = quote_in(make_quote(), "sent")
    quote.accept(make_staff(), "Ada Krämer")
    assert (quote.status, quote.decided_name) == (status, "Ada Krämer")
    assert Project.objects.count() == automatic
    if not automatic:
        quote.approve(make_staff("manager"))
    project = Project.objects.get()
    assert (project.quote, project.client, project.office, project.contact, project.name) == (
        quote,
        quote.client,
        quote.office,
        quote.contact,
        quote.name,
    )
    assert quote.decided_name == "Ada Krämer"
    with pytest.raises(ValidationError):
        quote.approve(None)


@pytest.mark.django_db(transaction=True)
def test_a_quote_accepted_by_two_at_once_is_accepted_once_and_has_one_project(make_quote, make_staff):
    quote, start, said = quote_in(make_quote(), "sent"), Barrier(2), []
    people = [make_staff("desk"), make_staff("manager")]

    def accept(by) -> None:
        own = Quote.objects.get(pk=quote.pk)
        try:
            start.wait()
            own.accept(by, str(by))
            said.append("accepted")
        except ValidationError:
            said.append("refused")
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(accept, people))
    assert sorted(said) == ["accepted", "refused"]
    assert Project.objects.count() == 1


def test_a_revised_quote_forgets_why_it_was_rejected_and_names_who_approves_it(make_quote, make_staff):
    quote, boss = quote_in(make_quote(), "sent"), make_staff("manager")
    quote.decline(make_staff(), "Ada Krämer", "Too dear")
    quote.revise()
    quote.approve(boss)
    stored = Quote.objects.get()
    assert (stored.decided_by, stored.decided_name, stored.decision_reason) == (boss, str(boss), "")


def test_an_expired_quote_is_not_decided_and_the_sentence_says_what_to_do(make_quote, make_staff):
    quote = quote_in(make_quote(), "sent")
    Quote.objects.update(expires_on=(yesterday := timezone.localdate() - timedelta(days=1)))
    with pytest.raises(ValidationError, match=rf"expired on {yesterday.day} {yesterday:%B %Y}\. Ask for a new one"):
        quote.accept(make_staff(), "Ada")
    with override("de"), pytest.raises(ValidationError, match=date_format(yesterday)):
        quote.accept(make_staff("manager"), "Ada")
    assert not Quote.objects.waiting().exists()
    Quote.objects.update(expires_on=timezone.localdate())
    assert Quote.objects.waiting().get() == quote
    quote.accept(make_staff("administrator"), "Ada")


def test_amounts_follow_from_the_lines_and_tax_is_reckoned_once_for_each_rate(make_quote):
    quote = make_quote(lines=[("Hours", "3", "33.33", "19"), ("More hours", "0.5", "0.03", "19"), ("Book", "1", "10", "7")])
    assert (quote.net, quote.tax, quote.total) == (Decimal("110.01"), Decimal("19.70"), Decimal("129.71"))
    quote.set_lines([QuoteLine(text="Hours", quantity=Decimal(1), unit_price=Decimal(5))])
    assert [(line.text, line.position) for line in quote.lines.all()] == [("Hours", 0)]
    assert Quote.objects.get().total == Decimal(5)


def test_what_the_client_was_told_is_not_changed(make_quote):
    quote = quote_in(make_quote(), "sent")
    with pytest.raises(ValidationError, match="was sent and cannot be changed"):
        quote.set_lines([])
    assert Quote.objects.get().total


def test_an_empty_quote_is_not_sent(make_quote):
    with pytest.raises(ValidationError, match="has no lines yet"):
        make_quote(lines=[]).send("ada@brauer.example")


def test_an_inactive_client_gets_no_new_quotes(make_quote, ada):
    type(ada.client).objects.update(status="inactive")
    ada.client.refresh_from_db()
    with pytest.raises(ValidationError, match="is inactive and gets no new quotes"):
        make_quote()


def test_places_and_people_of_another_client_are_refused(make_quote, make_client):
    other = make_client("Lindqvist")
    person = other.contacts.register(other, first_name="Nils", last_name="Lind", email="nils@lind.example")
    for name, chosen in (("office", other.offices.get()), ("contact", person)):
        quote = make_quote()
        setattr(quote, name, chosen)
        with pytest.raises(ValidationError, match="belongs to another client"):
            quote.full_clean()
    with pytest.raises(ValidationError, match="belongs to another client"):
        make_quote().name_others([person])
