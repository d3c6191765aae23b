"""Merging two contacts that are one person: which may be, the fields that are compared, and what of this floor moves.

settings.CONTACT_MERGE_PARTS names the parts; an app that hangs something on contacts registers its own there.
"""

from collections.abc import Callable, Mapping

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clientdesk.consequences import Consequence
from clientdesk.merging import LOSER, WINNER, Merger, Merging, Moved, Part, Question
from clientdesk.merging.fields import ADDRESS, Columns
from clientdesk.merging.holds import count_holds, move_hold
from clientdesk.merging.pairs import count_pairs, move_pairs
from clientdesk.models import Merge, User
from clientdesk.words import findable, name_key
from clients import consequences
from clients.models import Client, CustomField
from contacts.merging import People
from contacts.models import Contact, ContactFormats, ContactPair

# Of the contact itself, but for what only means something at one client.
_SINGLE = (
    *("first_name", "last_name", "gender", "phone", "mobile", "sms_enabled", "fax", "position", "language", "photo"),
    *("external_id", "no_crm_emails", "lead_source", "first_contact_on"),
)
_AT_ONE_CLIENT = ("department", "default_office")


def _columns(*more: str) -> Columns:
    return Columns(
        model=Contact,
        single=(*_SINGLE, *more),
        together={"address": (gettext_lazy("Mailing address"), ("use_client_address", *ADDRESS))},
        texts=("notes", "sales_notes"),
        lists={"more_emails": "address", "more_phones": "number", "mother_tongues": ""},
        main={"more_phones": ("phone", lambda value: {"number": value, "note": ""})},
        careful=("no_crm_emails",),
        custom_labels=lambda: dict(CustomField.objects.filter(entity="contact").values_list("key", "label")),
        inherits={"use_client_address": gettext_lazy("The client's address")},
    )


def account_of(contact: Contact) -> bool:
    """Say whether an account of the portal hangs on `contact`: it signs in with the contact's address (XD37)."""
    access = getattr(contact, "access", None)
    return bool(access and access.user_id)


def columns_of(winner: Contact, loser: Contact) -> Columns:
    """Return what is compared of the two: offices and departments only at one client, the address only where nobody signs in with it."""
    more = _AT_ONE_CLIENT if winner.client_id == loser.client_id else ()
    return _columns(*more, *(() if account_of(winner) or account_of(loser) else ("email",)))


class ContactMerger(Merger[Contact]):
    """Merging two contacts."""

    model = Contact
    setting = "CONTACT_MERGE_PARTS"

    def seen(self, user: User) -> QuerySet:
        return Contact.objects.visible_to(user)

    def hold(self, keys: tuple[int, ...]) -> None:
        """The client's row is the lock of who is its primary contact."""
        clients = Contact.objects.filter(pk__in=keys).order_by().values("client_id")
        list(Client.objects.select_for_update(of=("self",)).filter(pk__in=clients).order_by("pk").values_list("pk"))

    def why_not(self, winner: Contact, loser: Contact) -> str:
        if winner.pk == loser.pk:
            return _("A contact cannot be merged with itself.")
        for contact in (winner, loser):
            if contact.erased_at:
                return _("The personal data of %(contact)s were erased. It cannot be merged.") % {"contact": contact}
        if loser.active and not winner.active:
            return _("%(winner)s is deactivated and %(loser)s is not. Keep %(loser)s, or restore %(winner)s first.") % {
                "winner": winner,
                "loser": loser,
            }
        return "" if winner.client_id == loser.client_id else _why_not_across(loser)

    def questions(self, winner: Contact, loser: Contact) -> list[Question]:
        return columns_of(winner, loser).questions(winner, loser)

    def values(self, winner: Contact, loser: Contact, choices: Mapping[str, str]) -> dict[str, object]:
        found = columns_of(winner, loser).values(winner, loser, choices)
        keeps = LOSER if account_of(loser) and (not account_of(winner) or choices.get("access") == LOSER) else WINNER
        if keeps == LOSER:
            # The address goes with the account that signs in with it.
            found["email"] = loser.email
        other = winner.email if found.get("email", winner.email) == loser.email else loser.email
        return found | _kept_address(found.get("more_emails", winner.more_emails), str(found.get("email", winner.email)), other)

    def described(self, winner: Contact, loser: Contact) -> dict[str, str]:
        return {
            "loser_name": loser.full_name[:220],
            "loser_name_key": name_key(loser.full_name)[:440],
            "search_key": findable(loser.first_name, loser.last_name, loser.email, loser.former_names),
        }

    def watched(self, keys: tuple[int, int]) -> Callable[[], list[Consequence]]:
        return consequences.watched(Contact.objects.filter(pk__in=keys))

    def why_not_back(self, merge: Merge, winner: Contact, gone: Contact) -> str:
        if not Client.objects.filter(pk=gone.client_id).exists():
            return _("The client of %(contact)s is gone.") % {"contact": gone}
        others = Contact.objects.exclude(pk=winner.pk) if self.reverts(merge, winner, "external_id") else Contact.objects.all()
        if gone.external_id and others.filter(external_id=gone.external_id).exists():
            return _("The external ID “%(id)s” belongs to another contact now. Change it there first.") % {"id": gone.external_id}
        return ""


