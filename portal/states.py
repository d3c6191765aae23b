"""Portal access as staff pages show it, for a whole list at once (settings.PORTAL_STATES)."""

from collections.abc import Iterable

from contacts.models import Contact
from portal.models import ContactAccess, with_facts


def of_contacts(contacts: Iterable[Contact]) -> dict[int, ContactAccess]:
    """Return the access of each of `contacts` by the contact's pk, in two queries for all.

    A contact that was never invited has an unsaved one. Each answers `state`, `can_be_invited`, `why_not_invited`, `until`,
    `mail_waits` and `mail_failed` without a further query.
    """
    found = list(contacts)
    if not found:
        return {}
    accesses = {}
    for contact, facts in with_facts(found):
        access = ContactAccess.of(contact)
        access.facts = facts
        accesses[contact.pk] = access
    return accesses
