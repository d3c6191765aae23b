"""What is promised: business hours of our branches and SLA times of clients (domain.md 8.2, 8.5)."""

from collections.abc import Sequence
from datetime import date
from typing import Self
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from clientdesk.models import Stamped, Versioned
from clients.models import Branch, Client
from jobs.sla import DAY, LONGEST, Hours, Phase, Targets


class Priority(models.TextChoices):
    """How much a job hurries."""

    LOW = "low", _("Low")
    NORMAL = "normal", _("Normal")
    HIGH = "high", _("High")
    URGENT = "urgent", _("Urgent")


def in_order(column: str, values: Sequence[str]) -> models.Case:
    """Return the place of `column` among `values` as an expression: words do not sort as what they mean."""
    return models.Case(*(models.When(**{column: value}, then=place) for place, value in enumerate(values)), default=len(values))


PHASES = [(Phase.REQUEST.value, _("Request")), (Phase.OPEN.value, _("Open job"))]


def default_zone() -> str:
    """Return the time zone of the installation."""
    return timezone.get_default_timezone_name()


def office_hours() -> list[list[int] | None]:
    """Return a week that is open from nine to five, Monday to Friday."""
    return [[9 * 60, 17 * 60]] * 5 + [None] * 2


class BusinessCalendar(Versioned, Stamped):
    """The business hours of a branch, in which its SLA clocks run (JD10). A branch without one works around the clock.

    `week` has seven days from Monday on, each [from, until] in minutes after midnight, or null for a closed one; `holidays` are days
    as `2026-12-25`.
    """

    branch = models.OneToOneField(Branch, models.CASCADE, related_name="calendar", verbose_name=_("Branch"))
    time_zone = models.CharField(_("Time zone"), max_length=60, default=default_zone)
    week = models.JSONField(_("Business hours"), default=office_hours)
    holidays = models.JSONField(_("Holidays"), default=list, blank=True)

    class Meta:
        ordering = ["branch_id"]
        verbose_name = _("business calendar")
        verbose_name_plural = _("business calendars")

    def __str__(self) -> str:
        return _g("Business hours of %(branch)s") % {"branch": self.branch}

    @property
    def hours(self) -> Hours:
        """The business hours as the functions of `jobs.sla` take them."""
        week = tuple((span[0], span[1]) if span else None for span in self.week)
        return Hours(self.time_zone, week, frozenset(date.fromisoformat(day) for day in self.holidays))

    def clean(self) -> None:
        try:
            ZoneInfo(self.time_zone)
        except (ValueError, OSError, KeyError) as error:
            sentence = _g("“%(zone)s” is no time zone. Write one such as Europe/Berlin.") % {"zone": self.time_zone[:60]}
            raise ValidationError({"time_zone": sentence}) from error
        if len(self.week) != 7 or any(span and not 0 <= span[0] < span[1] <= DAY for span in self.week):
            raise ValidationError(_g("Each day is open from an earlier to a later time, or closed."))
        if not self.hours.is_open_at_all:
            raise ValidationError(_g("Open at least one day, or remove the business hours: a clock that never runs is never over."))


class SlaTargetQuerySet(models.QuerySet["SlaTarget"]):
    def of(self, client: Client | None) -> Self:
        """Those of `client` itself; None: the system's."""
        return self.filter(client=client)

    def minutes(self) -> Targets:
        """Return what is promised, in minutes, by phase and priority; the records must be those of one client, or the system's."""
        return {(phase, priority): minutes for phase, priority, minutes in self.values_list("phase", "priority", "minutes")}


class SlaTarget(Stamped):
    """The time promised to a client in one phase at one priority; without a client it holds for all who have none (J16, J17)."""

    client = models.ForeignKey(
        Client, models.CASCADE, null=True, blank=True, db_index=False, related_name="sla_targets", verbose_name=_("Client")
    )
    phase = models.CharField(_("Phase"), max_length=10, choices=PHASES)
    priority = models.CharField(_("Priority"), max_length=10, choices=Priority)
    minutes = models.PositiveIntegerField(_("Minutes"))

    objects = SlaTargetQuerySet.as_manager()

    class Meta:
        ordering = ["client_id", "phase", "priority"]
        verbose_name = _("SLA time")
        verbose_name_plural = _("SLA times")
        constraints = [
            # Two of them, for NULL equals no NULL.
            models.UniqueConstraint(
                fields=["client", "phase", "priority"],
                condition=models.Q(client__isnull=False),
                name="slatarget_client_once",
                violation_error_message=_("This client has such an SLA time already."),
            ),
            models.UniqueConstraint(
                fields=["phase", "priority"],
                condition=models.Q(client__isnull=True),
                name="slatarget_system_once",
                violation_error_message=_("There is such an SLA time already."),
            ),
            models.CheckConstraint(
                condition=models.Q(minutes__gt=0, minutes__lte=LONGEST),
                name="slatarget_is_some_time",
                violation_error_message=_("An SLA time is a minute at least and a year at most."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_phase_display()} · {self.get_priority_display()}"
