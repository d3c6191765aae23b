"""Custom fields in use (XD23): which are asked, the form fields that ask them, and the words that show their values.

Values live in the JSON column `custom` of a record by the key of their field, in one form: a checkbox is true or false, a date
"2026-11-30", a moment "2026-11-30T13:05:00Z", a number decimal text such as "12.5", text and selection a text, a multiple
selection a list of texts. What is blank has no key. Values of fields that are not asked (any more) stay as they are.

A form inherits from `CustomFieldsMixin`; whoever has no form uses `asked`, `form_fields`, `read` and `merged`. Lists and exports name
the column of a field `column_name(key)` and its label is the field's own; `shown` gives words, `typed` a Python value.
"""

from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation

from django import forms
from django.db.models import Model
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from clientdesk.fields import TidyField, speak
from clientdesk.inputs import DayField, MomentField, NumberField
from clientdesk.models import Tree
from clientdesk.preferences import Style
from clients.models import Category, CompanyType, CustomField

Kind, Entity = CustomField.Kind, CustomField.Entity
LONGEST_TEXT = 500
_BLANK = (None, "", [], ())


def form_name(key: str) -> str:
    """Return the name of the form field of the custom field `key`."""
    return f"custom_{key}"


def column_name(key: str) -> str:
    """Return the name of the column of the custom field `key` in lists, exports and imports."""
    return f"custom:{key}"


# --- which fields are asked ---------------------------------------------------------------------
def asked(
    entity: str, company_type: CompanyType | int | None = None, category: Category | int | None = None, place: str = ""
) -> list[CustomField]:
    """Return the active custom fields asked of an `entity` with this company type and category (records or keys), in their order;
    with `place` only those of one place. A field for an entry counts for the entries beneath it. At most three statements."""
    fields = [field for field in CustomField.objects.of(entity) if not place or field.place == place]
    return of_these(fields, company_type, category)


def of_these(
    fields: Iterable[CustomField], company_type: CompanyType | int | None = None, category: Category | int | None = None
) -> list[CustomField]:
    """Return those of `fields` that are asked of a client with this company type and category; see `asked`."""
    fields = list(fields)
    types = _upwards(CompanyType, company_type) if any(field.company_type_id for field in fields) else set()
    categories = _upwards(Category, category) if any(field.category_id for field in fields) else set()
    return [
        field
        for field in fields
        if (field.company_type_id is None or field.company_type_id in types)
        and (field.category_id is None or field.category_id in categories)
    ]


def _upwards(model: type[Tree], entry: Tree | int | None) -> set[int]:
    """Return the keys of `entry` and of every entry above it, in one statement."""
    place = entry.pk if isinstance(entry, Model) else entry
    parents = dict(model.objects.order_by().values_list("pk", "parent_id")) if place else {}
    found: set[int] = set()
    while place is not None and place not in found:
        found.add(place)
        place = parents.get(place)
    return found


# --- form fields --------------------------------------------------------------------------------
def form_fields(
    entity: str,
    company_type: CompanyType | int | None = None,
    category: Category | int | None = None,
    values: dict[str, object] | None = None,
    place: str = "",
) -> dict[str, forms.Field]:
    """Return the form fields of what `asked` finds, by form name; `values` is the record's `custom`, what is there is their initial."""
    return fields_for(asked(entity, company_type, category, place), values)


def fields_for(fields: Iterable[CustomField], values: dict[str, object] | None = None) -> dict[str, forms.Field]:
    """Return the form fields of `fields`, by form name, in their order."""
    return {form_name(field.key): field_for(field, (values or {}).get(field.key)) for field in fields}


def field_for(field: CustomField, value: object = None) -> forms.Field:
    """Return the form field of one custom field; a `value` that is no option any more is offered as long as it is there."""
    made = _MAKERS[Kind(field.kind)](
        field, value, {"label": field.label, "help_text": field.help_text, "required": field.required, "initial": value}
    )
    made.custom_field = field
    if field.kind == Kind.CHECKBOX:
        made.error_messages["required"] = _("Tick “%(label)s”.") % {"label": field.label}
    elif field.kind in (Kind.CHOICE, Kind.CHOICES):
        made.error_messages["required"] = _("Choose a value for “%(label)s”.") % {"label": field.label}
    speak(made)
    return made


