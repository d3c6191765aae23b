"""The client: the paying party, its fields, laws and verbs."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.apps import apps
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import IntegrityError, models, transaction
from django.db.models.functions import Coalesce, Lower
from django.urls import reverse
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _
from phonenumber_field.modelfields import PhoneNumberField

from clientdesk.countries import country_choices
from clientdesk.languages import language_choices
from clientdesk.models import Address, Change, Merge, NumberSequence, Renamed, Stamped, User, Versioned
from clientdesk.postal import PostalAddress
from clientdesk.words import compact, compacts, findable, name_key, tidy, tidy_email
from clients import numbers, traces
from clients.models.company import Company
from clients.models.dictionaries import Branch, Category, CompanyType, Industry, LeadSource
from clients.names import validate_name
from clients.restricted import seen_by

if TYPE_CHECKING:
    from contacts.models import Contact


def _count(relation: str, **only: object) -> Coalesce:
    """Return the number of the records of `relation` that a client has, `only` such ones, for an annotation."""
    link: models.ManyToOneRel = Client._meta.get_field(relation)  # ty: ignore[invalid-assignment]
    key = link.field.attname
    of_client = link.related_model._base_manager.filter(**{key: models.OuterRef("pk")}, **only).order_by().values(key)
    return Coalesce(models.Subquery(of_client.annotate(number=models.Count("pk")).values("number")), 0)


OF_PRIMARY = ("pk", "first_name", "last_name", "email", "phone", "active")


class ClientQuerySet(models.QuerySet["Client"]):
    def active(self) -> "ClientQuerySet":
        """Clients that are not deactivated (J1): active and potential ones."""
        return self.exclude(status=Client.Status.INACTIVE)

    def visible_to(self, user: User) -> "ClientQuerySet":
        """Clients that `user` may see: a restricted one only where `user` is responsible for it (XD33)."""
        return self.filter(seen_by(user))

    def lock(self) -> None:
        """Let nobody else do until the transaction ends what concerns several rows of these clients, such as who is primary.

        Whoever locks one of their rows, too, does so after this, or two would wait for each other.
        """
        list(self.select_for_update(of=("self",)).order_by("pk").values_list("pk", flat=True))

    def named(self, name: str) -> "ClientQuerySet":
        """The client whose internal name equals `name` by key."""
        return self.filter(name_key=name_key(name))

    def not_invited(self) -> "ClientQuerySet":
        """Clients in use whose primary contact was never invited to the portal, or who have none."""
        contacts = apps.get_model("contacts", "Contact").objects.order_by()
        invited = contacts.filter(is_primary=True, access__invited_at__isnull=False, client=models.OuterRef("pk"))
        return self.active().filter(~models.Exists(invited))

    def with_primary(self) -> "ClientQuerySet":
        """Each client with what OF_PRIMARY names of its primary contact as `primary_pk` and so on, in one query."""
        primary = models.FilteredRelation("contacts", condition=models.Q(contacts__is_primary=True))
        return self.annotate(primary=primary).annotate(**{f"primary_{name}": models.F(f"primary__{name}") for name in OF_PRIMARY})

    def with_contact_count(self) -> "ClientQuerySet":
        """Each client with `contact_count`, the number of its active contacts."""
        return self.annotate(contact_count=_count("contacts", active=True))

    def with_place_counts(self) -> "ClientQuerySet":
        """Each client with `office_count` and `department_count`, the numbers of its active offices and departments."""
        return self.annotate(office_count=_count("offices", active=True), department_count=_count("departments", active=True))

    def with_planned_count(self) -> "ClientQuerySet":
        """Each client with `planned_count`, the number of actions that are still to be done with it or its people."""
        return self.annotate(planned_count=_count("actions", status="planned"))

    def with_job_count(self) -> "ClientQuerySet":
        """Each client with `job_count`, the number of its jobs that are to be done."""
        return self.annotate(job_count=_count("jobs", status__in=("requested", "open", "assigned")))

    def with_document_count(self) -> "ClientQuerySet":
        """Each client with `document_count`, the number of documents that it delivered."""
        return self.annotate(document_count=_count("documents"))


def client_search_key(
    name: str,
    legal_name: str,
    number: str,
    email: str,
    *,
    phones: Iterable[str] = (),
    tax_numbers: Iterable[str] = (),
    former: str = "",
) -> str:
    """Return the text in which typed words find a client: the one rule for whoever stores clients, one by one or in bulk.

    Phones are in international form; `former` holds former names. Numbers stand in it without punctuation, too."""
    return findable(name, legal_name, number, email, former, *compacts(number), *map(compact, (*tax_numbers, *phones)))


class Client(Renamed, Versioned, Address, Stamped):
    """The paying party: a company or one person. `name` is ours alone, `legal_name` is what the client and documents see (X7-X10)."""

    class Kind(models.TextChoices):
        CORPORATE = "corporate", _("Corporate")
        INDIVIDUAL = "individual", _("Individual")

    class Status(models.TextChoices):
        ACTIVE = "active", _("Active")
        POTENTIAL = "potential", _("Potential")
        INACTIVE = "inactive", _("Inactive")

    number = models.CharField(_("Client number"), max_length=30, blank=True)
    name = models.CharField(_("Name"), max_length=100, validators=[validate_name])
    name_key = models.CharField(max_length=200, editable=False)
    legal_name = models.CharField(_("Legal name"), max_length=200)
    kind = models.CharField(_("Kind"), max_length=10, choices=Kind, default=Kind.CORPORATE)
    status = models.CharField(_("Status"), max_length=10, choices=Status, default=Status.ACTIVE)
    email = models.EmailField(_("Main contact e-mail"), max_length=254, blank=True)
    phone = PhoneNumberField(_("Phone"), blank=True)
    website = models.URLField(_("Website"), max_length=300, blank=True)
    # The keys that lists filter by have an index with the name behind them (Meta), so that a page of one branch is read in order.
    branch = models.ForeignKey(Branch, models.PROTECT, db_index=False, verbose_name=_("Branch"))
    category = models.ForeignKey(Category, models.PROTECT, null=True, blank=True, db_index=False, verbose_name=_("Category"))
    company_type = models.ForeignKey(CompanyType, models.PROTECT, null=True, blank=True, db_index=False, verbose_name=_("Company type"))
    tax_number = models.CharField(_("Tax number"), max_length=30, blank=True)
    more_tax_numbers = models.JSONField(_("More tax numbers"), default=list, blank=True)
    industries = models.ManyToManyField(Industry, through="ClientIndustry", related_name="clients", verbose_name=_("Industries"))
    contract_number = models.CharField(_("Contract number"), max_length=50, blank=True)
    external_id = models.CharField(_("External ID"), max_length=100, null=True, blank=True)  # noqa: DJ001 - NULL keeps many blanks unique
    notes = models.TextField(_("Notes"), max_length=10_000, blank=True)
    photo = models.FileField(_("Picture"), max_length=100, blank=True, editable=False)
    custom = models.JSONField(_("Custom fields"), default=dict, blank=True)

    # How it is reached; each of the lists holds small dicts: {"address", "cc"}, {"number", "note"}, {"url"}.
    more_emails = models.JSONField(_("More e-mail addresses"), default=list, blank=True)
    more_phones = models.JSONField(_("More phones"), default=list, blank=True)
    more_websites = models.JSONField(_("More websites"), default=list, blank=True)
    mobile = PhoneNumberField(_("Mobile"), blank=True)
    sms_enabled = models.BooleanField(_("May be sent text messages"), default=False)
    fax = PhoneNumberField(_("Fax"), blank=True)
    cc_contact_emails = models.BooleanField(
        _("Copy e-mails to contact persons"), default=False, help_text=_("The main e-mail address gets a copy of what contact persons get.")
    )
    no_crm_emails = models.BooleanField(_("No CRM e-mails"), default=False)
    server_account = models.CharField(
        _("Account on the client's server"),
        max_length=200,
        blank=True,
        help_text=_("Where your people deliver to, such as “sftp.example.com, user nordwort”. Keep the password elsewhere."),
    )

    # The address fields are the billing address; these are the correspondence address, dormant while the billing address is used.
    use_billing_address = models.BooleanField(_("Same as the billing address"), default=True)
    post_street = models.CharField(_("Street"), max_length=200, blank=True)
    post_street2 = models.CharField(_("Address line 2"), max_length=200, blank=True)
    post_postal_code = models.CharField(_("Postal code"), max_length=20, blank=True)
    post_city = models.CharField(_("City"), max_length=100, blank=True)
    post_province = models.CharField(_("Province"), max_length=100, blank=True)
    post_country = models.CharField(_("Country"), max_length=2, blank=True, choices=country_choices)

    # Sales data (XD4).
    lead_source = models.ForeignKey(LeadSource, models.PROTECT, null=True, blank=True, verbose_name=_("Lead source"))
    first_contact_on = models.DateField(_("First contact"), null=True, blank=True)
    potential_annual_revenue = models.DecimalField(
        _("Potential annual revenue"), max_digits=12, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(0)]
    )
    potential_annual_revenue_on = models.DateField(_("Revenue updated"), null=True, blank=True)
    sales_person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, db_index=False, related_name="+", verbose_name=_("Sales person")
    )
    project_manager = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, db_index=False, related_name="+", verbose_name=_("Project manager")
    )
    responsible = models.ManyToManyField(
        settings.AUTH_USER_MODEL, through="Responsible", related_name="+", verbose_name=_("Additional people responsible")
    )
    restricted_to_responsible = models.BooleanField(
        _("Only for people responsible"), default=False, help_text=_("Nobody else sees this client, in lists, search or imports.")
    )
    sales_notes = models.TextField(_("Sales notes"), max_length=10_000, blank=True)
    budget_codes = models.TextField(_("Budget codes"), max_length=4000, blank=True, help_text=_("One a line."))
    budget_code_required = models.BooleanField(_("Required for quotes, projects and jobs"), default=False)

    language = models.CharField(_("Language"), max_length=10, blank=True, choices=language_choices)
    erased_at = models.DateTimeField(_("Personal data erased"), null=True, editable=False)
    # What duplicates are recognised by; clients/traces.py makes them.
    domain_key = models.CharField(max_length=253, editable=False, default="")
    phone_key = models.CharField(max_length=20, editable=False, default="")
    tax_key = models.CharField(max_length=30, editable=False, default="")
    core_key = models.CharField(max_length=200, editable=False, default="")
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
            # By what an import may find clients.
            models.Index(Lower("email"), condition=~models.Q(email=""), name="client_by_email"),
            *(models.Index(fields=[name, "name_key"], name=f"client_by_{name}") for name in ("kind", "branch", "country")),
            *(
                models.Index(fields=[name, "name_key"], condition=models.Q(**{f"{name}__isnull": False}), name=f"client_by_{name}")
                for name in ("category", "company_type", "sales_person", "project_manager")
            ),
            models.Index(fields=["name_key"], condition=models.Q(restricted_to_responsible=True), name="client_restricted"),
            *(
                models.Index(fields=[f"{trace}_key"], condition=~models.Q(**{f"{trace}_key": ""}), name=f"client_by_{trace}")
                for trace in ("domain", "phone", "tax", "core")
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("clients:detail", args=[self.pk])

    def is_visible_to(self, user: User | None) -> bool:
        """Say whether `user` may see this client (XD33); nobody in particular sees what is not restricted."""
        return not self.restricted_to_responsible or (user is not None and type(self).objects.visible_to(user).filter(pk=self.pk).exists())

    @property
    def post_address(self) -> PostalAddress:
        """Where letters to the client go now: the correspondence address, or the billing address where that serves for both (XD7)."""
        return PostalAddress.of(self, "" if self.use_billing_address else "post_")

    @property
    def photo_url(self) -> str:
        """The address of the picture, or an empty text; it reads nothing where the picture was not loaded."""
        return reverse("clients:photo", args=[self.pk]) if self.__dict__.get("photo") else ""

    @property
    def is_individual(self) -> bool:
        """Whether the client is one person (X15)."""
        return self.kind == self.Kind.INDIVIDUAL

    @property
    def names(self) -> tuple[str, ...]:
        """Name and legal name, where they were loaded."""
        return tuple(self.__dict__[name] for name in ("name", "legal_name") if name in self.__dict__)

    @property
    def phones(self) -> list[str]:
        """Every phone, mobile and fax number, in international form where it is a right one."""
        more = (str(entry.get("number") or "") for entry in self.more_phones)
        return [phone for phone in (*map(str, (self.phone, self.mobile, self.fax)), *more) if phone and phone != "None"]

    @property
    def tax_numbers(self) -> list[str]:
        """Every tax number."""
        return [number for number in (self.tax_number, *(str(entry.get("number") or "") for entry in self.more_tax_numbers)) if number]

    def fold(self) -> None:
        """Bring names and address into their stored form and set the keys made from them."""
        self.name = tidy(self.name)
        self.name_key = name_key(self.name)
        self.legal_name = tidy(self.legal_name)
        self.email = tidy_email(self.email)
        self.external_id = tidy(self.external_id or "") or None
        self.number = tidy(self.number)
        self.search_key = client_search_key(
            self.name,
            self.legal_name,
            self.number,
            self.email,
            phones=self.phones,
            tax_numbers=self.tax_numbers,
            former=self.former_names,
        )
        for name, value in traces.of(
            self.legal_name or self.name, self.email, self.website, str(self.phone or ""), self.tax_number
        ).items():
            setattr(self, name, value)

    def clean(self) -> None:
        self.fold()
        if self.erased_at:
            raise ValidationError(_g("The personal data of this client were erased. It stays as it is."))
        if len(self.name_key) > 200:
            raise ValidationError({"name": _g("This name is too long. Shorten it to 100 characters.")})
        if self.name and (other := type(self).objects.named(self.name).exclude(pk=self.pk).first()):
            raise ValidationError({"name": same_name_error(other)})
        if self.number and number_is_taken(self.number, but=self.pk):
            raise ValidationError({"number": taken_number_sentence(self.number)})
        if self.pk and self.is_individual and (reason := self.why_not_individual):
            raise ValidationError({"kind": reason})

    def save(self, *args, **kwargs) -> None:
        self.keep_former_names()
        if self.erased_at:
            self.former_names = ""
        self.fold()
        if kwargs.get("update_fields") is not None:
            kwargs["update_fields"] = {*kwargs["update_fields"], "name_key", "search_key", "former_names", *traces.KEYS}
        adding = self._state.adding
        super().save(*args, **kwargs)
        touched = kwargs.get("update_fields")
        if not adding and (touched is None or {"kind", *Company.FOLLOWS.values()} & {name.removesuffix("_id") for name in touched}):
            self.keep_company()

    def keep_company(self, company: Company | None = None) -> None:
        """Keep the registry in step: a corporate client has exactly one company, `company` where given; an individual has none
        (S19, invariant 22). Raises ValidationError where `company` belongs to another client."""
        with transaction.atomic():
            # Locked and read as it is now: somebody may be editing the company, or making another client of it.
            own = Company.objects.select_for_update().filter(client=self).first()
            if self.is_individual:
                if own:
                    own.leave()
                return
            (own or (company.held() if company else Company())).follow(self)

    def next_number(self) -> str:
        """Take the next free number: by the mask of the company type, else by the common one; typed numbers are stepped over."""
        mask = self.company_type.id_mask if self.company_type else ""
        while True:
            place = NumberSequence.take(f"client:{self.company_type_id}" if mask else "client")
            found = numbers.number(mask, place) if mask else numbers.client_number(place)
            if not number_is_taken(found):
                return found

    def register(self, by: User | None, first_name: str = "", last_name: str = "", company: Company | None = None) -> None:
        """Save a new client as one act: number, headquarters, the company of a corporate one (a given `company` is taken over) and
        the contact of an individual (X16, S19, invariants 3 to 5).

        Raises ValidationError for `name` or `number` when another request took it meanwhile, and for a company that became
        another client's.
        """
        self.created_by, number = by, self.number
        try:
            with transaction.atomic():
                self.number = number or self.next_number()
                self.save()
                self.keep_company(company)
                self.offices.add_headquarters(self)
                if self.is_individual:
                    self.add_own_contact(first_name, last_name)
        except (IntegrityError, ValidationError) as refusal:
            self.number = number
            self.pk, self._state.adding = None, True
            if isinstance(refusal, ValidationError):
                raise
            if other := type(self).objects.named(self.name).first():
                raise ValidationError({"name": same_name_error(other)}) from None
            if number and number_is_taken(number):
                raise ValidationError({"number": taken_number_sentence(number)}) from None
            raise

    @property
    def why_not_individual(self) -> str:
        """Return why this client, saved as corporate, cannot become an individual, or an empty text (invariant 4)."""
        if type(self).objects.filter(pk=self.pk, kind=self.Kind.INDIVIDUAL).exists():
            return ""
        if self.offices.filter(is_headquarters=False).exists():
            return _g("%(client)s has several offices. An individual has one: remove the others first.") % {"client": self}
        if self.departments.exists():
            return _g("%(client)s has departments. An individual has none: remove them first.") % {"client": self}
        if self.contacts.filter(active=True).count() > 1:
            return _g("%(client)s has several contact persons. An individual is one person: keep one first.") % {"client": self}
        return ""

    def deactivate(self) -> None:
        """Take the client out of use: not in the default list, no portal; everything it has stays (J1, invariant 19)."""
        self.status = self.Status.INACTIVE
        self.save(update_fields=["status"])

    @property
    def status_before(self) -> str:
        """The status that the client, out of use, had before (J1); potential stays potential, for active opens the portal."""
        kind = ContentType.objects.get_for_model(type(self))
        last = Change.objects.filter(content_type=kind, object_id=self.pk, changes__has_key="status").order_by("-id").first()
        before = (last.changes["status"] or [""])[0] if last else ""
        return before if before in (self.Status.ACTIVE, self.Status.POTENTIAL) else self.Status.ACTIVE

    def restore(self) -> None:
        """Take the client back into use with the status it had before."""
        self.status = self.status_before
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
    """Return the error that refuses a second client of the name of `other`; its params carry the client, so that a page can link it.

    Nobody is known here who reads it: of a restricted client it tells nothing (XD33).
    """
    return ValidationError(same_name_sentence(other), code="unique", params={"client": other})


def same_name_sentence(other: Client, user: User | None = None) -> str:
    """Return the sentence that tells `user` of another client of the same name (X7); who may not see that client, or is not known,
    reads neither number nor spelling (XD33)."""
    if not other.is_visible_to(user):
        return _g("A client of this name exists that you may not see. Choose another name.")
    return _g("A client named “%(name)s” exists already (%(number)s).") % {"name": other.name, "number": other.number}


def number_is_taken(number: str, but: int | None = None) -> bool:
    """Say whether a client other than `but` has or had `number`: a number is never given twice, also not that of a merged client
    (invariant 2)."""
    return Client.objects.filter(number=number).exclude(pk=but).exists() or Merge.objects.filter(loser_number=number).exists()


def taken_number_sentence(number: str) -> str:
    """Return the sentence that refuses a client number that is or was another client's (S12)."""
    return _g("The client number “%(number)s” is or was another client's. Type another.") % {"number": number}
