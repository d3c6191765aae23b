"""What the pages for people who are not signed in know of our own company."""

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from clientdesk.middleware import ACCOUNT
from clients.brand import brand_of, headquarters


def front(request: HttpRequest) -> dict[str, object]:
    """Return the `brand` of the headquarters on the pages of sign-in, invitation and reset; nothing elsewhere.

    A page that was not found asks the database nothing.
    """
    if request.resolver_match is None or not request.path_info.startswith(ACCOUNT):
        return {}
    return {"brand": SimpleLazyObject(lambda: brand_of(headquarters(), "front"))}
