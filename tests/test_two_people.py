"""Two people at once, on every form of the back office (trial E01, E03, V12, V31, V32, V33): nothing is lost, nothing doubled.

The forms are found by walking the resolver: a new one is tested as soon as it has an address.
"""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django import forms
from django.core.exceptions import FieldDoesNotExist
from django.db import connections, models
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from clientdesk.management.commands.list_routes import Route
from clientdesk.models import SavedView, User
from clientdesk.rights import Role
from clientdesk.rows import RowsField
from clientdesk.views import CreatePage, EditPage
from clients.models import CustomField
from contacts.models import Contact, CrmAction, SocialNetwork
from jobs.models import Job, JobPart, Project, Quote, WorkSession
from portal.models import ContactAccess
from portal.rights_table import RightsField
from tests.doors import fresh_brakes  # noqa: F401
from tests.test_versions import form_of, hidden_of
from tests.walking import filled, names, staff_routes, view_class

EDITS = [route for route in staff_routes() if issubclass(view_class(route) or object, EditPage)]
CREATES = [route for route in staff_routes() if issubclass(view_class(route) or object, CreatePage)]
# What makes a new record, by route; the same twice must give one.
NEW = {
    "clients:add": {"name": "Nordlicht", "legal_name": "Nordlicht AG", "email": "info@nordlicht.example", "country": "DE"},
    "contacts:add": {"first_name": "Grace", "last_name": "Holm", "email": "grace@brauer.example"},
    "contacts:add_office": {"name": "Vienna office"},
    "contacts:add_department": {"name": "Research"},
    "companies:add": {"registered_name": "Nordlicht AG", "country": "DE"},
    "staff:add": {"first_name": "Noor", "last_name": "Haddad", "email": "noor@desk.example", "role": "desk"},
    "clients:save_view": {"name": "Mine"},
    "crm:add": {"kind": "call", "subject": "Ask about the offer", "due_at": "2037-03-04T09:30"},
    "contacts:save_view": {"name": "Mine"},
    "jobs:save_view": {"name": "Mine"},
    "job_report:save_view": {"name": "Mine"},
    "jobs:add": {"subject": "Printer is dead"},
    "jobs:add_session": {"technician": "{staff}", "mode": "remote", "started_at": "2026-03-04T09:00", "ended_at": "2026-03-04T10:00"},
    "jobs:add_part": {"text": "Seal", "quantity": "2"},
    "jobs:add_check": {"text": "Pressure"},
    "jobs:sign": {"side": "client", "name": "Ada Krämer"},
    "quotes:save_view": {"name": "Mine"},
    "quotes:add": {"name": "Manual of the pump"},
    "projects:save_view": {"name": "Mine"},
    "projects:add": {"name": "Manual of the pump"},
    "settings:add": {"name": "Wien", "code": "VIE"},
    "settings:add_custom_field": {"entity": "client", "label": "Cost centre", "kind": "text", "key": "cost_centre"},
}
# What a text field takes that does not take every text; nothing where another field shows enough.
TYPED = {f"day{number}": [] for number in range(1, 7)} | {"day0": ["08:00-12:00", "10:00-16:00"], "days_off": [], "time_zone": []}
# What the address of a form must say beside its keys.
ASKED = {"clients:add": "?kind=corporate", "crm:add": "?client={client}", "jobs:add": "?client={client}"} | {
    f"{kind}:add": "?client={client}" for kind in ("quotes", "projects")
}
# What the server counts, stamps or derives itself, whatever is sent.
OWN = {"id", "version", "created_at", "updated_at", "created_by", "name_key", "label_key", "search_key", "sort_key", "email_key"}
OWN |= {"domain_key", "phone_key", "tax_key", "core_key", "position", "sort_at", "former_names", "week", "subject_key"}


@pytest.fixture
def boss(make_staff) -> User:
    return make_staff(Role.ADMINISTRATOR)


