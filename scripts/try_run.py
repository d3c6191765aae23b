"""Prove that `make run` works for a newcomer: `python scripts/try_run.py`.

Clones this checkout into a temporary folder, starts it with nothing in the environment but HOME and PATH, opens its pages, signs
in as the printed staff user, stops it with TERM and looks that web and worker ended. Needs Linux: it reads /proc.
"""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.parse import urlencode


def free_port(wanted: int) -> int:
    """Return `wanted`, or another port where a program has it."""
    for port in (wanted, 0):
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
                return probe.getsockname()[1]
            except OSError:
                continue
    sys.exit("No port is free.")


HOUSE = Path(__file__).resolve().parents[1]
PORT = os.environ.get("PORT") or free_port(8123)
BASE = f"http://localhost:{PORT}"
PATIENCE = 300


def main() -> None:
    """Exit with a sentence where a newcomer would be stuck."""
    with tempfile.TemporaryDirectory() as folder:
        clone, said = Path(folder) / "clone", Path(folder) / "said"
        subprocess.run(["git", "clone", "--quiet", str(HOUSE), str(clone)], check=True)
        given = {name: os.environ[name] for name in ("HOME", "PATH")}
        with said.open("w") as output:
            process = subprocess.Popen(
                ["make", "run", f"PORT={PORT}"], cwd=clone, env=given, stdin=subprocess.DEVNULL, stdout=output, stderr=output
            )
        try:
            wait(process, said)
            visit(said.read_text())
            stop(process)
        except SystemExit:
            print(said.read_text(), file=sys.stderr)  # noqa: T201
            process.terminate()
            raise
        print(said.read_text())  # noqa: T201


def wait(process: subprocess.Popen, said: Path) -> None:
    """Wait until the address is printed."""
    until = time.monotonic() + PATIENCE
    while f"ClientDesk is running: {BASE}/" not in said.read_text() or "Stop it with" not in said.read_text():
        if process.poll() is not None:
            sys.exit("make run ended by itself.")
        if time.monotonic() > until:
            sys.exit(f"make run printed no address within {PATIENCE} s.")
        time.sleep(0.2)


def visit(printed: str) -> None:
    """Open the pages of health and sign in as the first person that was printed."""
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))

    def get(path: str) -> str:
        with browser.open(BASE + path, timeout=30) as answer:
            return answer.read().decode()

    password, address = re.search(r"password “(.+?)”", printed), re.search(r"\S+@\S+\.example", printed)
    if not (password and address):
        sys.exit("No sign-in was printed.")
    if json.loads(get("/healthz")) != {"alive": True}:
        sys.exit("/healthz does not say that it is alive.")
    get("/readyz")
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', get("/"))
    if not token:
        sys.exit("The first page holds no sign-in form.")
    form = urlencode({"login": address[0], "password": password[1], "csrfmiddlewaretoken": token[1]}).encode()
    sign_in = f"{BASE}/account/sign-in/"
    with browser.open(urllib.request.Request(sign_in, form, {"Referer": sign_in}), timeout=30) as answer:  # noqa: S310 - our own address
        page = answer.read().decode()
        if "/account/" in answer.url or "Clients" not in page:
            sys.exit(f"{address[0]} could not sign in.")


def stop(process: subprocess.Popen) -> None:
    """Stop make with TERM; nothing that it started may be left."""
    started = [pid for pid in descendants(process.pid) if pid != process.pid]
    if len(started) < 3:
        sys.exit("make run should have started web and worker.")
    process.send_signal(signal.SIGTERM)
    process.wait(timeout=60)
    until = time.monotonic() + 10
    while left := [pid for pid in started if Path(f"/proc/{pid}").exists()]:
        if time.monotonic() > until:
            sys.exit(f"These processes outlived make run: {left}")
        time.sleep(0.1)


def descendants(root: int) -> list[int]:
    """Return `root` and the processes below it."""
    parents = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parents[int(stat.parent.name)] = int(stat.read_text().rpartition(")")[2].split()[1])
        except (FileNotFoundError, ProcessLookupError):
            continue
    found = [root]
    for pid in found:
        found += [child for child, parent in parents.items() if parent == pid]
    return found


if __name__ == "__main__":
    main()
