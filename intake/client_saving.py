"""One chunk of planned clients on its way into the database: what changed after the review is a conflict, never overwritten."""

from collections.abc import Mapping

from django.utils import timezone

from clientdesk.models import LongRun, Merge
from clients import custom
from clients.models import Client, same_name_sentence
from clients.models.client import taken_number_sentence
from intake import sentences, several
from intake.columns import ClientResource
from intake.custom_columns import loaded, parted
from intake.further_columns import in_use
from intake.hidden import hidden, hidden_external_id, hidden_name
from intake.loading import decode, encode, find
from intake.models import ImportRun, Outcome, Verdict
from intake.saving import Chunk
from intake.storing import Store

_OWNER = ("name_key", "id", "name", "number", "restricted_to_responsible")


class ClientChunk(Chunk[ClientResource]):
    """Saves rows that each are one client."""

    def __init__(self, run: ImportRun, long_run: LongRun) -> None:
        super().__init__(run, long_run)
        self.keys = in_use(self.source.own_keys, {str(key) for _position, key in run.mapping})
        self.custom_keys = set(self.source.custom_keys)
        self.known_keys = {*self.keys, *self.custom_keys, *self.several}
        self.store = Store(self.keys, long_run, timezone.now(), with_custom=bool(self.custom_keys), kind=self.source.kind)
        self.ties = several.Ties(self.several, self.store.journal)

    def save(self, verdict: str, rows: list[tuple]) -> None:
        if verdict == Verdict.CHANGED:
            self._change(rows)
        else:
            self._add(rows)
        self.store.journal.write()

    def _refused(self, values: Mapping, pk: int | None, owners: dict[str, tuple]) -> dict[str, list[str]]:
        errors = self.bad_entries(values)
        for key in values.keys() - self.known_keys:
            errors[key] = [sentences.bad_entry_meanwhile()]
        owner = owners.get(values.get("external_id") or "")
        if owner and owner[0] != pk:
            sentence = sentences.external_id_taken(values["external_id"], owner[1], owner[2])
            errors["external_id"] = [hidden_external_id(values["external_id"]) if owner[3] else sentence]
        return errors

    def _owners(self, external_ids: set[str]) -> dict[str, tuple]:
        found = find(Client, "external_id", external_ids, ("external_id", "id", "name", "number"))
        unseen = hidden((row[1] for row in found), self.by)
        return {row[0]: (*row[1:], row[1] in unseen) for row in found}

    @staticmethod
    def _named(keys: list[str]) -> dict[str, Client]:
        """Return the clients that have one of these names, by its key."""
        return {
            key: Client(pk=pk, name=name, number=number, restricted_to_responsible=bool(restricted))
            for key, pk, name, number, restricted in find(Client, "name_key", keys, _OWNER)
        }

    @staticmethod
    def _taken_numbers(numbers: set[str]) -> set[str]:
        held = find(Client, "number", numbers, ("number",)) + find(Merge, "loser_number", numbers, ("loser_number",))
        return {number for (number,) in held}

    def _add(self, rows: list[tuple]) -> None:
        planned = [(line, key, decode(values)) for line, values, _changes, _target, _version, key, _parts in rows]
        persons = {line: loaded(parts) for line, *_rest, parts in rows}
        taken = self._named([row[-2] for row in rows])
        owners = self._owners({values["external_id"] for _line, _key, values in planned if "external_id" in values})
        numbers = self._taken_numbers({values["number"] for _line, _key, values in planned if values.get("number")})
        wanted = []
        for line, key, values in planned:
            errors = self._refused(values, None, owners)
            if other := taken.get(key):
                errors["name"] = [same_name_sentence(other, self.by)]
            if (number := values.get("number")) in numbers:
                errors["number"] = [taken_number_sentence(number)]
            elif number:
                numbers.add(number)
            if errors:
                self.end(Outcome.FAILED, line, None, encode(errors))
            else:
                wanted.append((line, key, values))
        people = [[persons[line] for line, *_rest in wanted]] if self.store.kind == Client.Kind.INDIVIDUAL else []
        parts = [several.parted(values) for _line, _key, values in wanted]
        pks = self.store.add([plain for plain, _links in parts], [key for _line, key, _values in wanted], *people)
        for key in self.several:
            self.ties.tie(key, {pk: links[key] for pk, (_plain, links) in zip(pks, parts, strict=True) if key in links}, new=True)
        for (line, _key, _values), pk in zip(wanted, pks, strict=True):
            self.end(Outcome.CREATED, line, pk)

    def _change(self, rows: list[tuple]) -> None:
        names = ("id", "version", "number", "custom", *(key for key in self.keys if key != "number"))
        locked = find(Client, "id", [row[3] for row in rows], names, lock=True)
        current = {row[0]: dict(zip(names, row, strict=True)) for row in locked}
        planned = [(line, target, version, decode(changes), key) for line, _values, changes, target, version, key, _parts in rows]
        owners = self._owners({after["external_id"][1] for *_rest, after, _key in planned if after.get("external_id", [0, 0])[1]})
        named = self._named([key for *_rest, after, key in planned if "name" in after])
        unseen = hidden(current, self.by)
        saved, tied = [], {}
        for line, target, version, changes, key in planned:
            client = current.get(target)
            if client is None:
                self.end(Outcome.CONFLICT, line, None, encode({"": [sentences.gone_meanwhile()]}))
            elif target in unseen:
                self.end(Outcome.FAILED, line, target, encode({"name": [hidden_name()]}))
            elif client["version"] != version:
                sentence = sentences.changed_meanwhile(client["name"], client["number"])
                self.end(Outcome.CONFLICT, line, target, encode({"": [sentence]}))
            else:
                errors = self._refused({name: new for name, (_old, new) in changes.items()}, target, owners)
                if (other := named.get(key)) and other.pk != target and "name" in changes:
                    errors["name"] = [same_name_sentence(other, self.by)]
                if errors:
                    self.end(Outcome.FAILED, line, target, encode(errors))
                else:
                    plain, links = several.parted(changes)
                    saved.append(whole(client, plain))
                    tied.update({(key, target): new for key, (_old, new) in links.items()})
                    self.end(Outcome.UPDATED, line, target)
        self.store.change(saved)
        for wanted in self.several:
            self.ties.tie(wanted, {target: new for (key, target), new in tied.items() if key == wanted})


def whole(client: dict, changes: dict) -> tuple[dict, str]:
    """Return all values of `client` after `changes`, and the changes as the history keeps them: custom fields as one."""
    plain, of_custom = parted(changes)
    after = client | {key: new for key, (_old, new) in plain.items()}
    if of_custom:
        before = loaded(client["custom"])
        merged = custom.merged(before, {key: new for key, (_old, new) in of_custom.items()})
        after["custom"], plain["custom"] = encode(merged), [before, merged]
    return after, encode(plain)
