"""Undoing an import in a test: what was shown, what was done, what stays."""

from contextlib import contextmanager

from auditlog.context import set_extra_data
from django.utils import timezone

from clientdesk.models import LongRun
from clients.models import Client, Company
from contacts.models import Contact, ContactOffice, Department, Office
from intake import undoing
from intake.models import ImportRun
from tests.importing import work_off


def undone(run: ImportRun, by) -> undoing.Report:
    """Undo `run` as the worker does and return what was done."""
    assert undoing.start(run.pk, by) == ""
    work_off()
    run.refresh_from_db()
    assert run.undone_at, run.undo.error
    return undoing.Report.read(run.undo_report[undoing.KIND])


def looked_at_and_undone(run: ImportRun, by) -> undoing.Report:
    """Undo `run` and return what was done, which must be what was shown before."""
    shown = undoing.look(run, by)
    report = undone(run, by)
    assert report == shown
    return report


def reasons(report: undoing.Report, run: ImportRun, by) -> dict[tuple[str, str], str]:
    """Return the sentence of all that stays, by name and fields."""
    return {(kept.name, kept.fields): kept.reason for kept in undoing.shown(report, run.work_id, by)}


def everything() -> dict[str, list]:
    """Return all records of clients and contacts, without versions, times and keys of rows that only join."""
    volatile = {"version", "updated_at"}
    return {
        model._meta.label: [
            {key: str(value) for key, value in row.items() if key not in volatile and (key != "id" or model is not ContactOffice)}
            for row in model._base_manager.order_by("pk").values()
        ]
        for model in (Client, Company, Office, Department, Contact, ContactOffice)
    }


def records(found: dict) -> dict:
    """Return the records of a world without its history and without what each save counts up."""
    return {
        name: [{key: value for key, value in one.items() if key != "version"} for one in some]
        for name, some in found.items()
        if name != "changes"
    }


@contextmanager
def an_import(boss):
    """Let what is saved inside be the work of an import, and give that import when it is over."""
    long_run = LongRun.objects.create(kind="import_apply", state="done", owner=boss)
    run = ImportRun.objects.create(filename="x.csv", sha256="x", state="done", work=long_run, created_by=boss, started_at=timezone.now())
    with set_extra_data({"actor": boss, "run": long_run}):
        yield run
    run.finished_at = timezone.now()
    run.save()
