"""One merge: asked for with both versions, done in one transaction, remembered step by step."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils.translation import gettext as _

from clientdesk.ledger import Ledger, LeftBehind
from clientdesk.models import Merge, User
from clientdesk.words import compacts, findable
from clients.merging import fields
from clients.merging.shape import Merging, Moved, Question, parts
from clients.models import Client


class Refused(Exception):
    """The two cannot be merged; the text is the sentence that the person reads."""


class Stale(Exception):
    """One of the two was saved, or merged, after the page was opened."""


@dataclass(frozen=True)
class Preview:
    """What a merge of two clients would do: questions about their fields and about what hangs on them, and what moves."""

    fields: list[Question]
    others: list[Question]
    moves: list[Moved]


def preview(winner: Client, loser: Client, posted: Mapping[str, str] | None = None) -> Preview:
    """Return what merging `loser` into `winner` asks and moves; with `posted` the answers given so far are kept."""
    posted = posted or {}
    own = [question.answered(posted) for question in fields.questions(winner, loser)]
    others = [question.answered(posted) for part in parts() for question in part.questions(winner, loser)]
    moves = [moved for part in parts() for moved in part.moves(winner, loser) if moved.count]
    return Preview(own, others, moves)


def why_not(winner: Client, loser: Client) -> str:
    """Return the sentence why the two cannot be merged, or an empty text."""
    if winner.pk == loser.pk:
        return _("A client cannot be merged with itself.")
    if winner.kind != loser.kind:
        return _(
            "%(winner)s is %(kind)s and %(loser)s is %(other)s. Only clients of one kind can be merged: change the kind of one first."
        ) % {
            "winner": winner,
            "kind": winner.get_kind_display().lower(),
            "loser": loser,
            "other": loser.get_kind_display().lower(),
        }
    if winner.erased_at or loser.erased_at:
        erased = winner if winner.erased_at else loser
        return _("The personal data of %(client)s were erased. It cannot be merged.") % {"client": erased}
    return ""


def merge(winner_pk: int, loser_pk: int, by: User, posted: Mapping[str, str], versions: Mapping[int, str]) -> Merge:
    """Merge the client `loser_pk` into `winner_pk` as `posted` chooses and return what was done.

    `versions` are those that the page showed. Raises Stale where one was saved or is gone meanwhile, Refused with the sentence.
    """
    with transaction.atomic():
        held = Client.objects.visible_to(by).select_for_update(of=("self",)).filter(pk__in=(winner_pk, loser_pk)).order_by("pk")
        clients = {client.pk: client for client in held}
        if len(clients) < 2 or any(str(client.version) != versions.get(pk) for pk, client in clients.items()):
            raise Stale
        winner, loser = clients[winner_pk], clients[loser_pk]
        if sentence := why_not(winner, loser):
            raise Refused(sentence)
        asked = preview(winner, loser, posted)
        choices = {question.name: question.chosen for question in (*asked.fields, *asked.others)}
        return _merge(Merging(winner, loser, choices, Ledger()), by)


def _merge(merging: Merging, by: User) -> Merge:
    winner, loser = merging.winner, merging.loser
    made = _described(winner, loser)
    given = fields.values(winner, loser, merging.choices)
    for part in parts():
        part.move(merging)
    try:
        merging.ledger.delete(loser)
    except LeftBehind as error:
        raise Refused(
            _("Something hangs on %(client)s that cannot be moved: %(what)s.") % {"client": made.loser_name, "what": error}
        ) from None
    # Now that the loser's row is gone its name and external ID are free.
    merging.ledger.change(winner, **given)
    made.steps, made.merged_by = merging.ledger.steps, by
    made.save(force_insert=True)
    return made


def _described(winner: Client, loser: Client) -> Merge:
    return Merge(
        content_type=ContentType.objects.get_for_model(Client),
        winner_id=winner.pk,
        loser_id=loser.pk,
        loser_name=loser.name,
        loser_name_key=loser.name_key,
        loser_number=loser.number,
        # What was the winner's own name finds it, too, where the loser's was chosen.
        search_key=findable(loser.name, loser.legal_name, loser.number, winner.name, loser.former_names, *compacts(loser.number)),
    )
