"""What the plan says about rows that are clients: found by the identifying field, compared cell by cell, complete or refused."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import cast

from django.utils import timezone

from clientdesk.merging.followed import merges, winners
from clientdesk.models import Merge, User
from clientdesk.words import name_key, tidy
from clients import consequences, custom, tax_numbers
from clients.forms.addresses import POST
from clients.models import Branch, Client, same_name_sentence
from clients.models.client import taken_number_sentence
from clients.traces import core_key
from intake import round_trip, sentences, several
from intake.cells import Stored
from intake.columns import ClientResource
from intake.custom_columns import loaded, parted
from intake.further_columns import PEOPLE, RESTRICTED, REVENUE, REVENUE_ON, in_use, together
from intake.hidden import hidden, hidden_external_id, hidden_name, hidden_record
from intake.loading import find
from intake.models import ImportRun
from intake.reach_columns import SAME_ADDRESS
from intake.returning import Returning
from intake.verdicts import Judge, Judged

Key = ImportRun.Key
_TARGET = ("id", "version", "kind", "number")

# The text by which each identifying field finds a client, as the database holds it.
_FOLD: dict[str, Callable[[str], str]] = {
    Key.NAME: name_key,
    Key.NUMBER: str,
    Key.EXTERNAL_ID: str,
    Key.EMAIL: str.lower,
}
# By field what another value of it means for others: the sentence for each of some clients, given their keys and the value.
_MEANS: dict[str, Callable[[Iterable[int], str], dict[int, str]]] = {
    "status": consequences.doors_by_client,
    "branch": consequences.clocks_by_client,
}


class ClientJudge[Source: ClientResource](Judge[Source]):
    """Judges rows that each are one client."""

    def __init__(self, run: ImportRun) -> None:
        super().__init__(run)
        self.kind = self.source.kind
        self.default_branch = Branch.preselected()
        self.asked = self.source.asked
        self.key = run.key
        self.returning = Returning(run, Client, self.mapped)
        self.given = together({column.key for _position, column in self.mapped})
        kept = [key for key in in_use(self.source.own_keys, self.given) if key not in _TARGET]
        self.columns = [*kept, *(["custom"] if self.source.custom_keys else [])]

    def tries(self, key: str, rows: Sequence[Sequence[str]]) -> Iterator[int | None]:
        position = next(position for position, column in self.mapped if column.key == key)
        typed = (tidy(cells[position]) if position < len(cells) else "" for cells in rows)
        texts = [_FOLD[key](text) if text else "" for text in typed]
        column = "name_key" if key == Key.NAME else key
        found = find(Client, column, {text for text in texts if text}, (column,), folded=key == Key.EMAIL)
        counts = Counter(_FOLD[key](text) if key == Key.EMAIL else text for (text,) in found)
        return (counts[text] if text else None for text in texts)

    @staticmethod
    def match_column(key: str) -> str:
        return key if key == Key.EMAIL else "number"

    def look_up(self, judged: list[Judged]) -> None:
        rows = [one for one in judged if not one.example]
        marked, others = self.returning.read(rows)
        self._find_marked(marked)
        self._find_targets(others)
        rows = [one for one in rows if round_trip.ID not in one.errors]
        for one in rows:
            if (name := one.values.get("name")) is not None:
                one.name_key = name_key(str(name))
            if self.returning.places and one.target:
                one.match_key = f"{round_trip.SAME_RECORD}{one.target['id']}"
        self._check_names(rows)
        self._check_external_ids(rows)
        self._check_numbers(rows)
        self._warn_of_near_names([one for one in rows if one.blank and not one.errors])
        self._warn_of_former_names([one for one in rows if one.target is None and one.name_key and not one.hidden])
        self.meant = self._meant(rows)

    def _warn_of_former_names(self, rows: list[Judged]) -> None:
        """A list that still has the name of a client that was merged would make it anew; of one that the person may not see it says
        nothing."""
        met = {one.name_key: self.former[one.name_key] for one in rows if one.name_key in self.former}
        if not met or self.by is None:
            return
        now = winners([loser for loser, _called in met.values()], Client)
        seen = Client.objects.visible_to(self.by).in_bulk(now.values())
        for one in rows:
            loser, called = met.get(one.name_key, (0, ""))
            if client := seen.get(now.get(loser, 0)):
                one.warn("name", sentences.former_name(called, client.name, client.number))

    @cached_property
    def former(self) -> dict[str, tuple[int, str]]:
        """Key and name with number of each client that was merged, by the key of its name."""
        gone = merges(Client).values_list("loser_name_key", "loser_id", "loser_name", "loser_number")
        return {key: (pk, f"{name} ({number})") for key, pk, name, number in gone}

    @staticmethod
    def _meant(rows: list[Judged]) -> dict[tuple[str, str], dict[int, str]]:
        """Return by field and new value the sentence for each client that says who loses or gets portal access with another status, and
        how many clocks another branch moves; three statements for each value."""
        given: dict[tuple[str, str], set[int]] = {}
        for one, target in ((one, one.target) for one in rows if one.target):
            for name in _MEANS:
                if (value := one.values.get(name)) and value != target[name]:
                    given.setdefault((name, str(value)), set()).add(cast("int", target["id"]))
        return {(name, value): _MEANS[name](pks, value) for (name, value), pks in given.items()}

    def _find_marked(self, marked: list[Judged]) -> None:
        names = (*_TARGET, "name", *(key for key in self.columns if key != "name"))
        found = find(Client, "id", {one.mark.pk for one in marked}, names)
        unseen = hidden((row[0] for row in found), self.by)
        targets = {row[0]: dict(zip(names, row, strict=True)) for row in found if row[0] not in unseen}
        several.lay(self.given, targets.values())
        self.returning.meet(marked, targets)

    def _find_targets(self, rows: list[Judged]) -> None:
        fold = _FOLD[self.key]
        texts = {index: fold(str(one.values[self.key])) for index, one in enumerate(rows) if one.values.get(self.key)}
        names = (*_TARGET, *self.columns)
        column = {Key.NAME: "name_key"}.get(self.key, self.key)
        found = find(Client, column, set(texts.values()), (column, "name", *names), folded=self.key == Key.EMAIL)
        unseen = hidden((row[2] for row in found), self.by)
        targets: dict[str, list[dict]] = {}
        for row in found:
            targets.setdefault(fold(row[0]) if self.key == Key.EMAIL else row[0], []).append(
                {"name": row[1]} | dict(zip(names, row[2:], strict=True))
            )
        several.lay(self.given, [match for matches in targets.values() for match in matches])
        for index, one in enumerate(rows):
            text = texts.get(index)
            one.blank = text is None and self.key not in one.errors
            number = one.values.get("number")
            one.match_key = text if self.key == Key.EMAIL else str(number) if number else None
            matches = targets.get(text, []) if text else []
            if any(match["id"] in unseen for match in matches):
                one.hidden = True
            elif len(matches) > 1:
                one.bar(self.key, sentences.ambiguous(str(one.values[self.key]), [(str(m["name"]), str(m["number"])) for m in matches]))
            elif matches:
                one.target = matches[0]

    def _check_names(self, rows: list[Judged]) -> None:
        """A name belongs to one client: to the one that the row is about, or to none."""
        rows = [one for one in rows if self.key != Key.NAME or one.mark]
        keys = {one.name_key for one in rows if one.name_key}
        names = ("name_key", "id", "name", "number", "restricted_to_responsible")
        owners = {
            key: Client(pk=pk, name=name, number=number, restricted_to_responsible=bool(restricted))
            for key, pk, name, number, restricted in find(Client, "name_key", keys, names)
        }
        for one in rows:
            other = owners.get(one.name_key) if one.name_key else None
            if other and (one.target is None or one.target["id"] != other.pk):
                one.refuse("name", same_name_sentence(other, self.by))

    def _check_external_ids(self, rows: list[Judged]) -> None:
        rows = [one for one in rows if self.key != Key.EXTERNAL_ID or one.mark]
        given = {one.values["external_id"] for one in rows if "external_id" in one.values}
        found = find(Client, "external_id", given, ("external_id", "id", "name", "number"))
        owners = {external_id: (pk, name, number) for external_id, pk, name, number in found}
        unseen = hidden((row[1] for row in found), self.by)
        for one in rows:
            if (external_id := one.values.get("external_id")) in owners:
                pk, name, number = owners[external_id]
                if pk in unseen:
                    one.refuse("external_id", hidden_external_id(str(external_id)))
                elif one.target is None or one.target["id"] != pk:
                    one.refuse("external_id", sentences.external_id_taken(str(external_id), name, number))

    def _check_numbers(self, rows: list[Judged]) -> None:
        """A number is given once (invariant 2): a new client may bring its own, an existing one keeps the one that it has."""
        given = {str(one.values["number"]) for one in rows if one.values.get("number")}
        taken = {number for (number,) in find(Merge, "loser_number", given, ("loser_number",))}
        if self.key != Key.NUMBER or self.returning.places:
            taken |= {number for (number,) in find(Client, "number", given, ("number",))}
        for one in rows:
            if (number := one.values.get("number")) is None or one.hidden:
                continue
            if one.target is not None and one.target["number"] != number:
                one.refuse("number", sentences.number_stays(str(one.target["name"]), str(one.target["number"])))
            elif one.target is None and number in taken and "number" not in one.errors:
                one.refuse("number", taken_number_sentence(str(number)))

    def _warn_of_near_names(self, rows: list[Judged]) -> None:
        """CD2: a row without identifying text becomes a new client, perhaps once more."""
        cores = {id(one): core for one in rows if (core := core_key(str(one.values.get("legal_name") or one.values.get("name") or "")))}
        found = find(Client, "core_key", set(cores.values()), ("core_key", "id", "name", "number"))
        unseen = hidden((row[1] for row in found), self.by)
        near = {core: (name, number) for core, pk, name, number in found if pk not in unseen}
        for one in rows:
            if (known := near.get(cores.get(id(one), ""))) is not None:
                one.warn(self.key, sentences.near_name(*known))

    def compare(self, one: Judged) -> None:
        target = one.target
        if round_trip.ID in one.errors:
            return
        country = str(one.values.get("country") or (target or {}).get("country") or "")
        self.read_phones(one, country)
        self._check_tax_number(one, country)
        self.check_references(one)
        if one.hidden:
            one.refuse(self.key, hidden_name() if self.key == Key.NAME else hidden_record())
        elif target is None:
            self._customize(one)
            self._date_revenue(one, {})
            self._settle_address(one, {})
            self.complete(one)
            self._warn_of_restriction(one, {})
        else:
            self._compare_with(one, target)

    def _compare_with(self, one: Judged, target: dict[str, Stored]) -> None:
        if target["kind"] != self.kind:
            one.refuse(self.key, sentences.is_another_kind(str(target["name"]), str(target["number"]), str(target["kind"])))
        if target["status"] == Client.Status.INACTIVE and "status" not in one.values and not one.mark:
            one.warn(self.key, sentences.is_inactive(str(target["name"]), str(target["number"])))
        if one.mark:
            self.returning.compare(one)
        self.empty_cleared(one)
        self._date_revenue(one, target)
        self._settle_address(one, target)
        self._customize(one)
        before = loaded(target["custom"]) if "custom" in target else {}
        plain, given = parted(one.values)
        one.changes = {key: [target[key], value] for key, value in plain.items() if key in target and target[key] != value}
        after = cast("dict[str, Stored]", custom.merged(dict(before), dict(given)))
        one.changes |= {custom.column_name(key): [before.get(key), after.get(key)] for key in given if before.get(key) != after.get(key)}
        if PEOPLE & one.changes.keys():
            self._warn_of_restriction(one, target)
        for name in one.changes.keys() & _MEANS.keys():
            if said := self.meant.get((name, str(one.changes[name][1])), {}).get(cast("int", target["id"])):
                one.warn(name, said)

    @staticmethod
    def _date_revenue(one: Judged, target: Mapping[str, Stored]) -> None:
        """XD4, as the form: an amount that is new is of today, where the row does not say another day."""
        if REVENUE.key not in one.values or (amount := one.values[REVENUE.key]) == target.get(REVENUE.key):
            return
        if one.values.get(REVENUE_ON.key, day := target.get(REVENUE_ON.key)) == day:
            one.values[REVENUE_ON.key] = timezone.localdate().isoformat() if amount is not None else None

    @staticmethod
    def _settle_address(one: Judged, target: Mapping[str, Stored]) -> None:
        """XD7: a correspondence address that is given is the one that holds; where none is left, the billing address serves for both."""
        same = SAME_ADDRESS.key
        if same in one.values:
            return
        if given := [key for key in POST if one.values.get(key)]:
            one.values[same] = False
            if target.get(same):
                one.warn(given[0], sentences.own_correspondence(str(target["name"])))
        elif one.cleared.intersection(POST) and not any(one.values.get(key, target.get(key)) for key in POST):
            one.values[same] = True

    def _warn_of_restriction(self, one: Judged, target: Mapping[str, Stored]) -> None:
        """XD33, as the form: say beforehand that who imports will not see the client any more."""
        after = {**{key: target.get(key) for key in PEOPLE}, **one.values}
        if not after.get(RESTRICTED.key) or self.by is None or not (PEOPLE & one.values.keys()):
            return
        several_of = after.get("responsible")
        pks = [after.get("sales_person"), after.get("project_manager"), *(several_of if isinstance(several_of, list) else [])]
        for consequence in consequences.of_restriction(True, [self.staff.get(pk) for pk in pks], self.by):
            at = next(key for key in (RESTRICTED.key, *PEOPLE) if key in one.values)
            one.warn(at, " ".join([str(consequence.sentence), ", ".join(consequence.names)]).strip())

    @cached_property
    def staff(self) -> dict[int, User]:
        """The members of staff by key."""
        return User.objects.exclude(role="").in_bulk()

    def _check_tax_number(self, one: Judged, country: str) -> None:
        """XD3, as the form: a number that is typed is measured by the rule of the client's country; one that is there may stay."""
        number = one.values.get("tax_number")
        if number is None or (one.target and one.target["tax_number"] == number):
            return
        if reason := tax_numbers.why_wrong(str(number), country):
            one.refuse("tax_number", reason)

    def _customize(self, one: Judged) -> None:
        """Refuse custom values that are not asked of such a client, and such a client without those that it needs (XD23)."""
        if not self.asked.fields or one.errors.keys() & {"company_type", "category"}:
            return
        _plain, given = parted(one.values)
        if not given and not self.asked.any_required:
            return
        old = one.target or {}
        kind = (old.get("company_type"), old.get("category"))
        about = (one.values.get("company_type", kind[0]), one.values.get("category", kind[1]))
        before = loaded(old["custom"]) if one.target else None
        for key, said in self.asked.judge(given, before, about, moved=about != kind, cleared=one.cleared).items():
            one.errors.setdefault(key, said)

    def complete(self, one: Judged) -> None:
        """Refuse what a new client lacks and give it the default branch; a missing name is proposed in a later phase."""
        legal_name, name = (str(one.values.get(key, "")) for key in ("legal_name", "name"))
        for key, said in self.source.name_faults(legal_name, name, one.errors).items():
            one.refuse(key, said)
        if "branch" not in one.values and "branch" not in one.errors:
            if self.default_branch is None:
                one.refuse("branch", sentences.no_branch())
            else:
                one.values["branch"] = self.default_branch.pk
