"""The placeholders of a CRM e-mail: a fixed dictionary and plain replacement. Nothing of a value is ever read as a placeholder (V20)."""

import re
from collections.abc import Mapping

from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

PLACEHOLDERS: dict[str, str | Promise] = {
    "first_name": gettext_lazy("First name; without one the full name"),
    "last_name": gettext_lazy("Last name"),
    "full_name": gettext_lazy("First and last name"),
    "client": gettext_lazy("Legal name of the client"),
    "branch": gettext_lazy("Name of our branch"),
    "sender": gettext_lazy("Your name"),
}
# Two braces are one that is meant as a sign; a brace that opens nothing is a sign, too.
_FOUND = re.compile(r"(?P<open>\{\{)|(?P<close>\}\})|\{(?P<name>[^{}\n]{1,60})\}")


def check(text: str) -> None:
    """Raise ValidationError where `text` holds a placeholder that there is not, naming those there are."""
    for found in _FOUND.finditer(text):
        name = found["name"]
        if name is not None and name not in PLACEHOLDERS:
            known = ", ".join(f"{{{one}}}" for one in PLACEHOLDERS)
            sentence = _("There is no placeholder “{%(name)s}”. Use one of %(known)s, or write {{%(name)s}} for braces.")
            raise ValidationError(sentence % {"name": name, "known": known})


def fill(text: str, values: Mapping[str, str]) -> str:
    """Return `text` with each placeholder replaced by its value, in one pass; `values` holds every one of PLACEHOLDERS."""

    def put(found: re.Match) -> str:
        if found["open"]:
            return "{"
        return "}" if found["close"] else values.get(found["name"], found[0])

    return _FOUND.sub(put, text)
