"""A bound in hours between two points: where each may lie, given the other, tried day by day and minute by minute."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from schedule.engine.links import HourLink, Link
from schedule.engine.stamps import INFINITY, date_of, is_timed, latest, minutes_of, moment_of, value_at, value_of
from schedule.model.dates import WallTimeError, at_wall_time
from schedule.model.moment import Moment, moment_at

ZONES = [ZoneInfo(name) for name in ("America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "Asia/Kolkata", "Pacific/Apia")]
POINT, ANCHOR = "point", "anchor"
DAYS = st.dates(date(2026, 1, 1), date(2026, 12, 31)) | st.sampled_from(
    [date(2026, 3, 7), date(2026, 3, 8), date(2026, 3, 9), date(2026, 10, 31), date(2026, 11, 1), date(2026, 4, 5), date(2026, 10, 4)]
)
HOURS = st.times().map(lambda at: at.replace(second=0, microsecond=0))


def link(lower=True, count=22, extra=0, sure=True, zone=ZONES[0], clocked=False, **ends):
    return HourLink("R", POINT, ends.get("point_shift", 0), ANCHOR, ends.get("anchor_shift", 0), lower, count, "hours", extra, "clamp",
                    sure, clocked, zone, ends.get("point_clock"), ends.get("anchor_clock"))  # fmt: skip


def at(day, hour, zone):
    """A moment that the clocks show once; the day alone where they do not."""
    try:
        return Moment(on=day, at=at_wall_time(day, hour, zone))
    except WallTimeError:
        return Moment(on=day)


def clock(hour):
    return 1 + 2 * (60 * hour.hour + hour.minute)


def elapsed(one, other):
    """Minutes from the one to the other, by Python's own clock of UTC."""
    return (other.at.astimezone(UTC) - one.at.astimezone(UTC)) / timedelta(minutes=1)


@given(DAYS, HOURS, st.sampled_from(ZONES), st.integers(0, 1))
@example(date(2026, 11, 1), time(1, 30), ZONES[0], 1)
def test_a_moment_is_a_number_and_back(day, hour, zone, fold):
    there = datetime.combine(day, hour, zone).replace(fold=fold)
    if there.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != there.replace(tzinfo=None):
        return  # the clocks skip it
    moment = moment_at(there.astimezone(UTC).astimezone(zone))
    value = value_of(moment)
    assert is_timed(value) and moment_of(value, zone).is_same(moment)
    assert value_at(minutes_of(value, zone), zone) == value
    assert date_of(value) == day and day.toordinal() < value < latest(day.toordinal()) < day.toordinal() + 1


def test_a_date_is_a_whole_number_and_over_when_its_day_is():
    day = date(2026, 6, 15)
    assert value_of(Moment(on=day)) == day.toordinal() and not is_timed(day.toordinal())
    assert value_of(at(day, time(23, 59), ZONES[0])) < latest(day.toordinal())
    assert date_of(INFINITY) is None and date_of(-INFINITY) is None


@given(DAYS, HOURS, DAYS, HOURS, st.integers(0, 200), st.booleans(), st.sampled_from([0, 1, -1]), st.sampled_from(ZONES), st.booleans())
def test_where_both_hours_are_known_elapsed_time_decides(day, hour, other, clock_of_other, count, lower, extra, zone, sure):
    one, two = at(day, hour, zone), at(other, clock_of_other, zone)
    if one.at is None or two.at is None:
        return
    apart = elapsed(one, two)
    kept = apart >= 60 * count + extra if lower else apart <= 60 * count + extra
    assert link(lower, count, extra, sure, zone).holds({ANCHOR: value_of(one), POINT: value_of(two)}) == kept


