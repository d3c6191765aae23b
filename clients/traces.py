"""What a client is recognised by beside its name: the keys by which duplicates are found (compared in clients/duplicates)."""

from clientdesk.words import tidy_email
from clients.distinctive import words_of
from clients.mailboxes import MAILBOXES

KEYS = ("domain_key", "phone_key", "tax_key", "core_key")
# Fewer digits are an extension or a mistake.
SHORTEST_PHONE = 6
_ZEROS = frozenset("0X")


def of(name: str, email: str, website: str, phone: str, tax_number: str) -> dict[str, str]:
    """Return the four keys of a client by column; a blank key recognises nothing. `phone` is in international form."""
    return {
        "domain_key": domain_key(email, website),
        "phone_key": phone_key(phone),
        "tax_key": tax_key(tax_number),
        "core_key": core_key(name),
    }


def phone_key(phone: str) -> str:
    """Return the digits of `phone`."""
    digits = phone[1:] if phone[1:].isdigit() and phone[0] == "+" else "".join(filter(str.isdigit, phone))
    digits = digits[:20]
    return digits if len(digits) >= SHORTEST_PHONE else ""


def tax_key(tax_number: str) -> str:
    """Return letters and digits of `tax_number`; a placeholder such as 000 or N/A is none."""
    key = tax_number.upper()
    key = (key if key.isalnum() else "".join(filter(str.isalnum, key)))[:30]
    return key if any(map(str.isdigit, key)) and set(key) - _ZEROS and len(key) > 3 else ""


def domain_key(email: str, website: str) -> str:
    """Return the domain of `email`, or of `website` where the address is at a mailbox provider or blank."""
    domain = tidy_email(email).rpartition("@")[2] if "@" in email else ""
    if not domain or domain in MAILBOXES:
        address = website.lower().partition("://")[2] or website.lower()
        domain = address.partition("/")[0].partition("?")[0].rpartition("@")[2].partition(":")[0].removeprefix("www.")
    domain = domain.strip(".")
    return domain[:253] if "." in domain and domain.isprintable() and " " not in domain and domain not in MAILBOXES else ""


def core_key(name: str) -> str:
    """Return the words of `name` that tell it from others, folded and in order."""
    return " ".join(sorted(words_of(name)))[:200]
