"""Every address of ClientDesk, area by area."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("clientdesk.desk_urls")),
    path("account/", include("clientdesk.account_urls")),
    # What works signed out, by a secret in its address.
    path("account/", include("contacts.crm.open_urls")),
    path("account/", include("clients.front_urls")),
    path("settings/staff/", include("clientdesk.staff_urls")),
    path("portal/", include("portal.urls")),
    path("", include("portal.staff_urls")),
    path("clients/new/", include("intake.wizard_urls")),
    path("clients/", include("clients.urls")),
    path("companies/", include("clients.company_urls")),
    path("", include("contacts.urls")),
    path("", include("contacts.crm.urls")),
    path("", include("jobs.urls")),
    path("quotes/", include("jobs.quotes.urls")),
    path("projects/", include("jobs.projects.urls")),
    path("reports/jobs/", include("jobs.report.urls")),
    path("import/", include("intake.urls")),
    # Last: it takes every further word below /settings/ for the name of a list.
    path("settings/", include("clients.settings_urls")),
]

handler400 = "clientdesk.errors.bad_request"
handler403 = "clientdesk.errors.forbidden"
handler404 = "clientdesk.errors.not_found"
handler500 = "clientdesk.errors.server_error"
