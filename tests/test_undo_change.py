"""A single change is taken back where nothing later depends on it (issue 3, point 7)."""

import pytest
from django.contrib.contenttypes.models import ContentType
from django.urls import reverse

from clientdesk import history
from clientdesk.models import Change, LongRun
from clientdesk.rights import Role
from clients.models import Branch, Category, Client, Company, CompanyType
from portal.models import ContactAccess
from tests.client_forms import sent
from tests.doors import dump, fresh_brakes  # noqa: F401


def change(client: Client, **values) -> Change:
    """Change `client` and return the entry."""
    client.refresh_from_db()
    for name, value in values.items():
        setattr(client, name, value)
    client.save()
    return history.changes_of(client)[0]


def undo(browser, client: Client, entry: Change, version: int | None = None):
    """Press Undo on the confirm page, or send a form that was opened at `version`."""
    address = reverse("clients:undo_change", args=[client.pk, entry.pk])
    now = Client.objects.get(pk=client.pk).version
    return browser.post(address, {"version": now if version is None else version})


def told(client: Client):
    return history.entries(history.changes_of(client)[:1], Client)[0]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("legal_name", "Brauer AG"),
        ("notes", "<b>two</b>\nlines"),
        ("phone", "+49305550142"),
        ("country", "PT"),
        ("external_id", "E-1"),
        ("sms_enabled", True),
        ("first_contact_on", "2026-03-01"),
        ("potential_annual_revenue", "12000.50"),
        ("more_emails", [{"address": "a@b.example", "cc": True}]),
        ("status", "potential"),
    ],
)
def test_a_change_is_taken_back_and_that_is_a_change_itself(desk, brauer, field, value):
    before = getattr(Client.objects.get(pk=brauer.pk), field)
    entry = change(brauer, **{field: value})
    version = Client.objects.get(pk=brauer.pk).version

    page = desk.get(reverse("clients:undo_change", args=[brauer.pk, entry.pk]))
    assert "After undo" in page.text
    assert undo(desk, brauer, entry).status_code == 303

    after = Client.objects.get(pk=brauer.pk)
    assert getattr(after, field) == before
    assert after.version == version + 1
    assert told(brauer).took_back == entry.timestamp
    assert told(brauer).who == "Desk Dahl"
    assert "took back the change of" in desk.get(reverse("clients:history", args=[brauer.pk])).text
    assert history.changes_of(brauer).filter(pk=entry.pk).exists()


def test_the_registry_of_companies_follows(desk, brauer):
    entry = change(brauer, legal_name="Brauer AG")
    assert Company.objects.get(client=brauer).registered_name == "Brauer AG"
    undo(desk, brauer, entry)
    assert Company.objects.get(client=brauer).registered_name == "Brauer Antriebe GmbH"


def test_taking_back_can_be_taken_back(desk, brauer):
    undo(desk, brauer, change(brauer, legal_name="Brauer AG"))
    assert undo(desk, brauer, history.changes_of(brauer)[0]).status_code == 303
    assert Client.objects.get(pk=brauer.pk).legal_name == "Brauer AG"


def test_other_fields_changed_since_keep_their_values(desk, brauer):
    entry = change(brauer, legal_name="Brauer AG")
    change(brauer, notes="later")
    assert undo(desk, brauer, entry).status_code == 303
    after = Client.objects.get(pk=brauer.pk)
    assert (after.legal_name, after.notes) == ("Brauer Antriebe GmbH", "later")


def test_of_custom_fields_only_those_of_the_change_go_back(desk, brauer):
    change(brauer, custom={"tier": "Gold", "floor": "3"})
    entry = change(brauer, custom={"tier": "Silver", "floor": "3", "new": "x"})
    change(brauer, custom={"tier": "Silver", "floor": "4", "new": "x"})
    assert undo(desk, brauer, entry).status_code == 303
    assert Client.objects.get(pk=brauer.pk).custom == {"tier": "Gold", "floor": "4"}


