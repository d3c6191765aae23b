"""What two clients may do in the portal, in a merge: nobody gets more without being chosen to (invariant 8)."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clientdesk.consequences import Consequence
from clients.consequences import lost_access_sentence
from clients.merging.shape import BOTH, LOSER, WINNER, Merging, Moved, Part, Question
from clients.models import Client
from portal.client_access import opens
from portal.models import ClientAccess, ContactAccess, Opening

# From closed to open.
_OPENINGS = (Opening.DENIED, Opening.BY_STATUS, Opening.ALLOWED)


def _access(client: Client) -> ClientAccess:
    return ClientAccess.objects.filter(client=client).first() or ClientAccess(client=client)


def _wanted(mine: ClientAccess, theirs: ClientAccess, chosen: str) -> tuple[str, int]:
    """Return opening and rights by what was chosen; both: only what both allow."""
    if chosen == BOTH:
        opening = min(mine.portal_access, theirs.portal_access, key=lambda value: _OPENINGS.index(Opening(value)))
        return opening, mine.rights & theirs.rights
    access = theirs if chosen == LOSER else mine
    return access.portal_access, access.rights


def _words(opening: str, rights: int) -> str:
    count = int(rights).bit_count()
    sentence = ngettext("%(opening)s, %(count)d right", "%(opening)s, %(count)d rights", count)
    return sentence % {"opening": Opening(opening).label, "count": count}


class Rights(Part):
    """The portal rights of the client as a whole; those of each contact move with the contact."""

    def questions(self, winner: Client, loser: Client) -> list[Question]:
        mine, theirs = _access(winner), _access(loser)
        if (mine.portal_access, mine.rights) == (theirs.portal_access, theirs.rights):
            return []
        options = {side: _words(*_wanted(mine, theirs, side)) for side in (WINNER, LOSER)}
        options[BOTH] = _("Only what both allow: %(rights)s") % {"rights": _words(*_wanted(mine, theirs, BOTH))}
        return [Question("portal", _("Client portal"), options, BOTH)]

    def moves(self, winner: Client, loser: Client) -> list[Moved]:
        accounts = ContactAccess.objects.filter(contact__client=loser).exclude(user=None).count()
        note = _("They keep signing in and see what belongs to %(client)s.") % {"client": winner} if _access(winner).is_open else ""
        if not _access(loser).is_open and _access(winner).is_open:
            note = _("The portal of %(loser)s is closed and that of %(winner)s is open: who was allowed in can come in again.") % {
                "loser": loser,
                "winner": winner,
            }
        return [Moved(_("Portal users"), accounts, note)]

    def consequences(self, merging: Merging) -> list[Consequence]:
        """Say who can enter now and could not afterwards: the portal of what stays would be shut, or the person is deactivated."""
        winner, loser = merging.winner, merging.loser
        opening, _rights = self._chosen(merging)
        is_open = opens(opening, loser.status if merging.choices.get("status") == LOSER else winner.status)
        people = ContactAccess.objects.filter(contact__client__in=(winner.pk, loser.pk), user__isnull=False).select_related(
            "contact__client__portal", "user"
        )
        inside = [access for access in people.order_by("contact__sort_key", "contact_id") if access.is_open]
        # Of two individuals one person stays active.
        one_stays = winner.is_individual and "primary" in merging.choices
        left = {WINNER: loser.pk, LOSER: winner.pk}[merging.choices["primary"]] if one_stays else None
        lost = [access for access in inside if not is_open or access.contact.client_id == left]
        return [Consequence(lost_access_sentence(len(lost)), tuple(str(access.contact) for access in lost))] if lost else []

    def _chosen(self, merging: Merging) -> tuple[str, int]:
        questions = self.questions(merging.winner, merging.loser)
        chosen = merging.chosen(questions[0]) if questions else WINNER
        return _wanted(_access(merging.winner), _access(merging.loser), chosen)

    def move(self, merging: Merging) -> None:
        mine, theirs = _access(merging.winner), _access(merging.loser)
        questions = self.questions(merging.winner, merging.loser)
        opening, rights = self._chosen(merging)
        if theirs.pk:
            merging.ledger.delete(theirs)
        if mine.pk:
            merging.ledger.change(mine, portal_access=opening, rights=rights)
        elif questions:
            merging.ledger.create(ClientAccess(client=merging.winner, portal_access=opening, rights=rights))
