"""The error pages: 400, 403, 404, 405, 413, 500, each in the frame of who asked, so that no staff link reaches a client."""

import structlog
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.formats import number_format
from django.utils.translation import gettext as _


def _frame(request: HttpRequest) -> str:
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return "account/base.html"
    return "base.html" if user.is_staff else "portal/base.html"


def _alone(page: str, status: int, **context: str) -> HttpResponse:
    """Render without the request: its context processors would ask who is signed in, and that may be what is broken."""
    return HttpResponse(render_to_string(page, context), status=status)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """The page for an address that does not exist or is not yours: the same for both."""
    return render(request, "404.html", {"frame": _frame(request)}, status=404)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """The page for something the person may not do; `exception` carries the reason."""
    return render(request, "403.html", {"frame": _frame(request), "reason": str(exception or "")}, status=403)


def only_a_button(request: HttpRequest, refused: HttpResponse) -> HttpResponse:
    """The page for an address that a button sends to, typed or reloaded; `refused` is the bare 405 and says which methods are allowed."""
    response = render(request, "405.html", {"frame": _frame(request)}, status=405)
    response.headers["Allow"] = refused.headers["Allow"]
    return response


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The page for a form whose token is missing or old."""
    sentence = _("This form was open for too long or came from another page. Go back, reload the page and send it again.")
    return render(request, "403.html", {"frame": _frame(request), "reason": sentence}, status=403)


def bad_request(request: HttpRequest, exception: Exception | None = None, status: int = 400) -> HttpResponse:
    """The page for a request that cannot be read; it needs neither database nor session."""
    return _alone("400.html", status)


def content_too_large(request: HttpRequest, limit: int) -> HttpResponse:
    """The page for a body above `limit` bytes; it needs neither database nor session."""
    return _alone("413.html", 413, limit=f"{number_format(limit // (1024 * 1024))} MB")


def server_error(request: HttpRequest) -> HttpResponse:
    """The page for a fault of ours, with the reference that its line in the log has; it needs neither database nor session."""
    return _alone("500.html", 500, request_id=str(structlog.contextvars.get_contextvars().get("request_id", "")))
