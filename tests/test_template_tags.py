"""The words and shapes that templates get from {% load desk %}."""

from datetime import UTC, datetime

import pytest
import time_machine
from django.template import Context, Template
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from clientdesk.templatetags.desk import avatar, badge, country_name, icon, initials, or_not_given, record_url, state, when
from clients.models import Client

NOW = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Anna Lindholm", "AL"), ("Brauer", "B"), ("Friederike von Ahlefeldt", "FA"), ("élan Œuvres", "ÉŒ"), ("Hartmann & Voss", "HV"),
        ("Jean-Luc Picard", "JP"), ("北京语言服务", "北"), ("& ... !", "?"), ("", "?"),
    ],
)  # fmt: skip
def test_initials_come_from_the_first_and_last_word(name, expected):
    assert initials(name) == expected


@pytest.mark.parametrize(
    ("record", "classes"),
    [
        ({"pk": 25, "name": "Brauer Antriebe", "kind": "corporate"}, "avatar hue-1"),
        ({"pk": 3, "name": "Elena Kovács", "kind": "individual"}, "avatar hue-3 person"),
        (Client(pk=14, name="Aalto Medical", kind=Client.Kind.CORPORATE), "avatar hue-2"),
    ],
)
def test_an_avatar_is_square_for_a_company_and_round_for_a_person(record, classes):
    assert avatar(record).startswith(f'<span class="{classes}" aria-hidden="true">')


def test_a_name_cannot_bring_markup_into_its_avatar():
    assert "<b" not in avatar({"pk": 1, "name": "<b>x"})[1:]


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        (state("active"), '<span class="state ok">Active</span>'),
        (state(Client.Status.POTENTIAL), '<span class="state warn">Potential</span>'),
        (state("invited", label="Invited 2 days ago"), '<span class="state warn">Invited 2 days ago</span>'),
        (badge("error"), '<span class="badge bad">Error</span>'),
        (badge("primary", label="Primary contact", tone="info"), '<span class="badge info">Primary contact</span>'),
        (state("<b>"), '<span class="state">&lt;b&gt;</span>'),
    ],
)
def test_a_state_is_a_word_with_a_tone(shown, expected):
    assert shown == expected


@pytest.mark.parametrize("empty", [None, "", [], ()])
def test_an_empty_value_is_said_to_be_not_given(empty):
    assert or_not_given(empty) == '<span class="muted">Not given</span>'


@pytest.mark.parametrize("value", [0, False, "x", "0"])
def test_a_value_stays_a_value(value):
    assert or_not_given(value) is value


def test_what_people_typed_is_escaped_by_the_page():
    assert Template("{% load desk %}{{ value|or_not_given }}").render(Context({"value": "<b>"})) == "&lt;b&gt;"


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (datetime(2026, 11, 20, 14, 59, 40, tzinfo=UTC), "Just now"),
        (datetime(2026, 11, 20, 14, 48, tzinfo=UTC), "12 minutes ago"),
        (datetime(2026, 11, 20, 8, 30, tzinfo=UTC), "Today, "),
        (datetime(2026, 11, 19, 8, 30, tzinfo=UTC), "Yesterday, "),
        (datetime(2026, 11, 16, 8, 30, tzinfo=UTC), "4 days ago"),
        (datetime(2026, 11, 13, 8, 30, tzinfo=UTC), "7 days ago"),
        (datetime(2026, 11, 12, 8, 30, tzinfo=UTC), "2026"),
        (datetime(2026, 11, 22, 8, 30, tzinfo=UTC), "2026"),
    ],
)
def test_a_moment_is_relative_for_seven_days_and_tells_its_full_date(moment, words):
    with time_machine.travel(NOW, tick=False), timezone.override("Europe/Berlin"):
        text = when(moment)
    assert words in text
    assert 'datetime="2026-11-' in text
    assert "2026" in text.split('title="')[1]


def test_no_moment_is_not_given():
    assert "Not given" in when(None)


def test_a_country_is_called_by_its_name_and_an_unknown_code_by_itself():
    assert country_name("DE") == "Germany"
    assert country_name("") == ""
    assert country_name("Q7") == "Q7"


def test_the_quick_address_of_a_record_is_the_address_of_its_page():
    for name in ("clients:detail", "contacts:of_client", "contacts:edit", "access:invite"):
        for key in (1, 58, 2**40):
            assert record_url(name, key) == reverse(name, args=[key])
    with pytest.raises(NoReverseMatch):
        record_url("clients:nowhere", 1)


def test_an_icon_is_hidden_from_screen_readers():
    assert 'aria-hidden="true"' in icon("mail")
    assert 'width="14"' in icon("mail", size=14)
