"""`kill -9` of the web's workers while they save: a POST did all or nothing, and sending it again does not double (trial F01)."""

import http.client
import os
import random
import signal
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.backends.db import SessionStore
from django.core.management import call_command

from clientdesk.models import Change, User
from clientdesk.rights import Role
from clients.models import Branch, Client, Company
from contacts.models import Contact, ContactOffice, Office
from tests.processes import wait_for

TOKEN = "k" * 32
# Names that no radar of duplicates takes for each other; one is killed for each.
NAMES = ["Amsel", "Birke", "Cobalt", "Dvina", "Espresso", "Fjord"]


class Web:
    """The product's web server on a real database, with workers that can be killed, and a signed-in person."""

    def __init__(self, real, user: User) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        session = SessionStore()
        session[SESSION_KEY], session[HASH_SESSION_KEY] = str(user.pk), user.get_session_auth_hash()
        session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
        session.create()
        self.cookies = f"{settings.SESSION_COOKIE_NAME}={session.session_key}; {settings.CSRF_COOKIE_NAME}={TOKEN}"
        words = ["-m", "gunicorn", "clientdesk.wsgi:application", "--bind", f"127.0.0.1:{self.port}", "--workers", "2", "--preload"]
        with (real.folder / "said.log").open("ab") as said:
            self.master = subprocess.Popen(
                [sys.executable, *words], cwd=settings.BASE_DIR, env=real.env, stdout=said, stderr=said, start_new_session=True
            )
        real.processes.append(self.master)
        wait_for(lambda: self.send("GET", "/healthz") == 200, 60)

    def send(self, method: str, path: str, body: dict[str, str] | None = None) -> int:
        """Send a request and return the status of its answer, 0 where none came."""
        link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        headers = {"Host": settings.PUBLIC_BASE_URL.partition("://")[2], "Cookie": self.cookies, "X-Forwarded-Proto": "https"}
        headers["Origin"] = settings.PUBLIC_BASE_URL
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            link.request(method, path, urlencode((body or {}) | {"csrfmiddlewaretoken": TOKEN}) if body is not None else None, headers)
            return link.getresponse().status
        except (OSError, http.client.HTTPException):
            return 0
        finally:
            link.close()

    def kill_workers(self) -> None:
        """End both workers at once, whatever they do; the server starts others."""
        children = Path(f"/proc/{self.master.pid}/task/{self.master.pid}/children").read_text().split()
        for child in children:
            os.kill(int(child), signal.SIGKILL)


@pytest.fixture
def web(real_database) -> Web:
    call_command("loaddata", "branches", "company_types", verbosity=0)
    user = User.objects.invite("desk@desk.example", role=Role.DESK, last_name="Dahl")
    return Web(real_database, user)


def acts() -> list[tuple[str, dict[str, str]]]:
    """Return addresses and forms: two kinds of new clients, a new contact."""
    branch = str(Branch.objects.get().pk)
    home = Client.objects.get(name="Home")
    found = []
    for n, name in enumerate(NAMES):
        shared = {"name": name, "email": f"info@{name}.example", "country": "DE", "branch": branch}
        match n % 3:
            case 0:
                found.append(("/clients/add/?kind=corporate", shared | {"legal_name": f"{name} GmbH"}))
            case 1:
                found.append(("/clients/add/?kind=individual", shared | {"individual": "on", "first_name": "Ada", "last_name": name}))
            case _:
                contact = {"first_name": "Bo", "last_name": name, "email": f"bo@{name}.example"}
                found.append((f"/clients/{home.pk}/contacts/add/", contact))
    return found


def whole() -> None:
    """Fail where anything is there by half."""
    for client in Client.objects.all():
        assert Office.objects.filter(client=client, is_headquarters=True).count() == 1, client
        assert Company.objects.filter(client=client).count() == (0 if client.is_individual else 1), client
        people = Contact.objects.filter(client=client)
        assert people.filter(is_primary=True).count() == (1 if people.exists() else 0), client
        assert people.exists() or not client.is_individual, client
    assert all(ContactOffice.objects.filter(contact=contact).count() == 1 for contact in Contact.objects.all())
    for model in (Client, Contact, Office, Company):
        told = Change.objects.filter(content_type=ContentType.objects.get_for_model(model), action=Change.Action.CREATE)
        assert sorted(told.values_list("object_id", flat=True)) == sorted(model.objects.values_list("pk", flat=True)), model


def took(web: Web, name: str) -> float:
    """Return how many seconds a POST takes that adds a client."""
    started = time.monotonic()
    assert web.send("POST", "/clients/add/?kind=corporate", {"name": name, "legal_name": name, "email": f"a@{name}.example"}) == 303
    return time.monotonic() - started


def test_a_post_whose_worker_is_killed_did_all_or_nothing_and_is_sent_again_without_doubling(web):
    dice = random.Random(7)
    Client(name="Home", legal_name="Home GmbH", branch=Branch.objects.get()).register(None)
    pace = min(took(web, name) for name in ("Quarz", "Rhein", "Safran"))
    cut_off = 0
    with ThreadPoolExecutor(1) as pool:
        for path, body in acts():
            answer = pool.submit(web.send, "POST", path, body)
            time.sleep(dice.uniform(0, pace))
            web.kill_workers()
            status = answer.result()
            assert status in (0, 303), (status, path)
            cut_off += status == 0
            whole()
            # 422 says that it is there already, and a contact that it asks about the twin.
            wait_for(lambda path=path, body=body: web.send("POST", path, body) in (303, 422), 60)
            whole()
    assert cut_off, "or the workers were too quick to be hit"
    made = [*Client.objects.values_list("name", flat=True), *Contact.objects.filter(first_name="Bo").values_list("last_name", flat=True)]
    assert sorted(made) == sorted([*NAMES, "Home", "Quarz", "Rhein", "Safran"])
