"""Dates, day labels and counts as they are written and read back: the one notation of files, pages and calendars."""

import re
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta, timezone
from typing import Literal

from msgspec import Struct

MonthRule = Literal["next-first", "clamp"]
Unit = Literal["hours", "days", "weeks", "months", "years"]
Numbering = Literal["day-zero", "day-one"]

UNITS: tuple[Unit, ...] = ("hours", "days", "weeks", "months", "years")
FIRST_DATE = date(1900, 1, 1)
LAST_DATE = date(2199, 12, 31)

MINUS = "\u2212"
NO_BREAK = "\u00a0"
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
WEEKDAYS_IN_FULL = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS_IN_FULL = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def spell(day: date) -> str:
    """`Thu 12-Mar-2026`: how every date is shown to staff, whatever the machine's language."""
    return f"{WEEKDAYS[day.weekday()]} {day.day:02d}-{MONTHS[day.month - 1]}-{day.year:04d}"


def spell_day_month(day: date) -> str:
    """`12-Mar`: where the weekday and the year are told beside it."""
    return f"{day.day:02d}-{MONTHS[day.month - 1]}"


def spell_in_full(day: date) -> str:
    """`Thursday 12 March 2026`: how dates are shown to patients."""
    return f"{WEEKDAYS_IN_FULL[day.weekday()]} {day.day} {MONTHS_IN_FULL[day.month - 1]} {day.year}"


def spell_clock(at: datetime | time) -> str:
    """`10:00`, on the 24-hour clock; in the hour that the clocks of its zone show twice `01:30 (1st)` or `01:30
    (2nd)`. Where the zone is not known, the second alone can be told."""
    return f"{at:%H:%M} ({'2nd' if at.fold else '1st'})" if is_shown_twice(at) else f"{at:%H:%M}"


def is_shown_twice(at: datetime | time) -> bool:
    """Whether the clocks of its zone show that time twice; where the zone is not known, the second alone can tell."""
    if not isinstance(at, datetime) or at.tzinfo is None:
        return at.fold == 1
    first, second = (at.replace(fold=fold).utcoffset() or timedelta() for fold in (0, 1))
    return first > second


def spell_moment(moment: datetime) -> str:
    """`Thu 12-Mar-2026 10:00`: a date and its wall time."""
    return f"{spell(moment.date())} {spell_clock(moment)}"


def spell_span(first: date, last: date) -> str:
    """`Mon 18-May-2026 to Sun 14-Jun-2026`, or one date where the two are the same."""
    return spell(first) if first == last else f"{spell(first)} to {spell(last)}"


def spell_range(first: date | None, last: date | None) -> str:
    """The same for a range whose ends may be open: `from …`, `no later than …`, `any day`."""
    if first is not None and last is not None:
        return spell_span(first, last)
    if first is not None:
        return f"from {spell(first)}"
    return f"no later than {spell(last)}" if last is not None else "any day"


def day_number(offset: int, numbering: Numbering) -> int:
    """What a day is called that lies `offset` days from the anchor day: `day-one` numbering has no day 0."""
    return offset if numbering == "day-zero" or offset < 0 else offset + 1


def day_offset(number: int, numbering: Numbering) -> int:
    """The other way round. ValueError for day 0 in `day-one` numbering, which does not exist."""
    if numbering == "day-zero" or number < 0:
        return number
    if number == 0:
        raise ValueError("there is no day 0 in this protocol's numbering: -1 is followed by 1")
    return number - 1


def day_label(number: int, numbering: Numbering = "day-zero") -> str:
    """`Day −5`, `Day 0`, `Day +1`: with a real minus sign and a space that never breaks across lines."""
    return f"Day{NO_BREAK}{signed_number(number, numbering)}"


def signed_number(number: int, numbering: Numbering) -> str:
    """`−5`, `0`, `+1`: a day's number. In `day-one` numbering days after the anchor have no plus sign: `1`."""
    if number < 0:
        return f"{MINUS}{-number}"
    return f"+{number}" if number > 0 and numbering == "day-zero" else str(number)


class DayLabel(Struct, frozen=True, kw_only=True):
    """What a day is called: its `number`, in `cycle` where treatment comes again; 0: the days count through.

    `clock` is the title of the start date of the patient's that it counts from, where it is not day 0.
    As text: `Day −5`, `Cycle 2 Day 4`, `Day +30 (randomisation)`.
    """

    number: int
    numbering: Numbering = "day-zero"
    cycle: int = 0
    clock: str = ""

    def __str__(self) -> str:
        return self.bare if self.cycle else f"Day{NO_BREAK}{self.bare}"

    @property
    def bare(self) -> str:
        """`−5`, `+30 (randomisation)`: without the word Day; `Cycle 2 Day 4` is whole."""
        if self.cycle:
            return f"Cycle{NO_BREAK}{self.cycle}{NO_BREAK}{day_label(self.number, self.numbering)}"
        number = signed_number(self.number, self.numbering)
        return f"{number} ({self.clock})" if self.clock else number

    @property
    def brief(self) -> str:
        """`−5`, and `C2 D4` for `Cycle 2 Day 4`."""
        if not self.cycle:
            return self.bare
        return f"C{self.cycle}{NO_BREAK}D{signed_number(self.number, self.numbering)}"

    @property
    def within(self) -> str:
        """`day −5`: within a sentence."""
        return str(self).lower().replace(NO_BREAK, " ")


