"""A migration's operation that lets an index carry more columns on PostgreSQL, so that counting never looks at the rows themselves."""

from django.db.migrations.operations.base import Operation


class Cover(Operation):
    """Make the index `name` over `columns` of `table` anew, carrying `more` columns too. The models know nothing of it."""

    reduces_to_sql = True
    reversible = True

    def __init__(self, table: str, name: str, columns: str, more: str) -> None:
        self.table, self.name, self.columns, self.more = table, name, columns, more

    def state_forwards(self, app_label, state) -> None:
        """No other database carries columns."""

    def database_forwards(self, app_label, schema_editor, from_state, to_state) -> None:
        self._make(schema_editor, f" INCLUDE ({self.more})")

    def database_backwards(self, app_label, schema_editor, from_state, to_state) -> None:
        self._make(schema_editor, "")

    def _make(self, schema_editor, carried: str) -> None:
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(f"DROP INDEX IF EXISTS {self.name}")
            schema_editor.execute(f"CREATE INDEX {self.name} ON {self.table} ({self.columns}){carried}")

    def describe(self) -> str:
        return f"Let the index {self.name} carry {self.more}"
