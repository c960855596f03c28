"""Days 0 in words."""

from schedule.model.notation import spell, spell_moment
from schedule.model.plan import DayZero, Plan


def spell_day_zero(day_zero: DayZero) -> str:
    """`Mon 15-Jun-2026 10:00`, without the hour where none is known."""
    return spell_moment(day_zero.at) if day_zero.at is not None else spell(day_zero.on)


def day_zero_of(plan: Plan) -> str:
    """The same of a plan's day 0."""
    return spell_day_zero(plan.standing.day_zero) if plan.standing else "not planned"
