"""The jobs of a client or a contact that is merged into another one, and of a contact that goes to another client."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clientdesk.merging import Merging, Moved, Part
from clients.consequences import Consequence
from clients.models import Client
from contacts.models import Contact
from contacts.moving import MovePart, Moving
from jobs.models import Job, JobContact


class Jobs(Part[Client]):
    """Jobs go along with their client; so do SLA times that the one who stays has none of. Times that were promised stay promised.

    It comes before the places of the client: a department that goes into one of the same name must not have jobs any more.
    """

    def moves(self, winner: Client, loser: Client) -> list[Moved]:
        note = _("Where both have one, that of %(client)s stays.") % {"client": winner}
        return [Moved(_("Jobs"), loser.jobs.count()), Moved(_("SLA times"), loser.sla_targets.count(), note)]

    def move(self, merging: Merging[Client]) -> None:
        self._leave_places(merging)
        merging.ledger.move(merging.loser.jobs.all(), client=merging.winner)
        mine = {(target.phase, target.priority) for target in merging.winner.sla_targets.all()}
        for target in merging.loser.sla_targets.order_by("pk"):
            if (target.phase, target.priority) in mine:
                merging.ledger.delete(target)
            else:
                merging.ledger.change(target, client=merging.winner)

    def _leave_places(self, merging: Merging[Client]) -> None:
        """Let jobs be at places that are there after the merge."""
        winner, loser = merging.winner, merging.loser
        if winner.is_individual:
            merging.ledger.move(loser.jobs.all(), office=winner.offices.get(is_headquarters=True), department=None)
            return
        own = {department.name_key: department for department in winner.departments.all()}
        for department in loser.departments.order_by("pk"):
            if stays := own.get(department.name_key):
                merging.ledger.move(department.jobs.all(), department=stays)

    def mend(self, client: Client, /) -> list[str]:
        """After an undo, let no job of `client` be at a place or with a person of the other client (invariant 6)."""
        said = []
        for job in client.jobs.exclude(office__client=client):
            Job.objects.filter(pk=job.pk).update(office=client.offices.get(is_headquarters=True))
            said.append(_("%(job)s is at the headquarters of %(client)s now.") % {"job": job, "client": client})
        client.jobs.exclude(department=None).exclude(department__client=client).update(department=None)
        client.jobs.exclude(contact=None).exclude(contact__client=client).update(contact=None)
        JobContact.objects.filter(job__client=client).exclude(contact__client=client).delete()
        return said


class JobsOfContact(Part[Contact]):
    """Jobs name the contact that stays; those of another client are left without either."""

    def moves(self, winner: Contact, loser: Contact) -> list[Moved]:
        note = ""
        if winner.client_id != loser.client_id:
            note = _("They stay with %(client)s and name nobody any more.") % {"client": loser.client}
        return [Moved(_("Jobs"), loser.jobs.count() + loser.job_contacts.count(), note)]

    def move(self, merging: Merging[Contact]) -> None:
        winner, loser, ledger = merging.winner, merging.loser, merging.ledger
        same = winner.client_id == loser.client_id
        # Before: who becomes the contact person of a job is no additional one of it.
        if same:
            for link in winner.job_contacts.filter(job__contact=loser):
                ledger.delete(link)
        ledger.move(loser.jobs.all(), contact=winner if same else None)
        named = set(winner.job_contacts.values_list("job_id", flat=True)) | set(winner.jobs.values_list("pk", flat=True))
        for link in loser.job_contacts.order_by("pk"):
            if same and link.job_id not in named:
                ledger.change(link, contact=winner)
            else:
                ledger.delete(link)


class LeftJobs(MovePart):
    """What was done for the former client stays with it (decision 8); whoever goes is not named there any more (invariant 6)."""

    def says(self, contact: Contact, target: Client) -> list[Consequence]:
        count = contact.jobs.count() + contact.job_contacts.count()
        sentence = ngettext(
            "%(count)d job stays with %(client)s and does not name %(contact)s any more.",
            "%(count)d jobs stay with %(client)s and do not name %(contact)s any more.",
            count,
        )
        return [Consequence(sentence % {"count": count, "client": contact.client, "contact": contact})] if count else []

    def move(self, moving: Moving) -> None:
        moving.ledger.move(moving.contact.jobs.all(), contact=None)
        for link in moving.contact.job_contacts.order_by("pk"):
            moving.ledger.delete(link)
