"""What a change leaves to be asked about or seen to, in words; and what is said of the distance to the cells."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator

from schedule.engine.difference import Difference
from schedule.engine.undone import GapToCells, TwoEvents, gaps_to_cells, not_one_moment
from schedule.model.dates import add
from schedule.model.notation import plural, spell, spell_moment, spell_span
from schedule.model.plan import Event, Plan, Record, standing_of
from schedule.model.protocol import Protocol, bounds_in
from schedule.model.timing import DAY_ZERO, PLANNED_DAY_ZERO, CompletionOf, EndOf, LastOf, Point
from schedule.words.dates import spell_day_zero, wall_time_in_words, zero_in_cycle
from schedule.words.day_labels import label_told
from schedule.words.gaps import lack_in_words
from schedule.words.places import beside, lies_elsewhere, spell_place
from schedule.words.titles import cell_title, full_title, held_word, plain_title

WAS_IT_DONE = "Now in the past: was it done?"
"""The heading over what a change has laid at or before its as-of."""


def placed(event: Event) -> str:
    """`fludarabine (dose 3 of 3), Fri 12-Jun-2026 09:00`."""
    return f"{full_title(event.title)}{' (donor)' if event.donor else ''}, {spell_place(event)}"


def held_query(held: Event, record: Record) -> str:
    """What the principal investigator is asked about what is held: nothing is rescheduled by itself."""
    reason = f" ({record.reason})" if record.reason else ""
    return f"{placed(held)}: {held_word(held)}{reason}. Nothing is rescheduled: ask the principal investigator."


def queries_of(difference: Difference, after: Plan) -> tuple[str, ...]:
    """What has to be asked: what may be given already, what is planned again, doses and collections past and not
    recorded, products that have become older."""
    left = difference.undone
    asked = [_moved_today(pair.one, pair.other) for pair in left.today]
    asked += [f"{placed(event)}: no longer planned, since the cells are given. Was it given?" for event in left.dropped]
    asked += [_planned_again(pair.one, pair.other) for pair in left.again if pair.other.booked is None]
    asked += _hang_on_held(left.hanging)
    infused = any(pair.after.activity == after.protocol.day_zero for pair in difference.recorded)
    if not (difference.lays_out or infused):
        return tuple(asked)
    standing = standing_of(after)
    for event in difference.stays:
        open_dose = event.status == "unconfirmed" and event.category == "treatment" and not event.donor
        if open_dose and event not in left.past:
            asked.append(f"{placed(event)}: past and not recorded. Was it done?")
        if event.donor and event.status in ("unconfirmed", "done", "given"):
            days = plural((standing.of(event.cycle).day_zero.on - event.on).days, "days")
            zero = zero_in_cycle(after.protocol.zero, event.cycle)
            asked.append(
                f"{full_title(event.title)}, {spell(event.on)}: {days} before {zero} as it now stands. "
                "Shelf life not stated."
            )
    return tuple(asked)


def _hang_on_held(hanging: Iterable[TwoEvents]) -> Iterator[str]:
    """What stays where it stood although nothing is left from which it could be counted."""
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for pair in hanging:
        found[plain_title(pair.other.title)][plain_title(pair.one.title)] += 1
    for leader, names in found.items():
        why = f"counted from {leader}, none of which is given or still planned"
        yield f"{_counted(names)}: {why}. Ask whether the dates still hold."


def _counted(names: Counter[str]) -> str:
    """`drug A, visit (2 times)`."""
    return ", ".join(name + (f" ({count} times)" if count > 1 else "") for name, count in names.items())


def off_their_places(difference: Difference) -> tuple[str, ...]:
    """What of the protocol stays although its place in the schedule has moved, all in one sentence: not the site's own
    tasks, nor the donor's days, which are asked about each by itself."""
    off = {str(finding.point) for finding in difference.off_place}
    names = Counter(
        plain_title(event.title) for event in difference.stays
        if event.id in off and not event.task and not event.donor
    )  # fmt: skip
    if not names:
        return ()
    return (f"{_counted(names)}: off its place in the schedule now. The principal investigator must decide.",)


def _moved_today(was: Event, now: Event) -> str:
    done = "Given" if was.category == "treatment" else "Done"
    return f"{placed(was)}: was for today, and moves to {spell_place(now)}. {done} already?"


def _planned_again(held: Event, again: Event) -> str:
    return f"{placed(held)}: {held_word(held)}, and planned again on {spell_place(again)}. Is it still needed?"


