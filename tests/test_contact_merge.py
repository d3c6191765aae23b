"""Two contacts that are one person become one: a choice per field, everything that hangs on the loser moves, and back as one unit."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

import pytest
from django.db import connections
from django.test import Client as Browser

from clientdesk.models import LegalHold, Merge, User
from clientdesk.rights import Role
from contacts.models import Contact, ContactFormats, ContactPair, Office, SocialAccount, SocialNetwork
from portal.models import ContactAccess
from tests.doors import PASSWORD, activated, fresh_brakes, is_in, sign_in  # noqa: F401 - a fixture
from tests.merges import press_merge, versions
from tests.test_merge_undo import confirmed


@pytest.fixture
def winner(ada) -> Contact:
    return ada


@pytest.fixture
def loser(ada) -> Contact:
    """Ada once more: with an office, accounts elsewhere and notes that the first one lacks."""
    works = Office.objects.create(client=ada.client, name="Works")
    found = ada.client.contacts.register(
        ada.client, first_name="Ada", last_name="Kraemer", email="ada.k@brauer.example", notes="Theirs", offices=[works, ada.default_office]
    )
    network = SocialNetwork.objects.create(name="LinkedIn", prefix="https://www.linkedin.com/in/")
    SocialAccount.objects.create(contact=found, network=network, handle="ada", preferred=True)
    SocialAccount.objects.create(contact=found, network=network, handle="Kraemer")
    return found


def address(winner: Contact, loser: Contact) -> str:
    return f"/contacts/merge/{winner.pk}/{loser.pk}/"


def merge(browser, winner: Contact, loser: Contact, **choices: str):
    """Press Merge as often as it takes; return the answer."""
    return press_merge(browser, address(winner, loser), winner, loser, choices)


def undo(browser):
    return browser.post(f"/contacts/merges/{Merge.objects.latest('pk').pk}/undo/", follow=True)


def test_the_page_shows_what_differs_and_what_moves_with_counts(manager, winner, loser):
    page = manager.get(address(winner, loser))
    assert {"last_name", "email", "notes"} == {question.name for question in page.context["preview"].fields}
    assert {(moved.label, moved.count) for moved in page.context["preview"].moves} == {("Offices", 2), ("Social accounts", 2)}
    assert "Ada Krämer" in page.text
    assert f'href="{address(loser, winner)}"' in page.text


def test_everything_of_the_loser_moves_and_its_address_leads_on(manager, winner, loser):
    account = SocialAccount.objects.create(contact=winner, network=SocialNetwork.objects.get(), handle="ADA", preferred=True)
    answer = merge(manager, winner, loser)
    assert answer.headers["Location"] == f"/contacts/{winner.pk}/"
    winner.refresh_from_db()
    assert (winner.last_name, winner.email, winner.notes) == ("Krämer", "ada@brauer.example", "Theirs")
    assert winner.more_emails == [{"address": "ada.k@brauer.example", "cc": False}]
    assert sorted(office.name for office in winner.offices.all()) == ["Headquarters", "Works"]
    assert [(one.handle, one.preferred) for one in winner.accounts.all()] == [("ADA", True), ("Kraemer", False)]
    assert winner.accounts.first() == account
    assert not Contact.objects.filter(pk=loser.pk).exists()
    led = manager.get(f"/contacts/{loser.pk}/history/?field=email")
    assert led.headers["Location"] == f"/contacts/{winner.pk}/history/?field=email"
    sent = manager.post(f"/contacts/{loser.pk}/edit/", {"last_name": "X"}, follow=True)
    assert "Nothing of yours was saved." in sent.text


def test_each_field_goes_as_it_was_chosen(manager, winner, loser):
    for contact, year in ((winner, 2024), (loser, 2025)):
        Contact.objects.filter(pk=contact.pk).update(first_contact_on=date(year, 1, 2), sales_notes=str(year))
    merge(manager, winner, loser, last_name="loser", email="loser", notes="winner", first_contact_on="loser", sales_notes="loser")
    winner.refresh_from_db()
    assert (winner.first_contact_on, winner.sales_notes) == (date(2025, 1, 2), "2025")
    assert (winner.last_name, winner.email, winner.notes) == ("Kraemer", "ada.k@brauer.example", "")
    assert winner.more_emails == [{"address": "ada@brauer.example", "cc": False}]


def test_a_merge_says_first_whose_account_is_closed_and_its_undo_who_can_enter_the_portal_again(manager, winner, loser):
    """Of two accounts one stays."""
    for contact in (winner, loser):
        ContactAccess.of(contact).invite(None)
    page = manager.post(address(winner, loser), versions(winner, loser))
    means = page.context["preview"].consequences
    assert [(one.sentence, one.names) for one in means] == [("1 contact loses portal access:", ("Ada Kraemer",))]
    assert ContactAccess.objects.count() == 2
    merge(manager, winner, loser)
    page = undo(manager)
    assert [(one.sentence, one.names) for one in page.context["consequences"]] == [("1 contact can enter the portal:", ("Ada Kraemer",))]
    assert not Contact.objects.filter(pk=loser.pk).exists()
    assert "The merge was undone" in confirmed(manager, page).text
    assert ContactAccess.objects.get(contact=loser).is_open


def test_undo_brings_everything_back_and_leaves_what_was_edited_since(manager, winner, loser):
    before = [list(model.objects.order_by("pk").values()) for model in (SocialAccount, ContactFormats)] + [
        sorted(winner.contact_offices.values_list("office_id")),
        sorted(loser.contact_offices.values_list("office_id")),
    ]
    merge(manager, winner, loser, last_name="loser")
    winner.refresh_from_db()
    winner.notes = "Edited since"
    winner.save()
    page = undo(manager)
    assert "is a contact of its own again" in page.text
    assert "Some things stayed as they are now:" in page.text
    winner.refresh_from_db()
    loser = Contact.objects.get(pk=loser.pk)
    assert (winner.last_name, winner.notes, loser.last_name, loser.notes) == ("Krämer", "Edited since", "Kraemer", "Theirs")
    assert sorted(loser.contact_offices.values_list("office_id")) == before[3]
    assert [row["handle"] for row in SocialAccount.objects.order_by("pk").values()] == [row["handle"] for row in before[0]]
    assert loser.accounts.get(preferred=True).handle == "ada"
    assert "was undone already" in undo(manager).text


def test_the_primary_contact_that_goes_leaves_its_place_to_the_one_that_stays_and_gets_it_back(manager, winner, loser):
    """Invariant 3."""
    loser.make_primary()
    page = manager.get(address(winner, loser))
    assert ("Primary contact", 1) in {(moved.label, moved.count) for moved in page.context["preview"].moves}
    merge(manager, winner, loser)
    assert [one.pk for one in winner.client.contacts.filter(is_primary=True)] == [winner.pk]
    undo(manager)
    assert [one.pk for one in winner.client.contacts.filter(is_primary=True)] == [loser.pk]


# --- the portal ----------------------------------------------------------------------------------
def test_the_only_account_moves_with_its_address_and_its_person_stays_signed_in(manager, winner, loser):
    """Invariants 8, 9; XD37."""
    inside = activated(loser)
    ContactAccess.objects.filter(contact=loser).update(rights=3)
    page = manager.get(address(winner, loser))
    assert "email" not in {question.name for question in page.context["preview"].fields}
    assert "signs in with ada.k@brauer.example from then on" in page.text
    merge(manager, winner, loser)
    winner.refresh_from_db()
    assert winner.email == "ada.k@brauer.example"
    assert ContactAccess.objects.get(contact=winner).rights == 3
    assert is_in(inside)
    undo(manager)
    assert is_in(inside)
    assert ContactAccess.objects.get().contact_id == loser.pk


@pytest.mark.parametrize("choice", ["winner", "loser"])
def test_of_two_accounts_one_is_chosen_and_the_other_is_closed_at_once(manager, winner, loser, choice):
    browsers = {"winner": activated(winner), "loser": activated(loser)}
    merge(manager, winner, loser, access=choice)
    winner.refresh_from_db()
    assert winner.email == {"winner": "ada@brauer.example", "loser": "ada.k@brauer.example"}[choice]
    for side, browser in browsers.items():
        assert is_in(browser) is (side == choice)
    assert ContactAccess.objects.count() == 1
    gone = {"winner": "ada.k@brauer.example", "loser": "ada@brauer.example"}[choice]
    assert "/portal/" not in sign_in(gone, PASSWORD).headers.get("Location", "")


# --- who may be one ------------------------------------------------------------------------------
@pytest.fixture
def elsewhere(make_client) -> Contact:
    other = make_client("Grünwald Pharma", email="info@gruenwald.example")
    return other.contacts.register(other, first_name="Ada", last_name="Krämer", email="ada@gruenwald.example")


def test_a_contact_of_another_client_goes_without_its_offices(manager, winner, elsewhere):
    page = manager.get(address(winner, elsewhere))
    assert "are not taken along" in page.text
    assert "default_office" not in {question.name for question in page.context["preview"].fields}
    merge(manager, winner, elsewhere)
    winner.refresh_from_db()
    assert [office.client_id for office in winner.offices.all()] == [winner.client_id]
    assert not elsewhere.client.contacts.exists()
    undo(manager)
    assert elsewhere.client.contacts.get().is_primary


def test_reasons_why_not_are_sentences(manager, winner, loser, elsewhere, make_client):
    elsewhere.client.contacts.register(elsewhere.client, last_name="Left")
    assert "Make another one primary first." in merge(manager, winner, elsewhere).text
    elsewhere.client.contacts.get(last_name="Left").make_primary()
    activated(elsewhere)
    assert "Move the contact to the other client first." in merge(manager, winner, elsewhere).text
    ida = make_client("Ida Roth", kind="individual", first_name="Ida", last_name="Roth", email="i@roth.example").contacts.get()
    assert "Merge the clients instead." in merge(manager, winner, ida).text
    winner.deactivate(loser)
    assert "is deactivated and" in merge(manager, winner, loser).text
    assert merge(manager, loser, winner).status_code == 303
    assert manager.get(f"/contacts/merge/{loser.pk}/{loser.pk}/").status_code == 404
    loser.refresh_from_db()
    Contact.objects.filter(pk=elsewhere.pk).update(erased_at=loser.created_at)
    assert "were erased" in manager.get(address(loser, elsewhere)).text
    assert not Merge.objects.filter(loser_id=elsewhere.pk).exists()


def test_a_page_that_is_too_old_merges_nothing(manager, winner, loser):
    old = {"winner_version": winner.version, "loser_version": loser.version}
    loser.notes = "New"
    loser.save()
    answer = manager.post(address(winner, loser), old)
    assert answer.status_code == 409
    assert "was saved after you opened this page" in answer.text
    assert Contact.objects.filter(pk=loser.pk).exists()


def test_holds_and_pairs_go_along(manager, winner, loser, elsewhere):
    kind = Merge._meta.get_field("content_type").related_model.objects.get_for_model(Contact)
    LegalHold.objects.create(content_type=kind, object_id=loser.pk, reason="Lawsuit")
    ContactPair.objects.create(first=winner, second=loser, strength=80)
    ContactPair.objects.create(first=loser, second=elsewhere, strength=60, state="dismissed")
    merge(manager, winner, loser)
    assert LegalHold.objects.get().object_id == winner.pk
    [pair] = ContactPair.objects.all()
    assert {pair.first_id, pair.second_id} == {winner.pk, elsewhere.pk}
    assert pair.state == "dismissed"
    undo(manager)
    assert ContactPair.objects.count() == 2


def test_a_restricted_client_keeps_its_contacts_out_of_merges(manager, winner, elsewhere, make_staff):
    elsewhere.client.restricted_to_responsible, elsewhere.client.sales_person = True, make_staff(Role.READER)
    elsewhere.client.save()
    for url in (address(winner, elsewhere), address(elsewhere, winner)):
        assert manager.get(url).status_code == 404
        assert manager.post(url).status_code == 404
    assert "Grünwald" not in manager.get(f"/contacts/{winner.pk}/merge/?q=gruenwald.example").text


def test_an_erased_person_leaves_nothing_in_a_merge(manager, make_staff, as_user, winner, loser):
    merge(manager, winner, loser)
    administrator = as_user(make_staff(Role.ADMINISTRATOR))
    assert "Kraemer" in administrator.get(f"/contacts/{winner.pk}/erase/").text
    assert administrator.post(f"/contacts/{winner.pk}/erase/", {"typed": "Krämer"}).status_code == 303
    made = Merge.objects.get()
    assert made.steps == []
    assert "Ada" not in f"{made.loser_name} {made.search_key}"
    assert "cannot be undone" in manager.get(f"/contacts/merges/{made.pk}/").text


@pytest.mark.django_db(transaction=True)
def test_the_same_pair_merged_twice_at_once_is_merged_once_and_the_other_reads_a_sentence(make_staff, winner, loser):
    user, start = make_staff(Role.MANAGER), Barrier(2)
    body = {"winner_version": winner.version, "loser_version": loser.version}

    def post(n: int):
        try:
            browser = Browser()
            browser.force_login(User.objects.get(pk=user.pk))
            start.wait()
            answer = browser.post(address(winner, loser) if n else address(loser, winner), body if n else _turned(body))
            return answer.status_code, browser.get(answer.headers["Location"], follow=True).text if answer.status_code == 303 else ""
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(post, range(2)))
    assert Merge.objects.count() == 1
    assert {status for status, _text in answers} <= {303, 409}
    assert any("already" in text for _status, text in answers) or 409 in {status for status, _text in answers}


def _turned(body: dict) -> dict:
    return {"winner_version": body["loser_version"], "loser_version": body["winner_version"]}
