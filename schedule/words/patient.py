"""What the patient's own calendar says, in plain words."""

from datetime import date

from schedule.model.notation import spell_in_full

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


def clock_range(first: str, last: str) -> str:
    """From one time of day to another."""
    return f"{first} to {last}"


def between(first: date | None, last: date | None) -> str:
    """When a test is to be arranged."""
    if first is not None and last is not None and first != last:
        return f"between {spell_in_full(first)} and {spell_in_full(last)}"
    return f"by {spell_in_full(last)}" if last is not None else "day to be told"
