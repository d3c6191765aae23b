"""The actions of a client, and of a contact, that is merged into another one."""

from django.utils.translation import gettext as _

from clientdesk.ledger import Ledger
from clients.merging.shape import Merging, Moved, Part
from clients.models import Client
from contacts.models import Contact


class Actions(Part):
    """Actions move with whoever they are about."""

    def moves(self, winner: Client, loser: Client) -> list[Moved]:
        return [Moved(_("CRM actions"), loser.actions.count())]

    def move(self, merging: Merging) -> None:
        merging.ledger.move(merging.loser.actions.all(), client=merging.winner)


def move_of_contact(ledger: Ledger, winner: Contact, loser: Contact) -> int:
    """Let the actions of the contact `loser` be those of `winner`, a contact of the same client; return how many there were."""
    return ledger.move(loser.actions.all(), contact=winner)