def _why_not_across(loser: Contact) -> str:
    """Return why `loser` cannot go into a contact of another client: somebody would stay behind without it."""
    if loser.client.is_individual:
        return _("%(contact)s is the individual client %(client)s. Merge the clients instead.") % {"contact": loser, "client": loser.client}
    if account_of(loser):
        return _("%(contact)s signs in to the portal for %(client)s. Move the contact to the other client first.") % {
            "contact": loser,
            "client": loser.client,
        }
    if loser.successors:
        return _("%(contact)s is the primary contact of %(client)s. Make another one primary first.") % {
            "contact": loser,
            "client": loser.client,
        }
    return ""


def _kept_address(entries: list, email: str, other: str) -> dict[str, object]:
    """Let the address that was not chosen join the others of the contact."""
    known = {email.casefold(), *(str(entry.get("address", "")).casefold() for entry in entries)}
    if not other or other.casefold() in known:
        return {"more_emails": entries}
    return {"more_emails": [*entries, {"address": other, "cc": False}]}


class Own(Part[Contact]):
    """Offices, accounts elsewhere, formats, who is primary, pairs, legal holds."""

    def questions(self, winner: Contact, loser: Contact) -> list[Question]:
        mine, theirs = (ContactFormats.objects.filter(contact=contact).first() for contact in (winner, loser))
        if not (mine and theirs):
            return []
        options = {WINNER: _("Those of %(contact)s") % {"contact": winner}, LOSER: _("Those of %(contact)s") % {"contact": loser}}
        return [Question("formats", _("Formats"), options)]

    def moves(self, winner: Contact, loser: Contact) -> list[Moved]:
        note = ""
        if winner.client_id != loser.client_id:
            shown = {"client": loser.client, "contact": winner}
            note = _("They belong to %(client)s and are not taken along; %(contact)s keeps its own.") % shown
        primary = _("%(contact)s becomes the primary contact.") % {"contact": winner} if _follows(winner, loser) else ""
        return [
            Moved(_("Offices"), loser.contact_offices.count(), note),
            Moved(_("Social accounts"), loser.accounts.count()),
            Moved(_("Primary contact"), int(loser.is_primary), primary),
            Moved(_("Legal holds"), count_holds(loser), _("They hold for %(contact)s from then on.") % {"contact": winner}),
            Moved(_("Pairs of possible duplicates"), count_pairs(ContactPair, winner, loser)),
        ]

    def move(self, merging: Merging[Contact]) -> None:
        winner, loser = merging.winner, merging.loser
        self._move_offices(merging)
        self._move_accounts(merging)
        self._move_formats(merging)
        move_pairs(merging, ContactPair)
        move_hold(merging)
        follows = _follows(winner, loser)
        if loser.is_primary:
            merging.ledger.change(loser, is_primary=False)
        if follows:
            merging.ledger.change(winner, is_primary=True)

    def _move_offices(self, merging: Merging[Contact]) -> None:
        winner, loser = merging.winner, merging.loser
        mine = set(winner.contact_offices.values_list("office_id", flat=True))
        for link in loser.contact_offices.order_by("pk"):
            if winner.client_id != loser.client_id or link.office_id in mine:
                merging.ledger.delete(link)
            else:
                merging.ledger.change(link, contact=winner)

    def _move_accounts(self, merging: Merging[Contact]) -> None:
        mine = {(account.network_id, account.handle.casefold()) for account in merging.winner.accounts.all()}
        preferred = merging.winner.accounts.filter(preferred=True).exists()
        for account in merging.loser.accounts.order_by("pk"):
            if (account.network_id, account.handle.casefold()) in mine:
                merging.ledger.delete(account)
            else:
                merging.ledger.change(account, contact=merging.winner, preferred=account.preferred and not preferred)

    def _move_formats(self, merging: Merging[Contact]) -> None:
        mine, theirs = (ContactFormats.objects.filter(contact=contact).first() for contact in (merging.winner, merging.loser))
        if not theirs:
            return
        if mine and merging.choices.get("formats", WINNER) == WINNER:
            merging.ledger.delete(theirs)
            return
        if mine:
            merging.ledger.delete(mine)
        merging.ledger.change(theirs, contact=merging.winner)

    def mend(self, record: Contact, /) -> list[str]:
        return People().mend(record.client)


def _follows(winner: Contact, loser: Contact) -> bool:
    """Say whether `winner` is the primary contact after `loser`."""
    return loser.is_primary and winner.client_id == loser.client_id and winner.active


MERGER = ContactMerger()
