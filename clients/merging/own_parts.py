"""What of a client's own app hangs on it and moves in a merge: industries, people, documents, formats, company, pairs, legal holds."""

from django.utils.translation import gettext as _

from clientdesk.merging.holds import count_holds, move_hold
from clientdesk.merging.pairs import count_pairs, move_pairs
from clients.merging.shape import BOTH, LOSER, WINNER, Merging, Moved, Part, Question
from clients.models import Client, ClientFormats, Company, DuplicatePair

# Rows that say of a client one thing each: reverse name, column that tells it.
_ROWS = {"client_industries": "industry", "responsibles": "user"}


def _labels() -> dict[str, str]:
    return {"client_industries": _("Industries"), "responsibles": _("Additional people responsible")}


class Own(Part):
    """The rows of the clients' own app."""

    def questions(self, winner: Client, loser: Client) -> list[Question]:
        found = [self._of_rows(winner, loser, rows) for rows in _ROWS]
        mine, theirs = (ClientFormats.objects.filter(client=client).first() for client in (winner, loser))
        if mine and theirs:
            options = {WINNER: _("Those of %(client)s") % {"client": winner}, LOSER: _("Those of %(client)s") % {"client": loser}}
            found.append(Question("formats", _("Formats"), options))
        return [question for question in found if question]

    def _of_rows(self, winner: Client, loser: Client, rows: str) -> Question | None:
        told = [{str(row) for row in getattr(client, rows).select_related(_ROWS[rows])} for client in (winner, loser)]
        if not told[1] or told[0] == told[1]:
            return None
        options = {WINNER: "\n".join(sorted(told[0])), LOSER: "\n".join(sorted(told[1])), BOTH: _("All of them, each once")}
        return Question(rows, _labels()[rows], options, BOTH)

    def moves(self, winner: Client, loser: Client) -> list[Moved]:
        pairs = count_pairs(DuplicatePair, winner, loser)
        return [
            Moved(_("Documents"), loser.documents.count()),
            Moved(_("Legal holds"), count_holds(loser), _("They hold for %(client)s from then on.") % {"client": winner}),
            Moved(_("Pairs of possible duplicates"), pairs),
        ]

    def move(self, merging: Merging) -> None:
        for question in self.questions(merging.winner, merging.loser):
            if question.name in _ROWS:
                self._move_rows(merging, question.name, merging.chosen(question))
        for rows in _ROWS:
            for row in getattr(merging.loser, rows).all():
                merging.ledger.delete(row)
        merging.ledger.move(merging.loser.documents.all(), client=merging.winner)
        self._move_formats(merging)
        self._leave_company(merging)
        move_pairs(merging, DuplicatePair)
        move_hold(merging)

    def _move_rows(self, merging: Merging, rows: str, chosen: str) -> None:
        key = f"{_ROWS[rows]}_id"
        theirs = {getattr(row, key): row for row in getattr(merging.loser, rows).all()}
        mine = {getattr(row, key): row for row in getattr(merging.winner, rows).all()}
        if chosen == LOSER:
            for value in mine.keys() - theirs.keys():
                merging.ledger.delete(mine[value])
        if chosen != WINNER:
            for value in theirs.keys() - mine.keys():
                merging.ledger.change(theirs[value], client=merging.winner)

    def _move_formats(self, merging: Merging) -> None:
        mine, theirs = (ClientFormats.objects.filter(client=client).first() for client in (merging.winner, merging.loser))
        if not theirs:
            return
        if mine and merging.choices.get("formats", WINNER) == WINNER:
            merging.ledger.delete(theirs)
            return
        if mine:
            merging.ledger.delete(mine)
        merging.ledger.change(theirs, client=merging.winner)

    def _leave_company(self, merging: Merging) -> None:
        """The loser's company stays in the registry without a client; its registration number is kept where the winner's has none."""
        company = Company.objects.filter(client=merging.loser).first()
        if not company:
            return
        own = Company.objects.filter(client=merging.winner).first()
        if own and company.registration_number and not own.registration_number:
            merging.ledger.change(own, registration_number=company.registration_number)
        if Company.objects.without_client().filter(name_key=company.name_key, country=company.country).exists():
            merging.ledger.delete(company)
        else:
            merging.ledger.change(company, client=None)

    def mend(self, client: Client, /) -> list[str]:
        client.keep_company()
        return []
