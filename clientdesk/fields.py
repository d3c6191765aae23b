"""Form fields of ours: text that is tidied before it is measured, addresses and numbers whose errors name what was typed."""

import unicodedata
from collections.abc import Iterable

import phonenumbers
from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator, URLValidator
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from phonenumber_field.formfields import PhoneNumberField
from phonenumber_field.modelfields import PhoneNumberField as PhoneColumn
from phonenumbers import COUNTRY_CODE_TO_REGION_CODE

from clientdesk.words import tidy, tidy_email


class _AddressValidator(EmailValidator):
    """Django's own lets `root@localhost` and `root@[127.0.0.1]` pass; mail to a client needs a complete domain (X11)."""

    def validate_domain_part(self, domain_part: str) -> bool:
        return not domain_part.startswith("[") and super().validate_domain_part(domain_part)


validate_address = _AddressValidator(
    message=gettext_lazy("“%(value)s” is no complete e-mail address. Enter one with a complete domain, such as info@brauer.example"),
    allowlist=[],
)
# A link of ours never leads to anything but the web (trial C06).
validate_web_address = URLValidator(schemes=["http", "https"])
_REGIONS = {region for regions in COUNTRY_CODE_TO_REGION_CODE.values() for region in regions}
_LONGEST_SHOWN = 80
# SQLite stops at a number that is longer than its own.
_LONGEST_KEY = 18


class _NamesValue:
    """A field whose sentences may name what was typed as %(value)s."""

    def clean(self, value: object) -> object:
        try:
            return super().clean(value)
        except ValidationError as error:
            text = str(value)
            shown = text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}…"
            for found in error.error_list:
                found.params = (found.params or {}) | {"value": shown}
            raise


class TidyField(forms.CharField):
    """One line of text, tidied before its length is checked, so that what fits the form fits the column."""

    def to_python(self, value: object) -> str | None:
        text = super().to_python(value)
        return text if text in self.empty_values else tidy(text)


class ColourField(forms.CharField):
    """A colour such as #c8102e; the sign before it, capitals and three digits for six are as good."""

    def to_python(self, value: object) -> str | None:
        text = super().to_python(value)
        if text in self.empty_values:
            return text
        digits = text.removeprefix("#").lower()
        if len(digits) == len("fff"):
            digits = "".join(digit * 2 for digit in digits)
        return f"#{digits}"


class SuccessorField(forms.TypedChoiceField):
    """Which contact is the primary one from now on (invariant 3), by its key; asked only where `offer` names somebody."""

    def __init__(self, **kwargs) -> None:
        super().__init__(label=gettext_lazy("Primary contact from now on"), coerce=int, required=False, empty_value=None, **kwargs)

    def offer(self, contacts: Iterable[models.Model]) -> None:
        """Let one of `contacts` be chosen; with somebody to choose from the field is required."""
        self.choices = [("", _("Choose a contact")), *((one.pk, str(one)) for one in contacts)]
        self.required = len(self.choices) > 1
        self.error_messages["required"] = _("Choose who is the primary contact from now on.")
        self.error_messages["invalid_choice"] = _("This contact is not there any more. Choose another.")


class RecordsField(forms.ModelMultipleChoiceField):
    """Several records by their keys; a number that is too large for any key is refused like the key of no record."""

    def clean(self, value: object) -> models.QuerySet:
        if isinstance(value, list | tuple) and any(len(str(key)) > _LONGEST_KEY for key in value):
            raise ValidationError(self.error_messages["invalid_choice"], code="invalid_choice", params={"value": "…"})
        return super().clean(value)


class LinesField(forms.CharField):
    """Text of several lines; browsers send CR LF, records keep LF, so that an untouched text is no change."""

    def to_python(self, value: object) -> str | None:
        text = super().to_python(value)
        return text if text in self.empty_values else unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))


class AddressField(_NamesValue, forms.EmailField):
    """An e-mail address in its stored form."""

    default_validators = [validate_address]

    def __init__(self, **kwargs) -> None:
        super().__init__(**kwargs)
        self.widget.attrs |= {"autocomplete": "off", "spellcheck": "false"}

    def to_python(self, value: object) -> str:
        return tidy_email(super().to_python(value))


class WebAddressField(_NamesValue, forms.URLField):
    """A web address; `www.brauer.example` becomes https."""

    default_validators = [validate_web_address]
    default_error_messages = {"invalid": gettext_lazy("“%(value)s” is no web address. Enter one such as https://www.brauer.example")}

    def __init__(self, **kwargs) -> None:
        # A browser's own check of type=url refuses what we complete.
        super().__init__(**({"assume_scheme": "https", "widget": forms.TextInput} | kwargs))
        self.widget.attrs |= {"inputmode": "url", "autocomplete": "off", "spellcheck": "false"}


class PhoneField(_NamesValue, PhoneNumberField):
    """A phone number; `accept` says in which country it may be written without + and country."""

    def __init__(self, **kwargs) -> None:
        sentence = gettext_lazy(
            "“%(value)s” is no phone number. Enter it with its area code, or with + and the country, such as +49 30 5550142"
        )
        # The model's column hands its own messages over, but none for "invalid".
        super().__init__(**(kwargs | {"error_messages": {"invalid": sentence} | (kwargs.get("error_messages") or {})}))
        self.widget.attrs |= {"autocomplete": "off"}

    def accept(self, country: str) -> None:
        """Take numbers as they are written in `country` (ISO 3166); an unknown one asks for + and the country."""
        self.region = self.widget.region = country if country in _REGIONS else None


def desk_field(column: models.Field, **kwargs) -> forms.Field | None:
    """Return the form field of a model's column: ours for text, addresses and numbers, Django's for the rest."""
    if isinstance(column, models.EmailField):
        kwargs["form_class"] = AddressField
    elif isinstance(column, models.URLField):
        kwargs["form_class"] = WebAddressField
    elif isinstance(column, PhoneColumn):
        kwargs["form_class"] = PhoneField
    elif type(column) is models.TextField and column.choices is None:
        kwargs["form_class"] = LinesField
    elif type(column) is models.CharField and column.choices is None:
        # A form may have named a field of its own, such as ColourField.
        kwargs.setdefault("form_class", TidyField)
    return column.formfield(**kwargs)


def speak(field: forms.Field) -> None:
    """Give `field` our sentences where it still has Django's."""
    ours = {
        "required": _("Fill in “%(label)s”.") % {"label": field.label},
        "max_length": _("This is %(show_value)d characters long. Shorten it to %(limit_value)d."),
        "null_characters_not_allowed": _("This holds a character that cannot be stored. Remove it."),
        "invalid_choice": _("This choice is not offered any more. Choose another."),
    }
    stock = {
        key: message for kind in reversed(type(field).__mro__) for key, message in vars(kind).get("default_error_messages", {}).items()
    }
    for key, message in ours.items():
        if key not in field.error_messages or field.error_messages[key] == stock.get(key):
            field.error_messages[key] = message


def as_international(phone: str) -> str:
    """Return the stored phone number `phone` as people read it, such as “+49 30 901820”; one that cannot be read stays as it is."""
    try:
        return phonenumbers.format_number(phonenumbers.parse(phone), phonenumbers.PhoneNumberFormat.INTERNATIONAL)
    except phonenumbers.NumberParseException:
        return phone