@pytest.mark.parametrize("lower", [True, False])
@pytest.mark.parametrize("gap", range(-1, 5))
@pytest.mark.parametrize("timed", ["neither", "anchor", "point"])
def test_without_an_hour_every_hour_of_the_date_keeps_it_or_some_does(lower, gap, timed):
    """40 hours; tried with every half hour, and the last minute, of the dates whose hour is not known."""
    day, zone = date(2026, 6, 15), ZONES[0]
    ten, other = at(day, time(10), zone), day + timedelta(days=gap)
    half_hours = [*(time(n // 2, n % 2 * 30) for n in range(48)), time(23, 59)]
    starts = [ten] if timed == "anchor" else [at(day, hour, zone) for hour in half_hours]
    ends = [at(other, time(10), zone)] if timed == "point" else [at(other, hour, zone) for hour in half_hours]
    kept = {elapsed(one, two) >= 2400 if lower else elapsed(one, two) <= 2400 for one in starts for two in ends}
    values = {
        ANCHOR: value_of(ten) if timed == "anchor" else day.toordinal(),
        POINT: value_of(ends[0]) if timed == "point" else other.toordinal(),
    }
    assert link(lower, 40, sure=True).holds(values) == (kept == {True})
    assert link(lower, 40, sure=False).holds(values) == (True in kept)


ENDS = st.fixed_dictionaries({}, optional={"hour": HOURS, "shift": st.integers(-6, 6)})


@given(DAYS, HOURS | st.none(), ENDS, st.integers(0, 120), st.booleans(), st.sampled_from([0, 1, -1]), st.booleans(),
       st.sampled_from(ZONES), st.booleans())  # fmt: skip
@example(date(2026, 3, 6), time(10), {"hour": time(9, 30)}, 48, False, 0, True, ZONES[0], True)
@example(date(2026, 3, 6), time(2, 30), {"hour": time(2, 30)}, 48, True, 0, True, ZONES[0], True)
def test_the_border_of_a_day_that_moves_is_the_last_or_the_first_that_keeps_it(
    day, hour, moving, count, lower, extra, sure, zone, point_moves
):
    """Day 0 moves at its hour, or something so many days from it does; every day within three weeks is tried."""
    fixed = value_of(at(day, hour, zone) if hour else Moment(on=day))
    end, other = (POINT, ANCHOR) if point_moves else (ANCHOR, POINT)
    ends = {f"{end}_shift": moving.get("shift", 0), f"{end}_clock": clock(moving["hour"]) if "hour" in moving else 0}
    one = link(lower, count, extra, sure, zone, **ends)
    days = range(day.toordinal() - 21, day.toordinal() + 22)
    kept = [there for there in days if one.holds({end: there, other: fixed})]
    border = one.limit(fixed) if point_moves else one.anchor_limit(fixed)
    assert border == (min(kept) if lower == point_moves else max(kept))
    assert kept == [there for there in days if (there >= border if lower == point_moves else there <= border)]


@given(DAYS, HOURS, st.integers(0, 120), st.booleans(), st.sampled_from(ZONES))
def test_an_open_moment_has_its_border_to_the_minute(day, hour, count, lower, zone):
    one = link(lower, count, zone=zone)
    fixed = value_of(at(day, hour, zone))
    if not is_timed(fixed):
        return
    border = one.limit(fixed)
    minute = 1 if lower else -1
    at_border = minutes_of(border, zone)
    assert one.holds({ANCHOR: fixed, POINT: border})
    assert not one.holds({ANCHOR: fixed, POINT: value_at(at_border - minute, zone)})


@pytest.mark.parametrize(
    ("planned", "last"),
    [
        pytest.param((date(2026, 6, 15), time(10)), (date(2026, 6, 17), time(10)), id="an ordinary week"),
        pytest.param((date(2026, 3, 7), time(10)), (date(2026, 3, 9), time(10)), id="spring: the wall time comes first"),
        pytest.param((date(2026, 10, 31), time(10)), (date(2026, 11, 2), time(9)), id="autumn: the hours come first"),
    ],
)
def test_the_limit_of_a_delay_ends_by_the_clock_or_by_elapsed_time_whichever_is_first(planned, last):
    one, zone = link(False, 48, clocked=True), ZONES[0]
    start, end = value_of(at(*planned, zone)), value_of(at(*last, zone))
    assert one.holds({ANCHOR: start, POINT: end})
    assert not one.holds({ANCHOR: start, POINT: value_at(minutes_of(end, zone) + 1, zone)})
    assert one.limit(start) == end


def test_days_do_not_look_at_hours():
    days = Link("R", POINT, 0, ANCHOR, 0, True, 2, "days", 0, "clamp")
    early, late = (value_of(at(date(2026, 6, day), time(hour), ZONES[0])) for day, hour in ((15, 23), (17, 1)))
    assert days.holds({ANCHOR: early, POINT: late})
    assert days.limit(early) == date(2026, 6, 17).toordinal() and days.anchor_limit(late) == date(2026, 6, 15).toordinal()


def test_an_open_end_stays_open():
    for end in (-INFINITY, INFINITY):
        assert link().limit(end) == end == link().anchor_limit(end)
