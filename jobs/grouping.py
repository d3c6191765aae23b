"""Jobs grouped by a column (JD3): how many each group has, and the first few of each in the order of the list."""

from dataclasses import dataclass

from django.db.models import Count, F, QuerySet, Window
from django.db.models.functions import RowNumber
from django.utils.translation import gettext as _

from clientdesk.lists import Listing, count_text
from clientdesk.models import User
from clientdesk.page_keys import keys_of
from clients.models import Client
from jobs.columns import JobColumns, Row
from jobs.listing import NOBODY
from jobs.machine import Status
from jobs.models import Job
from jobs.models.times import Priority

MOST_GROUPS, FIRST = 20, 5
_COLUMNS = {"status": "status", "priority": "priority", "technician": "assignee_id", "client": "client_id"}
# The order of groups that are always the same; those of people and clients follow their number of jobs.
_ORDER = {"status": list(Status.values), "priority": list(reversed(Priority.values))}


@dataclass(frozen=True)
class Group:
    """One group: what its jobs share, how many there are, the first of them, and the address of the list of all of them."""

    label: str
    count: int
    url: str
    rows: list[Row]

    @property
    def count_text(self) -> str:
        """The number as people read it."""
        return count_text(self.count)


def groups(listing: Listing, found: QuerySet, by: str, columns: JobColumns) -> list[Group]:
    """Return the groups of `found`, the jobs that `listing` leaves, by the column `by` (of GROUPS), in four statements at most.

    The largest MOST_GROUPS are shown, FIRST jobs of each.
    """
    column = _COLUMNS[by]
    counted = found.order_by().values_list(column).annotate(number=Count("pk")).order_by("-number", column)[:MOST_GROUPS]
    counts = dict(counted)
    if by in _ORDER:
        counts = {value: counts[value] for value in _ORDER[by] if value in counts}
    order = [key.desc() if listing.descending else key.asc() for key in keys_of(Job, listing.sort.columns, listing.descending)]
    placed = found.order_by().annotate(place=Window(RowNumber(), partition_by=[F(column)], order_by=order))
    if None not in counts:
        placed = placed.filter(**{f"{column}__in": list(counts)})
    group_of = dict(placed.filter(place__lte=FIRST).values_list("pk", column))
    records = list(listing.onwards(columns.read(found.filter(pk__in=list(group_of))), None))
    rows: dict[object, list[Row]] = {}
    for row in columns.rows(records):
        rows.setdefault(group_of[row.job.pk], []).append(row)
    labels = _labels(by, [value for value in counts if value is not None])
    return [Group(labels[value], number, _url(listing, by, value), rows.get(value, [])) for value, number in counts.items()]


def _labels(by: str, values: list) -> dict[object, str]:
    """Return the words of `values` of the column `by`."""
    if by == "technician":
        return {user.pk: str(user) for user in User.objects.filter(pk__in=values)} | {None: _("Nobody yet")}
    if by == "client":
        return dict(Client.objects.filter(pk__in=values).values_list("pk", "name"))
    choices = Status.choices if by == "status" else Priority.choices
    return {value: str(label) for value, label in choices}


def _url(listing: Listing, by: str, value: object) -> str:
    """Return the address of the list of one group, with the other filters as they are."""
    if by == "status":
        return listing.url(group="", view=value)
    return listing.url(group="", **{by: NOBODY if value is None else value})
