"""Pictures that people hand in: told by their content, decoded within limits, drawn anew without metadata, served with care.

class PhotoForm(forms.Form):
    picture = PictureField(label=_("Picture"), widget=PartInput)      # cleaned: a Picture

name = keep(picture, "clients")                     # -> "pictures/clients/3f…c2.webp", to store in a FileField
return serve(client.photo, thumb=True)
forget(name)                                        # picture and thumb, once the transaction is safe
"""

import io
import warnings
from dataclasses import dataclass
from math import ceil
from typing import Any, BinaryIO

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db.models.fields.files import FieldFile
from django.http import HttpResponse
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from PIL import ExifTags, Image, ImageOps

from clientdesk import documents
from clientdesk.cropping import Handed, Part, chosen

MOST_BYTES, MOST_PIXELS = 10 * 1024 * 1024, 40_000_000
LARGE, SMALL = 512, 96
_ENDINGS = {"jpg": "JPEG", "jpeg": "JPEG", "jpe": "JPEG", "jfif": "JPEG", "png": "PNG", "webp": "WEBP"}
_ENDING, _SMALL_ENDING = ".webp", ".small.webp"
# A camera's file of several pictures (its preview, a depth map) is a JPEG picture whose first one counts.
_FAMILY = {"MPO": "JPEG"}
# How a picture is put upright, by the way its camera was held (EXIF 2.3, 4.6.4).
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_SIDEWAYS = (5, 6, 7, 8)


@dataclass(frozen=True)
class Picture:
    """A picture drawn anew as WebP: at most 512 pixels wide and high, and a small one of 96. Of a chosen part both are square."""

    large: bytes
    small: bytes


class PictureField(forms.FileField):
    """A JPEG, PNG or WebP picture; cleaned it is a Picture. `square` cuts the small one to a square, as avatars need it."""

    default_error_messages = {
        "required": gettext_lazy("Choose a picture."),
        "empty": gettext_lazy("This file is empty. Choose another."),
        "missing": gettext_lazy("No file arrived. Choose it again."),
        "invalid": gettext_lazy("No file arrived. Choose it again."),
    }

    def __init__(self, *, square: bool = True, **kwargs) -> None:
        self.square = square
        hint = gettext_lazy("JPEG, PNG or WebP, at most 10 MB.")
        super().__init__(**({"help_text": hint} | kwargs))
        self.widget.attrs |= {"accept": "image/jpeg,image/png,image/webp"}

    def to_python(self, data: Any) -> Any:
        """Return the upload, or of a Handed one the chosen part, as a Picture; raises ValidationError for what is none (see `accept`)."""
        numbers = data.numbers if isinstance(data, Handed) else {}
        file = data.file if isinstance(data, Handed) else data
        if file is not None and hasattr(file, "name"):
            file.name = documents.harmless_name(file.name or "")
        found = super().to_python(file)
        return None if found is None else accept(found, square=self.square, part=chosen(numbers))


def accept(file: UploadedFile, *, square: bool = True, part: Part | None = None) -> Picture:
    """Return `file`, or `part` of it, drawn anew.

    Raises ValidationError with a sentence for whatever is no honest picture of moderate size (X46, C9) or no part of it.
    """
    name = documents.harmless_name(file.name or "")
    if (file.size or 0) > MOST_BYTES:
        raise ValidationError(
            _("“%(name)s” has %(size)s. A picture may have at most %(most)s.")
            % {"name": name, "size": filesizeformat(file.size), "most": filesizeformat(MOST_BYTES)}
        )
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return _drawn(file, name, square, part)
    except ValidationError:
        raise
    except Image.DecompressionBombError as error:
        raise ValidationError(_("“%(name)s” has too many pixels. Make the picture smaller first.") % {"name": name}) from error
    except Exception as error:
        # Hostile bytes make decoders raise almost anything; none of it is our fault.
        raise ValidationError(
            _("“%(name)s” cannot be read as a picture. Save it again as JPEG, PNG or WebP, then choose it.") % {"name": name}
        ) from error


def _drawn(file: BinaryIO, name: str, square: bool, part: Part | None) -> Picture:
    file.seek(0)
    with Image.open(file, formats=["JPEG", "PNG", "WEBP"]) as image:
        _refuse(image, name, str(getattr(file, "content_type", "") or ""))
        held = image.getexif().get(ExifTags.Base.Orientation)
        width, height = image.size
        kept = part and _in_file(part, width, height, held, name)
        enough = min(1, 2 * LARGE / kept.size) if kept else 0
        # A JPEG can be decoded at a fraction of its size; the next larger one still has every pixel that is needed.
        image.draft("RGB", (ceil(width * enough), ceil(height * enough)) if kept else (2 * LARGE, 2 * LARGE))
        image.load()
        plain = _in_colours(image)
        if kept:
            plain = plain.crop(kept.box(plain.width / width, plain.height / height))
        plain.thumbnail((2 * LARGE, 2 * LARGE), Image.Resampling.LANCZOS)
        # The turn first: after it the picture carries nothing of the camera.
        turn = _TURNS.get(held)
        turned = plain if turn is None else plain.transpose(turn)
    turned.thumbnail((LARGE, LARGE), Image.Resampling.LANCZOS)
    small = ImageOps.fit(turned, (SMALL, SMALL)) if square else ImageOps.contain(turned, (SMALL, SMALL))
    return Picture(_webp(turned), _webp(small))


