"""What a contact sees of itself and its company, and what it keeps itself (X48, X65 to X69, XD30; invariant 17; trial E01)."""

from datetime import UTC, datetime

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from clientdesk.models import User
from contacts.models import Contact
from jobs.models import Document, Job, Project, Quote
from portal.rights import Right
from tests.client_forms import sent as typed
from tests.doors import dump, fresh_brakes  # noqa: F401
from tests.portal_people import EVERYTHING, let

LISTS = ("home", "quotes", "projects", "jobs", "files", "colleagues", "company", "report")


def save(portal, page: str, **changes):
    url = reverse(f"portal:{page}")
    return portal.post(url, typed(portal.get(url), **changes))


def test_a_contact_corrects_its_name_and_phones(portal, ada):
    answer = save(portal, "edit_profile", last_name="Lovelace", phone="030 5550142")
    assert answer.headers["Location"] == reverse("portal:profile")
    page = portal.get(reverse("portal:profile")).content.decode()
    assert "Ada Lovelace" in page
    assert "+49 30 5550142" in page
    assert User.objects.get(email=ada.email).full_name == "Ada Lovelace"


def test_a_contact_changes_nothing_else_of_itself(portal, ada, make_client):
    save(
        portal,
        "edit_profile",
        **{"phone": "030 5550142", "email": "x@y.example", "client": make_client("Other").pk, "is_primary": "", "notes": "x", "active": ""},
    )
    found = Contact.objects.get(pk=ada.pk)
    assert (found.email, found.client, found.is_primary, found.active, found.notes) == (ada.email, ada.client, True, True, "")


def test_staff_who_saved_meanwhile_lose_nothing(portal, ada):
    url = reverse("portal:edit_profile")
    posted = typed(portal.get(url), phone="030 5550142")
    Contact.objects.get(pk=ada.pk).save()
    ada = Contact.objects.get(pk=ada.pk)
    ada.last_name = "Changed"
    ada.save()
    before = dump()

    answer = portal.post(url, posted)

    assert answer.status_code == 409
    assert "Somebody saved this meanwhile" in answer.content.decode()
    assert 'href="/clients/' not in answer.content.decode()
    assert dump() == before


def test_the_own_address_takes_the_place_of_the_companys(portal, ada):
    save(portal, "edit_address", use_client_address="", street="Eigene Gasse 1", postal_code="14467", city="Potsdam", country="DE")
    assert "Eigene Gasse 1" in portal.get(reverse("portal:profile")).content.decode()
    assert Contact.objects.get(pk=ada.pk).use_client_address is False


def test_formats_are_previewed_and_then_hold_on_every_page(portal, make_quote, ada):
    quote = make_quote()
    quote.send(ada.email)
    type(quote).objects.update(created_at=datetime(2026, 11, 25, 12, tzinfo=UTC))
    german = {"use_own": "own", "date_format": "DD.MM.YYYY", "numbers": ", .", "currency_display": "code"}
    url = reverse("portal:quotes")
    assert "€171.36" in portal.get(url).content.decode()

    preview = portal.post(reverse("portal:edit_formats"), typed(portal.get(reverse("portal:edit_formats")), preview="1", **german))
    assert "31.12.2026" in preview.content.decode()
    assert "€171.36" in portal.get(url).content.decode()

    save(portal, "edit_formats", **german)
    page = portal.get(url).content.decode()
    assert "25.11.2026" in page
    assert "EUR 171,36" in page or "171,36\xa0EUR" in page or "EUR\xa0171,36" in page


