"""Addresses of a client's history, below /clients/<pk>/."""

from django.urls import path

from clients import history_views

urlpatterns = [
    path("history/", history_views.ClientHistory.as_view(), name="history"),
    path("history/as-of/", history_views.ClientAsOf.as_view(), name="as_of"),
    path("history/<int:change_pk>/undo/", history_views.UndoChange.as_view(), name="undo_change"),
]
