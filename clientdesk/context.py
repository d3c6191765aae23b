"""What every page knows: the menus that the signed-in person may use."""

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from clientdesk.rights import ROLES, Right, may


@dataclass(frozen=True)
class Entry:
    """One entry of a menu; `current` marks the area that the page belongs to."""

    label: str
    url: str
    icon: str
    current: bool = False
    count: int | None = None


_MENU = [
    (_("Clients"), "clients:list", "building-2", Right.VIEW),
    (_("Companies"), "companies:list", "landmark", Right.VIEW),
    (_("Contacts"), "contacts:list", "users", Right.VIEW),
    (_("CRM"), "crm:list", "message-square", Right.VIEW),
    (_("Quotes"), "quotes:list", "file-text", Right.VIEW),
    (_("Projects"), "projects:list", "folder-kanban", Right.VIEW),
    (_("Jobs"), "jobs:list", "wrench", Right.VIEW),
    (_("Import"), "intake:upload", "upload", Right.IMPORT),
    (_("Portal users"), "access:portal_users", "user-round-key", Right.PORTAL_RIGHTS),
    (_("Staff users"), "staff:list", "shield-user", Right.STAFF),
    (_("Settings"), "settings:index", "settings", Right.SETTINGS),
]
_NEW = [
    (_("Client"), "clients:choose", "building-2", Right.ADD),
    (_("Quote"), "quotes:add", "file-text", Right.ADD),
    (_("Project"), "projects:add", "folder-kanban", Right.ADD),
    (_("Job"), "jobs:add", "wrench", Right.LOG_JOBS),
    (_("CRM action"), "crm:add", "message-square", Right.ADD),
    (_("Import clients"), "intake:upload", "upload", Right.IMPORT),
]


def _entries(request: HttpRequest, declared: list) -> list[Entry]:
    found = []
    for label, name, icon, right in declared:
        if not may(request.user, right):
            continue
        try:
            url = reverse(name)
        except NoReverseMatch:
            continue
        found.append((label, url, icon, name))
    # A page below two entries, such as that of staff users, belongs to the nearer one.
    nearest = max((url for _label, url, *_rest in found if request.path.startswith(url)), key=len, default="")
    return [Entry(label, url, icon, url == nearest, _count(name, request)) for label, url, icon, name in found]


def _count(name: str, request: HttpRequest) -> int | None:
    """Return the number beside the entry of the page `name`; none where there is nothing."""
    path = settings.MENU_COUNTS.get(name)
    return (import_string(path)(request.user) or None) if path else None


def shell(request: HttpRequest) -> dict[str, object]:
    """Return the menus of the staff shell and the rights held (`{% if "invite" in rights %}`) for staff, the company's name for all."""
    user = getattr(request, "user", None)
    shared = {"company_name": settings.COMPANY_NAME, "debug": settings.DEBUG}
    if user is None or not user.is_authenticated or not user.is_staff:
        return shared
    held = ROLES.get(user.role, frozenset())
    return shared | {"menu": _entries(request, _MENU), "new_menu": _entries(request, _NEW), "rights": held}
