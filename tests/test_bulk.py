"""Many clients changed at once: what is said before, what happens, who may, and that it can be taken back (design.md S1, 5.8)."""

import re

import pytest
from django.urls import reverse

from clientdesk import work
from clientdesk.models import Change, LongRun
from clientdesk.rights import Role
from clientdesk.tables import bulk as machinery
from clients import bulk
from clients.models import Branch, Category, Client
from jobs.models import BusinessCalendar
from portal.models import ContactAccess
from tests.client_forms import sent
from tests.doors import activated, dump

BULK = "/clients/bulk/"


@pytest.fixture
def lisbon(headquarters) -> Branch:
    return Branch.objects.create(name="Lisbon", code="LIS")


@pytest.fixture
def three(make_client) -> list[Client]:
    return [make_client(name) for name in ("Aalto Medical", "Brauer Antriebe", "Cascade Instruments")]


@pytest.fixture
def crowd(headquarters) -> list[Client]:
    """More clients than are changed inside one request."""
    return Client.objects.bulk_create(
        Client(
            number=f"N{n}", name=f"Crowd {n:04}", name_key=f"crowd {n:04}", search_key=f"crowd {n:04}", legal_name="x", branch=headquarters
        )
        for n in range(620)
    )


def picks(clients: list[Client]) -> dict[str, list[int]]:
    return {"pick": [client.pk for client in clients]}


def change(browser, action: str, clients: list[Client], follow: bool = True, **more):
    return browser.post(BULK, {"action": action, "query": "view=all"} | picks(clients) | more, follow=follow)


def undo(browser, follow: bool = True):
    """Press Undo of the last act."""
    return browser.post(reverse("clients:bulk_undo", args=[LongRun.objects.filter(kind=bulk.KIND).latest("pk").pk]), follow=follow)


def said(page) -> str:
    return " ".join(str(message) for message in page.context["messages"])


def work_on() -> None:
    while work.advance_due("test"):
        pass


def test_the_page_before_says_what_will_happen_to_whom(desk, three, lisbon):
    page = desk.get(BULK, {"action": "branch", "query": "view=all"} | picks(three[:2]))
    assert "Change the branch of 2 clients" in page.text
    assert "Aalto Medical" in page.text
    assert "Cascade" not in page.text.split("<main")[1]
    assert not Change.objects.filter(run__isnull=False).exists()


def test_the_branch_of_picked_clients_changes_and_nobody_elses(desk, three, lisbon):
    page = change(desk, "branch", three[:2], target=lisbon.pk)
    assert page.redirect_chain == [("/clients/?view=all", 303)]
    assert said(page) == "2 clients were moved to the branch “Lisbon”."
    assert list(Client.objects.order_by("name_key").values_list("branch__name", flat=True)) == ["Lisbon", "Lisbon", "Berlin"]


def test_the_history_tells_the_same_as_for_a_change_in_the_form(make_staff, as_user, three, lisbon):
    user = make_staff(Role.DESK)
    change(as_user(user), "branch", three[:1], target=lisbon.pk)
    three[1].branch = lisbon
    three[1].save()
    many, one = (Change.objects.filter(object_id=client.pk).latest("pk") for client in three[:2])
    assert many.changes == one.changes
    assert (many.action, many.object_repr, many.object_pk) == (one.action, "Aalto Medical", str(three[0].pk))
    assert (many.actor, many.actor_email) == (user, user.email)
    assert many.run.kind == bulk.KIND
    three[0].refresh_from_db()
    assert three[0].version == 2


def test_the_page_of_the_history_says_who_did_it_and_calls_it_no_import(desk, three, lisbon):
    change(desk, "branch", three, target=lisbon.pk)
    html = desk.get(f"/clients/{three[0].pk}/history/").text.split("<main")[1]
    assert "Desk Dahl" in html
    assert "Lisbon" in html
    assert "by import" not in html


