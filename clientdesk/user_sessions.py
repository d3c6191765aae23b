"""The browsers in which a person is signed in: begun at sign-in, looked at, ended one by one or all others at once (invariant 11).

What ends sessions for certain is User.session_epoch and the password, which each session carries along; the rows say which ones
there are.
"""

import re
from datetime import timedelta
from hashlib import sha256
from importlib import import_module

from django.conf import settings
from django.contrib.auth import update_session_auth_hash
from django.contrib.sessions.models import Session
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from clientdesk.models import User, UserSession

# The first that is found counts: browsers name those that they want to be taken for as well.
_BROWSERS = {"Edg": "Edge", "OPR": "Opera", "Vivaldi": "Vivaldi", "Firefox": "Firefox", "FxiOS": "Firefox", "CriOS": "Chrome",
             "Chrom(?:e|ium)": "Chrome", "Version/[0-9.]+.*Safari": "Safari"}  # fmt: skip
_SYSTEMS = {"Android": "Android", "iPhone": "iPhone", "iPad": "iPad", "Windows": "Windows", "Mac OS X|Macintosh": "macOS",
            "CrOS": "ChromeOS", "Linux": "Linux"}  # fmt: skip


def begin(request: HttpRequest) -> None:
    """Note that the person of `request` has just signed in with this browser."""
    if request.session.session_key is None:
        request.session.save()
    fresh = {"user": request.user, "mark": _mark(request.user), "browser": _browser(request.META.get("HTTP_USER_AGENT", ""))}
    UserSession.objects.update_or_create(key=request.session.session_key, defaults=fresh)


def of(user: User) -> list[UserSession]:
    """Return where `user` is signed in at this moment, the newest first."""
    rows = list(UserSession.objects.filter(user=user, mark=_mark(user)))
    now = timezone.now()
    alive = set(
        Session.objects.filter(session_key__in=[row.key for row in rows], expire_date__gt=now).values_list("session_key", flat=True)
    )
    return [row for row in rows if row.key in alive]


def end(user: User, pk: int) -> bool:
    """End the session `pk` of `user` at once; False where it is none of theirs."""
    with transaction.atomic():
        row = UserSession.objects.filter(user=user, pk=pk).first()
        if row is None:
            return False
        import_module(settings.SESSION_ENGINE).SessionStore(row.key).delete()
        row.delete()
    return True


def end_others(request: HttpRequest) -> None:
    """End every session of the person of `request` but this one."""
    with transaction.atomic():
        user = User.objects.held(request.user.pk)
        user.sign_out_everywhere()
        keep(request, user)


def keep(request: HttpRequest, user: User) -> None:
    """Let this session of `user` go on, under a new key, where a change has just ended all of them; the rows of the others go."""
    before = request.session.session_key
    update_session_auth_hash(request, user)
    request.session.save()
    UserSession.objects.filter(user=user).exclude(key=before).delete()
    UserSession.objects.filter(user=user, key=before).update(key=request.session.session_key, mark=_mark(user))


def sweep() -> None:
    """Throw away the rows of sessions that ran out."""
    UserSession.objects.filter(started_at__lt=timezone.now() - timedelta(seconds=settings.SESSION_COOKIE_AGE)).delete()


def _mark(user: User) -> str:
    return sha256(user.get_session_auth_hash().encode()).hexdigest()[:32]


def _browser(said: str) -> str:
    """Return browser and system that a browser names, such as “Firefox, Linux”, or an empty text; nothing of what it says else is kept."""
    found = [next((name for pattern, name in known.items() if re.search(pattern, said)), "") for known in (_BROWSERS, _SYSTEMS)]
    return ", ".join(name for name in found if name)
