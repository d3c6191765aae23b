"""Cells that name an entry of a settings list, as the browser form offers it to the person who imports."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.forms import ModelForm
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from clientdesk.words import name_key
from clients.models import Category, Client, CompanyType
from intake.cells import FormFieldWidget, Stored, closest, one_of, shown
from intake.former_words import Former, former_words


class ReferenceWidget(FormFieldWidget):
    """An entry of a settings list, by its name or code; stored as its primary key. `barred` are those that nobody may choose anew,
    with the reason."""

    def __init__(self, form: type[ModelForm], key: str, sentence: str, by_code: bool = False) -> None:
        super().__init__(form, key)
        self.sentence = sentence
        self.by_code = by_code
        self.known: dict[str, int] = {}
        self.names: dict[int, str] = {}
        self.barred: dict[int, str] = {}
        self.former: dict[str, Former] | None = None

    def load(self) -> None:
        entries = list(self.model_field.related_model.objects.all())
        codes = {name_key(entry.code): entry.pk for entry in entries if entry.code} if self.by_code else {}
        # A name wins over another entry's code.
        self.known = codes | {entry.name_key: entry.pk for entry in entries}
        self.names = {entry.pk: entry.name for entry in entries}
        self.barred = self.bar(entries) | {entry.pk: inactive(entry.name) for entry in entries if not entry.active}
        self.known |= {entry.name: entry.pk for entry in entries}
        self.former = None

    def bar(self, entries: list) -> dict[int, str]:
        """Return which of `entries` may not be chosen although they are active, each with the reason."""
        return {}

    def quick(self, text: str) -> Stored:
        return self.known.get(text)

    def thorough(self, text: str, country: str = "") -> Stored:
        if (pk := self.known.get(name_key(text))) is not None:
            return pk
        hint = self.hint(text)
        raise ValidationError(str(self.sentence) % {"value": shown(text), "hint": hint}, code="unknown")

    def hint(self, text: str) -> str:
        """Return what to write instead of `text`, which is no entry (any more)."""
        former, close = self._before(text), self.suggestion(text)
        if former and self._renamed(text):
            return _("It was renamed since. Use “%(word)s”.") % {"word": close}
        use = _("Use “%(word)s”.") % {"word": close} if close else one_of(self.allowed())
        if former and former.pk not in self.names:
            return _("It was deleted on %(day)s. %(hint)s") % {"day": date_format(localtime(former.when), "DATE_FORMAT"), "hint": use}
        return use

    def _before(self, text: str) -> Former | None:
        # Asked only where a text is no entry.
        if self.former is None:
            self.former = former_words(self.model_field.related_model)
        return self.former.get(name_key(text))

    def _renamed(self, text: str) -> str:
        former = self._before(text)
        return self.names.get(former.pk, "") if former and former.pk not in self.barred else ""

    def suggestion(self, text: str) -> str:
        if renamed := self._renamed(text):
            return renamed
        names = {name_key(self.names[pk]): pk for pk in self.names if pk not in self.barred}
        close = closest(name_key(text), names)
        return self.names[names[close]] if close else ""

    def was_called(self, value: Stored, text: str, since: datetime) -> bool:
        """Say whether the entry `value` was called `text` after `since` and is called otherwise now."""
        former = self._before(text)
        return former is not None and former.pk == value and former.when >= since

    def allowed(self) -> list[str]:
        """Return the names of the entries that may be chosen, as a drop-down list offers them."""
        return [name for pk, name in self.names.items() if pk not in self.barred]

    def called(self, pk: int) -> str:
        """Return what the entry `pk` is called in the history."""
        return self.names.get(pk, "")

    def render(self, value: object, obj: object = None, **kwargs) -> str:
        if value is None or value == "":
            return ""
        return str(value) if hasattr(value, "pk") else self.names.get(int(value), "")


class CategoryWidget(ReferenceWidget):
    """A category that the person who imports may give (S11, SD4)."""

    def bar(self, entries: list[Category]) -> dict[int, str]:
        if self.by is None:
            return {}
        usable = set(Category.objects.usable_by(self.by).values_list("pk", flat=True))
        sentence = _("The category “%(value)s” is for others to give. Choose one that you may use, or ask an administrator.")
        return {entry.pk: sentence % {"value": shown(entry.name)} for entry in entries if entry.pk not in usable}


class CompanyTypeWidget(ReferenceWidget):
    """A company type that fits clients of one kind (S10)."""

    kind = Client.Kind.CORPORATE

    def bar(self, entries: list[CompanyType]) -> dict[int, str]:
        sentence = self.bar_sentence()
        return {entry.pk: sentence % {"value": shown(entry.name)} for entry in entries if not entry.fits_kind(self.kind)}

    def bar_sentence(self) -> str:
        """Return why a type of the other kind cannot be chosen."""
        return _("“%(value)s” is a type of individual clients. Choose one for corporate clients.")


class PersonTypeWidget(CompanyTypeWidget):
    """A company type that fits individual clients."""

    kind = Client.Kind.INDIVIDUAL

    def bar_sentence(self) -> str:
        return _("“%(value)s” is a type of corporate clients. Choose one for individual clients.")


def inactive(name: str) -> str:
    """Return why an entry that is no longer offered cannot be chosen (X14, X41)."""
    return _("“%(value)s” is inactive. Choose an active entry.") % {"value": shown(name)}