def test_a_category_must_be_one_that_the_person_may_use(desk, three):
    """SD4: what the form does not offer is refused when it is posted."""
    open_one, closed = Category.objects.create(name="Pharma"), Category.objects.create(name="Board", roles=["administrator"])
    form = desk.get(BULK, {"action": "category", "query": ""} | picks(three)).text
    assert "Pharma" in form
    assert "Board" not in form
    before = dump()
    page = change(desk, "category", three, target=closed.pk)
    assert page.status_code == 422
    assert "You cannot give this category. Choose another." in page.text
    assert dump() == before
    assert said(change(desk, "category", three, target=open_one.pk)) == "3 clients are in the category “Pharma” now."
    assert change(desk, "category", three[:1], target="").status_code == 422
    assert said(change(desk, "category", three[:1], target="", remove="on")) == "1 client has no category now."
    assert sorted(Client.objects.filter(category=open_one).values_list("name", flat=True)) == ["Brauer Antriebe", "Cascade Instruments"]


def test_a_branch_out_of_use_is_refused(desk, three):
    gone = Branch.objects.create(name="Old", code="OLD", active=False)
    for target in (gone.pk, "", "9" * 30, "x"):
        assert change(desk, "branch", three, target=target).status_code == 422
    assert not Client.objects.exclude(branch__name="Berlin").exists()


def test_setting_inactive_names_who_loses_the_portal(desk, ada, make_client):
    """Invariant 19: access follows from the client's status; that is said before."""
    activated(ada)
    page = desk.get(BULK, {"action": "inactive", "query": ""} | picks([ada.client, make_client("Aalto Medical")]))
    assert "1 contact loses portal access:" in page.text
    assert "Ada Krämer" in page.text
    assert 'class="btn btn-danger"' in page.text
    change(desk, "inactive", [ada.client])
    assert not ContactAccess.objects.get(contact=ada).is_open


def test_who_loses_nothing_is_not_alarmed(desk, three):
    page = desk.get(BULK, {"action": "inactive", "query": ""} | picks(three))
    assert "Nobody loses portal access." in page.text
    assert "btn-danger" not in page.text


def test_inactive_clients_leave_the_list_and_undo_brings_each_back_as_it_was(desk, three):
    three[1].status = "potential"
    three[1].save()
    assert said(change(desk, "inactive", three)) == "3 clients were set inactive."
    assert not desk.get("/clients/?view=all").context["rows"]
    assert said(undo(desk)) == "3 clients are as they were before."
    assert list(Client.objects.order_by("name_key").values_list("status", flat=True)) == ["active", "potential", "active"]


def test_an_undo_says_first_who_can_enter_the_portal_and_how_many_clocks_move(desk, brauer, make_client, lisbon, make_job, promise):
    """XD11, JD10: each client gets back its own; who was changed since stays as it is and is not counted."""
    three = [brauer, make_client("Aalto Medical"), make_client("Cascade Instruments")]
    promise(60)
    BusinessCalendar.objects.create(branch=three[0].branch)
    for client in three[:2]:
        make_job(client=client)
    change(desk, "branch", three, target=lisbon.pk, seen=lisbon.pk)
    later = Client.objects.get(pk=three[1].pk)
    later.notes = "Called today."
    later.save()
    page = undo(desk)
    moved = "1 running SLA clock is timed anew, by the business hours of Berlin."
    assert [one.sentence for one in page.context["consequences"]] == [moved]
    assert set(Client.objects.filter(pk__in=[one.pk for one in three]).values_list("branch", flat=True)) == {lisbon.pk}
    assert "2 clients are as they were before." in said(desk.post(page.wsgi_request.path, sent(page), follow=True))

    ada = three[2].contacts.register(three[2], first_name="Ada", last_name="Krämer", email="ada@brauer.example")
    ContactAccess.of(ada).invite(None)
    change(desk, "inactive", [three[2]])
    page = undo(desk)
    assert [(one.sentence, one.names) for one in page.context["consequences"]] == [("1 contact can enter the portal:", ("Ada Krämer",))]
    assert said(desk.post(page.wsgi_request.path, sent(page), follow=True)) == "1 client is as it was before."
    assert ContactAccess.objects.get(contact=ada).is_open


def test_the_notice_offers_undo(desk, three, lisbon):
    page = change(desk, "branch", three, target=lisbon.pk)
    run = LongRun.objects.get(kind=bulk.KIND)
    assert re.search(rf'<form method="post" action="/clients/bulk/{run.pk}/undo/">.*?<button[^>]*>Undo</button>', page.text, re.S)


