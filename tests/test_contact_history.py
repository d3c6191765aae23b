"""The history of a contact: the person, its offices, its portal access (issue 3, point 7)."""

from django.urls import reverse

from clientdesk.models import User
from clients.models import Client
from contacts.models import Contact
from portal.models import ContactAccess
from tests.doors import fresh_brakes  # noqa: F401


def page_of(contact: Contact, browser, query: str = ""):
    return browser.get(reverse("contacts:history", args=[contact.pk]) + query)


def test_changes_of_the_person_its_offices_and_its_access_are_told(desk, brauer, ada):
    ada.notes = "<b>Night shift</b>"
    ada.save()
    lisbon = brauer.offices.create(name="Lisbon")
    ada.set_offices([ada.default_office, lisbon])
    ContactAccess.of(ada).invite(by=User.objects.get(email="desk@desk.example"))
    page = page_of(ada, desk)
    told = [entry.headline for entry in page.context["entries"] if entry.headline]
    assert told == ["Portal access set", "Office added: Lisbon", "Office added: Headquarters"]
    assert "&lt;b&gt;Night shift&lt;/b&gt;" in page.text
    assert "added this contact" in page.text
    entry, _creation = page_of(ada, desk, "?field=notes").context["entries"]
    assert [(line.label, line.new) for line in entry.lines] == [("Notes", "<b>Night shift</b>")]


def test_of_a_restricted_client_it_is_unknown(desk, brauer, ada):
    """XD33."""
    Client.objects.filter(pk=brauer.pk).update(restricted_to_responsible=True)
    assert page_of(ada, desk).status_code == 404


def test_an_erased_contact_has_a_history_without_values(make_staff, as_user, ada):
    administrator = as_user(make_staff("administrator"))
    administrator.post(reverse("contacts:erase", args=[ada.pk]), {"typed": "Krämer"})
    page = page_of(Contact.objects.get(pk=ada.pk), administrator)
    assert "erased the personal data" in page.text
    assert "Krämer" not in page.text
