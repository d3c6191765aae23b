"""What the lists of the portal share: keyset pages of what the contact sees, counted and narrowed by their ListSpec."""

from typing import ClassVar

from django.db.models import QuerySet
from django.http import HttpRequest, QueryDict

from clientdesk.lists import Listing
from clientdesk.views import ListPage
from portal.models import ContactAccess


class PortalList(ListPage):
    """A list of items for the contact who is signed in; it has no saved views and remembers nothing."""

    part: ClassVar[str] = ""

    @property
    def access(self) -> ContactAccess:
        """The access of who looks."""
        return self.request.access

    def seen(self) -> QuerySet:
        """Return what the contact sees (portal.visibility)."""
        raise NotImplementedError

    def queryset(self) -> QuerySet:
        return self.seen()

    def is_first(self, listing: Listing) -> bool:
        """Say whether this is the list as it begins: its first page, narrowed by nothing."""
        return not (listing.previous_url or listing.is_filtered)


def posted(request: HttpRequest) -> QueryDict | None:
    """Return what was sent, or None where the page is only looked at: what a form is made with."""
    return request.POST if request.method == "POST" else None
