"""How a person wants dates, times, numbers and money written (X65 to X69, XD12, XD14): the one place that formats by preference.

    style = resolve(contact_formats, client_formats, language="de")     # the nearest layer first; None is no layer
    style.date(day)  style.moment(at)  style.number(value)  style.money(amount, "EUR")
    previews(style)                                                     # what the column “Format previews” shows

The preview of a form and the pages of the portal call the same function, so that one shows what the other does (invariant 17).
"""

from collections.abc import Container
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_time
from babel.numbers import get_currency_precision, get_currency_symbol
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clientdesk.languages import language_name
from clientdesk.models import Formats

# Stored value -> the pattern of Unicode's locale data (UTS 35).
DATES = {
    "D MMMM YYYY": "d MMMM y",
    "D MMM YYYY": "d MMM y",
    "MMMM D, YYYY": "MMMM d, y",
    "DD.MM.YYYY": "dd.MM.y",
    "DD/MM/YYYY": "dd/MM/y",
    "DD-MM-YYYY": "dd-MM-y",
    "MM/DD/YYYY": "MM/dd/y",
    "YYYY-MM-DD": "y-MM-dd",
}
TIMES = {"24": "HH:mm", "12": "h:mm a"}
# Stored separators -> how 1234567.89 looks; a decimal and a thousands separator always go together.
NUMBERS = {
    (".", ","): "1,234,567.89",
    (",", "."): "1.234.567,89",
    (",", "space"): "1 234 567,89",
    (".", "space"): "1 234 567.89",
    (".", "apostrophe"): "1’234’567.89",
    (".", "none"): "1234567.89",
    (",", "none"): "1234567,89",
}
_GROUPS = {"space": "\u202f", "apostrophe": "’", "none": ""}
# ISO 8601: Monday is 1.
WEEKDAYS = {1: gettext_lazy("Monday"), 6: gettext_lazy("Saturday"), 7: gettext_lazy("Sunday")}
_ADVANCED = {"time_zone", "show_zone", "first_weekday"}
# A day above twelve tells day and month apart.
_SAMPLE_DAY, _SAMPLE_TIME, _SAMPLE_AMOUNT = (12, 31), time(16, 5), Decimal("13550.5")


@dataclass(frozen=True)
class Style:
    """How one person reads dates, times, numbers and money; every value is set. Made by `resolve`."""

    date_format: str
    time_format: str
    decimal_sep: str
    group_sep: str
    currency_display: str
    time_zone: str
    show_zone: bool
    first_weekday: int
    language: str

    def date(self, day: date) -> str:
        """Return a day; of a moment the day in the person's time zone."""
        day = self._local(day).date() if isinstance(day, datetime) else day
        return format_date(day, _date_pattern(self.date_format, self.language), locale=_locale(self.language))

    def time(self, moment: datetime | time) -> str:
        """Return the time of day, for a moment in the person's time zone, and with its name where that is asked for."""
        shown, zone = moment, ""
        if isinstance(moment, datetime):
            local = self._local(moment)
            shown, zone = local.time(), f" {_zone_name(local)}" if self.show_zone else ""
        return format_time(shown, TIMES[self.time_format], locale=_locale(self.language)) + zone

    def moment(self, moment: datetime) -> str:
        """Return day and time of `moment`, which is aware, in the person's time zone."""
        return _("%(date)s, %(time)s") % {"date": self.date(moment), "time": self.time(moment)}

    def number(self, value: Decimal | float, digits: int | None = None) -> str:
        """Return `value` with `digits` after the decimal separator, or as many as it has."""
        value = Decimal(str(value))
        if not value.is_finite():
            return str(value)
        if digits is not None:
            value = value.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)
        whole, dot, rest = f"{abs(value):f}".partition(".")
        whole = f"{int(whole):,}".replace(",", _GROUPS.get(self.group_sep, self.group_sep))
        minus = "-" if value < 0 else ""
        return f"{minus}{whole}{self.decimal_sep if dot else ''}{rest}"

    def money(self, amount: Decimal | float, currency: str) -> str:
        """Return `amount` with the code or the sign of `currency`, before or after it as the person's language has it."""
        locale = _locale(self.language)
        by_sign = self.currency_display == Formats.Currency.SYMBOL
        mark = get_currency_symbol(currency, locale=locale) if by_sign else currency
        amount = Decimal(str(amount))
        text = self.number(abs(amount), get_currency_precision(currency))
        minus = "-" if amount < 0 else ""
        if not locale.currency_formats["standard"].pattern.strip("\u200f\u200e ").startswith("¤"):
            return f"{minus}{text}\u00a0{mark}"
        return f"{minus}{mark}{'' if by_sign and not mark[-1:].isalpha() else chr(0xA0)}{text}"

    def now(self) -> datetime:
        """Return the moment of now in the person's time zone."""
        return self._local(timezone.now())

    def _local(self, moment: datetime) -> datetime:
        return moment.astimezone(ZoneInfo(self.time_zone))


