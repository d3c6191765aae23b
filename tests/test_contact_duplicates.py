"""Duplicates among contacts: what is said on adding one, the search over the whole base, pairs that are called two persons."""

import pytest

from clientdesk import work
from clientdesk.models import LongRun
from clientdesk.rights import Role
from contacts.duplicates import Person, candidates, compare, strength
from contacts.models import Contact, ContactPair

PAIRS = "/contacts/duplicates/"


@pytest.fixture
def other(make_client):
    return make_client("Grünwald Pharma", email="info@gruenwald.example")


def person(client: int = 1, name: str = "Anna Lindholm", email: str = "", *phones: str) -> Person:
    first, _space, last = name.partition(" ")
    return Person.typed(client, first, last, email, phones)


@pytest.mark.parametrize(
    ("one", "two", "kinds", "strong"),
    [
        (person(), person(), ["same_person"], True),
        (person(), person(name="Lindholm Anna"), ["same_person"], True),
        (person(), person(2), ["same_name"], False),
        (person(), person(name="Anna Lindhlom"), ["near_person"], False),
        (person(email="a@b.example"), person(2, email="A@B.example"), ["email", "same_name"], True),
        (person(email="info@b.example"), person(1, "Bob Noor", "info@b.example"), ["mailbox"], False),
        (person(1, "Anna Lindholm", "", "+46 8 5550142"), person(2, "Anna Lindholm", "", "+4685550142"), ["phone", "same_name"], True),
        (person(1, "Anna Lindholm", "", "+4685550142"), person(1, "Bob Noor", "", "+4685550142"), ["switchboard"], False),
        (person(), person(1, "Bob Noor"), [], False),
        (person(email=""), person(1, "Bob Noor", ""), [], False),
    ],
)
def test_why_two_may_be_one_person(one, two, kinds, strong):
    reasons = compare(one, two)
    assert [reason.kind for reason in reasons] == kinds
    assert (strength(reasons) >= 70) is strong
    assert all(reason.words for reason in reasons)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ({"first_name": "Ada", "last_name": "Kramer", "email": "x@x.example"}, True),
        ({"first_name": "Ada", "last_name": "Krämer", "email": "ADA@brauer.example"}, True),
        ({"first_name": "Ada", "last_name": "Krämer", "email": "new@x.example", "phone": "+49305550142"}, True),
        ({"first_name": "Ada", "last_name": "Kraemer-Noor", "email": "new@x.example"}, False),
        ({"first_name": "Bob", "last_name": "Noor", "email": "ada@brauer.example"}, False),
    ],
)
def test_adding_says_who_may_be_the_same_person_at_any_client_and_refuses_nothing(desk, ada, other, typed, found):
    ada.phone = "+49305550142"
    ada.save()
    client = ada.client if typed["last_name"] == "Kramer" else other
    page = desk.post(f"/clients/{client.pk}/contacts/add/", typed, follow=True)
    assert client.contacts.filter(first_name=typed["first_name"], last_name=typed["last_name"]).exists()
    assert ("may be the same person as Ada Krämer of Brauer Antriebe" in page.text) is found


def test_whoever_is_with_a_client_that_one_may_not_see_is_not_named(desk, ada, other, make_staff):
    ada.client.restricted_to_responsible, ada.client.sales_person = True, make_staff(Role.READER)
    ada.client.save()
    page = desk.post(
        f"/clients/{other.pk}/contacts/add/", {"first_name": "Ada", "last_name": "Krämer", "email": "ada@brauer.example"}, follow=True
    )
    assert "Brauer" not in page.text.split("<main")[1]


def search(browser) -> None:
    browser.post(f"{PAIRS}scan/")
    while work.advance_due("test"):
        pass
    assert LongRun.objects.filter(kind="contact_duplicates_scan").latest("pk").state == LongRun.State.DONE


@pytest.fixture
def twins(ada, other) -> list[Contact]:
    """Ada; Ada once more with a typing error; Ada at another client by her address; two who share a mailbox."""
    register = ada.client.contacts.register
    return [
        ada,
        register(ada.client, first_name="Ada", last_name="Kraemer", email="ada.k@brauer.example"),
        other.contacts.register(other, first_name="Ada", last_name="Krämer", email="ada@brauer.example"),
        register(ada.client, first_name="Bob", last_name="Noor", email="office@brauer.example"),
        register(ada.client, first_name="Cem", last_name="Öz", email="office@brauer.example"),
    ]


def test_the_search_finds_pairs_and_leaves_colleagues_of_one_mailbox_alone(manager, twins):
    assert "Nobody has searched yet" in manager.get(PAIRS).text
    search(manager)
    found = {(pair.first_id, pair.second_id) for pair in ContactPair.objects.all()}
    assert found == {(twins[0].pk, twins[1].pk), (twins[0].pk, twins[2].pk)}
    page = manager.get(PAIRS)
    assert "Same e-mail address ada@brauer.example" in page.text
    assert f'href="/contacts/merge/{twins[0].pk}/{twins[1].pk}/"' in page.text


def test_what_is_called_two_persons_is_not_suggested_again_and_can_be_taken_back(manager, twins):
    search(manager)
    pair = ContactPair.objects.get(second=twins[2])
    page = manager.post(f"{PAIRS}dismiss/", {"pair": pair.pk}, follow=True)
    assert "are remembered as two persons" in page.text
    search(manager)
    assert [one.pk for one, _reasons in manager.get(PAIRS).context["rows"]] == [ContactPair.objects.get(second=twins[1]).pk]
    assert [found.contact for found in candidates(twins[0], LongRun.objects.latest("pk").owner)] == [twins[1]]
    manager.post(f"{PAIRS}dismiss/", {"pair": pair.pk, "undo": "1"})
    assert len(manager.get(PAIRS).context["rows"]) == 2


def test_a_pair_that_is_none_any_more_goes_with_the_next_search(manager, twins):
    search(manager)
    twins[1].last_name, twins[1].first_name = "Quist", "Olaf"
    twins[1].save()
    search(manager)
    assert [pair.second_id for pair in ContactPair.objects.all()] == [twins[2].pk]


def test_pairs_of_a_restricted_client_are_nobody_elses(manager, twins, other, make_staff):
    search(manager)
    other.restricted_to_responsible, other.sales_person = True, make_staff(Role.READER)
    other.save()
    hidden = ContactPair.objects.get(second=twins[2])
    assert len(manager.get(PAIRS).context["rows"]) == 1
    assert manager.post(f"{PAIRS}dismiss/", {"pair": hidden.pk}).status_code == 404


def test_the_desk_does_not_merge(desk, twins):
    for url in (PAIRS, f"/contacts/merge/{twins[0].pk}/{twins[1].pk}/", f"/contacts/{twins[0].pk}/merge/"):
        assert desk.get(url).status_code == 403
