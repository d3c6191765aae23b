"""The forms of the second factor: a code or a passkey at sign-in and once more, a new app, a new passkey."""

from hashlib import sha256

from allauth.core import context
from allauth.core.internal.cryptokit import normalize_user_code
from allauth.mfa.base.forms import AuthenticateForm, BaseAuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm, AuthenticateWebAuthnForm, LoginWebAuthnForm, ReauthenticateWebAuthnForm
from cryptography.exceptions import InvalidSignature
from django import forms
from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from clientdesk import brakes, factors, outbox
from clientdesk.mail import one_line

# A code of an app is taken for three steps of 30 seconds, and once.
_ONCE_FOR = 120
BRAKED = "too_many_codes"
# Everything that a made-up answer of a browser makes the library stumble over.
_MADE_UP = (AttributeError, IndexError, KeyError, OverflowError, TypeError, ValueError, InvalidSignature)


def _plain(field: forms.Field, label: str, missing: str) -> None:
    field.label, field.help_text = label, ""
    field.error_messages["required"] = missing
    field.max_length = 64
    field.widget.attrs.pop("placeholder", None)
    field.widget.attrs |= {"maxlength": "64"}


def _code(field: forms.Field) -> None:
    _plain(field, _("Code"), _("Type the code."))
    field.widget.attrs |= {"autocomplete": "one-time-code", "inputmode": "numeric", "spellcheck": "false", "autofocus": True}


class _Braked(BaseAuthenticateForm):
    """A code counts as a wrong one until it is right; ten wrong ones, and one waits. Nobody uses one code twice."""

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, label_suffix="", **kwargs)
        _code(self.fields["code"])

    def clean_code(self) -> str:
        brake = brakes.CodeBrake(context.request, self.user)
        if not brake.press():
            if brake.owner_is_to_be_told():
                outbox.queue("factor_changed", to=self.user.email, about={"user": self.user.pk, "what": "codes_braked"})
            raise ValidationError(_too_many(), code=BRAKED)
        code = super().clean_code()
        name = f"{settings.SECRET_KEY}:{self.user.pk}:{normalize_user_code(code)}"
        if not cache.add(f"factor-used:{sha256(name.encode()).hexdigest()}", 1, _ONCE_FOR):
            raise ValidationError(factors.Adapter.error_messages["incorrect_code"], code="incorrect_code")
        brake.undo()
        return code

    @property
    def is_braked(self) -> bool:
        """Whether the brake refused the try."""
        return self.has_error("code", BRAKED)


def _too_many() -> str:
    return _("Too many wrong codes. Wait %(minutes)d minutes, or use a passkey.") % {"minutes": brakes.CODES.seconds // 60}


class CodeForm(_Braked, AuthenticateForm):
    """A code of the app, or a recovery code, after the password."""


class AskCodeForm(_Braked, ReauthenticateForm):
    """A code once more, before something delicate."""


class AppForm(ActivateTOTPForm):
    """The first code of a new authenticator app, which proves that it was set up."""

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, label_suffix="", **kwargs)
        _code(self.fields["code"])
        self.fields["code"].label = _("Code that the app shows")


def _not_taken() -> ValidationError:
    return ValidationError(_("This passkey was not taken. Try again, or sign in in another way."), code="incorrect_code")


class _Answer(AuthenticateWebAuthnForm):
    """Whatever is posted for a passkey: an answer of a browser, or a sentence."""

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, label_suffix="", **kwargs)
        self.fields["credential"].error_messages |= dict.fromkeys(("required", "invalid"), _not_taken().message)

    def clean_credential(self) -> Authenticator:
        try:
            return super().clean_credential()
        except (*_MADE_UP, ValidationError):
            raise _not_taken() from None


class PasskeyForm(AddWebAuthnForm):
    """A new passkey and its name."""

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, label_suffix="", **kwargs)
        # Each passkey of ours lets one sign in by itself.
        self.fields.pop("passwordless", None)
        _plain(self.fields["name"], _("Name"), "")
        self.fields["name"].initial = self.initial["name"] = ""
        self.fields["name"].widget.attrs |= {"autocomplete": "off"}
        sentence = _("The browser gave no passkey. Press “Add passkey” once more.")
        self.fields["credential"].error_messages |= dict.fromkeys(("required", "invalid"), sentence)

    def clean_name(self) -> str:
        count = factors.of(self.user).filter(type=factors.Kind.WEBAUTHN).count()
        return " ".join(self.cleaned_data["name"].split()) or _("Passkey %(number)d") % {"number": count + 1}

    def clean(self) -> dict[str, object]:
        try:
            return super().clean()
        except (*_MADE_UP, ValidationError):
            raise _not_taken() from None


class PasskeyNameForm(forms.Form):
    """What a passkey is called."""

    name = forms.CharField(max_length=64)

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, label_suffix="", **kwargs)
        _plain(self.fields["name"], _("Name"), _("Type a name, such as the device that the passkey is on."))
        self.fields["name"].widget.attrs |= {"autocomplete": "off", "autofocus": True}

    def clean_name(self) -> str:
        return one_line(self.cleaned_data["name"])


class PasskeyAfterPasswordForm(_Answer):
    """A passkey after the password."""


class PasskeyAloneForm(_Answer, LoginWebAuthnForm):
    """A passkey instead of the password."""


class AskPasskeyForm(_Answer, ReauthenticateWebAuthnForm):
    """A passkey once more, before something delicate."""
