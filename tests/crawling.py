"""Walking the pages as a browser does: every address and every form that they show, and both with the keys of somebody else in them."""

import io
import re
import zipfile
from collections import deque
from dataclasses import dataclass, field
from functools import cache
from html.parser import HTMLParser
from urllib.parse import parse_qsl, urljoin, urlsplit

from django.db import connection
from django.test import Client as Browser
from django.urls import Resolver404, resolve

# The keys of the rows of client number n lie above n million, and the same row of another client has the same key above its million.
MILLION = 1_000_000
_PICTURE = re.compile(r"<svg\b.*?</svg>", re.DOTALL)
_KEY = re.compile(r"(?<![\d.])([123])0{3}(\d{3})(?![\d.])")


def begin_at(million: int) -> None:
    """Let the keys of all rows that are added from now on lie above `million` million. SQLite only."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM sqlite_sequence")
        for table in connection.introspection.table_names(cursor):
            cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [table, million * MILLION])


def swapped(text: str, to: int) -> str:
    """Return `text` with the keys of client number `to` in the place of those of any other."""
    return _KEY.sub(lambda found: f"{to}000{found[2]}", text)


def has_keys(text: str) -> bool:
    """Say whether `text` holds the key of a client's row."""
    return bool(_KEY.search(text))


@dataclass(frozen=True)
class Sent:
    """One request: what a link asks for, or what a form sends."""

    method: str
    address: str
    fields: tuple[tuple[str, str], ...] = ()

    def of(self, number: int) -> "Sent":
        """Return the same request about the rows of client `number`."""
        fields = tuple((name, swapped(value, number)) for name, value in self.fields)
        return Sent(self.method, swapped(self.address, number), fields)

    @property
    def about(self) -> str:
        """All that it says, to look for keys in it."""
        return f"{self.address} {' '.join(value for _name, value in self.fields)}"

    def by(self, browser: Browser):
        """Let `browser` send it; return the answer."""
        if self.method == "get":
            return browser.get(self.address)
        values: dict[str, list[str]] = {}
        for name, value in self.fields:
            values.setdefault(name, []).append(value)
        return browser.post(self.address, values)


@dataclass
class Found:
    """What a walk found: each request once, and the names of the routes that they lead to."""

    requests: dict[Sent, None] = field(default_factory=dict)
    routes: set[str] = field(default_factory=set)

    def add(self, sent: Sent) -> None:
        self.requests[sent] = None


class _Page(HTMLParser):
    """Collects the links and the forms of a page; a form's buttons send something each."""

    def __init__(self, address: str) -> None:
        super().__init__()
        self.address, self.links, self.forms = address, [], []
        self.form: dict | None = None
        self.outside: dict[str, list] = {}

    def handle_starttag(self, tag, attrs):
        known = {name: value or "" for name, value in attrs}
        self.links += [known[name] for name in ("href", "hx-get", "src") if known.get(name)]
        if known.get("hx-post"):
            self.forms.append({"method": "post", "action": known["hx-post"], "fields": [], "id": ""})
        if tag == "form":
            self.form = {"method": known.get("method", "get"), "action": known.get("action", ""), "fields": [], "id": known.get("id", "")}
            self.forms.append(self.form)
        if tag in ("input", "button", "select", "textarea", "option"):
            self._field(tag, known)

    def _field(self, tag: str, known: dict[str, str]) -> None:
        if tag == "option":
            if self.form and self.form.get("select") and known.get("value") and "selected" in known:
                self.form["fields"].append((self.form["select"], known["value"]))
            return
        if tag == "button" and known.get("formaction"):
            self.forms.append({"method": "post", "action": known["formaction"], "fields": [], "id": ""})
        name = known.get("name", "")
        place = self.outside.setdefault(known["form"], []) if "form" in known else self.form and self.form["fields"]
        if self.form is not None:
            self.form["select"] = name if tag == "select" else ""
        if name and place is not None and known.get("type") != "file" and name != "csrfmiddlewaretoken" and "disabled" not in known:
            place.append((name, known.get("value") or ("x" if tag in ("input", "textarea") else "")))

    def handle_endtag(self, tag):
        if tag == "form":
            self.form = None

    def sent(self) -> list[Sent]:
        """Return what the forms send, each with all that it could send at once."""
        found = []
        for form in self.forms:
            fields = (form["fields"] + self.outside.get(form["id"], []))[:60]
            address = urljoin(self.address, form["action"] or self.address)
            if form["method"].lower() == "get":
                continue
            found.append(Sent("post", address, tuple(fields)))
        return found


def crawl(browser: Browser, start: list[str], most: int = 1) -> Found:
    """Return every link and form of the pages that `browser` reaches from `start`, each route looked at `most` times at most, those with
    the keys of client number 1 first."""
    found, queue = Found(), deque(start)
    looked: dict[str, int] = {}
    asked: set[str] = set()
    while queue:
        address = queue.popleft()
        if address in asked or (name := route_of(address)) is None or looked.get(name, 0) >= most:
            continue
        asked.add(address)
        looked[name] = looked.get(name, 0) + 1
        found.routes.add(name)
        answer = browser.get(address)
        page, text = _Page(address), read(answer)
        if answer.headers.get("Content-Type", "").startswith("text/html"):
            # Icons lead nowhere, and there are more of them than of anything else.
            page.feed(_PICTURE.sub("", text))
        assert answer.status_code < 500, address
        targets = page.links + ([answer.headers["Location"]] if "Location" in answer.headers else [])
        for target in (urljoin(address, target) for target in targets):
            parts = urlsplit(target)
            if not parts.netloc and route_of(target):
                bare = parts._replace(fragment="").geturl()
                found.add(Sent("get", bare))
                # What is about the first client goes first: its pages are the ones whose keys are swapped.
                (queue.appendleft if re.search(r"(?<!\d)1000\d{3}(?!\d)", bare) else queue.append)(bare)
        for sent in page.sent():
            if name := route_of(sent.address):
                found.add(sent)
                found.routes.add(name)
    return found


def route_of(address: str) -> str | None:
    """Return the name of the route behind `address`, or None for an address that is none of ours."""
    return _route_of(urlsplit(address).path)


@cache
def _route_of(path: str) -> str | None:
    if path.startswith(("/static/", "/account/")):
        return None
    try:
        match = resolve(path)
    except Resolver404:
        return None
    return match.view_name


def sample(found: Found, most: int = 1) -> list[Sent]:
    """Return of all requests at most `most` for each method, route and set of parameters: the same question needs no third asking."""
    kept: dict[tuple, int] = {}
    chosen = []
    for sent in found.requests:
        query = frozenset(name for name, _value in parse_qsl(urlsplit(sent.address).query))
        shape = (sent.method, route_of(sent.address), query if len(query) < 3 else frozenset())
        kept[shape] = kept.get(shape, 0) + 1
        if kept[shape] <= most:
            chosen.append(sent)
    return chosen


def read(answer) -> str:
    """Return all that an answer says, also inside a workbook or an archive, as it stands. It must be read, not closed: closing
    what is streamed closes the database of the test."""
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if content[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            content = b"\n".join(book.read(name) for name in book.namelist())
    return content.decode(errors="replace")
