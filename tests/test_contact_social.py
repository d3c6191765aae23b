"""The tab Social media of a contact: accounts in networks, one of them preferred (X43 to X45, XD15, XD16, XD18, invariant 15, C06)."""

import json
import re
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connections, transaction
from django.test import Client as Browser

from clientdesk.models import Change, User
from clientdesk.rights import Role
from contacts.models import Contact, SocialAccount, SocialNetwork
from tests.client_forms import errors, sent


@pytest.fixture
def linkedin(db) -> SocialNetwork:
    return SocialNetwork.objects.create(name="LinkedIn", prefix="https://www.linkedin.com/in/", position=1)


@pytest.fixture
def skype(db) -> SocialNetwork:
    return SocialNetwork.objects.create(name="Skype", position=2)


def tab(contact: Contact) -> str:
    return f"/contacts/{contact.pk}/social/"


def rows(*accounts: tuple[SocialNetwork, str], preferred: int | None = None) -> dict[str, object]:
    """Return what the rows of the form send; `preferred` is the row whose radio is chosen."""
    found: dict[str, object] = {} if preferred is None else {"accounts-preferred": str(preferred)}
    for place, (network, handle) in enumerate(accounts):
        found |= {f"accounts-{place}-network": str(network.pk), f"accounts-{place}-handle": handle}
    return found


def save(browser: Browser, contact: Contact, *accounts: tuple[SocialNetwork, str], preferred: int | None = None):
    page = browser.get(f"{tab(contact)}edit/")
    return browser.post(f"{tab(contact)}edit/", {"version": page.context["form"].instance.version} | rows(*accounts, preferred=preferred))


def stored(contact: Contact) -> list[tuple[str, str, bool]]:
    return [(one.network.name, one.handle, one.preferred) for one in contact.accounts.order_by("id")]


# --- rows ---------------------------------------------------------------------------------------
def test_accounts_are_added_changed_and_taken_away_in_one_form(desk, ada, linkedin, skype):
    page = save(desk, ada, (linkedin, "ada"), (skype, "live:ada.k"))
    assert (page.status_code, page.headers["Location"]) == (303, tab(ada))
    assert stored(ada) == [("LinkedIn", "ada", True), ("Skype", "live:ada.k", False)]
    first = ada.accounts.get(network=linkedin).pk
    save(desk, ada, (linkedin, "ada-kraemer"), preferred=0)
    assert stored(ada) == [("LinkedIn", "ada-kraemer", True)]
    assert ada.accounts.get().pk == first


def test_the_tab_links_what_has_an_address_and_counts(desk, ada, linkedin, skype):
    """XD16: prefix, name, suffix."""
    save(desk, ada, (linkedin, "ada krämer"), (skype, "live:ada"))
    page = desk.get(tab(ada)).text.partition("<main")[2]
    assert 'href="https://www.linkedin.com/in/ada%20kr%C3%A4mer" rel="noopener noreferrer"' in page
    assert "<bdi>live:ada</bdi></td>" in page
    assert re.search(r'aria-current="page">Social media <span class="n">2</span>', page)


def test_the_preferred_account_stands_in_the_card_of_every_tab(desk, ada, linkedin, skype):
    """X33, XD15; without one there is none."""
    save(desk, ada, (linkedin, "ada"), (skype, "ada.k"), preferred=1)
    for place in ("", "social/", "address/", "account/", "preferences/", "crm/", "history/", "edit/", "social/edit/"):
        card = re.search(r'<header class="header-card">.*?</header>', desk.get(f"/contacts/{ada.pk}/{place}").text, re.S)[0]
        assert "ada.k" in card, place
        assert "LinkedIn" not in card, place
    save(desk, ada, (linkedin, "ada"))
    assert "LinkedIn" not in re.search(r'<header class="header-card">.*?</header>', desk.get(f"/contacts/{ada.pk}/").text, re.S)[0]


