"""Projects in the portal: the list, one of them, and what was delivered (XD29)."""

from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from clientdesk.lists import Listing
from jobs.models import Document, Job, Project, Quote
from jobs.models.project import ProjectContact
from portal import archives
from portal.doors import check, needs
from portal.helping import people_of
from portal.listing import PROJECTS
from portal.models import ContactAccess
from portal.own_files import may_change
from portal.pages import PortalList
from portal.review_views import MOST_AWAITING, awaiting
from portal.rights import Right
from portal.visibility import visible, visible_documents

# So many jobs of a project stand on its page.
MOST_JOBS = 50
# Either lets a contact take what was delivered.
TAKE_DELIVERABLES = (Right.PROJECTS_DOWNLOAD, Right.FILES_DOWNLOAD)


def with_people(projects: QuerySet[Project], access: ContactAccess) -> QuerySet[Project]:
    """Return `projects`, which the contact of `access` sees, with whom they name: the contact person, and in `named` the rows of the
    additional ones, by name, whoever belongs to another client left out. One more statement for all of them."""
    links = ProjectContact.objects.filter(contact__client__in=[access.contact.client_id]).select_related("contact")
    named = Prefetch("project_contacts", links.order_by("contact__sort_key", "pk"), to_attr="named")
    return projects.select_related("contact", "office").prefetch_related(named)


@needs(Right.PROJECTS_VIEW)
class Projects(PortalList):
    """The projects of the contact: those that await its feedback always on top, then those in progress, the others behind their tabs."""

    spec = PROJECTS
    template_name = "portal/projects.html"

    def seen(self) -> QuerySet:
        return visible(Project.objects, self.access)

    def with_details(self, queryset: QuerySet) -> QuerySet:
        return with_people(queryset, self.access)

    def count_sentence(self, count: int, text: str) -> str:
        return ngettext("%(count)s project", "%(count)s projects", count) % {"count": text}

    def list_context(self, listing: Listing) -> dict[str, object]:
        return {"awaiting": list(with_people(awaiting(self.access), self.access)[:MOST_AWAITING]) if self.is_first(listing) else []}


def _project(request: HttpRequest, pk: int) -> Project:
    seen = with_people(visible(Project.objects, request.access), request.access)
    return get_object_or_404(seen.select_related("department"), pk=pk)


@needs(Right.PROJECTS_VIEW)
@require_http_methods(["GET", "HEAD"])
def project(request: HttpRequest, pk: int) -> HttpResponse:
    """One project: how far it is, what was delivered, its files, and those of its jobs that the contact sees."""
    found, access = _project(request, pk), request.access
    files = list(visible_documents(access).filter(project=found))
    delivered = [one for one in files if one.kind == Document.Kind.DELIVERABLE]
    jobs = list(visible(Job.objects, access).filter(project=found).order_by("-pk")[: MOST_JOBS + 1])
    shown = {
        "project": found,
        "delivered": delivered,
        "files": [one for one in files if one.kind != Document.Kind.DELIVERABLE],
        "jobs": jobs[:MOST_JOBS],
        "more_jobs": len(jobs) > MOST_JOBS,
        "quote": visible(Quote.objects, access).filter(pk=found.quote_id).first() if found.quote_id else None,
        "people": people_of(access.contact.client),
        "may_take": any(access.may(right) for right in TAKE_DELIVERABLES),
        "may_download": access.may(Right.FILES_DOWNLOAD),
        "may_add_files": access.may(Right.FILES_ADD) and found.status == "open",
        "may_change_files": may_change(found, access),
    }
    return render(request, "portal/project.html", shown)


@needs(Right.PROJECTS_VIEW)
@require_http_methods(["GET", "HEAD"])
def deliverables(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Everything that was delivered for a project as one ZIP file, streamed (XD29)."""
    found = _project(request, pk)
    check(request.access, *TAKE_DELIVERABLES)
    files = visible_documents(request.access).filter(project=found, kind=Document.Kind.DELIVERABLE).order_by("pk")
    return archives.serve(list(files), f"{found.number}.zip")
