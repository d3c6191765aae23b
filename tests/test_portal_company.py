"""What a contact puts right itself: company data, colleagues, a request that nobody took up yet (domain.md 8.4, JD7, CD5)."""

import pytest
from django.test import Client as Browser
from django.urls import reverse

from clientdesk import history
from clientdesk.models import User
from clients.models import Client
from contacts.models import Contact
from jobs.models import Job
from portal.models import ContactAccess
from portal.rights import Right
from tests.client_forms import errors
from tests.client_forms import sent as typed
from tests.doors import delivered, dump, fresh_brakes  # noqa: F401
from tests.portal_people import EVERYTHING, inside, let


@pytest.fixture
def bea(ada) -> Contact:
    """A colleague of Ada."""
    return ada.client.contacts.register(ada.client, first_name="Bea", last_name="Vogt", email="bea@brauer.example")


@pytest.fixture
def pages(ada, bea, make_job) -> dict[str, tuple[str, Right, str]]:
    """Each page: its address, the right that it needs beside that to look, and a field of its form."""
    job = make_job(requested=True)
    return {
        "company": (reverse("portal:edit_company"), Right.COMPANY_EDIT, "city"),
        "colleague": (reverse("portal:edit_colleague", args=[bea.pk]), Right.COLLEAGUES_EDIT, "first_name"),
        "job": (reverse("portal:edit_job", args=[job.pk]), Right.JOBS_EDIT, "subject"),
    }


def save(browser: Browser, url: str, **changes):
    return browser.post(url, typed(browser.get(url), **changes))


@pytest.mark.parametrize("page", ["company", "colleague", "job"])
def test_two_people_at_one_form_lose_nothing(portal, pages, page):
    """Trial E01 in the portal: the second reads both values, and keeps only what it changed."""
    url, _right, field = pages[page]
    opened = portal.get(url)
    assert save(portal, url, **{field: "Theirs"}).status_code == 303
    stale = portal.post(url, typed(opened, **{field: "Mine"}))
    assert stale.status_code == 409
    assert [(row["mine"], row["theirs"]) for row in stale.context["rows"] if row["differs"]] == [("Mine", "Theirs")]
    assert "zzinternal" not in stale.text
    assert portal.post(url, typed(stale)).status_code == 303
    assert typed(portal.get(url))[field] == ["Mine"]


@pytest.mark.parametrize("page", ["company", "colleague", "job"])
def test_without_the_right_there_is_no_way_to_the_form_and_no_form(portal, ada, pages, page):
    url, right, field = pages[page]
    shown = {"company": "portal:company", "colleague": "portal:colleagues"}
    seen_on = reverse(shown[page]) if page in shown else url.removesuffix("edit/")
    assert f'href="{url}"' in portal.get(seen_on).text
    body = typed(portal.get(url), **{field: "Mine"})
    for whose in ("rights", "clients"):
        let(ada, **{whose: EVERYTHING & ~int(right)})
        assert f'href="{url}"' not in portal.get(seen_on).text
        before = dump()
        assert portal.get(url).status_code == portal.post(url, body).status_code == 403
        assert dump() == before


def test_company_data_are_the_clients_told_to_staff_and_named_in_the_history(portal, ada, make_staff):
    Client.objects.update(name="zzinternal", project_manager=make_staff(email="manager@desk.example"))
    answer = save(
        portal, reverse("portal:edit_company"), city="Potsdam", phone="0331 5550142", name="Owned", legal_name="Owned", status="inactive"
    )
    assert answer.headers["Location"] == reverse("portal:company")
    client = Client.objects.get()
    assert (client.city, str(client.phone), client.name, client.legal_name) == (
        "Potsdam",
        "+493315550142",
        "zzinternal",
        "Brauer Antriebe GmbH",
    )
    page = portal.get(reverse("portal:company")).text
    assert "The company data were saved." in page
    assert "zzinternal" not in page
    [mail] = delivered()
    assert mail.to == ["manager@desk.example"]
    assert mail.subject == "Ada Krämer of Brauer Antriebe GmbH changed the company data."
    assert "City, Phone" in mail.body or "Phone, City" in mail.body
    assert "Potsdam" not in mail.body
    assert history.changes_of(client).first().actor == User.objects.get(email=ada.email)


def test_an_address_that_is_there_is_not_taken_away(portal):
    refused = save(portal, reverse("portal:edit_company"), email="")
    assert (refused.status_code, list(errors(refused))) == (422, ["email"])


