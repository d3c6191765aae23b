"""The lists of actions: one's own and everybody's, those of a contact and of a client."""

from datetime import date, datetime, time, timedelta

from django import forms
from django.db.models import F, QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext_lazy as _

from clientdesk.lists import Column, ListSpec, Sort
from clientdesk.models import User
from clientdesk.search_form import Filter, OneOf, SearchForm, SomeOf, Words
from contacts.models import CrmAction
from contacts.models.actions import end_of_today


def day_of(text: str) -> date | None:
    """Return the day that an address names, such as `2026-11-25`, or None."""
    try:
        found = parse_date(text[:10])
    except ValueError:
        return None
    return found if found and 1900 <= found.year <= 2999 else None


def span(first: date, days: int = 1) -> tuple[datetime, datetime]:
    """Return the moments at which `days` days from `first` on begin and are over, in the present time zone."""
    after = first + timedelta(days=days)
    return timezone.make_aware(datetime.combine(first, time())), timezone.make_aware(datetime.combine(after, time()))


class OnDay(Filter[str], forms.CharField):
    """The actions of one day of the present time zone."""

    def __init__(self, **kwargs) -> None:
        super().__init__(required=False, **kwargs)

    def read(self, params: QueryDict, name: str) -> str:
        """Return the day of the address, or an empty text."""
        found = day_of(params.get(name, ""))
        return found.isoformat() if found else ""

    def narrow(self, queryset: QuerySet, value: str) -> QuerySet:
        """Return what is due or was done on that day."""
        start, end = span(date.fromisoformat(value))
        return queryset.filter(sort_at__gte=start, sort_at__lt=end)


class ActionSearch(SearchForm):
    """Words of the client's name, kind, person in charge, and one day."""

    q = Words(label=_("Client"), column="client__search_key")
    kind = SomeOf(label=_("Kind"), column="kind", choices=CrmAction.Kind.choices)
    person = OneOf(
        label=_("Person in charge"),
        column="assigned_to",
        choices=lambda: [(user.pk, str(user)) for user in User.objects.staff().filter(is_active=True)],
    )
    day = OnDay(label=_("Day"))


def _mine(queryset: QuerySet) -> QuerySet:
    # The page says who reads: `reader` is a column that it added.
    return queryset.filter(assigned_to=F("reader"))


_SORTS = (Sort("time", ("sort_at", "id"), "crmaction_by_time"), Sort("latest", ("sort_at", "id"), "crmaction_by_time", down=True))

MY_ACTIONS = ListSpec(
    model=CrmAction,
    sorts=_SORTS,
    columns=(
        Column(_("Action")),
        Column(_("Client"), css="p1"),
        Column(_("When"), "time", css="p1"),
        Column(_("Status"), css="p1"),
        Column(_("Person in charge"), css="p2"),
        Column(_("Acts"), hidden_label=True, css="end"),
    ),
    form=ActionSearch,
    views={
        "due": (_("Due and overdue"), lambda found, chosen: _mine(found).filter(status="planned", due_at__lt=end_of_today())),
        "planned": (_("Planned"), lambda found, chosen: _mine(found).filter(status="planned")),
        "done": (_("Done"), lambda found, chosen: _mine(found).filter(status="done")),
        "mine": (_("All of mine"), lambda found, chosen: _mine(found)),
        "everybody": (_("All of everybody"), lambda found, chosen: found),
    },
)
# What was done with one contact or client, the latest first.
DONE = ListSpec(model=CrmAction, sorts=(_SORTS[1],), page_size=25)
