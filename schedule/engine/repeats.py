"""When a course that has to be given once more would have to be completed."""

from datetime import date

from msgspec.structs import replace

from schedule.engine.evidence import Evidence
from schedule.engine.links import HourLink, Link, Node
from schedule.engine.network import border, narrowed
from schedule.engine.points import moments_at, subject_of
from schedule.engine.stamps import Value, clock_of, date_of, latest, value_of
from schedule.model.timing import DAY_ZERO, CompletionOf, Point


def repeat_span(evidence: Evidence, course: str) -> tuple[date | None, date | None]:
    """From when to when the last dose of a course given once more would have to lie to serve this day 0: by every rule,
    in any unit, and from as-of on. None where no day is left."""
    zero = evidence.known.get(DAY_ZERO) or (value_of(evidence.day_zero),) if evidence.day_zero else ()
    last = moments_at(evidence.laid, CompletionOf(course), evidence.cycle)
    if not zero or not last:
        return None, None
    span: list[Value] = [evidence.today.toordinal(), int(zero[0])]
    repeated = _Repeated(evidence, course, last[0].on)
    for link in (repeated.link(link) for part in evidence.applicable for link in part.safe):
        is_point, is_anchor = link.point == course, link.anchor == course
        others = evidence.known.get(link.anchor if is_point else link.point, ())
        if is_point == is_anchor or not others:
            continue
        end = 0 if link.lower == is_point else 1
        borders = (border(link, is_point, other) for other in others)
        narrowed(span, end, min(borders) if end == 0 else max(borders))
    return (date_of(span[0]), date_of(span[1])) if span[0] <= latest(span[1]) else (None, None)


class _Repeated:
    """The points of a course as days from its last dose, which has the course's id as its base."""

    def __init__(self, evidence: Evidence, course: str, last: date) -> None:
        self.evidence, self.course, self.last = evidence, course, last
        activities = evidence.protocol.activities.values()
        self.names = {course, *(one.id for one in activities if one.course == course)}

    def link(self, link: Link) -> Link:
        point, anchor = self.end(link.point), self.end(link.anchor)
        found = replace(link, point=point[0], point_shift=point[1], anchor=anchor[0], anchor_shift=anchor[1])
        return replace(found, point_clock=point[2], anchor_clock=anchor[2]) if isinstance(found, HourLink) else found

    def end(self, end: Node) -> tuple[Node, int, int | None]:
        """The base of an end, the days that it lies from there, and its hour where that counts."""
        if isinstance(end, tuple) or subject_of(_point(end)) not in self.names:
            return end, 0, None
        at = moments_at(self.evidence.laid, _point(end), self.evidence.cycle)
        if not at:
            return end, 0, None
        shift = (at[0].on - self.last).days
        return self.course, shift, clock_of(at[0]) if shift else None


def _point(end: Node) -> Point:
    assert not isinstance(end, tuple)
    return end  # type: ignore[return-value]
