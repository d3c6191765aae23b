"""File headers -> columns: what is sure is matched, what is not is asked (D13)."""

from dataclasses import dataclass

import pytest

from intake.matching import Duplicate, Unknown, match, normalised, scorer


@dataclass(frozen=True)
class Column:
    key: str
    label: str
    aliases: tuple[str, ...] = ()
    required: bool = False


COLUMNS = [
    Column("name", "Name", ("Client", "Company name", "Firma"), required=True),
    Column("legal_name", "Legal name", ("Full name",)),
    Column("email", "E-mail", ("Mail",)),
    Column("branch", "Branch", required=True),
    Column("categories", "Categories"),
    Column("street", "Street and number"),
    Column("employees", "Mitarbeiterzahl", ("社員数",)),
]


@pytest.mark.parametrize(
    ("header", "key"),
    [
        ("Name", "name"),
        ("NAME", "name"),
        ("  name ", "name"),
        ("Name*", "name"),
        ("Name (required)", "name"),
        ("Company Name", "name"),
        ("companyName", "name"),
        ("company_names", "name"),
        ("firma", "name"),
        ("legal_name", "legal_name"),
        ("Email", "email"),
        ("e mail", "email"),
        ("E-Mails", "email"),
        ("É-mail", "email"),
        ("Category", "categories"),
        ("Branches", "branch"),
        ("Street & number", ""),
        ("street/and/number", "street"),
        ("社員数", "employees"),
        ("Names of the day", ""),
        ("", ""),
        ("***", ""),
    ],
)
def test_a_header_is_known_by_label_alias_or_likeness(header, key):
    assert match([header], COLUMNS).by_position == ({0: key} if key else {})


def test_every_header_has_its_answer():
    matching = match(["Firma", "Fax", "Branch", "", "Mail"], COLUMNS)
    assert matching.by_position == {0: "name", 2: "branch", 4: "email"}
    assert matching.unknown == [Unknown(1, "Fax"), Unknown(3, "")]
    assert matching.is_complete


def test_a_missing_required_column_is_told():
    matching = match(["E-mail"], COLUMNS)
    assert (matching.missing, matching.is_complete) == (["name", "branch"], False)


@pytest.mark.parametrize(("headers", "alike"), [(("Name", "Name"), True), (("Name", "Company name"), False)])
def test_two_headers_for_one_column_are_a_question(headers, alike):
    matching = match([headers[0], "Branch", headers[1]], COLUMNS)
    assert matching.duplicates == [Duplicate("name", (0, 2), headers)]
    assert matching.duplicates[0].same_text is alike
    assert (matching.by_position, matching.missing, matching.is_complete) == ({1: "branch"}, [], False)


def test_unknown_headers_may_repeat():
    assert match(["Name", "Branch", "Fax", "Fax"], COLUMNS).is_complete


def test_the_headers_of_another_product_come_last():
    foreign = {"Account Name": "name", "E-mail": "name"}
    assert match(["Account name", "E-mail"], COLUMNS, foreign).by_position == {0: "name", 1: "email"}


def test_a_label_wins_over_the_alias_of_another_column():
    columns = [Column("name", "Name", ("Client",)), Column("client", "Client")]
    assert match(["Client"], columns).by_position == {0: "client"}


def test_two_columns_cannot_claim_one_alias():
    with pytest.raises(ValueError, match="both claim"):
        match([], [Column("a", "A", ("Shared",)), Column("b", "B", ("shared",))])


def test_the_score_counts_different_known_columns():
    score = scorer(COLUMNS)
    assert score(["Name", "Firma", "Branch", "Fax"]) == 2
    assert score(["Brauer", "Köln"]) == 0


@pytest.mark.parametrize(
    ("one", "other"), [("Straße", "STRASSE"), ("Addresses", "address"), ("Société", "societes"), ("ﬁrma", "Firma"), ("Ｎａｍｅ", "name")]
)
def test_alike_headers_are_equal(one, other):
    assert normalised(one) == normalised(other)


@pytest.mark.parametrize(("one", "other"), [("ガス", "カス"), ("Address", "Addressee"), ("Tax 1", "Tax 2")])
def test_different_headers_stay_different(one, other):
    assert normalised(one) != normalised(other)
