"""Every kind of mail in both languages and in three sets of formats: text and HTML, moments and days as who reads them writes them, and
links that lead somewhere (trial G02)."""

import re
from datetime import UTC, date, datetime
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.db.models import F
from django.test import Client as Browser

from clientdesk import outbox
from clientdesk.models import AccessLink, OutgoingMail
from clientdesk.rights import Role
from clients.models import Client, ClientFormats
from contacts.models import Contact, ContactFormats, CrmAction
from jobs import files
from jobs.models import Document, Quote
from portal.models import ContactAccess
from tests.doors import delivered, fresh_brakes  # noqa: F401

# Noon in Greenwich would hide a wrong time zone; this is another day in Tokyo.
QUEUED = datetime(2026, 3, 5, 19, 7, tzinfo=UTC)
RUNS_OUT = datetime(2031, 9, 14, 19, 7, tzinfo=UTC)
EXPIRES = date(2031, 9, 14)
# Formats -> that day, the moment of `QUEUED` and of `RUNS_OUT`, and a total.
FORMATS = {
    ("DD.MM.YYYY", "24", ",", ".", "Europe/Berlin"): ("14.09.2031", "05.03.2026, 20:07", "14.09.2031, 21:07", "4.760,00"),
    ("MM/DD/YYYY", "12", ".", ",", "America/New_York"): ("09/14/2031", "03/05/2026, 2:07", "09/14/2031, 3:07", "4,760.00"),
    ("YYYY-MM-DD", "24", ".", "space", "Asia/Tokyo"): ("2031-09-14", "2026-03-06, 04:07", "2031-09-15, 04:07", "4\u202f760.00"),
}
GREETING = {"en": "Hello Ada", "de": "Guten Tag Ada"}
DAY, THEN, UNTIL, TOTAL = range(4)
# Kind -> which of those it says.
TOLD = {
    "contact_invitation": [UNTIL],
    "contact_reset": [UNTIL],
    "new_address": [UNTIL],
    "link_wanted": [],
    "password_changed": [THEN],
    "signin_braked": [THEN],
    "factor_changed": [THEN],
    "new_address_wanted": [THEN],
    "address_changed": [THEN],
    "portal_request": [],
    "quote_sent": [DAY, TOTAL],
    "deliverable_released": [],
    "invoice_sent": [],
    "docket_sent": [],
    "crm_mail": [],
}
# What goes to the client itself where no contact person is chosen (X12).
TO_CLIENT = ["quote_sent", "deliverable_released", "invoice_sent", "docket_sent"]
NEUTRAL = {"en": "Hello,", "de": "Guten Tag,"}
# What staff read, in English and in the time zone of each; the last two have files of their own (test_crm_reminders, test_sla_notices).
OF_STAFF = {"staff_invitation", "portal_change", "portal_news", "crm_reminder", "sla_notice"}
PURPOSES = {"contact_invitation": "invitation", "contact_reset": "reset", "new_address": "address"}


@pytest.fixture
def about(portal, ada, make_quote, make_project, make_staff) -> dict[str, object]:
    """What all mails to Ada are about."""
    ada.refresh_from_db()
    quote, project, staff = make_quote(lines=[("Manual", "4", "1000", "19")], expires_on=EXPIRES), make_project(), make_staff()
    Quote.objects.filter(pk=quote.pk).update(status="sent")
    document: Document = files.add(project, ContentFile(b"%PDF-1.4", "manual.pdf"), by=staff, kind=files.Kind.DELIVERABLE)
    action = {"client": ada.client, "contact": ada, "kind": "email", "status": "done", "created_by": staff}
    CrmAction.objects.create(**action, subject="News", body="Hello Ada. Guten Tag Ada.")
    what = {"what": "passkey_added", "name": "Phone", "old": ada.email, "new": "a.k@brauer.example", "own": True}
    named = {"user": ContactAccess.objects.get(contact=ada).user_id, "contact": ada.pk, "quote": quote.pk, "document": document.pk}
    return what | named | {"item": quote.pk, "model": "quote"}


def sent(kind: str, about: dict[str, object], contact: Contact):
    """Queue the mail of `kind` at that moment, let it leave, and return it."""
    user = contact.access.user
    purpose = PURPOSES.get(kind)
    new = about["new"] if purpose == "address" else ""
    link = AccessLink.objects.issue(user, purpose, new) if purpose else None
    AccessLink.objects.filter(user=user).update(expires_at=RUNS_OUT)
    mail = outbox.queue(kind, to=new or contact.email, about=about, link=link)
    OutgoingMail.objects.filter(pk=mail.pk).update(queued_at=QUEUED)
    if kind == "crm_mail":
        CrmAction.objects.update(mail=mail)
    [message] = delivered()
    return message


