"""The places and organisational units of a client: offices and departments."""

from typing import Self

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _
from phonenumber_field.modelfields import PhoneNumberField

from clientdesk.models import Address, Lasting, Stamped, User, Versioned, lineage
from clientdesk.postal import ADDRESS
from clientdesk.words import name_key, tidy, tidy_email
from clients.models import Client
from clients.restricted import seen_by


class PlaceQuerySet[Kind: "Place"](models.QuerySet[Kind]):
    def active(self) -> Self:
        """Those that are not deactivated."""
        return self.filter(active=True)

    def visible_to(self, user: User) -> Self:
        """Those of the clients that `user` may see (XD33)."""
        return self.filter(seen_by(user, "client__"))

    def of_corporate(self) -> Self:
        """Those that have pages: an individual has one office, which nobody sees, and no departments (C3)."""
        return self.filter(client__kind=Client.Kind.CORPORATE)

    def named(self, name: str) -> Self:
        """Those whose name equals `name` by key."""
        return self.filter(name_key=name_key(name))

    def with_contact_count(self) -> Self:
        """Each with `contact_count`, the number of its active contacts."""
        return self._with_count("contact_count", "contacts")

    def _with_count(self, name: str, relation: str) -> Self:
        own = self.model.objects.filter(pk=models.OuterRef("pk"), **{f"{relation}__active": True}).order_by().values("pk")
        number = models.Subquery(own.annotate(number=models.Count(relation)).values("number"))
        return self.annotate(**{name: Coalesce(number, 0)})


class Place(Lasting, Versioned, Address, Stamped):
    """What offices and departments share: a name that the client has once, an address and ways to reach it (invariants 4 to 6)."""

    name = models.CharField(_("Name"), max_length=120)
    name_key = models.CharField(max_length=240, editable=False)
    email = models.EmailField(_("E-mail"), max_length=254, blank=True)
    phone = PhoneNumberField(_("Phone"), blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name

    @property
    def has_address(self) -> bool:
        """Whether any line of an address is given."""
        return any(getattr(self, name) for name in ADDRESS)

    def fold(self) -> None:
        """Bring name and address into their stored form and set the key made from the name."""
        self.name = tidy(self.name)
        self.name_key = name_key(self.name)
        self.email = tidy_email(self.email)

    def clean(self) -> None:
        self.fold()
        if (
            self.client_id
            and self.name
            and (twin := type(self).objects.named(self.name).filter(client=self.client_id).exclude(pk=self.pk).first())
        ):
            raise ValidationError({"name": twin.taken_sentence})

    @property
    def taken_sentence(self) -> str:
        """The sentence that refuses a second one of this name; each kind has its own words."""
        raise NotImplementedError

    def save(self, *args, **kwargs) -> None:
        self.fold()
        if kwargs.get("update_fields") is not None:
            kwargs["update_fields"] = {*kwargs["update_fields"], "name_key"}
        super().save(*args, **kwargs)


class OfficeQuerySet(PlaceQuerySet["Office"]):
    def add_headquarters(self, client: Client) -> "Office":
        """Add the one headquarters that every client has from the start (invariant 5), at the client's own address."""
        return self.create(client=client, name=self.model.headquarters_name(), is_headquarters=True)

    def with_department_count(self) -> Self:
        """Each office with `department_count`, the number of its active departments."""
        return self._with_count("department_count", "departments")


class Office(Place):
    """A place of a client; exactly one is its headquarters, whose blank address means the client's."""

    client = models.ForeignKey(Client, models.CASCADE, related_name="offices", verbose_name=_("Client"))
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("Belongs to"))
    is_headquarters = models.BooleanField(_("Headquarters"), default=False, editable=False)
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

    @staticmethod
    def headquarters_name() -> str:
        """Return the name that the headquarters of a new client gets, in the language of now."""
        return _g("Headquarters")

    def get_absolute_url(self) -> str:
        return reverse("contacts:office", args=[self.pk])

    @property
    def located(self) -> Address:
        """The record whose address fields say where the office is: of a headquarters without an address of its own the client."""
        return self.client if self.is_headquarters and not self.has_address else self

    @property
    def taken_sentence(self) -> str:
        if not self.active:
            return _g("“%(office)s” is a deactivated office of this client. Restore it, or choose another name.") % {"office": self}
        return _g("This client has an office named “%(office)s” already. Choose another name.") % {"office": self}

    def clean(self) -> None:
        super().clean()
        if self.client_id and self.client.is_individual and not self.is_headquarters:
            raise ValidationError(_g("%(client)s is an individual and has no further offices.") % {"client": self.client})
        if self.is_headquarters and not self.active:
            raise ValidationError(self.why_not_deactivated)
        if self.parent_id:
            self._check_parent()

    def _check_parent(self) -> None:
        if self.is_headquarters:
            raise ValidationError({"parent": _g("The headquarters belongs to no other office.")})
        if self.parent.client_id != self.client_id:
            raise ValidationError({"parent": _g("This office belongs to another client.")})
        if self.pk and self.pk in lineage(self.parent):
            raise ValidationError({"parent": _g("“%(office)s” belongs to this office itself. Choose another.") % {"office": self.parent}})

    @property
    def why_not_deactivated(self) -> str:
        """Return why this office must stay in use: the headquarters does (invariant 5)."""
        if not self.is_headquarters:
            return ""
        return _g("%(office)s is the headquarters. Make another office the headquarters first.") % {"office": self}

    def make_headquarters(self) -> None:
        """Make this the client's one headquarters; the former one becomes an ordinary office in the same transaction (invariant 5).

        An address that it had only as the headquarters, the client's, becomes its own. Raises ValidationError for a deactivated office.
        """
        with transaction.atomic():
            # The client's row is the lock: two at once end with exactly one headquarters.
            client = Client.objects.select_for_update().get(pk=self.client_id)
            self.refresh_from_db()
            if not self.active:
                raise ValidationError(_g("“%(office)s” is deactivated. Restore it before it becomes the headquarters.") % {"office": self})
            if self.is_headquarters:
                return
            for former in client.offices.filter(is_headquarters=True):
                former.step_back(client)
            self.is_headquarters, self.parent = True, None
            self.save(update_fields=["is_headquarters", "parent"])

    def step_back(self, client: Client) -> None:
        """Be an ordinary office of `client` from now on; the caller appoints another headquarters in the same transaction."""
        address = () if self.has_address else ADDRESS
        for name in address:
            setattr(self, name, getattr(client, name))
        self.is_headquarters = False
        self.save(update_fields=["is_headquarters", *address])


