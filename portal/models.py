"""Who may come into the client portal: what the client allows, what the contact was given, and the invitation."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import NamedTuple

from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from clientdesk import brakes, history, new_addresses, outbox, work
from clientdesk.models import AccessLink, Change, OutgoingMail, Stamped, User, Versioned
from clientdesk.words import email_key
from contacts.formats import language_of
from contacts.models import Contact
from portal import rights
from portal.choices import Invitation, Level, Opening, State
from portal.client_access import ClientAccess, PortalDefaults
from portal.facts import Facts, with_facts
from portal.rights import Right

__all__ = ["ClientAccess", "ContactAccess", "Invitation", "Level", "Opening", "PortalDefaults", "State"]


class Shown(NamedTuple):
    """How an access is shown: the sign that the tags `state` and `badge` know, and the words."""

    sign: str
    words: str


@dataclass(frozen=True)
class Refusal:
    """Why somebody is not invited: the few words that fit into a list, and the whole sentence."""

    words: str
    sentence: str


def _too_many_resets(count: int) -> str:
    return ngettext(
        "A reset e-mail was sent %(count)d time within the last hour. Wait before you send another.",
        "A reset e-mail was sent %(count)d times within the last hour. Wait before you send another.",
        count,
    ) % {"count": count}


class ContactAccess(Versioned, Stamped):
    """One contact's way into the portal: the grant, not the effective right."""

    contact = models.OneToOneField(Contact, models.CASCADE, related_name="access", verbose_name=_("Contact"))
    user = models.OneToOneField(User, models.SET_NULL, null=True, blank=True, related_name="access", verbose_name=_("Portal user"))
    allowed = models.BooleanField(_("Client portal access allowed"), default=False)
    level = models.CharField(_("Access level"), max_length=20, choices=Level, default=Level.ONLY_RELATED)
    may_decide_quotes = models.BooleanField(_("May accept and reject quotes"), default=False)
    # NULL: nobody chose any yet, so the invitation gives the preset Member; 0: all were taken away.
    rights = models.PositiveIntegerField(_("Rights"), null=True, blank=True)
    # Which e-mails about work the contact wants; it chooses itself.
    quote_mails = models.BooleanField(_("E-mails about quotes"), default=True)
    project_mails = models.BooleanField(_("E-mails about projects"), default=True)
    job_mails = models.BooleanField(_("E-mails about jobs"), default=True)
    invited_at = models.DateTimeField(_("Invited"), null=True, blank=True, editable=False)
    accepted_at = models.DateTimeField(_("Password set"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("portal access")
        verbose_name_plural = _("portal accesses")
        constraints = [
            models.CheckConstraint(condition=models.Q(level__in=Level.values), name="contactaccess_level_known"),
            models.CheckConstraint(
                condition=models.Q(accepted_at=None) | models.Q(invited_at__isnull=False), name="contactaccess_accepted_after_invitation"
            ),
        ]
        # The states that the clients list filters by: each may be rare.
        indexes = [
            models.Index(fields=["contact"], condition=models.Q(allowed=True, accepted_at__isnull=False), name="access_accepted"),
            models.Index(
                fields=["contact"], condition=models.Q(allowed=True, accepted_at=None, invited_at__isnull=False), name="access_invited"
            ),
            models.Index(fields=["contact"], condition=models.Q(allowed=False, invited_at__isnull=False), name="access_removed"),
        ]

    def __str__(self) -> str:
        return _g("Portal access of %(contact)s") % {"contact": self.contact}

    def clean(self) -> None:
        if self.user and self.user.is_staff:
            raise ValidationError(_g("A staff user cannot be a portal user."))
        if self.allowed:
            self.check_allowed()

    def check_allowed(self) -> None:
        """Raise ValidationError where the contact cannot be let in: without an address, or outside its default office (invariant 7)."""
        contact = self.contact
        if not contact.email:
            sentence = _g("%(contact)s has no e-mail address to sign in with. Add one first.")
            raise ValidationError({"allowed": sentence % {"contact": contact}})
        if not contact.contact_offices.filter(office=contact.default_office_id).exists():
            sentence = _g("%(contact)s does not belong to its default office. Choose its offices first.")
            raise ValidationError({"allowed": sentence % {"contact": contact}})

    @classmethod
    def of(cls, contact: Contact) -> "ContactAccess":
        """Return the row of `contact`, or an unsaved one without access."""
        return getattr(contact, "access", None) or cls(contact=contact)

    @property
    def client_access(self) -> ClientAccess:
        """The portal rights of the contact's client."""
        return ClientAccess.of(self.contact.client)

    @property
    def address(self) -> str:
        """The address of the contact, which its links go to."""
        return self.contact.email

    @property
    def client_name(self) -> str:
        """The only name of the client that contacts ever read (X8, X9)."""
        return self.contact.client.legal_name

    @property
    def language(self) -> str:
        """The language in which pages and mails speak to the contact."""
        return language_of(self.contact)

    @property
    def effective_rights(self) -> Right:
        """What the contact may do now (invariant 8)."""
        return rights.effective(self.rights, self.client_access.rights)

    def may(self, right: Right) -> bool:
        """Say whether contact and client both have `right`; deciding quotes is the contact's own switch and the client's right."""
        if right == Right.QUOTES_DECIDE:
            return self.may_decide_quotes and right in Right(self.client_access.rights)
        return right in self.effective_rights

    def wants_mail(self, kind: str) -> bool:
        """Say whether e-mails about a `kind` of work (quote, project or job) are sent to the contact. Who cannot come in gets them in
        any case: nobody would tell it otherwise."""
        return not (self.activated and self.is_open) or getattr(self, f"{kind}_mails")

    @property
    def activated(self) -> bool:
        """Whether the contact ever chose a password that still holds."""
        return self.user is not None and not self.user.invitation_open

    @property
    def is_open(self) -> bool:
        """The login gate G of domain.md 8.4, without asking whether a password was chosen."""
        if not (self.user and self.user.is_active and self.allowed and self.contact.active):
            return False
        return ClientAccess.is_open_for(self.contact.client)

    def shuts_with(self, status: str) -> bool:
        """Say whether the door is open now and would be shut once the client has `status` (XD11, invariant 19)."""
        return self.is_open and not self._is_open_with(status)

    def opens_with(self, status: str) -> bool:
        """Say whether the door is shut now and would be open once the client has `status`."""
        return not self.is_open and self._is_open_with(status)

    def _is_open_with(self, status: str) -> bool:
        client, now = self.contact.client, self.contact.client.status
        client.status = status
        try:
            return self.is_open
        finally:
            client.status = now

    def was_shut_since(self, moment: datetime) -> bool:
        """Say whether the door was shut at any time since `moment`, though it may be open again: the contact deactivated or at
        another address, the client inactive, its portal closed (trial V5, A06). The history knows.

        What is asked is whether it changed, not to what: the door was open at `moment`.
        """
        contact, client, whole = self.contact, self.contact.client, self.client_access
        watched = [(contact, "email"), (contact, "active")]
        if whole.pk:
            watched.append((whole, "portal_access"))
        if whole.portal_access != Opening.ALLOWED or whole.created_at > moment:
            watched.append((client, "status"))
        return any(
            history.touching(history.changes_of(record), type(record), name)
            .filter(action=Change.Action.UPDATE, timestamp__gt=moment)
            .exists()
            for record, name in watched
        )

    @cached_property
    def facts(self) -> Facts:
        """What lies outside this row; portal/states.py fills it for many at once."""
        return next(facts for _contact, facts in with_facts([self.contact]))

    @property
    def until(self) -> datetime | None:
        """Until when the open invitation works."""
        return self.facts.until

    @property
    def state(self) -> State:
        """What staff are shown."""
        if self.activated:
            return State.ACTIVE if self.is_open else State.BLOCKED
        if not self.allowed:
            return State.NO_ACCESS
        if self.invited_at is None:
            return State.NOT_INVITED
        if not self.is_open:
            return State.BLOCKED
        return State.INVITED if self.until and self.until > timezone.now() else State.EXPIRED

    @property
    def invitation(self) -> Invitation:
        """How far the invitation has come, as it stands wherever the contact is shown (trial F06)."""
        if self.invited_at is None:
            return Invitation.NONE
        if self.activated:
            return Invitation.ACCEPTED
        if not self.allowed:
            return Invitation.WITHDRAWN
        if self.mail_failed:
            return Invitation.FAILED
        if self.mail_waits:
            return Invitation.QUEUED
        if self.state == State.EXPIRED:
            return Invitation.EXPIRED
        return Invitation.OPENED if self.facts.opened else Invitation.SENT

    @property
    def shown(self) -> Shown:
        """What stands wherever the contact is shown: the state, or how far the invitation has come."""
        state, invitation = self.state, self.invitation
        if state == State.BLOCKED:
            return Shown("removed", str(state.label))
        if state in (State.ACTIVE, State.NOT_INVITED) or invitation == Invitation.NONE:
            return Shown(str(state), str(state.label))
        return Shown(str(invitation), str(invitation.label))

    @property
    def mail_waits(self) -> bool:
        """Whether the mail of the open invitation has not left yet (trial F06)."""
        return self.facts.mail == OutgoingMail.State.QUEUED

    @property
    def mail_failed(self) -> bool:
        """Whether the mail of the open invitation could not be delivered."""
        return self.facts.mail == OutgoingMail.State.FAILED

    @property
    def mail_note(self) -> str:
        """What staff read about the mail of the open invitation on the contact's own page (trial F06, F15)."""
        if self.mail_waits:
            return work.notice() or _g("E-mail not sent yet")
        if not self.mail_failed:
            return ""
        return _g("E-mail not delivered: %(reason)s") % {"reason": self.facts.refused}

    @property
    def can_be_invited(self) -> bool:
        """Whether Invite is offered; the server asks the same (invariant 12)."""
        return not self.why_not_invited

    @property
    def why_not_invited(self) -> str:
        """Return the sentence that stands where Invite would be, or an empty text (decision 17)."""
        return self.refusal.sentence if self.refusal else ""

    @property
    def refusal(self) -> Refusal | None:
        """Why the contact is not invited, or None where Invite is offered (decision 17)."""
        contact, client = self.contact, self.contact.client
        if not contact.active:
            return Refusal(_g("Deactivated"), _g("%(contact)s is deactivated.") % {"contact": contact})
        if not contact.email:
            return Refusal(_g("No e-mail"), _g("No e-mail"))
        if not ClientAccess.is_open_for(client):
            return Refusal(_g("Portal closed"), _g("The portal of %(client)s is closed.") % {"client": client.legal_name})
        if self.user and not self.user.is_active:
            return Refusal(_g("Account deactivated"), _g("The account of %(contact)s is deactivated.") % {"contact": contact})
        if self.state == State.ACTIVE:
            return Refusal(_g("Has access"), _g("%(contact)s has access already.") % {"contact": contact})
        match self.facts.taken:
            case "staff":
                sentence = _g("A staff user signs in with “%(email)s”. Use another address.") % {"email": contact.email}
                return Refusal(_g("Address in use"), sentence)
            case "portal":
                sentence = _g("Another portal user signs in with “%(email)s”. Use another address.") % {"email": contact.email}
                return Refusal(_g("Address in use"), sentence)
        return None

    def invite(self, by: User | None, leads_to: str = "") -> AccessLink:
        """Open the door: allow access, fill what is unset, make or refresh the user, send a link that voids the older one. Who spends
        it lands on `leads_to`, a page of the portal, where one is given.

        Raises ValidationError with the reason where `can_be_invited` says no (decision 17, J10 to J13, X60).
        """
        with transaction.atomic():
            # The contact's row is the lock: two presses at once make two links one after the other, the last one counts.
            contact = Contact.objects.select_for_update(of=("self",)).select_related("client__portal").get(pk=self.contact_id)
            access = ContactAccess.objects.select_related("user").filter(contact=contact).first() or ContactAccess(
                contact=contact, created_by=by
            )
            access.contact = contact
            # As it is now, whatever password was chosen a moment ago.
            access.user = User.objects.held(access.user_id)
            if reason := access.why_not_invited:
                raise ValidationError(reason)
            access.user = access.make_user()
            access.allow()
            link = AccessLink.objects.issue(access.user, AccessLink.Purpose.INVITATION, leads_to=leads_to)
            access.invited_at = link.created_at
            access.save()
            outbox.queue("contact_invitation", to=link.address, about={"contact": contact.pk}, link=link, by=by)
        return link

    def allow(self) -> None:
        """Let the contact in from now on; where nobody chose rights yet it gets those of a member (decision 17). Saves nothing."""
        self.allowed = True
        self.rights = int(rights.MEMBER) if self.rights is None else self.rights

    def send_reset(self, by: User | None) -> AccessLink:
        """Send a link to choose a new password, or invite again where no password was ever chosen (X61).

        Raises ValidationError with the reason where neither is possible.
        """
        if not self.activated:
            return self.invite(by)
        if not self.is_open:
            raise ValidationError(_g("The access of %(contact)s is blocked.") % {"contact": self.contact})
        if not brakes.RESETS_BY_STAFF.take(str(self.contact_id)):
            raise ValidationError(_too_many_resets(brakes.RESETS_BY_STAFF.tries))
        with transaction.atomic():
            link = AccessLink.objects.issue(self.user, AccessLink.Purpose.RESET)
            outbox.queue("contact_reset", to=link.address, about={"contact": self.contact_id}, link=link, by=by)
        return link

    @property
    def new_address(self) -> str:
        """The address that the contact is to sign in with once it is confirmed, or an empty text."""
        return self.user.new_address if self.user and self.activated else ""

    def want_address(self, address: str, by: User | None) -> AccessLink:
        """Ask for another address of a contact who signs in: it takes the place of this one once it is confirmed (trial A16)."""
        return new_addresses.want(self.user, address, by)

    def make_user(self) -> User:
        """Return the contact's user with the contact's name and address of now, made when there is none.

        A changed address makes the old password worthless. Raises ValidationError when the address was taken meanwhile.
        """
        contact = self.contact
        user = self.user or User.objects.filter(role="", access=None, email_key=email_key(contact.email)).first()
        wanted = {"email": contact.email, "first_name": contact.first_name, "last_name": contact.last_name}
        try:
            with transaction.atomic():
                if user is None:
                    return User.objects.invite(**wanted)
                if self.user is None or user.email != contact.email:
                    user.choose_password(make_password(None))
                changed = [name for name, value in wanted.items() if getattr(user, name) != value]
                for name in changed:
                    setattr(user, name, wanted[name])
                if changed:
                    # These alone: the rest of the row may be older than what somebody else just wrote.
                    user.save(update_fields=changed)
                if "email" in changed:
                    user.keep_address()
        except IntegrityError:
            sentence = _g("Another user signs in with “%(email)s”. Use another address.")
            raise ValidationError(sentence % {"email": contact.email}) from None
        return user

    def withdraw(self) -> None:
        """Close the door: sessions end at the next request, open links die at once (X49, invariant 11)."""
        with transaction.atomic():
            if user := User.objects.held(self.user_id):
                user.sign_out_everywhere()
                user.links.all().void()
            self.allowed = False
            self.save(update_fields=["allowed"])
