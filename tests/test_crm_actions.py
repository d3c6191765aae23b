"""CRM actions: laws, verbs, pages, and who sees what (X70, X71, XD19, XD33; domain.md 8.3)."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from clientdesk.rights import Role
from contacts.models import CrmAction
from tests.doors import dump

HOUR = timedelta(hours=1)


def local(moment) -> str:
    return timezone.localtime(moment).strftime("%Y-%m-%dT%H:%M")


@pytest.fixture
def make_action(ada):
    """Return a function that makes an action with Ada, planned for tomorrow unless told otherwise."""

    def make(subject: str = "Call about terms", **fields) -> CrmAction:
        known = {"client": ada.client, "contact": ada, "kind": "call", "due_at": timezone.now() + 24 * HOUR}
        action = CrmAction(subject=subject, **(known | fields))
        action.full_clean()
        action.save()
        return action

    return make


# --- laws -----------------------------------------------------------------------------------------
def test_a_memo_is_created_done(ada):
    memo = CrmAction.objects.create(client=ada.client, kind="memo", subject="Likes tea")
    assert memo.status == "done"
    assert memo.done_at is not None


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"kind": "memo"}, "A memo is never due"),
        ({"due_at": None}, "Enter when it is due"),
        ({"end_at": timezone.now() - 99 * HOUR}, "The end must come after"),
        ({"kind": "call", "due_at": None, "status": "done", "done_at": timezone.now(), "end_at": timezone.now()}, "when it begins"),
    ],
)
def test_an_action_against_the_laws_is_refused_with_a_sentence(make_action, fields, sentence):
    with pytest.raises(ValidationError, match=sentence):
        make_action(**fields)


def test_a_contact_of_another_client_is_refused(make_action, make_client):
    with pytest.raises(ValidationError, match="belongs to another client"):
        make_action(client=make_client("Nordlicht"))


@pytest.mark.parametrize(
    "fields",
    [
        {"due_at": None},
        {"kind": "memo", "status": "done", "done_at": timezone.now()},
        {"end_at": timezone.now()},
        {"status": "done", "done_at": None},
        {"done_at": timezone.now()},
    ],
    ids=["planned without time", "memo with time", "ends before it begins", "done without its time", "planned but done"],
)
def test_the_database_keeps_the_laws_too(make_action, fields):
    action = make_action()
    with pytest.raises(IntegrityError), transaction.atomic():
        CrmAction.objects.filter(pk=action.pk).update(**fields)


# --- verbs ----------------------------------------------------------------------------------------
def test_planned_overdue_today_and_done_are_told_apart(make_action):
    late, later = make_action("Late", due_at=timezone.now() - HOUR), make_action("Later", due_at=timezone.now() + 72 * HOUR)
    done = make_action("Done")
    done.complete()
    assert list(CrmAction.objects.overdue()) == [late]
    assert list(CrmAction.objects.due_today()) == [late]
    assert set(CrmAction.objects.planned()) == {late, later}
    assert list(CrmAction.objects.done()) == [done]
    assert (late.is_overdue, later.is_overdue) == (True, False)


def test_the_gestures_lead_from_planned_to_done_and_back(make_action):
    action = make_action(end_at=timezone.now() + 25 * HOUR, reminder_at=timezone.now() + 23 * HOUR)
    due, end, reminder = action.due_at, action.end_at, action.reminder_at
    action.postpone(due + 48 * HOUR)
    assert (action.due_at, action.end_at, action.reminder_at) == (due + 48 * HOUR, end + 48 * HOUR, reminder + 48 * HOUR)
    assert action.complete()
    assert action.sort_at == action.done_at
    assert not action.complete(), "two people at once is no error"
    with pytest.raises(ValidationError, match="is done and cannot be cancelled"):
        action.cancel()
    with pytest.raises(ValidationError, match="not planned any more"):
        action.postpone(due)
    assert action.reopen()
    assert (action.status, action.done_at, action.sort_at) == ("planned", None, action.due_at)
    assert action.cancel()
    with pytest.raises(ValidationError, match="was cancelled"):
        action.complete()


def test_completing_is_one_post_that_can_be_taken_back(desk, make_action):
    action = make_action()
    page = desk.post(reverse("crm:complete", args=[action.pk]), {"next": "/crm/"}, follow=True)
    action.refresh_from_db()
    assert (action.status, page.redirect_chain[0]) == ("done", ("/crm/", 303))
    assert "“Call about terms” is done." in page.text
    assert f'action="{reverse("crm:reopen", args=[action.pk])}"' in page.text
    again = desk.post(reverse("crm:complete", args=[action.pk]), follow=True)
    assert "was done already" in again.text
    desk.post(reverse("crm:reopen", args=[action.pk]))
    action.refresh_from_db()
    assert action.status == "planned"


def test_postponing_takes_a_later_time_only(desk, make_action):
    action = make_action()
    url = reverse("crm:postpone", args=[action.pk])
    assert 'value="' + local(action.due_at) in desk.get(url).text
    refused = desk.post(url, {"until": "2001-01-01T10:00"})
    assert refused.status_code == 422
    assert "This time has passed" in refused.text
    until = (timezone.localtime() + 240 * HOUR).replace(second=0, microsecond=0)
    assert 'name="next" value="/crm/?view=planned"' in desk.get(f"{url}?next=/crm/%3Fview%3Dplanned").text
    answer = desk.post(url, {"until": local(until), "next": "/crm/?view=planned"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/crm/?view=planned")
    action.refresh_from_db()
    assert action.due_at == until


def test_a_postponement_is_taken_back_with_its_end_and_its_reminder_unless_somebody_chose_another_time(desk, make_action):
    began = timezone.now().replace(microsecond=0) - HOUR
    action = make_action(due_at=began, end_at=began + HOUR / 2, reminder_at=began - HOUR, reminded_at=began - HOUR)
    url = reverse("crm:postpone", args=[action.pk])
    until = (timezone.localtime() + 24 * HOUR).replace(second=0, microsecond=0)
    page = desk.post(url, {"until": local(until)}, follow=True).text
    [back] = [unescape(found) for found in re.findall(r'action="(/crm/\d+/postpone/undo/[^"]+)"', page)]
    assert "is due again when it was" in desk.post(back, follow=True).text
    action.refresh_from_db()
    assert (action.due_at, action.end_at, action.reminder_at) == (began, began + HOUR / 2, began - HOUR)
    assert action.reminded_at, "nobody is reminded a second time"
    desk.post(url, {"until": local(until + HOUR)})
    assert "was changed since it was postponed" in desk.post(back, follow=True).text
    action.refresh_from_db()
    assert action.due_at == until + HOUR
    for nonsense in ("", "x", "2026-13-45T10:00Z", "2026-11-25T10:00"):
        assert desk.post(f"{url}undo/", query_params={"until": nonsense, "former": nonsense}).status_code == 404, nonsense


def test_a_reader_sees_actions_and_changes_none(make_staff, as_user, make_action, ada):
    action, reader = make_action(), as_user(make_staff(Role.READER))
    page = reader.get(reverse("crm:of_contact", args=[ada.pk]))
    assert "Call about terms" in page.text
    assert "Complete" not in page.text
    assert "Add CRM action" not in page.text
    before = dump()
    for name in ("complete", "cancel", "reopen", "postpone", "edit"):
        assert reader.post(reverse(f"crm:{name}", args=[action.pk])).status_code == 403
    assert reader.post(f"{reverse('crm:add')}?client={ada.client_id}", {}).status_code == 403
    assert reader.get(reverse("crm:mail")).status_code == 403
    assert dump() == before


# --- adding ---------------------------------------------------------------------------------------
def test_an_action_is_planned_on_the_contact_and_shows_on_both_tabs_and_on_no_other_client(desk, ada, make_client):
    other = make_client("Nordlicht")
    url = f"{reverse('crm:add')}?contact={ada.pk}"
    assert desk.get(url).context["form"].instance.contact == ada
    due = timezone.localtime() + 48 * HOUR
    sent = {"kind": "call", "contact": ada.pk, "subject": "Ask about the offer", "when": "planned", "due_at": local(due)}
    answer = desk.post(url, sent)
    assert (answer.status_code, answer.headers["Location"]) == (303, reverse("crm:of_contact", args=[ada.pk]))
    action = CrmAction.objects.get()
    assert (action.client, action.contact, action.status, local(action.due_at)) == (ada.client, ada, "planned", local(due))
    assert "Ask about the offer" in desk.get(reverse("crm:of_contact", args=[ada.pk])).text
    page = desk.get(reverse("crm:of_client", args=[ada.client_id])).text
    assert "Ask about the offer" in page
    assert "Ada Krämer" in page
    assert "Ask about the offer" not in desk.get(reverse("crm:of_client", args=[other.pk])).text


@pytest.mark.parametrize(
    ("kind", "when", "status"), [("memo", "planned", "done"), ("call", "done", "done"), ("task", "planned", "planned")]
)
def test_what_was_done_already_is_recorded_as_done(desk, ada, kind, when, status):
    due = "" if status == "done" else local(timezone.now() + HOUR)
    sent = {"kind": kind, "subject": "Spoke about terms", "when": when, "due_at": due}
    assert desk.post(f"{reverse('crm:add')}?client={ada.client_id}", sent).status_code == 303
    assert CrmAction.objects.get().status == status


def test_a_planned_action_without_a_time_is_refused(desk, ada):
    page = desk.post(f"{reverse('crm:add')}?client={ada.client_id}", {"kind": "task", "subject": "x", "when": "planned"})
    assert page.status_code == 422
    assert "Enter when it is due" in page.text


def test_without_a_client_it_is_asked_for_first(desk, ada):
    page = desk.get(f"{reverse('crm:add')}?q=brauer")
    assert "With which client?" in page.text
    assert f'href="?client={ada.client_id}"' in page.text
    assert desk.post(reverse("crm:add"), {"subject": "x"}).status_code == 422


def test_who_may_not_see_the_client_cannot_be_in_charge(ada, make_staff, as_user):
    owner, other = make_staff(Role.DESK, "owner@desk.example"), make_staff(Role.DESK)
    client = ada.client
    client.sales_person, client.restricted_to_responsible = owner, True
    client.save()
    sent = {"kind": "task", "subject": "x", "when": "done", "assigned_to": other.pk}
    page = as_user(owner).post(f"{reverse('crm:add')}?client={client.pk}", sent)
    assert page.status_code == 422
    assert "may not see this client" in page.text


def test_times_are_typed_and_shown_in_the_users_time_zone(make_staff, as_user, ada):
    user = make_staff(Role.DESK, time_zone="Asia/Tokyo")
    browser = as_user(user)
    sent = {"kind": "call", "subject": "Call Tokyo", "when": "planned", "due_at": "2037-03-04T09:30", "assigned_to": user.pk}
    browser.post(f"{reverse('crm:add')}?client={ada.client_id}", sent)
    action = CrmAction.objects.get()
    assert action.due_at.isoformat() == "2037-03-04T00:30:00+00:00"
    assert 'datetime="2037-03-04T09:30:00+09:00"' in browser.get(action.get_absolute_url()).text


# --- my actions -----------------------------------------------------------------------------------
def test_my_actions_are_mine_in_four_tabs_and_everybodys_in_the_last(make_staff, as_user, make_action):
    me, other = make_staff(Role.DESK), make_staff(Role.MANAGER)
    make_action("Overdue one", assigned_to=me, due_at=timezone.now() - 48 * HOUR)
    make_action("Planned one", assigned_to=me, due_at=timezone.now() + 72 * HOUR)
    make_action("Done one", assigned_to=me).complete()
    make_action("Of somebody else", assigned_to=other)
    browser = as_user(me)
    seen = {view: {row.subject for row in browser.get(f"/crm/?view={view}").context["rows"]} for view in ("due", "planned", "done", "mine")}
    assert seen == {
        "due": {"Overdue one"},
        "planned": {"Overdue one", "Planned one"},
        "done": {"Done one"},
        "mine": {"Overdue one", "Planned one", "Done one"},
    }
    assert len(browser.get("/crm/?view=everybody").context["rows"]) == 4
    assert [row.subject for row in browser.get(f"/crm/?view=everybody&person={other.pk}").context["rows"]] == ["Of somebody else"]
    assert browser.get("/crm/?view=everybody&q=nordlicht").context["rows"] == []
    assert browser.get("/crm/?view=everybody&kind=memo").context["rows"] == []
    assert len(browser.get("/crm/?view=everybody&q=brauer&kind=call").context["rows"]) == 4


def test_the_menu_shows_how_many_are_due(make_staff, as_user, make_action):
    me = make_staff(Role.DESK)
    make_action(assigned_to=me, due_at=timezone.now() - HOUR)
    make_action("Later", assigned_to=me, due_at=timezone.now() + 72 * HOUR)
    [entry] = [entry for entry in as_user(me).get("/clients/").context["menu"] if entry.url == "/crm/"]
    assert entry.count == 1


def test_an_action_of_a_restricted_client_is_nobody_elses_business(make_staff, as_user, make_action, ada):
    owner, me = make_staff(Role.DESK, "owner@desk.example"), make_staff(Role.DESK)
    action = make_action(assigned_to=me)
    client = ada.client
    client.sales_person, client.restricted_to_responsible = owner, True
    client.save()
    browser = as_user(me)
    assert browser.get("/crm/?view=everybody").context["rows"] == []
    for name in ("detail", "edit", "postpone", "event"):
        assert browser.get(reverse(f"crm:{name}", args=[action.pk])).status_code == 404
    assert browser.post(reverse("crm:complete", args=[action.pk])).status_code == 404
    assert browser.get(f"/crm/add/?contact={ada.pk}").status_code == 404
    assert as_user(owner).get(action.get_absolute_url()).status_code == 200


def test_the_tab_says_how_many_actions_are_still_to_be_done(desk, ada, make_action):
    assert "CRM" in desk.get(reverse("crm:of_contact", args=[ada.pk])).text
    for subject in ("One", "Two", "Three"):
        make_action(subject)
    make_action("Gone", status="cancelled")
    make_action("Of the client", contact=None)
    tabs = {}
    for name, pk in (
        ("crm:of_contact", ada.pk),
        ("crm:of_client", ada.client_id),
        ("contacts:detail", ada.pk),
        ("clients:detail", ada.client_id),
    ):
        page = desk.get(reverse(name, args=[pk]))
        tabs[name] = {str(tab.label): tab.count for tab in page.context["tabs"]}["CRM"]
    assert tabs == {"crm:of_contact": 3, "crm:of_client": 4, "contacts:detail": 3, "clients:detail": 4}
