"""The pages of acts on many records: what will happen, how far it is, what came of it, Undo (S1; design.md 5.8)."""

from dataclasses import dataclass
from typing import ClassVar

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from clientdesk import work
from clientdesk.consequences import fingerprint
from clientdesk.models import LongRun, User
from clientdesk.rights import Right, may
from clientdesk.tables.bulk import Acts, Order, order_of
from clientdesk.tables.picking import Selection
from clientdesk.tables.shape import Table
from clientdesk.views import Screen, see_other, wants_part

MOST_NAMES = 20


@dataclass(frozen=True)
class Named:
    """A few names, and how many more there are."""

    names: list[str]
    more: int


def named(records: list, total: int) -> Named:
    """Return the first names of `records`, of `total` in all."""
    return Named([str(record) for record in records[:MOST_NAMES]], max(total - MOST_NAMES, 0))


class TargetForm(forms.Form):
    """The one thing that all selected records get; `target` is its cleaned record or value, or None."""

    target: forms.Field

    def __init__(self, user: User, posted=None) -> None:
        super().__init__(posted, label_suffix="")
        self.fit(user)

    def fit(self, user: User) -> None:
        """Offer what `user` may give."""


class NoTarget(TargetForm):
    """Nothing is asked: the act says it all."""


@dataclass(frozen=True)
class Action:
    """One act as the bar offers it: the column, the form that asks for the value, or the `value` that it gives; `button` says it."""

    column: str
    button: object
    form: type[TargetForm] = NoTarget
    value: int | str | bool | None = None


class TablePart(Screen):
    """A page about acts on the records of a table."""

    right = Right.CHANGE
    acts: ClassVar[Acts]

    @property
    def table(self) -> Table:
        """The list."""
        return self.acts.table

    def forbid(self, column: str) -> None:
        """Raise PermissionDenied where the person may not change `column` of many."""
        if not may(self.request.user, self.acts.rights[column]):
            raise PermissionDenied(_("Your role “%(role)s” does not allow this.") % {"role": self.request.user.get_role_display()})


class Bulk(TablePart):
    """What an act on the selected records will do, with names; sending it does it."""

    actions: ClassVar[dict[str, Action]]
    nothing_picked: ClassVar[str | Promise]

    def setup(self, request: HttpRequest, *args, **kwargs) -> None:
        super().setup(request, *args, **kwargs)
        name = request.GET.get("action", "") if request.method != "POST" else request.POST.get("action", "")
        self.name, self.action = name, self.actions.get(name)

    def refuse(self, selection: Selection) -> HttpResponse | None:
        """Return the answer to an act that does not exist or has nobody to meet. Raises PermissionDenied where it is not allowed."""
        if self.action:
            self.forbid(self.action.column)
            if selection.records.exists():
                return None
        messages.info(self.request, self.nothing_picked)
        return see_other(self.request, self.table.list_url(selection.query))

    def get(self, request: HttpRequest) -> HttpResponse:
        selection = Selection.read(self.table, request.GET, request.user)
        return self.refuse(selection) or self.ask(selection, self.action.form(request.user))

    def heading(self, count: int) -> str:
        """Return what happens to how many, such as “Set 3 clients inactive”."""
        raise NotImplementedError

    def said_before(self, selection: Selection) -> dict[str, object]:
        """Return what else the page says before: such as who loses the portal."""
        return {}

    def foreseen(self, selection: Selection, value: object) -> dict[str, object]:
        """Return what the person must see first where all get `value`, beyond what can be said before it is chosen; nothing is saved."""
        return {}

    def ask(self, selection: Selection, form: TargetForm, status: int = 200, **more: object) -> HttpResponse:
        """Show how many records are met, which ones, and what else will happen."""
        records = selection.records
        count = records.order_by().count()
        first = records.order_by(*self.table.spec.sorts[0].columns).only(*self.acts.reads)[:MOST_NAMES]
        return self.show(
            status,
            form=form,
            action=self.name,
            button=self.action.button,
            count=count,
            heading=self.heading(count),
            records=named(list(first), count),
            ignored=len(selection.keys) - count if selection.keys is not None else 0,
            fields=[*selection.fields, ("action", self.name)],
            table=self.table,
            bulk_url=self.table.url("bulk"),
            back_url=self.table.list_url(selection.query),
            **self.said_before(selection),
            **more,
        )

    def post(self, request: HttpRequest) -> HttpResponse:
        selection = Selection.read(self.table, request.POST, request.user)
        if refusal := self.refuse(selection):
            return refusal
        form = self.action.form(request.user, request.POST)
        if not form.is_valid():
            return self.ask(selection, form, 422)
        target = form.cleaned_data.get("target")
        value = self.action.value if self.action.form is NoTarget else getattr(target, "pk", target)
        # What was seen counts for the value that it was said of.
        if request.POST.get("seen") != str(value) and (told := self.foreseen(selection, value)):
            return self.ask(selection, form, seen=value, **told)
        run = self.acts.start(selection, self.action.column, value)
        if run.is_open:
            return see_other(request, self.table.url("bulk_run", run.pk))
        if run.done:
            undo = "" if self.action.column in self.acts.lasting else self.table.url("bulk_undo", run.pk)
            messages.success(request, self.acts.sentence(run), extra_tags=undo)
        else:
            messages.info(request, self.acts.sentence(run))
        return see_other(request, self.table.list_url(selection.query))


