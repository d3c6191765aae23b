"""What the Resource of every kind shares: its columns in order, the custom fields of now, for whom it reads the settings lists."""

from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache
from typing import ClassVar, NamedTuple, Self

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from clientdesk.models import User
from clients import custom
from clients.models import Client, CustomField
from intake.cells import Stored
from intake.column import Column
from intake.custom_columns import Asked, CustomWidget, fields_of
from intake.file_facts import is_example, quiet
from intake.matching import Matchable, is_clear


class Declaration:
    """Mixed into a `ModelResource`, whose fields are Columns."""

    # The records whose custom fields are asked.
    entity: ClassVar[str] = CustomField.Entity.CLIENT
    # The column that holds the example's name, by which the template's own row is known.
    example_key: ClassVar[str] = "name"
    # Columns of the file that are no fields of the record.
    apart: ClassVar[tuple[str, ...]] = ()

    fields: dict[str, Column]
    by: User | None = None
    asked: Asked | None = None

    def columns(self) -> list[Column]:
        """Return this instance's columns in order: the record's own, then the custom fields that `extend` found."""
        return [self.fields[key] for key in (*self._meta.fields, *self.custom_keys)]

    def template_columns(self) -> list[Column]:
        """Return the columns that a template offers."""
        return self.columns()

    @property
    def own_keys(self) -> list[str]:
        """The keys of the columns that are fields of the record."""
        return [key for key in self._meta.fields if key not in self.apart]

    @property
    def custom_keys(self) -> list[str]:
        """The keys of the columns that are custom fields."""
        return [custom.column_name(field.key) for field in self.asked.fields] if self.asked else []

    def extend(self) -> Self:
        """Add the custom fields as they are now; one that is called like another column gets more of a name."""
        if self.asked is None:
            self.asked = Asked(fields_of(self.entity))
            called = _labels(type(self), get_language(), tuple((field.key, field.label) for field in self.asked.fields))
            for field, label in zip(self.asked.fields, called, strict=True):
                key = custom.column_name(field.key)
                about = field.help_text or _("Custom field: %(kind)s.") % {"kind": field.get_kind_display()}
                self.fields[key] = Column(key, CustomWidget(field), help=about, label=label)
        return self

    def prepare(self, by: User | None) -> None:
        """Read what the columns must know from the settings lists, for `by`, who imports."""
        self.by = by
        self.extend()
        for column in self.columns():
            column.widget.by = by
            column.widget.load()

    def about(self, client: Client | None) -> Self:
        """Be an import of what belongs to `client`, for kinds where that can be (XD2)."""
        return self

    def lacking(self, missing: list[str], taken: Collection[str]) -> list[str]:
        """Return those of the required columns `missing` without which a file that has the columns `taken` cannot be imported."""
        return missing

    def misplaced(self, headers: Sequence[str], mapped: Mapping[int, str]) -> list[str]:
        """Return a sentence for each sign that a file with `headers`, understood as `mapped` says (column keys by position; "" for
        what is none of ours), holds something else."""
        return []

    def quiet(self, key: str, row: Mapping[str, str]) -> Stored:
        """Return the stored value of column `key` in `row`, or None where it is blank, wrong or absent."""
        return quiet(self.fields[key], row)

    def is_example(self, row: Mapping[str, str]) -> bool:
        """Whether `row` is the template's own example, untouched."""
        cells = {column.key: row[column.column_name] for column in self.columns() if column.column_name in row}
        return is_example(cells, self.columns(), self.example_key)


class _Named(NamedTuple):
    """A custom field among the columns whose names must be told apart."""

    key: str
    label: str
    aliases: tuple[str, ...] = ()
    required: bool = False


@lru_cache(maxsize=64)
def _labels(declared: type[Declaration], language: str | None, fields: tuple[tuple[str, str], ...]) -> list[str]:
    """Return what the columns of the custom fields `fields` (key and label) are called in `language` among those of `declared`: every
    chunk asks, and comparing all names of all columns takes longer than a hundred rows."""
    columns: list[Matchable] = list(declared.fields.values())
    for field_key, called in fields:
        key = custom.column_name(field_key)
        for label in (called, _("%(label)s (custom field)") % {"label": called}, key):
            named = _Named(key, label)
            if is_clear([*columns, named]):
                break
        columns.append(named)
    return [str(column.label) for column in columns[len(declared.fields) :]]
