"""Dates, months, wall times and spellings against oracles that share no code with the program.

The calendar's oracle walks from day to day by a hand-made table of month lengths and counts days as integers (the
days-from-civil algorithm); the clock's oracle goes the other way round, from every quarter hour of UTC to the wall.
"""

import zoneinfo
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schedule.model import dates, notation
from schedule.model.reasons.wall_times import Skipped
from schedule.words.dates import wall_time_in_words

NEW_YORK = dates.zone("America/New_York")
LENGTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
WEEKDAY_NAMES = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTH_NAMES = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
LONG_MONTH_NAMES = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


# The oracles ---------------------------------------------------------------------------------------------------------


def length_of(year, month):
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return 29 if month == 2 and leap else LENGTHS[month - 1]


def walk(first_year, last_year):
    """Every (year, month, day) of these years, in order."""
    return [
        (year, month, day)
        for year in range(first_year, last_year + 1)
        for month in range(1, 13)
        for day in range(1, length_of(year, month) + 1)
    ]


def days_from_civil(year, month, day):
    """Days since 1-Mar of year 0 in whole numbers: years that begin in March have their leap day last."""
    year -= month < 3
    return 365 * year + year // 4 - year // 100 + year // 400 + (153 * ((month - 3) % 12) + 2) // 5 + day - 1


def weekday_of(year, month, day):
    """0 for Monday. 1-Jan-2000 was a Saturday."""
    return (days_from_civil(year, month, day) - days_from_civil(2000, 1, 1) + 5) % 7


def months_later(day, count, rule):
    """Counts months in a table; a day that the month lacks becomes the next month's first, or the month's last."""
    index = day.year * 12 + day.month - 1 + count
    year, month = index // 12, index % 12 + 1
    if day.day <= length_of(year, month):
        return date(year, month, day.day)
    if rule == "clamp":
        return date(year, month, length_of(year, month))
    return date(year + month // 12, month % 12 + 1, 1)


# Days and weeks ------------------------------------------------------------------------------------------------------


def test_the_two_calendar_oracles_agree():
    numbers = [days_from_civil(*day) for day in walk(1999, 2102)]
    assert numbers == list(range(numbers[0], numbers[0] + len(numbers)))


def test_every_offset_from_60_before_to_400_after_every_day_of_the_century_gives_the_right_date():
    calendar = [date(*day) for day in walk(1999, 2102)]
    first, last = calendar.index(date(2000, 1, 1)), calendar.index(date(2099, 12, 31))
    assert last - first + 1 == 36_525
    offsets, add = range(-60, 401), dates.add
    wrong = [
        calendar[n]
        for n in range(first, last + 1)
        if [add(calendar[n], offset, "days", "next-first") for offset in offsets] != calendar[n - 60 : n + 401]
    ]
    assert wrong == []


def test_weeks_are_seven_days_and_ordinals_agree_with_the_day_count():
    zero = days_from_civil(1, 1, 1) - 1
    for day in walk(2019, 2033):
        at, ordinal = date(*day), days_from_civil(*day) - zero
        for count in (-8, -1, 0, 1, 2, 4, 8, 52):
            later = dates.add(at, count, "weeks", "clamp")
            assert days_from_civil(later.year, later.month, later.day) - zero == ordinal + 7 * count
            assert dates.add_to_ordinal(ordinal, count, "weeks", "clamp") == ordinal + 7 * count
        assert dates.add_to_ordinal(ordinal, -57, "days", "next-first") == ordinal - 57


def test_hours_are_not_added_to_a_date():
    with pytest.raises(ValueError, match=r"\Ahours are added to a moment, not to a date\Z"):
        dates.add(date(2026, 6, 15), 48, "hours", "next-first")


# Months and years ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "count", "next_first", "clamp"),
    [
        pytest.param((2025, 12, 31), 2, (2026, 3, 1), (2026, 2, 28), id="31 December + 2, common year"),
        pytest.param((2027, 12, 31), 2, (2028, 3, 1), (2028, 2, 29), id="31 December + 2, leap year"),
        pytest.param((2027, 12, 29), 2, (2028, 2, 29), (2028, 2, 29), id="29 December + 2, leap year"),
        pytest.param((2026, 1, 1), 2, (2026, 3, 1), (2026, 3, 1), id="1 January + 2"),
        pytest.param((2026, 7, 1), 2, (2026, 9, 1), (2026, 9, 1), id="1 July + 2"),
        pytest.param((2026, 7, 31), 2, (2026, 10, 1), (2026, 9, 30), id="31 July + 2"),
        pytest.param((2026, 8, 31), 2, (2026, 10, 31), (2026, 10, 31), id="31 August + 2"),
        pytest.param((2026, 10, 31), 4, (2027, 3, 1), (2027, 2, 28), id="31 October + 4"),
        pytest.param((2026, 6, 28), 4, (2026, 10, 28), (2026, 10, 28), id="28 June + 4"),
        pytest.param((2026, 10, 31), 1, (2026, 12, 1), (2026, 11, 30), id="31 October + 1"),
        pytest.param((2026, 4, 30), 2, (2026, 6, 30), (2026, 6, 30), id="a month end does not become the next month end"),
        pytest.param((2028, 2, 29), 12, (2029, 3, 1), (2029, 2, 28), id="leap day + 12"),
        pytest.param((2028, 2, 29), 48, (2032, 2, 29), (2032, 2, 29), id="leap day + 48"),
        pytest.param((2096, 2, 29), 48, (2100, 3, 1), (2100, 2, 28), id="2100 is no leap year"),
        pytest.param((2026, 3, 31), -1, (2026, 3, 1), (2026, 2, 28), id="31 March - 1"),
    ],
)
def test_months_are_counted_in_the_calendar_not_in_days(start, count, next_first, clamp):
    assert dates.add(date(*start), count, "months", "next-first") == date(*next_first)
    assert dates.add(date(*start), count, "months", "clamp") == date(*clamp)


