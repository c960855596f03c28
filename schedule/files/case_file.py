"""A case file's text -> Case, or every mistake in it at once.

It is read against a protocol, which says which dates, statements and choices exist, and against a site, because a wall
time means nothing without a zone.
"""

import re
from datetime import date, datetime, time, timedelta
from typing import Any, assert_never

from schedule.files.checks import check_known
from schedule.files.table import DATE_REMEDY, Table, as_date, shown, tables_of
from schedule.model.case import NEVER, NO_SITE, Attested, Case, Ruling, RulingOutcome, Site
from schedule.model.dates import WallTimeError, at_wall_time
from schedule.model.errors import InputError, Mistake, Place
from schedule.model.notation import FIRST_DATE, LAST_DATE, nearest, read_clock, read_date, spell, spell_utc_offset
from schedule.model.protocol import KnownDate, Protocol
from schedule.model.reasons.wall_times import OtherOffset, ShownTwice, Skipped, WallTimeFault
from schedule.model.text import printable, sha256

CODE = re.compile(r"[A-Z0-9][A-Z0-9-]{0,15}\Z", re.ASCII)
DEVICE_NAMES = {"CON", "PRN", "AUX", "NUL", *(f"{port}{n}" for port in ("COM", "LPT") for n in range(1, 10))}
CODE_REMEDY = "write a study code of 1 to 16 capital letters, digits and hyphens, such as CIML-017; never a name"
_OUTCOMES: tuple[RulingOutcome, ...] = ("allowed", "not-allowed")


def why_no_code(code: str) -> str | None:
    """What is wrong with a patient's study code, or None. It names folders, so Windows device names are refused."""
    if not CODE.match(code):
        return f"{shown(printable(code))} is not a study code"
    return f'"{code}" is a device name on Windows and cannot name a folder' if code in DEVICE_NAMES else None


def read_case(text: str, name: str, protocol: Protocol, site: Site = NO_SITE) -> Case:
    """The patient in `text`. InputError with every mistake there is."""
    return read_case_tables(tables_of(text, name), name, protocol, site, sha256(text))


def protocol_named_in(text: str, name: str) -> str:
    """The protocol that a case file asks for: an id or a path, as written."""
    mistakes: list[Mistake] = []
    found = Table(tables_of(text, name), Place(file=name), mistakes).text("protocol", required=True)
    if mistakes:
        raise InputError(*mistakes)
    return found


def read_case_tables(data: dict[str, Any], name: str, protocol: Protocol, site: Site, digest: str) -> Case:
    """The same from tables already read: a row of a cohort becomes these, too."""
    mistakes: list[Mistake] = []
    top = Table(data, Place(file=name), mistakes)
    top.has_format_1()
    code = top.text("code", required=True)
    wrong = why_no_code(str(top.get("code"))) if code else None
    if wrong:
        top.mistake("code", wrong, CODE_REMEDY)
    named = top.text("protocol", required=True)
    day, clock, moment = _planned(top, site)
    dates: dict[str, tuple[date, ...]] = {}
    holder = top.table("dates")
    for key in check_known(holder, protocol.dates):
        found = _known_date(holder, key, protocol.dates[key])
        if found is not None:
            dates[key] = found
    attestations: dict[str, Attested] = {}
    holder = top.table("attestations")
    for key in check_known(holder, protocol.attestations):
        attested = _attested(holder, key)
        if attested is not None:
            attestations[key] = attested
    choices = _choices(top.table("choices"), protocol)
    rulings = tuple(r for r in (_ruling(row, protocol, day) for row in top.each_row("rulings", "ruling")) if r)
    top.close()
    if mistakes:
        raise InputError(*mistakes)
    return Case(
        code=code,
        protocol=named,
        planned_day_zero=day,
        planned_time=clock,
        planned_moment=moment,
        dates=dates,
        attestations=attestations,
        rulings=rulings,
        sha256=digest,
        choices=choices,
    )


def _choices(table: Table, protocol: Protocol) -> dict[str, str]:
    found = {}
    for key in check_known(table, protocol.choices):
        option = table.choice(key, protocol.choices[key].options)
        if option is not None:
            found[key] = option
    return found


_DAY_ZERO_REMEDY = "write planned-day-zero = 2026-06-15, or 2026-06-15T10:00:00"
_MOMENT = re.compile(r"(\S+?)[ T](\d\d:\d\d)(?::00)?([+-]\d\d:\d\d)?\Z", re.ASCII)


