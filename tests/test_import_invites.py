"""An import invites only when asked to, after its commit, each person exactly once (trial D21); and what else trial D asks of an import."""

import pytest
from django.urls import reverse

from clientdesk import work
from clientdesk.models import LongRun, OutgoingMail, User
from clientdesk.rights import Role
from clients.models import Client
from contacts.models import Contact
from intake import applying, inviting
from portal.models import ContactAccess
from tests.importing import csv_bytes, imported, planned, work_off, world
from tests.test_import_tree import ROWS, sheet

KEYS = ("client_name", "first_name", "last_name", "email")
INVITATION = "contact_invitation"


def people(*emails: str) -> bytes:
    rows = [
        {"client_name": "Brauer Antriebe", "first_name": "P", "last_name": f"Person {place}", "email": email}
        for place, email in enumerate(emails)
    ]
    return csv_bytes(rows, KEYS, kind="contact")


@pytest.fixture
def boss(make_staff):
    return make_staff(Role.MANAGER)


def invitations() -> list[int]:
    return sorted(mail.about["contact"] for mail in OutgoingMail.objects.filter(kind=INVITATION))


def test_no_import_invites_unless_it_is_asked_to(brauer, boss):
    run = planned(people("a@brauer.example", "b@brauer.example"), by=boss, kind="contact")
    assert applying.start(run.pk, boss)
    work_off()
    assert Contact.objects.count() == 2
    assert OutgoingMail.objects.count() == 0
    assert not ContactAccess.objects.exists()


def test_whom_an_import_brings_is_invited_once_each_after_its_end(brauer, boss, monkeypatch):
    monkeypatch.setattr(inviting, "CHUNK", 2)
    run = planned(people("a@brauer.example", "b@brauer.example", "", "c@brauer.example"), by=boss, kind="contact")
    assert OutgoingMail.objects.count() == 0
    assert applying.start(run.pk, boss, invites=True)
    while not LongRun.objects.filter(kind="import_invite").exists():
        assert OutgoingMail.objects.count() == 0
        assert work.advance_due("test")
    run.refresh_from_db()
    assert run.state == "done"
    work_off()
    run.refresh_from_db()
    invited = sorted(Contact.objects.exclude(email="").values_list("pk", flat=True))
    assert invitations() == invited
    assert (run.matches["invited"]["sent"], run.matches["invited"]["refused"]) == (3, [[4, "No e-mail"]])
    again = planned(people("a@brauer.example", "b@brauer.example", "", "d@brauer.example"), by=boss, kind="contact")
    assert applying.start(again.pk, boss, invites=True)
    work_off()
    again.refresh_from_db()
    assert (again.matches["invited"]["sent"], len(invitations())) == (1, 4)


def test_the_people_of_a_tree_are_invited_too_once_each(headquarters, boss, monkeypatch):
    monkeypatch.setattr(inviting, "CHUNK", 2)
    run = planned(sheet(ROWS), by=boss, kind="tree")
    assert applying.start(run.pk, boss, invites=True)
    work_off()
    run.refresh_from_db()
    assert invitations() == sorted(Contact.objects.exclude(email="").values_list("pk", flat=True))
    refused = sorted(Contact.objects.filter(email="").values_list("last_name", flat=True))
    assert sorted(label.split()[-1] for label, _reason in run.matches["invited"]["refused"]) == refused
    assert {reason for _label, reason in run.matches["invited"]["refused"]} == {"No e-mail"}


def test_persons_who_are_clients_are_invited(headquarters, boss):
    rows = [{"first_name": "Mia", "last_name": f"Person {place}", "email": f"m{place}@x.example"} for place in range(3)]
    content = csv_bytes(rows, ("first_name", "last_name", "email"), kind="individual")
    run = planned(content, by=boss, kind="individual")
    assert applying.start(run.pk, boss, invites=True)
    work_off()
    assert invitations() == sorted(Contact.objects.values_list("pk", flat=True))


