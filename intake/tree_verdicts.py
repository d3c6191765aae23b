"""What the plan says about rows of a company tree: each row read by itself, then the rows of each client together."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from copy import copy

from clientdesk.words import name_key, tidy
from clients.models import Branch
from contacts.models import Department, Office
from intake import sentences, tree_repeats, tree_sentences
from intake.client_links import Owner, owners
from intake.client_verdicts import ClientJudge
from intake.columns import ClientResource
from intake.contact_verdicts import ContactJudge
from intake.loading import update
from intake.models import Base, ImportRun, StagedRow
from intake.people import full_name
from intake.proposals import said_of
from intake.staged import rows_of
from intake.tree_columns import TreeResource, split
from intake.tree_groups import Group, Groups
from intake.tree_places import PlaceJudge
from intake.verdicts import JUDGED, Judge, Judged

Key = ImportRun.Key
Kind = ImportRun.Kind
# The places of a row are columns of the person, too.
_PLACES = {"office_name": "office", "department_name": "department"}
_SHOWN = {f"person_{key}": column for column, key in _PLACES.items()}


def part_run(run: ImportRun, part: str) -> ImportRun:
    """Return `run` as an import of one part of the tree: never saved."""
    made = copy(run)
    made.kind = Kind.CORPORATE if part == "client" else Kind.CONTACT
    made.mapping = [[position, split(key)[1]] for position, key in run.mapping if split(key)[0] == part]
    if part == "person":
        made.mapping += [[position, _PLACES[key]] for position, key in run.mapping if key in _PLACES]
        made.key = Key.EMAIL
    made.replacements = _of_part(run.replacements, part)
    usual = {"": run.empty_cells[""]} if "" in run.empty_cells else {}
    made.empty_cells = usual | _of_part(run.empty_cells, part)
    if part == "person" and "department_name" in run.empty_cells:
        made.empty_cells["department"] = run.empty_cells["department_name"]
    made.options = run.options | {reading: _of_part(said_of(run.options, reading), part) for reading in ("dates", "decimals")}
    return made


def _of_part[Value](said: Mapping[str, Value], part: str) -> dict[str, Value]:
    """Return what is said of the columns of `part`, by their keys within it."""
    return {split(key)[1]: value for key, value in said.items() if split(key)[0] == part}


class TreeJudge(Judge[TreeResource]):
    """Reads the rows of a tree, and judges those of a client together."""

    example_key = "client_name"
    repeats = names = False
    grouped = True

    def tries(self, key: str, rows: Sequence[Sequence[str]]) -> Iterator[int | None]:
        return ClientJudge[ClientResource](part_run(self.run, "client")).tries(key, rows)

    @staticmethod
    def match_column(key: str) -> str:
        return f"client_{key}"

    def look_up(self, judged: list[Judged]) -> None:
        at = self.match_column(self.run.key)
        for one in judged:
            if one.example:
                continue
            text = str(one.values.get(at) or "")
            if text:
                one.name_key = name_key(text)[:200]
            elif at not in one.errors:
                one.bar(at, tree_sentences.no_client(self.fields[at].label))
            for part in ("office", "department"):
                if f"{part}_name" not in one.values and f"{part}_name" not in one.errors:
                    for key in [key for key in self._given(one) if split(key)[0] == part and key != f"{part}_name"]:
                        one.refuse(key, tree_sentences.no_name(self.fields[f"{part}_name"].label))

    def _given(self, one: Judged) -> set[str]:
        """Return the columns in which the row says something, be it that a value shall go."""
        marked = {column.key for position, column in self.mapped if column.key in one.cleared and str(one.row.cells[position]).strip()}
        return {*one.values, *one.phones, *marked}

    def compare(self, one: Judged) -> None:
        """What a row says is known once its client's rows are together."""

    @staticmethod
    def settle(run: ImportRun, keys: Collection[str]) -> None:
        if keys:
            rows = rows_of(run, run.rows.filter(name_key__in=list(keys)).exclude(base=Base.SKIPPED).order_by("line"))
            judge = TreeJudge(run)
            judged = judge.weigh(rows)
            TreePlan(judge, judged).settle()
            update(StagedRow, JUDGED[:2], JUDGED[2:], [judge._judged(one) for one in judged])


