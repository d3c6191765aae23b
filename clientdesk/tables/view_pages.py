"""Saved views and columns of a list: save, rename, overwrite, delete with Undo, choose columns (design.md S1)."""

from typing import ClassVar

from django.contrib import messages
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from clientdesk import list_memory, saved_views
from clientdesk.forms import DeskForm
from clientdesk.models import SavedView
from clientdesk.rights import Right, may
from clientdesk.saved_views import SavedViewForm
from clientdesk.tables.shape import Table
from clientdesk.views import CreatePage, EditPage, Screen, see_other, way_back

_SALT, _UNDO_SECONDS = "clientdesk.tables.view_pages.deleted", 24 * 3600


def _is_key(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 19


class SaveView(CreatePage):
    """The present filters, order and columns under a name; the address carries them."""

    right = Right.VIEW
    form_class = SavedViewForm
    template_name = "tables/view_save.html"
    table: ClassVar[Table]

    def context(self, **more) -> dict[str, object]:
        return super().context(table=self.table, list_url=self.table.list_url(), **more)

    def form(self, posted: QueryDict | None = None) -> DeskForm:
        user, page = self.request.user, self.table.page
        memory = list_memory.recall(user, page)
        query = self.table.canonical(self.request.META["QUERY_STRING"], user)
        opened = self.request.GET.get("saved", "")
        opened = saved_views.seen_by(user, page).filter(pk=opened).first() if _is_key(opened) else None
        view = SavedView(page=page, owner=user, query=query, columns=self.table.columns.chosen_by(memory, opened).names)
        return SavedViewForm(posted, instance=view, by=user)

    def done_url(self, record: Model) -> str:
        return self.table.list_url(urlencode({"saved": record.pk}))

    def done_sentence(self, record: Model) -> str:
        return _("The view “%(view)s” was saved.") % {"view": record}


class RenameView(EditPage):
    """Another name for a view; who may share says whether all staff see it."""

    right = Right.VIEW
    form_class = SavedViewForm
    template_name = "tables/view_rename.html"
    table: ClassVar[Table]

    def context(self, **more) -> dict[str, object]:
        return super().context(table=self.table, list_url=self.table.list_url(), **more)

    def queryset(self) -> QuerySet:
        return saved_views.changeable_by(self.request.user, self.table.page)

    def form(self, posted: QueryDict | None = None) -> DeskForm:
        return SavedViewForm(posted, instance=self.record, by=self.request.user)

    def done_url(self) -> str:
        return self.table.list_url(urlencode({"saved": self.record.pk}))


class _OnView(Screen):
    """A press on a saved view."""

    right = Right.VIEW
    table: ClassVar[Table]

    def view_of(self, pk: int) -> SavedView:
        """Return the view `pk`, its row locked. Raises Http404 for one that the person may not change."""
        views = saved_views.changeable_by(self.request.user, self.table.page)
        return get_object_or_404(views.select_for_update(of=("self",)), pk=pk)

    def salt(self) -> str:
        """Return what makes the notice of a deleted view worth nothing to others and in other lists."""
        return f"{_SALT}.{self.table.page}.{self.request.user.pk}"

    def opened(self, view: SavedView) -> HttpResponse:
        """Return to the list as `view` shows it."""
        return see_other(self.request, self.table.list_url(urlencode({"saved": view.pk})))


class OverwriteView(_OnView):
    """Let a view keep the filters, order and columns that are shown now; refused when somebody saved the view meanwhile (V31)."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        view = self.view_of(pk)
        if not saved_views.may_publish(request.user, view):
            sentence = _("Your role “%(role)s” does not change what all staff see. Save a view of your own.")
            raise PermissionDenied(sentence % {"role": request.user.get_role_display()})
        query = self.table.canonical(request.POST.get("query", ""), request.user)
        if request.POST.get("version") != str(view.version):
            return self._conflict(view, query)
        view.query = query
        view.save()
        messages.success(request, _("The view “%(view)s” was saved.") % {"view": view})
        return self.opened(view)

    def _conflict(self, view: SavedView, query: str) -> HttpResponse:
        urls = {"mine_url": self.table.list_url(query), "theirs_url": self.table.list_url(urlencode({"saved": view.pk}))}
        overwrite_url = self.table.url("overwrite_view", view.pk)
        shown = {"view": view, "query": query, "overwrite_url": overwrite_url} | urls
        return render(self.request, "tables/view_conflict.html", shown, status=409)


class DeleteView(_OnView):
    """Delete a view at once; the notice offers to take that back."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        view = self.view_of(pk)
        kept = {name: getattr(view, name) for name in ("name", "query", "columns", "shared", "owner_id")}
        view.delete()
        signed = signing.dumps(kept, salt=self.salt(), compress=True)
        undo = f"{self.table.url('restore_view')}?{urlencode({'view': signed})}"
        messages.success(request, _("The view “%(view)s” was deleted.") % {"view": view}, extra_tags=undo)
        return see_other(request, self.table.list_url(f"view={next(iter(self.table.spec.views))}"))


class RestoreView(_OnView):
    """Bring back a view that the person deleted within the last day, from what the notice carries; one that took its name meanwhile
    stays."""

    def post(self, request: HttpRequest) -> HttpResponse:
        start = self.table.list_url(f"view={next(iter(self.table.spec.views))}")
        try:
            kept = signing.loads(request.GET.get("view", ""), salt=self.salt(), max_age=_UNDO_SECONDS)
            kept["shared"] = kept["shared"] and may(request.user, Right.SHARE_VIEWS)
            with transaction.atomic():
                view = SavedView.objects.create(page=self.table.page, **kept)
        except signing.BadSignature:
            messages.error(request, _("This view cannot be brought back any more. Save it again."))
            return see_other(request, start)
        except IntegrityError:
            messages.error(request, _("A view of this name is there already."))
            return see_other(request, start)
        messages.success(request, _("The view “%(view)s” is back.") % {"view": view})
        return self.opened(view)


class ChooseColumns(_OnView):
    """Show the chosen columns from now on: in one's own open view as part of the view, else in the list for this person (S1)."""

    def post(self, request: HttpRequest) -> HttpResponse:
        page = self.table.page
        wanted = [] if "standard" in request.POST else request.POST.getlist("column")
        names = self.table.columns(wanted).names
        back = way_back(request, self.table.list_url())
        if wanted and not names:
            messages.error(request, _("Choose at least one column."))
            return see_other(request, back)
        saved = request.POST.get("saved", "")
        view = saved_views.seen_by(request.user, page).filter(pk=saved).first() if _is_key(saved) else None
        if view and saved_views.may_publish(request.user, view):
            view = self.view_of(view.pk)
            view.columns = names
            view.save()
            return see_other(request, back)
        list_memory.keep_columns(list_memory.recall(request.user, page), names)
        return see_other(request, _without_view(back) if view and view.columns else back)


def _without_view(address: str) -> str:
    """Return `address` without the open view, whose own columns would hide the chosen ones."""
    path, _mark, text = address.partition("?")
    query = QueryDict(text, mutable=True)
    query.pop("saved", None)
    return f"{path}?{query.urlencode()}"
