"""Custom fields (XD23): what a company asks about its clients and contacts beyond the built-in fields."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from clientdesk.models import Versioned
from clientdesk.words import name_key, tidy
from clients.models.dictionaries import Category, CompanyType


class CustomFieldQuerySet(models.QuerySet["CustomField"]):
    def of(self, entity: str) -> "CustomFieldQuerySet":
        """The fields in use of `entity`, in their order."""
        return self.filter(entity=entity, active=True).order_by("position", "label_key", "id")


class CustomField(Versioned):
    """One custom field. Values live in the JSON column `custom` of the record, by `key`, in the form that clients/custom.py gives them.

    With a company type or a category (or one beneath it) the field is only asked of clients that have it; of a contact the
    client's count. `key` never changes, so that values, imports and exports stay valid when the label does.
    """

    class Entity(models.TextChoices):
        CLIENT = "client", _("Client")
        CONTACT = "contact", _("Contact")

    class Kind(models.TextChoices):
        CHECKBOX = "checkbox", _("Checkbox")
        DATE = "date", _("Date")
        MOMENT = "moment", _("Date and time")
        NUMBER = "number", _("Number")
        TEXT = "text", _("Text")
        CHOICE = "choice", _("Selection")
        CHOICES = "choices", _("Multiple selection")

    class Place(models.TextChoices):
        IDENTIFICATION = "identification", _("Identification data")
        SALES = "sales", _("Sales data")

    entity = models.CharField(_("Asked of"), max_length=10, choices=Entity)
    key = models.SlugField(_("Key"), max_length=40, editable=False)
    label = models.CharField(_("Label"), max_length=60)
    label_key = models.CharField(max_length=120, editable=False)
    kind = models.CharField(_("Kind of field"), max_length=10, choices=Kind, default=Kind.TEXT)
    options = models.JSONField(_("Options"), default=list, blank=True)
    place = models.CharField(_("Place"), max_length=20, choices=Place, default=Place.IDENTIFICATION)
    help_text = models.CharField(_("Help text"), max_length=200, blank=True)
    required = models.BooleanField(_("Required"), default=False)
    company_type = models.ForeignKey(
        CompanyType, models.PROTECT, null=True, blank=True, related_name="custom_fields", verbose_name=_("Only for company type")
    )
    category = models.ForeignKey(
        Category, models.PROTECT, null=True, blank=True, related_name="custom_fields", verbose_name=_("Only for category")
    )
    visible_in_portal = models.BooleanField(_("Visible in the client portal"), default=False)
    active = models.BooleanField(_("Active"), default=True)
    position = models.PositiveIntegerField(_("Order"), default=0)

    objects = CustomFieldQuerySet.as_manager()

    class Meta:
        ordering = ["entity", "position", "label_key", "id"]
        verbose_name = _("custom field")
        verbose_name_plural = _("custom fields")
        constraints = [
            models.UniqueConstraint(fields=["entity", "key"], name="customfield_key_once"),
            models.UniqueConstraint(
                fields=["entity", "label_key"], name="customfield_label_once", violation_error_message=_("This label exists already.")
            ),
        ]

    def __str__(self) -> str:
        return self.label

    def clean(self) -> None:
        self.label = tidy(self.label)
        self.label_key = name_key(self.label)

    def save(self, *args, **kwargs) -> None:
        self.label_key = name_key(self.label)
        super().save(*args, **kwargs)
