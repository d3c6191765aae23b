"""Who sees what, whatever the clients look like: `visible` is the letter of domain.md 8.4, and the explanation is the same answer."""

from random import Random

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contacts.models import Contact, Office
from jobs.models import Item, Job, Project, Quote
from portal.explaining import access_of, accesses_of, explain, explain_contacts, explain_items
from portal.models import ClientAccess, ContactAccess
from portal.reasons import Question
from portal.rights import Right
from portal.visibility import visible
from tests.portal_worlds import LEVELS, Stored, World, draw, may_see, store
from tests.truth_table import ALL, table_items

few = settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
def clients(make_client):
    return [make_client("Acme A"), make_client("Acme B")]


def seen_of(stored: Stored, number: int) -> set[str]:
    """Return the numbers of the items that person `number` sees."""
    return {item.number for model in (Quote, Project, Job) for item in visible(model.objects, stored.accesses[number])}


def by_the_letter(world: World, stored: Stored, number: int) -> set[str]:
    return {item.number for item, one in zip(stored.items, world.work, strict=True) if may_see(world, number, one)}


@few
@given(st.randoms(use_true_random=False))
def test_whatever_the_clients_look_like_each_person_sees_what_the_law_says_and_the_explanation_agrees(clients, random):
    world = draw(random)
    with transaction.atomic():
        stored = store(world, clients)
        law = [by_the_letter(world, stored, number) for number in range(len(world.people))]
        assert [seen_of(stored, number) for number in range(len(world.people))] == law

        accesses = accesses_of([access.contact for access in stored.accesses])
        for access, wanted in zip(accesses, law, strict=True):
            found = [one for model in (Quote, Project, Job) for one in explain_items([i for i in stored.items if type(i) is model], access)]
            assert {one.item.number for one in found if one.seen} == wanted
        for item in stored.items[::7]:
            assert [one.seen for one in explain_contacts(item, accesses)] == [item.number in wanted for wanted in law]
        transaction.set_rollback(True)


def test_random_clients_are_worth_asking():
    """Otherwise the test above could be content with people who see nothing: at each level somebody sees something, and not everything."""
    partly = set()
    for seed in range(30):
        world = draw(Random(seed))
        for number, person in enumerate(world.people):
            own = [may_see(world, number, one) for one in world.work if one.client == person.client]
            if any(own) and not all(own):
                partly.add(person.level)
    assert partly == set(LEVELS)


# --- each step in words -----------------------------------------------------------------------------
def reread(acme: dict) -> ContactAccess:
    return access_of(Contact.objects.get(pk=acme["ada"].pk))


def job(acme: dict, number: str) -> Item:
    return Job.objects.select_related("client", "office", "department", "contact").get(number=number)


def told(acme: dict, item: Item) -> tuple[Question | None, str]:
    """Return at which question the explanation stops, and what it says there."""
    stops = explain(item, reread(acme)).stops
    return (stops.question, stops.sentence) if stops else (None, "")


@pytest.mark.parametrize(
    ("level", "number", "question", "said"),
    [
        ("only_related", "i1", None, ""),
        ("only_related", "i2", Question.PERSON, "i2 names Ada Krämer neither as contact person nor as additional contact."),
        ("only_related", "i4", Question.PLACE, "Level “Only related”: i4 is of P, but the default office of Ada Krämer is Headquarters."),
        ("department", "i3", Question.PLACE, "Level “Department”: i3 is of the department M, but Ada Krämer is of L."),
        ("department", "i11", Question.PLACE, "Level “Department”: i11 is of no department, Ada Krämer is of L."),
        (
            "default_office",
            "i5",
            Question.PLACE,
            "Level “Default office”: i5 is of P, but the default office of Ada Krämer is Headquarters.",
        ),
        (
            "all_selected_offices",
            "i9",
            Question.PLACE,
            "Level “All selected offices”: i9 is of R, which is none of the offices of Ada Krämer.",
        ),
        ("all_selected_offices", "i10", Question.CLIENT, "i10 belongs to Acme B GmbH, not to the client of Ada Krämer."),
    ],
)
def test_the_first_step_that_says_no_names_what_stands_against_it(acme, level, number, question, said):
    table_items(acme, Job)
    ContactAccess.objects.update(level=level)
    assert told(acme, job(acme, number)) == (question, said)


@pytest.mark.parametrize(
    ("shut", "question", "said"),
    [
        (lambda acme: Contact.objects.filter(pk=acme["ada"].pk).update(active=False), Question.DOOR, "Ada Krämer is deactivated."),
        (lambda acme: ContactAccess.objects.update(allowed=False), Question.DOOR, "Ada Krämer is not allowed to enter the portal."),
        (lambda acme: ContactAccess.objects.all().delete(), Question.DOOR, "Ada Krämer was never invited."),
        (
            lambda acme: type(acme["access"].user).objects.filter(pk=acme["access"].user_id).update(is_active=False),
            Question.DOOR,
            "The account of Ada Krämer is deactivated.",
        ),
        (
            lambda acme: type(acme["a"]).objects.update(status="potential"),
            Question.DOOR,
            "Acme A GmbH is Potential, and only active clients enter the portal.",
        ),
        (lambda acme: ClientAccess.objects.update(portal_access="denied"), Question.DOOR, "The portal is closed for Acme A GmbH."),
        (
            lambda acme: ClientAccess.objects.update(rights=ALL & ~Right.JOBS_VIEW),
            Question.CLIENT_RIGHT,
            "Acme A GmbH does not have the right “Jobs: View”.",
        ),
        (
            lambda acme: ContactAccess.objects.update(rights=ALL & ~Right.JOBS_VIEW),
            Question.OWN_RIGHT,
            "Ada Krämer does not have the right “Jobs: View”.",
        ),
        (
            lambda acme: Office.objects.filter(pk=acme["H"].pk).update(active=False),
            Question.PLACE,
            "Level “All selected offices”: i1 is of Headquarters, which is deactivated.",
        ),
    ],
    ids=["contact", "access", "never invited", "account", "status", "portal", "client's right", "own right", "office"],
)
def test_whatever_shuts_the_door_or_takes_the_right_is_named(acme, shut, question, said):
    table_items(acme, Job)
    ContactAccess.objects.update(level="all_selected_offices")
    assert told(acme, job(acme, "i1")) == (None, "")
    shut(acme)
    assert told(acme, job(acme, "i1")) == (question, said)


def test_a_quote_that_is_prepared_says_when_clients_see_it(acme):
    table_items(acme, Quote)
    Quote.objects.update(status="pending")
    assert told(acme, Quote.objects.get(number="i1")) == (Question.PUBLICATION, "i1 is Pending: clients see it once it is sent.")


# --- the command ------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("who", "number", "first"),
    [("pk", "I1", "Yes: Ada Krämer sees i1"), ("email", "i9", "No: Ada Krämer does not see i9")],
)
def test_the_command_explains_by_id_or_address_and_number(acme, capsys, who, number, first):
    table_items(acme, Job)
    call_command("explain_access", str(getattr(acme["ada"], who)), number)
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith(first)
    assert ("NO" in "".join(line[:6] for line in lines[1:])) is first.startswith("No")


@pytest.mark.parametrize(
    ("contact", "item", "said"),
    [
        ("99999", "i1", "There is no contact “99999”"),
        ("9" * 30, "i1", "There is no contact"),
        ("{ada}", "J-7", "There is no quote, project or job “J-7”"),
    ],
)
def test_the_command_says_what_it_does_not_know(acme, contact, item, said):
    with pytest.raises(CommandError, match=said):
        call_command("explain_access", contact.format(ada=acme["ada"].pk), item)
