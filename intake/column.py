"""What one column of an import is; `columns` declares them."""

from collections.abc import Sequence
from copy import copy, deepcopy
from typing import Self

from import_export.fields import Field

from intake.cells import ChoiceWidget, FormFieldWidget, Stored
from intake.client_cells import SeveralWidget
from intake.custom_columns import CustomWidget
from intake.references import ReferenceWidget


class Column(Field):
    """One column: what it is called (label, aliases), what it takes (widget, example) and what a person should know (help)."""

    widget: FormFieldWidget | CustomWidget

    def __init__(
        self,
        key: str,
        widget: FormFieldWidget | CustomWidget,
        *,
        aliases: Sequence[str] = (),
        help: str = "",
        required: bool = False,
        example: str = "",
        label: str = "",
        attribute: str | None = "",
    ) -> None:
        """`attribute` is where a record has the value, where that is not called like the column; None for nowhere."""
        self._label = label or widget.model_field.verbose_name
        super().__init__(attribute=key if attribute == "" else attribute, column_name=self._label, widget=widget, saves_null_values=False)
        self.key = key
        self.aliases = tuple(aliases)
        self.help = help
        self.required = required
        self.example = example
        # Whether a record may lack the value, where the model does not say it.
        self.emptied: bool | None = None

    def __deepcopy__(self, memo: dict) -> Self:
        # A Resource copies its columns each time that it is made; of their parts only the widget learns anything.
        made = copy(self)
        made.widget = deepcopy(self.widget, memo)
        return made

    def but(self, *, label: str = "", **changes) -> Self:
        """Return this column for another kind: with another label, help, aliases, example, widget, or need of being there."""
        made = copy(self)
        if label:
            made._label = made.column_name = label
        for name, value in changes.items():
            setattr(made, name, value)
        return made

    @property
    def label(self) -> str:
        """The header of the template, in the reader's language."""
        return str(self._label)

    def write(self, value: Stored) -> str:
        """Return the text of the stored `value` in a file that will be imported again: days and numbers the same in every language."""
        return self.widget.write(value)

    @property
    def max_length(self) -> int:
        """The longest text that the column takes, or 0."""
        return self.widget.longest

    @property
    def can_be_emptied(self) -> bool:
        """Whether a record may lack this value."""
        if self.emptied is not None:
            return self.emptied
        return isinstance(self.widget, CustomWidget) or (self.widget.model_field.blank and not self.required and self.key != "number")

    @property
    def is_list(self) -> bool:
        """Whether only certain texts may stand in the column."""
        if isinstance(self.widget, CustomWidget):
            return self.widget.field.kind in {"choice", "checkbox"}
        return isinstance(self.widget, ReferenceWidget | ChoiceWidget)

    @property
    def is_matched(self) -> bool:
        """Whether a text that the column does not know can be said to mean an entry of its list."""
        return self.is_list or isinstance(self.widget, SeveralWidget)

    @property
    def allowed(self) -> list[str]:
        """The texts of its drop-down list; empty where any text may stand. Reads the settings lists."""
        self.widget.load()
        return self.widget.allowed()
