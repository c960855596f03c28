"""A list of patients as text, and back without loss: CSV for a spreadsheet, JSON for a script.

Both hold what case files hold. Between them stand the tables of a case file in one plain form (`as_tables`), so that
a patient who is written in two ways is the same patient, and has the same hash.
"""

import csv
import io
import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from typing import Any

from msgspec import Struct

from schedule.files.case_file import read_case_tables
from schedule.files.moments import WrittenMoment, as_written_moment
from schedule.files.table import shown
from schedule.model.case import NO_SITE, Case, Ruling
from schedule.model.errors import InputError, Mistake, Where, counted_step, key_step
from schedule.model.moment import Moment
from schedule.model.notation import nearest
from schedule.model.protocol import Protocol
from schedule.model.text import plain_cell, safe_cell, to_json

Tables = dict[str, Any]

FIRST_COLUMNS = ("code", "protocol", "planned-day-zero", "ward")
RULING_KEYS = ("rule", "outcome", "by", "date", "for", "reason")
_RULING = re.compile(rf"rulings\.([1-9]\d{{0,2}})\.({'|'.join(RULING_KEYS)})\Z", re.ASCII)


class Listed(Struct, frozen=True, kw_only=True):
    """One patient of a list as it was written: the cells of a CSV row, or the tables of a JSON entry."""

    name: str
    cells: Mapping[str, str] | None = None
    ragged: bool = False
    tables: Mapping[str, Any] | None = None

    @property
    def code(self) -> str | None:
        """The study code, if it can be read."""
        return self._text("code")

    @property
    def protocol(self) -> str:
        """The protocol's id or path, as written; empty if there is none."""
        return self._text("protocol") or ""

    def _text(self, key: str) -> str | None:
        value = (self.cells if self.cells is not None else self.tables or {}).get(key)
        return (value.strip() or None) if isinstance(value, str) else None

    def check_cells(self) -> None:
        """InputError for a row that is longer or shorter than the first one."""
        if self.ragged:
            message = "the row has more or fewer cells than the first row"
            raise InputError(Mistake(place=Where(file=self.name), message=message, remedy="correct it"))

    def as_written(self, protocol: Protocol, elsewhere: Iterable[str] = ()) -> Tables:
        """The tables of a case file. InputError for an unknown column, or a row that is too long or too short."""
        self.check_cells()
        if self.cells is not None:
            return tables_of_row(self.cells, self.name, protocol, elsewhere)
        return {"format": 1, **(self.tables or {})}


# One plain form -------------------------------------------------------------------------------------------------------


def as_tables(data: Mapping[str, Any], name: str, protocol: Protocol) -> Tables:
    """The tables of a case in their one plain form, all values as texts. InputError with every mistake in them.

    Hours stay as they were written: whether the clocks show them is a matter of the site that plans.
    """
    found, planned = dict(data), None
    with suppress(ValueError):  # missing, or a mistake that the reader reports
        written = as_written_moment(data.get("planned-day-zero"))
        found["planned-day-zero"], planned = written.day, str(written)
    known, hours = data.get("dates"), {}
    if isinstance(known, dict):
        hours = {key: texts for key, value in known.items() if (texts := _with_hours(value))}
        found["dates"] = {key: _days_of(value) for key, value in known.items()}
    tables = tables_of_case(read_case_tables(found, name, protocol, NO_SITE, ""), protocol)
    if hours:
        tables["dates"] = {key: hours.get(key, value) for key, value in tables["dates"].items()}
    return {**tables, "planned-day-zero": planned} if planned else tables


def _written_in(value: Any) -> list[WrittenMoment]:
    found = []
    for item in value if isinstance(value, list) else [value]:
        with suppress(ValueError):  # a mistake that the reader reports
            found.append(as_written_moment(item))
    return found


def _with_hours(value: Any) -> str | list[str] | None:
    """Known dates in their plain form where an hour of one is known; None where none is."""
    found = _written_in(value)
    timed = {one.day for one in found if one.clock is not None}
    texts = sorted({str(one) for one in found if one.clock is not None or one.day not in timed})
    return _plain(texts) if timed else None


def _days_of(value: Any) -> Any:
    """Known dates as they were written, but without their hours."""
    if isinstance(value, list):
        return [_days_of(item) for item in value]
    found = _written_in(value)
    return found[0].day if found else value


