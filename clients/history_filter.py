"""The filters of a client's history: field or part, who, from and to which day."""

from datetime import date, datetime, time

from django import forms
from django.contrib.contenttypes.models import ContentType
from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clientdesk import history
from clientdesk.history.asof import end_of
from clientdesk.models import Change, User
from clientdesk.search_form import Filter, OneOf, SearchForm
from clients.models import Client
from clients.parted import hidden_merges, told

BY_IMPORT = "import"


def day_in(text: str) -> date | None:
    """Return the day that the address names as YYYY-MM-DD, or None for anything else."""
    try:
        return parse_date(text[:10]) if text.isascii() else None
    except ValueError:
        return None


class Day(Filter[str], forms.DateField):
    """One day of the address, as text; anything else is ignored."""

    def read(self, params: QueryDict, name: str) -> str:
        """Return the day as YYYY-MM-DD, or an empty text."""
        found = day_in(params.get(name, ""))
        return found.isoformat() if found and date(1900, 1, 1) <= found <= date(9998, 12, 31) else ""


class HistoryFilter(SearchForm):
    """What the history of a client is filtered by, beside who."""

    field = OneOf(label=gettext_lazy("Field"), column="field", choices=lambda: history.field_choices(Client))
    since = Day(label=gettext_lazy("From"), required=False)
    until = Day(label=gettext_lazy("To"), required=False)

    def filter(self, queryset: QuerySet, by_index: bool = True) -> QuerySet:
        """Return the changes that every chosen filter leaves."""
        for name in self.chosen.get("field", []):
            queryset = history.touching(queryset, Client, name)
        for who in self.chosen.get("who", []):
            queryset = queryset.filter(actor_id=None, run__isnull=False) if who == BY_IMPORT else queryset.filter(actor_id=int(who))
        if since := self.chosen.get("since"):
            queryset = queryset.filter(timestamp__gte=timezone.make_aware(datetime.combine(date.fromisoformat(since), time.min)))
        if until := self.chosen.get("until"):
            queryset = queryset.filter(timestamp__lt=end_of(date.fromisoformat(until)))
        return queryset


def filter_of(client: Client) -> type[HistoryFilter]:
    """Return the filter of the history of `client`: it offers the people who changed something of this client."""

    def people() -> list[tuple[str, str]]:
        found = history.whole_history_of(client).order_by().values_list("actor_id", "actor_email", "run_id").distinct()
        seen = [(actor, email) for actor, email, _run in found if actor]
        names = {user.pk: str(user) for user in User.objects.filter(pk__in=[actor for actor, _email in seen])}
        known = {str(actor): names.get(actor) or email or _("Deleted user") for actor, email in seen}
        choices = sorted(known.items(), key=lambda pair: pair[1].casefold())
        return choices + [(BY_IMPORT, _("Import"))] * any(run and not actor for actor, _email, run in found)

    return type("FilterOfClient", (HistoryFilter,), {"who": OneOf(label=gettext_lazy("Who"), column="actor", choices=people)})


def change_of(client: Client, pk: int, user: User) -> Change | None:
    """Return the change `pk` of `client` itself, or None where it is none that `user` may read."""
    kind = ContentType.objects.get_for_model(Client)
    changes = Change.objects.filter(Q(content_type=kind, object_id=client.pk), pk=pk)
    return told(changes, hidden_merges(client, user)).first()
