"""A site file's and a case file's text -> Site and Case, or every mistake in them at once.

Both are read against a protocol: it says which dates, parameters and attestations exist. A case is read against a
site too, because a wall time means nothing without a zone.
"""

import re
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from schedule.case import NEVER, NO_SITE, Attested, Case, Closure, Outcome, Ruling, Site, Task
from schedule.days import FIRST_DATE, LAST_DATE, WallTimeError, at_wall_time, read_clock, read_date, spell, zone
from schedule.errors import InputError, Mistake
from schedule.grammar import (
    AfterActivity,
    ClockTime,
    Days,
    GrammarError,
    OnDays,
    read_alarm,
    read_clock_time,
    read_date_range,
    read_days,
    read_window,
    shifted,
)
from schedule.protocol import BASES, KnownDate, Parameter, Protocol
from schedule.reading import check_id, printed, why_no_point, why_no_span
from schedule.shape import DATE_REMEDY, Table, as_date, nearest, printable, sha256, shown, tables_of

CODE = re.compile(r"[A-Z0-9][A-Z0-9-]{0,15}\Z", re.ASCII)
DEVICE_NAMES = {"CON", "PRN", "AUX", "NUL", *(f"{port}{n}" for port in ("COM", "LPT") for n in range(1, 10))}
CODE_REMEDY = "write a study code of 1 to 16 capital letters, digits and hyphens, such as CIML-017; never a name"
_OUTCOMES: tuple[Outcome, ...] = ("allowed", "not-allowed")


def check_code(code: str) -> str | None:
    """What is wrong with a patient's study code, or None. It names folders, so Windows device names are refused."""
    if not CODE.match(code):
        return f"{shown(printable(code))} is not a study code"
    return f'"{code}" is a device name on Windows and cannot name a folder' if code in DEVICE_NAMES else None


def check_known(table: Table, known: Iterable[str]) -> list[str]:
    """The keys of `table` that are known; each other one is noted as a mistake with the nearest."""
    known = tuple(known)
    for key in table.data:
        if key not in known:
            table.mistake(key[:60], "the protocol has no such name", nearest(key, known))
    return [key for key in table.data if key in known]


def read_site(text: str, name: str, protocol: Protocol) -> Site:
    """The site in `text`, as far as `protocol` asks. InputError with every mistake there is."""
    mistakes: list[Mistake] = []
    top = Table(tables_of(text, name), name, mistakes)
    top.has_format_1()
    where = top.read("zone", _zone, required=True)
    closures = [*_closures(top, "holidays", holiday=True), *_closures(top, "closures", holiday=False)]
    parts = [top, *_sections(top, protocol)]
    holders = [part.table("parameters") for part in parts]
    days: dict[str, Days] = {}
    windows: dict[str, tuple[int, int]] = {}
    texts: dict[str, str] = {}
    for holder in holders:
        found = _parameters(holder, protocol)
        days, windows, texts = days | found[0], windows | found[1], texts | found[2]
    _check_rings(holders, protocol, days)
    tasks: list[Task] = []
    times: dict[str, ClockTime] = {}
    for part in parts:
        tasks += _tasks(part, protocol, tasks)
        times |= _times(part.table("times"), protocol)
    for section in parts[1:]:
        section.close()
    site_name, alarm = printed(top, "name", required=False), top.read("alarm", read_alarm)
    top.close()
    if mistakes:
        raise InputError(*mistakes)
    return Site(
        name=site_name, zone=where, closures=tuple(sorted(closures, key=lambda c: (c.first, c.last))), days=days,
        windows=windows, texts=texts, times=times, tasks=tuple(tasks), alarm=alarm, sha256=sha256(text),
    )  # fmt: skip


def _sections(top: Table, protocol: Protocol) -> list[Table]:
    """What a site file says for this protocol alone, [protocols.ID], case ignored; those of other protocols are passed over."""
    holder = top.table("protocols")
    found = []
    for name in holder.data:
        value = holder.get(name)
        if not isinstance(value, dict):
            holder.mistake(name[:60], f"{shown(value)} is not a table", f"write [protocols.{name[:60]}.parameters]")
        elif name.upper() == protocol.id.upper():
            found.append(Table(value, top.at(f"[protocols.{name}]"), top.mistakes))
    for section in found[1:]:
        section.mistake("", "this protocol has two sections", "write one for each protocol")
    return found


def _times(holder: Table, protocol: Protocol) -> dict[str, ClockTime]:
    times: dict[str, ClockTime] = {}
    for key in check_known(holder, protocol.activities):
        clock = holder.read(key, read_clock_time)
        if clock is not None:
            times[key] = clock
        if protocol.activities[key].continuous or protocol.activities[key].until:
            holder.mistake(key, "it lasts for days and has no time of day", "leave it out")
    return times


def _zone(text: str) -> ZoneInfo:
    try:
        return zone(text)
    except ValueError as error:
        raise GrammarError(str(error), 'write an IANA name such as "America/New_York"') from error


def _closures(top: Table, key: str, *, holiday: bool) -> list[Closure]:
    found = []
    for value in top.items(key):
        try:
            first, last = read_date_range(value) if isinstance(value, str) else (as_date(value),) * 2
        except ValueError as error:
            top.mistake(key, str(error), f'write {key} = [2026-12-25], or ["2026-12-24 to 2027-01-01"]')
        else:
            found.append(Closure(first=first, last=last, holiday=holiday))
    return found


