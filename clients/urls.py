"""Addresses of clients, below /clients/."""

from django.urls import include, path

from clients import views

app_name = "clients"

urlpatterns = [
    path("", include("clients.list_urls")),
    path("", include("clients.duplicate_urls")),
    path("<int:pk>/", views.ClientOverview.as_view(), name="detail"),
    path("<int:pk>/", include("clients.history_urls")),
    path("<int:pk>/", include("clients.personal_urls")),
    path("<int:pk>/", include("clients.profile_urls")),
    path("<int:pk>/edit/", views.EditClient.as_view(), name="edit"),
    path("<int:pk>/deactivate/", views.deactivate, name="deactivate"),
    path("<int:pk>/restore/", views.restore, name="restore"),
]
