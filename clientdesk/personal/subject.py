"""One person of whom we hold data: the records that are this person, and how the person is named in others."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from importlib import import_module
from types import ModuleType
from urllib.parse import quote, quote_plus

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db.models import ForeignKey, Model, Q, QuerySet
from django.utils import timezone
from django.utils.formats import date_format

from clientdesk.history.values import stored, tracked
from clientdesk.history.words import Words, label_of, names_behind
from clientdesk.models import Change
from clientdesk.words import email_key, search_key, tidy

# Shorter names would be found in too many texts that mean somebody else.
_SHORTEST = 5


@dataclass
class Subject:
    """One person, seen from the client or contact `record` that it is.

    `records` are the keys, by model, of every record that is this person (a merged client, its contact, the portal user), also of those
    that are gone. `emails`, `phones` and `names` are how the person is or was called, whole names only. In `found` a part keeps what it
    searched large tables for, so that one request searches once.
    """

    record: Model
    pseudonym: str
    records: dict[type[Model], set[int]] = field(default_factory=lambda: defaultdict(set))
    emails: set[str] = field(default_factory=set)
    phones: set[str] = field(default_factory=set)
    names: set[str] = field(default_factory=set)
    found: dict[str, list] = field(default_factory=dict)

    def is_called(self, names: Iterable[object] = (), emails: Iterable[object] = (), phones: Iterable[object] = ()) -> None:
        """Note how the person is or was called; blank values are left out."""
        self.names |= {text for name in names if (text := tidy(str(name or "")))}
        self.emails |= {text for email in emails if "@" in (text := str(email or "").strip())}
        self.phones |= {text for phone in phones if len(text := str(phone or "")) >= _SHORTEST}

    def is_named_in(self, text: str) -> bool:
        """Say whether `text` holds an address, a phone number or a whole name of the person, in any case and any encoding of ours."""
        folded = search_key(text)
        return any(sign in folded for sign in self.signs)

    @property
    def signs(self) -> list[str]:
        """The folded texts by which the person is recognised in texts of others; also as an address of the web writes them."""
        plain = {search_key(text) for text in (*self.emails, *self.phones, *self.names) if len(text) >= _SHORTEST}
        coded = {search_key(coder(text)) for text in (*self.emails, *self.phones, *self.names) for coder in (quote, quote_plus)}
        return sorted(plain | {text for text in coded if len(text) >= _SHORTEST})

    @property
    def email_keys(self) -> set[str]:
        """The keys by which addresses are equal."""
        return {email_key(email) for email in self.emails}

    def changes(self) -> QuerySet[Change]:
        """Return the history of every record that is this person, and of what hangs on them."""
        wanted = Q(pk=None)
        for model, keys in self.records.items():
            kind = ContentType.objects.get_for_model(model)
            wanted |= Q(content_type=kind, object_id__in=keys) | Q(of_type=kind, of_id__in=keys, of_id__isnull=False)
        return Change.objects.filter(wanted).order_by("id")


@dataclass(frozen=True)
class Held:
    """A part of the dossier: what it is, and rows of (label, words). Rows with long texts are `listed` one beneath the other."""

    key: str
    title: str
    rows: list[list[tuple[str, str]]]
    listed: bool = False

    @property
    def is_table(self) -> bool:
        """Whether the rows fit a table: all share their labels."""
        return not self.listed and len(self.rows) > 1 and len({tuple(label for label, _words in row) for row in self.rows}) == 1


def modules() -> Iterator[ModuleType]:
    """Yield the modules that settings.PERSONAL_PARTS names."""
    for path in settings.PERSONAL_PARTS:
        yield import_module(path)


def person(record: Model, pseudonym: str) -> Subject:
    """Return everything that is known of who `record` is."""
    subject = Subject(record, pseudonym)
    for module in modules():
        if reach := getattr(module, "reach", None):
            reach(subject)
    return subject


def dossier(subject: Subject) -> list[Held]:
    """Return everything held about `subject`, table by table; empty ones are left out."""
    found: list[Held] = []
    for module in modules():
        if held := getattr(module, "held", None):
            found += [table for table in held(subject) if table.rows]
    return found


def learn(subject: Subject, model: type[Model], names: Iterable[str] = (), emails: Iterable[str] = (), phones: Iterable[str] = ()) -> None:
    """Note how the person was called before, from the history of its records of `model`; the arguments are names of columns."""
    kind = ContentType.objects.get_for_model(model)
    told = Change.objects.filter(content_type=kind, object_id__in=subject.records.get(model, ())).values_list("changes", flat=True)
    for changes in told:
        for method, columns in (("names", names), ("emails", emails), ("phones", phones)):
            values = [value for column in columns for value in (changes or {}).get(column) or []]
            subject.is_called(**{method: [value for value in values if isinstance(value, str)]})


def facts(record: Model, but: Iterable[str] = ()) -> list[tuple[str, str]]:
    """Return (label, words) of what `record` says, for the dossier: every column of its history that is not blank, custom fields by
    label."""
    columns = [column for column in tracked(type(record)) if column.name not in {"id", *but}]
    wanted: dict[type[Model], set] = defaultdict(set)
    for column in columns:
        if isinstance(column, ForeignKey) and (key := getattr(record, column.attname)):
            wanted[column.related_model].add(key)
    words, found = Words(type(record), names_behind(wanted)), []
    for column in columns:
        value = stored(column, getattr(record, column.attname))
        if isinstance(value, dict):
            found += [words.custom(key, part) for key, part in value.items()]
        else:
            found.append((label_of(column), words.words(column, value)))
    return [(label, text) for label, text in found if text]


def moment(value: object) -> str:
    """Return a moment in words, or an empty text."""
    return date_format(timezone.localtime(value), "DATETIME_FORMAT") if isinstance(value, datetime) else ""