def _planned(top: Table, site: Site) -> tuple[date | None, time | None, datetime | None]:
    value = top.get("planned-day-zero")
    if value is None:
        return None, None, None
    try:
        day, clock, offset = _day_and_time(value)
    except ValueError as error:
        top.mistake("planned-day-zero", str(error), _DAY_ZERO_REMEDY)
        return None, None, None
    if clock is None:
        return day, None, None
    if site.zone is None:
        top.mistake(
            "planned-day-zero", "an hour needs the site's time zone", "add --site SITE.toml, or leave the hour out"
        )
        return day, clock, None
    try:
        return day, clock, at_wall_time(day, clock, site.zone, offset)
    except WallTimeError as error:
        top.mistake("planned-day-zero", *_wall_time_mistake(error.fault))
        return day, clock, None


def _wall_time_mistake(fault: WallTimeFault) -> tuple[str, str]:
    """What is wrong with a wall time, and what to write instead."""
    shown = f"{fault.clock:%H:%M} on {spell(fault.day)}"
    match fault:
        case Skipped():
            said = f"{shown} does not exist in {fault.zone}: the clocks are put forward"
        case ShownTwice():
            said = f"{shown} happens twice in {fault.zone}: the clocks are put back"
            return said, "write the time with its offset from UTC"
        case OtherOffset():
            offsets = " or ".join(map(spell_utc_offset, fault.offsets))
            said = f"{shown} in {fault.zone} is {offsets} from UTC, not as written"
        case _:
            assert_never(fault)
    return said, "write a time that the clocks show"


def _day_and_time(value: Any) -> tuple[date, time | None, timedelta | None]:
    """A TOML date or date-time, or the same as text. ValueError says what is wrong."""
    if isinstance(value, str) and (match := _MOMENT.match(value.strip())):
        offset = None
        if match[3]:
            hours, minutes = match[3][1:].split(":")
            offset = timedelta(hours=int(hours), minutes=int(minutes)) * (-1 if match[3][0] == "-" else 1)
        return read_date(match[1]), read_clock(match[2]), offset
    if isinstance(value, datetime):
        if value.second or value.microsecond:
            raise ValueError(f"{value} has seconds")
        if not FIRST_DATE <= value.date() <= LAST_DATE:
            raise ValueError(f"{spell(value.date())} is outside 1900 to 2199")
        return value.date(), value.time().replace(tzinfo=None), value.utcoffset()
    return as_date(value), None, None


def planned_as_text(value: Any) -> tuple[date, str]:
    """The date of a planned day 0, and the whole of it as one plain text, with the offset from UTC only where one was
    written.

    ValueError as for any value that cannot be read.
    """
    day, clock, offset = _day_and_time(value)
    text = day.isoformat() + (f"T{clock:%H:%M}" if clock else "")
    if offset is not None:
        minutes = int(offset.total_seconds() // 60)
        text += f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02d}:{abs(minutes) % 60:02d}"
    return day, text


def _known_date(table: Table, key: str, known: KnownDate) -> tuple[date, ...] | None:
    value = table.get(key)
    if value == "never":
        if not known.required:
            return NEVER
        table.mistake(
            key, '"never" would switch a required rule off', "leave the key out until there is a date: it is due"
        )
        return None
    found = []
    for item in value if isinstance(value, list) else [value]:
        try:
            found.append(as_date(item))
        except ValueError as error:
            table.mistake(key, str(error), DATE_REMEDY + ', or "never"' * (not known.required))
    if isinstance(value, list) and not value:
        table.mistake(key, "the list is empty", 'write the dates, "never", or leave the key out')
        return None
    return tuple(sorted(set(found))) or None


def _attested(table: Table, key: str) -> Attested | None:
    value = table.get(key)
    if isinstance(value, dict):
        row = Table(value, table.at(key), table.mistakes)
        on, by = row.day("date", required=True), row.text("by")
        row.close()
        return Attested(on=on, by=by) if on else None
    on = table.day(key)
    return Attested(on=on, by="") if on else None


def _ruling(table: Table, protocol: Protocol, planned: date | None) -> Ruling | None:
    rule = table.text("rule", required=True)
    if rule and rule not in protocol.rules:
        table.mistake("rule", f'there is no rule "{rule[:60]}"', nearest(rule, protocol.rules))
    outcome = table.choice("outcome", _OUTCOMES)
    by, reason = table.text("by", required=True), table.text("reason", required=True)
    on, day_zero = table.day("date", required=True), table.day("for") or planned
    table.close()
    if not (rule and outcome and on):
        return None
    return Ruling(rule=rule, outcome=outcome, by=by, on=on, reason=reason, day_zero=day_zero)
