"""Settings: the index, a page per settings list, and what is done to one entry: add, change, order, deactivate, restore, delete."""

from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Model, ProtectedError, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from clientdesk import history
from clientdesk.forms import DeskForm
from clientdesk.lists import count_text, counts
from clientdesk.models import Dictionary
from clientdesk.places import lock as lock_list
from clientdesk.rights import Right, may, needs
from clientdesk.trees import paths, walk
from clientdesk.views import CreatePage, EditPage, Screen
from clientdesk.words import search_key
from clients.models import CustomField
from clients.settings_list import Cell, SettingsList, list_named, settings_lists

# Below this many entries a search field is in the way; above the other number a page shows the first ones and asks to search.
SEARCH_FROM, MOST_SHOWN = 13, 300
CHANGES_SHOWN = 5


@dataclass(frozen=True)
class Card:
    """One entry of the index of settings."""

    title: object
    text: object
    url: str
    icon: str
    count: str = ""


class Settings(Screen):
    """All settings, each with what it is for."""

    right = Right.SETTINGS
    template_name = "settings/index.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        lists = settings_lists().values()
        active = {declared.name: declared.model._default_manager.filter(active=True) for declared in lists}
        found = counts({**active, "custom": CustomField.objects.filter(active=True)})
        cards = [Card(declared.title, declared.text, declared.url, declared.icon, count_text(found[declared.name])) for declared in lists]
        text = _("What you ask about clients and contacts beyond the built-in fields.")
        custom = Card(_("Custom fields"), text, reverse("settings:custom_fields"), "text-cursor-input", count_text(found["custom"]))
        return self.show(cards=[*cards, custom, *_work_cards()], people=_people_cards(request))


def _work_cards() -> list[Card]:
    """Return the pages about the times that jobs take."""
    times = _("By when requests and open jobs are taken up, unless a client has times of its own.")
    hours = _("When your branches are open: only then SLA times count.")
    return [
        Card(_("SLA times"), times, reverse("jobs:system_times"), "timer"),
        Card(_("Business hours"), hours, reverse("jobs:calendars"), "clock"),
    ]


def _people_cards(request: HttpRequest) -> list[Card]:
    """Return the pages about people that may sign in, as far as this person may open them."""
    declared = [
        (Right.STAFF, "staff:list", "shield-user", _("Staff users"), _("Who works here, and what each may do.")),
        (
            Right.PORTAL_RIGHTS,
            "access:portal_users",
            "user-round-key",
            _("Portal users"),
            _("Everybody who may sign in to the client portal."),
        ),
        (
            Right.SETTINGS,
            "access:default_rights",
            "shield-check",
            _("Default portal rights"),
            _("What the contacts of a client may do in the portal at most, until somebody chooses for that client."),
        ),
    ]
    found = []
    for right, name, icon, title, text in declared:
        try:
            url = reverse(name)
        except NoReverseMatch:
            continue
        if may(request.user, right):
            found.append(Card(title, text, url, icon))
    return found


@dataclass(frozen=True)
class Row:
    """One row of a settings list; `depth` counts the entries above it, `path` names them where they are not shown."""

    entry: Dictionary
    cells: list[object]
    depth: int = 0
    path: str = ""


class OfList(Screen):
    """A page of one settings list, which the address names."""

    right = Right.SETTINGS
    declared: SettingsList

    def setup(self, request: HttpRequest, *args, **kwargs) -> None:
        super().setup(request, *args, **kwargs)
        self.declared = list_named(kwargs["name"])

    def context(self, **more) -> dict[str, object]:
        return super().context(list=self.declared, back_url=self.declared.url, **more)

    def queryset(self) -> QuerySet:
        """Return all entries of the list."""
        return self.declared.model._default_manager.all()


class EntryList(OfList):
    """The entries in use in their order, trees indented, and beneath them the deactivated ones; three statements at most."""

    template_name = "settings/list.html"

    def get(self, request: HttpRequest, name: str) -> HttpResponse:
        entries = list(self.queryset())
        asked = " ".join(request.GET.get("q", "")[:200].replace("\x00", " ").split())
        wanted = search_key(asked).split()
        found = [entry for entry in entries if all(word in _searched(entry) for word in wanted)]
        names = paths(self.declared.model) if self.declared.is_tree and (wanted or any(not entry.active for entry in found)) else {}
        active = [entry for entry in found if entry.active]
        inactive = [entry for entry in found if not entry.active]
        ordered = walk(active) if self.declared.is_tree and not wanted else [(entry, 0) for entry in active]
        undo = next((entry for entry in inactive if str(entry.pk) == request.GET.get("deactivated")), None)
        return self.show(
            # Where the entry above is not shown, because it is deactivated or no match, the path says where an entry stands.
            rows=[self._row(entry, depth, {} if depth else names) for entry, depth in ordered[:MOST_SHOWN]],
            inactive=[self._row(entry, 0, names) for entry in inactive[:MOST_SHOWN]],
            left_out=len(ordered[MOST_SHOWN:]) + len(inactive[MOST_SHOWN:]),
            with_search=len(entries) >= SEARCH_FROM or bool(wanted),
            asked=asked,
            undo=undo,
            left_beneath=undo is not None and any(getattr(entry, "parent_id", None) == undo.pk for entry in active),
            moved=request.GET.get("moved", ""),
            moved_up=request.GET.get("way") == "up",
        )

    def _row(self, entry: Dictionary, depth: int, names: dict[int, str]) -> Row:
        cells: list[Cell] = [cell for _label, cell in self.declared.columns]
        return Row(entry, [cell(entry) for cell in cells], depth, names.get(entry.pk, ""))


