"""Clients and what describes them."""

from typing import TYPE_CHECKING

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _
from phonenumber_field.modelfields import PhoneNumberField

from clientdesk.models import Address, Change, Dictionary, NumberSequence, Stamped, User, Versioned
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

    def not_invited(self) -> "ClientQuerySet":
        """Clients in use whose primary contact was never invited to the portal, or who have none."""
        invited = self.model.objects.filter(pk=models.OuterRef("pk"), contacts__is_primary=True, contacts__access__invited_at__isnull=False)
        return self.active().filter(~models.Exists(invited))

    def with_primary(self) -> "ClientQuerySet":
        """Each client with pk, first and last name, e-mail and phone of its primary contact as `primary_pk` and so on, in one query."""
        primary = models.FilteredRelation("contacts", condition=models.Q(contacts__is_primary=True))
        names = ("pk", "first_name", "last_name", "email", "phone")
        return self.annotate(primary=primary).annotate(**{f"primary_{name}": models.F(f"primary__{name}") for name in names})

    def with_contact_count(self) -> "ClientQuerySet":
        """Each client with `contact_count`, the number of its active contacts."""
        counted = self.model.objects.filter(pk=models.OuterRef("pk"), contacts__active=True).order_by().values("pk")
        number = models.Subquery(counted.annotate(number=models.Count("contacts")).values("number"))
        return self.annotate(contact_count=Coalesce(number, 0))


def client_number(place: int) -> str:
    """Return the client number of the client that is `place`th in the sequence, such as C-00012."""
    return f"C-{place:05d}"


def client_search_key(name: str, legal_name: str, number: str, email: str) -> str:
    """Return the text in which typed words find a client: the one rule for whoever stores clients, one by one or in bulk."""
    return search_key(name, legal_name, number, email)


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
        self.search_key = client_search_key(self.name, self.legal_name, self.number, self.email)

    def clean(self) -> None:
        self.fold()
        if len(self.name_key) > 200:
            raise ValidationError({"name": _g("This name is too long. Shorten it to 100 characters.")})
        if self.name and (other := type(self).objects.named(self.name).exclude(pk=self.pk).first()):
            raise ValidationError({"name": same_name_error(other)})
        if self.pk and self.is_individual and (reason := self.why_not_individual):
            raise ValidationError({"kind": reason})

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
                self.number = self.number or client_number(NumberSequence.take("client"))
                self.save()
                self.offices.add_headquarters(self)
                if self.is_individual:
                    self.add_own_contact(first_name, last_name)
        except IntegrityError:
            self.pk, self._state.adding = None, True
            if other := type(self).objects.named(self.name).first():
                raise ValidationError({"name": same_name_error(other)}) from None
            raise

    @property
    def why_not_individual(self) -> str:
        """Return why this client, saved as corporate, cannot become an individual, or an empty text (invariant 4)."""
        if type(self).objects.filter(pk=self.pk, kind=self.Kind.INDIVIDUAL).exists():
            return ""
        if self.offices.filter(is_headquarters=False).exists():
            return _g("%(client)s has several offices. An individual has one: remove the others first.") % {"client": self}
        if self.contacts.filter(active=True).count() > 1:
            return _g("%(client)s has several contact persons. An individual is one person: keep one first.") % {"client": self}
        return ""

    def deactivate(self) -> None:
        """Take the client out of use: not in the default list, no portal; everything it has stays (J1, invariant 19)."""
        self.status = self.Status.INACTIVE
        self.save(update_fields=["status"])

    def restore(self) -> None:
        """Take the client back into use with the status it had before (J1); potential stays potential, for active opens the portal."""
        kind = ContentType.objects.get_for_model(type(self))
        last = Change.objects.filter(content_type=kind, object_id=self.pk, changes__has_key="status").order_by("-id").first()
        before = (last.changes["status"] or [""])[0] if last else ""
        self.status = before if before in (self.Status.ACTIVE, self.Status.POTENTIAL) else self.Status.ACTIVE
        self.save(update_fields=["status"])

    def add_own_contact(self, first_name: str, last_name: str) -> "Contact":
        """Add the person that an individual client is: primary, same e-mail, phone and country (X16)."""
        return self.contacts.register(
            self,
            first_name=first_name,
            last_name=last_name,
            email=self.email,
            phone=self.phone,
            country=self.country,
            created_by=self.created_by,
        )


def same_name_error(other: Client) -> ValidationError:
    """Return the error that refuses a second client of the name of `other`; its params carry the client, so that a page can link it."""
    return ValidationError(same_name_sentence(other), code="unique", params={"client": other})


def same_name_sentence(other: Client) -> str:
    """Return the sentence that refuses a second client of the name of `other` (X7)."""
    return _g("A client named “%(name)s” exists already (%(number)s).") % {"name": other.name, "number": other.number}
