"""Who wanted no CRM e-mails and was erased gets none when the address comes back, though the address is kept nowhere (invariant 14)."""

import pytest
from django.urls import reverse

from clientdesk.models import User
from clientdesk.personal.erasing import erase
from clientdesk.personal.subject import dossier, person
from clients.models import Client
from contacts.crm.mailing import Recipients
from contacts.models import Contact, UnwantedAddress
from tests.client_forms import sent
from tests.doors import dump, fresh_brakes  # noqa: F401 - a fixture
from tests.importing import csv_bytes, imported, rows_of

EMAIL = "zobel@post.example"
BEFORE = "somebody who had this address before wanted none"


def leave(contact: Contact, by: User) -> None:
    """Erase `contact`."""
    erase(person(contact, f"Erased contact {contact.pk}"), by)


@pytest.fixture
def gone(ada, make_staff) -> Client:
    """The client of somebody with the address EMAIL who wanted no CRM e-mails and was erased, and whom Ada outlives."""
    contact = ada.client.contacts.register(ada.client, first_name="Wilma", last_name="Zobel", email=EMAIL, no_crm_emails=True)
    leave(contact, make_staff(email="eraser@desk.example"))
    return ada.client


def by_form(client: Client, desk) -> None:
    page = desk.post(f"/clients/{client.pk}/contacts/add/", {"last_name": "Zobel", "email": EMAIL}, follow=True)
    assert f"Zobel gets no CRM e-mails: {BEFORE}." in page.text


def by_import(client: Client, desk) -> None:
    rows = [{"client_name": client.name, "last_name": name, "email": email} for name, email in (("Zobel", EMAIL.upper()), ("Lang", ""))]
    assert imported(csv_bytes(rows, kind="contact"), kind="contact").counts["created"] == 2
    assert not Contact.objects.get(last_name="Lang").no_crm_emails


def by_hand(client: Client, desk) -> None:
    """As the wizard and the portal do."""
    client.contacts.register(client, last_name="Zobel", email=EMAIL.title())


@pytest.mark.parametrize("add", [by_form, by_import, by_hand])
def test_the_address_begins_without_mails_wherever_it_comes_from(gone, desk, add):
    add(gone, desk)
    contact = Contact.objects.get(last_name="Zobel")
    assert contact.no_crm_emails
    assert f"Yes: {BEFORE}" in desk.get(contact.get_absolute_url()).text


def test_the_address_itself_is_kept_nowhere(gone):
    assert UnwantedAddress.objects.count() == 1
    assert "zobel" not in dump().casefold()


def test_the_dossier_of_whoever_has_the_address_says_that_it_is_remembered(gone, ada):
    def told() -> list:
        return [row for part in dossier(person(ada, "")) if part.key == "unwanted" for row in part.rows]

    assert told() == []
    ada.email = EMAIL
    ada.save()
    assert told() == [[("E-mail", EMAIL)]]


def test_a_mailing_skips_the_address_also_where_a_box_says_otherwise(gone, ada, desk, make_staff):
    """Such as after “Allow CRM e-mails” for many."""
    Contact.objects.filter(pk=ada.pk).update(email=EMAIL)
    [skipped] = Recipients(make_staff(email="writer@desk.example"), [ada.pk]).skipped
    assert skipped.why == "No CRM e-mails to this address: whoever reads it wants none"
    assert "1 skipped" in desk.get(f"{reverse('crm:mail')}?contact={ada.pk}").text


def test_whoever_takes_the_address_later_begins_without_mails(gone, ada, desk):
    page = desk.get(f"/contacts/{ada.pk}/edit/")
    assert desk.post(f"/contacts/{ada.pk}/edit/", sent(page) | {"email": EMAIL}).status_code == 303
    ada.refresh_from_db()
    assert ada.no_crm_emails


@pytest.mark.parametrize("box", [(), ("no_crm_emails",)])
def test_an_import_that_brings_the_address_to_somebody_says_so_and_stops_the_mails_as_the_form_does(gone, ada, box):
    """Whatever its box says, or where it has none; about who has the address already, or gets no mails anyway, nothing is said."""
    for name in ("Lang", "Thies"):
        gone.contacts.register(gone, last_name=name, email=f"{name}@post.example", no_crm_emails=name == "Thies")
    Contact.objects.filter(last_name="Lang").update(email=EMAIL)
    rows = [
        {"client_name": gone.name, "last_name": name, "email": email, "no_crm_emails": box}
        for name, email, box in (("Krämer", EMAIL.capitalize(), "No"), ("Lang", EMAIL, "No"), ("Thies", EMAIL, ""), ("Neu", EMAIL, ""))
    ]
    rows[0]["first_name"] = "Ada"
    keys = ("client_name", "first_name", "last_name", "email", *box)
    run = imported(csv_bytes(rows, keys, kind="contact"), kind="contact", key="name", is_matched=True)
    told = [row.warnings and row.warnings.get("email") for row in rows_of(run)]
    said = "Somebody who had the address “{}” before wanted no CRM e-mails, so this person gets none."
    assert told == [[said.format(EMAIL.capitalize())], None, None, [said.format(EMAIL)]]
    found = {contact.last_name: (contact.email, contact.no_crm_emails) for contact in Contact.objects.filter(erased_at=None)}
    assert found == {"Krämer": (EMAIL.capitalize(), True), "Lang": (EMAIL, False), "Thies": (EMAIL, True), "Neu": (EMAIL, True)}


@pytest.mark.parametrize("box", [True, False])
def test_unticked_in_the_form_the_address_is_written_to_again(gone, ada, desk, box):
    Contact.objects.filter(pk=ada.pk).update(email=EMAIL, no_crm_emails=box)
    page = desk.get(f"/contacts/{ada.pk}/edit/")
    assert "Untick it only where the person asks for them." in page.text
    assert "Nothing was changed." in desk.post(f"/contacts/{ada.pk}/edit/", sent(page), follow=True).text
    answer = {name: value for name, value in sent(page).items() if name != "no_crm_emails"}
    assert desk.post(f"/contacts/{ada.pk}/edit/", answer).status_code == 303
    ada.refresh_from_db()
    assert not ada.no_crm_emails
    assert "1 message" in desk.get(f"{reverse('crm:mail')}?contact={ada.pk}").context["sentence"]


def test_a_contact_asks_for_them_in_the_portal(portal, ada):
    Contact.objects.filter(pk=ada.pk).update(no_crm_emails=True)
    UnwantedAddress.objects.keep(ada.email)
    page = portal.get(reverse("portal:edit_mails"))
    assert portal.post(reverse("portal:edit_mails"), sent(page) | {"news": "on"}).status_code == 303
    assert not UnwantedAddress.objects.exists()


@pytest.mark.parametrize(("client_says_no", "kept"), [(True, 1), (False, 0)])
def test_an_individual_is_the_client_whose_wish_it_is(make_client, make_staff, client_says_no, kept):
    client = make_client("Zobel", kind="individual", last_name="Zobel", email=EMAIL, no_crm_emails=client_says_no)
    erase(person(client, "Erased client"), make_staff())
    assert UnwantedAddress.objects.count() == kept