def resolve(*layers: Formats | None, language: str = "") -> Style:
    """Return the style that holds when `layers` are asked from the nearest to the farthest, then the system.

    A layer that does not use its own values is dormant, and a blank or unknown value in it means that of the next (XD14).
    """
    awake = [layer for layer in layers if layer is not None and layer.use_own]
    system = _system()

    def first(name: str, known: Container) -> Any:
        found = (getattr(layer, name) for layer in awake)
        return next((value for value in found if value not in (None, "") and value in known), getattr(system, name))

    pairs = ((layer.decimal_sep, layer.group_sep) for layer in awake)
    decimal_sep, group_sep = next((pair for pair in pairs if pair in NUMBERS), (system.decimal_sep, system.group_sep))
    return Style(
        date_format=first("date_format", DATES),
        time_format=first("time_format", TIMES),
        decimal_sep=decimal_sep,
        group_sep=group_sep,
        currency_display=first("currency_display", Formats.Currency.values),
        time_zone=first("time_zone", zones()),
        show_zone=first("show_zone", (True, False)),
        first_weekday=first("first_weekday", WEEKDAYS),
        language=language or system.language,
    )


def _system() -> Style:
    return Style(
        date_format="D MMMM YYYY",
        time_format="24",
        decimal_sep=".",
        group_sep=",",
        currency_display=Formats.Currency.SYMBOL,
        time_zone=settings.TIME_ZONE,
        show_zone=False,
        first_weekday=1,
        language=settings.LANGUAGE_CODE,
    )


@dataclass(frozen=True)
class Preview:
    """One line of the table of formats: the value in words, and how something looks that is written by it."""

    name: str
    label: str
    value: str
    sample: str


def previews(style: Style) -> list[Preview]:
    """Return a line for each format that a person can choose, in the order of the page (X68)."""
    now = style.now()
    sample = datetime.combine(date(now.year, *_SAMPLE_DAY), _SAMPLE_TIME, ZoneInfo(style.time_zone))
    return [
        Preview("language", _("Language"), language_name(style.language), format_date(sample, "full", locale=_locale(style.language))),
        Preview("date_format", _("Date"), style.date_format, style.date(sample)),
        Preview("time_format", _("Time"), clock_name(style.time_format), style.time(sample)),
        Preview("numbers", _("Numbers"), NUMBERS[style.decimal_sep, style.group_sep], style.number(_SAMPLE_AMOUNT, 2)),
        Preview(
            "currency_display",
            _("Currency"),
            str(Formats.Currency(style.currency_display).label),
            style.money(_SAMPLE_AMOUNT, "EUR"),
        ),
        Preview("time_zone", _("Time zone"), style.time_zone, _("%(zone)s, now %(time)s") % {"zone": _offset(now), "time": _clock(style)}),
        Preview("show_zone", _("Show the time zone"), _("Yes") if style.show_zone else _("No"), style.moment(sample)),
        Preview("first_weekday", _("First day of the week"), str(WEEKDAYS[style.first_weekday]), _week(style)),
    ]


@dataclass(frozen=True)
class Compared:
    """One line of the table of formats: the main value, the value that holds, and what is written by it."""

    name: str
    label: str
    main: str
    value: str
    sample: str
    is_own: bool
    is_advanced: bool


def compared(style: Style, main_style: Style | None = None) -> list[Compared]:
    """Return the lines of `previews` beside the values of `main_style`, which hold without own ones: by default the system's (X66)."""
    main = {line.name: line.value for line in previews(main_style or _system())}
    return [
        Compared(line.name, line.label, main[line.name], line.value, line.sample, line.value != main[line.name], line.name in _ADVANCED)
        for line in previews(style)
    ]


def _date_pattern(name: str, language: str) -> str:
    if name != "D MMMM YYYY":
        return DATES[name]
    # With the name of the month a language has its own small words: 3. März 2026, 3 de março de 2026.
    own = _locale(language).date_formats["long"].pattern
    return own if own.startswith("d") and "MMMM" in own else DATES[name]


def clock_name(time_format: str) -> str:
    """Return the words of a time format."""
    return _("24 hours") if time_format == "24" else _("12 hours")


def _clock(style: Style) -> str:
    return format_time(style.now().time(), TIMES[style.time_format], locale=_locale(style.language))


def _week(style: Style) -> str:
    names = _locale(style.language).days["format"]["abbreviated"]
    return " ".join(names[(style.first_weekday - 1 + step) % 7] for step in range(7))


def _zone_name(local: datetime) -> str:
    name = local.tzname() or ""
    return name if name[:1].isalpha() else _offset(local)


def _offset(local: datetime) -> str:
    minutes = int((local.utcoffset() or timedelta()).total_seconds() // 60)
    hours, rest = divmod(abs(minutes), 60)
    sign = "-" if minutes < 0 else "+"
    return "UTC" if not minutes else f"UTC{sign}{hours}" + (f":{rest:02d}" if rest else "")


@cache
def zones() -> tuple[str, ...]:
    """Return the names of the time zones that a person can choose: those of a place, and UTC."""
    return ("UTC", *sorted(name for name in available_timezones() if "/" in name and name.split("/")[0] in _CONTINENTS))


_CONTINENTS = {"Africa", "America", "Antarctica", "Arctic", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific"}


@cache
def _locale(language: str) -> Locale:
    try:
        return Locale.parse(language, sep="-")
    except (UnknownLocaleError, ValueError):
        return Locale.parse("en")
