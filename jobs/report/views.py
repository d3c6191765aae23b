"""The Job Queries report: figures, bars and the table of jobs, and its file (J26, J27, S8)."""

from datetime import date, timedelta

from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from clientdesk.lists import Listing
from clientdesk.tables.exporting import Export
from jobs.client_choice import OfOneClient
from jobs.report import verdicts
from jobs.report.chart import chart
from jobs.report.figures import Bar, Figures, bars, figures
from jobs.report.listing import ReportSearch
from jobs.report.periods import PERIODS
from jobs.report.table import TABLE


class JobReport(OfOneClient):
    """What was done, for whom, and how well: `?client=7` is the report of one client."""

    table = TABLE
    template_name = "jobs/report.html"

    def count_sentence(self, count: int, text: str) -> str:
        return ngettext("%(count)s job", "%(count)s jobs", count) % {"count": self.counted(text)}

    def list_context(self, listing: Listing) -> dict[str, object]:
        shown, form = super().list_context(listing), listing.form
        found = listing.narrowed(self.queryset())
        months = verdicts.by_month(found) if listing.rows else []
        counted = figures(months)
        drawn = chart(bars(months, form.days), _title)
        return shown | {
            "figures": _figures(counted, verdicts.median_time_to_close(found, counted.closed)),
            "total": counted.total,
            "chart": drawn,
            "bars": [(said(column.bar), column.bar) for column in drawn.columns] if drawn else [],
            "has_without": bool(drawn) and any(column.bar.without for column in drawn.columns),
            "highest": said(drawn.highest) if drawn else "",
            "period": period_of(form),
            "periods": [(name, label, form.chosen.get("period") == name) for name, (label, _days) in PERIODS.items()],
            "asked_for": _asked_for(shown, form, listing),
        }


class ExportReport(Export):
    """The jobs of the report as a file: what the screen shows, all pages of it."""

    table = TABLE
    nothing_picked = gettext_lazy("Select at least one job to export.")
    too_many = gettext_lazy("A sheet holds 1,048,575 jobs, and these are more. Export them as a CSV file.")

    def filename(self, format: str) -> str:
        return f"job-queries-{timezone.localdate().isoformat()}.{format}"


def _figures(counted: Figures, median: timedelta | None) -> list[tuple[object, str, str]]:
    """Return (label, figure, unit) of each figure; a dash where there is nothing to say."""
    share = "–" if counted.within is None else f"{number_format(counted.within * 100, 1)}%"
    decided = ngettext("of %(count)s decided", "of %(count)s decided", counted.decided) % {"count": _grouped(counted.decided)}
    return [
        (_("Jobs"), _grouped(counted.total), ""),
        (_("Still to do"), _grouped(counted.unfinished), ""),
        (_("Answered within SLA"), share, decided if counted.decided else ""),
        (_("Median time to close"), *_length(median)),
    ]


def _grouped(number: int) -> str:
    return number_format(number, force_grouping=True)


def _length(time: timedelta | None) -> tuple[str, str]:
    """Return `time` as a number and its unit."""
    if time is None:
        return "–", ""
    hours = time.total_seconds() / 3600
    if hours < 1:
        return str(round(hours * 60)), _("min")
    return (number_format(hours, 1), _("h")) if hours < 48 else (number_format(hours / 24, 1), _("days"))


def said(bar: Bar) -> str:
    """Return the months of `bar` in words."""
    if bar.months == 1:
        return date_format(bar.first, "N Y")
    if bar.months == 12:
        return str(bar.first.year)
    return _("%(first)s to %(last)s") % {"first": date_format(bar.first, "N Y"), "last": date_format(bar.last, "N Y")}


def _title(bar: Bar) -> str:
    """Return what the bar of the chart tells."""
    told = {"months": said(bar), "within": bar.within, "late": bar.late}
    return _("%(months)s: %(within)s within SLA, %(late)s late") % told


def period_of(form: ReportSearch) -> str:
    """Return the period that was asked for, in words; an empty text for all time."""
    if period := form.chosen.get("period"):
        return str(PERIODS[period][0])
    days = {name: date_format(date.fromisoformat(form.chosen[name])) for name in ("since", "until") if name in form.chosen}
    if len(days) == 2:
        return _("%(since)s to %(until)s") % days
    if "since" in days:
        return _("since %(since)s") % days
    return _("until %(until)s") % days if days else ""


def _asked_for(shown: dict[str, object], form: ReportSearch, listing: Listing) -> list[tuple[str, str]]:
    """Return every filter that is set, as (label, value), for paper: the toolbar is not printed."""
    lines = [(str(form.fields["client"].label), str(shown["client"]))] if shown["client"] else []
    lines += [(str(form.fields["period"].label), period)] if (period := period_of(form)) else []
    lines += [(chip.label, chip.shown) for chip in listing.chips if chip.shown]
    return lines + ([(str(_("Words")), str(form.chosen["q"]))] if "q" in form.chosen else [])
