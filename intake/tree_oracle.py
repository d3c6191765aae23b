"""A company tree through import-export's own importer, row by row through the models: what the engine's set queries must equal.

A client is found by its name. What the rows of a record say together is told by the whole file, so it is put together first.
"""

from collections.abc import Iterator, Mapping
from copy import deepcopy
from typing import cast

import tablib
from django.core.exceptions import ValidationError
from django.db import transaction

from clientdesk.models import User
from clientdesk.postal import ADDRESS
from clientdesk.words import name_key, tidy
from clients.models import Branch, Client
from contacts.models import Contact, Department, Office
from contacts.models.people import sort_key
from intake import person_sentences, tree_sentences
from intake.cells import Stored
from intake.columns import ClientResource
from intake.contact_columns import ContactResource
from intake.declaring import Declaration
from intake.file_facts import FileFacts

type Errors = dict[str, list[str]]
type Spot = tuple[str, ...]
_FIELDS = {"office": ("email", "phone", *ADDRESS), "department": ("email", "phone")}


class _Line:
    """One row of the file: what its cells say by column, what cannot be read, the records that it is about."""

    def __init__(self) -> None:
        self.texts: dict[str, str] = {}
        self.said: dict[str, Stored] = {}
        self.errors: Errors = {}
        self.spots: list[Spot] = []

    def refuse(self, key: str, sentence: str) -> None:
        """Add a refusal of the cell `key`."""
        self.errors.setdefault(key, []).append(sentence)

    def sort_key(self) -> str:
        """Return what the person is ordered by, or an empty text."""
        first, last = (str(self.said.get(f"person_{key}") or "") for key in ("first_name", "last_name"))
        return sort_key(first, last) if first or last else ""


