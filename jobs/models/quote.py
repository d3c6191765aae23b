"""Quotes: what a client was offered, line by line, and how it decided (XD24, XD25; domain.md 8.4, 8.6)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from clientdesk.models import User
from clientdesk.words import compacts, findable, tidy
from contacts.models import Contact
from jobs.models.item import Item, ItemContact, ItemQuerySet
from jobs.quote_machine import EDITABLE, MACHINE, QuoteStatus
from jobs.steps import Gesture

if TYPE_CHECKING:
    from jobs.models.project import Project

CENT, LARGEST = Decimal("0.01"), Decimal(10) ** 10
# Where a quote that holds for ever stands among the others: behind them all.
FOR_EVER = date(9999, 12, 31)


class Origin(models.TextChoices):
    """How a quote came (XD24)."""

    STAFF = "staff", _("Back office")
    PORTAL = "portal", _("Client portal")
    IMPORT = "import", _("Import")


def default_currency() -> str:
    """Return the currency of new quotes, ISO 4217."""
    return settings.CURRENCY


class QuoteQuerySet(ItemQuerySet):
    def published(self) -> Self:
        """All but those that staff still prepare; what the client itself requested it sees from the start (V of 8.4)."""
        return self.exclude(models.Q(status=QuoteStatus.PENDING) & ~models.Q(origin=Origin.PORTAL))

    def waiting(self) -> Self:
        """Those that wait for the client's decision and can still be decided (XD28)."""
        today = timezone.localdate()
        return self.filter(status=QuoteStatus.SENT).filter(models.Q(expires_on=None) | models.Q(expires_on__gte=today))

    def expired(self) -> Self:
        """Those that waited for the client's decision in vain."""
        return self.filter(status=QuoteStatus.SENT, expires_on__lt=timezone.localdate())


