"""What each column of a file is taken for: as confirmed last time, by header, by product, by its values; the rest is a question (D13)."""

import pytest

from clients.models import CustomField
from intake import remembering
from intake.foreign.outlook import _HEADERS as OUTLOOK
from intake.kinds import resource
from intake.looks import profile
from intake.matching import Duplicate
from intake.models import ImportRun, KnownHeaders
from intake.proposals import How, propose

GOOD = ["Name", "Legal name"]


@pytest.fixture
def since(db) -> CustomField:
    return CustomField.objects.create(entity="client", key="since", label="Customer since", kind="date")


@pytest.fixture
def turnover(db) -> CustomField:
    return CustomField.objects.create(entity="client", key="turnover", label="Turnover", kind="number")


def proposed(headers, samples=(), **fields):
    run = ImportRun(headers=list(headers), samples=list(samples) or [["x"]] * len(headers), **fields)
    return propose(run, resource(run.kind).columns())


def is_sure(proposal) -> bool:
    return not proposal.questions([""] * 100, resource("corporate").columns())


def guessed(proposal) -> dict[int, tuple[str, str]]:
    return {place: (guess.key, guess.how.value) for place, guess in sorted(proposal.guesses.items())}


def test_label_and_alias_are_told_apart_and_an_unknown_header_is_no_question(db):
    proposal = proposed(["name", "Razón social", "PLZ", "Wetter"])
    assert guessed(proposal) == {0: ("name", "label"), 1: ("legal_name", "alias"), 2: ("postal_code", "alias")}
    assert proposal.mapping == [[0, "name"], [1, "legal_name"], [2, "postal_code"]]
    assert is_sure(proposal)


@pytest.mark.parametrize(
    ("headers", "missing"), [(["Name", "City"], ["legal_name"]), (["Legal name"], []), (["City"], ["name", "legal_name"])]
)
def test_a_required_field_without_a_column_is_a_question_except_where_it_is_made_from_another(db, headers, missing):
    proposal = proposed(headers)
    assert (proposal.missing, is_sure(proposal)) == (missing, not missing)


@pytest.mark.parametrize(
    ("headers", "mode", "asked"),
    [(["External ID", "City"], "upsert", 0), (["Name", "City"], "update", 0), (["Name", "City"], "upsert", 1), (["City"], "update", 2)],
)
def test_a_file_that_tells_its_clients_apart_otherwise_or_only_updates_needs_no_names(db, headers, mode, asked):
    assert len(proposed(headers, mode=mode).missing) == asked


@pytest.mark.parametrize("second", ["Mail", "E-mail"])
def test_two_columns_for_one_field_are_a_question_and_in_no_mapping(db, second):
    proposal = proposed([*GOOD, "E-mail", second])
    assert proposal.duplicates == [Duplicate("email", (2, 3), ("E-mail", second))]
    assert ([key for _place, key in proposal.mapping], is_sure(proposal)) == (["name", "legal_name"], False)


def test_a_product_tells_what_its_headers_mean_before_our_own_words_do(db):
    headers = OUTLOOK[1].split("|")
    proposal = proposed(headers)
    keys = {headers[place]: key for place, key in proposal.mapping}
    assert (proposal.product, keys["Firma"], keys["Ort geschäftlich"]) == ("Outlook", "legal_name", "city")
    assert "Ort" not in keys
    assert proposal.guesses[headers.index("Ort")].key == ""
    assert is_sure(proposal)


def test_a_custom_field_is_known_by_its_label_in_the_export_of_a_product(db):
    CustomField.objects.create(entity="client", key="title", label="Anrede", kind="text")
    headers = OUTLOOK[1].split("|")
    assert [headers.index("Anrede"), "custom:title"] in proposed(headers).mapping


@pytest.mark.parametrize(
    ("texts", "key"),
    [
        (["info@brauer.example"], "email"),
        (["www.brauer.example", "https://castell.example/de"], "website"),
        (["DE136695976"], "tax_number"),
        (["DE136695977"], None),
        (["Germany", "CH", "Österreich"], "country"),
        (["Germany"], None),
        (["+49 30 901820", "(030) 90 18 20"], "phone"),
        (["01067", "D-10115"], "postal_code"),
        (["SW1A 1AA", "1234 AB"], "postal_code"),
        (["2026-11-30", "30 Nov 2026"], None),
        (["01/02/2026", "03/04/2026"], "date"),
        (["1000", "2500"], None),
        (["Anna Lindholm", "Berlin"], None),
        (["info@brauer.example", "none"], None),
        (["x" * 5_000], None),
        ([], None),
    ],
)
def test_values_look_like_something_or_like_nothing(texts, key):
    look = profile(texts)
    assert (look and look.key) == key


def test_a_look_is_proposed_with_its_reason_and_waits_for_a_person(db):
    proposal = proposed([*GOOD, "Kontakt"], [["A"], ["B"], ["a@b.example", "c@d.example"]])
    assert guessed(proposal)[2] == ("email", "values")
    assert proposal.guesses[2].reason == "looks like e-mail addresses"
    assert not is_sure(proposal)


