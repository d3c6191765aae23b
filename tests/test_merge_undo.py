"""A merge is undone as one unit: both clients are as they were, and what somebody changed since stays and is named."""

import json
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connections
from django.test import Client as Browser
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from clientdesk.models import Change, Merge, User
from clientdesk.rights import Role
from clients import merging
from clients.models import Branch, Client, ClientDocument, ClientFormats, ClientIndustry, Company, DuplicatePair, Industry, Responsible
from contacts.models import Contact, ContactOffice, Department, Office
from jobs.models import BusinessCalendar
from portal.models import ClientAccess, ContactAccess, Opening
from tests.merges import versions
from tests.test_merge import address, loser, merge, winner  # noqa: F401 - fixtures

TABLES = (
    Client,
    Company,
    ClientIndustry,
    Responsible,
    ClientFormats,
    ClientDocument,
    DuplicatePair,
    Contact,
    Office,
    ContactOffice,
    Department,
)


def dump(*but: str) -> dict[str, list]:
    """Return every row of what a merge touches, without what counts and stamps changes."""
    left_out = {"version", "updated_at", *but}
    rows = {
        model._meta.label: [
            {name: value for name, value in row.items() if name not in left_out} for row in model._base_manager.order_by("pk").values()
        ]
        for model in (*TABLES, ClientAccess, ContactAccess)
    }
    return json.loads(json.dumps(rows, cls=DjangoJSONEncoder, sort_keys=True))


def undo(browser, follow: bool = True):
    return browser.post(f"/clients/merges/{Merge.objects.latest('pk').pk}/undo/", follow=follow)


def confirmed(browser, page):
    """Press Undo on the `page` that says what else happens."""
    return browser.post(page.wsgi_request.path, {"confirmed": page.context["fingerprint"]}, follow=True)


def test_after_the_undo_everything_is_as_before(manager, winner, loser):  # noqa: F811
    before = dump()
    merge(manager, winner, loser, name="loser", email="loser")
    assert dump() != before
    page = undo(manager)
    assert dump() == before
    assert "The merge was undone: Brauer 2 (C-00002) is a client of its own again." in page.text
    assert page.redirect_chain == [(f"/clients/{loser.pk}/", 303)]
    made = Merge.objects.get()
    assert made.undone_at
    assert made.undone_by.role == Role.MANAGER


def test_a_second_undo_changes_nothing(manager, winner, loser):  # noqa: F811
    merge(manager, winner, loser)
    undo(manager)
    before, entries = dump(), Change.objects.count()
    assert "undone already" in undo(manager).text
    assert (dump(), Change.objects.count()) == (before, entries)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_undo_at_once_one_does_and_the_other_reads_a_sentence(manager, make_staff, winner, loser):  # noqa: F811
    before = dump()
    merge(manager, winner, loser)
    users = [make_staff(Role.MANAGER, email=f"m{n}@desk.example") for n in range(2)]
    start = Barrier(2)

    def press(user: User) -> str:
        try:
            own = Browser()
            own.force_login(User.objects.get(pk=user.pk))
            start.wait()
            return undo(own).text
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        pages = list(pool.map(press, users))
    assert sorted(("was undone:" in page, "was undone already" in page) for page in pages) == [(False, True), (True, False)]
    assert dump() == before


def test_a_merge_and_its_undo_say_first_who_gets_or_loses_the_portal_and_how_many_clocks_move(manager, winner, loser, make_job, promise):  # noqa: F811
    """XD11, JD10: the one who went was out of use, and worked by other hours; confirmed is only what was read."""
    vienna = Branch.objects.create(name="Vienna", code="VIE")
    BusinessCalendar.objects.create(branch=vienna)
    promise(60)
    ContactAccess.of(Contact.objects.get(last_name="Brauer")).invite(None)
    Client.objects.filter(pk=loser.pk).update(status="inactive", branch=vienna)
    make_job(client=loser)
    before = dump()
    page = manager.post(address(winner, loser), versions(winner, loser) | {"choice-status": "winner", "choice-branch": "winner"})
    assert [(one.sentence, one.names) for one in page.context["preview"].consequences] == [
        ("1 contact can enter the portal:", ("Bea Brauer",)),
        ("1 running SLA clock is over at another time then.", ()),
    ]
    assert "Nothing was merged yet" in page.text
    assert (dump(), Merge.objects.count()) == (before, 0)
    assert merge(manager, winner, loser, status="winner", branch="winner").status_code == 303
    merged = dump()
    page = undo(manager)
    assert [(one.sentence, one.names) for one in page.context["consequences"]] == [
        ("1 contact loses portal access:", ("Bea Brauer",)),
        ("1 running SLA clock is over at another time then.", ()),
    ]
    assert "Nothing is undone yet" in page.text
    assert (dump(), Merge.objects.get().undone_at) == (merged, None)
    Client.objects.filter(pk=winner.pk).update(status="potential")
    again = confirmed(manager, page)
    assert [one.sentence for one in again.context["consequences"]] == ["1 running SLA clock is over at another time then."]
    assert "The merge was undone" in confirmed(manager, again).text


