"""The shapes of staff pages: a list, a record, a form that adds, a form that changes. A page is a class with a few attributes.

Answers: a valid POST 303, an invalid one 422 with the whole page, a stale one 409 with both values, not yours or unknown 404.
"""

from typing import ClassVar

from auditlog.registry import auditlog
from django.contrib import messages
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404, render
from django.utils.cache import patch_vary_headers
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.generic import View

from clientdesk import history, list_memory, saved_views
from clientdesk.forms import DeskForm
from clientdesk.lists import TAB_LIMIT, Listing, ListSpec, count_text, counts
from clientdesk.models import ListMemory, SavedView
from clientdesk.rights import Right
from clientdesk.search_form import Memo


def wants_part(request: HttpRequest) -> bool:
    """Say whether htmx asks for a part of the page; a restored history entry needs the whole."""
    return bool(request.htmx) and not request.htmx.history_restore_request


def see_other(request: HttpRequest, url: str) -> HttpResponse:
    """Return the redirect after a POST: 303, or for a form sent by script 204 with the address to go to."""
    if wants_part(request):
        return HttpResponse(status=204, headers={"HX-Redirect": url})
    return HttpResponseRedirect(url, status=303)


def way_back(request: HttpRequest, default: str) -> str:
    """Return the address of ours that the form names as `next`, else `default`; never another host's."""
    return ours(request.POST.get("next", ""), default)


def ours(address: str, default: str) -> str:
    """Return `address` where it leads to a page of ours, else `default`: what a visitor brings along may lead anywhere."""
    return address if address.startswith("/") and url_has_allowed_host_and_scheme(address, allowed_hosts=None) else default


class Screen(View):
    """One page of the back office: the right it needs, its template, and for htmx the name of the part that changes."""

    right: ClassVar[Right] = Right.VIEW
    template_name: ClassVar[str]
    part: ClassVar[str] = ""

    def context(self, **more) -> dict[str, object]:
        """Return what every answer of this page shows; pages add to it."""
        return more

    def show(self, status: int = 200, **context) -> HttpResponse:
        """Render the page, or its part for htmx."""
        name = f"{self.template_name}#{self.part}" if self.part and wants_part(self.request) else self.template_name
        response = render(self.request, name, self.context(**context), status=status)
        if self.part:
            patch_vary_headers(response, ["HX-Request"])
        return response


class ListPage(Screen):
    """A list of records: rows in one statement, all counts in another.

    A list whose spec names a `page` remembers where each person was: its bare address leads back there. It also shows the views
    that the person may open; `?saved=7` alone shows what that view keeps, with more in the address it is a changed view.
    """

    spec: ClassVar[ListSpec]
    # What may stand beside `saved` in the address without making it another view.
    not_filters: ClassVar[frozenset[str]] = frozenset({"saved", "after", "before"})
    part = "results"
    memory: ListMemory | None = None
    saved: SavedView | None = None
    memo: Memo

    def queryset(self) -> QuerySet:
        """Return every record that this list may show, without what only rows need."""
        return self.spec.model.objects.all()

    def with_details(self, queryset: QuerySet) -> QuerySet:
        """Return `queryset` with what a row shows beside the record's own columns."""
        return queryset

    def count_sentence(self, count: int, text: str) -> str:
        """Return the line at the foot of the list, such as “1,238 clients”."""
        raise NotImplementedError

    def arrange(self, listing: Listing) -> None:
        """Fit `listing` to the reader before anything is read, such as its columns."""

    def get(self, request: HttpRequest, **place: object) -> HttpResponse:
        memo = self.memo = Memo(at_once=True)
        saved = list(saved_views.seen_by(request.user, self.spec.page)) if self.spec.page else []
        if self.spec.page:
            self.memory = list_memory.recall(request.user, self.spec.page)
            if not request.META["QUERY_STRING"] and (start := list_memory.start_of(self.memory, saved)):
                return HttpResponseRedirect(f"{request.path}?{start}")
        listing = self.read(saved, memo)
        base = self.queryset()
        tabs = {name: narrow(base, {}) for name, (_label, narrow) in self.spec.views.items()}
        for view in saved[: saved_views.MOST_COUNTED]:
            tabs[f"saved {view.pk}"] = self.spec.read(QueryDict(view.query), reader=request.user, memo=memo).narrowed(base)
        found = counts({} if listing.is_hard else {"": listing.narrowed(base)}, tabs)
        self.arrange(listing)
        count = self._fill(listing, base, found.get(""))
        listing.count_text = self.count_sentence(count, count_text(count))
        if self.memory:
            list_memory.keep_place(self.memory, listing.place)
        views = listing.tabs(found) + [self._tab(view, found.get(f"saved {view.pk}")) for view in saved]
        shown = {"listing": listing, "page": listing, "rows": listing.rows, "views": views, "saved": self.saved}
        return self.show(**shown | self.list_context(listing))

    def _fill(self, listing: Listing, base: QuerySet, count: int | None) -> int:
        """Read the page; return how many records the list has. `count` is that of a list that an index has in order."""
        if count is None:
            found = listing.find(base)
            count, records = found.count, base.filter(pk__in=found.keys) if found.keys else base.none()
        else:
            records = listing.narrowed(base)
        listing.fill(self.with_details(records))
        return count if listing.previous_url or listing.next_url else len(listing.rows)

    def read(self, saved: list[SavedView], memo: Memo) -> Listing:
        """Return the list that the address asks for; `saved` are the views that the person may open. Raises Http404 for another."""
        params = self.request.GET
        if self.spec.page and (wanted := params.get("saved", "")):
            self.saved = next((view for view in saved if str(view.pk) == wanted), None)
            if self.saved is None:
                raise Http404
            if not set(params) - self.not_filters:
                params = QueryDict(self.saved.query, mutable=True)
                params.update(self.request.GET)
        listing = self.spec.read(params, reader=self.request.user, memo=memo)
        listing.saved = str(self.saved.pk) if self.saved else ""
        return listing

    def _tab(self, view: SavedView, count: int | None) -> dict[str, object]:
        said = "" if count is None else count_text(count, TAB_LIMIT)
        return {"label": view.name, "url": f"?saved={view.pk}", "current": view == self.saved, "count": said, "saved": view}

    def list_context(self, listing: Listing) -> dict[str, object]:
        """Return what the page shows beside the list."""
        return {}


