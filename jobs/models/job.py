"""Jobs: what a technician does for a client, from the request to the closed work order (JD1, JD2)."""

from collections.abc import Iterable
from datetime import datetime
from typing import Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models.functions import Coalesce, Lower
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _
from phonenumber_field.modelfields import PhoneNumberField

from clientdesk.models import Address, User
from clientdesk.words import compacts, findable, tidy
from contacts.models import Contact
from contacts.models.actions import end_of_today
from jobs.machine import MACHINE, UNFINISHED, Status
from jobs.models.dictionaries import JobType
from jobs.models.item import Item, ItemQuerySet
from jobs.models.times import Priority, in_order
from jobs.sla import Phase, State, state
from jobs.steps import Gesture
from jobs.timing import NEVER, Promises


class Told(models.TextChoices):
    """How far those in charge were told how a clock stands; what was told is not told again."""

    NOTHING = "", _("Nothing")
    AT_RISK = "at_risk", _("At risk")
    BREACHED = "breached", _("Overdue")


class JobQuerySet(ItemQuerySet):
    def unfinished(self) -> Self:
        """Jobs that somebody waits for: requested, open and assigned ones."""
        return self.filter(status__in=UNFINISHED)

    def finished(self) -> Self:
        """Jobs that nobody waits for any more: resolved, closed and cancelled ones."""
        return self.exclude(status__in=UNFINISHED)

    def running(self) -> Self:
        """Jobs whose clock runs, if anything is promised: requested and open ones."""
        return self.filter(status__in=(Status.REQUESTED, Status.OPEN))

    def timed(self) -> Self:
        """Jobs whose clock runs, for something is promised."""
        return self.running().exclude(due_key=NEVER)

    def dues(self) -> dict[int, datetime]:
        """Return until when the clock of each runs by what is promised to its client at this moment, by key; without one it is not
        among them. Nothing is saved."""
        promises, found = Promises(), {}
        for job in self.running().select_related("client"):
            job.time(promises)
            if job.due_at:
                found[job.pk] = job.due_at
        return found

    def breached(self) -> Self:
        """Jobs whose running clock is over."""
        return self.running().filter(due_key__lt=timezone.now())

    def due_today(self) -> Self:
        """Jobs whose running clock will be over before the day is, in the present time zone; it is not yet."""
        return self.running().filter(due_key__gte=timezone.now(), due_key__lt=end_of_today())

    def at_risk(self) -> Self:
        """Jobs whose running clock is in its last quarter."""
        now = timezone.now()
        return (
            self.running()
            .filter(due_key__gte=now)
            .filter(models.Q(status=Status.REQUESTED, request_risk_at__lte=now) | models.Q(status=Status.OPEN, open_risk_at__lte=now))
        )


