"""A migration's operation that brings stored search texts into today's form (words.findable)."""

from django.db.migrations import RunPython

from clientdesk.words import with_pairs

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