def test_a_change_that_a_later_one_touched_is_refused_with_the_later_one(desk, brauer):
    entry = change(brauer, legal_name="Brauer AG")
    later = change(brauer, legal_name="Brauer SE")
    before = dump()
    page = undo(desk, brauer, entry)
    assert page.status_code == 422
    assert "This change cannot be taken back. Legal name was changed again on" in page.text
    assert f"?field=legal_name#change-{later.pk}" in page.text
    assert "Undo change" not in page.text
    assert dump() == before


def test_only_what_can_be_taken_back_offers_undo(desk, brauer, make_staff, as_user):
    first = change(brauer, legal_name="Brauer AG")
    second = change(brauer, legal_name="Brauer SE")
    url = reverse("clients:history", args=[brauer.pk])
    link = reverse("clients:undo_change", args=[brauer.pk, second.pk])
    page = desk.get(url)
    assert {entry.pk for entry in page.context["entries"] if entry.can_be_undone} == {second.pk}
    assert link in page.text
    assert reverse("clients:undo_change", args=[brauer.pk, first.pk]) not in page.text
    assert link not in as_user(make_staff(Role.READER)).get(url).text


def test_the_start_of_a_client_cannot_be_taken_back(desk, brauer):
    page = undo(desk, brauer, history.changes_of(brauer)[0])
    assert page.status_code == 422
    assert "What was added is deactivated, not taken back." in page.text


def test_a_name_that_is_taken_by_now_is_refused_with_a_sentence(desk, brauer, make_client):
    entry = change(brauer, name="Brauer Neu")
    make_client("Brauer Antriebe")
    before = dump()
    page = undo(desk, brauer, entry)
    assert page.status_code == 422
    assert "A client named “Brauer Antriebe” exists already" in page.text
    assert dump() == before


def test_an_entry_of_a_list_that_is_gone_is_refused_with_a_sentence(desk, brauer):
    category = Category.objects.create(name="Pharma")
    change(brauer, category=category)
    entry = change(brauer, category=None)
    category.delete()
    before = dump()
    page = undo(desk, brauer, entry)
    assert page.status_code == 422
    assert dump() == before


def test_a_kind_that_no_longer_fits_is_refused_with_a_sentence(desk, make_client):
    """Invariant 4."""
    client = make_client("Ida Jansen", kind="individual", first_name="Ida", last_name="Jansen")
    entry = change(client, kind="corporate")
    client.contacts.register(client, first_name="Ole", last_name="Berg")
    url = reverse("clients:undo_change", args=[client.pk, entry.pk])
    page = desk.get(url)
    assert "stays in the registry of companies, without a client." in page.text
    page = desk.post(url, sent(page))
    assert page.status_code == 422
    assert "several contact persons" in page.text
    assert Client.objects.get(pk=client.pk).kind == "corporate"


def test_somebody_who_saved_meanwhile_is_not_overwritten(desk, brauer):
    """V31: the confirm page carries the version."""
    entry = change(brauer, legal_name="Brauer AG")
    opened = Client.objects.get(pk=brauer.pk).version
    change(brauer, notes="meanwhile")
    page = undo(desk, brauer, entry, version=opened)
    assert page.status_code == 409
    assert "Somebody saved this client after you opened this page." in page.text
    assert Client.objects.get(pk=brauer.pk).legal_name == "Brauer AG"


def test_pressed_twice_it_is_taken_back_once(desk, brauer):
    """V32."""
    entry = change(brauer, legal_name="Brauer AG")
    version = Client.objects.get(pk=brauer.pk).version
    assert undo(desk, brauer, entry, version).status_code == 303
    count = Change.objects.count()
    assert undo(desk, brauer, entry, version).status_code == 422
    assert Change.objects.count() == count


def test_the_change_of_an_import_is_taken_back_like_any_other(desk, brauer):
    change(brauer, notes="imported")
    run = LongRun.objects.create(kind="import_apply")
    kind = ContentType.objects.get_for_model(Client)
    facts = {"object_pk": str(brauer.pk), "object_repr": "B", "changes": {"notes": ["", "imported"]}}
    entry = Change.objects.create(content_type=kind, object_id=brauer.pk, action=Change.Action.UPDATE, run=run, **facts)
    assert undo(desk, brauer, entry).status_code == 303
    assert Client.objects.get(pk=brauer.pk).notes == ""


