"""Portal access as staff pages show it, for a whole list at once (settings.PORTAL_STATES)."""

from collections.abc import Iterable

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from clientdesk.models import AccessLink
from clients.models import Client
from contacts.models import Contact
from portal.facts import with_facts
from portal.models import ContactAccess, Opening, State


def of_contacts(contacts: Iterable[Contact], as_read: bool = False) -> dict[int, ContactAccess]:
    """Return the access of each of `contacts` by the contact's pk, in three queries for all, in four where what a list has just read
    of them and of their clients is taken `as_read`.

    A contact that was never invited has an unsaved one. Each answers `state`, `can_be_invited`, `why_not_invited`, `until`,
    `mail_waits` and `mail_failed` without a further query.
    """
    found = list(contacts)
    if not found:
        return {}
    accesses = {}
    for contact, facts in with_facts(found, as_read):
        access = ContactAccess.of(contact)
        access.facts = facts
        accesses[contact.pk] = access
    return accesses


def condition(*wanted: str) -> Q:
    """Return the condition under which the access of a contact is in one of the states `wanted`: what `ContactAccess.state` derives
    of one access, asked of all in the database."""
    live = AccessLink.objects.unspent().filter(user=OuterRef("access__user"), address=OuterRef("email"), expires_at__gt=timezone.now())
    by_status = Q(client__portal=None) | Q(client__portal__portal_access=Opening.BY_STATUS)
    portal_open = Q(client__portal__portal_access=Opening.ALLOWED) | (by_status & Q(client__status=Client.Status.ACTIVE))
    activated = Q(access__user__isnull=False) & ~Q(access__user__password__startswith=UNUSABLE_PASSWORD_PREFIX)
    is_open = Q(access__user__is_active=True, access__allowed=True, active=True) & portal_open
    asked = ~activated & Q(access__allowed=True, access__invited_at__isnull=False)
    conditions = {
        State.ACTIVE: activated & is_open,
        State.BLOCKED: (activated | asked) & ~is_open,
        State.INVITED: asked & is_open & Q(Exists(live)),
        State.EXPIRED: asked & is_open & ~Q(Exists(live)),
        State.NOT_INVITED: ~activated & Q(access__allowed=True, access__invited_at=None),
        State.NO_ACCESS: ~activated & (Q(access=None) | Q(access__allowed=False)),
    }
    found = Q()
    for state in wanted:
        found |= conditions[State(state)]
    return found
