"""Settings, below /settings/."""

from django.urls import path

from clients import brand_views, custom_views, logo_views, settings_views

app_name = "settings"
urlpatterns = [
    path("", settings_views.Settings.as_view(), name="index"),
    path("custom-fields/", custom_views.CustomFields.as_view(), name="custom_fields"),
    path("custom-fields/add/", custom_views.AddCustomField.as_view(), name="add_custom_field"),
    path("custom-fields/<int:pk>/edit/", custom_views.EditCustomField.as_view(), name="edit_custom_field"),
    path("custom-fields/<int:pk>/deactivate/", custom_views.deactivate, name="deactivate_custom_field"),
    path("custom-fields/<int:pk>/restore/", custom_views.restore, name="restore_custom_field"),
    path("custom-fields/<int:pk>/move/", custom_views.move, name="move_custom_field"),
    path("custom-fields/<int:pk>/delete/", custom_views.DeleteCustomField.as_view(), name="delete_custom_field"),
    path("branches/brand.css", brand_views.preview_css, name="brand_css"),
    path("branches/<int:pk>/logo/", logo_views.logo, name="logo"),
    path("branches/<int:pk>/logo/change/", logo_views.ChangeLogo.as_view(), name="change_logo"),
    path("branches/<int:pk>/logo/remove/", logo_views.remove_logo, name="remove_logo"),
    path("<slug:name>/", settings_views.EntryList.as_view(), name="list"),
    path("<slug:name>/add/", settings_views.AddEntry.as_view(), name="add"),
    path("<slug:name>/<int:pk>/edit/", settings_views.EditEntry.as_view(), name="edit"),
    path("<slug:name>/<int:pk>/deactivate/", settings_views.deactivate, name="deactivate"),
    path("<slug:name>/<int:pk>/restore/", settings_views.restore, name="restore"),
    path("<slug:name>/<int:pk>/move/", settings_views.move, name="move"),
    path("<slug:name>/<int:pk>/delete/", settings_views.DeleteEntry.as_view(), name="delete"),
]
