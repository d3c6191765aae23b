"""One merge: asked for with both versions, done in one transaction, remembered step by step, taken back as one unit."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar, cast

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Model, QuerySet
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from clientdesk.consequences import Consequence, fingerprint
from clientdesk.ledger import Kept, Ledger, LeftBehind, revived, take_back
from clientdesk.merging.followed import merges
from clientdesk.merging.shape import Merging, Moved, Part, Question
from clientdesk.models import Merge, User, Versioned


class Refused(Exception):
    """The two cannot be merged; the text is the sentence that the person reads."""


class Stale(Exception):
    """One of the two was saved, or merged, after the page was opened."""


class Unread(Exception):
    """The merge, or its undo, brings with it `consequences` that the page that was sent did not show."""

    def __init__(self, consequences: Sequence[Consequence]) -> None:
        super().__init__()
        self.consequences = list(consequences)


@dataclass(frozen=True)
class Preview:
    """What a merge would do: questions about the fields and about what hangs on the two, what moves, and what else it means."""

    fields: list[Question]
    others: list[Question]
    moves: list[Moved]
    consequences: list[Consequence]

    @property
    def choices(self) -> dict[str, str]:
        """What was chosen, by name of the question."""
        return {question.name: question.chosen for question in (*self.fields, *self.others)}

    @property
    def fingerprint(self) -> str:
        """The text by which a form says that it showed these consequences."""
        return fingerprint(self.consequences)


class Merger[Record: Versioned]:
    """Merging two records of `model`; `setting` names the parts in their order."""

    model: ClassVar[type[Model]]
    setting: ClassVar[str]

    # --- what an app says -------------------------------------------------------------------------
    def seen(self, user: User) -> QuerySet:
        """Return the records that `user` may see."""
        raise NotImplementedError

    def hold(self, keys: tuple[int, ...]) -> None:
        """Lock what must be locked before the records with `keys` are."""

    def why_not(self, winner: Record, loser: Record) -> str:
        """Return the sentence why the two cannot be merged, or an empty text."""
        raise NotImplementedError

    def questions(self, winner: Record, loser: Record) -> list[Question]:
        """Return a question for every field that differs."""
        raise NotImplementedError

    def values(self, winner: Record, loser: Record, choices: Mapping[str, str]) -> dict[str, object]:
        """Return what `winner` gets by `choices`, by name of the column."""
        raise NotImplementedError

    def described(self, winner: Record, loser: Record) -> dict[str, str]:
        """Return what a Merge keeps of the two so that the loser is found: name, key of the name, number, text to search."""
        raise NotImplementedError

    def why_not_back(self, merge: Merge, winner: Record, gone: Record) -> str:
        """Return why `gone` cannot be a record of its own again although the winner is there, or an empty text."""
        return ""

    def watched(self, keys: tuple[int, int]) -> Callable[[], list[Consequence]]:
        """Look at what a merge of the two with `keys`, or its undo, may change for others, before it; return what says afterwards what it
        changed."""
        return list

    def called(self, merge: Merge) -> str:
        """Return how sentences name the record that went."""
        return f"{merge.loser_name} ({merge.loser_number})" if merge.loser_number else merge.loser_name

    # --- doing ------------------------------------------------------------------------------------
    @property
    def parts(self) -> list[Part]:
        """The parts of a merge in the order of the settings."""
        return [import_string(path)() for path in getattr(settings, self.setting)]

    def preview(self, winner: Record, loser: Record, posted: Mapping[str, str] | None = None) -> Preview:
        """Return what merging `loser` into `winner` asks and moves; with `posted` the answers given so far are kept."""
        posted = posted or {}
        own = [question.answered(posted) for question in self.questions(winner, loser)]
        others = [question.answered(posted) for part in self.parts for question in part.questions(winner, loser)]
        moves = [moved for part in self.parts for moved in part.moves(winner, loser) if moved.count]
        found = Preview(own, others, moves, [])
        merging = Merging(winner, loser, found.choices, Ledger())
        return replace(found, consequences=[one for part in self.parts for one in part.consequences(merging)])

    def merge(self, winner_pk: int, loser_pk: int, by: User, posted: Mapping[str, str], versions: Mapping[int, str]) -> Merge:
        """Merge the record `loser_pk` into `winner_pk` as `posted` chooses and return what was done.

        `versions` are those that the page showed. Raises Stale where one was saved or is gone meanwhile, Refused with the sentence, and
        Unread where `posted` does not confirm what else the merge means.
        """
        with transaction.atomic():
            self.hold((winner_pk, loser_pk))
            held = self.seen(by).select_for_update(of=("self",)).filter(pk__in=(winner_pk, loser_pk)).order_by("pk")
            found = {record.pk: record for record in held}
            if len(found) < 2 or any(str(record.version) != versions.get(pk) for pk, record in found.items()):
                raise Stale
            winner, loser = found[winner_pk], found[loser_pk]
            if sentence := self.why_not(winner, loser):
                raise Refused(sentence)
            asked = self.preview(winner, loser, posted)
            changed = self.watched((winner_pk, loser_pk))
            made = self._merge(Merging(winner, loser, asked.choices, Ledger()), by)
            # What is not foretold is seen by doing it: who has not read it yet finds everything as it was.
            met = [*asked.consequences, *(one for one in changed() if one not in asked.consequences)]
            if met and posted.get("confirmed") != fingerprint(met):
                raise Unread(met)
            return made

    def _merge(self, merging: Merging[Record], by: User) -> Merge:
        winner, loser = merging.winner, merging.loser
        kind = ContentType.objects.get_for_model(self.model)
        made = Merge(content_type=kind, winner_id=winner.pk, loser_id=loser.pk, **self.described(winner, loser))
        given = self.values(winner, loser, merging.choices)
        for part in self.parts:
            part.move(merging)
        try:
            merging.ledger.delete(loser)
        except LeftBehind as error:
            sentence = _("Something hangs on %(record)s that cannot be moved: %(what)s.")
            raise Refused(sentence % {"record": made.loser_name, "what": error}) from None
        # Now that the loser's row is gone its name and external ID are free.
        merging.ledger.change(winner, **given)
        made.steps, made.merged_by = merging.ledger.steps, by
        made.save(force_insert=True)
        return made

    # --- taking back ------------------------------------------------------------------------------
    def obstacle(self, merge: Merge) -> str:
        """Return the sentence why `merge` cannot be undone now, or an empty text."""
        if not merge.steps:
            return _("Personal data were erased from what this merge remembers. It cannot be undone.")
        if later := self._later(merge):
            return _("%(record)s was merged later. Undo that merge first.") % {"record": self.called(later)}
        winner = self.model._default_manager.filter(pk=merge.winner_id).first()
        if winner is None:
            return _("The record that stayed is gone.")
        return self.why_not_back(merge, cast("Record", winner), self._loser(merge))

    def undo(self, pk: int, by: User, confirmed: str = "") -> tuple[Merge, list[Kept], str]:
        """Take the merge `pk` back; return it with what stayed as it is now, and the sentence where it was refused.

        A merge that was undone already is returned as it is: a second undo changes nothing. Raises Unread, and changes nothing, where
        `confirmed` is not the fingerprint of what else the undo means.
        """
        with transaction.atomic():
            merge = Merge.objects.select_for_update(of=("self",)).get(pk=pk)
            if merge.undone_at:
                return merge, [], ""
            self.hold((merge.winner_id,))
            list(self.model._default_manager.select_for_update(of=("self",)).filter(pk=merge.winner_id))
            if sentence := self.obstacle(merge):
                return merge, [], sentence
            changed = self.watched((merge.winner_id, merge.loser_id))
            stayed = take_back(merge.steps)
            for record in self.model._default_manager.filter(pk__in=(merge.winner_id, merge.loser_id)).order_by("pk"):
                stayed += [Kept(str(record), "", sentence) for part in self.parts for sentence in part.mend(record)]
            # It is seen by doing it: who has not read this yet finds everything as it was.
            if (found := changed()) and confirmed != fingerprint(found):
                raise Unread(found)
            merge.undone_by, merge.undone_at = by, timezone.now()
            merge.save(update_fields=["undone_by", "undone_at"])
        return merge, stayed, ""

    def reverts(self, merge: Merge, winner: Record, name: str) -> bool:
        """Say whether undoing gives `winner` back its own `name`, so that the loser's becomes free."""
        for step in merge.steps:
            mine = step["do"] == "change" and step["model"] == self.model._meta.label and step["pk"] == winner.pk
            if mine and name in step["values"]:
                return step["values"][name][1] == getattr(winner, name)
        return False

    def _later(self, merge: Merge) -> Merge | None:
        """Return the newest merge that came after `merge` and built on it."""
        known = merges(self.model).filter(pk__gt=merge.pk).order_by("-pk")
        return known.filter(winner_id=merge.winner_id).first() or known.filter(loser_id=merge.winner_id).first()

    def _loser(self, merge: Merge) -> Record:
        gone = revived(next(step for step in merge.steps if step["do"] == "delete" and step["model"] == self.model._meta.label))
        return cast("Record", gone)
