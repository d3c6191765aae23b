"""Why two clients may be one: reasons with their values, in words, and how strong they are together."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from django.utils.translation import gettext as _

from clientdesk.merging.scanning import stored, together
from clientdesk.words import email_key, search_key
from clients import traces
from clients.distinctive import weight, words_of
from clients.models import Client
from clients.near_names import SAME, always, nearness_of_words

__all__ = ["STRONG", "Facts", "Reason", "compare", "read", "stored", "strength"]

# From here on the question is asked before a client is added.
STRONG = 70


@dataclass(frozen=True)
class Reason:
    """One reason: its kind and the value that both clients have; `words` is what a person reads."""

    kind: str
    value: str = ""

    @property
    def words(self) -> str:
        """The reason in words, such as “Same domain brauer.example”."""
        return _sentences(self.value)[self.kind] if self.kind in _STRENGTHS else self.value


def _sentences(value: str) -> dict[str, str]:
    shown = {"value": value}
    return {
        "tax": _("Same tax number %(value)s") % shown,
        "registration": _("Same registration number %(value)s") % shown,
        "email": _("Same e-mail address %(value)s") % shown,
        "phone": _("Same phone +%(value)s") % shown,
        "domain": _("Same domain %(value)s") % shown,
        "address": _("Same address %(value)s") % shown,
        "same_name": _("Same name but for the legal form"),
        "same_person": _("Same name"),
        "near_name": _("Near name"),
        "merged": _("Formerly %(value)s") % shown,
        "words": _("Holds the same words"),
    }


# How sure each reason alone makes, of 100.
_STRENGTHS = {
    "tax": 90,
    "registration": 90,
    "email": 85,
    "merged": 85,
    "same_name": 75,
    "phone": 60,
    "same_person": 60,
    "near_name": 55,
    "domain": 45,
    "address": 35,
    "words": 25,
}


def strength(reasons: Iterable[Reason]) -> int:
    """Return how sure `reasons` make together, 99 at most."""
    return together(_STRENGTHS.get(reason.kind, 0) for reason in reasons)


def read(kept: Iterable) -> list[Reason]:
    """Return the reasons that DuplicatePair kept, the strongest first."""
    found = [Reason(str(kind), str(value)) for kind, value in kept if isinstance(kept, list)]
    return sorted(found, key=lambda reason: -_STRENGTHS.get(reason.kind, 0))


@dataclass(frozen=True)
class Facts:
    """What is compared of a client, saved or only typed; `keys` are those of clients/traces.py."""

    name: str = ""
    legal_name: str = ""
    kind: str = Client.Kind.CORPORATE
    email: str = ""
    street: str = ""
    postal_code: str = ""
    registration_number: str = ""
    keys: Mapping[str, str] = field(default_factory=dict)

    # What a statement reads to make facts of a row.
    COLUMNS = ("name", "legal_name", "kind", "email", "street", "postal_code", "company__registration_number", *traces.KEYS)

    @classmethod
    def of_row(cls, row: Mapping[str, object]) -> "Facts":
        """Return the facts of a row of `values(*COLUMNS)`."""
        plain = {name: str(row[name] or "") for name in ("name", "legal_name", "kind", "email", "street", "postal_code")}
        registration = str(row["company__registration_number"] or "")
        return cls(**plain, registration_number=registration, keys={key: str(row[key]) for key in traces.KEYS})

    @classmethod
    def of(cls, client: Client) -> "Facts":
        """Return the facts of `client`, saved or not."""
        company = getattr(client, "company", None) if client.pk else None
        return cls.typed(
            client.name,
            client.legal_name,
            client.email,
            website=client.website,
            phone=str(client.phone or ""),
            tax_number=client.tax_number,
            kind=client.kind,
            street=client.street,
            postal_code=client.postal_code,
            registration_number=company.registration_number if company else "",
        )

    @classmethod
    def typed(
        cls, name: str, legal_name: str = "", email: str = "", *, website: str = "", phone: str = "", tax_number: str = "", **more: str
    ) -> "Facts":
        """Return the facts of what somebody types, with its keys."""
        keys = traces.of(legal_name or name, email, website, phone, tax_number)
        return cls(name=name, legal_name=legal_name, email=email, keys=keys, **more)

    @cached_property
    def names(self) -> list[tuple[str, ...]]:
        """The distinctive words of each different name."""
        return list(dict.fromkeys(words for name in (self.legal_name, self.name) if (words := words_of(name))))

    @property
    def is_person(self) -> bool:
        """Whether the client is one person: two persons may well bear one name."""
        return self.kind == Client.Kind.INDIVIDUAL

    @cached_property
    def address(self) -> str:
        """Street and postal code by which addresses are compared, or an empty text."""
        return search_key(self.street, self.postal_code) if self.street and self.postal_code else ""


def compare(one: Facts, other: Facts, rarity: Callable[[str], float] = always) -> list[Reason]:
    """Return why the two may be one client, the strongest reason first; what both lack is no reason."""
    found = []
    for key, kind in (("tax_key", "tax"), ("phone_key", "phone"), ("domain_key", "domain")):
        # Two persons at one domain work at one place, or have their mailbox at one provider.
        if one.keys.get(key) and one.keys[key] == other.keys.get(key) and not (kind == "domain" and one.is_person and other.is_person):
            found.append(Reason(kind, one.keys[key]))
    if (number := traces.tax_key(one.registration_number)) and number == traces.tax_key(other.registration_number):
        found.append(Reason("registration", one.registration_number))
    if "@" in one.email and email_key(one.email) == email_key(other.email):
        found.append(Reason("email", one.email))
    if one.address and one.address == other.address:
        found.append(Reason("address", f"{one.street}, {one.postal_code}"))
    if kind := _of_names(one, other, rarity):
        found.append(Reason(kind))
    return sorted(found, key=lambda reason: -_STRENGTHS[reason.kind])


def _of_names(one: Facts, other: Facts, rarity: Callable[[str], float]) -> str:
    best = max((nearness_of_words(mine, theirs, rarity) for mine in one.names for theirs in other.names), default=0.0)
    if best == SAME and not (one.is_person or other.is_person):
        told = max((sum(weight(word) * rarity(word) for word in words) for words in one.names), default=0)
        return "same_name" if told >= 0.5 else "near_name"
    if best == SAME:
        return "same_person"
    return "near_name" if best else ""
