"""The history of a client: every change, the record as of a date, and taking a change back."""

from dataclasses import replace
from datetime import date

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clientdesk import history
from clientdesk.consequences import Consequence, fingerprint
from clientdesk.history import undo
from clientdesk.history.asof import end_of
from clientdesk.lists import Listing, ListSpec, Sort
from clientdesk.models import Change
from clientdesk.rights import Right, may
from clientdesk.views import ListPage, Screen, see_other
from clients import consequences
from clients.history_filter import HistoryFilter, change_of, day_in, filter_of
from clients.models import Category, Client
from clients.pages import url_while_seen
from clients.parted import hidden_merges, last_own, told
from clients.profile import client_of, profile

# Beside the right to change: taking such a field back is the gesture that these rights allow.
RIGHTS_OF_FIELDS = {"status": Right.DEACTIVATE, "company_type": Right.CHANGE_TYPE}
_HISTORY = ListSpec(model=Change, sorts=(Sort("age", ("id",), "change_by_record", down=True),), form=HistoryFilter)


class ClientHistory(ListPage):
    """S3, History: every change of the client and of what hangs on it, filtered by field, person and days."""

    template_name = "clients/client_history.html"
    spec = _HISTORY
    client: Client

    def get(self, request: HttpRequest, **place: object) -> HttpResponse:
        self.client = client_of(self.kwargs["pk"], request.user)
        # A list of its own for each client: who changed something is among its filters.
        self.spec = replace(_HISTORY, form=filter_of(self.client))  # ty: ignore[invalid-attribute-access]
        return super().get(request)

    def queryset(self) -> QuerySet:
        return told(history.whole_history_of(self.client), hidden_merges(self.client, self.request.user))

    def count_sentence(self, count: int, text: str) -> str:
        return ngettext("%(count)s change", "%(count)s changes", count) % {"count": text}

    def list_context(self, listing: Listing) -> dict[str, object]:
        shown = history.entries(listing.rows, Client, self.undoable)
        return profile(self.client, "history") | {"entries": shown, "today": timezone.localdate(), "limits": listing.form.chosen}

    def undoable(self, change: Change) -> bool:
        """Say whether Undo is offered for `change` to who looks."""
        return not missing_rights(self.request, change) and undo.is_open(self.client, change)


class ClientAsOf(Screen):
    """The client as it stood at the end of a day, and what is different today."""

    template_name = "clients/client_as_of.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        client = client_of(pk, request.user)
        wanted, today = request.GET.get("on", ""), timezone.localdate()
        day = day_in(wanted) if wanted else today
        if day is None or not date(1900, 1, 1) <= day <= today:
            sentence = _("“%(text)s” is no day of the past. Choose a day up to today.") % {"text": wanted[:40]}
            return self.show(422, **profile(client, "history"), today=today, wanted="", refused=sentence)
        return self.show(**profile(client, "history"), today=today, wanted=day.isoformat(), past=self.past(client, day))

    def past(self, client: Client, day: date) -> history.Past:
        """Return `client` at the end of `day`; of a time with a client that the person may not see, as it was before."""
        return history.as_of(client, day, last_own(end_of(day), hidden_merges(client, self.request.user)))


class UndoChange(Screen):
    """Take one change back: what it changed, what it will be again; refused with the reason where something later depends on it."""

    right = Right.CHANGE
    template_name = "clients/client_undo_change.html"
    client: Client
    change: Change

    def find(self, lock: bool) -> None:
        """Find client and change of the address, the client locked where `lock` is set; unknown is 404, no right 403."""
        self.client = client_of(self.kwargs["pk"], self.request.user)
        if lock:
            Client.objects.select_for_update(of=("self",)).get(pk=self.client.pk)
            self.client = client_of(self.client.pk, self.request.user)
        found = change_of(self.client, self.kwargs["change_pk"], self.request.user)
        if found is None:
            raise Http404
        self.change = found
        if not self._may_give_category():
            raise PermissionDenied(_("You cannot give a client the category that it had before this change. Ask a colleague who can."))
        if lacking := missing_rights(self.request, found):
            sentence = _("Your role “%(role)s” may not change the field “%(field)s”. Ask a colleague whose role allows it.")
            label = str(Client._meta.get_field(lacking[0]).verbose_name)
            raise PermissionDenied(sentence % {"role": self.request.user.get_role_display(), "field": label})

    def _may_give_category(self) -> bool:
        """SD4: the form offers a category only to who may use it; Undo is no way around that."""
        key = (self.change.changes or {}).get("category", [None])[0]
        category = Category.objects.filter(pk=key).first() if key else None
        return category is None or category.may_be_used_by(self.request.user)

    def get(self, request: HttpRequest, **place: int) -> HttpResponse:
        self.find(lock=False)
        return self.page()

    def post(self, request: HttpRequest, **place: int) -> HttpResponse:
        self.find(lock=True)
        if undo.obstacle(self.client, self.change):
            return self.page(422)
        if request.POST.get("version", "") != str(self.client.version):
            return self.page(409, stale=True)
        if (found := self.consequences()) and request.POST.get("confirmed") != fingerprint(found):
            return self.page(422, unconfirmed=True)
        try:
            undo.take_back(self.client, self.change)
        except ValidationError as error:
            sentences = error.messages
            self.client = client_of(self.client.pk, request.user)
            return self.page(422, sentences=sentences)
        messages.success(request, _("The change was taken back."))
        return see_other(request, url_while_seen(request, self.client, "clients:history"))

    def consequences(self) -> list[Consequence]:
        """Return what else happens when the change is taken back."""
        return consequences.of_undo(self.client, self.change, self.request.user)

    def page(self, status: int = 200, **more: object) -> HttpResponse:
        """Show what the change did, and why it stays where it cannot be taken back."""
        entry = history.entries([self.change], Client)[0]
        obstacle = undo.obstacle(self.client, self.change)
        found = [] if obstacle else self.consequences()
        more |= {"entry": entry, "obstacle": obstacle, "consequences": found, "fingerprint": fingerprint(found)}
        return self.show(status, **profile(self.client, "history"), **more)


def missing_rights(request: HttpRequest, change: Change) -> list[str]:
    """Return the fields of `change` that who asks may not change; without the right to change a client, all."""
    names = list(change.changes or {})
    if not may(request.user, Right.CHANGE):
        return names
    return [name for name in names if name in RIGHTS_OF_FIELDS and not may(request.user, RIGHTS_OF_FIELDS[name])]
