"""The text of a cell -> the value that is stored, by the verdict of the browser form's own field.

A widget here wraps one Django form field, built once. In front of it may stand a strict pattern: what it accepts is stored as
it is; everything else goes to the form field, so the pattern only saves time and never decides (a property test compares them).
"""

import re
from collections.abc import Callable, Iterable, Mapping
from copy import copy, deepcopy
from datetime import datetime
from difflib import get_close_matches
from functools import lru_cache
from unicodedata import is_normalized

from django.core.exceptions import ValidationError
from django.db.models import Field as ModelField
from django.forms import Field as FormField
from django.forms import ModelForm
from django.utils.translation import gettext as _
from import_export.widgets import Widget

from clientdesk.fields import speak
from clientdesk.models import User
from clientdesk.words import name_key, search_key
from intake.phones import quick_phone

type Stored = str | int | list[str] | list[int] | list[dict[str, str | bool]] | None

SHOWN = 60
_WEBSITE = re.compile(r"https?://(?:[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?\.)+[a-z]{2,20}(?:/[A-Za-z0-9_~-]+)*/?").fullmatch
_EMAIL = re.compile(r"[A-Za-z0-9_+-]+(?:\.[A-Za-z0-9_+-]+)*@(?:[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?\.)+[a-z]{2,20}").fullmatch
# Letters and digits of any script, but for two that show nothing.
_NAME = re.compile(r"[^\W_\u115f\u1160]+(?:[ ._-][^\W_\u115f\u1160]+)*").fullmatch
# However a letter is folded, the key of a quick name stays shorter than its column.
_LONGEST_QUICK_NAME = 60


# What empties a cell of a record, whatever empty cells do otherwise.
CLEAR = "(clear)"


def is_clearing(text: str) -> bool:
    """Whether the text of a cell says that the saved value shall go."""
    text = text.strip()
    return text[:1] == "(" and text.casefold() in {CLEAR, _("(clear)").casefold()}


def shown(text: str) -> str:
    """Return `text` as it can stand inside a sentence: without control characters, at most 60 long."""
    text = "".join(sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in text[: SHOWN + 1])
    return text if len(text) <= SHOWN else f"{text[: SHOWN - 1]}…"


def is_plain(text: str) -> bool:
    """Whether `text` is stored as it is: printable, trimmed, single spaces, NFC. Never true for a blank text."""
    return (
        text.isprintable()
        and "  " not in text
        and text[:1] not in {"", " "}
        and text[-1] != " "
        and (text.isascii() or is_normalized("NFC", text))
    )


def storable(text: str) -> bool:
    """Whether a database can hold `text`: neither NUL nor half of a surrogate pair."""
    if text.isprintable():
        return True  # surrogates and NUL are not printable
    return "\x00" not in text and not any("\ud800" <= sign <= "\udfff" for sign in text)


class FormFieldWidget(Widget):
    """Text by one form field. `clean` returns the stored value, or None for a blank cell, or raises ValidationError."""

    # Whether what a text means depends on the country of its record.
    asks_country: bool = False

    def __init__(self, form: type[ModelForm], key: str) -> None:
        super().__init__()
        self.model_field: ModelField = form._meta.model._meta.get_field(key)
        self.form_field: FormField = deepcopy(form.base_fields[key])
        speak(self.form_field)
        self.longest: int = getattr(self.model_field, "max_length", None) or 0
        # Who imports; None is nobody in particular, such as a command.
        self.by: User | None = None
        # How the column writes its days or decimals: an order or a sign of `dates`; empty for the plain way.
        self.reading = ""

    def __deepcopy__(self, memo: dict) -> "FormFieldWidget":
        return copy(self)  # a Resource copies its fields; the form field inside is built once

    @property
    def blank(self) -> Stored:
        """What is stored where nothing is given."""
        return None if self.model_field.null else ""

    @property
    def required_sentence(self) -> str:
        """What the browser form says when the field is left empty."""
        return str(self.form_field.error_messages["required"])

    def load(self) -> None:
        """Read what the widget must know from the database; called once before a chunk of rows."""

    def clean(self, value: object, row: Mapping | None = None, country: str = "", **kwargs) -> Stored:
        """Return the stored value of the cell text `value`; None means that the cell is blank.

        `country` (ISO 3166) is the client's; only phone numbers ask for it. Raises ValidationError.
        """
        text = "" if value is None else str(value)
        if not text or text.isspace():
            return None
        if (stored := self.quick(text)) is not None:
            return stored
        if not storable(text):
            raise ValidationError(_("“%(value)s” holds a character that cannot be stored. Type the text again.") % {"value": shown(text)})
        return self.thorough(text, country)

    def quick(self, text: str) -> Stored:
        """Return the stored form of `text` if it plainly is right, else None."""
        return text if len(text) <= self.longest and is_plain(text) else None

    def thorough(self, text: str, country: str = "") -> Stored:
        """Return the stored form of `text` by the form field and the model field's validators. Raises ValidationError."""
        cleaned = self.form_field.clean(text)
        # Blank after tidying, such as a text of invisible marks: not given.
        if cleaned in self.form_field.empty_values:
            return None
        self.model_field.run_validators(cleaned)
        return str(cleaned)

    def allowed(self) -> list[str]:
        """Return the texts that a drop-down list offers; any text may stand where there are none."""
        return []

    def suggestion(self, text: str) -> str:
        """Return the allowed text that `text` surely means; only lists have one."""
        return ""

    def was_called(self, value: Stored, text: str, since: datetime) -> bool:
        """Say whether `text` is what `value` was called after `since` and is not called any more; only entries of lists change so."""
        return False

    def render(self, value: object, obj: object = None, **kwargs) -> str:
        """Return the text that a page shows for the stored `value`."""
        return "" if value is None else str(value)

    def write(self, value: object) -> str:
        """Return the text of the stored `value` for a file that will be imported again."""
        return self.render(value)


