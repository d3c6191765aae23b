"""What works signed out by a secret in its address, below /account/: the way out of CRM e-mails, a user's calendar."""

from django.urls import path

from contacts.crm import calendar_views, mail_views

app_name = "crm_open"

urlpatterns = [
    path("no-crm-mails/<str:token>/", mail_views.stop, name="stop"),
    path("calendar/<str:token>/clientdesk.ics", calendar_views.calendar, name="calendar"),
]
