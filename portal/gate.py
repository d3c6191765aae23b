"""The login gate of the portal (domain.md 8.4, G): asked at sign-in and on each request."""

from clientdesk.models import User


def open_access(user: User) -> object | None:
    """Return the open access of the portal user `user`, or None."""
    return None
