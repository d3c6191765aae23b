"""The work of a client or a contact that is merged into another one, and of a contact that goes to another client."""

from django.db.models import Model, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy

from clientdesk.merging import Merging, Moved, Part
from clients.consequences import Consequence
from clients.models import Client
from contacts.models import Contact
from contacts.moving import MovePart, Moving
from jobs.models import Item, Job, Project, Quote

_KINDS: dict[type[Item], Promise] = {Quote: gettext_lazy("Quotes"), Project: gettext_lazy("Projects"), Job: gettext_lazy("Jobs")}
_STAY: dict[type[Item], Promise] = {
    Quote: ngettext_lazy(
        "%(count)d quote stays with %(client)s and does not name %(contact)s any more.",
        "%(count)d quotes stay with %(client)s and do not name %(contact)s any more.",
        "count",
    ),
    Project: ngettext_lazy(
        "%(count)d project stays with %(client)s and does not name %(contact)s any more.",
        "%(count)d projects stay with %(client)s and do not name %(contact)s any more.",
        "count",
    ),
    Job: ngettext_lazy(
        "%(count)d job stays with %(client)s and does not name %(contact)s any more.",
        "%(count)d jobs stay with %(client)s and do not name %(contact)s any more.",
        "count",
    ),
}


def _links(kind: type[Item], contact: Contact) -> QuerySet[Model]:
    """Return the rows that name `contact` as additional contact of items of `kind`."""
    return kind.link_model()._default_manager.filter(contact=contact).order_by("pk")


def _count(kind: type[Item], contact: Contact) -> int:
    return kind.objects.filter(contact=contact).count() + _links(kind, contact).count()


class Work(Part[Client]):
    """Quotes, projects and jobs go along with their client; so do SLA times that the one who stays has none of. Times that were promised
    stay promised.

    It comes before the places of the client: a department that goes into one of the same name must not have work any more.
    """

    def moves(self, winner: Client, loser: Client) -> list[Moved]:
        note = _("Where both have one, that of %(client)s stays.") % {"client": winner}
        found = [Moved(str(label), kind.objects.filter(client=loser).count()) for kind, label in _KINDS.items()]
        return [*found, Moved(_("SLA times"), loser.sla_targets.count(), note)]

    def move(self, merging: Merging[Client]) -> None:
        self._leave_places(merging)
        for kind in _KINDS:
            merging.ledger.move(kind.objects.filter(client=merging.loser), client=merging.winner)
        mine = {(target.phase, target.priority) for target in merging.winner.sla_targets.all()}
        for target in merging.loser.sla_targets.order_by("pk"):
            if (target.phase, target.priority) in mine:
                merging.ledger.delete(target)
            else:
                merging.ledger.change(target, client=merging.winner)

    def _leave_places(self, merging: Merging[Client]) -> None:
        """Let work be at places that are there after the merge."""
        winner, loser = merging.winner, merging.loser
        if winner.is_individual:
            for kind in _KINDS:
                there = winner.offices.get(is_headquarters=True)
                merging.ledger.move(kind.objects.filter(client=loser), office=there, department=None)
            return
        own = {department.name_key: department for department in winner.departments.all()}
        for department in loser.departments.order_by("pk"):
            if stays := own.get(department.name_key):
                for kind in _KINDS:
                    merging.ledger.move(kind.objects.filter(department=department), department=stays)

    def mend(self, client: Client, /) -> list[str]:
        """After an undo, let no work of `client` be at a place or with a person of the other client (invariant 6)."""
        said = []
        for kind in _KINDS:
            own = kind.objects.filter(client=client)
            for item in own.exclude(office__client=client):
                own.filter(pk=item.pk).update(office=client.offices.get(is_headquarters=True))
                said.append(_("%(item)s is at the headquarters of %(client)s now.") % {"item": item, "client": client})
            own.exclude(department=None).exclude(department__client=client).update(department=None)
            own.exclude(contact=None).exclude(contact__client=client).update(contact=None)
            links = kind.link_model()._default_manager.filter(**{f"{kind.kind()}__client": client})
            links.exclude(contact__client=client).delete()
        return said


class WorkOfContact(Part[Contact]):
    """Quotes, projects and jobs name the contact that stays; those of another client are left without either."""

    def moves(self, winner: Contact, loser: Contact) -> list[Moved]:
        note = ""
        if winner.client_id != loser.client_id:
            note = _("They stay with %(client)s and name nobody any more.") % {"client": loser.client}
        return [Moved(str(label), _count(kind, loser), note) for kind, label in _KINDS.items()]

    def move(self, merging: Merging[Contact]) -> None:
        for kind in _KINDS:
            self._move(kind, merging)

    def _move(self, kind: type[Item], merging: Merging[Contact]) -> None:
        winner, loser, ledger = merging.winner, merging.loser, merging.ledger
        same, item = winner.client_id == loser.client_id, kind.kind()
        # Before: who becomes the contact person of an item is no additional one of it.
        if same:
            for link in _links(kind, winner).filter(**{f"{item}__contact": loser}):
                ledger.delete(link)
        ledger.move(kind.objects.filter(contact=loser), contact=winner if same else None)
        named = set(_links(kind, winner).values_list(f"{item}_id", flat=True))
        named |= set(kind.objects.filter(contact=winner).values_list("pk", flat=True))
        for link in _links(kind, loser):
            if same and getattr(link, f"{item}_id") not in named:
                ledger.change(link, contact=winner)
            else:
                ledger.delete(link)


class LeftWork(MovePart):
    """What was done for the former client stays with it (decision 8); whoever goes is not named there any more (invariant 6)."""

    def says(self, contact: Contact, target: Client) -> list[Consequence]:
        counts = {kind: _count(kind, contact) for kind in _KINDS}
        said = {"client": contact.client, "contact": contact}
        return [Consequence(str(_STAY[kind] % (said | {"count": count}))) for kind, count in counts.items() if count]

    def move(self, moving: Moving) -> None:
        for kind in _KINDS:
            moving.ledger.move(kind.objects.filter(contact=moving.contact), contact=None)
            for link in _links(kind, moving.contact):
                moving.ledger.delete(link)
