"""What a contact may do in the portal: areas x actions as one set of flags (domain.md 8.4).

The client holds what it may do as a whole, the contact what it was given; what counts is both together, computed on each
request and never stored (invariant 8). The numbers are stored: a flag keeps its bit for ever.
"""

from collections.abc import Iterable
from enum import IntFlag

from django.apps import apps
from django.conf import settings
from django.utils.translation import gettext_lazy as _


class Right(IntFlag):
    """One thing that a client or a contact may do in the portal."""

    QUOTES_VIEW = 1 << 0
    QUOTES_ADD = 1 << 1
    QUOTES_DOWNLOAD = 1 << 2
    # The client's side of deciding; the contact's side is ContactAccess.may_decide_quotes, there is no third switch.
    QUOTES_DECIDE = 1 << 3
    PROJECTS_VIEW = 1 << 4
    PROJECTS_DOWNLOAD = 1 << 5
    JOBS_VIEW = 1 << 6
    JOBS_ADD = 1 << 7
    JOBS_EDIT = 1 << 8
    JOBS_CANCEL = 1 << 9
    FILES_VIEW = 1 << 10
    FILES_ADD = 1 << 11
    FILES_EDIT = 1 << 12
    FILES_DOWNLOAD = 1 << 13
    INVOICES_VIEW = 1 << 14
    INVOICES_DOWNLOAD = 1 << 15
    COLLEAGUES_VIEW = 1 << 16
    COLLEAGUES_ADD = 1 << 17
    COLLEAGUES_EDIT = 1 << 18
    COMPANY_VIEW = 1 << 19
    COMPANY_EDIT = 1 << 20
    REPORTS_VIEW = 1 << 21
    REPORTS_DOWNLOAD = 1 << 22


NONE = Right(0)

AREAS = {
    "QUOTES": _("Quotes"),
    "PROJECTS": _("Projects"),
    "JOBS": _("Jobs"),
    "FILES": _("Files"),
    "INVOICES": _("Invoices"),
    "COLLEAGUES": _("Colleagues"),
    "COMPANY": _("Company data"),
    "REPORTS": _("Reports"),
}
ACTIONS = {"VIEW": _("View"), "ADD": _("Add"), "EDIT": _("Edit"), "DOWNLOAD": _("Download"), "CANCEL": _("Cancel"), "DECIDE": _("Decide")}

# The preset that an invited contact gets when nobody chose rights for it (decisions 12 and 17).
MEMBER = (
    Right.QUOTES_VIEW
    | Right.QUOTES_ADD
    | Right.PROJECTS_VIEW
    | Right.JOBS_VIEW
    | Right.JOBS_ADD
    | Right.FILES_VIEW
    | Right.FILES_DOWNLOAD
    | Right.COLLEAGUES_VIEW
)


def label(right: Right) -> str:
    """Return the words of one right, such as “Jobs: Cancel”."""
    area, _sign, action = str(right.name).partition("_")
    return f"{AREAS[area]}: {ACTIONS[action]}"


def in_words(held: Right) -> str:
    """Return the words of each right of `held`, joined by commas."""
    return ", ".join(label(right) for right in held)


def names(held: int) -> list[str]:
    """Return the names of the rights of `held`, as forms carry them."""
    return [str(right.name) for right in Right(held)]


def named(chosen: Iterable[str]) -> Right:
    """Return the rights with the names `chosen`. Raises KeyError for an unknown one."""
    found = NONE
    for name in chosen:
        found |= Right[name]
    return found


def without_view(held: Right) -> Right:
    """Return what of `held` is of no use because its area cannot be viewed."""
    return named(name for name in names(held) if not held & Right[f"{name.partition('_')[0]}_VIEW"])


def of(area: str, action: str) -> Right | None:
    """Return the right of a cell such as ("JOBS", "CANCEL"), or None for a cell that makes no sense."""
    return Right.__members__.get(f"{area}_{action}")


def shipped_rights() -> int:
    """Return the default rights as long as nobody chose others (decision 17)."""
    return int(named(settings.DEFAULT_PORTAL_RIGHTS))


def default_rights() -> int:
    """Return the rights of a client for which nobody chose any: the setting "Default portal rights" (decision 17); one statement."""
    chosen = apps.get_model("portal", "PortalDefaults").objects.values_list("rights", flat=True).first()
    return shipped_rights() if chosen is None else chosen


def effective(own: int | None, clients: int) -> Right:
    """Return what a contact with the rights `own` may do at a client with the rights `clients`: never more than the client."""
    return Right(own or 0) & Right(clients)