def _options(field: CustomField, *present: object) -> list[tuple[str, str]]:
    gone = [str(value) for value in present if value not in _BLANK and value not in field.options]
    offered = [(str(option), str(option)) for option in field.options]
    return offered + [(value, _("%(value)s (no longer offered)") % {"value": value}) for value in gone]


def _choice(field: CustomField, value: object, shared: dict) -> forms.Field:
    return forms.ChoiceField(choices=[("", _("Not given")), *_options(field, value)], **shared)


def _choices(field: CustomField, value: object, shared: dict) -> forms.Field:
    present = value if isinstance(value, list) else []
    return forms.MultipleChoiceField(choices=_options(field, *present), widget=forms.CheckboxSelectMultiple, **shared)


_MAKERS: dict[str, Callable[[CustomField, object, dict], forms.Field]] = {
    Kind.CHECKBOX: lambda field, value, shared: forms.BooleanField(**shared),
    Kind.DATE: lambda field, value, shared: DayField(**shared),
    Kind.MOMENT: lambda field, value, shared: MomentField(**shared),
    Kind.NUMBER: lambda field, value, shared: NumberField(max_digits=20, decimal_places=6, **shared),
    Kind.TEXT: lambda field, value, shared: TidyField(max_length=LONGEST_TEXT, **shared),
    Kind.CHOICE: _choice,
    Kind.CHOICES: _choices,
}


# --- values: JSON, Python, words ----------------------------------------------------------------
def stored(field: CustomField, value: object) -> object:
    """Return the JSON form of the cleaned Python `value` of `field` (see the head of this file); a blank one is None."""
    if value in _BLANK:
        return None
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        # + 0 makes minus zero a zero; normalising drops zeros at the end.
        return format((value + 0).normalize(), "f")
    if isinstance(value, list | tuple | set):
        chosen = {str(part) for part in value}
        return [option for option in field.options if option in chosen] + sorted(chosen.difference(field.options))
    return bool(value) if field.kind == Kind.CHECKBOX else str(value)


def read(cleaned_data: dict[str, object], fields: Iterable[CustomField] | dict[str, forms.Field]) -> dict[str, object]:
    """Return {key: JSON form or None} of those of `fields` (custom fields, or form fields of `form_fields`) that `cleaned_data` holds."""
    known = [made.custom_field for made in fields.values()] if isinstance(fields, dict) else fields
    return {field.key: stored(field, cleaned_data[form_name(field.key)]) for field in known if form_name(field.key) in cleaned_data}


def merged(before: dict[str, object] | None, found: dict[str, object]) -> dict[str, object]:
    """Return the `custom` of a record that was `before` and is now told `found` (from `read`): what is blank goes, what was not asked
    stays, and a box that was never ticked leaves no trace."""
    kept = dict(before or {})
    for key, value in found.items():
        if value in _BLANK:
            kept.pop(key, None)
        elif value is not False or key in kept:
            kept[key] = value
    return kept


def typed(field: CustomField, value: object) -> object:
    """Return the Python value of the JSON `value` of `field`: bool, date, aware datetime, Decimal, text, list of texts, or None; what
    cannot be read stays the text that it is."""
    if value in _BLANK:
        return None
    try:
        match field.kind:
            case Kind.DATE:
                return date.fromisoformat(str(value))
            case Kind.MOMENT:
                return datetime.fromisoformat(str(value)).astimezone(UTC)
            case Kind.NUMBER:
                return Decimal(str(value))
            case Kind.CHOICES if isinstance(value, list):
                return [str(part) for part in value]
            case Kind.CHECKBOX if isinstance(value, bool):
                return value
    except (ValueError, OverflowError, InvalidOperation):
        pass
    return str(value)


