"""A row of the form for a day: what was entered of an item becomes its record."""

from typing import NamedTuple, cast

from msgspec.structs import replace

from schedule.model.acts import RecordEvent
from schedule.model.dates import add
from schedule.model.moment import Moment
from schedule.model.notation import spell
from schedule.model.plan import Event, Outcome, Plan
from schedule.model.text import printable
from schedule.model.typed_hours import dates_meant
from schedule.service.acts import open_of, record_of
from schedule.service.day import end_counts
from schedule.web import ward
from schedule.web.form_fields import ClockField, Option, RecordField
from schedule.web.forms import Form, clock_typed, moment_at_clock
from schedule.words.acts import recorded
from schedule.words.day import of_date, which_date, whose
from schedule.words.deadlines import donors
from schedule.words.sheets import hour_of, more_of_title
from schedule.words.titles import parted

GIVEN = (("given", "Given"), ("partly", "In part"), ("held", "Held"))
DONE = (("done", "Done"), ("held", "Not done"))
OPEN = (("open", "Neither: an error"),)
MOST = 500
"""Characters of a reason."""


class Entered(NamedTuple):
    """What was entered of an item: its record, and why one is taken back."""

    record: RecordEvent
    reason: str = ""


def read_row(form: Form, event: Event, part: str, seen: ward.Patient) -> Entered | None:
    """What was entered of an item; None where that is nothing, or something is wrong or missing."""
    row = form.fields[event.id] = _row(form, seen.plan, event, part)
    if not (row.entered and isinstance(row, RecordField)):
        return None
    outcome = row.outcome or (event.happens_as if row.at.typed else "")
    if outcome not in [option.value for option in row.outcomes]:
        form.note(event.id, f"{row.title}: choose what happened, or write its hour", row.outcomes[0].id)
        return None
    reason = printable(row.reason).strip()
    if len(reason) > MOST:
        form.note(event.id, f"{row.title}: a reason has {MOST} characters at most", f"{event.id}-reason")
        return None
    if outcome == "open":
        return Entered(open_of(event.id), reason)
    if outcome == "held" and not reason:
        form.note(event.id, f"{row.title}: write {row.why}", f"{event.id}-reason")
        return None
    at = _start(form, event, seen)
    if at is None:
        return None
    end = _end(form, event, at, seen)
    if end is not None and outcome == "held":
        form.note(event.id, f"{row.title}: what was held has no end, leave it empty", f"{event.id}-end-time")
    if form.wrong_at(event.id):
        return None
    said = "given" if outcome == "partly" else outcome
    why = reason if outcome == "held" else ""
    return Entered(record_of(event.id, cast(Outcome, said), at, why, end=end, partly=outcome == "partly"))


def _row(form: Form, plan: Plan, event: Event, part: str) -> RecordField:
    """The row as it was filled in."""
    name, is_dose = event.id, event.happens_as == "given"
    answers = (*(GIVEN if is_dose else DONE), *(OPEN if event.record is not None else ()))
    ends = event.lasts or end_counts(plan, event)
    return RecordField(
        name=name,
        part=part,
        on=event.on.isoformat() if part == "earlier" else "",
        on_said=spell(event.on) if part == "earlier" else "",
        due=hour_of(event),
        title=whose(event),
        head=donors(parted(event.title)[0]) if event.donor else parted(event.title)[0],
        more=more_of_title(event),
        state=event.record.outcome if event.record is not None else "",
        stands=recorded(event, event.record) if event.record is not None else "",
        outcomes=tuple(Option(f"{name}-outcome-{value}", value, words) for value, words in answers),
        outcome=form.typed(f"{name}-outcome"),
        at=ClockField(label="at", typed=form.typed(f"{name}-time").strip()),
        end=ClockField(label="to", typed=form.typed(f"{name}-end-time").strip()) if ends else None,
        dates=(),
        date=form.typed(f"{name}-date"),
        why="why it was held" if is_dose else "why it was not done",
        reason=form.typed(f"{name}-reason"),
    )


def _start(form: Form, event: Event, seen: ward.Patient) -> Moment | None:
    """When it was: at the hour that was typed, on the date of the item or, near midnight, that which was chosen; its
    date alone where no hour was. None where something is to be mended or chosen."""
    row, zone = _shown(form, event), seen.plan.site.zone
    if not row.at.typed:
        return Moment(on=event.on)
    clock = clock_typed(form, event.id, row.at.typed, f"{event.id}-time")
    if clock is None:
        return None
    days = dates_meant(event.when, clock, seen.site_time.replace(tzinfo=zone)) if zone is not None else (event.on,)
    day = days[0]
    if days != (event.on,):
        made = tuple(Option(f"{event.id}-date-{day}", day.isoformat(), of_date(clock, day)) for day in days)
        row = form.fields[event.id] = replace(row, dates=made)
        chosen = next((day for day in days if day.isoformat() == row.date), None)
        if chosen is None:
            form.note(event.id, f"{row.title}: {which_date(clock, days)}", made[0].id)
            return None
        day = chosen
    found, offsets, offset = moment_at_clock(form, event.id, row.title, day, clock, zone)
    form.fields[event.id] = replace(row, at=replace(row.at, offsets=offsets, offset=offset))
    return found


def _end(form: Form, event: Event, start: Moment, seen: ward.Patient) -> Moment | None:
    """When it ended: an hour earlier than its start is the next day's. None where none was typed, or it is to be
    mended."""
    row, name = _shown(form, event), f"{event.id}-end"
    if row.end is None or not row.end.typed:
        return None
    clock = clock_typed(form, event.id, row.end.typed, f"{name}-time")
    if clock is None:
        return None
    if start.at is None:
        form.note(event.id, f"{row.title}: write when it began, too", f"{event.id}-time")
        return None
    day = add(start.on, 1, "days", "clamp") if clock < start.at.time() else start.on
    found, offsets, offset = moment_at_clock(form, event.id, row.title, day, clock, seen.plan.site.zone, name)
    form.fields[event.id] = replace(row, end=replace(row.end, offsets=offsets, offset=offset))
    return found


def _shown(form: Form, event: Event) -> RecordField:
    row = form.fields[event.id]
    assert isinstance(row, RecordField)
    return row
