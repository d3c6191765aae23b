"""Settings, Staff users, below /settings/staff/."""

from django.urls import path

from clientdesk import staff_views

app_name = "staff"
urlpatterns = [
    path("", staff_views.StaffList.as_view(), name="list"),
    path("add/", staff_views.AddStaff.as_view(), name="add"),
    path("<int:pk>/edit/", staff_views.EditStaff.as_view(), name="edit"),
    path("<int:pk>/invite/", staff_views.invite, name="invite"),
    path("<int:pk>/withdraw-address/", staff_views.withdraw_address, name="withdraw_address"),
    path("<int:pk>/remove-second-factor/", staff_views.remove_factors, name="remove_factors"),
    path("<int:pk>/deactivate/", staff_views.deactivate, name="deactivate"),
    path("<int:pk>/restore/", staff_views.restore, name="restore"),
]
