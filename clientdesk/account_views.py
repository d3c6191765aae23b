"""The account pages, the same for staff and clients: sign in, choose a password by a link, ask for a link."""

from allauth.account.internal.flows.login import perform_password_login
from allauth.account.models import Login
from allauth.account.views import LoginView
from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import password_validators_help_texts, validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from clientdesk import brakes, links, passwords
from clientdesk.languages import language_for
from clientdesk.mail import Unsendable, checked
from clientdesk.models import AccessLink, User
from clientdesk.signin import own_address_field, start_page
from clientdesk.views import ours
from clientdesk.words import email_key

# The session knows which link was shown, never its token.
_LINK = "account_link"


class SignIn(LoginView):
    """E-mail and password; a wrong answer 422, a braked one 429, both with the password box empty."""

    def dispatch(self, request: HttpRequest, *args, **kwargs) -> HttpResponseBase:
        response = super().dispatch(request, *args, **kwargs)
        browser = brakes.Browser.of(request)
        if browser.is_new and brakes.cookie_name() not in response.cookies:
            browser.keep(response)
        return response

    def form_invalid(self, form: forms.Form) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=429 if form.is_braked else 422)


# Not atomic: a failed try counts at once for everybody, and hashing a password must not hold the database.
sign_in = transaction.non_atomic_requests(SignIn.as_view())


class AskForLinkForm(forms.Form):
    """The address that a link is wanted for."""

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, label_suffix="", **kwargs)
        self.fields["email"] = own_address_field()

    def clean_email(self) -> str:
        address = self.cleaned_data["email"]
        try:
            return checked(address)
        except Unsendable:
            raise ValidationError(self.fields["email"].error_messages["invalid"]) from None


class ChoosePasswordForm(forms.Form):
    """One new password; the rules stand before it."""

    password = forms.CharField(strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}))

    def __init__(self, *args, user: User, **kwargs) -> None:
        super().__init__(*args, label_suffix="", **kwargs)
        self.user = user
        field = self.fields["password"]
        field.label = _("New password")
        field.help_text = " ".join(text for text in password_validators_help_texts() if text)
        field.error_messages["required"] = _("Choose a password.")

    def clean_password(self) -> str:
        password = self.cleaned_data["password"]
        validate_password(password, self.user)
        return password

    @property
    def password_hash(self) -> str:
        """The hash to store."""
        return make_password(passwords.normal(self.cleaned_data["password"]))


def ask(request: HttpRequest, template: str) -> HttpResponse:
    """Let somebody ask for a link. The answer is the same for every address, known or not, asked for once or a hundred times. Who was
    on the way to a page lands there in the end: the address names it as `next`."""
    form = AskForLinkForm(request.POST if request.method == "POST" else None)
    leads_to = ours(request.GET.get("next", ""), "")
    if not form.is_bound:
        return render(request, template, {"form": form, "leads_to": leads_to})
    if not form.is_valid():
        return render(request, template, {"form": form, "leads_to": leads_to}, status=422)
    address = form.cleaned_data["email"]
    by_connection = brakes.LINKS_BY_CONNECTION.take(brakes.connection(request))
    by_address = brakes.LINKS_BY_ADDRESS.take(email_key(address))
    if by_connection and by_address:
        links.wanted(address, leads_to)
    return HttpResponseRedirect(reverse("account:forgot_done"), status=303)


@require_http_methods(["GET", "HEAD", "POST"])
def forgot(request: HttpRequest) -> HttpResponse:
    """Forgot your password?"""
    return ask(request, "account/forgot.html")


@require_http_methods(["GET", "HEAD", "POST"])
def new_link(request: HttpRequest) -> HttpResponse:
    """Ask for a new link where an old one is dead."""
    return ask(request, "account/new_link.html")


@require_http_methods(["GET", "HEAD"])
def forgot_done(request: HttpRequest) -> HttpResponse:
    """What happens next, whoever asked."""
    return render(request, "account/forgot_done.html", {"reset_time": links.reset_time()})


@require_http_methods(["GET", "HEAD"])
def look(request: HttpRequest, token: str) -> HttpResponse:
    """Look at a link: nothing is used up. The token leaves the address bar, and a dead link explains itself."""
    link = AccessLink.objects.by_token(token)
    of_address = link is not None and link.purpose == AccessLink.Purpose.ADDRESS
    if link:
        translation.activate(language_for(link.user))
    try:
        links.check(link)
    except links.Dead as dead:
        return dead_page(request, dead, of_address)
    AccessLink.objects.filter(pk=link.pk, opened_at=None).update(opened_at=timezone.now())
    request.session[_LINK] = link.pk
    return HttpResponseRedirect(reverse("account:confirm_address" if of_address else "account:set_password"))


def looked_at(request: HttpRequest, *, of_address: bool = False) -> AccessLink | None:
    """Return the link that this browser looked at last, if it is one to confirm an address, or one to choose a password. From then on
    its owner is spoken to, unless somebody is signed in."""
    found = AccessLink.objects.select_related("user").filter(pk=request.session.get(_LINK)).first()
    if found and not request.user.is_authenticated:
        translation.activate(language_for(found.user))
    return found if found and (found.purpose == AccessLink.Purpose.ADDRESS) == of_address else None


@sensitive_post_parameters("password")
@transaction.non_atomic_requests
@require_http_methods(["GET", "HEAD", "POST"])
def set_password(request: HttpRequest) -> HttpResponse:
    """Choose a password by the link that was looked at, then be signed in through allauth's flow (it keeps a second factor)."""
    link = looked_at(request)
    try:
        links.check(link)
        if request.user.is_authenticated and request.user != link.user:
            return _somebody_else(request, link)
        form = ChoosePasswordForm(request.POST if request.method == "POST" else None, user=link.user)
        if not form.is_valid():
            return render(request, "account/set_password.html", {"form": form, **_invitation(link)}, status=422 if form.is_bound else 200)
        user = links.spend(link, form.password_hash)
    except links.Dead as dead:
        return dead_page(request, dead)
    return _enter(request, user, link.leads_to)


def _enter(request: HttpRequest, user: User, leads_to: str) -> HttpResponse:
    request.session.pop(_LINK, None)
    # The adapter lets nobody into the other area.
    login = Login(user=user, email=user.email, redirect_url=ours(leads_to, start_page(user)))
    response = perform_password_login(request, {"email": user.email}, login)
    request.session.set_expiry(0)
    messages.success(request, _("Your password is set. From now on you sign in with your e-mail address and this password."))
    return response


def _invitation(link: AccessLink) -> dict[str, object]:
    """Return what the page says about a live link: who, where to, until when."""
    access = import_string(settings.PORTAL_GATE)(link.user)
    return {
        "link": link,
        "first_name": link.user.first_name or link.user.full_name,
        "client_name": access.client_name if access else "",
        "is_reset": link.purpose == AccessLink.Purpose.RESET,
    }


def _somebody_else(request: HttpRequest, link: AccessLink) -> HttpResponse:
    if request.method == "POST" and "sign_out" in request.POST:
        logout(request)
        request.session[_LINK] = link.pk
        return HttpResponseRedirect(reverse("account:set_password"), status=303)
    return render(request, "account/link_of_another.html", {"link": link, "home_url": start_page(request.user)}, status=403)


def dead_page(request: HttpRequest, dead: links.Dead, of_address: bool = False) -> HttpResponse:
    """Say why a link does not work any more, and how to get another one."""
    request.session.pop(_LINK, None)
    context = {"why": dead.why, "of_address": of_address, "form": AskForLinkForm()}
    return render(request, "account/link_dead.html", context, status=404 if dead.why == "unknown" else 410)
