"""The lists of the portal: what they can be narrowed by and how they are ordered (XD28, XD29, JD7).

They start from what the contact sees (`portal.visibility`); nothing here says who sees what.
"""

from datetime import timedelta

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clientdesk.lists import ListSpec, Narrowing, Sort
from clientdesk.search_form import OneOf, SearchForm, SomeOf, Words
from jobs.machine import Status
from jobs.models import Document, Job, Project, Quote
from jobs.project_machine import ProjectStatus
from jobs.quote_machine import QuoteStatus

_BACK = [("30", _("Last 30 days")), ("90", _("Last 90 days")), ("365", _("Last 12 months"))]
_AHEAD = [("over", _("Over")), ("7", _("Within 7 days")), ("30", _("Within 30 days"))]
# In the words of who is asked, not of who asks.
QUOTE_WORDS = {
    QuoteStatus.REQUESTED: _("Requested"),
    QuoteStatus.PENDING: _("In preparation"),
    QuoteStatus.SENT: _("Waiting for your approval"),
    QuoteStatus.APPROVED_BY_CLIENT: _("Accepted"),
    QuoteStatus.APPROVED: _("Approved"),
    QuoteStatus.REJECTED: _("Rejected"),
}


class Back(OneOf):
    """Records made within the last so many days."""

    def narrow(self, queryset: QuerySet, value: list[str]) -> QuerySet:
        """Return the records whose moment in the column is not older."""
        return queryset.filter(**{f"{self.column}__gte": timezone.now() - timedelta(days=int(value[0]))})


class Ahead(OneOf):
    """Records whose day or moment in the column comes within so many days, or is over; one without is neither."""

    def __init__(self, *, moments: bool = False, **kwargs) -> None:
        super().__init__(**kwargs)
        self.moments = moments

    def narrow(self, queryset: QuerySet, value: list[str]) -> QuerySet:
        """Return the records whose day or moment lies there."""
        now = timezone.now() if self.moments else timezone.localdate()
        if value == ["over"]:
            return queryset.filter(**{f"{self.column}__lt": now})
        return queryset.filter(**{f"{self.column}__gte": now, f"{self.column}__lte": now + timedelta(days=int(value[0]))})


class QuoteSearch(SearchForm):
    """Words of number, name and reference; status, when it was requested, until when it holds (XD28)."""

    q = Words(label=_("Number, name or reference"))
    status = SomeOf(label=_("Status"), column="status", choices=list(QUOTE_WORDS.items()))
    made = Back(label=_("Requested"), column="created_at", choices=_BACK)
    expiry = Ahead(label=_("Valid until"), column="expires_on", choices=_AHEAD)


class ProjectSearch(SearchForm):
    """Words of number, name and reference; when it started, its deadline (XD29)."""

    q = Words(label=_("Number, name or reference"))
    started = Back(label=_("Started"), column="starts_on", choices=_BACK)
    deadline = Ahead(label=_("Deadline"), column="deadline", choices=_AHEAD, moments=True)


class JobSearch(SearchForm):
    """Words of number, subject and town; when it was asked for."""

    q = Words(label=_("Number, subject or town"))
    made = Back(label=_("Requested"), column="created_at", choices=_BACK)


class DocumentSearch(SearchForm):
    """What kind of file it is."""

    kind = SomeOf(label=_("Kind"), column="kind", choices=Document.Kind.choices)


def _in(*states: str) -> Narrowing:
    return lambda items, chosen: items.filter(status__in=states)


def _all(items: QuerySet, chosen: dict[str, object]) -> QuerySet:
    return items


_SIZE = 25
QUOTES = ListSpec(model=Quote, sorts=(Sort("made", ("created_at", "id"), "quote_by_age", down=True),), form=QuoteSearch, page_size=_SIZE)
PROJECTS = ListSpec(
    model=Project,
    sorts=(Sort("made", ("created_at", "id"), "project_by_age", down=True),),
    form=ProjectSearch,
    views={
        "open": (_("In progress"), _in(ProjectStatus.OPEN)),
        "closed": (_("Closed"), _in(ProjectStatus.CLOSED)),
        "cancelled": (_("Cancelled"), _in(ProjectStatus.CANCELLED)),
        "all": (_("All"), _all),
    },
    page_size=_SIZE,
)
JOBS = ListSpec(
    model=Job,
    sorts=(Sort("made", ("created_at", "id"), "job_by_age", down=True),),
    form=JobSearch,
    views={"all": (_("All"), _all), **{str(status): (status.label, _in(status)) for status in Status}},
    page_size=_SIZE,
)
DOCUMENTS = ListSpec(model=Document, sorts=(Sort("made", ("id",), "id", down=True),), form=DocumentSearch, page_size=_SIZE)