@pytest.mark.parametrize("rule", ["next-first", "clamp"])
def test_every_month_end_from_2000_to_2050_plus_1_to_24_months_is_right(rule):
    ends = [date(y, m, d) for y, m, d in walk(2000, 2050) if d == length_of(y, m)]
    assert len(ends) == 612
    wrong = [
        (end, count)
        for end in ends
        for count in range(1, 25)
        if dates.add(end, count, "months", rule) != months_later(end, count, rule)
    ]
    assert wrong == []


@pytest.mark.parametrize("rule", ["next-first", "clamp"])
def test_every_day_of_five_years_plus_1_to_24_months_is_right_and_keeps_the_order(rule):
    calendar = [date(*day) for day in walk(2023, 2028)]
    for count in range(1, 25):
        found = [dates.add(day, count, "months", rule) for day in calendar]
        assert found == [months_later(day, count, rule) for day in calendar]
        assert all(earlier <= later for earlier, later in pairwise(found))


@given(
    st.dates(date(1950, 1, 1), date(2149, 12, 31)), st.integers(-600, 600),
    st.sampled_from(["next-first", "clamp"]), st.booleans(),
)  # fmt: skip
def test_any_number_of_months_or_years_agrees_with_the_table_of_months(day, count, rule, yearly):
    if yearly:
        count //= 12
    expected = months_later(day, 12 * count if yearly else count, rule)
    assert dates.add(day, count, "years" if yearly else "months", rule) == expected
    ordinal = dates.add_to_ordinal(day.toordinal(), count, "years" if yearly else "months", rule)
    assert date.fromordinal(ordinal) == expected


# Wall times ----------------------------------------------------------------------------------------------------------

QUARTER = 15 * 60
START, END = (int(datetime(year, 1, 1, tzinfo=UTC).timestamp()) for year in (2020, 2041))
HALF_HOURS = [(hour, minute) for hour in range(24) for minute in (0, 30)]


def wall_at(second, where):
    """The wall time at a moment of UTC: the direction in which nothing is ever missing or doubled."""
    return datetime.fromtimestamp(second, where).replace(tzinfo=None, fold=0)


def transition_days(where):
    """Every local date from 2020 to 2040 on which the offset from UTC changes, found by sampling through UTC."""
    found, step = set(), 86_400
    offset = datetime.fromtimestamp(START, where).utcoffset()
    for second in range(START, END, step):
        later = datetime.fromtimestamp(second + step, where).utcoffset()
        if later != offset:
            before, after = second, second + step
            while after - before > 60:
                middle = (before + after) // 2
                if datetime.fromtimestamp(middle, where).utcoffset() == offset:
                    before = middle
                else:
                    after = middle
            found |= {wall_at(before, where).date(), wall_at(after, where).date()}
            offset = later
    return sorted(found)


