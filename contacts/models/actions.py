"""CRM actions: what was said, written and agreed with a client and its people, and what is planned (X70, X71, XD19)."""

from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from clientdesk.models import OutgoingMail, Stamped, User, Versioned
from clientdesk.words import tidy
from clients.models import Client
from clients.restricted import seen_by
from contacts.models.people import Contact


def end_of_today() -> datetime:
    """Return the first moment of tomorrow in the present time zone."""
    return timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)


class CrmActionQuerySet(models.QuerySet["CrmAction"]):
    """Actions by what became of them and by when they are due."""

    def visible_to(self, user: User) -> Self:
        """Actions with the clients that `user` may see (XD33)."""
        return self.filter(seen_by(user, "client__"))

    def planned(self) -> Self:
        """Actions that are still to be done."""
        return self.filter(status=CrmAction.Status.PLANNED)

    def done(self) -> Self:
        """Actions that were done."""
        return self.filter(status=CrmAction.Status.DONE)

    def overdue(self) -> Self:
        """Planned actions whose time has passed."""
        return self.planned().filter(due_at__lt=timezone.now())

    def due_today(self) -> Self:
        """Planned actions of today in the present time zone, and those that are overdue."""
        return self.planned().filter(due_at__lt=end_of_today())

    def of(self, user: User) -> Self:
        """Actions that `user` is to do or did."""
        return self.filter(assigned_to=user)


class CrmMailing(models.Model):
    """One sending of a CRM e-mail to one or many contacts; `key` comes from its form, so that a second press sends nothing (E03)."""

    key = models.UUIDField(unique=True)
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    sent_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"CRM e-mail {self.pk}"


