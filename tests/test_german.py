"""The portal in German: every sentence that contacts read is translated, and one rule says who is spoken to in it (issue 7, part 7)."""

import re
from decimal import Decimal
from html import unescape

import pytest
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.files.base import ContentFile
from django.template.defaultfilters import striptags
from django.test import Client as Browser
from django.urls import reverse
from django.utils.translation import gettext, override
from django.utils.translation.trans_real import DjangoTranslation

from clientdesk import outbox
from clientdesk.rights import Role
from contacts.crm import optout
from contacts.formats import language_of, style_of
from contacts.models import Contact, ContactFormats
from jobs import files
from jobs.models import Document
from jobs.papers import quote as paper
from portal.models import ContactAccess
from scripts import messages
from tests.doors import activated, choose, delivered, fresh_brakes, invited, sign_in  # noqa: F401
from tests.portal_people import let
from tests.quoting import quote_in

PLACES = re.compile(r"%\(\w+\)[a-z0-9]+|%%|</?\w+>")
# Every message of four words or more, as it looks with anything in its places.
SENTENCES = re.compile(
    "|".join(
        re.sub(r"%\\\(\w+\\\)[a-z0-9]+", ".{1,40}?", re.escape(one.id))
        for one in messages.catalogue("de")
        if isinstance(one.id, str) and len(PLACES.sub("", one.id).split()) > 3
    )
)
# The pages of the own account.
OWN = (
    "account_logout",
    *(f"account:{name}" for name in ("add_app", "add_passkey", "password", "address", "forgot", "forgot_done", "new_link")),
)
IN_GERMAN = {"headers": {"Accept-Language": "de-AT,de;q=0.9"}}


@pytest.fixture
def berta(ada) -> Contact:
    """Ada, who reads German."""
    Contact.objects.update(language="de")
    ada.refresh_from_db()
    return ada


@pytest.fixture
def page(berta) -> Browser:
    """Her browser after a sign-in with a password, when what was said at it has been read."""
    browser = activated(berta)
    let(berta, may_decide_quotes=True)
    browser.get(reverse("portal:home"))
    return browser


@pytest.fixture
def english(monkeypatch) -> set[str]:
    """What was said to somebody in German without a German word for it."""
    found = set()

    def spied(self: DjangoTranslation, message: str, *others: object) -> str:
        known = self._catalog.get(message) is not None or self._catalog.get((message, self.plural(1))) is not None
        if message and self.language() == "de" and not known:
            found.add(message)
        return real[bool(others)](self, message, *others)

    real = DjangoTranslation.gettext, DjangoTranslation.ngettext
    monkeypatch.setattr(DjangoTranslation, "gettext", spied)
    monkeypatch.setattr(DjangoTranslation, "ngettext", spied)
    with override("de"):
        gettext("nobody translated this")
    assert found == {"nobody translated this"}
    found.clear()
    return found


def shown(answer) -> str:
    """Return the text of a page after saying that it is a German one and holds no English sentence, such as one that was said before
    anybody knew who reads it."""
    page = answer.content.decode()
    assert '<html lang="de"' in page
    text = " ".join(unescape(striptags(page.split("<body")[1])).split())
    assert not SENTENCES.findall(text), answer.request["PATH_INFO"]
    return text


# --- the catalogue -------------------------------------------------------------------------------


@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_every_sentence_for_contacts_is_translated(language):
    found = messages.catalogue(language)
    known = {(one.context, one.id) for one in found}
    assert not messages.needed() - known, "run `make messages` and translate these"
    assert not messages.missing(found)


@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_a_translation_holds_the_same_places_and_is_compiled(language):
    with override(language):
        for one in messages.catalogue(language):
            ids, strings = ([one.id], [one.string]) if isinstance(one.id, str) else (one.id, one.string)
            for said, text in zip(ids, strings, strict=True):
                assert sorted(PLACES.findall(text)) == sorted(PLACES.findall(said)), ids
            if isinstance(one.id, str) and one.id:
                assert gettext(one.id) == one.string


# --- who is spoken to in which language ----------------------------------------------------------


