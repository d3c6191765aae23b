"""Work that names no contact person, a job or what named somebody who was erased: its mails go to the client's own address (X12)."""

import re

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.urls import reverse

from clientdesk.models import OutgoingMail
from clients.models import Client
from contacts.models import Contact, CrmAction
from jobs import files
from jobs.dockets import send_docket
from jobs.models import Document, Project, Quote
from jobs.sending import release, send_quote, send_to_primary
from tests.doors import delivered, fresh_brakes  # noqa: F401
from tests.portal_people import let
from tests.test_quote_pages import LINE, opened, press, url
from tests.working import brought

CC = [{"address": "books@brauer.example", "cc": True}, {"address": "no@brauer.example", "cc": False}]


@pytest.mark.parametrize(("kind", "sentence"), [("quote", "whom the quote is for."), ("project", "whom the project is for.")])
def test_quotes_and_projects_always_name_somebody(desk, ada, kind, sentence):
    """8.4; without one since are those whose person was erased."""
    address = f"{reverse(f'{kind}s:add')}?client={ada.client_id}"
    assert f"Choose the person {sentence}" in desk.post(address, opened(desk, address) | {"name": "Manual", "contact": ""} | LINE).text
    assert not Quote.objects.exists()
    assert not Project.objects.exists()


def test_the_form_of_a_job_says_where_mails_go_when_nobody_is_chosen(desk, ada):
    address = f"{reverse('jobs:add')}?client={ada.client_id}"
    assert "Nobody in particular: mail goes to info@brauer.example</option>" in desk.get(address).text
    Client.objects.update(email="")
    assert "Nobody in particular: the client has no e-mail</option>" in desk.get(address).text


@pytest.mark.parametrize("copies_of_contacts", [True, False])
def test_a_quote_goes_once_to_the_client_itself_and_the_address_stays(desk, portal, make_quote, ada, copies_of_contacts):
    """`portal`: Ada can enter it; the mailbox of her company cannot."""
    berg = ada.client.contacts.register(ada.client, last_name="Berg", email="berg@brauer.example")
    Client.objects.update(more_emails=CC, cc_contact_emails=copies_of_contacts, language="de")
    quote = make_quote(contact=None, others=[berg])
    asked = desk.get(url("send", quote)).text
    assert "info@brauer.example" in asked
    assert "The client's own address: no contact person is named." in asked
    press(desk, "send", quote)
    assert press(desk, "send", quote).status_code == 422
    Client.objects.update(email="other@brauer.example")
    [message] = delivered()
    assert (message.to, message.cc) == (["info@brauer.example"], ["books@brauer.example", "berg@brauer.example"])
    assert message.body.startswith("Guten Tag,\n")
    assert "Zum Annehmen antworten Sie auf diese E-Mail." in message.body
    assert "/portal/" not in message.body + message.alternatives[0].content
    assert [name for name, _content, _kind in message.attachments] == ["Q-00001.pdf"]
    page = desk.get(quote.get_absolute_url()).text
    assert Quote.objects.get().sent_to == "info@brauer.example"
    assert re.search(r"Pending → Sent</span>\s+<span class=\"muted\">· info@brauer.example</span>", page)
    action = CrmAction.objects.get()
    assert (action.client, action.contact, action.mail.to) == (ada.client, None, "info@brauer.example")


def test_a_contact_that_is_chosen_gets_the_mail_and_not_the_client(desk, make_quote):
    press(desk, "send", make_quote())
    [message] = delivered()
    assert (message.to, message.cc) == (["ada@brauer.example"], [])
    assert message.body.startswith("Hello Ada,")
    assert "To accept it, reply" in message.body


def test_a_deliverable_comes_along_for_who_cannot_enter_the_portal(portal, desk, make_project, tarik):
    document = files.add(make_project(contact=None), ContentFile(b"x", "Manual.pdf"), by=None, kind="deliverable")
    release(document, tarik)
    [message] = delivered()
    assert (message.to, [name for name, _content, _kind in message.attachments]) == (["info@brauer.example"], ["Manual.pdf"])
    assert Document.objects.get().sent_to == "info@brauer.example"
    assert "info@brauer.example</p>" in desk.get(document.item.get_absolute_url()).text


def test_a_client_without_people_gets_its_docket_and_its_invoice_itself(desk, make_client, make_job, tarik):
    """J8: work is logged for it, too; J21 names the primary contact wherever there is one."""
    job = brought(make_job(client=make_client("Nordlicht", email="office@nordlicht.example")), "resolved", tarik)
    assert "office@nordlicht.example" in desk.get(reverse("jobs:send_docket", args=[job.pk])).text
    send_docket(job, tarik)
    job.close(tarik)
    invoice = files.add(job, ContentFile(b"x", "R-7.pdf"), by=tarik, kind="invoice")
    assert "office@nordlicht.example" in desk.get(reverse("jobs:send_file", args=[invoice.pk])).text
    send_to_primary(invoice, tarik)
    assert [(one.to, one.attachments[0][0]) for one in delivered()] == [
        (["office@nordlicht.example"], "Work docket J-00001.pdf"),
        (["office@nordlicht.example"], "R-7.pdf"),
    ]


@pytest.mark.parametrize("what", ["quote", "deliverable", "invoice", "docket"])
def test_where_the_client_has_no_address_either_nothing_goes_and_nothing_changes(brauer, make_quote, make_project, make_job, tarik, what):
    Client.objects.update(email="")
    Contact.objects.all().delete()
    brauer.refresh_from_db()
    head = {"client": brauer, "contact": None}
    act = {
        "quote": lambda: send_quote(make_quote(**head), tarik),
        "deliverable": lambda: release(files.add(make_project(**head), ContentFile(b"x", "a"), by=None, kind="deliverable"), tarik),
        "invoice": lambda: send_to_primary(files.add(make_job(**head), ContentFile(b"x", "a"), by=None, kind="invoice"), tarik),
        "docket": lambda: send_docket(brought(make_job(**head), "resolved", tarik), tarik),
    }[what]
    with pytest.raises(ValidationError, match="has no e-mail address, and no contact person is named"):
        act()
    assert not OutgoingMail.objects.exists()
    assert not CrmAction.objects.exists()
    assert not Document.objects.filter(visible_in_portal=True).exists()
    assert not Quote.objects.exclude(status="pending").exists()


def test_what_waits_for_a_client_that_has_no_address_any_more_is_not_mailed(make_quote, tarik):
    send_quote(make_quote(contact=None), tarik)
    Client.objects.update(email="")
    assert delivered() == []
    assert OutgoingMail.objects.get().state == OutgoingMail.State.DROPPED


@pytest.mark.parametrize(("level", "sees"), [("only_related", False), ("default_office", True)])
def test_a_quote_for_nobody_is_decided_by_who_sees_its_office_and_its_project_names_nobody(portal, sent_quote, settings, ada, level, sees):
    """8.4: nobody is related to it."""
    settings.QUOTES_APPROVED_AUTOMATICALLY = True
    let(ada, level=level, may_decide_quotes=True)
    quote = sent_quote(contact=None)
    answer = portal.post(reverse("portal:accept", args=[quote.pk]), {"name": "Ada Krämer", "sending": quote.sent_at.isoformat()})
    assert answer.status_code == (303 if sees else 404)
    assert [project.contact for project in Project.objects.all()] == [None] * sees
