"""How rare a word is among the names of clients: what many bear says little of each. Counted in the newest clients, now and then."""

from collections import Counter
from collections.abc import Callable

from django.core.cache import cache

from clients.models import Client
from clients.near_names import always

SAMPLE, FEWEST = 2000, 200
# From this share of the clients on a word counts less, by how often it is found.
COMMON = 0.01
_KEEP_SECONDS = 600
_CACHE_KEY = "name-words-shares"


def rarity() -> Callable[[str], float]:
    """Return the function that says how rare a word is, from 0.2 for what one in twenty bears to 1; one short statement now and then."""
    shares = cache.get(_CACHE_KEY)
    if shares is None:
        newest = Client.objects.order_by("-pk").values_list("core_key", flat=True)[:SAMPLE]
        shares = of_names(list(newest))
        cache.set(_CACHE_KEY, shares, _KEEP_SECONDS)
    return counted(shares) if shares else always


def of_names(cores: list[str]) -> dict[str, float]:
    """Return the share of `cores` (core keys) that hold each common word; with few clients nothing is common."""
    if len(cores) < FEWEST:
        return {}
    seen = Counter(word for core in cores for word in core.split())
    return {word: count / len(cores) for word, count in seen.items() if count > COMMON * len(cores)}


def counted(shares: dict[str, float]) -> Callable[[str], float]:
    """Return the function over known shares."""
    return lambda word: max(0.2, COMMON / shares[word]) if word in shares else 1.0
