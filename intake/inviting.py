"""An import may invite the people it brings: only when asked to, after its commit, each exactly once (trial D21)."""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from clientdesk import work
from clientdesk.models import LongRun
from contacts.models import Contact
from intake.models import ImportRun, Outcome, StagedRow
from portal.models import ContactAccess

CHUNK = 50
Kind = ImportRun.Kind
# Kinds whose rows are about people.
OF_PEOPLE = frozenset({Kind.INDIVIDUAL, Kind.CONTACT, Kind.TREE})
# Refusals that are kept to be read, with the row each belongs to.
MOST_SAID = 200


def start(run: ImportRun) -> LongRun:
    """Queue the invitations of a finished import in the caller's transaction."""
    long_run = work.start("import_invite", run.created_by, run.figures["created"] + run.figures["updated"])
    long_run.order = {"import": run.pk, "after": 0}
    long_run.save(update_fields=["order"])
    return long_run


def advance(long_run: LongRun) -> bool:
    """Invite whom the next rows brought; return whether all are done. What was queued and how far it came are one commit."""
    run = ImportRun.objects.get(pk=long_run.order["import"])
    rows = run.rows.filter(outcome__in=[Outcome.CREATED, Outcome.UPDATED], line__gt=long_run.order["after"]).order_by("line")
    found = list(rows[:CHUNK])
    with work.chunk(long_run):
        told = run.matches.get("invited", {"sent": 0, "before": 0, "refused": []})
        for row, contact in _people(run, found):
            _invite(long_run, row, contact, told)
        if found:
            long_run.order["after"] = found[-1].line
            LongRun.objects.filter(pk=long_run.pk).update(order=long_run.order)
        run.matches = run.matches | {"invited": told}
        run.save(update_fields=["matches", "updated_at"])
        long_run.done += len(found)
    return len(found) < CHUNK


def _invite(long_run: LongRun, row: StagedRow, contact: Contact, told: dict) -> None:
    access = ContactAccess.of(contact)
    if access.invited_at is not None:
        told["before"] += 1
        return
    try:
        access.invite(long_run.owner)
    except ValidationError as refusal:
        if len(told["refused"]) < MOST_SAID:
            told["refused"].append([row.line, " ".join(refusal.messages)])
    else:
        told["sent"] += 1


def _people(run: ImportRun, rows: Iterable[StagedRow]) -> list[tuple[StagedRow, Contact]]:
    """Return the contact that each of `rows` is about, where there is one."""
    keys = {row.line: (row.parts or {}).get("contact_id") if run.kind == Kind.TREE else row.target_id for row in rows}
    people = Contact.objects.select_related("client__portal", "access__user")
    if run.kind == Kind.INDIVIDUAL:
        found = {contact.client_id: contact for contact in people.filter(client__in=keys.values(), is_primary=True)}
    else:
        found = people.in_bulk([key for key in keys.values() if key])
    return [(row, found[keys[row.line]]) for row in rows if keys[row.line] in found]


def sentence() -> str:
    """Say in the mode step what the choice does."""
    return _("Everybody whom the file adds or changes and who has no access yet gets an invitation, once the import is done.")