class Quote(Item):
    """An offer to a client. Its amounts follow from its lines and are stored, so that lists need not add up.

    What the client was told is not changed: a sent quote is decided, or rejected and revised.
    """

    MACHINE, SERIES, LETTER = MACHINE, "quotes", "Q"

    name = models.CharField(_("Name"), max_length=200)
    more_contacts = models.ManyToManyField(
        Contact, through="QuoteContact", blank=True, related_name="more_quotes", verbose_name=_("Additional contacts")
    )
    status = models.CharField(_("Status"), max_length=20, choices=QuoteStatus, default=QuoteStatus.PENDING, editable=False)
    origin = models.CharField(_("Origin"), max_length=10, choices=Origin, default=Origin.STAFF, editable=False)
    currency = models.CharField(_("Currency"), max_length=3, default=default_currency)
    net = models.DecimalField(_("Net"), max_digits=12, decimal_places=2, default=0, editable=False)
    tax = models.DecimalField(_("Tax"), max_digits=12, decimal_places=2, default=0, editable=False)
    total = models.DecimalField(_("Total"), max_digits=12, decimal_places=2, default=0, editable=False)
    expires_on = models.DateField(_("Offer expires on"), null=True, blank=True, help_text=_("The last day on which it can be accepted."))
    deadline = models.DateTimeField(_("Deadline"), null=True, blank=True)
    client_notes = models.TextField(_("Notes of the client"), max_length=10_000, blank=True)
    terms = models.TextField(_("Text below the lines"), max_length=10_000, blank=True)
    sent_at = models.DateTimeField(_("Sent"), null=True, editable=False)
    sent_to = models.CharField(_("Sent to"), max_length=254, blank=True, editable=False)
    # Who decided as it was then: the account may be gone one day.
    decided_at = models.DateTimeField(_("Decided"), null=True, editable=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+", verbose_name=_("Decided by")
    )
    decided_name = models.CharField(_("Name of who decided"), max_length=200, blank=True, editable=False)
    decision_reason = models.CharField(_("Reason"), max_length=500, blank=True, editable=False)
    # By which lists sort: its last day, or FOR_EVER.
    expiry_key = models.DateField(default=FOR_EVER, editable=False)
    search_key = models.TextField(editable=False, default="")
    # Comes from the form that made it: pressed twice it makes one quote.
    key = models.UUIDField(null=True, editable=False)

    objects = QuoteQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        verbose_name = _("quote")
        verbose_name_plural = _("quotes")
        constraints = [
            models.UniqueConstraint(fields=["key"], name="quote_made_once", violation_error_message=_("This quote was made already.")),
        ]
        indexes = [
            models.Index(fields=["created_at", "id"], name="quote_by_age"),
            models.Index(fields=["status", "created_at", "id"], name="quote_by_status"),
            models.Index(fields=["client", "status", "created_at", "id"], name="quote_of_client"),
            models.Index(fields=["total", "id"], name="quote_by_total"),
            models.Index(fields=["expiry_key", "id"], name="quote_by_expiry"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.name}"

    def get_absolute_url(self) -> str:
        return reverse("quotes:detail", args=[self.pk])

    # --- questions --------------------------------------------------------------------------------
    @property
    def is_editable(self) -> bool:
        """Whether its lines may be changed: the client was told nothing yet."""
        return self.status in EDITABLE

    @property
    def is_expired(self) -> bool:
        """Whether it waits for a decision that came too late."""
        return self.status == QuoteStatus.SENT and self.expires_on is not None and self.expires_on < timezone.localdate()

    @property
    def is_waiting(self) -> bool:
        """Whether the client can decide now."""
        return self.status == QuoteStatus.SENT and not self.is_expired

    @property
    def shows_amounts(self) -> bool:
        """Whether a contact may read its amounts: not while it is requested or being prepared (V of 8.4)."""
        return self.status not in EDITABLE

    @property
    def gestures(self) -> list[Gesture]:
        """What staff can do with it now."""
        return MACHINE.offered(self.status)

    # --- laws -------------------------------------------------------------------------------------
    def clean(self) -> None:
        self.name = tidy(self.name)
        self.currency = self.currency.upper()
        super().clean()

    def save(self, *args, **kwargs) -> None:
        self.search_key = findable(self.number, self.name, self.client_reference, *compacts(self.number))
        self.expiry_key = self.expires_on or FOR_EVER
        if kwargs.get("update_fields") is not None:
            kwargs["update_fields"] = {*kwargs["update_fields"], "search_key", "expiry_key"}
        super().save(*args, **kwargs)

    # --- verbs ------------------------------------------------------------------------------------
    def make(self, by: User | None, others: Iterable[Contact] = (), lines: Iterable["QuoteLine"] = ()) -> None:
        """Save it as a new quote with its number, additional contacts and lines; one from the portal starts Requested (XD24).

        Raises ValidationError where its client gets no new quotes (invariant 19).
        """
        if self.client.status == "inactive":
            raise ValidationError(_g("%(client)s is inactive and gets no new quotes.") % {"client": self.client})
        with transaction.atomic():
            self.take_number()
            self.created_by = by
            kept = list(lines)
            self._reckon(kept)
            self.status = QuoteStatus.REQUESTED if self.origin == Origin.PORTAL else QuoteStatus.PENDING
            self.save(force_insert=True)
            self.name_others(others)
            self.set_lines(kept)

    def set_lines(self, lines: Iterable["QuoteLine"]) -> None:
        """Let exactly `lines` be its lines, in that order, and reckon its amounts. Raises ValidationError once the client was told."""
        if not self.is_editable:
            raise ValidationError(_g("%(quote)s was sent and cannot be changed. Reject and revise it.") % {"quote": self.number})
        with transaction.atomic():
            kept = list(lines)
            for position, line in enumerate(kept):
                line.quote, line.position = self, position
                if line.pk:
                    line.save()
            self.lines.exclude(pk__in=[line.pk for line in kept if line.pk]).delete()
            QuoteLine.objects.bulk_create([line for line in kept if not line.pk], batch_size=500)
            self._reckon(kept)
            self.save(update_fields=["net", "tax", "total", "updated_at"])

    def _reckon(self, lines: list["QuoteLine"]) -> None:
        """Let its amounts be those of `lines`, not saved yet. Raises ValidationError where they cannot be stored."""
        self.net = sum((line.net for line in lines), Decimal(0))
        self.tax = sum((one.tax for one in taxes_of(lines)), Decimal(0))
        self.total = self.net + self.tax
        if abs(self.total) >= LARGEST or abs(self.net) >= LARGEST:
            raise ValidationError({"lines": _g("Together these lines cost more than can be stored. Make several quotes of them.")})

    def prepare(self) -> None:
        """Take up a client's request."""
        self.go("prepare")

    def send(self, to: str) -> None:
        """It goes to `to`, the address of its contact; the client can decide from now on (X20). The caller queues the mail."""
        if not self.lines.exists():
            raise ValidationError(_g("%(quote)s has no lines yet. Add what you offer, then send it.") % {"quote": self.number})
        self.go("send", sent_at=timezone.now(), sent_to=to)

    def accept(self, by: User, name: str) -> "Project | None":
        """The client's contact `by` accepts it, once, before it expires; `name` is who says so.

        Return its project where quotes are approved without staff (setting QUOTES_APPROVED_AUTOMATICALLY), else None.
        """
        with transaction.atomic():
            self._decide("accept", by, name)
            return self._found_project() if settings.QUOTES_APPROVED_AUTOMATICALLY else None

    def decline(self, by: User, name: str, reason: str) -> None:
        """The client's contact `by` rejects it, with `reason`."""
        self._decide("decline", by, name, reason)

    def approve(self, by: User | None) -> "Project":
        """Staff approve it; return its project, which is made once (JD4, 8.6)."""
        with transaction.atomic():
            return self._found_project(by)

    def reject(self, by: User | None, reason: str = "") -> None:
        """Staff reject it, such as when the client said no by phone."""
        self.go("reject", decided_at=timezone.now(), decided_by=by, decided_name=str(by or ""), decision_reason=reason)

    def revise(self) -> None:
        """A rejected one is worked on again; it is undecided, whoever approves it next."""
        self.go("revise", decided_at=None, decided_by=None, decided_name="", decision_reason="")

    def _decide(self, gesture: str, by: User, name: str, reason: str = "") -> None:
        with transaction.atomic():
            self.hold()
            if self.is_expired:
                day = date_format(self.expires_on)
                raise ValidationError(_g("%(quote)s expired on %(day)s. Ask for a new one.") % {"quote": self.number, "day": day})
            self.go(gesture, decided_at=timezone.now(), decided_by=by, decided_name=tidy(name), decision_reason=reason)

    def _found_project(self, by: User | None = None) -> "Project":
        """Go to Approved and open the project, both once: the row is locked and its project is one to one."""
        from jobs.models.project import Project  # noqa: PLC0415 - a project knows its quote

        stamps = {} if self.decided_at else {"decided_at": timezone.now(), "decided_by": by, "decided_name": str(by or "")}
        self.go("approve", **stamps)
        return Project.from_quote(self, by)


class QuoteContact(ItemContact):
    """A further contact of a quote."""

    quote = models.ForeignKey(Quote, models.CASCADE, related_name="quote_contacts", verbose_name=_("Quote"))

    class Meta(ItemContact.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["quote", "contact"], name="quotecontact_once", violation_error_message=_("This contact is named already.")
            )
        ]


