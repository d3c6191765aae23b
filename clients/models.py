"""Clients and what describes them."""

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.urls import reverse
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _
from phonenumber_field.modelfields import PhoneNumberField

from clientdesk.models import Address, Dictionary, NumberSequence, Stamped, User, Versioned
from clientdesk.words import name_key, search_key, tidy, tidy_email
from clients.names import validate_name

if TYPE_CHECKING:
    from contacts.models import Contact


class Branch(Dictionary, Address):
    """A branch of our own company, responsible for clients (X14); exactly one is the headquarters (XD36)."""

    code = models.CharField(_("Code"), max_length=20)
    legal_name = models.CharField(_("Legal name"), max_length=200, blank=True)
    email = models.EmailField(_("E-mail"), max_length=254, blank=True)
    phone = PhoneNumberField(_("Phone"), blank=True)
    is_headquarters = models.BooleanField(_("Headquarters"), default=False)

    class Meta(Dictionary.Meta):
        verbose_name = _("branch")
        verbose_name_plural = _("branches")
        constraints = [
            *Dictionary.Meta.constraints,
            models.UniqueConstraint(fields=["code"], name="branch_code_once", violation_error_message=_("This code exists already.")),
            models.UniqueConstraint(
                fields=["is_headquarters"],
                condition=models.Q(is_headquarters=True),
                name="branch_one_headquarters",
                violation_error_message=_("Another branch is the headquarters already."),
            ),
        ]

    @classmethod
    def preselected(cls) -> "Branch | None":
        """The branch a new client gets unless another is chosen: the default, else the headquarters."""
        return cls.objects.filter(active=True).order_by("-is_default", "-is_headquarters", "position").first()


class Category(Dictionary):
    """What a client is to us, such as a key account (S11)."""

    class Meta(Dictionary.Meta):
        verbose_name = _("category")
        verbose_name_plural = _("categories")


class CompanyType(Dictionary):
    """The legal form of a client's company (S10)."""

    class Meta(Dictionary.Meta):
        verbose_name = _("company type")
        verbose_name_plural = _("company types")


class ClientQuerySet(models.QuerySet["Client"]):
    def active(self) -> "ClientQuerySet":
        """Clients that are not deactivated (J1): active and potential ones."""
        return self.exclude(status=Client.Status.INACTIVE)

    def named(self, name: str) -> "ClientQuerySet":
        """The client whose internal name equals `name` by key."""
        return self.filter(name_key=name_key(name))


class Client(Versioned, Address, Stamped):
    """The paying party: a company or one person. `name` is ours alone, `legal_name` is what the client and documents see (X7-X10)."""

    class Kind(models.TextChoices):
        CORPORATE = "corporate", _("Corporate")
        INDIVIDUAL = "individual", _("Individual")

    class Status(models.TextChoices):
        ACTIVE = "active", _("Active")
        POTENTIAL = "potential", _("Potential")
        INACTIVE = "inactive", _("Inactive")

    number = models.CharField(_("Client number"), max_length=30, editable=False)
    name = models.CharField(_("Name"), max_length=100, validators=[validate_name])
    name_key = models.CharField(max_length=200, editable=False)
    legal_name = models.CharField(_("Legal name"), max_length=200)
    kind = models.CharField(_("Kind"), max_length=10, choices=Kind, default=Kind.CORPORATE)
    status = models.CharField(_("Status"), max_length=10, choices=Status, default=Status.ACTIVE)
    email = models.EmailField(_("Main contact e-mail"), max_length=254, blank=True)
    phone = PhoneNumberField(_("Phone"), blank=True)
    website = models.URLField(_("Website"), max_length=300, blank=True)
    branch = models.ForeignKey(Branch, models.PROTECT, verbose_name=_("Branch"))
    category = models.ForeignKey(Category, models.PROTECT, null=True, blank=True, verbose_name=_("Category"))
    company_type = models.ForeignKey(CompanyType, models.PROTECT, null=True, blank=True, verbose_name=_("Company type"))
    tax_number = models.CharField(_("Tax number"), max_length=30, blank=True)
    external_id = models.CharField(_("External ID"), max_length=100, null=True, blank=True)  # noqa: DJ001 - NULL keeps many blanks unique
    notes = models.TextField(_("Notes"), max_length=10_000, blank=True)
    search_key = models.TextField(editable=False, default="")

    objects = ClientQuerySet.as_manager()

    class Meta:
        ordering = ["name_key", "id"]
        verbose_name = _("client")
        verbose_name_plural = _("clients")
        constraints = [
            models.UniqueConstraint(fields=["name_key"], name="client_name_once"),
            models.UniqueConstraint(fields=["number"], name="client_number_once"),
            models.UniqueConstraint(
                fields=["external_id"], name="client_external_id_once", violation_error_message=_("Another client has this external ID.")
            ),
        ]
        indexes = [
            models.Index(fields=["status", "name_key", "id"], name="client_by_status"),
            models.Index(fields=["created_at", "id"], name="client_by_age"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("clients:detail", args=[self.pk])

    @property
    def is_individual(self) -> bool:
        """Whether the client is one person (X15)."""
        return self.kind == self.Kind.INDIVIDUAL

    def fold(self) -> None:
        """Bring names and address into their stored form and set the keys made from them."""
        self.name = tidy(self.name)
        self.name_key = name_key(self.name)
        self.legal_name = tidy(self.legal_name)
        self.email = tidy_email(self.email)
        self.external_id = tidy(self.external_id or "") or None
        self.search_key = search_key(self.name, self.legal_name, self.number, self.email)

    def clean(self) -> None:
        self.fold()
        if len(self.name_key) > 200:
            raise ValidationError({"name": _g("This name is too long. Shorten it to 100 characters.")})
        if self.name and (other := type(self).objects.named(self.name).exclude(pk=self.pk).first()):
            raise ValidationError({"name": ValidationError(same_name_sentence(other), code="unique", params={"client": other})})

    def save(self, *args, **kwargs) -> None:
        self.fold()
        if kwargs.get("update_fields") is not None:
            kwargs["update_fields"] = {*kwargs["update_fields"], "name_key", "search_key"}
        super().save(*args, **kwargs)

    def register(self, by: User | None, first_name: str = "", last_name: str = "") -> None:
        """Save a new client as one act: number, headquarters and, for an individual, its contact (X16, invariants 3 to 5).

        Raises ValidationError for `name` when another request took the name meanwhile.
        """
        self.created_by = by
        try:
            with transaction.atomic():
                self.number = self.number or f"C-{NumberSequence.take('client'):05d}"
                self.save()
                self.offices.add_headquarters(self)
                if self.is_individual:
                    self.add_own_contact(first_name, last_name)
        except IntegrityError:
            self.pk, self._state.adding = None, True
            if other := type(self).objects.named(self.name).first():
                raise ValidationError({"name": same_name_sentence(other)}) from None
            raise

    def add_own_contact(self, first_name: str, last_name: str) -> "Contact":
        """Add the person that an individual client is: primary, same e-mail, phone and country (X16)."""
        return self.contacts.register(
            self, first_name=first_name, last_name=last_name, email=self.email, phone=self.phone, country=self.country, created_by=self.created_by
        )


def same_name_sentence(other: Client) -> str:
    """Return the sentence that refuses a second client of the name of `other` (X7)."""
    return _g("A client named “%(name)s” exists already (%(number)s).") % {"name": other.name, "number": other.number}
