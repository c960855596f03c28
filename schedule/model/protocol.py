"""What a trial says: activities, courses, rules made of bounds, what it leaves to the site, and its words for all of
it.

Frozen; made by `files/protocol_file` from a TOML file. Ids are kebab-case and stable:
a calendar entry's identity depends on them.
"""

from collections.abc import Mapping
from datetime import date
from typing import Literal, assert_never

from msgspec import Struct, field

from schedule.model.notation import DayLabel, MonthRule, Numbering, day_number
from schedule.model.timing import AfterActivity, Apart, AtMost, Base, Bound, Days, KnownDatePoint, OnDays, Only, Point

Category = Literal["treatment", "test", "visit", "milestone"]
IfBroken = Literal["refuse", "repeat", "ask"]
DateKind = Literal["last", "event", "test", "start", "cycle-start"]
StatementKind = Literal["attestation", "approval", "permission", "anchor"]


class Source(Struct, frozen=True, kw_only=True):
    """Where a quotation is from."""

    id: str
    title: str
    address: str
    date: date


class Quotation(Struct, frozen=True, kw_only=True):
    """The source's own words, and where in it they stand. `words` is empty for what is derived from other rows."""

    source: Source
    section: str
    words: str

    def __str__(self) -> str:
        place = f"{self.source.title}, {self.section}" if self.section else self.source.title
        return f"{place}: “{self.words}”" if self.words else place


class KnownDate(Struct, frozen=True, kw_only=True):
    """A date of the patient's own. Of several, the latest counts; of several tests, each rule takes the best.

    `last`: of a drug or treatment; `event`: of something else that happened. `start`: days may be counted from it.
    `cycle-start`: so are those of a cycle that begins on another day than planned. `required` dates cannot be "never".
    `short` is what a calendar calls it, empty where it has its title.
    """

    name: str
    title: str
    kind: DateKind
    required: bool
    short: str = ""

    @property
    def test(self) -> bool:
        return self.kind == "test"

    @property
    def start(self) -> bool:
        return self.kind in ("start", "cycle-start")

    @property
    def drug(self) -> bool:
        """Whether it is of a drug or treatment that a patient need not have had."""
        return self.kind == "last" and not self.required


class StatedCount(Struct, frozen=True, kw_only=True):
    """The number of occurrences that a source states, and where."""

    number: int
    quotation: Quotation | None


class DaysParameter(Struct, frozen=True, kw_only=True):
    """Days that the record leaves open and the site gives. `missing` says in words what is not stated."""

    name: str
    title: str
    missing: str
    count: StatedCount | None


class WindowParameter(Struct, frozen=True, kw_only=True):
    """A window of days around day 0 that the record leaves open and the site gives."""

    name: str
    title: str
    missing: str


Parameter = DaysParameter | WindowParameter


class Attestation(Struct, frozen=True, kw_only=True):
    """A statement somebody makes about the patient on a date."""

    name: str
    title: str


class Choice(Struct, frozen=True, kw_only=True):
    """What is decided for each patient: options by their names, with what each is."""

    name: str
    title: str
    options: Mapping[str, str]


class Cycles(Struct, frozen=True, kw_only=True):
    """Treatment that comes again: `count` cycles of `length` days."""

    length: int
    count: int


class Course(Struct, frozen=True, kw_only=True):
    """Activities that belong together: once begun, the rest keeps its dates. `repeatable`:
    it may be given once more.
    """

    id: str
    title: str
    base: Base
    repeatable: bool = False


class LeftToSite(Struct, frozen=True, kw_only=True):
    """The days are the site's to give, as this parameter. With a `series` the site gives the first day alone, and the
    series is counted from it."""

    parameter: str
    series: OnDays | AfterActivity | None = None


class ByChoice(Struct, frozen=True, kw_only=True):
    """The days depend on this choice: those of each option;
    none where what depends on it is whether the activity is done.
    """

    choice: str
    options: Mapping[str, Days]


class Activity(Struct, frozen=True, kw_only=True):
    """Something done on days: the protocol's own, the site's, or those of the option chosen.

    `continuous` makes a range one span; `until` ends an open span by a record, at the latest on its last day if it has
    one. `cycles` are those in which the days come again; none: the days count through.
    `only` must all hold for the patient. `short` is what a calendar calls it, empty where it has its title.
    """

    id: str
    title: str
    unit: str
    category: Category
    base: Base
    course: str | None
    days: Days | LeftToSite | ByChoice
    continuous: bool
    until: str | None
    donor: bool
    verify: bool
    quotation: Quotation | None
    derivation: str | None
    cycles: tuple[int, ...] = ()
    only: tuple[Only, ...] = ()
    short: str = ""

    @property
    def stated_days(self) -> tuple[Days, ...]:
        """The days that the protocol itself states: one, one for each option, or none."""
        match self.days:
            case OnDays() | AfterActivity() as days:
                return (days,)
            case ByChoice(options=options):
                return tuple(options.values())
            case LeftToSite():
                return ()
            case _:
                assert_never(self.days)

    @property
    def parameter(self) -> str | None:
        """The parameter by which the site gives the days, if it does."""
        return self.days.parameter if isinstance(self.days, LeftToSite) else None


