"""The list of quotes: its views by status, its filters (XD24, XD25, XD28)."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from clientdesk.lists import Column, ListSpec, Sort
from clientdesk.search_form import OneOf, SearchForm, SomeOf, Words
from jobs.listing import OfClient, in_states
from jobs.models import Origin, Quote
from jobs.quote_machine import QuoteStatus

WAITING, EXPIRED = "waiting", "expired"


class Deadline(OneOf):
    """Quotes by whether they can still be accepted."""

    def narrow(self, queryset: QuerySet, value: list[str]) -> QuerySet:
        """Return the quotes that wait for the client, or waited in vain."""
        return queryset.waiting() if value == [WAITING] else queryset.expired()


class QuoteSearch(SearchForm):
    """Words of number, name and reference; how it came; whether it still holds; one client."""

    q = Words(label=_("Number, name or reference"))
    origin = SomeOf(label=_("Origin"), column="origin", choices=Origin.choices)
    offer = Deadline(label=_("Offer"), choices=[(WAITING, _("Waiting for the client")), (EXPIRED, _("Expired"))])
    client = OfClient(label=_("Client"))


QUOTES = ListSpec(
    page="quotes",
    model=Quote,
    sorts=(Sort("created", ("created_at", "id"), "quote_by_age", down=True),),
    columns=(
        Column(_("Quote"), css="c-name", name="quote", fixed=True),
        Column(_("Client"), css="p1 c-person", name="client"),
        Column(_("Status"), css="p1 c-word", name="status"),
        Column(_("Total"), css="num c-short", name="total"),
        Column(_("Expires"), css="p2 c-word", name="expires"),
        Column(_("Contact person"), css="p3 c-word", name="contact"),
        Column(_("Added"), "created", "p3 c-word", name="created"),
        Column(_("Origin"), css="p1 c-word", name="origin", standard=False),
        Column(_("Office"), css="p1 c-word", name="office", standard=False),
        Column(_("Department"), css="p1 c-word", name="department", standard=False),
        Column(_("Sent"), css="p1 c-word", name="sent", standard=False),
        Column(_("Decided"), css="p1 c-word", name="decided", standard=False),
        Column(_("Client's reference"), css="p1 c-word", name="reference", standard=False),
    ),
    form=QuoteSearch,
    views={
        "unfinished": (_("To do"), in_states(QuoteStatus.REQUESTED, QuoteStatus.PENDING, QuoteStatus.APPROVED_BY_CLIENT)),
        WAITING: (_("Waiting for the client"), lambda quotes, chosen: quotes.waiting()),
        EXPIRED: (_("Expired"), lambda quotes, chosen: quotes.expired()),
        **{str(status): (status.label, in_states(status)) for status in QuoteStatus if status != QuoteStatus.SENT},
        "all": (_("All"), lambda quotes, chosen: quotes),
    },
)