class TreePlan:
    """What the rows of some clients come to."""

    def __init__(self, judge: TreeJudge, judged: list[Judged]) -> None:
        self.judge, self.judged, self.run = judge, judged, judge.run
        self.columns = {column.key: (position, column) for position, column in judge.mapped}
        self.groups = Groups(judged, self.columns)
        # What records may have alone, by part, column and text.
        self.taken: dict[tuple[str, str, str], Group] = {}

    def settle(self) -> None:
        """Judge clients, places and people, then say of each row what it adds or changes."""
        self._judge_clients()
        self._judge_places()
        self._judge_people()
        self._judge_repeats()
        rows = [one for one in self.judged if one.name_key]
        for one in rows:
            self._refuse(one, self.groups.of_row[one.row.line])
        for one in rows:
            self._conclude(one, self.groups.of_row[one.row.line])

    def _rows(self, groups: Collection[Group]) -> list:
        return [group.row(len(self.run.headers), self.columns) for group in groups]

    def _judge_clients(self) -> None:
        clients = self.groups.found["client"].values()
        judge = ClientJudge[ClientResource](part_run(self.run, "client"))
        for group, one in zip(clients, judge.weigh(self._rows(clients)), strict=True):
            group.take(one)
            if group.is_new and "name" not in one.values and "name" not in one.errors:
                group.errors["client_name"] = [tree_sentences.no_client(self.judge.fields["client_name"].label)]
            self._once(group, ("name", "number", "external_id"))
        known = owners({group.target["id"] for group in clients if group.target})
        countries = dict(Branch.objects.order_by().values_list("pk", "country"))
        self.owners: dict[str, Owner] = {}
        for place, group in enumerate(clients, 1):
            new = Owner(-place, str(group.values.get("name", "")), "", judge.kind, "", None, None, False)
            owner = known[group.target["id"]] if group.target else new
            # What belongs to the client is judged by what the client shall be.
            said = {key: group.values[key] for key in ("company_type", "category") if key in group.values}
            values = (group.target or {}) | group.values
            country = str(values.get("country") or countries.get(values.get("branch"), ""))
            self.owners[group.place[0]] = owner._replace(**said, country=country)

    def _once(self, group: Group, keys: Collection[str]) -> None:
        """What one record may have alone must not stand at another record of the file."""
        for key in keys:
            if (value := group.values.get(key)) in (None, ""):
                continue
            text = name_key(str(value)) if key == "name" else str(value)
            if (other := self.taken.setdefault((group.part, key, text), group)) is not group:
                sentence = sentences.repeated(str(value), other.first, group.first, 2)
                for one in (group, other):
                    one.errors.setdefault(f"{group.part}_{key}", []).append(sentence)

    def _judge_places(self) -> None:
        for part, model in (("office", Office), ("department", Department)):
            PlaceJudge(self.judge, part, model, self.owners).judge_all(list(self.groups.found[part].values()))

    def _judge_people(self) -> None:
        people = self.groups.found["person"].values()
        for key in (Key.EMAIL, Key.NAME):
            chosen = [group for group in people if (group.place[1] == "email") == (key == Key.EMAIL)]
            run = part_run(self.run, "person")
            run.key = key
            judge = TreePeopleJudge(run, {group.first: self.owners[group.place[0]] for group in chosen})
            judge.new_offices = {(self.owners[place[0]].pk, place[1]) for place in self.groups.found["office"]}
            rows = self._rows(chosen)
            for group, row in zip(chosen, rows, strict=True):
                self._give_places(group, row.cells)
            for group, one in zip(chosen, judge.weigh(rows), strict=True):
                group.take(one)
                self._once(group, ("external_id",))

    def _judge_repeats(self) -> None:
        """What a client or a person has alone must not stand with another client, whose rows may be judged another time."""
        here = {place[0] for place in self.groups.found["client"]}
        for key, texts in self.run.found.get(tree_repeats.NAME, {}).items():
            groups = [group for group in self.groups.found[split(key)[0]].values() if key in group.cells]
            given = {tidy(str(group.cells[key][0])) for group in groups}
            found = tree_repeats.lines_of(self.run, key, given & set(texts))
            for group in groups:
                text = tidy(str(group.cells[key][0]))
                if apart := [line for line, name in found.get(text, ()) if name not in here]:
                    group.errors.setdefault(key, []).append(sentences.repeated(text, *sorted((group.first, apart[0])), 2))

    def _give_places(self, group: Group, cells: list) -> None:
        """A person belongs to the office and the department of the first row that soundly names one."""
        for key, own in _PLACES.items():
            if key in self.columns:
                position = self.columns[key][0]
                texts = (one.row.cells[position] for one in group.rows if key not in one.errors)
                cells[position] = next((text for text in texts if str(text).strip()), "")
                if any(key in one.errors for one in group.rows) and not cells[position]:
                    group.unread.add(f"person_{own}")

    # --- what a row comes to --------------------------------------------------------------------
    def _refuse(self, one: Judged, groups: dict[str, Group]) -> None:
        """Refuse the row where one of its records is."""
        for part, group in groups.items():
            for name, said in group.errors.items():
                key = _SHOWN.get(name, name)
                at = key if key in self.columns or not key else self._shown_at(part)
                one.errors.setdefault(at, []).extend(sentence for sentence in said if sentence not in one.errors.get(at, []))
            if group.in_question and not one.errors:
                one.refuse("", tree_sentences.waits(*group.in_question))

    def _conclude(self, one: Judged, groups: dict[str, Group]) -> None:
        client, line = groups["client"], one.row.line
        one.values, one.parts, one.changes = {}, {}, {}
        adds = False
        for part, group in groups.items():
            own = group.own == line
            one.values |= {f"{part}_{key}": value for key, value in group.values.items() if f"{part}_{key}" in self.judge.fields}
            one.parts[part] = _part(group, own)
            if own:
                adds = adds or group.is_new
                one.changes |= {f"{part}_{key}": pair for key, pair in group.changes.items()}
                one.warnings |= group.warnings
        one.target = None if adds else {"id": (client.target or {}).get("id"), "version": (client.target or {}).get("version")}

    def _shown_at(self, part: str) -> str:
        return {"person": "person_last_name"}.get(part, f"{part}_name")


