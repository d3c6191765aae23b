"""The rule by which words find records, held against the database under test, and what a record is found by (X31, XD1)."""

from importlib import import_module
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import connection
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clientdesk.marks import Marks
from clientdesk.questions import holds, terms, words
from clientdesk.refolding import Recall
from clientdesk.search import narrow, search
from clientdesk.words import search_key
from clients.models import Branch, Client
from contacts.models import Contact
from tests.test_search import titles

MIGRATIONS = {"client": "0008_found_by_numbers_and_former_names", "contact": "0009_found_by_numbers_and_former_names"}
# Letters that fold in different ways, scripts with and without spaces, wildcards of LIKE, what stands in numbers.
SIGNS = "abk kAKÅßİıſﬁéΣσς株式会社とうИв%_\\'\"&<0149 49+()/.-,@ "
texts = st.text(SIGNS, max_size=14)
made = st.lists(st.tuples(texts, texts, st.from_regex(r"\A[+]49[0-9]{6,9}\Z")), min_size=1, max_size=6)
typed = st.one_of(texts, st.from_regex(r"\A[0+49 ()/.-]{0,4}[0-9 ]{3,9}\Z"), st.from_regex(r"\A(DE|c)[ -.]?[0-9. ]{3,8}\Z"))


@pytest.fixture
def branch(headquarters) -> Branch:
    return headquarters


def stored(branch: Branch, records: list[tuple[str, str, str]]) -> list[Client]:
    """Store clients of these names and phones, all at once; their search texts are made as saving makes them."""
    Client.objects.all().delete()
    clients = [
        Client(number=f"N{n}", name=f"{name}{n}", legal_name=legal, phone=phone, branch=branch, former_names=legal[::-1])
        for n, (name, legal, phone) in enumerate(records)
    ]
    for client in clients:
        client.fold()
    return Client.objects.bulk_create(clients)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(records=made, texts=st.lists(typed, min_size=1, max_size=6), part=st.integers(0, 20))
def test_the_database_finds_what_the_rule_says(branch, records, texts, part):
    clients = stored(branch, records)
    # Parts of what is stored are found often enough.
    texts = [*texts, clients[0].search_key[part : part + 5], records[0][2][part % 6 :], records[0][0]]
    for text in texts:
        expected = {client.number for client in clients if all(term.is_in(client.search_key) for term in terms(text))}
        for by_index in (True, False):
            found = set(narrow(Client.objects.all(), text, by_index=by_index).values_list("number", flat=True))
            assert found == expected, (text, by_index)


@settings(max_examples=300, deadline=None)
@given(text=texts, name=texts)
def test_a_mark_never_changes_the_text_and_stands_where_a_word_is_found(text, name):
    html = Marks(text).html(name)
    plain = str(html).replace("<mark>", "").replace("</mark>", "")
    for sign, entity in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&#x27;", "'"), ("&amp;", "&")):
        plain = plain.replace(sign, entity)
    assert plain == name
    if any(holds(search_key(name), word) for word in words(text)) and " " not in name:
        assert "<mark>" in html


@pytest.mark.parametrize(
    ("typed", "marked"),
    [
        ("mul", "<mark>Mül</mark>ler &amp; Söhne"),
        ("lle sohne", "Mü<mark>lle</mark>r &amp; <mark>Söhne</mark>"),
        ("er", "Müller &amp; Söhne"),
        ("ß", "Müller &amp; Söhne"),
    ],
)
def test_what_was_found_is_marked(typed, marked):
    assert Marks(typed).html("Müller & Söhne") == marked


@pytest.fixture
def known(desk, make_client):
    """A client and a contact with numbers, who had other names before."""
    client = make_client(
        "Brauer Antriebe",
        phone="+4930901820",
        tax_number="DE136695976",
        more_phones=[{"number": "+49176555123", "note": ""}],
        more_tax_numbers=[{"kind": "", "number": "CHE-123.456.789"}],
    )
    contact = client.contacts.register(
        client, first_name="Ada", last_name="Krämer", email="ada@brauer.example", phone="+4917612345", mobile="+436641234567"
    )
    return client, contact


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("0176 12345", "Ada Krämer"),
        ("(0176) 12345", "Ada Krämer"),
        ("0176/12345", "Ada Krämer"),
        ("0176-123 45", "Ada Krämer"),
        ("+49 176 12345", "Ada Krämer"),
        ("+49 (0) 176 / 12345", "Ada Krämer"),
        ("0049 176 12345", "Ada Krämer"),
        ("612345", "Ada Krämer"),
        ("0664 1234567", "Ada Krämer"),
        ("ada 0176 12345", "Ada Krämer"),
        ("030 / 90 18 20", "Brauer Antriebe"),
        ("0176 555 123", "Brauer Antriebe"),
        ("DE 136.695.976", "Brauer Antriebe"),
        ("DE136695976", "Brauer Antriebe"),
        ("136 695 976", "Brauer Antriebe"),
        ("CHE123456789", "Brauer Antriebe"),
        ("che-123.456.789", "Brauer Antriebe"),
        ("C00001", "Brauer Antriebe"),
        ("c 00001", "Brauer Antriebe"),
        ("0171 99999", None),
        ("bob 0176 12345", None),
        ("DE 999.999.999", None),
    ],
)
def test_numbers_are_found_however_they_are_written(desk, known, typed, found):
    assert titles(desk.get("/search/", {"q": typed})) == ({found} if found else set())