@pytest.mark.parametrize(
    ("own", "clients", "spoken"),
    [("de", "en", "de"), ("", "de", "de"), ("en", "de", "en"), ("", "", "en"), ("fr", "de", "en"), ("de-AT", "", "de")],
)
def test_a_contact_is_spoken_to_in_its_language_else_its_clients_else_that_of_the_house(ada, own, clients, spoken):
    ada.language, ada.client.language = own, clients
    assert language_of(ada) == spoken


def test_a_stranger_is_spoken_to_as_the_browser_asks_and_who_has_a_link_as_that_person_reads(berta):
    browser = Browser(**IN_GERMAN)
    assert "Passwort vergessen?" in shown(browser.get(reverse("account_login")))
    assert "passen zu keinem Konto" in shown(sign_in("nobody@brauer.example", browser=browser))
    assert '<html lang="en"' in Browser(headers={"Accept-Language": "fr"}).get(reverse("account_login")).content.decode()
    assert "Dieser Link funktioniert nicht" in shown(browser.get(reverse("account:link", args=["x" * 43])))

    guest, path = Browser(), invited(berta)
    guest.get(path)
    assert "Willkommen, Ada" in shown(guest.get(reverse("account:set_password")))
    assert choose(path, browser=guest).status_code == 302
    assert "Ihr Passwort ist festgelegt." in shown(guest.get(reverse("portal:home")))
    assert "Anmeldung und Sicherheit" in shown(guest.get(reverse("account:security")))


def test_staff_pages_stay_in_the_language_of_the_house_whatever_the_browser_asks(make_staff, as_user):
    page = as_user(make_staff(Role.DESK)).get(reverse("clients:list"), **IN_GERMAN).content.decode()
    assert '<html lang="en"' in page
    assert "Skip to main content" in page


# --- what contacts meet --------------------------------------------------------------------------


def test_no_page_of_the_portal_says_an_english_sentence_to_a_german(page, berta, english, make_quote, make_project, make_job):
    quotes = {status: make_quote(origin="portal") for status in ("requested", "pending", "sent", "approved_by_client", "rejected")}
    for status, quote in quotes.items():
        quote_in(quote, status)
    project, job, cancelled = make_project(), make_job(), make_job()
    type(cancelled).objects.filter(pk=cancelled.pk).update(status="cancelled")
    own = {"from_portal": True, "created_by": ContactAccess.objects.get(contact=berta).user}
    file = Document.objects.create(job=job, file="x", filename="plan.pdf", visible_in_portal=True, **own)
    wanted = make_job(requested=True)
    colleague = berta.client.contacts.register(berta.client, first_name="Bea", last_name="Vogt", email="bea@brauer.example")
    pages = [reverse(f"portal:{name}") for name in ("home", "quotes", "projects", "jobs", "files", "colleagues", "company", "profile")]
    pages += [
        reverse(f"portal:{name}") for name in ("request_quote", "request_job", "edit_profile", "edit_address", "edit_formats", "edit_mails")
    ]
    pages += [reverse("portal:quote", args=[quote.pk]) for quote in quotes.values()] + [reverse("portal:search") + "?q=zz"]
    pages += [reverse(f"portal:{name}", args=[quotes["sent"].pk]) for name in ("accept", "reject", "add_quote_file")]
    pages += [reverse("portal:project", args=[project.pk]), *(reverse("portal:job", args=[one.pk]) for one in (job, cancelled))]
    pages += [reverse("portal:cancel_job", args=[job.pk]), reverse("portal:jobs") + "?view=cancelled&q=zz", reverse("account:security")]
    pages += [reverse(name) for name in OWN] + [optout.link(berta, berta.email)]
    pages += [reverse(f"portal:{name}") for name in ("add_colleague", "edit_company", "report", "edit_mails")]
    pages += [reverse("portal:edit_job", args=[wanted.pk]), reverse("portal:edit_colleague", args=[colleague.pk])]
    pages += [reverse(f"portal:{name}", args=[file.pk]) for name in ("replace_file", "withdraw_file")]
    english.clear()
    for url in pages:
        answer = page.get(url)
        assert answer.status_code == 200, url
        shown(answer)
        assert not english, url


