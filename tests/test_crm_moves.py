"""Actions go where their client or contact goes; history and dossier tell of them (X70; XD1; issue 3, merging)."""

import pytest
from django.conf import settings
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from clientdesk.history import whole_history_of
from clientdesk.rights import Role
from clients.models import Client
from contacts.crm import optout
from contacts.models import CrmAction
from tests import test_contact_merge as contacts_merging
from tests import test_contact_move as contacts_moving
from tests.test_merge import loser, merge, winner  # noqa: F401
from tests.test_merge_undo import undo


@pytest.fixture
def action(loser) -> CrmAction:  # noqa: F811
    contact = loser.contacts.first()
    return CrmAction.objects.create(client=loser, contact=contact, kind="call", subject="Call back", due_at=timezone.now())


def test_the_actions_of_a_merged_client_are_the_winners_and_come_back_with_the_undo(manager, winner, loser, action):  # noqa: F811
    page = manager.get(reverse("clients:merge", args=[winner.pk, loser.pk]))
    assert ("CRM actions", 1) in {(moved.label, moved.count) for moved in page.context["preview"].moves}
    merge(manager, winner, loser)
    action.refresh_from_db()
    assert (action.client, action.contact.client) == (winner, winner)
    assert "Call back" in manager.get(reverse("crm:of_client", args=[winner.pk])).text
    undo(manager)
    action.refresh_from_db()
    assert action.client_id == action.contact.client_id == loser.pk


def test_the_actions_of_a_merged_contact_are_those_of_the_one_that_stays_until_the_undo(manager, ada):
    twin = ada.client.contacts.register(ada.client, last_name="Kraemer")
    action = CrmAction.objects.create(client=ada.client, contact=twin, kind="memo", subject="Likes tea")
    page = manager.get(f"/contacts/merge/{ada.pk}/{twin.pk}/")
    assert ("CRM actions", 1) in {(moved.label, moved.count) for moved in page.context["preview"].moves}
    contacts_merging.merge(manager, ada, twin)
    action.refresh_from_db()
    assert action.contact == ada
    contacts_merging.undo(manager)
    action.refresh_from_db()
    assert action.contact == twin


def test_the_way_out_of_a_merged_contact_still_stops_what_goes_to_its_address(manager, ada):
    twin = ada.client.contacts.register(ada.client, last_name="Kraemer", email=ada.email)
    way_out = optout.link(twin, twin.email).removeprefix(settings.PUBLIC_BASE_URL)
    contacts_merging.merge(manager, ada, twin)
    Browser().post(way_out, {"List-Unsubscribe": "One-Click"})
    ada.refresh_from_db()
    assert ada.no_crm_emails


def test_who_goes_to_another_client_takes_the_actions_along_until_the_undo(desk, ada, make_client):
    target = make_client("Grünwald Pharma")
    bea = ada.client.contacts.register(ada.client, first_name="Bea", last_name="Brauer")
    action = CrmAction.objects.create(client=ada.client, contact=bea, kind="memo", subject="Likes tea")
    of_client = CrmAction.objects.create(client=ada.client, kind="memo", subject="About the firm")
    said = [one.sentence for one in desk.get(contacts_moving.url(bea, target)).context["consequences"]]
    assert "1 CRM action goes along to Grünwald Pharma." in said
    contacts_moving.move(desk, bea, target)
    action.refresh_from_db()
    of_client.refresh_from_db()
    assert (action.client, action.contact) == (target, bea)
    assert of_client.client == ada.client
    contacts_moving.undo(desk, bea)
    action.refresh_from_db()
    assert action.client == ada.client


def test_the_history_of_the_client_tells_of_an_action(desk, ada):
    action = CrmAction.objects.create(client=ada.client, contact=ada, kind="call", subject="Call back", due_at=timezone.now())
    desk.post(reverse("crm:complete", args=[action.pk]))
    told = [entry.changes for entry in whole_history_of(Client.objects.get(pk=ada.client_id)) if entry.object_id == action.pk]
    assert any("status" in changes for changes in told)
    page = desk.get(reverse("clients:history", args=[ada.client_id])).text
    assert "CRM action" in page
    assert "Call back" in page


def test_the_dossier_of_a_contact_holds_its_actions(make_staff, as_user, ada):
    CrmAction.objects.create(client=ada.client, contact=ada, kind="memo", subject="Likes tea", body="Green tea")
    CrmAction.objects.create(client=ada.client, kind="memo", subject="About the firm")
    url = reverse("contacts:dossier", args=[ada.pk])
    page = as_user(make_staff(Role.ADMINISTRATOR)).post(url, follow=True).text
    assert "Likes tea" in page
    assert "Green tea" in page
    assert "About the firm" not in page
