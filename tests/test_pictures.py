"""Pictures: told by content, decoded within limits, drawn anew without metadata (C9, X46)."""

import io
import struct
import zlib

import pytest
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import Http404
from PIL import ExifTags, Image

from clientdesk import pictures
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
