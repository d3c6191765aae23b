"""`python -m tests.bench.lists`: database time of every list, filter, search and profile page, small and large, on PostgreSQL.

    python -m tests.bench.lists --sizes 100000 1000000 --rounds 11

Each size has a database of its own in a throw-away cluster. A page is asked through the real view; what is measured is the time of
its statements as the web process sees it. Beside them stand the shapes that such pages usually have. SCALE=0.1 makes all sizes smaller.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parents[2]
GOAL_MS = 10.0


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
        environment = os.environ | {"POSTGRES_ROOT": f"{folder}/pg", "DJANGO_SETTINGS_MODULE": "tests.settings", "LOG_LEVEL": "ERROR"}
        _postgres(environment, "start")
        try:
            found = [_size(environment, size, wanted, Path(folder) / f"{size}.json") for size in sizes]
        finally:
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

    from clients.models import Client
    from tests.bench import many, naive, pages

    settings.LOGGING_CONFIG = None
    call_command("migrate", verbosity=0)
    begin = time.perf_counter()
    if not Client.objects.exists():
        many.fill(size)
    sys.stderr.write(f"{size:,} clients with all that hangs on them in {time.perf_counter() - begin:.0f} s\n")
    by = pages.browser()
    found = {}
    for name, url in pages.pages(by):
        if only in name:
            one = pages.measure(name, url, by, rounds)
            found[name] = vars(one)
    for name, median in naive.measured(3):
        if only in name:
            found[f"usual: {name}"] = vars(pages.Measured(name, 1, median, median, first=median))
    out.write_text(json.dumps(found))


def _print(sizes: list[int], found: list[dict[str, dict]]) -> None:
    heads = "".join(f"{size:>12,} p95  first  " for size in sizes)
    lines = [f"{'database ms of a page':44} statements {heads} growth"]
    over = []
    for name in found[-1]:
        ones = [at[name] for at in found if name in at]
        if ones[-1]["status"] != 200:
            lines.append(f"{name:44} answered {ones[-1]['status']}")
            continue
        grown = ones[-1]["median"] / ones[0]["median"] if ones[0]["median"] else 0
        times = "".join(f"{one['median']:11.2f} {one['p95']:6.2f} {one['first']:6.1f} " for one in ones)
        lines.append(f"{name:44} {ones[-1]['statements']:6}   {times} {grown:5.2f}x")
        if ones[-1]["median"] > GOAL_MS and not name.startswith("usual"):
            over.append(f"{name} {ones[-1]['median']:.1f}: {ones[-1]['slowest'][:300]}")
    lines.append(f"{len(over)} pages above {GOAL_MS:.0f} ms" + "".join(f"\n  {one}" for one in over))
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
