"""Days and amounts as files write them: the column decides how they are read, never the row; what is impossible is an error (V28)."""

from contextlib import suppress
from datetime import date
from decimal import Decimal

import pytest
import time_machine
from babel.dates import format_date
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from intake.countries import LANGUAGES
from intake.dates import ORDERS, SIGNS, decimals_of, order_of, parse, parse_decimal

LAST_OF_NOVEMBER = date(2026, 11, 30)


@pytest.mark.parametrize(
    "text",
    ["2026-11-30", "2026-11-30 00:00:00", "2026-11-30T23:59:59.5Z", "2026/11/30", "20261130", " 2026.11.30 ", "30 Nov 2026",
     "Nov 30, 2026", "November 30th, 2026", "30-Nov-26", "Monday, 30 November 2026", "30. November 2026", "Mo., 30. Nov. 2026",
     "30 novembre 2026", "30 de noviembre de 2026", "30 de novembro de 2026", "30 listopada 2026", "30. listopadu 2026",
     "30 november 2026", "2026 Nov 30", "30 nov. 2026 14:05"],
)  # fmt: skip
def test_a_day_that_says_its_order_is_read_alike_in_every_column(text):
    assert {parse(text, order) for order in ORDERS} == {LAST_OF_NOVEMBER}
    assert not order_of([text]).matters


@pytest.mark.parametrize(
    ("text", "order", "day"),
    [
        ("30.11.2026", "dmy", LAST_OF_NOVEMBER),
        ("30. 11. 2026", "dmy", LAST_OF_NOVEMBER),
        ("30/11/26", "dmy", LAST_OF_NOVEMBER),
        ("11/30/2026 12:00:00 AM", "mdy", LAST_OF_NOVEMBER),
        ("26-11-30", "ymd", LAST_OF_NOVEMBER),
        ("09/01/08", "dmy", date(2008, 1, 9)),
        ("09/01/08", "mdy", date(2008, 9, 1)),
        ("09/01/08", "ymd", date(2009, 1, 8)),
        ("30 11 2026", "dmy", LAST_OF_NOVEMBER),
    ],
)
def test_numbers_are_read_by_the_order_of_their_column(text, order, day):
    assert parse(text, order) == day


@pytest.mark.parametrize(("text", "year"), [("1.1.75", 2075), ("1.1.76", 1976), ("1.1.26", 2026), ("1.1.00", 2000)])
def test_two_digits_are_the_year_within_fifty_years(text, year):
    with time_machine.travel("2026-11-25"):
        assert parse(text, "dmy").year == year


@pytest.mark.parametrize(
    ("text", "order", "said"),
    [
        ("31/02/2026", "dmy", "“31/02/2026” is no day of the calendar."),
        ("2026-02-30", "dmy", "“2026-02-30” is no day of the calendar."),
        ("29 février 2025", "dmy", "is no day of the calendar."),
        ("30/11/0026", "dmy", "is no day of the calendar."),
        ("12/25/2026", "dmy", "“12/25/2026” does not fit the other dates of this column, which are read as day, month, year."),
        ("25.12.2026", "mdy", "which are read as month, day, year."),
        ("25.12.2026", "ymd", "which are read as year, month, day."),
        ("soon", "dmy", "“soon” is no date. Write it as 2026-11-30."),
        ("7/12", "dmy", "is no date."),
        ("30 Foo 2026", "dmy", "is no date."),
        ("1/2/3/4", "dmy", "is no date."),
        ("46356", "dmy", "is no date."),
        ("30.11.2026 25:00", "dmy", "is no date."),
        ("1" + " " * 40_000 + "1", "dmy", "is no date."),
    ],
)
def test_what_is_no_day_is_refused_with_a_sentence(text, order, said):
    with pytest.raises(ValidationError) as refused:
        parse(text, order)
    assert said in refused.value.messages[0]


@pytest.mark.parametrize(
    ("texts", "possible", "sure"),
    [
        (["09/01/08"], {"dmy", "mdy", "ymd"}, ""),
        (["09/01/2008"], {"dmy", "mdy"}, ""),
        (["09/01/2008", "13/01/2008"], {"dmy"}, "dmy"),
        (["09/01/2008", "01/13/2008"], {"mdy"}, "mdy"),
        (["31/12/26", "01/01/99"], {"dmy"}, "dmy"),
        (["09/01/2008", "2026-11-30", "", "soon", "31/02/2008"], {"dmy", "mdy"}, ""),
        (["13/01/2008", "01/13/2008"], {"dmy", "mdy"}, ""),
        ([], {"ymd"}, "ymd"),
    ],
)
def test_a_column_is_sure_of_its_order_only_where_one_fits_all_its_days(texts, possible, sure):
    choice = order_of(texts)
    assert (choice.possible, choice.sure) == (possible, sure)
    assert choice.likely in choice.possible


