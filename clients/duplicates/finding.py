"""Which clients resemble one that is typed or saved: looked up by the keys of traces, by neighbours in the order of names and by words.

Every look-up reads a few rows by an index; what they find together is compared. Clients that the person may not see are never named.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from clientdesk.models import User
from clientdesk.search import narrow, words
from clientdesk.words import name_key
from clients.distinctive import plain, words_of
from clients.duplicates.rarity import rarity
from clients.duplicates.reasons import STRONG, Facts, Reason, compare, strength
from clients.merged import former_names
from clients.models import Client, DuplicatePair

SHORTEST_NAME = 3
# So many rows are read for each key, and so many neighbours on either side of the name.
_ROWS, _NEIGHBOURS = 10, 12


@dataclass(frozen=True)
class Candidate:
    """One client that may be the one at hand, and why."""

    client: Client
    reasons: list[Reason]

    @property
    def strength(self) -> int:
        """How sure the reasons make, of 100."""
        return strength(self.reasons)

    @property
    def words(self) -> str:
        """The reasons in one line."""
        return " · ".join(reason.words for reason in self.reasons)


def candidates(facts: Facts, user: User, *, but: int | None = None, limit: int = 5, typing: bool = False) -> list[Candidate]:
    """Return up to `limit` clients that `user` may see and that may be the one of `facts`, the surest first, without the client `but`.

    With `typing` also those whose names hold all the words typed so far.
    """
    seen = Client.objects.visible_to(user).select_related("company").filter(erased_at=None).exclude(pk=but)
    rare = rarity()
    found: dict[int, Candidate] = {}
    for client in _looked_up(seen, facts):
        if client.pk not in found and (reasons := compare(facts, Facts.of(client), rare)):
            found[client.pk] = Candidate(client, reasons)
    for client, former in _formerly(seen, facts):
        known = found.get(client.pk)
        found[client.pk] = Candidate(client, [*(known.reasons if known else []), Reason("merged", former)])
    if typing:
        for client in _with_words(seen, facts):
            found.setdefault(client.pk, Candidate(client, compare(facts, Facts.of(client), rare) or [Reason("words")]))
    return sorted(found.values(), key=lambda candidate: (-candidate.strength, candidate.client.name_key))[:limit]


def similar(name: str, legal_name: str, email: str, user: User, *, limit: int = 5, **more: str) -> list[Candidate]:
    """Return the clients that look like the one that is being typed (S2); `more` are website, phone and tax_number."""
    if len("".join(words(f"{name} {legal_name}"))) < SHORTEST_NAME:
        name = legal_name = ""
    return candidates(Facts.typed(name, legal_name, email, **more), user, limit=limit, typing=True)


def asked_about(facts: Facts, user: User, *, but: int | None = None, despite: Iterable[str] = ()) -> list[Candidate]:
    """Return the clients to ask about before (or to tell of after) the client of `facts` is saved: only strong candidates.

    `despite` are keys of clients that the person was asked about already; the client `but` was saved as its own, and pairs that were
    called no duplicates are left alone.
    """
    strong = [found for found in candidates(facts, user, but=but) if found.strength >= STRONG]
    if not strong or {str(found.client.pk) for found in strong} <= set(despite):
        return []
    if but is None:
        return strong
    with_it = Q(first=but, second__in=[found.client.pk for found in strong]) | Q(
        second=but, first__in=[found.client.pk for found in strong]
    )
    pairs = DuplicatePair.objects.filter(with_it, state=DuplicatePair.State.DISMISSED).values_list("first", "second")
    dismissed = {pk for pair in pairs for pk in pair}
    return [found for found in strong if found.client.pk not in dismissed]


# --- look-ups -------------------------------------------------------------------------------------
def _looked_up(seen: QuerySet[Client], facts: Facts) -> Iterator[Client]:
    for column in ("tax_key", "phone_key", "domain_key"):
        if value := facts.keys.get(column):
            # The second condition lets the database use the index, which leaves out blank keys.
            yield from seen.filter(**{column: value}).exclude(**{column: ""}).order_by()[:_ROWS]
    known = seen.exclude(core_key="")
    for core in dict.fromkeys(" ".join(sorted(name))[:200] for name in facts.names):
        yield from known.filter(core_key__gte=core).order_by("core_key")[:_NEIGHBOURS]
        yield from known.filter(core_key__lt=core).order_by("-core_key")[:_NEIGHBOURS]


def _with_words(seen: QuerySet[Client], facts: Facts) -> Iterator[Client]:
    for text in dict.fromkeys(text for text in (facts.name, facts.legal_name) if len("".join(words(text))) >= SHORTEST_NAME):
        # Legal forms and words that any company bears are in far too many names to look for.
        told = set(words_of(text))
        kept = [word for word in words(text) if plain(word) in told]
        yield from narrow(seen, " ".join(kept) or text).order_by("name_key")[:_ROWS]


def _formerly(seen: QuerySet[Client], facts: Facts) -> list[tuple[Client, str]]:
    """Return the clients into which one of the very name was merged: the name is free, but its client is known (invariant 2)."""
    return former_names(seen, {name_key(name) for name in (facts.name, facts.legal_name) if name})
