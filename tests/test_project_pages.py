"""The pages of projects: new, look, change, gestures, deliverables, invoices, list, tab of the client, dates (X20, X35, XD9, XD17, J21)."""

import pytest
from django.core import mail
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from clientdesk import outbox
from clientdesk.models import OutgoingMail
from clients.facts import day
from jobs import files
from jobs.models import Document, Job, Project
from jobs.sending import send_to_primary
from tests.test_job_pages import filled
from tests.working import brought


def url(name: str, project: Project) -> str:
    return reverse(f"projects:{name}", args=[project.pk])


def press(browser, name: str, project: Project):
    """Do the gesture `name` as its button would."""
    return browser.post(url(name, project), {"version": Project.objects.get(pk=project.pk).version})


def test_a_project_is_opened_once_without_a_quote(desk, ada):
    address = f"{reverse('projects:add')}?client={ada.client_id}"
    posted = filled(desk.get(address)) | {"name": "Relaunch", "deadline": "2027-03-01T12:00"}
    answer = desk.post(address, posted)
    project = Project.objects.get()
    assert answer.headers["Location"] == project.get_absolute_url()
    assert (project.status, project.contact, project.progress, project.number) == ("open", ada, 0, "P-00001")
    assert desk.post(address, posted).status_code == 422
    assert Project.objects.count() == 1


@pytest.mark.parametrize(
    ("posted", "sentence"),
    [
        ({"progress": "101"}, "less than or equal to 100"),
        ({"starts_on": "2027-04-01", "deadline": "2027-03-01T12:00"}, "The deadline is before the start."),
        ({"name": ""}, "Say in a few words what the project is."),
    ],
)
def test_what_cannot_be_is_refused_in_words(desk, make_project, posted, sentence):
    project = make_project()
    answer = desk.post(url("edit", project), filled(desk.get(url("edit", project))) | posted)
    assert answer.status_code == 422
    assert sentence in answer.text


def test_progress_is_changed_while_it_is_open_and_its_gestures_lead_on(desk, make_project):
    project = make_project()
    desk.post(url("edit", project), filled(desk.get(url("edit", project))) | {"progress": "60"})
    assert "60 %" in desk.get(project.get_absolute_url()).text
    press(desk, "close", project)
    project.refresh_from_db()
    assert (project.status, project.progress) == ("closed", 100)
    assert desk.get(url("edit", project)).status_code == 404
    assert desk.post(url("reopen", project), {"version": "1"}).status_code == 409
    press(desk, "reopen", project)
    press(desk, "cancel", project)
    assert Project.objects.get().status == "cancelled"


def test_a_job_is_logged_for_the_project(desk, make_project, make_client):
    project = make_project()
    add = f"{reverse('jobs:add')}?client={project.client_id}&project={project.pk}"
    assert add.replace("&", "&amp;") in desk.get(project.get_absolute_url()).text
    desk.post(add, filled(desk.get(add)) | {"subject": "Draw the pump"})
    assert Job.objects.get().project == project
    assert "Draw the pump" in desk.get(project.get_absolute_url()).text
    other = make_project(client=make_client("Nordlicht"), contact=None)
    refused = desk.post(add, filled(desk.get(add)) | {"subject": "x", "project": other.pk})
    assert refused.status_code == 422


# --- deliverables and invoices --------------------------------------------------------------------
def test_a_released_deliverable_is_told_once_to_the_contact_of_the_project_with_copies(desk, make_project, ada):
    berg = ada.client.contacts.register(ada.client, last_name="Berg", email="berg@brauer.example")
    project = make_project(others=[ada], contact=berg)
    desk.post(url("add_deliverable", project), {"file": SimpleUploadedFile("Manual.pdf", b"%PDF-")})
    document = Document.objects.get()
    assert not document.visible_in_portal
    release = reverse("jobs:release_file", args=[document.pk])
    assert "berg@brauer.example" in desk.get(release).text
    assert desk.post(release).status_code == 303
    again = desk.post(release)
    assert (again.status_code, OutgoingMail.objects.count()) == (422, 1)
    assert "was released already" in again.text
    document.refresh_from_db()
    assert (document.visible_in_portal, document.sent_to) == (True, "berg@brauer.example")
    outbox.send_due()
    [message] = mail.outbox
    assert (message.to, message.cc) == (["berg@brauer.example"], ["ada@brauer.example"])
    # Without a way into the portal the file comes along.
    assert [name for name, _content, _kind in message.attachments] == ["Manual.pdf"]
    assert "Brauer Antriebe GmbH" in message.body


