"""Times as they are typed on the command line: a date, an hour, and an offset from UTC where the clocks need one."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import click

from schedule.model.case import Site
from schedule.model.dates import WallTimeError, at_wall_time
from schedule.model.errors import InputError, Mistake, Where
from schedule.model.moment import Moment
from schedule.model.notation import read_date, read_typed_clock
from schedule.model.plan import Plan
from schedule.service.inputs import site_time
from schedule.words.dates import wall_time_in_words

_TYPED = re.compile(r"(.+?)(?:[T ](\d\d?[:.h]\d\d|\d{4})(?:([+-])([01]\d|2[0-3]):?([0-5]\d)|(Z))?)?", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class TypedTime:
    """A date, the hour if one was typed, and its offset from UTC if that was."""

    on: date
    clock: time | None = None
    offset: timedelta | None = None

    @property
    def wall(self) -> datetime:
        """The wall time; 00:00 where no hour was typed."""
        return datetime.combine(self.on, self.clock or time.min)

    def moment(self, where: ZoneInfo | None, key: str, remedy: str = "amend the plan with a site file") -> Moment:
        """The same in the site's zone. InputError, naming `key`, for an hour that the clocks do not show once; and for
        one where no zone is known, with the `remedy`."""
        if self.clock is None:
            return Moment(on=self.on)
        if where is None:
            raise InputError(
                Mistake(place=Where(file=key), message="an hour needs the site's time zone", remedy=remedy)
            )
        try:
            at = at_wall_time(self.on, self.clock, where, self.offset)
        except WallTimeError as error:
            message = wall_time_in_words(error.fault)
            remedy = "write a time that the clocks show once, or add its offset"
            raise InputError(Mistake(place=Where(file=key), message=message, remedy=remedy)) from error
        return Moment(on=self.on, at=at, pinned=self.offset is not None)


def typed_time(text: str) -> TypedTime:
    """What was typed: `2026-06-15`, `2026-06-15 10:00`, `2026-06-15 0910` or `2026-11-01 01:30-05:00`. ValueError for
    anything else."""
    found = _TYPED.fullmatch(text.strip())
    if found is None or found[2] is None or _ends_with_a_year(text):
        return TypedTime(on=read_date(text))
    day, clock, sign, hours, minutes, is_utc = found.groups()
    offset = timedelta(0) if is_utc else None
    if sign is not None:
        offset = timedelta(hours=int(hours), minutes=int(minutes)) * (-1 if sign == "-" else 1)
    return TypedTime(on=read_date(day), clock=read_typed_clock(clock), offset=offset)


def _ends_with_a_year(text: str) -> bool:
    """Whether the four digits at its end are a year, not an hour: `12 March 2026`."""
    return re.search(r"\d{1,2}[- ][A-Za-z]+[- ]\d{4}\s*\Z", text, re.ASCII) is not None


def read_time(text: str) -> TypedTime:
    """The same; a usage error for anything else."""
    try:
        return typed_time(text)
    except ValueError as error:
        raise click.BadParameter(f"{error}; write 2026-06-15 or '2026-06-15 10:00'") from error


class When(click.ParamType["TypedTime"]):
    """A time of the site, typed."""

    name = "when"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> TypedTime:
        del param, ctx
        return value if isinstance(value, TypedTime) else read_time(str(value))


def as_of_in(site: Site, typed: TypedTime | None, now: datetime) -> datetime:
    """The site's wall time that was typed, without zone; else that of the moment `now`. `fold` is 1 for the second of
    two that bear one name. InputError for an hour that the clocks do not show once."""
    if typed is None:
        return site_time(now, site)
    if site.zone is None and typed.offset is None:
        return typed.wall
    return typed.moment(site.zone, "--as-of").wall


def moment(plan: Plan, text: str, key: str) -> Moment:
    """A typed date, or date and hour in the site's zone; `key` names it in the InputError of `TypedTime.moment`."""
    return read_time(text).moment(plan.site.zone, key)
