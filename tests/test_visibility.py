"""Who sees what in the portal: the truth table of domain.md 8.4 for quotes, projects and jobs."""

import pytest

from contacts.models import Contact
from jobs.models import Item, Job, Project, Quote
from portal.models import ClientAccess, ContactAccess
from portal.rights import Right
from portal.visibility import visible
from tests.truth_table import ALL, TABLE, table_items

MODELS = {"quotes": Quote, "projects": Project, "jobs": Job}
LEVELS = {"1": "only_related", "2": "department", "3": "default_office", "4": "all_selected_offices"}


def seen(acme: dict, model: type[Item]) -> list[str]:
    return sorted(item.number for item in visible(model.objects, ContactAccess.objects.get(pk=acme["access"].pk)))


@pytest.mark.parametrize("kind", MODELS)
@pytest.mark.parametrize("level", LEVELS)
def test_each_level_sees_exactly_its_rows_of_the_table_each_once(acme, kind, level):
    table_items(acme, MODELS[kind])
    ContactAccess.objects.update(level=LEVELS[level])
    wanted = [name for name, row in TABLE.items() if level in row[4] and (row[2] or kind == "jobs")]
    assert seen(acme, MODELS[kind]) == sorted(wanted)


def test_a_blank_profile_sees_nothing_never_everything(acme):
    table_items(acme, Job)
    Contact.objects.filter(pk=acme["ada"].pk).update(department=None)
    ContactAccess.objects.update(level="department")
    assert seen(acme, Job) == []
    acme["ada"].offices.clear()
    ContactAccess.objects.update(level="all_selected_offices")
    assert seen(acme, Job) == []


def test_a_deactivated_office_is_out_of_all_selected_offices(acme):
    table_items(acme, Job)
    ContactAccess.objects.update(level="all_selected_offices")
    acme["a"].offices.filter(name="P").update(active=False)
    assert seen(acme, Job) == ["i1", "i11", "i2", "i3", "i7"]


@pytest.mark.parametrize(
    "shut",
    [
        lambda acme: ContactAccess.objects.update(allowed=False),
        lambda acme: ContactAccess.objects.update(rights=ALL & ~Right.JOBS_VIEW),
        lambda acme: ClientAccess.objects.update(rights=ALL & ~Right.JOBS_VIEW),
        lambda acme: ClientAccess.objects.update(portal_access="denied"),
        lambda acme: Contact.objects.filter(pk=acme["ada"].pk).update(active=False),
        lambda acme: type(acme["a"]).objects.update(status="inactive"),
    ],
    ids=["access", "own right", "client's right", "portal", "contact", "client"],
)
def test_whatever_shuts_the_door_shows_nothing_at_the_next_question(acme, shut):
    table_items(acme, Job)
    ContactAccess.objects.update(level="all_selected_offices")
    assert seen(acme, Job)
    shut(acme)
    assert seen(acme, Job) == []


@pytest.mark.parametrize(("status", "origin", "shown"), [("pending", "staff", False), ("pending", "portal", True), ("sent", "staff", True)])
def test_a_quote_that_is_prepared_shows_only_to_who_asked_for_it(acme, status, origin, shown):
    head = {"client": acme["a"], "office": acme["H"], "contact": acme["ada"]}
    quote = Quote(**head, name="Pumps", number="Q-1", status=status, origin=origin)
    quote.save()
    assert bool(seen(acme, Quote)) is shown
    assert quote.shows_amounts is (status == "sent")
