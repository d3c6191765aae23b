"""What jobs and quotes tell the first page of staff."""

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from clientdesk.dashboard import Figure, Part, Shortlist, Source
from clientdesk.models import User
from jobs.models import Job, Quote
from jobs.table import TABLE

_SHOWN = 6


def jobs(user: User) -> Part:
    """Return how jobs stand, and those that are due next: a technician's own, or everybody's."""
    seen = TABLE.seen(user)
    source = Source("jobs:list", TABLE.spec, seen, user)
    figures = [
        source.figure(_("Overdue"), "view=unfinished&clock=breached", "alarm-clock", "bad"),
        source.figure(_("At risk"), "view=unfinished&clock=at_risk", "triangle-alert", "warn"),
        source.figure(_("Due today"), "view=unfinished&clock=today", "calendar-clock", "info"),
        source.figure(_("Requests to take up"), "view=requested", "inbox", "warn"),
        source.figure(_("Resolved, to close"), "view=resolved", "circle-check", "info"),
    ]
    if user.technician:
        figures.append(source.figure(_("My jobs"), "view=unfinished&technician=me", "wrench", "info"))
    waiting = seen.unfinished().select_related("client", "assignee").order_by("due_key", "pk")
    list_url = reverse("jobs:list")
    if user.technician:
        mine = waiting.filter(assignee__in=[user.pk])
        return Part(_("Jobs"), figures, _shortlist(_("My jobs"), mine, f"{list_url}?view=unfinished&technician=me"))
    return Part(_("Jobs"), figures, _shortlist(_("Jobs due next"), waiting, f"{list_url}?view=unfinished"))


def _shortlist(title: str, found, url: str) -> Shortlist:
    records: list[Job] = list(found[:_SHOWN])
    return Shortlist(title, "jobs/_due_next.html", records, url, _("All jobs to do"), _("Nothing is to do."))


def quotes(user: User) -> Part:
    """Return how many quotes wait for their clients."""
    try:
        url = reverse("quotes:list")
    except NoReverseMatch:
        return Part(_("Quotes"))
    waiting = Quote.objects.visible_to(user).waiting()
    return Part(_("Quotes"), [Figure(_("Waiting for a client"), f"{url}?view=waiting", waiting, "file-clock", "info")])
