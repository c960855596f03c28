"""A case file's text -> Case, or every mistake in it at once.

It is read against a protocol, which says which dates, statements and choices exist, and against a site, because a wall
time means nothing without a zone.
"""

import re
from datetime import date, datetime, time
from typing import Any

from schedule.files.checks import check_known
from schedule.files.look_alikes import look_alike
from schedule.files.moments import HourWithoutMoment, as_written_moment, moment_in
from schedule.files.table import DATE_REMEDY, Table, shown, tables_of
from schedule.model.case import NEVER, NO_SITE, Attested, Case, Ruling, RulingOutcome, Site
from schedule.model.errors import InputError, Mistake, Where
from schedule.model.notation import nearest
from schedule.model.protocol import KnownDate, Protocol
from schedule.model.text import printable, sha256

CODE = re.compile(r"[A-Z0-9][A-Z0-9-]{0,15}\Z", re.ASCII)
DEVICE_NAMES = {"CON", "PRN", "AUX", "NUL", *(f"{port}{n}" for port in ("COM", "LPT") for n in range(1, 10))}
CODE_REMEDY = "write a study code of 1 to 16 capital letters, digits and hyphens, such as CIML-017; never a name"
MOST_WARD = 60
"""Letters."""
WARD_REMEDY = 'write the name of a ward as your lists have it, such as "BMT"'
_OUTCOMES: tuple[RulingOutcome, ...] = ("allowed", "not-allowed")


def why_no_code(code: str) -> str | None:
    """What is wrong with a patient's study code, or None. It names folders, so Windows device names are refused."""
    if not CODE.match(code):
        like = look_alike(printable(code))
        return f"{like[0]}, {like[1]}" if like is not None else f"{shown(printable(code))} is not a study code"
    return f'"{code}" is a device name on Windows and cannot name a folder' if code in DEVICE_NAMES else None


def read_case(text: str, name: str, protocol: Protocol, site: Site = NO_SITE) -> Case:
    """The patient in `text`. InputError with every mistake there is."""
    return read_case_tables(tables_of(text, name), name, protocol, site, sha256(text))


def protocol_named_in(text: str, name: str) -> str:
    """The protocol that a case file asks for: an id or a path, as written."""
    mistakes: list[Mistake] = []
    found = Table(tables_of(text, name), Where(file=name), mistakes).text("protocol", required=True)
    if mistakes:
        raise InputError(*mistakes)
    return found


def read_case_tables(data: dict[str, Any], name: str, protocol: Protocol, site: Site, digest: str) -> Case:
    """The same from tables already read: a row of a cohort becomes these, too."""
    mistakes: list[Mistake] = []
    top = Table(data, Where(file=name), mistakes)
    top.has_format_1()
    code = top.text("code", required=True)
    wrong = why_no_code(str(top.get("code"))) if code else None
    if wrong:
        top.mistake("code", wrong, CODE_REMEDY)
    named = top.text("protocol", required=True)
    day, clock, moment = _planned(top, site)
    known: dict[str, Known] = {}
    holder = top.table("dates")
    for key in check_known(holder, protocol.dates):
        found = _known_date(holder, key, protocol.dates[key], site)
        if found is not None:
            known[key] = found
    attestations: dict[str, Attested] = {}
    holder = top.table("attestations")
    for key in check_known(holder, protocol.attestations):
        attested = _attested(holder, key)
        if attested is not None:
            attestations[key] = attested
    ward = _ward(top)
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
        dates={key: days for key, (days, _) in known.items()},
        attestations=attestations,
        rulings=rulings,
        sha256=digest,
        choices=choices,
        hours={key: hours for key, (_, hours) in known.items() if hours},
        ward=ward,
    )


def why_no_ward(name: str) -> str | None:
    """What is wrong with the name of a ward, or None."""
    if not name:
        return "the name is empty"
    if len(name) > MOST_WARD:
        return f"the name has {len(name)} letters, and {MOST_WARD} are the most"
    return f'"{name}" means every ward' if name.casefold() == "all" else None


def _ward(top: Table) -> str:
    """The ward that is named; empty where none is."""
    name = top.text("ward")
    wrong = why_no_ward(name) if name else None
    if wrong:
        top.mistake("ward", wrong, WARD_REMEDY)
    return name


def _choices(table: Table, protocol: Protocol) -> dict[str, str]:
    found = {}
    for key in check_known(table, protocol.choices):
        option = table.choice(key, protocol.choices[key].options)
        if option is not None:
            found[key] = option
    return found


_DAY_ZERO_REMEDY = "write planned-day-zero = 2026-06-15, or 2026-06-15T10:00:00"


def _planned(top: Table, site: Site) -> tuple[date | None, time | None, datetime | None]:
    value = top.get("planned-day-zero")
    if value is None:
        return None, None, None
    try:
        written = as_written_moment(value)
    except ValueError as error:
        top.mistake("planned-day-zero", str(error), _DAY_ZERO_REMEDY)
        return None, None, None
    try:
        return written.day, written.clock, moment_in(written, site.zone)
    except HourWithoutMoment as error:
        top.mistake("planned-day-zero", str(error), error.remedy)
        return written.day, written.clock, None


Known = tuple[tuple[date, ...], tuple[datetime, ...]]
"""The dates under a name, earliest first, and the moments of those whose hour is known."""


def _known_date(table: Table, key: str, known: KnownDate, site: Site) -> Known | None:
    value = table.get(key)
    if value == "never":
        if not known.required:
            return NEVER, ()
        table.mistake(
            key, '"never" would switch a required rule off', "leave the key out until there is a date: it is due"
        )
        return None
    days, hours = [], []
    for item in value if isinstance(value, list) else [value]:
        try:
            written = as_written_moment(item)
            days.append(written.day)
            at = moment_in(written, site.zone)
        except HourWithoutMoment as error:
            table.mistake(key, str(error), error.remedy)
        except ValueError as error:
            table.mistake(key, str(error), DATE_REMEDY + ', or "never"' * (not known.required))
        else:
            hours += [at] if at else []
    if isinstance(value, list) and not value:
        table.mistake(key, "the list is empty", 'write the dates, "never", or leave the key out')
        return None
    found = tuple(sorted(set(days)))
    return (found, tuple(sorted(set(hours), key=datetime.timestamp))) if found else None


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