def test_colleagues_are_the_active_people_of_the_own_company(portal, ada, make_client):
    client = ada.client
    client.contacts.register(client, first_name="Dora", last_name="Wolf", email="dora@brauer.example", notes="zznotes")
    gone = client.contacts.register(client, first_name="Gone", last_name="Away", email="gone@brauer.example")
    Contact.objects.filter(pk=gone.pk).update(active=False)
    other = make_client("Other")
    other.contacts.register(other, first_name="Eve", last_name="Foreign", email="eve@foreign.example")
    page = portal.get(reverse("portal:colleagues"))
    assert [str(person) for person in page.context["rows"]] == ["Ada Krämer", "Dora Wolf"]
    assert "zznotes" not in page.content.decode()
    assert [str(one) for one in portal.get(f"{reverse('portal:colleagues')}?q=wolf").context["rows"]] == ["Dora Wolf"]


def test_the_company_page_names_who_of_us_is_responsible(portal, ada, make_staff):
    ada.client.sales_person = make_staff(email="sales@desk.example", last_name="Okafor")
    ada.client.project_manager = make_staff(email="gone@desk.example", last_name="Gone")
    ada.client.save()
    User.objects.filter(email="gone@desk.example").update(is_active=False)
    page = portal.get(reverse("portal:company")).content.decode()
    assert "sales@desk.example" in page
    assert "Sales person" in page
    assert "gone@desk.example" not in page


def test_the_search_finds_what_the_contact_sees_and_may_view(portal, ada, make_client, make_quote, make_project, make_job):
    seen = [make_quote("Pump manual", origin="portal"), make_project("Pump hall"), make_job("Replace the pump")]
    other = make_client("Other")
    eve = other.contacts.register(other, last_name="Foreign", email="eve@foreign.example")
    make_job("Pump of somebody else", client=other, contact=eve)

    def found(text: str) -> list:
        return [item for group in portal.get(reverse("portal:search"), {"q": text}).context["groups"] for item in group.found]

    assert found("pump") == seen
    assert found(seen[1].number) == [seen[1]]
    assert found("") == []
    assert "Nothing has “&lt;b&gt;zebra”" in portal.get(reverse("portal:search"), {"q": "<b>zebra"}).content.decode()
    let(ada, rights=EVERYTHING & ~int(Right.JOBS_VIEW))
    assert found("pump") == seen[:2]


def test_a_contact_wants_no_news_by_mail(portal, ada):
    save(portal, "edit_mails", news=None)
    assert Contact.objects.get(pk=ada.pk).no_crm_emails


def _more(ada: Contact, start: int, end: int) -> None:
    office, client = ada.default_office, ada.client
    head = {"client": client, "office": office, "contact": ada}
    numbers = range(start, end)
    Quote.objects.bulk_create(Quote(number=f"q{n}", name=f"Quote {n}", status="sent", **head) for n in numbers)
    projects = Project.objects.bulk_create(Project(number=f"p{n}", name=f"Project {n}", **head) for n in numbers)
    jobs = Job.objects.bulk_create(Job(number=f"j{n}", subject=f"Job {n}", project=projects[0], **head) for n in numbers)
    Document.objects.bulk_create(Document(job=job, file="x", filename=job.number, visible_in_portal=True) for job in jobs)
    Contact.objects.bulk_create(
        Contact(client=client, default_office=office, last_name=f"Crowd {n}", sort_key=f"crowd {n}") for n in numbers
    )


def test_no_page_asks_the_database_more_often_when_there_is_more_to_show(portal, ada):
    counted: list[dict[str, int]] = []
    for start, end in ((0, 3), (3, 40)):
        _more(ada, start, end)
        keys = {"quote": Quote.objects.first().pk, "project": Project.objects.order_by("pk").first().pk, "job": Job.objects.first().pk}
        urls = [reverse(f"portal:{name}") for name in LISTS] + [reverse(f"portal:{name}", args=[pk]) for name, pk in keys.items()]
        found = {}
        for name, url in zip([*LISTS, *keys], urls, strict=True):
            if not start:
                portal.get(url)
            with CaptureQueriesContext(connection) as queries:
                assert portal.get(url).status_code == 200
            found[name] = len(queries)
        counted.append(found)
    assert counted[0] == counted[1]
    assert max(counted[0].values()) <= 16, counted[0]