@pytest.fixture
def keys(ada, boss, make_staff, headquarters) -> dict[str, int]:
    """Keys of one record of each kind that a form can be about."""
    view = SavedView.objects.create(page="clients", owner=boss, name="Old view")
    SocialNetwork.objects.create(name="LinkedIn", prefix="https://www.linkedin.com/in/")
    of_contacts = SavedView.objects.create(page="contacts", owner=boss, name="Old view")
    of_jobs = SavedView.objects.create(page="jobs", owner=boss, name="Old view")
    job = Job(client=ada.client, contact=ada, office=ada.default_office, subject="Old job")
    job.log(boss)
    field = CustomField.objects.create(entity="client", key="colour", label="Colour", kind="text")
    due = timezone.now() + timedelta(days=1)
    action = CrmAction.objects.create(client=ada.client, contact=ada, kind="task", subject="Old action", due_at=due)
    offices = [ada.default_office, *(ada.client.offices.create(name=name) for name in ("Leipzig plant", "Store"))]
    ada.assign_offices(offices, offices[0])
    department = ada.client.departments.create(name="Purchasing", office=offices[0])
    ContactAccess.objects.create(contact=ada, allowed=True)
    found = {"action": action.pk, "office": offices[1].pk, "department": department.pk, "contact_view": of_contacts.pk}
    started, ended = timezone.now() - timedelta(hours=2), timezone.now() - timedelta(hours=1)
    session = WorkSession.objects.create(job=job, technician=boss, started_at=started, ended_at=ended)
    found |= {"job": job.pk, "job_view": of_jobs.pk, "session": session.pk, "part": JobPart.objects.create(job=job, text="Hose").pk}
    for kind in (Quote, Project):
        item = kind(client=ada.client, contact=ada, office=ada.default_office, name="Old work")
        item.make(boss)
        of_kind = SavedView.objects.create(page=f"{item.kind()}s", owner=boss, name="Old view")
        found |= {item.kind(): item.pk, f"{item.kind()}_view": of_kind.pk}
    of_report = SavedView.objects.create(page="job_report", owner=boss, name="Old view")
    found |= {"report_view": of_report.pk}
    found |= {"client": ada.client_id, "contact": ada.pk, "company": ada.client.company.pk, "branch": headquarters.pk}
    return found | {"staff": make_staff(Role.READER, technician=True).pk, "view": view.pk, "custom_field": field.pk}


def asked(route: Route, keys: dict[str, int]) -> str:
    """Return the address of `route` with its keys and with what it must say beside them."""
    return filled(route.path, keys) + ASKED.get(route.name, "").format(**keys)


def new(route: Route, keys: dict[str, int]) -> dict[str, str]:
    """Return what makes a new record by `route`, with its keys."""
    return {name: value.format(**keys) for name, value in NEW[route.name].items()}


def other_values(bound: forms.BoundField) -> list[str]:
    """Return two values that the field takes and does not have now, or fewer."""
    field = bound.field
    if bound.name in TYPED:
        return TYPED[bound.name]
    if field.disabled or bound.is_hidden or bound.name.startswith("custom_"):
        return []
    if isinstance(field, RightsField):
        return ["JOBS_VIEW", "QUOTES_VIEW"]
    if isinstance(field, forms.ChoiceField) and not isinstance(field, forms.MultipleChoiceField | forms.ModelMultipleChoiceField):
        flat = [str(key) for key, label in field.choices if not isinstance(label, list | tuple)]
        return [key for key in flat if key and key != str(bound.value())][:2]
    if isinstance(field, RowsField) and any(isinstance(column, forms.ChoiceField) for column in field.columns.values()):
        rows = [[{key: one_value(column, text) for key, column in field.columns.items()}] for text in ("Mine", "Theirs")]
        return [] if field.plain else [field.prepare_value(field.clean(row)) for row in rows]
    if type(field.widget) in (forms.TextInput, forms.Textarea) and isinstance(field, forms.CharField):
        return ["Mine", "Theirs"]
    return []


def one_value(column: forms.Field, text: str) -> object:
    """Return a value for one input of a row: its last choice, a box that is ticked, or `text`."""
    if isinstance(column, forms.ChoiceField):
        return column.choices[-1][0]
    return True if isinstance(column, forms.BooleanField) else text


def something_to_change(form: forms.Form) -> tuple[str, str, str]:
    """Return the name of a field of `form` and two values for it; a plain text where there is one."""
    found = [(bound.name, *values) for bound in form if len(values := other_values(bound)) == 2]
    texts = [change for change in found if change[1:] == ("Mine", "Theirs")]
    assert found, f"{type(form).__name__} has no field that this test knows how to change"
    return (texts or found)[0]


def rows(model: type[models.Model]) -> dict[int, dict]:
    """Return every stored row of `model` by its key."""
    return {row["id"]: row for row in model.objects.values()}


# --- one record, two people ------------------------------------------------------------------------
@pytest.mark.parametrize("route", EDITS, ids=names(EDITS))
def test_of_two_who_edit_the_second_sees_both_values_and_nothing_is_lost(route, keys, boss, as_user):
    """Trial E01, V31, from the list of routes."""
    one, two, url = as_user(boss), as_user(boss), asked(route, keys)
    page = one.get(url)
    assert page.status_code == 200, url
    opened, record = form_of(page), page.context["form"].instance
    name, mine, theirs = something_to_change(page.context["form"])

    assert two.post(url, form_of(two.get(url)) | {name: theirs}).status_code == 303
    saved = rows(type(record))
    conflict = one.post(url, opened | {name: mine})

    assert conflict.status_code == 409
    assert "Nothing of yours is saved yet" in conflict.text
    assert len([row for row in conflict.context["rows"] if row["differs"]]) == 1
    assert rows(type(record)) == saved

    assert one.post(url, hidden_of(conflict)).status_code == 303, "Keep mine"
    assert form_of(one.get(url)).get(name) in (mine, [mine], int(mine) if mine.isdecimal() else mine)


