"""What the tabs of a client's profile show: lines of label and value, in the order of their forms."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Max, Min, Model
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from clientdesk.countries import country_name
from clients import custom
from clients.models import Client, CustomField


@dataclass(frozen=True)
class Fact:
    """One line: `url` makes the value a link, `field` is the field of the edit form that would fill it, `many` are several values."""

    label: str
    value: object
    field: str = ""
    url: str = ""
    many: tuple["Fact", ...] = ()


def yes_no(value: bool) -> str:
    """Return a box in words."""
    return _("Yes") if value else _("No")


def day(value: object) -> str:
    """Return a day in words, or an empty text."""
    return date_format(value, "DATE_FORMAT") if value else ""


def web(url: str) -> Fact:
    """Return a web address as a link; what is none stays text."""
    safe = url if url.startswith(("http://", "https://")) else ""
    return Fact("", url.partition("://")[2].rstrip("/") if safe else url, url=safe)


def phone(number: object) -> Fact:
    """Return a phone number as a link that dials."""
    shown = getattr(number, "as_international", str(number or ""))
    return Fact("", shown, url=getattr(number, "as_rfc3966", ""))


def mail(address: str, note: str = "") -> Fact:
    """Return an e-mail address as a link."""
    return Fact(note, address, url=f"mailto:{address}")


def work(record: Model) -> list[Fact]:
    """Return how many quotes and projects there are of `record`, a client or a contact, and the days of the first and last ones (X35,
    XD17). They follow from the quotes and projects, nobody types them."""
    quotes, projects = (
        items.aggregate(count=Count("pk"), first=Min("created_at"), last=Max("created_at")) for items in (record.quotes, record.projects)
    )
    return [
        *_counted(quotes, _("Quotes"), _("First quote"), _("Last quote")),
        *_counted(projects, _("Projects"), _("First project"), _("Last project")),
    ]


def _counted(found: dict, *labels: str) -> list[Fact]:
    days = (day(timezone.localtime(found[name])) if found[name] else None for name in ("first", "last"))
    return [Fact(label, value) for label, value in zip(labels, (found["count"], *days), strict=True)]


def address_lines(record: object, prefix: str = "") -> str:
    """Return the postal address of `record` in lines as on an envelope, with its country."""
    street, street2, code, city, province, country = (
        getattr(record, f"{prefix}{name}") for name in ("street", "street2", "postal_code", "city", "province", "country")
    )
    town = ", ".join(part for part in (f"{code} {city}".strip(), province) if part)
    return "\n".join(part for part in (street, street2, town, country_name(country) if country else "") if part)


def key_facts(client: Client) -> list[Fact]:
    """Return the key data of `client` for its overview, blank ones too."""
    town = ", ".join(part for part in (f"{client.postal_code} {client.city}".strip(), client.province) if part)
    address = "\n".join(part for part in (client.street, client.street2, town) if part)
    site, number = web(client.website), phone(client.phone)
    people = [str(person) for person in (client.sales_person, client.project_manager) if person]
    return [
        Fact(_("Main e-mail"), client.email, "email", f"mailto:{client.email}"),
        Fact(_("Phone"), number.value, "phone", number.url),
        Fact(_("Website"), site.value, "website", site.url),
        Fact(_("Address"), address, "street"),
        Fact(_("Country"), country_name(client.country) if client.country else "", "country"),
        Fact(_("Category"), client.category, "category"),
        Fact(_("Company type"), client.company_type, "company_type"),
        *registered(client),
        Fact(_("Tax number"), client.tax_number, "tax_number"),
        Fact(_("External ID"), client.external_id, "external_id"),
        *([Fact(_("Responsible"), "\n".join(dict.fromkeys(people)))] if people else []),
        Fact(_("Client since"), date_format(timezone.localtime(client.created_at), "DATE_FORMAT")),
    ]


def registered(client: Client) -> list[Fact]:
    """Return the company of a corporate client in the registry."""
    company = getattr(client, "company", None)
    return [Fact(_("Company"), company.registered_name, url=company.get_absolute_url())] if company else []


def identification(client: Client, industries: Iterable[object]) -> list[Fact]:
    """Return the identification data of `client` (XD3)."""
    more = tuple(Fact(row.get("kind", ""), row.get("number", "")) for row in client.more_tax_numbers or [])
    return [
        Fact(_("Client number"), client.number),
        Fact(_("Name"), client.name, "name"),
        Fact(_("Legal name"), client.legal_name, "legal_name"),
        Fact(_("Kind"), client.get_kind_display()),
        Fact(_("Status"), client.get_status_display()),
        Fact(_("Branch"), client.branch),
        Fact(_("Category"), client.category, "category"),
        Fact(_("Company type"), client.company_type, "company_type"),
        *registered(client),
        Fact(_("Industries"), ", ".join(map(str, industries)), "industries"),
        Fact(_("Tax number"), client.tax_number, "tax_number"),
        *([Fact(_("More tax numbers"), "", many=more)] if more else []),
        Fact(_("Contract number"), client.contract_number, "contract_number"),
        Fact(_("External ID"), client.external_id, "external_id"),
        *_custom(client, CustomField.Place.IDENTIFICATION),
        Fact(_("Notes"), client.notes, "notes"),
    ]


def sales(client: Client, responsible: Iterable[object]) -> list[Fact]:
    """Return the sales data of `client` (XD4, XD21)."""
    revenue = client.potential_annual_revenue
    return [
        Fact(_("Lead source"), client.lead_source, "lead_source"),
        Fact(_("First contact"), day(client.first_contact_on), "first_contact_on"),
        Fact(
            _("Potential annual revenue"),
            "" if revenue is None else number_format(revenue, 2, force_grouping=True),
            "potential_annual_revenue",
        ),
        Fact(_("Revenue updated"), day(client.potential_annual_revenue_on), "potential_annual_revenue_on"),
        Fact(_("Sales person"), client.sales_person, "sales_person"),
        Fact(_("Project manager"), client.project_manager, "project_manager"),
        Fact(_("Additional people responsible"), "\n".join(map(str, responsible)), "responsible"),
        Fact(_("Only for people responsible"), yes_no(client.restricted_to_responsible)),
        *_custom(client, CustomField.Place.SALES),
        Fact(_("Sales notes"), client.sales_notes, "sales_notes"),
        Fact(_("Budget codes"), client.budget_codes, "budget_codes"),
        Fact(_("Budget code required"), yes_no(client.budget_code_required)),
    ]


def _custom(client: Client, place: str) -> list[Fact]:
    return [Fact(label, words) for label, words in custom.facts(client, client.company_type_id, client.category_id, place)]


def addresses(client: Client) -> list[Fact]:
    """Return the postal addresses of `client` (XD6, XD7)."""
    billing = address_lines(client)
    post = _("Same as the billing address") if client.use_billing_address else address_lines(client, "post_")
    return [
        Fact(_("Billing address"), billing, "street"),
        Fact(_("Correspondence address"), post, "use_billing_address" if client.use_billing_address else "post_street"),
    ]


def reaching(client: Client) -> list[Fact]:
    """Return how `client` is reached (XD5, XD6)."""
    mails, phones = more_mails(client), more_phones(client)
    sites = tuple(web(row.get("url", "")) for row in client.more_websites or [])
    number, mobile, fax, site = phone(client.phone), phone(client.mobile), phone(client.fax), web(client.website)
    return [
        Fact(_("Main e-mail"), client.email, "email", f"mailto:{client.email}"),
        *([Fact(_("More e-mail addresses"), "", many=mails)] if mails else []),
        Fact(_("Copy e-mails to contact persons"), yes_no(client.cc_contact_emails)),
        Fact(_("No CRM e-mails"), yes_no(client.no_crm_emails)),
        Fact(_("Phone"), number.value, "phone", number.url),
        Fact(_("Mobile"), mobile.value, "mobile", mobile.url),
        Fact(_("May be sent text messages"), yes_no(client.sms_enabled)),
        Fact(_("Fax"), fax.value, "fax"),
        *([Fact(_("More phones"), "", many=phones)] if phones else []),
        Fact(_("Website"), site.value, "website", site.url),
        *([Fact(_("More websites"), "", many=sites)] if sites else []),
        *([Fact(_("Account on the client's server"), client.server_account, "server_account")] if client.server_account else []),
    ]


def more_mails(record: object) -> tuple[Fact, ...]:
    """Return the further e-mail addresses of a client or contact."""
    return tuple(mail(row.get("address", ""), _("CC") if row.get("cc") else "") for row in record.more_emails or [])


def more_phones(record: object) -> tuple[Fact, ...]:
    """Return the further phone numbers of a client or contact, each with its note."""
    column = Client._meta.get_field("phone")
    found = ((row.get("note", ""), phone(column.to_python(row.get("number", "")))) for row in record.more_phones or [])
    return tuple(Fact(note, one.value, url=one.url) for note, one in found)
