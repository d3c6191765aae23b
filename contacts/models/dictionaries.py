"""Settings lists about people: what they do, and where they can be met."""

from urllib.parse import quote

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from clientdesk.fields import validate_web_address
from clientdesk.models import Dictionary
from clientdesk.words import tidy


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
