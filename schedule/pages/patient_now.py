"""Plan -> what the page of a patient begins with: what is wrong or open, then today, then what is next.

A treatment past and not recorded, a decision to be made, a test that is overdue: each with what settles it, by its
name, so that a page can lead to the form that asks for it.
"""

from datetime import date
from typing import Literal, NamedTuple

from schedule.engine.difference import is_kept
from schedule.engine.moved import moved_day_zero
from schedule.engine.need import not_recorded
from schedule.engine.open_today import events_on
from schedule.model.plan import Event, Finding, Plan
from schedule.model.timing import KnownDatePoint
from schedule.words import patient_now as words
from schedule.words.day_labels import label_told
from schedule.words.deadlines import donors
from schedule.words.findings import finding_basis, finding_title, point_title
from schedule.words.moved import moved_from, moved_when
from schedule.words.plan import moment_of
from schedule.words.sheets import hour_of
from schedule.words.statuses import status_in_words
from schedule.words.titles import title_of

State = Literal["moved", "not-recorded", "decides", "not-allowed", "overdue", "given", "done", "held", "due", "planned"]
"""How a line stands: each has a shape and a word."""


class OpenLine(NamedTuple):
    """One thing that is wrong or open: how it stands, in a word; what it is; the reason, one press away; and the form
    that settles it, with what the link says. `name` is what that form asks for: an event, a date, a rule."""

    state: State
    said: str
    what: str
    why: str
    form: Literal["record", "fact", "attest", "rule", "change", ""]
    name: str
    link: str


class TodayLine(NamedTuple):
    """One thing of today: its hour, how it stands, what it is, and the event that may be recorded, if it may."""

    hour: str
    state: State
    said: str
    what: str
    event: str


class PatientNow(NamedTuple):
    """The head of a patient's page."""

    open: tuple[OpenLine, ...]
    today: tuple[TodayLine, ...]


def patient_now(plan: Plan, today: date) -> PatientNow:
    """What is wrong or open, worst first, and what is on today, in order of time; of a cancelled plan nothing."""
    if plan.standing is None or plan.standing.cancelled:
        return PatientNow((), ())
    events = sorted(events_on(plan, today), key=lambda event: (event.start is None, event.moment))
    wrong, asked = _findings(plan, "violated"), _findings(plan, "boundary")
    return PatientNow(
        open=(*_moved(plan), *wrong, *_unrecorded(plan), *asked, *_due(plan)),
        today=tuple(_of_today(event) for event in events),
    )


def _moved(plan: Plan) -> tuple[OpenLine, ...]:
    moved = moved_day_zero(plan)
    if moved is None:
        return ()
    state, told = words.has_moved(plan.protocol.zero), f"{moved_from(moved, plan.protocol)}, {moved_when(moved)}"
    return (OpenLine("moved", state, told, "", "change", "", words.WHAT_IT_CHANGED),)


def _unrecorded(plan: Plan) -> tuple[OpenLine, ...]:
    return tuple(
        OpenLine(
            "not-recorded", words.NOT_RECORDED, f"{_whose(event)} ({label_told(plan, event)}), {moment_of(event)}", "",
            "record", event.id, words.RECORD,
        )
        for event in not_recorded(plan)
    )  # fmt: skip


def _findings(plan: Plan, status: Literal["violated", "boundary"]) -> tuple[OpenLine, ...]:
    state: State = "decides" if status == "boundary" else "not-allowed"
    return tuple(
        OpenLine(
            state, words.SAID[state], f"{finding.ref} {finding_title(finding.title, plan.protocol.zero)}",
            finding_basis(finding, plan.protocol.zero), "rule" if finding.rule in plan.protocol.rules else "",
            finding.rule, words.ENTER_DECISION,
        )
        for finding in plan.findings
        if finding.status == status and not is_kept(finding)
    )  # fmt: skip


def _due(plan: Plan) -> tuple[OpenLine, ...]:
    """What is overdue."""
    return tuple(
        OpenLine(
            "overdue", words.OVERDUE, f"{point_title(plan, finding)} ({finding.ref})",
            finding_basis(finding, plan.protocol.zero), "fact", _known(finding), words.ENTER_DATE,
        )
        for finding in plan.findings
        if finding.overdue and _known(finding)
    )  # fmt: skip


def _known(finding: Finding) -> str:
    return finding.point.name if isinstance(finding.point, KnownDatePoint) else ""


def _of_today(event: Event) -> TodayLine:
    states: dict[str, State] = {"given": "given", "done": "done", "held": "held", "unconfirmed": "not-recorded"}
    state = states.get(event.status, "due")
    said = words.DUE if state == "due" else status_in_words(event.status)
    open_now = event.status in ("planned", "unconfirmed") and event.category != "milestone"
    return TodayLine(hour_of(event), state, said, _whose(event), event.id if open_now else "")


def _whose(event: Event) -> str:
    return donors(title_of(event)) if event.donor else title_of(event)