@pytest.mark.parametrize("route", EDITS, ids=names(EDITS))
def test_an_edit_changes_only_what_its_form_shows(route, keys, boss, as_user):
    """Trial V12: every column of the record is sent along."""
    browser, url = as_user(boss), asked(route, keys)
    page = browser.get(url)
    if page.context["form"].instance.pk is None:  # a record that its first save makes
        name, _mine, theirs = something_to_change(page.context["form"])
        assert browser.post(url, form_of(page) | {name: theirs}).status_code == 303
    page = browser.get(url)
    form, record = page.context["form"], page.context["form"].instance
    name, mine, _theirs = something_to_change(form)
    alien = {column.name: alien_value(column) for column in type(record)._meta.concrete_fields if column.name not in form.fields}
    alien |= {f"{column}_id": value for column, value in alien.items()}
    before = rows(type(record))[record.pk]

    assert browser.post(url, alien | form_of(page) | {name: mine}).status_code in (200, 303)

    after = rows(type(record))[record.pk]
    listed = OWN | set(form.fields) | {f"{field}_id" for field in form.fields}
    assert {column for column in before if before[column] != after[column]} <= listed


def alien_value(column: models.Field) -> str:
    if isinstance(column, models.BooleanField):
        return "on"
    if isinstance(column, models.DateField):
        return "1999-01-01"
    return "1" if isinstance(column, models.IntegerField | models.ForeignKey) else "alien"


# --- one record, made twice --------------------------------------------------------------------------
def test_every_form_that_adds_says_what_it_adds():
    assert {route.name for route in CREATES} <= set(NEW), "Say in NEW what the new form takes"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("route", CREATES, ids=names(CREATES))
def test_a_form_sent_twice_at_once_makes_one_record(route, keys, boss):
    """Trial E03, V32."""
    url, start = asked(route, keys), Barrier(2)
    browser = Browser()
    browser.force_login(boss)
    page = browser.get(url)
    assert page.status_code == 200, url
    model = page.context["form"]._meta.model
    body = form_of(page) | new(route, keys)
    before = set(model.objects.values_list("pk", flat=True))

    def post(_n: int) -> int:
        try:
            own = Browser()
            own.force_login(User.objects.get(pk=boss.pk))
            start.wait()
            return own.post(url, body).status_code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        answers = sorted(pool.map(post, range(2)))
    assert len(set(model.objects.values_list("pk", flat=True)) - before) == 1
    assert answers == [303, 422]


@pytest.mark.parametrize("route", CREATES, ids=names(CREATES))
def test_a_new_record_takes_only_what_its_form_shows(route, keys, boss, as_user):
    """Trial V12."""
    browser, url = as_user(boss), asked(route, keys)
    page = browser.get(url)
    form = page.context["form"]
    model = form._meta.model
    before = set(model.objects.values_list("pk", flat=True))
    alien = {column.name: alien_value(column) for column in model._meta.concrete_fields if column.name not in form.fields}
    alien |= {"pk": "1", "is_staff": "on", "is_superuser": "on"} | {f"{column}_id": value for column, value in alien.items()}

    assert browser.post(url, alien | form_of(page) | new(route, keys)).status_code == 303

    [made] = model.objects.exclude(pk__in=before)
    assert made.pk > 1 or not before
    for name, value in alien.items():
        try:
            column = model._meta.get_field(name)
        except FieldDoesNotExist:
            continue
        if column.name not in OWN and value in ("alien", "1999-01-01"):
            assert str(getattr(made, column.attname)) != value, name
        elif isinstance(column, models.BooleanField):
            assert getattr(made, name) == column.get_default() or name not in alien, name
    if hasattr(made, "created_by"):
        assert made.created_by == boss


# --- one of many -------------------------------------------------------------------------------------
@pytest.mark.django_db(transaction=True)
def test_fifty_people_made_primary_at_once_leave_exactly_one(brauer, make_staff):
    """Trial V33; whoever looks meanwhile never sees two."""
    user = make_staff()
    people = [brauer.contacts.register(brauer, last_name=f"Person {n}") for n in range(50)]
    seen: set[int] = set()

    def post(contact: Contact) -> int:
        try:
            browser = Browser()
            browser.force_login(User.objects.get(pk=user.pk))
            status = browser.post(reverse("contacts:make_primary", args=[contact.pk])).status_code
            seen.add(Contact.objects.filter(client=brauer, is_primary=True).count())
            return status
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(post, people)) == {303}
    assert seen == {1}
