"""Why a day is none on which the site works."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from schedule.model.reasons import Reason

Closed = Literal["Saturday", "Sunday", "holiday", "closure"]
"""A weekend, or what the site file says: a holiday, or another closure of the site."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DayOff(Reason):
    """An event lies on such a day. `instead` are the working days of its window, maybe none; None where it has no
    window.
    """

    because: Closed
    instead: tuple[date, ...] | None = None
