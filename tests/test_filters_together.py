"""What several filters leave together is found by marks that are true of a record at once, counted or not (clientdesk/stretches)."""

from dataclasses import replace

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils import timezone

from clientdesk import lists, page_keys, stretch_upkeep, stretches
from clientdesk.lists import ListSpec
from clientdesk.page_keys import Gather, Skip, Walk
from clientdesk.rights import Role
from clientdesk.stretches import MARKED, number_of
from clients.listing import CLIENTS
from clients.models import Branch, Category, Client, CompanyType, Industry, Responsible
from contacts.listing import CONTACTS
from contacts.models import Contact, Position
from portal.models import ContactAccess
from tests.test_stretches import count_stretches

WAYS = {
    "gathered": (Gather(1000), Gather(None)),
    "too many": (Gather(4), Skip(1), Skip(99), Walk(7), Gather(None)),
    "looked through": (Skip(99, counts=True), Gather(4), Skip(50), Gather(None)),
}
OF_CLIENTS = (
    "industry={industry}&branch={branch}",
    "industry={industry}&industry={other}&country=DE",
    "person={person}&status=potential",
    "person={person}&industry={industry}&kind=corporate",
    "portal=active&branch={branch}",
    "portal=invited&portal=none&country=DE",
    "portal=not_invited&person={person}",
    "type={type}&category={category}",
    "branch={branch}&category={category}&kind=corporate&status=active",
    "q=kramer&branch={branch}",
    "q=kramer&industry={industry}&country=DE",
    "q=a&person={person}&portal=not_invited",
    "view=individual&branch={branch}&country=JP",
)
OF_CONTACTS = (
    "branch={branch}",
    "branch={branch}&category={category}",
    "portal=active&branch={branch}",
    "portal=not_invited&primary=yes",
    "position={position}&category={category}",
    "position={position}&portal=invited&portal=none",
    "no_email=yes&branch={branch}",
    "no_crm=yes&primary=yes",
    "q=kra&branch={branch}&primary=yes",
    "q=ada&position={position}",
    "state=deactivated&branch={branch}",
)
STATES = {
    "active": {"allowed": True, "invited_at": timezone.now(), "accepted_at": timezone.now()},
    "invited": {"allowed": True, "invited_at": timezone.now()},
    "none": {"allowed": False, "invited_at": timezone.now()},
    "never": {"allowed": True},
}
NAMES = ("Kramer Antriebe", "株式会社 北", "Anna Vogt", "Öster Krall", "Zimmer Kramer")


@pytest.fixture
def world(make_client, make_staff, monkeypatch) -> dict[str, int]:
    """Thirty clients with two contacts each; the last six are loose. Gives what the questions name."""
    monkeypatch.setattr(page_keys, "COUNT_LIMIT", 4)
    person = make_staff(Role.DESK, email="carer@desk.example")
    industries = [Industry.objects.create(name=name) for name in ("Steel", "Paper")]
    branch, category = Branch.objects.create(code="B2", name="Second"), Category.objects.create(name="Direct")
    beneath, kind = Category.objects.create(name="Beneath", parent=category), CompanyType.objects.create(name="Ltd")
    position = Position.objects.create(name="Buyer")
    for n in range(30):
        if n == 24:
            count_stretches(monkeypatch)
        client = make_client(
            f"{NAMES[n % 5]} {n:02}",
            kind="corporate" if n % 4 else "individual",
            country="DE" if n % 2 else "JP",
            status="potential" if n % 4 == 1 else "active",
            category=(None, category, beneath)[n % 3],
            company_type=kind if n % 5 < 3 else None,
            sales_person=person if n % 5 == 2 else None,
            project_manager=person if n % 7 == 2 else None,
            **({"branch": branch} if n % 3 else {}),
        )
        client.industries.set(industry for place, industry in enumerate(industries) if n % (2 + place) == 0)
        if n % 6 == 0:
            Responsible.objects.create(client=client, user=person)
        for place in range(1 if n % 4 == 0 else 2):
            contact = client.contacts.register(
                client, first_name="Ada", last_name=f"{NAMES[n % 5]} {n:02}{place}", email=f"ada{n}{place}@x.example" if n % 7 else ""
            )
            Contact.objects.filter(pk=contact.pk).update(
                position=position if n % 2 else None, no_crm_emails=n % 5 == 0, active=n % 9 != 7 or not place
            )
            if state := (*STATES.values(), None)[(n + 3 * place) % 5]:
                ContactAccess.objects.create(contact=contact, **state)
    return {
        "industry": industries[0].pk, "other": industries[1].pk, "branch": branch.pk, "category": category.pk, "type": kind.pk,
        "person": person.pk, "position": position.pk,
    }  # fmt: skip


