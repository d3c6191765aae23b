"""What changes with status or branch of a client is said beforehand (J1, XD11, XD33, JD10, invariant 19, design 5.8)."""

import pytest

from clientdesk import history
from clientdesk.rights import Role
from clients import consequences
from clients.models import Branch, Client
from contacts.models import Contact
from jobs.models import BusinessCalendar
from portal.models import ClientAccess, ContactAccess, Opening
from tests.client_forms import sent


def let_in(contact: Contact) -> ContactAccess:
    """Give `contact` an account with a password."""
    ContactAccess.of(contact).invite(None)
    access = ContactAccess.objects.get(contact=contact)
    access.user.set_password("a long and quiet passphrase")
    access.user.save()
    return access


@pytest.fixture
def four(brauer) -> list[Contact]:
    """Four contacts: one with an account, one invited, one never invited, one deactivated after its invitation."""
    names = ("Inside", "Invited", "Outside", "Away")
    found = [brauer.contacts.register(brauer, first_name="<b>", last_name=name, email=f"{name}@brauer.example") for name in names]
    let_in(found[0])
    for contact in (found[1], found[3]):
        ContactAccess.of(contact).invite(None)
    found[3].active = False
    found[3].save()
    return found


@pytest.mark.parametrize("status", ["inactive", "potential"])
def test_whose_door_would_shut_is_known_beforehand(brauer, four, status):
    assert [contact.last_name for contact in consequences.losing_access([brauer.pk], status)] == ["Inside", "Invited"]
    assert consequences.losing_access([brauer.pk], "active") == []


def test_nobody_loses_what_stays_open_or_was_shut_before(desk, brauer, four):
    ClientAccess.objects.create(client=brauer, portal_access=Opening.ALLOWED)
    assert consequences.losing_access([brauer.pk], "inactive") == []
    page = desk.post(f"/clients/{brauer.pk}/deactivate/", follow=True)
    assert "Its portal stays open" in page.text
    desk.post(f"/clients/{brauer.pk}/restore/")
    ClientAccess.objects.update(portal_access=Opening.DENIED)
    assert consequences.losing_access([brauer.pk], "inactive") == []


def test_deactivating_names_who_loses_access_and_waits(desk, brauer, four):
    page = desk.post(f"/clients/{brauer.pk}/deactivate/")
    assert page.status_code == 200
    assert "2 contacts lose portal access:" in page.text
    assert "&lt;b&gt; Inside" in page.text
    assert "Outside" not in page.text
    brauer.refresh_from_db()
    assert brauer.status == "active"
    page = desk.post(f"/clients/{brauer.pk}/deactivate/", sent(page), follow=True)
    assert "was deactivated" in page.text
    brauer.refresh_from_db()
    assert brauer.status == "inactive"


def test_where_nobody_loses_access_it_is_done_at_once_and_can_be_taken_back(desk, brauer):
    page = desk.post(f"/clients/{brauer.pk}/deactivate/", follow=True)
    assert f'<form method="post" action="/clients/{brauer.pk}/restore/">' in page.text.partition('class="messages"')[2]
    desk.post(f"/clients/{brauer.pk}/restore/")
    brauer.refresh_from_db()
    assert brauer.status == "active"


def test_who_can_enter_again_is_named_before_a_client_comes_back(desk, brauer, four):
    """By the gesture and in the form; a potential client opens no door."""
    Client.objects.filter(pk=brauer.pk).update(status="potential")
    brauer.refresh_from_db()
    brauer.deactivate()
    assert desk.post(f"/clients/{brauer.pk}/restore/").status_code == 303
    url = f"/clients/{brauer.pk}/edit/"
    page = desk.post(url, sent(desk.get(url), status="active"))
    for said in ("2 contacts can enter the portal:", "&lt;b&gt; Inside", "Invited"):
        assert said in page.text
    assert desk.post(url, sent(page)).status_code == 303
    brauer.refresh_from_db()
    brauer.deactivate()
    page = desk.post(f"/clients/{brauer.pk}/restore/")
    assert (page.status_code, "2 contacts can enter the portal:" in page.text) == (200, True)
    assert "was restored" in desk.post(f"/clients/{brauer.pk}/restore/", sent(page), follow=True).text


