"""Formats by preference: layers, and the one function that previews and pages share (X65 to X69, XD12, XD14, invariant 17)."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from clientdesk import preferences
from clientdesk.preferences import previews, resolve
from clients.models import ClientFormats

AT = datetime(2026, 11, 21, 15, 5, tzinfo=UTC)
GERMAN = {"date_format": "DD.MM.YYYY", "decimal_sep": ",", "group_sep": "."}


def layer(**values) -> ClientFormats:
    return ClientFormats(**({"use_own": True} | values))


def test_without_a_layer_the_systems_formats_hold():
    style = resolve(None)
    assert (style.date(AT), style.time(AT), style.moment(AT)) == ("21 November 2026", "16:05", "21 November 2026, 16:05")
    assert (style.number(Decimal("13550.5")), style.money(13550, "EUR")) == ("13,550.5", "€13,550.00")


def test_a_dormant_layer_counts_for_nothing():
    assert resolve(layer(**GERMAN, use_own=False)) == resolve()


def test_the_nearest_layer_wins_and_its_blanks_mean_the_next_one():
    style = resolve(layer(time_format="12"), layer(**GERMAN, time_format="24", time_zone="America/New_York"))
    assert (style.date(AT), style.time(AT), style.number(1234.5)) == ("21.11.2026", "10:05 AM", "1.234,5")


@pytest.mark.parametrize("nonsense", [{"date_format": "??"}, {"time_zone": "Mars/Base"}, {"first_weekday": 99}, {"decimal_sep": ","}])
def test_a_value_that_nobody_knows_means_the_next_layers(nonsense):
    assert resolve(layer(**nonsense)) == resolve()


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("D MMMM YYYY", "3 March 2026"),
        ("D MMM YYYY", "3 Mar 2026"),
        ("MMMM D, YYYY", "March 3, 2026"),
        ("DD.MM.YYYY", "03.03.2026"),
        ("DD/MM/YYYY", "03/03/2026"),
        ("DD-MM-YYYY", "03-03-2026"),
        ("MM/DD/YYYY", "03/03/2026"),
        ("YYYY-MM-DD", "2026-03-03"),
    ],
)
def test_every_date_format_writes_what_it_promises(name, shown):
    assert resolve(layer(date_format=name)).date(date(2026, 3, 3)) == shown


def test_months_speak_the_persons_language():
    assert resolve(language="de").date(date(2026, 3, 3)) == "3. März 2026"
    assert resolve(language="xx-unknown").date(date(2026, 3, 3)) == "3 March 2026"


@pytest.mark.parametrize(("pair", "shown"), preferences.NUMBERS.items())
def test_every_number_format_writes_what_it_promises(pair, shown):
    style = resolve(layer(decimal_sep=pair[0], group_sep=pair[1]))
    assert style.number(Decimal("1234567.89")).replace("\u202f", " ") == shown
    assert style.number(Decimal("-12")) == "-12"
    assert style.number(0, 2).startswith("0")
    assert style.number(Decimal("0.005"), 2)[-2:] == "01"


@pytest.mark.parametrize(
    ("language", "display", "amount", "currency", "shown"),
    [
        ("en", "symbol", "13550", "EUR", "€13,550.00"),
        ("en", "code", "13550", "EUR", "EUR\u00a013,550.00"),
        ("en", "symbol", "-5.5", "GBP", "-£5.50"),
        ("en", "symbol", "5", "JPY", "¥5"),
        ("en", "symbol", "5", "CHF", "CHF\u00a05.00"),
        ("de", "symbol", "13550", "EUR", "13,550.00\u00a0€"),
        ("de", "code", "-1", "EUR", "-1.00\u00a0EUR"),
        ("en", "code", "5", "XYZ", "XYZ\u00a05.00"),
    ],
)
def test_money_carries_its_currency_as_the_language_has_it(language, display, amount, currency, shown):
    assert resolve(layer(currency_display=display), language=language).money(Decimal(amount), currency) == shown


@pytest.mark.parametrize(
    ("zone", "shown"),
    [("Europe/Berlin", "16:05 CET"), ("Asia/Kolkata", "20:35 IST"), ("America/Sao_Paulo", "12:05 UTC-3"), ("UTC", "15:05 UTC")],
)
def test_the_zone_is_named_where_it_is_asked_for(zone, shown):
    assert resolve(layer(time_zone=zone, show_zone=True)).time(AT) == shown
    assert resolve(layer(time_zone=zone, show_zone=False), layer(show_zone=True)).time(AT) == shown.split()[0]


def test_the_day_is_that_of_the_persons_zone():
    assert resolve(layer(time_zone="Asia/Tokyo", date_format="YYYY-MM-DD")).date(AT) == "2026-11-22"


def test_a_preview_is_what_a_page_would_write():
    """X68, invariant 17."""
    style = resolve(layer(**GERMAN, time_format="12", currency_display="code", first_weekday=7), language="de")
    found = {line.name: line for line in previews(style)}
    assert found["date_format"].sample == style.date(date(style.now().year, 12, 31))
    assert found["date_format"].value == "DD.MM.YYYY"
    assert found["numbers"].sample == style.number(Decimal("13550.50"), 2) == "13.550,50"
    assert found["currency_display"].sample == style.money(Decimal("13550.5"), "EUR")
    assert found["time_format"].sample == "4:05 PM"
    assert found["first_weekday"].sample.startswith("So. Mo.")
    assert found["language"].value == "German"
    assert [line.name for line in previews(style)] == [
        *("language", "date_format", "time_format", "numbers", "currency_display", "time_zone", "show_zone", "first_weekday")
    ]


@pytest.mark.parametrize("zone", preferences.zones()[::40])
def test_every_zone_can_be_previewed(zone):
    assert previews(resolve(layer(time_zone=zone, show_zone=True)))
