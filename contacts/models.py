"""The places and people of a client."""

from collections.abc import Iterable
from typing import Self
from urllib.parse import quote

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.urls import reverse
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _
from phonenumber_field.modelfields import PhoneNumberField

from clientdesk.fields import validate_web_address
from clientdesk.models import Address, Dictionary, Renamed, Stamped, User, Versioned
from clientdesk.words import compact, findable, name_key, tidy, tidy_email
from clients.models import Client
from clients.restricted import seen_by


class Position(Dictionary):
    """What a contact does at the client (X41)."""

    class Meta(Dictionary.Meta):
        verbose_name = _("position")
        verbose_name_plural = _("positions")


class SocialNetwork(Dictionary):
    """A network where a person can be met; `prefix` + name + `suffix` is the address of an account there (XD16)."""

    prefix = models.CharField(_("Beginning of the address"), max_length=200, blank=True)
    suffix = models.CharField(_("End of the address"), max_length=100, blank=True)

    class Meta(Dictionary.Meta):
        verbose_name = _("social network")
        verbose_name_plural = _("social networks")

    def address_of(self, name: str) -> str:
        """Return the web address of the account `name` here, or an empty text where this network has no addresses."""
        return f"{self.prefix}{quote(name.strip(), safe='')}{self.suffix}" if self.prefix else ""

    def clean(self) -> None:
        super().clean()
        self.prefix, self.suffix = tidy(self.prefix), tidy(self.suffix)
        if self.suffix and not self.prefix:
            raise ValidationError({"prefix": _g("An address that ends needs a beginning, such as https://www.linkedin.com/in/")})
        try:
            validate_web_address(self.address_of("name") or "https://name.example")
        except ValidationError:
            # A link of ours never leads to anything but the web (trial C06).
            sentence = _g("“%(address)s” is no web address. Begin it with https://, such as https://www.linkedin.com/in/")
            raise ValidationError({"prefix": sentence % {"address": self.address_of(_g("name"))}}) from None


def sort_key(first_name: str, last_name: str) -> str:
    """Return the key by which contacts are ordered: last name, then first."""
    return name_key(f"{last_name} {first_name}")[:420]


def contact_search_key(name: str, email: str, phones: Iterable[str] = (), former: str = "") -> str:
    """Return the text in which typed words find a contact; phones are in international form, `former` holds former names."""
    return findable(name, email, former, *map(compact, phones))


class OfficeQuerySet(models.QuerySet["Office"]):
    def active(self) -> Self:
        """Offices that are not deactivated."""
        return self.filter(active=True)

    def add_headquarters(self, client: Client) -> "Office":
        """Add the one headquarters that every client has from the start (invariant 5), at the client's own address."""
        return self.create(client=client, name=self.model.headquarters_name(), is_headquarters=True)


