"""Operations of migrations that only PostgreSQL needs: indexes, functions and triggers of which the models know nothing."""

from collections.abc import Iterable

from django.db.migrations.operations.base import Operation


class OfPostgreSQL(Operation):
    """Statements that run on PostgreSQL alone; the state of the models stays as it is."""

    reduces_to_sql = True
    reversible = True

    def state_forwards(self, app_label, state) -> None:
        """No other database has it."""

    def database_forwards(self, app_label, schema_editor, from_state, to_state) -> None:
        self._run(schema_editor, *self.forwards())

    def database_backwards(self, app_label, schema_editor, from_state, to_state) -> None:
        self._run(schema_editor, *self.backwards())

    def forwards(self) -> Iterable[str]:
        """Return the statements of the way there."""
        raise NotImplementedError

    def backwards(self) -> Iterable[str]:
        """Return the statements of the way back."""
        raise NotImplementedError

    def _run(self, schema_editor, *statements: str) -> None:
        for sql in statements if schema_editor.connection.vendor == "postgresql" else ():
            schema_editor.execute(sql, params=None)
