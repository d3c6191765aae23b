"""Actions as iCalendar (RFC 5545), and the secret address of each user's own: 256 random bits, of which the table keeps a hash."""

import secrets
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import timezone
from icalendar import Calendar, Event

from clientdesk.mail import absolute
from clientdesk.models import User
from clientdesk.rights import Right, may
from contacts.models import CalendarFeed, CrmAction

# What a calendar program reads: the last months and whatever comes, and never more than so many.
_BACK, _MOST = timedelta(days=180), 2000
# How long an action is in a calendar that names no end.
_USUAL = timedelta(minutes=30)


def _digest(token: str) -> str:
    return sha256(token.encode(errors="surrogatepass")).hexdigest()


def renew(user: User) -> str:
    """Give `user` a new calendar address and return its secret part; the address of before dies."""
    token = secrets.token_urlsafe(32)
    CalendarFeed.objects.update_or_create(user=user, defaults={"token_hash": _digest(token), "created_at": timezone.now()})
    return token


def owner(token: str) -> User | None:
    """Return whose address has this secret part; nobody where it was replaced or revoked, or its owner may not come in any more."""
    found = CalendarFeed.objects.select_related("user").filter(token_hash=_digest(token)).first()
    return found.user if found and may(found.user, Right.VIEW) else None


def of_user(user: User) -> bytes:
    """Return the planned and done actions of `user` with the clients that the user may see (XD33)."""
    since = timezone.now() - _BACK
    mine = CrmAction.objects.of(user).visible_to(user).exclude(status=CrmAction.Status.CANCELLED)
    timed = mine.filter(due_at__isnull=False, sort_at__gte=since).select_related("client", "contact")
    return text(timed.order_by("sort_at", "pk")[:_MOST])


def text(actions: Iterable[CrmAction]) -> bytes:
    """Return `actions`, each of which has a time, as one calendar."""
    calendar = Calendar()
    calendar.add("prodid", "-//ClientDesk//CRM//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", settings.COMPANY_NAME)
    for action in actions:
        calendar.add_component(_event(action))
    return calendar.to_ical()


def _event(action: CrmAction) -> Event:
    event, start = Event(), action.due_at
    end = action.end_at or (start + _USUAL if start else None)
    event.add("uid", f"crm-action-{action.pk}@{urlsplit(settings.PUBLIC_BASE_URL).hostname}")
    event.add("dtstamp", _utc(action.updated_at))
    event.add("last-modified", _utc(action.updated_at))
    event.add("sequence", action.version)
    event.add("dtstart", _utc(start))
    event.add("dtend", _utc(end))
    done = "✓ " if action.status == CrmAction.Status.DONE else ""
    event.add("summary", f"{done}{action.get_kind_display()}: {action.subject}")
    who = f"{action.contact}, {action.client}" if action.contact else str(action.client)
    event.add("description", "\n".join(part for part in (who, action.body) if part))
    event.add("url", absolute(action.get_absolute_url()))
    event.add("status", "CANCELLED" if action.status == CrmAction.Status.CANCELLED else "CONFIRMED")
    return event


def _utc(moment: datetime | None) -> datetime | None:
    return moment.astimezone(UTC) if moment else None
