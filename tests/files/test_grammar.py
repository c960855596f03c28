"""The small languages: what each form means, by hand, and what is said of a text outside them."""

import time as clock
from datetime import date, time

import pytest
from msgspec.structs import replace

from schedule.files.days_grammar import read_days, read_series
from schedule.files.grammar import (
    GrammarError,
    read_alarm,
    read_apart,
    read_bound,
    read_clock_time,
    read_date_range,
    read_point,
    read_window,
)
from schedule.model.timing import (
    DAY_ZERO,
    PLANNED_DAY_ZERO,
    AfterActivity,
    Apart,
    Bound,
    ClockTime,
    CompletionOf,
    EachOf,
    EndOf,
    FirstOf,
    KnownDatePoint,
    LastOf,
    Occurrence,
    OccurrencePoint,
    OnDays,
    Window,
)  # fmt: skip

DAYS_REMEDY = 'write days such as "-5 to -3", "+28 ±3" or "every 2 days x 7 from +1"'
BOUND_REMEDY = 'write "POINT at least|more than|at most|less than N days after POINT"'
NO_BEFORE = "; there is no “before”, because subtracting months gives other days than adding them"
UNIT_REMEDY = "write hours, days, weeks, months or years"
HOUR_REMEDY = 'hours are counted from a moment: "every 8 hours x 14 from 6 h after cells"'
AFTER_REMEDY = 'write "4 h after cells", "4 months after last il2", "10 days after cells ends" or "28 days after cells ±2"'
OUTSIDE = 'write "+28 within +21 to +35", or "4 h after cells within 2 to 6 h"'
UNITS = 'write "±1 h" for hours, "±2" for days'
FROM_REMEDY = 'write "from +1" after it; or "after the first" beside a parameter by which the site dates that'
BACK_REMEDY = 'write days counted from day 0, such as "-3"'
CLOCK_REMEDY = 'write "09:00", or "09:00 to 10:30"'
RANGE_REMEDY = 'write "2026-12-24" or "2026-12-24 to 2027-01-01"'
ALARM_REMEDY = 'write "30 minutes before", "15 hours before" or "1 day before"'
WINDOW_REMEDY = 'write the first and the last day, such as "-7 to -1"'


def on(*offsets):
    return OnDays(occurrences=tuple(Occurrence(offset=offset) for offset in offsets))


def of(*occurrences):
    return OnDays(occurrences=occurrences)


def around(first, last=None, unit="days"):
    return Window(frame="target", first=-first, last=first if last is None else last, unit=unit)


def base(first, last, unit="days"):
    return Window(frame="base", first=first, last=last, unit=unit)


def day(offset, window=None, months=0):
    return Occurrence(offset=offset, months=months, window=window)


def refusal(reader, *given):
    """Message and remedy of the refusal; a text that is read is a failure that shows what was read."""
    with pytest.raises(GrammarError) as raised:
        reader(*given)
    return str(raised.value), raised.value.remedy


def table(*rows):
    return [pytest.param(*row, id=row[0] or "empty") for row in rows]


# Days ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "meaning"),
    table(
        ("0", on(0)),
        ("-5", on(-5)),
        ("+28", on(28)),
        ("28", on(28)),
        ("+0", on(0)),
        ("-5, -4", on(-5, -4)),
        ("-5,-4", on(-5, -4)),
        ("-5 to -3", on(-5, -4, -3)),
        ("-1 to +1", on(-1, 0, 1)),
        ("\u22125 to \u22123", on(-5, -4, -3)),
        ("\u22125\u00a0to  -3 ", on(-5, -4, -3)),
        ("+1 to +13 every 2 days", on(1, 3, 5, 7, 9, 11, 13)),
        ("0 to +21 every 7 days", on(0, 7, 14, 21)),
        ("every 2 days x 7 from +1", on(1, 3, 5, 7, 9, 11, 13)),
        ("every day for 5 days from -5", on(-5, -4, -3, -2, -1)),
        ("every 2 days for 5 days from +1", on(1, 3, 5)),
        ("every 2 days for 1 week from +1", on(1, 3, 5, 7)),
        ("every week for 3 weeks from +7", on(7, 14, 21)),
        ("every 3 days for 2 days from +1", on(1)),
        ("every day x 3 for 5 days from -5", on(-5, -4, -3)),
        ("every day x 7 for 5 days from -5", on(-5, -4, -3, -2, -1)),
        ("every day x 3 from -5", on(-5, -4, -3)),
        ("every 1 day x 1 from 0", on(0)),
        ("every week x 3 from +7", on(7, 14, 21)),
        ("every 2 weeks x 3 from 0", on(0, 14, 28)),
        ("-7, -5 to -3, 0, +1 to +5 every 2 days", on(-7, -5, -4, -3, 0, 1, 3, 5)),
        ("+5 to +35", on(*range(5, 36))),
        ("-365", on(-365)),
        ("+3650", on(3650)),
        ("+28 ±3", of(day(28, around(3)))),
        ("+28 ± 3 days", of(day(28, around(3)))),
        ("+28 +/- 3", of(day(28, around(3)))),
        ("+28 ±0", of(day(28, around(0)))),
        ("+28 ±1 week", of(day(28, around(1, unit="weeks")))),
        ("+28 within +21 to +35", of(day(28, base(21, 35)))),
        ("-1 within -7 to 0", of(day(-1, base(-7, 0)))),
        ("+8 ±1, +15 ±2", of(day(8, around(1)), day(15, around(2)))),
        ("8±1, 15 within 14 to 20", of(day(8, around(1)), day(15, base(14, 20)))),
        ("0, +28 ±3", of(day(0), day(28, around(3)))),
        ("+7, +14, each ±2", of(day(7, around(2)), day(14, around(2)))),
        ("+7 to +9 ±1", of(*(day(n, around(1)) for n in (7, 8, 9)))),
        ("every 2 days x 2 from +1 ±1", of(day(1, around(1)), day(3, around(1)))),
        ("every day x 2 from +1, +8", on(1, 2, 8)),
        ("Every other day x 3 from +1", on(1, 3, 5)),
        ("every 2 days \u00d7 3 from +1", on(1, 3, 5)),
        ("\u20135 to \u20113", on(-5, -4, -3)),
        ("yearly x 3 from +365", of(*(day(365, months=m) for m in (0, 12, 24)))),
        ("yearly x 2 from +365 ±7", of(*(day(365, around(7), m) for m in (0, 12)))),
        ("every year x 2 from 0", of(*(day(0, months=m) for m in (0, 12)))),
        ("every year for 2 years from 0", of(*(day(0, months=m) for m in (0, 12)))),
        ("every 3 months x 4 from 0", of(*(day(0, months=m) for m in (0, 3, 6, 9)))),
    ),
)  # fmt: skip
def test_days_counted_from_day_zero_mean_what_a_nurse_would_say(text, meaning):
    assert read_days(text) == meaning


