"""An import in a test: bytes in, the run out, with the worker's own loop in between."""

import csv
import hashlib
import io
import json
from collections.abc import Collection, Iterable, Sequence

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Model

from clientdesk import work
from clientdesk.models import Change, User
from clients.models import Client, ClientIndustry, Company, Responsible
from contacts.models import Contact, ContactOffice, Department, Office
from intake import applying, planning
from intake.columns import ClientResource
from intake.kinds import KINDS
from intake.models import ImportRun, StagedRow

VOLATILE = {"id", "created_at", "updated_at"}
LABELS = {column.key: str(column.label) for column in ClientResource().columns()}


def labels_of(kind: str) -> dict[str, str]:
    """Return {column key: header} of a kind of import, without custom fields."""
    return {column.key: str(column.label) for column in KINDS[kind].resource().columns()}


def csv_bytes(
    rows: Iterable[dict[str, str]], keys: Sequence[str] = (), more: dict[str, str] | None = None, kind: str = "corporate"
) -> bytes:
    """Return `rows` (text by column key) as a CSV file with our headers (those of `keys`); `more` columns are {key: header}, such as
    custom fields."""
    known = labels_of(kind)
    labels = {key: known[key] for key in keys or known} | (more or {})
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(labels.values())
    writer.writerows([[row.get(key, "") for key in labels] for row in rows])
    return text.getvalue().encode()


def uploaded(content: bytes, filename: str = "clients.csv", by: User | None = None, **chosen) -> ImportRun:
    """Return a run for `content`, its planning queued; `chosen` are fields of the run, such as its kind."""
    with transaction.atomic():
        run = ImportRun(filename=filename, size=len(content), sha256=hashlib.sha256(content).hexdigest(), created_by=by, **chosen)
        run.file.save(filename, ContentFile(content), save=False)
        planning.start(run, by)
    return run


def work_off() -> None:
    """Do all queued work, as a worker would."""
    while work.advance_due("test"):
        pass


def planned(content: bytes, filename: str = "clients.csv", by: User | None = None, **chosen) -> ImportRun:
    """Return the run of `content` after its planning."""
    run = uploaded(content, filename, by, **chosen)
    work_off()
    run.refresh_from_db()
    return run


def imported(content: bytes, filename: str = "clients.csv", by: User | None = None, **chosen) -> ImportRun:
    """Return the run of `content` after its import."""
    run = planned(content, filename, by, **chosen)
    assert run.state == ImportRun.State.REVIEW, (run.state, run.refusal, run.problems, run.work and run.work.error)
    assert applying.start(run.pk, by)
    work_off()
    run.refresh_from_db()
    return run


def rows_of(run: ImportRun) -> list[StagedRow]:
    """Return the staged rows of `run` in the order of the file."""
    return list(run.rows.order_by("line"))


# What a history entry names by key, and whose key that is.
POINTS = {"client": Client, "default_office": Office, "office": Office, "department": Department, "contact": Contact, "parent": Office}


def world() -> dict[str, list]:
    """Return every client, company, place, contact and history row, without what time and order of keys make of them."""
    names = {model: {one.pk: str(one) for one in model.objects.all()} for model in set(POINTS.values())}
    clients = [
        _plain(client, but={"name"})
        | {"name": client.name, "branch": client.branch.name, "category": str(client.category), "type": str(client.company_type)}
        | {"staff": [str(client.sales_person), str(client.project_manager)]}
        | {"several": [sorted(map(str, rows.all())) for rows in (client.client_industries, client.responsibles)]}
        for client in Client.objects.select_related("branch", "category", "company_type", "created_by", "sales_person", "project_manager")
    ]
    places = [_plain(place) | {"client": place.client.name} for model in (Office, Department) for place in model.objects.all()]
    contacts = [
        _plain(contact)
        | {"client": contact.client.name, "department": str(contact.department), "office": str(contact.default_office)}
        | {"position": str(contact.position), "offices": sorted(str(link.office) for link in contact.contact_offices.all())}
        for contact in Contact.objects.select_related("client", "department", "default_office", "position", "created_by")
    ]
    companies = [
        _plain(company) | {"client": names[Client].get(company.client_id), "type": str(company.company_type)}
        for company in Company.objects.select_related("company_type", "created_by")
    ]
    logged = [Client, Company, Office, Department, Contact, ContactOffice, ClientIndustry, Responsible]
    changes = [
        {
            "of": names.get(change.content_type.model_class(), {}).get(change.object_id),
            "model": change.content_type.model,
            "what": {key: _named(names, key, value) for key, value in change.changes.items() if key != "id"},
            "repr": change.object_repr,
            "action": change.action,
            "actor": (str(change.actor), change.actor_email),
            "rest": (
                change.serialized_data,
                change.changes_text,
                change.cid,
                change.remote_addr,
                change.remote_port,
                change.additional_data,
            ),
            "beside": names[change.of_type.model_class()].get(change.of_id) if change.of_type else None,
            "own_key": change.object_pk == str(change.object_id)
            and change.changes.get("id", [None, change.object_id])[1] == change.object_id,
        }
        for change in Change.objects.select_related("content_type", "of_type", "actor").filter(
            content_type__app_label__in=["clients", "contacts"]
        )
        if change.content_type.model_class() in logged
    ]
    parts = {"clients": clients, "companies": companies, "places": places, "contacts": contacts, "changes": changes}
    return {name: sorted(found, key=in_order) for name, found in parts.items()}


def _plain(record: Model, but: Collection[str] = ()) -> dict[str, object]:
    """Return the values of `record` without keys and times; who made it by name."""
    texts = {"phone", "mobile", "fax", "photo"}
    keys = [field for field in record._meta.concrete_fields if not field.is_relation and field.attname not in VOLATILE | set(but)]
    values = {field.attname: getattr(record, field.attname) for field in keys}
    return {key: str(value) if key in texts else value for key, value in values.items()} | {"by": str(record.created_by)}


def _named(names: dict, key: str, pair: list) -> list:
    return [names[POINTS[key]].get(value, value) for value in pair] if key in POINTS else pair


def in_order(record: dict) -> str:
    return json.dumps(record, sort_keys=True, default=str)


def stage_of(run: ImportRun) -> list[tuple]:
    """Return what the stage holds about each row of `run`, without keys of records."""
    return [
        (row.line, row.verdict, row.outcome, row.raw, row.values, row.changes, row.errors, row.warnings, row.target_id is None)
        for row in rows_of(run)
    ]
