"""`manage.py run`: ClientDesk on one machine, web and worker together, with demo data at the first start."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from argparse import ArgumentParser
from collections.abc import Collection
from pathlib import Path
from urllib.error import URLError

from django.apps import apps
from django.conf import settings
from django.core.management import BaseCommand, CommandError, call_command
from django.db import connection

_HOST = "127.0.0.1"
_PATIENCE = 60


class Command(BaseCommand):
    help = "Bring the database up to date and start web and worker; with DEBUG on also fill it with demo data at the first start."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--scale", type=int, default=1, help="how much demo data the first start makes")

    def handle(self, *, port: int, scale: int, **options) -> None:
        _refuse_taken(port)
        self.stdout.write("Preparing the database …")
        call_command("migrate", verbosity=0)
        self._fill(scale)
        if not settings.DEBUG:
            call_command("collectstatic", interactive=False, verbosity=0)
        connection.close()
        self._serve(port)

    def _fill(self, scale: int) -> None:
        if missing := [fixture for fixture, model in settings.DICTIONARIES.items() if not apps.get_model(model).objects.exists()]:
            call_command("loaddata", *missing, verbosity=0)
        if settings.DEBUG and not apps.get_model("clients", "Client").objects.exists():
            self.stdout.write("Making demo data …")
            call_command("demo", scale=scale, verbosity=0)

    def _serve(self, port: int) -> None:
        """Start both, say where to go, and stop both when told to; a child that ends by itself is a failure."""
        stopped: list[int] = []
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, lambda got, frame: stopped.append(got))
        children = {"web": _start(*_gunicorn(port)), "worker": _start(str(settings.BASE_DIR / "manage.py"), "worker")}
        try:
            if _wait_for(port, children, stopped):
                self._say_where(port)
            while not stopped:
                if ended := next((name for name, child in children.items() if child.poll() is not None), None):
                    raise CommandError(f"The {ended} process ended by itself. Its last lines above say why.")
                time.sleep(0.2)
        finally:
            _stop(children.values())
        self.stdout.write("ClientDesk has stopped.")

    def _say_where(self, port: int) -> None:
        self.stdout.write(f"\nClientDesk is running: {settings.PUBLIC_BASE_URL}/\n")
        if settings.DEBUG:
            call_command("demo", stdout=self.stdout, sign_ins=True)
            self.stdout.write(
                f"Mails of the demo are files in {settings.DEMO_MAILS} and a page for staff: {settings.PUBLIC_BASE_URL}/demo-mails/"
            )
        else:
            self.stdout.write("Make the first sign-in: manage.py create_staff ADDRESS --role administrator")
        self.stdout.write("Stop it with Ctrl+C.\n")
        self.stdout.flush()


def _refuse_taken(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((_HOST, port))
        except (OSError, OverflowError):
            raise CommandError(
                f"Port {port} cannot be used; another program may have it. Choose another: make run PORT={port + 1}"
            ) from None


def _gunicorn(port: int) -> list[str]:
    words = ["-m", "gunicorn", "clientdesk.wsgi:application", "--bind", f"{_HOST}:{port}", "--workers", str((os.cpu_count() or 1) + 1)]
    words += ["--timeout", "120", "--graceful-timeout", "20", "--log-level", "warning", "--no-control-socket"]
    # Our middleware limits addresses with a page of ours, and settings.py alone says which proxy is believed.
    words += ["--limit-request-line", "0", "--forwarded-allow-ips", ""]
    return [*words, "--worker-tmp-dir", "/dev/shm"] if Path("/dev/shm").is_dir() else words  # noqa: S108 - gunicorn's heartbeat wants memory


def _start(*words: str) -> subprocess.Popen:
    """Start a child of its own session, so that Ctrl+C reaches it through us only."""
    return subprocess.Popen([sys.executable, *words], cwd=settings.BASE_DIR, start_new_session=True)  # noqa: S603 - our own words


def _wait_for(port: int, children: dict[str, subprocess.Popen], stopped: list[int]) -> bool:
    """Return whether the web answered; False when a child ended or we were told to stop meanwhile."""
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until and not stopped and all(child.poll() is None for child in children.values()):
        try:
            with urllib.request.urlopen(f"http://{_HOST}:{port}/healthz", timeout=5):
                return True
        except (URLError, TimeoutError, ConnectionError):
            time.sleep(0.2)
    return False


def _stop(children: Collection[subprocess.Popen]) -> None:
    for child in children:
        if child.poll() is None:
            child.terminate()
    for child in children:
        try:
            child.wait(timeout=30)
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, signal.SIGKILL)
            child.wait()
