"""Moving a contact to another client: what happens, done as one act under both clients' locks, and taken back as one unit.

settings.CONTACT_MOVE_PARTS names what other apps do when a contact moves; each owns its part (`portal/moving.py`).
"""

from dataclasses import dataclass, field

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from clientdesk.ledger import Kept, Ledger, take_back
from clientdesk.models import User
from clients.consequences import Consequence
from clients.models import Client
from contacts.merging import People
from contacts.models import Contact, ContactMove, ContactOffice, Office


@dataclass
class Moving:
    """One move while it happens: the contact, the client that it goes to, and the ledger that remembers."""

    contact: Contact
    target: Client
    ledger: Ledger = field(default_factory=Ledger)


class MovePart:
    """What one app does when a contact is moved; every method may be left as it is."""

    def why_not(self, contact: Contact, target: Client) -> str:
        """Return the sentence why `contact` cannot be moved, or an empty text."""
        return ""

    def says(self, contact: Contact, target: Client) -> list[Consequence]:
        """Return what the move means, before it is done."""
        return []

    def move(self, moving: Moving) -> None:
        """Do it, through the ledger."""


def _parts() -> list[MovePart]:
    return [import_string(path)() for path in settings.CONTACT_MOVE_PARTS]


def why_not_from(contact: Contact) -> str:
    """Return the sentence why `contact` cannot be moved anywhere, or an empty text (invariant 4)."""
    if contact.erased_at:
        return _("The personal data of %(contact)s were erased. It cannot be moved.") % {"contact": contact}
    if contact.client.is_individual:
        sentence = _("%(contact)s is the individual client %(client)s and cannot be moved.")
        return sentence % {"contact": contact, "client": contact.client}
    return ""


def why_not(contact: Contact, target: Client) -> str:
    """Return the sentence why `contact` cannot be moved to `target`, or an empty text."""
    if reason := why_not_from(contact):
        return reason
    if target.pk == contact.client_id:
        return _("%(contact)s is a contact person of %(client)s already.") % {"contact": contact, "client": target}
    if target.is_individual:
        return _("%(client)s is an individual, who has no other contact persons.") % {"client": target}
    if target.erased_at:
        return _("The personal data of %(client)s were erased.") % {"client": target}
    return next((reason for part in _parts() if (reason := part.why_not(contact, target))), "")


def consequences(contact: Contact, target: Client) -> list[Consequence]:
    """Return what it means to move `contact` to `target`, in sentences; nothing is done."""
    shown = {"contact": contact, "client": contact.client, "target": target, "office": _headquarters(target)}
    offices = tuple(str(office) for office in contact.offices.all())
    leaves = _("%(contact)s leaves the offices of %(client)s and belongs to “%(office)s” of %(target)s.")
    found = [Consequence(leaves % shown, offices)]
    if contact.department:
        found.append(Consequence(_("The department “%(name)s” is lost.") % {"name": contact.department}))
    if contact.use_client_address:
        found.append(Consequence(_("The mailing address becomes that of %(target)s, because the client's is used.") % shown))
    if contact.active and not target.contacts.filter(is_primary=True).exists():
        found.append(Consequence(_("%(contact)s becomes the primary contact of %(target)s.") % shown))
    return found + [one for part in _parts() for one in part.says(contact, target)]


def _headquarters(client: Client) -> Office:
    return client.offices.get(is_headquarters=True)


def hold(*clients: int) -> None:
    """Lock the rows of `clients`: who is primary stays as it is until all is saved."""
    list(Client.objects.select_for_update(of=("self",)).filter(pk__in=clients).order_by("pk").values_list("pk"))


def move(contact: Contact, target: Client, successor: Contact | None, by: User) -> ContactMove:
    """Move `contact` to `target`; a primary one names its `successor` first. Raises ValidationError with the reason where it is refused.

    The caller holds both clients.
    """
    if reason := why_not(contact, target):
        raise ValidationError(reason)
    if contact.successors and successor not in contact.successors:
        raise ValidationError(_("%(contact)s is the primary contact. Choose who is it from now on.") % {"contact": contact})
    moving, made = Moving(contact, target), ContactMove(contact=contact.pk, from_client=contact.client_id, to_client=target.pk, moved_by=by)
    ledger = moving.ledger
    with transaction.atomic():
        if contact.is_primary:
            ledger.change(contact, is_primary=False)
            if successor:
                ledger.change(successor, is_primary=True)
        for link in contact.contact_offices.order_by("pk"):
            ledger.delete(link)
        office = _headquarters(target)
        first = contact.active and not target.contacts.filter(is_primary=True).exists()
        ledger.change(contact, client=target, default_office=office, department=None, is_primary=first)
        ledger.create(ContactOffice(contact=contact, office=office))
        for part in _parts():
            part.move(moving)
        # What a step calls a row is a person's name here; the keys say enough.
        made.steps = [step | {"name": ""} if "name" in step else step for step in ledger.steps]
        made.save(force_insert=True)
    return made


def obstacle(made: ContactMove) -> str:
    """Return the sentence why the move `made` cannot be undone now, or an empty text."""
    if made.undone_at:
        return _("This move was undone already.")
    contact = Contact.objects.filter(pk=made.contact).first()
    if contact is None or not made.steps:
        return _("The contact is gone, or its personal data were erased. The move cannot be undone.")
    if contact.client_id != made.to_client:
        return _("%(contact)s was moved on since. Undo that move first.") % {"contact": contact}
    if not Client.objects.filter(pk=made.from_client).exists():
        return _("The client that %(contact)s came from is gone.") % {"contact": contact}
    return ""


def undo(made: ContactMove, by: User) -> list[Kept]:
    """Take the move `made` back and return what stayed as it is now; both clients are held by the caller. Raises ValidationError with
    the reason where it is refused."""
    if reason := obstacle(made):
        raise ValidationError(reason)
    with transaction.atomic():
        stayed = take_back(made.steps)
        for client in Client.objects.filter(pk__in=(made.from_client, made.to_client)).order_by("pk"):
            stayed += [Kept(str(client), "", sentence) for sentence in People().mend(client)]
        made.undone_by, made.undone_at = by, timezone.now()
        made.save(update_fields=["undone_by", "undone_at"])
    return stayed
