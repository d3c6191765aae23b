"""Which passwords are taken, and that any form of the same letters is the same password (trial 1.4, A18)."""

import unicodedata

import pytest
from django.test import Client as Browser

from clientdesk.models import User
from tests.doors import NEW_PASSWORD, activated, choose, fresh_brakes, invited, sign_in  # noqa: F401


@pytest.mark.parametrize(
    ("password", "sentence"),
    [
        ("fourteen chars", "Use at least 15 characters; this password has 14."),
        ("e\u0301" * 14, "Use at least 15 characters; this password has 14."),
        ("x" * 1001, "Use at most 1000 characters."),
        ("aaaaaaaaaaaaaaaaaaaa", "repeats one short piece"),
        ("abcabcabcabcabcabc", "repeats one short piece"),
        ("Brauer Antriebe GmbH", "names that are easy to guess"),
        ("brauerantriebegmbh2026", "names that are easy to guess"),
        ("ClientDesk ClientDesk!", "names that are easy to guess"),
        ("Ada Krämer 1234567", "names that are easy to guess"),
        ("ADA.KRAMER.ADA.KRAMER", "names that are easy to guess"),
        ("ada@brauer.example", "names that are easy to guess"),
        ("passwordpassword1", "names that are easy to guess"),
        ("", "Choose a password."),
    ],
)
def test_a_weak_password_is_refused_with_a_sentence_and_the_link_lives_on(password, sentence, ada):
    path = invited(ada)
    browser = Browser()

    answer = choose(path, password, browser)

    page = answer.content.decode()
    assert answer.status_code == 422
    assert sentence in page
    assert f'value="{password}"' not in page.replace('id="id_address" type="email" value="ada@brauer.example"', "")
    assert choose(path, NEW_PASSWORD, browser).status_code == 302


@pytest.mark.parametrize(
    "password",
    [
        "fifteen letters",
        "fünfzehn Äpfel!",
        " leading and trailing spaces ",
        "1029384756 5647382910",
        "🚲🌧️🚲🌂🎈🍀🎻🐙🌵🍄🥨🧭🪁🛶🏔️🌋",
        "ein Satz, in dem Brauer Antriebe nur vorkommt",
        "kX7!pQ2#mZ9$wR4",
        "我们的自行车在雨中慢慢地走过一条河",
        "-".join(str(number * 7919 % 10007) for number in range(250))[:1000],
    ],
)
def test_any_long_password_is_taken_and_works(password, ada):
    assert choose(invited(ada), password).status_code == 302

    assert sign_in("ada@brauer.example", password).status_code == 302
    assert sign_in("ada@brauer.example", password[:-1]).status_code == 422


@pytest.mark.parametrize("form", ["NFC", "NFD", "NFKC", "NFKD"])
def test_one_keyboards_letters_equal_anothers(form, ada):
    choose(invited(ada), unicodedata.normalize("NFD", "sieben grüne Räder im Café ①"))

    assert sign_in("ada@brauer.example", unicodedata.normalize(form, "sieben grüne Räder im Café ①")).status_code == 302


def test_an_endless_password_is_a_wrong_one_and_is_never_hashed_as_typed(ada, monkeypatch):
    activated(ada)
    lengths = []
    plain = User.check_password
    monkeypatch.setattr(User, "check_password", lambda self, typed: lengths.append(len(typed)) or plain(self, typed))

    assert sign_in("ada@brauer.example", "x" * 1_000_000).status_code == 422

    assert lengths == [0]
