"""The registry of companies: what its list shows, and companies in the search box (decision 6, S20)."""

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from clientdesk.countries import country_choices, country_name
from clientdesk.lists import Column, ListSpec, Sort
from clientdesk.models import User
from clientdesk.questions import terms
from clientdesk.search import Hit, Hits, first
from clientdesk.search_form import OneOf, SearchForm, SomeOf, Words
from clients.models import Company, CompanyType

_WITH, _WITHOUT = "yes", "no"


class _Belongs(OneOf):
    """Whether a company belongs to a client."""

    def narrow(self, queryset: QuerySet, value: list[str]) -> QuerySet:
        """Return the companies with, or without, a client."""
        return queryset.filter(client__isnull=value == [_WITHOUT])


class CompanySearch(SearchForm):
    """Registered name, registration number and tax number as typed words; with or without client, type and country as chips."""

    q = Words(label=_("Name or number"))
    client = _Belongs(label=_("Client"), column="client", choices=[(_WITHOUT, _("Without client")), (_WITH, _("With client"))])
    type = SomeOf(label=_("Company type"), column="company_type_id", dictionary=CompanyType)
    country = OneOf(label=_("Country"), column="country", choices=country_choices)

    def filter(self, queryset: QuerySet, by_index: bool = True) -> QuerySet:
        """Return what the filters leave; where only the registered name may be seen, only that is found (XD33)."""
        found = super().filter(queryset, by_index)
        if "type" in self.chosen or "country" in self.chosen:
            found = found.filter(is_open=True)
        asked = {word for term in terms(self.chosen.get("q", "")) for way in term.ways for word in way}
        for word in sorted(asked):
            found = found.filter(Q(is_open=True) | ~Q(registration_number__icontains=word) & ~Q(tax_number__icontains=word))
        return found


COMPANIES = ListSpec(
    model=Company,
    sorts=(Sort("name", ("name_key", "id"), "company_by_name"),),
    columns=(
        Column(_("Company"), "name"),
        Column(_("Company type"), css="p2"),
        Column(_("Country"), css="p1"),
        Column(_("Registration number"), css="p2"),
        Column(_("Tax number"), css="p3"),
        Column(_("Client"), css="p1"),
    ),
    form=CompanySearch,
)


def companies(text: str, limit: int, user: User) -> Hits:
    """Return up to `limit` companies without client whose words hold all of `text`; those with one are found as clients."""
    known = Company.objects.without_client().select_related("company_type")
    found = list(first(known, text, ("name_key", "id"), limit + 1))
    hits = [Hit(company.registered_name, company.get_absolute_url(), company, facts(company)) for company in found[:limit]]
    more = f"{reverse('companies:list')}?{urlencode({'q': text, 'client': _WITHOUT})}" if len(found) > limit else ""
    return Hits(_g("Companies"), hits, more)


def facts(company: Company) -> list[str]:
    """Return what stands beneath the name of `company` in a list of hits: type, country, numbers."""
    kind = company.company_type.name if company.company_type else ""
    country = country_name(company.country) if company.country else ""
    return [fact for fact in (kind, country, company.registration_number, company.tax_number) if fact]
