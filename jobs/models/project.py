"""Projects: what became of an accepted quote, its jobs and what is delivered (XD26; domain.md 8.4)."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Self

from django.conf import settings
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
from jobs.timing import NEVER

# So long after its end a project asks its client what it was like; later it can still be said.
REVIEWED_WITHIN = timedelta(days=30)


class Rating(models.IntegerChoices):
    """How content a client was with a project."""

    BAD = 1, _("Not at all content")
    POOR = 2, _("Hardly content")
    FAIR = 3, _("Content with reservations")
    GOOD = 4, _("Content")
    VERY_GOOD = 5, _("Very content")


class ProjectQuerySet(ItemQuerySet):
    def open(self) -> Self:
        """Those that are worked on."""
        return self.filter(status=ProjectStatus.OPEN)

    def late(self) -> Self:
        """Open ones whose deadline is over."""
        return self.open().filter(deadline__lt=timezone.now())

    def awaiting_review(self) -> Self:
        """Those that ended lately and of which the client has not said yet what they were like (XD29)."""
        lately = timezone.now() - REVIEWED_WITHIN
        return self.filter(status=ProjectStatus.CLOSED, reviewed_at=None, delivered_at__gte=lately)


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
    # What the client says of it once it is closed, and who said it as it was then (XD29).
    rating = models.PositiveSmallIntegerField(_("Rating"), choices=Rating, null=True, editable=False)
    review = models.TextField(_("Feedback"), max_length=4000, blank=True, editable=False)
    reviewed_at = models.DateTimeField(_("Feedback given"), null=True, editable=False)
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+", verbose_name=_("Feedback by")
    )
    reviewed_name = models.CharField(_("Name of who gave feedback"), max_length=200, blank=True, editable=False)
    # By which lists sort: its deadline, or NEVER.
    deadline_key = models.DateTimeField(default=NEVER, editable=False)
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
            models.CheckConstraint(
                condition=models.Q(reviewed_at=None) | models.Q(rating__isnull=False, rating__gte=1, rating__lte=5),
                name="project_review_has_a_rating",
                violation_error_message=_("Choose how content you are."),
            ),
        ]
        indexes = [
            models.Index(fields=["created_at", "id"], name="project_by_age"),
            models.Index(fields=["status", "created_at", "id"], name="project_by_status"),
            models.Index(fields=["client", "status", "created_at", "id"], name="project_of_client"),
            models.Index(fields=["deadline_key", "id"], name="project_by_deadline"),
            models.Index(fields=["delivered_at", "id"], condition=models.Q(status="closed", reviewed_at=None), name="project_to_review"),
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
    def can_be_reviewed(self) -> bool:
        """Whether its client can say now what it was like: once, when it is closed."""
        return self.status == ProjectStatus.CLOSED and self.reviewed_at is None

    @property
    def awaits_review(self) -> bool:
        """Whether it ended lately and its client has not said yet what it was like."""
        ended = self.delivered_at
        return self.can_be_reviewed and ended is not None and ended >= timezone.now() - REVIEWED_WITHIN

    @property
    def gestures(self) -> list[Gesture]:
        """What staff can do with it now."""
        return MACHINE.offered(self.status)

    # --- laws -------------------------------------------------------------------------------------
    def refuse_review(self) -> None:
        """Raise ValidationError with a sentence where its client cannot say now what it was like."""
        if self.status != ProjectStatus.CLOSED:
            raise ValidationError(_g("%(project)s is not closed. Give your feedback when it is.") % {"project": self.number})
        if self.reviewed_at:
            said = {"name": self.reviewed_name, "project": self.number}
            raise ValidationError(_g("%(name)s gave feedback on %(project)s already.") % said)

    def clean(self) -> None:
        self.name = tidy(self.name)
        super().clean()
        if self.starts_on and self.deadline and timezone.localtime(self.deadline).date() < self.starts_on:
            raise ValidationError({"deadline": _g("The deadline is before the start.")})

    def save(self, *args, **kwargs) -> None:
        self.search_key = findable(self.number, self.name, self.client_reference, *compacts(self.number))
        self.deadline_key = self.deadline or NEVER
        if kwargs.get("update_fields") is not None:
            kwargs["update_fields"] = {*kwargs["update_fields"], "search_key", "deadline_key"}
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
        head = ("client", "office", "department", "contact", "client_reference", "budget_code", "name", "deadline")
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
        """It goes on after all; what the client said of its end is the history's."""
        self.go("reopen", delivered_at=None, rating=None, review="", reviewed_at=None, reviewed_by=None, reviewed_name="")

    def take_review(self, by: User, name: str, rating: int, review: str) -> None:
        """The client's contact `by` says what it was like, from 1 to 5 and in words, once; `name` is who says so (XD29).

        Raises ValidationError with a sentence where it is not closed, or where somebody said so before.
        """
        with transaction.atomic():
            self.hold()
            self.refuse_review()
            self.rating, self.review, self.reviewed_at = rating, review, timezone.now()
            self.reviewed_by, self.reviewed_name = by, tidy(name)
            self.save(update_fields=["rating", "review", "reviewed_at", "reviewed_by", "reviewed_name", "updated_at"])


class ProjectContact(ItemContact):
    """A further contact of a project, who gets copies of all its mails (XD9)."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="project_contacts", verbose_name=_("Project"))

    class Meta(ItemContact.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["project", "contact"], name="projectcontact_once", violation_error_message=_("This contact is named already.")
            )
        ]
