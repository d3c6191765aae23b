"""Addresses of projects, below /projects/."""

from django.urls import include, path

from clientdesk.tables.urls import addresses
from jobs.file_views import AddFile
from jobs.files import Kind
from jobs.models import Project
from jobs.project_machine import GESTURES
from jobs.projects import views
from jobs.projects.list_views import ExportProjects, ProjectList
from jobs.projects.table import TABLE

app_name = "projects"

urlpatterns = [
    path("", include(addresses(TABLE, ProjectList, ExportProjects))),
    path("add/", views.NewProject.as_view(), name="add"),
    path("<int:pk>/", views.ProjectDetail.as_view(), name="detail"),
    path("<int:pk>/edit/", views.EditProject.as_view(), name="edit"),
    path("<int:pk>/files/add/", AddFile.as_view(model=Project), name="add_file"),
    path("<int:pk>/deliverables/add/", AddFile.as_view(model=Project, kind=Kind.DELIVERABLE), name="add_deliverable"),
    path("<int:pk>/invoices/add/", AddFile.as_view(model=Project, kind=Kind.INVOICE), name="add_invoice"),
    *(path(f"<int:pk>/{gesture.slug}/", views.ProjectGesture.as_view(gesture=name), name=name) for name, gesture in GESTURES.items()),
]