def moments_around(day, where):
    """Moments of UTC -> the wall times of the clocks then, every quarter hour from 27 hours before noon to 53 after.

    All offsets of these years are whole quarter hours, so no half hour on the wall can fall between two tries.
    """
    noon = int(datetime(day.year, day.month, day.day, 12, tzinfo=UTC).timestamp())
    tried = range(noon - 27 * 3600, noon + 53 * 3600, QUARTER)
    moments = {second: datetime.fromtimestamp(second, where) for second in tried}
    assert {(moment.minute % 15, moment.second) for moment in moments.values()} == {(0, 0)}
    return moments


def wall_times_gone_wrong(day, where, counts):
    """Every half hour of the day, read by the program and by the oracle; what differs."""
    moments, wrong, shown = moments_around(day, where), [], {}
    walls = {second: moment.replace(tzinfo=None, fold=0) for second, moment in moments.items()}
    for second in list(walls)[: 55 * 4]:  # until 28 hours after noon
        shown.setdefault(walls[second], []).append(second)
    for hour, minute in HALF_HOURS:
        clock = time(hour, minute)
        expected = shown.get(datetime.combine(day, clock), [])
        try:
            found = [int(dates.at_wall_time(day, clock, where).timestamp())]
        except dates.WallTimeError as error:
            kind = "does not exist" if isinstance(error.fault, Skipped) else "happens twice"
            counts[kind] += 1
            offsets = [moments[second].utcoffset() for second in expected]
            found = [int(dates.at_wall_time(day, clock, where, offset).timestamp()) for offset in offsets]
            if kind != ("happens twice" if len(expected) == 2 else "does not exist"):
                wrong.append((where.key, day, clock, kind))
        else:
            counts["right"] += 1
        if found != expected:
            wrong.append((where.key, day, clock, found, expected))
    for wall, (second, *_) in shown.items():
        later, due = dates.add_hours(moments[second], 25), second + 25 * 3600
        if int(later.timestamp()) != due or later.replace(tzinfo=None, fold=0) != walls[due]:
            wrong.append((where.key, wall, "25 hours later", later))
    return wrong


def test_every_half_hour_of_every_transition_day_in_every_zone_is_read_right_or_refused():
    counts = {"right": 0, "does not exist": 0, "happens twice": 0}
    sweep = [
        (day, where)
        for where in (zoneinfo.ZoneInfo(name) for name in sorted(zoneinfo.available_timezones()))
        for day in transition_days(where)
    ]
    wrong = [fault for day, where in sweep for fault in wall_times_gone_wrong(day, where, counts)]
    assert wrong[:10] == []
    assert len(sweep) > 7_000
    assert counts["right"] > 300_000
    assert counts["does not exist"] > 5_000
    assert counts["happens twice"] > 5_000


@pytest.mark.parametrize(
    ("day", "clock", "where", "message"),
    [
        pytest.param(
            date(2026, 3, 8), time(2, 30), "America/New_York",
            "02:30 on Sun 08-Mar-2026 does not exist in America/New_York: the clocks are put forward", id="New York, spring",
        ),
        pytest.param(
            date(2026, 11, 1), time(1, 30), "America/New_York",
            "01:30 on Sun 01-Nov-2026 happens twice in America/New_York: the clocks are put back", id="New York, autumn",
        ),
        pytest.param(
            date(2026, 3, 29), time(2, 0), "Europe/Berlin",
            "02:00 on Sun 29-Mar-2026 does not exist in Europe/Berlin: the clocks are put forward", id="Berlin, spring",
        ),
        pytest.param(
            date(2026, 10, 25), time(2, 59), "Europe/Berlin",
            "02:59 on Sun 25-Oct-2026 happens twice in Europe/Berlin: the clocks are put back", id="Berlin, autumn",
        ),
        pytest.param(
            date(2026, 10, 4), time(2, 15), "Australia/Lord_Howe",
            "02:15 on Sun 04-Oct-2026 does not exist in Australia/Lord_Howe: the clocks are put forward",
            id="Lord Howe, half an hour forward",
        ),
        pytest.param(
            date(2026, 4, 5), time(1, 45), "Australia/Lord_Howe",
            "01:45 on Sun 05-Apr-2026 happens twice in Australia/Lord_Howe: the clocks are put back",
            id="Lord Howe, half an hour back",
        ),
        pytest.param(
            date(2011, 12, 30), time(10, 0), "Pacific/Apia",
            "10:00 on Fri 30-Dec-2011 does not exist in Pacific/Apia: the clocks are put forward", id="Apia's missing day",
        ),
    ],
)  # fmt: skip
def test_a_wall_time_that_is_missing_or_doubled_is_refused(day, clock, where, message):
    with pytest.raises(dates.WallTimeError) as raised:
        dates.at_wall_time(day, clock, dates.zone(where))
    assert wall_time_in_words(raised.value.fault) == message