def test_undo_leaves_what_somebody_changed_since_and_names_it(desk, manager, three, lisbon):
    change(desk, "branch", three, target=lisbon.pk)
    later = Client.objects.get(pk=three[2].pk)
    later.notes = "Called today."
    later.save()
    page = undo(desk)
    assert "2 clients are as they were before." in said(page)
    assert "Changed since, and therefore left as they are: “Cascade Instruments”." in said(page)
    assert list(Client.objects.order_by("name_key").values_list("branch__name", flat=True)) == ["Berlin", "Berlin", "Lisbon"]


def test_undo_works_once(desk, three, lisbon):
    change(desk, "branch", three, target=lisbon.pk)
    undo(desk)
    before = dump()
    assert said(undo(desk)) == "This was taken back already."
    assert dump() == before


def test_undo_is_for_who_did_it(desk, manager, three, lisbon):
    change(desk, "branch", three, target=lisbon.pk)
    assert undo(manager).status_code == 404
    run = LongRun.objects.get(kind=bulk.KIND)
    assert manager.get(f"/clients/bulk/{run.pk}/").status_code == 404


@pytest.mark.parametrize("action", ["branch", "category", "inactive"])
def test_a_reader_changes_nothing(make_staff, as_user, three, lisbon, action):
    reader = as_user(make_staff(Role.READER))
    before = dump()
    assert change(reader, action, three, target=lisbon.pk).status_code == 403
    assert dump() == before
    assert "Change branch" not in reader.get("/clients/").text


def test_foreign_and_unknown_keys_are_left_out_and_counted(desk, three, lisbon, make_staff):
    """XD33 and V10: an id posted by hand reaches nothing that the list would not show."""
    hidden = three[0]
    hidden.restricted_to_responsible, hidden.sales_person = True, make_staff(Role.MANAGER)
    hidden.save()
    odd = {"pick": [hidden.pk, three[1].pk, 999_999, "x", "-1", "9" * 40, "²"]}
    page = desk.get(BULK, {"action": "branch", "query": ""} | odd)
    assert "Change the branch of 1 client" in page.text
    assert "2 of the selected clients are not there any more" in page.text
    assert "Aalto Medical" not in page.text
    desk.post(BULK, {"action": "branch", "query": "", "target": lisbon.pk} | odd)
    assert list(Client.objects.filter(branch=lisbon)) == [three[1]]


@pytest.mark.parametrize(
    "address", ["", "?action=branch", "?action=nothing&pick=1", "?action=branch&pick=999999", "?action=branch&pick=x&query=%00%FF"]
)
def test_nobody_selected_leads_back_to_the_list(desk, three, address):
    page = desk.get(BULK + address, follow=True)
    assert page.redirect_chain[0][1] == 303
    assert said(page) == "Select at least one client, then choose what to do."


def test_all_that_match_are_met_but_not_who_came_after_the_look(desk, three, make_client, lisbon):
    form = desk.get(BULK, {"action": "branch", "query": "kind=corporate", "all": "1"})
    assert "Change the branch of 3 clients" in form.text
    late = make_client("Delmare Shipping")
    fields = dict(form.context["fields"])
    page = desk.post(BULK, fields | {"target": lisbon.pk}, follow=True)
    assert said(page) == "3 clients were moved to the branch “Lisbon”."
    late.refresh_from_db()
    assert late.branch.name == "Berlin"


def test_only_what_matches_is_met(desk, three, make_client, lisbon):
    make_client("Elena Kovacs", kind="individual", last_name="Kovács")
    page = change(desk, "branch", [], all="1", query="view=individual", target=lisbon.pk)
    assert said(page) == "1 client was moved to the branch “Lisbon”."


def test_sending_the_form_twice_changes_nothing_more(desk, three, lisbon):
    """V32, E03."""
    change(desk, "branch", three, target=lisbon.pk)
    count = Change.objects.count()
    page = change(desk, "branch", three, target=lisbon.pk)
    assert said(page) == "Nothing was changed: the selected clients are like that already."
    assert Change.objects.count() == count


