"""The two buttons of looking at the portal as a contact: begin and end."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from clientdesk.rights import Right, needs
from clientdesk.views import see_other
from contacts.models import Contact
from portal import reasons, viewing
from portal.explaining import access_of


@needs(viewing.RIGHT)
@require_POST
def begin(request: HttpRequest, pk: int) -> HttpResponse:
    """Lead to the portal as this contact sees it, or say why it cannot come in."""
    contact = get_object_or_404(Contact.objects.visible_to(request.user), pk=pk)
    access = access_of(contact)
    if not access.is_open:
        messages.error(request, reasons.door(access).sentence)
        return see_other(request, reverse("access:reach_quotes", args=[pk]))
    viewing.begin(request, access)
    return see_other(request, reverse("portal:home"))


@needs(Right.VIEW)
@require_POST
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """Lead back to the back office."""
    contact = get_object_or_404(Contact.objects.visible_to(request.user), pk=pk)
    viewing.end(request)
    messages.success(request, _("You no longer look at the portal as %(contact)s.") % {"contact": contact})
    return see_other(request, reverse("access:reach_quotes", args=[pk]))
