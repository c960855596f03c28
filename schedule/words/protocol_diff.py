"""What two versions of a protocol differ in: where, and what each says there."""

from typing import Literal, assert_never

from schedule.model.days_zero import DayZeroes
from schedule.model.notation import spell_range
from schedule.model.protocol import (
    JudgedBound,
    RuleBound,
    ShownDistance,
    SiteWindow,
    Spacing,
    Statement,
    UnstatedLimit,
)

Several = Literal["option", "bound", "spacing", "statement"]
Key = str | tuple[Several, str]
"""A key of a protocol file, or one of several entries under it: `("bound", "day-zero")`."""
Named = tuple[str, str] | None
"""A table of a protocol file with its id, `("rule", "T3")`; None for the keys above all tables."""


def key_in_words(key: Key) -> str:
    """`title`, `bound on day-zero`."""
    match key:
        case str():
            return key
        case ("bound", point):
            return f"bound on {point}"
        case ("spacing", activity):
            return f"spacing of {activity}"
        case (kind, name):
            return f"{kind} {name}"
        case _:
            assert_never(key)


def place_in_words(thing: Named, key: Key | None) -> str:
    """`rule "T3", bound on day-zero`; without a key the whole thing."""
    words = [f'{thing[0]} "{thing[1]}"'] if thing else []
    return ", ".join([*words, *([key_in_words(key)] if key else [])])


def bound_in_words(bound: RuleBound, zero: str) -> str:
    """All that is said of a point, in a line; `zero` is the anchor's name."""
    said = []
    match bound:
        case JudgedBound(safe=safe, literal=literal):
            said.append("; ".join(map(str, safe)))
            if literal != safe:
                said.append("boundary if only " + ("; ".join(map(str, literal)) or "nothing is asked"))
        case SiteWindow(parameter=parameter):
            said.append(f"the site's {parameter}")
        case ShownDistance():
            said.append("shown, never judged")
        case UnstatedLimit():
            said.append("limit not stated")
        case _:
            assert_never(bound)
    if bound.aim:
        said.append(f"aim {bound.aim[0]} to {bound.aim[1]} days from planned {zero}")
    if bound.once_more:
        said.append(f"repeat: {bound.once_more.what}")
    if bound.once_more and bound.once_more.course:
        said.append(f"repeat the course {bound.once_more.course}")
    if bound.unless:
        again = ", again after illness" * bound.unless.again_after_illness
        said.append(f"unless attested: {bound.unless.attestation}{again}")
    if bound.only_after_illness:
        said.append("only after a slip for illness")
    if isinstance(bound, JudgedBound) and bound.any_cause:
        said.append("whatever the cause")
    if bound.note:
        said.append(f"when {bound.note.holds}: {bound.note.text}")
    return ", ".join(text for text in said if text) + _broken(bound.if_broken)


def spacing_in_words(one: Spacing) -> str:
    """How far apart, and what follows where it is not."""
    return f"{one.asked}{_broken(one.if_broken)}"


def _broken(if_broken: str | None) -> str:
    return f", if broken {if_broken}" if if_broken else ""


def statement_in_words(one: Statement) -> str:
    """Its kind, what is attested, the source's words, and for whom."""
    kind = f"{one.kind} {one.attestation}" if one.attestation else one.kind
    only = f", only if one of {', '.join(one.only_if)}" if one.only_if else ""
    again = ", again after illness" if one.again_after_illness else ""
    return f"{kind}: “{one.words}”{only}{again}"


def day_zeroes_in_words(found: DayZeroes | None) -> str:
    """The days 0 that are possible, and the rules that limit them; None where the infusion is recorded."""
    if found is None:
        return "as recorded"
    ends = {"met": "", "boundary": " if allowed", "due": " as far as it can be judged"}
    days = [f"{spell_range(first, last)}{ends[status]}" for first, last, status in found.intervals]
    limits = f" (limited by: {', '.join(found.binding)})" if found.binding else ""
    return ("; ".join(days) or "no day") + limits
