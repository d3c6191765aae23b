"""Spreadsheet rows of the demo: what a person would upload, in the fifteen columns of the client import, with a handful of wrong rows."""

from collections.abc import Iterator
from random import Random

from clientdesk.countries import country_name
from intake.demo.sketches import Sketch, World

KEYS = (
    "name", "legal_name", "external_id", "status", "email", "phone", "website", "country",
    "branch", "category", "company_type", "tax_number", "street", "postal_code", "city",
)  # fmt: skip
# What a wrong row holds: the column and the text that the import refuses there.
WRONG = (
    ("name", "Acme & Sons"),
    ("legal_name", ""),
    ("email", "office-at-example"),
    ("phone", "12"),
    ("country", "Atlantis"),
    ("status", "asleep"),
    ("branch", "Moon base"),
)


def wrong_places(count: int) -> dict[int, tuple[str, str]]:
    """Return {index of a row: (column, refused text)} of the wrong ones among `count` rows: one of each kind, spread evenly."""
    if count < 10 * len(WRONG):
        return {}
    step = count // len(WRONG)
    return {step * place + step // 2: wrong for place, wrong in enumerate(WRONG)}


def rows(count: int, seed: int = 1, *, wrong: bool = True) -> Iterator[dict[str, str]]:
    """Yield `count` rows as {column key: text}, all of different names; with `wrong` those of `wrong_places` are refused."""
    dice = Random(seed)  # noqa: S311 - invented data, no secret
    places = wrong_places(count) if wrong else {}
    for place, sketch in enumerate(World(seed).companies(count)):
        row = _row(sketch, place, dice)
        if place in places:
            column, text = places[place]
            row[column] = text
        yield row


def _row(sketch: Sketch, place: int, dice: Random) -> dict[str, str]:
    row = {key: getattr(sketch, key) for key in KEYS}
    row["external_id"] = f"ERP-{place + 1:06d}" if dice.random() < 0.9 else ""
    row["status"] = dice.choice((sketch.status.title(), sketch.status.title(), ""))
    row["country"] = dice.choice((country_name(sketch.country), sketch.country))
    return row
