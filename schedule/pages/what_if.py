"""What if: the days 0 around the present one, each with its verdict, and the rules they depend on."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Literal

from msgspec import Struct

from schedule.engine.what_if import PossibleDay, Prospect, possible_days
from schedule.model.acts import Cause
from schedule.model.notation import spell
from schedule.model.plan import Plan
from schedule.words.days_off import closure_in_words
from schedule.words.what_if import distance_in_words, note_in_words, prospect_in_words

Mood = Literal["met", "asks", "refused", "unknown"]
MOODS: dict[Prospect, Mood] = {
    "met": "met", "slip": "met", "asks": "asks", "still-violated": "asks", "violated": "refused", "refused": "refused",
    "unknown": "unknown",
}  # fmt: skip


class DayShown(Struct, frozen=True, kw_only=True):
    """One day 0: `words` is its verdict, `verdict` the shape beside it, `rules` and `note` what that depends on.
    `distance` counts from day 0 as it stands. `closed` is why the site does not work that day, if it is no weekend.
    """

    on: date
    spelt: str
    distance: str
    is_present: bool
    closed: str
    verdict: Mood
    words: str
    rules: tuple[str, ...]
    note: str


def days_shown(plan: Plan, as_of: datetime, cause: Cause = "other") -> tuple[DayShown, ...]:
    """Whole weeks of days 0 around the present one; none once day 0 no longer moves."""
    return tuple(_shown(day, plan.protocol.zero) for day in possible_days(plan, as_of, cause))


def _shown(day: PossibleDay, zero: str) -> DayShown:
    return DayShown(
        on=day.on,
        spelt=spell(day.on),
        distance=distance_in_words(day, zero),
        is_present=not day.apart,
        closed=closure_in_words(day.closed),
        verdict=MOODS[day.prospect],
        words=prospect_in_words(day.prospect),
        rules=day.rules,
        note=note_in_words(day, zero),
    )


def rules_named(plan: Plan, days: Iterable[DayShown]) -> tuple[tuple[str, str], ...]:
    """The rules that some of the days depend on, each with its title, in the order of the trial."""
    named = {ref for day in days for ref in day.rules}
    return tuple(dict.fromkeys((f.ref, plan.protocol.rules[f.rule].title) for f in plan.findings if f.ref in named))