class Job(Item, Address):
    """One piece of work for a client; its address is where the work is done. A closed one is immutable (invariant 23).

    Each phase has a clock: when it started, when it is over, from when on it is at risk, and when it was stopped. `due_key` is the
    time by which lists sort: when the running clock is over, or NEVER.
    """

    TIMES = ("request_due_at", "request_risk_at", "open_due_at", "open_risk_at", "due_key")

    MACHINE, SERIES, LETTER = MACHINE, "jobs", "J"

    # Jobs may be logged without anybody (J8).
    contact = models.ForeignKey(Contact, models.SET_NULL, null=True, blank=True, related_name="jobs", verbose_name=_("Contact person"))
    project = models.ForeignKey("jobs.Project", models.SET_NULL, null=True, blank=True, related_name="jobs", verbose_name=_("Project"))
    more_contacts = models.ManyToManyField(
        Contact, through="JobContact", blank=True, related_name="more_jobs", verbose_name=_("Additional contacts")
    )
    contact_phone = PhoneNumberField(_("Phone on site"), blank=True)
    job_type = models.ForeignKey(JobType, models.PROTECT, null=True, blank=True, related_name="jobs", verbose_name=_("Job type"))
    priority = models.CharField(_("Priority"), max_length=10, choices=Priority, default=Priority.NORMAL)
    status = models.CharField(_("Status"), max_length=10, choices=Status, default=Status.OPEN, editable=False)
    subject = models.CharField(_("Subject"), max_length=200)
    description = models.TextField(_("Description"), max_length=20_000, blank=True)
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, db_index=False, related_name="+", verbose_name=_("Technician")
    )
    scheduled_at = models.DateTimeField(_("Scheduled for"), null=True, blank=True)

    requested_at = models.DateTimeField(_("Requested"), null=True, blank=True, editable=False)
    opened_at = models.DateTimeField(_("Opened"), null=True, blank=True, editable=False)
    resolved_at = models.DateTimeField(_("Resolved"), null=True, blank=True, editable=False)
    closed_at = models.DateTimeField(_("Closed"), null=True, blank=True, editable=False)
    cancelled_at = models.DateTimeField(_("Cancelled"), null=True, blank=True, editable=False)
    cancelled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, editable=False, related_name="+", verbose_name=_("Cancelled by")
    )
    cancel_reason = models.CharField(_("Reason"), max_length=500, blank=True, editable=False)
    request_stopped_at = models.DateTimeField(null=True, editable=False)
    open_stopped_at = models.DateTimeField(null=True, editable=False)
    request_due_at = models.DateTimeField(null=True, editable=False)
    request_risk_at = models.DateTimeField(null=True, editable=False)
    open_due_at = models.DateTimeField(null=True, editable=False)
    open_risk_at = models.DateTimeField(null=True, editable=False)
    due_key = models.DateTimeField(default=NEVER, editable=False)
    # By which lists sort as well, kept by the database: how much it hurries, when it is scheduled for or was closed, or NEVER, its
    # town and its subject (JD3).
    urgency = models.GeneratedField(
        expression=in_order("priority", Priority.values), output_field=models.SmallIntegerField(), db_persist=True
    )
    scheduled_key = models.GeneratedField(
        expression=Coalesce("scheduled_at", models.Value(NEVER)), output_field=models.DateTimeField(), db_persist=True
    )
    closed_key = models.GeneratedField(
        expression=Coalesce("closed_at", models.Value(NEVER)), output_field=models.DateTimeField(), db_persist=True
    )
    city_key = models.GeneratedField(expression=Lower("city"), output_field=models.TextField(), db_persist=True)
    subject_key = models.GeneratedField(expression=Lower("subject"), output_field=models.TextField(), db_persist=True)
    # The branch by whose hours the running clock was timed: where it is not the client's of now, the clock is timed anew.
    timed_by = models.PositiveBigIntegerField(null=True, editable=False)
    # How far the running clock was told of; a clock that starts anew is told of anew.
    told = models.CharField(max_length=10, choices=Told, default=Told.NOTHING, blank=True, editable=False)
    search_key = models.TextField(editable=False, default="")
    # Comes from the form that logged it: pressed twice it logs one job (E03).
    key = models.UUIDField(null=True, editable=False)

    objects = JobQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        verbose_name = _("job")
        verbose_name_plural = _("jobs")
        constraints = [
            models.UniqueConstraint(fields=["key"], name="job_logged_once", violation_error_message=_("This job was logged already.")),
            models.CheckConstraint(
                condition=~models.Q(status__in=("assigned", "resolved", "closed")) | models.Q(assignee__isnull=False),
                name="job_assigned_to_somebody",
                violation_error_message=_("Choose the technician."),
            ),
        ]
        indexes = [
            models.Index(fields=["due_key", "id"], name="job_by_due"),
            models.Index(fields=["created_at", "id"], name="job_by_age"),
            models.Index(fields=["status", "due_key", "id"], name="job_by_status"),
            models.Index(fields=["client", "status", "due_key", "id"], name="job_of_client"),
            models.Index(fields=["assignee", "status", "due_key", "id"], name="job_of_technician"),
            models.Index(fields=["urgency", "id"], name="job_by_urgency"),
            models.Index(fields=["scheduled_key", "id"], name="job_by_scheduled_key"),
            models.Index(fields=["closed_key", "id"], name="job_by_closing"),
            models.Index(fields=["city_key", "id"], name="job_by_town"),
            models.Index(fields=["subject_key", "id"], name="job_by_subject"),
            models.Index(fields=["scheduled_at", "id"], condition=models.Q(scheduled_at__isnull=False), name="job_by_schedule"),
            models.Index(
                fields=["due_key", "id"],
                condition=models.Q(status__in=("requested", "open")) & ~models.Q(told="breached"),
                name="job_to_tell",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.subject}"

    @classmethod
    def from_db(cls, db, field_names, values, *, fetch_mode=None) -> Self:
        job = super().from_db(db, field_names, values, fetch_mode=fetch_mode)
        job._stored_status = job.__dict__.get("status", "")
        return job

    def get_absolute_url(self) -> str:
        return reverse("jobs:detail", args=[self.pk])

    # --- questions --------------------------------------------------------------------------------
    @property
    def is_closed(self) -> bool:
        """Whether it cannot be changed any more (JD4)."""
        return self.status == Status.CLOSED

    @property
    def gestures(self) -> list[Gesture]:
        """What can be done with it now."""
        return MACHINE.offered(self.status)

    @property
    def phase(self) -> Phase:
        """Whose clock tells how it stands: that of the request until it was taken up."""
        return Phase.REQUEST if self.opened_at is None else Phase.OPEN

    @property
    def due_at(self) -> datetime | None:
        """When its clock is or was over, or None where nothing was promised."""
        return self.request_due_at if self.phase == Phase.REQUEST else self.open_due_at

    @property
    def stopped_at(self) -> datetime | None:
        """When its clock was stopped, or None while it runs."""
        return self.request_stopped_at if self.phase == Phase.REQUEST else self.open_stopped_at

    @property
    def sla_state(self) -> State:
        """How its clock stands now; that of a cancelled job does not count."""
        if self.status == Status.CANCELLED:
            return State.NONE
        at_risk = self.request_risk_at if self.phase == Phase.REQUEST else self.open_risk_at
        return state(self.due_at, at_risk, self.stopped_at, timezone.now())

    # --- laws -------------------------------------------------------------------------------------
    def clean(self) -> None:
        self.subject = tidy(self.subject)
        super().clean()
        if self.project and self.project.client_id != self.client_id:
            raise ValidationError({"project": _g("%(chosen)s belongs to another client.") % {"chosen": self.project}})

    def time(self, promises: Promises | None = None) -> bool:
        """Set the times of the running clock anew from when it started; return whether any differs. The caller saves them."""
        before = [getattr(self, name) for name in self.TIMES]
        running = self.status in (Status.REQUESTED, Status.OPEN)
        if running:
            phase = self.phase
            start = self.requested_at if phase == Phase.REQUEST else self.opened_at
            times = (promises or Promises()).times(self.client, phase, self.priority, start or timezone.now())
            self.timed_by = self.client.branch_id
            setattr(self, f"{phase}_due_at", times.due)
            setattr(self, f"{phase}_risk_at", times.at_risk)
        self.due_key = (self.due_at if running else None) or NEVER
        return before != [getattr(self, name) for name in self.TIMES]

    def save(self, *args, **kwargs) -> None:
        if self.__dict__.get("_stored_status") == Status.CLOSED:
            raise ValidationError(_g("%(job)s is closed and cannot be changed any more.") % {"job": self.number})
        self.search_key = findable(self.number, self.subject, self.city, *compacts(self.number))
        if kwargs.get("update_fields") is not None:
            kwargs["update_fields"] = {*kwargs["update_fields"], "search_key", "timed_by", *self.TIMES}
        super().save(*args, **kwargs)
        self._stored_status = self.status

    def forget(self, **values: object) -> None:
        """Give it `values`, also where it is closed: what the law lets be erased goes from closed jobs, too."""
        self._stored_status = ""
        for name, value in values.items():
            setattr(self, name, value)
        self.save(update_fields=list(values))

    # --- verbs ------------------------------------------------------------------------------------
    def log(self, by: User | None, others: Iterable[Contact] = (), *, requested: bool = False) -> None:
        """Save it as a new job with its number, its `others` to be told, and the first line of its timeline.

        It is open, or assigned where it has a technician; `requested` where a client asked for it.
        """
        now = timezone.now()
        with transaction.atomic():
            self.take_number()
            self.created_by = by
            self.status = Status.REQUESTED if requested else Status.OPEN
            if requested:
                self.requested_at = now
            else:
                self.opened_at = now
            self.time()
            to_do = self.status
            if self.assignee_id and not requested:
                self.status, self.open_stopped_at = Status.ASSIGNED, now
                self.time()
            self.save(force_insert=True)
            self.name_others(others)
            if self.job_type:
                for text in self.job_type.checks:
                    self.checks.create(text=text, created_by=by)
            self.events.create(origin="", to=to_do, actor=by, at=now)
            if self.status != to_do:
                self.events.create(origin=to_do, to=self.status, actor=by, at=now, note=str(self.assignee))

    def accept(self, by: User | None) -> None:
        """Take up a client's request: its clock stops, that of an open job starts."""
        now = timezone.now()
        self._go("accept", by, request_stopped_at=now, opened_at=now, open_stopped_at=None, told=Told.NOTHING)

    def assign(self, by: User | None, assignee: User, scheduled_at: datetime | None = None) -> None:
        """Let `assignee` do it, at `scheduled_at` where that is known."""
        if not assignee.technician or not assignee.is_active:
            raise ValidationError(_g("%(person)s is no technician. Choose somebody who is.") % {"person": assignee})
        stamps = {"assignee": assignee, "scheduled_at": scheduled_at, "open_stopped_at": timezone.now()}
        self._go("assign", by, str(assignee), **stamps)

    def release(self, by: User | None) -> None:
        """Take it back from its technician: it is open again, with a new clock."""
        now = timezone.now()
        self._go("release", by, assignee=None, scheduled_at=None, opened_at=now, open_stopped_at=None, told=Told.NOTHING)

    def resolve(self, by: User | None, note: str = "") -> None:
        """Its technician has done it; `note` says what."""
        self._go("resolve", by, note, resolved_at=timezone.now())

    def reopen(self, by: User | None) -> None:
        """It is not done after all: its technician goes on."""
        self._go("reopen", by, resolved_at=None)

    def close(self, by: User | None) -> None:
        """It was looked at and stays as it is for ever (JD4)."""
        self._go("close", by, closed_at=timezone.now())

    def cancel(self, by: User | None, reason: str = "") -> None:
        """It will not be done; its clock stops without breach."""
        self._go("cancel", by, reason, cancelled_at=timezone.now(), cancelled_by=by, cancel_reason=reason)

    def reopen_cancelled(self, by: User | None) -> None:
        """It will be done after all: it is open, with a new clock and without a technician."""
        stamps = {"cancelled_at": None, "cancelled_by": None, "cancel_reason": "", "assignee": None, "scheduled_at": None}
        self._go("reopen_cancelled", by, opened_at=timezone.now(), open_stopped_at=None, told=Told.NOTHING, **stamps)

    def add_note(self, by: User | None, note: str, *, visible_in_portal: bool = False) -> None:
        """Write `note` into its timeline, for the client to read or not. Raises ValidationError where it is closed."""
        with transaction.atomic():
            self.hold()
            if self.is_closed:
                raise ValidationError(_g("%(job)s is closed and cannot be changed any more.") % {"job": self.number})
            self.events.create(origin=self.status, to=self.status, actor=by, note=note, visible_in_portal=visible_in_portal)

    def _go(self, name: str, by: User | None, note: str = "", **stamps: object) -> None:
        """Make one step of the machine under the row's lock: somebody else may be acting on it.

        Raises ValidationError with a sentence where the step does not lead from the state of now.
        """
        with transaction.atomic():
            self.hold()
            self._stored_status = self.status
            origin, self.status = self.status, MACHINE.step(self, name)
            if origin == Status.ASSIGNED:
                # Whoever is at work on it is not any more.
                for session in self.sessions.filter(ended_at=None):
                    session.stop()
            for stamp, value in stamps.items():
                setattr(self, stamp, value)
            self.time()
            self.save(update_fields=["status", *stamps, "updated_at"])
            self.events.create(origin=origin, to=self.status, actor=by, note=note)
