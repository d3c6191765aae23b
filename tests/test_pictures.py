"""Pictures: told by content, decoded within limits, drawn anew without metadata (C9, X46)."""

import io
import re
import struct
import zlib

import pytest
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import Http404
from PIL import ExifTags, Image, ImageColor

from clientdesk import pictures
from clientdesk.cropping import NUMBERS, Handed, Part, PartInput
from clients.models import Client


def picture(kind: str = "JPEG", size: tuple[int, int] = (800, 400), mode: str = "RGB", **options) -> bytes:
    """Return a picture whose left half is red and right half blue."""
    image = Image.new(mode, size, "blue" if mode == "RGB" else None)
    if mode == "RGB":
        image.paste("red", (0, 0, size[0] // 2, size[1]))
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def upload(content: bytes, name: str = "logo.jpg", content_type: str = "") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type)


def chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def png(width: int, height: int, *, rows: bytes = b"") -> bytes:
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def exif(**tags) -> bytes:
    found = Image.Exif()
    for name, value in tags.items():
        found[ExifTags.Base[name]] = value
    return found.tobytes()


@pytest.mark.parametrize(
    ("kind", "name", "mode", "options"),
    [
        ("JPEG", "a.jpg", "RGB", {}),
        ("JPEG", "a.JPEG", "CMYK", {}),
        ("JPEG", "a.jpg", "L", {}),
        ("PNG", "a.png", "RGBA", {}),
        ("PNG", "a.png", "P", {}),
        ("PNG", "a.png", "1", {}),
        ("PNG", "a.png", "LA", {}),
        ("PNG", "a.png", "I;16", {}),
        ("WEBP", "a.webp", "RGB", {"lossless": True}),
        ("WEBP", "no ending", "RGB", {}),
    ],
)
def test_an_honest_picture_is_drawn_anew_in_two_sizes(kind, name, mode, options):
    found = pictures.accept(upload(picture(kind, mode=mode, **options), name))
    for content, size in ((found.large, (512, 256)), (found.small, (96, 96))):
        with Image.open(io.BytesIO(content)) as image:
            assert (image.format, image.size) == ("WEBP", size)
            image.load()


def test_a_small_picture_is_not_blown_up_and_a_logo_keeps_its_shape():
    with Image.open(io.BytesIO(pictures.accept(upload(picture(size=(40, 20)))).large)) as image:
        assert image.size == (40, 20)
    with Image.open(io.BytesIO(pictures.accept(upload(picture()), square=False).small)) as image:
        assert image.size == (96, 48)


def test_what_the_camera_wrote_down_is_gone_and_the_picture_stands_upright():
    taken = exif(Orientation=6, Make="Spy", ImageDescription="12 Home Street")
    content = picture("JPEG", exif=taken, icc_profile=b"a colour profile", comment=b"secret")
    found = pictures.accept(upload(content))
    with Image.open(io.BytesIO(found.large)) as image:
        assert image.size == (256, 512)
        assert not {"exif", "icc_profile", "xmp", "comment"} & set(image.info)
        assert not dict(image.getexif())
        top, bottom = (image.convert("RGB").getpixel((128, y)) for y in (100, 400))
    assert top[0] > 200 > top[2]
    assert bottom[2] > 200 > bottom[0]
    for secret in (b"Spy", b"Home Street", b"secret"):
        assert secret in content
        assert secret not in found.large + found.small


def test_a_script_that_hangs_on_a_picture_is_lost_on_the_way():
    found = pictures.accept(upload(picture("PNG") + b"<script>alert(1)</script>PK\x03\x04", "logo.png"))
    assert b"script" not in found.large + found.small


def animated(kind: str) -> bytes:
    frames = [Image.new("RGB", (20, 20), colour) for colour in ("red", "blue")]
    out = io.BytesIO()
    frames[0].save(out, kind, save_all=True, append_images=frames[1:], duration=100)
    return out.getvalue()


HOSTILE = {
    "not a picture": (b"hello, I am a text", "logo.png", "cannot be read as a picture"),
    "markup": (b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', "logo.svg", "cannot be read as a picture"),
    "markup with a false name": (b'<svg xmlns="http://www.w3.org/2000/svg"/>', "logo.png", "cannot be read as a picture"),
    "another kind of picture": (picture("GIF", mode="L"), "logo.gif", "cannot be read as a picture"),
    "a false name": (picture("JPEG"), "logo.png", "is a JPEG picture by its content"),
    "a page by its name": (picture("PNG"), "logo.html", "is a PNG picture by its content"),
    "cut off": (picture("JPEG")[:2000], "logo.jpg", "cannot be read as a picture"),
    "a head and nothing else": (png(10, 10), "logo.png", "cannot be read as a picture"),
    "moving PNG": (animated("PNG"), "logo.png", "is animated"),
    "moving WebP": (animated("WEBP"), "logo.webp", "is animated"),
    "a bomb": (png(30_000, 30_000, rows=bytes(1000)), "logo.png", "too many pixels"),
    "a narrow bomb": (png(2_000_000_000, 1), "logo.png", "too many pixels"),
    "a little too large": (png(6400, 6400), "logo.png", "6400 × 6400 pixels"),
    "without size": (png(0, 0), "logo.png", "cannot be read as a picture"),
    "too many bytes": (picture("PNG") + bytes(pictures.MOST_BYTES), "logo.png", "A picture may have at most 10"),
}


@pytest.mark.parametrize(("content", "name", "said"), HOSTILE.values(), ids=HOSTILE.keys())
def test_whatever_is_no_honest_picture_is_refused_with_a_sentence(content, name, said):
    with pytest.raises(ValidationError) as refused:
        pictures.PictureField().clean(upload(content, name))
    assert said in refused.value.messages[0]
    assert name in refused.value.messages[0]


def test_a_false_type_of_the_browser_is_refused():
    with pytest.raises(ValidationError, match="is a JPEG picture by its content"):
        pictures.accept(upload(picture("JPEG"), "logo.jpg", "image/png"))
    assert pictures.accept(upload(picture("JPEG"), "logo.jpg", "image/jpeg"))
    assert pictures.accept(upload(picture("JPEG"), "logo.jpg", "application/octet-stream"))


@pytest.mark.parametrize("place", range(0, 400, 7))
def test_broken_bytes_are_a_sentence_or_a_picture_but_never_a_fault(place):
    for kind, name in (("JPEG", "a.jpg"), ("PNG", "a.png"), ("WEBP", "a.webp")):
        content = bytearray(picture(kind, size=(60, 40)))
        content[place % len(content)] ^= 0xFF
        said = name
        try:
            pictures.accept(upload(bytes(content), name))
        except ValidationError as refused:
            said = refused.messages[0]
        assert name in said


def test_a_picture_is_kept_under_a_name_of_ours_served_without_guessing_and_forgotten_whole(db, django_capture_on_commit_callbacks):
    name = pictures.keep(pictures.accept(upload(picture(), "../../etc/passwd.jpg")), "clients")
    assert name.startswith("pictures/clients/")
    assert "passwd" not in name
    client = Client(photo=name)
    for small, size in ((False, (512, 256)), (True, (96, 96))):
        response = pictures.serve(client.photo, small=small)
        with Image.open(io.BytesIO(response.content)) as image:
            assert image.size == size
        assert response.headers["Content-Type"] == "image/webp"
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert response.headers["Cache-Control"] == "private, no-store"
    with django_capture_on_commit_callbacks(execute=True):
        pictures.forget(name)
        assert default_storage.exists(name)
    assert default_storage.listdir("pictures/clients") == ([], [])
    with pytest.raises(Http404):
        pictures.serve(client.photo)


def test_no_picture_is_not_found():
    with pytest.raises(Http404):
        pictures.serve(Client().photo)


QUARTERS = {"red": (0, 0), "lime": (1, 0), "blue": (0, 1), "yellow": (1, 1)}


def quartered(size: tuple[int, int] = (800, 400), orientation: int = 1) -> bytes:
    """Return a picture that upright has four quarters in four colours, stored as by a camera that was held in `orientation`."""
    upright = Image.new("RGB", (2, 2))
    for name, place in QUARTERS.items():
        upright.putpixel(place, ImageColor.getrgb(name))
    # The way back is the same turn, but for the two quarter turns.
    back = pictures._TURNS.get({6: 8, 8: 6}.get(orientation, orientation))
    stored = upright.resize(size, Image.Resampling.NEAREST)
    out = io.BytesIO()
    (stored if back is None else stored.transpose(back)).save(out, "JPEG", quality=95, exif=exif(Orientation=orientation))
    return out.getvalue()


def colour(content: bytes) -> tuple[tuple[int, int], str]:
    """Return the size of a picture and the name of the colour that it has everywhere, or “many”."""
    with Image.open(io.BytesIO(content)) as image:
        points = [(x, y) for x in (6, image.width // 2, image.width - 7) for y in (6, image.height // 2, image.height - 7)]
        found = {_nearest(image.convert("RGB").getpixel(point)) for point in points}
        return image.size, found.pop() if len(found) == 1 else "many"


def _nearest(pixel: tuple[int, ...]) -> str:
    return min(QUARTERS, key=lambda name: sum(abs(a - b) for a, b in zip(ImageColor.getrgb(name), pixel, strict=True)))


@pytest.mark.parametrize("orientation", range(1, 9))
def test_the_chosen_part_is_what_one_saw_however_the_camera_was_held(orientation):
    for name, (right, below) in QUARTERS.items():
        part = Part(400 * right + 100 * (not right), 200 * below, 200)
        found = pictures.accept(upload(quartered(orientation=orientation)), part=part)
        assert colour(found.large) == ((200, 200), name), name
        assert colour(found.small) == ((96, 96), name), name


def test_of_a_large_picture_the_chosen_part_is_as_sharp_as_the_whole():
    content = quartered(size=(2402, 2401))
    for side, size in ((1200, 512), (1100, 512), (300, 300)):
        found = pictures.accept(upload(content), part=Part(2402 - side, 0, side))
        assert colour(found.large) == ((size, size), "lime")


@pytest.mark.parametrize(
    ("numbers", "said"),
    [
        (("0", "0", "401"), "does not lie within its 800 × 400 pixels"),
        (("401", "0", "400"), "does not lie within its 800 × 400 pixels"),
        (("0", "1", "400"), "does not lie within its 800 × 400 pixels"),
        (("0", "0", "0"), "does not lie within its 800 × 400 pixels"),
        (("999999", "999999", "999999"), "does not lie within its 800 × 400 pixels"),
        (("-1", "0", "40"), "“-1” is no such number"),
        (("0", "0", "1e9"), "“1e9” is no such number"),
        (("0", "NaN", "10"), "“NaN” is no such number"),
        (("0", "", "10"), "“” is no such number"),
        (("٣", "0", "10"), "“٣” is no such number"),
        (("9" * 5000, "0", "10"), "“9999999999999999999999999999999999999999…” is no such number"),
        (("<b>", "0", "10"), "“<b>” is no such number"),
    ],
)
def test_a_part_that_is_none_is_refused_with_a_sentence(numbers, said):
    handed = Handed(upload(picture()), dict(zip(NUMBERS, numbers, strict=True)))
    with pytest.raises(ValidationError, match=re.escape(said)):
        pictures.PictureField(widget=PartInput).clean(handed)


def test_without_a_chosen_part_the_whole_picture_is_kept_and_its_middle_is_small():
    handed = Handed(upload(quartered(size=(900, 300))), dict.fromkeys(NUMBERS, " "))
    found = pictures.PictureField(widget=PartInput).clean(handed)
    assert colour(found.large) == ((512, 171), "many")
    assert colour(found.small) == ((96, 96), "many")