class TreeOracle(Declaration):
    """The row-by-row half of the Resource of company trees."""

    def before_import(self, dataset: tablib.Dataset, **kwargs) -> None:
        """Put the rows of each record together; `user` in `kwargs` is who imports."""
        self.prepare(kwargs.get("user"))
        rows = enumerate(dataset.dict, 2)
        self.lines = {line: self._read(row) for line, row in rows if not self.is_example(row)}
        emails: dict[Spot, set[str]] = {}
        for one in self.lines.values():
            if (email := one.said.get("person_email")) and one.sort_key():
                emails.setdefault((self._client_key(one), one.sort_key()), set()).add(str(email).lower())
        # What the rows of each record say: the texts by column, the first that gives one.
        self.records: dict[Spot, dict[str, str]] = {}
        for one in self.lines.values():
            one.spots = list(self._spots(one, emails)) if self._client_key(one) else []
            for spot in one.spots:
                own = {key: text for key, text in one.texts.items() if key in one.said and key.startswith(f"{spot[0]}_")}
                self.records[spot] = own | self.records.get(spot, {})
                if spot[0] == "person":
                    self.records[spot] |= {
                        key: one.texts[key]
                        for key in ("office_name", "department_name")
                        if key in one.said and key not in self.records[spot]
                    }
        self._disagreements()
        self._prepare_parts(kwargs.get("user"))

    def _prepare_parts(self, by: User | None) -> None:
        self.clients, self.people = ClientResource(), ContactResource()
        for source in (self.clients, self.people):
            source.prepare(by)
        self.clients.default_branch = Branch.preselected()
        columns = self.clients.columns()
        texts = [
            [record.get(f"client_{column.key}", "") for column in columns] for spot, record in self.records.items() if spot[0] == "client"
        ]
        self.clients.file_facts = FileFacts(self.clients, tablib.Dataset(*texts, headers=[column.column_name for column in columns]))
        ids = {record["person_external_id"] for record in self.records.values() if "person_external_id" in record}
        self.people.lines, self.people.peopled = {}, set()
        for spot, record in self.records.items():
            if spot[0] == "person" and "person_external_id" in record:
                line = next(line for line, one in self.lines.items() if spot in one.spots)
                self.people.lines.setdefault(("external_id", tidy(record["person_external_id"])), []).append(line)
        self.people.owners = {one.external_id: one for one in Contact.objects.filter(external_id__in=ids).select_related("client")}

    def _read(self, row: Mapping[str, str]) -> _Line:
        one = _Line()
        for column in self.columns():
            text = row.get(column.column_name) or ""
            if not text.strip():
                continue
            one.texts[column.key] = text
            phone = column.widget.quick(text) if column.widget.asks_country else None
            try:
                # How a phone number is read depends on the country, which other rows may give.
                value = (phone or tidy(text)) if column.widget.asks_country else column.clean(row)
            except ValidationError as error:
                one.errors[column.key] = error.messages
            else:
                if value is not None:
                    one.said[column.key] = value
        if not self._client_key(one) and "client_name" not in one.errors:
            one.refuse("client_name", tree_sentences.no_client(self.fields["client_name"].label))
        for part in ("office", "department"):
            if not {f"{part}_name"} & {*one.said, *one.errors}:
                for key in [key for key in one.said if key.startswith(f"{part}_")]:
                    one.refuse(key, tree_sentences.no_name(self.fields[f"{part}_name"].label))
        return one

    @staticmethod
    def _client_key(one: _Line) -> str:
        return name_key(str(one.said.get("client_name") or ""))

    def _spots(self, one: _Line, emails: Mapping[Spot, set[str]]) -> Iterator[Spot]:
        client, named = self._client_key(one), one.sort_key()
        yield "client", client
        for part in ("office", "department"):
            if name := one.said.get(f"{part}_name"):
                yield part, client, name_key(str(name))
        known = emails.get((client, named), set())
        if email := str(one.said.get("person_email") or "").lower():
            yield "person", client, "email", email
        elif named and len(known) == 1:
            yield "person", client, "email", *known
        elif any(key.startswith("person_") for key in one.texts):
            yield "person", client, "name", named

    def _disagreements(self) -> None:
        """Rows that say different things of one record are refused, and with them all that are about it."""
        heads: dict[str, set[Spot]] = {}
        for spot in self.records:
            rows = [(line, one) for line, one in self.lines.items() if spot in one.spots]
            if any(one.said.get("office_headquarters") is True for _line, one in rows) and spot[0] == "office":
                heads.setdefault(spot[1], set()).add(spot)
            for key in self.fields:
                said = {_same(key, one.said[key]) for _line, one in rows if key in one.said}
                if key.startswith(f"{spot[0]}_") and len(said) > 1:
                    for _line, one in rows:
                        one.refuse(key if key in one.said else "", tree_sentences.waits(rows[0][0], rows[-1][0]))
        for client, said in heads.items():
            present = Office.objects.filter(client__name_key=client, is_headquarters=True).values_list("name_key", flat=True).first()
            spots = said | ({("office", client, present or name_key(Office.headquarters_name()))} & self.records.keys())
            if len(spots) > 1:
                for one in self.lines.values():
                    if spots & set(one.spots):
                        one.refuse("office_headquarters", tree_sentences.two_headquarters(*sorted(spot[2] for spot in spots)[:2]))

    def get_instance(self, instance_loader: object, row: Mapping[str, str]) -> Client | None:
        """A row is about several records: none of them is the one."""
        return None

    def before_import_row(self, row: Mapping[str, str], **kwargs) -> None:
        """Note which row it is."""
        self.line = kwargs["row_number"] + 1

    def import_instance(self, instance: Client, row: Mapping[str, str], **kwargs) -> None:
        """Save what the row is about, or nothing of it; raises ValidationError with every refusal of the row, by column."""
        if (one := self.lines.get(self.line)) is None:
            return
        if one.errors:
            raise ValidationError(one.errors)
        with transaction.atomic():
            client = self._save_client(self.records[one.spots[0]])
            for spot in one.spots[1:]:
                if spot[0] == "person":
                    self._save_person(client, spot, self.records[spot])
                else:
                    self._save_place(client, spot, self.records[spot])

    def do_instance_save(self, instance: Client, is_create: bool) -> None:
        """Everything was saved when it was read."""

    def _save_client(self, record: Mapping[str, str]) -> Client:
        row = {column.column_name: record.get(f"client_{column.key}", "") for column in self.clients.columns()}
        client = self.clients.get_instance(None, row) or Client()
        before = deepcopy(client)
        self.clients.import_instance(client, row)
        if not self.clients.skip_row(client, before, row):
            self.clients.do_instance_save(client, is_create=client.pk is None)
        return client

    def _save_place(self, client: Client, spot: Spot, record: Mapping[str, str]) -> None:
        part, key = spot[0], spot[2]
        model = Office if part == "office" else Department
        place = model.objects.filter(client=client, name_key=key).first()
        if place and not place.active:
            say = tree_sentences.deactivated_office if part == "office" else person_sentences.deactivated_department
            raise ValidationError({f"{part}_name": say(place.name)})
        if part == "office" and self.fields["office_headquarters"].widget.clean(record.get("office_headquarters")) is True:
            head = client.offices.get(is_headquarters=True)
            if place and place != head:
                raise ValidationError({"office_headquarters": tree_sentences.not_the_headquarters(place.name, head.name)})
            place = head
        given = {name: self.fields[f"{part}_{name}"] for name in ("name", *_FIELDS[part]) if f"{part}_{name}" in record}
        country = record.get("office_country") and self.fields["office_country"].widget.clean(record["office_country"])
        values = {
            name: column.widget.clean(record[column.key], country=str(country or client.country or client.branch.country))
            for name, column in given.items()
        }
        if place is None:
            model.objects.create(client=client, created_by=self.by, **values)
            return
        if place.name_key == key:
            values.pop("name")
        if any(str(getattr(place, name)) != str(value) for name, value in values.items()):
            for name, value in values.items():
                setattr(place, name, value)
            place.save()

    def _save_person(self, client: Client, spot: Spot, record: Mapping[str, str]) -> None:
        people = self.people
        people.key = spot[2]
        texts = {key.removeprefix("person_"): text for key, text in record.items() if key.startswith("person_")}
        texts |= {part: record[f"{part}_name"] for part in ("office", "department") if f"{part}_name" in record}
        texts["client_name"] = client.name
        row = {column.column_name: texts.get(column.key, "") for column in people.columns()}
        person = people.get_instance(None, row) or Contact()
        before = deepcopy(person)
        people.import_instance(person, row)
        if not people.skip_row(person, before, row):
            people.do_instance_save(person, is_create=person.pk is None)


def _same(key: str, value: Stored) -> object:
    """Return what two cells that say the same have in common: names are told apart as records are."""
    if key.endswith(("_name", "person_email", "client_email", "office_email", "department_email")) and key != "client_legal_name":
        return name_key(str(value))
    return str(value) if isinstance(value, list) else cast("object", value)