class QuoteLine(models.Model):
    """One line of a quote: what, how many, at which price, with which tax."""

    quote = models.ForeignKey(Quote, models.CASCADE, db_index=False, related_name="lines", verbose_name=_("Quote"))
    position = models.PositiveIntegerField(_("Order"), default=0, editable=False)
    text = models.CharField(_("Text"), max_length=500)
    quantity = models.DecimalField(_("Quantity"), max_digits=12, decimal_places=3, default=1, validators=[MinValueValidator(0)])
    unit = models.CharField(_("Unit"), max_length=20, blank=True)
    unit_price = models.DecimalField(_("Unit price"), max_digits=12, decimal_places=2, default=0)
    tax_rate = models.DecimalField(
        _("Tax rate"), max_digits=5, decimal_places=2, default=0, validators=[MinValueValidator(0)], help_text=_("In per cent.")
    )

    class Meta:
        ordering = ["position", "id"]
        verbose_name = _("line")
        verbose_name_plural = _("lines")
        indexes = [models.Index(fields=["quote", "position", "id"], name="quoteline_of_quote")]

    def __str__(self) -> str:
        return self.text

    def cleaned(self) -> "QuoteLine":
        """Return it with its values as they are stored; one made from texts holds texts until then."""
        self.clean_fields(exclude=["quote"])
        return self

    @property
    def net(self) -> Decimal:
        """Its amount before tax, in the currency of the quote, to the cent."""
        return (self.quantity * self.unit_price).quantize(CENT, ROUND_HALF_UP)


@dataclass(frozen=True)
class Taxed:
    """What one tax rate is levied on, and how much it is."""

    rate: Decimal
    net: Decimal
    tax: Decimal


def taxes_of(lines: Iterable[QuoteLine]) -> list[Taxed]:
    """Return the tax of `lines` by rate, the lowest first: reckoned once over the sum of its lines, as invoices do it, not line by line."""
    sums: dict[Decimal, Decimal] = {}
    for line in lines:
        sums[line.tax_rate] = sums.get(line.tax_rate, Decimal(0)) + line.net
    return [Taxed(rate, net, (net * rate / 100).quantize(CENT, ROUND_HALF_UP)) for rate, net in sorted(sums.items())]
