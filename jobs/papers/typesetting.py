"""Setting a paper: a template of this folder and plain values in, a PDF out.

    typeset("quote", {"title": "Quote Q-00001", ...}, moment)      # reads quote.typ

Values reach the template as JSON and are set as text: whatever somebody typed is never read as markup. Inter is beside the templates;
scripts that it does not have are set in what the server has, else in the fonts that typst brings along.
"""

import io
import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

import typst
from django.conf import settings
from django.db.models.fields.files import FieldFile
from django.http import Http404
from django.utils.translation import get_language
from PIL import Image

from clientdesk import documents

_HERE = Path(__file__).parent


def typeset(name: str, told: Mapping[str, object], moment: datetime) -> bytes:
    """Return the PDF of the template `name` with the values `told`, in the language that is spoken and dated `moment`: the same values
    give the same bytes."""
    # Typst knows languages without their country.
    language = (get_language() or settings.LANGUAGE_CODE).partition("-")[0]
    return typst.compile(
        str(_HERE / f"{name}.typ"),
        root=str(_HERE),
        font_paths=[str(_HERE / "fonts")],
        format="pdf",
        sys_inputs={"told": json.dumps({**told, "language": language}, ensure_ascii=False)},
        timestamp=int(moment.timestamp()),
    )


def drawn(picture: FieldFile) -> list[int]:
    """Return a stored picture as the bytes of a PNG, for a template; nothing where there is none, or its file is missing."""
    if not picture:
        return []
    out = io.BytesIO()
    try:
        with documents.opened(picture) as file, Image.open(file) as image:
            # Colours that are clear stay so: a mark stands on the paper, not on a box.
            image.convert("RGBA" if image.mode == "RGBA" else "RGB").save(out, "PNG")
    except (Http404, OSError):
        return []
    return list(out.getvalue())
