"""Addresses of CRM: below /crm/, and the tabs of contacts and clients."""

from django.urls import path

from contacts.crm import calendar_views, list_views, mail_views, views

app_name = "crm"

urlpatterns = [
    path("crm/", list_views.MyActions.as_view(), name="list"),
    path("crm/export/", list_views.ExportActions.as_view(), name="export"),
    path("crm/add/", views.AddAction.as_view(), name="add"),
    path("crm/calendar/", calendar_views.CalendarPage.as_view(), name="calendar"),
    path("crm/calendar/address/", calendar_views.FeedPage.as_view(), name="feed"),
    path("crm/calendar/address/new/", calendar_views.new_feed, name="new_feed"),
    path("crm/calendar/address/revoke/", calendar_views.revoke_feed, name="revoke_feed"),
    path("crm/mail/", mail_views.WriteMail.as_view(), name="mail"),
    path("crm/<int:pk>/", views.ActionDetail.as_view(), name="detail"),
    path("crm/<int:pk>/edit/", views.EditAction.as_view(), name="edit"),
    path("crm/<int:pk>/complete/", views.complete, name="complete"),
    path("crm/<int:pk>/postpone/", views.Postpone.as_view(), name="postpone"),
    path("crm/<int:pk>/postpone/undo/", views.bring_forward, name="bring_forward"),
    path("crm/<int:pk>/cancel/", views.cancel, name="cancel"),
    path("crm/<int:pk>/reopen/", views.reopen, name="reopen"),
    path("crm/<int:pk>/event/", calendar_views.one_event, name="event"),
    path("contacts/<int:pk>/crm/", list_views.ActionsOfContact.as_view(), name="of_contact"),
    path("clients/<int:pk>/crm/", list_views.ActionsOfClient.as_view(), name="of_client"),
]
