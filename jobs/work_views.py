"""The tab “Quotes and projects” of a client's profile: the newest of both with their invoices, how many there are, when the first and
the last came (XD1, XD17)."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max, Min, QuerySet
from django.http import HttpRequest, HttpResponse

from clientdesk.views import Screen
from clients.models import Client
from clients.profile import client_of, profile
from jobs.models import Document, Project, Quote

NEWEST = 25


@dataclass(frozen=True)
class Counted:
    """How many records there are, and when the first and the last were added."""

    number: int
    first: datetime | None
    last: datetime | None


def counted(items: QuerySet) -> Counted:
    """Return the count and dates of `items`, in one statement."""
    return Counted(**items.order_by().aggregate(number=Count("pk"), first=Min("created_at"), last=Max("created_at")))


def invoices(client: Client) -> list[Document]:
    """Return the newest invoices of the projects and jobs of `client`, in two statements: each finds its own by an index."""
    sent = Document.objects.filter(kind=Document.Kind.INVOICE).select_related("project", "job").order_by("-created_at", "-pk")
    found = [document for item in ("project", "job") for document in sent.filter(**{f"{item}__client": client})[:NEWEST]]
    return sorted(found, key=lambda document: (document.created_at, document.pk), reverse=True)[:NEWEST]


class ClientWork(Screen):
    """The quotes, projects and invoices of a client."""

    template_name = "jobs/client_work.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        client = client_of(pk, request.user)
        quotes, projects = Quote.objects.filter(client=client), Project.objects.filter(client=client)
        return self.show(
            **profile(client, "work"),
            quotes=list(quotes.select_related("contact").order_by("-created_at", "-pk")[:NEWEST]),
            projects=list(projects.select_related("contact").order_by("-created_at", "-pk")[:NEWEST]),
            invoices=invoices(client),
            of_quotes=counted(quotes),
            of_projects=counted(projects),
        )
