"""The pages of acts on many clients: what will happen, how far it is, what came of it, Undo (S1; design.md 5.8)."""

from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from clientdesk import work
from clientdesk.models import LongRun
from clientdesk.rights import Right, may, needs
from clientdesk.views import Screen, see_other, wants_part
from clients import bulk
from clients.bulk_forms import FORMS, TargetForm
from clients.consequences import Consequence, losing_access, lost_access_sentence
from clients.models import Client
from clients.picking import Selection

MOST_NAMES, MOST_LOOKED_AT = 20, 500
COLUMNS = {"branch": "branch", "category": "category", "inactive": "status"}


@dataclass(frozen=True)
class Named:
    """A few names, and how many more there are."""

    names: list[str]
    more: int


def named(records: list, total: int) -> Named:
    """Return the first names of `records`, of `total` in all."""
    return Named([str(record) for record in records[:MOST_NAMES]], max(total - MOST_NAMES, 0))


def list_url(query: str) -> str:
    """Return the address of the list with `query`."""
    return f"{reverse('clients:list')}?{query}"


class Bulk(Screen):
    """What an act on the selected clients will do, with names; sending it does it."""

    right = Right.CHANGE
    template_name = "clients/bulk_confirm.html"

    def setup(self, request: HttpRequest, *args, **kwargs) -> None:
        super().setup(request, *args, **kwargs)
        self.action = request.GET.get("action", "") if request.method != "POST" else request.POST.get("action", "")

    def refuse(self, selection: Selection) -> HttpResponse | None:
        """Return the answer to an act that does not exist or has nobody to meet. Raises PermissionDenied where it is not allowed."""
        if self.action in COLUMNS and not may(self.request.user, bulk.RIGHTS[COLUMNS[self.action]]):
            raise PermissionDenied(_("Your role “%(role)s” does not allow this.") % {"role": self.request.user.get_role_display()})
        if self.action in COLUMNS and selection.clients.exists():
            return None
        messages.info(self.request, _("Select at least one client, then choose what to do."))
        return see_other(self.request, list_url(selection.query))

    def get(self, request: HttpRequest) -> HttpResponse:
        selection = Selection.read(request.GET, request.user)
        return self.refuse(selection) or self.ask(selection, FORMS[self.action](request.user))

    def ask(self, selection: Selection, form: TargetForm, status: int = 200) -> HttpResponse:
        """Show how many clients are met, which ones, and who loses the portal."""
        clients = selection.clients
        count = clients.order_by().count()
        return self.show(
            status,
            form=form,
            action=self.action,
            count=count,
            heading=_heading(self.action, count),
            clients=named(list(clients.order_by("name_key").only("name")[:MOST_NAMES]), count),
            ignored=_ignored(selection, count),
            already=clients.filter(status=Client.Status.INACTIVE).order_by().count() if self.action == "inactive" else 0,
            lost=_lost(selection) if self.action == "inactive" else None,
            fields=[*selection.fields, ("action", self.action)],
            back_url=list_url(selection.query),
        )

    def post(self, request: HttpRequest) -> HttpResponse:
        selection = Selection.read(request.POST, request.user)
        if refusal := self.refuse(selection):
            return refusal
        form = FORMS[self.action](request.user, request.POST)
        if not form.is_valid():
            return self.ask(selection, form, 422)
        target = form.cleaned_data.get("target")
        value = Client.Status.INACTIVE.value if self.action == "inactive" else getattr(target, "pk", None)
        run = bulk.start(selection, COLUMNS[self.action], value)
        if run.is_open:
            return see_other(request, reverse("clients:bulk_run", args=[run.pk]))
        if run.done:
            messages.success(request, sentence(run), extra_tags=reverse("clients:bulk_undo", args=[run.pk]))
        else:
            messages.info(request, sentence(run))
        return see_other(request, list_url(selection.query))


def _heading(action: str, count: int) -> str:
    shown = {"count": number_format(count, force_grouping=True)}
    if action == "branch":
        return ngettext("Change the branch of %(count)s client", "Change the branch of %(count)s clients", count) % shown
    if action == "category":
        return ngettext("Change the category of %(count)s client", "Change the category of %(count)s clients", count) % shown
    return ngettext("Set %(count)s client inactive", "Set %(count)s clients inactive", count) % shown


