"""What staff may do: four roles, each a fixed set of named rights (domain.md decision 16).

A view names the right it needs with `@needs(Right.X)`; AreaMiddleware refuses a staff page that names none. Menus, buttons,
bulk actions and imports ask `may(user, right)`.
"""

from collections.abc import Callable
from enum import StrEnum
from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from clientdesk.models import User


class Role(models.TextChoices):
    """The one role of a staff user; a portal user has none."""

    READER = "reader", _("Reader")
    DESK = "desk", _("Desk")
    MANAGER = "manager", _("Manager")
    ADMINISTRATOR = "administrator", _("Administrator")


class Right(StrEnum):
    """One thing that a member of staff may do."""

    VIEW = "view"
    EXPORT = "export"
    ADD = "add"
    CHANGE = "change"
    DEACTIVATE = "deactivate"
    INVITE = "invite"
    CRM_MAIL = "crm_mail"
    LOG_JOBS = "log_jobs"
    IMPORT = "import"
    UNDO = "undo"
    MERGE = "merge"
    PORTAL_RIGHTS = "portal_rights"
    CHANGE_TYPE = "change_type"
    SHARE_VIEWS = "share_views"
    HOLD = "hold"
    DOSSIER = "dossier"
    SETTINGS = "settings"
    STAFF = "staff"
    ERASE = "erase"


_READER = frozenset({Right.VIEW, Right.EXPORT})
_DESK = _READER | {Right.ADD, Right.CHANGE, Right.DEACTIVATE, Right.INVITE, Right.CRM_MAIL, Right.LOG_JOBS}
_MANAGER = _DESK | {
    Right.IMPORT,
    Right.UNDO,
    Right.MERGE,
    Right.PORTAL_RIGHTS,
    Right.CHANGE_TYPE,
    Right.SHARE_VIEWS,
    Right.HOLD,
    Right.DOSSIER,
}
ROLES: dict[str, frozenset[Right]] = {
    Role.READER: _READER,
    Role.DESK: _DESK,
    Role.MANAGER: _MANAGER,
    Role.ADMINISTRATOR: _MANAGER | {Right.SETTINGS, Right.STAFF, Right.ERASE},
}


def may(user: "User", right: Right) -> bool:
    """Say whether `user` is active staff whose role holds `right`."""
    return bool(user.is_authenticated and user.is_active and right in ROLES.get(user.role, frozenset()))


def needs[View: Callable](right: Right) -> Callable[[View], View]:
    """Mark a staff view (function or class) with the right it needs; AreaMiddleware checks it before the view runs."""

    def mark(view: View) -> View:
        view.right = right
        return view

    return mark


def right_of(view: Callable | None) -> Right | None:
    """Return the right that `view` names (by `@needs`, or as an attribute of its class), or None."""
    return getattr(view, "right", None) or getattr(getattr(view, "view_class", None), "right", None)