def _part(group: Group, own: bool) -> dict[str, object]:
    target = group.target or {}
    named = target if group.part == "person" and target else group.values
    return {
        "own": own,
        "label": full_name(named) if group.part == "person" else group.values.get("name") or target.get("name"),
        "id": target.get("id"),
        "version": target.get("version"),
        "values": group.values if group.is_new else {"name": group.values.get("name")},
        "changes": group.changes,
    }


class TreePeopleJudge(ContactJudge):
    """Judges the people of a tree, whose clients are known from the rows themselves."""

    def __init__(self, run: ImportRun, clients: dict[int, Owner]) -> None:
        super().__init__(run)
        self.linker = _Given(clients)
        self.new_offices: set[tuple[int, str]] = set()

    def _check_places(self, one: Judged, client: Owner) -> None:
        name = one.values.get("office")
        if name and (client.pk, name_key(str(name))) in self.new_offices and (client.pk, name_key(str(name))) not in self.places["office"]:
            # The office comes with the same file.
            one.values.pop("office")
            super()._check_places(one, client)
            one.values["office"] = name
        else:
            super()._check_places(one, client)


class _Given:
    """Takes the place of the linker: the client of each row is known."""

    def __init__(self, clients: dict[int, Owner]) -> None:
        self.clients, self.unseen = clients, set()
        self.known = {owner.pk: owner for owner in clients.values()}

    def link(self, rows: list[Judged]) -> None:
        """Give each of `rows` its client."""
        for one in rows:
            one.client = self.clients[one.row.line]
