"""No route, no role and no statement changes or deletes the history (trial V36, B11)."""

import json

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.core.serializers.json import DjangoJSONEncoder
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from clientdesk import history
from clientdesk.history import keeping
from clientdesk.models import Change, LongRun, User
from clientdesk.models.history import HistoryStays
from clientdesk.rights import Role
from tests.doors import activated, fresh_brakes, taken_back  # noqa: F401
from tests.test_doors import ACCOUNT, DOORS, PORTAL

# What an address is sent beside its own fields: names of columns of the history, and of what other products accept.
SURPLUS = {
    "id": "1", "pk": "1", "change": "1", "change_pk": "1", "changes": "{}", "actor": "1", "actor_id": "1", "actor_email": "x@x.example",
    "timestamp": "2000-01-01", "action": "delete", "delete": "1", "_method": "DELETE", "undo": "1", "history": "", "object_repr": "x",
    "additional_data": "{}", "erased": "1", "confirm": "yes", "version": "1", "run": "1", "purge": "1",
}  # fmt: skip


def kept() -> dict[int, str]:
    """Return every entry of the history as text, by key."""
    return {row["id"]: json.dumps(row, cls=DjangoJSONEncoder, sort_keys=True) for row in Change.objects.order_by("pk").values()}


# Who may most, and a contact: what every other role may is a part of what the administrator may (test_rights), and the back office is
# shut to contacts (test_doors).
@pytest.mark.parametrize(("role", "doors"), [(Role.ADMINISTRATOR, DOORS), ("contact", PORTAL + ACCOUNT)], ids=["administrator", "contact"])
def test_no_route_alters_an_entry_whoever_asks_and_whatever_is_sent(role, doors, make_staff, as_user, ada, brauer):
    """V36, B11: every address, as every role, by every method, with surplus parameters; what each did is taken back before the next."""
    brauer.notes = "Changed once."
    brauer.save()
    user = User.objects.get(access__contact=ada) if role == "contact" and activated(ada) else make_staff(role)
    before, altered = kept(), []
    for door in doors:
        with taken_back() as writes:
            browser = as_user(user)
            browser.raise_request_exception = False
            for method in ("get", "post"):
                getattr(browser, method)(door.path, SURPLUS)
            for method in ("put", "patch", "delete"):
                getattr(browser, method)(door.path, json.dumps(SURPLUS), content_type="application/json")
            after = kept() if writes else before
            if {pk: after.get(pk) for pk in before} != before:
                altered.append(door.name)
    assert altered == []


@pytest.mark.parametrize(
    "attack",
    [
        lambda: Change.objects.update(object_repr="x"),
        lambda: Change.objects.all().delete(),
        lambda: Change.objects.all()._raw_delete("default"),
        lambda: Change.objects.bulk_update([_other(change) for change in Change.objects.all()], ["object_repr"]),
        lambda: connection.cursor().execute("UPDATE clientdesk_change SET changes = NULL"),
        lambda: connection.cursor().execute("DELETE FROM clientdesk_change"),
    ],
    ids=["update", "delete", "raw delete", "bulk update", "SQL update", "SQL delete"],
)
def test_the_database_refuses_to_change_or_delete_entries(brauer, attack):
    before = kept()
    assert before

    with pytest.raises(IntegrityError, match="history"), transaction.atomic():
        attack()

    assert kept() == before


def _other(change: Change) -> Change:
    change.object_repr = "x"
    return change


def test_an_entry_refuses_to_be_saved_again_or_deleted(brauer):
    change = history.changes_of(brauer)[0]
    for act in (change.save, change.delete):
        with pytest.raises(HistoryStays):
            act()


def test_the_one_key_opens_for_changes_alone_and_for_its_block_alone(brauer):
    change = Change.objects.filter(pk=history.changes_of(brauer)[0].pk)
    with keeping.opened():
        assert change.update(object_repr="Erased") == 1
        with pytest.raises(IntegrityError), transaction.atomic():
            change.delete()
    with pytest.raises(IntegrityError), transaction.atomic():
        change.update(object_repr="x")


@pytest.mark.django_db(transaction=True)
def test_the_key_does_not_outlast_a_transaction_that_failed(brauer):
    with pytest.raises(ZeroDivisionError), transaction.atomic(), keeping.opened():
        raise ZeroDivisionError
    with pytest.raises(IntegrityError), transaction.atomic():
        Change.objects.update(object_repr="x")


@pytest.mark.django_db(transaction=True)
def test_the_history_opens_inside_a_transaction_only():
    with pytest.raises(RuntimeError), keeping.opened():
        pass


def test_entries_outlive_the_client_the_user_and_the_run_that_they_name(desk, brauer, make_client):
    """V36: deletion of a client or user keeps its entries readable."""
    actor = User.objects.get(email="desk@desk.example")
    other = make_client("Grünwald Pharma")
    run = LongRun.objects.create(kind="import_apply")
    kind = ContentType.objects.get_for_model(other)
    told = {"object_pk": str(other.pk), "object_id": other.pk, "object_repr": "G", "changes": {"notes": ["", "x"]}}
    Change.objects.create(content_type=kind, action=1, actor=actor, actor_email=actor.email, **told)
    Change.objects.create(content_type=kind, action=1, run=run, **told)
    before = kept()

    brauer.delete()
    actor.delete()
    run.delete()

    after = kept()
    assert {pk: after[pk] for pk in before} == before
    who = [entry.who for entry in history.entries(history.changes_of(other)[:2], type(other))]
    assert who == ["Import", "desk@desk.example"]
    assert history.entries(history.changes_of(brauer).model.objects.filter(content_type=kind, object_repr="Brauer Antriebe"), type(other))


def test_the_page_of_a_history_whose_author_is_gone_still_opens(manager, as_user, make_staff, brauer):
    gone = make_staff(Role.DESK)
    as_user(gone).post(reverse("clients:deactivate", args=[brauer.pk]))
    gone.delete()

    assert "desk@desk.example" in manager.get(reverse("clients:history", args=[brauer.pk])).text


@pytest.mark.django_db(transaction=True)
def test_the_guard_of_the_history_is_in_place_after_every_migration(db):
    """A later migration that rebuilds the table on SQLite would drop the triggers silently."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT count(*) FROM pg_trigger WHERE tgrelid = 'clientdesk_change'::regclass AND NOT tgisinternal")
            assert cursor.fetchone() == (1,)
        else:
            cursor.execute("SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'clientdesk_change'")
            assert cursor.fetchone() == (2,)
    call_command("makemigrations", "clientdesk", check=True, dry_run=True, verbosity=0)
