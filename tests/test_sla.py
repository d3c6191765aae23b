"""SLA times: what is promised, when it is over, how a clock stands, durations as people write them (J16, J17, JD10; domain.md 8.5)."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jobs.sla import DAY, LONGEST, Hours, State, counted, due_at, minutes_of, risk_at, state, target, written

OFFICE = ((540, 1020),) * 5 + (None, None)
BERLIN = Hours("Europe/Berlin", OFFICE, frozenset({date(2026, 12, 25)}))
ZONES = ("Europe/Berlin", "America/New_York", "America/St_Johns", "Africa/Cairo", "Asia/Kathmandu", "Australia/Lord_Howe", "Pacific/Apia")

spans = st.one_of(st.none(), st.lists(st.integers(0, DAY), min_size=2, max_size=2, unique=True).map(sorted).map(tuple))
some_days = st.frozensets(st.dates(date(2025, 1, 1), date(2027, 12, 31)), max_size=8)
# A day that opens for an hour at least, so that the longest clock is over in some years.
weeks = st.tuples(*[spans] * 6, st.just((600, 900)))
hours = st.one_of(st.none(), st.builds(Hours, st.sampled_from(ZONES), weeks, some_days))
moments = st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC))
minutes = st.integers(1, 20_000)


def berlin(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Europe/Berlin"))


@pytest.mark.parametrize(
    ("start", "promised", "due"),
    [
        ("2026-11-25T10:00", 240, "2026-11-25T14:00"),
        ("2026-11-25T15:00", 240, "2026-11-26T11:00"),
        ("2026-11-27T16:30", 60, "2026-11-30T09:30"),
        ("2026-11-28T12:00", 60, "2026-11-30T10:00"),
        ("2026-12-24T16:00", 120, "2026-12-28T10:00"),
        ("2026-11-25T07:00", 480, "2026-11-25T17:00"),
        ("2026-11-25T17:00", 1, "2026-11-26T09:01"),
    ],
    ids=["within a day", "over night", "over a weekend", "on a Saturday", "over a holiday", "to the very end", "after closing"],
)
def test_only_business_hours_count(start, promised, due):
    assert due_at(berlin(start), promised, BERLIN) == berlin(due)


@pytest.mark.parametrize(
    ("start", "due"),
    [("2026-03-29T01:00", "2026-03-29T05:00"), ("2026-10-25T01:00", "2026-10-25T03:00")],
    ids=["an hour is skipped", "an hour comes twice"],
)
def test_three_hours_are_three_hours_when_the_clocks_change(start, due):
    night = Hours("Europe/Berlin", ((0, DAY),) * 7)
    assert due_at(berlin(start), 180, night) == berlin(due)


@pytest.mark.parametrize("span", [(150, 165), (150, 195), (120, 180)])
def test_hours_that_the_clocks_skip_are_no_hours_but_never_less_than_none(span):
    early = Hours("Europe/Berlin", (span,) * 7)
    start = berlin("2026-03-28T12:00")
    due = due_at(start, 30, early)
    assert counted(start, due, early) == timedelta(minutes=30)
    assert due < berlin("2026-04-01T00:00")


def test_a_branch_that_never_opens_counts_around_the_clock():
    never = Hours("Europe/Berlin", (None,) * 7)
    assert due_at(berlin("2026-11-25T10:00"), 60, never) == berlin("2026-11-25T11:00")


@settings(max_examples=150, deadline=None)
@given(start=moments, promised=minutes, open_in=hours)
def test_from_the_start_to_the_due_time_exactly_the_promised_minutes_count(start, promised, open_in):
    due = due_at(start, promised, open_in)
    assert counted(start, due, open_in) == timedelta(minutes=promised)
    assert counted(start, due - timedelta(minutes=1), open_in) < timedelta(minutes=promised)


@settings(max_examples=80, deadline=None)
@given(start=moments, promised=minutes, more=st.integers(1, 3000), later=st.integers(0, 3000), open_in=hours)
def test_more_time_and_a_later_start_are_over_later(start, promised, more, later, open_in):
    assert due_at(start, promised + more, open_in) > due_at(start, promised, open_in)
    assert due_at(start + timedelta(minutes=later), promised, open_in) >= due_at(start, promised, open_in)


@settings(max_examples=80, deadline=None)
@given(start=moments, first=st.integers(0, 9000), second=st.integers(0, 9000), open_in=hours)
def test_time_that_counts_adds_up(start, first, second, open_in):
    middle = start + timedelta(minutes=first)
    end = middle + timedelta(minutes=second)
    assert counted(start, middle, open_in) + counted(middle, end, open_in) == counted(start, end, open_in)


@pytest.mark.parametrize("zone", ZONES)
def test_a_due_time_is_within_business_hours_of_its_zone(zone):
    open_in = Hours(zone, OFFICE)
    for hour in range(0, 24 * 9, 5):
        due = due_at(datetime(2026, 3, 26, tzinfo=UTC) + timedelta(hours=hour), 90, open_in).astimezone(ZoneInfo(zone))
        assert due.weekday() < 5
        assert 9 * 60 < due.hour * 60 + due.minute <= 17 * 60


@pytest.mark.parametrize(
    ("now", "stopped", "found"),
    [
        ("10:00", None, State.RUNNING),
        ("12:59", None, State.RUNNING),
        ("13:00", None, State.AT_RISK),
        ("14:00", None, State.AT_RISK),
        ("14:01", None, State.BREACHED),
        ("18:00", "14:00", State.MET),
        ("18:00", "14:01", State.BREACHED),
    ],
)
def test_the_last_quarter_is_at_risk_and_the_end_itself_is_in_time(now, stopped, found):
    start = berlin("2026-11-25T10:00")
    due, at_risk = due_at(start, 240, BERLIN), risk_at(start, 240, BERLIN)
    at = {text: berlin(f"2026-11-25T{text}") for text in (now, stopped) if text}
    assert state(due, at_risk, at.get(stopped), at[now]) == found


def test_without_a_promise_there_is_no_clock():
    start = berlin("2026-11-25T10:00")
    assert due_at(start, None) is risk_at(start, None) is None
    assert state(None, None, None, start) == State.NONE


@pytest.mark.parametrize(
    ("own", "defaults", "found"),
    [({("open", "high"): 60}, {("open", "high"): 90}, 60), ({}, {("open", "high"): 90}, 90), ({("open", "low"): 60}, {}, None)],
    ids=["the client's own", "the system's", "none"],
)
def test_a_client_without_its_own_time_has_that_of_the_system(own, defaults, found):
    assert target(own, defaults, "open", "high") == found


# --- durations ------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("4 h", 240),
        ("4h", 240),
        ("1 day", DAY),
        ("90 min", 90),
        ("1.5 h", 90),
        ("1,5 h", 90),
        ("1 day 2 h 30 min", DAY + 150),
        ("1:30", 90),
        ("0:05 h", 5),
        ("2 Weeks", 14 * DAY),
        (" 2 DAYS ", 2 * DAY),
    ],
)
def test_durations_are_read_as_people_write_them(text, found):
    assert minutes_of(text) == found


@pytest.mark.parametrize("text", ["", "4", "h", "4 x", "four hours", "4 h and", "-4 h", "1:75", "4 h 4", "1e3 h", "0.001 min"])
def test_what_is_no_duration_is_none(text):
    assert minutes_of(text) is None


@pytest.mark.parametrize(("text", "error"), [("0 h", ValueError), ("367 days", OverflowError), ("9999:00", OverflowError)])
def test_no_time_and_more_than_a_year_are_refused(text, error):
    with pytest.raises(error):
        minutes_of(text)


@settings(max_examples=200, deadline=None)
@given(st.integers(1, LONGEST))
def test_what_is_written_is_read_back(found):
    assert minutes_of(written(found)) == found
