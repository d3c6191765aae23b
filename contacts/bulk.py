"""What is done to many contacts at once: another position, CRM e-mails or none, out of use (XD34)."""

from collections.abc import Sequence
from typing import ClassVar

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clientdesk.consequences import Consequence
from clientdesk.models import LongRun, User
from clientdesk.rights import Right
from clientdesk.tables.bulk import Acts, Order, Pair, order_of
from clientdesk.tables.picking import Selection
from clients import consequences
from clients.models import Client
from clients.people import portal_states
from contacts.models import Contact, Position
from contacts.table import TABLE


def must_stay(selection: Selection) -> Q:
    """Return the condition under which a contact of `selection` is not deactivated with the others: it is an individual client, or the
    primary contact of a client that keeps other people, who would need a successor to be named (invariants 3 and 4)."""
    others = Contact.objects.order_by().filter(active=True, client=OuterRef("client_id")).exclude(pk=OuterRef("pk"))
    kept = others.exclude(pk__in=selection.records.order_by().values("pk"))
    return Q(client__kind=Client.Kind.INDIVIDUAL) | (Q(is_primary=True) & Q(Exists(kept)))


class ContactActs(Acts[Contact]):
    """The acts on contacts."""

    table = TABLE
    kind = "contacts_bulk"
    rights: ClassVar[dict[str, Right]] = {"position": Right.CHANGE, "no_crm_emails": Right.CHANGE, "active": Right.DEACTIVATE}
    reads = ("first_name", "last_name", "client_id", "position_id", "no_crm_emails", "active", "is_primary")

    def fitting(self, selection: Selection, order: Order) -> QuerySet:
        found = super().fitting(selection, order).filter(erased_at=None)
        return found.exclude(must_stay(selection)) if order.column == "active" else found

    def hold(self, keys: Sequence[int]) -> None:
        """The client's row is the lock of who is its primary contact."""
        clients = Contact.objects.filter(pk__in=keys).order_by().values("client_id")
        list(Client.objects.select_for_update(of=("self",)).filter(pk__in=clients).order_by("pk").values_list("pk"))

    def values(self, order: Order, found: Sequence[Contact]) -> list[Pair[Contact]]:
        if order.column != "active":
            return super().values(order, found)
        primary: dict[str, object] = {"is_primary": False}
        return [(contact, {"active": False} | (primary if contact.is_primary else {})) for contact in found]

    def back(self, order: Order, pairs: list[Pair[Contact]]) -> list[Pair[Contact]]:
        """Whoever comes back is the primary contact again where the client has none meanwhile, and where nobody was, the first one is."""
        if order.column != "active":
            return super().back(order, pairs)
        clients = {contact.client_id for contact, _values in pairs}
        led = set(Contact.objects.filter(client__in=clients, is_primary=True).values_list("client_id", flat=True))
        back: list[Pair[Contact]] = []
        for contact, _values in sorted(pairs, key=lambda pair: (not pair[1].get("is_primary"), pair[0].pk)):
            follows = contact.client_id not in led
            led.add(contact.client_id)
            back.append((contact, {"active": True} | ({"is_primary": True} if follows else {})))
        return back

    def undo_means(self, run: LongRun, by: User) -> list[Consequence]:
        """Whoever was deactivated with an account can enter the portal again."""
        order = order_of(run)
        if order is None or order.column != "active":
            return []
        pairs, is_all = self.coming_back(run, by)
        invited = Contact.objects.filter(access__allowed=True, access__invited_at__isnull=False)
        back = invited.filter(pk__in=[contact.pk for contact, _values in pairs]).order_by("sort_key", "id")
        found = list(back.only(*self.reads, "email")[: consequences.MOST_LOOKED_AT])
        states, gained = portal_states(found), []
        for contact in found:
            access = states[contact.pk]
            access.contact.active = True
            gained += [contact] if access.is_open else []
        more = [] if is_all and len(found) < consequences.MOST_LOOKED_AT else [consequences.only_first()]
        return [*consequences.of_doors([], gained), *more]

    def sentence(self, run: LongRun) -> str:
        order = order_of(run)
        if not run.done or order is None:
            return _("Nothing was changed.") if order and order.of else _("Nothing was changed: no selected contact needed it.")
        shown = {"count": number_format(run.done, force_grouping=True)}
        if order.of:
            return ngettext("%(count)s contact is as it was before.", "%(count)s contacts are as they were before.", run.done) % shown
        if order.column == "active":
            return ngettext("%(count)s contact was deactivated.", "%(count)s contacts were deactivated.", run.done) % shown
        if order.column == "no_crm_emails":
            off = ngettext("%(count)s contact gets no CRM e-mails now.", "%(count)s contacts get no CRM e-mails now.", run.done)
            on = ngettext("%(count)s contact may get CRM e-mails now.", "%(count)s contacts may get CRM e-mails now.", run.done)
            return (off if order.value else on) % shown
        if order.value is None:
            return ngettext("%(count)s contact has no position now.", "%(count)s contacts have no position now.", run.done) % shown
        given = ngettext("%(count)s contact is “%(position)s” now.", "%(count)s contacts are “%(position)s” now.", run.done)
        return given % (shown | {"position": Position.objects.filter(pk=order.value).first()})


ACTS = ContactActs()
advance = ACTS.advance