@pytest.mark.parametrize(
    ("text", "count", "unit", "activity", "last", "times", "every"),
    table(
        ("4 h after nk-infusion", 4, "hours", "nk-infusion", False, 1, 0),
        ("1 hour after cells", 1, "hours", "cells", False, 1, 0),
        ("12 hours after first il2", 12, "hours", "il2", False, 1, 0),
        ("4 months after last il2", 4, "months", "il2", True, 1, 0),
        ("1 day after dlt-end", 1, "days", "dlt-end", False, 1, 0),
        ("0 days after cells", 0, "days", "cells", False, 1, 0),
        ("2 weeks after last fludarabine", 2, "weeks", "fludarabine", True, 1, 0),
        ("1 year after cells", 1, "years", "cells", False, 1, 0),
        ("every 8 hours x 14 from 6 h after cells", 6, "hours", "cells", False, 14, 8),
        ("every 8 hours for 24 hours from 1 h after cells", 1, "hours", "cells", False, 3, 8),
        ("every 8 hours for 1 day from 1 h after cells", 1, "hours", "cells", False, 3, 8),
        ("every 8 hours for 25 hours from 1 h after cells", 1, "hours", "cells", False, 4, 8),
        ("every 8 hours x 14 for 2 days from 6 h after cells", 6, "hours", "cells", False, 6, 8),
        ("every hour x 3 from 0 h after last il2", 0, "hours", "il2", True, 3, 1),
    ),
)  # fmt: skip
def test_days_counted_from_another_activity_mean_what_a_nurse_would_say(text, count, unit, activity, last, times, every):
    assert read_days(text) == AfterActivity(
        count=count, unit=unit, activity=activity, which="last" if last else "first", times=times, step=every,
        step_unit="hours" if every else "days"
    )


def test_a_series_may_begin_by_the_hour_and_go_on_by_the_day():
    begun = AfterActivity(count=3, unit="hours", activity="cells", times=5, step=1, step_unit="days")
    assert read_days("every day at that hour x 5 from 3 h after cells") == begun
    windowed = replace(begun, window=around(1, unit="hours"))
    assert read_days("every day at that hour for 5 days from 3 h after cells ±1 h") == windowed
    assert read_days("every other week at that hour x 5 from 3 h after cells") == replace(begun, step=2, step_unit="weeks")
    assert refusal(read_days, "every day at that hour x 5 from 1 day after cells")[0] == "'1 day after cells' has no hour"
    assert refusal(read_days, "every day at that hour x 5 from +1")[0] == "'+1' has no hour"


