"""What the plan says about rows that are contact persons: whose they are, whom they are about, what they change or lack."""

import hashlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import cast

from clientdesk.postal import ADDRESS
from clientdesk.words import email_key, name_key
from clients import custom
from contacts.models import Contact, Department, Office, UnwantedAddress
from contacts.models.people import sort_key
from intake import person_sentences as say
from intake import round_trip
from intake.cells import Stored
from intake.client_links import Linker, Owner, owners
from intake.contact_columns import ContactResource
from intake.contact_facts import FACTS, full, target_of, whole_people
from intake.contact_oracle import LINKS
from intake.contact_returning import ReturningPeople
from intake.custom_columns import loaded, parted
from intake.hidden import hidden, hidden_external_id, hidden_record
from intake.loading import find
from intake.models import ImportRun
from intake.reader import Row
from intake.verdicts import Judge, Judged

Key = ImportRun.Key
LONGEST_KEY = 254


def signing_in(pks: Collection[int]) -> set[int]:
    """Return those of the contacts `pks` who sign in to the portal, so that their address is not changed (XD37)."""
    return {contact.pk for contact in Contact.objects.filter(pk__in=pks).select_related("access__user") if contact.signs_in}


class ContactJudge(Judge[ContactResource]):
    """Judges rows that each are one contact person of a client."""

    example_key = "last_name"
    names = False

    def __init__(self, run: ImportRun) -> None:
        super().__init__(run)
        self.key = run.key
        self.linker = Linker({key: self.fields[key].widget for key in LINKS}, self.by, run.client_id)
        own = [key for key in self.source.own_keys if key not in FACTS]
        self.names_read = (*FACTS, *own)
        self.shown_at = {column.key for _position, column in self.mapped}
        self.returning = ReturningPeople(run, self.mapped)

    @staticmethod
    def match_column(key: str) -> str:
        return "last_name" if key == Key.NAME else key

    def tries(self, key: str, rows: Sequence[Sequence[str]]) -> Iterator[int | None]:
        width = len(self.run.headers)
        judged = [self._cleaned(Row(0, [*cells, *[""] * (width - len(cells))])) for cells in rows]
        self.linker.link(judged)
        found = self._found(judged, key)
        for index, one in enumerate(judged):
            yield len(found.get(index, [])) if self._text(one, key) else None

    def look_up(self, judged: list[Judged]) -> None:
        rows = [one for one in judged if not one.example]
        marked, others = self.returning.read(rows)
        self._find_marked(marked)
        rows = [one for one in rows if round_trip.ID not in one.errors]
        met = [(one, next((key for key in LINKS if key in one.values), round_trip.ID)) for one in rows if one.mark]
        self.linker.link(rows)
        self._find_targets(others)
        for one, at in met:
            self._meet(one, one.target, at)
        for one in rows:
            if self.returning.places and one.target:
                one.match_key = f"{round_trip.SAME_RECORD}{one.target['id']}"
        self._check_external_ids(rows)
        self._read_places(rows)
        self.signing_in = signing_in({one.target["id"] for one in rows if one.target and self._moves_email(one, one.target)})
        self.unwanted = UnwantedAddress.objects.among(str(one.values.get("email") or "") for one in rows)
        self._look_at_clients([one for one in rows if one.target is None and one.client is not None])

    # --- whom a row is about --------------------------------------------------------------------
    @staticmethod
    def _text(one: Judged, key: str) -> str:
        if key == Key.NAME:
            first, last = (str(one.values.get(part) or "") for part in ("first_name", "last_name"))
            return sort_key(first, last) if last else ""
        text = str(one.values.get(key) or "")
        return text.lower() if key == Key.EMAIL else text

    def _found(self, rows: list[Judged], key: str) -> dict[int, list[dict]]:
        """Return by index of the row the contacts that its identifying text leads to: among those of its client where that is known."""
        column = {Key.NAME: "sort_key"}.get(key, key)
        texts = {index: text for index, one in enumerate(rows) if not _badly_linked(one) and (text := self._text(one, key))}
        within = {index for index in texts if rows[index].client is not None and key != Key.EXTERNAL_ID}
        anywhere = set() if key == Key.NAME else texts.keys() - within
        names = (*self.names_read, *((column,) if column not in self.names_read else ()))
        clients = ("client", {rows[index].client.pk for index in within})
        hits = find(Contact, column, {texts[index] for index in within}, names, folded=key == Key.EMAIL, within=clients)
        hits += find(Contact, column, {texts[index] for index in anywhere}, names, folded=key == Key.EMAIL)
        by_text: dict[tuple, dict[int, dict]] = {}
        for contact in (target_of(names, row) for row in hits):
            if contact["erased_at"] is None:
                text = str(contact[column]).lower() if key == Key.EMAIL else str(contact[column])
                for place in (contact["client"], None):
                    by_text.setdefault((place, text), {})[contact["id"]] = contact
        return {
            index: sorted(by_text.get((rows[index].client.pk if index in within else None, text), {}).values(), key=lambda one: one["id"])
            for index, text in texts.items()
            if index in within or index in anywhere
        }

    def _find_marked(self, marked: list[Judged]) -> None:
        """Give the rows that say by ID whom they are about their people, and take out of them what was not edited."""
        found = [one for one in whole_people({one.mark.pk for one in marked}, self.names_read) if one["erased_at"] is None]
        self.marked_clients = {one["client"] for one in found}
        unseen = hidden(self.marked_clients, self.by)
        self.returning.meet(marked, {one["id"]: one for one in found if one["client"] not in unseen})

    def _find_targets(self, rows: list[Judged]) -> None:
        found = self._found(rows, self.key)
        theirs = {contact["client"] for contacts in found.values() for contact in contacts} | self.marked_clients
        self.unseen = hidden(theirs, self.by) | self.linker.unseen
        self.owners = self.linker.known | owners(theirs - self.linker.known.keys())
        at = self.match_column(self.key)
        for index, one in enumerate(rows):
            contacts = found.get(index, [])
            text = self._text(one, self.key)
            one.blank = not text and at not in one.errors
            if one.hidden or _badly_linked(one):
                continue
            seen = {contact["client"] for contact in contacts} | ({one.client.pk} if one.client else set())
            if seen & self.unseen:
                one.hidden = True
                one.refuse(at, hidden_record())
            elif len(contacts) > 1:
                named = [(full(contact), self.owners[contact["client"]].name) for contact in contacts]
                one.bar(at, say.ambiguous_person(self._cell(one, at), named))
            elif contacts:
                self._meet(one, contacts[0], "external_id")
            self._keep_key(one, text)

    def _meet(self, one: Judged, contact: dict, at: str) -> None:
        own = self.owners[contact["client"]]
        one.target = contact
        if one.client and one.client.pk != own.pk:
            one.bar(at, say.belongs_elsewhere(full(contact), own.named, one.client.named))
        one.client = own

    def _keep_key(self, one: Judged, text: str) -> None:
        """What no other row may say: of each client's people none twice."""
        if text and not one.hidden and self.key != Key.EXTERNAL_ID:
            key = f"{one.client.pk if one.client else ''}:{text}"
            one.match_key = key if len(key) <= LONGEST_KEY else hashlib.sha256(key.encode()).hexdigest()

    def _cell(self, one: Judged, key: str) -> str:
        position = next((position for position, column in self.mapped if column.key == key), None)
        return str(one.values.get(key, "")) if position is None else " ".join(str(one.row.cells[position]).split())

    def _check_external_ids(self, rows: list[Judged]) -> None:
        rows = [one for one in rows if self.key != Key.EXTERNAL_ID or one.mark]
        given = {str(one.values["external_id"]) for one in rows if one.values.get("external_id")}
        found = find(Contact, "external_id", given, ("external_id", "id", "first_name", "last_name", "client"))
        theirs = {row[4] for row in found}
        unseen, clients = hidden(theirs, self.by), owners(theirs)
        taken = {row[0]: row[1:] for row in found}
        for one in rows:
            external_id = str(one.values.get("external_id") or "")
            if external_id not in taken:
                continue
            pk, first, last, client = taken[external_id]
            if one.target is not None and one.target["id"] == pk:
                continue
            sentence = say.external_id_taken(external_id, f"{first} {last}".strip(), clients[client].name)
            one.refuse("external_id", hidden_external_id(external_id) if client in unseen else sentence)

    # --- where they are -------------------------------------------------------------------------
    def _read_places(self, rows: list[Judged]) -> None:
        """Learn the offices and departments of the clients concerned."""
        named = [one for one in rows if one.client is not None]
        clients = {one.client.pk for one in named if one.values.keys() & {"office", "department"} or one.target is not None}
        names = ("client", "name_key", "id", "name", "active")
        offices = find(Office, "client", clients, (*names, "is_headquarters"))
        self.offered: dict[int, list[str]] = {}
        for client, _key, _pk, name, active, _first in sorted(offices, key=lambda row: (not row[5], row[1], row[2])):
            if active:
                self.offered.setdefault(client, []).append(name)
        self.places: dict[str, dict[tuple[int, str], tuple]] = {}
        self.place_names: dict[str, dict[int, str]] = {}
        for key, found in (("department", find(Department, "client", clients, names)), ("office", [row[:5] for row in offices])):
            self.places[key] = {row[:2]: row[2:] for row in found}
            self.place_names[key] = {pk: name for _client, _key, pk, name, _active in found}
        for one in named:
            if one.target is not None and not one.mark:
                one.target["office"] = self.place_names["office"].get(one.target["default_office"])
                one.target["department"] = self.place_names["department"].get(one.target["department"])

    @staticmethod
    def _moves_email(one: Judged, target: dict) -> bool:
        return ("email" in one.values and one.values["email"] != target["email"]) or "email" in one.cleared

    def _look_at_clients(self, rows: list[Judged]) -> None:
        """Learn which individuals have their person, and warn of a person of the same name (CD2)."""
        alone = {one.client.pk for one in rows if one.client.is_individual}
        self.complete_people = set(Contact.objects.filter(client__in=alone, active=True).order_by().values_list("client", flat=True))
        keys = {id(one): text for one in rows if (text := self._text(one, Key.NAME)) and self.key != Key.NAME and not one.hidden}
        within = ("client", {one.client.pk for one in rows})
        names = ("client", "sort_key", "first_name", "last_name")
        found = find(Contact, "sort_key", keys.values(), names, within=within)
        known = {(client, key): f"{first} {last}".strip() for client, key, first, last in found}
        for one in rows:
            if (name := known.get((one.client.pk, keys.get(id(one), "")))) is not None:
                one.warn(self.match_column(self.key) if one.blank else "last_name", say.near_person(name))

    # --- what it changes or lacks ---------------------------------------------------------------
    def compare(self, one: Judged) -> None:
        if round_trip.ID in one.errors and one.target is None:
            return
        client = one.client
        self.read_phones(one, client.country if client else "")
        self.check_references(one)
        if client is not None and not one.hidden:
            one.parts = {"client": client.pk}
            self._check_places(one, client)
        if one.hidden:
            return
        if one.target is not None:
            self._compare_with(one, one.target, client)
        else:
            if not any(one.values.get(key) for key in ADDRESS):
                self._check_address(one, dict.fromkeys(ADDRESS, ""))
            elif "use_client_address" not in one.values:
                one.values["use_client_address"] = False
            self._stop_mails(one, {})
            self._customize(one, client)
            self.complete(one, client)

    def _check_places(self, one: Judged, client: Owner) -> None:
        target = one.target or {}
        if name := one.values.get("department"):
            pk, kept, active = self.places["department"].get((client.pk, name_key(str(name))), (None, "", True))
            if client.is_individual:
                one.refuse("department", say.no_departments(client.name))
            elif pk is None:
                one.warn("department", say.new_department(str(name)))
            elif not active and target.get("department") != kept:
                one.refuse("department", say.deactivated_department(kept))
            else:
                one.values["department"] = kept
        if name := one.values.get("office"):
            pk, kept, active = self.places["office"].get((client.pk, name_key(str(name))), (None, "", False))
            if pk is None or (not active and target.get("default_office") != pk):
                one.refuse("office", say.no_office(str(name), self.offered.get(client.pk, [])))
            else:
                one.values["office"] = kept

    def _compare_with(self, one: Judged, target: dict, client: Owner) -> None:
        name = full(target)
        if not target["active"] and not one.mark:
            one.warn(self.match_column(self.key), say.is_deactivated(name))
        if one.mark:
            self.returning.compare(one)
        self.empty_cleared(one)
        for key in LINKS:
            one.values.pop(key, None)
        if target["email"] and one.values.get("email") == "":
            one.refuse("email", self.fields["email"].widget.required_sentence)
        elif target["id"] in self.signing_in and one.values.get("email", target["email"]) != target["email"]:
            one.refuse("email", say.signs_in(name))
        self._settle_address(one, target, name)
        self._stop_mails(one, target)
        self._customize(one, client)
        before = loaded(target["custom"])
        plain, given = parted(one.values)
        one.changes = {key: [target[key], value] for key, value in plain.items() if key in target and target[key] != value}
        after = cast("dict[str, Stored]", custom.merged(dict(before), dict(given)))
        one.changes |= {custom.column_name(key): [before.get(key), after.get(key)] for key in given if before.get(key) != after.get(key)}

    def _settle_address(self, one: Judged, target: dict, name: str) -> None:
        """An address that is given is the person's own (X48); where none is left, the client's holds."""
        after = {key: one.values.get(key, target[key]) for key in ADDRESS}
        if "use_client_address" in one.values:
            self._check_address(one, after)
        elif any(one.values.get(key) for key in ADDRESS):
            one.values["use_client_address"] = False
            if target["use_client_address"]:
                one.warn(next(key for key in ADDRESS if one.values.get(key)), say.own_address(name))
        elif not any(after.values()) and set(ADDRESS) & one.cleared:
            one.values["use_client_address"] = True

    def _stop_mails(self, one: Judged, target: Mapping[str, Stored]) -> None:
        """Invariant 14, as the form: who gets an address whose erased reader wanted no CRM e-mails gets none."""
        address = str(one.values.get("email") or "")
        if email_key(address) not in self.unwanted or address == target.get("email"):
            return
        if not one.values.get("no_crm_emails", target.get("no_crm_emails")):
            one.warn("email", say.unwanted(address))
        one.values["no_crm_emails"] = True

    @staticmethod
    def _check_address(one: Judged, after: dict[str, Stored]) -> None:
        if one.values.get("use_client_address", True) is False and not any(after.values()):
            one.refuse("use_client_address", say.no_address())

    def _customize(self, one: Judged, client: Owner | None) -> None:
        """Refuse custom values that are not asked of people of such a client, and people without those that they need (XD23)."""
        if not self.source.asked.fields or client is None:
            return
        _plain, given = parted(one.values)
        before = loaded(one.target["custom"]) if one.target else None
        about = (client.company_type, client.category)
        for key, said in self.source.asked.judge(given, before, about, moved=False, cleared=one.cleared).items():
            one.errors.setdefault(key, said)

    def complete(self, one: Judged, client: Owner | None) -> None:
        """Refuse what a new person lacks, and one whom the client cannot have."""
        if not one.values.get("last_name") and "last_name" not in one.errors:
            one.refuse("last_name", self.fields["last_name"].widget.required_sentence)
        if client is None:
            if not set(LINKS) & one.errors.keys():
                one.refuse("client_number", say.no_client())
        elif client.is_erased:
            one.refuse("", say.is_erased(client.name))
        elif client.is_individual and client.pk in self.complete_people:
            one.refuse("", say.one_person(client.name))


def _badly_linked(one: Judged) -> bool:
    return bool(set(LINKS) & one.errors.keys())
