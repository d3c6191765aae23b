"""The three import modes (CD1): what each makes of a row, in Python for one row and as one expression for all rows of a run."""

from collections.abc import Iterable

from django.db.models import Case, CharField, F, Q, Value, When
from django.utils.translation import gettext as _

from intake.kinds import key_label
from intake.models import Base, ImportRun, StagedRow, Verdict

Mode = ImportRun.Mode

# What a row is by itself -> its verdict where rows are added and updated.
_PLAIN = {
    Base.NEW: Verdict.NEW,
    Base.BLANK: Verdict.NEW,
    Base.CHANGED: Verdict.CHANGED,
    Base.UNCHANGED: Verdict.UNCHANGED,
    Base.ERROR: Verdict.ERROR,
    Base.BARRED: Verdict.ERROR,
    Base.SKIPPED: Verdict.SKIPPED,
}


def verdict(mode: str, base: str, *, matched: bool, skip_errors: bool) -> str:
    """Return the verdict of a row that is `base` by itself; `matched` says that a record was found for it.

    *create* skips what exists; *update* has no use for what does not: an error, or skipped with `skip_errors`; a row without
    identifying text, or one whose key is no key, is an error there in any case.
    """
    if base in {Base.SKIPPED, Base.BARRED}:
        return _PLAIN[base]
    if mode == Mode.CREATE and matched:
        return Verdict.SKIPPED
    if mode == Mode.UPDATE and not matched:
        return Verdict.SKIPPED if skip_errors and base != Base.BLANK else Verdict.ERROR
    return _PLAIN[base]


def expression(mode: str, *, skip_errors: bool) -> Case:
    """Return `verdict` as an expression over the rows of the stage."""
    cases = [
        When(
            Q(base=base) & Q(target_id__isnull=not matched), then=Value(str(verdict(mode, base, matched=matched, skip_errors=skip_errors)))
        )
        for base in Base
        for matched in (False, True)
    ]
    return Case(*cases, default=F("verdict"), output_field=CharField())


def counts(found: Iterable[tuple[str, bool, int]], mode: str, *, skip_errors: bool) -> dict[str, int]:
    """Return {verdict: rows} of a mode; `found` holds (base, whether a record was found, rows)."""
    total: dict[str, int] = {}
    for base, matched, rows in found:
        said = str(verdict(mode, base, matched=matched, skip_errors=skip_errors))
        total[said] = total.get(said, 0) + rows
    return total


def said_of(run: ImportRun, row: StagedRow) -> str:
    """Return why the mode of `run` leaves this row out, or an empty text where it does not (import.md section 4)."""
    if row.base in {Base.SKIPPED, Base.BARRED} or row.verdict not in {Verdict.SKIPPED, Verdict.ERROR}:
        return ""
    label = key_label(run.kind, run.key)
    if run.mode == Mode.CREATE and row.target_id and row.verdict == Verdict.SKIPPED:
        return _("Skipped: exists already.")
    if run.mode == Mode.UPDATE and row.target_id is None:
        if row.base == Base.BLANK:
            return _("%(key)s is empty, so there is nothing to update. Fill it in, or choose “Add and update”.") % {"key": label}
        if row.verdict == Verdict.SKIPPED:
            return _("Skipped: nothing with this %(key)s exists.") % {"key": label}
        return _("Nothing with this %(key)s exists. Correct it, or choose “Add and update”.") % {"key": label}
    return ""
