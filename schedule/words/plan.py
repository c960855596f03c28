"""The words that every printed page shares: whose it is, from which revision, what a day is called, what is due.

Sheets, go/no-go pages, deadlines and the patient's calendar say the same things in the same words because they all
take them from here.
"""

from datetime import UTC, date, datetime

from msgspec import Struct

from schedule.engine.day_names import label_of
from schedule.engine.entries import due_findings
from schedule.engine.slip import limit_of
from schedule.model.days_zero import SlipLimit
from schedule.model.notation import spell, spell_clock, spell_in_full, spell_moment
from schedule.model.plan import Event, Finding, Plan, standing_of
from schedule.words.alerts import banner, banner_short
from schedule.words.dates import day_zero_of

AID = "Schedule aid, not an order. Check against the signed order."


class Frame(Struct, frozen=True, kw_only=True):
    """What every page of every file says: whose it is, from which revision, which day 0 it counts from.

    `protocol` is its id and version, shortened if need be; `protocol_title` has them in full.

    `banner` names every violated rule with its title, `banner_short` the first with its title and the others by number;
    both are empty if there is none.
    """

    code: str
    protocol: str
    protocol_title: str
    revision: str
    since: str
    since_in_full: str
    zone: str
    day_zero: str
    banner: str
    banner_short: str
    aid: str


def frame(plan: Plan, when: datetime) -> Frame:
    """What stands on every page. `when`, the revision's time, is shown in the site's zone,
    or in UTC if there is none.
    """
    zone = plan.site.zone
    made = plan.case.choices
    options = [choice.options[made[name]] for name, choice in plan.protocol.choices.items() if name in made]
    chosen = f" ({'; '.join(options)})" if options else ""
    version = f"{plan.protocol.id}{chosen}, {plan.protocol.version}"
    local = when.astimezone(zone or UTC)
    return Frame(
        code=plan.case.code,
        protocol=shortened(version, 100),
        protocol_title=f"{plan.protocol.title} ({version})",
        revision=f"Revision {plan.revision}",
        since=spell_moment(local),
        since_in_full=spell_in_full(local.date()),
        zone=f"Times in {zone.key}, 24-hour clock" if zone else "Times in UTC, 24-hour clock",
        day_zero=f"{zero_label(plan)} = {day_zero_of(plan)}",
        banner=banner(plan) or "",
        banner_short=banner_short(plan),
        aid=AID,
    )


def shortened(text: str, most: int) -> str:
    """The text, or as much of it as `most` letters hold, with an ellipsis: only for what stands in full elsewhere."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def zero_of(plan: Plan, cycle: int = 1) -> date:
    """Day 0 of a cycle. A plan of feasible days only, which has none, has no paper."""
    if plan.standing is None:
        raise ValueError("a plan without a day 0 has no sheets")
    return plan.standing.of(cycle).day_zero.on


def zeros_of(plan: Plan) -> tuple[date, ...]:
    """Day 0 of each cycle, in order; of a cancelled plan those alone that had come before it was cancelled."""
    standing = standing_of(plan)
    cells = [one for one in plan.events if one.activity == plan.protocol.day_zero and one.status != "cancelled"]
    come = {max(one.cycle, 1) for one in cells}
    cycles = (1, *sorted(standing.cycles))
    return tuple(zero_of(plan, cycle) for cycle in cycles if cycle in come or not standing.cancelled)


def zero_label(plan: Plan) -> str:
    """`Day 0`, or `Day 1` where a protocol's numbering has no day 0; of the cycle in hand `Cycle 2 Day 4`."""
    return str(label_of(plan, zero_of(plan, standing_of(plan).in_hand)))


def infusion_word(plan: Plan) -> str:
    """What the protocol calls the thing done on day 0."""
    word = plan.protocol.activities[plan.protocol.day_zero].unit
    return word if 0 < len(word) <= 24 else "treatment of that day"


def clock_of(event: Event) -> str:
    """`09:00`, `09:00 to 10:30`, or nothing where no hour is stated."""
    if event.start is None or event.end is None:
        return ""
    if not event.lasts:
        return spell_clock(event.start)
    until = spell_clock(event.end) if event.end.date() == event.start.date() else spell_moment(event.end)
    return f"{spell_clock(event.start)} to {until}"


def moment_of(event: Event) -> str:
    """`Wed 10-Jun-2026 09:00`, without the hour where none is stated."""
    return spell_moment(event.start) if event.start else spell(event.on)


def due_points(plan: Plan) -> list[tuple[Finding, str]]:
    """The open points that have a last day, soonest first, each with the rules that ask for it."""
    return [(finding, ", ".join(refs)) for finding, refs in due_findings(plan)]


def latest_start(plan: Plan, cycle: int = 1) -> tuple[Finding, str] | None:
    """The finding that says how late the infusion of a cycle may start, and that moment in words; None where no rule
    does."""
    found = limit_of(plan, cycle)
    return (found[0], limit_moment(found[1])) if found is not None else None


def limit_moment(limit: SlipLimit) -> str:
    """How late the infusion may start: the moment, or the last day where no hour is known."""
    return spell(limit.last) if limit.until is None else spell_moment(limit.until)
