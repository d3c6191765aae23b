"""Cells that only rows about people have: yes or no, languages, a place of the client by its name, the client itself."""

from copy import copy
from functools import cache
from typing import cast

from babel import Locale
from django.db.models import Field, Model
from django.forms import ModelForm
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from clientdesk.languages import language_choices
from clientdesk.words import name_key, search_key, tidy
from clients.models import Client
from contacts.models import Contact
from intake.cells import ChoiceWidget, FormFieldWidget, Stored, is_plain
from intake.countries import LANGUAGES
from intake.custom_columns import NO, YES

GENDER_WORDS = {
    "female": ["f", "w", "frau", "weiblich", "ms", "mrs", "miss", "madame", "mme", "femme", "mujer", "sra", "feminino", "donna", "woman"],
    "male": ["m", "herr", "maennlich", "männlich", "mr", "monsieur", "homme", "hombre", "sr", "masculino", "uomo", "man"],
    "other": ["x", "d", "divers", "diverse", "non-binary", "nonbinary", "autre", "otro", "outro"],
}


def gender_words() -> dict[str, str]:
    """Return {word: gender code}."""
    words = {search_key(word): code for code, known in GENDER_WORDS.items() for word in known}
    for code, label in Contact.Gender.choices:
        words |= {code: code, search_key(str(label)): code, str(label): code}
    return words


@cache
def _foreign_languages() -> dict[str, str]:
    words: dict[str, str] = {}
    for language in reversed(LANGUAGES):
        for code, name in Locale.parse(language).languages.items():
            if len(code) == 2 and code.isalpha():
                words[search_key(name)] = code
    return words


def language_words() -> dict[str, str]:
    """Return {word: ISO code} of languages: codes, and names in the languages that files come in and in the reader's."""
    offered = dict(language_choices())
    words = {word: code for word, code in _foreign_languages().items() if code in offered}
    for code, label in offered.items():
        words |= {code: code, search_key(label): code, label: code}
    return words


def yes_or_no() -> dict[str, str]:
    """Return {word: "yes" or "no"}."""
    words = dict.fromkeys(NO, "no") | dict.fromkeys(YES, "yes")
    for word, code in ((_("Yes"), "yes"), (_("No"), "no")):
        words |= {word: code, search_key(word): code}
    return words


class TickWidget(ChoiceWidget):
    """Yes or no, stored as true or false."""

    def __init__(self, form: type[ModelForm], key: str) -> None:
        super().__init__(form, key, yes_or_no, lazy("“%(value)s” is neither yes nor no. %(hint)s"))

    @property
    def blank(self) -> Stored:
        return False

    def load(self) -> None:
        self.known = self.words()
        self.labels = {"yes": _("Yes"), "no": _("No")}

    def quick(self, text: str) -> Stored:
        code = super().quick(text)
        return None if code is None else code == "yes"

    def thorough(self, text: str, country: str = "") -> Stored:
        return super().thorough(text) == "yes"

    def render(self, value: object, obj: object = None, **kwargs) -> str:
        return "" if value in (None, "") else _("Yes") if value else _("No")


class LanguagesWidget(FormFieldWidget):
    """Languages with commas between them, stored as their codes; each is read as the cell of one language is."""

    def __init__(self, form: type[ModelForm], key: str, one: ChoiceWidget) -> None:
        super().__init__(form, key)
        self.one = one

    @property
    def blank(self) -> Stored:
        return []

    def load(self) -> None:
        self.one.load()

    def quick(self, text: str) -> Stored:
        return None

    def thorough(self, text: str, country: str = "") -> Stored:
        found = [str(self.one.thorough(part)) for part in text.replace(";", ",").split(",") if part.strip()]
        return list(dict.fromkeys(found)) or None

    def render(self, value: object, obj: object = None, **kwargs) -> str:
        return ", ".join(self.one.render(code) for code in value) if isinstance(value, list) else ""


class PlaceWidget(FormFieldWidget):
    """A place of the client by its name, as the form of such a place takes it; `model_field` is where the contact keeps it."""

    def __init__(self, form: type[ModelForm], key: str) -> None:
        super().__init__(form, "name")
        self.name_field = self.model_field
        self.offered: list[str] = []
        self.model_field = cast("Field", Contact._meta.get_field(key))

    def thorough(self, text: str, country: str = "") -> Stored:
        cleaned = tidy(str(self.form_field.clean(text)))
        if not cleaned:
            return None
        self.name_field.run_validators(cleaned)
        return cleaned

    def at(self, client: Client | None) -> "PlaceWidget":
        """Return the widget of a sheet that is about `client`: it offers the places of that client in use."""
        made = copy(self)
        places = self.name_field.model._default_manager.filter(client=client, active=True) if client else []
        made.offered = [place.name for place in places]
        return made

    def allowed(self) -> list[str]:
        """Return the names of places that a drop-down list offers; any other may stand there, too."""
        return self.offered


class LinkWidget(FormFieldWidget):
    """A text by which the row's client is found: any text may stand there, and one that finds nobody is refused later."""

    def __init__(self, form: type[ModelForm], key: str) -> None:
        super().__init__(form, key)
        self.key = key

    def quick(self, text: str) -> Stored:
        return text if is_plain(text) else None

    def thorough(self, text: str, country: str = "") -> Stored:
        return tidy(text) or None

    def fold(self, text: str) -> str:
        """Return `text` as the database holds it where it compares."""
        return name_key(text) if self.key == "name" else text.lower() if self.key == "email" else text

    @property
    def column(self) -> str:
        """The field of the client by which it is found."""
        return "name_key" if self.key == "name" else self.key


def text_of(record: Model, key: str) -> Stored:
    """Return the stored form of one value of a contact, as the stage holds it: places by their names."""
    if key == "office":
        return str(record.default_office.name) if record.default_office_id else None
    if key == "department":
        return str(record.department.name) if record.department_id else None
    if key in {"position", "lead_source"}:
        return getattr(record, f"{key}_id")
    value = getattr(record, key)
    return value if value is None or isinstance(value, bool | int | list) else str(value)
