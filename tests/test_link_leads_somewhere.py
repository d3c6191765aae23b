"""The first sign-in lands on what the mail was about: a link carries the page, and only one of ours (issue 7, part 5)."""

import pytest
from django.test import Client as Browser

from clientdesk.models import AccessLink, OutgoingMail
from portal.models import ContactAccess
from tests.doors import activated, choose, delivered, fresh_brakes, link_path  # noqa: F401

PAGE = "/portal/?quote=7"


@pytest.mark.parametrize(
    ("leads_to", "lands_on"),
    [
        ("", "/portal/"),
        (PAGE, PAGE),
        ("https://evil.example/", "/portal/"),
        ("//evil.example/portal/", "/portal/"),
        ("/clients/1/", "/portal/"),
        ("/\\evil.example", "/portal/"),
    ],
)
def test_who_chooses_a_password_lands_on_the_page_of_the_portal_that_the_link_carries(leads_to, lands_on, ada):
    ContactAccess.of(ada).invite(by=None, leads_to=leads_to)
    [message] = delivered()

    assert choose(link_path(message)).headers["Location"] == lands_on


def test_who_forgot_the_password_on_the_way_to_a_page_lands_there(ada):
    activated(ada)
    browser = Browser()
    sign_in_page = browser.get("/account/sign-in/", {"next": PAGE}).text
    assert "/account/forgot-password/?next=/portal/%3Fquote%3D7" in sign_in_page

    browser.post("/account/forgot-password/?next=/portal/%3Fquote%3D7", {"email": ada.email})
    [message] = delivered()

    assert choose(link_path(message)).headers["Location"] == PAGE


@pytest.mark.parametrize("next_page", ["https://evil.example/", "//evil.example/"])
def test_a_page_of_another_host_is_not_even_kept(next_page, ada):
    activated(ada)
    Browser().post(f"/account/forgot-password/?next={next_page}", {"email": ada.email})

    assert OutgoingMail.objects.get(kind="link_wanted").about == {}


def test_a_link_that_ran_out_unsent_leads_where_the_old_one_did(ada):
    link = ContactAccess.of(ada).invite(by=None, leads_to=PAGE)
    AccessLink.objects.filter(pk=link.pk).update(expires_at=link.created_at)

    delivered()

    assert AccessLink.objects.latest("pk").leads_to == PAGE
    assert AccessLink.objects.latest("pk").pk != link.pk