@pytest.mark.parametrize(
    ("day", "clock", "where", "offset", "utc"),
    [
        pytest.param(date(2026, 11, 1), time(1, 30), "America/New_York", -4, datetime(2026, 11, 1, 5, 30), id="daylight time"),
        pytest.param(date(2026, 11, 1), time(1, 30), "America/New_York", -5, datetime(2026, 11, 1, 6, 30), id="standard time"),
        pytest.param(date(2026, 11, 1), time(0, 59), "America/New_York", None, datetime(2026, 11, 1, 4, 59), id="a minute before"),
        pytest.param(date(2026, 11, 1), time(2, 0), "America/New_York", None, datetime(2026, 11, 1, 7, 0), id="at its end"),
        pytest.param(date(2026, 3, 8), time(1, 59), "America/New_York", None, datetime(2026, 3, 8, 6, 59), id="before the gap"),
        pytest.param(date(2026, 3, 8), time(3, 0), "America/New_York", None, datetime(2026, 3, 8, 7, 0), id="after the gap"),
        pytest.param(date(2026, 6, 15), time(9, 0), "Asia/Kolkata", 5.5, datetime(2026, 6, 15, 3, 30), id="Kolkata"),
        pytest.param(date(2026, 6, 15), time(0, 0), "Pacific/Apia", None, datetime(2026, 6, 14, 11, 0), id="Apia"),
    ],
)  # fmt: skip
def test_a_wall_time_is_one_moment_and_an_offset_settles_a_doubled_one(day, clock, where, offset, utc):
    hours = None if offset is None else timedelta(hours=offset)
    assert dates.at_wall_time(day, clock, dates.zone(where), hours).astimezone(UTC).replace(tzinfo=None) == utc


def test_an_offset_that_the_zone_does_not_have_then_is_refused():
    with pytest.raises(dates.WallTimeError) as raised:
        dates.at_wall_time(date(2026, 6, 15), time(10, 0), NEW_YORK, timedelta(hours=-5))
    assert wall_time_in_words(raised.value.fault) == "10:00 on Mon 15-Jun-2026 in America/New_York is -0400 from UTC, not as written"


@pytest.mark.parametrize("offset", [0, -3, -6], ids=["UTC", "too far east", "too far west"])
def test_an_offset_that_fits_neither_of_two_moments_settles_nothing(offset):
    with pytest.raises(dates.WallTimeError):
        dates.at_wall_time(date(2026, 11, 1), time(1, 30), NEW_YORK, timedelta(hours=offset))


@pytest.mark.parametrize(
    ("start", "end", "offset"),
    [
        pytest.param((2026, 3, 7, 10, 0), (2026, 3, 9, 11, 0), -4, id="an hour later by the clock in spring"),
        pytest.param((2026, 10, 31, 10, 0), (2026, 11, 2, 9, 0), -5, id="an hour earlier by the clock in autumn"),
        pytest.param((2026, 10, 30, 1, 30), (2026, 11, 1, 1, 30), -4, id="daylight time, not standard"),
        pytest.param((2026, 3, 6, 2, 30), (2026, 3, 8, 3, 30), -4, id="over the jump"),
        pytest.param((2026, 10, 30, 2, 30), (2026, 11, 1, 1, 30), -5, id="the second half past one"),
        pytest.param((2026, 6, 15, 10, 0), (2026, 6, 17, 10, 0), -4, id="no clock change"),
    ],
)
def test_48_elapsed_hours_go_through_utc(start, end, offset):
    day, clock = date(*start[:3]), time(*start[3:])
    found = dates.add_hours(dates.at_wall_time(day, clock, NEW_YORK), 48)
    assert (found.replace(tzinfo=None, fold=0), found.utcoffset()) == (datetime(*end), timedelta(hours=offset))
    assert found.tzinfo is NEW_YORK