class CreatePage(Screen):
    """A form that adds a record."""

    right = Right.ADD
    form_class: ClassVar[type[DeskForm]]

    def form(self, posted: QueryDict | None = None) -> DeskForm:
        """Return the form, bound to `posted` where given."""
        return self.form_class(posted)

    def done_url(self, record: Model) -> str:
        """Return where a saved record leads."""
        return record.get_absolute_url()

    def done_sentence(self, record: Model) -> str:
        """Return the sentence of success."""
        return _("%(record)s was added.") % {"record": record}

    def get(self, request: HttpRequest, **kwargs) -> HttpResponse:
        return self.show(form=self.form())

    def post(self, request: HttpRequest, **kwargs) -> HttpResponse:
        form = self.form(request.POST)
        form.user = request.user  # ty: ignore[invalid-assignment]
        if not form.is_valid() or (record := form.save_or_refuse(by=request.user)) is None:
            return self.show(422, form=form)
        messages.success(request, self.done_sentence(record))
        return see_other(request, self.done_url(record))


class EditPage(Screen):
    """A form that changes a record, or says that somebody changed it since."""

    right = Right.CHANGE
    form_class: ClassVar[type[DeskForm]]
    conflict_template: ClassVar[str] = "clientdesk_pages/conflict.html"
    record: Model

    def queryset(self) -> QuerySet:
        """Return the records that this page may change."""
        raise NotImplementedError

    def find(self, lock: bool = False) -> Model:
        """Return the record of the address, its row locked where `lock` is set; unknown is 404."""
        queryset = self.queryset()
        return get_object_or_404(queryset.select_for_update(of=("self",)) if lock else queryset, pk=self.kwargs["pk"])

    def form(self, posted: QueryDict | None = None) -> DeskForm:
        """Return the form over `self.record`, bound to `posted` where given."""
        return self.form_class(posted, instance=self.record)

    def done_url(self) -> str:
        """Return where a saved record leads."""
        return self.record.get_absolute_url()

    def edit_url(self) -> str:
        """Return the address of this form, for whoever takes the saved values in a conflict."""
        return self.request.path

    def context(self, **more) -> dict[str, object]:
        return super().context(record=self.record, back_url=self.done_url(), **more)

    def get(self, request: HttpRequest, **kwargs) -> HttpResponse:
        self.record = self.find()
        return self.show(form=self.form())

    def post(self, request: HttpRequest, **kwargs) -> HttpResponse:
        self.record = self.find(lock=True)
        form = self.form(request.POST)
        form.user = request.user  # ty: ignore[invalid-assignment]
        if form.is_stale:
            return self._conflict(form)
        if not form.is_valid():
            return self._again(form)
        if not form.has_changed():
            messages.info(request, _("Nothing was changed."))
            return see_other(request, self.done_url())
        if form.save_or_refuse(by=request.user) is None:
            return self._again(form)
        messages.success(request, self.saved_sentence())
        return see_other(request, self.done_url())

    def saved_sentence(self) -> str:
        """Return what the person reads once the record is saved."""
        return _("%(record)s was saved.") % {"record": self.record}

    def _again(self, form: DeskForm) -> HttpResponse:
        # Validation wrote the refused values into the record; the page's head shows the saved ones.
        self.record = self.find()
        return self.show(422, form=form)

    def _conflict(self, form: DeskForm) -> HttpResponse:
        merged = self.form(form.merged())
        kept = auditlog.contains(type(self.record))
        last = history.entries(history.changes_of(self.record)[:1], type(self.record)) if kept else []
        context = self.context(
            last=last[0] if last else None,
            rows=form.versus(),
            keep=[bound.as_hidden() for bound in merged if not bound.field.disabled],
            edit_url=self.edit_url(),
        )
        return render(self.request, self.conflict_template, context, status=409)
