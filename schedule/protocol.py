"""What a trial says: activities, courses, rules made of bounds, what it leaves to the site, and its words for all of it.

Frozen; made by `reading` from a TOML file. Ids are kebab-case and stable: a calendar entry's identity hangs on them.
"""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from schedule.days import MonthRule, Numbering
from schedule.grammar import Bound, Days

Base = Literal["planned-day-zero", "day-zero"]
Category = Literal["treatment", "test", "visit", "milestone"]
IfBroken = Literal["refuse", "repeat", "ask"]
StatementKind = Literal["attestation", "approval", "permission", "anchor"]

BASES: tuple[Base, ...] = ("planned-day-zero", "day-zero")


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where a quotation is from."""

    id: str
    title: str
    address: str
    date: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Quotation:
    """The source's own words, and where in it they stand. `words` is empty for what is derived from other rows."""

    source: Source
    section: str
    words: str

    def __str__(self) -> str:
        place = f"{self.source.title}, {self.section}" if self.section else self.source.title
        return f"{place}: “{self.words}”" if self.words else place


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownDate:
    """A date of the patient's own. Of several, the latest counts; of several tests, each rule takes the best.

    `required` dates cannot be "never".
    """

    name: str
    title: str
    test: bool
    required: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """What the record leaves open and the site gives: days, or a window of days around day 0.

    `count` is the number of occurrences a source states, if one does. `missing` says in words what is not stated.
    """

    name: str
    title: str
    window: bool
    count: int | None
    count_source: Quotation | None
    missing: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Attestation:
    """A statement somebody makes about the patient on a date."""

    name: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """Activities that belong together: once begun, the rest keeps its dates."""

    id: str
    title: str
    base: Base


@dataclass(frozen=True, slots=True, kw_only=True)
class Activity:
    """Something done on days. `days` is None while `parameter` names what the site must give.

    `continuous` makes a range one span; `until` ends an open span by a record, not by a date.
    """

    id: str
    title: str
    unit: str
    category: Category
    base: Base
    course: str | None
    days: Days | None
    parameter: str | None
    continuous: bool
    until: str | None
    donor: bool
    verify: bool
    quotation: Quotation | None
    derivation: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleBound:
    """Bounds about one `point`, in the safe reading and the literal one; see DESIGN.md.

    `window` takes the bounds from a site parameter. `shown` is never judged. `aim` is first and last day from planned
    day 0. `note_when` adds `note_text` to the basis where it holds.
    """

    point: str
    safe: tuple[Bound, ...]
    literal: tuple[Bound, ...]
    window: str | None
    shown: bool
    if_broken: IfBroken | None
    repeat: str | None
    aim: tuple[int, int] | None
    unless_attested: str | None
    again_after_illness: bool
    only_after_illness: bool
    note_when: Bound | None
    note_text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """Words of the source that hold no date: attested on a date, or nothing to check.

    `only_if`: not applicable where all of these known dates are "never".
    """

    ref: str
    kind: StatementKind
    attestation: str | None
    words: str
    only_if: tuple[str, ...]
    again_after_illness: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One row of the trial's timing table."""

    id: str
    title: str
    quotation: Quotation
    derivation: str | None
    note: str
    events: tuple[str, ...]
    bounds: tuple[RuleBound, ...]
    statements: tuple[Statement, ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Protocol:
    """A whole trial, as one version of it says. `sha256` is that of the text it was read from.

    `in_bounds` are the activities that some bound names.
    Equal only to itself, so that what is worked out from it once can be kept for a whole cohort.
    """

    id: str
    title: str
    version: str
    date: date
    jurisdiction: str
    sha256: str
    numbering: Numbering
    months: MonthRule
    day_zero: str
    dates: dict[str, KnownDate]
    parameters: dict[str, Parameter]
    attestations: dict[str, Attestation]
    courses: dict[str, Course]
    activities: dict[str, Activity]
    rules: dict[str, Rule]
    in_bounds: frozenset[str]
