"""An import may invite the people it brings: only when asked to, after its commit, each exactly once (trial D21)."""

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from clientdesk import work
from clientdesk.models import Change, LongRun
from contacts.models import Contact
from intake.models import ImportRun, Outcome
from portal.models import ContactAccess

CHUNK = 50
Kind = ImportRun.Kind
# Kinds whose rows are about people.
OF_PEOPLE = frozenset({Kind.INDIVIDUAL, Kind.CONTACT, Kind.TREE})
# Refusals that are kept to be read, each with its row, or in a tree with the name of the person.
MOST_SAID = 200


def start(run: ImportRun) -> LongRun:
    """Queue the invitations of a finished import in the caller's transaction."""
    long_run = work.start("import_invite", run.created_by, run.figures["created"] + run.figures["updated"])
    long_run.order = {"import": run.pk, "after": 0}
    long_run.save(update_fields=["order"])
    return long_run


def advance(long_run: LongRun) -> bool:
    """Invite whom the import brought, some at a time; return whether all are done. What was queued and how far it came are one commit."""
    run = ImportRun.objects.get(pk=long_run.order["import"])
    found = _of_tree(run, long_run.order["after"]) if run.kind == Kind.TREE else _of_rows(run, long_run.order["after"])
    with work.chunk(long_run):
        told = run.matches.get("invited", {"sent": 0, "before": 0, "refused": []})
        for _place, label, contact in found:
            if contact is not None:
                _invite(long_run, label, contact, told)
        if found:
            long_run.order["after"] = found[-1][0]
            LongRun.objects.filter(pk=long_run.pk).update(order=long_run.order)
        run.matches = run.matches | {"invited": told}
        run.save(update_fields=["matches", "updated_at"])
        long_run.done += len(found)
    return len(found) < CHUNK


def _invite(long_run: LongRun, label: int | str, contact: Contact, told: dict) -> None:
    access = ContactAccess.of(contact)
    if access.invited_at is not None:
        told["before"] += 1
        return
    try:
        access.invite(long_run.owner)
    except ValidationError as refusal:
        if len(told["refused"]) < MOST_SAID:
            told["refused"].append([label, " ".join(refusal.messages)])
    else:
        told["sent"] += 1


type Found = list[tuple[int, int | str, Contact | None]]


def _of_rows(run: ImportRun, after: int) -> Found:
    """Return the next rows that brought somebody: (row, row, the contact that it is about)."""
    rows = run.rows.filter(outcome__in=[Outcome.CREATED, Outcome.UPDATED], line__gt=after).order_by("line")
    targets = list(rows.values_list("line", "target_id")[:CHUNK])
    people = Contact.objects.select_related("client__portal", "access__user")
    keys = [key for _line, key in targets if key]
    if run.kind == Kind.INDIVIDUAL:
        found = {contact.client_id: contact for contact in people.filter(client__in=keys, is_primary=True)}
    else:
        found = people.in_bulk(keys)
    return [(line, line, found.get(key)) for line, key in targets]


def _of_tree(run: ImportRun, after: int) -> Found:
    """Return the next contacts that the rows of a tree made or changed, as the history of the import tells: (key, name, contact)."""
    kind = ContentType.objects.get_for_model(Contact)
    touched = Change.objects.filter(run=run.work_id, content_type=kind, object_id__gt=after).order_by("object_id")
    keys = list(touched.values_list("object_id", flat=True).distinct()[:CHUNK])
    found = Contact.objects.select_related("client__portal", "access__user").in_bulk(keys)
    return [(key, str(found.get(key, key)), found.get(key)) for key in keys]


def sentence() -> str:
    """Say in the mode step what the choice does."""
    return _("Everybody whom the file adds or changes and who has no access yet gets an invitation, once the import is done.")
