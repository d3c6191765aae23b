"""The row of a new record as the database takes it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from django.db import connection, models

from intake.loading import columns_of


class Shape:
    """The row of a new record: the model's defaults, into which the values of each row are laid."""

    def __init__(self, model: type[models.Model], **constant) -> None:
        self.columns = columns_of(model)
        self.at = {column: index for index, column in enumerate(self.columns)}
        self.blank = [field.get_db_prep_save(field.get_default(), connection) for field in model._meta.concrete_fields]
        for column, value in constant.items():
            self.blank[self.at[column]] = value

    def rows(self, columns: Sequence[str], values: Iterable[Sequence[object]]) -> Iterator[list]:
        """Yield a row for each of `values`, which are in the order of `columns`."""
        places = [self.at[column] for column in columns]
        for given in values:
            row = self.blank.copy()
            for place, value in zip(places, given, strict=True):
                row[place] = value
            yield row

    def row(self, values: Mapping[str, object]) -> list:
        """Return a row with `values` by column name."""
        row = self.blank.copy()
        for column, value in values.items():
            row[self.at[column]] = value
        return row
