"""What imports and the wizard hold about a person: rows of files, the files, drafts (XD1)."""

from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast
from django.utils.translation import gettext as _

from clientdesk.personal.erasing import Erasure
from clientdesk.personal.subject import Held, Subject, moment
from clients.models import Client
from contacts.models import Contact
from intake import undoing
from intake.models import ClientDraft, DraftFile, ImportRun, StagedRow

_BLANK = dict.fromkeys(("values", "changes", "parts", "errors", "warnings", "faults", "edits", "name_key", "external_id", "match_key"))

# What was found out about reading a file and shows some of its texts.
_TEXTS_OF_FILE = {"first_rows", "encodings", "repeated"}


def _rows(subject: Subject) -> list[StagedRow]:
    """Return the rows that made or changed a record of the person, and those that name it by an address, a number or a whole name."""
    if "rows" not in subject.found:
        subject.found["rows"] = list(_search(subject).select_related("run").order_by("-run_id", "line"))
    return subject.found["rows"]


def _search(subject: Subject) -> QuerySet[StagedRow]:
    of_contacts = Q(run__kind=ImportRun.Kind.CONTACT)
    wanted = ~of_contacts & Q(target_id__in=subject.records.get(Client, ()))
    wanted |= of_contacts & Q(target_id__in=subject.records.get(Contact, ()))
    texts = StagedRow.objects.annotate(raw_text=Cast("raw", TextField()), values_text=Cast("values", TextField()))
    for sign in _signs(subject):
        wanted |= Q(raw_text__icontains=sign) | Q(values_text__icontains=sign)
    return texts.filter(wanted)


def _signs(subject: Subject) -> set[str]:
    """Return the texts that rows are searched for, also as JSON may write them."""
    plain = {text for text in (*subject.emails, *subject.phones, *subject.names) if len(text) >= 5}
    return plain | {text.encode("ascii", "backslashreplace").decode().replace("\\x", "\\u00") for text in plain if not text.isascii()}


def _drafts(subject: Subject) -> list[ClientDraft]:
    made = set(subject.records.get(Client, ()))
    return [draft for draft in ClientDraft.objects.all().iterator() if draft.client_id in made or subject.is_named_in(_text(draft.answers))]


def _text(value: object) -> str:
    if isinstance(value, dict):
        return "\n".join(_text(part) for part in value.values())
    return "\n".join(map(_text, value)) if isinstance(value, list) else str(value)


def held(subject: Subject) -> list[Held]:
    """Return the rows of imports that carried the person, and the drafts that name it."""
    rows = [_row(row) for row in _rows(subject)]
    drafts = [
        [(_("Started by"), str(draft.owner)), (_("Last change"), moment(draft.updated_at)), (_("Steps"), ", ".join(draft.visited))]
        for draft in _drafts(subject)
    ]
    return [Held("imports", _("Rows of imported files"), rows, listed=True), Held("drafts", _("Drafts of the wizard"), drafts)]


def _row(row: StagedRow) -> list[tuple[str, str]]:
    outcome = row.get_outcome_display() or row.get_verdict_display()
    return [
        (_("File"), row.run.filename),
        (_("Row"), str(row.line)),
        (_("Imported"), moment(row.run.created_at)),
        (_("Outcome"), outcome),
        (_("Cells"), ", ".join(str(cell) for cell in row.raw if cell)),
    ]


def refusal(subject: Subject) -> str:
    """An import under way would bring the person back."""
    row = next((row for row in _rows(subject) if not row.run.is_over), None)
    if row is None:
        return ""
    sentence = _("The import “%(file)s” is not over and names this person in row %(row)s. Finish or cancel it first.")
    return sentence % {"file": row.run.filename, "row": row.line}


def erase(erasure: Erasure) -> None:
    """Blank the rows, delete the files they came in and the drafts; what became of each row stays readable."""
    found = _rows(erasure.subject)
    for one in found:
        StagedRow.objects.filter(run_id=one.run_id, line=one.line).update(raw=[""] * len(one.raw), **_BLANK)
    for run in ImportRun.objects.filter(pk__in={one.run_id for one in found}):
        if run.file:
            erasure.files.append(run.file.name)
        erasure.files += list(run.error_workbooks.values_list("file", flat=True))
        run.error_workbooks.all().delete()
        if erasure.subject.is_named_in(run.filename):
            run.filename = _("Erased file name")
        run.file, run.samples = "", []
        run.found = {name: value for name, value in run.found.items() if name not in _TEXTS_OF_FILE}
        run.save()
    for run in ImportRun.objects.exclude(undo_report={}).iterator():
        if undoing.forget(run, erasure.subject.is_named_in):
            run.save(update_fields=["undo_report", "updated_at"])
    for draft in _drafts(erasure.subject):
        erasure.files += list(DraftFile.objects.filter(draft=draft).values_list("file", flat=True))
        draft.delete()
