"""The clients list: its views, filters, sorts and columns (S1, J1, J29, C4)."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from clientdesk.countries import country_choices
from clientdesk.lists import Column, ListSpec, Narrowing, Sort
from clientdesk.search_form import OneOf, SearchForm, SomeOf, Words
from clients.models import Branch, Category, Client


class ClientSearch(SearchForm):
    """Name, legal name, number and e-mail as typed words; kind, status, branch, category and country as chips."""

    q = Words(label=_("Name, e-mail or number"))
    kind = SomeOf(label=_("Kind"), column="kind", choices=Client.Kind.choices)
    status = SomeOf(label=_("Status"), column="status", choices=Client.Status.choices)
    branch = SomeOf(label=_("Branch"), column="branch_id", choices=lambda: Branch.objects.values_list("pk", "name"))
    category = SomeOf(label=_("Category"), column="category_id", choices=lambda: Category.objects.values_list("pk", "name"))
    country = OneOf(label=_("Country"), column="country", choices=country_choices)


def _in_use(clients: QuerySet, chosen: dict) -> QuerySet:
    """Deactivated clients are in a list of their own, unless their status is asked for (J1)."""
    return clients if "status" in chosen else clients.exclude(status=Client.Status.INACTIVE)


def _of_status(status: str) -> Narrowing:
    return lambda clients, chosen: clients.filter(status=status)


def _of_kind(kind: str) -> Narrowing:
    return lambda clients, chosen: _in_use(clients, chosen).filter(kind=kind)


CLIENTS = ListSpec(
    model=Client,
    sorts=(
        Sort("name", ("name_key",), "client_name_once"),
        Sort("number", ("number",), "client_number_once"),
        Sort("status", ("status", "name_key", "id"), "client_by_status"),
    ),
    columns=(
        Column(_("Client"), "name"),
        Column(_("Number"), "number", "p5 c-short"),
        Column(_("Status"), "status", "p1 c-short"),
        Column(_("Category"), css="p3 c-word"),
        Column(_("Branch"), css="p3 c-word"),
        Column(_("Country"), css="p1 c-word"),
        Column(_("Primary contact"), css="p2"),
        Column(_("Phone"), css="p4 c-phone"),
        Column(_("Portal"), css="c-portal"),
        Column(_("Shortcuts"), css="p1 c-icon", hidden_label=True),
    ),
    form=ClientSearch,
    views={
        "all": (_("All"), _in_use),
        "active": (_("Active"), _of_status(Client.Status.ACTIVE)),
        "corporate": (_("Corporate"), _of_kind(Client.Kind.CORPORATE)),
        "individual": (_("Individual"), _of_kind(Client.Kind.INDIVIDUAL)),
        "potential": (_("Potential"), _of_status(Client.Status.POTENTIAL)),
        "not-invited": (_("Not yet invited"), lambda clients, chosen: clients.not_invited()),
        "inactive": (_("Inactive"), _of_status(Client.Status.INACTIVE)),
    },
)