@pytest.mark.parametrize("form", ["edit/", "identification/edit/"])
def test_a_status_changed_in_a_form_is_confirmed_with_everything_that_was_typed(desk, brauer, four, form):
    url = f"/clients/{brauer.pk}/{form}"
    page = desk.post(url, sent(desk.get(url), status="potential", legal_name="Brauer Neu", notes="Two\nlines"))
    assert "2 contacts lose portal access:" in page.text
    brauer.refresh_from_db()
    assert (brauer.status, brauer.legal_name) == ("active", "Brauer Antriebe GmbH")
    assert desk.post(url, sent(page)).status_code == 303
    brauer.refresh_from_db()
    assert (brauer.status, brauer.legal_name, brauer.notes) == ("potential", "Brauer Neu", "Two\nlines")


def test_who_came_meanwhile_is_named_before_anything_is_saved(desk, brauer, four):
    page = desk.post(f"/clients/{brauer.pk}/deactivate/")
    let_in(four[2])
    page = desk.post(f"/clients/{brauer.pk}/deactivate/", sent(page))
    assert page.status_code == 200
    assert "3 contacts lose portal access:" in page.text
    brauer.refresh_from_db()
    assert brauer.status == "active"


def test_a_forged_confirmation_changes_nothing(desk, brauer, four):
    assert desk.post(f"/clients/{brauer.pk}/deactivate/", {"confirmed": "1"}).status_code == 200
    brauer.refresh_from_db()
    assert brauer.status == "active"


def test_what_was_changed_by_somebody_else_comes_before_any_question(desk, brauer, four):
    url = f"/clients/{brauer.pk}/edit/"
    mine = sent(desk.get(url), status="inactive")
    desk.post(url, sent(desk.get(url), city="Bonn"))
    assert desk.post(url, mine).status_code == 409


def test_without_the_right_the_status_neither_becomes_inactive_nor_leaves_it(make_staff, as_user, brauer, monkeypatch):
    from clientdesk import rights

    reader_who_changes = rights.ROLES | {Role.READER: rights.ROLES[Role.READER] | {rights.Right.CHANGE}}
    monkeypatch.setattr(rights, "ROLES", reader_who_changes)
    page = as_user(make_staff(Role.READER)).get(f"/clients/{brauer.pk}/identification/edit/")
    assert '<option value="inactive"' not in page.text


def test_many_contacts_are_counted_in_a_constant_number_of_statements(brauer, django_assert_max_num_queries):
    for n in range(30):
        ContactAccess.of(brauer.contacts.register(brauer, last_name=f"N{n}", email=f"n{n}@brauer.example")).invite(None)
    with django_assert_max_num_queries(4):
        assert len(consequences.losing_access([brauer.pk], Client.Status.INACTIVE)) == 30


# --- another branch ------------------------------------------------------------------------------
@pytest.fixture
def vienna(headquarters) -> Branch:
    """A branch with business hours, while the headquarters works around the clock."""
    branch = Branch.objects.create(name="Vienna", code="VIE")
    BusinessCalendar.objects.create(branch=branch)
    return branch


RETIMED = "1 running SLA clock is timed anew, by the business hours of Vienna."


def test_how_many_clocks_go_by_other_hours_in_another_branch_is_said_beforehand(desk, brauer, vienna, make_job, promise):
    """JD10: in the form, for many clients at once, and where the change is taken back; a clock of nothing promised is none."""
    make_job()
    clients = Client.objects.filter(pk=brauer.pk)
    assert consequences.of_branch(clients, vienna) == []
    promise(60)
    make_job()
    assert [one.sentence for one in consequences.of_branch(clients, vienna)] == [RETIMED]
    BusinessCalendar.objects.create(branch=brauer.branch)
    assert consequences.of_branch(clients, vienna) == []
    BusinessCalendar.objects.filter(branch=brauer.branch).delete()

    url = f"/clients/{brauer.pk}/edit/"
    page = desk.post(url, sent(desk.get(url), branch=vienna.pk))
    assert RETIMED in page.text
    assert desk.post(url, sent(page)).status_code == 303
    assert Client.objects.get(pk=brauer.pk).branch == vienna
    entry = history.changes_of(brauer)[0]
    assert "by the business hours of Berlin." in desk.get(f"/clients/{brauer.pk}/history/{entry.pk}/undo/").text


def test_for_many_clients_it_is_said_once_the_branch_was_chosen(desk, brauer, vienna, make_job, promise):
    promise(60)
    make_job()
    page = desk.post("/clients/bulk/", {"action": "branch", "pick": brauer.pk, "target": vienna.pk})
    assert (page.status_code, RETIMED in page.text) == (200, True)
    assert Client.objects.get(pk=brauer.pk).branch != vienna
    assert desk.post("/clients/bulk/", sent(page)).status_code == 303
    assert Client.objects.get(pk=brauer.pk).branch == vienna
