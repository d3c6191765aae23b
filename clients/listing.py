"""The clients list: its views, filters, sorts and columns (S1, J1, J29, C4)."""

from typing import ClassVar

from django.apps import apps
from django.db.models import Exists, OuterRef, Q, QuerySet, Value
from django.utils.translation import gettext_lazy as _

from clientdesk.countries import country_choices
from clientdesk.lists import Column, ListSpec, Narrowing, Sort
from clientdesk.models import User
from clientdesk.page_keys import Stream
from clientdesk.search import among, judged, just
from clientdesk.search_form import OneOf, SearchForm, SomeOf, TreeOf
from clients.links_in_order import in_order
from clients.merged import ClientWords
from clients.models import Branch, Category, Client, ClientIndustry, CompanyType, Industry, Responsible

ME = "me"


# States of the portal as both lists offer them.
PORTAL_CHOICES = [
    ("active", _("Has a password")),
    ("invited", _("Invited, no password yet")),
    ("not_invited", _("Never invited")),
    ("none", _("Access removed")),
]


class PortalState(SomeOf):
    """What the portal column says of the primary contact, as far as the database can be asked for it cheaply."""

    # Everything but the opening of the client's portal and a locked account, which only the row itself tells.
    NARROWINGS: ClassVar[dict[str, dict[str, object]]] = {
        "active": {"allowed": True, "accepted_at__isnull": False},
        "invited": {"allowed": True, "accepted_at": None, "invited_at__isnull": False},
        "none": {"allowed": False, "invited_at__isnull": False},
    }

    def narrow(self, queryset: QuerySet, value: list[str]) -> QuerySet:
        """Return the clients whose primary contact is in one of the states `value`; a client without contact counts as not invited."""
        if "not_invited" not in value:
            each = Q(Exists(_primary().filter(self._asked(value, "access__"), **just("client_id", "pk"))))
            # A join gives each client once, for it has one primary contact at most.
            joined = Q(contacts__is_primary=True) & self._asked(value, "contacts__access__")
            return queryset.filter(joined) if self.by_index else judged(queryset, each)
        never = ~Exists(_primary().filter(access__invited_at__isnull=False, client=OuterRef("pk")))
        asked = self._asked(value, "access__")
        return queryset.filter(Exists(_primary().filter(asked, **just("client_id", "pk"))) | never if asked else never)

    def _asked(self, value: list[str], path: str = "") -> Q:
        asked = Q()
        for state in value:
            asked |= Q(**{f"{path}{name}": wanted for name, wanted in self.NARROWINGS.get(state, {}).items()})
        return asked


def _primary() -> QuerySet:
    return apps.get_model("contacts", "Contact").objects.order_by().filter(is_primary=True)


class InIndustry(SomeOf):
    """Clients of one of the chosen industries."""

    def stream(self, value: list[str], columns: tuple[str, ...]) -> Stream | None:
        """Return the clients of the industries `value` in the order of names."""
        return in_order([("clients_clientindustry", "client_id", "industry_id", int(pk)) for pk in value], columns)

    def narrow(self, queryset: QuerySet, value: list[str]) -> QuerySet:
        """Return the clients that have one of the industries `value`, each once."""
        found = ClientIndustry.objects.filter(industry__in=value)
        each = Q(Exists(found.filter(**just("client_id", "pk"))))
        return among(queryset, found.values_list("client_id", flat=True), each, self.by_index)


class UnderCareOf(OneOf):
    """Clients that a person is responsible for: as sales person, as project manager or in addition (XD4). “Me” is who looks."""

    def entries(self) -> QuerySet:
        """Return everybody on the staff."""
        people = User.objects.staff().filter(is_active=True).order_by("last_name", "first_name", "pk")
        return people.values_list("pk", "first_name", "last_name", "email", Value(0))

    def ask(self) -> list[tuple[str, str]]:
        """Find out the people who may be chosen: the reader first, then everybody on the staff."""
        people = self.memo.entries(self.name)
        return [
            (ME, str(_("Me"))),
            *((str(pk), str(User(first_name=first, last_name=last, email=email))) for pk, first, last, email, _above in people),
        ]

    def _person(self, value: list[str]) -> int:
        """Return the key of the person that is meant; 0 for nobody."""
        return (self.reader.pk if self.reader else 0) if value[0] == ME else int(value[0])

    def meant(self, value: list[str]) -> list[int]:
        """Return the key of the person."""
        return [self._person(value)]

    def stream(self, value: list[str], columns: tuple[str, ...]) -> Stream | None:
        """Return the clients of the person `value` in the order of names: three lists joined."""
        own = [("clients_client", "id", column, self._person(value)) for column in ("sales_person_id", "project_manager_id")]
        return in_order([*own, ("clients_responsible", "client_id", "user_id", self._person(value))], columns)

    def narrow(self, queryset: QuerySet, value: list[str]) -> QuerySet:
        """Return the clients of the person `value`: three lists joined, each found by its index, or for many each client's own people."""
        person = self._person(value)
        if not person:
            return queryset.none()
        clients = Client.objects.order_by()
        more = Responsible.objects.filter(user=person)
        found = clients.filter(sales_person=person).values_list("pk", flat=True)
        found = found.union(
            clients.filter(project_manager=person).values_list("pk", flat=True), more.values_list("client_id", flat=True), all=True
        ).order_by()
        each = Q(sales_person=person) | Q(project_manager=person) | Q(Exists(more.filter(**just("client_id", "pk"))))
        return among(queryset, found, each, self.by_index)


