"""Names are compared by their distinctive words, not by their letters (the radar of duplicates)."""

from itertools import product

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from clients.distinctive import words_of
from clients.near_names import NEAR, nearness
from tests.duplicate_names import FALSE, TRUE


def test_every_labelled_pair_of_one_client_is_found():
    """Recall: 60 of 60."""
    assert [pair for pair in TRUE if nearness(*pair) < NEAR] == []
    assert len(TRUE) == 60


def test_no_labelled_pair_of_two_clients_is_taken_for_one():
    """Precision: of 61 names that resemble each other none; plain Jaro-Winkler at 0.72 takes 51 of them for one."""
    from rapidfuzz.distance import JaroWinkler

    assert [pair for pair in FALSE if nearness(*pair)] == []
    assert len(FALSE) == 61
    assert sum(JaroWinkler.similarity(*pair) >= 0.72 for pair in FALSE) > 45


def test_names_of_different_pairs_are_not_taken_for_one():
    """Each name against every name of every other labelled pair: what is found shares its distinctive words exactly."""
    names = {name for pair in FALSE for name in pair}
    found = {frozenset((one, other)) for one, other in product(names, names) if one != other and nearness(one, other)}
    assert all(set(words_of(min(pair))) == set(words_of(max(pair))) for pair in found if pair), found
    assert len(found) < 10


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Müller & Söhne GmbH & Co. KG", ("muller", "sohne")),
        ("The Acme Group Holding S.p.A.", ("acme",)),
        ("Kowalski sp. z o.o.", ("kowalski",)),
        ("株式会社東京印刷", ("東京印刷",)),
        ("Holding GmbH", ("holding",)),
        ("GmbH", ("gmbh",)),
        ("AB Volvo", ("volvo",)),
        ("A. B. Schmidt", ("b", "schmidt")),
        ("", ()),
        ("!!! --- ???", ()),
        ("<b>Bold & Co.</b>", ("b", "bold")),
        ("x" * 5000, ("x" * 5000,)),
    ],
)
def test_the_distinctive_words_of_a_name(name, words):
    assert words_of(name) == words


def test_a_word_that_many_clients_share_proves_little():
    """“Nordtext Solar” and “Nordtext” are near where few bear Solar, not where half of all clients do."""
    rare = {"berlitz": 1.0, "kontor": 0.1}
    assert nearness("Berlitz Kontor", "Berlitz", lambda word: rare[word]) >= NEAR
    assert nearness("Berlitz Kontor", "Berlitz") == 0
    assert nearness("Berlitz Kontor", "Amsel Kontor", lambda word: rare.get(word, 1.0)) == 0


@given(st.text(max_size=60), st.text(max_size=60))
@example("İstanbul", "istanbul")
@example("ﬁ & co", "fi")
def test_nearness_has_no_direction_and_takes_any_text(one, other):
    assert 0 <= nearness(one, other) <= 1
    assert bool(nearness(one, other)) == bool(nearness(other, one)) or len(words_of(one)) != len(words_of(other))
    if words_of(one):
        assert nearness(one, one) == 1
