"""The registry of companies (decision 6): thin records, 1:1 with a corporate client and able to exist before it."""

from typing import TYPE_CHECKING

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from clientdesk.countries import country_choices
from clientdesk.models import Stamped, User, Versioned
from clientdesk.search import just
from clientdesk.words import findable, name_key, tidy
from clients.models.dictionaries import CompanyType
from clients.restricted import seen_by

if TYPE_CHECKING:
    from clients.models.client import Client


def company_search_key(registered_name: str, registration_number: str, tax_number: str) -> str:
    """Return the text in which typed words find a company: the one rule for whoever stores companies."""
    return findable(registered_name, registration_number, tax_number)


class CompanyQuerySet(models.QuerySet["Company"]):
    def without_client(self) -> "CompanyQuerySet":
        """Companies from which a client can still be made (S20)."""
        return self.filter(client=None)

    def open_to(self, user: User) -> "CompanyQuerySet":
        """Companies of which `user` may see more than the registered name: those of no client, or of one that `user` may see (XD33)."""
        return self.filter(models.Q(client=None) | seen_by(user, "client__"))

    def with_openness(self, user: User) -> "CompanyQuerySet":
        """Each company with `is_open`, whether `user` may see more of it than the registered name (XD33)."""
        seen = apps.get_model("clients", "Client").objects.visible_to(user)
        is_open = models.Q(client=None) | models.Q(models.Exists(seen.filter(**just("pk", "client_id"))))
        return self.annotate(is_open=models.ExpressionWrapper(is_open, models.BooleanField()))


class Company(Versioned, Stamped):
    """A company as it is registered. While it belongs to a client, `registered_name`, `company_type`, `country` and `tax_number`
    follow that client's (Client.save keeps them equal), so that there is one truth."""

    FOLLOWS = {"registered_name": "legal_name", "company_type_id": "company_type_id", "country": "country", "tax_number": "tax_number"}

    registered_name = models.CharField(_("Registered name"), max_length=200)
    name_key = models.CharField(max_length=400, editable=False)
    company_type = models.ForeignKey(
        CompanyType, models.PROTECT, null=True, blank=True, related_name="companies", verbose_name=_("Company type")
    )
    country = models.CharField(_("Country of registration"), max_length=2, blank=True, choices=country_choices)
    registration_number = models.CharField(_("Registration number"), max_length=50, blank=True)
    tax_number = models.CharField(_("Tax number"), max_length=30, blank=True)
    client = models.OneToOneField(
        "clients.Client", models.SET_NULL, null=True, blank=True, related_name="company", editable=False, verbose_name=_("Client")
    )
    search_key = models.TextField(editable=False, default="")

    objects = CompanyQuerySet.as_manager()

    class Meta:
        ordering = ["name_key", "id"]
        verbose_name = _("company")
        verbose_name_plural = _("companies")
        constraints = [
            models.UniqueConstraint(
                fields=["name_key", "country"],
                condition=models.Q(client=None),
                name="company_free_once",
                violation_error_message=_("A company of this name and country is in the registry already."),
            ),
        ]
        indexes = [
            models.Index(fields=["name_key", "id"], name="company_by_name"),
            models.Index(fields=["name_key", "id"], condition=models.Q(client=None), name="company_without_client"),
        ]

    def __str__(self) -> str:
        return self.registered_name

    def get_absolute_url(self) -> str:
        return reverse("companies:detail", args=[self.pk])

    @classmethod
    def free_twin(cls, registered_name: str, country: str, but: int | None = None) -> "Company | None":
        """Return the company without client of this name and country, other than `but`, or None."""
        return cls.objects.without_client().filter(name_key=name_key(registered_name)[:400], country=country).exclude(pk=but).first()

    def fold(self) -> None:
        """Bring the name into its stored form and set the keys made from it."""
        self.registered_name = tidy(self.registered_name)
        self.name_key = name_key(self.registered_name)[:400]
        self.registration_number, self.tax_number = tidy(self.registration_number), tidy(self.tax_number)
        self.search_key = company_search_key(self.registered_name, self.registration_number, self.tax_number)

    def clean(self) -> None:
        self.fold()

    def save(self, *args, **kwargs) -> None:
        self.fold()
        if kwargs.get("update_fields") is not None:
            kwargs["update_fields"] = {*kwargs["update_fields"], "name_key", "search_key"}
        super().save(*args, **kwargs)

    def held(self) -> "Company":
        """Return this company as it is now, locked until the transaction ends. Raises ValidationError where it is gone."""
        if found := type(self).objects.select_for_update().filter(pk=self.pk).first():
            return found
        raise ValidationError(_g("%(company)s is in the registry no more.") % {"company": self})

    def follow(self, client: "Client") -> None:
        """Belong to `client` and carry its legal name, type, country and tax number; saved only where something changed.

        Raises ValidationError where the company belongs to another client.
        """
        if self.client_id not in (None, client.pk):
            raise ValidationError(_g("%(company)s belongs to another client already.") % {"company": self})
        before = {"client_id": self.client_id} | {name: getattr(self, name) for name in self.FOLLOWS}
        self.client = client
        for name, source in self.FOLLOWS.items():
            setattr(self, name, getattr(client, source))
        if self._state.adding or any(getattr(self, name) != value for name, value in before.items()):
            self.save()

    def leave(self) -> None:
        """Stay in the registry without a client (invariant 22); where it already holds this company without one, that one stays."""
        twin = type(self).objects.without_client().filter(name_key=self.name_key, country=self.country).exclude(pk=self.pk).exists()
        if twin:
            self.delete()
        else:
            self.client = None
            self.save(update_fields=["client"])
