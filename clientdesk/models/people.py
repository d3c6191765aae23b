"""Who signs in, and the links that let a person choose a password."""

import base64
import hashlib
import hmac
import secrets
from datetime import timedelta
from typing import ClassVar

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from clientdesk import passwords
from clientdesk.rights import Role
from clientdesk.words import email_key, tidy_email


class UserManager(BaseUserManager["User"]):
    """Users by address, by kind, and under lock."""

    def held(self, pk: int | None) -> "User | None":
        """Return the user with that key as it is now, locked until the transaction ends, or None.

        Whoever changes a user and its links takes the user first, so that no two wait for each other.
        """
        # Not the whole key: a row that points here, such as a new link or a mail, may be written meanwhile.
        return self.select_for_update(no_key=True).filter(pk=pk).first()

    def by_address(self, address: str) -> "User | None":
        """Return the user who signs in with `address` (case folded), or None."""
        return self.filter(email_key=email_key(address)).first()

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email_key=email_key(username or ""))

    def staff(self) -> models.QuerySet["User"]:
        """Return the users who have a staff role."""
        return self.exclude(role="")

    def invite(self, email: str, **fields) -> "User":
        """Create a user without a usable password; the invitation link lets the person choose one.

        Raises IntegrityError where the address belongs to a user already.
        """
        user = self.model(email=email, **fields)
        user.set_unusable_password()
        user.save()
        user.keep_address()
        return user

    def mark_failed(self, address: str) -> None:
        """Note a wrong password for whoever signs in with `address`; for an unknown address the same statement finds nobody (X51)."""
        self.filter(email_key=email_key(address)).update(last_failed_login=timezone.now())