def _searched(entry: Dictionary) -> str:
    return search_key(entry.name, getattr(entry, "code", "") or "")


class AddEntry(OfList, CreatePage):
    """A new entry of a settings list."""

    right = Right.SETTINGS
    template_name = "settings/add.html"

    def form(self, posted: QueryDict | None = None) -> DeskForm:
        return self.declared.form(posted)

    def done_url(self, record: Model) -> str:
        return self.declared.add_url if "another" in self.request.POST else f"{self.declared.url}#entry-{record.pk}"


class EditEntry(OfList, EditPage):
    """An entry of a settings list, refused when somebody saved it meanwhile."""

    right = Right.SETTINGS
    template_name = "settings/edit.html"

    def find(self, lock: bool = False) -> Model:
        if lock:
            lock_list(self.declared.model)
        return super().find()

    def form(self, posted: QueryDict | None = None) -> DeskForm:
        return self.declared.form(posted, instance=self.record)

    def done_url(self) -> str:
        return f"{self.declared.url}#entry-{self.record.pk}"

    def context(self, **more) -> dict[str, object]:
        entries = history.entries(history.changes_of(self.record)[:CHANGES_SHOWN], type(self.record))
        return EditPage.context(self, list=self.declared, entries=entries, with_logo=hasattr(self.record, "logo"), **more)


class DeleteEntry(OfList):
    """An entry that nothing refers to can go for good; any other stays, with the reason (XD18)."""

    template_name = "settings/delete.html"

    def find(self) -> Dictionary:
        """Return the entry of the address; unknown is 404."""
        return get_object_or_404(self.queryset(), pk=self.kwargs["pk"])

    def get(self, request: HttpRequest, name: str, pk: int) -> HttpResponse:
        entry = self.find()
        return self.show(record=entry, reason=entry.why_not_deleted)

    def post(self, request: HttpRequest, name: str, pk: int) -> HttpResponse:
        lock_list(self.declared.model)
        entry = self.find()
        reason = entry.why_not_deleted
        if not reason:
            words = str(entry)
            try:
                with transaction.atomic():
                    entry.delete()
            except (ProtectedError, IntegrityError):
                # Somebody chose it in this instant.
                entry = self.find()
                reason = entry.why_not_deleted or _("Somebody chose “%(entry)s” just now.") % {"entry": entry}
            else:
                messages.success(request, _("%(entry)s was deleted.") % {"entry": words})
                return HttpResponseRedirect(self.declared.url, status=303)
        return self.show(422, record=entry, reason=reason)


def _entry(name: str, pk: int) -> tuple[SettingsList, Dictionary]:
    declared = list_named(name)
    lock_list(declared.model)
    return declared, get_object_or_404(declared.model, pk=pk)


@needs(Right.SETTINGS)
@require_POST
def deactivate(request: HttpRequest, name: str, pk: int) -> HttpResponse:
    """Offer an entry no more; the list then offers the way back."""
    declared, entry = _entry(name, pk)
    try:
        if entry.active:
            entry.deactivate()
    except ValidationError as refusal:
        raise PermissionDenied(" ".join(refusal.messages)) from None
    return HttpResponseRedirect(f"{declared.url}?deactivated={entry.pk}", status=303)


@needs(Right.SETTINGS)
@require_POST
def restore(request: HttpRequest, name: str, pk: int) -> HttpResponse:
    """Offer a deactivated entry again."""
    declared, entry = _entry(name, pk)
    if not entry.active:
        entry.restore()
        messages.success(request, _("%(entry)s was restored.") % {"entry": entry})
    return HttpResponseRedirect(f"{declared.url}#entry-{entry.pk}", status=303)


@needs(Right.SETTINGS)
@require_POST
def move(request: HttpRequest, name: str, pk: int) -> HttpResponse:
    """Let an entry change places with its neighbour; `way` is up or down. The button that was pressed has the focus again."""
    declared, entry = _entry(name, pk)
    up = request.POST.get("way") == "up"
    if entry.active:
        entry.move(up=up)
    # No fragment: with one browsers leave the focus alone.
    return HttpResponseRedirect(f"{declared.url}?moved={entry.pk}&way={'up' if up else 'down'}", status=303)
