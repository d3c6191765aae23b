"""The contact: a person at a client, the laws and verbs."""

from collections.abc import Generator, Iterable
from contextlib import contextmanager
from typing import Self

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _
from phonenumber_field.modelfields import PhoneNumberField

from clientdesk.languages import language_choices
from clientdesk.models import Address, Renamed, Stamped, User, Versioned
from clientdesk.postal import PostalAddress
from clientdesk.words import compact, findable, name_key, tidy, tidy_email
from clients.models import Client, LeadSource
from clients.restricted import seen_by
from contacts.models.dictionaries import Position
from contacts.models.places import Department, Office
from contacts.models.unwanted import UnwantedAddress


def sort_key(first_name: str, last_name: str) -> str:
    """Return the key by which contacts are ordered: last name, then first."""
    return name_key(f"{last_name} {first_name}")[:420]


def contact_search_key(name: str, email: str, phones: Iterable[str] = (), former: str = "") -> str:
    """Return the text in which typed words find a contact; phones are in international form, `former` holds former names."""
    return findable(name, email, former, *map(compact, phones))


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
        """Add a contact to `client` as one act: offices set to the headquarters, primary when it is the first (invariant 3).

        It begins without CRM e-mails where the reader of its address wanted none before it was erased (invariant 14).
        """
        with transaction.atomic():
            Client.objects.select_for_update().get(pk=client.pk)
            first = not self.model.objects.filter(client=client, active=True).exists()
            offices = fields.pop("offices", None)
            contact = self.model(client=client, **(fields | {"is_primary": first}))
            contact.no_crm_emails = contact.no_crm_emails or contact.is_unwanted
            if contact.default_office_id is None:
                contact.default_office = client.offices.get(is_headquarters=True)
            contact.save(force_insert=True)
            contact.set_offices(offices or [contact.default_office])
            return contact


