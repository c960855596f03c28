"""What the principal investigator has ruled: it holds for the day 0 and the values that it was made on."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from msgspec.structs import replace

from schedule.engine.evidence import Evidence
from schedule.engine.laid import Laid
from schedule.engine.links import HourLink, Link, Node
from schedule.engine.placed import at_hour_of
from schedule.engine.replay import moved
from schedule.engine.spacing import values_in_text
from schedule.engine.stamps import moment_in_text, moment_of
from schedule.model.case import RuledValues, Ruling
from schedule.model.moment import Moment
from schedule.model.plan import Finding, Verdict
from schedule.model.reasons.bounds import RuledOn, RuledOnOther
from schedule.model.timing import EachOf, KnownDatePoint

ON_NOTHING = RuledValues(point="", cycle=0, values=())
"""What a ruling was made on that found no date to judge: it rules nothing."""


class Rulings:
    """The rulings on one patient's findings in one cycle."""

    def __init__(self, evidence: Evidence) -> None:
        self.evidence = evidence
        self.spoken = [one for one in evidence.case.rulings if one.on <= evidence.today]

    def ruled(self, finding: Finding, links: Iterable[Link], values: tuple[str, ...] | None = None) -> Finding:
        """What was ruled turns a boundary, and is named on a violation. A ruling that was made on other values is named
        alone."""
        if finding.status not in ("boundary", "violated"):
            return finding
        said = [one for one in self.spoken if one.rule == finding.rule and self.is_for_this_day(one)]
        if not said:
            return finding
        now = self.values_of(str(finding.point), links, values)
        fitting = [one for one in said if not one.made_on or now in one.made_on]
        if not fitting:
            other = self.made_on_other(said, now)
            return replace(finding, basis=(*finding.basis, *other)) if other else finding
        last = sorted(fitting, key=lambda ruling: ruling.on)[-1]
        turned = last.outcome == "allowed" and finding.status == "boundary"
        status: Verdict = "ruled" if turned else "violated"
        return replace(finding, status=status, ruling=last, basis=(*finding.basis, RuledOn(ruling=last)))

    def is_for_this_day(self, ruling: Ruling) -> bool:
        """Whether a ruling is for day 0 as it stands; of a later cycle the values alone say so."""
        zero = self.evidence.day_zero
        return ruling.day_zero is None or self.evidence.cycle > 1 or (zero is not None and ruling.day_zero == zero.on)

    def values_of(self, point: str, links: Iterable[Link], values: tuple[str, ...] | None = None) -> RuledValues:
        """What a ruling on that point is made on: day 0, and the values of both ends of each bound."""
        zero = self.evidence.day_zero
        ends = (
            values if values is not None else tuple(self.text_of(link, end) for link in links for end in ends_of(link))
        )
        return RuledValues(point=point, cycle=self.evidence.cycle, values=(zero.on.isoformat() if zero else "", *ends))

    def text_of(self, link: Link, end: Node) -> str:
        """The values of an end: by date, by hour only for a bound in hours."""
        found = self.evidence.known.get(end, ())
        moments = (moment_of(value, self.evidence.laid.zone) for value in found)
        return ", ".join(moment_in_text(at, timed=isinstance(link, HourLink)) for at in moments)

    @staticmethod
    def made_on_other(said: list[Ruling], now: RuledValues) -> tuple[RuledOnOther, ...]:
        """The last ruling that was made on other values of the same point."""
        for ruling in sorted(said, key=lambda ruling: ruling.on, reverse=True):
            for made in ruling.made_on:
                if (made.point, made.cycle) == (now.point, now.cycle):
                    return (RuledOnOther(ruling=ruling, values=made.values[1:]),)
        return ()


def ends_of(link: Link) -> tuple[Node, Node]:
    """The two points of a link, the later one first."""
    return link.point, link.anchor


def made_on(laid: Laid, rule: str, day_zero: Moment | None, now: datetime) -> tuple[RuledValues, ...]:
    """What a ruling on a rule is made on as of that moment, for day 0 of the next infusion there (None: where it
    stands; a date alone: at the hour that it has): every point of it whose dates are known, in every cycle;
    `ON_NOTHING` where there is none."""
    cycle = next((one for one in laid.cycles if not laid.is_infused(one)), None)
    if cycle is not None and day_zero is not None:
        stands = laid.day_zero(cycle)
        there = day_zero if day_zero.at or day_zero.on == stands.on else at_hour_of(laid, cycle, day_zero.on)
        if there.on != stands.on or (there.at is not None and not there.is_same(stands)):
            laid = moved(laid, cycle, there, "other", now)
    return made_here(laid, rule, now)


def made_here(laid: Laid, rule: str, now: datetime) -> tuple[RuledValues, ...]:
    """The same, for day 0 where it is laid."""
    found = [one for number in laid.cycles for one in _ruled_values(Evidence(laid, now, number), rule)]
    return tuple(found) or (ON_NOTHING,)


def _ruled_values(evidence: Evidence, rule: str) -> Iterator[RuledValues]:
    """The same in one cycle."""
    rulings = Rulings(evidence)
    for part in evidence.parts:
        known = all(end in evidence.known for end in part.ends)
        open_date = isinstance(part.bound.point, KnownDatePoint) and part.bound.point not in evidence.known
        if part.rule == rule and known and not open_date:
            yield rulings.values_of(str(part.bound.point), part.safe)
    found = evidence.protocol.rules.get(rule)
    for spacing in found.spacing if found else ():
        values = values_in_text(evidence, spacing)
        if values:
            yield rulings.values_of(str(EachOf(spacing.activity)), (), values)
