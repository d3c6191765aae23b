"""One chunk of planned contact persons on its way into the database. The clients concerned are locked first, in the order of their keys."""

from collections.abc import Mapping

from django.utils import timezone

from clientdesk.models import LongRun
from clientdesk.words import name_key
from clients import custom
from contacts.models import Contact, ContactOffice, Office
from contacts.models.people import sort_key
from intake import departments, sentences
from intake import person_sentences as say
from intake.client_links import Owner, owners
from intake.contact_columns import ContactResource
from intake.contact_facts import target_of
from intake.contact_verdicts import signing_in
from intake.custom_columns import loaded, parted
from intake.hidden import hidden, hidden_external_id, hidden_record
from intake.journal import Journal
from intake.loading import decode, encode, find
from intake.models import ImportRun, Outcome, Verdict
from intake.people import People, full_name
from intake.saving import Chunk

Key = ImportRun.Key
Errors = dict[str, list[str]]
_HEAD = ("id", "version", "client", "former_names", "active", "is_primary")
# Columns of the file -> fields that hold them.
_FIELDS = {"office": "default_office"}


class ContactChunk(Chunk[ContactResource]):
    """Saves rows that each are one contact person."""

    def __init__(self, run: ImportRun, long_run: LongRun) -> None:
        super().__init__(run, long_run)
        now = timezone.now()
        self.journal = Journal(long_run, now)
        self.people = People(self.journal, long_run, now)
        self.departments = departments.Departments(self.journal, long_run, now)
        self.known_keys = {*self.source.own_keys, "office", *self.source.custom_keys}

    def save(self, verdict: str, rows: list[tuple]) -> None:
        self._lock({loaded(parts).get("client") for *_rest, parts in rows})
        if verdict == Verdict.CHANGED:
            self._change(rows)
        else:
            self._add(rows)
        self.journal.write()

    def _lock(self, clients: set) -> None:
        """Lock the clients and learn their places: nobody else gives them people, offices or departments until the end."""
        self.clients = owners((pk for pk in clients if pk is not None), lock=True)
        self.unseen = hidden(self.clients, self.by)
        self.places = departments.known(self.clients)
        names = ("client", "name_key", "id", "name", "active", "is_headquarters")
        found = find(Office, "client", self.clients, names)
        self.offices = {(client, key): (pk, name, bool(active)) for client, key, pk, name, active, _first in found}
        self.headquarters = {client: (pk, name) for client, _key, pk, name, _active, first in found if first}

    # --- what is wrong by now -------------------------------------------------------------------
    def _refused(self, values: Mapping, pk: int | None, client: Owner, taken: Mapping[str, tuple], now: Mapping[str, object]) -> Errors:
        errors: Errors = self.bad_entries(values)
        for key in values:
            if key not in self.known_keys:
                errors[key] = [sentences.bad_entry_meanwhile()]
        owner = taken.get(str(values.get("external_id") or ""))
        if owner and owner[0] != pk:
            said = say.external_id_taken(str(values["external_id"]), owner[1], owner[2])
            errors["external_id"] = [hidden_external_id(str(values["external_id"])) if owner[3] else said]
        if name := values.get("department"):
            place = self.places.get((client.pk, name_key(str(name))))
            if client.is_individual:
                errors["department"] = [say.no_departments(client.name)]
            elif place and not place[2] and place[0] != now.get("department"):
                errors["department"] = [say.deactivated_department(place[1])]
        if name := values.get("office"):
            place = self.offices.get((client.pk, name_key(str(name))))
            if not place or (not place[2] and place[0] != now.get("default_office")):
                active = [name for (owner, _key), (_pk, name, used) in self.offices.items() if owner == client.pk and used]
                errors["office"] = [say.no_office(str(name), sorted(active))]
        return errors

    def _taken(self, external_ids: set[str]) -> dict[str, tuple]:
        found = find(Contact, "external_id", external_ids, ("external_id", "id", "first_name", "last_name", "client"))
        theirs = {row[4] for row in found}
        unseen, clients = hidden(theirs, self.by), owners(theirs)
        return {text: (pk, f"{first} {last}".strip(), clients[client].name, client in unseen) for text, pk, first, last, client in found}

    def _here_by_now(self, rows: list[tuple]) -> dict[tuple[int, str], str]:
        """Return who is a person of the clients by now that rows would add: {(client, identifying text): name}."""
        if self.run.key == Key.EXTERNAL_ID:
            return {}
        by_email = self.run.key == Key.EMAIL
        column = "email" if by_email else "sort_key"
        texts = {self._text(values) for _line, values, _client in rows}
        within = ("client", {client.pk for _line, _values, client in rows})
        found = find(Contact, column, texts - {""}, ("client", column, "first_name", "last_name"), folded=by_email, within=within)
        return {(client, text.lower() if by_email else text): f"{first} {last}".strip() for client, text, first, last in found}

    def _text(self, values: Mapping) -> str:
        if self.run.key == Key.EMAIL:
            return str(values.get("email") or "").lower()
        return sort_key(str(values.get("first_name") or ""), str(values["last_name"]))

    # --- new ones -------------------------------------------------------------------------------
    def _add(self, rows: list[tuple]) -> None:
        planned = []
        for line, values, _changes, _target, _version, _key, parts in rows:
            client = self.clients.get(loaded(parts)["client"])
            if client is None:
                self.end(Outcome.CONFLICT, line, None, encode({"": [say.gone_meanwhile()]}))
            else:
                planned.append((line, decode(values), client))
        taken = self._taken({values["external_id"] for _line, values, _client in planned if values.get("external_id")})
        here, peopled = self._here_by_now(planned), self._peopled()
        wanted = []
        for line, values, client in planned:
            if name := here.get((client.pk, self._text(values))):
                self.end(Outcome.CONFLICT, line, None, encode({"": [say.added_meanwhile(name)]}))
                continue
            errors = self._refused(values, None, client, taken, {})
            if client.pk in self.unseen:
                errors[""] = [hidden_record()]
            elif client.is_erased:
                errors[""] = [say.is_erased(client.name)]
            elif client.is_individual and client.pk in peopled:
                errors[""] = [say.one_person(client.name)]
            if errors:
                self.end(Outcome.FAILED, line, None, encode(errors))
                continue
            # The first one of a client is the primary one (invariant 3).
            wanted.append((line, values, client, client.pk not in peopled))
            peopled.add(client.pk)
        self._add_departments((client.pk, values.get("department")) for _line, values, client, _first in wanted)
        added = [self._new(values, client, first) for _line, values, client, first in wanted]
        pks = self.people.add([values for values, _office in added], [office for _values, office in added])
        for (line, *_rest), pk in zip(wanted, pks, strict=True):
            self.end(Outcome.CREATED, line, pk)

    def _peopled(self) -> set[int]:
        """Return the clients that have a person in use."""
        found = Contact.objects.filter(client__in=list(self.clients), active=True).order_by()
        return set(found.values_list("client", flat=True).distinct())

    def _add_departments(self, wanted) -> None:
        lacking = [(client, name) for client, name in wanted if name and (client, name_key(name)) not in self.places]
        made = self.departments.add(lacking)
        self.places |= {place: (pk, "", True) for place, pk in made.items()}

    def _new(self, values: dict, client: Owner, first: bool) -> tuple[dict, str]:
        plain, given = parted(values)
        office, place = self.headquarters[client.pk]
        if name := plain.pop("office", None):
            office, place, _active = self.offices[client.pk, name_key(name)]
        if name := plain.get("department"):
            plain["department"] = self.places[client.pk, name_key(name)][0]
        own = custom.merged(None, given)
        return plain | {"client": client.pk, "default_office": office, "is_primary": first, "custom": own}, place

    # --- changed ones ---------------------------------------------------------------------------
    def _change(self, rows: list[tuple]) -> None:
        own = [key for key in self.source.own_keys if key not in _HEAD]
        names = (*_HEAD, *own, "default_office", "custom")
        current = {row[0]: target_of(names, row) for row in find(Contact, "id", [row[3] for row in rows], names, lock=True)}
        planned = [(line, target, version, decode(changes)) for line, _values, changes, target, version, *_rest in rows]
        taken = self._taken({after["external_id"][1] for *_head, after in planned if after.get("external_id", [0, 0])[1]})
        signing = signing_in({target for _line, target, _version, after in planned if "email" in after})
        wanted = []
        for line, target, version, changes in planned:
            contact = current.get(target)
            client = self.clients.get(contact["client"]) if contact else None
            if contact is None or client is None:
                self.end(Outcome.CONFLICT, line, None, encode({"": [say.gone_meanwhile()]}))
            elif client.pk in self.unseen:
                self.end(Outcome.FAILED, line, target, encode({"": [hidden_record()]}))
            elif contact["version"] != version:
                self.end(Outcome.CONFLICT, line, target, encode({"": [say.changed_meanwhile(full_name(contact))]}))
            else:
                errors = self._refused({key: new for key, (_old, new) in changes.items()}, target, client, taken, contact)
                if "email" in changes and target in signing:
                    errors["email"] = [say.signs_in(full_name(contact))]
                if errors:
                    self.end(Outcome.FAILED, line, target, encode(errors))
                else:
                    wanted.append((contact, client, changes))
                    self.end(Outcome.UPDATED, line, target)
        self._save_changes([*own, "default_office", "custom"], wanted)

    def _save_changes(self, keys: list[str], rows: list[tuple[dict, Owner, dict]]) -> None:
        self._add_departments((client.pk, changes.get("department", [None, None])[1]) for _contact, client, changes in rows)
        saved, moved = [], []
        for contact, client, changes in rows:
            after, said = self._whole(contact, client, changes)
            saved.append((contact, after, encode(said)))
            if "default_office" in said:
                office = after["default_office"]
                moved.append((contact["id"], office, full_name(after), self._office_name(client.pk, office)))
        self.people.change(keys, saved)
        links = set(find(ContactOffice, "contact", {link[0] for link in moved}, ("contact", "office")))
        self.people.link([link for link in moved if link[:2] not in links])

    def _office_name(self, client: int, office: int) -> str:
        return next(name for (owner, _key), (pk, name, _active) in self.offices.items() if owner == client and pk == office)

    def _whole(self, contact: dict, client: Owner, changes: dict) -> tuple[dict, dict]:
        """Return all values of `contact` after `changes`, and the changes by field as the history keeps them."""
        plain, of_custom = parted(changes)
        said = {}
        for key, pair in plain.items():
            field = _FIELDS.get(key, key)
            said[field] = pair
            if key in {"office", "department"}:
                places, name = self.offices if key == "office" else self.places, pair[1]
                said[field] = [contact[field], places[client.pk, name_key(name)][0] if name else None]
        after = contact | {field: new for field, (_old, new) in said.items()}
        before = loaded(contact["custom"])
        after["custom"] = custom.merged(before, {key: new for key, (_old, new) in of_custom.items()})
        if of_custom:
            said["custom"] = [before, after["custom"]]
        return after, said
