"""Which pages of the portal a contact may open: each names its rights, and what is not in scope is not there (X63, invariants 8, 21)."""

import re

import pytest
from django.urls import resolve, reverse
from django.utils.html import escape

from jobs.models import Document
from portal.rights import Right
from tests.doors import dump, fresh_brakes, visible  # noqa: F401
from tests.portal_people import EVERYTHING, let
from tests.test_doors import PORTAL

# Page and the right without which it stays shut.
LISTS = {
    "quotes": Right.QUOTES_VIEW,
    "projects": Right.PROJECTS_VIEW,
    "jobs": Right.JOBS_VIEW,
    "files": Right.FILES_VIEW | Right.INVOICES_VIEW,
    "colleagues": Right.COLLEAGUES_VIEW,
    "company": Right.COMPANY_VIEW,
    "add_colleague": Right.COLLEAGUES_ADD,
    "edit_company": Right.COMPANY_EDIT,
    "report": Right.REPORTS_VIEW,
    "request_quote": Right.QUOTES_ADD,
    "request_job": Right.JOBS_ADD,
}
SECRETS = re.compile("zzinternal|zznotes")
ITEMS = {
    "quote": ("quote", "accept", "reject", "add_quote_file"),
    "project": ("project", "deliverables", "add_project_file", "review"),
    "job": ("job", "cancel_job", "add_job_file", "edit_job"),
}


def test_every_page_of_the_portal_names_its_rights():
    for door in PORTAL:
        named = getattr(resolve(door.path).func, "portal_rights", None)
        assert isinstance(named, tuple), f"{door.path} needs @needs(Right.…), or @needs() as everybody's own"


def test_a_right_that_the_client_loses_is_gone_at_the_next_request_everywhere(portal, ada, manager):
    """Trial B06: on every address that names it, by GET and by POST; Account data shows it behind a lock with the reason."""
    closed = {door: resolve(door.path).func.portal_rights for door in PORTAL}
    assert len([door for door, rights in closed.items() if rights]) >= 20
    for door, rights in closed.items():
        for right in rights:
            left = EVERYTHING & ~sum(int(one) for one in (right if isinstance(right, tuple) else (right,)))
            let(ada, clients=left, may_decide_quotes=True)
            assert (door.name, portal.get(door.path).status_code, portal.post(door.path).status_code) == (door.name, 403, 403)
    let(ada, clients=EVERYTHING & ~int(Right.JOBS_VIEW))
    shown = manager.get(reverse("access:edit_account", args=[ada.pk])).text
    assert f"Jobs: View: not allowed for {ada.client.legal_name}, granted before" in shown


@pytest.mark.parametrize("whose", ["contact", "client"])
def test_a_page_without_its_right_is_refused_with_a_sentence_and_has_no_entry_in_the_menu(portal, ada, whose):
    for name, right in LISTS.items():
        url = reverse(f"portal:{name}")
        assert portal.get(url).status_code == 200
        left = EVERYTHING & ~int(right)
        let(ada, **({"rights": left} if whose == "contact" else {"clients": left}))
        refused = portal.get(url)
        assert refused.status_code == 403, name
        assert "Your access does not include this" in refused.content.decode()
        assert f'href="{url}"' not in refused.content.decode()
        let(ada)


def test_what_belongs_to_another_client_is_as_little_there_as_what_does_not_exist(portal, make_client, make_quote, make_project, make_job):
    other = make_client("zzforeign")
    theirs = other.contacts.register(other, first_name="Eve", last_name="Foreign", email="eve@foreign.example")
    of = {"client": other, "contact": theirs}
    items = {"quote": make_quote(**of), "project": make_project(**of), "job": make_job(**of)}
    file = Document.objects.create(job=items["job"], file="x", filename="zzsecret.pdf", visible_in_portal=True)
    # Takes the message of the sign-in away.
    portal.get(reverse("portal:home"))
    before = dump()
    for kind, item in [*items.items(), ("file", file)]:
        for name in ITEMS.get(kind, ("download",)):
            urls = [reverse(f"portal:{name}", args=[pk]) for pk in (item.pk, 987_654)]
            gets, posts = [portal.get(url) for url in urls], [portal.post(url) for url in urls]
            assert {answer.status_code for answer in gets} == {404}
            assert {answer.status_code for answer in posts} <= {404, 405}
            assert visible(gets[0]) == visible(gets[1])
    assert dump() == before
    for name in ("home", "quotes", "projects", "jobs", "files", "colleagues"):
        page = portal.get(reverse(f"portal:{name}")).content.decode().split("<main")[1]
        assert not [text for text in ("zzforeign", "zzsecret", "Foreign", *(item.number for item in items.values())) if text in page], name


def test_no_page_of_the_portal_says_the_internal_name(portal, ada, make_quote, make_project, make_job):
    """Invariant 1, X8: the client is renamed to something that would be found anywhere."""
    quote, project, job = make_quote(), make_project(), make_job(internal_notes="zznotes")
    quote.send(ada.email)
    type(quote).objects.update(internal_notes="zznotes")
    type(ada.client).objects.update(name="zzinternal", name_key="zzinternal", legal_name="Brauer & Söhne", notes="zznotes")
    keys = {"quote": quote.pk, "project": project.pk, "job": job.pk}
    for kind, names in ITEMS.items():
        for name in names:
            page = portal.get(reverse(f"portal:{name}", args=[keys[kind]])).content.decode()
            assert not SECRETS.search(page), name
    for name in ("home", *LISTS, "profile", "edit_profile", "edit_address", "edit_formats"):
        assert not SECRETS.search(portal.get(reverse(f"portal:{name}")).content.decode()), name
    assert escape("Brauer & Söhne") in portal.get(reverse("portal:company")).content.decode()
