"""How a client or a contact wants dates, times, numbers and money written (X65 to X69, XD14)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from clientdesk.models.base import Versioned


class Formats(Versioned):
    """Format preferences; with `use_own` off they are dormant and the next layer counts: contact, client, system.

    A blank value means that of the next layer. clientdesk/preferences.py reads these and nothing else formats by them.
    """

    class Currency(models.TextChoices):
        CODE = "code", _("Code, such as EUR")
        SYMBOL = "symbol", _("Symbol, such as €")

    use_own = models.BooleanField(_("User-defined values"), default=False)
    date_format = models.CharField(_("Date"), max_length=20, blank=True)
    time_format = models.CharField(_("Time"), max_length=20, blank=True)
    decimal_sep = models.CharField(_("Decimal separator"), max_length=1, blank=True)
    group_sep = models.CharField(_("Thousands separator"), max_length=10, blank=True)
    currency_display = models.CharField(_("Currency"), max_length=10, blank=True, choices=Currency)
    time_zone = models.CharField(_("Time zone"), max_length=64, blank=True)
    show_zone = models.BooleanField(_("Show the time zone"), null=True, blank=True)
    first_weekday = models.PositiveSmallIntegerField(_("First day of the week"), null=True, blank=True)

    class Meta:
        abstract = True
