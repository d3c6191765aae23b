"""Tax numbers by country (XD3)."""

import pytest

from clients.tax_numbers import EXAMPLES, why_wrong


@pytest.mark.parametrize(("country", "number"), EXAMPLES.items())
def test_every_example_that_an_error_shows_is_taken_itself(country, number):
    assert why_wrong(number, country) == ""
    assert why_wrong(number.replace(" ", "").lower(), country) == ""


@pytest.mark.parametrize(
    ("number", "country"),
    [
        ("", "DE"),
        ("136695976", "DE"),
        ("DE 136 695 976", "DE"),
        ("DE136695976", ""),
        ("DE136695976", "US"),
        ("FR 40 303 265 045", "DE"),
        ("303 265 045", "FR"),
        ("CHE-100.155.212", "CH"),
        ("anything at all", "VA"),
        ("anything at all", ""),
        ("EL 094259216", "GR"),
        ("536-90-4399", "US"),
    ],
)
def test_an_honest_number_is_taken(number, country):
    assert why_wrong(number, country) == ""


@pytest.mark.parametrize(
    ("number", "country", "said"),
    [
        ("DE 12", "DE", "“DE 12” is no tax number of Germany. One looks like DE136695976."),
        ("ATU1", "", "“ATU1” is no tax number of Austria. One looks like ATU12345675."),
        ("DE136695977", "DE", "“DE136695977” is mistyped: its check digit is wrong for Germany."),
        ("12-34", "US", "“12-34” is no tax number of United States. One looks like 91-1144442."),
        ("GB 1", "GB", "“GB 1” is no tax number of United Kingdom."),
        ("<b>", "CH", "“<b>” is no tax number of Switzerland."),
        ("١٢٣", "DE", "“١٢٣” is no tax number of Germany."),
        ("x" * 30, "BR", "is no tax number of Brazil."),
    ],
)
def test_a_wrong_number_is_named_with_what_it_should_look_like(number, country, said):
    assert said in why_wrong(number, country)


@pytest.mark.parametrize("country", EXAMPLES)
@pytest.mark.parametrize("number", ["-", "0", "00000000000000000000", "ÄÖÜ", "²²²", "\x00", "DE", "NOMVA", "A" * 30])
def test_odd_text_is_a_sentence_and_never_a_fault(country, number):
    why_wrong(number, country)
