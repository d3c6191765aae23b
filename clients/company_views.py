"""Staff pages of the registry of companies: list, Add company, profile, edit (decision 6, S19, S20)."""

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import ngettext

from clientdesk import history
from clientdesk.lists import Listing
from clientdesk.rights import Right
from clientdesk.search import first, words
from clientdesk.tables.plain import ListFile
from clientdesk.views import CreatePage, EditPage, ListPage, Screen
from clients.companies import COMPANIES
from clients.company_files import COMPANIES_FILE
from clients.company_forms import CompanyForm
from clients.models import Company

SHORTEST_NAME, MOST_SIMILAR, CHANGES_ON_PROFILE = 3, 5, 10


class CompanyList(ListPage):
    """All companies, with and without a client; of those whose client is not for this user only the registered name (XD33)."""

    spec = COMPANIES
    template_name = "companies/company_list.html"

    def queryset(self) -> QuerySet:
        return Company.objects.with_openness(self.request.user)

    def with_details(self, queryset: QuerySet) -> QuerySet:
        return queryset.select_related("company_type", "client").only(
            "registered_name",
            "name_key",
            "country",
            "registration_number",
            "tax_number",
            "company_type__name",
            "client__name",
            "client__kind",
        )

    def count_sentence(self, count: int, text: str) -> str:
        return ngettext("%(count)s company", "%(count)s companies", count) % {"count": text}

    def list_context(self, listing: Listing) -> dict[str, object]:
        return {"file": COMPANIES_FILE.offered(listing)}


class ExportCompanies(ListFile, CompanyList):
    """The companies of the list as a file."""

    file = COMPANIES_FILE


class AddCompany(CreatePage):
    """A company that is no client yet."""

    form_class = CompanyForm
    template_name = "companies/company_add.html"


class SimilarCompanies(Screen):
    """The companies whose name holds what is being typed, for Add company."""

    right = Right.ADD
    template_name = "companies/company_similar.html"
    part = "similar"

    def get(self, request: HttpRequest) -> HttpResponse:
        typed = (request.GET.get("registered_name") or request.GET.get("q", ""))[:200].replace("\x00", " ")
        found: list[Company] = []
        if len("".join(words(typed))) >= SHORTEST_NAME:
            known = Company.objects.with_openness(request.user).filter(is_open=True).select_related("client")
            found = list(first(known, typed, ("name_key", "id"), MOST_SIMILAR))
        return self.show(similar=found)


class CompanyDetail(Screen):
    """One company: what is registered, its client or the way to make one, what changed."""

    template_name = "companies/company_detail.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        company = get_object_or_404(Company.objects.with_openness(request.user).select_related("company_type", "client"), pk=pk)
        changes = history.changes_of(company)[:CHANGES_ON_PROFILE] if company.is_open else []
        return self.show(company=company, entries=history.entries(changes, Company))


class EditCompany(EditPage):
    """Every detail of a company; while it belongs to a client, only its own ones (S19)."""

    form_class = CompanyForm
    template_name = "companies/company_edit.html"

    def queryset(self) -> QuerySet:
        return Company.objects.open_to(self.request.user).select_related("client")
