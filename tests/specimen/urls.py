"""The addresses that the frames name, and the specimen pages."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from tests.specimen.pages import page


def nowhere(request: HttpRequest, **_kwargs) -> HttpResponse:
    """A page that only needs an address."""
    return HttpResponse("<!doctype html><title>Nowhere</title>")


def answer(request: HttpRequest, status: int) -> HttpResponse:
    """An answer of any status: a page that says no."""
    return HttpResponse("<!doctype html><title>No</title><main tabindex=-1><h1>Not allowed for Readers</h1></main>", status=status)


def _area(name: str, *pages: str) -> tuple:
    return include(([path(f"{part}/", nowhere, name=part) for part in pages], name))


urlpatterns = [
    path("specimen/<str:name>/", page, name="specimen"),
    path("answers/<int:status>/", answer),
    path("", nowhere, name="home"),
    path("search/", nowhere, name="search"),
    path("profile/", nowhere, name="profile"),
    path("profile/theme/", nowhere, name="profile_theme"),
    path("account/sign-in/", nowhere, name="account_login"),
    path("account/sign-out/", nowhere, name="account_logout"),
    path("clients/", _area("clients", "list", "add", "choose")),
    path("contacts/", _area("contacts", "list")),
    path("crm/", _area("crm", "list", "add")),
    path("import/", _area("intake", "upload")),
    path("settings/", _area("staff", "list")),
    path("account/", _area("account", "security")),
    path("portal/", _area("portal", "home", "profile", "search")),
]
