"""Projects: what became of an accepted quote, its jobs and what is delivered (XD26; domain.md 8.4)."""

from collections.abc import Iterable
from typing import Self

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.db import models, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from clientdesk.models import User
from clientdesk.words import compacts, findable, tidy
from contacts.models import Contact
from jobs.models.item import Item, ItemContact, ItemQuerySet
from jobs.models.quote import Quote
from jobs.project_machine import MACHINE, ProjectStatus
from jobs.steps import Gesture


class ProjectQuerySet(ItemQuerySet):
    def open(self) -> Self:
        """Those that are worked on."""
        return self.filter(status=ProjectStatus.OPEN)

    def late(self) -> Self:
        """Open ones whose deadline is over."""
        return self.open().filter(deadline__lt=timezone.now())


class Project(Item):
    """Work of some size for a client: with a deadline, how far it is, jobs, and deliverables that are released one by one (X20)."""

    MACHINE, SERIES, LETTER = MACHINE, "projects", "P"

    name = models.CharField(_("Name"), max_length=200)
    more_contacts = models.ManyToManyField(
        Contact, through="ProjectContact", blank=True, related_name="more_projects", verbose_name=_("Additional contacts")
    )
    status = models.CharField(_("Status"), max_length=20, choices=ProjectStatus, default=ProjectStatus.OPEN, editable=False)
    # One to one: a quote becomes a project once.
    quote = models.OneToOneField(
        Quote, models.PROTECT, null=True, blank=True, editable=False, related_name="project", verbose_name=_("Quote")
    )
    starts_on = models.DateField(_("Start"), null=True, blank=True)
    deadline = models.DateTimeField(_("Deadline"), null=True, blank=True)
    delivered_at = models.DateTimeField(_("Delivered"), null=True, blank=True, editable=False)
    progress = models.PositiveSmallIntegerField(
        _("Progress"), default=0, validators=[MaxValueValidator(100)], help_text=_("In per cent; the client sees it.")
    )
    description = models.TextField(_("Description"), max_length=20_000, blank=True)
    search_key = models.TextField(editable=False, default="")
    key = models.UUIDField(null=True, editable=False)

    objects = ProjectQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        verbose_name = _("project")
        verbose_name_plural = _("projects")
        constraints = [
            models.UniqueConstraint(fields=["key"], name="project_made_once", violation_error_message=_("This project was made already.")),
            models.CheckConstraint(
                condition=models.Q(progress__lte=100),
                name="project_progress_is_per_cent",
                violation_error_message=_("Progress is 0 to 100 per cent."),
            ),
        ]
        indexes = [
            models.Index(fields=["created_at", "id"], name="project_by_age"),
            models.Index(fields=["status", "created_at", "id"], name="project_by_status"),
            models.Index(fields=["client", "status", "created_at", "id"], name="project_of_client"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.name}"

    def get_absolute_url(self) -> str:
        return reverse("projects:detail", args=[self.pk])

    # --- questions --------------------------------------------------------------------------------
    @property
    def is_late(self) -> bool:
        """Whether it is open beyond its deadline."""
        return self.status == ProjectStatus.OPEN and self.deadline is not None and self.deadline < timezone.now()

    @property
    def gestures(self) -> list[Gesture]:
        """What staff can do with it now."""
        return MACHINE.offered(self.status)

    # --- laws -------------------------------------------------------------------------------------
    def clean(self) -> None:
        self.name = tidy(self.name)
        super().clean()
        if self.starts_on and self.deadline and timezone.localtime(self.deadline).date() < self.starts_on:
            raise ValidationError({"deadline": _g("The deadline is before the start.")})

    def save(self, *args, **kwargs) -> None:
        self.search_key = findable(self.number, self.name, self.client_reference, *compacts(self.number))
        if kwargs.get("update_fields") is not None:
            kwargs["update_fields"] = {*kwargs["update_fields"], "search_key"}
        super().save(*args, **kwargs)

    # --- verbs ------------------------------------------------------------------------------------
    def make(self, by: User | None, others: Iterable[Contact] = ()) -> None:
        """Save it as a new, open project with its number and additional contacts."""
        with transaction.atomic():
            self.take_number()
            self.created_by = by
            self.save(force_insert=True)
            self.name_others(others)

    @classmethod
    def from_quote(cls, quote: Quote, by: User | None) -> "Project":
        """Open the project of an approved quote; it has the same head (decision 8)."""
        head = ("client", "office", "department", "contact", "client_reference", "name", "deadline")
        project = cls(quote=quote, starts_on=timezone.localdate(), **{name: getattr(quote, name) for name in head})
        project.make(by, Contact.objects.filter(quotecontacts__quote=quote))
        return project

    def close(self) -> None:
        """It is done; whatever was released stays with the client."""
        self.go("close", progress=100, delivered_at=self.delivered_at or timezone.now())

    def cancel(self) -> None:
        """It will not be done."""
        self.go("cancel")

    def reopen(self) -> None:
        """It goes on after all."""
        self.go("reopen", delivered_at=None)


class ProjectContact(ItemContact):
    """A further contact of a project, who gets copies of all its mails (XD9)."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="project_contacts", verbose_name=_("Project"))

    class Meta(ItemContact.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["project", "contact"], name="projectcontact_once", violation_error_message=_("This contact is named already.")
            )
        ]
