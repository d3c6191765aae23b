"""Addresses of contacts: their own below /contacts/, a client's below /clients/."""

from django.urls import include, path

from clientdesk.tables.urls import addresses
from contacts import gestures, move_views, views
from contacts.bulk_views import BulkContacts
from contacts.list_views import ContactList, ExportContacts
from contacts.table import TABLE

app_name = "contacts"

urlpatterns = [
    path("clients/<int:client_pk>/contacts/", views.ContactsOfClient.as_view(), name="of_client"),
    path("clients/<int:client_pk>/contacts/add/", views.AddContact.as_view(), name="add"),
    path("", include("contacts.place_urls")),
    path("contacts/", include(addresses(TABLE, ContactList, ExportContacts, BulkContacts))),
    path("contacts/", include("contacts.duplicate_urls")),
    path("contacts/<int:pk>/", views.ContactDetail.as_view(), name="detail"),
    path("contacts/<int:pk>/edit/", views.EditContact.as_view(), name="edit"),
    path("contacts/<int:pk>/offices/", views.EditOffices.as_view(), name="edit_offices"),
    path("contacts/<int:pk>/", include("contacts.profile_urls")),
    path("contacts/<int:pk>/", include("contacts.personal_urls")),
    path("contacts/<int:pk>/make-primary/", gestures.make_primary, name="make_primary"),
    path("contacts/<int:pk>/move/", move_views.ChooseClient.as_view(), name="move"),
    path("contacts/<int:pk>/move/<int:client_pk>/", move_views.MoveContact.as_view(), name="move_to"),
    path("contacts/<int:pk>/moves/<int:move_pk>/undo/", move_views.undo_move, name="undo_move"),
    path("contacts/<int:pk>/deactivate/", gestures.deactivate, name="deactivate"),
    path("contacts/<int:pk>/restore/", gestures.restore, name="restore"),
]
