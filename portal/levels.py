"""What each access level means for one contact, in words (X54 to X57, design.md S4)."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from contacts.models import Contact
from portal.choices import Level


@dataclass(frozen=True)
class Meaning:
    """One level: what of it the contact sees, or with `empty` why it sees nothing, and how much that is today."""

    level: Level
    sentence: str
    empty: bool = False
    today: str = ""


def meanings(contact: Contact) -> list[Meaning]:
    """Return what each level means for `contact`, in the order of the levels."""
    offices = [office.name for office in contact.offices.active()]
    shown = {"office": contact.default_office.name, "offices": ", ".join(offices), "department": contact.department}
    said = {
        Level.ONLY_RELATED: _("What names this person as a contact person, in the default office %(office)s."),
        Level.DEPARTMENT: _("Everything of the department %(department)s, in every office."),
        Level.DEFAULT_OFFICE: _("Everything of the default office %(office)s."),
        Level.ALL_OFFICES: _("Everything of these offices: %(offices)s."),
    }
    found = []
    for level, sentence in said.items():
        if level == Level.DEPARTMENT and contact.department_id is None:
            found.append(Meaning(level, _("Nothing: this person has no department. Choose one in the main data."), empty=True))
        elif level == Level.ALL_OFFICES and not offices:
            found.append(Meaning(level, _("Nothing: none of the offices of this person is in use."), empty=True))
        else:
            found.append(Meaning(level, sentence % shown))
    return found
