"""The brakes on guessing: how often something may be tried, counted in the shared cache (trial V14, V15, A11).

A wrong password is counted per address *and* browser, so that tries from elsewhere never lock a person out: a browser in
which the person signed in before answers for its own tries only. Browsers that never signed in with an address are strangers
to it and share two more limits, by connection and by address. Nothing here knows whether an address has an account.
"""

import hmac
import ipaddress
import secrets
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.core import signing
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse

from clientdesk.models import User
from clientdesk.words import email_key

_SALT = "clientdesk.brakes.browser"
_YEAR = 365 * 24 * 3600
_ADDRESSES_KEPT = 8


@dataclass(frozen=True)
class Window:
    """At most `tries` within the last `seconds`, for each key."""

    name: str
    tries: int
    seconds: int

    def take(self, key: str) -> "Try | None":
        """Count one more try of `key`; None where the limit is reached."""
        with self._held(key) as mine:
            stamps = self._stamps(key)
            if not mine or len(stamps) >= self.tries:
                return None
            stamp = time.time()
            cache.set(self._name(key), [*stamps, stamp], self.seconds)
        return Try(self, key, stamp)

    def count(self, key: str) -> int:
        """Return how many tries of `key` count at this moment."""
        return len(self._stamps(key))

    def forget(self, key: str) -> None:
        """Start again at zero for `key`."""
        cache.delete(self._name(key))

    def drop(self, key: str, stamp: float) -> None:
        """Take one try back: it was no failure."""
        with self._held(key):
            cache.set(self._name(key), [other for other in self._stamps(key) if other != stamp], self.seconds)

    def _stamps(self, key: str) -> list[float]:
        since = time.time() - self.seconds
        return [stamp for stamp in cache.get(self._name(key), []) if stamp > since]

    def _name(self, key: str) -> str:
        return f"brake:{self.name}:{_digest(key)}"

    @contextmanager
    def _held(self, key: str) -> Generator[bool]:
        """Hold the counter, so that tries in parallel are all counted; give up after a second."""
        lock, until = f"{self._name(key)}:lock", time.monotonic() + 1
        while not cache.add(lock, 1, 10):
            if time.monotonic() > until:
                yield False
                return
            time.sleep(0.02)
        try:
            yield True
        finally:
            cache.delete(lock)


@dataclass(frozen=True)
class Try:
    """One counted try."""

    window: Window
    key: str
    stamp: float

    def undo(self) -> None:
        """Take it back."""
        self.window.drop(self.key, self.stamp)


PAIR = Window("signin-pair", settings.SIGNIN_TRIES_PER_ADDRESS, 15 * 60)
# New pairs of address and stranger that one connection may begin in a minute: spraying many addresses, or many browsers on one.
CONNECTION = Window("signin-connection", 10, 60)
STRANGERS = Window("signin-strangers", 100, 3600)
LINKS_BY_CONNECTION = Window("link-connection", 60, 3600)
LINKS_BY_ADDRESS = Window("link-address", 5, 3600)
RESETS_BY_STAFF = Window("reset-by-staff", 5, 3600)
# Codes of the second factor; a million of them would be guessed soon enough.
CODES = Window("second-factor", 10, 15 * 60)
# Challenges for a passkey that one connection gets in a minute: each is kept in a session.
CHALLENGES = Window("passkey-challenge", 60, 60)
# Links to a new sign-in address that one person may have sent to others' mailboxes.
ADDRESSES = Window("new-address", 5, 3600)
# What one contact may ask for and hand in through the portal: each tells our staff, and files take room.
REQUESTS = Window("portal-request", 30, 3600)


def _digest(text: str) -> str:
    return hmac.new(settings.SECRET_KEY.encode(), f"{_SALT}:{text}".encode(), sha256).hexdigest()[:32]


def connection(request: HttpRequest) -> str:
    """Return where the request comes from: never from a header that anyone can write; an IPv6 network counts as one."""
    address = ipaddress.ip_address(get_adapter().get_client_ip(request))
    return str(ipaddress.ip_network(f"{address}/64", strict=False)) if address.version == 6 else str(address)


def cookie_name() -> str:
    """Return the name of the cookie that knows a browser again."""
    return "__Host-browser" if settings.HTTPS else "browser"