# --- the preferred one --------------------------------------------------------------------------
def test_the_first_account_becomes_the_preferred_one(desk, ada, linkedin):
    save(desk, ada, (linkedin, "ada"))
    assert stored(ada) == [("LinkedIn", "ada", True)]


def test_choosing_another_clears_the_former(desk, ada, linkedin, skype):
    save(desk, ada, (linkedin, "ada"), (skype, "ada"), preferred=0)
    save(desk, ada, (linkedin, "ada"), (skype, "ada"), preferred=1)
    assert stored(ada) == [("LinkedIn", "ada", False), ("Skype", "ada", True)]


def test_taking_the_preferred_one_away_leaves_none(desk, ada, linkedin, skype):
    save(desk, ada, (linkedin, "ada"), (skype, "ada"), preferred=0)
    save(desk, ada, (skype, "ada"))
    assert stored(ada) == [("Skype", "ada", False)]
    save(desk, ada, (skype, "ada"), (linkedin, "ada"))
    assert not ada.accounts.filter(preferred=True).exists()


def test_a_radio_in_a_blank_row_prefers_nothing(desk, ada, linkedin):
    save(desk, ada, (linkedin, "ada"), preferred=7)
    assert stored(ada) == [("LinkedIn", "ada", True)]


def test_two_preferred_ones_are_refused_by_form_and_database(desk, ada, linkedin, skype):
    both = [{"network": network.pk, "handle": "ada", "preferred": True} for network in (linkedin, skype)]
    page = desk.post(f"{tab(ada)}edit/", {"version": ada.version, "accounts": json.dumps(both)})
    assert page.status_code == 422
    assert errors(page)["accounts"] == ["Only one account can be the preferred one. Choose which."]
    SocialAccount.objects.create(contact=ada, network=linkedin, handle="ada", preferred=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        SocialAccount.objects.create(contact=ada, network=skype, handle="ada", preferred=True)


@pytest.mark.django_db(transaction=True)
def test_eight_people_who_prefer_another_at_once_leave_one_preferred(ada, linkedin, make_staff):
    """Invariant 15; who was late sees the conflict."""
    user = make_staff()
    names = [f"ada{n}" for n in range(8)]
    SocialAccount.objects.put(ada, [{"network": linkedin.pk, "handle": name, "preferred": False} for name in names])
    start = Barrier(8)

    def post(chosen: int) -> int:
        try:
            browser = Browser()
            browser.force_login(User.objects.get(pk=user.pk))
            start.wait()
            sent = {"version": ada.version} | rows(*((linkedin, name) for name in names), preferred=chosen)
            return browser.post(f"{tab(ada)}edit/", sent).status_code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(post, range(8)))
    assert set(answers) <= {303, 409}
    assert 303 in answers
    assert ada.accounts.filter(preferred=True).count() == 1


# --- networks -----------------------------------------------------------------------------------
def test_a_deactivated_network_is_not_offered_and_stays_where_it_is_chosen(desk, ada, linkedin, skype):
    """XD18."""
    save(desk, ada, (skype, "ada.k"))
    skype.deactivate()
    page = desk.get(f"{tab(ada)}edit/")
    first, *blank = re.findall(r'<select name="accounts-\w+-network".*?</select>', page.text, re.S)
    assert "Skype" in first
    assert blank
    assert all("Skype" not in select and "LinkedIn" in select for select in blank)
    assert desk.post(f"{tab(ada)}edit/", sent(page, **{"accounts-0-handle": "ada.kraemer"})).status_code == 303
    assert stored(ada) == [("Skype", "ada.kraemer", True)]
    bob = ada.client.contacts.register(ada.client, last_name="Noor")
    page = save(desk, bob, (skype, "bob"))
    assert page.status_code == 422
    assert "This choice is not offered any more" in errors(page)["accounts"][0]


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("anna", "anna"),
        ("  anna ", "anna"),
        ("@anna", "anna"),
        ("https://www.linkedin.com/in/anna", "anna"),
        ("http://linkedin.com/in/anna/", "anna"),
        ("www.linkedin.com/in/anna", "anna"),
        ("linkedin.com/in/anna", "anna"),
        ("HTTPS://WWW.LinkedIn.com/IN/anna", "anna"),
        ("https://de.linkedin.com/in/anna?trk=people#top", "anna"),
        ("https://www.linkedin.com/in/anna/details/skills/", "anna"),
        ("https://www.linkedin.com/in/j%C3%BCrgen", "jürgen"),
    ],
)
def test_a_pasted_address_of_the_network_is_understood(desk, ada, linkedin, typed, name):
    save(desk, ada, (linkedin, typed))
    assert stored(ada) == [("LinkedIn", name, True)]


