"""How text is tidied before it is stored: names without tricks of direction, addresses in the one form that mail servers know."""

from email import message_from_bytes

import pytest

from clientdesk import mail
from clientdesk.words import email_key, tidy, tidy_email


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("\u202eabc\u2028 x", "abc x"),
        ("Acme \u2066GmbH\u2069", "Acme GmbH"),
        ("  Bräuer \u00a0 KG ", "Bräuer KG"),
        # Persian and Hindi need their joiners, and a mark that turns nothing is no trick.
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("क्\u200dष", "क्\u200dष"),
        ("שלום\u200f!", "שלום\u200f!"),
    ],
)
def test_names_lose_what_turns_the_direction_of_writing_and_nothing_else(typed, kept):
    assert tidy(typed) == kept


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (" Info@Brauer.EXAMPLE ", "Info@brauer.example"),
        ("a@Müller.example", "a@xn--mller-kva.example"),
        ("a@mu\u0308ller.example", "a@xn--mller-kva.example"),
        ("a@XN--mller-kva.example", "a@xn--mller-kva.example"),
        ("a@post.straße.example", "a@post.xn--strae-oqa.example"),
        ("a@" + "é" * 300, "a@" + "é" * 300),
    ],
)
def test_an_address_has_one_form_however_its_domain_is_written(typed, kept):
    assert tidy_email(typed) == kept
    assert tidy_email(kept) == kept


def test_domains_that_only_look_alike_stay_two():
    assert len({email_key(f"a@{domain}.example") for domain in ("strasse", "straße", "ｓtrasse", "ѕtrasse")}) == 4


def test_mail_to_an_international_domain_leaves_for_the_domain_that_was_typed(db):
    address = tidy_email("a@straße.example")
    message = mail.build("password_changed", address, {"name": "Ada"})
    assert message.recipients() == ["a@xn--strae-oqa.example"]
    assert message_from_bytes(message.message().as_bytes())["To"] == "a@xn--strae-oqa.example"
