"""The registry of companies as a file; of a company whose client is not for this user only the registered name (XD33)."""

from collections.abc import Callable

from django.utils.translation import gettext_lazy as _

from clientdesk.countries import country_name
from clientdesk.tables.plain import FileColumn, FileOf
from clients.models import Company


def _if_open(value: Callable[[Company], object]) -> Callable[[Company], object]:
    return lambda company: value(company) if company.is_open else ""


COMPANIES_FILE = FileOf(
    "companies:export",
    "companies",
    _("Companies"),
    (
        FileColumn("company", _("Company"), lambda company: company.registered_name),
        FileColumn("type", _("Company type"), _if_open(lambda company: company.company_type and company.company_type.name)),
        FileColumn("country", _("Country"), _if_open(lambda company: company.country and country_name(company.country))),
        FileColumn("registration_number", _("Registration number"), _if_open(lambda company: company.registration_number)),
        FileColumn("tax_number", _("Tax number"), _if_open(lambda company: company.tax_number)),
        FileColumn("client", _("Client"), _if_open(lambda company: company.client and company.client.name)),
    ),
)
