"""What the plan says about rows that are individual clients: as for corporate ones, and who the person is (decision 19)."""

from intake import sentences
from intake.client_verdicts import ClientJudge
from intake.individual_columns import IndividualResource
from intake.models import ImportRun
from intake.people_names import Person, person_of
from intake.verdicts import Judged

_NAMES = ("first_name", "last_name")


class IndividualJudge(ClientJudge[IndividualResource]):
    """Judges rows that each are one individual client. The person stands among the parts of a row."""

    example_key = "last_name"

    def __init__(self, run: ImportRun) -> None:
        super().__init__(run)
        self.at_name = next((position for position, column in self.mapped if column.key == "name"), None)
        self.shows_legal_name = any(column.key == "legal_name" for _position, column in self.mapped)

    def look_up(self, judged: list[Judged]) -> None:
        found = []
        for one in judged:
            if one.example:
                continue
            given, person = dict(one.values), self._person(one)
            for key, said in self.source.person_errors(person).items():
                one.errors.setdefault(key, said)
            self._name(one, given, person, "")
            found.append((one, given, person))
        super().look_up(judged)
        for one, given, person in found:
            if one.target is not None:
                before = str(one.target["legal_name"])
                self._name(one, given, person, before)
                self._tell(one, given, before)
            elif person is not None:
                one.parts = {key: getattr(person, key) for key in _NAMES}
                if person.parted_from and not one.hidden:
                    one.warn(person.parted_from, sentences.parted_person(person.first_name, person.last_name))

    def _person(self, one: Judged) -> Person | None:
        typed = ""
        if (name := one.values.get("name")) is not None and self.at_name is not None:
            cell = str(one.row.cells[self.at_name])
            # A text that was read as another is no longer what the person typed.
            typed = cell if self._quietly(self.fields["name"].widget.clean, cell) == name else str(name)
        return person_of(one.values, typed)

    def _name(self, one: Judged, given: dict, person: Person | None, before: str) -> None:
        for key in _NAMES:
            one.values.pop(key, None)
        if legal_name := self.source.legal_name_of(given, person, before):
            one.values["legal_name"] = legal_name

    def _tell(self, one: Judged, given: dict, before: str) -> None:
        """Say of a client that exists what no cell of the row shows."""
        after = str(one.values.get("legal_name", ""))
        if after != before and not self.shows_legal_name:
            one.warn("last_name", sentences.renamed_person(before, after))
        elif given.get("last_name") and not given.get("first_name") and after == before != given["last_name"]:
            one.warn("last_name", sentences.half_named(before))
