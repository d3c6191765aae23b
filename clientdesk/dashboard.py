"""The first page of staff: what is due, at risk or waits for somebody; each figure leads to exactly the list that it counts.

Each app tells its part of it: settings.DASHBOARD names functions of the user, as SEARCH_SOURCES does for the search.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.module_loading import import_string

from clientdesk.lists import ListSpec, count_text, counts
from clientdesk.models import User
from clientdesk.views import Screen


@dataclass(frozen=True)
class Figure:
    """One number: how many `records` there are, on the list at `url`. `tone` (bad, warn, info) shows where there is at least one."""

    label: str
    url: str
    records: QuerySet
    icon: str
    tone: str = ""


@dataclass(frozen=True)
class Shortlist:
    """The first few records of a list, drawn by `template` as `records`; `more_url` leads to all of them, `nothing` says there are none."""

    title: str
    template: str
    records: Sequence[object]
    more_url: str
    more_label: str
    nothing: str


@dataclass(frozen=True)
class Part:
    """What one app tells: figures under a heading, and a short list."""

    title: str
    figures: list[Figure] = field(default_factory=list)
    shortlist: Shortlist | None = None


@dataclass(frozen=True)
class Counted:
    """A figure as the page shows it."""

    figure: Figure
    count: int

    @property
    def text(self) -> str:
        """The number as people read it."""
        return count_text(self.count)

    @property
    def tone(self) -> str:
        """The tone of a number that is not 0."""
        return self.figure.tone if self.count else ""


@dataclass(frozen=True)
class Source:
    """A list that figures count: the name of its address, its spec, and the records that `user` may see there."""

    page: str
    spec: ListSpec
    seen: QuerySet
    user: User

    def figure(self, label: str, query: str, icon: str, tone: str = "") -> Figure:
        """Return the figure of this list as `query` narrows it: the list itself says what that is, so that both always agree."""
        records = self.spec.read(QueryDict(query), reader=self.user).narrowed(self.seen)
        return Figure(label, f"{reverse(self.page)}?{query}", records, icon, tone)


def parts(user: User) -> list[Part]:
    """Return what all apps tell `user`, in the order of settings.DASHBOARD; a part without anything is left out."""
    told: list[Callable[[User], Part]] = [import_string(path) for path in settings.DASHBOARD]
    return [part for tell in told if (part := tell(user)).figures or part.shortlist]


class Home(Screen):
    """What waits for the person who signed in, and for everybody."""

    template_name = "clientdesk_pages/home.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        found = parts(request.user)
        figures = {f"{place} {number}": figure for place, part in enumerate(found) for number, figure in enumerate(part.figures)}
        counted = counts({name: figure.records for name, figure in figures.items()})
        shown = [
            (part, [Counted(figure, counted[f"{place} {number}"]) for number, figure in enumerate(part.figures)])
            for place, part in enumerate(found)
        ]
        return self.show(
            today=timezone.localdate(),
            groups=[(part.title, figures) for part, figures in shown if figures],
            shortlists=[part.shortlist for part in found if part.shortlist],
        )
