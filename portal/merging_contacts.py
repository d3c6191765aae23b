"""The way into the portal of two contacts that become one: one account stays, with its own rights (invariants 8 and 9)."""

from django.utils.translation import gettext as _

from clientdesk.merging import LOSER, WINNER, Merging, Moved, Part, Question
from clientdesk.models import User
from contacts.models import Contact
from portal.models import ContactAccess
from portal.states import of_contacts


def _access(contact: Contact) -> ContactAccess | None:
    return ContactAccess.objects.filter(contact=contact).select_related("user").first()


def _has_account(access: ContactAccess | None) -> bool:
    return bool(access and access.user_id)


class Access(Part[Contact]):
    """Account, rights and sign-in of a contact."""

    def questions(self, winner: Contact, loser: Contact) -> list[Question]:
        mine, theirs = _access(winner), _access(loser)
        if not (mine and theirs and _has_account(mine) and _has_account(theirs)):
            return []
        states = of_contacts([winner, loser])
        options = {side: f"{contact.email} · {states[contact.pk].state.label}" for side, contact in ((WINNER, winner), (LOSER, loser))}
        note = _("The other account is closed at once. Rights and access level are those of the one that stays.")
        return [Question("access", _("Portal account"), options, LOSER if theirs.activated and not mine.activated else WINNER, note)]

    def moves(self, winner: Contact, loser: Contact) -> list[Moved]:
        mine, theirs = _access(winner), _access(loser)
        note = ""
        if _has_account(theirs) and not _has_account(mine):
            note = _("%(contact)s signs in with %(email)s from then on.") % {"contact": winner, "email": loser.email}
        return [Moved(_("Portal account"), int(_has_account(theirs)), note)]

    def move(self, merging: Merging[Contact]) -> None:
        mine, theirs = _access(merging.winner), _access(merging.loser)
        if theirs is None:
            return
        both = _has_account(mine) and _has_account(theirs)
        takes = _has_account(theirs) and (not _has_account(mine) or (both and merging.choices.get("access", WINNER) == LOSER))
        # What was granted at one client is nothing at another.
        same = merging.winner.client_id == merging.loser.client_id
        if (mine and not takes) or not same:
            self._close(merging, theirs)
        else:
            if mine:
                self._close(merging, mine)
            merging.ledger.change(theirs, contact=merging.winner)

    def _close(self, merging: Merging[Contact], access: ContactAccess) -> None:
        if user := User.objects.held(access.user_id):
            user.sign_out_everywhere()
            user.links.all().void()
        merging.ledger.delete(access)
