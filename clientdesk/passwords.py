"""Passwords: one normal form before hashing, and what is refused, each with a sentence (trial 1.4)."""

import re
import unicodedata
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from clientdesk.words import search_key

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser

    from clientdesk.models import User

# Bounds the work of a single try; far above what a person or a password manager uses.
LONGEST = 1000
SHORTEST = 15

_SHORTEST_WORD = 3
# What must be left of a password once known words are taken out: this many letters and digits, this many different ones.
_LEFT, _DIFFERENT = 8, 5
_REPEATED = re.compile(r"(.{1,4}?)\1+")
_USUAL = [
    "password",
    "passwort",
    "kennwort",
    "welcome",
    "willkommen",
    "letmein",
    "clientdesk",
    "qwertyuiop",
    "qwertzuiop",
    "qwerty",
    "qwertz",
]


def normal(password: str | None) -> str | None:
    """Return `password` in NFKC, so that one keyboard's é equals another's; used when it is set and when it is checked."""
    return None if password is None else unicodedata.normalize("NFKC", password)


class LengthValidator:
    """Refuse what is too short to be safe or too long to be a password; nothing is ever cut off."""

    def validate(self, password: str, user: "User | None" = None) -> None:
        if len(password) > LONGEST:
            raise ValidationError(_("Use at most %(most)d characters.") % {"most": LONGEST}, code="too_long")
        length = len(normal(password) or "")
        if length < SHORTEST:
            sentence = _("Use at least %(least)d characters; this password has %(length)d.")
            raise ValidationError(sentence % {"least": SHORTEST, "length": length}, code="too_short")

    def get_help_text(self) -> str:
        return _("At least %(least)d characters.") % {"least": SHORTEST}


class CommonWordsValidator(CommonPasswordValidator):
    """Refuse the passwords that are tried first everywhere."""

    def validate(self, password: str, user: "AbstractBaseUser | None" = None) -> None:
        try:
            super().validate(normal(password) or "", user)
        except ValidationError:
            raise ValidationError(_("This password is one of the most used ones. Use a sentence of your own."), code="common") from None

    def get_help_text(self) -> str:
        return ""


class KnownWordsValidator:
    """Refuse passwords made of our own or the person's words, or of one piece repeated (trial A18)."""

    def validate(self, password: str, user: "User | None" = None) -> None:
        if len(password) > LONGEST:
            return
        text = search_key(normal(password) or "")
        if _REPEATED.fullmatch(text):
            raise ValidationError(_("This password repeats one short piece. Use a sentence of your own."), code="repeated")
        known = [word for word in sorted(_words(user), key=len, reverse=True) if word in text]
        for word in known:
            text = text.replace(word, " ")
        left = [sign for sign in text if sign.isalnum()]
        if known and (len(left) < _LEFT or len(set(left)) < _DIFFERENT):
            sentence = _("This password is made of names that are easy to guess for you. Use a sentence of your own.")
            raise ValidationError(sentence, code="known_words")

    def get_help_text(self) -> str:
        return _("Not your name or your company's name. A short sentence works well.")


def _words(user: "User | None") -> set[str]:
    """Return the words to look for, folded: of the product, of our company, of the person and of the person's client."""
    sources = [*_USUAL, settings.COMPANY_NAME]
    if user is not None:
        sources += [user.email, user.first_name, user.last_name]
        if access := import_string(settings.PORTAL_GATE)(user):
            sources.append(access.client_name)
    return {word for source in sources for word in re.split(r"[\W_]+", search_key(source)) if len(word) >= _SHORTEST_WORD}
