"""The second factor of a person: an authenticator app, passkeys, recovery codes (issue 7; trial A16).

allauth keeps the rows and knows the mathematics; what is added or removed here is told to the owner, and noted in the history, in the
same transaction.
"""

import base64
import hashlib
from collections.abc import Mapping
from urllib.parse import urlsplit

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.base.internal.flows import delete_dangling_recovery_codes
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from allauth.mfa.webauthn.internal.auth import WebAuthn
from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clientdesk import outbox
from clientdesk.models import Change, User

Kind = Authenticator.Type
# What lets somebody in; recovery codes only help where one of them is lost.
MAIN = (Kind.TOTP, Kind.WEBAUTHN)
MOST_PASSKEYS = 20
_SEEN = "second_factor_of"


class Adapter(DefaultMFAAdapter):
    """allauth's factors under our names, with secrets that a copy of the database does not tell."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": gettext_lazy("This code is not right, or it ran out. Type the one that is shown now."),
    }

    def get_totp_issuer(self) -> str:
        return settings.COMPANY_NAME

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        # What a request calls itself is never trusted (trial V1): a passkey belongs to the public address.
        return {"id": urlsplit(settings.PUBLIC_BASE_URL).hostname or "", "name": settings.COMPANY_NAME}

    def encrypt(self, text: str) -> str:
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        try:
            return _cipher().decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            # SECRET_KEY is another one by now: nobody knows the secret any more, so no code may match it.
            return generate_totp_secret()


def _cipher() -> Fernet:
    key = hashlib.sha256(f"clientdesk.factors:{settings.SECRET_KEY}".encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))


def of(user: User) -> QuerySet[Authenticator]:
    """Return what `user` has, the authenticator app and passkeys first, in the order in which they were added."""
    return Authenticator.objects.filter(user=user).order_by("-type", "pk")


def has_one(user: User) -> bool:
    """Say whether `user` has a second factor."""
    return Authenticator.objects.filter(user=user, type__in=MAIN).exists()


def is_missing(request: HttpRequest) -> bool:
    """Say whether the staff user of `request` must set up a second factor before anything else; asked once a session."""
    if not settings.STAFF_MFA_REQUIRED or request.session.get(_SEEN) == request.user.pk:
        return False
    if not has_one(request.user):
        return True
    request.session[_SEEN] = request.user.pk
    return False


def codes_of(user: User) -> list[str]:
    """Return the recovery codes of `user` that were not used yet."""
    found = Authenticator.objects.filter(user=user, type=Kind.RECOVERY_CODES).first()
    return found.wrap().get_unused_codes() if found else []


def qr_code(user: User, secret: str) -> SafeString:
    """Return the picture that an authenticator app reads, as inline SVG: a `data:` address would break the CSP."""
    adapter = Adapter()
    svg = adapter.build_totp_svg(adapter.build_totp_url(user, secret))
    return mark_safe(svg[svg.index("<svg") :])


def add_app(user: User, secret: str) -> None:
    """Let `user` sign in with the codes of `secret`, too. Raises ValidationError where there is an app already."""
    with transaction.atomic():
        _held(user)
        try:
            with transaction.atomic():
                TOTP.activate(user, secret)
        except IntegrityError:
            raise ValidationError(_("You have an authenticator app already. Remove it, then add the new one.")) from None
        RecoveryCodes.activate(user)
        _tell(user, "app_added")


def add_passkey(user: User, name: str, credential: Mapping[str, object]) -> None:
    """Let `user` sign in with the passkey of `credential`, as the browser gave it. Raises ValidationError where there are many."""
    with transaction.atomic():
        _held(user)
        if Authenticator.objects.filter(user=user, type=Kind.WEBAUTHN).count() >= MOST_PASSKEYS:
            raise ValidationError(_("You have %(count)d passkeys. Remove one that you do not use.") % {"count": MOST_PASSKEYS})
        WebAuthn.add(user, name, dict(credential))
        RecoveryCodes.activate(user)
        _tell(user, "passkey_added", name)


def passkey(user: User, pk: int) -> Authenticator:
    """Return the passkey `pk` of `user`. Raises Authenticator.DoesNotExist where `user` has no such one."""
    return Authenticator.objects.get(user=user, pk=pk, type=Kind.WEBAUTHN)


def rename(user: User, pk: int, name: str) -> None:
    """Call the passkey `pk` of `user` by `name`. Raises Authenticator.DoesNotExist where `user` has no such one."""
    with transaction.atomic():
        _held(user)
        found = passkey(user, pk)
        found.data = found.data | {"name": name}
        found.save(update_fields=["data"])
        _note(user, "passkey_renamed")


def remove(user: User, pk: int) -> str:
    """Take the app or passkey `pk` from `user` and return what it was called, with the codes where it was the last one.

    Raises Authenticator.DoesNotExist where `user` has no such one, ValidationError where the last one must stay.
    """
    with transaction.atomic():
        _held(user)
        factor = Authenticator.objects.get(user=user, pk=pk, type__in=MAIN)
        others = Authenticator.objects.filter(user=user, type__in=MAIN).exclude(pk=pk)
        if user.is_staff and settings.STAFF_MFA_REQUIRED and not others.exists():
            raise ValidationError(_("Staff sign in with a second factor. Add another one, then remove this one."))
        name = label(factor)
        factor.delete()
        delete_dangling_recovery_codes(user)
        _tell(user, "app_removed" if factor.type == Kind.TOTP else "passkey_removed", name)
    return name


def renew_codes(user: User) -> None:
    """Give `user` ten fresh recovery codes; the ones of before stop working. Raises ValidationError without a second factor."""
    with transaction.atomic():
        _held(user)
        if not has_one(user):
            raise ValidationError(_("Add an authenticator app or a passkey first."))
        Authenticator.objects.filter(user=user, type=Kind.RECOVERY_CODES).delete()
        RecoveryCodes.activate(user)
        _tell(user, "codes_renewed")


def reset(user: User) -> bool:
    """Take everything from somebody who lost it, and end every session; say whether there was anything."""
    with transaction.atomic():
        held = _held(user)
        count, _kinds = Authenticator.objects.filter(user=user).delete()
        if count:
            held.sign_out_everywhere()
            _tell(user, "all_removed")
    return bool(count)


def label(factor: Authenticator) -> str:
    """Return what a page calls `factor`."""
    return factor.wrap().name if factor.type == Kind.WEBAUTHN else _("Authenticator app")


def _held(user: User) -> User:
    # Two tabs at once: one after the other, so that the last factor is the last one.
    held = User.objects.held(user.pk)
    if held is None:
        raise User.DoesNotExist
    return held


def _tell(user: User, what: str, name: str = "") -> None:
    """Tell the owner what became of a second factor, and note it in the history with who did it."""
    _note(user, what)
    outbox.queue("factor_changed", to=user.email, about={"user": user.pk, "what": what, "name": name})


def _note(user: User, what: str) -> None:
    """Note in the history what became of a second factor; what a passkey is called tells more of a person than is needed."""
    told = {"object_pk": str(user.pk), "object_id": user.pk, "object_repr": str(user), "action": Change.Action.UPDATE, "changes": {}}
    kind = ContentType.objects.get_for_model(User)
    Change(content_type=kind, **told, additional_data={"second_factor": what}).save()
