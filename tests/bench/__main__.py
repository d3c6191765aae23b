"""`python -m tests.bench`: rows per second of our import, of the stock import and of the limit, on the database of DATABASE_URL.

    python -m tests.bench --rows 10000 --stock-rows 500 --rounds 3

On a busy machine `--processor` compares processor time instead (of this process and of those that it starts, so that reading the
file, which runs beside the rest, counts in full); that of a PostgreSQL server is not in it.

All work in a database of their own that is thrown away afterwards, in turn, several rounds; the best round of each counts, so that
what else the machine does weighs less. The stock import gets fewer rows, for it is slow; its time grows in step with the rows, so
rows per second compare.
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
from clients.models import Client  # noqa: E402
from tests.bench import exports, flows, stock  # noqa: E402
from tests.emptying import let_tests_empty  # noqa: E402


def say(text: str = "") -> None:
    """Print one line at once."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def processor() -> float:
    """Return the processor time so far, in seconds, of this process and of those that it started and that ended."""
    return sum(os.times()[:4])


def measured[Result](act: Callable[[], Result], clock: Callable[[], float] = time.perf_counter) -> tuple[float, Result]:
    """Return the seconds that `act` took by `clock` and what it returned."""
    begin = clock()
    result = act()
    return clock() - begin, result


def clear() -> None:
    """Empty every table that the flows fill, so that each begins alike."""
    let_tests_empty()
    call_command("flush", verbosity=0, interactive=False, allow_cascade=True)
    call_command("loaddata", "branches", "categories", "company_types", "positions", "demo_company", verbosity=0)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=10_000)
    parser.add_argument("--stock-rows", type=int, default=500)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only-exports", action="store_true")
    parser.add_argument("--processor", dest="clock", action="store_const", const=processor, default=time.perf_counter)
    wanted = parser.parse_args()
    settings.LOGGING_CONFIG = None
    runner = DiscoverRunner(verbosity=0, interactive=False)
    made = runner.setup_databases()
    try:
        with tempfile.TemporaryDirectory() as folder:
            settings.MEDIA_ROOT = Path(folder) / "media"
            _warm(Path(folder))
            if not wanted.only_exports:
                _compare(Path(folder), wanted.rows, wanted.stock_rows, wanted.rounds, wanted.clock)
            _compare_exports(Path(folder), wanted.rows, wanted.stock_rows)
    finally:
        runner.teardown_databases(made)


def _warm(folder: Path) -> None:
    """Let both sides load once what a process loads once, such as the names of countries, as in a worker that runs for days."""
    clear()
    rows = flows.table(60)
    sheet = folder / "warm.xlsx"
    sheet.write_bytes(b"".join(write_xlsx([flows.HEADERS, *rows])))
    flows.ours(sheet)
    clear()
    stock.run(tablib.Dataset(*[flows.as_codes(row) for row in rows if flows.is_right(row)], headers=stock.KEYS))


def _compare(folder: Path, count: int, stock_count: int, rounds: int, clock: Callable[[], float]) -> None:
    rows = flows.table(count)
    sheet = folder / "clients.xlsx"
    sheet.write_bytes(b"".join(write_xlsx([flows.HEADERS, *rows])))
    part = [flows.as_codes(row) for row in rows[: stock_count + 20] if flows.is_right(row)][:stock_count]
    short = folder / "stock.xlsx"
    short.write_bytes(tablib.Dataset(*part, headers=stock.KEYS).export("xlsx"))
    size = sheet.stat().st_size / 1024
    say(f"{connection.vendor}: {count:,} rows x {len(flows.HEADERS)} columns as XLSX, {size:,.0f} kB; best of {rounds}")
    found: dict[str, list[float]] = {"ours": [], "limit": [], "bare": [], "stock": []}
    for _round in range(rounds):
        said = _round_of(found, sheet, short, count, len(part), clock)
    best = {name: max(speeds) for name, speeds in found.items()}
    say(f"  ours, upload to result       {best['ours']:10,.0f} rows/s   {said}")
    say(f"  limit, COPY with history     {best['limit']:10,.0f} rows/s   the same records and history, already clean")
    say(f"  bare COPY of the clients     {best['bare']:10,.0f} rows/s   without offices and history")
    say(f"  stock, preview and import    {best['stock']:10,.0f} rows/s   on {len(part):,} right rows of the same table, same history")
    say()
    say(
        f"  ours / stock {best['ours'] / best['stock']:.0f}x   ours / limit {best['ours'] / best['limit']:.0%}   "
        f"ours / bare COPY {best['ours'] / best['bare']:.0%}"
    )


def _round_of(found: dict[str, list[float]], sheet: Path, short: Path, count: int, stock_count: int, clock: Callable[[], float]) -> str:
    """Measure each flow once, from the same start; return what came of ours."""
    clear()
    before = flows.last_keys()
    seconds, said = measured(lambda: flows.ours(sheet), clock)
    found["ours"].append(count / seconds)
    ready = flows.stored(before)
    for name, tables in (("limit", ready), ("bare", ready[:1])):
        clear()
        seconds, _nothing = measured(lambda tables=tables: flows.load(tables), clock)
        found[name].append(count / seconds)
    clear()
    seconds, results = measured(lambda: stock.run(tablib.Dataset().load(short.read_bytes(), "xlsx")), clock)
    if results[1].totals["new"] != stock_count:
        raise SystemExit(f"The stock import did not take every row: {dict(results[1].totals)}")
    found["stock"].append(stock_count / seconds)
    return said


def _compare_exports(folder: Path, count: int, stock_count: int) -> None:
    """Measure the exports of `count` clients, and import-export's own of `stock_count` of them."""
    clear()
    sheet = folder / "exported.xlsx"
    sheet.write_bytes(b"".join(write_xlsx([flows.HEADERS, *flows.table(count)])))
    flows.ours(sheet)
    found = exports.ours(Client.objects.count())
    beside = exports.stock(min(stock_count, count))
    say(f"{connection.vendor}: exports of {Client.objects.count():,} clients; import-export's own of {min(stock_count, count):,}")
    for name, speed in found.items():
        stock_speed = beside["csv" if name == "csv" else "xlsx"]
        say(
            f"  {name:8} {speed.rows:10,.0f} rows/s   {speed.rows / stock_speed.rows:5.1f}x stock ({stock_speed.rows:,.0f} rows/s)   "
            f"first byte {speed.first:.3f} s   memory {speed.memory:.1f} MB"
        )


if __name__ == "__main__":
    main()
