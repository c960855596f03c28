"""The days on which a site works, and those on which it does not."""

from datetime import date
from functools import lru_cache

from schedule.model.case import Site
from schedule.model.reasons.days_off import DAYS_OF_WEEK, Closed, DayOff
from schedule.model.sizes import PIECES


@lru_cache(maxsize=PIECES)
def closed_because(site: Site, day: date) -> Closed | None:
    """Why the site does not work on a day, its own closures first; None for a working day."""
    for closure in site.closures:
        if closure.first <= day <= closure.last:
            return "holiday" if closure.holiday else "closure"
    return DAYS_OF_WEEK[day.weekday()] if day.weekday() in site.weekend else None


def working_days(site: Site, first: date, last: date) -> list[date]:
    """The days from `first` to `last`, both included, on which the site works."""
    days = (date.fromordinal(n) for n in range(first.toordinal(), last.toordinal() + 1))
    return [day for day in days if closed_because(site, day) is None]


def last_working_day(site: Site, first: date, last: date) -> date | None:
    """The last day from `first` to `last`, both included, on which the site works."""
    days = (date.fromordinal(n) for n in range(last.toordinal(), first.toordinal() - 1, -1))
    return next((day for day in days if closed_because(site, day) is None), None)


def why_off(site: Site, day: date, window: tuple[date, date] | None) -> tuple[DayOff, ...]:
    """Why the site does not work on a day, with the working days of the window, both ends included; else empty."""
    reason = closed_because(site, day)
    if reason is None:
        return ()
    return (DayOff(because=reason, instead=tuple(working_days(site, *window)) if window else None),)
