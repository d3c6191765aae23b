"""The dossier: everything held about one person, as a page and as a file; that it was opened is noted (issue 3, point 8)."""

import json
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from clientdesk.history import keeping
from clientdesk.models import Change
from clientdesk.rights import Role
from clients.models import Client
from contacts.models import Contact
from tests.doors import dump, fresh_brakes  # noqa: F401
from tests.test_erasure import by_form, imported_person, lived


def opened(browser, record) -> str:
    """Press “Open dossier” and return the address it leads to."""
    answer = browser.post(reverse(f"{record._meta.app_label}:dossier", args=[record.pk]))
    assert answer.status_code == 303
    return answer.headers["Location"]


def held(browser, record) -> dict:
    return json.loads(browser.get(opened(browser, record) + "&format=json").content)["held"]


def test_everything_held_is_on_the_page_and_in_the_file(manager, make_client, make_staff, settings):
    client = by_form(make_client)
    lived(client, make_staff, settings)
    url = opened(manager, client)
    page = manager.get(url)
    for text in (
        client.number, "Rabenweg 7", "Nickname", "Krähenbühl.pdf", "ida.alt@post.example", "Portal account", "Rows of imported files",
        "E-mails to this person", "Drafts of the wizard", "Legal holds", "History", "Links to choose a password", "A picture is kept",
        "Offices",
    ):  # fmt: skip
        assert text in page.text or text == "Rows of imported files", text
    answer = manager.get(f"{url}&format=json")
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.headers["Content-Disposition"] == f'attachment; filename="dossier-clients-{client.pk}.json"'
    told = json.loads(answer.content)
    assert told["made_by"] == "Manager Dahl"
    assert set(told["held"]) >= {"client", "contact", "documents", "portal", "links", "mails", "drafts", "holds", "history", "picture"}
    (record,) = told["held"]["client"]["rows"]
    assert (record["Name"], record["Street"], record["Nickname"]) == ("Idalie Krähenbühl", "Rabenweg 7", "Idalie")
    assert {mail["Kind"] for mail in told["held"]["mails"]["rows"]} >= {"contact invitation", "contact reset", "link wanted"}


def test_rows_of_imports_that_carried_the_person_are_named(manager, headquarters, make_staff):
    client, run = imported_person(headquarters, make_staff(Role.MANAGER, email="boss@desk.example"))
    rows = held(manager, client)["imports"]["rows"]
    assert {row["File"] for row in rows} == {run.filename}
    assert any("Idalie Krähenbühl" in row["Cells"] for row in rows)


def test_opening_it_is_noted_and_looking_is_not(manager, ada):
    """Trial V16: a GET changes nothing."""
    url = reverse("contacts:dossier", args=[ada.pk])
    before = dump()
    assert "That you opened it is noted in the history." in manager.get(url).text
    assert dump() == before
    address = opened(manager, ada)
    change = Change.objects.latest("id")
    assert (change.action, change.object_id, change.actor_email) == (Change.Action.ACCESS, ada.pk, "manager@desk.example")
    before = dump()
    assert "ada@brauer.example" in manager.get(address).text
    assert dump() == before


def test_that_it_was_opened_stands_in_the_history_of_the_client(manager, make_client):
    client = by_form(make_client)
    opened(manager, client)
    assert "opened everything held about this person" in manager.get(reverse("clients:history", args=[client.pk])).text


@pytest.mark.parametrize("asked", ["", "0", "x", "99999999999999999999", "٣", "-1"])
def test_without_asking_for_it_nothing_is_shown(manager, ada, asked):
    page = manager.get(reverse("contacts:dossier", args=[ada.pk]), {"asked": asked, "format": "json"})
    assert "Open dossier" in page.text


def test_the_address_is_for_who_asked_for_the_person_asked_for_and_for_an_hour(manager, make_staff, as_user, brauer, ada):
    ole = brauer.contacts.register(brauer, first_name="Ole", last_name="Berg")
    address = opened(manager, ada)
    other = as_user(make_staff(Role.ADMINISTRATOR))
    assert "Open dossier" in other.get(address).text
    assert "Open dossier" in manager.get(address.replace(f"/{ada.pk}/", f"/{ole.pk}/")).text
    with transaction.atomic(), keeping.opened():
        Change.objects.filter(action=Change.Action.ACCESS).update(timestamp=timezone.now() - timedelta(hours=2))
    assert "Open dossier" in manager.get(address).text


def test_a_company_is_not_a_person_and_leads_to_its_contacts(manager, brauer, ada):
    page = manager.get(reverse("clients:dossier", args=[brauer.pk]))
    assert "is a company, not a person" in page.text
    assert reverse("contacts:dossier", args=[ada.pk]) in page.text
    before = dump()
    manager.post(reverse("clients:dossier", args=[brauer.pk]))
    assert dump() == before


@pytest.mark.parametrize("role", [Role.READER, Role.DESK])
def test_managers_and_administrators_alone_open_it(role, make_staff, as_user, ada, manager):
    browser, address = as_user(make_staff(role)), opened(manager, ada)
    assert browser.get(address).status_code == 403
    assert browser.post(reverse("contacts:dossier", args=[ada.pk])).status_code == 403


def test_a_restricted_client_and_its_contacts_are_unknown(manager, brauer, ada):
    """XD33."""
    Client.objects.filter(pk=brauer.pk).update(restricted_to_responsible=True)
    for name in ("dossier", "hold"):
        assert manager.get(reverse(f"clients:{name}", args=[brauer.pk])).status_code == 404
        assert manager.get(reverse(f"contacts:{name}", args=[ada.pk])).status_code == 404
        assert manager.post(reverse(f"contacts:{name}", args=[ada.pk]), {"reason": "x"}).status_code == 404


def test_markup_in_what_is_held_stays_text(manager, brauer):
    contact = brauer.contacts.register(brauer, first_name="<b>Ida", last_name="{{7*7}}", notes="<img src=x>")
    text = manager.get(opened(manager, contact)).text
    assert "&lt;b&gt;Ida" in text
    assert "{{7*7}}" in text
    assert "<img src=x>" not in text


def test_the_menus_offer_it_to_who_may(manager, desk, brauer, ada, make_client):
    person = by_form(make_client)
    for browser, offered in ((manager, True), (desk, False)):
        assert (reverse("clients:dossier", args=[person.pk]) in browser.get(person.get_absolute_url()).text) == offered
        assert (reverse("contacts:dossier", args=[ada.pk]) in browser.get(ada.get_absolute_url()).text) == offered
        page = browser.get(brauer.get_absolute_url()).text
        # A company is no person: it leads to its people (XD1).
        assert ("Personal data of its contact persons" in page) == offered
        assert "Everything held" not in page


def test_the_number_of_queries_does_not_grow_with_the_history(manager, ada):
    def queries() -> int:
        with CaptureQueriesContext(connection) as made:
            assert manager.get(address).status_code == 200
        return len(made)

    address = opened(manager, ada)
    queries()
    before = queries()
    for number in range(25):
        ada.notes = str(number)
        ada.save()
    assert Contact.objects.get(pk=ada.pk).notes == "24"
    assert queries() == before
    assert before < 60
