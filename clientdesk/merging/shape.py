"""What a merge is made of: questions with a choice, things that move with their count, and the parts that move them.

A part says what hangs on the loser and what is to be chosen, moves it through the ledger, and mends what a merge that is undone would
leave against the laws.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db.models import Model

from clientdesk.consequences import Consequence
from clientdesk.ledger import Ledger

WINNER, LOSER, BOTH = "winner", "loser", "both"


@dataclass(frozen=True)
class Question:
    """One choice of a merge: `options` are texts by value (winner, loser, both); `chosen` is what holds unless somebody chooses."""

    name: str
    label: str
    options: dict[str, str]
    chosen: str = WINNER
    note: str = ""

    def answered(self, posted: Mapping[str, str]) -> "Question":
        """Return the question with the answer of `posted`; one that is none of the options changes nothing."""
        answer = posted.get(f"choice-{self.name}", "")
        return Question(self.name, self.label, self.options, answer, self.note) if answer in self.options else self


@dataclass(frozen=True)
class Moved:
    """One kind of thing that hangs on the loser: how many there are, and what to know about it."""

    label: str
    count: int
    note: str = ""


@dataclass
class Merging[Record: Model]:
    """One merge while it happens: both records, what was chosen, and the ledger that remembers."""

    winner: Record
    loser: Record
    choices: dict[str, str] = field(default_factory=dict)
    ledger: Ledger = field(default_factory=Ledger)

    def chosen(self, question: Question) -> str:
        """Return what was chosen for `question`."""
        return self.choices.get(question.name, question.chosen)


class Part[Record: Model]:
    """What one app does when records are merged; every method may be left as it is."""

    def questions(self, winner: Record, loser: Record) -> list[Question]:
        """Return what is to be chosen."""
        return []

    def moves(self, winner: Record, loser: Record) -> list[Moved]:
        """Return what hangs on the loser."""
        return []

    def consequences(self, merging: Merging[Record]) -> list[Consequence]:
        """Return what else the merge means for others by what was chosen; it is confirmed before anything is merged."""
        return []

    def move(self, merging: Merging[Record]) -> None:
        """Let everything of the loser belong to the winner, through the ledger."""

    def mend(self, record: Record, /) -> list[str]:
        """After an undo: bring what hangs on `record` back under the laws; return what was done in sentences."""
        return []
