"""Addresses of jobs: below /jobs/, the tab SLA of a client, SLA times and business hours of the settings."""

from django.urls import include, path

from clientdesk.tables.urls import addresses
from jobs import calendar_views, file_views, sla_views, views, work_urls, work_views
from jobs.bulk_views import BulkJobs
from jobs.client_choice import FindClient
from jobs.files import Kind
from jobs.list_views import ExportJobs, JobList
from jobs.machine import GESTURES
from jobs.models import Job
from jobs.table import TABLE

app_name = "jobs"

urlpatterns = [
    path("jobs/", include(addresses(TABLE, JobList, ExportJobs, BulkJobs))),
    path("jobs/clients/", FindClient.as_view(), name="find_client"),
    path("jobs/add/", views.LogJob.as_view(), name="add"),
    path("jobs/<int:pk>/", views.JobDetail.as_view(), name="detail"),
    path("jobs/<int:pk>/edit/", views.EditJob.as_view(), name="edit"),
    *(path(f"jobs/<int:pk>/{name.replace('_', '-')}/", views.Gesture.as_view(gesture=name), name=name) for name in GESTURES),
    *work_urls.urlpatterns,
    path("jobs/<int:pk>/files/add/", file_views.AddFile.as_view(model=Job), name="add_file"),
    path("jobs/<int:pk>/invoices/add/", file_views.AddFile.as_view(model=Job, kind=Kind.INVOICE), name="add_invoice"),
    path("files/<int:pk>/", file_views.download, name="file"),
    path("files/<int:pk>/publish/", file_views.publish, name="publish_file"),
    path("files/<int:pk>/release/", file_views.SendFile.as_view(kind=Kind.DELIVERABLE), name="release_file"),
    path("files/<int:pk>/send/", file_views.SendFile.as_view(kind=Kind.INVOICE), name="send_file"),
    path("files/<int:pk>/remove/", file_views.remove, name="remove_file"),
    path("clients/<int:pk>/work/", work_views.ClientWork.as_view(), name="client_work"),
    path("clients/<int:pk>/sla/", sla_views.ClientTimes.as_view(), name="client_times"),
    path("clients/<int:pk>/sla/edit/", sla_views.EditClientTimes.as_view(), name="edit_client_times"),
    path("settings/sla/", sla_views.SystemTimes.as_view(), name="system_times"),
    path("settings/business-hours/", calendar_views.Calendars.as_view(), name="calendars"),
    path("settings/business-hours/<int:pk>/edit/", calendar_views.EditCalendar.as_view(), name="edit_calendar"),
    path("settings/business-hours/<int:pk>/remove/", calendar_views.remove_calendar, name="remove_calendar"),
]
