"""The frame of a client's profile: header card and tabs, the same on every tab, whichever app serves it."""

from dataclasses import dataclass

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from clientdesk.countries import country_name
from clientdesk.models import User
from clients.models import Client


@dataclass(frozen=True)
class Tab:
    """One tab of a profile: a link."""

    label: str
    url: str
    current: bool
    count: int | None = None


@dataclass(frozen=True)
class Fact:
    """One line of the key data: `url` makes the value a link, `field` is the field of the edit form that would fill it."""

    label: str
    value: object
    field: str = ""
    url: str = ""


def key_facts(client: Client) -> list[Fact]:
    """Return the key data of `client` for its overview, blank ones too."""
    town = ", ".join(part for part in (f"{client.postal_code} {client.city}".strip(), client.province) if part)
    address = "\n".join(part for part in (client.street, client.street2, town) if part)
    web = client.website if client.website.startswith(("http://", "https://")) else ""
    phone = getattr(client.phone, "as_international", str(client.phone or ""))
    return [
        Fact(_("Main e-mail"), client.email, "email", f"mailto:{client.email}"),
        Fact(_("Phone"), phone, "phone"),
        Fact(_("Website"), client.website.partition("://")[2].rstrip("/") if web else client.website, "website", web),
        Fact(_("Address"), address, "street"),
        Fact(_("Country"), country_name(client.country) if client.country else "", "country"),
        Fact(_("Category"), client.category, "category"),
        Fact(_("Company type"), client.company_type, "company_type"),
        *_registered(client),
        Fact(_("Tax number"), client.tax_number, "tax_number"),
        Fact(_("External ID"), client.external_id, "external_id"),
        Fact(_("Client since"), date_format(timezone.localtime(client.created_at), "DATE_FORMAT")),
    ]


def _registered(client: Client) -> list[Fact]:
    company = getattr(client, "company", None)
    return [Fact(_("Company"), company.registered_name, url=company.get_absolute_url())] if company else []


def client_of(pk: int, user: User) -> Client:
    """Return the client with branch, category, company type, company and `contact_count`, in one statement.

    Raises Http404 for an unknown one and for one that `user` may not see (XD33).
    """
    seen = Client.objects.visible_to(user)
    return get_object_or_404(seen.select_related("branch", "category", "company_type", "company").with_contact_count(), pk=pk)


def profile(client: Client, tab: str) -> dict[str, object]:
    """Return what every tab of the profile of `client` (from `client_of`) shows; `tab` names the current one."""
    tabs = [
        Tab(_("Overview"), reverse("clients:detail", args=[client.pk]), tab == "overview"),
        Tab(_("Contact persons"), reverse("contacts:of_client", args=[client.pk]), tab == "contacts", client.contact_count),
        Tab(_("History"), reverse("clients:history", args=[client.pk]), tab == "history"),
    ]
    return {"client": client, "tabs": tabs}
