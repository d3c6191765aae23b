"""My actions as a calendar: a month or a week, and the secret address at which a calendar program reads them."""

from datetime import date, timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from clientdesk.mail import absolute
from clientdesk.preferences import WEEKDAYS, resolve
from clientdesk.rights import Right, needs
from clientdesk.views import Screen, see_other
from contacts.crm import feed
from contacts.crm.grid import put, week_of, weeks_of_month
from contacts.crm.listing import day_of, span
from contacts.models import CalendarFeed, CrmAction

_FRESH = "crm_calendar_address"
# More actions than these in one month no page can hold.
_MOST = 1000


class CalendarPage(Screen):
    """The planned and done actions of the person who looks, `?view=week` or a month, around `?day=2026-11-25`."""

    template_name = "crm/calendar.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        day = day_of(request.GET.get("day", "")) or timezone.localdate()
        by_week = request.GET.get("view") == "week"
        wanted = request.user.first_weekday
        first = wanted if wanted in WEEKDAYS else resolve().first_weekday
        weeks = [week_of(day, first)] if by_week else weeks_of_month(day, first)
        days = [one for week in weeks for one in week]
        start, end = span(days[0].day, len(days))
        mine = CrmAction.objects.visible_to(request.user).of(request.user).exclude(status=CrmAction.Status.CANCELLED)
        found = mine.filter(sort_at__gte=start, sort_at__lt=end).select_related("client").order_by("sort_at", "pk")
        put(days, found[:_MOST])
        before, after = _beside(day, by_week)
        return self.show(weeks=weeks, by_week=by_week, day=day, first=days[0].day, last=days[-1].day, before=before, after=after)


def _beside(day: date, by_week: bool) -> tuple[date, date]:
    """Return a day of the week, or the month, before and after that of `day`."""
    if by_week:
        return day - timedelta(days=7), day + timedelta(days=7)
    return day.replace(day=1) - timedelta(days=1), (day.replace(day=28) + timedelta(days=4)).replace(day=1)


class FeedPage(Screen):
    """Whether the person has a calendar address, and just after it was made, the address itself: it is shown once."""

    template_name = "crm/feed.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        token = request.session.pop(_FRESH, "")
        address = absolute(reverse("crm_open:calendar", args=[token])) if token else ""
        return self.show(address=address, kept=CalendarFeed.objects.filter(user=request.user).first())


@needs(Right.VIEW)
@require_POST
def new_feed(request: HttpRequest) -> HttpResponse:
    """Make a new calendar address; the one of before dies."""
    request.session[_FRESH] = feed.renew(request.user)
    return see_other(request, reverse("crm:feed"))


@needs(Right.VIEW)
@require_POST
def revoke_feed(request: HttpRequest) -> HttpResponse:
    """Let the calendar address lead nowhere from now on."""
    CalendarFeed.objects.filter(user=request.user).delete()
    messages.success(request, _("The calendar address was revoked. Calendars that use it get nothing any more."))
    return see_other(request, reverse("crm:feed"))


@require_http_methods(["GET", "HEAD"])
def calendar(request: HttpRequest, token: str) -> HttpResponse:
    """The calendar of whoever has this secret address; no session is needed. An unknown one is 404."""
    user = feed.owner(token)
    if user is None:
        return HttpResponse(status=404)
    return _answer(feed.of_user(user), "clientdesk.ics")


@needs(Right.VIEW)
@require_http_methods(["GET", "HEAD"])
def one_event(request: HttpRequest, pk: int) -> HttpResponse:
    """One action as a calendar file."""
    actions = CrmAction.objects.visible_to(request.user).filter(due_at__isnull=False).select_related("client", "contact")
    return _answer(feed.text([get_object_or_404(actions, pk=pk)]), f"crm-action-{pk}.ics")


def _answer(text: bytes, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return HttpResponse(text, content_type="text/calendar; charset=utf-8", headers=headers)
