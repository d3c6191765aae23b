"""Sign-in and security: what a person looks at and changes about the own account, staff and contacts alike."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from clientdesk import brakes, factor_history, factors, links, new_addresses, outbox, user_sessions
from clientdesk.account_views import AskForLinkForm, ChoosePasswordForm, dead_page, looked_at
from clientdesk.confirming import confirmed, confirmed_act
from clientdesk.models import User
from clientdesk.words import email_key, tidy_email

_LOOKING = ["GET", "HEAD", "POST"]


class NewAddressForm(AskForLinkForm):
    """The address that somebody wants to sign in with."""

    def __init__(self, *args, user: User, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        field = self.fields["email"]
        field.label = _("New address")
        field.widget.attrs |= {"autocomplete": "email", "autofocus": True}

    def clean_email(self) -> str:
        address = tidy_email(super().clean_email())
        if email_key(address) == email_key(self.user.email):
            raise ValidationError(_("You sign in with “%(address)s” already.") % {"address": address})
        return address


@require_http_methods(["GET", "HEAD"])
def security(request: HttpRequest) -> HttpResponse:
    """The sign-in address, the password, the second factor, and where one is signed in."""
    user = request.user
    found = list(factors.of(user))
    context = {
        "frame": _frame(user),
        "factors": [(factor, factors.label(factor)) for factor in found if factor.type in factors.MAIN],
        "has_app": any(factor.type == factors.Kind.TOTP for factor in found),
        "codes_left": len(factors.codes_of(user)),
        "events": factor_history.events(user),
        "new_link": user.links.new_addresses().first(),
        "sessions": user_sessions.of(user),
        "this_key": request.session.session_key,
    }
    return render(request, "account/security.html", context)


@sensitive_post_parameters("password")
@transaction.non_atomic_requests
@require_http_methods(_LOOKING)
@confirmed
def change_password(request: HttpRequest) -> HttpResponse:
    """Choose another password: every other session ends, and the owner is told."""
    form = ChoosePasswordForm(request.POST if request.method == "POST" else None, user=request.user)
    if not form.is_valid():
        return render(request, "account/change_password.html", {"form": form}, status=422 if form.is_bound else 200)
    # Made before anything is locked: hashing takes a third of a second.
    password_hash = form.password_hash
    with transaction.atomic():
        user = User.objects.held(request.user.pk)
        user.session_epoch += 1
        user.save(update_fields=["session_epoch"])
        user.choose_password(password_hash)
        outbox.queue("password_changed", to=user.email, about={"user": user.pk, "first": False})
        user_sessions.keep(request, user)
    messages.success(request, _("Your password was changed. Every other browser was signed out."))
    return _back()


@require_http_methods(_LOOKING)
@confirmed
def change_address(request: HttpRequest) -> HttpResponse:
    """Ask for another sign-in address: it takes the place of the old one once its mailbox confirms it."""
    form = NewAddressForm(request.POST if request.method == "POST" else None, user=request.user)
    if form.is_valid() and not brakes.ADDRESSES.take(str(request.user.pk)):
        sentence = _("You asked for %(count)d new addresses within an hour. Wait before the next.")
        form.add_error("email", sentence % {"count": brakes.ADDRESSES.tries})
    if not form.is_valid():
        return render(request, "account/change_address.html", {"form": form}, status=422 if form.is_bound else 200)
    address = form.cleaned_data["email"]
    new_addresses.want(request.user, address, by=request.user)
    sentence = _("An e-mail is on its way to %(address)s. Open its link, and you sign in with the new address from then on.")
    messages.success(request, sentence % {"address": address})
    return _back()


@require_http_methods(["POST"])
def withdraw_address(request: HttpRequest) -> HttpResponse:
    """Keep the sign-in address of now."""
    if new_addresses.withdraw(request.user):
        messages.success(request, _("You go on signing in with %(address)s.") % {"address": request.user.email})
    return _back()


@transaction.non_atomic_requests
@require_http_methods(_LOOKING)
def confirm_address(request: HttpRequest) -> HttpResponse:
    """Confirm a new sign-in address by the link that was looked at; whoever opens a mailbox may do it, signed in or not."""
    link = looked_at(request, of_address=True)
    try:
        links.check(link)
        if request.method != "POST":
            return render(request, "account/confirm_address.html", {"link": link})
        user = new_addresses.confirm(link)
    except links.Dead as dead:
        return dead_page(request, dead, of_address=True)
    if request.user == user:
        request.session.flush()
    messages.success(request, _("Sign in with %(address)s from now on. Your password stays the same.") % {"address": user.email})
    return HttpResponseRedirect(reverse("account_login"), status=303)


@require_http_methods(["POST"])
@confirmed_act
def end_session(request: HttpRequest, pk: int) -> HttpResponse:
    """Sign out of one browser."""
    if not user_sessions.end(request.user, pk):
        raise Http404
    messages.success(request, _("That browser was signed out."))
    return _back()


@require_http_methods(["POST"])
@confirmed_act
def end_others(request: HttpRequest) -> HttpResponse:
    """Sign out everywhere but here."""
    user_sessions.end_others(request)
    messages.success(request, _("Every other browser was signed out."))
    return _back()


def _frame(user: User) -> str:
    return "base.html" if user.is_staff else "portal/base.html"


def _back() -> HttpResponse:
    return HttpResponseRedirect(reverse("account:security"), status=303)
