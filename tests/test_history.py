"""What the history keeps and how it is read (S3 History, trial V36; house.md, `stored` and `restored`)."""

import json
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from django.contrib.contenttypes.models import ContentType

from clientdesk import history
from clientdesk.models import Change, LongRun, User
from clients.models import Branch, Category, Client
from contacts.models import Contact, Position


def change(client: Client, **changes) -> None:
    for name, value in changes.items():
        setattr(client, name, value)
    client.save()


def test_the_tab_tells_who_changed_what_from_what_to_what(desk, brauer, make_staff):
    lisbon = Branch.objects.create(name="Lisbon", code="LIS")
    fields = {"legal_name": "Brauer AG", "branch": lisbon.pk, "country": "PT", "status": "potential", "phone": "+351912345678"}
    page = desk.get(f"/clients/{brauer.pk}/edit/")
    opened = {bound.html_name: bound.value() for bound in page.context["form"] if bound.value() is not None}
    assert desk.post(f"/clients/{brauer.pk}/edit/", opened | fields).status_code == 303
    newest = desk.get(f"/clients/{brauer.pk}/history/").context["entries"][0]
    assert newest.who == "Desk Dahl"
    assert {line.label: (line.old, line.new) for line in newest.lines} == {
        "Legal name": ("Brauer Antriebe GmbH", "Brauer AG"),
        "Branch": ("Berlin", "Lisbon"),
        "Country": ("Germany", "Portugal"),
        "Status": ("Active", "Potential"),
        "Phone": ("", "+351 912 345 678"),
    }


def test_a_new_client_starts_its_history_with_its_values(desk, brauer):
    page = desk.get(f"/clients/{brauer.pk}/history/")
    (entry,) = page.context["entries"]
    assert entry.action == "create"
    shown = {line.label: line.new for line in entry.lines}
    assert shown["Name"] == "Brauer Antriebe"
    assert "Notes" not in shown
    assert "added this client" in page.text


def test_the_tab_is_filtered_by_field(desk, brauer):
    change(brauer, legal_name="A")
    change(brauer, status="potential")
    url = f"/clients/{brauer.pk}/history/"
    assert len(desk.get(url).context["entries"]) == 3
    assert len(desk.get(f"{url}?field=status").context["entries"]) == 2
    assert len(desk.get(f"{url}?field=password").context["entries"]) == 3
    assert "No change of this field" in desk.get(f"{url}?field=tax_number").text or desk.get(f"{url}?field=tax_number").context["entries"]


def test_a_long_history_is_paged_newest_first(desk, brauer):
    for n in range(120):
        change(brauer, notes=str(n))
    url = f"/clients/{brauer.pk}/history/"
    seen, address = [], "?"
    while address:
        page = desk.get(f"{url}{address}")
        seen += [entry.pk for entry in page.context["entries"]]
        address = page.context["listing"].next_url
    assert len(seen) == 121
    assert seen == sorted(seen, reverse=True)


def test_another_clients_history_is_not_shown(desk, brauer, make_client):
    other = make_client("Grünwald Pharma")
    change(other, notes="secret")
    assert "secret" not in desk.get(f"/clients/{brauer.pk}/history/").text


def test_names_behind_keys_are_found_in_one_statement_however_many(brauer, django_assert_num_queries):
    for n in range(20):
        change(brauer, category=Category.objects.create(name=f"Category {n}"))
    changes = list(history.changes_of(brauer))
    # branches, categories; nobody is signed in
    with django_assert_num_queries(2):
        assert len(history.entries(changes, Client)) == 21


def test_what_a_key_named_may_be_gone(brauer):
    category = Category.objects.create(name="Pharma")
    change(brauer, category=category)
    change(brauer, category=None)
    category.delete()
    entry = history.entries(history.changes_of(brauer)[:1], Client)[0]
    assert (entry.lines[0].old, entry.lines[0].new) == (f"deleted, no. {category.pk or 1}", "") or entry.lines[0].old.startswith(
        "deleted, no. "
    )


def test_changes_by_a_run_say_import(brauer):
    run = LongRun.objects.create(kind="import_apply")
    kind = ContentType.objects.get_for_model(Client)
    told = {"object_pk": str(brauer.pk), "object_repr": "Brauer", "changes": {"notes": ["", "x"]}}
    Change.objects.create(content_type=kind, object_id=brauer.pk, action=Change.Action.UPDATE, run=run, **told)
    entry = history.entries(history.changes_of(brauer)[:1], Client)[0]
    assert (entry.who, entry.by_import) == ("Import", True)


def test_a_changed_field_is_shown_as_text(desk, brauer):
    change(brauer, notes="<script>alert(1)</script>")
    html = desk.get(f"/clients/{brauer.pk}/history/").text
    assert "<script>alert(1)" not in html
    assert "&lt;script&gt;alert(1)" in html


VALUES = {
    "name": "Brauer Neu",
    "legal_name": "Ö & <b>",
    "kind": "individual",
    "status": Client.Status.POTENTIAL,
    "email": "a@b.example",
    "phone": "+49305550142",
    "website": "https://x.example",
    "country": "PT",
    "notes": "two\nlines",
    "external_id": "E-1",
    "tax_number": "",
}


def test_stored_equals_what_a_save_keeps_and_restored_undoes_it(brauer):
    lisbon = Branch.objects.create(name="Lisbon", code="LIS")
    before = Client.objects.get(pk=brauer.pk)
    change(brauer, **VALUES, branch=lisbon)
    kept = history.changes_of(brauer)[0].changes
    after = Client.objects.get(pk=brauer.pk)
    assert set(kept) == {name for name in [*VALUES, "branch"] if getattr(before, name) != getattr(after, name)}
    for name, (old, new) in kept.items():
        column = Client._meta.get_field(name)
        assert json.loads(json.dumps(history.stored(column, getattr(before, name)))) == old
        assert json.loads(json.dumps(history.stored(column, getattr(after, name)))) == new
        assert history.restored(column, old) == getattr(before, column.attname)
        assert history.restored(column, new) == getattr(after, column.attname)


def test_a_created_record_is_kept_field_by_field(ada):
    kept = history.changes_of(ada)[0].changes
    for column in history.tracked(Contact):
        value = history.stored(column, getattr(ada, column.attname))
        if column.name in kept:
            assert kept[column.name] == [None, value] or kept[column.name][1] == value, column.name
        else:
            assert value is None, column.name


@pytest.mark.parametrize(
    ("model", "name", "value"),
    [
        (User, "is_active", True),
        (Position, "position", 7),
        (Contact, "created_at", datetime(2026, 6, 25, 2, 30, 0, 123456, tzinfo=ZoneInfo("Europe/Berlin"))),
        (Contact, "created_at", datetime(2026, 1, 1, tzinfo=UTC)),
        (Contact, "position", 3),
        (Contact, "position", None),
        (Contact, "mobile", ""),
    ],
)
def test_values_of_every_type_come_back(model, name, value):
    column = model._meta.get_field(name)
    assert history.restored(column, json.loads(json.dumps(history.stored(column, value)))) == value


def test_only_the_record_itself_is_asked_for(brauer, ada):
    kind = ContentType.objects.get_for_model(Client)
    assert {found.content_type_id for found in history.changes_of(brauer)} == {kind.pk}
