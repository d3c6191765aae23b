"""The brand of the headquarters, seen signed out, below /account/."""

from django.urls import path

from clients import brand_views

app_name = "front"
urlpatterns = [
    path("brand.css", brand_views.front_css, name="brand_css"),
    path("mark/", brand_views.front_mark, name="brand_mark"),
]
