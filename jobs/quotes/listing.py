"""The list of quotes: its views by status, its filters (XD24, XD25, XD28)."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from clientdesk.lists import Column, ListSpec, Sort
from clientdesk.search_form import OneOf, SearchForm, SomeOf, Words
from jobs.listing import OfClient, in_states
from jobs.models import Origin, Quote
from jobs.quote_machine import QuoteStatus
from jobs.work_columns import ADDED, CLIENT, CONTACT, PLACES, REFERENCES, STATUS, orders

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
    sorts=orders("quote", Sort("total", ("total", "id"), "quote_by_total"), Sort("expires", ("expiry_key", "id"), "quote_by_expiry")),
    columns=(
        Column(_("Quote"), "number", "c-name", name="quote", fixed=True),
        CLIENT,
        STATUS,
        Column(_("Total"), "total", "num c-money", name="total"),
        Column(_("Expires"), "expires", "p2 c-day", name="expires"),
        CONTACT,
        ADDED,
        Column(_("Origin"), css="p1 c-word", name="origin", standard=False),
        *PLACES,
        Column(_("Sent"), css="p1 c-day", name="sent", standard=False),
        Column(_("Decided"), css="p1 c-day", name="decided", standard=False),
        *REFERENCES,
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
