"""Presets of an account: they fill in access level and rights, and are no second mechanism (CD5, decision 12)."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.choices import Level
from portal.rights import MEMBER, Right

_MODERATOR = (
    MEMBER
    | Right.QUOTES_DOWNLOAD
    | Right.PROJECTS_DOWNLOAD
    | Right.JOBS_EDIT
    | Right.JOBS_CANCEL
    | Right.FILES_ADD
    | Right.INVOICES_VIEW
    | Right.INVOICES_DOWNLOAD
)


@dataclass(frozen=True)
class Preset:
    """What a preset fills in; `rights` takes what the client may do and returns what the contact gets of it. Without a level only the
    rights are filled in."""

    label: str | Promise
    rights: Callable[[Right], Right]
    level: Level | None = None
    decides: bool = False


PRESETS = {
    "member": Preset(_("Member"), lambda client: client & MEMBER, Level.ONLY_RELATED),
    "moderator": Preset(_("Moderator"), lambda client: client & _MODERATOR, Level.DEFAULT_OFFICE, decides=True),
    "administrator": Preset(_("Administrator"), lambda client: client, Level.ALL_OFFICES, decides=True),
    "all": Preset(_("Allow all possible"), lambda client: client),
}
