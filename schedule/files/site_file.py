"""A site file's text -> Site, or every mistake in it at once. It is read against a protocol, which says what it leaves
to the site.
"""

from collections.abc import Iterable
from typing import get_args
from zoneinfo import ZoneInfo

from schedule.files.checks import check_id, check_known, printed_text, why_no_span, why_not_first
from schedule.files.days_grammar import read_days
from schedule.files.grammar import (
    GrammarError,
    read_alarm,
    read_clock_time,
    read_date_range,
    read_duration,
    read_window,
)
from schedule.files.table import Table, as_date, shown, tables_of
from schedule.model.case import WEEKEND, CalendarChoice, Closure, Site, Task, TasksShown, WindowsShown
from schedule.model.dates import zone
from schedule.model.errors import InputError, Mistake, Where, table_step
from schedule.model.notation import WEEKDAYS, WEEKDAYS_IN_FULL
from schedule.model.protocol import ByChoice, DaysParameter, LeftToSite, Protocol, WindowParameter
from schedule.model.text import sha256
from schedule.model.timing import BASES, AfterActivity, ClockTime, Days, OnDays, shifted, times_of


def read_site(text: str, name: str, protocol: Protocol) -> Site:
    """The site in `text`, as far as `protocol` asks. InputError with every mistake there is."""
    mistakes: list[Mistake] = []
    top = Table(tables_of(text, name), Where(file=name), mistakes)
    top.has_format_1()
    where = top.read("zone", _zone, required=True)
    closures = [*_closures(top, "holidays", holiday=True), *_closures(top, "closures", holiday=False)]
    weekend = _weekend(top)
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
    lengths: dict[str, int] = {}
    for part in parts:
        tasks += _tasks(part, protocol, tasks)
        times |= _times(part.table("times"), protocol)
        lengths |= _lengths(part.table("length"), protocol, times)
    for section in parts[1:]:
        section.close()
    site_name, alarm = printed_text(top, "name", required=False), top.read("alarm", read_alarm)
    calendar = _calendar(top.table("calendar"))
    top.close()
    if mistakes:
        raise InputError(*mistakes)
    return Site(
        name=site_name,
        zone=where,
        closures=tuple(sorted(closures, key=lambda c: (c.first, c.last))),
        weekend=weekend,
        days=days,
        windows=windows,
        texts=texts,
        times=times,
        lengths=lengths,
        tasks=tuple(tasks),
        alarm=alarm,
        calendar=calendar,
        sha256=sha256(text),
    )


def _sections(top: Table, protocol: Protocol) -> list[Table]:
    """What a site file says for this protocol alone, [protocols.ID], case ignored; those of other protocols are passed
    over.
    """
    holder = top.table("protocols")
    found = []
    for name in holder.data:
        value = holder.get(name)
        if not isinstance(value, dict):
            holder.mistake(name[:60], f"{shown(value)} is not a table", f"write [protocols.{name[:60]}.parameters]")
        elif name.upper() == protocol.id.upper():
            found.append(Table(value, top.place.to(table_step("protocols", name)), top.mistakes))
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


def _lengths(holder: Table, protocol: Protocol, times: dict[str, ClockTime]) -> dict[str, int]:
    lengths: dict[str, int] = {}
    for key in check_known(holder, protocol.activities):
        minutes = holder.read(key, read_duration)
        if minutes is not None:
            lengths[key] = minutes
        clock = times.get(key)
        if protocol.activities[key].continuous or protocol.activities[key].until:
            holder.mistake(key, "it lasts for days", "leave it out")
        elif clock is not None and clock.end is not None:
            holder.mistake(key, "its time has an end already", "leave one of the two out")
    return lengths


def _calendar(table: Table) -> CalendarChoice:
    found = CalendarChoice(
        tasks=table.choice("tasks", get_args(TasksShown), "none") or "none",
        windows=table.choice("windows", get_args(WindowsShown), "last day") or "last day",
    )
    table.close()
    return found


WITHOUT_SUMMER = {"EST": "America/New_York", "MST": "America/Denver", "HST": "Pacific/Honolulu"}
"""Names of zones that never change their clocks, and what is mostly meant by them."""


def _zone(text: str) -> ZoneInfo:
    meant = WITHOUT_SUMMER.get(text.upper())
    if meant is not None:
        raise GrammarError(f"{text} has no summer time and names no place", f'write the place, such as "{meant}"')
    try:
        return zone(text)
    except ValueError as error:
        shown_name = f"{text[:60]}…" if len(text) > 60 else text
        raise GrammarError(
            f"there is no time zone {shown_name!r}", 'write an IANA name such as "America/New_York"'
        ) from error


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


