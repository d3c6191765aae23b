"""A link that was dead once stays dead, also when everything is put back (trial V5, A06)."""

import pytest
from django.test import Client as Browser
from django.urls import reverse

from clientdesk.models import OutgoingMail, User
from clients.models import Client
from contacts.models import Contact
from portal.models import ClientAccess, ContactAccess, Opening
from tests.doors import NEW_PASSWORD, activated, choose, delivered, fresh_brakes, invited, link_path  # noqa: F401


def put(record, **values) -> None:
    """Write `values` as a page would: with a line in the history."""
    record = type(record).objects.get(pk=record.pk)
    for name, value in values.items():
        setattr(record, name, value)
    record.save()


def contact_off_and_on(contact):
    put(contact, active=False)
    put(contact, active=True)


def address_there_and_back(contact):
    put(contact, email="other@brauer.example")
    put(contact, email="ada@brauer.example")


def client_off_and_on(contact):
    put(contact.client, status=Client.Status.INACTIVE)
    put(contact.client, status=Client.Status.ACTIVE)


def client_off_and_allowed_expressly(contact):
    put(contact.client, status=Client.Status.INACTIVE)
    ClientAccess.objects.create(client=contact.client, portal_access=Opening.ALLOWED)


def portal_closed_and_opened(contact):
    access = ClientAccess.objects.create(client=contact.client, portal_access=Opening.DENIED)
    put(access, portal_access=Opening.BY_STATUS)


def withdrawn_and_given_again(contact):
    ContactAccess.objects.get(contact=contact).withdraw()
    put(ContactAccess.objects.get(contact=contact), allowed=True)


THERE_AND_BACK = [
    contact_off_and_on,
    address_there_and_back,
    client_off_and_on,
    client_off_and_allowed_expressly,
    portal_closed_and_opened,
    withdrawn_and_given_again,
]


@pytest.mark.parametrize("shut_and_open", THERE_AND_BACK)
def test_an_invitation_does_not_come_back_to_life(shut_and_open, ada):
    path = invited(ada)
    early = Browser()
    early.get(path)

    shut_and_open(ada)

    assert Browser().get(path).status_code == 410
    assert early.post(reverse("account:set_password"), {"password": NEW_PASSWORD}).status_code == 410
    assert not User.objects.get().has_usable_password()
    assert choose(invited(ada)).status_code == 302


@pytest.mark.parametrize("shut_and_open", THERE_AND_BACK)
def test_a_reset_link_does_not_come_back_to_life(shut_and_open, ada):
    activated(ada)
    ContactAccess.objects.get().send_reset(by=None)
    [message] = delivered()

    shut_and_open(ada)

    assert choose(link_path(message)).status_code in (404, 410)
    assert not User.objects.get().check_password(NEW_PASSWORD)


def test_a_mail_whose_link_died_meanwhile_is_not_sent(ada):
    ContactAccess.of(ada).invite(by=None)
    contact_off_and_on(ada)

    assert delivered() == []
    assert OutgoingMail.objects.get().state == OutgoingMail.State.DROPPED


def notes_written(contact):
    put(contact, notes="Prefers the telephone.", last_name="Krämer-Voss")
    put(contact.client, city="Ulm")


def potential_client_signs(contact):
    """The client's portal was opened expressly while it was only potential."""
    put(contact.client, status=Client.Status.ACTIVE)


@pytest.mark.parametrize("change", [notes_written, potential_client_signs])
def test_a_change_that_shuts_no_door_leaves_the_link_alone(change, ada):
    if change is potential_client_signs:
        put(ada.client, status=Client.Status.POTENTIAL)
        ClientAccess.objects.create(client=ada.client, portal_access=Opening.ALLOWED)
    path = invited(ada)

    change(ada)

    assert choose(path).status_code == 302


def test_an_address_that_was_corrected_before_the_invitation_does_no_harm(ada):
    put(ada, email="wrong@brauer.example")
    put(ada, email="ada@brauer.example")

    assert choose(invited(Contact.objects.get(pk=ada.pk))).status_code == 302
