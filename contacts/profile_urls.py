"""Addresses of the tabs of a contact's profile, below /contacts/<pk>/."""

from django.urls import path

from contacts import photo_views, profile_views

urlpatterns = [
    path("social/", profile_views.Social.as_view(), name="social"),
    path("social/edit/", profile_views.EditSocial.as_view(), name="edit_social"),
    path("address/", profile_views.MailingAddress.as_view(), name="address"),
    path("address/edit/", profile_views.EditMailingAddress.as_view(), name="edit_address"),
    path("preferences/", profile_views.Preferences.as_view(), name="preferences"),
    path("preferences/edit/", profile_views.EditPreferences.as_view(), name="edit_preferences"),
    path("photo/", photo_views.photo, name="photo"),
    path("photo/change/", photo_views.ChangePhoto.as_view(), name="change_photo"),
    path("photo/remove/", photo_views.RemovePhoto.as_view(), name="remove_photo"),
]