def _ignored(selection: Selection, count: int) -> int:
    return len(selection.keys) - count if selection.keys is not None else 0


def _lost(selection: Selection) -> tuple[Consequence, Named] | None:
    """Return who would lose the portal: the sentence and the names. Beyond 500 clients with invited contacts it looks at the first 500."""
    invited = {"contacts__active": True, "contacts__access__allowed": True, "contacts__access__invited_at__isnull": False}
    keys = list(selection.clients.filter(**invited).order_by("pk").values_list("pk", flat=True).distinct()[:MOST_LOOKED_AT])
    contacts = losing_access(keys, Client.Status.INACTIVE) if keys else []
    if not contacts:
        return None
    sentence = lost_access_sentence(len(contacts))
    if len(keys) == MOST_LOOKED_AT:
        sentence = _("At least %(count)d contacts lose portal access:") % {"count": len(contacts)}
    return Consequence(sentence), named(contacts, len(contacts))


def sentence(run: LongRun) -> str:
    """Return what `run` did, in the past tense, or that nothing was to do."""
    order = bulk.order_of(run)
    if not run.done or order is None:
        return _("Nothing was changed.") if order and order.of else _("Nothing was changed: the selected clients are like that already.")
    shown = {"count": number_format(run.done, force_grouping=True), "target": "" if order.of else order.target}
    if order.of:
        return ngettext("%(count)s client is as it was before.", "%(count)s clients are as they were before.", run.done) % shown
    if order.column == "status":
        return ngettext("%(count)s client was set inactive.", "%(count)s clients were set inactive.", run.done) % shown
    if order.value is None:
        return ngettext("%(count)s client has no category now.", "%(count)s clients have no category now.", run.done) % shown
    moved = ngettext(
        "%(count)s client was moved to the branch “%(target)s”.", "%(count)s clients were moved to the branch “%(target)s”.", run.done
    )
    given = ngettext(
        "%(count)s client is in the category “%(target)s” now.", "%(count)s clients are in the category “%(target)s” now.", run.done
    )
    return (moved if order.column == "branch" else given) % shown


class BulkRun(Screen):
    """How far a large act is, and what came of it; the page may be left."""

    right = Right.CHANGE
    template_name = "clients/bulk_run.html"
    part = "progress"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        run = get_object_or_404(LongRun.objects.filter(owner=request.user, kind__in=(bulk.KIND, bulk.UNDO)), pk=pk)
        order = bulk.order_of(run)
        if wants_part(request) and not run.is_open:
            return see_other(request, request.path)
        left = bulk.stayed(run, MOST_NAMES + 1) if order and order.of and not run.is_open else []
        return self.show(
            run=run,
            order=order,
            done=number_format(run.done, force_grouping=True),
            total=number_format(run.total, force_grouping=True) if run.total is not None else "",
            sentence=sentence(run),
            left=named(left, len(left)),
            may_undo=order is not None and not order.of and not order.undone and run.done > 0 and not run.is_open,
            worker_notice=work.notice() if run.is_open else "",
            back_url=list_url(order.query) if order and order.query else reverse("clients:list"),
        )


@needs(Right.CHANGE)
@require_POST
def bulk_undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an act back as one unit; clients that somebody changed since stay as they are and are named."""
    runs = LongRun.objects.select_for_update().filter(owner=request.user, kind=bulk.KIND)
    run = get_object_or_404(runs, pk=pk)
    order = bulk.order_of(run)
    back = list_url(order.query if order and order.query else "view=all")
    if run.is_open or order is None:
        messages.info(request, _("This is still going on. Wait until it is done."))
        return see_other(request, reverse("clients:bulk_run", args=[run.pk]))
    if order.undone:
        messages.info(request, _("This was taken back already."))
        return see_other(request, back)
    if not may(request.user, bulk.RIGHTS[order.column]):
        raise PermissionDenied(_("Your role “%(role)s” does not allow this.") % {"role": request.user.get_role_display()})
    taking = bulk.undo(run, request.user)
    if taking.is_open:
        return see_other(request, reverse("clients:bulk_run", args=[taking.pk]))
    if taking.done:
        messages.success(request, sentence(taking))
    if left := bulk.stayed(taking, MOST_NAMES):
        names = ", ".join(f"“{client}”" for client in left)
        messages.warning(request, _("Changed since, and therefore left as they are: %(names)s.") % {"names": names})
    return see_other(request, back)
