"""The list of quotes as what pages of all lists need to know of it."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from clientdesk.models import User
from clientdesk.tables import Table
from jobs.models import Quote
from jobs.quotes.columns import QuoteColumns
from jobs.quotes.listing import QUOTES


def _seen(user: User) -> QuerySet[Quote]:
    return Quote.objects.visible_to(user)


TABLE = Table(
    spec=QUOTES,
    seen=_seen,
    columns=QuoteColumns,
    words={"many": _("Quotes"), "changing": _("Changing quotes"), "changed": _("Quotes changed")},
)
