"""Addresses of the back office that belong to no single app."""

from django.urls import path

from clientdesk import profile_views

urlpatterns = [
    path("", profile_views.home, name="home"),
    path("search/", profile_views.Search.as_view(), name="search"),
    path("profile/", profile_views.Profile.as_view(), name="profile"),
    path("profile/theme/", profile_views.theme, name="profile_theme"),
]