def test_the_list_finds_by_the_same_rule(desk, known):
    page = desk.get("/clients/", {"q": "030 / 90 18 20"})
    assert [row.client.name for row in page.context["rows"]] == ["Brauer Antriebe"]


def test_former_names_find_a_client_and_a_contact_and_are_told(desk, known):
    client, contact = Client.objects.get(pk=known[0].pk), Contact.objects.get(pk=known[1].pk)
    client.name = client.legal_name = "Brauer Motion"
    client.save()
    contact.last_name = "Noor"
    contact.save()
    page = desk.get("/search/", {"q": "antriebe"})
    assert titles(page) == {"Brauer Motion"}
    assert "formerly Brauer <mark>Antriebe</mark>" in page.text
    page = desk.get("/search/", {"q": "kramer ada"})
    assert titles(page) == {"Ada Noor"}
    assert "formerly <mark>Ada</mark> <mark>Krämer</mark>" in page.text


def test_former_names_are_kept_once_the_latest_first_and_never_the_current_one(known):
    client = known[0]
    for name in ("Brauer Two", "Brauer Three", "Brauer Two", "BRAUER TWO"):
        client = Client.objects.get(pk=client.pk)
        client.name = name
        client.save()
    client.refresh_from_db()
    assert client.former_names.split("\n") == ["Brauer Three", "Brauer Antriebe"]


def test_what_the_question_was_found_in_is_told_and_marked(desk, known):
    text = desk.get("/search/", {"q": "0176 12345"}).text
    assert "Phone +49 <mark>17612345</mark>" in text
    assert "Tax number <mark>DE136695976</mark>" in desk.get("/search/", {"q": "DE 136.695.976"}).text


def test_a_restricted_client_is_found_by_no_number_and_no_former_name(known, make_staff):
    client = Client.objects.get(pk=known[0].pk)
    client.name, client.restricted_to_responsible, client.sales_person = "Hidden Away", True, make_staff(email="own@desk.example")
    client.save()
    stranger, own = make_staff(email="other@desk.example"), client.sales_person
    for typed in ("0176 12345", "030 901820", "DE136695976", "antriebe", "DE 136.695.976"):
        assert search(typed, stranger) == []
        assert search(typed, own)


def test_script_gets_the_first_of_each_kind_as_options(desk, known):
    page = desk.get("/search/", {"q": "brauer"}, headers={"HX-Request": "true"})
    assert page.text.count('role="option"') == 3
    assert 'role="group"' in page.text
    assert "<html" not in page.text
    assert "Everything found for “brauer”" in page.text
    assert 'role="option"' not in desk.get("/search/", {"q": " "}, headers={"HX-Request": "true"}).text


def test_an_erased_contact_is_found_by_nothing_that_it_was_called(known, make_staff):
    contact = Contact.objects.get(pk=known[1].pk)
    contact.last_name = "Noor"
    contact.save()
    contact.first_name = contact.email = contact.phone = contact.mobile = ""
    contact.last_name, contact.erased_at = "Erased", timezone.now()
    contact.save()
    assert (contact.former_names, contact.search_key) == ("", "erased")


def test_only_who_read_the_name_keeps_it(known):
    client = Client.objects.only("number").get(pk=known[0].pk)
    client.status = "potential"
    client.save(update_fields=["status"])
    client.refresh_from_db()
    assert client.former_names == ""
    assert "brauer" in client.search_key


# A migration finds its rows stored long since, not in its own transaction.
@pytest.mark.django_db(transaction=True)
def test_what_was_stored_before_is_found_by_numbers_and_by_the_names_that_its_history_tells(desk, known):
    client, contact = (model.objects.get(pk=record.pk) for model, record in zip((Client, Contact), known, strict=True))
    editor = SimpleNamespace(connection=connection, execute=connection.cursor().execute)
    for record, names in ((client, {"name": "Brauer Motion"}), (contact, {"last_name": "Noor", "first_name": "Adah"})):
        for name, value in names.items():
            setattr(record, name, value)
            record.save()
        stored = (record.search_key, record.former_names)
        type(record).objects.filter(pk=record.pk).update(search_key="", former_names="")
        module = import_module(f"{record._meta.app_label}.migrations.{MIGRATIONS[record._meta.model_name]}")
        recall = next(one for one in module.Migration.operations if isinstance(one, Recall))
        recall._recall(apps, editor)
        record.refresh_from_db()
        assert (record.search_key, record.former_names) == stored