@pytest.mark.parametrize(
    ("text", "count", "unit", "which", "window"),
    table(
        ("28 days after cells ±2", 28, "days", "first", around(2)),
        ("28 days after cells ± 2 days", 28, "days", "first", around(2)),
        ("28 days after cells±2", 28, "days", "first", around(2)),
        ("4 weeks after last cells ±1 week", 4, "weeks", "last", around(1, unit="weeks")),
        ("9 months after cells ±7", 9, "months", "first", around(7)),
        ("9 months after cells ±1 month", 9, "months", "first", around(1, unit="months")),
        ("1 year after each cells ±30", 1, "years", "each", around(30)),
        ("3 weeks after cells within 3 to 12 weeks", 3, "weeks", "first", base(3, 12, "weeks")),
        ("28 days after cells within 3 to 5 weeks", 28, "days", "first", base(3, 5, "weeks")),
        ("28 days after cells within 21 to 35", 28, "days", "first", base(21, 35)),
        ("21 days after cells within 19 to 23 days after cells", 21, "days", "first", base(19, 23)),
        ("9 months after cells within 8 to 10 months", 9, "months", "first", base(8, 10, "months")),
        ("1 year after cells within 10 to 14 months", 1, "years", "first", base(10, 14, "months")),
        ("4 h after cells ±1 h", 4, "hours", "first", around(1, unit="hours")),
        ("4h after cells ±1h", 4, "hours", "first", around(1, unit="hours")),
        ("4 h after cells ±1 day", 4, "hours", "first", around(1)),
        ("4 h after cells within 2 to 6 h", 4, "hours", "first", base(2, 6, "hours")),
        ("4 h after last cells within 3 to 24 hours", 4, "hours", "last", base(3, 24, "hours")),
        ("from 3 h to 24 h after cells", 3, "hours", "first", base(3, 24, "hours")),
        ("from 3 to 24 h after cells", 3, "hours", "first", base(3, 24, "hours")),
        ("2 to 6 h after cells", 2, "hours", "first", base(2, 6, "hours")),
        ("from 12 h to 2 days after each cells", 12, "hours", "each", base(12, 48, "hours")),
        ("from 3 to 5 days after cells", 3, "days", "first", base(3, 5)),
        ("from 10 days to 2 weeks after last cells", 10, "days", "last", base(10, 14)),
        ("from 1 to 2 months after cells", 1, "months", "first", base(1, 2, "months")),
        ("from 3 months to 1 year after cells", 3, "months", "first", base(3, 12, "months")),
        ("9 weeks after cells within 1 to 3 months", 9, "weeks", "first", base(1, 3, "months")),
        ("3 months after cells within 80 to 100 days", 3, "months", "first", base(80, 100)),
        ("1 year after cells within 360 to 370 days", 1, "years", "first", base(360, 370)),
    ),
)  # fmt: skip
def test_a_day_counted_from_another_activity_has_a_window(text, count, unit, which, window):
    assert read_days(text) == AfterActivity(count=count, unit=unit, activity="cells", which=which, window=window)


@pytest.mark.parametrize(
    ("text", "meaning"),
    table(
        ("4 h after cells ends", AfterActivity(count=4, unit="hours", activity="cells", ends=True)),
        ("4 h after the end of cells", AfterActivity(count=4, unit="hours", activity="cells", ends=True)),
        ("10 days after last il2 ends", AfterActivity(count=10, unit="days", activity="il2", which="last", ends=True)),
        ("10 days after the end of the last il2", AfterActivity(count=10, unit="days", activity="il2", which="last", ends=True)),
        ("10 days after il2 ends ±2", AfterActivity(count=10, unit="days", activity="il2", ends=True, window=around(2))),
        ("every 8 hours x 3 from 4 h after cells ends", AfterActivity(count=4, unit="hours", activity="cells", times=3, step=8, step_unit="hours", ends=True)),
        ("from 1 to 2 h after each cells ends", AfterActivity(count=1, unit="hours", activity="cells", which="each", ends=True, window=base(1, 2, "hours"))),
    ),
)  # fmt: skip
def test_days_are_counted_from_the_end_of_an_activity_where_it_is_named(text, meaning):
    assert read_days(text) == meaning


def test_a_series_may_be_counted_each_from_the_one_before():
    hours = Window(frame="previous", first=8, last=12, unit="hours")
    found = AfterActivity(count=2, unit="hours", activity="cells", times=6, step=8, step_unit="hours", rolling=hours)
    assert read_days("every 8 to 12 hours x 6 from 2 h after cells") == found
    assert read_days("every 8 to 12 hours x 6 from 2 h after cells ±1 h") == replace(found, window=around(1, unit="hours"))
    days = Window(frame="previous", first=3, last=4, unit="days")
    assert read_days("every 3 to 4 days x 2 from 1 day after last il2") == AfterActivity(
        count=1, unit="days", activity="il2", which="last", times=2, step=3, step_unit="days", rolling=days
    )


@pytest.mark.parametrize(
    ("text", "meaning"),
    table(
        ("every day x 7 after the first", on(*range(7))),
        ("every other day x 3 after the first", on(0, 2, 4)),
        ("every day for 5 days after the first", on(*range(5))),
        ("every month x 2 after the first", of(day(0), day(0, months=1))),
        ("every 2 days x 2 after the first ±1", of(day(0, around(1)), day(2, around(1)))),
        ("every 8 hours x 7 after the first", AfterActivity(count=0, unit="hours", activity="", times=7, step=8, step_unit="hours")),
    ),
)  # fmt: skip
def test_a_series_goes_on_from_a_first_dose_that_the_site_dates(text, meaning):
    assert read_series(text) == meaning


