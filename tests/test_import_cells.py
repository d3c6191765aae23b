"""A cell's verdict is the browser form's; the strict patterns in front only save time (import.md section 4)."""

import phonenumbers
import pytest
from django.core.exceptions import ValidationError
from hypothesis import example, given, settings
from hypothesis import strategies as st

from clients.forms import EditClientForm
from clients.models import Client
from intake.cells import PhoneWidget, is_plain, storable
from intake.columns import ClientResource
from intake.countries import country_words

FIELDS = ClientResource().fields
TEXTS = ["name", "legal_name", "external_id", "email", "website", "tax_number", "street", "postal_code", "city"]

letters = st.text(st.sampled_from("abzAZ09.-_@:/+ ()%éßЖ山\u0301\u00a0\u3164\u200d\u202e\u2066\t'&²௰ⅷ\u115fﬁ"), max_size=30)
addresses = st.from_regex(r"[A-Za-z0-9._+-]{1,12}@[A-Za-z0-9.-]{1,20}", fullmatch=True)
links = st.from_regex(r"(https?://)?[a-zA-Z0-9.-]{1,24}(/[a-zA-Z0-9_~-]{0,8}){0,3}/?", fullmatch=True)


def by_the_form(key: str, text: str) -> tuple[str, object]:
    """Return what the browser's form field and the model make of `text`: its stored form, or its sentences."""
    form_field, model_field = FIELDS[key].widget.form_field, Client._meta.get_field(key)
    try:
        cleaned = form_field.clean(text)
        client = Client(**{key: cleaned})
        model_field.clean(cleaned, client)
        client.fold()
    except ValidationError as error:
        return "refused", error.messages
    return "stored", getattr(client, key)


@pytest.mark.parametrize("key", TEXTS)
@settings(max_examples=150, deadline=None)
@given(text=st.one_of(letters, addresses, links))
@example(text="info@brauer.example")
@example(text="https://www.brauer.example/a")
@example(text="Müller 24")
@example(text="a" * 201)
def test_a_cell_is_stored_or_refused_as_the_form_would(key, text):
    widget = FIELDS[key].widget
    try:
        ours = ("stored", widget.clean(text))
    except ValidationError as error:
        ours = ("refused", error.messages)
    if ours == ("stored", None):
        assert text.isspace() or not text or by_the_form(key, text)[1] in ("", None, ["Fill in “Name”."])
        return
    assert ours == by_the_form(key, text)


@settings(max_examples=400, deadline=None)
@given(
    country=st.sampled_from([49, 1, 44, 39, 7, 36, 33, 81, 52, 54, 55, 800, 999]),
    digits=st.text("0123456789", min_size=3, max_size=13),
    mark=st.sampled_from(["", " ", "-", " 0"]),
)
def test_a_quickly_read_phone_number_is_what_the_form_reads(country, digits, mark):
    widget: PhoneWidget = FIELDS["phone"].widget
    text = f"+{country}{mark}{digits}"
    if (quick := widget.quick(text)) is not None:
        assert quick == widget.thorough(text)


@pytest.mark.parametrize("region", sorted(phonenumbers.SUPPORTED_REGIONS))
def test_an_example_number_of_each_country_is_read_alike(region):
    number = phonenumbers.example_number(region)
    widget: PhoneWidget = FIELDS["phone"].widget
    for form in (phonenumbers.PhoneNumberFormat.E164, phonenumbers.PhoneNumberFormat.INTERNATIONAL):
        text = phonenumbers.format_number(number, form)
        assert widget.clean(text) == widget.thorough(text) == phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def test_a_phone_number_may_be_written_as_in_the_clients_country():
    widget = FIELDS["phone"].widget
    assert widget.clean("030 901820", country="DE") == "+4930901820"
    with pytest.raises(ValidationError, match="“030 901820” is no phone number"):
        widget.clean("030 901820")


@given(text=st.text(max_size=20))
def test_plain_text_is_storable_and_stays_as_it_is(text):
    if is_plain(text):
        assert storable(text)
        assert EditClientForm.base_fields["street"].clean(text) == text


@pytest.mark.parametrize("text", ["a\x00b", "\ud800", "x\udfffy"])
@pytest.mark.parametrize("key", [*TEXTS, "phone"])
def test_what_no_database_can_hold_is_refused_with_a_sentence(key, text):
    with pytest.raises(ValidationError, match="cannot be stored"):
        FIELDS[key].widget.clean(text)


@pytest.mark.parametrize(
    ("word", "code"),
    [("DE", "DE"), ("de", "DE"), ("Germany", "DE"), ("Deutschland", "DE"), ("ALLEMAGNE", "DE"), ("Alemania", "DE"), ("Österreich", "AT"),
     ("oesterreich", None), ("USA", "US"), ("U.K.", "GB"), ("Schweiz", "CH"), ("España", "ES"), ("Polska", "PL"), ("Türkei", "TR"),
     ("Niger", "NE"), ("Czechia", "CZ"), ("Côte d’Ivoire", "CI"), ("日本", None)],
)  # fmt: skip
def test_a_country_goes_by_code_or_by_its_name_in_many_languages(word, code):
    column = FIELDS["country"]
    column.widget.load()
    if code:
        assert column.widget.clean(word) == code
    else:
        with pytest.raises(ValidationError, match=f"“{word}” is no country"):
            column.widget.clean(word)


def test_every_country_is_found_by_its_own_code_and_english_name():
    from clientdesk.countries import country_choices

    words = country_words()
    for code, name in country_choices():
        assert words[code] == words[name] == code


def test_a_typing_error_gets_the_word_that_was_meant():
    column = FIELDS["country"]
    column.widget.load()
    with pytest.raises(ValidationError, match=r"“Germnay” is no country\. Use “Germany”\."):
        column.widget.clean("Germnay")
