"""What can be imported: for each kind its Resource, how its rows are judged and saved, and by which fields they find records."""

from collections.abc import Callable
from typing import NamedTuple

from intake.columns import ClientResource
from intake.declaring import Declaration
from intake.individual_columns import IndividualResource
from intake.models import ImportRun

Key = ImportRun.Key
Kind = ImportRun.Kind


class Declared(NamedTuple):
    """One kind: the Resource that declares its columns, and the identifying fields in the order in which they are preferred."""

    resource: Callable[[], Declaration]
    keys: tuple[str, ...]


KINDS: dict[str, Declared] = {
    Kind.CORPORATE: Declared(ClientResource, (Key.NAME, Key.NUMBER, Key.EXTERNAL_ID, Key.EMAIL)),
    Kind.INDIVIDUAL: Declared(IndividualResource, (Key.NAME, Key.NUMBER, Key.EXTERNAL_ID, Key.EMAIL)),
}


def resource(kind: str) -> Declaration:
    """Return a fresh Resource of `kind` with the custom fields of now. Raises KeyError for a kind that cannot be imported yet."""
    return KINDS[kind].resource().extend()


def keys(kind: str) -> tuple[str, ...]:
    """Return the identifying fields of `kind`, the preferred one first."""
    return KINDS[kind].keys
