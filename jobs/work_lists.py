"""What the lists of quotes and projects share: the list of all clients, which `?client=7` narrows to one."""

from dataclasses import dataclass
from typing import ClassVar

from django.utils.functional import Promise

from clientdesk.lists import Listing
from clientdesk.tables.pages import TablePage
from clients.models import Client


@dataclass(frozen=True)
class Words:
    """What a list says: its title, what its search field takes, its button, and what it says where there is nothing."""

    title: Promise
    views: Promise
    placeholder: Promise
    add: Promise
    add_name: str
    only: Promise
    no_match: Promise
    nothing: Promise
    about: Promise
    icon: str


class WorkList(TablePage):
    """Quotes or projects of all clients; nothing is done with many at once."""

    template_name = "jobs/work_list.html"
    words: ClassVar[Words]

    def list_context(self, listing: Listing) -> dict[str, object]:
        wanted = listing.form.chosen.get("client")
        client = Client.objects.visible_to(self.request.user).filter(pk=wanted).first() if wanted else None
        shown = {"pickable": False, "client": client, "all_clients_url": listing.url(client=""), "words": self.words}
        shown["only"] = str(self.words.only) % {"client": client} if client else ""
        return super().list_context(listing) | shown | {"detail_name": f"{self.table.page}:detail"}