class BulkRun(TablePart):
    """How far a large act is, and what came of it; the page may be left."""

    template_name = "tables/bulk_run.html"
    part = "progress"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        kinds = (self.acts.kind, self.acts.undo_kind)
        run = get_object_or_404(LongRun.objects.filter(owner=request.user, kind__in=kinds), pk=pk)
        order = order_of(run)
        if wants_part(request) and not run.is_open:
            return see_other(request, request.path)
        left = self.acts.stayed(run, MOST_NAMES + 1) if order and order.of and not run.is_open else []
        return self.show(
            run=run,
            order=order,
            table=self.table,
            names=self.table.names,
            done=number_format(run.done, force_grouping=True),
            total=number_format(run.total, force_grouping=True) if run.total is not None else "",
            sentence=self.acts.sentence(run),
            left=named(left, len(left)),
            may_undo=order is not None and not self._stays(order) and run.done > 0 and not run.is_open,
            worker_notice=work.notice() if run.is_open else "",
            back_url=self.table.list_url(order.query if order else ""),
        )

    def _stays(self, order: Order) -> bool:
        return bool(order.of or order.undone or order.column in self.acts.lasting)


class BulkUndo(TablePart):
    """Take an act back as one unit; records that somebody changed since stay as they are and are named. Where others lose or get
    something by it, that is said and asked first."""

    template_name = "tables/bulk_undo.html"

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        runs = LongRun.objects.select_for_update().filter(owner=request.user, kind=self.acts.kind)
        run = get_object_or_404(runs, pk=pk)
        order = order_of(run)
        if order and order.column in self.acts.lasting:
            raise Http404
        if run.is_open or order is None:
            messages.info(request, _("This is still going on. Wait until it is done."))
            return see_other(request, self.table.url("bulk_run", run.pk))
        return self._take_back(run, order)

    def _take_back(self, run: LongRun, order: Order) -> HttpResponse:
        back = self.table.list_url(order.query or f"view={next(iter(self.table.spec.views))}")
        if order.undone:
            messages.info(self.request, _("This was taken back already."))
            return see_other(self.request, back)
        self.forbid(order.column)
        found = self.acts.undo_means(run, self.request.user)
        if found and self.request.POST.get("confirmed") != fingerprint(found):
            shown = {"run": run, "sentence": self.acts.sentence(run), "table": self.table, "names": self.table.names, "back_url": back}
            return self.show(**shown, consequences=found, fingerprint=fingerprint(found))
        taking = self.acts.undo(run, self.request.user)
        if taking.is_open:
            return see_other(self.request, self.table.url("bulk_run", taking.pk))
        if taking.done:
            messages.success(self.request, self.acts.sentence(taking))
        if left := self.acts.stayed(taking, MOST_NAMES):
            names = ", ".join(f"“{record}”" for record in left)
            messages.warning(self.request, _("Changed since, and therefore left as they are: %(names)s.") % {"names": names})
        return see_other(self.request, back)