class NameWidget(FormFieldWidget):
    """The internal name (X7)."""

    def quick(self, text: str) -> Stored:
        if len(text) > _LONGEST_QUICK_NAME or not _NAME(text):
            return None
        is_plain = text.isascii() or (is_normalized("NFKC", text) and (text[0].isalpha() or text[0].isdecimal()))
        return text if is_plain else None

    def thorough(self, text: str, country: str = "") -> Stored:
        name = super().thorough(text)
        if name is not None and len(name_key(str(name))) > 200:
            raise ValidationError(_("This name is too long. Shorten it to 100 characters."))
        return name


class EmailWidget(FormFieldWidget):
    """An e-mail address, stored with its domain lower-cased (X11)."""

    def quick(self, text: str) -> Stored:
        return text if len(text) <= 200 and _EMAIL(text) else None


class WebsiteWidget(FormFieldWidget):
    """A link."""

    def quick(self, text: str) -> Stored:
        return text if len(text) <= 200 and _WEBSITE(text) else None


class PhoneWidget(FormFieldWidget):
    """A phone number, stored as E.164. As in the browser it may be written as in the client's country; equal texts are parsed once."""

    asks_country = True

    def __init__(self, form: type[ModelForm], key: str) -> None:
        super().__init__(form, key)
        self.thorough_in = lru_cache(maxsize=2_000)(self._thorough_in)

    def quick(self, text: str) -> Stored:
        return quick_phone(text)

    def thorough(self, text: str, country: str = "") -> Stored:
        stored, messages = self.thorough_in(text, country)
        if messages:
            raise ValidationError(list(messages))
        return stored

    def _thorough_in(self, text: str, country: str) -> tuple[str | None, tuple[str, ...]]:
        field = deepcopy(self.form_field)
        field.accept(country)
        try:
            return self.model_field.get_prep_value(field.clean(text)) or None, ()
        except ValidationError as error:
            return None, tuple(error.messages)


class ChoiceWidget(FormFieldWidget):
    """One of a fixed set: by code, by label, or by a word that people use for it."""

    def __init__(self, form: type[ModelForm], key: str, words: Callable[[], dict[str, str]], sentence: str) -> None:
        super().__init__(form, key)
        self.words = words
        self.sentence = sentence
        self.known: dict[str, str] = {}
        self.labels: dict[str, str] = {}

    def load(self) -> None:
        self.known = self.words()
        self.labels = {str(code): str(label) for code, label in self.model_field.flatchoices if code}

    def quick(self, text: str) -> Stored:
        return self.known.get(text)

    def thorough(self, text: str, country: str = "") -> Stored:
        if (code := self.known.get(search_key(text))) is not None:
            return code
        raise ValidationError(str(self.sentence) % {"value": shown(text), "hint": self.hint(text)}, code="unknown")

    def allowed(self) -> list[str]:
        """Return the texts that a drop-down list offers."""
        return list(self.labels.values())

    def suggestion(self, text: str) -> str:
        """Return the allowed text that `text` surely means, or an empty one."""
        close = closest(search_key(text), self.known)
        return self.labels[self.known[close]] if close else ""

    def hint(self, text: str) -> str:
        """Return what to write instead of `text`."""
        if close := self.suggestion(text):
            return _("Use “%(word)s”.") % {"word": close}
        return one_of(self.allowed())

    def render(self, value: object, obj: object = None, **kwargs) -> str:
        return self.labels.get(str(value), str(value or ""))


def closest(text: str, words: Iterable[str]) -> str:
    """Return the one of `words` that `text` probably means, or an empty text."""
    alike = [word for word in words if word[:1] == text[:1] and abs(len(word) - len(text)) <= 3]
    return next(iter(get_close_matches(text, alike, n=1, cutoff=0.75)), "")


def one_of(allowed: list[str]) -> str:
    """Return what to choose from."""
    if not allowed:
        return _("Leave the cell empty; the list in the settings has no entry yet.")
    if len(allowed) <= 6:
        return _("Use one of: %(words)s.") % {"words": ", ".join(allowed)}
    return _("Choose a word from the drop-down list of the template.")