@pytest.mark.parametrize(
    ("headers", "samples"),
    [
        (["Eins", "Zwei"], [["a@b.example"], ["c@d.example"]]),
        (["E-mail", "Zwei"], [["a@b.example"], ["c@d.example"]]),
        (["Eins", "Zwei"], [["Brauer Antriebe", "Castell Optik"], ["Brauer GmbH", "Castell AG"]]),
    ],
)
def test_a_look_that_is_taken_or_not_alone_and_a_name_are_never_proposed(db, headers, samples):
    assert not [guess for guess in proposed(headers, samples).guesses.values() if guess.how == How.VALUES]


def test_dates_are_proposed_where_one_column_alone_takes_them(since):
    samples = [["A"], ["B"], ["09/01/08", "13/01/08"]]
    assert guessed(proposed([*GOOD, "Kunde seit"], samples))[2] == ("custom:since", "values")
    CustomField.objects.create(entity="client", key="until", label="Until", kind="date")
    assert 2 not in proposed([*GOOD, "Kunde seit"], samples).guesses


@pytest.mark.parametrize(
    ("texts", "options", "asked"),
    [
        (["09/01/08"], {"dates": None}, True),
        (["13/01/2008"], {"dates": {"custom:since": "dmy"}}, False),
        (["2026-11-30"], {"dates": None}, False),
    ],
)
def test_an_ambiguous_column_of_dates_is_a_question_a_clear_one_is_settled(since, texts, options, asked):
    proposal = proposed([*GOOD, "Customer since"], [["A"], ["B"], texts])
    assert (set(proposal.unsure), proposal.options.get("dates")) == ({"custom:since"} if asked else set(), options["dates"])
    assert is_sure(proposal) is not asked


def test_the_decimal_sign_is_settled_or_asked_likewise(turnover):
    headers = [*GOOD, "Turnover"]
    assert proposed(headers, [["A"], ["B"], ["1.234,50"]]).options["decimals"] == {"custom:turnover": ","}
    assert set(proposed(headers, [["A"], ["B"], ["1.234"]]).unsure) == {"custom:turnover"}
    said = proposed(headers, [["A"], ["B"], ["1.234"]], options={"decimals": {"custom:turnover": "."}})
    assert (said.unsure, said.options["decimals"]) == ({}, {"custom:turnover": "."})


def remembered(headers, mapping, **fields) -> None:
    remembering.remember(ImportRun(headers=headers, mapping=mapping, **fields))


def test_what_was_confirmed_comes_back_for_the_same_headers_in_any_order_and_spelling(db):
    remembered(["Wetter", "Legal name", "Name", "Mail"], [[0, "notes"], [1, "legal_name"], [2, "name"]])
    proposal = proposed(["name", "MAIL", "wetter*", "Legal name"])
    assert proposal.mapping == [[0, "name"], [2, "notes"], [3, "legal_name"]]
    assert proposal.guesses[1].key == ""
    assert is_sure(proposal)


@pytest.mark.parametrize("other", [["Name", "Legal name", "Wetter", "Mail"], ["Name", "Legal name"]])
def test_other_headers_are_not_remembered(db, other):
    remembered(["Wetter", "Legal name", "Name"], [[0, "notes"]])
    assert "memory" not in {guess.how for guess in proposed(other).guesses.values()}


def test_two_columns_with_one_header_are_remembered_each(db):
    remembered(["Name", "Name"], [[1, "legal_name"]])
    assert proposed(["name", "Name"]).mapping == [[1, "legal_name"]]


def test_a_memory_is_of_its_kind_and_forgets_fields_that_are_gone(since):
    remembered([*GOOD, "X"], [[0, "name"], [1, "legal_name"], [2, "custom:since"]])
    since.delete()
    assert proposed([*GOOD, "X"]).mapping == [[0, "name"], [1, "legal_name"]]
    assert remembering.recall("individual", [*GOOD, "X"]) is None


def test_how_dates_and_encoding_were_read_comes_back_sheet_and_header_row_do_not(since):
    options = {"dates": {"custom:since": "mdy"}, "encoding": "cp1250", "sheet": "November", "header_row": 3}
    remembered([*GOOD, "Customer since"], [[0, "name"], [1, "legal_name"], [2, "custom:since"]], options=options)
    for encodings, more in (([], {}), (["cp1252", "cp1250"], {"encoding": "cp1250"})):
        found = {"encodings": [{"value": value} for value in encodings]}
        proposal = proposed([*GOOD, "Customer since"], [["A"], ["B"], ["09/01/08"]], found=found)
        assert proposal.options == {"dates": {"custom:since": "mdy"}} | more
        assert is_sure(proposal)


def test_the_latest_confirmation_counts_and_nothing_of_the_rows_is_kept(db):
    for key in ("notes", "city"):
        remembered(["Wetter"], [[0, key]], samples=[["geheim"]], found={"first_rows": ["geheim"]})
    kept = KnownHeaders.objects.get()
    assert kept.mapping == [["wetter", 0, "city"]]
    assert "geheim" not in str(vars(kept))
