"""Values of the history in words: names behind keys, lists entry by entry, custom fields by their label."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal

from django.conf import settings
from django.db.models import BooleanField, DateField, DateTimeField, DecimalField, Field, FileField, ForeignKey, JSONField, Model, QuerySet
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.formats import date_format, number_format
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from phonenumber_field.modelfields import PhoneNumberField

from clientdesk.countries import country_name
from clientdesk.history.values import restored
from clientdesk.languages import language_name

Names = dict[type[Model], dict[object, str]]
Pair = tuple[str, str, str]
Seen = Mapping[type[Model], QuerySet]
_ORDER = {"type": 0, "address": 1, "url": 1, "number": 1}


def label_of(column: Field) -> str:
    """Return the label of `column` as a sentence begins."""
    text = str(column.verbose_name)
    text = text[:1].upper() + text[1:]
    # Both addresses of a client have a street and a city.
    return _("%(label)s (correspondence address)") % {"label": text} if column.name.startswith("post_") else text


def names_behind(wanted: dict[type[Model], set], seen: Seen | None = None) -> Names:
    """Return what the records of the `wanted` keys are called, in one statement per table; of a model in `seen` only those there."""
    seen = seen or {}
    return {
        model: {pk: str(record) for pk, record in seen.get(model, model._default_manager.all()).in_bulk(keys).items()}
        for model, keys in wanted.items()
        if keys
    }


class Words:
    """Words for the values of one model's columns; `names` holds the names behind keys, `own` the words of single columns."""

    def __init__(self, model: type[Model], names: Names, own: dict[str, Callable[[object], str]] | None = None) -> None:
        self.model = model
        self.names = names
        self.own = own or {}
        self._custom: Callable[[str, object], tuple[str, str]] | None = None

    def lines(self, column: Field, old: object, new: object) -> list[Pair]:
        """Return (label, old, new) of a change: one line, for custom fields one each; lists tell only what came and what went."""
        if isinstance(column, JSONField) and (isinstance(old, dict) or isinstance(new, dict)):
            return self._keys(old if isinstance(old, dict) else {}, new if isinstance(new, dict) else {})
        if isinstance(column, JSONField):
            before, after = _entries(column, old), _entries(column, new)
            went, came = [text for text in before if text not in after], [text for text in after if text not in before]
            moved = not went and not came
            return [(label_of(column), ", ".join(before if moved else went), ", ".join(after if moved else came))]
        return [(label_of(column), self.words(column, old), self.words(column, new))]

    def custom(self, key: str, value: object) -> tuple[str, str]:
        """Return label and words of one custom field."""
        if self._custom is None:
            self._custom = import_string(settings.HISTORY_WORDS)(self.model)
        return self._custom(key, value)

    def _keys(self, old: dict, new: dict) -> list[Pair]:
        keys = [key for key in dict.fromkeys([*old, *new]) if old.get(key) != new.get(key)]
        return [(self.custom(key, None)[0], self.custom(key, old.get(key))[1], self.custom(key, new.get(key))[1]) for key in keys]

    def words(self, column: Field, value: object) -> str:
        """Return `value`, as the history keeps it for `column`, in words; blank ones are an empty text."""
        if value is None or value == "":
            return ""
        if column.name in self.own:
            return self.own[column.name](value)
        if isinstance(column, ForeignKey):
            return self.names.get(column.related_model, {}).get(value, _("deleted, no. %(key)s") % {"key": value})
        if isinstance(column, JSONField):
            if isinstance(value, dict):
                return ", ".join(": ".join(self.custom(key, part)) for key, part in value.items())
            return ", ".join(_entries(column, value))
        return _plain(column, value)


def _plain(column: Field, value: object) -> str:
    if isinstance(column, BooleanField):
        return _("Yes") if value else _("No")
    if column.name.endswith("country"):
        return country_name(str(value))
    if column.name == "language":
        return language_name(str(value))
    if column.choices:
        return str(dict(column.flatchoices).get(value, value))
    if isinstance(column, PhoneNumberField):
        return getattr(column.to_python(value), "as_international", "") or str(value)
    if isinstance(column, DateTimeField):
        moment = restored(column, str(value))
        return date_format(timezone.localtime(moment), "DATETIME_FORMAT")
    if isinstance(column, DateField):
        day = value if isinstance(value, date) else parse_date(str(value))
        return date_format(day, "DATE_FORMAT") if day else str(value)
    if isinstance(column, DecimalField):
        return number_format(Decimal(str(value)), force_grouping=True)
    # The names of stored files are the server's own and say nothing.
    return _("File") if isinstance(column, FileField) else str(value)


def _entries(column: Field, value: object) -> list[str]:
    if not isinstance(value, Iterable) or isinstance(value, str | dict):
        return []
    return [language_name(str(one)) if column.name == "mother_tongues" else _entry(one) for one in value]


def _entry(value: object) -> str:
    """Return one entry of a list, such as {"address": "a@b.example", "cc": true}: its texts, and the names of what is ticked."""
    if not isinstance(value, dict):
        return str(value)
    ticked = {"cc": _("gets copies")}
    # PostgreSQL orders keys in its own way.
    keys = sorted(value, key=lambda key: (_ORDER.get(key, len(_ORDER)), key))
    texts = [str(value[key]) for key in keys if (part := value[key]) is not None and part != "" and not isinstance(part, bool)]
    flags = [ticked.get(key, key) for key, part in value.items() if part is True]
    shown = " · ".join(texts)
    return f"{shown} ({', '.join(flags)})" if flags else shown
