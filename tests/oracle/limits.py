"""Dates that a rule leaves: deadlines of what is due, how long a test serves, when something is to be repeated.
All by asking every day, or every half hour where a sentence counts hours."""

from datetime import date, datetime, time, timedelta

from .dates import Time, show
from .grammar import MINUTES, Sentence, read_bound
from .judge import ALL, ask, point_of
from .layout import Plan
from .play import final


def sentences_about(plan: Plan, point: str) -> list[tuple[str, dict]]:
    """The entries of all rules that judge a point by sentences."""
    return [(rule, bound) for rule, entry in plan.text.rules.items() for bound in entry.get("bounds", [])
            if bound["point"] == point and "safe" in bound]  # fmt: skip


def kept(plan: Plan, bound: dict, cycle: int, pretend: dict[str, Time]) -> bool:
    """Whether the safe reading would be kept if some points lay elsewhere. What is not known asks nothing."""
    for text in bound["safe"]:
        sentence = read_bound(text)
        later, earlier = (
            pretend.get(n) or _first(point_of(n, plan, cycle).times) for n in (sentence.later, sentence.earlier)
        )
        if later and earlier and ask(sentence, later, earlier, plan) != ALL:
            return False
    return True


def _first(times: list[Time]) -> Time | None:
    """The first of some times."""
    return times[0] if times else None


def _candidates(zero: date, hours: bool, before: int, after: int) -> list[Time]:
    """Every day around day 0, or every half hour."""
    days = [zero + timedelta(days=n) for n in range(-before, after + 1)]
    if not hours:
        return [Time(day) for day in days]
    start = datetime(2000, 1, 1)
    clock = [(start + timedelta(minutes=30 * n)).time() for n in range(48)]
    return [Time(day, time(c.hour, c.minute)) for day in days for c in clock]


def _counts_hours(bounds: list[tuple[str, dict]]) -> bool:
    """Whether a sentence counts hours."""
    return any(_unit(read_bound(t)) for _, b in bounds for t in b["safe"])


def _unit(sentence: Sentence) -> bool:
    return sentence.unit in MINUTES


def deadline(
    protocol: str, site: str, case: str, acts: list[dict], name: str, cycle: int = 1
) -> tuple[str, str] | None:
    """The first and the last date on which a missing date of the patient would keep every rule about it."""
    plan = final(protocol, site, case, acts).plan()
    bounds = sentences_about(plan, name)
    hours = _counts_hours(bounds)
    zero = plan.day_zero(cycle).day
    fine = [t for t in _candidates(zero, hours, 8 if hours else 500, 8 if hours else 60)
            if all(kept(plan, b, cycle, {name: t}) for _, b in bounds)]  # fmt: skip
    return (show(fine[0], plan.text.zone), show(fine[-1], plan.text.zone)) if fine else None


def expires(protocol: str, site: str, case: str, acts: list[dict], rule: str, name: str) -> str | None:
    """“It can serve day 0 up to”: the last day 0 for which the safe reading about a date already known is kept."""
    plan = final(protocol, site, case, acts).plan()
    zero, hour = plan.day_zero(1).day, plan.day_zero(1).hour
    mine = [b for r, b in sentences_about(plan, name) if r == rule]
    days = [zero + timedelta(days=n) for n in range(-120, 400)]
    fine = [d for d in days for test in point_of(name, plan, 1).times
            if all(kept(plan, b, 1, {"day-zero": Time(d, hour), name: test}) for b in mine)]  # fmt: skip
    return max(fine).isoformat() if fine and max(fine) != days[-1] else None


def repeat_window(
    protocol: str, site: str, case: str, acts: list[dict], rule: str, point: str, cycle: int = 1
) -> tuple[str, str] | None:
    """The dates on which a test, or the last dose of a course, would have to lie for the rule to be kept."""
    plan = final(protocol, site, case, acts).plan()
    bounds = [(r, b) for r, b in plan_bounds(plan) if r == rule]
    hours = _counts_hours(bounds)
    zero = plan.day_zero(cycle).day
    fine = [t for t in _candidates(zero, hours, 60, 5) if all(kept(plan, b, cycle, {point: t}) for _, b in bounds)]
    return (show(fine[0], plan.text.zone), show(fine[-1], plan.text.zone)) if fine else None


def plan_bounds(plan: Plan) -> list[tuple[str, dict]]:
    """All entries with sentences."""
    return [(rule, b) for rule, entry in plan.text.rules.items() for b in entry.get("bounds", []) if "safe" in b]