def test_where_both_orders_are_needed_the_one_that_most_days_fit_is_likely():
    assert order_of(["13/01/2008", "14/01/2008", "01/15/2008"]).likely == "dmy"


@given(
    st.dates(date(1000, 1, 1), date(9999, 12, 31)),
    st.sampled_from(["dmy", "mdy"]),
    st.sampled_from([".", "/", "-", ". ", " "]),
    st.booleans(),
)
def test_a_written_day_comes_back(day, order, between, padded):
    parts = {"d": f"{day.day:02}" if padded else str(day.day), "m": f"{day.month:02}" if padded else str(day.month), "y": f"{day.year:04}"}
    text = between.join(parts[part] for part in order)
    assert parse(text, order) == day
    assert order in order_of([text]).possible


@given(st.dates(date(1980, 1, 1), date(2070, 12, 31)), st.sampled_from(sorted(ORDERS)), st.sampled_from([".", "/", "-"]))
def test_a_day_with_a_short_year_comes_back(day, order, between):
    text = between.join({"d": f"{day.day:02}", "m": f"{day.month:02}", "y": f"{day.year % 100:02}"}[part] for part in order)
    assert parse(text, order) == day


@given(st.dates(date(1900, 1, 1), date(2100, 12, 31)), st.sampled_from(LANGUAGES))
def test_a_day_with_the_name_of_its_month_comes_back_in_every_language_of_files(day, language):
    assert parse(format_date(day, "d. MMMM yyyy", locale=language), "mdy") == day


@given(st.text(max_size=80), st.sampled_from(sorted(ORDERS)), st.sampled_from(sorted(SIGNS)))
def test_any_text_is_read_or_refused(text, order, sign):
    for read, how in ((parse, order), (parse_decimal, sign)):
        with suppress(ValidationError):
            assert read(text, how) is not None


@pytest.mark.parametrize(
    ("text", "sign", "number"),
    [
        ("1.234,50", ",", "1234.50"),
        ("1,234.50", ".", "1234.50"),
        ("1 234,50", ",", "1234.50"),
        ("1\u202f234\u202f567,5", ",", "1234567.5"),
        ("1'234.50", ".", "1234.50"),
        ("1’234’567", ".", "1234567"),
        ("1.234", ",", "1234"),
        ("1.234", ".", "1.234"),
        ("-3,5", ",", "-3.5"),
        ("\u22125", ".", "-5"),
        ("+7", ",", "7"),
        ("0,5", ",", "0.5"),
        ("12", ",", "12"),
    ],
)
def test_an_amount_is_read_by_the_sign_of_its_column(text, sign, number):
    assert parse_decimal(text, sign) == Decimal(number)


@pytest.mark.parametrize(
    ("text", "sign", "said"),
    [
        ("€ 1.234,-", ",", "“€ 1.234,-” is no number. Write digits only, such as 1234,50, without currency or unit."),
        ("1.234 €", ",", "is no number."),
        ("1,00,000.00", ".", "is no number."),
        ("4.4E+11", ".", "is no number."),
        ("12 34", ",", "is no number."),
        ("-", ".", "is no number."),
        (".5", ".", "is no number."),
        ("1.234,50", ".", "does not fit the other numbers of this column, which have a decimal point."),
        ("1,234.50", ",", "which have a decimal comma."),
        ("0.123", ",", "which have a decimal comma."),
    ],
)
def test_what_is_no_number_is_refused_with_a_sentence(text, sign, said):
    with pytest.raises(ValidationError) as refused:
        parse_decimal(text, sign)
    assert said in refused.value.messages[0]


@pytest.mark.parametrize(
    ("texts", "sure", "matters"),
    [
        (["1.234,50"], ",", True),
        (["1,234.50"], ".", True),
        (["1.234"], "", True),
        (["1.234", "0.5"], ".", True),
        (["1.234", "1.234.567"], ",", True),
        (["1.234,50", "1,234.50"], "", True),
        (["12", "1500", "-3"], ".", False),
        (["€ 3,-"], ".", False),
    ],
)
def test_a_column_is_sure_of_its_decimal_sign_only_where_one_fits_all_its_numbers(texts, sure, matters):
    choice = decimals_of(texts)
    assert (choice.sure, choice.matters) == (sure, matters)


@given(st.decimals(-(10**12), 10**12, places=3), st.sampled_from(sorted(SIGNS)), st.sampled_from(["", " ", "'", "other"]))
def test_a_written_amount_comes_back(number, sign, group):
    group = ("." if sign == "," else ",") if group == "other" else group
    text = f"{number:,.3f}".replace(",", "G").replace(".", sign).replace("G", group)
    assert parse_decimal(text, sign) == number
    assert sign in decimals_of([text]).possible
