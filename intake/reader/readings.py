"""What else a text file might be read as, shown by the texts in which the readings differ: a guess can be put right with one click."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from intake.reader.encoding import first_row_not_in, sample_of
from intake.reader.legacy import is_strict, likely_codecs

# A file that is one of these is nothing else by chance.
UNMISTAKABLE = frozenset({"utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"})
MOST_READINGS, MOST_TEXTS, LONGEST_TEXT = 5, 3, 40
# Above this size an encoding that fits all doubtful lines looked at is offered; choosing it tells whether it fits the others.
CHECKED_WHOLE = 16 * 1024 * 1024
CHARACTERS_LOOKED_AT, LINES_LOOKED_AT = 1 << 18, 200
FIELD_ENDS = re.compile(r'[,;\t|"\r\n]+')


class Reading(NamedTuple):
    """One way to read a file: a codec, and some of the file's texts beyond ASCII as they look then."""

    codec: str
    texts: list[str]


def plausible_readings(path: Path, detected: str, chosen: str = "") -> list[Reading]:
    """Give up to five ways to read the file, the one in use first. `detected` or `chosen` may be "": not told, not chosen."""
    if detected in UNMISTAKABLE and not chosen:
        return [Reading(detected, _texts_of(path, detected))]
    sample = b"" if detected in UNMISTAKABLE else sample_of(path)
    lines = sample.splitlines()[:LINES_LOOKED_AT] if sample else _first_lines(path)
    likely = likely_codecs(b"\n".join(lines)) if sample else []
    ranked = dict.fromkeys(codec for codec in (chosen, detected, *likely) if codec)
    by_text: dict[str, str] = {}
    for codec in ranked:
        # Two code pages that agree on all letters of the file are one choice.
        text = "\n".join(line.decode(codec, "replace") for line in lines)
        if codec in {chosen, detected} or (text not in by_text and _fits(path, sample, codec)):
            by_text.setdefault(text, codec)
        if len(by_text) == MOST_READINGS:
            break
    codecs = list(by_text.values())
    return [Reading(codec, list(texts)) for codec, texts in zip(codecs, _doubtful_texts(lines, codecs), strict=True)]


def _fits(path: Path, sample: bytes, codec: str) -> bool:
    """Whether a codec decodes the file, or the doubtful lines gathered from a large one."""
    return is_strict(sample, codec) and (path.stat().st_size > CHECKED_WHOLE or not first_row_not_in(path, codec))


def _first_lines(path: Path) -> list[bytes]:
    with path.open("rb") as file:
        lines = file.read(CHARACTERS_LOOKED_AT).splitlines()
    return [line for line in lines if not line.isascii()][:LINES_LOOKED_AT]


def _texts_of(path: Path, codec: str) -> list[str]:
    with path.open(encoding=codec, errors="replace") as file:
        lines = file.read(CHARACTERS_LOOKED_AT).split("\n")
    found = (text for line in lines for text in _fields(line) if not text.isascii())
    return list(dict.fromkeys(text[:LONGEST_TEXT] for text, _count in zip(found, range(LINES_LOOKED_AT), strict=False)))[:MOST_TEXTS]


def _fields(line: str) -> list[str]:
    return [" ".join(field.split()) for field in FIELD_ENDS.split(line)]


def _doubtful_texts(lines: Sequence[bytes], codecs: Sequence[str]) -> list[list[str]]:
    """Give for each codec the same few texts, those first on which the codecs disagree most."""
    candidates: dict[tuple[str, ...], int] = {}
    for line in lines:
        readings = [_fields(line.decode(codec, "replace")) for codec in codecs]
        # Where a separator is half of a letter in one reading only, the fields do not correspond.
        if len({len(fields) for fields in readings}) > 1:
            readings = [[" ".join(fields)] for fields in readings]
        for texts in zip(*readings, strict=True):
            if not all(text.isascii() for text in texts):
                shortened = tuple(text[:LONGEST_TEXT] for text in texts)
                candidates.setdefault(shortened, -len(set(shortened)))
    best = sorted(candidates, key=lambda texts: candidates[texts])[:MOST_TEXTS]
    return [[texts[index] for texts in best] for index in range(len(codecs))]
