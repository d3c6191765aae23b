"""What each access level means for one contact, in words and in the numbers of today (X54 to X57, design.md S4)."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from clientdesk.lists import count_text, counts
from contacts.models import Contact
from jobs.models import Item, Job, Project, Quote
from portal.choices import Level
from portal.models import ContactAccess
from portal.visibility import VIEW, in_scope, visible

_KINDS: dict[str, type[Item]] = {"quotes": Quote, "projects": Project, "jobs": Job}
_WORDS = {"quotes": gettext_lazy("Quotes"), "projects": gettext_lazy("Projects"), "jobs": gettext_lazy("Jobs")}


@dataclass(frozen=True)
class Meaning:
    """One level: what of its client's work the contact sees with it, how much that is today, and whether it can be nothing at all."""

    level: Level
    sentence: str
    today: str = ""
    empty: bool = False


def meanings(contact: Contact) -> dict[Level, Meaning]:
    """Return what each level means for `contact`, in the order of the levels; all numbers in one statement."""
    offices = [office.name for office in contact.offices.active()]
    scopes = {
        f"{level} {name}": in_scope(kind.objects, ContactAccess(contact=contact, level=level)).published()
        for level in Level
        for name, kind in _KINDS.items()
    }
    found = counts(scopes)
    return {level: _meaning(contact, level, offices, {name: found[f"{level} {name}"] for name in _KINDS}) for level in Level}


def _meaning(contact: Contact, level: Level, offices: list[str], numbers: dict[str, int]) -> Meaning:
    if level == Level.DEPARTMENT and contact.department_id is None:
        return Meaning(level, _("Nothing: this person has no department. Choose one in the main data."), empty=True)
    if level == Level.ALL_OFFICES and not offices:
        return Meaning(level, _("Nothing: none of the offices of this person is in use."), empty=True)
    sentences = {
        Level.ONLY_RELATED: _("What names this person as a contact person, in the default office %(office)s."),
        Level.DEPARTMENT: _("Everything of the department %(department)s, in every office."),
        Level.DEFAULT_OFFICE: _("Everything of the default office %(office)s."),
        Level.ALL_OFFICES: _("Everything of these offices: %(offices)s."),
    }
    shown = {"office": contact.default_office.name, "offices": ", ".join(offices), "department": contact.department}
    return Meaning(level, sentences[level] % shown, _today(numbers))


def _today(numbers: dict[str, int]) -> str:
    words = {name: count_text(number) for name, number in numbers.items()}
    shown = {
        "quotes": ngettext("%(count)s quote", "%(count)s quotes", numbers["quotes"]) % {"count": words["quotes"]},
        "projects": ngettext("%(count)s project", "%(count)s projects", numbers["projects"]) % {"count": words["projects"]},
        "jobs": ngettext("%(count)s job", "%(count)s jobs", numbers["jobs"]) % {"count": words["jobs"]},
    }
    return _("Today that is %(quotes)s, %(projects)s and %(jobs)s.") % shown


def seen_now(access: ContactAccess) -> list[tuple[str | Promise, str]]:
    """Return, for each kind of work, its name and how many of it the contact sees now; blank where it is hidden. One statement."""
    open_kinds = {name: kind for name, kind in _KINDS.items() if access.may(VIEW[kind])}
    found = counts({name: visible(kind.objects, access) for name, kind in open_kinds.items()})
    return [(_WORDS[name], count_text(found[name]) if name in found else "") for name in _KINDS]