class DepartmentQuerySet(PlaceQuerySet["Department"]):
    def find_or_add(self, client: Client, name: str, by: User | None = None) -> "Department":
        """Return the department of `client` named `name`, or a new one, inside the caller's transaction; two at once get the same one.

        Raises ValidationError for a deactivated one, for a name that cannot be stored, and for an individual.
        """
        client = Client.objects.select_for_update().get(pk=client.pk)
        found = self.filter(client=client).named(name).first() or Department(client=client, name=name, created_by=by)
        if not found.active:
            raise ValidationError(found.taken_sentence)
        if found.pk is None:
            found.full_clean()
            found.save()
        return found


class Department(Place):
    """An organisational unit of a corporate client, with contact details of its own (C2, C10, decision 4)."""

    client = models.ForeignKey(Client, models.CASCADE, related_name="departments", verbose_name=_("Client"))
    office = models.ForeignKey(Office, models.PROTECT, null=True, blank=True, related_name="departments", verbose_name=_("Office"))
    active = models.BooleanField(_("Active"), default=True, editable=False)

    objects = DepartmentQuerySet.as_manager()

    class Meta:
        ordering = ["name_key", "id"]
        verbose_name = _("department")
        verbose_name_plural = _("departments")
        constraints = [
            models.UniqueConstraint(
                fields=["client", "name_key"],
                name="department_name_once",
                violation_error_message=_("This client has a department of this name already."),
            ),
        ]

    def get_absolute_url(self) -> str:
        return reverse("contacts:department", args=[self.pk])

    @property
    def located(self) -> Address:
        """The record whose address fields say where the department is: its own, else those of its office."""
        return self.office.located if self.office and not self.has_address else self

    @property
    def taken_sentence(self) -> str:
        if not self.active:
            return _g("“%(department)s” is a deactivated department of this client. Restore it, or choose another name.") % {
                "department": self
            }
        return _g("This client has a department named “%(department)s” already. Choose another name.") % {"department": self}

    def clean(self) -> None:
        super().clean()
        if self.client_id and self.client.is_individual:
            raise ValidationError(_g("%(client)s is an individual and has no departments.") % {"client": self.client})
        if self.client_id and self.office_id and self.office.client_id != self.client_id:
            raise ValidationError({"office": _g("This office belongs to another client.")})
