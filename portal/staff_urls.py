"""What staff do about a contact's access; the addresses read on from those of contacts and clients."""

from django.urls import path

from portal import staff_user_views, staff_views

app_name = "access"
urlpatterns = [
    path("contacts/<int:pk>/invite/", staff_views.invite, name="invite"),
    path("contacts/<int:pk>/send-reset/", staff_views.send_reset, name="send_reset"),
    path("settings/portal-users/", staff_user_views.PortalUsers.as_view(), name="portal_users"),
    path("settings/portal-users/export/", staff_user_views.ExportPortalUsers.as_view(), name="export_portal_users"),
    path("clients/<int:pk>/invite/", staff_views.invite_primary, name="invite_primary"),
]