def test_an_open_form_of_one_of_them_is_a_conflict_and_loses_nothing(desk, three, lisbon):
    """V31: an act on many clients counts the version up as a save does."""
    client = three[0]
    change(desk, "branch", three, target=lisbon.pk)
    client.refresh_from_db()
    assert client.version == 2


def test_many_clients_are_changed_by_the_worker_in_chunks_and_taken_back(desk, crowd, lisbon):
    page = change(desk, "branch", [], all="1", query="view=all", target=lisbon.pk)
    run = LongRun.objects.get(kind=bulk.KIND)
    assert page.redirect_chain == [(f"/clients/bulk/{run.pk}/", 303)]
    assert "Waiting for its turn" in page.text
    assert not Client.objects.filter(branch=lisbon).exists()
    work_on()
    assert Client.objects.filter(branch=lisbon).count() == Change.objects.filter(run=run).count() == 620
    page = desk.get(f"/clients/bulk/{run.pk}/")
    assert "620 clients were moved to the branch “Lisbon”." in page.text
    other = Client.objects.get(name="Crowd 0007")
    other.notes = "Called today."
    other.save()
    page = undo(desk)
    work_on()
    page = desk.get(page.redirect_chain[0][0])
    assert "619 clients are as they were before." in page.text
    assert "Crowd 0007" in page.text
    assert list(Client.objects.filter(branch=lisbon)) == [other]


def test_a_large_act_that_is_killed_goes_on_where_it_was(desk, crowd, lisbon, monkeypatch):
    change(desk, "branch", [], all="1", query="view=all", target=lisbon.pk)
    monkeypatch.setattr(machinery, "SECONDS", -1)
    monkeypatch.setattr(machinery, "CHUNK", 200)
    run = LongRun.objects.get(kind=bulk.KIND)
    assert work.advance_due("first")
    assert Client.objects.filter(branch=lisbon).count() == 200
    write = machinery.write
    monkeypatch.setattr(machinery, "write", lambda *args: write(*args) or 1 / 0)
    assert work.advance_due("second")
    assert Client.objects.filter(branch=lisbon).count() == 200
    monkeypatch.setattr(machinery, "write", write)
    LongRun.objects.update(next_try_at=run.created_at)
    work_on()
    assert Client.objects.filter(branch=lisbon).count() == Change.objects.filter(run=run).count() == 620


def test_a_large_act_stops_when_its_person_may_not_do_it_any_more(make_staff, as_user, crowd, lisbon):
    user = make_staff(Role.DESK)
    change(as_user(user), "branch", [], all="1", query="view=all", target=lisbon.pk)
    user.role = Role.READER
    user.save()
    work_on()
    assert LongRun.objects.get(kind=bulk.KIND).state == LongRun.State.FAILED
    assert not Client.objects.filter(branch=lisbon).exists()


def test_undo_of_a_category_that_was_deleted_meanwhile_leaves_the_client(desk, three):
    old, new = Category.objects.create(name="Old"), Category.objects.create(name="New")
    Client.objects.filter(pk=three[0].pk).update(category=old)
    change(desk, "category", three, target=new.pk)
    old.delete()
    page = undo(desk)
    assert "left as they are: “Aalto Medical”." in said(page)
    assert Client.objects.get(pk=three[0].pk).category == new


@pytest.mark.parametrize("name", ["<b>Bold</b>", "{{7*7}}", "שלום עולם", "x" * 100, 'O\'Neil "Q"'])
def test_any_name_is_shown_as_it_is(desk, headquarters, name):
    client = Client.objects.create(number="X1", name=name, legal_name=name, branch=headquarters)
    page = desk.get(BULK, {"action": "inactive", "query": ""} | picks([client]))
    assert "<b>Bold" not in page.text
    assert page.context["records"].names == [name]


def test_the_bar_and_the_boxes_work_without_script(desk, three):
    """The bar is a GET form that the boxes belong to."""
    html = desk.get("/clients/").text
    assert re.search(r'<form id="bulk" [^>]*method="get" action="/clients/bulk/"', html)
    assert html.count('name="pick"') == 3
    assert re.search(rf'name="pick" value="{three[0].pk}" form="bulk"', html)
    assert "Select Aalto Medical" in html
