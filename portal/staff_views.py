"""What staff do about a contact's access to the portal: invite, send a reset link."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from clientdesk import links, new_addresses
from clientdesk.models import User
from clientdesk.rights import Right, needs
from clientdesk.views import wants_part, way_back
from clientdesk.words import email_key
from clients.models import Client
from contacts.models import Contact
from portal import states
from portal.models import ContactAccess


@needs(Right.INVITE)
@require_POST
def invite(request: HttpRequest, pk: int) -> HttpResponse:
    """Invite a contact, or send the invitation again; the older link dies (decision 17, J9 to J13)."""
    contact = get_object_or_404(Contact.objects.visible_to(request.user).select_related("client"), pk=pk)
    return _invite(request, contact)


@needs(Right.INVITE)
@require_POST
def invite_primary(request: HttpRequest, pk: int) -> HttpResponse:
    """Invite the primary contact of a client: the one of this moment, nobody else (J11, J20)."""
    client = get_object_or_404(Client.objects.visible_to(request.user), pk=pk)
    contact = Contact.objects.select_related("client").filter(client=client, is_primary=True).first()
    if contact is None:
        reason = _("%(client)s has no contact person yet. Add one, then invite.") % {"client": client}
        return render(request, "portal/not_invited.html", {"client": client, "reason": reason}, status=422)
    return _invite(request, contact)


@needs(Right.INVITE)
@require_POST
def send_reset(request: HttpRequest, pk: int) -> HttpResponse:
    """Send a contact a link to choose a new password; staff never see it (X61, A23)."""
    contact = get_object_or_404(Contact.objects.visible_to(request.user).select_related("client"), pk=pk)
    access = ContactAccess.of(contact)
    if not access.activated:
        return _invite(request, contact)
    try:
        access.send_reset(by=request.user)
    except ValidationError as refusal:
        return _refused(request, contact, " ".join(refusal.messages))
    sentence = _("%(contact)s gets an e-mail. The link works once and for %(time)s.") % {"contact": contact, "time": links.reset_time()}
    return _done(request, contact, sentence)


@needs(Right.CHANGE)
@require_POST
def withdraw_address(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep the address that a contact signs in with; the link to the new one dies."""
    contact = get_object_or_404(Contact.objects.visible_to(request.user).select_related("access__user"), pk=pk)
    access = ContactAccess.of(contact)
    if access.user and new_addresses.withdraw(access.user):
        messages.success(
            request, _("%(contact)s goes on signing in with %(address)s.") % {"contact": contact, "address": access.user.email}
        )
    return HttpResponseRedirect(contact.get_absolute_url(), status=303)


def _invite(request: HttpRequest, contact: Contact) -> HttpResponse:
    try:
        link = ContactAccess.of(contact).invite(by=request.user)
    except ValidationError as refusal:
        return _refused(request, contact, " ".join(refusal.messages))
    return _done(request, contact, links.invited_sentence(contact, link))


def _done(request: HttpRequest, contact: Contact, sentence: str) -> HttpResponse:
    if wants_part(request):
        return _cell(request, contact, sentence)
    messages.success(request, sentence)
    return HttpResponseRedirect(way_back(request, contact.get_absolute_url()), status=303)


def _refused(request: HttpRequest, contact: Contact, reason: str) -> HttpResponse:
    if wants_part(request):
        return _cell(request, contact, reason, status=422)
    context = {"contact": contact, "client": contact.client, "reason": reason, "back_url": way_back(request, contact.get_absolute_url())}
    context["holder"] = _holder(contact, request.user)
    return render(request, "portal/not_invited.html", context, status=422)


def _holder(contact: Contact, user: User) -> Contact | None:
    """Return the other contact who signs in with the address of `contact`, where `user` may see it (S14)."""
    others = Contact.objects.visible_to(user).filter(access__user__email_key=email_key(contact.email)).exclude(pk=contact.pk)
    return others.select_related("client").first() if contact.email else None


def _cell(request: HttpRequest, contact: Contact, said: str, status: int = 200) -> HttpResponse:
    access = states.of_contacts([contact])[contact.pk]
    template = "portal/_invite.html" if "full" in request.POST else "portal/_invite_cell.html"
    return render(request, template, {"access": access, "contact": contact, "said": said, "refused": status != 200}, status=status)
