"""Addresses of merged records: they lead to the record that stayed."""

import re
from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from clientdesk.merging.followed import merges, winners
from clientdesk.merging.merger import Merger


class MergedMiddleware:
    """Lead from an address of a merged record to the same page of the one that stayed; a form sent there saves nothing.

    settings.MERGERS says by the beginning of the address whose key stands behind it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.address = re.compile(rf"/({'|'.join(settings.MERGERS)})/(\d{{1,18}})/")

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code == 404 and (found := self.address.match(request.path_info)):
            return self._lead_on(request, self._merger(found), int(found[2]), request.path_info[found.end() :]) or response
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Say the same where the record was merged while the page was made or the form saved: its row is gone, nothing was saved."""
        if found := self.address.match(request.path_info):
            merger = self._merger(found)
            if isinstance(exception, merger.model.DoesNotExist | IntegrityError):
                return self._lead_on(request, merger, int(found[2]), "")
        return None

    def _merger(self, found: re.Match[str]) -> Merger:
        return import_string(settings.MERGERS[found[1]])

    def _lead_on(self, request: HttpRequest, merger: Merger, loser: int, rest: str) -> HttpResponse | None:
        user = request.user
        if not (user.is_authenticated and user.is_active and user.is_staff):
            return None
        winner = merger.seen(user).filter(pk=winners([loser], merger.model).get(loser)).first()
        if winner is None:
            return None
        said = {"loser": merger.called(merges(merger.model).get(loser_id=loser)), "winner": winner}
        if request.method in ("GET", "HEAD"):
            messages.info(request, _("%(loser)s was merged into %(winner)s.") % said)
            query = request.META.get("QUERY_STRING", "")
            url = winner.get_absolute_url() + rest
            return HttpResponseRedirect(f"{url}?{query}" if query else url)
        messages.warning(request, _("%(loser)s was merged into %(winner)s meanwhile. Nothing of yours was saved.") % said)
        return HttpResponseRedirect(winner.get_absolute_url(), status=303)
