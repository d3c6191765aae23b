"""Addresses of quotes, below /quotes/."""

from django.urls import include, path

from clientdesk.tables.urls import addresses
from jobs.file_views import AddFile
from jobs.models import Quote
from jobs.quote_machine import GESTURES
from jobs.quotes import views
from jobs.quotes.list_views import ExportQuotes, QuoteList
from jobs.quotes.table import TABLE

app_name = "quotes"

urlpatterns = [
    path("", include(addresses(TABLE, QuoteList, ExportQuotes))),
    path("add/", views.NewQuote.as_view(), name="add"),
    path("<int:pk>/", views.QuoteDetail.as_view(), name="detail"),
    path("<int:pk>/edit/", views.EditQuote.as_view(), name="edit"),
    path("<int:pk>/pdf/", views.pdf, name="pdf"),
    path("<int:pk>/files/add/", AddFile.as_view(model=Quote), name="add_file"),
    *(
        path(f"<int:pk>/{gesture.slug}/", views.QuoteGesture.as_view(gesture=name), name=name)
        for name, gesture in GESTURES.items()
        if not gesture.theirs
    ),
]
