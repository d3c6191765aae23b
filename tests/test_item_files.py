"""Files of quotes, projects and jobs: taken once, published or not, removed, immutable with a closed job (JD4, XD33, invariant 23)."""

import pytest
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from jobs import files
from jobs.models import Document
from tests.doors import fresh_brakes  # noqa: F401
from tests.working import brought

PDF = b"%PDF-1.7 report"


def upload(name: str = "Report.pdf", content: bytes = PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def test_a_file_is_handed_in_got_published_and_removed(desk, make_job, django_capture_on_commit_callbacks):
    job = make_job()
    add = reverse("jobs:add_file", args=[job.pk])
    assert "Visible in the portal" in desk.get(add).text
    answer = desk.post(add, {"file": upload()})
    assert answer.headers["Location"] == job.get_absolute_url()
    found = Document.objects.get()
    assert (found.item, found.filename, found.size, found.visible_in_portal, found.from_portal) == (job, "Report.pdf", 15, False, False)

    got = desk.get(reverse("jobs:file", args=[found.pk]))
    assert b"".join(got.streaming_content) == PDF
    assert "attachment" in got.headers["Content-Disposition"]

    desk.post(reverse("jobs:publish_file", args=[found.pk]), {"visible": "1"})
    assert Document.objects.get().visible_in_portal
    desk.post(reverse("jobs:publish_file", args=[found.pk]), {"visible": "0"})
    assert not Document.objects.get().visible_in_portal

    with django_capture_on_commit_callbacks(execute=True):
        desk.post(reverse("jobs:remove_file", args=[found.pk]))
    assert not Document.objects.exists()
    assert not default_storage.exists(found.file.name)


def test_the_same_file_twice_is_refused_at_the_field(desk, make_job):
    add = reverse("jobs:add_file", args=[make_job().pk])
    desk.post(add, {"file": upload(), "visible": "on"})
    again = desk.post(add, {"file": upload()})
    assert again.status_code == 422
    assert "“Report.pdf” is here already." in again.text
    assert Document.objects.get().visible_in_portal


@pytest.mark.parametrize(("kind", "taken"), [("file", False), ("docket", False), ("invoice", True)])
def test_a_closed_job_takes_its_invoice_and_nothing_else(make_job, tarik, kind, taken):
    job = brought(make_job(), "closed", tarik)
    if taken:
        files.add(job, upload(), by=tarik, kind=kind)
    else:
        with pytest.raises(ValidationError, match="is closed and its files stay"):
            files.add(job, upload(), by=tarik, kind=kind)
    assert job.documents.count() == taken


def test_what_a_closed_job_has_and_what_a_client_was_sent_stays(make_job, tarik):
    job = make_job()
    own, invoice = files.add(job, upload("a.txt"), by=tarik), files.add(job, upload("b.pdf"), by=tarik, kind="invoice")
    invoice.sent_at = job.created_at
    invoice.save()
    own = Document.objects.get(pk=brought(job, "closed", tarik) and own.pk)
    for document in (own, invoice):
        with pytest.raises(ValidationError, match=r"closed and its files stay|was sent to the client and stays"):
            files.remove(document)
    with pytest.raises(ValidationError, match="closed"):
        files.publish(own, visible=True)
    assert Document.objects.count() == 2


def test_what_is_published_by_an_act_of_its_own_has_no_switch_and_what_came_from_the_client_stays_with_it(make_job, tarik):
    job = make_job()
    theirs = files.add(job, upload("theirs.txt"), by=None, from_portal=True)
    invoice = files.add(job, upload("b.pdf"), by=tarik, kind="invoice", visible=True)
    assert (theirs.visible_in_portal, invoice.visible_in_portal) == (True, False)
    with pytest.raises(ValidationError, match="published by sending it"):
        files.publish(invoice, visible=True)
    with pytest.raises(ValidationError, match="came from the client"):
        files.publish(theirs, visible=False)


def test_there_is_an_end_to_files(make_job, tarik, monkeypatch):
    monkeypatch.setattr(files, "MOST_FILES", 1)
    job = make_job()
    files.add(job, upload("a.txt"), by=tarik)
    with pytest.raises(ValidationError, match="J-00001 has 1 files"):
        files.add(job, upload("b.txt"), by=tarik)


@pytest.mark.parametrize("role", ["reader", "administrator"])
def test_a_file_of_a_restricted_client_is_seen_by_those_responsible_only(make_client, make_staff, make_project, role):
    """XD33; the item that a file does not have must not count as one that everybody sees."""
    owner, stranger = make_staff("desk"), make_staff(role, "stranger@desk.example")
    client = make_client("Zobel", restricted_to_responsible=True, sales_person=owner)
    files.add(make_project(client=client), upload(), by=owner)
    assert Document.objects.visible_to(owner).count() == 1
    assert not Document.objects.visible_to(stranger).exists()


@pytest.mark.parametrize("kind", ["quote", "project", "job"])
def test_what_is_done_with_a_file_stands_in_the_timeline_of_its_item(desk, make_quote, make_project, make_job, kind):
    item = {"quote": make_quote, "project": make_project, "job": make_job}[kind]()
    kept = files.add(item, upload("Plan.pdf"), by=None)
    for shown in (True, False):
        files.publish(kept, shown)
    kept.filename = "Plan B.pdf"
    kept.save()
    files.remove(kept)
    page = desk.get(item.get_absolute_url()).text
    told = (
        "added: Plan",
        "shown in the portal: Plan",
        "taken out of the portal: Plan",
        "renamed: Plan.pdf is Plan B.pdf now",
        "removed: Plan B",
    )
    assert [text for text in told if f"File {text}" not in page] == []


def test_the_client_reads_in_the_timeline_of_a_job_only_of_files_that_it_sees(portal, make_job):
    job = make_job()
    plan, draft, old = (files.add(job, upload(f"{name}.pdf", name.encode()), by=None) for name in ("Plan", "Draft", "Old"))
    own = files.add(job, upload("Photo.jpg"), by=None, from_portal=True)
    for document in (plan, draft, old):
        files.publish(document, True)
    files.publish(draft, False)
    files.remove(old)
    steps = portal.get(reverse("portal:job", args=[job.pk])).context["steps"]
    assert [step.words for step in steps if "File" in step.words] == [
        "File removed: Old.pdf",
        "File shown in the portal: Plan.pdf",
        f"File added: {own.filename}",
    ]
