"""The places and organisational units of a client: offices and departments."""

from typing import Self

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _
from phonenumber_field.modelfields import PhoneNumberField

from clientdesk.models import Address, Stamped, Versioned
from clientdesk.words import name_key, tidy, tidy_email
from clients.models import Client


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
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("Belongs to"))
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
        self.email = tidy_email(self.email)

    def clean(self) -> None:
        self.fold()
        if self.client_id and self.client.is_individual and not self.is_headquarters:
            raise ValidationError(_g("%(client)s is an individual and has no further offices.") % {"client": self.client})
        if self.client_id and self.parent_id and self.parent.client_id != self.client_id:
            raise ValidationError({"parent": _g("This office belongs to another client.")})

    def save(self, *args, **kwargs) -> None:
        self.fold()
        if kwargs.get("update_fields") is not None:
            kwargs["update_fields"] = {*kwargs["update_fields"], "name_key"}
        super().save(*args, **kwargs)


class DepartmentQuerySet(models.QuerySet["Department"]):
    def active(self) -> Self:
        """Departments that are not deactivated."""
        return self.filter(active=True)


class Department(Versioned, Address, Stamped):
    """An organisational unit of a corporate client, with contact details of its own (C2, C10, decision 4)."""

    client = models.ForeignKey(Client, models.CASCADE, related_name="departments", verbose_name=_("Client"))
    office = models.ForeignKey(Office, models.PROTECT, null=True, blank=True, related_name="departments", verbose_name=_("Office"))
    name = models.CharField(_("Name"), max_length=120)
    name_key = models.CharField(max_length=240, editable=False)
    email = models.EmailField(_("E-mail"), max_length=254, blank=True)
    phone = PhoneNumberField(_("Phone"), blank=True)
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

    def __str__(self) -> str:
        return self.name

    def fold(self) -> None:
        """Bring name and address into their stored form and set the key made from the name."""
        self.name = tidy(self.name)
        self.name_key = name_key(self.name)
        self.email = tidy_email(self.email)

    def clean(self) -> None:
        self.fold()
        if self.client_id and self.client.is_individual:
            raise ValidationError(_g("%(client)s is an individual and has no departments.") % {"client": self.client})
        if self.client_id and self.office_id and self.office.client_id != self.client_id:
            raise ValidationError({"office": _g("This office belongs to another client.")})

    def save(self, *args, **kwargs) -> None:
        self.fold()
        if kwargs.get("update_fields") is not None:
            kwargs["update_fields"] = {*kwargs["update_fields"], "name_key"}
        super().save(*args, **kwargs)