def left_undone(difference: Difference, after: Plan) -> tuple[str, ...]:
    """What is missing or out of order since things no longer move together."""
    left, said = difference.undone, []
    for pair in left.holes:
        first, last = add(pair.one.on, 1, "days", "clamp"), add(pair.other.on, -1, "days", "clamp")
        why = f"since {label_told(after, pair.moved)} is now {spell(pair.moved.on)}"
        said.append(f"{plain_title(pair.one.title)}: no entry on {spell_span(first, last)}, {why}: add it?")
    for two in left.twice:
        why = f"for {label_told(after, two.one)} and for {label_told(after, two.other)}"
        said.append(f"{plain_title(two.one.title)}: twice on {spell(two.one.on)}, {why}: leave one out?")
    said += [f"{placed(pair.one)}: no “{plain_title(pair.other.title)}” on that day any more." for pair in left.bare]
    said += [f"{placed(pair.one)}: lies before {placed(pair.other)}, which it follows." for pair in left.early]
    said += [f"{full_title(one.title)}: no date any more; {lack_in_words(one.gap)}" for one in difference.undated]
    return tuple(said)


def recorded_off(difference: Difference, after: Plan) -> tuple[str, ...]:
    """What was recorded on another date or hour than planned."""
    off = (pair.after for pair in difference.recorded if lies_elsewhere(pair.after))
    return tuple(f"{placed(event)}: {'; '.join(beside(after, event))}." for event in off)


def facts_of(difference: Difference, before: Plan, after: Plan) -> tuple[str, ...]:
    """Which move is now of another kind; another time zone."""
    said = []
    for turned in difference.undone.turned:
        was, now, planned = turned.was, turned.now, spell_day_zero(standing_of(after).planned)
        said.append(
            f"The move as of {spell_moment(was.as_of)} rested on what is now recorded otherwise: it was a {was.kind} "
            f"and is a {now.kind}. Planned {after.protocol.zero} is {planned}."
        )
    zones = [plan.site.zone.key if plan.site.zone else "UTC" for plan in (before, after)]
    if zones[0] != zones[1]:
        said.append(f"Every hour stays as it is on the clock, now in {zones[1]} instead of {zones[0]}.")
        said += [
            f"{full_title(event.title)}: {wall_time_in_words(fault)}." for event, fault in not_one_moment(before, after)
        ]
    return tuple(said)


def days_to_cells(before: Plan, after: Plan) -> tuple[str, ...]:
    """The days from the last dose before the cells to the cells, old and new, and what the protocol asks of them. Empty
    where they are the same, or there are none, or no cells are to come: the plan is cancelled."""
    if standing_of(after).cancelled:
        return ()
    old, said = gaps_to_cells(before), []
    for cycle, gap in gaps_to_cells(after).items():
        if cycle in old and old[cycle].days != gap.days:
            was, now = plural(old[cycle].days, "days"), plural(gap.days, "days")
            zero = zero_in_cycle(after.protocol.zero, cycle)
            what = f"From the last {_dose_of(gap, after.protocol)} to {zero}: {was} before, {now} now."
            said.append(f"{what} {_limit_of_gap(after)}")
    return tuple(said)


def _dose_of(gap: GapToCells, protocol: Protocol) -> str:
    """`dose of drug A`; `lymphodepletion dose`, where the course has several drugs."""
    if len({dose.activity for dose in gap.doses}) == 1:
        return f"dose of {cell_title(gap.doses[0].title)}"
    courses = (course.title for course in protocol.courses.values() if course.base == PLANNED_DAY_ZERO)
    return f"{' and '.join(courses).lower()} dose"


def _limit_of_gap(plan: Plan) -> str:
    """`At most 6 days: GAP.`: what the rules for this patient ask of the distance from the last dose to the cells."""
    own = {finding.rule for finding in plan.findings if finding.status != "not applicable"}
    asked = [
        (one, rule.id) for rule in plan.protocol.rules.values() if rule.id in own
        for bound in rule.bounds for one in bounds_in(bound)[0]
        if one.point == DAY_ZERO and _is_last_dose(one.anchor, plan.protocol)
    ]  # fmt: skip
    most = [pair for pair in asked if not pair[0].is_lower] or asked
    if not most:
        return "No limit of that distance is stated."
    return " ".join(f"{one.relation.capitalize()} {one.distance}: {rule}." for one, rule in most)


def _is_last_dose(point: Point, protocol: Protocol) -> bool:
    """Whether a point is the last dose of a course that is given before the cells, or its end."""
    name: str | None
    match point:
        case EndOf(of):
            return _is_last_dose(of, protocol)
        case CompletionOf(course):
            name = course
        case LastOf(activity):
            known = protocol.activities.get(activity)
            name = known.course if known is not None else activity
        case _:
            return False
    return name in protocol.courses and protocol.courses[name].base == PLANNED_DAY_ZERO
