"""Whatever was there, whatever the file says, whatever people do afterwards: an undo is the way back, but for what people changed."""

from dataclasses import dataclass, field

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from clientdesk.models import Change
from clientdesk.rights import Role
from clients.models import Category, Client
from intake import undoing
from tests.importing import csv_bytes, imported, work_off, world

NAMES = ["Acme", "Brauer", "Castell"]
FIELDS = {
    "legal_name": ["Acme Ltd", "Brauer AG", "Brauer GmbH", "Old & New"],
    "email": ["", "a@one.example", "b@two.example"],
    "phone": ["", "+49 30 901820", "+41 44 6681800"],
    "city": ["", "Ulm", "Jena", "Bern"],
    "notes": ["", "Called.", "=1+1"],
    "status": ["active", "potential"],
    "language": ["", "de", "fr"],
    "budget_codes": ["", "A-1", "A-1\nB-2"],
    "category": ["", "Key", "Plain"],
}
# Made from other fields; they follow.
MADE = {"search_key", "former_names", "domain_key", "phone_key", "core_key", "version", "updated_at", "name_key"}

values = st.fixed_dictionaries({name: st.sampled_from(choices) for name, choices in FIELDS.items()})
clients = st.fixed_dictionaries({}, optional=dict.fromkeys(NAMES, values))
rows = st.fixed_dictionaries({"Acme": values, "Brauer": values}, optional={"Delmare": values})
acts = st.lists(
    st.tuples(
        st.sampled_from(NAMES),
        st.sampled_from([*FIELDS, "contact"]),
        st.integers(0, 3),
    ),
    min_size=2,
    max_size=8,
)


@dataclass
class Before:
    """What was there at three moments, by name of the client, and who got a contact person."""

    first: dict[str, dict] = field(default_factory=dict)
    imported: dict[str, dict] = field(default_factory=dict)
    last: dict[str, dict] = field(default_factory=dict)
    needed: set[str] = field(default_factory=set)


def states() -> dict[str, dict]:
    """Return the values of each client by name."""
    return {
        client.name: {name: str(getattr(client, name) or "") for name in FIELDS} for client in Client.objects.select_related("category")
    }


def save(client: Client, given: dict[str, str]) -> None:
    """Give `client` the values as a form does; what its laws refuse is not saved."""
    for name, value in given.items():
        setattr(client, name, Category.objects.filter(name=value).first() if name == "category" else value)
    client.full_clean(exclude=["number"])
    if client.pk:
        client.save()
    else:
        client.register(None)


def act(name: str, what: str, choice: int, moments: Before) -> None:
    client = Client.objects.filter(name=name).first()
    if client is None:
        return
    if what == "contact":
        client.contacts.register(client, last_name="Krämer")
        moments.needed.add(name)
    elif what in FIELDS:
        try:
            save(client, {what: FIELDS[what][choice % len(FIELDS[what])]})
        except ValidationError:
            return


def expected(moments: Before, name: str, column: str) -> str:
    """Return what a field of a client of before holds after the undo: its value of before, unless somebody gave it another one since."""
    first, came, last = (moment[name][column] for moment in (moments.first, moments.imported, moments.last))
    return last if last != came else first


def untouched(found: dict, names: set[str]) -> dict:
    """Return what `world` says of the clients `names`, as it must be again to the letter."""
    return {
        part: [
            {key: value for key, value in one.items() if key != "version"} for one in some if one.get("client", one.get("name")) in names
        ]
        for part, some in found.items()
        if part != "changes"
    }


@settings(max_examples=8, deadline=None, phases=[Phase.explicit, Phase.generate], suppress_health_check=list(HealthCheck))
@given(there=clients, table=rows, later=acts)
def test_an_undo_is_the_way_back_but_for_what_people_changed(there, table, later, headquarters, make_staff_once):
    with transaction.atomic():
        boss = make_staff_once()
        for name in ("Key", "Plain"):
            Category.objects.create(name=name)
        for name, given_values in there.items():
            save(Client(name=name, branch=headquarters), given_values)
        moments, before = Before(first=states()), world()

        keys = ("name", *FIELDS)
        run = imported(csv_bytes([{"name": name} | cells for name, cells in table.items()], keys=keys), by=boss)
        moments.imported = states()
        for name, what, choice in later:
            act(name, what, choice, moments)
        moments.last = states()

        shown = undoing.look(run, boss)
        entries = Change.objects.count()
        if sentence := undoing.start(run.pk, boss):
            assert "changed nothing" in sentence
        work_off()
        run.refresh_from_db()
        report = undoing.report_of(run)
        if not sentence:
            assert run.undone_at
            assert report == shown

        after = states()
        created = set(moments.imported) - set(moments.first)
        touched = {name for name in moments.last if moments.last[name] != moments.imported[name]}
        assert set(after) == set(moments.first) | (created & (touched | moments.needed))
        for name in moments.first:
            assert after[name] == {column: expected(moments, name, column) for column in FIELDS}, name
        quiet = set(moments.first) - {name for name, _what, _choice in later}
        assert untouched(world(), quiet) == untouched(before, quiet)
        kept = [] if sentence else undoing.shown(report, run.work_id, boss)
        lost = {
            (name, column)
            for name in moments.first
            for column in FIELDS
            if moments.first[name][column] != moments.imported[name][column] != moments.last[name][column] != moments.first[name][column]
        }
        assert sum(len(one.fields.split(", ")) for one in kept if one.fields and one.name in moments.first) == len(lost)
        assert {one.name for one in kept if one.kind == "Client"} == (created & set(after)) | {name for name, _column in lost}

        entries, again = Change.objects.count(), world()
        assert undoing.start(run.pk, boss)
        work_off()
        assert (world(), Change.objects.count()) == (again, entries)
        transaction.set_rollback(True)


@pytest.fixture
def make_staff_once(make_staff):
    """Return a function that makes the person who imports, anew in each example."""
    return lambda: make_staff(Role.MANAGER)