@pytest.mark.parametrize("text", ["every 2 days x 7 from +1", "+1, +3", "7 doses", "every 8 to 12 hours x 6 after the first"])
def test_what_does_not_go_on_from_a_first_dose_is_no_such_series(text):
    remedy = 'beside a parameter write "every 2 days x 7 after the first", or leave one of the two out'
    assert refusal(read_series, text) == (f"{text!r} does not go on from a first dose", remedy)


@pytest.mark.parametrize(
    ("text", "meaning"),
    table(
        ("1", on(0)),
        ("-1", on(-1)),
        ("-1 to 2", on(-1, 0, 1)),
        ("1, 8, 15", on(0, 7, 14)),
        ("1 to 21 every 10 days", on(0, 10, 20)),
        ("every 2 days x 3 from 1", on(0, 2, 4)),
        ("every month x 2 from 1", OnDays(occurrences=tuple(Occurrence(offset=0, months=m) for m in (0, 1)))),
    ),
)  # fmt: skip
def test_numbering_from_day_one_skips_day_zero(text, meaning):
    assert read_days(text, "day-one") == meaning


@pytest.mark.parametrize(
    ("text", "message", "remedy"),
    table(
        ("", "'' is not a day", DAYS_REMEDY),
        ("soon", "'soon' is not a day", DAYS_REMEDY),
        ("nan", "'nan' is not a day", DAYS_REMEDY),
        ("1.5", "'1.5' is not a day", DAYS_REMEDY),
        ("-5\u2013-3", "'-5--3' has a dash between two days", 'write "to" between them, such as "-5 to -3"'),
        ("5 - 7", "'5 - 7' has a dash between two days", 'write "to" between them, such as "-5 to -3"'),
        ("--5", "'--5' is not a day", DAYS_REMEDY),
        ("- 5", "'- 5' is not a day", DAYS_REMEDY),
        ("day -5", "'day -5' is not a day", DAYS_REMEDY),
        ("-5; -4", "'-5; -4' is not a day", DAYS_REMEDY),
        ("-5,, -4", "'' is not a day", DAYS_REMEDY),
        ("-5, -4,", "'' is not a day", DAYS_REMEDY),
        ("-5..-3", "'-5..-3' is not a day", DAYS_REMEDY),
        ("-5 to", "'-5 to' is not a day", DAYS_REMEDY),
        ("to -3", "'to -3' is not a day", DAYS_REMEDY),
        ("-5 to -3 to 0", "'-5 to -3 to 0' is not a day", DAYS_REMEDY),
        ("12345", "'12345' is not a day", DAYS_REMEDY),
        ("٥", "'٥' is not a day", DAYS_REMEDY),
        ("-5 and -4", "'-5 and -4' has “and” between two days", 'write a comma between them: "+1, +3, +5"'),
        ("within 24 hours after cells", "'within 24 hours after cells' does not say from when", 'write from when to when: "from 0 hours to 24 hours after cells"'),
        ("q8h x 3 from 4 h after cells", "'q8h x 3 from 4 h after cells' is not a series", 'write "every 8 hours x 3 from 4 h after cells"'),
        ("12-hourly x 3 from 4 h after cells", "'12-hourly x 3 from 4 h after cells' is not a series", 'write "every 12 hours x 3 from 4 h after cells"'),
        ("+28 +-3", "I don't understand '+-3' after the day", 'after the day I expect a window such as "±3" or "within +21 to +35"'),
        ("+28 ±3 h", "'+28 ±3 h' is missed by hours", 'a day without an hour has days: "±2"'),
        ("+28 within 3 to 5 weeks", "'+28 within 3 to 5 weeks' mixes days and distances", 'write two days: "+28 within +21 to +35"'),
        ("+28 within +29 to +35", "'+28 within +29 to +35' has its day outside the window", OUTSIDE),
        ("+7 ±1, +14, each ±2", "'+7 ±1, +14, each ±2' gives a day two windows", "leave one of them out"),
        ("+7, +14, each ±two", "I don't understand 'two' after “each ±”", 'write "+7, +14, each ±2"'),
        ("+1 to +13 evry 2 days", "I don't understand 'evry 2 days'", 'after the range I expect "every N days"'),
        ("+1 to +13 every 0 days", "I don't understand 'every 0 days'", 'after the range I expect "every N days"'),
        ("+1 to +13 every two days", "I don't understand 'every two days'", 'after the range I expect "every N days"'),
        ("+1 to +13 every 2 weeks", "I don't understand 'every 2 weeks'", 'after the range I expect "every N days"'),
        (
            "+1 to +14 every 2 days", "'+1 to +14 every 2 days' does not end on a day of its own",
            "from +1, every 2 days does not fall on +14; end the range on one of the days",
        ),
        ("-3 to -5", "'-3 to -5' runs backwards", "write the earlier day first"),
        ("0 to 0", "'0 to 0' runs backwards", "write the earlier day first"),
        ("-4, -5", "the days of '-4, -5' are not in order", "name each day once, earliest first"),
        ("-5, -5", "the days of '-5, -5' are not in order", "name each day once, earliest first"),
        ("-5 to -3, -4", "the days of '-5 to -3, -4' are not in order", "name each day once, earliest first"),
        ("-366", "day -366 is out of range", "days run from -365 to +3650"),
        ("+3651", "day +3651 is out of range", "days run from -365 to +3650"),
        ("0 to 9999", "day 9999 is out of range", "days run from -365 to +3650"),
        ("0 to +400", "'0 to +400' gives more than 400 days", "name fewer days"),
        ("every 2 days x 0 from +1", "'every 2 days x 0 from +1' gives no days", "repeat 1 to 400 times, at least 1 apart"),
        ("every 0 days x 7 from +1", "'every 0 days x 7 from +1' gives no days", "repeat 1 to 400 times, at least 1 apart"),
        ("every day x 401 from 0", "'every day x 401 from 0' gives no days", "repeat 1 to 400 times, at least 1 apart"),
        ("every day for 0 days from +1", "'every day for 0 days from +1' gives no days", "repeat 1 to 400 times, at least 1 apart"),
        ("every day for 2 months from +1", "'every day for 2 months from +1' fills months with days", "write how often: x 5"),
        ("every 2 days x 7", "'every 2 days x 7' does not say from when", FROM_REMEDY),
        ("every 2 days x 7 after the first", "'every 2 days x 7 after the first' does not say when the first is", 'write parameter = "…" beside it, by which the site dates the first; or "from +1"'),
        ("every 2 days from +1", "'every 2 days from +1' has no end", 'write how often ("x 14"), or how long ("for 5 days")'),
        ("every 2 days x 7 from soon", "'soon' is not a day", "write a day number such as -5, 0 or +28"),
        ("every 2 moons x 7 from +1", "'moons' is not a unit of time", UNIT_REMEDY),
        ("every 30 days x 200 from 0", "'every 30 days x 200 from 0' runs past day +3650", "repeat it less often"),
        ("yearly x 12 from 0", "'every year x 12 from 0' runs past day +3650", "repeat it less often"),
        ("every 8 hours x 14 from +1", "'+1' has no hour", HOUR_REMEDY),
        ("every 8 hours x 14 from cells", "'cells' has no hour", HOUR_REMEDY),
        ("every 8 hours x 14 from 2 days after cells", "'2 days after cells' has no hour", HOUR_REMEDY),
        ("every 2 days x 7 from 6 h after cells", "'6 h after cells' has an hour, the series has none", 'write "every day at that hour x 5 from …"'),
        ("4 h after", "'4 h after' is not a distance from an activity", AFTER_REMEDY),
        ("4 h after Cells", "'4 h after Cells' names no activity: an id has small letters", 'write "4 h after cells"'),
        ("every 8 hours x 3 from 4 h after last Cells", "'4 h after last Cells' names no activity: an id has small letters", 'write "4 h after last cells"'),
        ("4 h before cells", "'4 h before cells' counts back from an activity", BACK_REMEDY),
        ("3 days before cells", "'3 days before cells' counts back from an activity", BACK_REMEDY),
        ("+7, 2 days after cells", "'2 days after cells' cannot stand in a list", "what is counted from another activity is an entry of its own"),
        ("every 12 to 8 hours x 4 from 2 h after cells", "'every 12 to 8 hours x 4 from 2 h after cells' has no least and greatest interval", 'write the least first: "every 8 to 12 hours x 6 from …"'),
        ("every 8 to 12 hours for 2 days from 2 h after cells", "'every 8 to 12 hours for 2 days from 2 h after cells' fills its time by more than one number", "write how often: x 6"),
        ("every 3 to 4 days x 6 from +1", "'+1' is no activity", 'count from one: "every 3 to 4 days x 6 from 1 day after cells"'),
        ("from 6 h to 2 h after cells", "'from 6 h to 2 h after cells' has its day outside the window", OUTSIDE),
        ("from 3 days to 2 months after cells", "'from 3 days to 2 months after cells' has a window in two units", "write its first and its last day in one unit"),
        ("3 months after cells within 84 to 91 days", "'3 months after cells within 84 to 91 days' has its day outside the window", OUTSIDE),
        ("from 3 to 5 days after Cells", "'from 3 to 5 days after Cells' is not a distance from an activity", AFTER_REMEDY),
        ("28 days after cells ±2 h", "'28 days after cells ±2 h' is missed by hours", UNITS),
        ("4 h after cells ±1", "'4 h after cells ±1' does not say whether it is missed by hours or days", UNITS),
        ("28 days after cells within 30 to 35 days", "'28 days after cells within 30 to 35 days' has its day outside the window", OUTSIDE),
        ("28 days after cells within 21 to 35 days after il2", "'28 days after cells within 21 to 35 days after il2' has its window after something else", "count both from cells"),
        ("3 weeks after cells within 3 to 12", "'3 weeks after cells within 3 to 12' does not say in which unit its window is", 'write it: "3 weeks after cells within 3 to 12 weeks"'),
        ("28 days after cells within +21 to +35", "'28 days after cells within +21 to +35' mixes days and distances", OUTSIDE),
        ("4 weeks after cells within 1 to 3 months", "'4 weeks after cells within 1 to 3 months' has its day outside the window", OUTSIDE),
        ("every day x 3 from 1 day after cells within 1 to 2 days", "'every day x 3 from 1 day after cells within 1 to 2 days' has one window for several", 'write how far each may lie off: "±2"'),
        ("4 moons after cells", "'moons' is not a unit of time", UNIT_REMEDY),
        ("9999 h after cells", "9999 hours is out of range", "at most 8760 hours"),
        ("121 months after cells", "121 months is out of range", "at most 120 months"),
        ("11 years after cells", "11 years is out of range", "at most 10 years"),
    ),
)  # fmt: skip
def test_a_text_outside_the_grammar_of_days_is_refused(text, message, remedy):
    assert refusal(read_days, text) == (message, remedy)


