"""Quotes in the portal: the list, one of them, and the decision (X59, XD28, XD32)."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from clientdesk import documents
from clientdesk.lists import Listing
from clientdesk.views import see_other
from contacts.formats import style_of
from jobs.models import Quote
from jobs.papers.quote import quote_pdf
from jobs.quote_machine import GESTURES, QuoteStatus
from portal import notices
from portal.decision_forms import AcceptForm, DeclineForm
from portal.doors import missing, needs
from portal.helping import people_of, seller_of
from portal.listing import QUOTES
from portal.models import ContactAccess
from portal.own_files import may_change, takes_files
from portal.pages import PortalList, posted
from portal.rights import Right
from portal.visibility import visible, visible_documents

# So many cards stand above the list.
MOST_WAITING = 6


def waiting_for(access: ContactAccess) -> QuerySet[Quote]:
    """Return the quotes that wait for a decision and that the contact of `access` sees, those that expire first before the others."""
    return visible(Quote.objects, access).waiting().order_by(F("expires_on").asc(nulls_last=True), "pk")


@needs(Right.QUOTES_VIEW)
class Quotes(PortalList):
    """The quotes of the contact: those that wait for approval always on top, then all of them, the newest first (XD28)."""

    spec = QUOTES
    template_name = "portal/quotes.html"

    def seen(self) -> QuerySet:
        return visible(Quote.objects, self.access)

    def with_details(self, queryset: QuerySet) -> QuerySet:
        return queryset.select_related("contact", "office")

    def count_sentence(self, count: int, text: str) -> str:
        return ngettext("%(count)s quote", "%(count)s quotes", count) % {"count": text}

    def list_context(self, listing: Listing) -> dict[str, object]:
        on_top = list(waiting_for(self.access)[: MOST_WAITING + 1]) if self.is_first(listing) else []
        client = self.access.contact.client
        return {
            "seller": seller_of(client, people_of(client)) if on_top else None,
            "waiting": on_top[:MOST_WAITING],
            "more_waiting": len(on_top) > MOST_WAITING,
            "may_decide": self.access.may(Right.QUOTES_DECIDE),
            "may_ask": self.access.may(Right.QUOTES_ADD),
        }


def _quote(request: HttpRequest, pk: int) -> Quote:
    seen = visible(Quote.objects, request.access).select_related("contact", "office", "department", "project")
    return get_object_or_404(seen, pk=pk)


@needs(Right.QUOTES_VIEW)
@require_http_methods(["GET", "HEAD"])
def quote(request: HttpRequest, pk: int) -> HttpResponse:
    """One quote: its lines and files, and the card by which it is decided. No amounts before it was sent (V of 8.4)."""
    found, access = _quote(request, pk), request.access
    project, client = getattr(found, "project", None), access.contact.client
    people = people_of(client)
    shown = {
        "quote": found,
        "lines": list(found.lines.all()) if found.shows_amounts else [],
        "files": list(visible_documents(access).filter(quote=found)),
        "project": visible(type(project).objects, access).filter(pk=project.pk).first() if project else None,
        "people": people,
        "seller": seller_of(client, people),
        "may_decide": access.may(Right.QUOTES_DECIDE),
        "may_add_files": access.may(Right.FILES_ADD) and takes_files(found),
        "may_change_files": may_change(found, access),
        "may_download": access.may(Right.FILES_DOWNLOAD),
        "may_ask_again": access.may(Right.QUOTES_ADD)
        and (found.is_expired or found.status in (QuoteStatus.REJECTED, QuoteStatus.APPROVED)),
        "may_take_paper": access.may(Right.QUOTES_DOWNLOAD) and found.shows_amounts,
        "refused": missing(Right.QUOTES_DECIDE),
    }
    return render(request, "portal/quote.html", shown)


@needs(Right.QUOTES_VIEW, Right.QUOTES_DOWNLOAD)
@require_http_methods(["GET", "HEAD"])
def quote_paper(request: HttpRequest, pk: int) -> HttpResponse:
    """A quote as a PDF, written as its reader writes; there is none before it was sent."""
    found = get_object_or_404(visible(Quote.objects, request.access).select_related("client__branch", "contact", "office"), pk=pk)
    if not found.shows_amounts:
        raise Http404
    head = {"Content-Disposition": content_disposition_header(True, f"{found.number}.pdf"), **documents.HEADERS}
    return HttpResponse(quote_pdf(found, style_of(request.access.contact)), content_type="application/pdf", headers=head)


def _why_not(quote: Quote, gesture: str, access: ContactAccess) -> str:
    """Return the sentence why `quote` cannot be decided now, or an empty text."""
    if quote.is_expired:
        day = style_of(access.contact).date(quote.expires_on)
        return _("%(quote)s was valid until %(day)s. Ask us for a new one.") % {"quote": quote.number, "day": day}
    if not quote.is_waiting:
        return str(GESTURES[gesture].refused) % {"item": quote.number, "status": quote.get_status_display().lower()}
    return ""


def _sending(quote: Quote) -> str:
    return quote.sent_at.isoformat() if quote.sent_at else ""


def _hold_as_read(quote: Quote, sending: str) -> None:
    """Lock `quote`. Raises ValidationError where it was sent anew since the page was made that says `sending`: with other sums perhaps."""
    quote.hold()
    if quote.is_waiting and sending != _sending(quote):
        raise ValidationError(
            _("%(quote)s was changed and sent again meanwhile. Read it once more, then decide.") % {"quote": quote.number}
        )


def _refused(request: HttpRequest, pk: int, sentence: str) -> HttpResponse:
    messages.error(request, sentence)
    return see_other(request, reverse("portal:quote", args=[pk]))


@needs(Right.QUOTES_VIEW, Right.QUOTES_DECIDE)
@require_http_methods(["GET", "HEAD", "POST"])
def accept(request: HttpRequest, pk: int) -> HttpResponse:
    """Accept a quote: a page that says what is accepted for how much, and a POST that does it, once (X59)."""
    found, access = _quote(request, pk), request.access
    if why := _why_not(found, "accept", access):
        return _refused(request, pk, why)
    start = {"name": access.contact.full_name, "reference": found.client_reference, "sending": _sending(found)}
    form = AcceptForm(posted(request), initial=start)
    if not form.is_valid():
        shown = {"quote": found, "form": form, "accepting": True}
        return render(request, "portal/quote_decide.html", shown, status=422 if form.is_bound else 200)
    try:
        with transaction.atomic():
            # Before it is accepted: the project that may follow takes the number along.
            _hold_as_read(found, form.cleaned_data["sending"])
            found.client_reference = form.cleaned_data["reference"]
            found.save(update_fields=["client_reference", "updated_at"])
            found.accept(request.user, form.cleaned_data["name"])
    except ValidationError as refusal:
        return _refused(request, pk, _why_not(found, "accept", access) or refusal.messages[0])
    notices.tell_staff(found, notices.ACCEPTED, request.user)
    messages.success(request, _("You accepted %(quote)s. Thank you: we start working on it.") % {"quote": found.number})
    return see_other(request, reverse("portal:quote", args=[pk]))


@needs(Right.QUOTES_VIEW, Right.QUOTES_DECIDE)
@require_http_methods(["GET", "HEAD", "POST"])
def reject(request: HttpRequest, pk: int) -> HttpResponse:
    """Reject a quote: a page that asks why, and a POST that does it, once (X59)."""
    found, access = _quote(request, pk), request.access
    if why := _why_not(found, "decline", access):
        return _refused(request, pk, why)
    form = DeclineForm(posted(request), initial={"name": access.contact.full_name, "sending": _sending(found)})
    if not form.is_valid():
        shown = {"quote": found, "form": form, "accepting": False}
        return render(request, "portal/quote_decide.html", shown, status=422 if form.is_bound else 200)
    try:
        with transaction.atomic():
            _hold_as_read(found, form.cleaned_data["sending"])
            found.decline(request.user, form.cleaned_data["name"], form.cleaned_data["reason"])
    except ValidationError as refusal:
        return _refused(request, pk, _why_not(found, "decline", access) or refusal.messages[0])
    notices.tell_staff(found, notices.REJECTED, request.user)
    messages.success(request, _("You rejected %(quote)s.") % {"quote": found.number})
    return see_other(request, reverse("portal:quote", args=[pk]))
