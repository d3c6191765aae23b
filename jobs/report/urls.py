"""Addresses of the Job Queries report, below /reports/jobs/."""

from clientdesk.tables.urls import addresses
from jobs.report.table import TABLE
from jobs.report.views import ExportReport, JobReport

app_name = "job_report"

urlpatterns = addresses(TABLE, JobReport, ExportReport)
