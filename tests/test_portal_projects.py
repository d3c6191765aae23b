"""Projects in the portal: found by words, status, start and deadline; one of them with people, reference and jobs (XD29)."""

from datetime import timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from contacts.models import Contact

LIST = "/portal/projects/"


FOUND = {
    "": {"Early", "Late", "Whenever"},
    "?view=closed": {"Over"},
    "?q=po-7": {"Early"},
    "?started=30": {"Late"},
    "?started=365": {"Early", "Late"},
    "?deadline=over": {"Late"},
    "?deadline=30": {"Early"},
    "?deadline=7": set(),
}


def test_projects_are_narrowed_by_words_status_start_and_deadline(portal, make_project):
    now = timezone.now()
    make_project("Early", starts_on=now.date() - timedelta(days=200), deadline=now + timedelta(days=20), client_reference="PO-7")
    make_project("Late", starts_on=now.date() - timedelta(days=5), deadline=now - timedelta(days=1))
    make_project("Whenever")
    make_project("Over").close()
    assert {query: {project.name for project in portal.get(f"{LIST}{query}").context["rows"]} for query in FOUND} == FOUND


def test_a_project_names_its_contact_its_reference_its_days_and_its_jobs(portal, make_project, make_job):
    project = make_project(client_reference="PO-7", deadline="2027-03-01T12:00+01:00", progress=40)
    job = make_job("Draw the pump", project=project)
    make_job("Something else")
    page = portal.get(reverse("portal:project", args=[project.pk])).text
    wanted = ["Ada Krämer", "PO-7", "1 March 2027", "40 % done", reverse("portal:job", args=[job.pk]), "Draw the pump"]
    assert [one for one in wanted if one not in page] == []
    assert "Something else" not in page
    listed = portal.get(LIST).text
    assert [one for one in ("PO-7", "40 % done", "1 March 2027") if one not in listed] == []


def test_page_and_card_name_all_contact_persons_and_the_reference_number(portal, ada, make_client, make_project, django_assert_num_queries):
    berg, elsewhere = (ada.client.contacts.register(ada.client, first_name=name, last_name="Berg<b>") for name in ("Bo", "zzelse"))
    project = make_project(others=[berg, elsewhere], client_reference="PO-7")
    # Who works for another client by now is no name to be read here.
    Contact.objects.filter(pk=elsewhere.pk).update(client=make_client("Other"))
    awaited = make_project("Awaited", others=[berg])
    awaited.close()
    for address in (LIST, reverse("portal:project", args=[project.pk]), reverse("portal:project", args=[awaited.pk])):
        page = portal.get(address).text
        assert "Ada Krämer, Bo Berg&lt;b&gt;" in page, address
        assert "Contact persons" in page
        assert "zzelse" not in page
    assert portal.get(LIST).text.count("Bo Berg") == 2
    with CaptureQueriesContext(connection) as few:
        portal.get(LIST)
    for name in ("Second", "Third"):
        make_project(name, others=[berg])
    with django_assert_num_queries(len(few)):
        assert portal.get(LIST).text.count("Bo Berg") == 4