def test_who_may_not_change_or_deactivate_may_not_take_it_back(make_staff, as_user, brauer, monkeypatch):
    status, branch = change(brauer, status="inactive"), change(brauer, branch=Branch.objects.create(name="Lisbon", code="LIS"))
    reader = as_user(make_staff(Role.READER))
    before = dump()
    assert undo(reader, brauer, branch).status_code == 403
    monkeypatch.setitem(__import__("clientdesk.rights").rights.ROLES, Role.DESK, frozenset({"view", "change"}))
    page = undo(as_user(make_staff(Role.DESK)), brauer, status)
    assert page.status_code == 403
    assert Client.objects.get(pk=brauer.pk).status == "inactive"
    assert before


def test_a_change_of_another_record_is_unknown_here(desk, brauer, ada, make_client):
    other = make_client("Grünwald Pharma")
    foreign = [change(other, notes="x"), history.changes_of(ada)[0]]
    for entry in foreign:
        assert undo(desk, brauer, entry).status_code == 404
        assert desk.get(reverse("clients:undo_change", args=[brauer.pk, entry.pk])).status_code == 404


def test_who_loses_portal_access_with_it_is_named_before_and_confirmed(desk, brauer, ada):
    """XD11: Undo says beforehand what the form says; whoever was let in after the page was opened is read first."""
    change(brauer, status="potential")
    entry = change(brauer, status="active")
    url = reverse("clients:undo_change", args=[brauer.pk, entry.pk])
    opened = sent(desk.get(url))
    assert "confirmed" not in opened
    ContactAccess.of(ada).invite(None)
    page = desk.post(url, opened)
    assert page.status_code == 422
    for sentence in ("Nothing was taken back yet.", "1 contact loses portal access:", str(ada)):
        assert sentence in page.text
    assert Client.objects.get(pk=brauer.pk).status == "active"
    assert desk.post(url, sent(page)).status_code == 303
    assert Client.objects.get(pk=brauer.pk).status == "potential"


def test_who_would_lock_themselves_out_with_it_is_told_and_lands_in_the_list(desk, brauer, make_staff):
    """XD33."""
    change(brauer, restricted_to_responsible=True, sales_person=make_staff(Role.MANAGER, first_name="Olga", last_name="Ott"))
    entry = change(brauer, restricted_to_responsible=False)
    url = reverse("clients:undo_change", args=[brauer.pk, entry.pk])
    page = desk.get(url)
    assert "You will not see this client any more. These people will:" in page.text
    assert "Olga Ott" in page.text
    page = desk.post(url, sent(page), follow=True)
    assert page.redirect_chain[0] == ("/clients/", 303)
    assert "Only the people responsible for Brauer Antriebe see it now." in page.text


def test_a_category_is_given_back_only_by_who_may_use_it(desk, manager, brauer):
    """SD4, V10: what the form does not offer is not given by Undo."""
    change(brauer, category=Category.objects.create(name="Key accounts", roles=[Role.MANAGER]))
    entry = change(brauer, category=None)
    assert undo(desk, brauer, entry).status_code == 403
    assert Client.objects.get(pk=brauer.pk).category is None
    assert undo(manager, brauer, entry).status_code == 303


def test_a_restricted_client_is_unknown(desk, brauer):
    """XD33."""
    entry = change(brauer, notes="x", restricted_to_responsible=True)
    for name, more in (("history", []), ("as_of", []), ("undo_change", [entry.pk])):
        assert desk.get(reverse(f"clients:{name}", args=[brauer.pk, *more])).status_code == 404
    assert undo(desk, brauer, entry).status_code == 404


def test_a_company_type_is_taken_back_only_by_who_may_change_it(desk, manager, brauer):
    """The form keeps a type once it was chosen from everybody but managers (S10); Undo is no way around that."""
    one, other = (CompanyType.objects.create(name=name) for name in ("Agency", "Direct"))
    change(brauer, company_type=one)
    entry = change(brauer, company_type=other)
    assert undo(desk, brauer, entry).status_code == 403
    assert Client.objects.get(pk=brauer.pk).company_type == other
    assert undo(manager, brauer, entry).status_code == 303
    assert Client.objects.get(pk=brauer.pk).company_type == one
