"""Why a day is none on which the site works."""

from datetime import date
from typing import Literal, get_args

from schedule.model.reasons import Reason

Closed = Literal["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday", "holiday", "closure"]
"""A day of the site's weekend, or what the site file says: a holiday, or another closure of the site."""
DAYS_OF_WEEK: tuple[Closed, ...] = get_args(Closed)[:7]


def is_weekend(closed: Closed) -> bool:
    """Whether the site does not work that day because of the weekday."""
    return closed in DAYS_OF_WEEK


class DayOff(Reason, frozen=True, kw_only=True):
    """An event lies on such a day. `instead` are the working days of its window, maybe none; None where it has no
    window.
    """

    because: Closed
    instead: tuple[date, ...] | None = None
