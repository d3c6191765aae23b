"""`python -m tests.bench.reports`: the Job Queries report over many jobs, on the database of DATABASE_URL, beside the stock way.

    python -m tests.bench.reports --jobs 200000 --clients 2000

The stock way reads every job as a record and judges it in Python, and exports by import-export. It works in a database of its own that
is thrown away afterwards.
"""

import argparse
import logging
import os
import random
import statistics
import sys
import time
import tracemalloc
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from itertools import batched

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
import django

django.setup()

from django.conf import settings  # noqa: E402
from django.db import connection  # noqa: E402
from django.test.runner import DiscoverRunner  # noqa: E402
from django.utils import timezone  # noqa: E402
from import_export import resources  # noqa: E402

from clientdesk.lists import forget_full  # noqa: E402
from clientdesk.models import User  # noqa: E402
from clientdesk.rights import Role  # noqa: E402
from clients.models import Branch, Client  # noqa: E402
from contacts.models import Contact, Office  # noqa: E402
from jobs.models import Job  # noqa: E402
from jobs.timing import NEVER  # noqa: E402
from tests.bench.pages import browser  # noqa: E402

# The stock export asks once more for each row: what it does with a thousand tells enough.
REPORT, ROUNDS, STOCK_ROWS = "/reports/jobs/", 5, 1_000
PAGES = ("?view=all", "?view=all&client={client}", "?view=all&period=12-months", "?view=all&priority=urgent&sla=late", "?view=all&q=pump")
SUBJECTS = ("Replace the pump", "Printer is dead", "Yearly inspection", "Network drops", "Calibrate the scale")


class StockJobs(resources.ModelResource):
    """The export as import-export's documentation shows it."""

    class Meta:
        model = Job
        fields = ("number", "subject", "client__name", "created_at", "status", "priority", "open_due_at", "job_type__name")


def seed(jobs: int, clients: int) -> None:
    """Make `clients` with a contact each and `jobs` of three years in every state."""
    chance, now = random.Random(7), timezone.now()
    branch = Branch.objects.create(name="Berlin", code="BER", legal_name="Nordwort GmbH", is_headquarters=True, is_default=True)
    made = Client.objects.bulk_create(
        Client(number=f"C{n}", name=f"Client {n}", name_key=f"client {n:06}", search_key=f"client {n}", legal_name="x", branch=branch)
        for n in range(clients)
    )
    offices = Office.objects.bulk_create(Office(client=one, name="Head office", is_headquarters=True) for one in made)
    people = Contact.objects.bulk_create(
        Contact(client=office.client, default_office=office, last_name=f"Person {n}", is_primary=True) for n, office in enumerate(offices)
    )
    technician = User.objects.invite("tech@desk.example", role=Role.DESK, last_name="Dahl", technician=True)
    # In parts: all at once would keep every job in memory.
    for part in batched(range(jobs), 5000, strict=False):
        Job.objects.bulk_create(_job(n, chance, offices, people, technician, now) for n in part)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE jobs_job SET created_at = COALESCE(requested_at, opened_at)")
        if connection.vendor == "postgresql":
            cursor.execute("VACUUM ANALYZE")


def _job(n: int, chance: random.Random, offices: list, people: list, technician: User, now) -> Job:
    place, at = chance.randrange(len(offices)), now - timedelta(hours=chance.uniform(1, 3 * 365 * 24))
    status = chance.choices(["closed", "resolved", "assigned", "open", "cancelled"], [80, 6, 5, 4, 5])[0]
    due, stopped = at + timedelta(hours=8), None if status == "open" else at + timedelta(hours=chance.uniform(0.1, 10))
    closed = at + timedelta(hours=chance.uniform(10, 200)) if status == "closed" else None
    subject = chance.choice(SUBJECTS)
    return Job(
        **{"number": f"J-{n:06}", "subject": subject, "search_key": f"j-{n:06} {subject.lower()}", "client": offices[place].client},
        **{"office": offices[place], "contact": people[place], "assignee": technician, "status": status, "closed_at": closed},
        **{"opened_at": at, "open_due_at": due, "open_risk_at": due, "open_stopped_at": stopped, "due_key": NEVER if stopped else due},
        priority=chance.choice(["low", "normal", "normal", "high", "urgent"]),
    )


def timed(act: Callable[[], object], rounds: int = ROUNDS) -> tuple[float, float]:
    """Return the seconds of the first time and the median of `rounds` further ones."""
    found = []
    for _round in range(rounds + 1):
        begin = time.perf_counter()
        act()
        found.append(time.perf_counter() - begin)
    return found[0], statistics.median(found[1:])


def stock_report(jobs: int) -> Counter:
    """Count `jobs` jobs by month and state of their clock, each as a record."""
    counted = Counter()
    for job in Job.objects.all()[:jobs].iterator():
        counted[timezone.localtime(job.created_at).strftime("%Y-%m"), job.sla_state] += 1
    return counted


def say(text: str = "") -> None:
    """Print one line at once."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def measure(count: int) -> None:
    """Measure pages and files and print them."""
    desk, client = browser(Role.DESK), Client.objects.order_by("pk").first()
    # What a process loads once, such as templates and the names of countries.
    desk.get(f"{REPORT}?view=all&q=zzzz")
    for page in PAGES:
        url = REPORT + page.format(client=client.pk)
        forget_full()
        first, again = timed(lambda url=url: desk.get(url))
        say(f"  {page:40} first {first:6.3f} s   again {again:6.3f} s")
    _first, ours = timed(lambda: desk.get(f"{REPORT}?view=all"), 3)
    part = min(count, STOCK_ROWS * 10)
    _warm, stock = timed(lambda: stock_report(part), 1)
    say(f"  figures record by record: {stock * count / part:.1f} s for all (measured on {part:,}), {stock * count / part / ours:.0f}x ours")
    _files(desk, count)


def _files(desk, count: int) -> None:
    export = f"{REPORT}export/?view=all&format="
    _warm, seconds = timed(lambda: StockJobs().export(Job.objects.order_by("-created_at")[:STOCK_ROWS]).export("csv"), 1)
    stock = min(count, STOCK_ROWS) / seconds
    for kind in ("csv", "xlsx"):
        begin = time.perf_counter()
        pieces = iter(desk.get(export + kind).streaming_content)
        next(pieces)
        first = time.perf_counter() - begin
        for _piece in pieces:
            pass
        rows = count / (time.perf_counter() - begin)
        say(f"  {kind:5} {rows:10,.0f} rows/s   {rows / stock:5.1f}x stock ({stock:,.0f} rows/s)   first byte {first:.3f} s")
    tracemalloc.start()
    for _piece in desk.get(f"{export}csv").streaming_content:
        pass
    say(f"  memory of the CSV file at most {tracemalloc.get_traced_memory()[1] / 1e6:.1f} MB")
    tracemalloc.stop()


def main() -> None:
    """Seed, measure, throw away."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--jobs", type=int, default=200_000)
    parser.add_argument("--clients", type=int, default=2_000)
    wanted = parser.parse_args()
    settings.LOGGING_CONFIG = None
    logging.disable(logging.INFO)
    runner = DiscoverRunner(verbosity=0, interactive=False)
    made = runner.setup_databases()
    try:
        seed(wanted.jobs, wanted.clients)
        say(f"{connection.vendor}: {wanted.jobs:,} jobs of {wanted.clients:,} clients; a page from the address to the last byte")
        measure(wanted.jobs)
    finally:
        runner.teardown_databases(made)


if __name__ == "__main__":
    main()