def test_after_the_undo_the_two_may_be_merged_again_and_undone_again(manager, winner, loser):  # noqa: F811
    before = dump()
    for _ in range(2):
        assert merge(manager, winner, loser).status_code == 303
        undo(manager)
    assert dump() == before


def test_what_was_edited_since_stays_and_is_named(manager, winner, loser):  # noqa: F811
    merge(manager, winner, loser)
    now = Client.objects.get(pk=winner.pk)
    now.city, now.phone = "Essen", "+49305550142"
    now.save()
    page = undo(manager)
    assert "Brauer Antriebe, City: It was changed since." in page.text
    now.refresh_from_db()
    assert (now.city, str(now.phone), now.notes) == ("Essen", "+49305550142", "")


def test_a_contact_that_was_changed_comes_back_with_its_change(manager, winner, loser):  # noqa: F811
    merge(manager, winner, loser)
    Contact.objects.filter(last_name="Brauer").update(first_name="Beate")
    undo(manager)
    assert Contact.objects.get(last_name="Brauer").first_name == "Beate"
    assert Contact.objects.get(last_name="Brauer").client_id == loser.pk


def test_what_was_deleted_since_is_named(manager, winner, loser):  # noqa: F811
    merge(manager, winner, loser)
    Office.objects.get(name="Works").delete()
    assert "It was deleted since." in undo(manager).text


def test_who_got_an_office_of_the_other_client_meanwhile_goes_back_to_the_headquarters(manager, winner, loser, ada):  # noqa: F811
    """Invariant 6."""
    merge(manager, winner, loser)
    works = Office.objects.get(name="Works")
    ada = Contact.objects.get(pk=ada.pk)
    ada.default_office = works
    ada.save()
    ada.set_offices([works])
    late = Contact.objects.register(Client.objects.get(pk=winner.pk), last_name="Late", default_office=works, offices=[works])
    assert "left an office that belongs to the other client again" in undo(manager).text
    for contact in Contact.objects.all():
        assert contact.default_office.client_id == contact.client_id
        assert {office.client_id for office in contact.offices.all()} == {contact.client_id}
        assert contact.default_office in contact.offices.all()
    late.refresh_from_db()
    assert late.client_id == winner.pk


def test_what_was_put_beneath_the_other_client_meanwhile_leaves_it(manager, winner, loser, ada):  # noqa: F811
    """Invariant 6: offices, departments and who works there."""
    loser.departments.create(name="Laboratory")
    merge(manager, winner, loser)
    winner = Client.objects.get(pk=winner.pk)
    works = Office.objects.get(name="Works")
    winner.offices.create(name="Gate", parent=works)
    winner.departments.create(name="Sales", office=works)
    Contact.objects.filter(pk=ada.pk).update(department=Department.objects.get(name="Laboratory"))
    page = undo(manager).text
    for name in ("Gate", "Sales"):
        assert f"{name} left an office that belongs to the other client again." in page
    assert "Ada Krämer left a department that belongs to the other client again." in page
    for office in Office.objects.exclude(parent=None):
        assert office.parent.client_id == office.client_id
    assert not Department.objects.exclude(office=None).exists()
    assert Contact.objects.get(pk=ada.pk).department is None
    assert Department.objects.get(name="Laboratory").client_id == loser.pk


def test_a_headquarters_that_was_deactivated_as_an_ordinary_office_is_in_use_again(manager, winner, loser):  # noqa: F811
    """Invariant 5."""
    merge(manager, winner, loser)
    former = Office.objects.exclude(is_headquarters=True).get(name__startswith="Headquarters")
    former.parent = Office.objects.get(name="Works")
    former.save()
    former.deactivate()
    undo(manager)
    former.refresh_from_db()
    assert (former.client_id, former.is_headquarters, former.active, former.parent) == (loser.pk, True, True, None)


