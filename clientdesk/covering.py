"""A migration's operation that lets an index carry more columns on PostgreSQL, so that counting never looks at the rows themselves."""

from clientdesk.only_postgresql import OfPostgreSQL


class Cover(OfPostgreSQL):
    """Make the index `name` over `columns` of `table` anew, carrying `more` columns too."""

    def __init__(self, table: str, name: str, columns: str, more: str) -> None:
        self.table, self.name, self.columns, self.more = table, name, columns, more

    def forwards(self) -> list[str]:
        return self._made(f" INCLUDE ({self.more})")

    def backwards(self) -> list[str]:
        return self._made("")

    def _made(self, carried: str) -> list[str]:
        return [f"DROP INDEX IF EXISTS {self.name}", f"CREATE INDEX {self.name} ON {self.table} ({self.columns}){carried}"]

    def describe(self) -> str:
        return f"Let the index {self.name} carry {self.more}"
