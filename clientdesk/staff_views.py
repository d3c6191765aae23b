"""Settings, Staff users: who works here, invite, change, deactivate, restore (JD8)."""

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Model, OuterRef, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from clientdesk import factor_history, factors, links, new_addresses, user_sessions
from clientdesk.models import AccessLink, OutgoingMail, User
from clientdesk.rights import Right, may, needs
from clientdesk.staff_forms import StaffForm
from clientdesk.views import CreatePage, EditPage, Screen

SHOWN = 20


def staff_users() -> QuerySet[User]:
    """Return all staff users with their branch, `until`, the end of an open invitation, and `mail`, the state of its e-mail."""
    links_sent = AccessLink.objects.unspent().filter(user=OuterRef("pk"), address=OuterRef("email")).order_by("-pk")
    mails = OutgoingMail.objects.of_unspent_links().filter(link__user=OuterRef("pk")).order_by("-pk")
    return (
        User.objects.staff()
        .select_related("posting__branch")
        .annotate(until=Subquery(links_sent.values("expires_at")[:1]), mail=Subquery(mails.values("state")[:1]))
    )


def _left_alone(user: User) -> QuerySet:
    """Return the restricted clients for which nobody active but `user` is responsible (settings.LEFT_ALONE)."""
    return import_string(settings.LEFT_ALONE)(user)


class StaffList(Screen):
    """Active and inactive staff users."""

    right = Right.STAFF
    template_name = "staff/list.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        users = list(staff_users())
        # After a deactivation the page offers the way back instead of having asked first.
        undo = next((user for user in users if not user.is_active and str(user.pk) == request.GET.get("deactivated")), None)
        return self.show(
            active=[user for user in users if user.is_active],
            inactive=[user for user in users if not user.is_active],
            undo=undo,
            left_alone=_left_alone(undo)[:SHOWN] if undo else [],
            now=timezone.now(),
        )


class AddStaff(CreatePage):
    """Invite a staff user."""

    right = Right.STAFF
    form_class = StaffForm
    template_name = "staff/add.html"

    def done_url(self, record: Model) -> str:
        return reverse("staff:list")

    def done_sentence(self, record: Model) -> str:
        return links.invited_sentence(record, record.links.latest("pk"))


class EditStaff(EditPage):
    """Change names, role and technician of a staff user."""

    right = Right.STAFF
    form_class = StaffForm
    template_name = "staff/edit.html"

    def queryset(self) -> QuerySet[User]:
        return User.objects.staff()

    def done_url(self) -> str:
        # Who has just taken this right from themselves cannot go back to the list.
        who = self.record if self.record == self.request.user else self.request.user
        return reverse("staff:list" if may(who, Right.STAFF) else "home")

    def saved_sentence(self) -> str:
        if self.record.new_address:
            sentence = _("%(user)s was saved and signs in with %(address)s once the link in the e-mail to it is opened.")
            return sentence % {"user": self.record, "address": self.record.new_address}
        return super().saved_sentence()

    def context(self, **more) -> dict[str, object]:
        # Their number only: until the user is deactivated they are not this administrator's to see.
        alone = _left_alone(self.record).count() if self.record.is_active else 0
        shown = {
            "has_factor": self.record != self.request.user and factors.has_one(self.record),
            "events": factor_history.events(self.record),
        }
        return super().context(alone=alone, **shown, **more)

    def post(self, request: HttpRequest, **kwargs) -> HttpResponse:
        response = super().post(request, **kwargs)
        if self.record.pk == request.user.pk and response.status_code < 400:
            # A new role ends all sessions; one's own goes on under a new key.
            user_sessions.keep(request, self.record)
        return response


@needs(Right.STAFF)
@require_POST
def invite(request: HttpRequest, pk: int) -> HttpResponse:
    """Send the invitation again; the older link dies."""
    user = get_object_or_404(User.objects.staff(), pk=pk)
    if not user.is_active:
        raise PermissionDenied(_("%(user)s is deactivated. Restore the user, then invite.") % {"user": user})
    if not user.invitation_open:
        raise PermissionDenied(_("%(user)s chose a password already and can use “Forgot your password?”.") % {"user": user})
    messages.success(request, links.invited_sentence(user, links.invite(user, request.user)))
    return _to_list()


@needs(Right.STAFF)
@require_POST
def withdraw_address(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a staff user keep the sign-in address of now; the link to the new one dies."""
    user = get_object_or_404(User.objects.staff(), pk=pk)
    if new_addresses.withdraw(user):
        messages.success(request, _("%(user)s goes on signing in with %(address)s.") % {"user": user, "address": user.email})
    return HttpResponseRedirect(reverse("staff:edit", args=[pk]), status=303)


@needs(Right.STAFF)
@require_POST
def remove_factors(request: HttpRequest, pk: int) -> HttpResponse:
    """Take app, passkeys and recovery codes from a staff user who lost them; the user is told and signed out everywhere."""
    user = get_object_or_404(User.objects.staff(), pk=pk)
    if user == request.user:
        raise PermissionDenied(_("Your own second factor is changed under “Sign-in and security”."))
    if factors.reset(user):
        messages.success(request, _("%(user)s signs in with the password alone and sets up a new second factor.") % {"user": user})
    else:
        messages.info(request, _("%(user)s has no second factor.") % {"user": user})
    return _to_list()


@needs(Right.STAFF)
@require_POST
def deactivate(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a staff user in no more, from the next request on."""
    user = get_object_or_404(User.objects.staff(), pk=pk, is_active=True)
    try:
        user.deactivate(by=request.user)
    except ValidationError as refusal:
        raise PermissionDenied(" ".join(refusal.messages)) from None
    return _to_list(f"?deactivated={user.pk}")


@needs(Right.STAFF)
@require_POST
def restore(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a deactivated staff user in again."""
    user = get_object_or_404(User.objects.staff(), pk=pk, is_active=False)
    user.restore()
    messages.success(request, _("%(user)s was restored and can sign in again.") % {"user": user})
    return _to_list()


def _to_list(query: str = "") -> HttpResponse:
    return HttpResponseRedirect(reverse("staff:list") + query, status=303)