def test_a_deliverable_that_reaches_nobody_is_not_released(desk, make_project, ada):
    document = files.add(make_project(), ContentFile(b"x", "Manual.pdf"), by=None, kind="deliverable")
    type(ada).objects.update(email="")
    answer = desk.post(reverse("jobs:release_file", args=[document.pk]))
    assert answer.status_code == 422
    assert "has no e-mail address" in answer.text
    assert not Document.objects.get().visible_in_portal


@pytest.mark.parametrize("kind", ["project", "closed job"])
def test_an_invoice_goes_to_the_primary_contact_of_that_moment_and_the_address_stays(
    desk, make_project, make_job, tarik, make_staff, ada, kind
):
    berg = ada.client.contacts.register(ada.client, last_name="Berg", email="berg@brauer.example")
    item = make_project(contact=berg) if kind == "project" else brought(make_job(contact=berg), "closed", tarik)
    add = reverse("projects:add_invoice" if kind == "project" else "jobs:add_invoice", args=[item.pk])
    desk.post(add, {"file": SimpleUploadedFile("R-7.pdf", b"%PDF-"), "number": "R-7", "amount": "119.00", "currency": "eur"})
    document = Document.objects.get()
    assert (document.kind, document.number, document.currency, document.visible_in_portal) == ("invoice", "R-7", "EUR", False)
    assert desk.post(reverse("jobs:send_file", args=[document.pk])).status_code == 303
    berg.make_primary()
    outbox.send_due()
    [message] = mail.outbox
    assert message.to == ["ada@brauer.example"]
    assert "€119.00" in message.body
    assert message.attachments[0][0] == "R-7.pdf"
    document.refresh_from_db()
    assert (document.sent_to, document.visible_in_portal) == ("ada@brauer.example", True)
    again = desk.post(reverse("jobs:send_file", args=[document.pk]))
    assert "was sent to ada@brauer.example already" in again.text
    assert OutgoingMail.objects.count() == 1


def test_a_file_is_not_sent_as_what_it_is_not(desk, make_project):
    document = files.add(make_project(), ContentFile(b"x", "Note.txt"), by=None)
    for name in ("jobs:release_file", "jobs:send_file"):
        assert desk.post(reverse(name, args=[document.pk])).status_code == 404


def test_mails_of_projects_name_the_client_by_its_legal_name(make_client, make_project, make_staff):
    """X8, X9."""
    client = make_client("zzinternal", legal_name="Visible Ltd")
    contact = client.contacts.register(client, last_name="Visible", email="bo@visible.example")
    project = make_project(client=client, contact=contact)
    send_to_primary(files.add(project, ContentFile(b"x", "R-1.pdf"), by=None, kind="invoice"), make_staff())
    outbox.send_due()
    [message] = mail.outbox
    assert "Visible Ltd" in message.body
    assert "zzinternal" not in message.body + message.subject + str(message.alternatives)


# --- lists and profiles ---------------------------------------------------------------------------
def test_the_list_shows_views_and_filters_and_its_file_is_the_same(desk, make_project, ada):
    made = (
        make_project("Relaunch", client_reference="PO-7"),
        make_project("Manual", deadline="2020-01-01T12:00+00:00"),
        make_project("Over"),
    )
    made[2].close()
    listed = reverse("projects:list")

    def named(query: str) -> set[str]:
        return {row.item.name for row in desk.get(f"{listed}?{query}").context["rows"]}

    assert named("view=open") == {"Relaunch", "Manual"}
    assert named("view=late") == named("view=all&due=late") == {"Manual"}
    assert named("view=closed") == {"Over"}
    assert named(f"view=all&q=po-7&client={ada.client_id}") == {"Relaunch"}
    file = b"".join(desk.get(f"{reverse('projects:export')}?view=late&format=csv").streaming_content).decode()
    assert file.splitlines()[1].startswith("P-00002,Manual")


def test_client_and_contact_tell_first_and_last_quote_and_project_and_nobody_fills_them_in(desk, make_quote, make_project, ada):
    """X35, XD17."""
    profile, tab = reverse("contacts:detail", args=[ada.pk]), reverse("jobs:client_work", args=[ada.client_id])
    assert [fact.value for fact in desk.get(profile).context["work"]] == [0, None, None, 0, None, None]
    quotes, project = (make_quote("First"), make_quote("Second")), make_project()
    today = day(timezone.localtime(project.created_at))
    edit = reverse("contacts:edit", args=[ada.pk])
    desk.post(edit, filled(desk.get(edit)) | {"position": "", "first_quote": "2001-01-01", "work": "2001-01-01"})
    page = desk.get(profile)
    assert [fact.value for fact in page.context["work"]] == [2, today, today, 1, today, today]
    assert page.text.count("<dt>First quote</dt>") == 1
    page = desk.get(tab)
    assert (page.context["of_quotes"].number, page.context["of_quotes"].last) == (2, quotes[1].created_at)
    assert project.number in page.text
