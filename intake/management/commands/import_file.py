"""`manage.py import_file`: the same import without a browser, for nightly feeds (CD4). Exit 0 all done, 1 rows failed, 2 file refused."""

import json
import os
import sys
import time
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path

from django.core.files import File
from django.core.management import BaseCommand, CommandError
from django.utils.translation import gettext as _

from clientdesk import work
from clientdesk.models import LongRun
from intake import applying, planning, sentences
from intake.column import Column
from intake.identifying import usable
from intake.kinds import KINDS, keys, resource
from intake.models import ImportRun, Outcome, StagedRow, Verdict
from intake.reports import errors_of, reasons
from intake.uploads import NotStored, receive

REFUSED, FAILED = 2, 1
# By which column a row is called.
HEADINGS = ("name", "last_name", "client_name")


class Command(BaseCommand):
    help = (
        "Import a CSV or XLSX file. Without --skip-errors one wrong row stops everything. "
        "Exit status: 0 all done, 1 rows failed, 2 the file was refused."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", help="the file to import")
        parser.add_argument("--kind", required=True, choices=ImportRun.Kind.values)
        parser.add_argument("--mode", default=ImportRun.Mode.UPSERT.value, choices=ImportRun.Mode.values)
        parser.add_argument(
            "--key", default="", choices=["", *ImportRun.Key.values], help="the identifying field; found by itself if not given"
        )
        parser.add_argument("--plan", action="store_true", help="change nothing; print what would happen to every row and cell")
        parser.add_argument("--json", action="store_true", dest="as_json", help="print one JSON object a row and a summary object last")
        parser.add_argument("--skip-errors", action="store_true", help="leave wrong rows out and import the others")

    def handle(self, *, file: str, kind: str, mode: str, key: str, plan: bool, as_json: bool, skip_errors: bool, **options) -> None:
        if kind not in KINDS:
            self._refuse(sentences.not_available(str(ImportRun.Kind(kind).label)), as_json)
        if key and key not in keys(kind):
            self._refuse(sentences.no_such_key(str(ImportRun.Key(key).label), str(ImportRun.Kind(kind).label)), as_json)
        run = self._queued(Path(file), kind, as_json, mode=mode, skip_errors=skip_errors)
        finish(run.work)
        run = ImportRun.objects.select_related("work").get(pk=run.pk)
        if key and run.standing == ImportRun.State.REVIEW and run.key != key:
            run.key, run.is_matched = key, True
            planning.replan(run, None)
            finish(run.work)
            run = ImportRun.objects.select_related("work").get(pk=run.pk)
        if run.standing != ImportRun.State.REVIEW:
            reason = "\n".join(run.problems) or run.refusal
            forget(run)
            self._refuse(reason, as_json)
        if key and key not in usable(run):
            forget(run)
            self._refuse(sentences.missing_column(str(resource(kind).fields[key].label)), as_json)
        wrong = run.counts.get(Verdict.ERROR, 0)
        stopped = plan or (wrong and not skip_errors)
        if not stopped:
            applying.start(run.pk, None)
            run = ImportRun.objects.select_related("work").get(pk=run.pk)
            finish(run.work)
            run = ImportRun.objects.select_related("work").get(pk=run.pk)
        self._report(run, plan, as_json)
        if stopped:
            forget(run)
        if run.started_at and run.state != ImportRun.State.DONE:
            self.stderr.write(run.refusal)
            sys.exit(FAILED)
        if run.figures["failed"]:
            sys.exit(FAILED)

    def _refuse(self, sentence: str, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps({"refused": sentence}, ensure_ascii=False))
        raise CommandError(sentence, returncode=REFUSED)

    def _queued(self, path: Path, kind: str, as_json: bool, **chosen) -> ImportRun:
        try:
            with path.open("rb") as content:
                run, fresh = receive(File(content, name=path.name), kind, None, **chosen)
        except NotStored as trouble:
            self._refuse(str(trouble), as_json)
        except OSError as error:
            self._refuse(_("“%(file)s” cannot be read: %(reason)s.") % {"file": path, "reason": error.strerror}, as_json)
        if not fresh:
            self._refuse(_("“%(file)s” is being imported already. Finish or cancel that import first.") % {"file": path.name}, as_json)
        return run

    def _report(self, run: ImportRun, plan: bool, as_json: bool) -> None:
        fields = resource(run.kind).fields
        for column in fields.values():
            column.widget.load()
        labels = {key: column.label for key, column in fields.items()}
        for row in run.rows.order_by("line").iterator(2_000):
            if as_json:
                self.stdout.write(json.dumps(as_object(row, run, fields), ensure_ascii=False))
            elif plan or row.verdict == Verdict.ERROR or row.errors:
                self.stdout.writelines(f"{line}\n" for line in as_lines(row, run, labels, fields))
        figures = run.figures
        if as_json:
            self.stdout.write(json.dumps(figures))
        else:
            self.stdout.write(", ".join(f"{name}: {count}" for name, count in figures.items()))


def finish(long_run: LongRun) -> None:
    """Do all of `long_run` here; where a worker took it up meanwhile, wait until it is over."""
    name = f"command-{os.getpid()}"
    while LongRun.objects.open().filter(pk=long_run.pk).exists():
        if not work.advance_due(name, long_run):
            time.sleep(0.2)


def forget(run: ImportRun) -> None:
    """Throw the run away with its file and stage: it changed nothing."""
    run.rows.all().delete()
    run.file.delete(save=False)
    long_run, run.work = run.work, None
    run.delete()
    if long_run:
        long_run.delete()


def as_object(row: StagedRow, run: ImportRun, fields: dict[str, Column]) -> dict[str, object]:
    """Return one row as `--json` prints it: values and changes as people write them, sentences by column key."""
    called = next((position for heading in HEADINGS for position, key in run.mapping if key == heading), None)
    name = (row.values or {}).get("name") or ("" if called is None else row.raw[called])
    changes = {key: [fields[key].widget.render(value) for value in pair] for key, pair in (row.changes or {}).items()}
    return {
        "row": row.line,
        "verdict": row.verdict,
        "outcome": row.outcome or (Outcome.FAILED if row.verdict == Verdict.ERROR else None),
        "name": name,
        "contact" if run.kind == ImportRun.Kind.CONTACT else "client": row.target_id,
        "values": {key: fields[key].widget.render(value) for key, value in (row.values or {}).items()},
        "changes": changes,
        "errors": errors_of(run, row),
        "warnings": row.warnings or {},
    }


def as_lines(row: StagedRow, run: ImportRun, labels: dict[str, str], fields: dict[str, Column]) -> Iterator[str]:
    """Yield one row as text: its verdict, then a line for each changed cell and each sentence."""
    yield _("Row %(line)d: %(verdict)s") % {
        "line": row.line,
        "verdict": (row.outcome and Outcome(row.outcome).label) or Verdict(row.verdict).label,
    }
    for key, (before, after) in (row.changes or {}).items():
        render = fields[key].widget.render
        yield f"  {labels[key]}: “{render(before)}” -> “{render(after)}”"
    if row.verdict == Verdict.NEW:
        yield from (f"  {labels[key]}: “{fields[key].widget.render(value)}”" for key, value in (row.values or {}).items())
    for said in (errors_of(run, row), row.warnings):
        yield from (f"  {sentence}" for sentence in reasons(said, labels).split(" | ") if sentence)
