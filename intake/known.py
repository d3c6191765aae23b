"""What a person said once of a text in a column is known in the next file, too: “Deutschl.” is Germany."""

from collections.abc import Sequence

from clientdesk.words import tidy
from intake.models import ImportRun, KnownValue

LONGEST = 200


def same_text(text: str) -> str:
    """Return what equal cells have in common: `text` on one line, without the case of its letters."""
    return tidy(text).casefold()[:LONGEST]


def known_values(columns: Sequence[str]) -> dict[str, dict[str, str]]:
    """Return {column key: {text: what it meant}} for `columns`; one query."""
    known: dict[str, dict[str, str]] = {}
    for column, value, text in KnownValue.objects.filter(column__in=columns).values_list("column", "value", "text"):
        known.setdefault(column, {})[value] = text
    return known


def remember(run: ImportRun) -> None:
    """Keep what was said of equal cells in `run` for the next file."""
    wanted = [
        KnownValue(column=column, value=value, text=text)
        for column, texts in run.replacements.items()
        for value, text in texts.items()
        if text and len(text) <= LONGEST
    ]
    KnownValue.objects.bulk_create(wanted, update_conflicts=True, unique_fields=["column", "value"], update_fields=["text", "used_at"])
