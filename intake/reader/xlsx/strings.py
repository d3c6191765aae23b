"""Texts of a workbook: shared strings and the escapes inside them."""

import re
from typing import IO

from intake.reader.xlsx.package import CHUNK, LocalNames, Unreadable, damage_named, new_parser

ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
SURROGATES = re.compile("[\ud800-\udbff][\udc00-\udfff]")
HALF = re.compile("[\ud800-\udfff]")
RAW_SHOWN = 30


def decode(text: str) -> str:
    """Undo the escapes of characters that XML cannot hold (`_x000D_`) and make every line end "\\n".

    Escapes of other control characters stay as they are: no database stores a NUL, and dropping one would change the text.
    """
    if "_x" in text:
        text = ESCAPE.sub(_decoded, text)
        text = SURROGATES.sub(lambda pair: pair[0].encode("utf-16", "surrogatepass").decode("utf-16"), text)
        text = HALF.sub(lambda half: f"_x{ord(half[0]):04X}_", text)
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def _decoded(found: re.Match[str]) -> str:
    code = int(found[1], 16)
    if (code < 32 and code not in {9, 10, 13}) or code in {0xFFFE, 0xFFFF}:
        return found[0]
    return chr(code)


def read_strings(part: IO[bytes], longest: int, most: int) -> list[str]:
    """Read the table of shared strings. Raises `Unreadable` where one has more than `longest` characters, or where they are more
    than `most`."""
    strings: list[str] = []
    pieces: list[str] = []
    item: list[str] = []
    phonetic = 0
    names = LocalNames()

    def start(name: str, _attributes: list[str]) -> None:
        nonlocal phonetic
        tag = names[name]
        if tag == "si":
            item.clear()
        elif tag == "rPh":
            phonetic += 1
        pieces.clear()

    def end(name: str) -> None:
        nonlocal phonetic
        tag = names[name]
        if tag == "t":
            if not phonetic:
                item.extend(pieces)
        elif tag == "si":
            text = item[0] if len(item) == 1 else "".join(item)
            if len(text) > longest:
                raise Unreadable("text", limit=longest, raw=text[:RAW_SHOWN])
            strings.append(decode(text))
        elif tag == "rPh":
            phonetic -= 1
        pieces.clear()

    parser = new_parser()
    parser.ordered_attributes = True
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = pieces.append
    with damage_named():
        while chunk := part.read(CHUNK):
            parser.Parse(chunk)
            if len(strings) > most:
                raise Unreadable("memory")
            if sum(map(len, pieces)) + sum(map(len, item)) > longest:
                raise Unreadable("text", limit=longest, raw="".join([*item, *pieces])[:RAW_SHOWN])
        parser.Parse(b"", True)
    return strings
