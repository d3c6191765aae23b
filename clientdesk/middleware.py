"""What happens before any view: health, headers, upload size, and who may enter which area."""

import re
from collections.abc import Callable
from typing import ClassVar

from allauth.account.adapter import get_adapter
from auditlog.middleware import AuditlogMiddleware
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import Resolver404, resolve, reverse
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from clientdesk import documents, factors, preferences
from clientdesk.errors import bad_request, content_too_large, not_found, only_a_button
from clientdesk.rights import may, right_of
from clientdesk.work import health

Respond = Callable[[HttpRequest], HttpResponse]

PORTAL, ACCOUNT, OWN_ACCOUNT = "/portal/", "/account/", "/account/security/"
# The only POSTs that may carry a file: spreadsheets, and what is handed in for one record. Every other body stays small.
UPLOAD_PATH = "/import/"
FILES = re.compile(
    r"/(clients|contacts)/\d+/photo/change/|/clients/\d+/documents/add/|/clients/new/[\w-]+/[\w-]+/|/settings/branches/(\d+/)?[\w/-]*"
    r"|/portal/(quotes|jobs)/request/|/portal/(quotes|projects|jobs)/\d+/files/add/"
)
SMALL_BODY = 5 * 1024 * 1024
LONG_ADDRESS = 16 * 1024
READING = frozenset({"GET", "HEAD", "OPTIONS"})


class HealthMiddleware:
    """Answer /healthz (this process) and /readyz (database, worker, outbox) before hosts, sessions and redirects."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path == "/healthz":
            return JsonResponse({"alive": True})
        if request.path == "/readyz":
            ready, findings = health()
            return JsonResponse(findings, status=200 if ready else 503)
        return self.get_response(request)


class HeadersMiddleware:
    """The headers of every answer, also of those that SecurityMiddleware never sees; no caching but of static files."""

    ALWAYS: ClassVar[dict[str, str]] = {
        "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Referrer-Policy": "same-origin",
        "X-Content-Type-Options": "nosniff",
    }

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        for name, value in self.ALWAYS.items():
            response.headers.setdefault(name, value)
        if not request.path.startswith(settings.STATIC_URL):
            response.headers.setdefault("Cache-Control", "no-store")
        return response


class RequestLimitMiddleware:
    """Refuse a body that is larger than its address may take before anything reads it, and an endless address (trial C09, C11)."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response
        self.large = max(settings.IMPORT_LIMITS["bytes_csv"], settings.IMPORT_LIMITS["bytes_sheet"]) + SMALL_BODY

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if len(request.META.get("QUERY_STRING", "")) + len(request.path) > LONG_ADDRESS:
            return bad_request(request, status=414)
        limit = SMALL_BODY
        if request.path.startswith(UPLOAD_PATH):
            limit = self.large
        elif FILES.fullmatch(request.path):
            limit = documents.MOST_BYTES + SMALL_BODY
        length = request.META.get("CONTENT_LENGTH") or "0"
        if not length.isdecimal() or int(length) > limit:
            return content_too_large(request, limit)
        return self.get_response(request)