def pages(spec: ListSpec, everybody: QuerySet, user, query: str) -> tuple[list[int], list[int]]:
    """Return the keys on all pages of the list, from the first on, and how many there are as each page says it."""
    keys: list[int] = []
    counts: list[int] = []
    after = ""
    for _page in range(50):
        lists.forget_full()
        listing = spec.read(QueryDict(f"{query}{after}"), reader=user)
        found = listing.find(everybody)
        counts.append(min(found.count, page_keys.COUNT_LIMIT + 1))
        keys += [record.pk for record in listing.fill(everybody.filter(pk__in=found.keys))]
        if not listing.next_url:
            return keys, counts
        after = "&after=" + QueryDict(listing.next_url[1:])["after"]
    raise AssertionError("The list has no end.")


def check(monkeypatch, user, values: dict[str, int]) -> None:
    """Assert that marks show the same pages as each record judged for itself."""
    for spec, everybody, questions in (
        (CLIENTS, Client.objects.visible_to(user), OF_CLIENTS),
        (CONTACTS, Contact.objects.visible_to(user), OF_CONTACTS),
    ):
        small = replace(spec, page_size=4)
        for question in questions:
            query = question.format(**values)
            listing = small.read(QueryDict(query), reader=user)
            expected = list(listing.onwards(listing.narrowed(everybody, by_index=False), None).values_list("pk", flat=True))
            for way, steps in WAYS.items():
                monkeypatch.setattr(page_keys, "STEPS", steps)
                keys, counts = pages(small, everybody, user, query)
                assert keys == expected, (question, way)
                assert set(counts) == {min(len(expected), page_keys.COUNT_LIMIT + 1)}, (question, way)


def check_marks() -> None:
    """Assert that each record has the marks beside it that are true of it, once all are counted in."""
    for table in MARKED if connection.vendor == "postgresql" else ():
        while stretch_upkeep.advance(table):
            pass
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT record.id, {table}_marks(record.id), marks FROM {table} record LEFT JOIN {table}_marked ON record = id")
            rows = cursor.fetchall()
            cursor.execute(f"SELECT COUNT(*) FROM {table}_marked WHERE record NOT IN (SELECT id FROM {table})")
            assert cursor.fetchone() == (0,), table
        for key, told, numbers in rows:
            # A link that was taken away leaves its marks until the record is counted in again.
            assert numbers is not None, (table, key)
            assert set(map(number_of, told)) <= set(numbers), (table, key)


def primary(n: int) -> Contact:
    """Return the primary contact of client `n`."""
    return Contact.objects.get(client__name__endswith=f" {n:02}", is_primary=True)


