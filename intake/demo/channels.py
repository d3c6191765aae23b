"""What the profiles of the demo's contacts show: pictures, social accounts, own addresses and formats, ways to reach them."""

import colorsys
import io
from random import Random

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from PIL import Image, ImageDraw

from clientdesk import pictures
from contacts.models import Contact, ContactFormats, SocialAccount, SocialNetwork
from intake.demo.sketches import phone

# Of so many contacts the profile is filled.
FILLED = 40
_FORMATS = (
    {"date_format": "DD.MM.YYYY", "time_format": "24", "decimal_sep": ",", "group_sep": ".", "currency_display": "symbol"},
    {"date_format": "DD/MM/YYYY", "time_format": "24", "decimal_sep": ",", "group_sep": "space", "time_zone": "Europe/Lisbon"},
    {"date_format": "MM/DD/YYYY", "time_format": "12", "decimal_sep": ".", "group_sep": ",", "currency_display": "code"},
    {"date_format": "YYYY-MM-DD", "time_format": "24", "decimal_sep": ",", "group_sep": "space", "show_zone": True},
)
_TONGUES = {"DE": ["de"], "AT": ["de"], "PT": ["pt"], "SE": ["sv"], "NO": ["nb"], "HU": ["hu"], "DK": ["da"], "PL": ["pl"], "JP": ["ja"]}


@transaction.atomic
def portray(seed: int) -> None:
    """Fill the profiles of the first contacts that have none of this yet."""
    dice = Random(seed)  # noqa: S311 - invented data, no secret
    networks = list(SocialNetwork.objects.filter(active=True))
    bare = Contact.objects.active().filter(accounts=None, photo="").select_related("client").order_by("pk")
    for place, contact in enumerate(bare[:FILLED]):
        country = contact.client.country or "DE"
        contact.mother_tongues = _TONGUES.get(country, ["en"])
        reads = contact.mother_tongues[0] if dice.random() < 0.6 else ""
        contact.language = contact.language or reads
        if dice.random() < 0.4:
            contact.more_phones = [{"number": phone(country, dice), "note": "Assistant"}]
        if place % 5 == 4:
            contact.use_client_address, contact.street, contact.city = False, f"Hafenweg {place + 1}", contact.client.city or "Bremen"
            contact.country = country
        if place % 3 == 0:
            contact.photo = pictures.keep(_portrait(dice), "contacts")
        contact.save()
        _reach(contact, networks, dice)
        if place % 4 == 0:
            ContactFormats.objects.create(
                contact=contact, use_own=True, **(_FORMATS[0] if contact.language == "de" else dice.choice(_FORMATS))
            )


def _reach(contact: Contact, networks: list[SocialNetwork], dice: Random) -> None:
    """Give most contacts one to three accounts under their own name."""
    plain = "".join(letter for letter in contact.full_name.lower() if letter.isascii() and (letter.isalpha() or letter == " "))
    handle = "-".join(plain.split()) or f"contact-{contact.pk}"
    chosen = dice.sample(networks, min(len(networks), dice.choice((0, 1, 1, 2, 3)))) if networks else []
    rows: list[dict[str, object]] = [{"network": network.pk, "handle": handle, "preferred": False} for network in chosen]
    SocialAccount.objects.put(contact, rows)


def _portrait(dice: Random) -> pictures.Picture:
    """Return a drawn head and shoulders before a plain ground."""
    ground, coat, skin, hair = (
        tuple(int(255 * part) for part in colorsys.hls_to_rgb(hue, light, rich))
        for hue, light, rich in (
            (dice.random(), 0.86, 0.4),
            (dice.random(), 0.4, 0.35),
            (0.06, dice.uniform(0.35, 0.8), 0.45),
            (0.07, dice.uniform(0.1, 0.5), 0.4),
        )
    )
    image = Image.new("RGB", (512, 512), ground)
    draw = ImageDraw.Draw(image)
    draw.ellipse((80, 350, 432, 760), fill=coat)
    draw.rounded_rectangle((216, 290, 296, 400), 36, fill=skin)
    draw.ellipse((150, 96, 362, 330), fill=hair)
    draw.ellipse((172, 128, 340, 336), fill=skin)
    if dice.random() < 0.5:
        draw.pieslice((166, 100, 346, 250), 180, 360, fill=hair)
    out = io.BytesIO()
    image.save(out, "PNG")
    return pictures.accept(SimpleUploadedFile("portrait.png", out.getvalue(), "image/png"))
