"""After a merge was undone, who may not see the one client reads nothing of it at the other, where it once was (XD33)."""

import datetime

import pytest
import time_machine
from django.utils import timezone

from clientdesk.models import Change, Merge, User
from clientdesk.rights import Role
from clients.models import Client
from contacts.models import Contact
from tests.test_merge import merge

SECRETS = ("Zobelgeheim", "Wintermantel", "ZG-4711", "geheim@zobel.example", "Pelzhaus")


@pytest.fixture
def parted(make_client, make_staff, as_user) -> Merge:
    """A restricted client that was merged into Brauer Antriebe ten days ago, which was undone five days ago."""
    owner = make_staff(Role.MANAGER, "owner@desk.example")
    now = timezone.now()
    with time_machine.travel(now - datetime.timedelta(days=20), tick=True):
        brauer = make_client()
        hidden = make_client("Zobelgeheim", legal_name="Pelzhaus KG", number="ZG-4711", email="geheim@zobel.example", notes="Pelzhaus")
        hidden.sales_person, hidden.restricted_to_responsible = owner, True
        hidden.save()
        hidden.contacts.register(hidden, first_name="Walburga", last_name="Wintermantel")
    with time_machine.travel(now - datetime.timedelta(days=10), tick=True):
        assert merge(as_user(owner), brauer, hidden, name="loser", email="loser").status_code == 303
    made = Merge.objects.get()
    with time_machine.travel(now - datetime.timedelta(days=5), tick=True):
        assert as_user(owner).post(f"/clients/merges/{made.pk}/undo/").status_code == 303
    made.refresh_from_db()
    assert made.undone_at
    return made


def pages(made: Merge) -> list[str]:
    """The addresses of the client that stayed which tell of what was."""
    client = f"/clients/{made.winner_id}/"
    days = [timezone.localdate() - datetime.timedelta(days=days) for days in (0, 3, 7, 12)]
    return [client, f"{client}history/", *(f"{client}history/as-of/?on={day}" for day in days)]


def test_a_stranger_reads_nothing_of_the_time_when_both_were_one(parted, manager):
    for address in pages(parted):
        answer = manager.get(address)
        assert answer.status_code == 200, address
        assert [secret for secret in SECRETS if secret in answer.text] == [], address


def test_the_page_of_the_merge_and_its_undo_are_unknown_to_a_stranger(parted, manager):
    assert manager.get(f"/clients/merges/{parted.pk}/").status_code == 404
    assert manager.post(f"/clients/merges/{parted.pk}/undo/").status_code == 404


def test_a_change_of_that_time_is_unknown_to_a_stranger(parted, manager):
    kept = Change.objects.filter(content_type__model="client", object_id=parted.winner_id, changes__has_key="name")
    of_that_time = list(kept.filter(timestamp__gte=parted.merged_at))
    assert len(of_that_time) == 2
    for change in of_that_time:
        assert manager.get(f"/clients/{parted.winner_id}/history/{change.pk}/undo/").status_code == 404


def test_the_one_responsible_reads_all_of_it(parted, as_user):
    """Otherwise the tests above would prove nothing."""
    owner = as_user(User.objects.get(email="owner@desk.example"))
    text = owner.get(f"/clients/{parted.winner_id}/history/").text
    assert "Zobelgeheim" in text
    assert "geheim@zobel.example" in owner.get(pages(parted)[4]).text
    assert owner.get(f"/clients/merges/{parted.pk}/").status_code == 200
    assert Client.objects.count() == 2
    assert Contact.objects.filter(client_id=parted.loser_id).exists()


def test_the_dossier_of_a_person_names_none_that_was_merged_into_it_by_mistake(make_client, manager):
    one, other = (make_client(f"{name} Roth", kind="individual", first_name=name, last_name="Roth") for name in ("Ida", "Xaver"))
    merge(manager, one, other)
    address = f"/clients/{one.pk}/dossier/"
    assert "Merged into this client" in manager.post(address, follow=True).text
    manager.post(f"/clients/merges/{Merge.objects.get().pk}/undo/")
    assert "Merged into this client" not in manager.post(address, follow=True).text


def test_the_history_of_a_person_names_no_client_that_is_not_for_ones_eyes(ada, make_client, make_staff, as_user, manager):
    owner = make_staff(Role.MANAGER, "owner@desk.example")
    hidden = make_client("Zobelgeheim", sales_person=owner, restricted_to_responsible=True)
    assert merge(as_user(owner), hidden, ada.client, restricted_to_responsible="winner").status_code == 303
    assert as_user(owner).post(f"/clients/merges/{Merge.objects.get().pk}/undo/").status_code == 303
    address = f"/contacts/{ada.pk}/history/"
    assert "Zobelgeheim" in as_user(owner).get(address).text
    assert "Zobelgeheim" not in manager.get(address).text