def test_a_colleague_is_added_once_without_access_and_told_to_staff(portal, ada):
    """J7: nobody comes into the portal because a colleague entered the name."""
    ada.client.branch.email = "berlin@nordwort.example"
    ada.client.branch.save()
    url = reverse("portal:add_colleague")
    body = typed(portal.get(url), first_name="Grace", last_name="Holm", email="grace@brauer.example")
    assert portal.post(url, body | {"is_primary": "on", "department": "1"}).headers["Location"] == reverse("portal:colleagues")
    again = portal.post(url, body)
    assert (again.status_code, errors(again)["last_name"]) == (422, ["“Grace Holm” with this e-mail is among your colleagues already."])
    grace = Contact.objects.get(last_name="Holm")
    assert (grace.client, grace.default_office, grace.is_primary, grace.department) == (ada.client, ada.default_office, False, None)
    assert grace.created_by == User.objects.get(email=ada.email)
    assert not ContactAccess.objects.filter(contact=grace).exists()
    [mail] = delivered()
    assert mail.subject.endswith("added Grace Holm as a contact person.")
    assert grace.get_absolute_url() in mail.body


def test_a_colleague_belongs_to_an_office_that_the_contact_reaches(portal, ada):
    plant, depot = (ada.client.offices.create(name=name, client=ada.client) for name in ("Plant", "Depot"))
    ada.offices.add(plant)
    url = reverse("portal:add_colleague")
    body = {"last_name": "Holm", "email": "grace@brauer.example"}
    assert "default_office" not in portal.get(url).context["form"].fields
    let(ada, level="all_selected_offices")
    assert list(errors(portal.post(url, body | {"default_office": depot.pk}))) == ["default_office"]
    portal.post(url, body | {"default_office": plant.pk})
    assert list(Contact.objects.get(last_name="Holm").offices.all()) == [plant]


def test_an_individual_adds_nobody(make_client):
    """Invariant 4: an individual is one person."""
    client = make_client("Ida Maurer", kind="individual", first_name="Ida", last_name="Maurer")
    ida = client.contacts.get()
    browser = inside(ida)
    assert reverse("portal:add_colleague") not in browser.get(reverse("portal:colleagues")).text
    assert browser.get(reverse("portal:add_colleague")).status_code == 403
    assert browser.post(reverse("portal:add_colleague"), {"last_name": "Holm", "email": "g@brauer.example"}).status_code == 403


def test_the_address_that_a_colleague_signs_in_with_is_its_own(portal, bea):
    url = reverse("portal:edit_colleague", args=[bea.pk])
    save(portal, url, email="b.vogt@brauer.example")
    bea.refresh_from_db()
    assert bea.email == "b.vogt@brauer.example"
    ContactAccess.of(bea).invite(by=None)
    save(portal, url, email="mine@brauer.example", first_name="Beate")
    bea.refresh_from_db()
    assert (bea.email, bea.first_name) == ("b.vogt@brauer.example", "Beate")
    assert User.objects.get(email=bea.email).first_name == "Beate"


def test_only_colleagues_of_now_are_changed(portal, ada, bea, make_client):
    """Invariant 21: oneself, who left, and people of others are as little there as nobody."""
    other = make_client("Other")
    theirs = other.contacts.register(other, last_name="Foreign", email="eve@foreign.example")
    bea.deactivate()
    for pk in (ada.pk, bea.pk, theirs.pk, 987_654):
        url = reverse("portal:edit_colleague", args=[pk])
        assert portal.get(url).status_code == portal.post(url, {"last_name": "Owned"}).status_code == 404


def test_a_request_is_put_right_until_somebody_takes_it_up(portal, ada, make_job, make_staff, promise):
    promise(60, phase="request", priority="urgent")
    boss = make_staff(email="manager@desk.example")
    Client.objects.update(project_manager=boss)
    job = make_job(requested=True)
    url = reverse("portal:edit_job", args=[job.pk])
    body = typed(portal.get(url), subject="Both pumps leak", priority="urgent", status="closed", assignee=boss.pk)
    assert portal.post(url, body).headers["Location"] == reverse("portal:job", args=[job.pk])
    job.refresh_from_db()
    assert (job.subject, job.status, job.assignee) == ("Both pumps leak", "requested", None)
    assert (job.request_due_at - job.requested_at).total_seconds() == 3600
    assert [mail.subject for mail in delivered()] == [f"Ada Krämer of Brauer Antriebe GmbH changed the request {job.number}."]
    assert history.changes_of(job).first().actor == User.objects.get(email=ada.email)

    job.accept(boss)
    late = portal.post(url, body | {"subject": "Too late"}, follow=True)
    assert f"We took up {job.number} already." in late.text
    assert url not in late.text
    assert Job.objects.get().subject == "Both pumps leak"
    assert portal.get(url).status_code == 303


def test_a_request_that_is_not_in_scope_is_not_there_to_be_changed(portal, ada, make_job):
    job = make_job(requested=True, contact=None)
    assert portal.get(reverse("portal:edit_job", args=[job.pk])).status_code == 404
