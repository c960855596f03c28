"""How an act turns one plan into the next: it is asked whether it can be, and the history with it is laid out."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import assert_never

from msgspec.structs import replace

from schedule.engine.begun import leads_in
from schedule.engine.bookings import as_booked, check_booking, check_re_date
from schedule.engine.facts import check_fact, check_option, check_planned_hour
from schedule.engine.laid import Laid
from schedule.engine.places import Place
from schedule.engine.plan import plan_from
from schedule.engine.records import check_as_of, check_records, refused
from schedule.engine.replay import replay
from schedule.engine.turns import places_by_id
from schedule.model.acts import (
    Amend,
    Attest,
    Book,
    Cancel,
    ChangeWard,
    Choose,
    Create,
    Deed,
    Fact,
    GiveRuling,
    Move,
    Note,
    PlannedHour,
    RecordDay,
    RecordEvent,
    ReDate,
    Restore,
    SetClock,
    records_in,
)
from schedule.model.case import Site
from schedule.model.errors import NotAllowed
from schedule.model.history import History, Step
from schedule.model.plan import Plan, standing_of
from schedule.model.protocol import Protocol
from schedule.model.reasons.records import NoSuchEvent
from schedule.model.reasons.refusals import OnlyNotes


def apply(
    plan: Plan,
    deed: Deed,
    as_of: datetime,
    revision: int,
    *,
    protocol: Protocol | None = None,
    site: Site | None = None,
    by: str = "",
    whole: bool = True,
) -> Plan:
    """The plan after a deed that was done `by` somebody; the very same where an amendment or a choice changes nothing.
    `protocol` and `site` are those an amendment brings, `whole` is that of `plan_from`. Refused if the deed cannot be.
    What is to be kept of the deed is that of the last step of the plan's history: a booking for the planned time has
    none, and a day's records stand in the order in which they are known.

    Whether a new day 0 is allowed is not asked here, but of `if_moved`.
    """
    check_cancelled(plan, deed)
    history = history_of(plan)
    before = replay(history)
    now = as_of.replace(tzinfo=before.where)
    check_as_of(before, deed, now)
    if isinstance(deed, Book):
        place = place_of_event(plan, deed.event)
        deed = as_booked(before, place, deed)
        check_booking(before, place, deed, now)
    if isinstance(deed, RecordDay):
        deed = _in_order(before, plan, deed)
    typed = {place_of_event(plan, one.event): one for one in records_in(deed)}
    _ask_before(before, deed, now)
    step = Step(deed=deed, as_of=as_of, protocol=protocol or plan.protocol, site=site or plan.site, by=by)
    after = history.then(step)
    laid = replay(after, history)
    if typed:
        check_records(before, laid, typed, now, _without(history, step, typed))
    if _changes_nothing(plan, step):
        return plan
    return plan_from(after, as_of, revision=revision, schedule_id=plan.schedule_id, whole=whole)


def _in_order(before: Laid, plan: Plan, deed: RecordDay) -> RecordDay:
    """A day with what others follow before these, else by the hour; what is taken back first, its followers before
    it."""

    def key(one: RecordEvent) -> tuple[bool, int, float, str]:
        place = place_of_event(plan, one.event)
        follows = len(before.followed(place)) if place in before.slots else 0
        if one.record is None:
            return False, -follows, 0.0, one.event
        return True, follows, before.order(before.here(one.record.start)).timestamp(), one.event

    return replace(deed, records=tuple(sorted(deed.records, key=key)))


def _without(history: History, step: Step, typed: Mapping[Place, RecordEvent]) -> Callable[[Place], Laid]:
    """What gives the plan with all records of a deed but that of a place. Only a leader's record lays out anew;
    of the others the last word is known, which is quick however long the history is."""
    text = replay(history).text
    leaders = {place for place in typed if leads_in(text, place)}
    laid: dict[frozenset[Place], Laid] = {}

    def without(place: Place) -> Laid:
        others = frozenset(leaders - {place})
        if others not in laid:
            records = tuple(one for other, one in typed.items() if other in others)
            day = RecordDay(on=step.as_of.date(), records=records)
            laid[others] = replay(history.then(replace(step, deed=day)) if records else history)
        base = laid[others]
        words = {other: one.record for other, one in typed.items() if other not in leaders and other != place}
        known = {other: record for other, record in {**base.records, **words}.items() if record is not None}
        return base.copy(replace(base.facts, records=known)) if words else base

    return without


def _changes_nothing(plan: Plan, step: Step) -> bool:
    """Whether an amendment brings the texts, a choice the option, or a change of the ward the ward, that hold
    already."""
    match step.deed:
        case Amend():
            texts = (plan.protocol.sha256, plan.site.sha256)
            return (step.protocol.sha256, step.site.sha256) == texts
        case Choose(name=name, option=option):
            return plan.case.choices.get(name) == option
        case ChangeWard(ward=ward):
            return plan.case.ward_at(plan.site) == ward
        case _:
            return False


def history_of(plan: Plan) -> History:
    """What a plan with a planned day 0 was made from."""
    assert plan.history is not None
    return plan.history


def place_of_event(plan: Plan, event: str) -> Place:
    """The place of an event, by its id. Refused if there is none."""
    places = places_by_id(history_of(plan).numbers)
    if event not in places:
        raise refused(replay(history_of(plan)), NoSuchEvent(event=event, known=tuple(one.id for one in plan.events)))
    return places[event]


def _ask_before(before: Laid, deed: Deed, now: datetime) -> None:
    """Refused, or not allowed, where a deed that names no event cannot be for what the plan was before it."""
    match deed:
        case ReDate():
            check_re_date(before, deed, now)
        case Fact():
            check_fact(before, deed, now)
        case PlannedHour():
            check_planned_hour(before, deed)
        case Choose():
            check_option(before, deed)
        case (
            Create() | RecordEvent() | RecordDay() | Book() | Attest() | GiveRuling() | Move() | Amend()
            | ChangeWard() | SetClock() | Note() | Cancel() | Restore()
        ):  # fmt: skip
            pass
        case _:
            assert_never(deed)


def check_cancelled(plan: Plan, deed: Deed) -> None:
    """NotAllowed where the plan is cancelled, and the deed is not one that may still be done to it."""
    if not standing_of(plan).cancelled:
        return
    match deed:
        case Note() | Restore() | SetClock() | Move():  # a move is judged, and not allowed
            pass
        case (
            Create() | RecordEvent() | RecordDay() | Book() | ReDate() | Fact() | PlannedHour() | Attest() | Choose()
            | GiveRuling() | Amend() | ChangeWard() | Cancel()
        ):  # fmt: skip
            raise NotAllowed(OnlyNotes(), code=plan.case.code, zero=plan.protocol.zero)
        case _:
            assert_never(deed)
