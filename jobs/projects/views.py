"""One project: new, look at, change, the gestures of its machine (XD26, XD9)."""

from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clientdesk import history
from clientdesk.forms import DeskForm
from clientdesk.models import User
from clientdesk.rights import Right
from clientdesk.views import EditPage, Screen
from clients.models import Client
from jobs.addressees import others_of
from jobs.choosing import ForClient
from jobs.gestures import Asked, ItemGesture
from jobs.item_forms import SureForm
from jobs.models import Document, Project
from jobs.project_machine import ProjectStatus
from jobs.projects.forms import EditProjectForm, NewProjectForm

CHANGES_SHOWN, JOBS_SHOWN = 30, 100


def seen(user: User) -> QuerySet[Project]:
    """Return the projects that `user` may see, each with what its head shows."""
    related = ("client__branch", "office", "department", "contact", "created_by", "quote")
    return Project.objects.visible_to(user).select_related(*related)


class NewProject(ForClient):
    """A new project of the client `?client=7`, without a quote."""

    right = Right.ADD
    form_class = NewProjectForm
    template_name = "jobs/item_add.html"
    kind = "project"
    title = gettext_lazy("New project")

    def why_not(self, client: Client) -> str:
        return "" if client.contacts.active().exists() else "no_contact"

    def filled(self, posted: QueryDict | None, client: Client) -> DeskForm:
        return NewProjectForm(posted, client=client)

    def done_sentence(self, record: Model) -> str:
        return _("%(record)s was opened.") % {"record": record}


class ProjectDetail(Screen):
    """A project: how far it is, its jobs, what is delivered, its files and invoices, and what happened."""

    template_name = "jobs/project_detail.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        project = get_object_or_404(seen(request.user), pk=pk)
        files: dict[str, list[Document]] = {kind: [] for kind in Document.Kind.values}
        for one in project.documents.select_related("created_by"):
            files[one.kind].append(one)
        changes = history.whole_history_of(project)[:CHANGES_SHOWN]
        return self.show(
            project=project,
            files=files,
            jobs=list(project.jobs.select_related("assignee").order_by("-pk")[:JOBS_SHOWN]),
            others=others_of(project),
            entries=history.entries(changes, Project),
        )


class EditProject(EditPage):
    """An open project to be changed."""

    form_class = EditProjectForm
    template_name = "jobs/item_edit.html"

    def queryset(self) -> QuerySet:
        return seen(self.request.user).filter(status=ProjectStatus.OPEN)


_ASKED = {
    "close": Asked(
        SureForm, lambda project, by, found: project.close(), lambda project: _("Its progress becomes 100 %. It can be reopened later.")
    ),
    "cancel": Asked(SureForm, lambda project, by, found: project.cancel(), lambda project: _("Its jobs stay. It can be reopened later.")),
    "reopen": Asked(SureForm, lambda project, by, found: project.reopen(), lambda project: ""),
}


class ProjectGesture(ItemGesture):
    """One step of the machine of projects."""

    asked = _ASKED

    def queryset(self) -> QuerySet:
        return seen(self.request.user)
