"""One quote: new, look at, change, the gestures of its machine, its PDF (XD24, XD25, X19, X20)."""

from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from clientdesk import history
from clientdesk.documents import HEADERS
from clientdesk.forms import DeskForm
from clientdesk.models import User
from clientdesk.rights import Right, needs
from clientdesk.views import EditPage, Screen
from clients.models import Client
from contacts.formats import style_of, style_of_client
from jobs.addressees import others_of
from jobs.choosing import ForClient
from jobs.gestures import Asked, ItemGesture
from jobs.item_forms import ReasonForm, SureForm
from jobs.models import Document, Item, Quote
from jobs.models.quote import taxes_of
from jobs.papers.quote import quote_pdf
from jobs.quote_machine import EDITABLE
from jobs.quotes.forms import EditQuoteForm, NewQuoteForm
from jobs.sending import send_quote
from jobs.telling import mail_facts

CHANGES_SHOWN = 30


def seen(user: User) -> QuerySet[Quote]:
    """Return the quotes that `user` may see, each with what its head shows."""
    related = ("client__branch", "office", "department", "contact", "created_by", "decided_by")
    return Quote.objects.visible_to(user).select_related(*related)


class NewQuote(ForClient):
    """A new quote of the client `?client=7`, with the details of its quote `?from=3` where that is named."""

    right = Right.ADD
    form_class = NewQuoteForm
    template_name = "jobs/item_add.html"
    kind = "quote"
    title = gettext_lazy("New quote")

    def why_not(self, client: Client) -> str:
        if client.status == Client.Status.INACTIVE:
            return "inactive"
        return "" if client.contacts.active().exists() else "no_contact"

    def filled(self, posted: QueryDict | None, client: Client) -> DeskForm:
        pattern = seen(self.request.user).filter(client=client, pk=self.key("from")).first() if self.key("from") else None
        return NewQuoteForm(posted, client=client, pattern=pattern)

    def done_sentence(self, record: Model) -> str:
        return _("%(record)s was added. The client knows nothing of it until you send it.") % {"record": record}


class QuoteDetail(Screen):
    """A quote: where it stands, what it offers, what can be done with it, and what happened."""

    template_name = "jobs/quote_detail.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        quote = get_object_or_404(seen(request.user).select_related("project"), pk=pk)
        lines = list(quote.lines.all())
        files = list(quote.documents.select_related("created_by"))
        changes = history.whole_history_of(quote)[:CHANGES_SHOWN]
        return self.show(
            quote=quote,
            lines=lines,
            taxes=[one for one in taxes_of(lines) if one.rate],
            others=others_of(quote),
            files=[one for one in files if one.kind == Document.Kind.FILE],
            entries=history.entries(changes, Quote),
            project=getattr(quote, "project", None),
        )


class EditQuote(EditPage):
    """A quote to be changed, as long as the client was not told of it."""

    form_class = EditQuoteForm
    template_name = "jobs/item_edit.html"

    def queryset(self) -> QuerySet:
        return seen(self.request.user).filter(status__in=EDITABLE)


_ASKED = {
    "prepare": Asked(SureForm, lambda quote, by, found: quote.prepare(), lambda quote: ""),
    "send": Asked(SureForm, lambda quote, by, found: send_quote(quote, by), lambda quote: _("It cannot be changed after that.")),
    "approve": Asked(
        SureForm, lambda quote, by, found: quote.approve(by), lambda quote: _("The client agreed in another way: a project is opened.")
    ),
    "reject": Asked(
        ReasonForm, lambda quote, by, found: quote.reject(by, found["note"]), lambda quote: _("It can be revised and sent anew later.")
    ),
    "revise": Asked(SureForm, lambda quote, by, found: quote.revise(), lambda quote: ""),
}


class QuoteGesture(ItemGesture):
    """One step of the machine of quotes; before it is sent the page says to whom it goes."""

    asked = _ASKED

    def queryset(self) -> QuerySet:
        return seen(self.request.user)

    def more(self, item: Item) -> dict[str, object]:
        return {"mail": mail_facts(item)} if self.gesture == "send" and isinstance(item, Quote) else {}


@needs(Right.VIEW)
@require_GET
def pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """Return the quote as its contact would get it now, as a download."""
    quote = get_object_or_404(seen(request.user), pk=pk)
    style = style_of(quote.contact) if quote.contact else style_of_client(quote.client)
    name = f'attachment; filename="{quote.number}.pdf"'
    return HttpResponse(quote_pdf(quote, style), content_type="application/pdf", headers=HEADERS | {"Content-Disposition": name})