class User(AbstractBaseUser):
    """A person who signs in by e-mail: staff with a role, or a portal user (no role) reached from its contact's access."""

    email = models.EmailField(_("E-mail"), max_length=254)
    email_key = models.CharField(max_length=254, editable=False)
    first_name = models.CharField(_("First name"), max_length=100, blank=True)
    last_name = models.CharField(_("Last name"), max_length=100, blank=True)
    role = models.CharField(_("Role"), max_length=20, choices=Role, blank=True)
    technician = models.BooleanField(_("Technician"), default=False, help_text=_("Can be assigned to jobs."))
    is_active = models.BooleanField(_("Active"), default=True)
    theme = models.CharField(
        _("Theme"), max_length=5, blank=True, choices=[("", _("As the device")), ("light", _("Light")), ("dark", _("Dark"))]
    )
    time_zone = models.CharField(_("Time zone"), max_length=64, blank=True)
    first_weekday = models.PositiveSmallIntegerField(_("First day of the week"), null=True, blank=True)
    keys_on = models.BooleanField(_("Single-key shortcuts"), default=True)
    session_epoch = models.PositiveIntegerField(default=0, editable=False)
    last_failed_login = models.DateTimeField(_("Last failed sign-in"), null=True, blank=True, editable=False)
    created_at = models.DateTimeField(_("Created"), auto_now_add=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    # What staff edit; a change of anything else (a sign-in, a new password) must not look like a colleague's edit.
    EDITED = frozenset({"email", "first_name", "last_name", "role", "technician", "is_active"})

    objects = UserManager()

    class Meta:
        ordering = ["last_name", "first_name", "id"]
        # A dozen among as many portal users as there are contacts; every list asks for them.
        indexes = [models.Index(fields=["last_name", "first_name"], condition=~models.Q(role=""), name="user_staff_by_name")]
        constraints = [
            models.UniqueConstraint(
                fields=["email_key"], name="user_email_once", violation_error_message=_("Another user signs in with this address.")
            ),
        ]

    def __str__(self) -> str:
        return self.full_name or self.email

    def clean(self) -> None:
        self.email = tidy_email(self.email)
        self.email_key = email_key(self.email)

    def save(self, *args, **kwargs) -> None:
        self.clean()
        fields = kwargs.get("update_fields")
        if fields is not None and "email" in fields:
            kwargs["update_fields"] = {*fields, "email_key"}
        if not self._state.adding and (fields is None or self.EDITED & set(fields)):
            self.version += 1
            if fields is not None:
                kwargs["update_fields"] = {*kwargs["update_fields"], "version"}
        super().save(*args, **kwargs)

    def set_password(self, raw_password: str | None) -> None:
        super().set_password(passwords.normal(raw_password))

    def check_password(self, raw_password: str | None) -> bool:
        return super().check_password(passwords.normal(raw_password) or "")

    def choose_password(self, password_hash: str) -> None:
        """Sign in with the password of `password_hash` from now on; every session and every open link of before ends (invariant 11)."""
        with transaction.atomic():
            self.password = password_hash
            self.save(update_fields=["password"])
            self.links.all().void()

    @property
    def full_name(self) -> str:
        """First and last name, or an empty text."""
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def is_staff(self) -> bool:
        """Whether the user belongs to the back office (has a role)."""
        return bool(self.role)

    @property
    def invitation_open(self) -> bool:
        """Whether the person never chose a password."""
        return not self.has_usable_password()

    @property
    def new_address(self) -> str:
        """The address that the person wants to sign in with and has not confirmed yet, or an empty text."""
        link = self.links.new_addresses().first()
        return link.address if link else ""

    def keep_address(self) -> None:
        """Keep allauth's verified primary address in step with `email`; without it no second factor can be enrolled."""
        from allauth.account.models import EmailAddress  # noqa: PLC0415 - allauth's models load after ours

        EmailAddress.objects.filter(user=self).exclude(email=self.email.lower()).delete()
        EmailAddress.objects.update_or_create(user=self, email=self.email.lower(), defaults={"verified": True, "primary": True})

    def deactivate(self, by: "User") -> None:
        """Let a staff user in no more: sessions end at the next request, open links die (JD8).

        Raises ValidationError for oneself and for the last administrator.
        """
        if self == by:
            raise ValidationError(_g("You cannot deactivate yourself. Ask another administrator."))
        with transaction.atomic():
            self.keep_an_administrator()
            self.is_active = False  # ty: ignore[invalid-assignment]
            self.session_epoch += 1
            self.save(update_fields=["is_active", "session_epoch"])
            self.links.all().void()

    def restore(self) -> None:
        """Let a deactivated staff user in again, with the password of before."""
        self.is_active = True  # ty: ignore[invalid-assignment]
        self.save(update_fields=["is_active"])

    def keep_an_administrator(self) -> None:
        """Raise ValidationError where this is the last active administrator; call it in the transaction of the change."""
        # Locking all administrators: two of them who step down at once must not leave none.
        active = type(self).objects.select_for_update().filter(role=Role.ADMINISTRATOR, is_active=True).order_by("pk")
        if [user.pk for user in active] == [self.pk]:
            raise ValidationError(_g("%(user)s is the last administrator. Make another user administrator first.") % {"user": self})

    def sign_out_everywhere(self) -> None:
        """End every session of this user at its next request."""
        self.session_epoch += 1
        self.save(update_fields=["session_epoch"])

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        # Django binds a session to the password only; the epoch lets us end sessions without changing the password.
        return salted_hmac(
            "clientdesk.User.session", f"{self.password}:{self.session_epoch}", secret=secret, algorithm="sha256"
        ).hexdigest()


class AccessLinkQuerySet(models.QuerySet["AccessLink"]):
    """Links by what became of them, and the one way to make one."""

    def unspent(self) -> "AccessLinkQuerySet":
        """Links that were neither used nor voided; they may have run out."""
        return self.filter(used_at=None, voided_at=None)

    def new_addresses(self) -> "AccessLinkQuerySet":
        """Links to addresses that somebody wants to sign in with and has not confirmed yet, the newest first."""
        return self.unspent().filter(purpose=AccessLink.Purpose.ADDRESS, expires_at__gt=timezone.now()).order_by("-pk")

    def void(self) -> int:
        """End every unspent link of this set and return how many there were."""
        return self.unspent().update(voided_at=timezone.now())

    def issue(self, user: User, purpose: str, address: str = "", leads_to: str = "") -> "AccessLink":
        """Make a link for `user` to the address of now; every older unspent link of this user dies (invariant 11). Who spends it
        lands on `leads_to`, a page of ours, where one is given.

        A link to a new `address` takes the place of an older one to a new address only, and is none of the others: who asks for
        a new password in somebody's name stops no change of that person's address.
        """
        with transaction.atomic():
            # The user's row is the lock: of two links made at once one is the newer, and only that one lives.
            User.objects.held(user.pk)
            same = models.Q(purpose=AccessLink.Purpose.ADDRESS)
            self.filter(same if purpose == AccessLink.Purpose.ADDRESS else ~same, user=user).void()
            link = AccessLink(user=user, purpose=purpose, address=address or user.email, nonce=secrets.token_hex(16))
            link.leads_to = leads_to[:200]
            link.expires_at = timezone.now() + link.lifetime
            link.token_hash = _digest(link.token)
            link.save(force_insert=True)
        return link

    def by_token(self, token: str) -> "AccessLink | None":
        """Return the link whose token is `token`, in whatever state, or None."""
        return self.select_related("user").filter(token_hash=_digest(token)).first()


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


class AccessLink(models.Model):
    """A one-time link by which `user` chooses a password or confirms a new address: looked at by GET, spent by POST (decision 2).

    The table holds a hash; the token itself is derived from a nonce and SECRET_KEY, so a repeated mail carries the same
    link and neither the table nor the outbox alone can open an account.
    """

    class Purpose(models.TextChoices):
        INVITATION = "invitation", _("Invitation")
        RESET = "reset", _("Password reset")
        ADDRESS = "address", _("New sign-in address")

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        USED = "used", _("Used")
        VOIDED = "voided", _("Replaced")
        EXPIRED = "expired", _("Expired")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="links")
    purpose = models.CharField(max_length=10, choices=Purpose)
    address = models.CharField(max_length=254)
    nonce = models.CharField(max_length=32, editable=False)
    token_hash = models.CharField(max_length=64, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    expires_at = models.DateTimeField()
    # When somebody, or a program that scans mails, first looked at it.
    opened_at = models.DateTimeField(null=True, blank=True)
    used_at = models.DateTimeField(null=True, blank=True)
    voided_at = models.DateTimeField(null=True, blank=True)
    # The page of ours that the mail was about; blank: where everybody starts.
    leads_to = models.CharField(max_length=200, blank=True)

    objects = AccessLinkQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["token_hash"], name="accesslink_token_once")]

    def __str__(self) -> str:
        return f"{self.purpose} {self.pk}"

    @property
    def lifetime(self) -> timedelta:
        """How long a new link of this purpose works."""
        if self.purpose == self.Purpose.RESET:
            return timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT)
        if self.purpose == self.Purpose.ADDRESS:
            return timedelta(days=1)
        return timedelta(days=settings.INVITATION_DAYS)

    @property
    def token(self) -> str:
        """The secret part of the link's address: 256 bits, URL-safe."""
        secret = hmac.new(settings.SECRET_KEY.encode(), f"clientdesk.AccessLink:{self.purpose}:{self.nonce}".encode(), hashlib.sha256)
        return base64.urlsafe_b64encode(secret.digest()).rstrip(b"=").decode()

    @property
    def state(self) -> str:
        """Open, used, voided or expired; a link to an address that is no longer the user's counts as voided (trial V5)."""
        if self.used_at:
            return self.State.USED
        if self.voided_at or (self.address != self.user.email and self.purpose != self.Purpose.ADDRESS):
            return self.State.VOIDED
        return self.State.OPEN if self.expires_at > timezone.now() else self.State.EXPIRED