def _parameters(table: Table, protocol: Protocol) -> tuple[dict[str, Days], dict[str, tuple[int, int]], dict[str, str]]:
    days: dict[str, Days] = {}
    windows: dict[str, tuple[int, int]] = {}
    texts: dict[str, str] = {}
    for key in check_known(table, protocol.parameters):
        parameter = protocol.parameters[key]
        text = texts[key] = table.text(key, required=True)
        if not text:
            continue
        if parameter.window:
            window = table.apply(key, lambda text: read_window(text, protocol.numbering), text)
            if window is not None:
                windows[key] = (window[0] - protocol.origin, window[1] - protocol.origin)
        else:
            found = table.apply(key, lambda text: read_days(text, protocol.numbering), text)
            if found is not None and not _has_own_clock(protocol, key):
                found = shifted(found, protocol.origin)
            if found is not None and _fits(table, key, protocol, found) and _has_count(table, key, parameter, found):
                days[key] = found
    return days, windows, texts


def _has_own_clock(protocol: Protocol, parameter: str) -> bool:
    """Whether the activities that take these days count them from a start date of their own."""
    return any(one.parameter == parameter and one.base not in BASES for one in protocol.activities.values())


def _fits(table: Table, key: str, protocol: Protocol, days: Days) -> bool:
    """Whether the days of a parameter can be those of the activities that ask for it."""
    used = [activity for activity in protocol.activities.values() if activity.parameter == key]
    wrong = [why_no_span(days) for activity in used if activity.continuous or activity.until]
    wrong += ["are counted from another activity" for one in used if one.cycles and isinstance(days, AfterActivity)]
    wrong += [why_no_point(days) for activity in used if activity.id in protocol.in_bounds]
    if isinstance(days, AfterActivity) and days.activity not in protocol.activities:
        wrong.append(f'waits for "{days.activity}", which the protocol has not')
    for reason in wrong:
        if reason:
            table.mistake(
                key, f'"{table.text(key)}" {reason}', 'write days counted from day 0, such as "+1 to +13 every 2 days"'
            )
            return False
    return True


def _check_rings(tables: list[Table], protocol: Protocol, days: dict[str, Days]) -> None:
    """Note every parameter whose activity would wait, by way of others, for itself."""
    for activity in protocol.activities.values():
        if activity.parameter is None or activity.parameter not in days:
            continue
        seen = {activity.id}
        current: Days | None = days[activity.parameter]
        while isinstance(current, AfterActivity):
            if current.activity in seen:
                key = activity.parameter
                table = next(table for table in reversed(tables) if key in table)
                remedy = 'write days counted from day 0, such as "+1 to +13 every 2 days"'
                table.mistake(key, f'"{table.text(key)}" waits for itself', remedy)
                break
            seen.add(current.activity)
            after = protocol.activities[current.activity]
            current = after.days if after.parameter is None else days.get(after.parameter)


def _has_count(table: Table, key: str, parameter: Parameter, days: Days) -> bool:
    count = len(days.occurrences) if isinstance(days, OnDays) else days.times
    if parameter.count is None or count == parameter.count:
        return True
    table.mistake(
        key, f"this gives {count}; {parameter.count_source} states {parameter.count}", f"name {parameter.count} days"
    )
    return False


def _tasks(top: Table, protocol: Protocol, before: Iterable[Task]) -> list[Task]:
    found: list[Task] = []
    taken = {*protocol.activities, *(task.id for task in before)}
    for table in top.each_row("tasks", "task"):
        name, title = table.text("id", required=True), printed(table, "title")
        check_id(table, name or "a")
        if name in taken or name in [task.id for task in found]:
            table.mistake("id", f'"{name}" is taken', "give the task an id of its own")
        days = table.read(
            "days", lambda text: shifted(read_days(text, protocol.numbering), protocol.origin), required=True
        )
        if isinstance(days, AfterActivity):
            table.mistake("days", "a task is on days counted from day 0", 'write days = "-5 to +13"')
        at = table.read("at", read_clock_time)
        donor = table.choice("who", ("patient", "donor"), "patient") == "donor"
        table.close()
        if isinstance(days, OnDays):
            found.append(Task(id=name, title=title, days=days, at=at, donor=donor))
    return found


def read_case(text: str, name: str, protocol: Protocol, site: Site = NO_SITE) -> Case:
    """The patient in `text`. InputError with every mistake there is."""
    return read_case_tables(tables_of(text, name), name, protocol, site, sha256(text))


def protocol_named_in(text: str, name: str) -> str:
    """The protocol that a case file asks for: an id or a path, as written."""
    mistakes: list[Mistake] = []
    found = Table(tables_of(text, name), name, mistakes).text("protocol", required=True)
    if mistakes:
        raise InputError(*mistakes)
    return found


def read_case_tables(data: dict[str, Any], name: str, protocol: Protocol, site: Site, digest: str) -> Case:
    """The same from tables already read: a row of a cohort becomes these, too."""
    mistakes: list[Mistake] = []
    top = Table(data, name, mistakes)
    top.has_format_1()
    code = top.text("code", required=True)
    wrong = check_code(str(top.get("code"))) if code else None
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
        code=code, protocol=named, planned_day_zero=day, planned_time=clock, planned_moment=moment, dates=dates,
        attestations=attestations, rulings=rulings, sha256=digest, choices=choices,
    )  # fmt: skip


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
        remedy = (
            "write the time with its offset from UTC" if "twice" in str(error) else "write a time that the clocks show"
        )
        top.mistake("planned-day-zero", str(error), remedy)
        return day, clock, None


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
    """The date of a planned day 0, and the whole of it as one plain text, with the offset from UTC only where one was written.

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