def test_day_zero_is_refused_where_numbering_begins_with_day_one():
    said = "there is no day 0 in this protocol's numbering: -1 is followed by 1"
    assert refusal(read_days, "0", "day-one") == (said, "write day 1 for the first day of treatment")
    assert refusal(read_days, "-1 to 0", "day-one") == (said, "write day 1 for the first day of treatment")


def test_a_list_of_thousands_of_ranges_is_refused_at_once_and_in_few_words():
    began = clock.perf_counter()
    message, _ = refusal(read_days, ", ".join(["0 to 3650"] * 1_800))
    assert clock.perf_counter() - began < 2
    assert len(message) < 200


def test_two_words_that_say_the_same_give_the_same_days():
    assert read_days("+1 to +13 every 2 days") == read_days("every 2 days x 7 from +1")
    assert read_days("-5 to -3") == read_days("-5, -4, -3") == read_days("every day x 3 from -5")


# Windows -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "window"),
    table(("-7 to -1", (-7, -1)), ("\u22127 to 0", (-7, 0)), ("-1 to -1", (-1, -1)), ("+1 to +28", (1, 28))),
)
def test_a_window_is_its_first_and_last_day(text, window):
    assert read_window(text) == window


@pytest.mark.parametrize(
    ("text", "message", "remedy"),
    table(
        ("", "'' is not a window", WINDOW_REMEDY),
        ("-7", "'-7' is not a window", WINDOW_REMEDY),
        ("-7, -1", "'-7, -1' is not a window", WINDOW_REMEDY),
        ("within 7 days", "'within 7 days' is not a window", WINDOW_REMEDY),
        ("-7 to -1 every 2 days", "'-7 to -1 every 2 days' is not a window", WINDOW_REMEDY),
        ("-1 to -7", "'-1 to -7' runs backwards", "write the earlier day first"),
        ("-400 to -1", "day -400 is out of range", "days run from -365 to +3650"),
    ),
)
def test_a_text_that_is_no_window_is_refused(text, message, remedy):
    assert refusal(read_window, text) == (message, remedy)


