"""Times as they are typed on the command line: a date, an hour, and an offset from UTC where the clocks need one."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import click

from schedule.model.case import Site
from schedule.model.dates import WallTimeError
from schedule.model.errors import InputError, Mistake, Where
from schedule.model.moment import Moment
from schedule.model.plan import Plan
from schedule.service.inputs import site_time
from schedule.words.dates import wall_time_in_words

if TYPE_CHECKING:
    from schedule.model.typed import TypedTime


def site_moment(
    typed: "TypedTime", where: ZoneInfo | None, key: str, remedy: str = "amend the plan with a site file"
) -> Moment:
    """A typed time in the site's zone. InputError, naming `key`, for an hour that the clocks do not show once; and for
    one where no zone is known, with the `remedy`."""
    if typed.clock is None:
        return Moment(on=typed.on)
    if where is None:
        raise InputError(Mistake(place=Where(file=key), message="an hour needs the site's time zone", remedy=remedy))
    try:
        return typed.at(where)
    except WallTimeError as error:
        message = wall_time_in_words(error.fault)
        remedy = "write a time that the clocks show once, or add its offset"
        raise InputError(Mistake(place=Where(file=key), message=message, remedy=remedy)) from error


def read_time(text: str) -> "TypedTime":
    """What was typed: a date, or a date and its hour; a usage error for anything else."""
    from schedule.model.typed import typed_time  # which most commands, given no time, do without

    try:
        return typed_time(text)
    except ValueError as error:
        raise click.BadParameter(f"{error}; write 2026-06-15 or '2026-06-15 10:00'") from error


def date_alone(typed: "TypedTime", option: str) -> date:
    """The date that was typed; a usage error where an hour was, which nothing would heed."""
    if typed.clock is not None:
        raise click.BadParameter("only a date counts here: leave the hour out", param_hint=option)
    return typed.on


class When(click.ParamType["TypedTime"]):
    """A time of the site, typed."""

    name = "when"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> "TypedTime":
        del param, ctx
        return read_time(value) if isinstance(value, str) else value


def as_of_in(site: Site, typed: "TypedTime | None", now: datetime) -> datetime:
    """The site's wall time that was typed, without zone; else that of the moment `now`. `fold` is 1 for the second of
    two that bear one name. InputError for an hour that the clocks do not show once."""
    if typed is None:
        return site_time(now, site)
    if site.zone is None and typed.offset is None:
        return typed.wall
    return site_moment(typed, site.zone, "--as-of").wall


def moment(plan: Plan, text: str, key: str) -> Moment:
    """A typed date, or date and hour in the site's zone; `key` names it in the InputError of `site_moment`."""
    return site_moment(read_time(text), plan.site.zone, key)
