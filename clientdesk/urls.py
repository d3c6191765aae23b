"""Every address of ClientDesk, area by area."""

from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = []

handler400 = "clientdesk.errors.bad_request"
handler403 = "clientdesk.errors.forbidden"
handler404 = "clientdesk.errors.not_found"
handler500 = "clientdesk.errors.server_error"
