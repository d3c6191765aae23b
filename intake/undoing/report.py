"""What an undo did, or would do: counts, and what stays with the reason. Names are looked up when it is read, so none are stored."""

from bisect import insort
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db.models import Model
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from clientdesk.consequences import Consequence
from clientdesk.history import words
from clientdesk.merging.followed import winners
from clientdesk.models import User
from clients import consequences
from clients.models import Client
from intake.hidden import hidden
from intake.undoing.written import clients_of, in_parts, written

LISTED = 200
# What others notice of a client: who comes into the portal with its status, by which hours clocks run in its branch.
NOTICED, MOST_NOTICED = ("status", "branch"), 5_000
EDITED, NEEDED, TAKEN, REFUSED, LOST, PRIMARY = "edited", "needed", "taken", "refused", "lost", "primary"
GONE, ERASED, HELD, MERGED = "gone", "erased", "held", "merged"


@dataclass(frozen=True)
class Why:
    """Why something stays: a word of those above; for an edit `by` whom and when (`at`), for a need `what` model needs it, for a value
    that is taken the model and the `key` of who has it, for a refusal its sentence."""

    word: str
    by: int | None = None
    at: str = ""
    what: str = ""
    key: int | None = None
    sentence: str = ""


@dataclass
class Report:
    """What was done so far. `deleted` counts records by model, `restored` records and `values` their fields that have their value of
    before again, `kept` what stays, `hidden` the records that the person may not see; `listed` is the beginning of what stays. `noticed`
    has by field and value the keys of the clients that get status or branch back, the first ones."""

    deleted: dict[str, int] = field(default_factory=dict)
    restored: int = 0
    values: int = 0
    kept: int = 0
    hidden: int = 0
    listed: list[dict[str, Any]] = field(default_factory=list)
    noticed: dict[str, dict[str, list[int]]] = field(default_factory=dict)

    @classmethod
    def read(cls, stored: dict[str, Any] | None) -> "Report":
        """Return the report that an import keeps, or an empty one."""
        stored = stored or {}
        return cls(**{name: stored[name] for name in cls.__dataclass_fields__ if name in stored})

    def stored(self) -> dict[str, Any]:
        """Return it as JSON."""
        return asdict(self)

    def goes(self, model: type[Model], keys: Iterable[int]) -> None:
        """Note that these records go."""
        if count := len(list(keys)):
            self.deleted[model._meta.label] = self.deleted.get(model._meta.label, 0) + count

    def comes_back(self, model: type[Model], pk: int, values: dict[str, object]) -> None:
        """Note which fields of a record get which stored value back."""
        self.values += len(values)
        for name in NOTICED if model is Client else ():
            if name in values:
                keys = self.noticed.setdefault(name, {}).setdefault(str(values[name]), [])
                if len(keys) < MOST_NOTICED:
                    insort(keys, pk)

    def stays(self, model: type[Model], pk: int, why: Why, fields: Iterable[str] = ()) -> None:
        """Note that a record stays, or that these of its fields do."""
        self.kept += 1
        if len(self.listed) < LISTED:
            self.listed.append({"of": model._meta.label, "pk": pk, "fields": sorted(fields), "why": asdict(why)})

    @property
    def is_empty(self) -> bool:
        """Whether nothing is done."""
        return not self.restored and not any(self.deleted.values())


@dataclass(frozen=True)
class Kept:
    """One thing that stays, as the page shows it."""

    name: str
    url: str
    kind: str
    fields: str
    reason: str


def counted(report: Report) -> list[tuple[str, int]]:
    """Return the label and number of the records that went, by kind; what belongs to another record is not counted by itself."""
    own = ("clients.Client", "contacts.Contact", "contacts.Office", "contacts.Department")
    found = [(apps.get_model(label)._meta.verbose_name_plural, report.deleted.get(label, 0)) for label in own]
    return [(_begin(str(label)), count) for label, count in found if count]


def means(report: Report, reader: User) -> list[Consequence]:
    """Return what it means for others that clients get status and branch of before again, of those that `reader` may see (XD11, JD10)."""
    statuses, branches = (report.noticed.get(name, {}) for name in NOTICED)
    given = [keys for by_value in (statuses, branches) for keys in by_value.values()]
    unseen = hidden({key for keys in given for key in keys}, reader)
    is_all = all(len(keys) < MOST_NOTICED for keys in given)
    return consequences.of_many(
        {status: [key for key in keys if key not in unseen] for status, keys in statuses.items()},
        {int(branch): [key for key in keys if key not in unseen] for branch, keys in branches.items()},
        is_all,
    )


