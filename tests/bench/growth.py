"""`python -m tests.bench.growth`: the figures of an import that need more than one run (import.md section 10).

Upsert where one row in ten changes, beside the stock import of the same rows; a workbook from upload to review, beside the stock
preview; the size of a page of the review; CSV files of 10,000, 100,000 and 1,000,000 rows with the memory that the largest takes.
SCALE makes all of them smaller: `SCALE=0.01 python -m tests.bench.growth`.
"""

import csv
import hashlib
import os
import resource
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.bench.__main__ import clear, measured, say  # sets Django up

# ruff: isort: split
import tablib
from django.conf import settings
from django.core.files import File
from django.db import connection, transaction
from django.test import Client as Browser
from django.test.runner import DiscoverRunner
from django.urls import reverse

from clientdesk.models import Change, User
from clientdesk.rights import Role
from clientdesk.spreadsheets import write_xlsx
from intake import applying, planning
from intake.models import ImportRun
from tests.bench import flows, stock

SIZES, SHEET, TABLE, STOCK = (10_000, 100_000, 1_000_000), 100_000, 10_000, 500
CITY, EXTERNAL_ID = flows.KEYS.index("city"), flows.KEYS.index("external_id")


def scaled(count: int) -> int:
    """Return `count` as the variable SCALE wants it, never less than some rows."""
    return max(int(count * float(os.environ.get("SCALE", "1"))), 40)


def brought(path: Path) -> ImportRun:
    """Upload the file at `path` piece by piece and plan it; return its run, which waits for its review."""
    digest = hashlib.sha256()
    with path.open("rb") as content, transaction.atomic():
        for piece in iter(lambda: content.read(1 << 16), b""):
            digest.update(piece)
        content.seek(0)
        run = ImportRun(filename=path.name, size=path.stat().st_size, sha256=digest.hexdigest())
        run.file.save(path.name, File(content), save=False)
        work_run = planning.start(run, None)
    while not planning.advance(work_run):
        pass
    planning.done(work_run)
    run.refresh_from_db()
    return run


def applied(run: ImportRun) -> ImportRun:
    """Import the reviewed `run`; return it as it is then."""
    assert applying.start(run.pk, None)
    run.refresh_from_db()
    while not applying.advance(run.work):
        pass
    applying.done(run.work)
    run.refresh_from_db()
    return run


def most_memory() -> float:
    """Return the most memory that this process ever had, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def csv_file(path: Path, rows: Iterator[list[str]]) -> Path:
    """Write `rows` beneath the headers of the bench; return `path`."""
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(flows.HEADERS)
        writer.writerows(rows)
    return path


def growth(folder: Path) -> None:
    """Print speed and memory of ever larger CSV files. The smallest comes first: the most memory that a process had never falls."""
    first = base = 0.0
    for size in map(scaled, SIZES):
        clear()
        path = csv_file(folder / f"{size}.csv", flows.table_of(size))
        seconds, run = measured(lambda path=path: applied(brought(path)))
        path.unlink()
        speed = size / seconds
        first, base = first or speed, base or most_memory()
        more = most_memory() - base
        say(f"  {size:9,} rows of CSV   {speed:8,.0f} rows/s   {speed / first:4.0%} of the first   +{more:.0f} MB   {run.figures}")


def upsert(folder: Path) -> None:
    """Print how fast a file goes in of which one row in ten changes a client and the others change nothing, beside the stock import."""
    clear()
    # Found by their names, as the stock import finds them: only some rows have an external ID.
    rows = [[*row[:EXTERNAL_ID], "", *row[EXTERNAL_ID + 1 :]] for row in flows.table(scaled(TABLE)) if flows.is_right(row)]
    applied(brought(csv_file(folder / "before.csv", iter(rows))))
    changed = [[*row[:CITY], f"{row[CITY]}-Neu", *row[CITY + 1 :]] if place % 10 == 0 else row for place, row in enumerate(rows)]
    told = Change.objects.count()
    seconds, run = measured(lambda: applied(brought(csv_file(folder / "after.csv", iter(changed)))))
    written, speed = Change.objects.count() - told, len(rows) / seconds
    part = [
        flows.as_codes([*row[:CITY], f"{row[CITY]}-Alt", *row[CITY + 1 :]] if place % 10 == 0 else row) for place, row in enumerate(rows)
    ]
    part = part[: min(STOCK, len(part))]
    seconds, _results = measured(lambda: stock.run(tablib.Dataset(*part, headers=stock.KEYS)))
    beside = len(part) / seconds
    say(f"  upsert, 10 % changed    {speed:8,.0f} rows/s   {speed / beside:4.0f}x stock ({beside:,.0f} rows/s)   {run.figures}")
    say(f"    history entries {written:,}: one for each changed row, none for an unchanged one")


def preview(folder: Path) -> None:
    """Print how long a workbook takes from upload to review beside the stock preview, and how large a page of the review is."""
    clear()
    count = scaled(SHEET)
    sheet = folder / "large.xlsx"
    sheet.write_bytes(b"".join(write_xlsx([flows.HEADERS, *flows.table(count)])))
    seconds, run = measured(lambda: brought(sheet))
    speed = count / seconds
    rows = [row for row in flows.table(scaled(TABLE)) if flows.is_right(row)][:STOCK]
    part = tablib.Dataset(*map(flows.as_codes, rows), headers=stock.KEYS)
    clear()
    seconds, _result = measured(lambda: stock.StockResource().import_data(part, dry_run=True))
    beside = len(part) / seconds
    say(f"  {count:,} rows of XLSX to review   {speed:8,.0f} rows/s   {speed / beside:4.0f}x the stock preview ({beside:,.0f} rows/s)")
    del run
    run = brought(sheet)
    size = len(_browser().get(reverse("intake:review", args=[run.pk])).content) / 1024
    say(f"  page of its review         {size:8,.0f} kB")


def _browser() -> Browser:
    boss, _made = User.objects.get_or_create(email="bench@desk.example", defaults={"role": Role.MANAGER, "is_active": True})
    browser = Browser()
    browser.force_login(boss)
    return browser


def main() -> None:
    """Measure and print."""
    settings.LOGGING_CONFIG = None
    runner = DiscoverRunner(verbosity=0, interactive=False)
    made = runner.setup_databases()
    try:
        with tempfile.TemporaryDirectory() as folder:
            settings.MEDIA_ROOT = Path(folder) / "media"
            say(f"{connection.vendor}: growth, upsert, preview (scale {os.environ.get('SCALE', '1')})")
            clear()
            flows.ours(_warm_sheet(Path(folder)))
            for measure in (growth, upsert, preview):
                measure(Path(folder))
    finally:
        runner.teardown_databases(made)


def _warm_sheet(folder: Path) -> Path:
    sheet = folder / "warm.xlsx"
    sheet.write_bytes(b"".join(write_xlsx([flows.HEADERS, *flows.table(60)])))
    return sheet


if __name__ == "__main__":
    sys.exit(main())