def tables_of_case(case: Case, protocol: Protocol) -> Tables:
    """A patient's tables in the plain form, in the protocol's order; what is not known has no key."""
    tables: Tables = {"code": case.code, "protocol": case.protocol}
    if case.planned_moment is not None:
        tables["planned-day-zero"] = case.planned_moment.isoformat(timespec="minutes")
    elif case.planned_day_zero is not None:
        tables["planned-day-zero"] = case.planned_day_zero.isoformat()
    if case.ward:
        tables["ward"] = case.ward
    named: dict[str, Tables] = {
        "dates": {
            name: _plain([_moment(one) for one in case.moments_of(name)]) or "never"
            for name in protocol.dates
            if name in case.dates
        },
        "attestations": {
            name: {"date": one.on.isoformat(), "by": one.by} if one.by else one.on.isoformat()
            for name in protocol.attestations
            if (one := case.attestations.get(name)) is not None
        },
    }
    named["choices"] = {name: case.choices[name] for name in protocol.choices if name in case.choices}
    tables |= {key: table for key, table in named.items() if table}
    if case.rulings:
        tables["rulings"] = [_ruling(ruling) for ruling in case.rulings]
    return tables


def _moment(moment: Moment) -> str:
    return moment.at.isoformat(timespec="minutes") if moment.at else moment.on.isoformat()


def _plain(texts: Sequence[str]) -> str | list[str]:
    """One text as it is, several as a list."""
    return "" if not texts else texts[0] if len(texts) == 1 else list(texts)


def _ruling(ruling: Ruling) -> Tables:
    values = {
        "rule": ruling.rule, "outcome": ruling.outcome, "by": ruling.by, "date": ruling.on.isoformat(),
        "for": ruling.day_zero.isoformat() if ruling.day_zero else None, "reason": ruling.reason,
    }  # fmt: skip
    return {key: value for key, value in values.items() if value is not None}


# CSV ------------------------------------------------------------------------------------------------------------------


def columns_of(protocol: Protocol) -> tuple[str, ...]:
    """The columns that a patient of this trial can have, but for rulings."""
    by = tuple(f"{name}.by" for name in protocol.attestations)
    return (*FIRST_COLUMNS, *protocol.choices, *protocol.dates, *protocol.attestations, *by)


def read_csv(text: str, name: str) -> list[Listed]:
    """The rows of a list, without those that are empty. InputError if it is no such list."""
    try:
        reader = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True)
        columns = [heading.strip().lower() for heading in next(reader, [])]
        while columns and not columns[-1]:  # Excel leaves empty columns at the end, and rows of empty cells
            columns.pop()
        _check_columns(columns, name)
        return [
            Listed(
                name=f"{name}, line {reader.line_num}",
                ragged=len(row) < len(columns) or any(row[len(columns) :]),
                cells={column: _read_cell(column, cell) for column, cell in zip(columns, row, strict=False)},
            )
            for row in reader
            if any(row)
        ]
    except csv.Error as error:
        mistake = Mistake(place=Where(file=name), message=f"cannot be read ({error})", remedy="save it as CSV, UTF-8")
        raise InputError(mistake) from error


_CHANGED_BY_SPREADSHEETS = re.compile(
    r"0\d+|\d+E-?\d+|\d{12,}|\d+-\d+(-\d+)?"
    r"|(\d+-)?(JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC)[A-Z]*(-?\d+)?(-\d+)?",
    re.ASCII,
)
"""Study codes that a spreadsheet takes for a number or a date, and writes back as another text."""


def _read_cell(column: str, cell: str) -> str:
    return cell.removeprefix("'") if column == "code" else plain_cell(cell)


def _written_cell(column: str, cell: str) -> str:
    """A cell that a spreadsheet leaves as it is: a study code that it would change begins with an apostrophe."""
    changed = column == "code" and _CHANGED_BY_SPREADSHEETS.fullmatch(cell)
    return f"'{cell}" if changed else safe_cell(cell)


def _check_columns(columns: list[str], name: str) -> None:
    twice = sorted({column for column in columns if columns.count(column) > 1})
    if len(columns) == 1 and re.search(r"[;\t]", columns[0]):
        message = "the cells are not parted by commas"
        remedy = "save it as “CSV (comma delimited)”; several dates in a cell are parted by ;"
    elif "code" not in columns:
        message = 'there is no column "code"'
        remedy = "the first row names the columns: code,protocol,planned-day-zero,transplant,…"
    elif twice:
        message, remedy = f'the column "{twice[0]}" is there twice', "keep one of them"
    else:
        return
    raise InputError(Mistake(place=Where(file=name), message=message, remedy=remedy))