def _in_file(part: Part, width: int, height: int, held: int | None, name: str) -> Part:
    """Return where `part` lies in the stored picture. Raises ValidationError where it does not."""
    upright = (height, width) if held in _SIDEWAYS else (width, height)
    if not part.fits(*upright):
        raise ValidationError(
            _("The part of “%(name)s” that was chosen does not lie within its %(width)d × %(height)d pixels. Choose the picture again.")
            % {"name": name, "width": upright[0], "height": upright[1]}
        )
    return part.in_file(width, height, held)


def _refuse(image: Image.Image, name: str, claimed: str) -> None:
    width, height = image.size
    if width * height > MOST_PIXELS:
        raise ValidationError(
            _("“%(name)s” is %(width)d × %(height)d pixels. A picture may have at most 40 million: make it smaller first.")
            % {"name": name, "width": width, "height": height}
        )
    kind = _FAMILY.get(image.format or "", image.format)
    ending = name.rpartition(".")[2].lower() if "." in name else ""
    said = claimed.partition(";")[0].strip().lower()
    type_fits = not said.startswith("image/") or said in (f"image/{str(kind).lower()}", "image/jpg" if kind == "JPEG" else "")
    if (ending and _ENDINGS.get(ending) != kind) or not type_fits:
        raise ValidationError(
            _("“%(name)s” is a %(kind)s picture by its content, not what its name says. Save it again, then choose it.")
            % {"name": name, "kind": str(kind).replace("WEBP", "WebP")}
        )
    if kind == image.format and getattr(image, "n_frames", 1) > 1:
        raise ValidationError(_("“%(name)s” is animated. Choose a picture that stands still.") % {"name": name})


def _in_colours(image: Image.Image) -> Image.Image:
    """Return `image` in RGB, or RGBA where it is transparent somewhere."""
    if image.mode.startswith("I;16"):
        # Sixteen bits of grey: Pillow would clip instead of scale.
        return image.convert("I").point(lambda value: value / 256).convert("L").convert("RGB")
    clear = image.mode in ("RGBA", "LA", "PA", "La", "RGBa") or "transparency" in image.info
    return image.convert("RGBA" if clear else "RGB")


def _webp(image: Image.Image) -> bytes:
    out = io.BytesIO()
    # Nothing but the colours: no place, no camera, no colour profile.
    image.save(out, "WEBP", quality=85, method=4, exif=b"", icc_profile=b"", xmp=b"")
    return out.getvalue()


def keep(picture: Picture, folder: str) -> str:
    """Store both sizes of `picture` under a random name of ours and return that name, for a FileField.

    Raises ValidationError where the disk is full.
    """
    name = documents.keep(ContentFile(picture.large), f"pictures/{folder}", _ENDING)
    default_storage.save(_small(name), ContentFile(picture.small))
    return name


def forget(name: str) -> None:
    """Delete the picture stored as `name` and its small one, once the transaction is safe."""
    if name:
        documents.forget(name, _small(name))


def both(name: str) -> list[str]:
    """Return the names of the two files of the picture stored as `name`."""
    return [name, _small(name)]


def _small(name: str) -> str:
    return name.removesuffix(_ENDING) + _SMALL_ENDING


def as_png(name: str, tallest: int) -> bytes:
    """Return the picture stored as `name` as a PNG of at most `tallest` pixels for programs that know no WebP, such as those that read
    mails; nothing where there is none or its file is gone."""
    out = io.BytesIO()
    try:
        with default_storage.open(name) as file, Image.open(file) as image:
            small = _in_colours(image)
            small.thumbnail((tallest * 6, tallest))
            small.save(out, "PNG")
    except (OSError, ValueError):
        return b""
    return out.getvalue()


def serve(file: FieldFile, *, small: bool = False) -> HttpResponse:
    """Return the stored picture `file`, or its small one; whether the person may see it the view has asked. Raises Http404."""
    stored = file and FieldFile(file.instance, file.field, _small(file.name) if small else file.name)
    with documents.opened(stored) as content:
        response = HttpResponse(content.read(), content_type="image/webp", headers=documents.HEADERS)
    response.headers["Content-Disposition"] = "inline"
    return response
