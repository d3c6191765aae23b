"""Import-export's own importer as the oracle of ours: the same rows through both, from the same start."""

import tablib
from auditlog.context import set_actor
from django.db import transaction

from intake.kinds import resource
from intake.models import Verdict
from tests.importing import csv_bytes, imported, labels_of, rows_of, world


def both(records: list[dict[str, str]], boss, kind: str = "corporate", **chosen) -> tuple[tuple, tuple]:
    """Return (world, refusals) after import-export and after our engine; `chosen` are fields of the run and of the Resource."""
    source = resource(kind)
    more = {column.key: column.label for column in source.columns() if column.key not in labels_of(kind)}
    cells = [[record.get(column.key, "") for column in source.columns()] for record in records]
    dataset = tablib.Dataset(*cells, headers=[column.label for column in source.columns()])
    for name, value in chosen.items():
        setattr(source, name, value)
    with transaction.atomic(), set_actor(boss):
        result = source.import_data(dataset, use_transactions=False, user=boss)
        assert not result.base_errors, result.base_errors[0].error
        assert not result.row_errors(), [error.traceback for _row, errors in result.row_errors() for error in errors]
        stock = (world(), {row.number + 1: {key: sorted(said) for key, said in row.error_dict.items()} for row in result.invalid_rows})
        transaction.set_rollback(True)
    if "key" in chosen:
        chosen["is_matched"] = True
    run = imported(csv_bytes(records, more=more, kind=kind), by=boss, kind=kind, **chosen)
    refusals = {
        row.line: {key: sorted(said) for key, said in row.errors.items()}
        for row in rows_of(run)
        if row.verdict == Verdict.ERROR or row.outcome == "failed"
    }
    assert not run.rows.exclude(verdict=Verdict.ERROR).exclude(errors__isnull=True).exclude(outcome="failed").exists()
    return stock, (world(), refusals)


def assert_alike(stock: tuple, ours: tuple) -> None:
    """Both gave the same refusals and the same records."""
    differing = {line: (ours[1].get(line), stock[1].get(line)) for line in ours[1].keys() | stock[1].keys()}
    wrong = {line: pair for line, pair in differing.items() if pair[0] != pair[1]}
    assert not wrong, wrong
    for part, records in stock[0].items():
        assert ours[0][part] == records, part