@dataclass
class Browser:
    """A browser, known again by a signed cookie: a random name and, as digests, the addresses that signed in with it."""

    name: str = field(default_factory=lambda: secrets.token_urlsafe(16))
    addresses: list[str] = field(default_factory=list)
    is_new: bool = False

    @classmethod
    def of(cls, request: HttpRequest) -> "Browser":
        """Return the browser of `request`; one without a cookie of ours gets a name for this request and the next."""
        found = getattr(request, "known_browser", None)
        if found is None:
            found = request.known_browser = cls._read(request.COOKIES.get(cookie_name(), ""))
        return found

    @classmethod
    def _read(cls, cookie: str) -> "Browser":
        try:
            said = signing.loads(cookie, salt=_SALT, max_age=_YEAR)
            return cls(str(said["name"]), [str(address) for address in said["addresses"]])
        except (signing.BadSignature, KeyError, TypeError):
            return cls(is_new=True)

    def knows(self, address: str) -> bool:
        """Say whether somebody signed in with `address` here before."""
        return _digest(email_key(address)) in self.addresses

    def remember(self, address: str) -> None:
        """Note that somebody signed in with `address` here; the oldest of many is forgotten."""
        digest = _digest(email_key(address))
        self.addresses = [digest, *(other for other in self.addresses if other != digest)][:_ADDRESSES_KEPT]

    def keep(self, response: HttpResponse) -> None:
        """Give the browser its cookie."""
        response.set_cookie(
            cookie_name(),
            signing.dumps({"name": self.name, "addresses": self.addresses}, salt=_SALT),
            max_age=_YEAR,
            secure=settings.HTTPS,
            httponly=True,
            samesite="Lax",
        )


class SignInBrake:
    """The brake on one try to sign in with `address`."""

    def __init__(self, request: HttpRequest, address: str) -> None:
        self.address = address
        self.key = email_key(address)
        self.connection = connection(request)
        self.browser = Browser.of(request)
        self.pair = f"{self.key} {self.browser.name}"
        self.taken: list[Try] = []
        self.stopped_by: Window | None = None

    def press(self) -> bool:
        """Count this try as a failure until `rollback` says otherwise; False where it may not even be tried."""
        for window, key in self._limits():
            one = window.take(key)
            if one is None:
                self.stopped_by = window
                self._undo()
                return False
            self.taken.append(one)
        return True

    def rollback(self) -> None:
        """The try succeeded: this browser starts again at zero, everybody else's failures stay counted."""
        self._undo()
        PAIR.forget(self.pair)

    def owner_is_to_be_told(self) -> bool:
        """Say whether to tell the owner of the address that the brake stopped tries: once a day, not for a busy connection."""
        return self.stopped_by in {PAIR, STRANGERS} and cache.add(f"brake:told:{_digest(self.key)}", 1, 24 * 3600)

    def _limits(self) -> list[tuple[Window, str]]:
        if self.browser.knows(self.address):
            return [(PAIR, self.pair)]
        begun = PAIR.count(self.pair)
        return [(PAIR, self.pair), *([] if begun else [(CONNECTION, self.connection)]), (STRANGERS, self.key)]

    def _undo(self) -> None:
        for one in self.taken:
            one.undo()
        self.taken.clear()


class CodeBrake:
    """The brake on one try of `user`'s second factor: browsers in which the person signed in before count for themselves, all
    others together, so that a stranger who knows the password locks nobody out."""

    def __init__(self, request: HttpRequest, user: User) -> None:
        browser = Browser.of(request)
        self.user = user
        self.key = f"{user.pk} {browser.name}" if browser.knows(user.email) else f"{user.pk} strangers"
        self.taken: Try | None = None

    def press(self) -> bool:
        """Count this try as a failure until `undo` says otherwise; False where it may not even be tried."""
        self.taken = CODES.take(self.key)
        return self.taken is not None

    def undo(self) -> None:
        """The code was right."""
        if self.taken:
            self.taken.undo()

    def owner_is_to_be_told(self) -> bool:
        """Say whether to tell the owner that somebody with the right password types wrong codes: once a day."""
        return cache.add(f"brake:codes-told:{self.user.pk}", 1, 24 * 3600)