def test_suffix_and_at_sign_belong_to_the_network(db):
    youtube = SocialNetwork.objects.create(name="YouTube", prefix="https://www.youtube.com/@")
    pages = SocialNetwork.objects.create(name="Pages", prefix="https://pages.example/u/", suffix="/about")
    assert youtube.account_in("https://www.youtube.com/@anna") == "anna"
    assert youtube.address_of("anna") == "https://www.youtube.com/@anna"
    assert pages.account_in("https://pages.example/u/anna/about") == "anna"
    assert pages.address_of("anna") == "https://pages.example/u/anna/about"


HOSTILE = [
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "java\tscript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:msgbox(1)",
    "//evil.example/in/anna",
    "\\\\evil.example",
    "http:evil.example",
    "https:evil.example",
    "https://evil.example/in/anna",
    "https://www.linkedin.com.evil.example/in/anna",
    "https://evil.example/https://www.linkedin.com/in/anna",
    "https://www.linkedin.com@evil.example/in/anna",
    "https://www.lınkedin.com/in/anna",
    "https://www.linkedin.com/company/acme",
    "https://[::1",
    "ftp://www.linkedin.com/in/anna",
    "../../etc/passwd",
    "anna/../evil",
    "anna?next=//evil.example",
]


@pytest.mark.parametrize("typed", HOSTILE)
def test_what_could_lead_elsewhere_is_refused_with_a_sentence(desk, ada, linkedin, typed):
    """Trial C06."""
    page = save(desk, ada, (linkedin, typed))
    assert page.status_code == 422
    [sentence] = errors(page)["accounts"]
    assert "is no account of LinkedIn. Enter its name, such as anna, or its address, such as https://www.linkedin.com/in/anna" in sentence
    assert 'aria-invalid="true"' in page.text
    assert not ada.accounts.exists()


@pytest.mark.parametrize("typed", ["javascript:alert(1)", "data:text/html,x", "//evil.example", "http:x", "https://evil.example/x"])
def test_a_network_without_addresses_takes_names_only(desk, ada, skype, typed):
    page = save(desk, ada, (skype, typed))
    assert "is no account of Skype. Enter the name of the account." in errors(page)["accounts"][0]


def test_whatever_is_stored_only_http_becomes_a_link(ada, desk):
    """Rows of an import or of the shell pass no form."""
    network = SocialNetwork.objects.create(name="Odd", prefix="javascript:")
    account = SocialAccount.objects.create(contact=ada, network=network, handle="alert(1)", preferred=True)
    assert account.url == ""
    assert 'href="javascript:' not in desk.get(tab(ada)).text
    known = SocialNetwork.objects.create(name="Known", prefix="https://known.example/")
    with pytest.raises(ValidationError):
        SocialAccount(contact=ada, network=known, handle="data:x").full_clean()