def shown(report: Report, run: int, reader: User) -> list[Kept]:
    """Return what stays in words; what `reader` may not see is left out (XD33). `run` is the long run of the import."""
    people = User.objects.in_bulk({entry["why"]["by"] for entry in report.listed if entry["why"]["by"]})
    wanted: dict[str, set[int]] = {}
    for entry in report.listed:
        wanted.setdefault(entry["of"], set()).add(entry["pk"])
        if entry["why"]["key"]:
            wanted.setdefault(entry["why"]["what"], set()).add(entry["why"]["key"])
    names = {label: _names(apps.get_model(label), sorted(keys), run, reader) for label, keys in wanted.items()}
    found: list[Kept] = []
    for entry in report.listed:
        model, why = apps.get_model(entry["of"]), Why(**entry["why"])
        if (known := names[entry["of"]].get(entry["pk"])) is None:
            continue
        columns = [column for name in entry["fields"] if (column := _column(model, name))]
        labels = ", ".join(words.label_of(column) for column in columns)
        holder = names[why.what].get(why.key, ("", ""))[0] if why.key else ""
        found.append(Kept(*known, _begin(str(model._meta.verbose_name)), labels, sentence(why, people, holder)))
    return found


def _column(model: type[Model], name: str):
    return next((column for column in model._meta.concrete_fields if column.name == name), None)


def _names(model: type[Model], keys: list[int], run: int, reader: User) -> dict[int, tuple[str, str]]:
    """Return name and address of each record that `reader` may see; of one that is gone the name that the history kept."""
    owners = clients_of(model, keys)
    unseen = hidden(owners.values(), reader)
    found: dict[int, tuple[str, str]] = {}
    for some in in_parts(keys):
        for pk, record in model._base_manager.in_bulk(some).items():
            if owners.get(pk) not in unseen:
                address = getattr(record, "get_absolute_url", None)
                found[pk] = (str(record), address() if callable(address) else "")
    return found | {pk: (name, "") for pk, name in _gone(model, [key for key in keys if key not in owners], run, reader).items()}


def _gone(model: type[Model], keys: list[int], run: int, reader: User) -> dict[int, str]:
    """Return what records that are gone were called; not of one that was merged into a record that `reader` may not see."""
    led = winners(keys, model) if keys else {}
    owners = clients_of(model, led.values())
    unseen = hidden(owners.values(), reader)
    found: dict[int, str] = {}
    for some in in_parts(keys):
        for pk, one in written(run, model, some).items():
            if owners.get(led.get(pk, 0)) not in unseen:
                found[pk] = one.name
    return found


def sentence(why: Why, people: dict[int, User], holder: str = "") -> str:
    """Return why something stays, as a person reads it; `holder` is who has a value that is taken, blank where that is not to be told."""
    if why.word == EDITED:
        who = str(people.get(why.by or 0, "ClientDesk"))
        return _("%(who)s changed it on %(when)s.") % {"who": who, "when": _moment(why.at)} if why.at else _("It has another value by now.")
    if why.word == NEEDED:
        what = apps.get_model(why.what)._meta.verbose_name_plural
        return _("Something else needs it by now: %(what)s.") % {"what": what}
    if why.word == TAKEN and holder:
        return _("“%(holder)s” has the value of before by now.") % {"holder": holder}
    known = {
        TAKEN: _("Something else has the value of before by now."),
        PRIMARY: _("It is the primary contact, and other contact persons of the client stay. Make one of them the primary contact first."),
        GONE: _("It was deleted or merged since; there is nothing to give back."),
        ERASED: _("Its personal data were erased, and stay so."),
        HELD: _("A legal hold keeps it."),
        MERGED: _("Another record was merged into it since."),
        LOST: _("What it was before is in the settings no more."),
        REFUSED: why.sentence or _("The value of before is not possible any more."),
    }
    return known[why.word]


def _moment(text: str) -> str:
    found: datetime | None = parse_datetime(text)
    return date_format(timezone.localtime(found), "DATETIME_FORMAT") if found else text


def _begin(text: str) -> str:
    return text[:1].upper() + text[1:]
