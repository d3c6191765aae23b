"""The people of clients as pages of this floor show them: the primary contact of a row, and the portal's word on each."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.utils.module_loading import import_string

from clients.models import Client


@dataclass(frozen=True)
class PrimaryContact:
    """The primary contact of a client in a list."""

    pk: int
    first_name: str
    last_name: str
    email: str
    phone: object

    def __str__(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()

    @classmethod
    def of(cls, client: Client) -> "PrimaryContact | None":
        """Return the primary contact that `with_primary()` found for `client`, or None."""
        if client.primary_pk is None:
            return None
        return cls(client.primary_pk, client.primary_first_name, client.primary_last_name, client.primary_email, client.primary_phone)


def portal_states(contacts: Iterable) -> dict[int, object]:
    """Return the portal's word on each of `contacts` (anything with pk and email) by pk, in two statements.

    The portal stands on a higher floor: settings.PORTAL_STATES names its function.
    """
    return import_string(settings.PORTAL_STATES)(contacts)
