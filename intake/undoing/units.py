"""What an import created: which of it goes, and what stays because a person edited it or something else needs it by now.

Decided client by client, together with everything of the run that belongs to the client: what refers to a record that stays, and is
itself of the run, is no reason to stay, and what a record that stays refers to stays with it.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from django.contrib.contenttypes.models import ContentType
from django.db import models

from clientdesk import history
from clientdesk.models import Change, LegalHold, LongRun, Merge, Pair
from clientdesk.parts import owner_of
from clients.models import Client, Company
from contacts.models import Contact, ContactOffice, Office
from intake.undoing.report import EDITED, ERASED, HELD, MERGED, NEEDED, PRIMARY, Why
from intake.undoing.written import Edit, Key, Written, edits, in_parts, is_same, kind_of, now_of, path_to_client, written

PART = "part"


@dataclass
class Units:
    """The records of some clients that a run created and that are still there: `made` with what was written, `stay` why not to go.

    `models` are those of which the run created records, `ours` the runs that undo it. `final`: about clients it is decided already,
    those that are there stay. `predicts` names models whose values of before are not back yet, but will be.
    """

    run: int
    ours: list[int]
    models: list[type[models.Model]]
    clients: set[int]
    final: bool = False
    predicts: tuple[type[models.Model], ...] = ()
    made: dict[Key, Written] = field(default_factory=dict)
    records: dict[Key, models.Model] = field(default_factory=dict)
    stay: dict[Key, Why] = field(default_factory=dict)
    needs: dict[Key, list[Key]] = field(default_factory=lambda: defaultdict(list))
    defaults: dict[int, int | None] = field(default_factory=dict)

    @property
    def going(self) -> dict[type[models.Model], list[int]]:
        """The keys of the records that go, by model."""
        found: dict[type[models.Model], list[int]] = defaultdict(list)
        for model, pk in self.made:
            if (model, pk) not in self.stay:
                found[model].append(pk)
        return found

    def goes(self, key: Key) -> bool:
        """Say whether a record of the run goes."""
        return key in self.made and key not in self.stay

    # --- deciding ---------------------------------------------------------------------------------
    def judge(self) -> None:
        """Find the records and decide. `final`: clients are decided already, those that are still there stay."""
        for model in self.models:
            self._find(model)
        for model in self.models:
            self._look_at(model)
            self._look_around(model)
        while self._spread() or self._keep_laws():
            pass

    def _find(self, model: type[models.Model]) -> None:
        path = path_to_client(model)
        for some in in_parts(self.clients):
            found = model._base_manager.filter(**{f"{path}__in": some})
            for pk, one in written(self.run, model, found.order_by("pk").values_list("pk", flat=True)).items():
                if one.created and not one.deleted:
                    self.made[model, pk] = one
        mine = [pk for other, pk in self.made if other is model]
        for some in in_parts(mine):
            for record in model._base_manager.filter(pk__in=some):
                self.records[model, record.pk] = record

    def _look_at(self, model: type[models.Model]) -> None:
        """What was edited, erased, held or merged into stays."""
        mine = {pk: one for (other, pk), one in self.made.items() if other is model}
        later = edits(self.run, model, mine, self.ours) if mine else {}
        for pk, one in mine.items():
            if self.final and model is Client:
                self.stay[model, pk] = Why(PART)
            elif one.erased or getattr(self.records[model, pk], "erased_at", None):
                self.stay[model, pk] = Why(ERASED if model in (Client, Contact) else PART)
            elif changed := edited_fields(self.records[model, pk], one):
                self.stay[model, pk] = edit_of(changed, later.get(pk, []))
        kind = kind_of(model)
        for word, found in (
            (HELD, LegalHold.objects.filter(content_type=kind, object_id__in=mine).values_list("object_id", flat=True)),
            (MERGED, Merge.objects.filter(content_type=kind, winner_id__in=mine, undone_at=None).values_list("winner_id", flat=True)),
        ):
            for pk in found if mine else ():
                self.stay.setdefault((model, pk), Why(word))

    def _look_around(self, model: type[models.Model]) -> None:
        """What others refer to stays, unless those are of the run and go, too."""
        mine = [pk for other, pk in self.made if other is model]
        for other, column in referring_to(model) if mine else ():
            for some in in_parts(mine):
                rows = list(other._base_manager.filter(**{f"{column.name}__in": some}).values_list("pk", column.attname))
                released = self._released(other, column, rows)
                for pk, target in rows:
                    if (other, pk) in self.made:
                        self.needs[other, pk].append((model, target))
                    elif pk not in released:
                        self.stay.setdefault((model, target), Why(NEEDED, what=other._meta.label))

    def _released(self, other: type[models.Model], column: models.ForeignKey, rows: list[tuple]) -> set[object]:
        """Return the keys of the rows that will refer to something else once their value of before is back."""
        if other not in self.predicts or not rows:
            return set()
        known = written(self.run, other, [pk for pk, _target in rows])
        return {pk for pk, target in rows if pk in known and not known[pk].created and self._comes_back(known[pk], column.name, target)}

    @staticmethod
    def _comes_back(one: Written, name: str, now: object) -> bool:
        return name in one.pairs and one.pairs[name][1] == now != one.pairs[name][0]

    def _spread(self) -> bool:
        """Let what records that stay refer to stay; return whether anything was new."""
        waiting, before = list(self.stay), len(self.stay)
        while waiting:
            key = waiting.pop()
            for target in self.needs.get(key, ()):
                if target not in self.stay:
                    word = self.stay[key]
                    self.stay[target] = Why(PART) if word.word == PART else Why(NEEDED, what=key[0]._meta.label)
                    waiting.append(target)
        return len(self.stay) > before

    # --- what the desk's own laws keep --------------------------------------------------------------
    def _keep_laws(self) -> bool:
        """A client that stays keeps company, headquarters and primary contact, an individual its person (invariants 3 to 5, 22)."""
        before = len(self.stay)
        for (model, pk), record in self.records.items():
            if (model, pk) not in self.stay and self._is_part(model, record):
                self.stay[model, pk] = Why(PART)
        for pk, word in self._leading_contacts().items():
            self.stay[Contact, pk] = Why(word)
        return len(self.stay) > before

    def _is_part(self, model: type[models.Model], record: models.Model) -> bool:
        """Say whether something that stays is not whole without `record`."""
        if model is ContactOffice:
            return (Contact, record.contact_id) in self.stay or self._is_default(record)
        part = (model is Company and record.client_id) or (model is Office and record.is_headquarters)
        return bool(part and self._client_stays(record))

    def _is_default(self, link: ContactOffice) -> bool:
        """Say whether a contact of before keeps this office as its default one."""
        if (Contact, link.contact_id) in self.made:
            return False
        if link.contact_id not in self.defaults:
            self.defaults[link.contact_id] = Contact.objects.filter(pk=link.contact_id).values_list("default_office", flat=True).first()
        if self.defaults[link.contact_id] != link.office_id:
            return False
        one = written(self.run, Contact, [link.contact_id]).get(link.contact_id) if self.predicts else None
        return one is None or not self._comes_back(one, "default_office", link.office_id)

    def _client_stays(self, record: models.Model) -> bool:
        client = getattr(record, "client_id", None)
        return client is not None and not self.goes((Client, client))

    def _leading_contacts(self) -> dict[int, str]:
        leading = {
            pk: record
            for (model, pk), record in self.records.items()
            if model is Contact and record.is_primary and (model, pk) not in self.stay and self._client_stays(record)
        }
        if not leading:
            return {}
        clients = {record.client_id for record in leading.values()}
        persons = set(Client.objects.filter(pk__in=clients, kind=Client.Kind.INDIVIDUAL).values_list("pk", flat=True))
        others = list(Contact.objects.filter(client__in=clients, active=True, is_primary=False).values_list("pk", "client_id"))
        left = [(pk, client) for pk, client in others if not self.goes((Contact, pk))]
        known = written(self.run, Contact, [pk for pk, _client in left])
        led = {client for pk, client in left if pk in known and self._comes_back(known[pk], "is_primary", False)}
        staying = {client for _pk, client in left} - led
        found = {pk: PRIMARY for pk, record in leading.items() if record.client_id in staying}
        lonely = persons - {client for _pk, client in left}
        return found | {pk: PART for pk, record in leading.items() if record.client_id in lonely}

    # --- doing --------------------------------------------------------------------------------------
    def remove(self, going: dict[type[models.Model], list[int]], by: LongRun) -> None:
        """Delete these records with the history that deleting each would write; constraints are asked at the commit."""
        for model, keys in going.items():
            _tell([self.records[model, pk] for pk in keys], by)
        for model, keys in going.items():
            for other, column in referring_to(model, machine_made=True):
                for some in in_parts(keys):
                    other._base_manager.filter(**{f"{column.name}__in": some}).delete()
        for model, keys in going.items():
            for some in in_parts(keys):
                rows = model._base_manager.filter(pk__in=some)
                rows._raw_delete(rows.db)


def edited_fields(record: models.Model, one: Written) -> list[str]:
    """Return the fields of a created record that hold something else than the run wrote."""
    # What a company has from its client is told of the client.
    own = {name.removesuffix("_id") for name in Company.FOLLOWS} if isinstance(record, Company) and record.client_id else set()
    columns = [column for column in history.tracked(type(record)) if column.name not in {"id", *own}]
    return [column.name for column in columns if not is_same(now_of(column, record), one.pairs.get(column.name, [None, None])[1])]


def edit_of(fields: Iterable[str], later: list[Edit]) -> Why:
    """Return who changed one of `fields` last, and when."""
    wanted = set(fields)
    for edit in reversed(later):
        if wanted & edit.fields:
            return Why(EDITED, by=edit.actor, at=edit.at.isoformat())
    return Why(EDITED)


def referring_to(model: type[models.Model], machine_made: bool = False) -> Iterator[tuple[type[models.Model], models.ForeignKey]]:
    """Yield every model with the column by which it refers to records of `model`; or only those that a machine made, such as suspected
    duplicates, for they keep nothing."""
    for link in model._meta.get_fields(include_hidden=True):
        if isinstance(link, models.ManyToOneRel):
            other = link.field.model
            if issubclass(other, Pair) == machine_made and not other._meta.proxy:
                yield other, link.field


def _tell(records: list[models.Model], by: LongRun) -> None:
    """Write the history of records that are about to be deleted, as deleting each would."""
    if not records:
        return
    kind, columns = ContentType.objects.get_for_model(type(records[0])), history.tracked(type(records[0]))
    entries = []
    for record in records:
        changes = {column.name: [value, None] for column in columns if (value := now_of(column, record)) is not None}
        owner = owner_of(kind, record.pk, Change.Action.DELETE, changes)
        entries.append(
            Change(
                content_type=kind,
                object_pk=str(record.pk),
                object_id=record.pk,
                object_repr=str(record),
                action=Change.Action.DELETE,
                changes=changes,
                actor=by.owner,
                actor_email=by.owner.email if by.owner else None,
                run=by,
                **({"of_type": owner[0], "of_id": owner[1]} if owner else {}),
            )
        )
    Change.objects.bulk_create(entries, batch_size=500)
