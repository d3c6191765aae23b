"""Who sees a restricted client (XD33): for everybody else it, and all that hangs on it, does not exist, on whichever page.

The pages are found by walking the resolver: a new one is covered as soon as it has an address.
"""

import io
import re
import zipfile
from dataclasses import dataclass
from itertools import product

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.files.base import ContentFile
from django.db import connection
from django.test import Client as Browser

from clientdesk.management.commands.list_routes import Route
from clientdesk.models import Change, LegalHold, Merge, User
from clientdesk.rights import Role
from clients import restricted
from clients.models import Branch, Client, ClientDocument, DuplicatePair, Responsible
from contacts.models import Contact, ContactMove, ContactPair, CrmAction, Department, Office
from jobs.models import Document, Job, JobCheck, JobPart, Project, Quote, Signature, WorkSession
from portal.models import ContactAccess
from tests.doors import chunks, dump, fresh_brakes, taken_back  # noqa: F401
from tests.walking import filled, staff_routes

NOBODY = 987_654
# Keys that lead to no client: pattern of the address -> why.
NOT_OF_A_CLIENT = {
    r"^/settings/": "what is set up for all",
    r"^/import/": "a run is its owner's; what runs tell of clients is tested with the import",
    r"^/clients/new/": "a draft is its writer's own and no client yet",
    r"^/clients/bulk/": "an act on many clients is its doer's own; what it may meet is tested below",
    r"^/clients/views/": "a saved view is a question, not an answer",
    r"^/contacts/bulk/": "the same of many contacts",
    r"^/jobs/bulk/": "the same of many jobs",
    r"^/contacts/views/": "a saved view is a question, not an answer",
    r"^/(jobs|quotes|projects|reports/jobs)/views/": "a saved view is a question, not an answer",
    r"^/invitations/": "a run is its owner's; whom it names is tested with the bulk invitation",
}
# Pages that answer in another way than those of an unknown record, each with a test of its own below.
ANSWERS = {"companies:detail": "the registered name is no secret, the client is"}
SECRETS = ("zobelgeheim", "zg-4711", "zg-4710", "wintermantel", "vertrag-zobel", "pelzhaus")
QUERIES = (
    "",
    "?q=zobelgeheim",
    "?q=wintermantel",
    "?q=zg-47",
    "?company={company}&client={client}&contact={contact}&first={client}&second={other}&pick={client}&kind=corporate&action=inactive",
    "?name=Zobelgeheim&legal_name=Pelzhaus&email=x@zobelgeheim.example&registered_name=Pelzhaus",
    "?format=csv",
    "?format=xlsx",
    "?status=active&sort=-name",
)

STAFF = staff_routes()
KEYED = [route for route in STAFF if "<" in route.path and not any(re.match(pattern, route.path) for pattern in NOT_OF_A_CLIENT)]
PLAIN = [route for route in STAFF if "<" not in route.path]


@dataclass(frozen=True)
class World:
    """Keys of a restricted client and of all that hangs on it, and of a client that everybody sees."""

    hidden: dict[str, int]
    seen: dict[str, int]


@pytest.fixture
def owner(make_staff) -> User:
    return make_staff(Role.ADMINISTRATOR, "owner@desk.example", first_name="Olga")