def plural(count: int, unit: str) -> str:
    """`1 day`, `3 days`, for a unit given in the plural."""
    return f"{count} {unit[:-1] if abs(count) == 1 else unit}"


def apart(relation: str, count: int, unit: str) -> str:
    """`at least 7 days apart`."""
    return f"{relation} {plural(count, unit)} apart"


def at_most_in(count: int, days: int) -> str:
    """`at most 2 in any 7 days`."""
    return f"at most {count} in any {plural(days, 'days')}"


def rest_days(count: int) -> str:
    """`2 rest days`."""
    return plural(count, "rest days")


def nearest(word: str, known: Iterable[str]) -> str:
    """`did you mean "…"?`, or the list of what is known."""
    import difflib  # only where something was written wrong

    known = sorted(known)
    close = difflib.get_close_matches(word, known, n=1, cutoff=0.6)
    if close:
        return f'did you mean "{close[0]}"?'
    return "known here: " + ", ".join(known) if known else "nothing is known here"


_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})\Z", re.ASCII)
_NAMED = r"(?:([A-Za-z]{3}),? )?(\d{1,2})[- ]([A-Za-z]{3,9})[- ](\d{4})"


def read_date(text: str) -> date:
    """The date in `2026-03-12`, `12-Mar-2026`, `Thu 12-Mar-2026` or `12 March 2026`; nothing that can be read two ways.

    ValueError, saying what to write, for anything else, for a date that does not exist, for a weekday that
    is not that date's, and outside 1900 to 2199.
    """
    text = text.strip()
    if match := _ISO.match(text):
        year, month, day = (int(part) for part in match.groups())
        weekday = None
    elif match := re.fullmatch(_NAMED, text, re.ASCII):
        weekday, month_name = match[1], match[3].capitalize()
        names = MONTHS if len(month_name) == 3 else MONTHS_IN_FULL
        if month_name not in names:
            raise ValueError(f"{match[3]!r} is not a month")
        year, month, day = int(match[4]), names.index(month_name) + 1, int(match[2])
    else:
        raise ValueError(f"{text[:40]!r} is not a date that has one meaning")
    try:
        found = date(year, month, day)
    except ValueError as error:
        raise ValueError(f"{text!r} is not a real date") from error
    if weekday is not None and weekday.capitalize() != WEEKDAYS[found.weekday()]:
        raise ValueError(f"{text!r}: that date is a {WEEKDAYS_IN_FULL[found.weekday()]}")
    if not FIRST_DATE <= found <= LAST_DATE:
        raise ValueError(f"{text!r} is outside 1900 to 2199")
    return found


def read_clock(text: str) -> time:
    """The wall time in `09:00`, on the 24-hour clock, `00:00` to `23:59`. ValueError for anything else."""
    if not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", text, re.ASCII):
        raise ValueError(f"{text[:20]!r} is not a time")
    return time(int(text[:2]), int(text[3:]))


def read_typed_clock(text: str) -> time:
    """The wall time as people write it: `0910`, `9.10`, `09:10`, `9h10`, `0910h`, each with one meaning. ValueError for
    anything else, such as `910` or `24:00`."""
    typed = re.sub(r"(?<=\d) ?h(?:rs)?$", "", text.strip().lower())
    found = re.fullmatch(r"(\d\d)(\d\d)|(\d\d?)[:.h](\d\d)", typed, re.ASCII)
    if found is None:
        raise ValueError(f"{text.strip()[:20]!r} is not a time")
    hour, minute = found[1] or found[3], found[2] or found[4]
    return read_clock(f"{int(hour):02d}:{minute}")


def spell_offset(count: int, unit: str = "days") -> str:
    """` − 5 days`, ` + 1 day`, and nothing for 0: what is added to an anchor."""
    if count == 0:
        return ""
    return f" {MINUS if count < 0 else '+'} {plural(abs(count), unit)}"


def spell_utc_offset(seconds: int) -> str:
    """`-0400`, `+0530`: an offset from UTC, in seconds east of it."""
    return f"{datetime(2000, 1, 1, tzinfo=timezone(timedelta(seconds=seconds))):%z}"