@pytest.mark.parametrize(
    "name",
    ["America", "Mars/Olympus", "", ".", "..", "../../etc/passwd", "/etc/localtime", "tzdata.zi", "Europe/Berlin\0", "x" * 300],
    ids=["a folder", "unknown", "empty", "dot", "dots", "outside", "absolute", "no zone file", "null byte", "long"],
)
def test_a_name_that_is_no_zone_is_refused(name):
    with pytest.raises(ValueError) as raised:
        dates.zone(name)
    assert raised.value.args == (name,)


# Spelling and reading ------------------------------------------------------------------------------------------------


def test_every_date_of_the_century_is_spelt_right_and_read_back():
    wrong = []
    for year, month, day in walk(2000, 2099):
        at, named = date(year, month, day), f"{day:02d}-{MONTH_NAMES[month - 1]}-{year}"
        spelt = f"{WEEKDAY_NAMES[weekday_of(year, month, day)]} {named}"
        texts = (spelt, named, f"{year}-{month:02d}-{day:02d}", f"{day} {LONG_MONTH_NAMES[month - 1]} {year}")
        if notation.spell(at) != spelt or [notation.read_date(text) for text in texts] != [at] * 4:
            wrong.append(at)
    assert wrong == []


def test_every_date_of_the_century_is_spelt_in_full_for_patients():
    long_names = {"Mon": "Monday", "Tue": "Tuesday", "Wed": "Wednesday", "Thu": "Thursday", "Fri": "Friday", "Sat": "Saturday"}
    for year, month, day in walk(2000, 2099):
        weekday = long_names.get(WEEKDAY_NAMES[weekday_of(year, month, day)], "Sunday")
        assert notation.spell_in_full(date(year, month, day)) == f"{weekday} {day} {LONG_MONTH_NAMES[month - 1]} {year}"


@pytest.mark.parametrize(
    ("text", "day"),
    [
        pytest.param("2026-03-12", (2026, 3, 12), id="as TOML writes it"),
        pytest.param("12-Mar-2026", (2026, 3, 12), id="as staff write it"),
        pytest.param("Thu 12-Mar-2026", (2026, 3, 12), id="with its weekday"),
        pytest.param("Thu, 12-Mar-2026", (2026, 3, 12), id="with a comma"),
        pytest.param("thu 12-mar-2026", (2026, 3, 12), id="in small letters"),
        pytest.param("12 March 2026", (2026, 3, 12), id="with the month in full"),
        pytest.param("5-May-2026", (2026, 5, 5), id="one digit"),
        pytest.param("  2026-03-12\n", (2026, 3, 12), id="blanks around"),
        pytest.param("29-Feb-2028", (2028, 2, 29), id="leap day"),
        pytest.param("1900-01-01", (1900, 1, 1), id="first"),
        pytest.param("2199-12-31", (2199, 12, 31), id="last"),
    ],
)
def test_a_date_with_one_meaning_is_read(text, day):
    assert notation.read_date(text) == date(*day)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param("", "'' is not a date that has one meaning", id="empty"),
        pytest.param("03/04/2026", "'03/04/2026' is not a date that has one meaning", id="March or April"),
        pytest.param("12.03.2026", "'12.03.2026' is not a date that has one meaning", id="dots"),
        pytest.param("12-03-2026", "'12-03-2026' is not a date that has one meaning", id="numbers only"),
        pytest.param("26-03-12", "'26-03-12' is not a date that has one meaning", id="two-digit year"),
        pytest.param("12-Mar-26", "'12-Mar-26' is not a date that has one meaning", id="two-digit year after a month"),
        pytest.param("2026-3-12", "'2026-3-12' is not a date that has one meaning", id="one-digit month"),
        pytest.param("20260312", "'20260312' is not a date that has one meaning", id="run together"),
        pytest.param("2026-03-12T10:00", "'2026-03-12T10:00' is not a date that has one meaning", id="with an hour"),
        pytest.param("tomorrow", "'tomorrow' is not a date that has one meaning", id="a word"),
        pytest.param("nan", "'nan' is not a date that has one meaning", id="nan"),
        pytest.param("٢٠٢٦-٠٣-١٢", "'٢٠٢٦-٠٣-١٢' is not a date that has one meaning", id="digits of another script"),
        pytest.param("9" * 100, f"'{'9' * 40}' is not a date that has one meaning", id="shown shortened"),
        pytest.param("2026-02-30", "'2026-02-30' is not a real date", id="30 February"),
        pytest.param("2027-02-29", "'2027-02-29' is not a real date", id="no leap year"),
        pytest.param("29-Feb-2100", "'29-Feb-2100' is not a real date", id="2100"),
        pytest.param("2026-13-01", "'2026-13-01' is not a real date", id="month 13"),
        pytest.param("0-Mar-2026", "'0-Mar-2026' is not a real date", id="day 0"),
        pytest.param("12-Mrz-2026", "'Mrz' is not a month", id="German"),
        pytest.param("12 Sept 2026", "'Sept' is not a month", id="another short form"),
        pytest.param("Fri 12-Mar-2026", "'Fri 12-Mar-2026': that date is a Thursday", id="wrong weekday"),
        pytest.param("Don 12-Mar-2026", "'Don 12-Mar-2026': that date is a Thursday", id="no weekday"),
        pytest.param("1899-12-31", "'1899-12-31' is outside 1900 to 2199", id="too early"),
        pytest.param("2200-01-01", "'2200-01-01' is outside 1900 to 2199", id="too late"),
    ],
)
def test_a_text_that_is_no_date_is_refused(text, message):
    with pytest.raises(ValueError) as raised:
        notation.read_date(text)
    assert str(raised.value) == message


