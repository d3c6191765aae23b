"""What quotes, projects and jobs have in common: for whom they are, at which place of the client, and whom they name (domain.md 8.4)."""

from collections.abc import Iterable
from typing import ClassVar, Self

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from clientdesk.models import NumberSequence, Stamped, User, Versioned
from clients.models import Client
from clients.restricted import seen_by
from contacts.models import Contact, Department, Office
from jobs.steps import Machine


class ItemQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> Self:
        """Those of the clients that the staff user `user` may see (XD33)."""
        return self.filter(seen_by(user, "client__"))

    def published(self) -> Self:
        """Those that a contact may be shown at all, whoever it is (V of 8.4)."""
        return self.all()

    def naming(self, contact: Contact) -> Self:
        """Those that name `contact` as contact person or as additional contact (decision 9); each of them once."""
        links = self.model.more_contacts.through.objects.filter(**{self.model._meta.model_name: OuterRef("pk")}, contact__in=[contact.pk])
        return self.filter(Q(contact__in=[contact.pk]) | Exists(links))


class Item(Versioned, Stamped):
    """One quote, project or job. Office and department are its own: that a person moves later does not move what was done (decision 8).

    A subclass has `more_contacts` (through a model with `contact` and a field named as the subclass), an index that begins with the
    client, and the marks of its number series. A quote or project names a contact person, a job may
    (J8); NULL: nobody was chosen, or the person was erased or left, and the client itself is written to (X12).
    """

    MACHINE: ClassVar[Machine]
    SERIES: ClassVar[str]
    LETTER: ClassVar[str]

    number = models.CharField(_("Number"), max_length=30, unique=True, editable=False)
    client = models.ForeignKey(Client, models.PROTECT, db_index=False, related_name="%(class)ss", verbose_name=_("Client"))
    office = models.ForeignKey(Office, models.PROTECT, related_name="%(class)ss", verbose_name=_("Office"))
    department = models.ForeignKey(
        Department, models.PROTECT, null=True, blank=True, related_name="%(class)ss", verbose_name=_("Department")
    )
    contact = models.ForeignKey(Contact, models.SET_NULL, null=True, related_name="%(class)ss", verbose_name=_("Contact person"))
    client_reference = models.CharField(_("Client's reference"), max_length=100, blank=True)
    # One of the client's codes of then (XD4): what the client calls its cost centres may change.
    budget_code = models.CharField(_("Budget code"), max_length=200, blank=True)
    internal_notes = models.TextField(_("Internal notes"), max_length=10_000, blank=True)

    class Meta:
        abstract = True

    # --- questions --------------------------------------------------------------------------------
    @classmethod
    def kind(cls) -> str:
        """Return quote, project or job: the name by which files and links point at it."""
        return cls._meta.model_name or ""

    @classmethod
    def link_model(cls) -> type["ItemContact"]:
        """Return the model of the rows that name additional contacts."""
        return cls._meta.get_field("more_contacts").remote_field.through

    # --- laws -------------------------------------------------------------------------------------
    def clean(self) -> None:
        """Refuse places and people of another client (invariant 6)."""
        if not self.client_id:
            return
        for name in ("office", "department", "contact"):
            chosen = getattr(self, name) if getattr(self, f"{name}_id") else None
            if chosen and chosen.client_id != self.client_id:
                raise ValidationError({name: _g("%(chosen)s belongs to another client.") % {"chosen": chosen}})

    # --- verbs ------------------------------------------------------------------------------------
    def take_number(self) -> None:
        """Give it the next number of its series."""
        self.number = f"{self.LETTER}-{NumberSequence.take(self.SERIES):05}"

    @property
    def links(self) -> models.Manager:
        """The rows that name its additional contacts."""
        return getattr(self, f"{self.kind()}_contacts")

    def name_others(self, others: Iterable[Contact]) -> bool:
        """Let exactly `others` be its additional contacts, its own contact left out; return whether that changed anything."""
        wanted = {contact.pk: contact for contact in others if contact.pk != self.contact_id}
        links = {link.contact_id: link for link in self.links.all()}
        for pk, link in links.items():
            if pk not in wanted:
                link.delete()
        for pk, contact in wanted.items():
            if contact.client_id != self.client_id:
                raise ValidationError(_g("%(chosen)s belongs to another client.") % {"chosen": contact})
            if pk not in links:
                self.links.create(contact=contact)
        return set(wanted) != set(links)

    def hold(self) -> None:
        """Lock its row until the transaction ends and read it anew: somebody else may be acting on it."""
        type(self).objects.select_for_update(of=("self",)).get(pk=self.pk)
        self.refresh_from_db()

    def go(self, name: str, **stamps: object) -> str:
        """Make the step `name` of its machine under the row's lock, set `stamps`, save; return the state that it came from.

        Raises ValidationError with a sentence where the step does not lead from the state of now.
        """
        with transaction.atomic():
            self.hold()
            origin, self.status = self.status, self.MACHINE.step(self, name)
            for stamp, value in stamps.items():
                setattr(self, stamp, value)
            self.save(update_fields=["status", *stamps, "updated_at"])
        return origin


class ItemContact(models.Model):
    """A further contact of an item, who counts as selected for it (decision 9)."""

    contact = models.ForeignKey(Contact, models.CASCADE, related_name="%(class)ss", verbose_name=_("Contact person"))

    class Meta:
        abstract = True
        verbose_name = _("additional contact")
        verbose_name_plural = _("additional contacts")

    def __str__(self) -> str:
        return str(self.contact)
