"""Which contacts resemble one that is typed or saved: looked up by address, by phone and by neighbours in the order of names.

Every look-up reads a few rows by an index; what they find together is compared. Contacts that the person may not see are never named.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from clientdesk.models import User
from clientdesk.words import tidy_email
from contacts.duplicates.reasons import Person, PersonReason, compare, strength
from contacts.models import Contact, ContactPair, sort_key

# So many rows are read for each value, and so many neighbours on either side of the name.
_ROWS, _NEIGHBOURS = 10, 10
WEAKEST = 50


@dataclass(frozen=True)
class Candidate:
    """One contact that may be the one at hand, and why."""

    contact: Contact
    reasons: list[PersonReason]

    @property
    def strength(self) -> int:
        """How sure the reasons make, of 100."""
        return strength(self.reasons)

    @property
    def words(self) -> str:
        """The reasons in one line."""
        return " · ".join(reason.words for reason in self.reasons)


def candidates(contact: Contact, user: User, *, limit: int = 5, weakest: int = WEAKEST) -> list[Candidate]:
    """Return up to `limit` contacts that `user` may see and that may be the same person as `contact` (saved or only typed), the surest
    first; pairs that were called no duplicates are left out."""
    seen = Contact.objects.visible_to(user).filter(erased_at=None).exclude(pk=contact.pk).select_related("client")
    person, found = Person.of(contact), {}
    for other in _looked_up(seen, contact):
        if other.pk not in found and strength(reasons := compare(person, Person.of(other))) >= weakest:
            found[other.pk] = Candidate(other, reasons)
    for pk in _dismissed(contact, list(found)):
        found.pop(pk, None)
    return sorted(found.values(), key=lambda candidate: (-candidate.strength, candidate.contact.sort_key))[:limit]


def _dismissed(contact: Contact, others: list[int]) -> set[int]:
    if contact.pk is None or not others:
        return set()
    with_it = Q(first=contact, second__in=others) | Q(second=contact, first__in=others)
    pairs = ContactPair.objects.filter(with_it, state=ContactPair.State.DISMISSED).values_list("first", "second")
    return {pk for pair in pairs for pk in pair}


def _looked_up(seen: QuerySet[Contact], contact: Contact) -> Iterator[Contact]:
    email = tidy_email(contact.email)
    if "@" in email:
        # The second condition lets the database use the index, which leaves out blank addresses.
        yield from seen.filter(email__in={email, email.lower()}).exclude(email="").order_by()[:_ROWS]
    for column in ("phone", "mobile"):
        numbers = {str(phone) for phone in (contact.phone, contact.mobile) if phone}
        if numbers:
            yield from seen.filter(**{f"{column}__in": numbers}).exclude(**{column: ""}).order_by()[:_ROWS]
    for key in dict.fromkeys(_keys(contact.first_name, contact.last_name)):
        yield from seen.filter(sort_key__gte=key).order_by("sort_key", "id")[:_NEIGHBOURS]
        yield from seen.filter(sort_key__lt=key).order_by("-sort_key", "-id")[:_NEIGHBOURS]
    if contact.client_id:
        own = seen.filter(client=contact.client_id)
        last = sort_key("", contact.last_name)
        yield from own.filter(sort_key__gte=last[:1]).order_by("sort_key", "id")[: _ROWS * 4]


def _keys(first_name: str, last_name: str) -> list[str]:
    """Return the name in both orders: some type the last name first."""
    return [sort_key(first_name, last_name), sort_key(last_name, first_name)] if first_name and last_name else [sort_key("", last_name)]