def tables_of_row(cells: Mapping[str, str], name: str, protocol: Protocol, elsewhere: Iterable[str] = ()) -> Tables:
    """The tables of a case file that one row stands for. InputError for an unknown column.

    Empty cells are missing keys; several dates in a cell are parted by `;`. `elsewhere` are the columns of other trials
    in the same list: their cells must be empty in this row.
    """
    data: Tables = {"format": 1, "choices": {}, "dates": {}, "attestations": {}}
    roles: dict[str, str] = {}
    rulings: dict[int, Tables] = {}
    homes: dict[str, Callable[[str, str], None]] = {
        **dict.fromkeys(FIRST_COLUMNS, data.__setitem__),
        **dict.fromkeys(protocol.choices, data["choices"].__setitem__),
        **dict.fromkeys(protocol.dates, lambda key, cell: data["dates"].__setitem__(key, _parted(cell))),
        **dict.fromkeys(protocol.attestations, data["attestations"].__setitem__),
        **{f"{key}.by": lambda column, cell: roles.__setitem__(column[:-3], cell) for key in protocol.attestations},
    }
    mistakes, others = [], set(elsewhere)
    for column, cell in cells.items():
        if ruled := _RULING.match(column):
            if cell.strip():
                rulings.setdefault(int(ruled[1]), {})[ruled[2]] = cell.strip()
        elif column in homes:
            if cell.strip():
                homes[column](column, cell.strip())
        elif column not in others:
            place, remedy = Where(file=name).to(key_step(column[:60])), nearest(column, homes)
            mistakes.append(Mistake(place=place, message="I don't know this column", remedy=remedy))
        elif cell.strip():
            place, remedy = Where(file=name).to(key_step(column[:60])), "leave the cell empty in this row"
            mistakes.append(Mistake(place=place, message=f"{protocol.id} has no such column", remedy=remedy))
    if mistakes:
        raise InputError(*mistakes)
    for key, by in roles.items():
        on = data["attestations"].get(key)
        data["attestations"][key] = {"date": on, "by": by} if on else {"by": by}
    if rulings:
        data["rulings"] = [rulings[number] for number in sorted(rulings)]
    return data


def _parted(cell: str) -> str | list[str]:
    return [part.strip() for part in cell.split(";")] if ";" in cell else cell


def write_csv(patients: Sequence[Tables], protocols: Iterable[Protocol] = ()) -> str:
    """The list as CSV: every column of these trials, and those that a patient needs. For Excel:
    BOM and CRLF line ends.
    """
    rows = [_row(patient) for patient in patients]
    used = {column: None for row in rows for column in row}
    known = {column: None for protocol in protocols for column in columns_of(protocol)}
    columns = [column for column in {**known, **used} if column in used or not column.endswith((".by", "ward"))]
    columns.sort(key=_place_of_column)
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(columns)
    writer.writerows([_written_cell(column, row.get(column, "")) for column in columns] for row in rows)
    return "\ufeff" + out.getvalue()


def _place_of_column(column: str) -> tuple[int, int, int]:
    """The first columns first and the rulings last, in order; the others stay as they come."""
    if column in FIRST_COLUMNS:
        return 0, FIRST_COLUMNS.index(column), 0
    ruled = _RULING.match(column)
    return (2, int(ruled[1]), RULING_KEYS.index(ruled[2])) if ruled else (1, 0, 0)


def _row(patient: Tables) -> dict[str, str]:
    row = {key: patient[key] for key in FIRST_COLUMNS if key in patient}
    row |= patient.get("choices", {})
    row |= {key: days if isinstance(days, str) else ";".join(days) for key, days in patient.get("dates", {}).items()}
    for key, made in patient.get("attestations", {}).items():
        row |= {key: made} if isinstance(made, str) else {key: made["date"], f"{key}.by": made["by"]}
    for number, ruling in enumerate(patient.get("rulings", ()), 1):
        row |= {f"rulings.{number}.{key}": value for key, value in ruling.items()}
    return row


# JSON -----------------------------------------------------------------------------------------------------------------


def read_json(text: str, name: str) -> list[Listed]:
    """The patients of `{"format": 1, "patients": […]}`. InputError if it is no such list."""
    try:
        found = json.loads(text.removeprefix("\ufeff"), object_pairs_hook=_without_doubles)
    except (ValueError, RecursionError) as error:
        mistake = Mistake(
            place=Where(file=name), message=f"this is not JSON: {error}", remedy="correct it, or write it anew"
        )
        raise InputError(mistake) from error
    remedy = '{"format": 1, "patients": [{"code": "CIML-018", "protocol": "NCT04024761", …}]}'
    if not isinstance(found, dict) or found.get("format") != 1 or not isinstance(found.get("patients"), list):
        raise InputError(
            Mistake(place=Where(file=name), message="this is not a list of patients", remedy=f"write {remedy}")
        )
    more = [
        Mistake(place=Where(file=name).to(key_step(key[:60])), message="I don't know this key", remedy="leave it out")
        for key in found
        if key not in ("format", "patients")
    ]
    more += [
        Mistake(
            place=Where(file=name).to(counted_step("patients", "patient", number)),
            message=f"{shown(value)} is not a patient",
            remedy='write {"code": …}',
        )
        for number, value in enumerate(found["patients"], 1)
        if not isinstance(value, dict)
    ]
    if more:
        raise InputError(*more)
    return [Listed(name=f"{name}, patient {number}", tables=value) for number, value in enumerate(found["patients"], 1)]


def _without_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise ValueError(f"the key {key[:60]!r} is there twice in one object")
        found[key] = value
    return found


def write_json(patients: Sequence[Tables]) -> str:
    """The list as JSON."""
    return to_json({"format": 1, "patients": list(patients)})
