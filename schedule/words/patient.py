"""What the patient's own calendar says, in plain words."""

from datetime import date, datetime

from schedule.model.moment import Moment
from schedule.model.notation import is_shown_twice, spell_in_full

WORDS = (
    ("intravenous infusion", "a medicine or cells given slowly through a thin tube into a vein"),
    ("bone marrow examination", "a small sample is taken from inside a bone and looked at"),
    ("chimerism", "a test that shows how many of your blood cells come from the donor"),
    ("interleukin-2", "also called IL-2: a substance that the body's own immune cells make"),
    ("echocardiogram", "a picture of the heart, made with sound waves"),
)
"""Words of the record, and what they mean."""
NO_TIME_YET = "no time yet"


def day_of_your(infusion: str, zero: str) -> str:
    """The heading over day 0."""
    return f"The day of your {infusion} ({zero})"


def until_day(title: str, last: date) -> str:
    """A thing that goes on until a day, that day included."""
    return f"{title}, until {spell_in_full(last)}"


def time_of_day(at: datetime) -> str:
    """`9am`, `11:30am`, `8pm`, `midday`, `midnight`: how times are shown to patients; in the hour that the clocks show
    twice `1:30am (before the clocks go back)`."""
    if at.minute == 0 and at.hour in (0, 12):
        said = "midday" if at.hour else "midnight"
    else:
        minutes = f":{at.minute:02d}" if at.minute else ""
        said = f"{at.hour % 12 or 12}{minutes}{'am' if at.hour < 12 else 'pm'}"
    return f"{said} ({'after' if at.fold else 'before'} the clocks go back)" if is_shown_twice(at) else said


def clock_range(first: datetime, last: datetime | None) -> str:
    """From one time of day to another, where that is known."""
    return time_of_day(first) + (f" to {time_of_day(last)}" if last is not None else "")


def between(first: Moment | None, last: Moment | None) -> str:
    """When a test is to be arranged: `between Sunday 7 June 2026 and 10am on Friday 12 June 2026`."""
    if last is None:
        return "day to be told"
    if first is None or first.is_same(last) or (first.on == last.on and first.at is None):
        return f"by {_moment_in_full(last)}"
    return f"between {_moment_in_full(first)} and {_moment_in_full(last)}"


def _moment_in_full(moment: Moment) -> str:
    """`10am on Friday 12 June 2026`, without the time where none is known."""
    day = spell_in_full(moment.on)
    return f"{time_of_day(moment.at)} on {day}" if moment.at is not None else day
