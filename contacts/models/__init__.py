"""The places and people of a client, the settings lists about them, and what hangs on a contact."""

from contacts.models.channels import SocialAccount
from contacts.models.dictionaries import Position, SocialNetwork
from contacts.models.parts import ContactFormats, ContactMove, ContactPair
from contacts.models.people import Contact, ContactOffice, ContactQuerySet, sort_key
from contacts.models.places import Department, Office

__all__ = [
    "Contact",
    "ContactFormats",
    "ContactMove",
    "ContactOffice",
    "ContactPair",
    "ContactQuerySet",
    "Department",
    "Office",
    "Position",
    "SocialAccount",
    "SocialNetwork",
    "sort_key",
]
