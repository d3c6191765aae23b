"""What hangs on a job: its additional contacts and its timeline."""

from typing import Self

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from contacts.models import Contact
from jobs.machine import Status
from jobs.models.job import Job


class JobContact(models.Model):
    """A further contact of a job, who counts as selected for it (decision 9)."""

    job = models.ForeignKey(Job, models.CASCADE, related_name="job_contacts", verbose_name=_("Job"))
    contact = models.ForeignKey(Contact, models.CASCADE, related_name="job_contacts", verbose_name=_("Contact person"))

    class Meta:
        verbose_name = _("additional contact")
        verbose_name_plural = _("additional contacts")
        constraints = [
            models.UniqueConstraint(
                fields=["job", "contact"], name="jobcontact_once", violation_error_message=_("This contact is named already.")
            )
        ]

    def __str__(self) -> str:
        return str(self.contact)


class JobEventQuerySet(models.QuerySet["JobEvent"]):
    def published(self) -> Self:
        """Those that a contact who sees the job may read: every step, and the notes that are for the client."""
        return self.exclude(origin=models.F("to"), visible_in_portal=False)


class JobEvent(models.Model):
    """One step in the life of a job: from where to where, by whom, with which words; or a note, which leads nowhere.

    It is written once and never changed. The client sees all steps; of notes, and of what was said with a step, only what is meant
    for it (`visible_in_portal`).
    """

    job = models.ForeignKey(Job, models.CASCADE, db_index=False, related_name="events", verbose_name=_("Job"))
    origin = models.CharField(_("From"), max_length=10, choices=Status, blank=True)
    to = models.CharField(_("To"), max_length=10, choices=Status)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("By"))
    at = models.DateTimeField(_("At"), default=timezone.now)
    note = models.TextField(_("Note"), max_length=2000, blank=True)
    visible_in_portal = models.BooleanField(_("Visible in the portal"), default=False)

    objects = JobEventQuerySet.as_manager()

    class Meta:
        ordering = ["at", "id"]
        verbose_name = _("job event")
        verbose_name_plural = _("job events")
        indexes = [models.Index(fields=["job", "at", "id"], name="jobevent_of_job")]

    def __str__(self) -> str:
        return f"{self.job} {self.get_to_display()}"

    @property
    def is_note(self) -> bool:
        """Whether it is a note, not a step."""
        return self.origin == self.to

    @property
    def note_for_client(self) -> str:
        """What the client may read of its words."""
        return self.note if self.visible_in_portal else ""
