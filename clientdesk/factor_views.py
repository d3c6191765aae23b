"""Pages of the second factor: at sign-in, once more before something delicate, and setting it up (below /account/)."""

from allauth.account.models import Login
from allauth.account.utils import get_next_redirect_url
from allauth.mfa.base.views import AuthenticateView, ReauthenticateView
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import clear_totp_secret
from allauth.mfa.webauthn.internal.auth import begin_authentication, begin_registration
from allauth.mfa.webauthn.internal.flows import perform_passwordless_login
from allauth.mfa.webauthn.views import LoginWebAuthnView, ReauthenticateWebAuthnView
from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from clientdesk import brakes, factors
from clientdesk.confirming import confirmed, confirmed_act
from clientdesk.factor_forms import AppForm, PasskeyForm, PasskeyNameForm
from clientdesk.signin import start_page

# Until when this browser may see the recovery codes that it made.
_CODES_SHOWN = "recovery_codes_shown_until"
_SHOWN_SECONDS = 10 * 60
_LOOKING = ["GET", "HEAD", "POST"]


class SecondFactor(AuthenticateView):
    """After the password: a code of the app, a recovery code, or a passkey; a wrong one 422, a braked one 429."""

    template_name = "account/second_factor.html"

    def form_invalid(self, form: forms.Form) -> HttpResponse:
        if "credential" in form.errors:
            messages.error(self.request, form.errors["credential"][0])
        response = super().form_invalid(form)
        response.status_code = 429 if getattr(form, "is_braked", False) else 422
        return response

    def get_context_data(self, **kwargs) -> dict[str, object]:
        user = self.stage.login.user
        kinds = set(Authenticator.objects.filter(user=user).values_list("type", flat=True))
        has_passkey, has_app = factors.Kind.WEBAUTHN in kinds, factors.Kind.TOTP in kinds
        return super().get_context_data(**kwargs) | {"has_passkey": has_passkey, "has_app": has_app, "email": user.email}


class AskCode(ReauthenticateView):
    """A code once more."""

    template_name = "account/ask_code.html"

    def form_invalid(self, form: forms.Form) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=429 if form.is_braked else 422)


class AskPasskey(ReauthenticateWebAuthnView):
    """A passkey once more."""

    template_name = "account/ask_passkey.html"

    def form_invalid(self, form: forms.Form) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=422)

    def get_context_data(self, **kwargs) -> dict[str, object]:
        return super().get_context_data(**kwargs) | {"form": kwargs.get("form") or self.get_form()}


class PasskeyAlone(LoginWebAuthnView):
    """Sign in with a passkey alone: GET gives the browser a challenge, POST takes its answer."""

    def get(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if not brakes.CHALLENGES.take(brakes.connection(request)):
            return JsonResponse({}, status=429)
        return JsonResponse({"request_options": begin_authentication(user=None)})

    def form_valid(self, form: forms.Form) -> HttpResponse:
        factor = form.cleaned_data["credential"]
        login = Login(user=factor.user, email=factor.user.email, redirect_url=get_next_redirect_url(self.request))
        return perform_passwordless_login(self.request, factor, login)


second_factor = SecondFactor.as_view()
ask_code = AskCode.as_view()
ask_passkey = AskPasskey.as_view()
passkey_alone = PasskeyAlone.as_view()


@require_http_methods(["GET", "HEAD"])
def set_up(request: HttpRequest) -> HttpResponse:
    """Where staff without a second factor are led before any other page; who has one goes on."""
    if factors.has_one(request.user):
        return HttpResponseRedirect(start_page(request.user))
    return render(request, "account/set_up.html")


@require_http_methods(_LOOKING)
@confirmed
def add_app(request: HttpRequest) -> HttpResponse:
    """Show the secret to an authenticator app, and take the first code of it."""
    form = AppForm(request.POST if request.method == "POST" else None, user=request.user)
    if form.is_valid():
        try:
            factors.add_app(request.user, form.secret)
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            clear_totp_secret(request)
            messages.success(request, _("The authenticator app was added. From now on you sign in with a code of it, too."))
            return _to_codes(request)
    context = {"form": form, "picture": factors.qr_code(request.user, form.secret), "secret": _in_groups(form.secret)}
    return render(request, "account/add_app.html", context, status=422 if form.is_bound else 200)


@require_http_methods(_LOOKING)
@confirmed
def add_passkey(request: HttpRequest) -> HttpResponse:
    """Let the browser make a passkey, and keep it under a name."""
    form = PasskeyForm(request.POST if request.method == "POST" else None, user=request.user)
    if form.is_valid():
        name = form.cleaned_data["name"]
        try:
            factors.add_passkey(request.user, name, form.cleaned_data["credential"])
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(request, _("The passkey “%(name)s” was added. You can sign in with it alone.") % {"name": name})
            return _to_codes(request)
    context = {"form": form, "passkey": {"creation_options": begin_registration(request.user, passwordless=True)}}
    return render(request, "account/add_passkey.html", context, status=422 if form.is_bound else 200)


@require_http_methods(_LOOKING)
@confirmed
def rename(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a passkey another name."""
    try:
        passkey = factors.passkey(request.user, pk)
    except Authenticator.DoesNotExist:
        raise Http404 from None
    before = factors.label(passkey)
    form = PasskeyNameForm(request.POST if request.method == "POST" else None, initial={"name": before})
    if not form.is_valid():
        return render(request, "account/rename_passkey.html", {"form": form, "before": before}, status=422 if form.is_bound else 200)
    factors.rename(request.user, pk, form.cleaned_data["name"])
    messages.success(request, _("The passkey is called “%(name)s” from now on.") % {"name": form.cleaned_data["name"]})
    return HttpResponseRedirect(reverse("account:security"), status=303)


@require_http_methods(["POST"])
@confirmed_act
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an app or a passkey away."""
    try:
        name = factors.remove(request.user, pk)
    except Authenticator.DoesNotExist:
        raise Http404 from None
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        messages.success(request, _("“%(name)s” was removed.") % {"name": name})
    return HttpResponseRedirect(reverse("account:security"), status=303)


@require_http_methods(["POST"])
@confirmed_act
def renew_codes(request: HttpRequest) -> HttpResponse:
    """Make ten fresh recovery codes and show them."""
    try:
        factors.renew_codes(request.user)
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
        return HttpResponseRedirect(reverse("account:security"), status=303)
    return _to_codes(request, show=True)


@require_http_methods(["GET", "HEAD"])
def codes(request: HttpRequest) -> HttpResponse:
    """Show the recovery codes, for a short while, to the browser that made them."""
    if timezone.now().timestamp() > request.session.get(_CODES_SHOWN, 0):
        return HttpResponseRedirect(reverse("account:security"))
    context = {"codes": [f"{code[:4]} {code[4:]}" for code in factors.codes_of(request.user)], "start": start_page(request.user)}
    return render(request, "account/codes.html", context)


def _to_codes(request: HttpRequest, show: bool = False) -> HttpResponse:
    """Lead to the recovery codes where they are new, else back to the page."""
    if show or factors.of(request.user).filter(type__in=factors.MAIN).count() == 1:
        request.session[_CODES_SHOWN] = timezone.now().timestamp() + _SHOWN_SECONDS
        return HttpResponseRedirect(reverse("account:codes"), status=303)
    return HttpResponseRedirect(reverse("account:security"), status=303)


def _in_groups(secret: str) -> str:
    return " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))
