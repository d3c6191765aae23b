"""Odd and hostile texts in every form of a contact's profile are kept and shown as they are, or refused with a sentence (C01, C04, C06)."""

import pytest
from django.utils.html import escape

from clientdesk.words import tidy
from contacts.models import Contact, SocialNetwork
from tests.client_forms import errors, sent
from tests.doors import activated, delivered, fresh_brakes  # noqa: F401
from tests.test_contacts_pages import ODD_TEXTS

MORE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "';alert(String.fromCharCode(88,83,83))//",
    "javascript:alert(1)",
    "{% include 'base.html' %}{{ request.user.password }}",
    "${7*7}#{7*7}<%= 7*7 %>",
    "Ⱥ" * 50,
    "\u202etest\u202e",
    "Ω≈ç√∫˜µ≤≥÷",
    "田中さんにあげて下さい",
    "הָיְתָהtestالصفحات التّحول",
    "̡͓̞ͅI̗̘̦͝n͇͇͙v̮̫ok̲̫̙͈i̖͙̭̹̠̞n̡̻̮̣̺g̲͈͙̭͙̬͎",
    "𠜎𠜱𠝹",
    "-1/0",
    "0x7fffffff",
    "１２３",
]
TEXTS = [*ODD_TEXTS, *MORE]
TABS = ("", "edit/", "social/", "social/edit/", "address/", "address/edit/", "history/", "preferences/")


def post(desk, contact: Contact, place: str, **changes):
    """Save a form of `contact` with `changes`; a refused one names what is wrong."""
    url = f"/contacts/{contact.pk}/{place}"
    page = desk.post(url, sent(desk.get(url), **changes))
    assert page.status_code in (303, 422), (place, changes)
    assert page.status_code == 303 or all(errors(page).values())
    return page


# Each of them is a name, an address and an account, with another one of them each time.
TURNS = [(TEXTS[n], TEXTS[n - 7], TEXTS[n - 13]) for n in range(0, len(TEXTS), 2)]


@pytest.mark.parametrize(("text", "place", "handle"), TURNS, ids=range(len(TURNS)))
def test_odd_text_is_kept_and_shown_or_refused(desk, ada, text, place, handle):
    network = SocialNetwork.objects.create(name="LinkedIn", prefix="https://www.linkedin.com/in/")
    plain = SocialNetwork.objects.create(name="Skype")
    forms = {
        "edit/": {"first_name": text, "last_name": text, "notes": text, "external_id": text, "more_phones-0-number": "030 5550142"}
        | {"more_phones-0-note": text[:60]},
        "address/edit/": {
            "use_client_address": "",
            "street": place,
            "street2": place,
            "city": place,
            "province": place,
            "postal_code": place[:20],
        },
        "social/edit/": {"accounts-0-network": str(plain.pk), "accounts-0-handle": handle},
    }
    saved = {place: post(desk, ada, place, **fields).status_code == 303 for place, fields in forms.items()}
    post(desk, ada, "social/edit/", **{"accounts-1-network": str(network.pk), "accounts-1-handle": handle})
    ada.refresh_from_db()
    if saved["edit/"]:
        assert ada.last_name == tidy(text)
    for tab in TABS:
        html = desk.get(f"/contacts/{ada.pk}/{tab}").text
        assert escape(ada.full_name) in html
        assert "<script>alert" not in html.partition("<main")[2]
        assert 'href="javascript:' not in html.lower()
    for account in ada.accounts.select_related("network"):
        assert account.url == "" or account.url.startswith("https://www.linkedin.com/in/")


def test_template_language_in_a_name_is_literal_in_the_portal_and_in_mails(desk, ada):
    """Trial C04."""
    ada.first_name, ada.street, ada.use_client_address = "{{ 7|add:7 }}", "{% now 'Y' %}", False
    ada.save()
    browser = activated(Contact.objects.get(pk=ada.pk))
    html = browser.get("/portal/profile/").text
    assert "{{ 7|add:7 }}" in html
    assert escape("{% now 'Y' %}") in html


def test_line_breaks_in_a_name_stay_out_of_the_head_of_a_mail(desk, ada):
    """Trial C05."""
    post(desk, ada, "edit/", first_name="Ada\r\nBcc: thief@evil.example", last_name="K\u2028X")
    desk.post(f"/contacts/{ada.pk}/invite/")
    [message] = delivered()
    assert message.recipients() == ["ada@brauer.example"]
    assert "\n" not in str(message.subject)
