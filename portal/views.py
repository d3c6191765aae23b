"""What a contact person sees."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

MORNING, EVENING = 12, 18


def home(request: HttpRequest) -> HttpResponse:
    """S7, Home: the contact's own data, who helps, and what will come."""
    contact = request.access.contact
    context = {
        "contact": contact,
        "client_name": request.access.client_name,
        "branch": contact.client.branch,
        "address": contact.mailing_address,
        "greeting": _greeting(contact.first_name or contact.full_name),
    }
    return render(request, "portal/home.html", context)


def _greeting(name: str) -> str:
    hour = timezone.localtime().hour
    if hour < MORNING:
        return _("Good morning, %(name)s") % {"name": name}
    if hour < EVENING:
        return _("Good afternoon, %(name)s") % {"name": name}
    return _("Good evening, %(name)s") % {"name": name}
