"""Rows of a company tree put together: what several rows say of one client, office, department or person, and where they disagree."""

from collections.abc import Iterable, Iterator

from clientdesk.words import name_key, tidy
from contacts.models.people import sort_key
from intake import tree_sentences as say
from intake.cells import CLEAR, Stored
from intake.column import Column
from intake.reader import Row
from intake.tree_columns import PARTS, split
from intake.verdicts import Judged

type Place = tuple[str, ...]

# Columns by which records are found: however they are written.
_NAMES = {"name", "first_name", "last_name", "email"}


class Group:
    """One record of the tree: the rows that are about it, and each cell as the first of them gives it."""

    def __init__(self, part: str, place: Place) -> None:
        self.part, self.place = part, place
        self.rows: list[Judged] = []
        # By column of the tree: the cell as it was read, its value, the row that gives it.
        self.cells: dict[str, tuple[object, Stored, int]] = {}
        # Columns of the tree in which a row says something that cannot be read.
        self.unread: set[str] = set()
        # What is wrong with the record, by column of the tree.
        self.errors: dict[str, list[str]] = {}
        self.warnings: dict[str, list[str]] = {}
        self.values: dict[str, Stored] = {}
        self.changes: dict[str, list[Stored]] = {}
        self.target: dict | None = None
        # The first two rows that disagree about the record.
        self.in_question: tuple[int, int] | None = None

    @property
    def first(self) -> int:
        """The row that names the record first."""
        return self.rows[0].row.line

    @property
    def own(self) -> int:
        """The row that adds or changes the record; the others only name it. A row with errors does neither, if there is another."""
        return next((one.row.line for one in self.rows if not one.errors), self.first)

    @property
    def is_new(self) -> bool:
        """Whether the record does not exist yet."""
        return self.target is None

    def add(self, one: Judged, columns: dict[str, tuple[int, Column]]) -> None:
        """Put the cells of one more row to those before; a cell that says something else is an error at its row."""
        self.rows.append(one)
        for key, (position, column) in columns.items():
            cell = one.row.cells[position]
            if split(key)[0] != self.part:
                continue
            if key in one.errors or not isinstance(cell, str):
                self.unread.add(key)
                continue
            if not tidy(cell):
                continue
            value = CLEAR if key in one.cleared else one.values.get(key, tidy(cell))
            if key not in self.cells:
                self.cells[key] = (cell, value, one.row.line)
            elif not _same(key, self.cells[key][1], value):
                before, _value, line = self.cells[key]
                self.in_question = self.in_question or (line, one.row.line)
                sentence = say.disagree(str(column.label), str(before), line, cell, one.row.line)
                for row in self.rows:
                    if tidy(str(row.row.cells[position])) and sentence not in row.errors.get(key, []):
                        row.refuse(key, sentence)

    def row(self, width: int, columns: dict[str, tuple[int, Column]]) -> Row:
        """Return the record as one row of the file."""
        cells: list = [""] * width
        for key, (cell, _value, _line) in self.cells.items():
            cells[columns[key][0]] = cell
        return Row(self.first, cells)

    def take(self, one: Judged) -> None:
        """Note what was said of the record, with the columns called as in the tree."""
        if one.target:
            # A cell that cannot be read is not an empty one.
            for key in {split(key)[1] for key in self.unread - self.cells.keys()} & one.cleared:
                for said in (one.values, one.changes, one.errors):
                    said.pop(key, None)
        for key, said in one.errors.items():
            self.errors[f"{self.part}_{key}" if key else ""] = said
        for key, said in one.warnings.items():
            self.warnings[f"{self.part}_{key}" if key else ""] = said
        self.values, self.changes, self.target = dict(one.values), one.changes, one.target


def _same(key: str, first: Stored, second: Stored) -> bool:
    """Whether two cells of the column `key` say the same; names are told apart as records are."""
    if split(key)[1] in _NAMES:
        return name_key(str(first)) == name_key(str(second))
    return first == second


class Groups:
    """All records that some rows of a tree are about, by part and place."""

    def __init__(self, judged: Iterable[Judged], columns: dict[str, tuple[int, Column]]) -> None:
        self.columns = columns
        self.found: dict[str, dict[Place, Group]] = {part: {} for part in PARTS}
        # Which records each row is about, by its line.
        self.of_row: dict[int, dict[str, Group]] = {}
        rows = [one for one in judged if one.name_key]
        names = self._people_with_email(rows)
        for one in rows:
            self.of_row[one.row.line] = {part: self._put(part, place, one) for part, place in self._places(one, names)}

    def _put(self, part: str, place: Place, one: Judged) -> Group:
        group = self.found[part].setdefault(place, Group(part, place))
        group.add(one, self.columns)
        return group

    def _places(self, one: Judged, emails: dict[Place, str]) -> Iterator[tuple[str, Place]]:
        client = str(one.name_key)
        yield "client", (client,)
        for part in ("office", "department"):
            if name := one.values.get(f"{part}_name"):
                yield part, (client, name_key(str(name)))
        named = self._named(one)
        if email := str(one.values.get("person_email") or "").lower():
            yield "person", (client, "email", email)
        elif named and (client, named) in emails:
            yield "person", (client, "email", emails[client, named])
        elif named or self._speaks(one, "person"):
            yield "person", (client, "name", named)

    @staticmethod
    def _named(one: Judged) -> str:
        first, last = (str(one.values.get(f"person_{key}") or "") for key in ("first_name", "last_name"))
        return sort_key(first, last) if first or last else ""

    def _speaks(self, one: Judged, part: str) -> bool:
        return any(split(key)[0] == part and tidy(str(one.row.cells[position])) for key, (position, _column) in self.columns.items())

    def _people_with_email(self, rows: list[Judged]) -> dict[Place, str]:
        """Return the one e-mail that a name goes with among the people of a client, for rows that give the name alone."""
        emails: dict[Place, set[str]] = {}
        for one in rows:
            if (email := one.values.get("person_email")) and (named := self._named(one)):
                emails.setdefault((str(one.name_key), named), set()).add(str(email).lower())
        return {place: next(iter(found)) for place, found in emails.items() if len(found) == 1}
