"""How a contact reads dates, times, numbers and money: its own formats, else those of its client, else the system's (XD14).

    style_of(contact).date(day)       # what pages of the portal, mails to the contact and the column “Format previews” show

Invariant 17: the preview of a form, the portal and mails take their style from here and from nowhere else. Whoever asks for a contact
with `select_related(*WITH_FORMATS)` needs no further statement.
"""

from clientdesk.languages import spoken
from clientdesk.models import Formats
from clientdesk.preferences import Style, resolve
from clients.models import Client
from contacts.models import Contact

WITH_FORMATS = ("formats", "client__formats")


def style_of(contact: Contact) -> Style:
    """Return how `contact` reads."""
    return style_with(contact, getattr(contact, "formats", None), contact.language)


def style_with(contact: Contact, formats: Formats | None, language: str) -> Style:
    """Return how `contact` would read with these `formats` and this `language` (an ISO code) of its own; with None and a blank one by
    the main account values, those of its client."""
    client = contact.client
    return resolve(formats, getattr(client, "formats", None), language=language or client.language)


def language_of(contact: Contact) -> str:
    """Return the language in which pages, mails and papers speak to `contact`: its own, else its client's, where ClientDesk speaks it,
    else LANGUAGE_CODE. Dates and numbers are written in whatever language it reads, which `style_of` knows."""
    return spoken(contact.language or contact.client.language)


def style_of_client(client: Client) -> Style:
    """Return how `client` itself reads, where no contact is written to: its own formats, else the system's."""
    return resolve(getattr(client, "formats", None), language=client.language)


def language_of_client(client: Client) -> str:
    """Return the language in which `client` itself is spoken to, as `language_of` does it for a contact."""
    return spoken(client.language)