class CrmAction(Versioned, Stamped):
    """Something done or planned with a client, or with one of its contacts. `sort_at` is where it stands in lists: when it is due,
    once it is done when that was."""

    class Kind(models.TextChoices):
        MEMO = "memo", _("Memo")
        EMAIL = "email", _("E-mail")
        CALL = "call", _("Call")
        TASK = "task", _("Task")
        EVENT = "event", _("Event")

    class Status(models.TextChoices):
        PLANNED = "planned", _("Planned")
        DONE = "done", _("Done")
        CANCELLED = "cancelled", _("Cancelled")

    ICONS = {"memo": "sticky-note", "email": "mail", "call": "phone", "task": "list-checks", "event": "calendar"}

    client = models.ForeignKey(Client, models.CASCADE, db_index=False, related_name="actions", verbose_name=_("Client"))
    contact = models.ForeignKey(
        Contact, models.SET_NULL, null=True, blank=True, db_index=False, related_name="actions", verbose_name=_("Contact person")
    )
    kind = models.CharField(_("Kind"), max_length=10, choices=Kind)
    subject = models.CharField(_("Subject"), max_length=200)
    body = models.TextField(_("Text"), max_length=20_000, blank=True)
    status = models.CharField(_("Status"), max_length=10, choices=Status, default=Status.PLANNED, editable=False)
    due_at = models.DateTimeField(_("Due"), null=True, blank=True)
    end_at = models.DateTimeField(_("Until"), null=True, blank=True)
    done_at = models.DateTimeField(_("Done on"), null=True, blank=True, editable=False)
    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        related_name="+",
        verbose_name=_("Person in charge"),
    )
    reminder_at = models.DateTimeField(_("Reminder by e-mail"), null=True, blank=True)
    # When the reminder was queued; a new time for it starts again.
    reminded_at = models.DateTimeField(null=True, editable=False)
    mailing = models.ForeignKey(CrmMailing, models.PROTECT, null=True, editable=False, related_name="actions")
    mail = models.ForeignKey(OutgoingMail, models.SET_NULL, null=True, editable=False, related_name="+")
    sort_at = models.DateTimeField(editable=False)
    # Comes from the form that added it: pressed twice it adds one action (E03).
    key = models.UUIDField(null=True, editable=False)

    objects = CrmActionQuerySet.as_manager()

    class Meta:
        ordering = ["sort_at", "id"]
        verbose_name = _("CRM action")
        verbose_name_plural = _("CRM actions")
        constraints = [
            models.UniqueConstraint(
                fields=["key"], name="crmaction_added_once", violation_error_message=_("This action was added already.")
            ),
            models.CheckConstraint(
                condition=~models.Q(status="planned") | models.Q(due_at__isnull=False),
                name="crmaction_planned_is_due",
                violation_error_message=_("Enter when it is due, or record it as done."),
            ),
            models.CheckConstraint(
                condition=~models.Q(kind="memo") | models.Q(due_at__isnull=True),
                name="crmaction_memo_is_not_due",
                violation_error_message=_("A memo is never due. Choose a task, or leave the time blank."),
            ),
            models.CheckConstraint(
                condition=models.Q(end_at__isnull=True) | models.Q(due_at__isnull=False, end_at__gt=models.F("due_at")),
                name="crmaction_ends_after_due",
                violation_error_message=_("The end must come after the time when it is due."),
            ),
            models.CheckConstraint(
                condition=models.Q(status="done", done_at__isnull=False) | (~models.Q(status="done") & models.Q(done_at__isnull=True)),
                name="crmaction_done_has_its_time",
                violation_error_message=_("What is done has the time when it was done."),
            ),
        ]
        indexes = [
            models.Index(fields=["sort_at", "id"], name="crmaction_by_time"),
            models.Index(fields=["client", "status", "sort_at", "id"], name="crmaction_of_client"),
            models.Index(fields=["contact", "status", "sort_at", "id"], name="crmaction_of_contact"),
            models.Index(fields=["assigned_to", "status", "sort_at", "id"], name="crmaction_of_person"),
            models.Index(
                fields=["reminder_at", "id"],
                condition=models.Q(status="planned", reminded_at__isnull=True, reminder_at__isnull=False),
                name="crmaction_reminders",
            ),
        ]

    def __str__(self) -> str:
        return self.subject

    def get_absolute_url(self) -> str:
        return reverse("crm:detail", args=[self.pk])

    # --- questions --------------------------------------------------------------------------------
    @property
    def icon(self) -> str:
        """The icon of its kind."""
        return self.ICONS[self.kind]

    @property
    def is_planned(self) -> bool:
        """Whether it is still to be done."""
        return self.status == self.Status.PLANNED

    @property
    def is_overdue(self) -> bool:
        """Whether it is still to be done and its time has passed."""
        return self.is_planned and self.due_at is not None and self.due_at < timezone.now()

    @property
    def was_sent(self) -> bool:
        """Whether it is an e-mail that was sent from here: its text is a fact."""
        return self.mailing_id is not None or self.mail_id is not None

    @property
    def can_reopen(self) -> bool:
        """Whether it can be planned again: it had a time, and is no e-mail that was sent."""
        return not self.is_planned and self.due_at is not None and not self.was_sent

    # --- laws -------------------------------------------------------------------------------------
    def clean(self) -> None:
        self.subject = tidy(self.subject)
        if self.contact_id and self.client_id and self.contact.client_id != self.client_id:
            raise ValidationError({"contact": _g("%(contact)s belongs to another client.") % {"contact": self.contact}})
        if self.kind == self.Kind.MEMO and (self.due_at or self.reminder_at):
            raise ValidationError({"due_at": _g("A memo is never due. Choose a task, or leave the time blank.")})
        if self.is_planned and self.kind != self.Kind.MEMO and not self.due_at:
            raise ValidationError({"due_at": _g("Enter when it is due, or record it as done.")})
        if self.end_at and not self.due_at:
            raise ValidationError({"end_at": _g("Enter when it begins, too.")})
        if self.end_at and self.due_at and self.end_at <= self.due_at:
            raise ValidationError({"end_at": _g("The end must come after the time when it is due.")})

    def save(self, *args, **kwargs) -> None:
        if self.kind == self.Kind.MEMO and self.is_planned:
            # A memo is created done (domain.md 8.3).
            self.status = self.Status.DONE
        if self.status == self.Status.DONE and self.done_at is None:
            self.done_at = timezone.now()
        self.sort_at = self.done_at or self.due_at or self.created_at or timezone.now()
        if kwargs.get("update_fields") is not None:
            kwargs["update_fields"] = {*kwargs["update_fields"], "sort_at"}
        super().save(*args, **kwargs)

    # --- verbs ------------------------------------------------------------------------------------
    def _hold(self) -> None:
        """Lock the row and read it as it is now: somebody else may be acting on it."""
        type(self).objects.select_for_update(of=("self",)).get(pk=self.pk)
        self.refresh_from_db()

    def complete(self) -> bool:
        """Let it be done now; return False where it was done already, for two may press at once.

        Raises ValidationError for a cancelled one.
        """
        with transaction.atomic():
            self._hold()
            if self.status == self.Status.DONE:
                return False
            if self.status == self.Status.CANCELLED:
                raise ValidationError(_g("“%(action)s” was cancelled. Plan it again first.") % {"action": self})
            self.status, self.done_at = self.Status.DONE, timezone.now()
            self.save(update_fields=["status", "done_at", "updated_at"])
            return True

    def cancel(self) -> bool:
        """Let it not be done; return False where it was cancelled already. Raises ValidationError for a done one."""
        with transaction.atomic():
            self._hold()
            if self.status == self.Status.CANCELLED:
                return False
            if self.status == self.Status.DONE:
                raise ValidationError(_g("“%(action)s” is done and cannot be cancelled.") % {"action": self})
            self.status = self.Status.CANCELLED
            self.save(update_fields=["status", "updated_at"])
            return True

    def reopen(self) -> bool:
        """Plan it again; return False where it is planned already. Raises ValidationError where it had no time or was sent."""
        with transaction.atomic():
            self._hold()
            if self.is_planned:
                return False
            if not self.can_reopen:
                raise ValidationError(_g("“%(action)s” had no time when it was due. Add a new action instead.") % {"action": self})
            self.status, self.done_at = self.Status.PLANNED, None
            self.save(update_fields=["status", "done_at", "updated_at"])
            return True

    def postpone(self, until: datetime) -> datetime:
        """Let it be due at `until` and return when it was; its end and its reminder move along.

        Raises ValidationError where it is not planned any more.
        """
        with transaction.atomic():
            self._hold()
            if not self.is_planned or self.due_at is None:
                raise ValidationError(_g("“%(action)s” is not planned any more, so it cannot be postponed.") % {"action": self})
            former = self.due_at
            self._shift(until - former)
            return former

    def bring_forward(self, until: datetime, former: datetime) -> None:
        """Take back that it was postponed from `former` to `until`; what it reminded of by then it does not remind of again.

        Raises ValidationError where it is due at another time by now, or not planned any more.
        """
        with transaction.atomic():
            self._hold()
            if not self.is_planned or self.due_at != until:
                raise ValidationError(_g("“%(action)s” was changed since it was postponed, so it stays as it is now.") % {"action": self})
            self._shift(former - until)

    def _shift(self, by: timedelta) -> None:
        self.due_at = self.due_at + by if self.due_at else None
        self.end_at = self.end_at + by if self.end_at else None
        self.remind_at(self.reminder_at + by if self.reminder_at else None)
        if self.reminder_at and by < timedelta(0) and self.reminder_at <= timezone.now():
            self.reminded_at = timezone.now()
        self.save(update_fields=["due_at", "end_at", "reminder_at", "reminded_at", "updated_at"])

    def remind_at(self, moment: datetime | None) -> None:
        """Let the person in charge be reminded at `moment`, once, also where an earlier reminder was sent; the caller saves."""
        self.reminder_at, self.reminded_at = moment, None


class CalendarFeed(models.Model):
    """The secret address of a user's calendar; the table holds a hash, a new address replaces the old one."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="calendar_feed")
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    def __str__(self) -> str:
        return f"calendar of {self.user_id}"
