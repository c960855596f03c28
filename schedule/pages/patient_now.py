"""Plan -> what the page of a patient begins with: what is wrong or open, then today, then what is next.

A decision to be made, a treatment past and not recorded, a test that is due: each stands once, with the form that
settles it.
"""

from collections.abc import Iterator
from datetime import date
from typing import Literal, NamedTuple, assert_never

from schedule.engine.day_names import label_of
from schedule.engine.moved import days_left_empty, moved_day_zero
from schedule.engine.need import not_recorded
from schedule.engine.open_today import events_on, to_be_decided
from schedule.engine.settling import is_kept, is_missing, settling_of
from schedule.model.plan import Event, Finding, Plan
from schedule.model.reasons.findings import TitledEvent
from schedule.model.reasons.settling import (
    AnotherDay,
    BookAgain,
    ChoiceToMake,
    CourseWanted,
    DateToEnter,
    DayZeroToPlan,
    EventToRecord,
    RepeatWanted,
    RulingWanted,
    Settling,
    StatementToRecord,
    TestToDo,
    TimeToGive,
)
from schedule.words import patient_now as words
from schedule.words.dates import spell_day_zero
from schedule.words.day_labels import label_told
from schedule.words.deadlines import donors
from schedule.words.findings import finding_basis, finding_source, finding_title, is_at_rest, ranked
from schedule.words.moved import moved_in_short, nothing_on
from schedule.words.plan import moment_of
from schedule.words.settling import asked_and_settled
from schedule.words.sheets import hour_of
from schedule.words.titles import status_of, title_of

State = Literal[
    "not-allowed", "decides", "not-recorded", "repeat", "overdue", "missing", "due", "given", "done", "held"
]  # fmt: skip
"""How a line stands: each has a shape and a word."""
WORST_FIRST: tuple[State, ...] = ("not-allowed", "decides", "not-recorded", "repeat", "overdue", "missing", "due")


class OpenLine(NamedTuple):
    """One thing that is wrong or open: how it stands, in a word; what it is, and the rule that says so; until when, and
    what settles it; why, and on whose words, one press away; and the form that settles it, below the patient's address,
    with what the link to it says."""

    state: State
    said: str
    what: str
    ref: str
    more: str
    why: tuple[str, ...]
    form: str
    link: str


class TodayLine(NamedTuple):
    """One thing of today: its hour, how it stands, what it is, and the event that may be recorded, if it may."""

    hour: str
    state: State
    said: str
    what: str
    event: str


class PatientNow(NamedTuple):
    """The head of a patient's page: that day 0 moved a short time ago and where it stands now, what is wrong or open,
    and what is on today; `emptied` says that it was, before day 0 moved."""

    moved: tuple[str, str] | None
    open: tuple[OpenLine, ...]
    today: tuple[TodayLine, ...]
    emptied: str = ""


def patient_now(plan: Plan, today: date) -> PatientNow:
    """What is wrong or open, worst first, and what is on today, in order of time; of a cancelled plan nothing."""
    if plan.standing is None or plan.standing.cancelled:
        return PatientNow(None, (), ())
    events = sorted(events_on(plan, today), key=lambda event: event.in_order[1:])
    found = (*(_finding(plan, one) for one in asking(plan)), *_unrecorded(plan))
    left = days_left_empty(plan).get(today) if not events else None
    return PatientNow(
        moved=_moved(plan, today),
        open=tuple(sorted(found, key=lambda line: WORST_FIRST.index(line.state))),
        today=tuple(_of_today(event) for event in events),
        emptied=nothing_on(label_of(plan, left), left) if left is not None else "",
    )


def asking(plan: Plan) -> list[Finding]:
    """The findings that ask for something: a decision, a repeat, a date, a statement; those due in order of time."""
    decide = to_be_decided(plan)
    found = [one for one in plan.findings if one.status in ("violated", "due") and not is_at_rest(one)]
    return [*decide, *sorted(found, key=lambda one: one.latest or date.max)]


