"""One action: add, look at, change, and the gestures complete, postpone, cancel, plan again (X70)."""

from collections.abc import Callable
from datetime import datetime
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from clientdesk.forms import DeskForm
from clientdesk.lists import LARGEST_ID
from clientdesk.rights import Right, needs
from clientdesk.search import narrow
from clientdesk.views import CreatePage, EditPage, Screen, see_other, way_back
from clients.models import Client
from contacts.crm import due
from contacts.crm.forms import ActionForm, AddActionForm, PostponeForm
from contacts.models import Contact, CrmAction

_OFFERED = 20


def key_in(params: QueryDict, name: str) -> int:
    """Return the key of a record that `params` names, or 0, which no record has."""
    text = params.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 20 and int(text) <= LARGEST_ID else 0


def moment_in(params: QueryDict, name: str) -> datetime | None:
    """Return the moment that `params` names in the way of ISO 8601 with its zone, or None."""
    try:
        found = parse_datetime(params.get(name, "")[:40])
    except ValueError:
        return None
    return found if found and found.tzinfo and 1900 <= found.year <= 2999 else None


class AddAction(CreatePage):
    """A new action of a client, `?client=7`, or of one of its contacts, `?contact=9`; without either the client is asked for."""

    form_class = AddActionForm
    template_name = "crm/action_add.html"
    client: Client | None = None
    contact: Contact | None = None

    def setup(self, request: HttpRequest, *args, **kwargs) -> None:
        super().setup(request, *args, **kwargs)
        clients = Client.objects.visible_to(request.user)
        if wanted := request.GET.get("contact", ""):
            seen = Contact.objects.visible_to(request.user).select_related("client")
            self.contact = get_object_or_404(seen, pk=key_in(request.GET, "contact")) if wanted else None
            self.client = self.contact.client
        elif "client" in request.GET:
            self.client = get_object_or_404(clients, pk=key_in(request.GET, "client"))

    def get(self, request: HttpRequest, **kwargs) -> HttpResponse:
        return self.show(form=self.form()) if self.client else self._ask()

    def post(self, request: HttpRequest, **kwargs) -> HttpResponse:
        return super().post(request, **kwargs) if self.client else self._ask(422)

    def _ask(self, status: int = 200) -> HttpResponse:
        """Let the person choose the client first."""
        text = self.request.GET.get("q", "")[:200].replace("\x00", " ").strip()
        found = narrow(Client.objects.visible_to(self.request.user), text) if text else Client.objects.none()
        context = {"words": text, "clients": list(found.order_by("name_key", "pk")[:_OFFERED])}
        return render(self.request, "crm/action_client.html", context, status=status)

    def context(self, **more) -> dict[str, object]:
        return super().context(client=self.client, contact=self.contact, back_url=self._back(), **more)

    def _back(self) -> str:
        if self.contact:
            return reverse("crm:of_contact", args=[self.contact.pk])
        return reverse("crm:of_client", args=[self.client.pk]) if self.client else reverse("crm:list")

    def form(self, posted: QueryDict | None = None) -> DeskForm:
        action = CrmAction(client=self.client, contact=self.contact, kind=CrmAction.Kind.TASK, assigned_to=self.request.user)
        return AddActionForm(posted, instance=action)

    def done_url(self, record: Model) -> str:
        return self._back()


class EditAction(EditPage):
    """An action to be changed; what was sent as an e-mail is a fact and stays."""

    form_class = ActionForm
    template_name = "crm/action_edit.html"

    def queryset(self) -> QuerySet:
        return CrmAction.objects.visible_to(self.request.user).filter(mailing=None, mail=None).select_related("client", "contact")


class ActionDetail(Screen):
    """An action: what, with whom, when, and what can be done with it."""

    template_name = "crm/action_detail.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        related = ("client", "contact", "assigned_to", "created_by", "mail")
        return self.show(action=get_object_or_404(CrmAction.objects.visible_to(request.user).select_related(*related), pk=pk))


def _act(request: HttpRequest, pk: int, verb: Callable[[CrmAction], bool], *, said: str, already: str, undo: str = "") -> HttpResponse:
    """Do one thing with an action of the address and say so; where somebody did it before, that is said instead."""
    action = get_object_or_404(CrmAction.objects.visible_to(request.user), pk=pk)
    try:
        acted = verb(action)
    except ValidationError as error:
        messages.error(request, error.messages[0])
    else:
        due.forget()
        if not acted:
            messages.info(request, already % {"action": action})
        else:
            taking_back = reverse(undo, args=[pk]) if undo and action.can_reopen else ""
            messages.success(request, said % {"action": action}, extra_tags=taking_back)
    return see_other(request, way_back(request, action.get_absolute_url()))


@needs(Right.CHANGE)
@require_POST
def complete(request: HttpRequest, pk: int) -> HttpResponse:
    """Let an action be done."""
    said, already = _("“%(action)s” is done."), _("“%(action)s” was done already.")
    return _act(request, pk, CrmAction.complete, said=said, already=already, undo="crm:reopen")


@needs(Right.CHANGE)
@require_POST
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Let an action not be done."""
    said, already = _("“%(action)s” was cancelled."), _("“%(action)s” was cancelled already.")
    return _act(request, pk, CrmAction.cancel, said=said, already=already, undo="crm:reopen")


@needs(Right.CHANGE)
@require_POST
def reopen(request: HttpRequest, pk: int) -> HttpResponse:
    """Plan a done or cancelled action again."""
    said, already = _("“%(action)s” is planned again."), _("“%(action)s” is planned already.")
    return _act(request, pk, CrmAction.reopen, said=said, already=already)


class Postpone(Screen):
    """Another time for a planned action."""

    right = Right.CHANGE
    template_name = "crm/action_postpone.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        action = self._find(pk)
        return self.show(action=action, form=PostponeForm(initial={"until": action.due_at}))

    def _find(self, pk: int) -> CrmAction:
        return get_object_or_404(CrmAction.objects.visible_to(self.request.user).select_related("client"), pk=pk)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        action = self._find(pk)
        form = PostponeForm(request.POST)
        if not form.is_valid():
            return self.show(422, action=action, form=form)
        try:
            former = action.postpone(form.cleaned_data["until"])
        except ValidationError as error:
            messages.error(request, error.messages[0])
        else:
            due.forget()
            times = urlencode({"until": form.cleaned_data["until"].isoformat(), "former": former.isoformat()})
            back = f"{reverse('crm:bring_forward', args=[action.pk])}?{times}"
            messages.success(request, _("“%(action)s” was postponed.") % {"action": action}, extra_tags=back)
        return see_other(request, way_back(request, action.get_absolute_url()))


@needs(Right.CHANGE)
@require_POST
def bring_forward(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back that an action was postponed from `?former=` to `?until=`; an address without such moments is nothing that we made."""
    until, former = (moment_in(request.GET, name) for name in ("until", "former"))
    if until is None or former is None:
        raise Http404

    def verb(action: CrmAction) -> bool:
        action.bring_forward(until, former)
        return True

    said = _("“%(action)s” is due again when it was.")
    return _act(request, pk, verb, said=said, already=said)
