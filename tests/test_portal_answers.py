"""The portal answers as the law says: lists, counts, details, files of random clients, and links that mails carry (B01, invariant 21)."""

import re
from random import Random
from urllib.parse import urlsplit

import pytest
from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import F
from django.test import Client as Browser
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clientdesk.rights import Role
from contacts.models import Contact
from jobs import files
from jobs.models import Document, Item, Job, Project, Quote
from jobs.sending import release, send_quote
from portal import notices
from portal.models import ClientAccess, ContactAccess
from portal.rights import Right
from tests.doors import delivered, fresh_brakes  # noqa: F401
from tests.portal_people import let
from tests.portal_worlds import RIGHTS, Stored, World, draw, may_see, store

few = settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
FILES = int(Right.FILES_VIEW | Right.FILES_DOWNLOAD)
PAGES = {Quote: ("portal:quotes", "portal:quote"), Project: ("portal:projects", "portal:project"), Job: ("portal:jobs", "portal:job")}


@pytest.fixture
def clients(make_client):
    return [make_client("Acme A"), make_client("Acme B")]


def with_files(stored: Stored) -> list[Document]:
    """Give every item a file, every other one published, and everybody the right to files."""
    ContactAccess.objects.exclude(rights=None).update(rights=F("rights").bitor(FILES))
    ClientAccess.objects.update(rights=F("rights").bitor(FILES))
    made = []
    for number, item in enumerate(stored.items):
        of = {item._meta.model_name: item}
        made.append(Document(**of, file="item/one.txt", filename="one.txt", size=3, visible_in_portal=number % 2 == 0))
    made[0].file.storage.save("item/one.txt", ContentFile(b"one"))
    return Document.objects.bulk_create(made)


def listed(answer, name: str) -> set[int]:
    """Return the keys of the records of kind `name` that a page of the portal links to."""
    return {int(key) for key in re.findall(rf'href="/portal/{name}/(\d+)/"', answer.text)}


def refuses(answer) -> bool:
    return answer.status_code == 403


@few
@given(st.integers(0, 10**6))
def test_lists_counts_details_and_files_are_the_law_for_everybody(clients, seed):
    random = Random(seed)
    world = draw(random)
    with transaction.atomic():
        stored = store(world, clients)
        documents = with_files(stored)
        for number in random.sample(range(len(world.people)), 3):
            asks(world, stored, documents, number, random)
        transaction.set_rollback(True)


def asks(world: World, stored: Stored, documents: list[Document], number: int, random: Random) -> None:
    """Let person `number` ask for every list and for some items and files of both clients."""
    access, browser = stored.accesses[number], Browser()
    if access.user is None:
        return
    browser.force_login(access.user)
    law = {item: may_see(world, number, one) for item, one in zip(stored.items, world.work, strict=True)}
    if not access.is_open:
        assert all(browser.get(reverse(page)).status_code == 302 for page, _detail in PAGES.values())
        return
    for model, (page, detail) in PAGES.items():
        lists(browser, access, model, page, {item.pk for item, seen in law.items() if seen and type(item) is model})
        for item in random.sample([item for item in stored.items if type(item) is model], 4):
            wanted = 403 if not access.may(RIGHTS[model]) else 200 if law[item] else 404
            assert browser.get(reverse(detail, args=[item.pk])).status_code == wanted, item
    seen = {document.pk for document in documents if document.visible_in_portal and law[document.item]}
    access = ContactAccess.objects.select_related("contact__client__portal").get(pk=access.pk)
    if not access.may(Right.FILES_VIEW):
        assert refuses(browser.get(reverse("portal:files")))
        return
    assert listed(browser.get(reverse("portal:files")), "files") == seen
    for document in random.sample(documents, 4):
        answer = browser.get(reverse("portal:download", args=[document.pk]))
        assert answer.status_code == (200 if document.pk in seen else 404)
        b"".join(answer)


def lists(browser: Browser, access: ContactAccess, model: type[Item], page: str, wanted: set[int]) -> None:
    answer = browser.get(f"{reverse(page)}?view=all")
    if not access.may(RIGHTS[model]):
        assert refuses(answer)
        return
    assert listed(answer, page.partition(":")[2]) == wanted
    assert answer.context["listing"].count_text.split()[0] == str(len(wanted))


@pytest.mark.parametrize("level", ["default_office", "department"])
def test_who_moves_sees_at_the_next_page_what_is_there_and_the_work_stays_where_it_was(portal, ada, make_job, level):
    """B07, decision 8."""
    plant, sales = ada.client.offices.create(name="Plant"), ada.client.departments.create(name="Sales")
    here, there = make_job(), make_job(office=plant, department=sales)
    Job.objects.filter(pk=here.pk).update(department=ada.client.departments.create(name="Purchasing"))
    here.refresh_from_db()
    Contact.objects.filter(pk=ada.pk).update(department=here.department)
    let(ada, level=level)
    assert listed(portal.get(reverse("portal:jobs")), "jobs") == {here.pk}

    ada.offices.add(plant)
    Contact.objects.filter(pk=ada.pk).update(default_office=plant, department=sales)

    assert listed(portal.get(reverse("portal:jobs")), "jobs") == {there.pk}
    assert portal.get(reverse("portal:job", args=[here.pk])).status_code == 404
    assert Job.objects.get(pk=here.pk).office_id == here.office_id


# --- links of mails -----------------------------------------------------------------------------------
def portal_links(message) -> set[str]:
    """Return the paths in the portal that the text of `message` links to."""
    return {urlsplit(found).path for found in re.findall(r"https?://\S+/portal/(?!profile/)[^\s\"<>)]*", str(message.body))}


@pytest.fixture
def mails(ada, make_quote, make_project, make_job, make_staff) -> list:
    """Every mail to a contact that leads to an item."""
    staff = make_staff(Role.DESK, "sender@desk.example")
    send_quote(make_quote(), staff)
    project = make_project()
    release(files.add(project, ContentFile(b"%PDF-1.4", "manual.pdf"), by=staff, kind=files.Kind.DELIVERABLE), staff)
    notices.confirm(make_job(), by=staff)
    return delivered()


REVOKED = {
    "level": (404, lambda ada: let(ada, level="department")),
    "client's rights": (403, lambda ada: let(ada, clients=0)),
    "own rights": (403, lambda ada: let(ada, rights=0)),
    "contact person": (404, lambda ada: [model.objects.update(contact=None) for model in (Quote, Project, Job)]),
    "access": (302, lambda ada: ContactAccess.objects.get(contact=ada).withdraw()),
    "contact": (302, lambda ada: Contact.objects.filter(pk=ada.pk).update(active=False)),
}


def test_the_links_of_mails_lead_to_what_the_contact_sees_and_with_it_they_end(portal, ada, mails):
    paths = set().union(*(portal_links(message) for message in mails))
    assert {path.split("/")[2] for path in paths} == {"quotes", "projects", "jobs"}
    assert {portal.get(path).status_code for path in paths} == {200}

    for status, revoke in REVOKED.values():
        with transaction.atomic():
            revoke(ada)
            assert {portal.get(path).status_code for path in paths} == {status}, revoke
            transaction.set_rollback(True)
        portal.force_login(ContactAccess.objects.get(contact=ada).user)
