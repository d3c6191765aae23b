"""Stretches tell where words can stand: nobody is passed over, and whoever is new or changed is found at once (clientdesk/stretches)."""

import psycopg
import pytest
from django.db import OperationalError, connection
from django.http import QueryDict
from hypothesis import given, settings
from hypothesis import strategies as st

from clientdesk import page_keys, stretch_upkeep, stretches
from clientdesk.page_keys import Asked, Gather, Skip
from clientdesk.page_keys import page_keys as keys_of
from clientdesk.questions import terms
from clientdesk.search import narrow
from clientdesk.stretches import trigrams
from clientdesk.words import findable, name_key, search_key
from clients.models import Branch, Category, Client
from contacts.listing import CONTACTS
from contacts.models import Contact
from tests.test_search_rule import texts, typed

only_postgresql = pytest.mark.skipif(connection.vendor != "postgresql", reason="no other database has stretches")
NAMES = ("Anna Vogt", "Kramer Antriebe", "Öster Krall", "Zimmer Kramer")


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("gmbh", {"gmb", "mbh"}),
        ("k", {"  k"}),
        ("kr Öster", {"  k", " kr", "ost", "ste", "ter"}),
        ("a.b-cd", {"  b", " b ", "  c", " cd"}),
        # Digits that may stand with a zero before them or without.
        ("0176 555", {"176", "555"}),
        ("株式 !!", set()),
    ],
)
def test_a_question_is_cut_as_the_server_cuts_texts(typed, found):
    assert set(trigrams(typed)) == found


@only_postgresql
@settings(max_examples=100, deadline=None)
@given(text=texts, question=typed, part=st.integers(0, 12))
@pytest.mark.django_db
def test_each_text_that_holds_a_question_has_its_trigrams(text, question, part):
    key = findable(text)
    for asked in (question, key[part : part + 4], key[:2]):
        if all(term.is_in(key) for term in terms(asked)):
            with connection.cursor() as cursor:
                cursor.execute("SELECT show_trgm(%s) @> %s::text[]", [key, list(trigrams(asked))])
                assert cursor.fetchone()[0], (asked, key)


def count_stretches(monkeypatch) -> None:
    """Count the stretches of the clients that there are, four in each."""
    monkeypatch.setattr(stretch_upkeep, "SIZE", 4)
    monkeypatch.setattr(stretch_upkeep, "FEWEST", 0)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE clients_client, clients_company, contacts_contact")
    stretch_upkeep.count_all()


@pytest.fixture
def stored(headquarters):
    """Return a function that stores clients of these names, all at once."""

    def store(*names: str) -> list[Client]:
        return Client.objects.bulk_create(
            Client(number=f"N{name}", name=name, name_key=name_key(name), search_key=search_key(name), branch=headquarters)
            for name in names
        )

    return store


def found(text: str, down: bool = False, place: list | None = None) -> list[int]:
    """Return the keys of the page of three clients with the words `text` behind `place`."""
    asked = Asked(
        Client,
        lambda by_index: narrow(Client.objects.all(), text, by_index=by_index),
        ("name_key",),
        3,
        down,
        place,
        trigrams=trigrams(text),
    )
    return keys_of(asked).keys


def check(monkeypatch) -> None:
    """Assert that stretches show the same pages as the plain question."""
    for text in ("kramer", "kr", "kra ant", "vogt", "zimmer 3", "qqq"):
        for down in (False, True):
            for place in (None, ["kramer antriebe 13"], ["z"], [""]):
                pages = []
                for steps in ((Gather(None),), (Skip(1), Skip(3), Skip(99), Gather(None))):
                    monkeypatch.setattr(page_keys, "STEPS", steps)
                    page_keys.forget()
                    pages.append(sorted(found(text, down, place)))
                assert pages[0] == pages[1], (text, down, place)


def _rename(client: Client) -> None:
    Client.objects.filter(pk=client.pk).update(name_key=f"so {client.name_key}", search_key=f"so {client.search_key}")


def test_pages_are_the_same_with_records_that_are_counted_loose_renamed_and_gone(stored, monkeypatch):
    known = stored(*(f"{name} {n:02}" for n in range(12) for name in NAMES))
    count_stretches(monkeypatch)
    check(monkeypatch)
    # Before the first and behind the last of all.
    stored("!! Kramer", "Kramer Antriebe 13b", "Zzz Kramer")
    Client.objects.filter(pk=known[0].pk).update(name="Zoo Kramer", name_key="zoo kramer", search_key="zoo kramer")
    Client.objects.filter(pk=known[1].pk).delete()
    Client.objects.filter(pk=known[2].pk).update(search_key="vogt")
    check(monkeypatch)
    assert [client.name for client in Client.objects.filter(pk__in=found("zzz"))] == ["Zzz Kramer"]
    stretch_upkeep.keep()
    check(monkeypatch)
    # Of each stretch the first, and of some all four, are gone or called otherwise.
    for place, client in enumerate(Client.objects.exclude(pk=known[0].pk).order_by("name_key")[:40]):
        if place % 4 == 3 or place < 12:
            Client.objects.filter(pk=client.pk).delete() if place % 2 else _rename(client)
    check(monkeypatch)
    stretch_upkeep.keep()
    check(monkeypatch)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT COUNT(*) FROM clients_client_loose")
            assert cursor.fetchone() == (0,)
            cursor.execute("SELECT first FROM clients_client_stretch UNION SELECT last FROM clients_client_stretch")
            kept = {name for (name,) in cursor.fetchall() if name} - set(Client.objects.values_list("name_key", flat=True))
            assert len(kept) == 1
            assert len(kept.pop()) == 2


