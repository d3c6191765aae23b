"""Many contacts changed at once (XD34, invariants 3, 4 and 14; design.md S1, 5.8): what is said before, what happens, taken back."""

import pytest
from django.urls import reverse

from clientdesk import work
from clientdesk.models import Change, LongRun
from clientdesk.rights import Role
from contacts.models import Contact, Position
from portal.models import ContactAccess
from tests.client_forms import sent
from tests.doors import activated, fresh_brakes, is_in  # noqa: F401 - a fixture

BULK = "/contacts/bulk/"


@pytest.fixture
def three(ada) -> list[Contact]:
    """Ada, who is primary, and two colleagues."""
    register = ada.client.contacts.register
    client = ada.client
    return [ada, *(register(client, first_name=name, last_name=f"{name}son", email=f"{name}@brauer.example") for name in ("Bea", "Cem"))]


def picks(contacts: list[Contact]) -> dict[str, list[int]]:
    return {"pick": [contact.pk for contact in contacts]}


def change(browser, action: str, contacts: list[Contact], **more):
    return browser.post(BULK, {"action": action, "query": "view=active"} | picks(contacts) | more, follow=True)


def undo(browser):
    return browser.post(reverse("contacts:bulk_undo", args=[LongRun.objects.filter(kind="contacts_bulk").latest("pk").pk]), follow=True)


def said(page) -> str:
    return " ".join(str(message) for message in page.context["messages"])


def state(*names: str) -> list[list]:
    return [list(row) for row in Contact.objects.order_by("pk").values_list(*names)]


def test_a_position_is_set_removed_and_taken_back(desk, three):
    buyer = Position.objects.create(name="Buyer")
    assert said(change(desk, "position", three[:2], target=buyer.pk)) == "2 contacts are “Buyer” now."
    assert state("position__name") == [["Buyer"], ["Buyer"], [None]]
    assert change(desk, "position", three, target="").status_code == 422
    assert said(change(desk, "position", three, remove="on")) == "2 contacts have no position now."
    assert said(undo(desk)) == "2 contacts are as they were before."
    assert state("position__name") == [["Buyer"], ["Buyer"], [None]]


def test_a_position_out_of_use_is_refused(desk, three):
    gone = Position.objects.create(name="Typist", active=False)
    for target in (gone.pk, "9" * 30, "x"):
        assert change(desk, "position", three, target=target).status_code == 422
    assert state("position_id") == [[None]] * 3


def test_crm_e_mails_are_stopped_and_allowed(desk, three):
    """Invariant 14."""
    page = desk.get(BULK, {"action": "crm", "query": ""} | picks(three))
    assert "only where they agreed" in page.text
    assert said(change(desk, "no_crm", three[1:])) == "2 contacts get no CRM e-mails now."
    assert state("no_crm_emails") == [[False], [True], [True]]
    assert said(change(desk, "crm", three)) == "2 contacts may get CRM e-mails now."
    assert said(undo(desk)) == "2 contacts are as they were before."
    assert state("no_crm_emails") == [[False], [True], [True]]


def test_a_primary_contact_with_colleagues_stays_and_is_named(desk, three):
    """Invariant 3."""
    page = desk.get(BULK, {"action": "deactivate", "query": ""} | picks(three[:2]))
    assert "first needs a successor" in page.text
    assert page.context["staying"].names == ["Ada Krämer"]
    assert said(change(desk, "deactivate", three[:2])) == "1 contact was deactivated."
    assert state("active", "is_primary") == [[True, True], [False, False], [True, False]]


def test_all_people_of_a_client_may_go_together_and_come_back_with_their_primary_contact(desk, three):
    assert said(change(desk, "deactivate", three)) == "3 contacts were deactivated."
    assert state("active", "is_primary") == [[False, False]] * 3
    assert said(undo(desk)) == "3 contacts are as they were before."
    assert state("active", "is_primary") == [[True, True], [True, False], [True, False]]


def test_an_undo_names_first_who_can_enter_the_portal_again(desk, three):
    for contact in three[:2]:
        ContactAccess.of(contact).invite(None)
    change(desk, "deactivate", three)
    page = undo(desk)
    said_first = [("2 contacts can enter the portal:", ("Bea Beason", "Ada Krämer"))]
    assert [(one.sentence, one.names) for one in page.context["consequences"]] == said_first
    assert state("active") == [[False]] * 3
    assert said(desk.post(page.wsgi_request.path, sent(page), follow=True)) == "3 contacts are as they were before."
    assert state("active") == [[True]] * 3


