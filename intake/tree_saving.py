"""One chunk of a company tree on its way into the database: clients first, then their offices and departments, then people."""

from collections.abc import Iterable

from django.utils import timezone

from clientdesk.models import LongRun
from clientdesk.words import name_key
from intake import person_sentences, tree_sentences
from intake.client_links import owners
from intake.client_saving import ClientChunk
from intake.contact_saving import ContactChunk
from intake.custom_columns import loaded
from intake.journal import Journal
from intake.loading import encode
from intake.models import ImportRun, Outcome, Verdict
from intake.place_saving import Places
from intake.saving import Chunk
from intake.tree_columns import TreeResource
from intake.tree_verdicts import part_run

_BAD = (Outcome.FAILED, Outcome.CONFLICT)


class _Line:
    """One row on its way: its parts, the client that it belongs to once that is known, what became of it."""

    def __init__(self, line: int, key: str, parts: dict) -> None:
        self.line, self.key, self.parts = line, key, parts
        self.client: int | None = parts["client"]["id"]
        self.bad: tuple[str, str] | None = None


class TreeChunk(Chunk[TreeResource]):
    """Saves rows that each are a client, an office, a department and a person."""

    def __init__(self, run: ImportRun, long_run: LongRun) -> None:
        super().__init__(run, long_run)
        self.now = timezone.now()
        self.journal = Journal(long_run, self.now)
        self.adds, self.changes = run.mode != ImportRun.Mode.UPDATE, run.mode != ImportRun.Mode.CREATE

    def save(self, verdict: str, rows: list[tuple]) -> None:
        lines = [_Line(line, key, loaded(parts)) for line, *_rest, key, parts in rows]
        self._save_clients(lines)
        clients = {one.client for one in lines if one.client}
        owners(clients, lock=True)
        for part in ("office", "department"):
            self._save_places(part, [one for one in lines if one.client and not one.bad and part in one.parts])
        self.journal.write()
        self._save_people([one for one in lines if one.client and not one.bad and "person" in one.parts])
        for one in lines:
            if one.bad:
                self.end(one.bad[0], one.line, one.client, one.bad[1])
            else:
                self.end(Outcome.UPDATED if verdict == Verdict.CHANGED else Outcome.CREATED, one.line, one.client)

    def _take(self, chunk: Chunk, lines: dict[int, _Line], part: str, prefix: str) -> dict[int, int]:
        """Note what `chunk` refused; return the records of the others by line."""
        made = {}
        for outcome, ended in chunk.outcomes.items():
            for line, target, errors in ended:
                if outcome in _BAD:
                    said = {f"{prefix}{key}" if key else "": sentences for key, sentences in loaded(errors).items()}
                    lines[line].bad = (outcome, encode(said))
                elif target is not None:
                    made[line] = target
        return made

    # --- clients --------------------------------------------------------------------------------
    def _save_clients(self, lines: list[_Line]) -> None:
        by_line = {one.line: one for one in lines}
        lacking = [one for one in lines if one.client is None]
        before = self._made_before(lacking)
        first: dict[str, _Line] = {}
        for one in lacking:
            one.client = before.get(one.key)
            if one.client is None:
                first.setdefault(one.key, one)
        chunk = ClientChunk(part_run(self.run, "client"), self.long_run)
        if first:
            keys = {one.key: name_key(str(one.parts["client"]["values"]["name"])) for one in first.values()}
            new = [(one.line, encode(one.parts["client"]["values"]), None, None, None, keys[one.key], None) for one in first.values()]
            chunk.save(Verdict.NEW, new)
        changed = [one for one in lines if one.parts["client"]["own"] and one.parts["client"]["changes"] and self.changes]
        if changed:
            chunk.save(Verdict.CHANGED, [self._change_of(one) for one in changed])
        made = self._take(chunk, by_line, "client", "client_")
        for one in lacking:
            owner = first.get(one.key, one)
            one.client, one.bad = one.client or made.get(owner.line), one.bad or owner.bad

    def _made_before(self, lines: Iterable[_Line]) -> dict[str, int]:
        """Return the clients that an earlier chunk of this run made, by key of the group: a row that failed because of its person has
        made its client all the same."""
        keys = {one.key for one in lines}
        made = self.run.rows.filter(name_key__in=keys, outcome__isnull=False, target_id__isnull=False).order_by()
        return dict(made.values_list("name_key", "target_id"))

    @staticmethod
    def _change_of(one: _Line) -> tuple:
        client = one.parts["client"]
        name = client["changes"].get("name", [None, client["values"].get("name") or ""])[1]
        return (one.line, None, encode(client["changes"]), client["id"], client["version"], name_key(str(name)), None)

    # --- offices and departments ----------------------------------------------------------------
    def _save_places(self, part: str, lines: list[_Line]) -> None:
        places = Places(part, self.journal, self.long_run, self.now)
        known = places.known([one.client for one in lines if one.client])
        new, changed = {}, {}
        for one in lines:
            said = one.parts[part]
            values = {key: value for key, value in said["values"].items() if key != "headquarters"}
            key = (one.client, name_key(str(said["values"]["name"] or "")))
            place = known.get(key)
            if said["id"] is None and place is None and said["values"].get("headquarters"):
                place = known.get((one.client, ""))
                if place is not None:
                    changed.setdefault(
                        place["id"], (place, {name: [place[name], new] for name, new in values.items() if place[name] != new})
                    )
            elif said["id"] is None and place is None and self.adds:
                new.setdefault(key, values)
            elif said["own"] and said["changes"] and self.changes:
                self._change_place(one, said, known, changed)
            elif place is not None and not place["active"]:
                self._refuse(one, f"{part}_name", tree_sentences.deactivated_office(place["name"]))
        places.add(new)
        places.change([pair for pair in changed.values() if pair[1]])

    def _change_place(self, one: _Line, said: dict, known: dict, changed: dict) -> None:
        place = next((place for place in known.values() if place["id"] == said["id"]), None)
        if place is None:
            one.bad = (Outcome.CONFLICT, encode({"": [person_sentences.gone_meanwhile()]}))
        elif place["version"] != said["version"]:
            one.bad = (Outcome.CONFLICT, encode({"": [tree_sentences.changed_meanwhile(str(place["name"]))]}))
        else:
            changed[place["id"]] = (place, said["changes"])

    @staticmethod
    def _refuse(one: _Line, key: str, sentence: str) -> None:
        one.bad = (Outcome.FAILED, encode({key: [sentence]}))

    # --- people ---------------------------------------------------------------------------------
    def _save_people(self, lines: list[_Line]) -> None:
        by_line = {one.line: one for one in lines}
        new = [one for one in lines if one.parts["person"]["own"] and one.parts["person"]["id"] is None and self.adds]
        changed = [one for one in lines if one.parts["person"]["own"] and one.parts["person"]["changes"] and self.changes]
        chunk = ContactChunk(part_run(self.run, "person"), self.long_run)
        if new:
            made = [(one.line, encode(one.parts["person"]["values"]), None, None, None, None, {"client": one.client}) for one in new]
            chunk.save(Verdict.NEW, made)
        self._take(chunk, by_line, "person", "person_")
        if changed:
            chunk = ContactChunk(part_run(self.run, "person"), self.long_run)
            chunk.save(Verdict.CHANGED, [self._person_change(one) for one in changed])
            self._take(chunk, by_line, "person", "person_")

    @staticmethod
    def _person_change(one: _Line) -> tuple:
        person = one.parts["person"]
        return (one.line, None, encode(person["changes"]), person["id"], person["version"], None, {"client": one.client})
