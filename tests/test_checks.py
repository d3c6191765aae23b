"""What would hurt in production is said before it does: by `check --deploy`, or by not starting at all."""

import os
import subprocess
import sys

import pytest
from django.conf import settings as current

from clientdesk.checks import production
from tests.smtp import mailers

PRODUCTION = {
    "SECRET_KEY": "kq3v-8Zr1xW0pL5nT7yB2mC9dF4gH6jJ_aSe!uVi@oPzXwQ#RtYbN",
    "PUBLIC_BASE_URL": "https://desk.example.com",
    "EMAIL_URL": "smtp+tls://desk:secret@mail.example.com:587",
}


def manage(*words: str, **env: str) -> subprocess.CompletedProcess:
    """Run manage.py with exactly these settings and what Python itself needs."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "DATABASE_URL") if name in os.environ}
    return subprocess.run(
        [sys.executable, "manage.py", *words], cwd=current.BASE_DIR, env=kept | env, capture_output=True, text=True, timeout=60, check=False
    )


def test_production_settings_pass_every_deploy_check(tmp_path):
    done = manage("check", "--deploy", "--fail-level", "WARNING", **PRODUCTION, DATA_DIR=str(tmp_path))

    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout


NOT_FIT = [
    ({"EMAIL_URL": ""}, "Set EMAIL_URL to your mail server"),
    ({"EMAIL_URL": "consolemail://"}, "Set EMAIL_URL to your mail server"),
    ({"EMAIL_URL": "smtp://mail.example.com:25"}, "unencrypted"),
    ({"EMAIL_TIMEOUT": "600"}, "Set EMAIL_TIMEOUT"),
    ({"PASSWORD_RESET_TIMEOUT": "7200"}, "Set PASSWORD_RESET_TIMEOUT"),
    ({"PUBLIC_BASE_URL": "http://desk.example.com"}, "Set PUBLIC_BASE_URL"),
    ({"SECRET_KEY": "short"}, "SECRET_KEY"),
    ({"ALLOWED_HOSTS": "*"}, "Name your hosts"),
]


@pytest.mark.parametrize(("env", "said"), NOT_FIT)
def test_what_is_not_fit_for_production_is_named(tmp_path, env, said):
    done = manage("check", "--deploy", "--fail-level", "WARNING", **PRODUCTION | {"DATA_DIR": str(tmp_path)} | env)

    assert done.returncode == 1
    assert said in done.stderr


REFUSED = [
    ({"SECRET_KEY": ""}, "SECRET_KEY is not set."),
    ({"DEBUG": "true"}, "DEBUG is on although PUBLIC_BASE_URL is https://desk.example.com."),
    ({"PUBLIC_BASE_URL": "desk.example.com"}, "PUBLIC_BASE_URL must be a whole address"),
]


@pytest.mark.parametrize("command", ["check", "worker"])
@pytest.mark.parametrize(("env", "said"), REFUSED)
def test_a_dangerous_start_is_refused_with_a_sentence(tmp_path, command, env, said):
    done = manage(command, **PRODUCTION | {"DATA_DIR": str(tmp_path)} | env)

    assert done.returncode != 0
    assert said in done.stderr.strip().splitlines()[-1]


def ids() -> list[str | None]:
    return [warning.id for warning in production(app_configs=None)]


@pytest.fixture
def fit(settings):
    settings.PUBLIC_BASE_URL = "https://desk.example.com"
    settings.MAILERS = mailers(25, timeout=5)
    settings.STAFF_MFA_REQUIRED = True
    return settings


def test_fit_settings_give_no_warning(fit):
    assert ids() == []


@pytest.mark.parametrize("weak", ["'unsafe-inline'", "'unsafe-eval'", "data:", "*"])
def test_a_weak_content_security_policy_is_named(fit, weak):
    fit.SECURE_CSP = fit.SECURE_CSP | {"script-src": ["'self'", weak]}
    assert ids() == ["clientdesk.W002"]


@pytest.mark.parametrize(
    ("middleware", "warning"),
    [
        ("django.middleware.csp.ContentSecurityPolicyMiddleware", "clientdesk.W001"),
        ("clientdesk.middleware.RequestLimitMiddleware", "clientdesk.W007"),
    ],
)
def test_a_guard_that_was_taken_out_is_missed(fit, middleware, warning):
    fit.MIDDLEWARE = [name for name in fit.MIDDLEWARE if name != middleware]
    assert ids() == [warning]


@pytest.mark.parametrize("size", [None, 50 * 1024 * 1024])
def test_bodies_without_a_limit_are_named(fit, size):
    fit.DATA_UPLOAD_MAX_MEMORY_SIZE = size
    assert ids() == ["clientdesk.W007"]


@pytest.mark.parametrize("options", [{}, {"transaction_mode": "IMMEDIATE"}, {"init_command": "PRAGMA journal_mode=WAL;"}])
def test_an_sqlite_database_in_the_wrong_mode_is_named(fit, monkeypatch, options):
    monkeypatch.setitem(fit.DATABASES, "default", {"ENGINE": "django.db.backends.sqlite3", "OPTIONS": options})
    assert ids() == ["clientdesk.W008"]


def test_staff_with_a_password_alone_are_named(fit):
    fit.STAFF_MFA_REQUIRED = False
    assert ids() == ["clientdesk.W011"]


def test_a_mailer_of_another_kind_is_left_to_its_owner(fit):
    fit.MAILERS = {"default": {"BACKEND": "anymail.backends.postmark.EmailBackend"}}
    assert ids() == []