def shown(field: CustomField, value: object, style: Style | None = None) -> str:
    """Return the JSON `value` of `field` in words, written as `style` says where one is given; a blank one is an empty text."""
    found = typed(field, value)
    if found is None:
        return ""
    if isinstance(found, bool):
        return _("Yes") if found else _("No")
    if style and isinstance(found, date | Decimal):
        return _written(found, style)
    if isinstance(found, datetime):
        return date_format(timezone.localtime(found), "DATETIME_FORMAT")
    if isinstance(found, date):
        return date_format(found, "DATE_FORMAT")
    if isinstance(found, Decimal) and found.is_finite():
        return number_format(found, force_grouping=True)
    return ", ".join(found) if isinstance(found, list) else str(found)


def _written(value: date | Decimal, style: Style) -> str:
    if isinstance(value, datetime):
        return style.moment(value)
    return style.number(value) if isinstance(value, Decimal) else style.date(value)


def facts(record: Model, company_type: object, category: object, place: str = "") -> list[tuple[str, str]]:
    """Return (label, words) of what `record` (with a column `custom`) says in its custom fields: those that are asked, blank ones too,
    and those that are asked no more but hold a value."""
    entity = record._meta.model_name
    fields = [field for field in CustomField.objects.filter(entity=entity) if not place or field.place == place]
    present = {field.pk for field in of_these([field for field in fields if field.active], company_type, category)}
    values = record.custom or {}
    return [
        (field.label, shown(field, values.get(field.key)))
        for field in fields
        if field.pk in present or values.get(field.key) not in (*_BLANK, False)
    ]


# --- history ------------------------------------------------------------------------------------
def wording(model: type[Model]) -> Callable[[str, object], tuple[str, str]]:
    """Return a function (key, JSON value) -> (label, words) for the custom fields of `model`: one statement, however many values.

    A page of history calls this once; a key that no field has any more is its own label.
    """
    known = {field.key: field for field in CustomField.objects.filter(entity=model._meta.model_name)}

    def words(key: str, value: object) -> tuple[str, str]:
        if field := known.get(key):
            return field.label, shown(field, value)
        return key, "" if value in _BLANK else str(value)

    return words


def words_of(model: type[Model], key: str, value: object) -> tuple[str, str]:
    """Return (label, words) of one value of the custom field `key` of `model`; for many values take `wording` once."""
    return wording(model)(key, value)


# --- forms --------------------------------------------------------------------------------------
class CustomFieldsMixin:
    """The custom fields of the record of a DeskForm: `class EditContactForm(CustomFieldsMixin, ContactForm)`.

    They are fields of the form like any other (required, version check, error summary), and `instance.custom` holds their values once
    the form is valid. `prepare` places them: `self.custom_names` are their form names, in order. A client's form reads company type
    and category from what is posted, so that another category asks its own fields; of a contact the client's count.
    """

    custom_place: str = ""
    # A short form that adds a record asks only for what must be there.
    custom_required_only: bool = False
    custom_names: list[str]

    def extend(self) -> None:
        """Add the fields; DeskForm calls this before it notes what the form shows."""
        super().extend()
        fields = asked(self._meta.model._meta.model_name, *self.custom_about(), self.custom_place)
        made = fields_for([field for field in fields if field.required or not self.custom_required_only], self.instance.custom)
        self.custom_names = list(made)
        self.fields |= made
        self.initial |= {name: field.initial for name, field in made.items()}

    def custom_about(self) -> tuple[object, object]:
        """Return the company type and the category (records or keys) on which the fields depend."""
        client = getattr(self.instance, "client", None) or self.instance
        return self._posted("company_type", client.company_type_id), self._posted("category", client.category_id)

    def _posted(self, name: str, saved: int | None) -> int | None:
        if not self.is_bound or name not in self.fields:
            return saved
        text = str(self.data.get(self.add_prefix(name), ""))
        return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else None

    def custom_values(self) -> dict[str, object]:
        """Return the `custom` that the record gets, from the cleaned data."""
        return merged(self.instance.custom, read(self.cleaned_data, {name: self.fields[name] for name in self.custom_names}))

    def _post_clean(self) -> None:
        self.instance.custom = self.custom_values()
        super()._post_clean()