@only_postgresql
def test_a_page_that_stretches_tell_is_found_by_them(stored, monkeypatch):
    stored(*(f"{name} {n:02}" for n in range(12) for name in NAMES))
    count_stretches(monkeypatch)
    monkeypatch.setattr(page_keys, "COUNT_LIMIT", 2)
    monkeypatch.setattr(page_keys, "STEPS", (Skip(99, counts=True), Skip(1), Skip(20)))
    page_keys.forget()
    assert Client.objects.filter(pk__in=found("zimmer")).count() == 3
    # Too many are loose; a few are looked at.
    monkeypatch.setattr(stretches, "MOST_LOOSE", 5)
    stored(*(f"Loose {n}" for n in range(6)))
    with pytest.raises(AssertionError):
        found("zimmer")
    monkeypatch.setattr(stretches, "MOST_LOOSE", 6)
    assert Client.objects.filter(pk__in=found("zimmer")).count() == 3


@only_postgresql
def test_a_table_that_has_grown_is_laid_anew_and_a_small_one_keeps_nothing_loose(stored, monkeypatch):
    stored(*(f"Vogt {n:02}" for n in range(8)))
    stretch_upkeep.keep()
    ask = "SELECT (SELECT COUNT(*) FROM clients_client_stretch), (SELECT COUNT(*) FROM clients_client_loose)"
    with connection.cursor() as cursor:
        cursor.execute(ask)
        assert cursor.fetchone() == (0, 0)
        count_stretches(monkeypatch)
        stored(*(f"Kramer {n:02}" for n in range(12)))
        count_stretches(monkeypatch)
        cursor.execute(ask)
        assert cursor.fetchone() == (5, 0)


@only_postgresql
def test_contacts_are_found_by_the_branch_and_category_that_their_client_has_now(make_client, monkeypatch):
    branch, category = Branch.objects.create(code="B2", name="Second"), Category.objects.create(name="Direct")
    clients = [make_client(f"Client {n}") for n in range(3)]
    for n in range(24):
        clients[n % 3].contacts.register(clients[n % 3], first_name="Ada", last_name=f"Vogt {n:02}")
    Client.objects.filter(pk=clients[0].pk).update(branch=branch, category=category)
    count_stretches(monkeypatch)
    monkeypatch.setattr(page_keys, "STEPS", (Skip(1), Skip(99)))

    def named(query: str) -> list[str]:
        page_keys.forget()
        keys = CONTACTS.read(QueryDict(query)).find(Contact.objects.all()).keys
        return sorted(Contact.objects.filter(pk__in=keys).values_list("last_name", flat=True))

    first = [f"Vogt {n:02}" for n in range(0, 24, 3)]
    for query in (f"branch={branch.pk}", f"category={category.pk}"):
        assert named(query) == first
    Client.objects.filter(pk=clients[1].pk).update(branch=branch, category=category)
    Client.objects.filter(pk=clients[0].pk).update(branch=clients[2].branch, category=None)
    Contact.objects.filter(last_name="Vogt 05").update(client=clients[1])
    for _counted in range(2):
        for query in (f"branch={branch.pk}", f"category={category.pk}"):
            assert named(query) == sorted([*(f"Vogt {n:02}" for n in range(1, 24, 3)), "Vogt 05"])
        stretch_upkeep.keep()


@only_postgresql
@pytest.mark.parametrize(("told", "is_left"), [("55P03", True), ("57P01", False)])
def test_what_somebody_writes_is_left_for_the_next_time(stored, monkeypatch, told, is_left):
    stored("Vogt")
    count_stretches(monkeypatch)

    def refuse(self) -> bool:
        refused = OperationalError("canceling statement")
        refused.__cause__ = psycopg.errors.lookup(told)("canceling statement")
        raise refused

    monkeypatch.setattr(stretch_upkeep._Keeper, "advance", refuse)
    if is_left:
        assert stretch_upkeep.advance("clients_client") is False
    else:
        with pytest.raises(OperationalError):
            stretch_upkeep.advance("clients_client")