def test_every_kind_of_mail_is_walked():
    assert {*settings.MAILS} == {*TOLD, *OF_STAFF}


@pytest.mark.parametrize("language", GREETING)
def test_a_mail_reads_as_its_reader_does(about, portal, ada, language):
    Contact.objects.update(language=language)
    formats, _new = ContactFormats.objects.get_or_create(contact=ada)
    follows = True
    for values, said in FORMATS.items():
        ContactFormats.objects.filter(pk=formats.pk).update(
            **dict(zip(("date_format", "time_format", "decimal_sep", "group_sep", "time_zone"), values, strict=True)),
            use_own=True,
            version=F("version") + 1,
        )
        contact = Contact.objects.select_related("access__user").get(pk=ada.pk)
        for kind, parts in TOLD.items():
            message = sent(kind, about, contact)
            html, of_html = message.alternatives[0]
            case = (kind, values)
            assert of_html == "text/html", case
            assert f'<html lang="{language}"' in html, case
            for text in (message.body, html):
                assert GREETING[language] in text, case
                assert [said[part] for part in parts if said[part] not in text] == [], (case, text)
                assert not re.search(r"{{|{%|\bNone\b|%\(", text), case
            # Where a link leads hangs on no formats.
            assert not follows or broken(message, portal) == [], case
        follows = False


@pytest.mark.parametrize("language", NEUTRAL)
def test_a_mail_to_the_client_itself_reads_as_its_preferences_say_and_leads_into_no_portal(about, ada, language):
    """Ada reads otherwise and can enter the portal: neither is the client's mailbox's."""
    Client.objects.update(language=language)
    Contact.objects.update(language="de" if language == "en" else "en")
    formats, _new = ClientFormats.objects.get_or_create(client=ada.client)
    for values, said in FORMATS.items():
        named = dict(zip(("date_format", "time_format", "decimal_sep", "group_sep", "time_zone"), values, strict=True))
        ClientFormats.objects.filter(pk=formats.pk).update(**named, use_own=True)
        for kind in TO_CLIENT:
            outbox.queue(kind, to="info@brauer.example", about=about | {"contact": None})
            [message] = delivered()
            html, _kind = message.alternatives[0]
            case = (kind, values)
            assert message.to == ["info@brauer.example"], case
            assert f'<html lang="{language}"' in html, case
            for text in (message.body, html):
                assert NEUTRAL[language] in text, case
                assert [said[part] for part in TOLD[kind] if said[part] not in text] == [], (case, text)
                assert not re.search(r"{{|{%|\bNone\b|%\(|Ada|/portal/|/account/", text), (case, text)


def broken(message, browser: Browser) -> list[str]:
    """Return the links of `message` that lead nowhere; the one-time ones are followed by a stranger."""
    found = {*re.findall(r"https?://\S+", message.body), *re.findall(r'href="(https?:[^"]+)"', message.alternatives[0].content)}
    # The picture of a message and what a person wrote are no links of ours.
    ours = [link for link in found if urlsplit(link).path.strip("/")]
    assert all(link.startswith(settings.PUBLIC_BASE_URL) for link in ours), ours
    return [link for link in ours if followed(link, browser) not in (200, 302)]


def followed(link: str, browser: Browser) -> int:
    path = link.removeprefix(settings.PUBLIC_BASE_URL).replace("&amp;", "&")
    return (Browser() if path.startswith("/account/link/") else browser).get(path).status_code


def test_mails_to_staff_have_text_html_and_moments_in_the_time_zone_of_each(make_staff, make_quote, settings):
    user = make_staff(Role.DESK, time_zone="Asia/Tokyo")
    user.set_unusable_password()
    user.save()
    link = AccessLink.objects.issue(user, AccessLink.Purpose.INVITATION)
    AccessLink.objects.update(expires_at=RUNS_OUT)
    outbox.queue("staff_invitation", to=user.email, link=link)
    news = {"what": "accepted", "model": "quote", "item": make_quote().pk, "who": "Ada Krämer"}
    outbox.queue("portal_news", to=user.email, about=news)
    invitation, told = delivered()
    assert "Monday 15 September 2031, 04:07 JST" in invitation.body
    assert "04:07 JST" in invitation.alternatives[0].content
    assert "Ada Krämer of Brauer Antriebe GmbH accepted" in told.alternatives[0].content
    desk = Browser()
    desk.force_login(user)
    assert broken(invitation, desk) + broken(told, desk) == []