def test_a_window_too_is_read_in_the_numbering_of_the_protocol():
    assert read_window("-7 to 1", "day-one") == (-7, 0)
    assert refusal(read_window, "-7 to 0", "day-one")[1] == "write day 1 for the first day of treatment"


# Bounds --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "point", "relation", "count", "unit", "anchor"),
    table(
        ("day-zero at least 29 days after gvhd-steroid-last", DAY_ZERO, "at least", 29, "days", KnownDatePoint("gvhd-steroid-last")),
        ("day-zero more than 2 months after transplant", DAY_ZERO, "more than", 2, "months", KnownDatePoint("transplant")),
        ("day-zero at most 48 hours after planned-day-zero", DAY_ZERO, "at most", 48, "hours", PLANNED_DAY_ZERO),
        ("day-zero less than 4 weeks after marrow", DAY_ZERO, "less than", 4, "weeks", KnownDatePoint("marrow")),
        ("day-zero at least 1 day after echo", DAY_ZERO, "at least", 1, "days", KnownDatePoint("echo")),
        ("day-zero at least 0 days after echo", DAY_ZERO, "at least", 0, "days", KnownDatePoint("echo")),
        ("fludarabine.first at least 2 years after x", FirstOf("fludarabine"), "at least", 2, "years", KnownDatePoint("x")),
        ("il2.last at most 1 h after fludarabine-2", LastOf("il2"), "at most", 1, "hours", OccurrencePoint("fludarabine", 2)),
        ("day-zero  at\u00a0least 29 days\nafter x", DAY_ZERO, "at least", 29, "days", KnownDatePoint("x")),
    ),
)  # fmt: skip
def test_a_bound_names_point_distance_and_anchor(text, point, relation, count, unit, anchor):
    assert read_bound(text) == Bound(point=point, relation=relation, count=count, unit=unit, anchor=anchor)


