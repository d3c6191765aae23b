"""The brand of the branch that is responsible for the contact's client."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from clients import brand
from portal.doors import needs


@needs()
@require_http_methods(["GET", "HEAD"])
def brand_css(request: HttpRequest) -> HttpResponse:
    """Return the stylesheet of the branch's colour."""
    return brand.css_answer(request, request.access.contact.client.branch)


@needs()
@require_http_methods(["GET", "HEAD"])
def brand_mark(request: HttpRequest) -> HttpResponse:
    """Return the mark of the branch; without one 404."""
    return brand.mark_answer(request, request.access.contact.client.branch)
