"""Sign-in: who a typed address and password belong to, and allauth's adapter and forms with our answers.

Whoever may not come in gets one answer, alike in words, status and work done, whether the address is unknown, the account
deactivated, the portal closed, no password chosen yet, or the password wrong (trial A08, V2).
"""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.forms import LoginForm, ReauthenticateForm
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.core.internal.httpkit import clean_client_ip
from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.hashers import make_password
from django.core.cache import cache
from django.core.exceptions import NON_FIELD_ERRORS, ImproperlyConfigured, PermissionDenied, ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from clientdesk import outbox, passwords, user_sessions
from clientdesk.brakes import PAIR, Browser, SignInBrake
from clientdesk.confirming import is_fresh
from clientdesk.models import User


def may_enter(user: User) -> bool:
    """Say whether `user` may come in: active staff, or a portal user whose access is open."""
    # Asked about everybody, staff and nobody too: the time of an answer must not tell whom it is about.
    access = import_string(settings.PORTAL_GATE)(user)
    return user.is_active and (user.is_staff or access is not None)


def start_page(user: User) -> str:
    """Return where `user` lands after signing in."""
    return reverse("home") if user.is_staff else reverse("portal:home")


class AddressBackend(ModelBackend):
    """Authenticate by e-mail address and password."""

    def authenticate(  # ty: ignore[incompatible-method-override]
        self, request: HttpRequest | None, email: str, password: str, **credentials
    ) -> User | None:
        # Longer than any password of ours: hashed as a wrong one, never as typed.
        typed = password if len(password) <= passwords.LONGEST else ""
        # Nobody is taken for somebody who never chose a password: the same work, and the same answer.
        user = User.objects.by_address(email) or User(pk=0, password=make_password(None))
        is_right, may_come_in = user.check_password(typed), may_enter(user)
        if is_right and may_come_in:
            return user
        with transaction.atomic():
            User.objects.mark_failed(email)
            # Written for everybody: a commit that writes takes longer than one that found no row.
            cache.set("signin-failed", timezone.now(), 60)
        return None


class Adapter(DefaultAccountAdapter):
    """Closed sign-up, our brake, our redirects; allauth sends no mail and answers no JSON here."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": _("E-mail and password do not match an account that may sign in. Check both, or choose a new password."),
        "incorrect_password": _("This is not your password. Type it again."),
        "too_many_login_attempts": _(
            "Too many tries with a wrong password. Wait %(minutes)d minutes, or choose a new password with “Forgot your password?”."
        ),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def is_ajax(self, request: HttpRequest) -> bool:
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict) -> None:
        """Send nothing: every mail is a row of the outbox."""

    def get_client_ip(self, request: HttpRequest) -> str:
        try:
            return super().get_client_ip(request)
        except (PermissionDenied, ImproperlyConfigured):
            # A proxy that says nothing usable about where a request comes from is itself where it comes from.
            return clean_client_ip(request.META.get("REMOTE_ADDR", "")) or "0.0.0.0"  # noqa: S104 - "nowhere", nothing listens

    def pre_authenticate(self, request: HttpRequest, **credentials) -> None:
        brake = SignInBrake(request, credentials.get("email", ""))
        # allauth rolls this back when the password was right.
        self._login_failed_rl_usage = brake
        if brake.press():
            return
        if brake.owner_is_to_be_told():
            outbox.queue("signin_braked", to=brake.address)
        sentence = self.error_messages["too_many_login_attempts"] % {"minutes": PAIR.seconds // 60}
        raise ValidationError(sentence, code="too_many_login_attempts")

    def pre_login(self, request: HttpRequest, user: AbstractBaseUser, **kwargs) -> HttpResponse | None:
        if not may_enter(user):
            raise ImmediateHttpResponse(self.respond_user_inactive(request, user))
        return super().pre_login(request, user, **kwargs)

    def respond_user_inactive(self, request: HttpRequest, user: AbstractBaseUser) -> HttpResponse:
        messages.error(request, self.error_messages["email_password_mismatch"])
        return HttpResponseRedirect(reverse("account_login"))

    def post_login(self, request: HttpRequest, user: AbstractBaseUser, *, redirect_url: str | None, **kwargs) -> HttpResponse:
        if redirect_url and redirect_url.startswith("/portal/") == user.is_staff:
            # An address of the other area, such as a staff link in a forwarded mail, leads nowhere for this person.
            redirect_url = None
        response = super().post_login(request, user, redirect_url=redirect_url or start_page(user), **kwargs)
        browser = Browser.of(request)
        browser.remember(user.email)
        browser.keep(response)
        return response

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        return start_page(request.user)

    def login(self, request: HttpRequest, user: AbstractBaseUser) -> None:
        super().login(request, user)
        user_sessions.begin(request)

    def is_reauthentication_required(self, *, app: str, **kwargs) -> bool:
        """Say whether something delicate asks who it is first: what was proved within minutes counts, a sign-in as well."""
        return not is_fresh(context.request)

    def is_safe_url(self, url: str | None) -> bool:
        return (
            bool(url)
            and url.startswith("/")
            and url_has_allowed_host_and_scheme(url, allowed_hosts={self.request.get_host()}, require_https=self.request.is_secure())
        )


def own_address_field(autofocus: bool = False) -> forms.EmailField:
    """Return the field for one's own address on the account pages; password managers fill it in."""
    return forms.EmailField(
        label=_g("E-mail"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "username", "spellcheck": "false", "autofocus": autofocus}),
        error_messages={
            "required": _g("Fill in your e-mail address."),
            "invalid": _g("Enter an e-mail address with a complete domain, such as info@brauer.example"),
            "max_length": _g("An e-mail address has at most 254 characters."),
        },
    )


def _plain(password: forms.Field) -> None:
    password.label, password.help_text = _g("Password"), ""
    password.error_messages["required"] = _g("Fill in your password.")
    password.widget.attrs.pop("placeholder", None)


class SignInForm(LoginForm):
    """E-mail and password."""

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        self.fields["login"] = own_address_field(autofocus=not self.is_bound)
        _plain(self.fields["password"])
        self.order_fields(["login", "password"])

    @property
    def is_braked(self) -> bool:
        """Whether the brake refused the try."""
        return self.has_error(NON_FIELD_ERRORS, "too_many_login_attempts")


class AskAgainForm(ReauthenticateForm):
    """The password once more, before something delicate."""

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        _plain(self.fields["password"])
