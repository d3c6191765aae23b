"""Deploy checks of our own: `manage.py check --deploy` says what would hurt once strangers can reach this installation."""

from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Tags, Warning, register

LONGEST_RESET = 3600
LONGEST_MAIL_TIMEOUT = 60
LARGEST_BODY = 10 * 1024 * 1024
CSP_MIDDLEWARE = "django.middleware.csp.ContentSecurityPolicyMiddleware"
LIMIT_MIDDLEWARE = "clientdesk.middleware.RequestLimitMiddleware"
SENDS_NOTHING = ("FileBackend", "filebased.EmailBackend", "console.EmailBackend", "locmem.EmailBackend", "dummy.EmailBackend")
UNSAFE = ("unsafe-inline", "unsafe-eval", "unsafe-hashes", "data:", "*")


@register(Tags.security, deploy=True)
def production(app_configs: Sequence[AppConfig] | None, **kwargs) -> list[CheckMessage]:
    """Return a warning for each setting that is fit for trying ClientDesk but not for production."""
    checks = (_policy, _reset, _mail, _uploads, _sqlite, _addresses, _second_factor)
    return [warning for check in checks for warning in check()]


def _policy() -> Iterator[CheckMessage]:
    said = {word.strip("'") for words in settings.SECURE_CSP.values() if not isinstance(words, bool) for word in words}
    if CSP_MIDDLEWARE not in settings.MIDDLEWARE or "default-src" not in settings.SECURE_CSP:
        yield Warning("No Content Security Policy is sent.", hint=f"Keep {CSP_MIDDLEWARE} and SECURE_CSP.", id="clientdesk.W001")
    if weak := sorted(said.intersection(UNSAFE)):
        yield Warning(f"The Content Security Policy allows {', '.join(weak)}.", hint="Take it out of SECURE_CSP.", id="clientdesk.W002")


def _reset() -> Iterator[CheckMessage]:
    if not 0 < settings.PASSWORD_RESET_TIMEOUT <= LONGEST_RESET:
        yield Warning(
            "A link to choose a new password works for longer than an hour.",
            hint=f"Set PASSWORD_RESET_TIMEOUT to {LONGEST_RESET} seconds or less.",
            id="clientdesk.W003",
        )


def _mail() -> Iterator[CheckMessage]:
    for name, mailer in settings.MAILERS.items():
        backend, options = mailer["BACKEND"], mailer.get("OPTIONS", {})
        if backend.endswith(SENDS_NOTHING):
            yield Warning(f"The mailer “{name}” sends nothing.", hint="Set EMAIL_URL to your mail server.", id="clientdesk.W004")
        if not backend.endswith("smtp.EmailBackend"):
            continue
        if not 0 < (options.get("timeout") or 0) <= LONGEST_MAIL_TIMEOUT:
            yield Warning(
                f"The mailer “{name}” may wait for its server for ever.",
                hint=f"Set EMAIL_TIMEOUT to 1 to {LONGEST_MAIL_TIMEOUT} seconds.",
                id="clientdesk.W005",
            )
        local = options.get("host") in {"localhost", "127.0.0.1", "::1"}
        if not (local or options.get("use_tls") or options.get("use_ssl")):
            yield Warning(
                f"The mailer “{name}” talks to its server unencrypted.",
                hint="Use smtp+tls:// (STARTTLS) or smtp+ssl:// in EMAIL_URL.",
                id="clientdesk.W006",
            )


def _uploads() -> Iterator[CheckMessage]:
    sizes = (settings.DATA_UPLOAD_MAX_MEMORY_SIZE, settings.DATA_UPLOAD_MAX_NUMBER_FIELDS, settings.DATA_UPLOAD_MAX_NUMBER_FILES)
    if LIMIT_MIDDLEWARE not in settings.MIDDLEWARE or None in sizes or settings.DATA_UPLOAD_MAX_MEMORY_SIZE > LARGEST_BODY:
        yield Warning(
            "A request may be larger than this machine can take.",
            hint=f"Keep {LIMIT_MIDDLEWARE} and DATA_UPLOAD_MAX_MEMORY_SIZE at or below {LARGEST_BODY} bytes.",
            id="clientdesk.W007",
        )


def _sqlite() -> Iterator[CheckMessage]:
    for name, database in settings.DATABASES.items():
        if not database["ENGINE"].endswith("sqlite3"):
            continue
        options = database.get("OPTIONS", {})
        if options.get("transaction_mode") != "IMMEDIATE" or "journal_mode=wal" not in options.get("init_command", "").lower():
            yield Warning(
                f"The SQLite database “{name}” would answer “database is locked” under load.",
                hint="Keep transaction_mode IMMEDIATE and journal_mode WAL in its OPTIONS.",
                id="clientdesk.W008",
            )


def _addresses() -> Iterator[CheckMessage]:
    if urlsplit(settings.PUBLIC_BASE_URL).scheme != "https":
        yield Warning(
            "Mails carry links that are not encrypted.", hint="Set PUBLIC_BASE_URL to an address with https://.", id="clientdesk.W009"
        )
    if "*" in settings.ALLOWED_HOSTS:
        yield Warning("This installation answers to every host name.", hint="Name your hosts in ALLOWED_HOSTS.", id="clientdesk.W010")


def _second_factor() -> Iterator[CheckMessage]:
    if not settings.STAFF_MFA_REQUIRED:
        yield Warning("Staff sign in with a password alone.", hint="Set STAFF_MFA_REQUIRED to true.", id="clientdesk.W011")
