"""What is done on a job: work sessions, parts, the checklist and the signatures, all of them for the work docket (JD4, JD5).

A closed job is immutable in all of it (invariant 23): each record asks its job, under the row's lock, before it is saved or deleted.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from clientdesk.models import Stamped, User, Versioned
from clientdesk.words import tidy
from clients.restricted import seen_by
from jobs.machine import Status
from jobs.models.job import Job
from jobs.models.quote import CENT


class WorkQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> Self:
        """Those of the clients that the staff user `user` may see (XD33)."""
        return self.filter(seen_by(user, "job__client__"))


class OfJob(Stamped):
    """A record that hangs on a job and stays as it is once the job is closed."""

    class Meta:
        abstract = True

    def save(self, *args, **kwargs) -> None:
        with transaction.atomic():
            refuse_closed(self.job_id)
            super().save(*args, **kwargs)

    def delete(self, *args, **kwargs) -> tuple[int, dict[str, int]]:
        with transaction.atomic():
            refuse_closed(self.job_id)
            return super().delete(*args, **kwargs)


def refuse_closed(pk: int) -> None:
    """Lock the job with the key `pk`. Raises ValidationError with a sentence where it is closed (invariant 23)."""
    number, status = Job.objects.select_for_update(of=("self",)).values_list("number", "status").get(pk=pk)
    if status == Status.CLOSED:
        raise ValidationError(_g("%(job)s is closed and cannot be changed any more.") % {"job": number})


class WorkSessionQuerySet(WorkQuerySet):
    def running(self) -> Self:
        """Those that were started and not stopped."""
        return self.filter(ended_at=None)

    def within(self, start: datetime, end: datetime | None) -> Self:
        """Those that share any time with the span from `start` to `end`, None being open."""
        found = self.filter(Q(ended_at=None) | Q(ended_at__gt=start))
        return found if end is None else found.filter(started_at__lt=end)


class WorkSession(Versioned, OfJob):
    """A span of time that a technician spends on a job, on the way or at work; without an end it runs. Nobody is in two at once."""

    class Mode(models.TextChoices):
        """How the time is spent; only travel is left out of the time of work."""

        ON_SITE = "on_site", _("On site")
        REMOTE = "remote", _("Remote")
        TRAVEL = "travel", _("Travel")

    job = models.ForeignKey(Job, models.CASCADE, related_name="sessions", verbose_name=_("Job"))
    technician = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, db_index=False, related_name="+", verbose_name=_("Technician"))
    mode = models.CharField(_("Mode"), max_length=10, choices=Mode, default=Mode.ON_SITE)
    started_at = models.DateTimeField(_("Start"))
    ended_at = models.DateTimeField(_("End"), null=True, blank=True)

    objects = WorkSessionQuerySet.as_manager()

    class Meta:
        ordering = ["started_at", "id"]
        verbose_name = _("work session")
        verbose_name_plural = _("work sessions")
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=F("started_at")),
                name="worksession_ends_after_start",
                violation_error_message=_("The end is before the start."),
            ),
            models.UniqueConstraint(
                fields=["technician"],
                condition=Q(ended_at=None),
                name="worksession_one_runs",
                violation_error_message=_("This technician is at work already. Stop that work session first."),
            ),
        ]
        indexes = [models.Index(fields=["technician", "started_at"], name="worksession_of_technician")]

    def __str__(self) -> str:
        return f"{self.get_mode_display()}, {date_format(timezone.localtime(self.started_at), 'DATETIME_FORMAT')}"

    def get_absolute_url(self) -> str:
        return f"{self.job.get_absolute_url()}#sessions"

    @property
    def is_running(self) -> bool:
        """Whether it was started and not stopped."""
        return self.ended_at is None

    @property
    def duration(self) -> timedelta:
        """How long it lasted, or lasts until now."""
        return (self.ended_at or timezone.now()) - self.started_at

    def clean(self) -> None:
        super().clean()
        if not self.started_at:
            return
        if self.started_at > timezone.now() + timedelta(minutes=1):
            raise ValidationError({"started_at": _g("This is in the future. A work session is what was done.")})
        if self.ended_at and self.ended_at < self.started_at:
            raise ValidationError({"ended_at": _g("The end is before the start.")})
        if self.technician_id:
            self._refuse_overlap()

    def _refuse_overlap(self) -> None:
        """Raise ValidationError where the technician was at work already in a part of the time."""
        others = WorkSession.objects.filter(technician=self.technician_id).exclude(pk=self.pk)
        other = others.within(self.started_at, self.ended_at).order_by("started_at").first()
        if other is None:
            return
        said = {"person": self.technician, "start": _moment(other.started_at), "end": other.ended_at and _moment(other.ended_at)}
        if other.ended_at is None:
            raise ValidationError(_g("%(person)s is at work since %(start)s. Stop that work session first.") % said)
        sentence = _g("%(person)s was at work from %(start)s to %(end)s already. Choose a time before or after that.")
        raise ValidationError(sentence % said)

    def save(self, *args, **kwargs) -> None:
        with transaction.atomic():
            # Whoever saves a session of the same technician waits, so that two never overlap.
            User.objects.select_for_update(of=("self",)).filter(pk=self.technician_id).values("pk").first()
            self._refuse_overlap()
            super().save(*args, **kwargs)

    # --- verbs ------------------------------------------------------------------------------------
    @classmethod
    def start(cls, job: Job, technician: User, mode: str) -> Self:
        """Let `technician` begin in `mode` now and return the session; one of this job in another mode ends with it.

        Raises ValidationError where the person is no technician, the job is not assigned, or the person is at work elsewhere.
        """
        if not technician.technician:
            raise ValidationError(_g("%(person)s is no technician. Choose somebody who is.") % {"person": technician})
        with transaction.atomic():
            job.hold()
            if job.status != Status.ASSIGNED:
                said = {"job": job.number, "status": job.get_status_display().lower()}
                raise ValidationError(_g("%(job)s is %(status)s. Work is started on assigned jobs only.") % said)
            now = timezone.now()
            before = cls.objects.running().filter(job=job, technician=technician).first()
            if before and before.mode == mode:
                return before
            if before:
                before.stop(now)
            session = cls(job=job, technician=technician, mode=mode, started_at=now, created_by=technician)
            session.save()
        return session

    def stop(self, moment: datetime | None = None) -> None:
        """End it at `moment`, or now; one that has ended stays as it is."""
        if self.ended_at is None:
            self.ended_at = max(moment or timezone.now(), self.started_at)
            self.save(update_fields=["ended_at", "updated_at"])


def _moment(moment: datetime) -> str:
    return date_format(timezone.localtime(moment), "SHORT_DATETIME_FORMAT")


def time_spent(sessions: Iterable[WorkSession]) -> tuple[timedelta, timedelta]:
    """Return how long `sessions` lasted in all, and how long without travel (JD5)."""
    whole = work = timedelta()
    for session in sessions:
        whole += session.duration
        work += timedelta() if session.mode == WorkSession.Mode.TRAVEL else session.duration
    return whole, work


class JobPart(Versioned, OfJob):
    """A part or an expense of a job; what it costs is not always said."""

    job = models.ForeignKey(Job, models.CASCADE, db_index=False, related_name="parts", verbose_name=_("Job"))
    text = models.CharField(_("Part"), max_length=200)
    quantity = models.DecimalField(_("Quantity"), max_digits=10, decimal_places=2, default=Decimal(1), validators=[MinValueValidator(CENT)])
    unit = models.CharField(_("Unit"), max_length=20, blank=True)
    price = models.DecimalField(
        _("Price of one"), max_digits=10, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(Decimal(0))]
    )

    objects = WorkQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        verbose_name = _("part")
        verbose_name_plural = _("parts")
        constraints = [
            models.UniqueConstraint(
                fields=["job", "text"], name="jobpart_once", violation_error_message=_("This part is listed already. Change its quantity.")
            ),
            models.CheckConstraint(
                condition=Q(quantity__gt=0), name="jobpart_is_some", violation_error_message=_("The quantity is more than 0.")
            ),
        ]

    def __str__(self) -> str:
        return self.text

    def get_absolute_url(self) -> str:
        return f"{self.job.get_absolute_url()}#parts"

    @property
    def total(self) -> Decimal | None:
        """What all of it costs, in cents exactly, or None where no price is given."""
        return None if self.price is None else (self.quantity * self.price).quantize(CENT)

    def clean(self) -> None:
        self.text, self.unit = tidy(self.text), tidy(self.unit)
        super().clean()


class JobCheck(OfJob):
    """A line of a job's checklist, done or not."""

    job = models.ForeignKey(Job, models.CASCADE, db_index=False, related_name="checks", verbose_name=_("Job"))
    text = models.CharField(_("What is to be checked"), max_length=200)
    done_at = models.DateTimeField(_("Done"), null=True, blank=True, editable=False)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, editable=False, related_name="+", verbose_name=_("Done by")
    )

    objects = WorkQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        verbose_name = _("check")
        verbose_name_plural = _("checklist")
        constraints = [
            models.UniqueConstraint(
                fields=["job", "text"], name="jobcheck_once", violation_error_message=_("This is on the checklist already.")
            )
        ]

    def __str__(self) -> str:
        return self.text

    def get_absolute_url(self) -> str:
        return f"{self.job.get_absolute_url()}#checklist"

    def clean(self) -> None:
        self.text = tidy(self.text)
        super().clean()

    def tick(self, by: User) -> None:
        """It is done; who ticked it first stays named."""
        if self.done_at is None:
            self.done_at, self.done_by = timezone.now(), by
            self.save(update_fields=["done_at", "done_by", "updated_at"])

    def untick(self) -> None:
        """It is not done after all."""
        self.done_at = self.done_by = None
        self.save(update_fields=["done_at", "done_by", "updated_at"])


class Signature(OfJob):
    """Somebody's signature under the work docket: the name, and what was drawn, if anything was."""

    class Side(models.TextChoices):
        """For whom somebody signs."""

        CLIENT = "client", _("For the client")
        TECHNICIAN = "technician", _("For us")

    job = models.ForeignKey(Job, models.CASCADE, db_index=False, related_name="signatures", verbose_name=_("Job"))
    side = models.CharField(_("Signs"), max_length=10, choices=Side, default=Side.CLIENT)
    name = models.CharField(_("Name"), max_length=200)
    image = models.FileField(_("Signature"), max_length=100, blank=True)
    signed_at = models.DateTimeField(_("Signed"), default=timezone.now, editable=False)

    objects = WorkQuerySet.as_manager()

    class Meta:
        ordering = ["signed_at", "id"]
        verbose_name = _("signature")
        verbose_name_plural = _("signatures")
        constraints = [
            models.UniqueConstraint(
                fields=["job", "side"],
                name="signature_of_each_side_once",
                violation_error_message=_("This side has signed already. Remove that signature first."),
            )
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return f"{self.job.get_absolute_url()}#signatures"

    def clean(self) -> None:
        self.name = tidy(self.name)
        super().clean()
