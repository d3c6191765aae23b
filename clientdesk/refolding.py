"""A migration's operation that brings stored search texts into today's form (words.findable)."""

from collections.abc import Callable, Iterable, Sequence

from django.db.migrations import RunPython

from clientdesk import trigrams
from clientdesk.models.base import former_names
from clientdesk.words import compacts, with_pairs

BATCH = 2_000


class Refold(RunPython):
    """Put the pairs of signs behind the search text of each record of `model` in `app` that needs them."""

    def __init__(self, app: str, model: str) -> None:
        self.app, self.model = app, model
        super().__init__(self._refold, RunPython.noop, elidable=True)

    def deconstruct(self):
        return self.__class__.__qualname__, [self.app, self.model], {}

    def _refold(self, apps, schema_editor) -> None:
        records = apps.get_model(self.app, self.model)._base_manager.using(schema_editor.connection.alias)
        last = 0
        while rows := list(records.filter(pk__gt=last).order_by("pk").only("pk", "search_key")[: BATCH * 5]):
            changed = []
            for row in rows:
                key = with_pairs(row.search_key)
                if key != row.search_key:
                    row.search_key = key
                    changed.append(row)
            records.bulk_update(changed, ["search_key"], batch_size=BATCH)
            last = rows[-1].pk


class Recall(RunPython):
    """Give each record of `model` in `app` the names that its history knows, and today's search text.

    `names` gives the names of a record from the values of its columns `told`; `key` the search text of the record.
    """

    def __init__(self, app: str, model: str, told: Sequence[str], names: Callable, key: Callable) -> None:
        self.app, self.model, self.told, self.names, self.key = app, model, told, names, key
        super().__init__(self._recall, RunPython.noop, elidable=True)

    def deconstruct(self):
        return self.__class__.__qualname__, [self.app, self.model, self.told, self.names, self.key], {}

    def _recall(self, apps, schema_editor) -> None:
        records = apps.get_model(self.app, self.model)._base_manager.using(schema_editor.connection.alias)
        table, last = records.model._meta.db_table, 0
        with trigrams.taken_off(schema_editor, table):
            while rows := list(records.filter(pk__gt=last).order_by("pk")[: BATCH * 5]):
                last = rows[-1].pk
                self._recall_these(apps, schema_editor, rows)
                _store(schema_editor, table, rows)

    def _recall_these(self, apps, schema_editor, rows: list) -> None:
        told = self._told(apps, schema_editor, rows)
        for row in rows:
            if row.erased_at is None:
                row.former_names = self._former(row, told.get(row.pk, ()))
            row.search_key = self.key(row)

    def _told(self, apps, schema_editor, rows: list) -> dict[int, list[dict]]:
        """Return what the history tells of the changes of each of `rows`, the latest first."""
        alias = schema_editor.connection.alias
        kinds = apps.get_model("contenttypes", "ContentType")._base_manager.using(alias)
        kind = kinds.filter(app_label=self.app, model=self.model.lower()).first()
        changes = apps.get_model("clientdesk", "Change")._base_manager.using(alias)
        found: dict[int, list[dict]] = {}
        asked = changes.filter(content_type=kind, object_id__range=(rows[0].pk, rows[-1].pk), action=1).order_by("-id")
        for pk, changed in asked.values_list("object_id", "changes"):
            if set(self.told) & set(changed or {}):
                found.setdefault(pk, []).append(changed)
        return found

    def _former(self, row, told: Iterable[dict]) -> str:
        values = {name: getattr(row, name) for name in self.told}
        now, before = self.names(**values), []
        for changed in told:
            values |= {name: str(changed[name][0] or "") for name in self.told if name in changed}
            before += self.names(**values)
        return former_names("", [name for name in before if name != "None"], now)


class RefoldMerges(RunPython):
    """Let merges be found by the numbers of merged clients without punctuation."""

    def __init__(self) -> None:
        super().__init__(self._refold, RunPython.noop, elidable=True)

    def deconstruct(self):
        return self.__class__.__qualname__, [], {}

    def _refold(self, apps, schema_editor) -> None:
        for merge in apps.get_model("clientdesk", "Merge")._base_manager.using(schema_editor.connection.alias).exclude(search_key=""):
            merge.search_key = " ".join((merge.search_key, *compacts(merge.loser_number)))
            merge.save(update_fields=["search_key"])


def _store(schema_editor, table: str, rows: list) -> None:
    """Write search texts and former names: `bulk_update` would build a CASE of thousands of branches for each column."""
    given = [(row.search_key, row.former_names, row.pk) for row in rows]
    with schema_editor.connection.cursor() as cursor:
        if schema_editor.connection.vendor == "postgresql":
            sql = "UPDATE {} SET search_key = new.k, former_names = new.f FROM unnest(%s::text[], %s::text[], %s::bigint[]) AS new(k, f, i)"
            cursor.execute(f"{sql.format(table)} WHERE id = new.i", [list(column) for column in zip(*given, strict=True)])
        else:
            cursor.executemany(f"UPDATE {table} SET search_key = %s, former_names = %s WHERE id = %s", given)  # noqa: S608
