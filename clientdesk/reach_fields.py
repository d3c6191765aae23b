"""Form fields of lists that clients and contacts both have: further e-mail addresses and phones, and languages by their codes."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clientdesk.fields import AddressField, PhoneField, TidyField
from clientdesk.languages import language_choices
from clientdesk.rows import RowsField


def more_emails_field() -> RowsField:
    """Return a field for a list of {"address": "a@b.example", "cc": bool}."""
    return RowsField(
        {
            "address": AddressField(label=gettext_lazy("E-mail"), max_length=254),
            "cc": forms.BooleanField(label=gettext_lazy("Use for CC"), required=False),
        },
        label=gettext_lazy("More e-mail addresses"),
        help_text=gettext_lazy("Those used for CC get a copy of what goes to the main e-mail address."),
        add_label=gettext_lazy("Add e-mail"),
        unique="address",
    )


def more_phones_field() -> RowsField:
    """Return a field for a list of {"number": "+49305550142", "note": "Office"}."""
    return RowsField(
        {
            "number": PhoneField(label=gettext_lazy("Number")),
            "note": TidyField(label=gettext_lazy("Note"), max_length=60, required=False),
        },
        label=gettext_lazy("More phones"),
        add_label=gettext_lazy("Add phone"),
        unique="number",
    )


def languages_field(**kwargs) -> RowsField:
    """Return a field for a list of ISO codes, such as ["de", "pl"]."""
    column = forms.ChoiceField(label=gettext_lazy("Language"), choices=_choices)
    return RowsField({"language": column}, plain=True, unique="language", add_label=gettext_lazy("Add language"), **kwargs)


def _choices() -> list[tuple[str, str]]:
    return [("", _("Choose a language")), *language_choices()]