@pytest.mark.parametrize("primary", ["winner", "loser"])
def test_each_has_one_primary_contact_again(manager, winner, loser, primary):  # noqa: F811
    """Invariant 3."""
    merge(manager, winner, loser, primary=primary)
    undo(manager)
    for client in Client.objects.all():
        assert client.contacts.filter(is_primary=True).count() == 1


def test_a_name_that_was_taken_meanwhile_is_told_with_what_to_do(manager, winner, loser, make_client):  # noqa: F811
    merge(manager, winner, loser)
    make_client("Brauer 2", email="other@brauer.example")
    before = dump()
    page = undo(manager)
    assert "The name “Brauer 2” belongs to Brauer 2 (C-00003) now. Rename that client first." in page.text
    assert dump() == before
    third = Client.objects.get(name="Brauer 2")
    third.name = "Brauer 3"
    third.save()
    assert "The merge was undone" in undo(manager).text


def test_a_name_that_the_winner_took_in_the_merge_is_no_obstacle(manager, winner, loser):  # noqa: F811
    merge(manager, winner, loser, name="loser")
    assert "The merge was undone" in undo(manager).text
    assert sorted(Client.objects.values_list("name", flat=True)) == ["Brauer 2", "Brauer Antriebe"]


def test_an_external_id_that_was_given_again_is_told(manager, winner, loser, make_client):  # noqa: F811
    Client.objects.filter(pk=loser.pk).update(external_id="X-1")
    merge(manager, winner, loser, external_id="winner")
    make_client("Third", email="a@third.example", external_id="X-1")
    assert "The external ID “X-1” belongs to Third" in undo(manager).text
    assert not Client.objects.filter(pk=loser.pk).exists()


def test_chains_are_undone_from_the_last_with_the_reason_shown(manager, winner, loser, make_client):  # noqa: F811
    third = make_client("Third", email="a@third.example")
    before = dump()
    merge(manager, winner, loser)
    first = Merge.objects.get()
    merge(manager, third, winner)
    page = manager.get(f"/clients/merges/{first.pk}/")
    assert "Brauer Antriebe (C-00001) was merged later. Undo that merge first." in page.text
    assert "Undo merge</button>" not in page.text
    manager.post(f"/clients/merges/{first.pk}/undo/")
    assert Client.objects.count() == 1
    undo(manager)
    manager.post(f"/clients/merges/{first.pk}/undo/")
    assert dump() == before


def test_the_history_of_both_goes_on(manager, desk, winner, loser):  # noqa: F811
    merge(manager, winner, loser)
    undo(manager)
    actions = list(Change.objects.filter(object_id=loser.pk, content_type__model="client").order_by("id").values_list("action", flat=True))
    assert actions[0] == Change.Action.CREATE
    assert actions[-2:] == [Change.Action.DELETE, Change.Action.CREATE]
    for client in (winner, loser):
        assert desk.get(f"/clients/{client.pk}/history/").status_code == 200
    assert "The merge of Brauer 2 was undone" in desk.get(f"/clients/{winner.pk}/history/").text


def test_only_who_may_undo_does_and_a_hidden_client_is_unknown(manager, desk, winner, loser):  # noqa: F811
    merge(manager, winner, loser)
    assert undo(desk).status_code == 403
    Client.objects.filter(pk=winner.pk).update(
        restricted_to_responsible=True, sales_person=User.objects.invite("other@desk.example", role=Role.DESK)
    )
    assert undo(manager).status_code == 404
    assert manager.get(f"/clients/merges/{Merge.objects.get().pk}/").status_code == 404
    assert Client.objects.count() == 1


def test_addresses_of_the_loser_are_its_own_again(manager, winner, loser):  # noqa: F811
    merge(manager, winner, loser)
    undo(manager)
    assert manager.get(f"/clients/{loser.pk}/").status_code == 200
    assert "formerly" not in manager.get("/search/?q=brauer").text


