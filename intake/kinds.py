"""What can be imported: for each kind its Resource, how its rows are judged and saved, and by which fields they find records."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from intake.columns import ClientResource
from intake.contact_columns import ContactResource
from intake.declaring import Declaration
from intake.individual_columns import IndividualResource
from intake.models import ImportRun
from intake.tree_columns import TreeResource

Key = ImportRun.Key
Kind = ImportRun.Kind


class Declared(NamedTuple):
    """One kind: the Resource that declares its columns, and the identifying fields in the order in which they are preferred."""

    resource: type[Declaration]
    keys: tuple[str, ...]
    # The column that must be there for an identifying field which is none itself.
    columns: Mapping[str, str] = MappingProxyType({})


KINDS: dict[str, Declared] = {
    Kind.CORPORATE: Declared(ClientResource, (Key.NAME, Key.NUMBER, Key.EXTERNAL_ID, Key.EMAIL)),
    Kind.INDIVIDUAL: Declared(IndividualResource, (Key.NAME, Key.NUMBER, Key.EXTERNAL_ID, Key.EMAIL)),
    Kind.CONTACT: Declared(ContactResource, (Key.EMAIL, Key.EXTERNAL_ID, Key.NAME), {Key.NAME: "last_name"}),
    Kind.TREE: Declared(TreeResource, (Key.NAME, Key.NUMBER), {Key.NAME: "client_name", Key.NUMBER: "client_number"}),
}


def resource(kind: str) -> Declaration:
    """Return a fresh Resource of `kind` with the custom fields of now. Raises KeyError for a kind that cannot be imported yet."""
    return KINDS[kind].resource().extend()


def keys(kind: str) -> tuple[str, ...]:
    """Return the identifying fields of `kind`, the preferred one first."""
    return KINDS[kind].keys


def key_column(kind: str, key: str) -> str:
    """Return the column in which the text of the identifying field `key` stands, and what is wrong with it."""
    return KINDS[kind].columns.get(key, key)


def key_label(kind: str, key: str) -> str:
    """Return what the identifying field `key` is called among records of `kind`."""
    fields = KINDS[kind].resource.fields
    return fields[key].label if key in fields else str(Key(key).label)
