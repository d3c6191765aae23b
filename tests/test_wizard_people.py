"""The contacts and documents steps of the wizard (S13, SD3)."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from contacts.models import Contact
from intake.models import DraftFile
from tests.doors import fresh_brakes  # noqa: F401
from tests.wizarding import START, identification, paper, two_contacts

pytestmark = pytest.mark.usefixtures("wizard_lists")


def test_rows_of_contacts_come_and_go_with_what_is_typed(walk):
    walk.start()
    walk.next("type", company_type=walk.world.gmbh.pk, category=walk.world.small.pk)
    walk.next("identification", **identification(walk.world))
    walk.next("address")
    walk.post("contacts", **two_contacts() | {"add_row": "1"})
    page = walk.browser.get(walk.url("contacts"))
    assert page.text.count('type="radio"') == 3
    assert 'value="Krämer"' in page.text
    walk.post("contacts", **two_contacts() | {"contacts": "3", "remove_row": "0"})
    kept = walk.draft.answers["contacts"]
    assert kept["contact0-last_name"] == ["Ott"]
    assert (kept["contacts"], kept["primary"]) == (["2"], ["0"])
    walk.next("contacts", **{"contacts": "2", "primary": "1"})
    assert walk.made().contacts.count() == 0


def test_more_rows_and_more_drafts_ask_the_database_no_more(walk):
    walk.start()
    walk.next("type", company_type=walk.world.gmbh.pk, category=walk.world.small.pk)
    walk.next("identification", **identification(walk.world))
    walk.next("address")
    walk.browser.get(walk.url("contacts"))
    with CaptureQueriesContext(connection) as few:
        walk.browser.get(walk.url("contacts"))
        walk.browser.get(START)
    walk.post("contacts", contacts="18", add_row="1")
    pk = walk.pk
    for _n in range(8):
        walk.start()
    with CaptureQueriesContext(connection) as many:
        assert walk.browser.get(f"{START}{pk}/contacts/").text.count('type="radio"') == 19
        assert walk.browser.get(START).text.count(">Resume<") == 9
    assert len(many) <= len(few)


def test_enter_in_a_field_means_next_and_never_removes_anything(walk):
    """A browser presses the first button of the form."""
    walk.fill()
    walk.post("contacts", **two_contacts() | {"add_row": "1"})
    for step in ("type", "identification", "address", "contacts", "documents"):
        form = walk.browser.get(walk.url(step)).text.split('id="step"')[1]
        first = form.split("<button")[1].split(">")[0]
        assert "name=" not in first, step


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"contact0-last_name": ""}, "Enter the last name of the person."),
        ({"contact0-email": "ada@"}, "no complete e-mail address"),
        ({"contact1-email": ""}, "Enter the e-mail address to which the invitation goes."),
        ({"contact0-phone": "abc"}, "is no phone number"),
        (
            {"contact1-last_name": "Krämer", "contact1-first_name": "ADA", "contact1-email": "Ada@Brauer.example"},
            "Contact 1 is the same person",
        ),
        ({"contact0-email": "BEN@brauer.example", "contact0-portal": "on"}, "Contact 1 is to sign in with this address"),
    ],
)
def test_what_is_wrong_with_a_contact_is_said_at_its_row(walk, changed, said):
    walk.start()
    walk.next("type", company_type=walk.world.gmbh.pk, category=walk.world.small.pk)
    walk.next("identification", **identification(walk.world))
    walk.next("address")
    answer = walk.post("contacts", **two_contacts() | changed)
    assert answer.status_code == 422
    assert said in answer.text.replace("&quot;", '"')
    assert "There is a problem" in answer.text
    assert not Contact.objects.exists()


def test_a_document_is_uploaded_replaced_removed_or_comes_later(walk, settings, django_capture_on_commit_callbacks):
    """SD3."""
    walk.fill()
    assert walk.browser.get(walk.url("documents")).text.count("licence.pdf") == 1
    with django_capture_on_commit_callbacks(execute=True):
        walk.post("documents", remove_file="Trade licence")
    assert not DraftFile.objects.exists()
    assert [path for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()] == []
    answer = walk.post("documents")
    assert answer.status_code == 422
    assert "Choose the file of “Trade licence”, or tick that it comes later." in answer.text
    assert walk.finish().headers["Location"] == walk.url("documents")
    walk.next("documents", later="Trade licence")
    assert "Comes later" in walk.browser.get(walk.url("review")).text
    assert walk.made().documents.count() == 0


@pytest.mark.parametrize("name", ["../../etc/passwd", "a\u202efdp.exe", "<b>.pdf", "x" * 400 + ".pdf", "CON"])
def test_a_hostile_file_name_is_only_ever_a_name(walk, settings, name):
    """Trial V24."""
    walk.start()
    walk.next("type", company_type=walk.world.plain.pk, category=walk.world.key_account.pk)
    walk.next("identification", **identification(walk.world))
    walk.next("documents", document0=paper(name))
    stored = [path for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()]
    assert [path.parent for path in stored] == [settings.MEDIA_ROOT / "documents"]
    assert "<b>.pdf" not in walk.browser.get(walk.url("review")).text
    assert walk.made().documents.count() == 1
