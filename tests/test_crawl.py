"""The crawler: every address and form that staff and contacts find, asked again by whoever must not: 0 foreign data, 0 changed rows.

Signed in as who may most it follows every link and reads every form; what it found is then sent by nobody, by contacts of other
clients and by staff who may not see the client, with the keys of the rows that each must not reach. Which keys are whose is told by
their millions (tests/crawling.py). The law is in Python and asks each row alike, so one database is enough.
"""

import json
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test import Client as Browser
from django.test import override_settings
from django.utils import timezone

from clientdesk.models import User
from clientdesk.rights import Role
from clients.models import Branch, Client, ClientDocument
from contacts.models import Contact, CrmAction
from jobs.models import Document, Job, Project, Quote
from portal.models import ClientAccess, ContactAccess, Level
from portal.rights import Right
from tests.crawling import MILLION, Sent, begin_at, crawl, has_keys, read, sample
from tests.doors import dump, fresh_brakes  # noqa: F401
from tests.standing import standing

pytestmark = pytest.mark.skipif(connection.vendor != "sqlite", reason="no database decides this")

# What is read nowhere but by who may: words that each of the clients has in everything it owns.
WORDS = {1: "aalquappe", 2: "bernsteinbach", 3: "zobelgeheim"}
# The internal name, which no contact ever reads, not even its own (invariant 1).
NAMES = {number: f"{word}intern" for number, word in WORDS.items()}
EVERYTHING = sum(int(right) for right in Right)
LANDED = "/portal/"


@dataclass(frozen=True)
class Crawled:
    """What the crawls found, and the users who ask."""

    media: Path
    desk: list[Sent]
    portal: list[Sent]
    routes: set[str]
    contacts: dict[int, int]
    staff: dict[str, int]

    def browser(self, pk: int) -> Browser:
        """Return a browser in which the user `pk` is signed in; errors are answered as to anybody."""
        browser = Browser(raise_request_exception=False)
        browser.force_login(User.objects.get(pk=pk))
        return browser


def build(number: int, branch: Branch, owner: User) -> int:
    """Make client `number` with everything that hangs on one, its rows above `number` million; return the key of its contact's user."""
    begin_at(number)
    word = WORDS[number]
    told = {"legal_name": f"{word} KG", "email": f"info@{word}.example", "notes": word}
    client = Client(name=NAMES[number], branch=branch, country="DE", sales_person=owner, **told)
    client.register(None)
    # The third one is seen by who is responsible for it only.
    Client.objects.filter(pk=client.pk).update(restricted_to_responsible=number == 3)
    people = [{"first_name": name, "last_name": f"{word}mann", "email": f"{name}@{word}.example"} for name in ("Eva", "Udo")]
    first, second = (client.contacts.register(client, **person) for person in people)
    office = client.offices.create(name=f"{word} Werk")
    department = client.departments.create(name=f"{word} Einkauf", office=office)
    second.offices.add(office)
    head = {"client": client, "office": office, "department": department, "contact": first, "internal_notes": f"{NAMES[number]} notes"}
    quote = Quote(**head, name=f"{word} quote", status="sent", number=f"Q-{number}")
    project = Project(**head, name=f"{word} project", number=f"P-{number}")
    job = Job(**head, subject=f"{word} job", number=f"J-{number}", opened_at=timezone.now(), project=project)
    for item in (quote, project, job):
        item.save()
        item.name_others([second])
    for kind, item in {"quote": quote, "project": project, "job": job}.items():
        file = ContentFile(word.encode(), f"{word}.txt")
        Document.objects.create(**{kind: item}, file=file, filename=f"{word}-{kind}.txt", size=9, visible_in_portal=True)
    ClientDocument.objects.create(client=client, file=ContentFile(b"%PDF-", f"{word}.pdf"), filename=f"{word}.pdf", size=5)
    CrmAction.objects.create(client=client, contact=first, kind="call", subject=f"{word} call", due_at=timezone.now())
    ClientAccess.objects.create(client=client, rights=EVERYTHING)
    ContactAccess.of(Contact.objects.get(pk=first.pk)).invite(None)
    first.offices.add(office)
    ContactAccess.objects.filter(contact=first).update(rights=EVERYTHING, level=Level.ALL_OFFICES, may_decide_quotes=True)
    return ContactAccess.objects.get(contact=first).user_id


@pytest.fixture(scope="module")
def crawled(django_db_setup, django_db_blocker, tmp_path_factory):
    media = tmp_path_factory.mktemp("media")
    with standing(django_db_blocker), override_settings(MEDIA_ROOT=media):
        branch = Branch.objects.create(name="Berlin", code="BER", is_headquarters=True, is_default=True, country="DE")
        owner = User.objects.invite("owner@desk.example", role=Role.ADMINISTRATOR, last_name="Dahl")
        staff = {role: User.objects.invite(f"{role}@desk.example", role=role, last_name="Dahl").pk for role in Role.values}
        contacts = {number: build(number, branch, owner) for number in WORDS}
        begin_at(0)
        mine, theirs = Browser(raise_request_exception=False), Browser(raise_request_exception=False)
        mine.force_login(owner)
        theirs.force_login(User.objects.get(pk=contacts[1]))
        first = 1 * MILLION + 1
        desk = crawl(mine, [f"/clients/{first}/", f"/contacts/{first}/", f"/jobs/{first}/", "/clients/", "/contacts/", "/settings/", "/"])
        portal = crawl(theirs, [LANDED])
        yield Crawled(media, sample(desk), sample(portal), desk.routes | portal.routes, contacts, staff)


