"""Addresses of clients, below /clients/."""

from django.urls import include, path

from clients import list_views, views

app_name = "clients"

urlpatterns = [
    path("", list_views.ClientList.as_view(), name="list"),
    path("add/", list_views.AddClient.as_view(), name="add"),
    path("similar/", list_views.SimilarClients.as_view(), name="similar"),
    path("<int:pk>/", views.ClientOverview.as_view(), name="detail"),
    path("<int:pk>/", include("clients.history_urls")),
    path("<int:pk>/edit/", views.EditClient.as_view(), name="edit"),
    path("<int:pk>/deactivate/", views.deactivate, name="deactivate"),
    path("<int:pk>/restore/", views.restore, name="restore"),
]
