"""Addresses of the tabs of a client's profile, below /clients/<pk>/."""

from django.urls import path

from clients import file_views, profile_views

urlpatterns = [
    path("identification/", profile_views.Identification.as_view(), name="identification"),
    path("identification/edit/", profile_views.EditIdentification.as_view(), name="edit_identification"),
    path("addresses/", profile_views.Addresses.as_view(), name="addresses"),
    path("addresses/edit/", profile_views.EditAddresses.as_view(), name="edit_addresses"),
    path("preferences/", profile_views.Preferences.as_view(), name="preferences"),
    path("preferences/edit/", profile_views.EditPreferences.as_view(), name="edit_preferences"),
    path("photo/", file_views.photo, name="photo"),
    path("photo/change/", file_views.ChangePhoto.as_view(), name="change_photo"),
    path("photo/remove/", file_views.RemovePhoto.as_view(), name="remove_photo"),
    path("documents/", file_views.Documents.as_view(), name="documents"),
    path("documents/add/", file_views.AddDocument.as_view(), name="add_document"),
    path("documents/<int:document_pk>/", file_views.document, name="document"),
    path("documents/<int:document_pk>/remove/", file_views.remove_document, name="remove_document"),
]
