"""Settings lists about people: what they do, and where they can be met."""

import re
from urllib.parse import quote, unquote, urlsplit

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from clientdesk.fields import validate_web_address
from clientdesk.models import Dictionary
from clientdesk.words import tidy

# What a browser would follow elsewhere than to the network: a scheme, or slashes that stand for one.
_LEADS_ELSEWHERE = re.compile(r"(?:javascript|vbscript|data|blob|file|about|https?|ftp|mailto)\s*:|[/\\]", re.I)


class Position(Dictionary):
    """What a contact does at the client (X41)."""

    class Meta(Dictionary.Meta):
        verbose_name = _("position")
        verbose_name_plural = _("positions")


class SocialNetwork(Dictionary):
    """A network where a person can be met; `prefix` + name + `suffix` is the address of an account there (XD16)."""

    prefix = models.CharField(_("Beginning of the address"), max_length=200, blank=True)
    suffix = models.CharField(_("End of the address"), max_length=100, blank=True)

    class Meta(Dictionary.Meta):
        verbose_name = _("social network")
        verbose_name_plural = _("social networks")

    def address_of(self, name: str) -> str:
        """Return the web address of the account `name` here, or an empty text where this network has no addresses."""
        return f"{self.prefix}{quote(name.strip(), safe='')}{self.suffix}" if self.prefix else ""

    def account_in(self, text: str) -> str:
        """Return the name of an account here that `text` tells: the name itself, or its whole address, such as
        https://www.linkedin.com/in/anna. Raises ValidationError with a sentence for what could lead elsewhere (trial C06)."""
        text = tidy(text)
        name = self._from_address(text) if self.prefix else text
        if self.prefix and not self.prefix.endswith("@"):
            name = name.removeprefix("@")
        if not name or _LEADS_ELSEWHERE.match(name) or (self.prefix and re.search(r"[/\\:?#]", name)):
            raise ValidationError(self._no_account(), params={"value": text, "network": self.name, "example": self.address_of("anna")})
        return name

    def _from_address(self, text: str) -> str:
        """Return the name in an address of this network, typed with or without https:// and www.; anything else as it is."""
        ours, typed = urlsplit(self.prefix), _split(text)
        host = (ours.hostname or "").removeprefix("www.")
        if typed is None or not host or (typed[0] != host and not typed[0].endswith(f".{host}")):
            return text
        rest = typed[1]
        if not rest.casefold().startswith(ours.path.casefold()):
            return text
        rest = rest[len(ours.path) :].removesuffix("/")
        return unquote(rest.removesuffix(self.suffix).partition("/")[0])

    def _no_account(self) -> str:
        if self.prefix:
            return _g("“%(value)s” is no account of %(network)s. Enter its name, such as anna, or its address, such as %(example)s")
        return _g("“%(value)s” is no account of %(network)s. Enter the name of the account.")

    def clean(self) -> None:
        super().clean()
        self.prefix, self.suffix = tidy(self.prefix), tidy(self.suffix)
        if self.suffix and not self.prefix:
            raise ValidationError({"prefix": _g("An address that ends needs a beginning, such as https://www.linkedin.com/in/")})
        try:
            validate_web_address(self.address_of("name") or "https://name.example")
        except ValidationError:
            # A link of ours never leads to anything but the web (trial C06).
            sentence = _g("“%(address)s” is no web address. Begin it with https://, such as https://www.linkedin.com/in/")
            raise ValidationError({"prefix": sentence % {"address": self.address_of(_g("name"))}}) from None


def _split(text: str) -> tuple[str, str] | None:
    """Return host and path of a typed web address, with or without https://, or None for a text that is none."""
    scheme, slashes, rest = text.partition("://")
    if slashes and scheme.casefold() not in ("http", "https"):
        return None
    try:
        found = urlsplit(f"https://{rest if slashes else text}")
        return (found.hostname or "").removeprefix("www."), found.path
    except ValueError:
        return None