@pytest.fixture
def world(owner, ada, make_client) -> World:
    client = make_client("Zobelgeheim", legal_name="Pelzhaus Nord KG", number="ZG-4711", email="info@zobelgeheim.example")
    client.sales_person, client.restricted_to_responsible = owner, True
    client.save()
    first, second = (
        client.contacts.register(client, first_name=name, last_name="Wintermantel", email=f"{name[:1]}@zobelgeheim.example")
        for name in ("Walburga", "Xaver")
    )
    ContactAccess.of(first).invite(by=None)
    office = client.offices.create(name="Zobelgeheim Werk", city="Pelzhaus")
    department = client.departments.create(name="Zobelgeheim Einkauf", office=office)
    document = ClientDocument.objects.create(client=client, file=ContentFile(b"%PDF-", "x.pdf"), filename="vertrag-zobel.pdf", size=5)
    DuplicatePair.objects.create(first=ada.client, second=client, reasons=[["domain", "zobelgeheim.example"]], strength=90)
    of_clients = ContentType.objects.get_for_model(Client)
    LegalHold.objects.create(content_type=of_clients, object_id=client.pk, reason="Zobelgeheim", placed_by=owner)
    merge = Merge.objects.create(
        content_type=of_clients,
        winner_id=client.pk,
        loser_id=NOBODY + 1,
        loser_name="Zobelgeheim alt",
        loser_name_key="zobelgeheim alt",
        loser_number="ZG-4710",
        search_key="zobelgeheim alt zg-4710",
    )
    change = Change.objects.filter(content_type=of_clients, object_id=client.pk).latest("pk")
    action, seen_action = (
        CrmAction.objects.create(contact=contact, client=contact.client, kind="call", subject=subject, due_at=change.timestamp)
        for contact, subject in ((second, "Zobelgeheim: offer"), (ada, "Offer"))
    )
    hidden = {"action": action.pk, "client": client.pk, "contact": second.pk, "company": client.company.pk, "document": document.pk}
    told = {"number": "J-90001", "subject": "Zobelgeheim: repair", "description": "Pelzhaus"}
    work = Job.objects.create(client=client, office=office, contact=second, **told)
    seen_work = Job.objects.create(number="J-90002", client=ada.client, office=ada.default_office, contact=ada, subject="Repair")
    hidden["job"] = work.pk
    session = WorkSession.objects.create(job=work, technician=owner, started_at=change.timestamp, ended_at=change.timestamp)
    check, signature = JobCheck.objects.create(job=work, text="Zobelgeheim"), Signature.objects.create(job=work, name="Walburga")
    part = JobPart.objects.create(job=work, text="Zobelgeheim")
    hidden |= {"session": session.pk, "part": part.pk, "check": check.pk, "signature": signature.pk}
    seen_items = {}
    for kind in (Quote, Project):
        named = {"client": client, "office": office, "contact": second}
        item = kind.objects.create(number=f"{kind.LETTER}-90001", name="Zobelgeheim: offer", client_reference="Pelzhaus", **named)
        other = kind.objects.create(number=f"{kind.LETTER}-90002", name="Offer", client=ada.client, office=ada.default_office, contact=ada)
        hidden[item.kind()], seen_items[item.kind()] = item.pk, other.pk
    file = {"project_id": hidden["project"], "filename": "vertrag-zobel.pdf", "size": 5}
    hidden["file"] = Document.objects.create(kind="file", file=ContentFile(b"%PDF-", "x.pdf"), **file).pk
    hidden |= {"office": office.pk, "department": department.pk, "change": change.pk, "merge": merge.pk, "other": ada.client_id}
    of_contacts = ContentType.objects.get_for_model(Contact)
    hidden["contact_merge"] = Merge.objects.create(
        content_type=of_contacts, winner_id=second.pk, loser_id=NOBODY + 2, loser_name="Xaver Wintermantel", search_key="wintermantel"
    ).pk
    # Not from a client that is seen: whom a client once had its own history may tell.
    hidden["move"] = ContactMove.objects.create(contact=second.pk, from_client=client.pk, to_client=client.pk).pk
    hidden["other_contact"] = ada.pk
    ContactPair.objects.create(first=ada, second=second, reasons=[["email", "x@zobelgeheim.example"]], strength=90)
    plant = ada.client.offices.create(name="Plant")
    seen = {"office": plant.pk, "department": ada.client.departments.create(name="Purchasing", office=plant).pk, "action": seen_action.pk}
    seen |= seen_items | {
        "job": seen_work.pk,
        "client": ada.client_id,
        "contact": ada.pk,
        "company": ada.client.company.pk,
        "other": client.pk,
        "other_contact": second.pk,
    }
    return World(hidden, seen | {"move": ContactMove.objects.create(contact=ada.pk, from_client=client.pk, to_client=ada.client_id).pk})


