"""A contact replaces and withdraws what it handed in itself, as long as the item takes files (area Files of domain.md 8.4)."""

import pytest
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from clientdesk.models import Change, User
from jobs import files
from jobs.models import Document
from portal.rights import Right
from tests.doors import delivered, dump, fresh_brakes  # noqa: F401
from tests.portal_people import EVERYTHING, inside, let

PAGES = ("replace_file", "withdraw_file")


@pytest.fixture
def plan(portal, ada, make_job) -> Document:
    """A file that Ada handed in for a job of hers."""
    by = User.objects.get(email=ada.email)
    return files.add(make_job(), SimpleUploadedFile("plan.pdf", b"first"), by=by, from_portal=True)


def urls(document: Document) -> list[str]:
    return [reverse(f"portal:{name}", args=[document.pk]) for name in PAGES]


def test_an_own_file_is_replaced_and_staff_are_told(portal, ada, plan, django_capture_on_commit_callbacks):
    ada.client.branch.email = "berlin@nordwort.example"
    ada.client.branch.save()
    replace, _withdraw = urls(plan)
    assert replace in portal.get(reverse("portal:job", args=[plan.job_id])).text
    assert portal.post(replace, {}).status_code == 422
    with django_capture_on_commit_callbacks(execute=True):
        answer = portal.post(replace, {"file": SimpleUploadedFile("plan 2.pdf", b"second")})
    assert answer.headers["Location"] == reverse("portal:job", args=[plan.job_id])
    new = Document.objects.get()
    assert (new.filename, new.from_portal, new.visible_in_portal, new.created_by.email) == ("plan 2.pdf", True, True, ada.email)
    assert not default_storage.exists(plan.file.name)
    assert [mail.subject for mail in delivered()] == [f"Ada Krämer of Brauer Antriebe GmbH replaced a file of {plan.job.number}."]
    told = Change.objects.filter(content_type__model="document").order_by("pk").values_list("action", "actor__email")
    assert list(told) == [(0, None), (1, ada.email)]


@pytest.mark.parametrize(("kind", "name"), [("quote", "plan 2.pdf"), ("project", "plan.pdf"), ("job", "plan 2.pdf"), ("job", "plan.pdf")])
def test_staff_and_client_read_in_the_timeline_by_what_a_file_was_replaced(
    desk, portal, ada, make_quote, make_project, make_job, kind, name
):
    item = {"quote": lambda: make_quote(origin="portal"), "project": make_project, "job": make_job}[kind]()
    by = User.objects.get(email=ada.email)
    plan = files.add(item, SimpleUploadedFile("plan.pdf", b"first"), by=by, from_portal=True)
    portal.post(urls(plan)[0], {"file": SimpleUploadedFile(name, b"second")})
    said = "File replaced: " + ("plan.pdf" if name == "plan.pdf" else "plan 2.pdf is there instead of plan.pdf")
    page = desk.get(item.get_absolute_url()).text
    assert said in page
    assert f"{name}</bdi></a>" in page
    assert b"".join(desk.get(reverse("jobs:file", args=[plan.pk])).streaming_content) == b"second"
    if kind == "job":
        assert said in portal.get(reverse("portal:job", args=[item.pk])).text


def test_a_file_that_staff_removed_meanwhile_is_not_replaced(plan):
    files.remove(Document.objects.get())
    with pytest.raises(ValidationError, match="is not there any more"):
        files.replace(plan, SimpleUploadedFile("plan 2.pdf", b"second"), by=None)


def test_the_same_file_does_not_take_its_own_place(portal, plan):
    refused = portal.post(urls(plan)[0], {"file": SimpleUploadedFile("plan.pdf", b"first")})
    assert (refused.status_code, "is here already" in refused.text) == (422, True)
    assert Document.objects.get() == plan


def test_an_own_file_is_withdrawn_after_a_page_that_says_so(portal, plan):
    _replace, withdraw = urls(plan)
    assert "This cannot be taken back." in portal.get(withdraw).text
    assert Document.objects.exists()
    assert "“plan.pdf” was withdrawn." in portal.post(withdraw, follow=True).text
    assert not Document.objects.exists()


def test_only_an_own_file_of_an_item_that_takes_files_is_changed(portal, ada, plan):
    bea = ada.client.contacts.register(ada.client, first_name="Bea", last_name="Vogt", email="bea@brauer.example")
    colleague = inside(bea, level="default_office")
    ours = files.add(plan.job, SimpleUploadedFile("ours.pdf", b"x"), by=None, visible=True)
    assert b"".join(colleague.get(reverse("portal:download", args=[plan.pk])).streaming_content) == b"first"
    page = portal.get(reverse("portal:job", args=[plan.job_id])).text
    assert not [url for url in urls(ours) if url in page]
    before = dump()
    refused = [(portal, url) for url in urls(ours)] + [(colleague, url) for url in urls(plan)]
    assert {browser.get(url).status_code for browser, url in refused} == {404}
    assert {browser.post(url).status_code for browser, url in refused} == {404}
    assert dump() == before

    plan.job.cancel(None)
    assert {portal.get(url).status_code for url in urls(plan)} == {404}
    assert urls(plan)[0] not in portal.get(reverse("portal:job", args=[plan.job_id])).text


def test_without_the_right_nothing_is_offered_and_nothing_taken_back(portal, ada, plan):
    let(ada, rights=EVERYTHING & ~int(Right.FILES_EDIT))
    page = portal.get(reverse("portal:job", args=[plan.job_id])).text
    assert not [url for url in urls(plan) if url in page]
    assert {portal.post(url).status_code for url in urls(plan)} == {403}
    assert Document.objects.get() == plan