class Office(Versioned, Address, Stamped):
    """A place of a client; exactly one is its headquarters, whose blank address means the client's."""

    client = models.ForeignKey(Client, models.CASCADE, related_name="offices", verbose_name=_("Client"))
    name = models.CharField(_("Name"), max_length=120)
    name_key = models.CharField(max_length=240, editable=False)
    is_headquarters = models.BooleanField(_("Headquarters"), default=False, editable=False)
    email = models.EmailField(_("E-mail"), max_length=254, blank=True)
    phone = PhoneNumberField(_("Phone"), blank=True)
    active = models.BooleanField(_("Active"), default=True)

    objects = OfficeQuerySet.as_manager()

    class Meta:
        ordering = ["-is_headquarters", "name_key", "id"]
        verbose_name = _("office")
        verbose_name_plural = _("offices")
        constraints = [
            models.UniqueConstraint(
                fields=["client", "name_key"],
                name="office_name_once",
                violation_error_message=_("This client has an office of this name already."),
            ),
            models.UniqueConstraint(
                fields=["client"],
                condition=models.Q(is_headquarters=True),
                name="office_one_headquarters",
                violation_error_message=_("This client has its headquarters already."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @staticmethod
    def headquarters_name() -> str:
        """Return the name that the headquarters of a new client gets, in the language of now."""
        return _g("Headquarters")

    def fold(self) -> None:
        """Bring the name into its stored form and set the key made from it."""
        self.name = tidy(self.name)
        self.name_key = name_key(self.name)

    def clean(self) -> None:
        self.fold()
        if self.client_id and self.client.is_individual and not self.is_headquarters:
            raise ValidationError(_g("%(client)s is an individual and has no further offices.") % {"client": self.client})

    def save(self, *args, **kwargs) -> None:
        self.fold()
        if kwargs.get("update_fields") is not None:
            kwargs["update_fields"] = {*kwargs["update_fields"], "name_key"}
        super().save(*args, **kwargs)


class ContactQuerySet(models.QuerySet["Contact"]):
    def active(self) -> Self:
        """Contacts that are not deactivated."""
        return self.filter(active=True)

    def visible_to(self, user: User) -> Self:
        """Contacts of the clients that `user` may see (XD33)."""
        return self.filter(seen_by(user, "client__"))

    def twins(self, first_name: str, last_name: str, email: str) -> Self:
        """Contacts of the same name and e-mail: most likely the same person entered twice (trial V32)."""
        return self.filter(sort_key=sort_key(first_name, last_name), email__iexact=email)

    def register(self, client: Client, **fields) -> "Contact":
        """Add a contact to `client` as one act: offices set to the headquarters, primary when it is the first (invariant 3)."""
        with transaction.atomic():
            Client.objects.select_for_update().get(pk=client.pk)
            first = not self.model.objects.filter(client=client, active=True).exists()
            offices = fields.pop("offices", None)
            contact = self.model(client=client, **(fields | {"is_primary": first}))
            if contact.default_office_id is None:
                contact.default_office = client.offices.get(is_headquarters=True)
            contact.save(force_insert=True)
            contact.set_offices(offices or [contact.default_office])
            return contact


class Contact(Renamed, Versioned, Address, Stamped):
    """A person at a client. The address fields are its own mailing address, dormant while the client's is used (decision 5)."""

    client = models.ForeignKey(Client, models.CASCADE, db_index=False, related_name="contacts", verbose_name=_("Client"))
    first_name = models.CharField(_("First name"), max_length=100, blank=True)
    last_name = models.CharField(_("Last name"), max_length=100)
    email = models.EmailField(_("E-mail"), max_length=254, blank=True)
    phone = PhoneNumberField(_("Phone"), blank=True)
    mobile = PhoneNumberField(_("Mobile"), blank=True)
    position = models.ForeignKey(Position, models.PROTECT, null=True, blank=True, verbose_name=_("Position"))
    offices = models.ManyToManyField(Office, through="ContactOffice", related_name="contacts", verbose_name=_("Offices"))
    default_office = models.ForeignKey(Office, models.PROTECT, related_name="+", verbose_name=_("Default office"))
    is_primary = models.BooleanField(_("Primary contact"), default=False, editable=False)
    no_crm_emails = models.BooleanField(_("No CRM e-mails"), default=False)
    use_client_address = models.BooleanField(_("Use the client's address"), default=True)
    active = models.BooleanField(_("Active"), default=True, editable=False)
    notes = models.TextField(_("Notes"), max_length=10_000, blank=True)
    custom = models.JSONField(_("Custom fields"), default=dict, blank=True)
    erased_at = models.DateTimeField(_("Personal data erased"), null=True, editable=False)
    search_key = models.TextField(editable=False, default="")
    sort_key = models.CharField(max_length=420, editable=False, default="")

    objects = ContactQuerySet.as_manager()

    class Meta:
        ordering = ["sort_key", "id"]
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        constraints = [
            models.UniqueConstraint(
                fields=["client"],
                condition=models.Q(is_primary=True),
                name="contact_one_primary",
                violation_error_message=_("This client has a primary contact already."),
            ),
        ]
        indexes = [
            models.Index(fields=["sort_key", "id"], name="contact_by_name"),
            models.Index(fields=["client", "sort_key", "id"], name="contact_of_client"),
        ]

    def __str__(self) -> str:
        return self.full_name

    def get_absolute_url(self) -> str:
        return reverse("contacts:detail", args=[self.pk])

    @property
    def names(self) -> tuple[str, ...]:
        """First and last name as one, where they were loaded."""
        return (self.full_name,) if {"first_name", "last_name"} <= self.__dict__.keys() else ()

    @property
    def full_name(self) -> str:
        """First and last name."""
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def mailing_address(self) -> Address:
        """The record whose address fields hold for this contact: the client, or the contact itself (X47, X48)."""
        return self.client if self.use_client_address else self

    @property
    def signs_in(self) -> bool:
        """Whether the contact has an account with a password; its sign-in address is then not changed here (XD37).

        The one reverse name of the portal that this floor reads; what it means is the portal's business.
        """
        access = getattr(self, "access", None)
        return bool(access and access.activated)

    def fold(self) -> None:
        """Bring names and address into their stored form and set the keys made from them."""
        self.first_name, self.last_name = tidy(self.first_name), tidy(self.last_name)
        self.email = tidy_email(self.email)
        self.search_key = contact_search_key(self.full_name, self.email, (str(self.phone or ""), str(self.mobile or "")), self.former_names)
        self.sort_key = sort_key(self.first_name, self.last_name)

    def clean(self) -> None:
        self.fold()
        if self.erased_at:
            raise ValidationError(_g("The personal data of this contact were erased. It stays as it is."))
        if self.client_id and self.default_office_id and self.default_office.client_id != self.client_id:
            raise ValidationError({"default_office": _g("This office belongs to another client.")})

    def save(self, *args, **kwargs) -> None:
        self.keep_former_names()
        if self.erased_at:
            self.former_names = ""
        self.fold()
        if kwargs.get("update_fields") is not None:
            kwargs["update_fields"] = {*kwargs["update_fields"], "search_key", "sort_key", "former_names"}
        super().save(*args, **kwargs)

    def set_offices(self, offices: list[Office]) -> None:
        """Let the contact belong to exactly `offices`; each must be the client's and hold the default one (X38, invariant 6).

        Raises ValidationError otherwise.
        """
        wanted = {office.pk: office for office in offices}
        if any(office.client_id != self.client_id for office in offices):
            raise ValidationError(_g("An office of another client cannot be chosen."))
        if self.default_office_id not in wanted:
            raise ValidationError(_g("The default office must be among the chosen offices."))
        kept = set(self.contact_offices.values_list("office_id", flat=True))
        for link in self.contact_offices.exclude(office_id__in=wanted):
            link.delete()
        for pk, office in wanted.items():
            if pk not in kept:
                ContactOffice.objects.create(contact=self, office=office)

    def make_primary(self) -> None:
        """Make this the client's one primary contact; the former one steps back in the same transaction (J19).

        Raises ValidationError for a deactivated contact.
        """
        if not self.active:
            raise ValidationError(_g("%(contact)s is deactivated and cannot be the primary contact.") % {"contact": self})
        with transaction.atomic():
            # The client's row is the lock: two swaps at once end with exactly one primary contact.
            Client.objects.select_for_update().get(pk=self.client_id)
            for former in type(self).objects.filter(client_id=self.client_id, is_primary=True).exclude(pk=self.pk):
                former.is_primary = False
                former.save(update_fields=["is_primary"])
            self.refresh_from_db()
            if not self.is_primary:
                self.is_primary = True
                self.save(update_fields=["is_primary"])


class ContactOffice(models.Model):
    """One office that a contact belongs to; a model of its own so that the history can tell of it."""

    contact = models.ForeignKey(Contact, models.CASCADE, related_name="contact_offices")
    office = models.ForeignKey(Office, models.PROTECT, related_name="contact_offices")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["contact", "office"], name="contact_office_once")]

    def __str__(self) -> str:
        return f"{self.contact} / {self.office}"
