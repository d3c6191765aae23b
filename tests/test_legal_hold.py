"""A legal hold keeps personal data from being erased; reason, author and end of it are kept (issue 3, point 8)."""

import pytest
from django.urls import reverse

from clientdesk.models import LegalHold
from clientdesk.rights import Role
from clients.models import Client
from tests.doors import dump, fresh_brakes  # noqa: F401


@pytest.fixture
def administrator(make_staff, as_user):
    return as_user(make_staff(Role.ADMINISTRATOR))


@pytest.fixture
def ida(make_client) -> Client:
    return make_client("Ida Jansen", kind="individual", first_name="Ida", last_name="Jansen", email="ida@post.example")


def place(browser, record, reason="Lawsuit 7 <b>"):
    return browser.post(reverse(f"{record._meta.app_label}:hold", args=[record.pk]), {"reason": reason})


def erase(browser, record):
    typed = getattr(record, "number", "") or record.last_name
    return browser.post(reverse(f"{record._meta.app_label}:erase", args=[record.pk]), {"typed": typed})


@pytest.mark.parametrize(("held", "erased"), [("client", "client"), ("client", "contact"), ("contact", "client")])
def test_under_a_hold_nothing_is_erased_and_the_reason_is_said(administrator, manager, ida, held, erased):
    records = {"client": ida, "contact": ida.contacts.get()}
    assert place(manager, records[held]).status_code == 303
    before = dump()
    page = erase(administrator, records[erased])
    assert page.status_code == 422
    assert "Lawsuit 7 &lt;b&gt;" in page.text or erased == "contact"
    assert dump() == before


def test_the_hold_of_a_company_covers_its_contacts(administrator, manager, brauer, ada):
    place(manager, brauer)
    page = erase(administrator, ada)
    assert page.status_code == 422
    assert "A legal hold is in place since" in page.text
    assert "Legal hold" in manager.get(reverse("contacts:detail", args=[ada.pk])).text
    shown = manager.get(reverse("contacts:hold", args=[ada.pk])).text
    assert "Lift it there." in shown
    assert manager.post(reverse("contacts:lift_hold", args=[ada.pk])).status_code == 303
    assert LegalHold.objects.filter(lifted_at=None).count() == 1


def test_lifted_it_lets_the_data_go_and_stays_a_fact(administrator, manager, brauer, ada):
    place(manager, ada)
    badge = '<span class="badge warn">Legal hold</span>'
    assert badge in manager.get(reverse("contacts:detail", args=[ada.pk])).text
    assert badge not in manager.get(reverse("clients:detail", args=[brauer.pk])).text
    assert manager.post(reverse("contacts:lift_hold", args=[ada.pk])).status_code == 303
    hold = LegalHold.objects.get()
    assert (str(hold.placed_by), str(hold.lifted_by)) == ("Manager Dahl", "Manager Dahl")
    assert badge not in manager.get(reverse("contacts:detail", args=[ada.pk])).text
    assert erase(administrator, ada).status_code == 303


def test_it_is_placed_once_and_needs_a_reason(manager, brauer):
    assert place(manager, brauer, "   ").status_code == 422
    assert place(manager, brauer).status_code == 303
    again = place(manager, brauer, "Other")
    assert again.status_code == 422
    assert "A legal hold is in place already." in again.text
    assert LegalHold.objects.count() == 1


def test_the_history_tells_of_it(manager, brauer):
    place(manager, brauer)
    manager.post(reverse("clients:lift_hold", args=[brauer.pk]))
    page = manager.get(reverse("clients:history", args=[brauer.pk]))
    told = [entry.headline for entry in page.context["entries"] if entry.headline]
    assert told == ["Legal hold lifted", "Legal hold placed: Lawsuit 7 <b>"]


@pytest.mark.parametrize("role", [Role.READER, Role.DESK])
def test_managers_and_administrators_alone_place_and_lift(role, make_staff, as_user, manager, brauer):
    browser = as_user(make_staff(role))
    assert place(browser, brauer).status_code == 403
    place(manager, brauer)
    assert browser.post(reverse("clients:lift_hold", args=[brauer.pk])).status_code == 403
    assert LegalHold.objects.filter(lifted_at=None).count() == 1