class Contact(Renamed, Versioned, Address, Stamped):
    """A person at a client. The address fields are its own mailing address, dormant while the client's is used (decision 5)."""

    class Gender(models.TextChoices):
        FEMALE = "female", _("Female")
        MALE = "male", _("Male")
        OTHER = "other", _("Other")

    client = models.ForeignKey(Client, models.CASCADE, db_index=False, related_name="contacts", verbose_name=_("Client"))
    first_name = models.CharField(_("First name"), max_length=100, blank=True)
    last_name = models.CharField(_("Last name"), max_length=100)
    email = models.EmailField(_("E-mail"), max_length=254, blank=True)
    phone = PhoneNumberField(_("Phone"), blank=True)
    mobile = PhoneNumberField(_("Mobile"), blank=True)
    sms_enabled = models.BooleanField(_("May be sent text messages"), default=False)
    fax = PhoneNumberField(_("Fax"), blank=True)
    # Each of the lists holds small dicts, as the client's: {"address", "cc"}, {"number", "note"}.
    more_emails = models.JSONField(_("More e-mail addresses"), default=list, blank=True)
    more_phones = models.JSONField(_("More phones"), default=list, blank=True)
    gender = models.CharField(_("Gender"), max_length=10, choices=Gender, blank=True)
    # Codes of languages, such as ["de", "pl"] (XD22).
    mother_tongues = models.JSONField(_("Mother tongues"), default=list, blank=True)
    language = models.CharField(_("Language"), max_length=10, blank=True, choices=language_choices)
    external_id = models.CharField(_("External ID"), max_length=100, null=True, blank=True)  # noqa: DJ001 - NULL keeps many blanks unique
    photo = models.FileField(_("Picture"), max_length=100, blank=True, editable=False)
    position = models.ForeignKey(Position, models.PROTECT, null=True, blank=True, db_index=False, verbose_name=_("Position"))
    department = models.ForeignKey(Department, models.PROTECT, null=True, blank=True, related_name="contacts", verbose_name=_("Department"))
    offices = models.ManyToManyField(Office, through="ContactOffice", related_name="contacts", verbose_name=_("Offices"))
    default_office = models.ForeignKey(Office, models.PROTECT, related_name="+", verbose_name=_("Default office"))
    is_primary = models.BooleanField(_("Primary contact"), default=False, editable=False)
    no_crm_emails = models.BooleanField(_("No CRM e-mails"), default=False)
    use_client_address = models.BooleanField(_("Use the client's address"), default=True)
    active = models.BooleanField(_("Active"), default=True, editable=False)
    notes = models.TextField(_("Notes"), max_length=10_000, blank=True)
    # Sales data of the person (X39). What only a company has (revenue, budget codes) and who is responsible are the client's (XD4).
    lead_source = models.ForeignKey(LeadSource, models.PROTECT, null=True, blank=True, db_index=False, verbose_name=_("Lead source"))
    first_contact_on = models.DateField(_("First contact"), null=True, blank=True)
    sales_notes = models.TextField(_("Sales notes"), max_length=10_000, blank=True)
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
            models.UniqueConstraint(
                fields=["external_id"], name="contact_external_id_once", violation_error_message=_("Another contact has this external ID.")
            ),
        ]
        indexes = [
            models.Index(fields=["sort_key", "id"], name="contact_by_name"),
            models.Index(fields=["client", "sort_key", "id"], name="contact_of_client"),
            models.Index(fields=["created_at", "id"], name="contact_by_age"),
            models.Index(fields=["position", "sort_key", "id"], condition=models.Q(position__isnull=False), name="contact_by_position"),
            # Few have one: whether an entry of the list is in use is asked by it.
            models.Index(fields=["lead_source"], condition=models.Q(lead_source__isnull=False), name="contact_by_lead_source"),
            # What duplicates are looked up by.
            models.Index(fields=["email"], condition=~models.Q(email=""), name="contact_by_email"),
            # By what an import may find contacts, whatever the case of the letters.
            models.Index(Lower("email"), condition=~models.Q(email=""), name="contact_by_any_email"),
            models.Index(fields=["phone"], condition=~models.Q(phone=""), name="contact_by_phone"),
            models.Index(fields=["mobile"], condition=~models.Q(mobile=""), name="contact_by_mobile"),
            # What few contacts have in common: each may be rare.
            models.Index(fields=["sort_key", "id"], condition=models.Q(is_primary=True), name="contact_primary"),
            models.Index(fields=["sort_key", "id"], condition=models.Q(email=""), name="contact_without_email"),
            models.Index(fields=["sort_key", "id"], condition=models.Q(active=False), name="contact_deactivated"),
            models.Index(fields=["sort_key", "id"], condition=models.Q(no_crm_emails=True), name="contact_no_crm"),
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
    def photo_url(self) -> str:
        """The address of the picture, or an empty text; it reads nothing where the picture was not loaded."""
        return reverse("contacts:photo", args=[self.pk]) if self.__dict__.get("photo") else ""

    @property
    def mailing_address(self) -> PostalAddress:
        """Where letters to this contact go now: to the client's address of this moment, or to its own (X47, X48, invariant 16)."""
        return self.client.post_address if self.use_client_address else PostalAddress.of(self)

    @property
    def is_unwanted(self) -> bool:
        """Whether somebody who had its address wanted no CRM e-mails and was erased since; at most two statements."""
        return bool(UnwantedAddress.objects.among([self.email]))

    @property
    def offices_can_be_changed(self) -> bool:
        """Whether there is anything to choose: the client has several offices in use (X37), as an individual never has; one statement."""
        return not self.client.is_individual and self.client.offices.active().count() > 1

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
        self.external_id = tidy(self.external_id or "") or None
        self.search_key = contact_search_key(self.full_name, self.email, (str(self.phone or ""), str(self.mobile or "")), self.former_names)
        self.sort_key = sort_key(self.first_name, self.last_name)

    def clean(self) -> None:
        self.fold()
        if self.erased_at:
            raise ValidationError(_g("The personal data of this contact were erased. It stays as it is."))
        if self.client_id and self.default_office_id and self.default_office.client_id != self.client_id:
            raise ValidationError({"default_office": _g("This office belongs to another client.")})
        if self.client_id and self.department_id and self.department.client_id != self.client_id:
            raise ValidationError({"department": _g("This department belongs to another client.")})

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

    def assign_offices(self, offices: list[Office], default: Office) -> None:
        """Let the contact belong to exactly `offices`, `default` first among them, in one transaction (X37, X38).

        It counts as a new version also where the default stays. Raises ValidationError as `set_offices` does.
        """
        with transaction.atomic():
            self.default_office = default
            self.set_offices(offices)
            self.save(update_fields=["default_office"])

    def ask_for_crm_emails(self) -> None:
        """Let CRM e-mails go to the contact and its address again, because the person asked for them; the caller saves."""
        self.no_crm_emails = False
        UnwantedAddress.objects.forget(self.email)

    def make_primary(self) -> None:
        """Make this the client's one primary contact; the former one steps back in the same transaction (J19).

        Raises ValidationError for a deactivated contact.
        """
        with self._alone():
            if not self.active:
                raise ValidationError(_g("%(contact)s is deactivated and cannot be the primary contact.") % {"contact": self})
            for former in type(self).objects.filter(client_id=self.client_id, is_primary=True).exclude(pk=self.pk):
                former.is_primary = False
                former.save(update_fields=["is_primary"])
            if not self.is_primary:
                self.is_primary = True
                self.save(update_fields=["is_primary"])

    @property
    def successors(self) -> list["Contact"]:
        """Who can be the primary contact after this one; none where nobody has to be named (invariant 3)."""
        if not self.is_primary:
            return []
        return list(type(self).objects.active().filter(client=self.client_id).exclude(pk=self.pk))

    def hand_over(self, successor: "Contact | None") -> None:
        """Let `successor` be the primary contact before this one goes. Raises ValidationError where one must be named (invariant 3)."""
        others = self.successors
        if not others:
            return
        if successor not in others:
            raise ValidationError(_g("%(contact)s is the primary contact. Choose who is it from now on.") % {"contact": self})
        successor.make_primary()
        self.refresh_from_db()

    @property
    def why_not_deactivated(self) -> str:
        """Why this contact must stay in use, or an empty text: an individual is its one person (invariant 4)."""
        if self.client.is_individual and not type(self).objects.active().filter(client=self.client_id).exclude(pk=self.pk).exists():
            sentence = _g("%(contact)s is the individual client %(client)s. Deactivate the client instead.")
            return sentence % {"contact": self, "client": self.client}
        return ""

    def deactivate(self, successor: "Contact | None" = None) -> None:
        """Take this contact out of use: it stays with its history, but enters no portal and gets no mails; a primary one names its
        `successor` first. Raises ValidationError where it must stay, or where one must be named (invariant 3)."""
        with self._alone():
            if not self.active:
                return
            if self.why_not_deactivated:
                raise ValidationError(self.why_not_deactivated)
            self.hand_over(successor)
            self.active, self.is_primary = False, False
            self.save(update_fields=["active", "is_primary"])

    def restore(self) -> None:
        """Take this contact back into use, as the primary one where the client has none. Raises ValidationError for an erased one."""
        with self._alone():
            if self.active:
                return
            if self.erased_at:
                raise ValidationError(_g("The personal data of this contact were erased. It stays as it is."))
            self.is_primary = not type(self).objects.filter(client=self.client_id, is_primary=True).exists()
            self.active = True
            self.save(update_fields=["active", "is_primary"])

    @contextmanager
    def _alone(self) -> Generator[None]:
        """Act on the people of the client while nobody else does. Its row is the lock: of two acts at once the second sees what the
        first one did, so that exactly one contact stays the primary one."""
        with transaction.atomic():
            Client.objects.select_for_update(of=("self",)).get(pk=self.client_id)
            self.refresh_from_db()
            yield


class ContactOffice(models.Model):
    """One office that a contact belongs to; a model of its own so that the history can tell of it."""

    contact = models.ForeignKey(Contact, models.CASCADE, related_name="contact_offices")
    office = models.ForeignKey(Office, models.PROTECT, related_name="contact_offices")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["contact", "office"], name="contact_office_once")]

    def __str__(self) -> str:
        return f"{self.contact} / {self.office}"