@pytest.mark.parametrize(
    ("account", "said"),
    [
        ({"accounts-0-handle": "ada"}, "Choose the network."),
        ({"accounts-0-network": "{linkedin}"}, "Enter the name of the account."),
        ({"accounts-0-network": "{linkedin}", "accounts-0-handle": "a" * 201}, "Shorten it to 200"),
        ({"accounts-0-network": "999999", "accounts-0-handle": "ada"}, "This choice is not offered any more"),
        ({"accounts-0-network": "x", "accounts-0-handle": "ada"}, "This choice is not offered any more"),
        ({"accounts-0-network": "{linkedin}", "accounts-0-handle": "a\x00"}, "cannot be stored"),
    ],
)
def test_what_is_missing_or_too_long_is_said(desk, ada, linkedin, account, said):
    typed = {key: value.format(linkedin=linkedin.pk) for key, value in account.items()}
    page = desk.post(f"{tab(ada)}edit/", {"version": ada.version} | typed)
    assert page.status_code == 422
    assert said in errors(page)["accounts"][0]


def test_the_same_account_twice_is_refused_another_network_may_have_the_name(desk, ada, linkedin, skype):
    page = save(desk, ada, (linkedin, "ada"), (linkedin, "https://www.linkedin.com/in/ADA"))
    assert errors(page)["accounts"] == ["Row 2: “ADA” stands here twice. Remove one."]
    assert save(desk, ada, (linkedin, "ada"), (skype, "ada")).status_code == 303


# --- two people, rights, history -----------------------------------------------------------------
def test_an_untouched_form_changes_nothing(desk, ada, linkedin):
    save(desk, ada, (linkedin, "ada"))
    ada.refresh_from_db()
    page = desk.get(f"{tab(ada)}edit/")
    assert "Nothing was changed." in desk.post(f"{tab(ada)}edit/", sent(page), follow=True).text
    assert Contact.objects.get(pk=ada.pk).version == ada.version


def test_two_people_at_once_see_both_versions(desk, ada, linkedin, skype):
    opened = sent(desk.get(f"{tab(ada)}edit/"))
    save(desk, ada, (linkedin, "ada"))
    page = desk.post(f"{tab(ada)}edit/", opened | rows((skype, "ada.k")))
    assert page.status_code == 409
    assert "LinkedIn, ada, Preferred" in page.text
    assert "Skype, ada.k" in page.text
    assert desk.post(f"{tab(ada)}edit/", sent(page)).status_code == 303
    assert [(name, handle) for name, handle, _preferred in stored(ada)] == [("Skype", "ada.k")]


def test_readers_look_but_cannot_change(make_staff, as_user, ada, linkedin):
    SocialAccount.objects.create(contact=ada, network=linkedin, handle="ada")
    reader = as_user(make_staff(Role.READER))
    html = reader.get(tab(ada)).text.partition("<main")[2]
    assert "linkedin.com/in/ada" in html
    assert "/edit/" not in html
    assert "/photo/change/" not in html
    assert reader.get(f"{tab(ada)}edit/").status_code == 403
    assert reader.post(f"{tab(ada)}edit/", rows((linkedin, "x"))).status_code == 403


def test_the_history_names_networks_and_tells_what_changed(desk, ada, linkedin, skype):
    save(desk, ada, (linkedin, "ada"), (skype, "ada"))
    save(desk, ada, (linkedin, "ada.k"), (skype, "ada"), preferred=0)
    save(desk, ada, (linkedin, "ada.k"), preferred=0)
    html = desk.get(f"/contacts/{ada.pk}/history/").text
    for words in ("Social account added: LinkedIn", "Social account changed: LinkedIn", "Social account removed: Skype", "ada.k"):
        assert words in html
    assert Change.objects.filter(of_id=ada.pk, content_type__model="socialaccount").count() == 4


def test_an_erased_contact_has_no_form(desk, ada):
    Contact.objects.filter(pk=ada.pk).update(erased_at="2026-01-01T00:00Z")
    for place in ("social/edit/", "address/edit/", "preferences/edit/", "photo/change/", "photo/remove/"):
        assert desk.get(f"/contacts/{ada.pk}/{place}").status_code == 404, place
        assert desk.post(f"/contacts/{ada.pk}/{place}").status_code == 404, place
