"""`python -m tests.bench.lists`: database time of every list, filter, search and profile page, small and large, on PostgreSQL.

    python -m tests.bench.lists --sizes 100000 1000000 --rounds 11

Each size has a database of its own in a throw-away cluster; one that POSTGRES_ROOT names is kept, and what it holds is not filled again. A
page is asked through the real view; what is measured is the time of its statements as the web process sees it: the median, the least, that
of the first time, and what the server's process worked, which other work on the machine does not stretch. Beside them stand the shapes that
such pages usually have. SCALE=0.1 makes all sizes smaller.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parents[2]
GOAL_MS, MOST_GROWTH = 10.0, 1.5


def main() -> None:
    """Fill and measure each size in a process of its own, then print them side by side."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sizes", type=int, nargs="+", default=[100_000, 1_000_000])
    parser.add_argument("--rounds", type=int, default=11)
    parser.add_argument("--only", default="", help="only pages whose name holds this")
    parser.add_argument("--measure", default="", help=argparse.SUPPRESS)
    wanted = parser.parse_args()
    if wanted.measure:
        _measure(wanted.sizes[0], wanted.rounds, wanted.only, Path(wanted.measure))
        return
    sizes = [int(size * float(os.environ.get("SCALE", "1"))) for size in wanted.sizes]
    with tempfile.TemporaryDirectory(prefix="cdb-", dir="/tmp") as folder:
        # The server's own user must be able to enter.
        Path(folder).chmod(0o755)
        kept = os.environ.get("POSTGRES_ROOT")
        environment = os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings", "LOG_LEVEL": "ERROR"}
        environment["POSTGRES_ROOT"] = kept or f"{folder}/pg"
        _postgres(environment, "start")
        try:
            found = [_size(environment, size, wanted, Path(folder) / f"{size}.json") for size in sizes]
        finally:
            if not kept:
                _postgres(environment, "stop")
    _print(sizes, found)


def _postgres(environment: dict[str, str], *words: str) -> str:
    return subprocess.run([HERE / ".ci/postgres", *words], env=environment, check=True, capture_output=True, text=True).stdout.strip()


def _size(environment: dict[str, str], size: int, wanted: argparse.Namespace, out: Path) -> dict[str, dict]:
    url = _postgres(environment, "url", f"lists_{size}")
    command = [sys.executable, "-m", "tests.bench.lists", "--measure", str(out), "--sizes", str(size), "--rounds", str(wanted.rounds)]
    subprocess.run([*command, "--only", wanted.only], env=environment | {"DATABASE_URL": url}, check=True, cwd=HERE)
    return json.loads(out.read_text())


def _measure(size: int, rounds: int, only: str, out: Path) -> None:
    import time

    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    from clientdesk import stretch_upkeep
    from clients.models import Client
    from tests.bench import many, naive, pages

    settings.LOGGING_CONFIG = None
    call_command("migrate", verbosity=0)
    begin = time.perf_counter()
    if not Client.objects.exists():
        many.fill(size)
    # What the worker does little by little.
    stretch_upkeep.count_all()
    sys.stderr.write(f"{size:,} clients with all that hangs on them in {time.perf_counter() - begin:.0f} s\n")
    by = pages.browser()
    found = {}
    for one in pages.measure(by, only, rounds):
        found[one.name] = vars(one)
    for name, times in naive.measured(3):
        if only in name:
            found[f"usual: {name}"] = vars(pages.Measured(name, 1, *times))
    out.write_text(json.dumps(found))


def _print(sizes: list[int], found: list[dict[str, dict]]) -> None:
    heads = "".join(f"{size:>14,} least server   first " for size in sizes)
    lines = [f"{'database ms of a page':44} statements {heads} growth"]
    over, grown = [], []
    for name in found[-1]:
        ones = [at[name] for at in found if name in at]
        if ones[-1]["status"] != 200:
            lines.append(f"{name:44} answered {ones[-1]['status']}")
            continue
        growth = _growth(ones[0], ones[-1])
        times = "".join(f"{one['median']:14.2f} {one['best']:5.1f} {one['processor']:6.1f} {one['first']:7.1f} " for one in ones)
        lines.append(f"{name:44} {ones[-1]['statements']:6}     {times} {growth:5.2f}x")
        if name.startswith("usual"):
            continue
        if (least := ones[-1]["processor"] or ones[-1]["best"]) > GOAL_MS:
            over.append(f"{name} {least:.1f}: {ones[-1]['slowest'][:300]}")
        if growth > MOST_GROWTH:
            # Ten rows against fifty tell of the page, not of the database.
            fuller = ones[-1]["rows"] > ones[0]["rows"] * MOST_GROWTH
            grown.append(f"{name} {growth:.2f}x" + f", of {ones[0]['rows']} rows then and {ones[-1]['rows']} now" * fuller)
    lines.append(f"{len(over)} pages above {GOAL_MS:.0f} ms" + "".join(f"\n  {one}" for one in over))
    lines.append(f"{len(grown)} pages grown by more than half" + "".join(f"\n  {one}" for one in grown))
    sys.stdout.write("\n".join(lines) + "\n")


def _growth(small: dict, large: dict) -> float:
    """Return how many times as long the page takes with the most records: by what the server worked where that is known."""
    measure = "processor" if small["processor"] and large["processor"] else "best"
    return large[measure] / small[measure] if small[measure] else 0


if __name__ == "__main__":
    main()
