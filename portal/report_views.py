"""The report about jobs in the portal: the figures of the Job Queries report over what the contact sees, and its file (area Reports).

Times that were promised are staff's to see (8.5), so nothing here tells of them.
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import cast

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from clientdesk.lists import Listing, ListSpec, Sort
from clientdesk.preferences import Style
from clientdesk.search_form import Memo
from clientdesk.spreadsheets import Value, write_csv, write_xlsx
from clientdesk.tables.exporting import BATCH, FORMATS
from contacts.formats import style_of
from jobs.models import Job
from jobs.report import verdicts
from jobs.report.chart import chart
from jobs.report.figures import Bar, Figures, Month, bars, figures
from jobs.report.listing import ReportSearch
from jobs.report.periods import PERIODS
from jobs.report.views import period_of, said
from portal.doors import needs
from portal.job_views import JobList
from portal.models import ContactAccess
from portal.rights import Right
from portal.visibility import visible

VIEW = (Right.JOBS_VIEW, Right.REPORTS_VIEW)


class PortalReportSearch(ReportSearch):
    """What a client asks for: period, status, priority, kind, and words of number, subject and town."""

    client = contact = sla = technician = branch = None


REPORT = ListSpec(
    model=Job,
    sorts=(Sort("made", ("created_at", "id"), "job_by_age", down=True),),
    form=PortalReportSearch,
    page_size=25,
)


@needs(*VIEW)
class Report(JobList):
    """How many jobs there were, by month, and which."""

    spec = REPORT
    template_name = "portal/report.html"

    def list_context(self, listing: Listing) -> dict[str, object]:
        found, form = listing.narrowed(self.queryset()), listing.form
        months = verdicts.by_month(found) if listing.rows else []
        counted = figures(months)
        drawn = chart(_plain(months, form), lambda bar: f"{said(bar)}: {bar.total}")
        median = verdicts.median_time_to_close(found, counted.closed)
        return {
            "figures": in_words(counted, median, style_of(self.access.contact)),
            "chart": drawn,
            "bars": [(said(column.bar), column.bar) for column in drawn.columns] if drawn else [],
            "highest": said(drawn.highest) if drawn else "",
            "period": period_of(form),
            "periods": [(name, label, form.chosen.get("period") == name) for name, (label, _days) in PERIODS.items()],
            "may_download": self.access.may(Right.REPORTS_DOWNLOAD),
        }


def _plain(months: list[Month], form: ReportSearch) -> list[Bar]:
    """Return the bars of `months`, each of one part: how its jobs stand to what was promised is not told."""
    return [Bar(bar.first, bar.months, bar.total, 0, 0) for bar in bars(months, form.days)]


def in_words(counted: Figures, median: timedelta | None, style: Style) -> list[tuple[str, str, str]]:
    """Return (label, figure, unit) of each figure as the reader of `style` writes numbers; a dash where there is nothing to say."""
    return [
        (_("Jobs"), style.number(counted.total), ""),
        (_("Still to do"), style.number(counted.unfinished), ""),
        (_("Closed"), style.number(counted.closed), ""),
        (_("Median time to close"), *_length(median, style)),
    ]


def _length(time: timedelta | None, style: Style) -> tuple[str, str]:
    if time is None:
        return "–", ""
    hours = time.total_seconds() / 3600
    if hours < 1:
        return style.number(round(hours * 60)), _("min")
    return (style.number(hours, 1), _("h")) if hours < 48 else (style.number(hours / 24, 1), _("days"))


@needs(*VIEW, Right.REPORTS_DOWNLOAD)
@require_http_methods(["GET", "HEAD"])
def export(request: HttpRequest) -> HttpResponse:
    """The jobs of the report as workbook or CSV: what the screen shows, all pages of it."""
    kind = request.GET.get("format", "")
    kind = kind if kind in FORMATS else "xlsx"
    listing = REPORT.read(request.GET, reader=request.user, memo=Memo())
    rows = _rows(listing, request.access)
    content = write_csv(rows) if kind == "csv" else write_xlsx(rows, sheet=_("Jobs"))
    headers = {
        "Content-Disposition": f'attachment; filename="{_("jobs")}-{timezone.localdate().isoformat()}.{kind}"',
        "Cache-Control": "private, no-store",
    }
    # A streamed answer is no HttpResponse by its class, but one by what it does.
    return cast("HttpResponse", StreamingHttpResponse(content, content_type=FORMATS[kind], headers=headers))


def _rows(listing: Listing, access: ContactAccess) -> Iterator[list[Value]]:
    """Yield the head and a row for each job, BATCH of them at a time; days are those of the contact's time zone."""
    # In the language of the request: a streamed answer is written after that is over.
    heads: list[Value] = [_("Number"), _("Subject"), _("Status"), _("Priority"), _("Job type"), _("Office"), _("Town")]
    heads += [_("Requested"), _("Closed")]
    zone = style_of(access.contact).now().tzinfo
    found = visible(Job.objects, access).select_related("job_type", "office")
    words: dict[tuple[str, str], str] = {}
    for name in ("status", "priority"):
        words |= {(name, str(value)): str(label) for value, label in Job._meta.get_field(name).flatchoices}

    def lines() -> Iterator[list[Value]]:
        yield heads
        for batch in listing.batches(listing.narrowed(found), BATCH):
            for job in batch:
                moments = [moment and moment.astimezone(zone).date() for moment in (job.created_at, job.closed_at)]
                kind = job.job_type.name if job.job_type else ""
                said = [words["status", job.status], words["priority", job.priority]]
                yield [job.number, job.subject, *said, kind, job.office.name, job.city, *moments]

    return lines()
