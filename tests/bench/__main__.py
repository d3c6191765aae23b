"""`python -m tests.bench`: rows per second of our import, of the stock import and of the limit, on the database of DATABASE_URL.

    python -m tests.bench --rows 10000 --stock-rows 1000

All three work in a database of their own that is thrown away afterwards. The stock import may get fewer rows, for it is slow; its
time grows in step with the rows, so rows per second compare.
"""

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
import django

django.setup()

import tablib  # noqa: E402
from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.test.runner import DiscoverRunner  # noqa: E402

from clientdesk.spreadsheets import write_xlsx  # noqa: E402
from tests.bench import flows, stock  # noqa: E402


def say(text: str = "") -> None:
    """Print one line at once."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def measured[Result](act: Callable[[], Result]) -> tuple[float, Result]:
    """Return the seconds that `act` took and what it returned."""
    begin = time.perf_counter()
    result = act()
    return time.perf_counter() - begin, result


def clear() -> None:
    """Empty every table that the flows fill, so that each begins alike."""
    call_command("flush", verbosity=0, interactive=False, allow_cascade=True)
    call_command("loaddata", "branches", "categories", "company_types", "positions", "demo_company", verbosity=0)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=10_000)
    parser.add_argument("--stock-rows", type=int, default=1_000)
    wanted = parser.parse_args()
    settings.LOGGING_CONFIG = None
    runner = DiscoverRunner(verbosity=0, interactive=False)
    made = runner.setup_databases()
    try:
        with tempfile.TemporaryDirectory() as folder:
            settings.MEDIA_ROOT = Path(folder) / "media"
            _compare(Path(folder), wanted.rows, wanted.stock_rows)
    finally:
        runner.teardown_databases(made)


def _compare(folder: Path, count: int, stock_count: int) -> None:
    rows = flows.table(count)
    sheet = folder / "clients.xlsx"
    sheet.write_bytes(b"".join(write_xlsx([flows.HEADERS, *rows])))
    say(f"{connection.vendor}: {count:,} rows x {len(flows.HEADERS)} columns as XLSX, {sheet.stat().st_size / 1024:,.0f} kB")

    clear()
    before = flows.last_keys()
    seconds, parts = measured(lambda: flows.ours(sheet))
    ours = count / seconds
    say(f"  ours, upload to result     {seconds:7.2f} s  {ours:10,.0f} rows/s   {parts}")

    ready = flows.stored(before)
    clear()
    seconds, _ = measured(lambda: flows.load(ready))
    limit = count / seconds
    say(f"  limit, COPY with history   {seconds:7.2f} s  {limit:10,.0f} rows/s")
    clear()
    seconds, _ = measured(lambda: flows.load(ready[:1]))
    bare = count / seconds
    say(f"  bare COPY of the clients   {seconds:7.2f} s  {bare:10,.0f} rows/s")

    clear()
    part = [flows.as_codes(row) for row in rows[: stock_count + 20] if flows.is_right(row)][:stock_count]
    dataset = tablib.Dataset(*part, headers=stock.KEYS)
    short = folder / "stock.xlsx"
    short.write_bytes(dataset.export("xlsx"))
    seconds, results = measured(lambda: stock.run(tablib.Dataset().load(short.read_bytes(), "xlsx")))
    slow = len(part) / seconds
    assert results[1].totals["new"] == len(part), results[1].totals
    say(f"  stock, preview and import  {seconds:7.2f} s  {slow:10,.0f} rows/s   on {len(part):,} right rows of the same table")
    say()
    say(f"  ours / stock {ours / slow:.0f}x   ours / limit {ours / limit:.0%}   ours / bare COPY {ours / bare:.0%}")


if __name__ == "__main__":
    main()
