"""Addresses of imports, below /import/."""

from django.urls import path

from intake import edit_views, help_views, history_views, match_views, mode_views, report_views, tree_page, undo_views, views
from intake.export_views import FOR_EDITING

app_name = "intake"

urlpatterns = [
    path("", views.Upload.as_view(), name="upload"),
    path("template/<slug:kind>.<slug:format>", views.template, name="template"),
    *(path(f"export/{view.kind}/", view.as_view(), name=f"export_{view.kind}") for view in FOR_EDITING),
    path("sample/<slug:kind>.<slug:format>", views.sample, name="sample"),
    path("history/", history_views.History.as_view(), name="history"),
    path("history/export/", history_views.ExportHistory.as_view(), name="export_history"),
    path("help/", help_views.Help.as_view(), name="help"),
    path("<int:pk>/", views.run, name="run"),
    path("<int:pk>/match/", match_views.Match.as_view(), name="match"),
    path("<int:pk>/match/read/", match_views.reread, name="reread"),
    path("<int:pk>/review/", views.Review.as_view(), name="review"),
    path("<int:pk>/tree/", tree_page.Tree.as_view(), name="tree"),
    path("<int:pk>/rows/<int:line>/", edit_views.EditRow.as_view(), name="edit_row"),
    path("<int:pk>/use/", edit_views.use, name="use"),
    path("<int:pk>/values/", edit_views.Values.as_view(), name="values"),
    path("<int:pk>/mode/", mode_views.Mode.as_view(), name="mode"),
    path("<int:pk>/start/", mode_views.start, name="start"),
    path("<int:pk>/progress/", views.Progress.as_view(), name="progress"),
    path("<int:pk>/cancel/", views.cancel, name="cancel"),
    path("<int:pk>/result/", views.Result.as_view(), name="result"),
    path("<int:pk>/errors/", report_views.ErrorBook.as_view(), name="error_book"),
    path("<int:pk>/errors.xlsx", report_views.errors, name="errors"),
    path("<int:pk>/undo/", undo_views.Undo.as_view(), name="undo"),
    path("<int:pk>/failed.csv", views.failed, name="failed"),
]
