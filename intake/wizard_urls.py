"""Addresses of the wizard, below /clients/new/."""

from django.urls import path

from intake.wizard import views

app_name = "wizard"

urlpatterns = [
    path("", views.Start.as_view(), name="start"),
    path("companies/", views.Companies.as_view(), name="companies"),
    path("<int:draft>/", views.resume, name="resume"),
    path("<int:draft>/cancel/", views.cancel, name="cancel"),
    path("<int:draft>/done/", views.Done.as_view(), name="done"),
    path("<int:draft>/<slug:step>/", views.StepPage.as_view(), name="step"),
]
