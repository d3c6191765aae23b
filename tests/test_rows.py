"""Rows of inputs for lists of small dicts: XD5's further e-mail addresses and XD6's further phones."""

import json
import re
from html import unescape

import pytest
from django import forms
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict

from clientdesk.fields import AddressField, PhoneField, TidyField
from clientdesk.rows import MOST_ROWS, RowsField


class People(forms.Form):
    mails = RowsField(
        {"address": AddressField(label="Address"), "cc": forms.BooleanField(label="Use for CC", required=False)}, unique="address"
    )
    phones = RowsField({"number": PhoneField(label="Number"), "note": TidyField(label="Note", required=False, max_length=20)})


def bound(**posted) -> People:
    data = QueryDict(mutable=True)
    data.update(MultiValueDict({name: [value] for name, value in posted.items()}))
    return People(data)


def test_rows_become_plain_dicts_in_the_order_of_their_numbers_and_blank_ones_are_dropped():
    form = bound(
        **{
            "mails-10-address": " B@Brauer.EXAMPLE ",
            "mails-2-address": "a@brauer.example",
            "mails-2-cc": "on",
            "mails-3-address": "  ",
            "mails-3-cc": "on",
            "phones-0-number": "+49 30 5550142",
            "phones-0-note": "Gate",
        }
    )
    assert form.is_valid(), form.errors
    assert form.cleaned_data["mails"] == [{"address": "a@brauer.example", "cc": True}, {"address": "B@brauer.example", "cc": False}]
    assert form.cleaned_data["phones"] == [{"number": "+49305550142", "note": "Gate"}]
    assert json.loads(json.dumps(form.cleaned_data["phones"])) == form.cleaned_data["phones"]


def test_an_error_names_the_row_and_marks_the_input():
    form = bound(**{"mails-0-address": "a@brauer.example", "mails-1-address": "nobody", "phones-0-note": "No number"})
    assert form.errors["mails"][0].startswith("Row 2: “nobody” is no complete e-mail address.")
    assert form.errors["phones"] == ["Fill in “Number”."]
    html = str(form["mails"])
    assert re.search(r'name="mails-1-address"[^>]* aria-invalid="true"', html)
    assert not re.search(r'name="mails-0-address"[^>]* aria-invalid', html)
    assert 'value="nobody"' in html
    assert form["mails"].id_for_label == "id_mails-1-address"


def test_the_same_value_twice_is_refused():
    form = bound(**{"mails-0-address": "a@brauer.example", "mails-1-address": "A@brauer.example"})
    assert form.errors["mails"] == ["Row 2: “A@brauer.example” stands here twice. Remove one."]


def test_a_blank_row_waits_for_an_entry_and_every_input_has_its_label():
    html = str(People(initial={"phones": [{"number": "+49305550142", "note": "<b>Gate</b>"}]})["phones"])
    assert "&lt;b&gt;Gate" in html
    for place in (0, 1, "__row__"):
        for key in ("number", "note"):
            assert f'name="phones-{place}-{key}"' in html
            assert f'<label for="id_phones-{place}-{key}">' in html
    assert "phones-2-" not in html


def test_local_numbers_are_taken_in_the_country_given():
    form = bound(**{"phones-0-number": "030 5550142"})
    form.fields["phones"].accept("DE")
    assert form.is_valid(), form.errors
    assert form.cleaned_data["phones"][0]["number"] == "+49305550142"
    assert not bound(**{"phones-0-number": "030 5550142"}).is_valid()


@pytest.mark.parametrize(
    ("posted", "changed"),
    [
        ({"phones-0-number": "+49 30 5550142", "phones-0-note": "Gate"}, False),
        ({"phones-0-number": "+49 30 5550142", "phones-0-note": "Gate", "phones-1-number": "", "phones-1-note": " "}, False),
        ({"phones-0-number": "+49 30 5550142", "phones-0-note": "Door"}, True),
        ({}, True),
    ],
)
def test_only_what_rows_say_counts_as_a_change(posted, changed):
    form = bound(**posted)
    form.initial["phones"] = [{"number": "+49305550142", "note": "Gate"}]
    assert ("phones" in form.changed_data) is changed


def test_a_hidden_list_carries_every_row_back():
    form = bound(**{"phones-0-number": "+49 30 5550142", "phones-0-note": 'a "b" <i>'})
    hidden = form["phones"].as_hidden()
    assert hidden.count("<input") == 1
    again = bound(phones=unescape(re.search(r'value="([^"]*)"', hidden)[1]))
    assert again.is_valid()
    assert again.cleaned_data["phones"] == [{"number": "+49305550142", "note": 'a "b" <i>'}]
    assert form.fields["phones"].in_words(again.cleaned_data["phones"]) == '+49305550142, a "b" <i>'


@pytest.mark.parametrize(
    "hostile",
    ["null", "{", "[1, null, [], {}]", '{"number": "1"}', "[" * 3000, "[" * 90_000 + "]" * 90_000, '[{"number": {"x": []}, "note": [1]}]'],
)
def test_a_forged_list_is_a_sentence_or_nothing_but_never_a_fault(hostile):
    form = bound(phones=hostile)
    form.is_valid()
    str(form["phones"])
    assert form.cleaned_data.get("phones", []) == []


def test_too_many_rows_are_refused():
    form = bound(**{f"mails-{n}-address": f"n{n}@brauer.example" for n in range(MOST_ROWS + 1)})
    assert form.errors["mails"] == [f"These are {MOST_ROWS + 1} rows. Keep at most {MOST_ROWS}."]


def test_two_forms_do_not_share_what_they_found():
    bound(**{"mails-0-address": "nobody"}).is_valid()
    assert "aria-invalid" not in str(People()["mails"])
