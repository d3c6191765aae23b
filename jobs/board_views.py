"""Pages for who plans the day: the board, where a job is moved from state to state, and the calendar of what is scheduled (S8)."""

from datetime import date, timedelta

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy

from clientdesk.lists import LARGEST_ID
from clientdesk.models import User
from clientdesk.preferences import WEEKDAYS, resolve
from clientdesk.views import Screen
from contacts.crm.grid import Day, put, week_of, weeks_of_month
from contacts.crm.listing import day_of, span
from jobs.board import MOST, columns, crew
from jobs.machine import Status
from jobs.models import Job

# More jobs than these in one month no page can hold.
_MOST = 1000
_VIEWS = {"day": gettext_lazy("Day"), "week": gettext_lazy("Week"), "month": gettext_lazy("Month")}


def _technician(request: HttpRequest, people: list[User]) -> User | None:
    """Return the technician of the address `?technician=7`, or None where it names nobody of `people`."""
    text = request.GET.get("technician", "")
    key = int(text) if text.isascii() and text.isdigit() and len(text) < 20 else 0
    return next((person for person in people if person.pk == key), None) if 0 < key <= LARGEST_ID else None


class Board(Screen):
    """The jobs by state; each can be moved on by its buttons, or dragged where there is JavaScript."""

    template_name = "jobs/board.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        people = list(crew())
        chosen = _technician(request, people)
        jobs = Job.objects.visible_to(request.user)
        found = columns(jobs.filter(assignee=chosen) if chosen else jobs)
        return self.show(columns=found, people=people, chosen=chosen, most=MOST)


class JobCalendar(Screen):
    """What is scheduled: a day or a week with a row for each technician, or a month, around `?day=2026-11-25`."""

    template_name = "jobs/job_calendar.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        day = day_of(request.GET.get("day", "")) or timezone.localdate()
        view = request.GET.get("view", "week")
        view = view if view in _VIEWS else "week"
        people = list(crew())
        chosen = _technician(request, people)
        weeks = _weeks(day, view, request.user)
        days = [one for week in weeks for one in week]
        jobs = self._scheduled(days, chosen)
        shown: dict[str, object] = {"weeks": weeks, "days": days, "day": day, "people": people, "chosen": chosen}
        shown |= {"view": view, "views": list(_VIEWS.items())}
        shown |= {"first": days[0].day, "last": days[-1].day} | _beside(day, view)
        if view == "month":
            put(days, jobs, lambda job: job.scheduled_at)
        else:
            shown["rows"] = _rows(jobs, days, people if chosen is None else [chosen])
            shown["unplanned"] = self._unplanned()
        return self.show(**shown)

    def _scheduled(self, days: list[Day], chosen: User | None) -> list[Job]:
        start, end = span(days[0].day, len(days))
        jobs = Job.objects.visible_to(self.request.user).exclude(status=Status.CANCELLED)
        jobs = jobs.filter(scheduled_at__gte=start, scheduled_at__lt=end)
        jobs = jobs.filter(assignee=chosen) if chosen else jobs
        return list(jobs.select_related("client", "assignee").order_by("scheduled_at", "pk")[:_MOST])

    def _unplanned(self) -> list[Job]:
        """Return the open jobs, which nobody has yet, those that are due first."""
        jobs = Job.objects.visible_to(self.request.user).filter(status=Status.OPEN)
        return list(jobs.select_related("client").order_by("due_key", "pk")[:MOST])


def _weeks(day: date, view: str, user: User) -> list[list[Day]]:
    first = user.first_weekday if user.first_weekday in WEEKDAYS else resolve().first_weekday
    if view == "month":
        return weeks_of_month(day, first)
    return [week_of(day, first)] if view == "week" else [[Day(day, today=day == timezone.localdate())]]


def _beside(day: date, view: str) -> dict[str, date]:
    """Return a day of the span before and after that of `day`."""
    if view == "month":
        return {"before": day.replace(day=1) - timedelta(days=1), "after": (day.replace(day=28) + timedelta(days=4)).replace(day=1)}
    step = timedelta(days=7 if view == "week" else 1)
    return {"before": day - step, "after": day + step}


def _rows(jobs: list[Job] | QuerySet[Job], days: list[Day], people: list[User]) -> list[tuple[User | None, list[list[Job]]]]:
    """Return for each person, and for whoever else has a job of `jobs`, what is to be done on each of `days`; None: nobody yet."""
    places = {one.day: place for place, one in enumerate(days)}
    by_person: dict[User | None, list[list[Job]]] = {person: [[] for _day in days] for person in people}
    for job in jobs:
        cells = by_person.setdefault(job.assignee, [[] for _day in days])
        cells[places[timezone.localdate(job.scheduled_at)]].append(job)
    return list(by_person.items())
