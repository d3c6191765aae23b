"""The settings lists: each is declared once by the app that owns its model, and named in settings.SETTINGS_LISTS."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from django.conf import settings
from django.http import Http404
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.module_loading import import_string

from clientdesk.models import Dictionary, Tree
from clients.settings_forms import EntryForm

# What a cell of a list shows of an entry.
Cell = Callable[[Dictionary], object]


@dataclass(frozen=True)
class SettingsList:
    """One settings list, about the model and the `list_name` of its form; `columns` are further columns of its table as (label, cell).

    `add` and `save` are the words of its buttons, such as “Add industry” and “Save industry”.
    """

    form: type[EntryForm]
    title: str | Promise
    text: str | Promise
    add: str | Promise
    save: str | Promise
    icon: str = "list"
    columns: tuple[tuple[str | Promise, Cell], ...] = ()

    @property
    def name(self) -> str:
        """The word of this list in addresses, such as “lead-sources”."""
        return self.form.list_name

    @property
    def model(self) -> type[Dictionary]:
        """Whose entries these are."""
        return self.form._meta.model

    @property
    def is_tree(self) -> bool:
        """Whether entries stand beneath each other."""
        return issubclass(self.model, Tree)

    @property
    def url(self) -> str:
        """The address of the list."""
        return reverse("settings:list", args=[self.name])

    @property
    def add_url(self) -> str:
        """The address of the form that adds an entry."""
        return reverse("settings:add", args=[self.name])


@cache
def settings_lists() -> dict[str, SettingsList]:
    """Return all settings lists by name, in the order of settings.SETTINGS_LISTS."""
    found = [import_string(path) for path in settings.SETTINGS_LISTS]
    return {declared.name: declared for declared in found}


def list_named(name: str) -> SettingsList:
    """Return the settings list `name`. Raises Http404 for an unknown one."""
    try:
        return settings_lists()[name]
    except KeyError:
        raise Http404(name) from None
