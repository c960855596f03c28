"""Plan -> the JSON and CSV that outside scripts rely on; `docs/outputs.md` lists every key."""

import csv
import io
from datetime import date, datetime, time
from typing import Any

from schedule.model.days_zero import DayZeroes
from schedule.model.moment import Moment
from schedule.model.plan import Event, Finding, Plan, Standing, Undated
from schedule.model.text import safe_cell
from schedule.words.alerts import banner
from schedule.words.basis import basis_told
from schedule.words.day_labels import label_told
from schedule.words.days_off import days_off_of
from schedule.words.findings import finding_basis, finding_flags, finding_source, repeat_in_words, title_in_words
from schedule.words.gaps import gap_in_words
from schedule.words.titles import called, full_title

EVENT_KEYS = (
    "id", "activity", "number", "of", "title", "day", "label", "date", "last_date", "start", "end", "who", "status",
    "since", "provenance", "basis", "flags", "earliest", "latest", "planned", "booked", "actual",
)  # fmt: skip


def _iso(value: date | datetime | None) -> str | None:
    """`2026-06-15`, or with hour and offset `2026-06-15T10:00-04:00`."""
    if isinstance(value, datetime):
        return value.isoformat(timespec="minutes")
    return value.isoformat() if value else None


def _moment(value: Moment | None) -> str | None:
    """A date, with its hour where one is known."""
    return _iso(value.at or value.on) if value is not None else None


def _event(plan: Plan, event: Event) -> dict[str, Any]:
    return {
        "id": event.id, "activity": event.activity, "number": event.number, "of": event.of,
        "title": called(event), "day": event.day, "label": label_told(plan, event),
        "date": _iso(event.on), "last_date": _iso(event.last_date),
        "start": _iso(event.start), "end": _iso(event.end), "who": "donor" if event.donor else "patient",
        "status": event.status, "since": event.since, "provenance": event.provenance, "basis": basis_told(plan, event),
        "flags": list(days_off_of(event)),
        "earliest": _moment(event.earliest), "latest": _moment(event.latest),
        "planned": _moment(event.planned), "booked": _moment(event.booked), "actual": _moment(event.actual),
    }  # fmt: skip


def _undated(one: Undated) -> dict[str, Any]:
    """The same of what has no date: every key is there, and null where the date decides."""
    numbered = one.title.numbered
    return {
        **dict.fromkeys(EVENT_KEYS),
        "id": one.id, "activity": one.activity, "number": one.number, "of": numbered.of if numbered else 1,
        "title": full_title(one.title), "who": "donor" if one.donor else "patient", "status": "not stated",
        "since": one.since, "basis": gap_in_words(one.gap), "flags": [],
    }  # fmt: skip


def event_values(plan: Plan) -> list[dict[str, Any]]:
    """Every event as plain values, those without a date last."""
    return [_event(plan, event) for event in plan.events] + list(map(_undated, plan.undated))


def _cycles(standing: Standing | None) -> list[dict[str, Any]]:
    """Where each cycle that is given stands; nothing where the days count through."""
    if standing is None or not standing.cycles:
        return []
    return [
        {"cycle": cycle, "planned_day_zero": _moment(one.planned), "day_zero": _moment(one.day_zero)}
        for cycle, one in {1: standing, **standing.cycles}.items()
    ]


def _finding(finding: Finding, zero: str) -> dict[str, Any]:
    aim, repeat = finding.aim, finding.repeat
    return {
        "rule": finding.rule, "ref": finding.ref, "point": str(finding.point) if finding.point else None,
        "status": finding.status, "title": title_in_words(finding.title, zero), "actual": _iso(finding.actual),
        "earliest": _iso(finding.earliest), "latest": _iso(finding.latest),
        "aim": {"earliest": _iso(aim[0]), "latest": _iso(aim[1])} if aim else None,
        "repeat": repeat
        and {"what": repeat_in_words(repeat), "earliest": _iso(repeat.earliest), "latest": _iso(repeat.latest)},
        "expires": _iso(finding.expires), "overdue": finding.overdue, "flags": list(finding_flags(finding)),
        "basis": finding_basis(finding, zero), "source": finding_source(finding), "cycle": finding.cycle,
    }  # fmt: skip


def _clock(at: time | None) -> str | None:
    return None if at is None else f"{at:%H:%M}"


def _feasible(found: DayZeroes) -> dict[str, Any]:
    return {
        "earliest": _iso(found.earliest), "latest": _iso(found.latest),
        "intervals": [
            {"from": _iso(first), "to": _iso(last), "status": status} for first, last, status in found.intervals
        ],
        "binding": list(found.binding), "next": list(found.next), "assumes": list(found.assumes),
        "hangs_on": list(found.hangs_on), "missing": list(found.missing), "cycle": found.cycle,
        "start_from": _clock(found.start[0]), "start_until": _clock(found.start[1]),
    }  # fmt: skip


def plan_values(plan: Plan, events: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    """The plan as plain values: every key is there, null where there is nothing. `events` are those of `event_values`,
    where they are known already."""
    standing = plan.standing
    protocol = plan.protocol
    return {
        "format": 1, "code": plan.case.code,
        "protocol": {"id": protocol.id, "version": protocol.version, "sha256": protocol.sha256},
        "revision": plan.revision, "schedule_id": str(plan.schedule_id),
        "planned_day_zero": standing and _moment(standing.planned),
        "day_zero": standing and _moment(standing.day_zero), "cycles": _cycles(standing),
        "banner": banner(plan), "events": event_values(plan) if events is None else events,
        "findings": [_finding(finding, protocol.zero) for finding in plan.findings],
        "feasible": plan.feasible and _feasible(plan.feasible),
        "not_stated": [{"parameter": gap.parameter, "text": gap_in_words(gap)} for gap in plan.not_stated],
    }  # fmt: skip


def plan_csv(plan: Plan, events: list[dict[str, Any]] | None = None) -> str:
    """A row for each event under the names of `plan.json`, and the banner; with a BOM for Excel and CRLF line ends.
    `events` as for `plan_values`."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    columns = (*EVENT_KEYS, "banner")
    writer.writerow(columns)
    said = banner(plan)
    for event in event_values(plan) if events is None else events:
        values = {**event, "flags": "; ".join(event["flags"]), "banner": said}
        writer.writerow([safe_cell(values[key]) for key in columns])
    return "\ufeff" + out.getvalue()