@pytest.fixture(autouse=True)
def files_of_the_crawl(crawled, own_files, settings, db):
    settings.MEDIA_ROOT = crawled.media


ALL = (1, 2, 3)


def told(page: str, words: list[str], sent: Sent) -> list[str]:
    """Return those of `words` that the page says and that were not part of the question, which a page may repeat."""
    page, asked = page.lower(), sent.about.lower()
    return [word for word in words if word in page and word not in asked]


def replay(browser: Browser, requests: list[Sent], words: list[str], statuses: set[int]) -> list[str]:
    """Send all of `requests`; return what went wrong: another status than those allowed, or a page that tells one of `words`."""
    wrong = []
    for sent in requests:
        answer = sent.by(browser)
        if answer.status_code not in statuses or (found := told(read(answer), words, sent)):
            wrong.append(f"{sent.method} {sent.address}: {answer.status_code} {found if answer.status_code in statuses else ''}")
    return wrong


def rows_of(number: int, text: str) -> dict[str, list]:
    """Return of a dump the rows of client `number`: those with one of its keys or words in them."""
    low, high = number * MILLION, (number + 1) * MILLION

    def is_its(row: dict) -> bool:
        return any(low <= value < high if type(value) is int else WORDS[number] in str(value) for value in row.values())

    return {label: [row for row in rows if is_its(row)] for label, rows in json.loads(text).items()}


def test_the_crawl_found_most_of_what_there_is(crawled):
    """Otherwise the tests below would prove little."""
    forms = [sent for sent in crawled.desk if sent.method == "post" and has_keys(sent.about)]
    assert len(crawled.routes) > 130
    assert len(forms) > 50
    assert {"access:edit_account", "clients:document", "crm:cancel", "jobs:assign", "contacts:make_primary"} <= crawled.routes


def test_nobody_reaches_anything(crawled):
    before = dump()
    assert replay(Browser(raise_request_exception=False), crawled.desk + crawled.portal, [*WORDS.values()], {302}) == []
    assert dump() == before


@pytest.mark.parametrize("number", ALL)
def test_a_contact_reaches_nothing_of_the_back_office(crawled, number):
    browser, before = crawled.browser(crawled.contacts[number]), dump()
    # All are refused by one rule: each of the three asks every third question, so that together they ask all.
    asked = crawled.desk[number - 1 :: 3]
    asked = [sent for sent in asked if sent.address.partition("?")[0] != "/"]
    # Its own address stands in its menu.
    foreign = [WORDS[other] for other in ALL if other != number]
    assert replay(browser, asked, [*foreign, NAMES[number]], {403}) == []
    assert dump() == before


@pytest.mark.parametrize("number", [2, 3])
def test_a_contact_of_another_client_finds_what_there_is_not(crawled, number):
    """The pages and forms of the first client's contact, sent by others as they stand: what carries a key is not there, and what
    carries none shows their own."""
    browser, before = crawled.browser(crawled.contacts[number]), rows_of(1, dump())
    keyed = [sent for sent in crawled.portal if has_keys(sent.about)]
    bare = [sent for sent in crawled.portal if not has_keys(sent.about) and sent.method == "get"]
    foreign = [WORDS[other] for other in ALL if other != number]
    # Places and people of another client that a form names are refused as such, not looked for.
    named = [sent for sent in keyed if not has_keys(sent.address)]
    assert replay(browser, [sent for sent in keyed if sent not in named], foreign, {404}) == []
    assert replay(browser, named, foreign, {422}) == []
    assert replay(browser, bare, [*foreign, *NAMES.values()], {200, 302, 404}) == []
    assert rows_of(1, dump()) == before


def test_a_contact_never_reads_the_internal_name_of_its_own_client(crawled):
    """Invariant 1, X8."""
    browser = crawled.browser(crawled.contacts[1])
    gets = [sent for sent in crawled.portal if sent.method == "get"]
    assert replay(browser, gets, [NAMES[1], WORDS[2], WORDS[3]], {200, 302}) == []


@pytest.mark.parametrize("role", Role.values)
def test_staff_who_may_not_see_a_client_find_nothing_of_it_behind_any_link_or_form(crawled, role):
    """XD33: what was found about the first client is asked with the keys of the third, which only its owner sees."""
    browser, before = crawled.browser(crawled.staff[role]), rows_of(3, dump())
    # Who may most asks everything, the others what forms send and, between them, every page.
    keyed = [sent.of(3) for sent in crawled.desk if has_keys(sent.about)]
    others = [one for one in Role.values if one != Role.ADMINISTRATOR]
    if role in others:
        gets = [sent for sent in keyed if sent.method == "get"][others.index(role) :: len(others)]
        keyed = [sent for sent in keyed if sent.method == "post"] + gets
    # The registered name of a company is no secret (test_restricted.py).
    keyed = [sent for sent in keyed if not (sent.method == "get" and sent.address.startswith("/companies/"))]
    assert replay(browser, keyed, [WORDS[3]], {200, 302, 303, 403, 404, 405, 409, 422}) == []
    assert rows_of(3, dump()) == before


def test_a_reader_changes_nothing_by_any_form(crawled):
    browser, before = crawled.browser(crawled.staff[Role.READER]), dump()
    # What is one's own, such as the columns of a list, carries no key in its address; 405: nothing is sent there.
    forms = [sent for sent in crawled.desk if sent.method == "post" and has_keys(sent.address.partition("?")[0])]
    assert replay(browser, forms, [], {403, 405}) == []
    assert dump() == before