class OnceMore(Struct, frozen=True, kw_only=True):
    """What must be done again where a bound is broken: a test, or a course that is given once more."""

    what: str
    course: str | None


class Unless(Struct, frozen=True, kw_only=True):
    """The statement that takes a bound's place; `again_after_illness`: it is asked anew after a slip for an illness."""

    attestation: str
    again_after_illness: bool


class NoteWhen(Struct, frozen=True, kw_only=True):
    """A note for where this holds."""

    holds: Bound
    text: str


class _AboutPoint(Struct, frozen=True, kw_only=True):
    """What any entry of a rule's bounds may say of its `point`. `aim` is first and last day from planned day 0."""

    point: Point
    consequence: Literal["refuse", "ask"] | OnceMore | None
    aim: tuple[int, int] | None
    unless: Unless | None
    only_after_illness: bool
    note: NoteWhen | None

    @property
    def if_broken(self) -> IfBroken | None:
        """The consequence, in the word of the protocol file."""
        return "repeat" if isinstance(self.consequence, OnceMore) else self.consequence

    @property
    def once_more(self) -> OnceMore | None:
        return self.consequence if isinstance(self.consequence, OnceMore) else None


class JudgedBound(_AboutPoint, frozen=True, kw_only=True):
    """Bounds about the point, in the safe reading and the literal one; see DESIGN.md.

    `any_cause`: a limit of the slip that holds whatever the cause is.
    """

    safe: tuple[Bound, ...]
    literal: tuple[Bound, ...]
    any_cause: bool


class SiteWindow(_AboutPoint, frozen=True, kw_only=True):
    """The point lies in the window of days around day 0 that the site gives as this parameter."""

    parameter: str


class ShownDistance(_AboutPoint, frozen=True, kw_only=True):
    """The distance from the point to day 0 is shown, and never judged."""


class UnstatedLimit(_AboutPoint, frozen=True, kw_only=True):
    """The source says nothing of how far day 0, the point, may slip."""


RuleBound = JudgedBound | SiteWindow | ShownDistance | UnstatedLimit


def bounds_in(bound: RuleBound) -> tuple[tuple[Bound, ...], tuple[Bound, ...]]:
    """The protocol's own bounds, in the safe reading and in the literal one; none but for a bound that is judged."""
    match bound:
        case JudgedBound(safe=safe, literal=literal):
            return safe, literal
        case SiteWindow() | ShownDistance() | UnstatedLimit():
            return (), ()
        case _:
            assert_never(bound)


class Spacing(Struct, frozen=True, kw_only=True):
    """How far apart the occurrences of an activity lie, at least, or how many of them there may be in some days."""

    activity: str
    asked: Apart | AtMost
    if_broken: IfBroken | None


class Statement(Struct, frozen=True, kw_only=True):
    """Words of the source that hold no date: attested on a date, or nothing to check.

    `only_if`: not applicable where all of these known dates are "never".
    """

    ref: str
    kind: StatementKind
    attestation: str | None
    words: str
    only_if: tuple[str, ...]
    again_after_illness: bool


class Rule(Struct, frozen=True, kw_only=True):
    """One row of the trial's timing table."""

    id: str
    title: str
    quotation: Quotation
    derivation: str | None
    note: str
    events: tuple[str, ...]
    bounds: tuple[RuleBound, ...]
    statements: tuple[Statement, ...]
    spacing: tuple[Spacing, ...] = ()
    only: tuple[Only, ...] = ()


class Protocol(Struct, frozen=True, kw_only=True, eq=False):
    """A whole trial, as one version of it says. `sha256` is that of the text it was read from.

    `in_bounds` are the activities that some bound names. `origin` is the days from day 0, or from day 1 where there is
    no day 0, to the anchor: the first day of the activity `day_zero`, from which everything is counted.
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
    choices: dict[str, Choice] = field(default_factory=dict)
    cycles: Cycles | None = None
    origin: int = 0

    def number(self, offset: int) -> int:
        """What a day is called that lies `offset` days from the anchor."""
        return day_number(offset + self.origin, self.numbering)

    def label(self, offset: int) -> DayLabel:
        """`Day −5`: the same as a label."""
        return DayLabel(number=self.number(offset), numbering=self.numbering)

    def date_at(self, point: Point | None) -> KnownDate | None:
        """The known date that a point is; None for any other point."""
        return self.dates[point.name] if isinstance(point, KnownDatePoint) else None

    @property
    def zero(self) -> str:
        """`day 0`, or `day 4`: what the anchor is called within a sentence."""
        return self.label(0).within

    @property
    def zeros(self) -> str:
        """`days 0`, or `days 4`: several days that may be the anchor."""
        return f"days {self.label(0).bare}"


def cycle_name(number: int) -> str:
    """The known date by which a patient's cycle begins on another day than one length after the one before."""
    return f"cycle-{number}"
