"""Files in the portal: what is published to whom, taken one by one or all as one archive (8.4, XD29, decision 15)."""

import io
import zipfile

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from django.utils import timezone

from clientdesk import documents
from jobs.dockets import send_docket
from jobs.models import Document
from portal.rights import Right
from tests.doors import fresh_brakes  # noqa: F401
from tests.portal_people import EVERYTHING, inside, let
from tests.working import brought

# Kind of file: the rights of which one lets it be taken.
TAKEN = {
    "file": Right.FILES_DOWNLOAD,
    "docket": Right.FILES_DOWNLOAD,
    "invoice": Right.INVOICES_DOWNLOAD,
    "deliverable": Right.FILES_DOWNLOAD | Right.PROJECTS_DOWNLOAD,
}


@pytest.fixture
def put(db):
    """Return a function that stores a file of an item."""

    def store(item, name: str = "plan.pdf", content: bytes = b"%PDF", **fields) -> Document:
        stored = documents.keep(ContentFile(content, name=name), "jobs")
        known = {"visible_in_portal": True, item._meta.model_name: item}
        if fields.get("kind") == "deliverable":
            known["released_at"] = timezone.now()
        return Document.objects.create(file=stored, filename=name, size=len(content), **(known | fields))

    return store


def url(file: Document) -> str:
    return reverse("portal:download", args=[file.pk])


@pytest.mark.parametrize("kind", TAKEN)
def test_a_file_is_taken_as_a_download_by_who_has_the_right(portal, ada, make_project, put, kind):
    file = put(make_project(), kind=kind)
    answer = portal.get(url(file))
    assert b"".join(answer.streaming_content) == b"%PDF"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="plan.pdf"'

    let(ada, rights=EVERYTHING & ~int(TAKEN[kind]))

    assert portal.get(url(file)).status_code == 403
    page = portal.get(reverse("portal:files")).content.decode()
    assert "plan.pdf" in page
    assert url(file) not in page


def test_a_file_that_is_not_published_is_not_there(portal, make_project, put):
    file = put(make_project(), "zzdraft.pdf", visible_in_portal=False)
    assert portal.get(url(file)).status_code == 404
    for page in (reverse("portal:files"), reverse("portal:project", args=[file.project_id])):
        assert "zzdraft" not in portal.get(page).content.decode()


def test_invoices_and_other_files_each_need_their_own_right_to_be_seen(portal, ada, make_job, put):
    job = make_job()
    plan, invoice = put(job), put(job, "invoice.pdf", kind="invoice")
    for right, seen, hidden in ((Right.FILES_VIEW, plan, invoice), (Right.INVOICES_VIEW, invoice, plan)):
        other = Right.FILES_VIEW | Right.INVOICES_VIEW
        let(ada, rights=EVERYTHING & ~int(other) | int(right))
        assert list(portal.get(reverse("portal:files")).context["rows"]) == [seen]
        assert portal.get(url(hidden)).status_code == 404


def test_everything_that_was_delivered_comes_as_one_archive(portal, ada, make_project, put):
    project = make_project()
    put(project, "plan.pdf", b"first", kind="deliverable")
    put(project, "plan.pdf", b"second" * 100_000, kind="deliverable")
    put(project, "held back.pdf", kind="deliverable", visible_in_portal=False, released_at=None)
    put(project, "source.docx")

    answer = portal.get(reverse("portal:deliverables", args=[project.pk]))

    archive = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))
    assert archive.testzip() is None
    assert {name: archive.read(name) for name in archive.namelist()} == {"plan.pdf": b"first", "plan (2).pdf": b"second" * 100_000}
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{project.number}.zip"'
    let(ada, rights=EVERYTHING & ~int(TAKEN["deliverable"]))
    assert portal.get(reverse("portal:deliverables", args=[project.pk])).status_code == 403


def test_an_archive_of_which_a_file_is_missing_is_refused_before_it_begins(portal, make_project, put):
    file = put(make_project(), kind="deliverable")
    file.file.storage.delete(file.file.name)
    assert portal.get(reverse("portal:deliverables", args=[file.project_id])).status_code == 404


def test_a_docket_is_seen_and_taken_by_who_sees_the_job_and_may_and_by_nobody_else(portal, ada, make_job, tarik):
    """JD5: what was sent for a job lies in the portal, too."""
    job = brought(make_job(), "assigned", tarik)
    file = send_docket(job, tarik)
    page, listed = reverse("portal:job", args=[job.pk]), reverse("portal:files")
    assert b"".join(portal.get(url(file)).streaming_content).startswith(b"%PDF-")
    assert [url(file) in portal.get(address).text for address in (page, listed)] == [True, True]
    other = inside(ada.client.contacts.register(ada.client, first_name="Bo", last_name="Berg", email="bo@brauer.example"))
    assert [other.get(address).status_code for address in (page, url(file))] == [404, 404]
    assert file.filename not in other.get(listed).text
    # By right: who may look only reads its name; who may not see files finds none; who may not see jobs finds none of theirs.
    answers = {Right.FILES_DOWNLOAD: (403, True), Right.FILES_VIEW: (404, False), Right.JOBS_VIEW: (404, False)}
    for right, answer in answers.items():
        let(ada, rights=EVERYTHING & ~int(right))
        assert (portal.get(url(file)).status_code, file.filename in portal.get(listed).text) == answer, right
