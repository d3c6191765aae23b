"""Many invitations at once: who would get one and who not, and the run that sends them, each exactly once (XD34, decision 17)."""

from dataclasses import asdict, dataclass, replace

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clientdesk import work
from clientdesk.models import LongRun, User
from clientdesk.rights import Right, may
from clientdesk.tables.picking import Selection
from clientdesk.tables.shape import Table
from clients.table import TABLE as CLIENTS
from contacts.models import Contact
from contacts.table import TABLE as CONTACTS
from portal import states
from portal.models import ContactAccess, State

KIND = "portal_invite"
TABLES: dict[str, Table] = {"clients": CLIENTS, "contacts": CONTACTS}
CHUNK = 25
# Fewer than this are invited at once, inside the request.
AT_ONCE = CHUNK
# Keys of people who got none that are kept, to be read with the reason.
MOST_KEPT = 200


@dataclass(frozen=True)
class Order:
    """What a run does: invite the people of a selection of the list `page`; `again` also those whose invitation is on its way. `after`
    is the key up to which it is done, `sent` counts, `left` are keys of people who got none."""

    page: str
    query: str
    keys: list[int] | None
    newest: int
    again: bool = False
    after: int = 0
    sent: int = 0
    left_out: int = 0
    left: tuple[int, ...] = ()


def people(selection: Selection) -> QuerySet[Contact]:
    """Return whom a selection means: contacts themselves, of clients the primary contact of the moment (J11, J20)."""
    if selection.table.model is Contact:
        return selection.records
    primary = Contact.objects.visible_to(selection.user).filter(is_primary=True)
    return primary.filter(client__in=selection.records.order_by().values("pk"))


def why_left_out(access: ContactAccess, again: bool) -> str:
    """Return why a bulk invitation leaves this contact out, or an empty text: it cannot be invited, or its invitation is on its way."""
    if access.refusal:
        return access.refusal.sentence
    if again or access.state != State.INVITED:
        return ""
    return access.mail_note if access.mail_failed else _("Invited already; the link still works.")


def begin(selection: Selection, again: bool) -> LongRun:
    """Start inviting the people of `selection` on behalf of its person; few are invited at once. Must run inside a transaction."""
    count = people(selection).order_by().count()
    order = Order(selection.table.page, selection.query, selection.keys, selection.newest, again)
    if count > AT_ONCE:
        run = work.start(KIND, selection.user, count)
        run.order = asdict(order)
    else:
        now = timezone.now()
        run = LongRun(kind=KIND, owner=selection.user, total=count, done=count, state=LongRun.State.DONE, started_at=now, finished_at=now)
        found = list(people(selection).order_by("pk"))
        run.order = asdict(_forward(order, found, selection.user))
    run.save()
    return run


def advance(run: LongRun) -> bool:
    """Invite the next people of `run`; return whether all are done. What was queued and how far it came are one commit.

    Raises work.Refused where the person may not invite any more.
    """
    if run.owner is None or not may(run.owner, Right.INVITE):
        raise work.Refused("Who started this may not do it any more.")
    order = order_of(run)
    selection = Selection(TABLES[order.page], run.owner, order.query, order.keys, order.newest)
    found = list(people(selection).filter(pk__gt=order.after).order_by("pk")[:CHUNK])
    with work.chunk(run):
        run.order = asdict(_forward(order, found, run.owner))
        run.done += len(found)
        LongRun.objects.filter(pk=run.pk).update(order=run.order)
    return len(found) < CHUNK


def order_of(run: LongRun) -> Order:
    """Return what `run` was told to do and how far it came."""
    return Order(**run.order | {"left": tuple(run.order.get("left", ()))})


def _forward(order: Order, found: list[Contact], by: User) -> Order:
    """Invite whom of `found` nothing speaks against; return the order with what came of it."""
    accesses = states.of_contacts(found)
    left, sent = list(order.left), 0
    for contact in found:
        access = accesses.get(contact.pk)
        try:
            if access is None or why_left_out(access, order.again):
                raise ValidationError("left out")
            access.invite(by)
            sent += 1
        except ValidationError:
            left.append(contact.pk)
    after = found[-1].pk if found else order.after
    return replace(order, after=after, sent=order.sent + sent, left_out=order.left_out + len(found) - sent, left=tuple(left[:MOST_KEPT]))


def sentence(order: Order) -> str:
    """Return what a run did, in the past tense."""
    if not order.sent:
        return _("Nobody was invited.")
    return ngettext("%(count)d contact was invited.", "%(count)d contacts were invited.", order.sent) % {"count": order.sent}
