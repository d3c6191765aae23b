"""Whatever way a page of a filtered list is found, it shows the same records in the same order (clientdesk/page_keys)."""

from dataclasses import replace

import pytest
from django.http import QueryDict

from clientdesk import lists, page_keys
from clientdesk.page_keys import Follow, Gather, Skip, Walk
from clientdesk.rights import Role
from clients.listing import CLIENTS
from clients.models import Category, Client, Industry, Responsible
from tests.test_stretches import count_stretches

WAYS = {
    "gathered at once": (Gather(1000), Gather(None)),
    "walked": (Gather(0), Walk(1), Walk(3), Walk(10_000)),
    "followed": (Gather(0), Follow(6), Follow(10_000), Gather(None)),
    "followed and counted": (Follow(9, counts=True), Follow(10_000, counts=True), Gather(2), Follow(6), Gather(None)),
    "skipped": (Gather(0), Skip(1), Skip(3), Skip(99), Gather(None)),
    "as it comes": (Gather(2), Follow(4), Walk(5), Gather(4), Walk(11), Gather(None)),
}
QUESTIONS = (
    "q=kramer",
    "q=kr",
    "q=株式",
    "q=a kramer",
    "q=zzz",
    "industry={industry}",
    "industry={industry}&industry={other}",
    "industry={industry}&q=kramer",
    "person={person}",
    "person={person}&sort=-number",
    "category={category}&country=DE",
    "category={category}&country=DE&status=potential",
    "category={category}&country=DE&kind=corporate&status=potential",
    "portal=not_invited",
    "portal=invited&country=DE",
)
SPEC = replace(CLIENTS, page_size=4)
# Each bears one of these; the second name stands late in the order.
NAMES = ("Kramer Antriebe", "株式会社 北", "Anna Vogt", "Öster Krall", "Zimmer Kramer")


@pytest.fixture
def crowd(make_client, make_staff, monkeypatch):
    """Forty clients in a few industries, in the care of one person in three ways; gives what the questions name."""
    person = make_staff(Role.DESK, email="carer@desk.example")
    industries = [Industry.objects.create(name=name) for name in ("Steel", "Paper")]
    category = Category.objects.create(name="Direct")
    for n in range(40):
        if n == 30:
            # The last ten are loose.
            count_stretches(monkeypatch)
        client = make_client(
            f"{NAMES[n % 5]} {n:02}",
            country="DE" if n % 2 else "JP",
            status="potential" if n % 4 == 1 else "active",
            category=category if n % 3 else None,
            sales_person=person if n % 5 == 2 else None,
            project_manager=person if n % 7 == 2 else None,
        )
        for place, industry in enumerate(industries):
            if n % (3 + place) == 0:
                client.industries.add(industry)
        if n % 6 == 0:
            Responsible.objects.create(client=client, user=person)
    renamed = Client.objects.filter(industries=industries[0]).first()
    renamed.name = "Zulu last of all"
    renamed.save()
    return {"industry": industries[0].pk, "other": industries[1].pk, "category": category.pk, "person": person.pk}


def shown(user, query: str) -> list[str]:
    """Return the names on all pages of the list, from the first on."""
    names: list[str] = []
    after = ""
    for _page in range(50):
        lists.forget_full()
        listing = SPEC.read(QueryDict(f"{query}{after}"), reader=user)
        seen = Client.objects.visible_to(user)
        found = listing.find(seen)
        listing.fill(seen.filter(pk__in=found.keys))
        names += [client.name for client in listing.rows]
        if not listing.next_url:
            return names
        after = "&after=" + QueryDict(listing.next_url[1:])["after"]
    raise AssertionError("The list has no end.")


@pytest.mark.parametrize("query", QUESTIONS)
def test_each_way_to_find_a_page_shows_the_same_clients(crowd, make_staff, monkeypatch, query):
    query, user = query.format(**crowd), make_staff()
    listing = SPEC.read(QueryDict(query), reader=user)
    seen = Client.objects.visible_to(user)
    expected = [client.name for client in listing.onwards(listing.narrowed(seen), None)]
    assert [client.name for client in listing.onwards(listing.narrowed(seen, by_index=False), None)] == expected
    for way, steps in WAYS.items():
        monkeypatch.setattr(page_keys, "STEPS", steps)
        assert shown(user, query) == expected, way


def test_a_question_with_many_answers_is_remembered_for_the_step_that_answered_it(crowd, make_staff, monkeypatch):
    user = make_staff()
    tried = []
    monkeypatch.setattr(page_keys, "COUNT_LIMIT", 5)
    monkeypatch.setattr(page_keys, "STEPS", (Gather(5), Gather(None)))
    monkeypatch.setattr(page_keys, "_gathered", lambda asked, most, real=page_keys._gathered: tried.append(most) or real(asked, most))
    for query in ("q=kramer", "q=kramer", "q=zulu", "q=zulu"):
        CLIENTS.read(QueryDict(query), reader=user).find(Client.objects.visible_to(user))
    assert tried == [5, None, None, 5, 5]
