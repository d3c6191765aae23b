"""How the pages that clients see look in the name of a branch: its mark, its name in the portal, its colour (issue 7, part 7)."""

import hashlib
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from clientdesk import pictures
from clientdesk.colours import shades, stylesheet
from clients.models import Branch

# The address of a stylesheet or mark holds its version: a new one has another address.
_FOR_EVER = "private, max-age=31536000, immutable"


@dataclass(frozen=True)
class Brand:
    """What a page needs to know: the name in its head, the addresses of the branch's own stylesheet and mark, blank without one."""

    name: str
    css_url: str = ""
    mark_url: str = ""


def brand_of(branch: Branch | None, area: str) -> Brand:
    """Return the brand of `branch` for pages of `area`, the word before its addresses: “portal”, or “front” before the sign-in.

    Without a name for the portal it is the company's; the name by which we call a branch stays inside (X8).
    """
    if branch is None:
        return Brand(settings.COMPANY_NAME)
    css = f"{reverse(f'{area}:brand_css')}?v={_version(branch.colour)}" if shades(branch.colour) else ""
    mark = f"{reverse(f'{area}:brand_mark')}?v={_version(branch.logo.name)}" if branch.logo else ""
    return Brand(branch.portal_name or settings.COMPANY_NAME, css, mark)


def headquarters() -> Branch | None:
    """Return the branch in whose name people are met who are not signed in."""
    return Branch.objects.filter(is_headquarters=True).first()


def css_answer(request: HttpRequest, branch: Branch | None) -> HttpResponse:
    """Return the stylesheet of `branch`, an empty one where it has no colour; kept by the browser under the address of its version."""
    colour = branch.colour if branch else ""
    return _kept(request, HttpResponse(stylesheet(colour), content_type="text/css; charset=utf-8"), colour)


def mark_answer(request: HttpRequest, branch: Branch | None) -> HttpResponse:
    """Return the mark of `branch`, kept by the browser as its stylesheet is. Raises Http404 where it has none."""
    logo = branch.logo if branch else None
    return _kept(request, pictures.serve(logo), logo.name if logo else "")


def _kept(request: HttpRequest, response: HttpResponse, what: str) -> HttpResponse:
    if request.GET.get("v") == _version(what):
        response.headers["Cache-Control"] = _FOR_EVER
    return response


def _version(what: str) -> str:
    # With the shades, so that a release that computes them otherwise is seen at once.
    return hashlib.sha256(f"{what} {stylesheet(what)}".encode()).hexdigest()[:12]
