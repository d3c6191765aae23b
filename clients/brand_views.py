"""The brand of the headquarters before anybody signs in, and the preview of a colour in the settings."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from clientdesk.colours import stylesheet
from clientdesk.rights import Right, needs
from clients import brand


@require_http_methods(["GET", "HEAD"])
def front_css(request: HttpRequest) -> HttpResponse:
    """Return the stylesheet of the headquarters' colour, for whoever comes."""
    return brand.css_answer(request, brand.headquarters())


@require_http_methods(["GET", "HEAD"])
def front_mark(request: HttpRequest) -> HttpResponse:
    """Return the mark of the headquarters, for whoever comes; without one 404."""
    return brand.mark_answer(request, brand.headquarters())


@needs(Right.SETTINGS)
@require_http_methods(["GET", "HEAD"])
def preview_css(request: HttpRequest) -> HttpResponse:
    """Return the stylesheet by which the preview in the settings shows `?colour=`; an empty one for what is no colour."""
    return HttpResponse(stylesheet(request.GET.get("colour", ""), ".portal-shown"), content_type="text/css; charset=utf-8")
