"""Why two contacts may be one person: reasons with their values, in words, and how strong they are together.

A name is borne by many, and an address or a phone shared by many who work at one place: neither alone makes a person.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Self

from django.utils.translation import gettext as _

from clientdesk.merging.scanning import together
from clientdesk.words import email_key, search_key
from clients.near_names import SAME, nearness_of_words
from clients.traces import phone_key
from contacts.models import Contact

STRONG = 70
_STRENGTHS = {
    "email": 85,
    "same_person": 75,
    "phone": 60,
    "near_person": 55,
    "same_name": 35,
    "mailbox": 30,
    "near_name": 20,
    "switchboard": 15,
}


@dataclass(frozen=True)
class PersonReason:
    """One reason: its kind and the value that both contacts have; `words` is what a person reads."""

    kind: str
    value: str = ""

    @property
    def words(self) -> str:
        """The reason in words, such as “Same e-mail address anna@brauer.example”."""
        shown = {"value": self.value}
        return {
            "email": _("Same e-mail address %(value)s") % shown,
            "same_person": _("Same name at the same client"),
            "phone": _("Same phone +%(value)s") % shown,
            "near_person": _("Near name at the same client"),
            "same_name": _("Same name at another client"),
            "mailbox": _("Another name, but the same e-mail address %(value)s") % shown,
            "near_name": _("Near name at another client"),
            "switchboard": _("Another name, but the same phone +%(value)s") % shown,
        }.get(self.kind, self.value)


def strength(reasons: Iterable[PersonReason]) -> int:
    """Return how sure `reasons` make together, 99 at most."""
    return together(_STRENGTHS.get(reason.kind, 0) for reason in reasons)


def read(kept: Iterable) -> list[PersonReason]:
    """Return the reasons that a pair kept, the strongest first."""
    found = [PersonReason(str(kind), str(value)) for kind, value in kept if isinstance(kept, list)]
    return sorted(found, key=lambda reason: -_STRENGTHS.get(reason.kind, 0))


@dataclass(frozen=True)
class Person:
    """What is compared of a contact, saved or only typed."""

    client: int
    name: tuple[str, ...]
    email: str = ""
    phones: frozenset[str] = field(default_factory=frozenset)

    # What a statement reads to make a person of a row.
    COLUMNS = ("client_id", "first_name", "last_name", "email", "phone", "mobile")

    @classmethod
    def typed(cls, client: int, first_name: str, last_name: str, email: str = "", phones: Iterable[object] = ()) -> Self:
        """Return the person that somebody types, or that a row holds."""
        digits = frozenset(key for phone in phones if phone and (key := phone_key(str(phone))))
        return cls(client, tuple(search_key(first_name, last_name).split()), email_key(email), digits)

    @classmethod
    def of(cls, contact: Contact) -> Self:
        """Return the person that `contact` is."""
        return cls.typed(contact.client_id, contact.first_name, contact.last_name, contact.email, (contact.phone, contact.mobile))


def compare(one: Person, other: Person) -> list[PersonReason]:
    """Return why the two may be one person, the strongest reason first; what both lack is no reason."""
    near = nearness_of_words(one.name, other.name)
    found = []
    if near:
        kind = ("same" if near == SAME else "near") + ("_person" if one.client == other.client else "_name")
        found.append(PersonReason(kind))
    if "@" in one.email and one.email == other.email:
        found.append(PersonReason("email" if near else "mailbox", one.email))
    if shared := one.phones & other.phones:
        found.append(PersonReason("phone" if near else "switchboard", min(shared)))
    return sorted(found, key=lambda reason: -_STRENGTHS[reason.kind])