class WithJobs(OneOf):
    """Clients by the jobs that they wait for."""

    def narrow(self, queryset: QuerySet, value: list[str]) -> QuerySet:
        """Return the clients with jobs to do, with overdue ones, or without any to do."""
        jobs = apps.get_model("jobs", "Job").objects.order_by()
        if value == ["none"]:
            return queryset.filter(~Exists(jobs.unfinished().filter(client=OuterRef("pk"))))
        found = jobs.breached() if value == ["overdue"] else jobs.unfinished()
        each = Q(Exists(found.filter(**just("client_id", "pk"))))
        return among(queryset, found.values_list("client_id", flat=True), each, self.by_index)


class ClientSearch(SearchForm):
    """Name, legal name, number and e-mail as typed words; what a client is, where it belongs and who cares for it as chips."""

    letters = "bctkslipa"

    q = ClientWords(label=_("Name, e-mail or number"))
    kind = SomeOf(label=_("Kind"), column="kind", letter="k", choices=Client.Kind.choices)
    status = SomeOf(label=_("Status"), column="status", letter="s", choices=Client.Status.choices)
    branch = SomeOf(label=_("Branch"), column="branch_id", letter="b", dictionary=Branch)
    category = TreeOf(label=_("Category"), column="category_id", letter="c", tree=Category)
    country = OneOf(label=_("Country"), column="country", letter="l", choices=country_choices)
    type = TreeOf(label=_("Company type"), column="company_type_id", letter="t", tree=CompanyType)
    industry = InIndustry(label=_("Industry"), letter="i", dictionary=Industry)
    portal = PortalState(label=_("Portal"), letter="a", choices=PORTAL_CHOICES)
    person = UnderCareOf(label=_("Responsible person"), letter="p")
    jobs = WithJobs(label=_("Jobs"), choices=[("todo", _("Some to do")), ("overdue", _("Some overdue")), ("none", _("None to do"))])


def _in_use(clients: QuerySet, chosen: dict) -> QuerySet:
    """Deactivated clients are in a list of their own, unless their status is asked for (J1)."""
    return clients if "status" in chosen else clients.exclude(status=Client.Status.INACTIVE)


def _of_status(status: str) -> Narrowing:
    return lambda clients, chosen: clients.filter(status=status)


def _of_kind(kind: str) -> Narrowing:
    return lambda clients, chosen: _in_use(clients, chosen).filter(kind=kind)


CLIENTS = ListSpec(
    page="clients",
    model=Client,
    sorts=(
        Sort("name", ("name_key",), "client_name_once"),
        Sort("number", ("number",), "client_number_once"),
        Sort("status", ("status", "name_key", "id"), "client_by_status"),
        Sort("created", ("created_at", "id"), "client_by_age", down=True),
    ),
    columns=(
        Column(_("Client"), "name", "c-name", name="client", fixed=True),
        Column(_("Number"), "number", "p5 c-short", name="number"),
        Column(_("Kind"), css="p1 c-short", name="kind", standard=False),
        Column(_("Status"), "status", "p1 c-short", name="status"),
        Column(_("Category"), css="p3 c-word", name="category"),
        Column(_("Company type"), css="p1 c-word", name="company_type", standard=False),
        Column(_("Branch"), css="p5 c-word", name="branch"),
        Column(_("Country"), css="p1 c-word", name="country"),
        Column(_("City"), css="p1 c-word", name="city", standard=False),
        Column(_("External ID"), css="p1 c-word", name="external_id", standard=False),
        Column(_("Tax number"), css="p1 c-phone", name="tax_number", standard=False),
        Column(_("Contract number"), css="p1 c-phone", name="contract_number", standard=False),
        Column(_("Lead source"), css="p1 c-word", name="lead_source", standard=False),
        Column(_("Sales person"), css="p1 c-person", name="sales_person", standard=False),
        Column(_("Created"), "created", "p1 c-word", name="created", standard=False),
        Column(_("Primary contact"), css="p2 c-person", name="contact"),
        Column(_("Phone"), css="p4 c-phone", name="phone"),
        Column(_("Portal"), css="c-portal", name="portal"),
        Column(_("Jobs to do"), css="num p4 c-jobs", name="jobs"),
        Column(_("Shortcuts"), css="p1 c-icons", hidden_label=True, name="shortcuts", fixed=True),
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