def _weekend(top: Table) -> frozenset[int]:
    """The weekdays of `weekend = ["Fri", "Sat"]`; Saturday and Sunday where it is missing, none where it is empty."""
    if "weekend" not in top:
        return WEEKEND
    found = set()
    for text in top.texts("weekend"):
        names = [name for name in (*WEEKDAYS, *WEEKDAYS_IN_FULL) if name.lower() == text.strip().lower()]
        if names:
            found.add(WEEKDAYS.index(names[0][:3]))
        else:
            top.mistake("weekend", f"{shown(text)} is not a weekday", 'write weekend = ["Fri", "Sat"]')
    return frozenset(found)


def _parameters(table: Table, protocol: Protocol) -> tuple[dict[str, Days], dict[str, tuple[int, int]], dict[str, str]]:
    days: dict[str, Days] = {}
    windows: dict[str, tuple[int, int]] = {}
    texts: dict[str, str] = {}
    for key in check_known(table, protocol.parameters):
        parameter = protocol.parameters[key]
        text = texts[key] = table.text(key, required=True)
        if not text:
            continue
        if isinstance(parameter, WindowParameter):
            window = table.apply(key, lambda text: read_window(text, protocol.numbering), text)
            if window is not None:
                windows[key] = (window[0] - protocol.origin, window[1] - protocol.origin)
        else:
            found = table.apply(key, lambda text: read_days(text, protocol.numbering), text)
            if found is not None and not _has_own_clock(protocol, key):
                found = shifted(found, protocol.origin)
            if found is not None and _fits(table, key, protocol, found) and _has_count(table, key, protocol, found):
                days[key] = found
    return days, windows, texts


def _has_own_clock(protocol: Protocol, parameter: str) -> bool:
    """Whether the activities that take these days count them from a start date of their own."""
    return any(one.parameter == parameter and one.base not in BASES for one in protocol.activities.values())


_FROM_DAY_ZERO = 'write days counted from day 0, such as "+1 to +13 every 2 days"'


def _fits(table: Table, key: str, protocol: Protocol, days: Days) -> bool:
    """Whether the days of a parameter can be those of the activities that ask for it."""
    used = [activity for activity in protocol.activities.values() if activity.parameter == key]
    wrong = [(why_no_span(days), _FROM_DAY_ZERO) for activity in used if activity.continuous or activity.until]
    if isinstance(days, AfterActivity):
        wrong += [("are counted from another activity", _FROM_DAY_ZERO) for one in used if one.cycles]
        if days.activity not in protocol.activities:
            wrong.append((f'waits for "{days.activity}", which the protocol has not', _FROM_DAY_ZERO))
    for series in [one.days.series for one in used if isinstance(one.days, LeftToSite) and one.days.series]:
        first = '"4 h after cells"' if isinstance(series, AfterActivity) else '"+2"'
        wrong.append((why_not_first(days, series), f"write the first of the series alone, such as {first}"))
    for reason, remedy in wrong:
        if reason:
            table.mistake(key, f'"{table.text(key)}" {reason}', remedy)
            return False
    return True


def _check_rings(tables: list[Table], protocol: Protocol, days: dict[str, Days]) -> None:
    """Note every parameter whose activity would wait, by way of others, for itself."""
    for activity in protocol.activities.values():
        key = activity.parameter
        if key is None or key not in days:
            continue
        seen = {activity.id}
        current: Days | LeftToSite | ByChoice | None = days[key]
        while isinstance(current, AfterActivity):
            if current.activity in seen:
                table = next(table for table in reversed(tables) if key in table)
                remedy = 'write days counted from day 0, such as "+1 to +13 every 2 days"'
                table.mistake(key, f'"{table.text(key)}" waits for itself', remedy)
                break
            seen.add(current.activity)
            after = protocol.activities[current.activity]
            current = after.days if after.parameter is None else days.get(after.parameter)


def _has_count(table: Table, key: str, protocol: Protocol, days: Days) -> bool:
    """Whether they are as many as the source states, of an activity whose first day alone the site gives."""
    parameter, found = protocol.parameters[key], True
    stated = parameter.count if isinstance(parameter, DaysParameter) else None
    used = [one.days for one in protocol.activities.values() if one.parameter == key]
    in_series = any(isinstance(days, LeftToSite) and days.series for days in used)
    if stated is not None and not in_series and times_of(days) != stated.number:
        found = False
        wrong = f"this gives {times_of(days)}; {stated.quotation} states {stated.number}"
        table.mistake(key, wrong, f"name {stated.number} days")
    return found


def _tasks(top: Table, protocol: Protocol, before: Iterable[Task]) -> list[Task]:
    found: list[Task] = []
    taken = {*protocol.activities, *(task.id for task in before)}
    for table in top.each_row("tasks", "task"):
        name, title = table.text("id", required=True), printed_text(table, "title")
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
