"""A CRM e-mail to one or many contacts: who gets it, who is skipped and why, and the one transaction that queues it (X42, G01)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Max
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext as _

from clientdesk import outbox
from clientdesk.mail import SUBJECT_LENGTH, one_line
from clientdesk.models import OutgoingMail, User
from clientdesk.words import email_key
from clients.letterhead import letterhead
from clients.models import Branch
from contacts.crm.placeholders import fill
from contacts.models import Contact, CrmAction, CrmMailing, UnwantedAddress


def may_get(contact: Contact) -> bool:
    """Say whether CRM e-mails may be sent to `contact`, whose client is loaded, and to its address (invariant 14)."""
    return not _why_never(contact) and not _unwanted([contact.email]) and not contact.is_unwanted


def _why_never(contact: Contact) -> str:
    if contact.erased_at or not contact.active:
        return _("Deactivated")
    if contact.no_crm_emails:
        return _("No CRM e-mails to this person")
    if contact.client.no_crm_emails:
        return _("No CRM e-mails to this client")
    return "" if contact.email else _("No e-mail")


def _why_not_twice(reader: Contact | None) -> str:
    """One address gets one message of a mailing, whoever of its contacts comes first."""
    return _("The same address gets it as %(contact)s") % {"contact": reader} if reader else ""


def _unwanted(addresses: Iterable[str]) -> set[str]:
    """Return those of `addresses`, in small letters, to which some contact, whoever sees it, wants no CRM e-mails; one statement.

    Who said no reads the mails to an address, whichever contact they are written to (Article 21 of the GDPR asks who it is, not which row).
    """
    said_no = Contact.objects.filter(no_crm_emails=True).annotate(address=Lower("email"))
    return set(said_no.filter(address__in={address.lower() for address in addresses}).values_list("address", flat=True))


def _refused(addresses: Iterable[str]) -> set[str]:
    """Return those of `addresses` to which the last mail could not be delivered; one statement, two where some failed."""
    mails = OutgoingMail.objects.order_by().values_list("to")
    failed = dict(mails.filter(state=OutgoingMail.State.FAILED, to__in=set(addresses)).annotate(last=Max("pk")))
    sent = dict(mails.filter(state=OutgoingMail.State.SENT, to__in=failed).annotate(last=Max("pk"))) if failed else {}
    return {address for address, last in failed.items() if last > sent.get(address, 0)}


@dataclass(frozen=True)
class Skipped:
    """A contact that gets no message, and why."""

    contact: Contact
    why: str


@dataclass(frozen=True)
class Message:
    """What one contact gets: subject and text with its own values in them."""

    contact: Contact
    subject: str
    text: str


@dataclass
class Recipients:
    """The contacts that `user` chose by their `keys` and may see (XD33), in the order of their names; `missing` are not among them."""

    user: User
    keys: list[int]
    found: list[Contact] = field(init=False)

    def __post_init__(self) -> None:
        known = Contact.objects.visible_to(self.user).filter(pk__in=self.keys).select_related("client__branch")
        self.found = list(known.order_by("sort_key", "id")[: settings.CRM_MAIL_LIMIT + 1])

    @property
    def missing(self) -> int:
        """How many of the keys lead to nobody whom the user may see."""
        return len(self.keys) - len(self.found) if len(self.found) <= settings.CRM_MAIL_LIMIT else 0

    @property
    def too_many(self) -> bool:
        """Whether one mailing cannot reach so many."""
        return len(self.found) > settings.CRM_MAIL_LIMIT

    @cached_property
    def skipped(self) -> list[Skipped]:
        """Those who get none, each with the reason."""
        readers: dict[str, Contact] = {}
        left_out = []
        for contact in self.found:
            address = email_key(contact.email)
            if why := self._why_not(contact) or _why_not_twice(readers.get(address)):
                left_out.append(Skipped(contact, why))
            else:
                readers[address] = contact
        return left_out

    @cached_property
    def reached(self) -> list[Contact]:
        """Those who get a message."""
        left_out = {one.contact.pk for one in self.skipped}
        return [contact for contact in self.found if contact.pk not in left_out]

    @cached_property
    def _bad_addresses(self) -> set[str]:
        return _refused(contact.email for contact in self.found if contact.email)

    @cached_property
    def _unwanted_addresses(self) -> set[str]:
        return _unwanted(contact.email for contact in self.found if contact.email)

    @cached_property
    def _erased_readers(self) -> set[str]:
        return UnwantedAddress.objects.among(contact.email for contact in self.found)

    def _why_not(self, contact: Contact) -> str:
        if why := _why_never(contact):
            return why
        # One sentence for both: whether the other contact was erased, or is of a client that not everybody sees (XD33), it does not tell.
        if email_key(contact.email) in self._erased_readers or contact.email.lower() in self._unwanted_addresses:
            return _("No CRM e-mails to this address: whoever reads it wants none")
        return _("The address was refused before") if contact.email in self._bad_addresses else ""

    # --- what they read -----------------------------------------------------------------------------
    @cached_property
    def _senders(self) -> dict[int, str]:
        branches = {contact.client.branch_id: contact.client.branch for contact in self.found}
        return {pk: _name_of(branch) for pk, branch in branches.items()}

    def message(self, contact: Contact, subject: str, text: str) -> Message:
        """Return what `contact`, one of those reached, reads."""
        values = values_of(contact, self.user, self._senders[contact.client.branch_id])
        return Message(contact, one_line(fill(subject, values))[:SUBJECT_LENGTH], fill(text, values))


def _name_of(branch: Branch) -> str:
    return str(letterhead(branch)["sender_name"] or settings.COMPANY_NAME)


def values_of(contact: Contact, sender: User, branch: str) -> Mapping[str, str]:
    """Return the value of each placeholder for `contact`; the client goes by its legal name, never by the internal one (X8)."""
    return {
        "first_name": contact.first_name or contact.full_name,
        "last_name": contact.last_name,
        "full_name": contact.full_name,
        "client": contact.client.legal_name,
        "branch": branch,
        "sender": sender.full_name or sender.email,
    }


def send(recipients: Recipients, key: UUID, subject: str, text: str) -> int | None:
    """Queue one message for each of those reached and record it as an action of theirs, all in one transaction; return how many.

    None where the form with this `key` was sent before: nothing is sent twice (E03).
    """
    with transaction.atomic():
        try:
            with transaction.atomic():
                mailing = CrmMailing.objects.create(key=key, sent_by=recipients.user)
        except IntegrityError:
            return None
        for contact in recipients.reached:
            _queue(recipients.message(contact, subject, text), mailing, recipients.user)
    return len(recipients.reached)


def _queue(message: Message, mailing: CrmMailing, by: User) -> None:
    contact = message.contact
    action = CrmAction(client=contact.client, contact=contact, kind=CrmAction.Kind.EMAIL, status=CrmAction.Status.DONE)
    action.subject, action.body, action.mailing = message.subject or _("(no subject)"), message.text, mailing
    action.assigned_to = action.created_by = by
    action.done_at = timezone.now()
    action.mail = outbox.queue("crm_mail", to=contact.email, about={"mailing": mailing.pk}, by=by)
    action.save(force_insert=True)
