"""The tab Account data of a contact's profile, and what is done there: withdraw the access, sign out everywhere (X49 to X64)."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.db.models import Max, Model, Q
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from clientdesk import factor_history, factors, links, user_sessions
from clientdesk.models import AccessLink, User, UserSession
from clientdesk.rights import Right, may, needs
from clientdesk.views import EditPage, Screen, see_other
from contacts.models import Contact
from contacts.profile import contact_of, contacts_with_card, profile
from portal import levels, rights_table
from portal.account_forms import AccountForm
from portal.choices import Level
from portal.models import ContactAccess
from portal.presets import PRESETS
from portal.rights import Right as PortalRight
from portal.rights_table import OF_CONTACTS


@dataclass(frozen=True)
class SignIns:
    """What is known of how a contact comes in: its last sign-ins, which only signing in writes (invariant 20), when it was sent a link
    to choose a new password, where it is signed in now, and whether it has a second factor."""

    last: datetime | None = None
    last_failed: datetime | None = None
    reset_sent: datetime | None = None
    sessions: tuple[UserSession, ...] = ()
    has_factor: bool = False


def sign_ins(access: ContactAccess) -> SignIns:
    """Return the sign-ins of `access`."""
    sent = Max("links__created_at", filter=Q(links__purpose=AccessLink.Purpose.RESET))
    user = User.objects.filter(pk=access.user_id).annotate(reset_sent=sent).first() if access.user_id else None
    if user is None:
        return SignIns()
    sessions = tuple(user_sessions.of(user)) if access.is_open else ()
    return SignIns(user.last_login, user.last_failed_login, user.reset_sent, sessions, factors.has_one(user))


class LevelsGuide(Screen):
    """What the access levels show, and what offices have to do with it (X58)."""

    template_name = "portal/levels_guide.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.show(levels=Level)


class Account(Screen):
    """Whether a contact may come in, what it sees and may do there, and how it signs in (X49 to X64)."""

    template_name = "portal/account.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        contact = contact_of(pk, request.user)
        frame = profile(contact, "account")
        access = frame["access"] or ContactAccess.of(contact)
        whole = access.client_access
        client = PortalRight(whole.rights)
        return self.show(
            **frame | {"access": access},
            meaning=levels.meanings(contact)[Level(access.level)],
            whole=whole,
            seen=levels.seen_now(access),
            client_decides=PortalRight.QUOTES_DECIDE in client,
            lines=rights_table.lines(PortalRight(access.rights or 0), client, OF_CONTACTS),
            heads=rights_table.heads(OF_CONTACTS),
            sign_ins=sign_ins(access),
            events=factor_history.events(access.user) if access.user and may(request.user, Right.STAFF) else [],
            reset_time=links.reset_time(),
        )


class EditAccount(EditPage):
    """The form behind Account data. An address with `preset` shows it filled in and saves nothing."""

    right = Right.PORTAL_RIGHTS
    form_class = AccountForm
    template_name = "portal/account_edit.html"
    was_allowed = False

    def find(self, lock: bool = False) -> Model:
        contacts = contacts_with_card(self.request.user).filter(erased_at=None)
        # The contact's row is the lock, as of an invitation: its access may not exist yet.
        self.contact = get_object_or_404(contacts.select_for_update(of=("self",)) if lock else contacts, pk=self.kwargs["pk"])
        access = ContactAccess.of(self.contact)
        self.was_allowed = access.allowed
        return access

    def get(self, request: HttpRequest, **kwargs) -> HttpResponse:
        self.record = self.find()
        form, preset = AccountForm(instance=self.record), PRESETS.get(request.GET.get("preset", ""))
        if preset is None or not self.record.allowed:
            return self.show(form=form)
        posted = QueryDict(mutable=True)
        for name, values in form.filled_in(preset).items():
            posted.setlist(name, values)
        return self.show(form=self.form(posted), unsaved=True)

    def done_url(self) -> str:
        """Return the tab; once access was allowed the form itself, which then asks for more."""
        opened = self.record.allowed and not self.was_allowed
        return reverse("access:edit_account" if opened else "access:account", args=[self.contact.pk])

    def context(self, **more) -> dict[str, object]:
        shown = {"presets": PRESETS, "heads": rights_table.heads(OF_CONTACTS), "meanings": levels.meanings(self.contact).values()}
        return super().context(**profile(self.contact, "account"), **shown, **more) | {
            "back_url": reverse("access:account", args=[self.contact.pk])
        }


def _visible(request: HttpRequest, pk: int) -> Contact:
    contacts = Contact.objects.visible_to(request.user).select_related("client__portal", "access__user").filter(erased_at=None)
    return get_object_or_404(contacts, pk=pk)


@needs(Right.INVITE)
@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back the access or the open invitation of a contact: its links die and its sessions end at once (X49, invariant 11)."""
    contact = _visible(request, pk)
    access = ContactAccess.of(contact)
    if access.pk and access.allowed:
        was_in = access.activated
        access.withdraw()
        said = _("%(contact)s cannot enter the portal any more.") if was_in else _("The invitation of %(contact)s was withdrawn.")
        messages.success(request, said % {"contact": contact})
    return see_other(request, reverse("access:account", args=[pk]))


@needs(Right.INVITE)
@require_POST
def sign_out(request: HttpRequest, pk: int) -> HttpResponse:
    """End every session of a contact at its next request; the password stays as it is."""
    contact = _visible(request, pk)
    if user := User.objects.held(ContactAccess.of(contact).user_id):
        user.sign_out_everywhere()
        messages.success(request, _("%(contact)s was signed out everywhere.") % {"contact": contact})
    return see_other(request, reverse("access:account", args=[pk]))


class RemoveFactors(Screen):
    """Take app, passkeys and recovery codes from a contact who lost them, once somebody said so on a page of its own; the contact is
    told and signed out everywhere."""

    right = Right.PORTAL_RIGHTS
    template_name = "portal/remove_factors.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        contact = contact_of(pk, request.user)
        user = ContactAccess.of(contact).user
        return self.show(**profile(contact, "account")) if user and factors.has_one(user) else self._without(contact)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        contact = _visible(request, pk)
        user = ContactAccess.of(contact).user
        if user is None or not factors.reset(user):
            return self._without(contact)
        messages.success(request, _("%(contact)s signs in with the password alone again.") % {"contact": contact})
        return see_other(request, reverse("access:account", args=[pk]))

    def _without(self, contact: Contact) -> HttpResponse:
        messages.info(self.request, _("%(contact)s has no second factor.") % {"contact": contact})
        return see_other(self.request, reverse("access:account", args=[contact.pk]))
