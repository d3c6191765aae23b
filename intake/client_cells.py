"""Cells that rows about clients have beside plain texts: days, amounts, members of staff, several entries in one cell."""

import re
from collections import Counter
from copy import copy
from datetime import date, datetime
from decimal import Decimal
from typing import cast

from django.core.exceptions import ValidationError
from django.db.models import DecimalField
from django.forms import ModelForm
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from clientdesk.models import User
from clientdesk.words import search_key, tidy
from intake.cells import FormFieldWidget, Stored, closest, one_of, shown
from intake.references import ReferenceWidget
from intake.written import plain_amount, plain_day

# What parts the entries of one cell, the surest first (XD20).
SEPARATORS = ("\n", ";", ",")


class DayWidget(FormFieldWidget):
    """A day, stored as 2026-11-30; what a column means by 09/01/08 is decided for the whole column."""

    def quick(self, text: str) -> Stored:
        return None

    def thorough(self, text: str, country: str = "") -> Stored:
        found = self.form_field.clean(plain_day(text, self.reading))
        return found.isoformat() if found else None

    def render(self, value: object, obj: object = None, **kwargs) -> str:
        return date_format(date.fromisoformat(str(value)), "DATE_FORMAT") if value else ""

    def write(self, value: object) -> str:
        return str(value or "")


class AmountWidget(FormFieldWidget):
    """An amount of money, stored with as many decimals as the database keeps."""

    def quick(self, text: str) -> Stored:
        return None

    def thorough(self, text: str, country: str = "") -> Stored:
        found = self.form_field.clean(plain_amount(text, self.reading))
        return None if found is None else self.render(found)

    def render(self, value: object, obj: object = None, **kwargs) -> str:
        if value is None or value == "":
            return ""
        exact = Decimal(1).scaleb(-cast("DecimalField", self.model_field).decimal_places)
        # A zero has no sign.
        return format(Decimal(str(value)).quantize(exact) + 0, "f")


class LinesWidget(FormFieldWidget):
    """Short texts, one a line or with semicolons or commas between them; stored one a line, each once."""

    def quick(self, text: str) -> Stored:
        return None

    def thorough(self, text: str, country: str = "") -> Stored:
        parts = (tidy(part) for part in (text.splitlines() if "\n" in text else re.split("[;,]", text)))
        return super().thorough("\n".join(dict.fromkeys(part for part in parts if part)))


class StaffWidget(ReferenceWidget):
    """A member of staff, by e-mail address or full name; who was deactivated stays and cannot be chosen anew."""

    def __init__(self, form: type[ModelForm], key: str) -> None:
        super().__init__(form, key, "")
        self.namesakes: set[str] = set()
        self.full_names: dict[int, str] = {}

    def load(self) -> None:
        people = list(User.objects.exclude(role="").order_by("last_name", "first_name", "pk"))
        self.full_names = {person.pk: str(person) for person in people}
        often = Counter(map(search_key, self.full_names.values()))
        self.namesakes = {name for name, number in often.items() if number > 1}
        self.names = {person.pk: person.email if search_key(str(person)) in self.namesakes else str(person) for person in people}
        self.barred = {person.pk: _deactivated(str(person)) for person in people if not person.is_active}
        self.known = {search_key(name): pk for pk, name in self.names.items()} | {search_key(one.email): one.pk for one in people}
        self.known |= {name: pk for pk, name in self.names.items()}

    def thorough(self, text: str, country: str = "") -> Stored:
        key = search_key(tidy(text))
        last, comma, first = key.partition(",")
        turned = f"{first.strip()} {last.strip()}" if comma else key
        if (pk := self.known.get(key, self.known.get(turned))) is not None:
            return pk
        if {key, turned} & self.namesakes:
            sentence = _("Several members of staff are called “%(value)s”. Write the e-mail address.")
            raise ValidationError(sentence % {"value": shown(text)}, code="unknown")
        sentence = _("“%(value)s” is no member of staff. %(hint)s")
        raise ValidationError(sentence % {"value": shown(text), "hint": self.hint(text)}, code="unknown")

    def called(self, pk: int) -> str:
        return self.full_names.get(pk, "")

    def hint(self, text: str) -> str:
        close = self.suggestion(text)
        return _("Use “%(word)s”.") % {"word": close} if close else one_of(self.allowed())

    def suggestion(self, text: str) -> str:
        names = {search_key(name): name for pk, name in self.names.items() if pk not in self.barred}
        return names.get(closest(search_key(tidy(text)), names), "")


class SeveralWidget(FormFieldWidget):
    """Several entries in one cell, each read as `one`; stored as their keys in order."""

    def __init__(self, form: type[ModelForm], key: str, one: ReferenceWidget) -> None:
        super().__init__(form, key)
        self.one = one

    def __deepcopy__(self, memo: dict) -> "SeveralWidget":
        made = copy(self)
        made.one = copy(self.one)
        return made

    @property
    def blank(self) -> Stored:
        return []

    def load(self) -> None:
        self.one.by = self.by
        self.one.load()

    def quick(self, text: str) -> Stored:
        found = self.one.quick(text)
        return [found] if isinstance(found, int) else None

    def thorough(self, text: str, country: str = "") -> Stored:
        return sorted({cast("int", self.one.thorough(part)) for part in self._parts(text)}) or None

    def allowed(self) -> list[str]:
        """Return the entries that a drop-down list offers; several of them may stand there, too."""
        return self.one.allowed()

    def suggestion(self, text: str) -> str:
        """Return what a cell of one entry surely means, or an empty text."""
        return self.one.suggestion(text)

    def was_called(self, value: Stored, text: str, since: datetime) -> bool:
        left = list(value) if isinstance(value, list) else []
        parts = [part.strip() for part in text.split("; " if "; " in text else ", ")]
        for part in parts:
            known = next((pk for pk in left if self.one.called(pk) == part or self.one.was_called(pk, part, since)), None)
            if known is None:
                return False
            left.remove(known)
        return not left

    def _parts(self, text: str) -> list[str]:
        """Return the entries of a cell: an entry whose own name holds a separator stays whole where the others allow it."""
        for least in range(len(SEPARATORS) + 1):
            parts = re.split(f"[{''.join(SEPARATORS[:least])}]", text) if least else [text]
            parts = [part.strip() for part in parts if part.strip()]
            if least == len(SEPARATORS) or all(self._is_known(part) for part in parts):
                return parts
        return []

    def _is_known(self, part: str) -> bool:
        try:
            self.one.thorough(part)
        except ValidationError:
            return False
        return True

    def render(self, value: object, obj: object = None, **kwargs) -> str:
        if not isinstance(value, list):
            return ""
        names = sorted(filter(None, (self.one.render(pk) for pk in value)), key=str.casefold)
        return ("; " if any("," in name for name in names) else ", ").join(names)


def _deactivated(name: str) -> str:
    return _("“%(value)s” is deactivated. Choose an active member of staff.") % {"value": shown(name)}
