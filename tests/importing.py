"""An import in a test: bytes in, the run out, with the worker's own loop in between."""

import csv
import hashlib
import io
import json
from collections.abc import Iterable, Sequence

from django.core.files.base import ContentFile
from django.db import transaction

from clientdesk import work
from clientdesk.models import Change, User
from clients.models import Client, Company
from contacts.models import Office
from intake import applying, planning
from intake.columns import ClientResource
from intake.models import ImportRun, StagedRow

VOLATILE = {"id", "created_at", "updated_at", "client_id", "branch_id", "category_id", "company_type_id", "created_by_id"}
LABELS = {column.key: str(column.label) for column in ClientResource().columns()}


def csv_bytes(rows: Iterable[dict[str, str]], keys: Sequence[str] = tuple(LABELS), more: dict[str, str] | None = None) -> bytes:
    """Return `rows` (text by column key) as a CSV file with our headers; `more` columns are {key: header}, such as custom fields."""
    labels = {key: LABELS[key] for key in keys} | (more or {})
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(labels.values())
    writer.writerows([[row.get(key, "") for key in labels] for row in rows])
    return text.getvalue().encode()


def uploaded(content: bytes, filename: str = "clients.csv", by: User | None = None) -> ImportRun:
    """Return a run for `content`, its planning queued."""
    with transaction.atomic():
        run = ImportRun(filename=filename, size=len(content), sha256=hashlib.sha256(content).hexdigest(), created_by=by)
        run.file.save(filename, ContentFile(content), save=False)
        planning.start(run, by)
    return run


def work_off() -> None:
    """Do all queued work, as a worker would."""
    while work.advance_due("test"):
        pass


def planned(content: bytes, filename: str = "clients.csv", by: User | None = None) -> ImportRun:
    """Return the run of `content` after its planning."""
    run = uploaded(content, filename, by)
    work_off()
    run.refresh_from_db()
    return run


def imported(content: bytes, filename: str = "clients.csv", by: User | None = None) -> ImportRun:
    """Return the run of `content` after its import."""
    run = planned(content, filename, by)
    assert run.state == ImportRun.State.REVIEW, run.refusal
    assert applying.start(run.pk, by)
    work_off()
    run.refresh_from_db()
    return run


def rows_of(run: ImportRun) -> list[StagedRow]:
    """Return the staged rows of `run` in the order of the file."""
    return list(run.rows.order_by("line"))


def world() -> dict[str, list]:
    """Return every client, company, office and history row, without what time and order of keys make of them."""
    names = {client.pk: client.name for client in Client.objects.all()}
    clients = [
        {
            field.attname: str(getattr(client, field.attname))
            if field.name in {"phone", "mobile", "fax", "photo"}
            else getattr(client, field.attname)
            for field in Client._meta.concrete_fields
            if field.attname not in VOLATILE
        }
        | {"branch": client.branch.name, "category": str(client.category), "type": str(client.company_type), "by": str(client.created_by)}
        for client in Client.objects.select_related("branch", "category", "company_type", "created_by")
    ]
    offices = [
        {field.attname: str(getattr(office, field.attname)) for field in Office._meta.concrete_fields if field.attname not in VOLATILE}
        | {"client": names[office.client_id]}
        for office in Office.objects.all()
    ]
    companies = [
        {field.attname: getattr(company, field.attname) for field in Company._meta.concrete_fields if field.attname not in VOLATILE}
        | {"client": names.get(company.client_id), "type": str(company.company_type), "by": str(company.created_by)}
        for company in Company.objects.select_related("company_type", "created_by")
    ]
    changes = [
        {
            "of": names.get(change.object_id) if change.content_type.model == "client" else change.content_type.model,
            "what": {key: value for key, value in change.changes.items() if key not in {"id", "client"}},
            "keys": sorted(change.changes),
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
            "own_key": change.object_pk == str(change.object_id)
            and change.changes.get("id", [None, change.object_id])[1] == change.object_id,
        }
        for change in Change.objects.select_related("content_type", "actor").filter(content_type__app_label__in=["clients", "contacts"])
        if change.content_type.model in {"client", "company", "office"}
    ]
    parts = {"clients": clients, "companies": companies, "offices": offices, "changes": changes}
    return {name: sorted(found, key=in_order) for name, found in parts.items()}


def in_order(record: dict) -> str:
    return json.dumps(record, sort_keys=True, default=str)


def stage_of(run: ImportRun) -> list[tuple]:
    """Return what the stage holds about each row of `run`, without keys of records."""
    return [
        (row.line, row.verdict, row.outcome, row.raw, row.values, row.changes, row.errors, row.warnings, row.target_id is None)
        for row in rows_of(run)
    ]
