"""Files of quotes, projects and jobs: what belongs to the work, deliverables, invoices, work dockets (domain.md 8.4, decision 15)."""

from functools import reduce
from operator import or_
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clientdesk.models import Stamped, User
from clients.restricted import seen_by
from jobs.models.item import Item
from jobs.models.job import Job
from jobs.models.project import Project
from jobs.models.quote import Quote


class DocumentQuerySet(models.QuerySet["Document"]):
    def visible_to(self, user: User) -> Self:
        """Those of the clients that the staff user `user` may see (XD33)."""
        # Each only of what the file belongs to: a client that is not there counts as one that nobody is responsible for.
        ways = (Q(**{f"{item}__isnull": False}) & seen_by(user, f"{item}__client__") for item in ("quote", "project", "job"))
        return self.filter(reduce(or_, ways))


class Document(Stamped):
    """A file of exactly one quote, project or job. Bytes are kept and handed out by `clientdesk.documents`.

    `visible_in_portal` publishes it to who sees the item. A deliverable is published by its release, once; an invoice and a docket
    record to which address they were sent, which stays whoever becomes primary contact afterwards (J21, invariant 13).
    """

    class Kind(models.TextChoices):
        """What a document is."""

        FILE = "file", _("File")
        DELIVERABLE = "deliverable", _("Deliverable")
        INVOICE = "invoice", _("Invoice")
        DOCKET = "docket", _("Work docket")

    quote = models.ForeignKey(Quote, models.CASCADE, null=True, blank=True, related_name="documents", verbose_name=_("Quote"))
    project = models.ForeignKey(Project, models.CASCADE, null=True, blank=True, related_name="documents", verbose_name=_("Project"))
    job = models.ForeignKey(Job, models.CASCADE, null=True, blank=True, related_name="documents", verbose_name=_("Job"))
    kind = models.CharField(_("Kind"), max_length=12, choices=Kind, default=Kind.FILE)
    file = models.FileField(_("File"), max_length=100)
    filename = models.CharField(_("File name"), max_length=255)
    size = models.PositiveBigIntegerField(_("Size"), default=0)
    visible_in_portal = models.BooleanField(_("Visible in the portal"), default=False)
    # The contact who handed it in through the portal is `created_by` as well.
    from_portal = models.BooleanField(_("From the client"), default=False, editable=False)
    released_at = models.DateTimeField(_("Released"), null=True, blank=True, editable=False)
    sent_at = models.DateTimeField(_("Sent"), null=True, blank=True, editable=False)
    sent_to = models.CharField(_("Sent to"), max_length=254, blank=True, editable=False)
    number = models.CharField(_("Number"), max_length=50, blank=True)
    amount = models.DecimalField(_("Amount"), max_digits=12, decimal_places=2, null=True, blank=True)
    currency = models.CharField(_("Currency"), max_length=3, blank=True)

    objects = DocumentQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        constraints = [
            models.CheckConstraint(
                condition=Q(quote__isnull=False, project__isnull=True, job__isnull=True)
                | Q(quote__isnull=True, project__isnull=False, job__isnull=True)
                | Q(quote__isnull=True, project__isnull=True, job__isnull=False),
                name="document_of_one_item",
                violation_error_message=_("A document belongs to one quote, project or job."),
            ),
            models.CheckConstraint(
                condition=~Q(kind="deliverable") | Q(project__isnull=False),
                name="document_delivers_a_project",
                violation_error_message=_("Only a project has deliverables."),
            ),
        ]

    def __str__(self) -> str:
        return self.filename

    @property
    def item(self) -> Item:
        """The quote, project or job that it belongs to."""
        return self.quote or self.project or self.job