def change(values: dict[str, int]) -> None:
    """Change of counted records everything that marks are made of, one way or another."""
    clients = {int(client.name[-2:]): client for client in Client.objects.all()}
    branch, industry, person = values["branch"], values["industry"], values["person"]
    # One thing of each, so that none is noted for another's sake.
    columns = {
        0: {"branch": branch}, 2: {"category": values["category"]}, 3: {"company_type": values["type"]}, 4: {"kind": "corporate"},
        6: {"status": "potential"}, 12: {"country": "DE"}, 16: {"sales_person": person}, 20: {"project_manager": person},
    }  # fmt: skip
    for n, changed in columns.items():
        Client.objects.filter(pk=clients[n].pk).update(**changed)
    clients[15].industries.add(industry)
    clients[23].industries.add(values["other"])
    clients[22].industries.remove(industry)
    Responsible.objects.bulk_create([Responsible(client=clients[n], user_id=person) for n in (7, 8, 19)])
    for n, state in zip((1, 5, 9, 13, 17, 21), list(STATES.values()) * 2, strict=False):
        ContactAccess.objects.update_or_create(contact=primary(n), defaults={"accepted_at": None, "invited_at": None} | state)
    ContactAccess.objects.filter(contact=primary(10)).delete()
    # Who was primary goes; another one with another access follows.
    primary(14).delete()
    before, after = clients[18].contacts.order_by("-is_primary")
    Contact.objects.filter(pk=before.pk).update(is_primary=False)
    Contact.objects.filter(pk=after.pk).update(is_primary=True)
    for n, changed in {4: {"position": values["position"]}, 11: {"email": ""}, 19: {"no_crm_emails": True}}.items():
        Contact.objects.filter(client=clients[n]).update(**changed)
    moved = clients[22].contacts.get(is_primary=False)
    moved.client, moved.default_office = clients[20], clients[20].offices.get(is_headquarters=True)
    Contact.objects.filter(pk=moved.pk).update(client=moved.client, default_office=moved.default_office)
    Client.objects.filter(pk=clients[11].pk).update(name_key="zz last", search_key="zz last")


@pytest.mark.django_db
def test_pages_by_marks_are_those_of_every_record_judged(world, make_staff, monkeypatch):
    user = make_staff(Role.DESK)
    check(monkeypatch, user, world)
    change(world)
    check(monkeypatch, user, world)
    check_marks()
    check(monkeypatch, user, world)


@pytest.mark.django_db
def test_whoever_is_loose_while_stretches_are_laid_anew_is_found(world, make_staff, monkeypatch):
    """A table that has grown is laid anew; what marks say holds all the while, for a process may take it for counted a minute longer."""
    user = make_staff(Role.DESK)
    change(world)
    if connection.vendor == "postgresql":
        monkeypatch.setattr(stretches, "are_counted", lambda table: True)
        monkeypatch.setattr(stretch_upkeep, "SIZE", 1)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE clients_client, contacts_contact")
            for table in MARKED:
                stretch_upkeep.advance(table)
                cursor.execute(f"SELECT COUNT(*) FROM {table}_trigram")
                assert cursor.fetchone() == (0,), "laid anew, not yet counted"
    check(monkeypatch, user, world)
    monkeypatch.undo()
    check_marks()


@pytest.mark.django_db
def test_while_many_are_loose_filters_are_asked_as_usual(world, make_staff, monkeypatch):
    """Each would be judged for every page after an import of a hundred thousand."""
    user = make_staff(Role.DESK)
    asked = page_keys.Asked(Client, lambda by_index: Client.objects.all(), ("name_key",), 3, groups=(("=b1c1",),))
    assert asked.is_marked == (connection.vendor == "postgresql")
    monkeypatch.setattr(stretches, "MOST_JUDGED", 1)
    assert not replace(asked).is_marked
    check(monkeypatch, user, world)


@pytest.mark.skipif(connection.vendor != "postgresql", reason="no other database has marks")
@pytest.mark.django_db
def test_numbers_of_marks_are_those_that_the_server_reckons():
    with connection.cursor() as cursor:
        for mark in ("=b3", "=b3c4", "=kindividualsactive", "=lJPanot_invited"):
            cursor.execute(f"SELECT {stretches.HASH.format(mark='%s')}", [mark])
            assert cursor.fetchone() == (number_of(mark),)
