"""What every page of the portal knows of its reader."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from clientdesk.lists import TAB_LIMIT, count_text
from clients.brand import brand_of
from contacts.formats import style_of
from jobs.models import Quote
from portal.models import ContactAccess
from portal.rights import Right
from portal.visibility import visible


@dataclass(frozen=True)
class Entry:
    """One entry of the menu; `count` is how much waits behind it, as people read it."""

    label: str
    url: str
    current: bool
    count: str = ""


# Name of the page, label, and the rights that open it (of a tuple: any), as `doors.needs` takes them; what a contact may not view has
# no entry (X63).
_ENTRIES = (
    ("home", lambda: _("Home"), ()),
    ("quotes", lambda: _("Quotes"), (Right.QUOTES_VIEW,)),
    ("projects", lambda: _("Projects"), (Right.PROJECTS_VIEW,)),
    ("jobs", lambda: _("Jobs"), (Right.JOBS_VIEW,)),
    ("files", lambda: _("Files"), ((Right.FILES_VIEW, Right.INVOICES_VIEW),)),
    ("colleagues", lambda: _("Colleagues"), (Right.COLLEAGUES_VIEW,)),
    ("company", lambda: _("Company"), (Right.COMPANY_VIEW,)),
    ("report", lambda: _("Report"), (Right.JOBS_VIEW, Right.REPORTS_VIEW)),
)


def menu(access: ContactAccess, path: str) -> list[Entry]:
    """Return the menu of the contact of `access` on the page at `path`: only what it may view, and how many quotes wait for it."""
    found = []
    for name, label, rights in _ENTRIES:
        if not all(any(access.may(one) for one in (right if isinstance(right, tuple) else (right,))) for right in rights):
            continue
        url = reverse(f"portal:{name}")
        found.append(Entry(label(), url, _is_at(path, url, name), _waiting(access) if name == "quotes" else ""))
    return found


def _is_at(path: str, url: str, name: str) -> bool:
    return path == url if name == "home" else path.startswith(url)


def _waiting(access: ContactAccess) -> str:
    if not access.may(Right.QUOTES_DECIDE):
        return ""
    count = visible(Quote.objects, access).waiting().order_by()[: TAB_LIMIT + 1].count()
    return count_text(count, TAB_LIMIT) if count else ""


def reader(request: HttpRequest) -> dict[str, object]:
    """Return `style`, by which the contact who is signed in reads dates, times, numbers and money, the `portal_menu`, and the `brand` of
    the branch that is responsible for it, whose name stands for the company's; nothing outside the portal."""
    access = getattr(request, "access", None)
    if not access:
        return {}
    brand = brand_of(access.contact.client.branch, "portal")
    return {
        "style": style_of(access.contact),
        "portal_menu": SimpleLazyObject(lambda: menu(access, request.path)),
        "brand": brand,
        "company_name": brand.name,
    }
