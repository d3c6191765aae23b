"""Several e-mails, phones, websites in one cell: what is read, what is refused, and that what is written is read again (XD20)."""

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from intake.columns import ClientResource

FIELDS = ClientResource.fields
INCOMPLETE = "“nobody” is no complete e-mail address. Enter one with a complete domain, such as info@brauer.example"


def mail(address: str, cc: bool = False) -> dict:
    return {"address": address, "cc": cc}


def phone(number: str, note: str = "") -> dict:
    return {"number": number, "note": note}


@pytest.mark.parametrize(
    ("key", "text", "rows"),
    [
        ("more_emails", "a@b.example (CC); c@D.example", [mail("a@b.example", cc=True), mail("c@d.example")]),
        ("more_emails", "a@b.example, c@d.example (use for cc)", [mail("a@b.example"), mail("c@d.example", cc=True)]),
        ("more_emails", "a@b.example\nc@d.example\n", [mail("a@b.example"), mail("c@d.example")]),
        ("more_emails", " ; ,", None),
        ("more_phones", "030 901820 (Office, 2nd floor)", [phone("+4930901820", "Office, 2nd floor")]),
        ("more_phones", "+49 (0)30 901820 (Office (left)); 030 901821", [phone("+4930901820", "Office (left)"), phone("+4930901821")]),
        ("more_phones", "030 (901820)", [phone("+4930901820")]),
        ("more_phones", r"030 901820 (a \) b)", [phone("+4930901820", "a ) b")]),
        (
            "more_websites",
            "www.a.example/b;c; https://d.example/(e), www.f.example",
            [{"url": url} for url in ("https://www.a.example/b;c", "https://d.example/(e)", "https://www.f.example")],
        ),
        ("more_tax_numbers", r"12/345 (National); 7\;8", [{"kind": "National", "number": "12/345"}, {"kind": "", "number": "7;8"}]),
    ],
)
def test_one_cell_holds_several_with_what_is_beside_each(key, text, rows):
    assert FIELDS[key].widget.clean(text, country="DE") == rows


@pytest.mark.parametrize(
    ("key", "text", "said"),
    [
        (
            "more_emails",
            "a@b.example; nobody",
            [INCOMPLETE],
        ),
        ("more_emails", "a@b.example (Office)", ["“a@b.example (Office)”: only (CC) may stand in brackets behind an e-mail address."]),
        ("more_emails", "a@b.example; A@B.example", ["“A@b.example” stands here twice. Remove one."]),
        (
            "more_phones",
            "12 (Office)",
            ["“12” is no phone number. Enter it with its area code, or with + and the country, such as +49 30 5550142"],
        ),
        ("more_websites", "ftp://a.example", ["“ftp://a.example” is no web address. Enter one such as https://www.brauer.example"]),
    ],
)
def test_what_cannot_be_read_is_named_with_what_to_do(key, text, said):
    with pytest.raises(ValidationError) as refused:
        FIELDS[key].widget.clean(text, country="DE")
    assert refused.value.messages == said


NOTES = st.text(st.sampled_from("ab1 ()\\;,"), max_size=20).map(lambda text: " ".join(text.split()))


@given(st.lists(NOTES, min_size=1, max_size=4))
def test_what_is_written_is_read_again(notes):
    rows = [phone(f"+493090182{place}", note) for place, note in enumerate(notes)]
    widget = FIELDS["more_phones"].widget
    assert widget.clean(widget.write(rows)) == rows
