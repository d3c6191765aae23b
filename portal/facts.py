"""What lies outside the row of an access, for many contacts at once."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db import DEFAULT_DB_ALIAS
from django.db.models import Model, Prefetch, QuerySet, prefetch_related_objects

from clientdesk.models import AccessLink, User
from clientdesk.words import email_key
from clients.models import Client
from contacts.models import Contact
from portal.client_access import ClientAccess


@dataclass(frozen=True)
class Facts:
    """Who else signs in with the contact's address ("", "staff" or "portal"), until when the open invitation works, when it was opened
    first, the state of its mail, and why the mail server refused it."""

    taken: str = ""
    until: datetime | None = None
    opened: datetime | None = None
    mail: str = ""
    refused: str = ""


# What states, reasons and cells of a list read beside the access itself: notes and addresses of fifty contacts stay where they are.
_OF_CONTACT = ("email", "active", "first_name", "last_name")
_OF_CLIENT = ("name", "legal_name", "status")
_OF_USER = ("user__password", "user__is_active")
# What is told of a link and of its mail.
_OF_LINK = ("user", "address", "purpose", "expires_at", "opened_at", "mails__state", "mails__error")


def with_facts(contacts: Sequence, as_read: bool = False) -> Iterator[tuple[Contact, Facts]]:
    """Give each of `contacts` again with client, access and user loaded, and its facts, in a handful of statements for all.

    They are read again, for who asks may have changed them and not saved that; `as_read`: what a list has just read of them and of
    their `client` is taken as it is."""
    # The folding of addresses is Python's: no database folds alike.
    keys = {contact.pk: email_key(contact.email) for contact in contacts}
    found = _as_read(contacts) if as_read else list(_again(keys))
    holders = {
        key: (role, contact)
        for key, role, contact in User.objects.filter(email_key__in=set(keys.values()))
        .order_by()
        .values_list("email_key", "role", "access__contact")
    }
    # What is asked of the few who have a user at all would cost as a subquery of every row more than the row itself. The last one counts.
    users = {contact.pk: access.user_id for contact in found if (access := getattr(contact, "access", None))}
    links = AccessLink.objects.unspent().filter(user__in={user for user in users.values() if user}).order_by("pk", "mails__pk")
    times, fates = {}, {}
    for user, address, purpose, until, opened, mail, refused in links.values_list(*_OF_LINK):
        times[user, address] = until, opened
        if mail and purpose != AccessLink.Purpose.ADDRESS:
            fates[user] = mail, refused
    for contact in found:
        role, holder = holders.get(keys[contact.pk], ("", None))
        taken = "staff" if role else "portal" if holder not in (None, contact.pk) else ""
        user = users.get(contact.pk)
        yield contact, Facts(taken, *times.get((user, contact.email), (None, None)), *fates.get(user, ("", "")))


def _again(keys: Iterable[int]) -> Iterable[Contact]:
    client, access = "client__portal", "access__user"
    of_client, of_access = _under("client", _OF_CLIENT), _under("access", (*_columns(_accesses().model), *_OF_USER))
    found = Contact.objects.filter(pk__in=keys).order_by().select_related(client, access)
    return found.only(*_OF_CONTACT, *of_client, *_under(client, _columns(ClientAccess)), *of_access)


def _as_read(contacts: Iterable) -> list[Contact]:
    """Two small statements take less than to join what is there already: of clients and contacts only the portal's rows are missing."""
    found = [_copy(contact) for contact in contacts]
    accesses = _accesses().select_related("user").only(*_columns(_accesses().model), *_OF_USER)
    prefetch_related_objects(found, "client__portal", Prefetch("access", accesses))
    return found


def _accesses() -> QuerySet:
    return apps.get_model("portal", "ContactAccess").objects.all()


def _columns(model: type[Model]) -> list[str]:
    return [column.name for column in model._meta.concrete_fields]


def _under(path: str, names: Iterable[str]) -> list[str]:
    return [f"{path}__{name}" for name in names]


def _copy(contact: Any) -> Contact:
    """Return `contact` as a contact of its own with its client, whatever the list made of it; the rest is read where it is asked for."""
    client = _partly(Client, contact.client, _OF_CLIENT)
    copy = _partly(Contact, contact, _OF_CONTACT, client_id=client.pk)
    copy.client = client
    return copy


def _partly[Record: Model](model: type[Record], known: Any, names: Iterable[str], **more: object) -> Record:
    values = {"id": known.pk} | {name: getattr(known, name) for name in names} | more
    # In the order of the columns, as it comes from a database.
    columns = [column.attname for column in model._meta.concrete_fields if column.attname in values]
    return model.from_db(DEFAULT_DB_ALIAS, columns, [values[name] for name in columns])
