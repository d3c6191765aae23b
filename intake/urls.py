"""Addresses of imports, below /import/."""

from django.urls import path

from intake import help_views, history_views, undo_views, views

app_name = "intake"

urlpatterns = [
    path("", views.Upload.as_view(), name="upload"),
    path("template/<slug:kind>.<slug:format>", views.template, name="template"),
    path("sample/<slug:kind>.<slug:format>", views.sample, name="sample"),
    path("history/", history_views.History.as_view(), name="history"),
    path("help/", help_views.Help.as_view(), name="help"),
    path("<int:pk>/", views.run, name="run"),
    path("<int:pk>/review/", views.Review.as_view(), name="review"),
    path("<int:pk>/mode/", views.Mode.as_view(), name="mode"),
    path("<int:pk>/start/", views.start, name="start"),
    path("<int:pk>/progress/", views.Progress.as_view(), name="progress"),
    path("<int:pk>/cancel/", views.cancel, name="cancel"),
    path("<int:pk>/result/", views.Result.as_view(), name="result"),
    path("<int:pk>/undo/", undo_views.Undo.as_view(), name="undo"),
    path("<int:pk>/failed.csv", views.failed, name="failed"),
]