class AreaMiddleware:
    """Let people into their area only: /portal/ needs a contact whose access is open, /account/ is for all, but what is below
    /account/security/ for who may enter one of the other two; the rest needs staff with a second factor, where one is required,
    whose role holds the right that the view names with `@needs`. A staff view that names none is refused."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response
        self.open_access = import_string(settings.PORTAL_GATE)
        self.look_in = import_string(settings.PORTAL_LOOK)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # What a member of staff reads and types is in that person's time zone, from the view on until the answer is there.
        with timezone.override(None):
            response = self.get_response(request)
        if viewer := getattr(request, "viewer", None):
            # Who looked at the portal as a contact: on the way out nothing may take this session for the contact's.
            request.user = viewer
        return response

    def process_view(self, request: HttpRequest, view: Callable, args: tuple, kwargs: dict) -> HttpResponse | None:
        if request.path_info.startswith(ACCOUNT) and not request.path_info.startswith(OWN_ACCOUNT):
            return None
        if not request.user.is_authenticated:
            return self._to_sign_in(request)
        if not request.user.is_active:
            return self._out(request)
        if request.path_info.startswith(OWN_ACCOUNT):
            return self._own(request)
        if request.path_info.startswith(PORTAL):
            return self._portal(request)
        return self._staff(request, view)

    def _own(self, request: HttpRequest) -> HttpResponse | None:
        if request.user.is_staff:
            self._in_own_zone(request)
            return None
        request.access = self.open_access(request.user)
        return None if request.access else self._out(request)

    def _portal(self, request: HttpRequest) -> HttpResponse | None:
        if request.user.is_staff:
            return self.look_in(request)
        request.access = self.open_access(request.user)
        return None if request.access else self._out(request)

    def _staff(self, request: HttpRequest, view: Callable) -> HttpResponse | None:
        if not request.user.is_staff:
            if not self.open_access(request.user):
                return self._out(request)
            if request.path_info == "/":
                return redirect("portal:home")
            raise PermissionDenied(_("This page belongs to the back office. You are signed in to the client portal."))
        if factors.is_missing(request):
            return self._to_set_up(request)
        right = right_of(view)
        if right is None or not may(request.user, right):
            raise PermissionDenied(
                _("Your role “%(role)s” does not allow this. An administrator can change it.") % {"role": request.user.get_role_display()}
            )
        self._in_own_zone(request)
        return None

    def _in_own_zone(self, request: HttpRequest) -> None:
        if request.user.time_zone in preferences.zones():
            timezone.activate(request.user.time_zone)

    def _to_set_up(self, request: HttpRequest) -> HttpResponse:
        if request.headers.get("HX-Request"):
            return HttpResponse(status=204, headers={"HX-Redirect": reverse("account:set_up")})
        return redirect("account:set_up")

    def _to_sign_in(self, request: HttpRequest) -> HttpResponse:
        if request.headers.get("HX-Request"):
            return HttpResponse(status=204, headers={"HX-Redirect": reverse("account_login")})
        return redirect_to_login(request.get_full_path() if request.method == "GET" else "/")

    def _out(self, request: HttpRequest) -> HttpResponse:
        logout(request)
        messages.info(request, _("You have been signed out because your access was closed."))
        if request.headers.get("HX-Request"):
            return self._to_sign_in(request)
        return redirect("account_login")


class ReadingMiddleware:
    """Run a page that only reads outside a transaction; last in the list, since it calls the view itself.

    With ATOMIC_REQUESTS and SQLite's IMMEDIATE transactions each GET would take the one write lock and wait behind an import.
    """

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response
        self.answering = [import_string(path)(get_response) for path in settings.ERRORS_ANSWERED_BY]

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Callable, args: tuple, kwargs: dict) -> HttpResponse | None:
        if request.method not in READING:
            return None
        try:
            response = view(request, *args, **kwargs)
            return only_a_button(request, response) if response.status_code == 405 else response
        except Http404 as error:
            # With DEBUG on Django would answer with a page of its own that lists every address.
            return not_found(request, error)
        except Exception as error:
            # Django asks about errors only of views that it calls itself.
            for one in self.answering:
                if answer := one.process_exception(request, error):
                    return answer
            raise


class UnknownAddressMiddleware:
    """Answer an address that leads nowhere with our own page while DEBUG is on, as Django does by itself when it is off."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        try:
            resolve(request.path_info)
        except Resolver404 as error:
            return not_found(request, error)
        return self.get_response(request)


class HistoryMiddleware(AuditlogMiddleware):
    """Couple the history to who is signed in; the address is the connection's, and a proxy's header only where one is trusted."""

    @staticmethod
    def _get_remote_addr(request: HttpRequest) -> str | None:
        return get_adapter(request).get_client_ip(request)

    @staticmethod
    def _get_remote_port(request: HttpRequest) -> int | None:
        return None

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method in READING:
            return self.get_response(request)  # ty: ignore[not-callable]
        return super().__call__(request)
