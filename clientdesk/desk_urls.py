"""Addresses of the back office that belong to no single app."""

from django.urls import path

from clientdesk import demo_mails, profile_views
from clientdesk.dashboard import Home

urlpatterns = [
    path("", Home.as_view(), name="home"),
    path("demo-mails/", demo_mails.demo_mails, name="demo_mails"),
    path("search/", profile_views.Search.as_view(), name="search"),
    path("profile/", profile_views.Profile.as_view(), name="profile"),
    path("profile/theme/", profile_views.theme, name="profile_theme"),
]