def test_a_worker_that_dies_between_invitations_sends_none_twice(brauer, boss, monkeypatch):
    monkeypatch.setattr(inviting, "CHUNK", 2)
    run = planned(people(*(f"p{place}@brauer.example" for place in range(5))), by=boss, kind="contact")
    assert applying.start(run.pk, boss, invites=True)
    while not LongRun.objects.filter(kind="import_invite").exists():
        work.advance_due("test")
    real, calls = ContactAccess.invite, []

    def dies_at_the_fourth(access: ContactAccess, by) -> object:
        calls.append(access)
        if len(calls) == 4:
            raise OSError("gone")
        return real(access, by)

    monkeypatch.setattr(ContactAccess, "invite", dies_at_the_fourth)
    while LongRun.objects.due().exists():
        work.advance_due("test")
    assert len(invitations()) == 2
    LongRun.objects.open().update(next_try_at="2000-01-01T00:00Z", claimed_until=None)
    work_off()
    assert invitations() == sorted(Contact.objects.values_list("pk", flat=True))


def test_the_choice_is_offered_where_a_file_brings_people_and_its_result_is_told(client, brauer, boss):
    client.force_login(boss)
    companies = planned(csv_bytes([{"name": "A", "legal_name": "x"}], ("name", "legal_name")), by=boss)
    assert 'name="invites"' not in client.get(reverse("intake:mode", args=[companies.pk])).text
    run = planned(people("a@brauer.example", ""), by=boss, kind="contact")
    assert 'name="invites"' in client.get(reverse("intake:mode", args=[run.pk])).text
    client.post(reverse("intake:start", args=[run.pk]), {"mode": "create", "invites": "on"})
    work_off()
    page = client.get(reverse("intake:result", args=[run.pk])).text
    assert "1 invitation was queued." in page
    assert "Row 3: No e-mail" in page


def test_no_column_of_a_file_gives_a_right(brauer, boss):
    """Trial B09: there is none that an import knows, whatever the file calls it; what else the row says is imported."""
    headers = ("Staff role", "is_staff", "Access level", "Portal rights", "Client portal access allowed", "May decide quotes", "Password")
    row = {"client_name": "Brauer Antriebe", "first_name": "P", "last_name": "Evil", "email": "evil@brauer.example"} | dict.fromkeys(
        headers, "administrator"
    )
    content = csv_bytes([row], KEYS, more={header: header for header in headers}, kind="contact")
    users = [*User.objects.values()]

    run = imported(content, by=boss, kind="contact")

    assert run.figures["created"] == 1
    assert [*User.objects.values()] == users
    assert not ContactAccess.objects.exists()


def test_one_wrong_row_of_five_thousand_all_or_nothing(client, headquarters, boss):
    """Trial D05: nothing is saved; row, column, value and reason are named; what to correct is offered as a file."""
    client.force_login(boss)
    rows = [{"name": f"Client {place}", "legal_name": "x", "country": "DE"} for place in range(5_000)]
    rows[3_210]["country"] = "Atlantis"
    before = world()
    run = planned(csv_bytes(rows, ("name", "legal_name", "country")), by=boss)
    answer = client.post(reverse("intake:start", args=[run.pk]), {"mode": "upsert", "skip_errors": "no"})
    assert (answer.status_code, "1 row has an error" in answer.text) == (422, True)
    work_off()
    assert world() == before
    review = client.get(reverse("intake:review", args=[run.pk])).text
    assert 'id="row-3212"' in client.get(reverse("intake:review", args=[run.pk]) + "?show=errors").text
    assert "“Atlantis” is no country" in client.get(reverse("intake:review", args=[run.pk]) + "?show=errors").text
    assert reverse("intake:errors", args=[run.pk]) in review


def test_start_in_the_first_tab_imports_the_first_file_whatever_was_sent_meanwhile(client, headquarters, boss):
    """Trial D17."""
    client.force_login(boss)
    first = planned(csv_bytes([{"name": "First", "legal_name": "x"}], ("name", "legal_name")), "first.csv", by=boss)
    second = planned(csv_bytes([{"name": "Second", "legal_name": "x"}], ("name", "legal_name")), "second.csv", by=boss)
    client.post(reverse("intake:start", args=[first.pk]), {"mode": "upsert"})
    work_off()
    assert [one.name for one in Client.objects.all()] == ["First"]
    second.refresh_from_db()
    assert second.state == "review"
