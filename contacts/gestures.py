"""One press on a contact: make it the primary one, take it out of use, take it back into use."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from clientdesk.rights import Right, needs
from clientdesk.views import see_other, way_back
from clients.consequences import Consequence
from clients.forms.rules import fingerprint
from clients.models import Client
from clients.people import portal_states
from contacts.forms import SuccessorForm
from contacts.models import Contact
from contacts.profile import contact_of, profile


def held(request: HttpRequest, pk: int) -> Contact:
    """Return the contact `pk` that the person may see, its client's row locked: who is primary stays as it is until all is saved.

    Raises Http404 for another one.
    """
    contact = contact_of(pk, request.user)
    Client.objects.select_for_update(of=("self",)).get(pk=contact.client_id)
    return contact_of(pk, request.user)


@needs(Right.CHANGE)
@require_POST
def make_primary(request: HttpRequest, pk: int) -> HttpResponse:
    """Make a contact its client's primary one (J19)."""
    contact = contact_of(pk, request.user)
    try:
        contact.make_primary()
    except ValidationError as error:
        messages.error(request, error.messages[0])
    else:
        messages.success(request, _("%(contact)s is now the primary contact.") % {"contact": contact})
    return see_other(request, way_back(request, contact.get_absolute_url()))


@needs(Right.DEACTIVATE)
@require_POST
def deactivate(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a contact out of use: at once, with a button that takes it back, where nobody loses portal access and no primary contact
    has to follow; else after a page that says so and asks (invariants 3 and 12)."""
    contact = held(request, pk)
    if not contact.active:
        return see_other(request, contact.get_absolute_url())
    if reason := contact.why_not_deactivated:
        messages.error(request, reason)
        return see_other(request, contact.get_absolute_url())
    found, followers = _lost(contact), contact.successors
    confirmed = request.POST.get("confirmed") == fingerprint(found)
    form = SuccessorForm(request.POST if confirmed else None, successors=followers)
    if (found or followers) and not (confirmed and form.is_valid()):
        return _ask(request, contact, found, form)
    successor = next((one for one in followers if one.pk == form.cleaned_data["successor"]), None) if followers else None
    contact.deactivate(successor)
    taken_back = "" if found or followers else reverse("contacts:restore", args=[contact.pk])
    messages.success(request, _said(contact, successor), extra_tags=taken_back)
    return see_other(request, contact.get_absolute_url())


def _lost(contact: Contact) -> list[Consequence]:
    access = portal_states([contact]).get(contact.pk)
    if not (access and access.is_open):
        return []
    return [Consequence(_("%(contact)s loses portal access at once.") % {"contact": contact})]


def _ask(request: HttpRequest, contact: Contact, found: list[Consequence], form: SuccessorForm) -> HttpResponse:
    context = {"form": form, "consequences": found, "fingerprint": fingerprint(found)}
    return render(request, "contacts/contact_deactivate.html", profile(contact, "") | context, status=422 if form.is_bound else 200)


def _said(contact: Contact, successor: Contact | None) -> str:
    if successor is None:
        return _("%(contact)s was deactivated.") % {"contact": contact}
    return _("%(contact)s was deactivated. %(successor)s is now the primary contact.") % {"contact": contact, "successor": successor}


@needs(Right.DEACTIVATE)
@require_POST
def restore(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a contact back into use. What it may do in the portal is what it might before, and no more."""
    contact = held(request, pk)
    if contact.active:
        return see_other(request, contact.get_absolute_url())
    try:
        contact.restore()
    except ValidationError as error:
        messages.error(request, error.messages[0])
        return see_other(request, contact.get_absolute_url())
    access = portal_states([contact]).get(contact.pk)
    said = _("%(contact)s was restored.")
    if access and access.is_open:
        said = _("%(contact)s was restored and can enter the portal as before.")
    messages.success(request, said % {"contact": contact})
    return see_other(request, contact.get_absolute_url())
