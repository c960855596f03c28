"""What the form for a whole day says: its parts, what “all as planned” takes, and each record said back."""

from datetime import date, datetime, time

from schedule.model.acts import RecordEvent
from schedule.model.moment import Moment, is_earlier, seconds_apart
from schedule.model.notation import plural, spell, spell_clock
from schedule.model.plan import Event, Record
from schedule.words.acts import outcome_in_words, recorded_at
from schedule.words.deadlines import donors
from schedule.words.titles import whole_title

TAKEN_BACK = "taken back"
AN_ERROR = "what was recorded is an error"
NO_HOUR = "no hour was written"


def due_by(now: datetime, day: date) -> str:
    """The heading over what is due and not recorded: `Due by 14:05, not recorded`; of a day past `Not recorded`."""
    return f"Due by {spell_clock(now)}, not recorded" if day == now.date() else "Not recorded"


def takes(count: int, now: datetime, day: date) -> str:
    """What “all as planned” does; `count` is how many items of the day it takes."""
    by = f" due by {spell_clock(now)}" if day == now.date() else ""
    if count == 1:
        return f"Takes the one item{by} that is not recorded, at its planned hour, and shows it before it is saved."
    which = f"the {plural(count, 'items')}{by} that are not recorded, each at its planned hour"
    return f"Takes {which}, and shows them before anything is saved." if count else ""


def cells_are_typed(zero: str) -> str:
    """Why the infusion is never taken as planned, and what is taken once its hour is typed."""
    return (
        f"First type the hour of the cells below: it becomes {zero}, and is never taken as planned. "
        "What follows the cells and is due is then taken, too."
    )


def whose(event: Event) -> str:
    """The title, with whose it is where it is the donor's; not how it stands, which is what a record changes."""
    return donors(whole_title(event.title)) if event.donor else whole_title(event.title)


def said_as(event: Event, record: Record | None) -> str:
    """`given`, `given in part`, `held`; of what is no treatment `done`, `not done`; `taken back`."""
    return TAKEN_BACK if record is None else outcome_in_words(event, record)


def said_when(one: RecordEvent) -> str:
    """When it was, with its weekday, and to when. Of what was taken back nothing."""
    return recorded_at(one.record) if one.record is not None else ""


def beside_plan(event: Event, record: Record | None) -> str:
    """`10 minutes after its planned hour`, `as planned`, `no hour was written`; of what was held the reason."""
    if record is None:
        return AN_ERROR
    if record.outcome == "held":
        return record.reason
    planned = event.booked or event.planned
    if planned is None or planned.at is None:
        return f"planned for {spell(planned.on)}" if planned is not None and planned.on != record.start.on else ""
    return NO_HOUR if record.moment is None else _apart(record.start, planned)


def _apart(at: Moment, planned: Moment) -> str:
    minutes = round(seconds_apart(at, planned) / 60)
    if not minutes:
        return "as planned"
    days, rest = divmod(minutes, 24 * 60)
    hours, left = divmod(rest, 60)
    counted = ((days, "days"), (hours, "hours"), (left, "minutes"))
    told = " ".join(plural(count, unit) for count, unit in counted if count)
    return f"{told} {'before' if is_earlier(at, planned) else 'after'} its planned hour"


def which_date(clock: time, days: tuple[date, ...]) -> str:
    """What is asked where an hour near midnight may be of another date."""
    if len(days) == 1:
        return f"{spell_clock(clock)} would be of {spell(days[0])}. Is it?"
    return f"{spell_clock(clock)} may be of {' or of '.join(map(spell, days))}. Choose which"


def of_date(clock: time, day: date) -> str:
    """One of the answers to that: `00:15 on Sat 13-Jun-2026`."""
    return f"{spell_clock(clock)} on {spell(day)}"
