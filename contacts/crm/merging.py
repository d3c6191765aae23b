"""The actions of a client or a contact that is merged into another one, and of a contact that goes to another client."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clientdesk.merging import Merging, Moved, Part
from clients.consequences import Consequence
from clients.models import Client
from contacts.models import Contact
from contacts.moving import MovePart, Moving


class Actions(Part[Client]):
    """Actions move with the client that they are about."""

    def moves(self, winner: Client, loser: Client) -> list[Moved]:
        return [Moved(_("CRM actions"), loser.actions.count())]

    def move(self, merging: Merging[Client]) -> None:
        merging.ledger.move(merging.loser.actions.all(), client=merging.winner)


class ActionsOfContact(Part[Contact]):
    """Actions move with the contact that they are about, and are with that one's client then."""

    def moves(self, winner: Contact, loser: Contact) -> list[Moved]:
        return [Moved(_("CRM actions"), loser.actions.count())]

    def move(self, merging: Merging[Contact]) -> None:
        merging.ledger.move(merging.loser.actions.all(), contact=merging.winner, client=merging.winner.client)


class MovedActions(MovePart):
    """Whoever goes to another client takes along what was planned and done with the person."""

    def says(self, contact: Contact, target: Client) -> list[Consequence]:
        count = contact.actions.count()
        sentence = ngettext("%(count)d CRM action goes along to %(target)s.", "%(count)d CRM actions go along to %(target)s.", count)
        return [Consequence(sentence % {"count": count, "target": target})] if count else []

    def move(self, moving: Moving) -> None:
        moving.ledger.move(moving.contact.actions.all(), client=moving.target)