def test_what_a_form_answers_is_german(page, english, make_quote):
    quote = quote_in(make_quote(origin="portal"), "sent")
    english.clear()
    assert "Füllen Sie „Ihr Name“ aus." in shown(page.post(reverse("portal:accept", args=[quote.pk]), {"name": ""}))
    assert "Sagen Sie in wenigen Worten, was zu tun ist." in shown(page.post(reverse("portal:request_job"), {"subject": ""}))
    assert "Sie haben" in shown(page.post(reverse("portal:accept", args=[quote.pk]), {"name": "Ada"}, follow=True))
    assert not english


MAILS = {
    "contact_reset": "Neues Passwort für das Kundenportal von",
    "contact_invitation": "lädt Sie in das Kundenportal ein",
    "password_changed": "wurde geändert",
    "factor_changed": "Ein Passkey wurde hinzugefügt",
    "signin_braked": "Falsche Passwörter",
    "address_changed": "Ihre Anmeldeadresse bei",
    "quote_sent": "Angebot Q-",
    "portal_request": "Wir haben Ihre Anfrage Q-",
    "deliverable_released": "Fertig: text.pdf",
    "invoice_sent": "Rechnung",
    "docket_sent": "Arbeitsbericht",
}
# Mails that other tests hold, and those whose text staff write or which are for staff.
OTHERS = {
    *("link_wanted", "new_address", "new_address_wanted", "crm_mail", "crm_reminder"),
    *("staff_invitation", "sla_notice", "portal_news", "portal_change"),
}


@pytest.fixture
def about(berta, make_quote) -> dict[str, object]:
    """What the mails to Ada are about, who reads numbers and days as Germans write them."""
    ContactFormats.objects.create(contact=berta, use_own=True, decimal_sep=",", group_sep=".", date_format="DD.MM.YYYY")
    quote = quote_in(make_quote(origin="portal"), "sent")
    ContactAccess.of(berta).invite(by=None)
    delivered()
    access = ContactAccess.objects.get(contact=berta)
    new = {"old": "ada@brauer.example", "new": "a.k@brauer.example"}
    paper = {"number": "R-7", "amount": Decimal("1234.5"), "currency": "EUR"}
    file = files.add(quote, ContentFile(b"x", name="text.pdf"), by=None, **paper)
    named = {"document": file.pk, "user": access.user_id, "contact": berta.pk, "quote": quote.pk, "item": quote.pk, "model": "quote"}
    return named | new | {"what": "passkey_added", "name": "Phone"}


@pytest.mark.parametrize("kind", MAILS)
def test_a_mail_to_a_german_is_german_though_nobody_spoke_it_when_it_was_made(about, english, kind):
    english.clear()
    outbox.queue(kind, to="ada@brauer.example", about=about)
    [message] = delivered()
    assert MAILS[kind] in message.subject
    assert "Guten Tag Ada," in message.body
    assert '<html lang="de"' in message.alternatives[0].content
    assert {"quote_sent": "171,36", "invoice_sent": "1.234,50"}.get(kind, "") in message.body
    assert not english


def test_every_kind_of_mail_to_contacts_is_held_to_be_german():
    assert set(settings.MAILS) == set(MAILS) | OTHERS


def test_a_german_confirms_a_new_address_in_german(about, berta, english):
    access = ContactAccess.objects.get(contact=berta)
    access.user.choose_password(make_password("x"))
    english.clear()
    access.want_address("a.k@brauer.example", None)
    for message in delivered():
        assert "Guten Tag Ada," in message.body
        assert '<html lang="de"' in message.alternatives[0].content
    assert not english


def test_the_paper_of_a_quote_is_written_in_the_language_of_who_gets_it(berta, make_quote, english, monkeypatch):
    told = {}
    monkeypatch.setattr(paper, "typeset", lambda name, values, moment: told.update(values) or b"")
    paper.quote_pdf(quote_in(make_quote(), "sent"), style_of(berta))
    assert told["title"].startswith("Angebot Q-")
    assert told["labels"]["unit_price"] == "Einzelpreis"
    assert not english
