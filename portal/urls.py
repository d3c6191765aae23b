"""The pages of the client portal, below /portal/."""

from django.urls import path

from portal import brand_views, views

app_name = "portal"
urlpatterns = [
    path("", views.home, name="home"),
    path("brand.css", brand_views.brand_css, name="brand_css"),
    path("mark/", brand_views.brand_mark, name="brand_mark"),
]
