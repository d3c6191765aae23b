"""What an act brings with it beyond itself: pages say it before anything is saved, and nobody confirms what they did not read."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256


@dataclass(frozen=True)
class Consequence:
    """One thing that will happen: a sentence, and the names of whom it meets."""

    sentence: str
    names: tuple[str, ...] = ()


def fingerprint(found: Sequence[Consequence]) -> str:
    """Return a short text that is the same for the same consequences: what a form carries that showed them."""
    text = "\n".join(f"{one.sentence} {', '.join(one.names)}" for one in found)
    return sha256(text.encode()).hexdigest()[:32]