def test_every_minute_of_the_24_hour_clock_is_read():
    for hour in range(24):
        for minute in range(60):
            assert notation.read_clock(f"{hour:02d}:{minute:02d}") == time(hour, minute)


@pytest.mark.parametrize(
    "text", ["", "9:00", "24:00", "23:60", "09.00", "0900", "09:00:00", "9 am", "09:00\n", "٠٩:٠٠", "-1:00", " 09:00"]
)
def test_a_text_that_is_no_clock_time_is_refused(text):
    with pytest.raises(ValueError) as raised:
        notation.read_clock(text)
    assert str(raised.value) == f"{text!r} is not a time"


def test_spans_and_ranges_are_spelt_with_both_ends():
    first, last = date(2026, 5, 18), date(2026, 6, 14)
    assert notation.spell_span(first, last) == "Mon 18-May-2026 to Sun 14-Jun-2026"
    assert notation.spell_span(first, first) == "Mon 18-May-2026"
    assert notation.spell_range(first, last) == "Mon 18-May-2026 to Sun 14-Jun-2026"
    assert notation.spell_range(first, None) == "from Mon 18-May-2026"
    assert notation.spell_range(None, last) == "no later than Sun 14-Jun-2026"
    assert notation.spell_range(None, None) == "any day"
    assert notation.spell_moment(datetime(2026, 3, 12, 7, 5)) == "Thu 12-Mar-2026 07:05"


@pytest.mark.parametrize(
    ("offset", "number", "label"),
    [(-5, -5, "Day\u00a0\u22125"), (-1, -1, "Day\u00a0\u22121"), (0, 0, "Day\u00a00"), (1, 1, "Day\u00a0+1"), (28, 28, "Day\u00a0+28")],
)
def test_days_around_day_zero_are_numbered_and_labelled(offset, number, label):
    assert notation.day_number(offset, "day-zero") == number
    assert notation.day_offset(number, "day-zero") == offset
    assert notation.day_label(number) == label


@pytest.mark.parametrize(
    ("offset", "number", "label"),
    [(-5, -5, "Day\u00a0\u22125"), (-1, -1, "Day\u00a0\u22121"), (0, 1, "Day\u00a01"), (1, 2, "Day\u00a02"), (27, 28, "Day\u00a028")],
)
def test_numbering_from_day_one_has_no_day_zero(offset, number, label):
    assert notation.day_number(offset, "day-one") == number
    assert notation.day_offset(number, "day-one") == offset
    assert notation.day_label(number, "day-one") == label


def test_day_zero_does_not_exist_in_numbering_from_day_one():
    with pytest.raises(ValueError) as raised:
        notation.day_offset(0, "day-one")
    assert str(raised.value) == "there is no day 0 in this protocol's numbering: -1 is followed by 1"


@pytest.mark.parametrize(
    ("count", "unit", "text"), [(1, "days", "1 day"), (0, "days", "0 days"), (3, "weeks", "3 weeks"), (-1, "months", "-1 month")]
)
def test_units_agree_with_their_number(count, unit, text):
    assert notation.plural(count, unit) == text
