"""The pages that move a contact to another client: which one, what happens, and Undo."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from clientdesk.rights import Right, needs
from clientdesk.search import narrow, words
from clientdesk.views import Screen, see_other
from clients.forms.rules import fingerprint
from clients.models import Client
from contacts import moving
from contacts.forms import SuccessorForm
from contacts.models import Contact, ContactMove
from contacts.profile import contact_of, profile

CLIENTS_SHOWN, KEPT_SHOWN = 20, 10


class ChooseClient(Screen):
    """Which client a contact is moved to: one of those that the words find."""

    right = Right.CHANGE
    template_name = "contacts/contact_move.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        contact = contact_of(pk, request.user)
        text = request.GET.get("q", "")[:200].replace("\x00", " ").strip()
        known = Client.objects.visible_to(request.user).filter(kind=Client.Kind.CORPORATE, erased_at=None).exclude(pk=contact.client_id)
        found = narrow(known, text).order_by("name_key")[:CLIENTS_SHOWN] if words(text) else []
        return self.show(**profile(contact, ""), search_text=text, found=found, reason=moving.why_not_from(contact))


class MoveContact(Screen):
    """What it means to move a contact to a client; sending it moves the contact (invariants 3, 4, 6 and 8)."""

    right = Right.CHANGE
    template_name = "contacts/contact_move_confirm.html"

    def get(self, request: HttpRequest, pk: int, client_pk: int) -> HttpResponse:
        contact, target = self._both(pk, client_pk)
        return self._page(contact, target, SuccessorForm(successors=contact.successors))

    def post(self, request: HttpRequest, pk: int, client_pk: int) -> HttpResponse:
        contact, target = self._both(pk, client_pk)
        moving.hold(contact.client_id, target.pk)
        contact, target = self._both(pk, client_pk)
        if moving.why_not(contact, target):
            return self._page(contact, target, SuccessorForm(successors=[]), 422)
        followers = contact.successors
        form = SuccessorForm(request.POST, successors=followers)
        if request.POST.get("confirmed") != fingerprint(moving.consequences(contact, target)):
            return self._page(contact, target, SuccessorForm(successors=followers), 409)
        if not form.is_valid():
            return self._page(contact, target, form, 422)
        successor = next((one for one in followers if one.pk == form.cleaned_data["successor"]), None) if followers else None
        made = moving.move(contact, target, successor, request.user)
        said = _("%(contact)s was moved to %(client)s.") % {"contact": contact, "client": target}
        messages.success(request, said, extra_tags=reverse("contacts:undo_move", args=[contact.pk, made.pk]))
        return see_other(request, contact.get_absolute_url())

    def _both(self, pk: int, client_pk: int) -> tuple[Contact, Client]:
        target = get_object_or_404(Client.objects.visible_to(self.request.user), pk=client_pk)
        return contact_of(pk, self.request.user), target

    def _page(self, contact: Contact, target: Client, form: SuccessorForm, status: int = 200) -> HttpResponse:
        reason = moving.why_not(contact, target)
        found = [] if reason else moving.consequences(contact, target)
        more = {"changed": status == 409, "form": form, "consequences": found, "fingerprint": fingerprint(found)}
        return self.show(status, **profile(contact, ""), target=target, reason=reason, **more)


@needs(Right.CHANGE)
@require_POST
def undo_move(request: HttpRequest, pk: int, move_pk: int) -> HttpResponse:
    """Take a move back as one unit; what somebody changed since stays and is named."""
    contact = contact_of(pk, request.user)
    made = get_object_or_404(ContactMove, pk=move_pk, contact=contact.pk)
    if not Client.objects.visible_to(request.user).filter(pk=made.from_client).exists():
        raise Http404
    moving.hold(made.from_client, made.to_client)
    made = ContactMove.objects.select_for_update(of=("self",)).get(pk=made.pk)
    try:
        stayed = moving.undo(made, request.user)
    except ValidationError as error:
        messages.error(request, error.messages[0])
        return see_other(request, contact.get_absolute_url())
    messages.success(request, _("The move was undone: %(contact)s is with its former client again.") % {"contact": contact})
    if stayed:
        lines = [(f"{kept.record}{f', {kept.label}' if kept.label else ''}: {kept.why}",) for kept in stayed[:KEPT_SHOWN]]
        messages.warning(request, format_html("{}<br>{}", _("Some things stayed as they are now:"), format_html_join("", "{}<br>", lines)))
    return see_other(request, contact.get_absolute_url())
