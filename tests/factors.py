"""What tests of the second factor share: a code of now, a person with an app, the two steps of a sign-in."""

import re
import time

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, generate_totp_secret, hotp_value
from django.test import Client as Browser
from django.urls import reverse

from clientdesk import factors
from clientdesk.models import User
from tests.doors import PASSWORD, sign_in


def code_of(secret: str, steps: int = 0) -> str:
    """Return the code that an app shows for `secret` now, or `steps` half minutes later."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps))


def with_app(user: User) -> str:
    """Give `user` an authenticator app and return its secret."""
    secret = generate_totp_secret()
    factors.add_app(user, secret)
    return secret


def second_step(browser: Browser, code: str):
    """Type `code` after the password."""
    return browser.post(reverse("mfa_authenticate"), {"code": code})


def half_in(email: str, browser: Browser | None = None) -> Browser:
    """Return a browser in which the right password was typed and the second step is asked."""
    browser = browser or Browser()
    assert sign_in(email, PASSWORD, browser).headers["Location"] == reverse("mfa_authenticate")
    return browser


def fresh(email: str, browser: Browser | None = None) -> Browser:
    """Return a browser in which somebody without a second factor has just signed in."""
    browser = browser or Browser()
    assert sign_in(email, PASSWORD, browser).status_code == 302
    return browser


def secret_on(page) -> str:
    """Return the secret that the page for a new app shows."""
    return re.search(r'id="id_secret"[^>]*>([A-Z2-7 ]+)<', page.content.decode())[1].replace(" ", "")


def kinds_of(user: User) -> list[str]:
    """Return the kinds of factors that `user` has."""
    return sorted(Authenticator.objects.filter(user=user).values_list("type", flat=True))
