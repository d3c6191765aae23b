"""SLA times: the tab of a client, and the defaults of the system (J16, J17, S3)."""

from django.contrib import messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clientdesk.models import User
from clientdesk.rights import Right
from clientdesk.views import Screen, see_other
from clients.models import Client
from clients.profile import client_of, profile
from jobs.models import BusinessCalendar, Job, SlaTarget
from jobs.models.times import PHASES, Priority
from jobs.sla import Targets
from jobs.sla_forms import TimesForm
from jobs.timing import Promises, Shift, foresee, recompute

# More running jobs than these are counted, not named.
MOST_NAMED = 50


def _matrix(own: Targets, defaults: Targets) -> list[dict[str, object]]:
    """Return the rows of the table: phase, and for each priority the minutes and whether they are the client's own."""
    return [
        {
            "label": label,
            "cells": [
                {"minutes": own.get((phase, one), defaults.get((phase, one))), "own": (phase, one) in own} for one in map(str, Priority)
            ],
        }
        for phase, label in PHASES
    ]


def running_of(client: Client | None) -> QuerySet[Job]:
    """Return the jobs whose clocks may move where the times of `client`, or without one those of the system, change."""
    found = Job.objects.running().select_related("client").order_by("due_key", "pk")
    return found.filter(client=client) if client else found


def with_times(client: Client | None, chosen: Targets) -> Promises:
    """Return what is promised once `client`, or the system, has the times `chosen`."""
    promises = Promises()
    if client is None:
        promises.defaults = chosen
    else:
        promises.own[client.pk] = chosen
    return promises


@transaction.atomic
def set_times(client: Client | None, chosen: Targets, by: User) -> list[Shift]:
    """Let `client`, or without one the system, have exactly the times `chosen`; return the jobs whose due times moved."""
    kept = {(target.phase, target.priority): target for target in SlaTarget.objects.select_for_update().filter(client=client)}
    for place, target in kept.items():
        if place not in chosen:
            target.delete()
    for (phase, priority), minutes in chosen.items():
        target = kept.get((phase, priority)) or SlaTarget(client=client, phase=phase, priority=priority, created_by=by)
        if target.minutes != minutes:
            target.minutes = minutes
            target.save()
    return recompute(running_of(client).select_for_update(of=("self",)))


class EditTimes(Screen):
    """The matrix as a form. Where jobs would move they are named first, and saving is confirmed."""

    template_name = "jobs/times_edit.html"
    client: Client | None = None

    def own(self) -> Targets:
        """Return the times that are edited."""
        return SlaTarget.objects.of(self.client).minutes()

    def defaults(self) -> Targets | None:
        """Return the times that hold where nothing is filled in, or None for those of the system itself."""
        return SlaTarget.objects.of(None).minutes() if self.client else None

    def done_url(self) -> str:
        """Return where saved times lead."""
        return reverse("jobs:system_times")

    def frame(self) -> dict[str, object]:
        """Return what the page shows around the form."""
        return {}

    def open(self, request: HttpRequest, **place: object) -> None:
        """Find out whose times the address means."""

    def get(self, request: HttpRequest, **place: object) -> HttpResponse:
        self.open(request, **place)
        return self._shown(TimesForm(own=self.own(), defaults=self.defaults()))

    def post(self, request: HttpRequest, **place: object) -> HttpResponse:
        self.open(request, **place)
        form = TimesForm(request.POST, own=self.own(), defaults=self.defaults())
        if not form.is_valid():
            return self._shown(form, 422)
        if form.is_stale:
            form.add_error(None, _("Somebody changed these times meanwhile. Open this page again to see them."))
            return self._shown(form, 409)
        moved = foresee(running_of(self.client), with_times(self.client, form.chosen))
        if moved and "confirm" not in request.POST:
            return self._shown(form, moved=moved)
        moved = set_times(self.client, form.chosen, request.user)
        told = ngettext("%(count)d job is due at another time now.", "%(count)d jobs are due at other times now.", len(moved))
        said = f"{_('SLA times saved.')} {told % {'count': len(moved)}}" if moved else _("SLA times saved.")
        messages.success(request, said)
        return see_other(request, self.done_url())

    def _shown(self, form: TimesForm, status: int = 200, moved: list[Shift] | None = None) -> HttpResponse:
        moved = moved or []
        visible = set(Job.objects.visible_to(self.request.user).filter(pk__in=[one.job.pk for one in moved]).values_list("pk", flat=True))
        named = [one for one in moved if one.job.pk in visible][:MOST_NAMED]
        shown = {"form": form, "priorities": list(Priority), "moved": named, "count": len(moved), "more": len(moved) - len(named)}
        return self.show(status, **shown, back_url=self.done_url(), **self.frame())


class ClientTimes(Screen):
    """S3, SLA: what is promised to the client, and in which hours it counts."""

    template_name = "jobs/client_times.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        client = client_of(pk, request.user)
        own, defaults = SlaTarget.objects.of(client).minutes(), SlaTarget.objects.of(None).minutes()
        jobs = Job.objects.filter(client=client).unfinished().select_related("client", "assignee").order_by("due_key", "pk")
        return self.show(
            **profile(client, "sla"),
            matrix=_matrix(own, defaults),
            priorities=list(Priority),
            calendar=BusinessCalendar.objects.filter(branch=client.branch_id).first(),
            jobs=list(jobs[:MOST_NAMED]),
        )


class EditClientTimes(EditTimes):
    """The SLA times of one client."""

    right = Right.CHANGE
    template_name = "jobs/client_times_edit.html"

    def open(self, request: HttpRequest, **place: object) -> None:
        self.client = client_of(self.kwargs["pk"], request.user)

    def frame(self) -> dict[str, object]:
        return profile(self.client, "sla") if self.client else {}

    def done_url(self) -> str:
        return reverse("jobs:client_times", args=[self.kwargs["pk"]])


class SystemTimes(EditTimes):
    """The SLA times of all clients who have none of their own."""

    right = Right.SETTINGS
