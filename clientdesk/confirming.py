"""Before something delicate: who it is, once more. What was proved within the last minutes counts, a sign-in as well."""

import time
from collections.abc import Callable
from functools import wraps

from allauth.account import app_settings
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core.exceptions import ReauthenticationRequired
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

View = Callable[..., HttpResponse]


def is_fresh(request: HttpRequest) -> bool:
    """Say whether the person of `request` proved within the last five minutes who it is."""
    records = get_authentication_records(request, request.user)
    return bool(records) and time.time() - records[-1]["at"] < app_settings.REAUTHENTICATION_TIMEOUT


def confirmed(view: View) -> View:
    """Let the person of a page prove who it is first; what a form brought meanwhile is typed again, so that no secret rests in
    the session."""

    @wraps(view)
    def asked(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if is_fresh(request):
            return view(request, *args, **kwargs)
        if request.method == "POST":
            return HttpResponseRedirect(request.path, status=303)
        raise ReauthenticationRequired

    return asked


def confirmed_act(view: View) -> View:
    """Let the person prove who it is first, then act: for a button, whose form holds nothing that was typed."""

    @wraps(view)
    def asked(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if is_fresh(request):
            return view(request, *args, **kwargs)
        raise ReauthenticationRequired

    return asked
