"""What staff do about a contact's access; the addresses read on from those of contacts and clients."""

from django.urls import path

from portal import staff_views

app_name = "access"
urlpatterns = [
    path("contacts/<int:pk>/invite/", staff_views.invite, name="invite"),
    path("contacts/<int:pk>/send-reset/", staff_views.send_reset, name="send_reset"),
    path("clients/<int:pk>/invite/", staff_views.invite_primary, name="invite_primary"),
]