@pytest.mark.parametrize(
    ("text", "point"),
    [
        ("planned-day-zero", PLANNED_DAY_ZERO), ("day-zero", DAY_ZERO), ("marrow", KnownDatePoint("marrow")), ("il2.first", FirstOf("il2")),
        ("il2.last", LastOf("il2")), ("il2-3", OccurrencePoint("il2", 3)), ("car-t-cells-12", OccurrencePoint("car-t-cells", 12)),
        ("il2.each", EachOf("il2")), ("il2.last ends", EndOf(LastOf("il2"))), ("il2-3 ends", EndOf(OccurrencePoint("il2", 3))), ("day-zero ends", EndOf(DAY_ZERO)),
        ("lymphodepletion.completed", CompletionOf("lymphodepletion")), ("cycle-2", KnownDatePoint("cycle-2")), ("il2.frist", KnownDatePoint("il2.frist")),
    ],
)  # fmt: skip
def test_a_point_is_a_record_made_once_whose_text_is_its_notation(text, point):
    assert read_point(text, {"cycle-2": None, "marrow": None}) == point
    assert str(point) == text


def test_the_end_of_a_course_is_that_of_its_last_dose():
    assert read_point("il2.completed ends") == EndOf(LastOf("il2"))


@pytest.mark.parametrize("text", ["marrow ends", "planned-day-zero ends"])
def test_the_end_of_what_may_be_several_is_refused(text):
    name = text.removesuffix(" ends")
    remedy = f'write "{name}.first ends", "{name}.last ends" or "{name}-1 ends"'
    assert refusal(read_point, text) == (f"{text!r} does not say which one ends", remedy)


def test_points_of_several_kinds_are_never_the_same():
    kinds = (KnownDatePoint, FirstOf, LastOf, EachOf, CompletionOf)
    assert len({*(kind("il2") for kind in kinds), OccurrencePoint("il2", 1), DAY_ZERO, PLANNED_DAY_ZERO}) == 8


@pytest.mark.parametrize(
    "text",
    [
        "day-zero at least 29 days after x", "day-zero at most 1 day after x", "a.first more than 2 months after b-2",
        "day-zero more than 18 hours after a.last ends", "a.each ends at most 2 days after b.completed",
    ],
)
def test_a_bound_is_shown_as_it_was_written(text):
    assert str(read_bound(text)) == text


def test_the_end_of_a_point_may_be_said_in_two_ways():
    assert read_bound("day-zero at least 2 h after the end of a.last") == read_bound("day-zero at least 2 h after a.last ends")


@pytest.mark.parametrize(
    ("text", "remedy"),
    table(
        ("", BOUND_REMEDY),
        ("29 days after x", BOUND_REMEDY),
        ("day-zero 29 days after x", BOUND_REMEDY),
        ("day-zero at least twenty days after x", BOUND_REMEDY),
        ("day-zero at least 29 after x", BOUND_REMEDY),
        ("day-zero at least 29 days after", BOUND_REMEDY),
        ("day-zero at least 29 days after x or y", BOUND_REMEDY),
        ("day-zero >= 29 days after x", BOUND_REMEDY),
        ("day-zero not less than 29 days after x", BOUND_REMEDY),
        ("Day-Zero at least 29 days after x", BOUND_REMEDY),
        ("day-zero at least 29.5 days after x", BOUND_REMEDY),
        ("day-zero at least 123456 days after x", BOUND_REMEDY),
        ("il2.second at least 1 day after x", BOUND_REMEDY),
        ("il2 .last at least 1 day after x", BOUND_REMEDY),
        ("x at most 28 days before day-zero", BOUND_REMEDY + NO_BEFORE),
        ("transplant at least 2 months before fludarabine.first", BOUND_REMEDY + NO_BEFORE),
    ),
)
def test_a_text_that_is_no_bound_is_refused(text, remedy):
    assert refusal(read_bound, text) == (f"{text!r} is not a bound", remedy)


@pytest.mark.parametrize(
    ("text", "message", "remedy"),
    table(
        ("x at least 2 moons after y", "'moons' is not a unit of time", UNIT_REMEDY),
        (
            "day-zero at least -29 days after x", "'day-zero at least -29 days after x' has a negative number",
            'turn the sentence round: "x at most 29 days after day-zero"',
        ),
        ("x at least 87601 hours after y", "87601 hours is out of range", "at most 87600 hours"),
        ("x at least 36526 days after y", "36526 days is out of range", "at most 36525 days"),
        ("x at least 1201 months after y", "1201 months is out of range", "at most 1200 months"),
        ("x at least 101 years after y", "101 years is out of range", "at most 100 years"),
    ),
)
def test_a_bound_with_a_strange_distance_is_refused(text, message, remedy):
    assert refusal(read_bound, text) == (message, remedy)


@pytest.mark.parametrize(
    ("text", "count", "unit", "relation"),
    [
        ("at least 2 days", 2, "days", "at least"), ("at least 20 hours", 20, "hours", "at least"), ("at least 1 week", 7, "days", "at least"),
        ("at most 3 days", 3, "days", "at most"), ("more than 1 day", 2, "days", "at least"), ("less than 4 days", 3, "days", "at most"),
    ],
)  # fmt: skip
def test_a_distance_between_doses_is_the_least_or_the_greatest(text, count, unit, relation):
    assert read_apart(text) == Apart(count=count, unit=unit, relation=relation)


