"""Saved views and columns of the clients list: save, rename, overwrite, delete with Undo, choose columns (design.md S1)."""

from django.contrib import messages
from django.core import signing
from django.db import IntegrityError, transaction
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from clientdesk import list_memory, saved_views
from clientdesk.forms import DeskForm
from clientdesk.models import SavedView, User
from clientdesk.rights import Right, needs
from clientdesk.saved_views import SavedViewForm
from clientdesk.search_form import Memo
from clientdesk.views import CreatePage, EditPage, see_other, way_back
from clients.columns import Columns, columns_for
from clients.listing import CLIENTS

PAGE = CLIENTS.page
_SALT, _UNDO_SECONDS = "clients.view_pages.deleted", 24 * 3600


def list_url(query: str = "") -> str:
    """Return the address of the list with `query`."""
    return f"{reverse('clients:list')}?{query}" if query else reverse("clients:list")


def canonical(query: str, user: User, memo: Memo | None = None) -> str:
    """Return `query` as a view keeps it: only what the list knows, in one form. A `memo` spares asking for choices again."""
    return CLIENTS.read(QueryDict(query), reader=user, memo=memo or Memo()).query


def _is_key(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 19


class SaveView(CreatePage):
    """The present filters, order and columns under a name; the address carries them."""

    right = Right.VIEW
    form_class = SavedViewForm
    template_name = "clients/view_save.html"

    def form(self, posted: QueryDict | None = None) -> DeskForm:
        user = self.request.user
        memory = list_memory.recall(user, PAGE)
        query = canonical(self.request.META["QUERY_STRING"], user)
        opened = self.request.GET.get("saved", "")
        opened = saved_views.seen_by(user, PAGE).filter(pk=opened).first() if _is_key(opened) else None
        view = SavedView(page=PAGE, owner=user, query=query, columns=columns_for(memory, opened).names)
        return SavedViewForm(posted, instance=view, by=user)

    def done_url(self, record: Model) -> str:
        return list_url(urlencode({"saved": record.pk}))

    def done_sentence(self, record: Model) -> str:
        return _("The view “%(view)s” was saved.") % {"view": record}


class RenameView(EditPage):
    """Another name for a view; who may share says whether all staff see it."""

    right = Right.VIEW
    form_class = SavedViewForm
    template_name = "clients/view_rename.html"

    def queryset(self) -> QuerySet:
        return saved_views.changeable_by(self.request.user, PAGE)

    def form(self, posted: QueryDict | None = None) -> DeskForm:
        return SavedViewForm(posted, instance=self.record, by=self.request.user)

    def done_url(self) -> str:
        return list_url(urlencode({"saved": self.record.pk}))


def _view_of(request: HttpRequest, pk: int) -> SavedView:
    views = saved_views.changeable_by(request.user, PAGE)
    return get_object_or_404(views.select_for_update(of=("self",)), pk=pk)


@needs(Right.VIEW)
@require_POST
def overwrite_view(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a view keep the filters, order and columns that are shown now; refused when somebody saved the view meanwhile (V31)."""
    view = _view_of(request, pk)
    query = canonical(request.POST.get("query", ""), request.user)
    if request.POST.get("version") != str(view.version):
        return _conflict(request, view, query)
    view.query = query
    view.save()
    messages.success(request, _("The view “%(view)s” was saved.") % {"view": view})
    return see_other(request, list_url(urlencode({"saved": view.pk})))


def _conflict(request: HttpRequest, view: SavedView, query: str) -> HttpResponse:
    shown = {"view": view, "query": query, "mine_url": list_url(query), "theirs_url": list_url(urlencode({"saved": view.pk}))}
    return render(request, "clients/view_conflict.html", shown, status=409)


@needs(Right.VIEW)
@require_POST
def delete_view(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete a view at once; the notice offers to take that back."""
    view = _view_of(request, pk)
    kept = {name: getattr(view, name) for name in ("name", "query", "columns", "shared", "owner_id")}
    view.delete()
    undo = (
        reverse("clients:restore_view") + "?" + urlencode({"view": signing.dumps(kept, salt=f"{_SALT}.{request.user.pk}", compress=True)})
    )
    messages.success(request, _("The view “%(view)s” was deleted.") % {"view": view}, extra_tags=undo)
    return see_other(request, list_url("view=all"))


@needs(Right.VIEW)
@require_POST
def restore_view(request: HttpRequest) -> HttpResponse:
    """Bring back a view that the person deleted within the last day, from what the notice carries; one that took its name meanwhile
    stays."""
    try:
        kept = signing.loads(request.GET.get("view", ""), salt=f"{_SALT}.{request.user.pk}", max_age=_UNDO_SECONDS)
        with transaction.atomic():
            view = SavedView.objects.create(page=PAGE, **kept)
    except signing.BadSignature:
        messages.error(request, _("This view cannot be brought back any more. Save it again."))
        return see_other(request, list_url("view=all"))
    except IntegrityError:
        messages.error(request, _("A view of this name is there already."))
        return see_other(request, list_url("view=all"))
    messages.success(request, _("The view “%(view)s” is back.") % {"view": view})
    return see_other(request, list_url(urlencode({"saved": view.pk})))


@needs(Right.VIEW)
@require_POST
def choose_columns(request: HttpRequest) -> HttpResponse:
    """Show the chosen columns from now on: in one's own open view as part of the view, else in the list for this person (S1)."""
    wanted = [] if "standard" in request.POST else request.POST.getlist("column")
    names = Columns(wanted).names
    back = way_back(request, list_url())
    if wanted and not names:
        messages.error(request, _("Choose at least one column."))
        return see_other(request, back)
    saved = request.POST.get("saved", "")
    view = saved_views.seen_by(request.user, PAGE).filter(pk=saved).first() if _is_key(saved) else None
    if view and saved_views.may_change(request.user, view):
        view = _view_of(request, view.pk)
        view.columns = names
        view.save()
        return see_other(request, back)
    list_memory.keep_columns(list_memory.recall(request.user, PAGE), names)
    return see_other(request, _without_view(back) if view and view.columns else back)


def _without_view(address: str) -> str:
    """Return `address` without the open view, whose own columns would hide the chosen ones."""
    path, _mark, text = address.partition("?")
    query = QueryDict(text, mutable=True)
    query.pop("saved", None)
    return f"{path}?{query.urlencode()}"
