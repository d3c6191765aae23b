"""The table of rights, areas x actions, as forms and pages show it (X63, X64)."""

from collections.abc import Iterable
from dataclasses import dataclass

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal import rights
from portal.rights import ACTIONS, AREAS, Right

NOTES = {
    "QUOTES": gettext_lazy("Prices and files of offers"),
    "PROJECTS": gettext_lazy("Progress and deadlines"),
    "JOBS": gettext_lazy("Single tasks and requests"),
    "FILES": gettext_lazy("Source files and deliveries"),
    "INVOICES": gettext_lazy("Amounts and payment state"),
    "COLLEAGUES": gettext_lazy("Contact persons of the same client"),
    "COMPANY": gettext_lazy("Names and addresses of the client"),
    "REPORTS": gettext_lazy("Figures about jobs and times"),
}
# The contact's side of deciding quotes is a switch of its own, not a cell.
OF_CONTACTS = tuple(action for action in ACTIONS if action != "DECIDE")
OF_CLIENTS = tuple(ACTIONS)


@dataclass(frozen=True)
class Cell:
    """One cell: the right it stands for (none: the cell makes no sense), whether it is held, whether the client lacks it, and the id
    of its box."""

    right: Right | None
    label: str
    held: bool = False
    locked: bool = False
    box: str = ""
    views: bool = False

    @property
    def name(self) -> str:
        """What the box sends."""
        return str(self.right.name) if self.right is not None else ""


@dataclass(frozen=True)
class Line:
    """One row: an area, what it is about, and its cells."""

    area: str
    label: str | Promise
    note: str | Promise
    cells: list[Cell]


def lines(held: Right, possible: Right, actions: Iterable[str]) -> list[Line]:
    """Return the table of `held` with a column for each of `actions`; what is not `possible` is locked."""
    found, boxes = [], 0
    for area, label in AREAS.items():
        cells = []
        for action in actions:
            right = rights.of(area, action)
            if right is None:
                cells.append(Cell(None, str(ACTIONS[action])))
                continue
            locked = right not in possible
            box = "" if locked else f"id_rights_{boxes}"
            boxes += not locked
            cells.append(Cell(right, rights.label(right), right in held, locked, box, action == "VIEW"))
        found.append(Line(area, label, NOTES[area], cells))
    return found


def heads(actions: Iterable[str]) -> list[str | Promise]:
    """Return the words over the columns of `actions`."""
    return [ACTIONS[action] for action in actions]


class RightsField(forms.MultipleChoiceField):
    """The ticked boxes of the table. Its value is a number of rights; it refuses what is not `possible`, and an area in which
    something may be done that cannot be viewed."""

    def __init__(self, *, actions: Iterable[str], **kwargs) -> None:
        self.actions = tuple(actions)
        self.possible = ~rights.NONE
        self.whose = ""
        cells = [right for area in AREAS for action in self.actions if (right := rights.of(area, action)) is not None]
        super().__init__(
            choices=[(str(right.name), rights.label(right)) for right in cells],
            required=False,
            label=gettext_lazy("Rights in the portal"),
            widget=forms.CheckboxSelectMultiple,
            error_messages={"invalid_choice": gettext_lazy("“%(value)s” is no right of the portal.")},
            **kwargs,
        )

    def clean(self, value: object) -> int:
        """Return the chosen rights as a number."""
        chosen = rights.named(super().clean(value))
        if refused := chosen & ~self.possible:
            sentence = _("Not allowed for %(client)s: %(rights)s. Change the portal rights of the client first.")
            raise ValidationError(sentence % {"client": self.whose, "rights": rights.in_words(refused)})
        if idle := rights.without_view(chosen):
            raise ValidationError(_("Tick View as well, or untick: %(rights)s.") % {"rights": rights.in_words(idle)})
        return int(chosen)