@pytest.mark.parametrize("text", ["", "2 days", "at least 0 days", "less than 1 day", "more than 20 hours", "at least 2 months"])
def test_a_text_that_is_no_distance_between_doses_is_refused(text):
    said = 'write "at least 2 days", "at least 20 hours" or "at most 3 days"'
    assert refusal(read_apart, text) == (f"{text!r} is not a distance", said)


# Clock times, ranges of dates, reminders -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "start", "end"),
    table(
        ("09:00", time(9), None), ("00:00", time(0), None), ("23:59", time(23, 59), None),
        ("09:00 to 10:30", time(9), time(10, 30)), (" 09:00  to 09:01 ", time(9), time(9, 1)),
        ("22:00 to 02:00", time(22), time(2)), ("22:00 to 24:00", time(22), time(0)), ("22:00 to 00:00", time(22), time(0)),
        ("10:30 to 09:00", time(10, 30), time(9)),
    ),
)  # fmt: skip
def test_a_clock_time_is_a_start_and_perhaps_an_end(text, start, end):
    assert read_clock_time(text) == ClockTime(start=start, end=end)


@pytest.mark.parametrize(
    ("text", "message", "remedy"),
    table(
        ("", "'' is not a time", CLOCK_REMEDY),
        ("9:00", "'9:00' is not a time", CLOCK_REMEDY),
        ("24:00", "'24:00' is not a time", CLOCK_REMEDY),
        ("09:60", "'09:60' is not a time", CLOCK_REMEDY),
        ("9 am", "'9 am' is not a time", CLOCK_REMEDY),
        ("09:00-10:30", "'09:00-10:30' is not a time", CLOCK_REMEDY),
        ("09:00 to", "'09:00 to' is not a time", CLOCK_REMEDY),
        ("09:00 to 25:00", "'25:00' is not a time", CLOCK_REMEDY),
        ("09:00 to 10:00 to 11:00", "'10:00 to 11:00' is not a time", CLOCK_REMEDY),
        ("09:00 to 09:00", "'09:00 to 09:00' ends when it starts", "leave the end out, or write a later one"),
        ("00:00 to 24:00", "'00:00 to 24:00' ends when it starts", "leave the end out, or write a later one"),
        ("24:00 to 02:00", "'24:00' is not a time", CLOCK_REMEDY),
    ),
)
def test_a_text_that_is_no_clock_time_is_refused(text, message, remedy):
    assert refusal(read_clock_time, text) == (message, remedy)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    table(
        ("2026-12-25", date(2026, 12, 25), date(2026, 12, 25)),
        ("2026-12-24 to 2027-01-01", date(2026, 12, 24), date(2027, 1, 1)),
        ("Thu 24-Dec-2026 to 1 January 2027", date(2026, 12, 24), date(2027, 1, 1)),
        ("2026-12-25 to 2026-12-25", date(2026, 12, 25), date(2026, 12, 25)),
    ),
)
def test_a_range_of_dates_has_both_ends(text, first, last):
    assert read_date_range(text) == (first, last)


@pytest.mark.parametrize(
    ("text", "message", "remedy"),
    table(
        ("", "'' is not a date that has one meaning", RANGE_REMEDY),
        ("Christmas", "'Christmas' is not a date that has one meaning", RANGE_REMEDY),
        ("2026-12-24 - 2027-01-01", "'2026-12-24 - 2027-01-01' is not a date that has one meaning", RANGE_REMEDY),
        ("2026-12-24 to", "'2026-12-24 to' is not a date that has one meaning", RANGE_REMEDY),
        ("2026-12-24 to 2026-12-32", "'2026-12-32' is not a real date", RANGE_REMEDY),
        ("2027-01-01 to 2026-12-24", "'2027-01-01 to 2026-12-24' runs backwards", "write the earlier date first"),
    ),
)
def test_a_text_that_is_no_range_of_dates_is_refused(text, message, remedy):
    assert refusal(read_date_range, text) == (message, remedy)


@pytest.mark.parametrize(
    ("text", "minutes"),
    table(
        ("1 minute before", 1), ("30 minutes before", 30), ("1 hour before", 60), ("15 hours before", 900),
        ("1 day before", 1440), ("14 days before", 20_160),
    ),
)  # fmt: skip
def test_a_reminder_is_minutes_before_the_start(text, minutes):
    assert read_alarm(text) == minutes


@pytest.mark.parametrize(
    "text",
    ["", "30", "30 minutes", "30 min before", "0 minutes before", "-5 minutes before", "15 days before", "1 week before",
     "30 minutes after", "half an hour before", "1.5 hours before"],
)  # fmt: skip
def test_a_text_that_is_no_reminder_is_refused(text):
    assert refusal(read_alarm, text) == (f"{text!r} is not a reminder", ALARM_REMEDY)
