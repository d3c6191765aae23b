"""When two names may be one: their distinctive words agree, in any order, with a typing error, an initial or another spelling."""

from collections.abc import Callable

from rapidfuzz.distance import OSA, JaroWinkler

from clients.distinctive import is_place, weight, words_of

SAME, NEAR = 1.0, 0.9
# Below this length a single other letter makes another name more often than a typing error: Lang and Lange.
_SHORT, _LONG = 6, 10
_ALIKE = 0.92


def always(word: str) -> float:
    """The rarity of words where nothing is known of the other clients."""
    return 1.0


def nearness(first: str, second: str, rarity: Callable[[str], float] = always) -> float:
    """Return how near two names are: 1 where their distinctive words are the same, at least 0.9 where they agree, else 0.

    `rarity` gives for a word how rare it is among clients, from 0 to 1: what many share proves little.
    """
    return nearness_of_words(words_of(first), words_of(second), rarity)


def nearness_of_words(first: tuple[str, ...], second: tuple[str, ...], rarity: Callable[[str], float] = always) -> float:
    """The same for distinctive words."""
    if not first or not second:
        return 0.0
    if set(first) == set(second):
        return SAME
    if len(joined := "".join(first)) >= _SHORT and joined == "".join(second):
        return 0.97
    told = {word: weight(word) * rarity(word) for word in (*first, *second)}
    pairs = _pairs(first, second)
    if not any(factor == 1 and len(one) > 1 and weight(one) == 1 for one, _other, factor in pairs) and len(pairs) < max(
        len(first), len(second)
    ):
        return 0.0
    agreed = sum((told[one] + told[other]) * factor for one, other, factor in pairs)
    score = agreed / sum(told[word] for words in (first, second) for word in words)
    return round(score, 3) if score >= NEAR else 0.0


def _pairs(first: tuple[str, ...], second: tuple[str, ...]) -> list[tuple[str, str, float]]:
    """Return each word of `first` with the word of `second` that it agrees with and how surely; equal words find each other first."""
    left = [word for word in second if word not in first]
    pairs = [(word, word, 1.0) for word in first if word in second]
    for word in first:
        if word in second or not left:
            continue
        other, factor = max(((other, _alike(word, other)) for other in left), key=lambda found: found[1])
        if factor:
            pairs.append((word, other, factor))
            left.remove(other)
    return pairs


def _alike(one: str, other: str) -> float:
    """Return how surely two different words are one: 0 where they are two."""
    if one[0] != other[0]:
        return 0.0
    if 1 in (len(one), len(other)):
        return 0.9
    shortest = min(len(one), len(other))
    if shortest < 4 or is_place(one) or is_place(other) or not (one.isalpha() and other.isalpha()):
        return 0.0
    if OSA.distance(one, other) > (1 if shortest < _LONG else 2) or JaroWinkler.similarity(one, other) < _ALIKE:
        return 0.0
    return 0.85 if shortest < _SHORT else 0.95