# --- any two clients --------------------------------------------------------------------------------
texts = st.text(alphabet="abc ÄÖ<&", max_size=6)
contacts = st.lists(st.tuples(st.booleans(), st.sampled_from(["", "x@y.example"]), st.integers(0, 2)), max_size=4)
sides = st.fixed_dictionaries(
    {
        "fields": st.fixed_dictionaries(
            {
                "city": texts,
                "notes": texts,
                "tax_number": texts,
                "website": st.sampled_from(["", "https://a.example", "https://b.example"]),
                "status": st.sampled_from(Client.Status.values),
                "potential_annual_revenue": st.none() | st.integers(0, 99),
                "first_contact_on": st.none() | st.dates(),
                "more_emails": st.lists(
                    st.fixed_dictionaries({"address": st.sampled_from(["a@b.example", "c@d.example"]), "cc": st.booleans()}), max_size=2
                ),
                "custom": st.dictionaries(st.sampled_from(["x", "y"]), st.sampled_from(["1", ["2"], True]), max_size=2),
                "restricted_to_responsible": st.just(False),
            }
        ),
        "contacts": contacts,
        "offices": st.lists(st.sampled_from(["Works", "Store", "Lager"]), unique=True, max_size=3),
        "departments": st.lists(st.sampled_from(["Lab", "LAB", "Sales"]), unique_by=str.casefold, max_size=2),
        "industries": st.sets(st.integers(0, 2)),
        "rights": st.none() | st.tuples(st.sampled_from(Opening.values), st.integers(0, 15)),
        "formats": st.booleans(),
        "company": st.sampled_from(["", "HRB 1", "HRB 2"]),
    }
)
answers = st.dictionaries(
    st.sampled_from(
        ["name", "city", "address", "notes", "status", "more_emails", "portal", "primary", "client_industries", "formats", "custom-x"]
    ),
    st.sampled_from(["winner", "loser", "both"]),
)


class AnyTwoClients(TestCase):
    """Whatever two clients hold and whatever is chosen: merge, then undo, and nothing differs but history and versions."""

    @settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
    @given(one=sides, two=sides, kind=st.sampled_from(Client.Kind.values), choices=answers)
    def test_a_merge_that_is_undone_leaves_no_trace(self, one, two, kind, choices):
        branch = Branch.objects.create(name="Berlin", code="BER")
        industries = [Industry.objects.create(name=name) for name in "ABC"]
        by = User.objects.invite("m@desk.example", role=Role.MANAGER)
        first, second = (self.make(n, side, kind, branch, industries) for n, side in enumerate((one, two)))
        before = dump()
        versions = {client.pk: str(Client.objects.get(pk=client.pk).version) for client in (first, second)}
        made = merging.merge(first.pk, second.pk, by, {f"choice-{name}": value for name, value in choices.items()}, versions)
        left = Client.objects.get()
        assert left.contacts.filter(is_primary=True).count() == min(1, left.contacts.filter(active=True).count())
        assert left.offices.filter(is_headquarters=True).count() == 1
        assert not Contact.objects.exclude(default_office__client=left).exists()
        assert not Contact.objects.exclude(department=None).exclude(department__client=left).exists()
        assert not Department.objects.exclude(office__client=left).exists()
        if kind == Client.Kind.INDIVIDUAL:
            assert left.offices.count() == 1
            assert left.contacts.filter(active=True).count() <= 1
        _merge, stayed, refusal = merging.undo(made.pk, by)
        assert (stayed, refusal) == ([], "")
        assert dump() == before

    def make(self, n: int, side: dict, kind: str, branch: Branch, industries: list[Industry]) -> Client:
        """Return a client of `kind` with what `side` says."""
        client = Client(name=f"Client {n}", legal_name="Client GmbH", kind=kind, branch=branch, **side["fields"])
        client.register(None, "A", "B")
        if kind == Client.Kind.CORPORATE:
            for name in side["offices"]:
                Office.objects.create(client=client, name=name)
            offices = list(client.offices.order_by("pk"))
            for number, name in enumerate(side["departments"]):
                email = ["", "lab@post.example"][number]
                client.departments.create(name=name, office=offices[-1], email=email, active=not number, city=["", "Kiel"][number])
            departments = [None, *client.departments.all()]
            for active, email, place in side["contacts"]:
                fields = {"default_office": offices[place % len(offices)], "department": departments[place % len(departments)]}
                contact = client.contacts.register(client, last_name="P", email=email, **fields)
                if not active and not contact.is_primary:
                    contact.active = False
                    contact.save()
            client.company.registration_number = side["company"]
            client.company.save()
        for number in side["industries"]:
            ClientIndustry.objects.create(client=client, industry=industries[number])
        if side["rights"]:
            ClientAccess.objects.create(client=client, portal_access=side["rights"][0], rights=side["rights"][1])
        if side["formats"]:
            ClientFormats.objects.create(client=client, date_format="%d.%m.%Y")
        return client
