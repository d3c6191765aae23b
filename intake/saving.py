"""What saving a chunk of planned rows has in common, whatever the rows are."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import ClassVar, cast

from clientdesk.models import LongRun
from intake import sentences, several
from intake.client_cells import SeveralWidget
from intake.declaring import Declaration
from intake.kinds import resource
from intake.loading import update
from intake.models import ImportRun, StagedRow
from intake.references import ReferenceWidget


class Chunk[Source: Declaration](ABC):
    """One chunk of staged rows on its way into the database; the caller holds the transaction."""

    # What `save` gets of each row, as the database holds it.
    FIELDS: ClassVar = ("line", "values", "changes", "target_id", "target_version", "name_key", "parts")

    def __init__(self, run: ImportRun, long_run: LongRun) -> None:
        self.run, self.by, self.long_run = run, run.created_by, long_run
        self.source = cast("Source", resource(run.kind))
        self.source.prepare(run.created_by)
        self.references = {column.key: column.widget for column in self.source.columns() if isinstance(column.widget, ReferenceWidget)}
        self.several = {column.key: column for column in self.source.columns() if isinstance(column.widget, SeveralWidget)}
        # The entries of each settings list that may be chosen.
        self.choosable = {key: widget.names.keys() - widget.barred.keys() for key, widget in self.references.items()}
        self.outcomes: dict[str, list[tuple]] = {}

    @abstractmethod
    def save(self, verdict: str, rows: list[tuple]) -> None:
        """Save `rows` (tuples of FIELDS), all of `verdict`, with their history, and call `end` for each."""

    def apply(self, verdict: str, rows: list[tuple]) -> dict[str, list[tuple]]:
        """Save `rows` and note in the stage what became of each; return (line, target, errors) by outcome."""
        self.save(verdict, rows)
        for outcome, ended in self.outcomes.items():
            update(
                StagedRow,
                ["run_id", "line"],
                ["outcome", "target_id", "errors"],
                [(self.run.pk, *row[:1], outcome, *row[1:]) for row in ended],
            )
        return self.outcomes

    def end(self, outcome: str, line: int, target: int | None, errors: str | None = None) -> None:
        """Note what became of row `line`: its record, or its refusals as JSON."""
        self.outcomes.setdefault(outcome, []).append((line, target, errors))

    def bad_entries(self, values: Mapping) -> dict[str, list[str]]:
        """Return by column what is wrong by now with the entries of settings lists among `values`."""
        errors = {}
        for key, choosable in self.choosable.items():
            if (entry := values.get(key)) is not None and entry not in choosable:
                errors[key] = [self.references[key].barred.get(entry, sentences.bad_entry_meanwhile())]
        errors |= {key: [sentences.bad_entry_meanwhile()] for key, column in self.several.items() if several.gone(column, values.get(key))}
        return errors
