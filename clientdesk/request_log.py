"""One line in the log when a request ends, which names the page and never what was typed, searched or secret."""

from django.http import HttpRequest
from django.urls import Resolver404, resolve
from django_structlog.middlewares import RequestMiddleware


class RequestLogMiddleware(RequestMiddleware):
    """Logs requests by their page: a path of ours whose only variables are numbers as it is, any other as its pattern.

    Query strings are never logged (a search is personal data), nor are paths that lead nowhere (anyone can write anything
    into them, and a mistyped one-time link is still a link).
    """

    @staticmethod
    def format_request(request: HttpRequest) -> str:
        method = request.method if request.method in {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"} else "other"
        return f"{method} {page_of(request)}"


def page_of(request: HttpRequest) -> str:
    """Return the name that the log has for the page of `request`: its path or its pattern, or "no page"."""
    try:
        match = request.resolver_match or resolve(request.path_info)
    except Resolver404:
        return "no page"
    captured = [*match.args, *match.kwargs.values()]
    return request.path_info if all(isinstance(value, int) for value in captured) else f"/{match.route}"
