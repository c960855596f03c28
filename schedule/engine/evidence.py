"""What is known of one patient in one cycle, and what narrows what is not: all that the verdicts rest on."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from functools import cached_property, lru_cache
from typing import cast

from msgspec.structs import replace

from schedule.engine.days_left import expiry
from schedule.engine.laid import Laid
from schedule.engine.links import Node
from schedule.engine.network import Choices, D, Domain, LinkedBound, P, Reading, is_each, parts, tighten
from schedule.engine.placed import Moving, moving_of
from schedule.engine.point_names import named_in
from schedule.engine.points import moments_at, subject_of
from schedule.engine.stamps import Value, date_of, value_of
from schedule.engine.tailor import holds
from schedule.model.case import NEVER, Attested
from schedule.model.moment import Moment
from schedule.model.protocol import UnstatedLimit
from schedule.model.reasons.bounds import NamedPoint
from schedule.model.reasons.findings import NeverHad, OnlyAfterIllness
from schedule.model.sizes import PIECES
from schedule.model.timing import (
    EachOf,
    EndOf,
    KnownDatePoint,
    Point,
)


class Evidence:
    """One patient's points in one cycle, and the bounds that apply there.

    With `open_zero` there is no day 0 yet: `laid` is laid out for some day 0, and only how things depend on it counts.
    `day_zero` is None then. `known` has the values of every point that has a date; of tests all.
    """

    def __init__(self, laid: Laid, now: datetime, cycle: int = 1, *, open_zero: bool = False) -> None:
        self.laid, self.now, self.cycle, self.open_zero = laid, now, cycle, open_zero
        self.protocol, self.site, self.case = laid.protocol, laid.site, laid.case
        self.today = now.date()
        self.day_zero: Moment | None = None if open_zero else laid.day_zero(cycle)
        self.parts = [self.with_each(part) for part in parts(self.protocol, self.site)
                      if cycle == 1 or self.is_in_cycle(part)]  # fmt: skip
        self.known: dict[Node, tuple[Value, ...]] = {}
        for part in self.parts:
            for end in part.spoken:
                self.know(end)
        self.narrowed: dict[Reading, Mapping[Node, Domain]] = {}

    # What is known ----------------------------------------------------------------------------------------------------

    def know(self, end: Node) -> None:
        """Take in the values of an end, where it has any."""
        if end in self.known or (self.open_zero and not isinstance(end, KnownDatePoint)):
            return
        values = self.values_of(end)
        if values:
            self.known[end] = values

    def values_of(self, end: Node) -> tuple[Value, ...]:
        """The values of an end in this cycle."""
        return tuple(value_of(at) for at in self.moments_in(self.laid, end))

    def moments_in(self, laid: Laid, end: Node) -> tuple[Moment, ...]:
        """The moments of an end in this cycle of a plan; of one of each occurrence its own."""
        match end:
            case (EachOf() | EndOf() as point, int(number)):
                return moments_at(laid, point, self.cycle)[number : number + 1]
            case _:
                return moments_at(laid, cast(Point, end), self.cycle)

    def is_in_cycle(self, part: LinkedBound) -> bool:
        """Whether a bound speaks of a later cycle: of what is given in it, or of its day 0 alone."""
        ends = {end.of if isinstance(end, EndOf) else end for end in (*part.ends, part.bound.point)}
        if isinstance(part.bound, UnstatedLimit) or ends <= {D, P}:
            return True
        names = {subject_of(cast(Point, end)) for end in ends} - {None}
        text = self.laid.text
        return any(
            self.cycle in text.cycles_of(one.id)
            for one in self.protocol.activities.values()
            if {one.id, one.course} & names
        )

    def with_each(self, part: LinkedBound) -> LinkedBound:
        """A bound on each occurrence as one on every single one of this cycle."""
        if not part.is_about_each:
            return part
        return of_singles(
            part, tuple([len(self.moments_in(self.laid, end)) if is_each(end) else 0 for end in part.ends])
        )

    @cached_property
    def applicable(self) -> list[LinkedBound]:
        """The bounds that narrow something for this patient."""
        return [part for part in self.parts if self.applies(part)]

    def windows(self, reading: Reading) -> Mapping[Node, Domain]:
        """What the bounds that apply leave for every open point; worked out once for each reading."""
        if reading not in self.narrowed:
            found, known = self.chained
            self.narrowed[reading] = tighten((link for part in found for link in part.links(reading)), known)
        return self.narrowed[reading]

    @cached_property
    def chained(self) -> tuple[list[LinkedBound], Choices]:
        """The bounds on an open date, and what is known for them. Without a day 0 they hang together by it."""
        found, known = self.applicable, self.known
        if self.open_zero:
            found, known = self.moving.placed(self)[0], {**self.known, **self.moving.known}
        return [part for part in found if any(end not in known for end in part.ends)], known

    @cached_property
    def moving(self) -> Moving:
        """What moves with day 0 of this cycle."""
        return moving_of(self.laid, self.cycle, self.now, open_zero=self.open_zero)

    def applies(self, part: LinkedBound) -> bool:
        """Whether a part narrows anything for this patient."""
        if not part.stated or self.why_not(part) is not None or self.unstated(part):
            return False
        unless = part.bound.unless
        if unless is not None and self.attested(unless.attestation, again=unless.again_after_illness) is not None:
            return False
        return holds(self.protocol.rules[part.rule].only, self.case.choices) == "holds"

    def unstated(self, part: LinkedBound) -> bool:
        """Whether an occurrence that a part speaks of has no date."""
        if not self.open_zero:
            return any(end not in self.known and not isinstance(end, KnownDatePoint) for end in part.ends)
        return any(not isinstance(end, KnownDatePoint) and not self.values_of(end) for end in part.ends)

    def unended(self, part: LinkedBound) -> Iterator[Node]:
        """The ends that a part speaks of and nobody knows, of what is dated itself."""
        for end in dict.fromkeys(part.ends):
            of = end[0] if isinstance(end, tuple) else end
            if isinstance(of, EndOf) and not self.values_of(end) and self.values_of(of.of):
                yield end

    def why_not(self, part: LinkedBound) -> NeverHad | OnlyAfterIllness | None:
        """Why a part does not apply to this patient; None if it does."""
        for point in part.dates or (part.bound.point,):
            if isinstance(point, KnownDatePoint) and self.case.dates.get(point.name) == NEVER:
                return NeverHad(point=self.named(point))
        if part.bound.only_after_illness and not self.slipped_for_illness:
            return OnlyAfterIllness()
        return None

    def expires(self, part: LinkedBound) -> date | None:
        """The last day 0 that the tests done for a part serve in the safe reading, all else standing where it would;
        None if it has no such end."""
        if not self.applies(part):
            return None
        last = expiry(self.moving.placed_part(self, part), self.moving.known)
        return None if last is None else date.fromordinal(last)

    # What happened ----------------------------------------------------------------------------------------------------

    @property
    def slipped_for_illness(self) -> bool:
        return any(made.kind == "slip" and made.cause == "illness" for made in self.laid.moves)

    @property
    def is_delayed(self) -> bool:
        """Whether a slip has put day 0 elsewhere than planned, or the infusion was recorded on a later date."""
        if self.day_zero is None:
            return False
        planned = self.laid.planned_zero[self.cycle]
        if self.laid.is_infused(self.cycle):
            return self.day_zero.on > planned.on
        return not self.laid.stands[self.cycle].is_same(planned)

    @property
    def is_ill_on_the_day(self) -> bool:
        """Whether the last slip was made for an illness on planned day 0, of which the protocols speak."""
        slips = [made for made in self.laid.moves if made.kind == "slip" and made.cycle == self.cycle]
        planned = self.laid.planned_zero[self.cycle].on
        return bool(slips) and slips[-1].cause == "illness" and slips[-1].as_of.date() == planned

    def attested(self, name: str | None, *, again: bool = False) -> Attested | None:
        """The attestation of that name, if it has been made by as-of; with `again` only since the last illness."""
        found = self.case.attestations.get(name or "")
        if found is None or found.on > self.today:
            return None
        ill = (made.as_of.date() for made in self.laid.moves if made.cause == "illness") if again else ()
        return None if any(found.on < day for day in ill) else found

    # Named and dated --------------------------------------------------------------------------------------------------

    def latest_of(self, point: Node) -> date | None:
        """The date of a point, of several the latest; None where it is open."""
        values = self.known.get(point)
        return date_of(max(values)) if values else None

    def named(self, point: Node) -> NamedPoint:
        """A point with the title by which people know it."""
        return named_in(self.protocol, cast(Point, point[0] if isinstance(point, tuple) else point))

    def all_named(self, points: Iterable[Node]) -> tuple[NamedPoint, ...]:
        return tuple(self.named(point) for point in points)


@lru_cache(maxsize=PIECES)
def of_singles(part: LinkedBound, counts: tuple[int, ...]) -> LinkedBound:
    """A bound on each occurrence as one on every single one: of each of its ends there are so many, in their order; the
    point itself where there is none."""
    singles = {end: list[Node]((end, number) for number in range(count)) or [end]
               for end, count in zip(part.ends, counts, strict=True)}  # fmt: skip
    safe, literal = (
        tuple(
            replace(link, point=point, anchor=anchor)
            for link in links for point in singles[link.point] for anchor in singles[link.anchor]
        )
        for links in (part.safe, part.literal)
    )  # fmt: skip
    return replace(part, safe=safe, literal=literal)
