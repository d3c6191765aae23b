"""S7, Home: what waits for the contact, what is worked on, and who helps."""

from collections.abc import Iterable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from contacts.formats import style_of
from jobs.machine import Status
from jobs.models import Document, Job, Project
from portal.doors import missing, needs
from portal.file_views import may_take
from portal.helping import people_of, seller_of
from portal.models import ContactAccess
from portal.quote_views import MOST_WAITING, waiting_for
from portal.rights import Right
from portal.visibility import visible, visible_documents

MORNING, EVENING = 12, 18
# So many projects, jobs and deliverables stand on the page; the lists have the rest.
MOST_PROJECTS, MOST_JOBS, MOST_DELIVERED = 5, 5, 3


@needs()
@require_http_methods(["GET", "HEAD"])
def home(request: HttpRequest) -> HttpResponse:
    """Quotes to decide, projects in progress, the latest jobs, what can be downloaded; only what the contact may view."""
    access = request.access
    contact = access.contact
    waiting = list(waiting_for(access)[:MOST_WAITING])
    projects = list(visible(Project.objects, access).open().order_by("deadline", "-pk")[: MOST_PROJECTS + 1])
    jobs = list(visible(Job.objects, access).select_related("contact").order_by("-pk")[:MOST_JOBS])
    delivered = [(one, may_take(one, access)) for one in _delivered(access)]
    requested = sum(job.status == Status.REQUESTED for job in jobs)
    people = people_of(contact.client)
    shown = {
        "access": access,
        "client_name": access.client_name,
        "branch": contact.client.branch,
        "people": people,
        "seller": seller_of(contact.client, people),
        "greeting": _greeting(contact.first_name or contact.full_name, style_of(contact).now().hour),
        "said": _said(len(waiting) * access.may(Right.QUOTES_DECIDE), len(delivered), requested),
        "waiting": waiting,
        "may_decide": access.may(Right.QUOTES_DECIDE),
        "refused": missing(Right.QUOTES_DECIDE),
        "projects": projects[:MOST_PROJECTS],
        "more_projects": len(projects) > MOST_PROJECTS,
        "jobs": jobs,
        "delivered": delivered,
        "may_ask_quote": access.may(Right.QUOTES_ADD),
        "may_ask_job": access.may(Right.JOBS_ADD),
    }
    return render(request, "portal/home.html", shown)


def _delivered(access: ContactAccess) -> Iterable[Document]:
    files = visible_documents(access).filter(kind=Document.Kind.DELIVERABLE, released_at__isnull=False)
    return files.select_related("project").order_by("-released_at", "-pk")[:MOST_DELIVERED]


def _said(quotes: int, delivered: int, requested: int) -> str:
    """Return the sentence of what waits, or an empty text."""
    parts = [
        (quotes, ngettext("%(count)d quote waits for your decision.", "%(count)d quotes wait for your decision.", quotes)),
        (delivered, ngettext("%(count)d file is ready to download.", "%(count)d files are ready to download.", delivered)),
        (requested, ngettext("We look at %(count)d request of yours.", "We look at %(count)d requests of yours.", requested)),
    ]
    return " ".join(sentence % {"count": count} for count, sentence in parts if count)


def _greeting(name: str, hour: int) -> str:
    if hour < MORNING:
        return _("Good morning, %(name)s") % {"name": name}
    if hour < EVENING:
        return _("Good afternoon, %(name)s") % {"name": name}
    return _("Good evening, %(name)s") % {"name": name}
