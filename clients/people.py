"""The people of clients as pages of this floor show them: the primary contact of a row, and the portal's word on each."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.utils.module_loading import import_string

from clients.models import Client
from clients.models.client import OF_PRIMARY


@dataclass(frozen=True)
class PrimaryContact:
    """The primary contact of a client in a list."""

    pk: int
    first_name: str
    last_name: str
    email: str
    phone: object
    active: bool
    client: Client

    def __str__(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()

    @classmethod
    def of(cls, client: Client) -> "PrimaryContact | None":
        """Return the primary contact that `with_primary()` found for `client`, or None."""
        if client.primary_pk is None:
            return None
        return cls(*(getattr(client, f"primary_{name}") for name in OF_PRIMARY), client)


def portal_states(contacts: Iterable, as_read: bool = False) -> dict[int, object]:
    """Return the portal's word on each of `contacts` by pk, in a handful of statements for all. `as_read`: what a list has just read of
    them and of the name, legal name and status of their clients is not read again.

    The portal stands on a higher floor: settings.PORTAL_STATES names its function.
    """
    return import_string(settings.PORTAL_STATES)(contacts, as_read)