def test_undo_leaves_the_primary_contact_of_now_alone(desk, three):
    change(desk, "deactivate", three)
    client = three[0].client
    dan = client.contacts.register(client, first_name="Dan", last_name="Neu")
    assert dan.is_primary
    undo(desk)
    assert state("active", "is_primary") == [[True, False], [True, False], [True, False], [True, True]]


def test_undo_without_the_former_primary_contact_makes_another_one(desk, three):
    change(desk, "deactivate", three)
    three[0].refresh_from_db()
    three[0].notes = "Left the company"
    three[0].save()
    page = undo(desk)
    assert "left as they are: “Ada Krämer”" in said(page)
    assert state("active", "is_primary") == [[False, False], [True, True], [True, False]]


def test_an_individual_stays(desk, make_client):
    ida = make_client("Ida Roth", kind="individual", first_name="Ida", last_name="Roth").contacts.get()
    page = change(desk, "deactivate", [ida])
    assert "Nothing was changed" in said(page)
    ida.refresh_from_db()
    assert ida.active


def test_who_loses_the_portal_is_named_and_is_out_at_the_next_request(desk, three):
    inside = activated(three[1])
    page = desk.get(BULK, {"action": "deactivate", "query": ""} | picks(three))
    assert "1 contact loses portal access:" in page.text
    assert page.context["lost"][1].names == ["Bea Beason"]
    change(desk, "deactivate", three)
    assert not is_in(inside)


def test_the_history_of_contact_and_client_tells_of_it(desk, three):
    change(desk, "deactivate", three[1:])
    run = LongRun.objects.get(kind="contacts_bulk")
    [change_of_bea, _of_cem] = Change.objects.filter(run=run).order_by("pk")
    assert change_of_bea.changes == {"active": [True, False]}
    assert change_of_bea.of_id == three[0].client_id
    assert "Bea Beason" in desk.get(f"/clients/{three[0].client_id}/history/").text
    assert "Desk Dahl" in desk.get(f"/contacts/{three[1].pk}/history/").text


def test_an_open_form_of_one_of_them_is_a_conflict(desk, three):
    change(desk, "no_crm", three)
    form = {"last_name": "New", "email": three[1].email, "version": three[1].version}
    assert desk.post(f"/contacts/{three[1].pk}/edit/", form).status_code == 409


def test_foreign_unknown_and_erased_ones_are_left_out(desk, three, make_client, make_staff):
    hidden = make_client("Zobel", email="x@zobel.example", restricted_to_responsible=True, sales_person=make_staff(Role.READER))
    secret = hidden.contacts.register(hidden, last_name="Geheim")
    Contact.objects.filter(pk=three[2].pk).update(erased_at=three[2].created_at, active=False)
    page = desk.get(BULK, {"action": "no_crm", "query": "", "pick": [three[1].pk, secret.pk, 987654]})
    assert "2 of the selected contacts are not there any more" in page.text
    assert "Geheim" not in page.text
    assert said(change(desk, "no_crm", [three[1], three[2], secret])) == "1 contact gets no CRM e-mails now."
    assert sorted(state("no_crm_emails")) == [[False], [False], [False], [True]]


def test_many_are_deactivated_by_the_worker_in_chunks_and_taken_back(desk, brauer):
    office = brauer.offices.get()
    Contact.objects.bulk_create(
        Contact(client=brauer, default_office=office, last_name=f"N{n:03}", sort_key=f"n{n:03}", is_primary=not n) for n in range(140)
    )
    page = desk.post(BULK, {"action": "deactivate", "query": "view=active", "all": "1"}, follow=True)
    assert page.redirect_chain[0][0].startswith(BULK)
    while work.advance_due("test"):
        pass
    assert not Contact.objects.filter(active=True).exists()
    assert not Contact.objects.filter(is_primary=True).exists()
    page = desk.get(page.redirect_chain[0][0])
    assert "140 contacts were deactivated." in page.text
    undo(desk)
    while work.advance_due("test"):
        pass
    assert Contact.objects.filter(active=True).count() == 140
    assert Contact.objects.get(is_primary=True).last_name == "N000"


@pytest.mark.parametrize("address", [BULK, f"{BULK}?action=deactivate", f"{BULK}?action=explode&pick=1"])
def test_nobody_selected_leads_back_to_the_list(desk, three, address):
    assert desk.get(address).headers["Location"].startswith("/contacts/?")
