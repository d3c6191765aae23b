"""The doors inside the portal: each page names the rights that contact and client must both have (X63, invariant 8).

    @needs(Right.QUOTES_VIEW)
    def quote(request, pk): ...

Without the right 403 and a sentence; what is not in the contact's scope is 404, which `portal.visibility` decides.
"""

from collections.abc import Callable
from functools import wraps

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _

from portal.models import ContactAccess
from portal.rights import ACTIONS, AREAS, Right


def needs(*rights: Right | tuple[Right, ...]) -> Callable:
    """Let only contacts with all of `rights` (of a tuple: any) into a view of the portal, a function or a class.

    `portal_rights` of the view names them. A page that is every contact's own needs none: it says so with `@needs()`.
    """

    def guard(view: Callable) -> Callable:
        if isinstance(view, type):
            return method_decorator(guard, name="dispatch")(view)

        @wraps(view)
        def guarded(request: HttpRequest, *args, **kwargs) -> HttpResponseBase:
            for right in rights:
                check(request.access, *(right if isinstance(right, tuple) else (right,)))
            return view(request, *args, **kwargs)

        guarded.portal_rights = rights
        return guarded

    return guard


def check(access: ContactAccess, *rights: Right) -> None:
    """Raise PermissionDenied with a sentence where `access` has none of `rights` now."""
    if not any(access.may(right) for right in rights):
        raise PermissionDenied(missing(rights[0]))


def missing(right: Right) -> str:
    """Return the sentence about `right`, which the contact does not have."""
    if right == Right.QUOTES_DECIDE:
        return _("You may look at quotes but not accept or reject them. Somebody else of your company does, or ask us to change it.")
    area, action = str(right.name).split("_")
    named = {"area": AREAS[area], "action": ACTIONS[action].lower()}
    return _("Your access does not include this: %(area)s, %(action)s. Ask us if you need it.") % named
