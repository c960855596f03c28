"""The calendar of possible days 0: each day with its verdict, as a shape and a word, for each kind of cause."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from msgspec import Struct

from schedule.engine.possible_days import CauseClass, Graded, PossibleDay
from schedule.model.notation import MONTHS, WEEKDAYS, spell, spell_span
from schedule.model.plan import Plan
from schedule.words.days_off import closure_in_words
from schedule.words.possible_days import CAUSE_CLASSES, KIND_OF, distance_in_words, no_day_is_allowed, note_in_words
from schedule.words.verdict import VERDICTS, VerdictKind

BEST_FIRST: tuple[VerdictKind, ...] = ("allowed", "decides", "not-judged", "not-allowed")


class VerdictShown(Struct, frozen=True, kw_only=True):
    """A verdict on one day 0: for which kind of cause (empty: for any), its shape and its word, and what it depends
    on."""

    cause: CauseClass | None
    of_cause: str
    kind: VerdictKind
    word: str
    note: str


class DayShown(Struct, frozen=True, kw_only=True):
    """One day 0. `number` is what stands in the calendar, and `month` beside it where that begins; `distance` counts
    from day 0 as it stands; `closed` is why the site does not work that day, if it is no weekend. A past day has no
    verdict, and cannot be chosen; a `far` one is not allowed, nor any after it."""

    on: date
    weekday: str
    number: str
    month: str
    spelt: str
    distance: str
    is_present: bool
    closed: str
    verdicts: tuple[VerdictShown, ...]
    far: bool

    @property
    def is_past(self) -> bool:
        return not self.verdicts

    @property
    def is_out(self) -> bool:
        """Whether it is allowed for no cause, whoever decides."""
        return all(one.kind == "not-allowed" for one in self.verdicts)


class Calendar(Struct, frozen=True, kw_only=True):
    """Whole weeks of days 0, Monday first. `span` is what they are in words; `rules` are those that some day depends
    on, each with its title; `not_from` is the day from which on none is allowed, empty where there is no such day.
    `none` says that no day keeps every rule, and whom to ask; None where some day does."""

    weeks: tuple[tuple[DayShown, ...], ...]
    first: date
    last: date
    span: str
    rules: tuple[tuple[str, str], ...]
    not_from: str
    none: tuple[VerdictKind, str, str] | None

    @property
    def days(self) -> Iterator[DayShown]:
        return (day for week in self.weeks for day in week)


def calendar_of(plan: Plan, days: Iterable[PossibleDay]) -> Calendar | None:
    """The calendar of the days looked at; None where there is none, since day 0 no longer moves."""
    found = tuple(days)
    if not found:
        return None
    out = [all(KIND_OF[one.prospect] == "not-allowed" for one in day.graded.values()) for day in found]
    last = max((n for n, day in enumerate(found) if not out[n] or day.is_past or not day.apart), default=-1)
    shown = [_shown(day, plan.protocol.zero, far=n > last + 1) for n, day in enumerate(found)]
    named = {ref for day in found for one in day.graded.values() for ref in one.rules}
    return Calendar(
        weeks=tuple(tuple(shown[n : n + 7]) for n in range(0, len(shown), 7)),
        first=found[0].on,
        last=found[-1].on,
        span=spell_span(found[0].on, found[-1].on),
        rules=tuple(dict.fromkeys((f.ref, plan.protocol.rules[f.rule].title) for f in plan.findings if f.ref in named)),
        not_from=spell(found[last + 2].on) if last + 2 < len(found) else "",
        none=_none(plan, [day for day in found if day.apart and not day.is_past]),
    )


def _none(plan: Plan, days: Sequence[PossibleDay]) -> tuple[VerdictKind, str, str] | None:
    """That of these days none keeps every rule, with the best verdict that there is; None where one does."""
    kinds = [{KIND_OF[one.prospect] for one in day.graded.values()} for day in days]
    best = next(kind for kind in BEST_FIRST if kind == "not-allowed" or any(kind in some for some in kinds))
    if best == "allowed":
        return None
    return best, *no_day_is_allowed(best, sum(best in some for some in kinds), plan)


def _shown(day: PossibleDay, zero: str, *, far: bool) -> DayShown:
    return DayShown(
        on=day.on,
        weekday=WEEKDAYS[day.on.weekday()],
        number=f"{day.on.day:02d}",
        month=MONTHS[day.on.month - 1] if day.on.day == 1 else "",
        spelt=spell(day.on),
        distance=distance_in_words(day, zero),
        is_present=not day.apart,
        closed=closure_in_words(day.closed),
        verdicts=tuple(_verdicts(day, zero)),
        far=far,
    )


def _verdicts(day: PossibleDay, zero: str) -> Iterator[VerdictShown]:
    """One verdict where the kind of cause makes no difference to it, else one for each."""
    alike: dict[VerdictKind, list[tuple[CauseClass, Graded]]] = {}
    for cause, graded in day.graded.items():
        alike.setdefault(KIND_OF[graded.prospect], []).append((cause, graded))
    for kind, causes in alike.items():
        cause, graded = causes[-1]
        only = cause if len(alike) > 1 else None
        yield VerdictShown(
            cause=only,
            of_cause=CAUSE_CLASSES[only] if only else "",
            kind=kind,
            word=VERDICTS[kind],
            note=note_in_words(graded, zero),
        )