def to_be_known(plan: Plan) -> list[Finding]:
    """The findings to be known that need no action: not stated, allowed by a ruling, or kept on its date. That a
    task of the site's own has kept its date is not told."""
    told, tasks = asking(plan), {event.id for event in plan.events if event.task}
    found = (one for one in ranked(plan.findings) if not is_at_rest(one) and one not in told)
    return [one for one in found if not (is_kept(one) and str(one.point) in tasks)]


def _moved(plan: Plan, today: date) -> tuple[str, str] | None:
    moved = moved_day_zero(plan)
    if moved is None:
        return None
    said = moved_in_short(moved, plan.protocol, today)
    return said, words.now_at(spell_day_zero(moved.now))


def _unrecorded(plan: Plan) -> Iterator[OpenLine]:
    for event in not_recorded(plan):
        more = words.was_due(moment_of(event), label_told(plan, event))
        yield OpenLine(
            "not-recorded", words.SAID["not-recorded"], _whose(event), "", more, (), f"record/{event.id}", words.RECORD
        )


def _finding(plan: Plan, finding: Finding) -> OpenLine:
    zero, state = plan.protocol.zero, _state(plan, finding)
    found = settling_of(plan, finding)
    form, link = _settled_at(plan, found)
    return OpenLine(
        state, words.SAID[state], finding_title(finding, zero),
        "" if isinstance(finding.title, TitledEvent) else finding.ref,
        asked_and_settled(plan, finding),
        (finding_basis(finding, zero), finding_source(finding)), form, link,
    )  # fmt: skip


def _state(plan: Plan, finding: Finding) -> State:
    if finding.status == "boundary":
        return "decides"
    if finding.status == "violated":
        return "repeat" if finding.repeat is not None else "not-allowed"
    if is_missing(plan, finding):
        return "missing"
    return "overdue" if finding.overdue else "due"


def _settled_at(plan: Plan, found: Settling | None) -> tuple[str, str]:
    """The form that would settle a finding, below the patient's address, and what the link says; empty where none does.
    What must be repeated is settled by the new date, a rule that is violated by another day 0."""
    match found:
        case TestToDo(date=date) | DateToEnter(date=date):
            return f"fact/{date}", words.ENTER_DATE
        case RepeatWanted(date=date) if date:
            return f"fact/{date}", words.ENTER_DATE
        case StatementToRecord(statement=name):
            return f"attest/{name}", words.RECORD_STATEMENT
        case ChoiceToMake(choice=name):
            return f"choose/{name}" if name else "choose", words.CHOOSE
        case EventToRecord(event=event):
            return f"record/{event}", words.RECORD
        case TimeToGive(zero=True):
            return "slip", words.move_it(plan.protocol.zero)
        case BookAgain(event=event) | TimeToGive(event=event):
            return f"book/{event}", words.BOOK
        case RulingWanted(rule=rule):
            return (f"rule/{rule}", words.ENTER_DECISION) if rule in plan.protocol.rules else ("", "")
        case AnotherDay() | RepeatWanted():
            return ("slip", words.move_it(plan.protocol.zero)) if plan.feasible is not None else ("", "")
        case CourseWanted() | DayZeroToPlan() | None:
            return "", ""
        case _:
            assert_never(found)


def _of_today(event: Event) -> TodayLine:
    states: dict[str, State] = {"given": "given", "done": "done", "held": "held", "unconfirmed": "not-recorded"}
    state = states.get(event.status, "due")
    said = words.SAID["due"] if state == "due" else status_of(event)
    open_now = event.status in ("planned", "unconfirmed") and event.category != "milestone"
    return TodayLine(hour_of(event), state, said, _whose(event), event.id if open_now else "")


def _whose(event: Event) -> str:
    return donors(title_of(event)) if event.donor else title_of(event)
