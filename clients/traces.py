"""What a client is recognised by beside its name: the keys by which duplicates are found (compared in clients/duplicates.py)."""

import re

from clientdesk.words import search_key, tidy_email

KEYS = ("domain_key", "phone_key", "tax_key", "core_key")
# Domains of mailbox providers say nothing about the client.
MAILBOXES = {
    "gmail.com",
    "googlemail.com",
    "outlook.com",
    "hotmail.com",
    "yahoo.com",
    "icloud.com",
    "gmx.de",
    "gmx.net",
    "web.de",
    "t-online.de",
}
_APART = re.compile(r"[^\w]+")


def of(name: str, email: str, website: str, phone: str, tax_number: str) -> dict[str, str]:
    """Return the four keys of a client by column; a blank key recognises nothing. `phone` is in international form."""
    return {
        "domain_key": domain_key(email, website),
        "phone_key": "".join(sign for sign in phone if sign.isdigit())[:20],
        "tax_key": "".join(sign for sign in tax_number.upper() if sign.isalnum())[:30],
        "core_key": core_key(name),
    }


def domain_key(email: str, website: str) -> str:
    """Return the domain of `email`, or of `website` where the address is at a mailbox provider or blank."""
    domain = tidy_email(email).rpartition("@")[2] if "@" in email else ""
    if not domain or domain in MAILBOXES:
        domain = website.partition("://")[2].partition("/")[0].lower().removeprefix("www.")
    return domain[:253] if "." in domain and domain not in MAILBOXES else ""


def core_key(name: str) -> str:
    """Return the words of `name` that tell it from others, folded and in order."""
    return " ".join(sorted(set(_APART.sub(" ", search_key(name)).split())))[:200]