@pytest.fixture
def stranger(make_staff, as_user):
    """A browser of who may do everything, but is not responsible; every other role is refused more (test_rights)."""
    return as_user(make_staff(Role.ADMINISTRATOR, "stranger@desk.example"))


def read(answer) -> str:
    """Return all that an answer says, also inside a workbook, in small letters."""
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if content[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            content = b"\n".join(book.read(name) for name in book.namelist())
    return content.decode(errors="replace").lower()


def told(page: str) -> list[str]:
    return [secret for secret in SECRETS if secret in page]


def without_echo(page: str, query: str) -> str:
    """Drop what the page merely repeats: the typed words in fields, titles and addresses."""
    for word in re.findall(r"=([^&]+)", query):
        page = page.replace(word.lower(), "")
    return page


# --- one record ----------------------------------------------------------------------------------
@pytest.mark.parametrize("routes", chunks(KEYED))
def test_a_restricted_record_answers_as_an_unknown_one_and_nothing_changes(routes, world, stranger):
    stranger.raise_request_exception = False
    before = dump()
    for route in routes:
        if route.name not in ANSWERS:
            with taken_back(stranger) as writes:
                assert_unknown(route, world, stranger)
                assert not writes or dump() == before, route.path


def assert_unknown(route: Route, world: World, stranger: Browser) -> None:
    # An unknown record beside each hidden one; then, where there are two keys, those of a client that everybody sees come first.
    pairs = [(filled(route.path, {}), filled(route.path, world.hidden))]
    if route.path.count("<") > 1:
        last = world.hidden | {"other": world.hidden["client"], "other_contact": world.hidden["contact"]}
        pairs.append((filled(route.path, world.seen, {}), filled(route.path, world.seen, last)))
    sent = {"version": "1", "name": "Taken", "last_name": "Taken", "email": "taken@taken.example", "reason": "x", "confirm": "on"}

    for unknown, address in pairs:
        for method, body in (("get", {}), ("post", sent)):
            expected, got = (getattr(stranger, method)(url, body) for url in (unknown, address))
            assert got.status_code == expected.status_code, f"{method} {address}"
            assert got.status_code in (403, 404, 405) or address != pairs[0][1], f"{method} {address}"
            assert told(read(got)) == [], f"{method} {address}"


def test_the_one_responsible_finds_it(world, owner, as_user):
    """Otherwise the test above would prove nothing."""
    browser = as_user(owner)
    browser.raise_request_exception = False
    for route in KEYED:
        if "GET" in route.methods:
            with taken_back(browser):
                answer = browser.get(filled(route.path, world.hidden))
                answer.close()
                assert answer.status_code not in (403, 404) or route.name in NEEDS_MORE, route.path


# Pages that are missing for everybody until something more was done.
NEEDS_MORE: dict[str, str] = {
    "clients:photo": "there is no picture",
    "contacts:photo": "there is no picture",
    "jobs:signature": "nothing was drawn",
    "clients:merged": "the merge was made by hand, its loser never lived",
    "contacts:merged": "the merge was made by hand, its loser never lived",
    "jobs:release_file": "the file is no deliverable; its own test is test_project_pages",
    "jobs:send_file": "the file is no invoice; its own test is test_project_pages",
}


def test_the_company_of_a_restricted_client_shows_its_registered_name_and_no_more(world, stranger):
    page = read(stranger.get(f"/companies/{world.hidden['company']}/"))
    assert told(page) == ["pelzhaus"]
    assert "belongs to a client that you may not see" in page
    assert f"/clients/{world.hidden['client']}/" not in page


# --- lists, search, suggestions, exports ---------------------------------------------------------
@pytest.mark.parametrize("routes", chunks(PLAIN))
def test_no_list_search_suggestion_or_export_tells_of_it(routes, world, stranger):
    stranger.raise_request_exception = False
    for route in routes:
        if "GET" in route.methods:
            with taken_back(stranger):
                assert_silent(route, world, stranger)


def assert_silent(route: Route, world: World, stranger: Browser) -> None:
    for query in (query.format(**world.hidden) for query in QUERIES):
        # The part that a script asks for differs from the page where something is typed.
        for headers in ({}, {"HX-Request": "true"}) if "name=" in query else ({},):
            page = without_echo(read(stranger.get(f"{route.path}{query}", headers=headers)), query)
            found = [secret for secret in told(page) if not (secret == "pelzhaus" and route.name in {"companies:list", "companies:export"})]
            assert found == [], f"{route.path}{query}"


def test_no_page_of_another_record_tells_of_it(world, stranger):
    stranger.raise_request_exception = False
    for route in KEYED:
        if "GET" in route.methods and "merge" not in route.path:
            with taken_back(stranger):
                assert told(read(stranger.get(filled(route.path, world.seen)))) == [], route.path


@pytest.mark.parametrize(
    "address",
    [
        "/clients/",
        "/clients/?q=pelzhaus",
        "/contacts/",
        "/search/?q=pelzhaus",
        "/search/?q=walburga",
        "/companies/?q=pelzhaus",
        "/clients/export/?format=csv",
        "/clients/export/?format=xlsx",
        "/crm/?view=everybody",
        "/crm/add/?q=pelzhaus",
    ],
)
def test_the_one_responsible_reads_it_everywhere(world, owner, as_user, address):
    assert "zobelgeheim" in read(as_user(owner).get(address))


def test_nothing_that_is_sent_reaches_it(world, stranger):
    """Bulk actions and the like take keys in what is sent, not in the address."""
    stranger.raise_request_exception = False
    wanted = ("pick", "id", "ids", "pk", "client", "clients", "selected", "rows", "chosen", "first", "winner")
    keys = (
        {name: [world.hidden["client"]] for name in wanted}
        | {"target": Branch.objects.create(name="Bonn", code="BN").pk}
        | {"second": world.seen["client"], "loser": world.seen["client"]}
    )
    keys |= {"pair": DuplicatePair.objects.get().pk, "company": world.hidden["company"]}
    before = belongings(world)
    for route in PLAIN:
        if "POST" in route.methods and not route.path.startswith(("/settings/", "/import/")):
            with taken_back(stranger):
                for action in ("deactivate", "inactive", "branch", "category", "export", "merge", "dismiss"):
                    assert told(read(stranger.post(route.path, keys | {"action": action}))) == [], f"{route.path} {action}"
                assert belongings(world) == before, route.path


def belongings(world: World) -> list:
    """Return the stored rows of the restricted client and of all that hangs on it."""
    pk = world.hidden["client"]
    sets = (
        Client.objects.filter(pk=pk),
        Contact.objects.filter(client=pk),
        Office.objects.filter(client=pk),
        Department.objects.filter(client=pk),
        ContactAccess.objects.filter(contact__client=pk),
        ClientDocument.objects.filter(client=pk),
        DuplicatePair.objects.all(),
        LegalHold.objects.all(),
        CrmAction.objects.filter(client=pk),
        Quote.objects.filter(client=pk),
        Project.objects.filter(client=pk),
        Document.objects.filter(project__client=pk),
    )
    return [list(found.order_by("pk").values()) for found in sets]


def test_a_client_merged_into_it_leads_nobody_there(world, stranger, owner, as_user):
    """Its old address and number go on working for those responsible, and for nobody else."""
    assert stranger.get(f"/clients/{NOBODY + 1}/").status_code == 404
    assert told(read(stranger.get("/search/?q=zg-4710")).replace("zg-4710", "")) == []
    answer = as_user(owner).get(f"/clients/{NOBODY + 1}/")
    assert answer.headers.get("Location") == f"/clients/{world.hidden['client']}/"


# --- sentences -----------------------------------------------------------------------------------
ADD = {"name": "ZOBELGEHEIM", "legal_name": "Some GmbH", "email": "a@some.example", "country": "DE"}


def test_a_taken_name_is_told_without_name_number_or_link(world, stranger):
    page = stranger.post("/clients/add/", ADD)
    assert page.status_code == 422
    assert "A client of this name exists that you may not see." in page.text
    assert "ZG-4711" not in page.text
    assert f'href="/clients/{world.hidden["client"]}/"' not in page.text


def test_a_taken_name_is_told_with_name_number_and_link_to_who_may_see_it(world, owner, as_user):
    page = as_user(owner).post("/clients/add/", ADD)
    assert "A client named “Zobelgeheim” exists already (ZG-4711)." in page.text
    assert f'href="/clients/{world.hidden["client"]}/"' in page.text


def test_a_taken_address_of_a_portal_user_names_its_holder_only_to_who_may_see_the_client(world, ada, stranger, owner, as_user):
    """S14: a portal user is one person in the whole system."""
    holder = Contact.objects.get(first_name="Walburga")
    ada.email = holder.email
    ada.save()

    page = stranger.post(f"/contacts/{ada.pk}/invite/")
    assert page.status_code == 422
    assert "Another portal user signs in with “W@zobelgeheim.example”" in page.text
    assert told(read(page).replace("w@zobelgeheim.example", "")) == []

    page = as_user(owner).post(f"/contacts/{ada.pk}/invite/")
    assert f'<a href="/contacts/{holder.pk}/">Walburga Wintermantel</a>' in page.text
    assert "Zobelgeheim" in page.text


# --- who is responsible --------------------------------------------------------------------------
def seen_by(user: User) -> bool:
    return Client.objects.visible_to(User.objects.get(pk=user.pk)).filter(name="Zobelgeheim").exists()


@pytest.mark.parametrize("way", ["sales_person", "project_manager", "responsible"])
def test_sales_person_project_manager_and_people_responsible_see_it(world, make_staff, way):
    user, client = make_staff(Role.READER), Client.objects.get(name="Zobelgeheim")
    assert not seen_by(user)
    if way == "responsible":
        Responsible.objects.create(client=client, user=user)
    else:
        setattr(client, way, user)
        client.save()
    assert seen_by(user)


def test_administrators_see_what_nobody_active_is_responsible_for(world, owner, make_staff):
    manager, administrator = make_staff(Role.MANAGER), make_staff(Role.ADMINISTRATOR)
    assert [seen_by(manager), seen_by(administrator)] == [False, False]
    owner.deactivate(by=administrator)
    assert [seen_by(manager), seen_by(administrator)] == [False, True]


def test_a_client_that_is_not_restricted_is_seen_by_all(ada, make_staff):
    assert Client.objects.visible_to(make_staff(Role.READER)).get() == ada.client


@pytest.mark.skipif(connection.vendor != "postgresql", reason="only PostgreSQL has the function")
def test_the_function_of_the_database_and_the_condition_say_the_same(make_client, make_staff):
    people = [make_staff(role, f"{role}{place}@desk.example") for role in (Role.READER, Role.ADMINISTRATOR) for place in range(3)]
    for number, (sales, manager, more) in enumerate(product([None, *people[::2]], [None, people[1]], [None, *people[3:]])):
        client = make_client(f"Client {number}", restricted_to_responsible=number % 7 > 0)
        Client.objects.filter(pk=client.pk).update(sales_person=sales, project_manager=manager)
        if more:
            Responsible.objects.create(client=client, user=more)
    people[2].deactivate(by=people[4])
    for person in (*people, make_staff(Role.READER)):
        told = set(Client.objects.visible_to(person).values_list("pk", flat=True))
        rule = restricted.named_by_the_client(person, "") | restricted.beyond_the_client(person, "")
        assert told == set(Client.objects.filter(rule).values_list("pk", flat=True)), person
