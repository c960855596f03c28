"""Two versions of a protocol -> what changes in the text, in words, and what it changes for a patient's plan."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, assert_never

from schedule.engine.difference import Moved, differences
from schedule.model.notation import plural, spell, spell_moment, spell_range
from schedule.model.plan import Event, Plan
from schedule.model.protocol import (
    Activity,
    DaysParameter,
    JudgedBound,
    Parameter,
    Protocol,
    Quotation,
    Rule,
    RuleBound,
    ShownDistance,
    SiteWindow,
    Statement,
    UnstatedLimit,
)
from schedule.pages.protocol import days_of_activity
from schedule.words.findings import finding_title
from schedule.words.titles import full_title

What = Literal["added", "removed", "changed"]
Texts = Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One thing that differs: its place in the file, and the words before and after; empty where there are none."""

    place: str
    what: What
    before: str
    after: str


def changes(old: Protocol, new: Protocol) -> tuple[Change, ...]:
    """Everything that the new version says otherwise, in the order of the file's parts."""
    before, after = _said(old), _said(new)
    found: list[Change] = []
    for thing in dict.fromkeys((*before, *after)):
        was, now = before.get(thing), after.get(thing)
        if was is None or now is None:
            what: What = "added" if was is None else "removed"
            found.append(Change(place=thing, what=what, before=_brief(was), after=_brief(now)))
            continue
        for key in dict.fromkeys((*was, *now)):
            one, other = was.get(key, ""), now.get(key, "")
            if one != other:
                place = f"{thing}, {key}" if thing else key
                what = "changed" if one and other else "removed" if one else "added"
                found.append(Change(place=place, what=what, before=one, after=other))
    return tuple(found)


def _brief(said: Texts | None) -> str:
    """A whole thing in a line: what it is, and when or what it asks."""
    if said is None:
        return ""
    left_out = ("category", "unit", "criterion", "quote", "derivation", "note", "source", "from", "who", "verify")
    return "; ".join(
        text if key == "title" else f"{key} {text}" for key, text in said.items() if text and key not in left_out
    )


def _said(found: Protocol) -> dict[str, Texts]:
    """All that a protocol says, as texts: thing -> key -> words."""
    top = {
        "title": found.title, "version": found.version, "date": spell(found.date), "jurisdiction": found.jurisdiction,
        "numbering": found.numbering, "months": found.months, "day-zero": found.day_zero,
        "cycles": f"{found.cycles.count} of {plural(found.cycles.length, 'days')}" if found.cycles else "",
    }  # fmt: skip
    said: dict[str, Texts] = {"": top}
    for known in found.dates.values():
        kind = "start" if known.start else "test" if known.test else "last"
        said[f'date "{known.name}"'] = {"title": known.title, "kind": kind, "required": _flag(known.required)}
    for parameter in found.parameters.values():
        said[f'parameter "{parameter.name}"'] = _parameter(parameter)
    for attestation in found.attestations.values():
        said[f'attestation "{attestation.name}"'] = {"title": attestation.title}
    for choice in found.choices.values():
        options = {f"option {name}": words for name, words in choice.options.items()}
        said[f'choice "{choice.name}"'] = {"title": choice.title, **options}
    for course in found.courses.values():
        repeatable = _flag(course.repeatable)
        said[f'course "{course.id}"'] = {"title": course.title, "from": str(course.base), "repeatable": repeatable}
    for activity in found.activities.values():
        said[f'activity "{activity.id}"'] = _activity(activity, found)
    for rule in found.rules.values():
        said[f'rule "{rule.id}"'] = _rule(rule, found.zero)
    return said


def _flag(value: bool) -> str:
    return "true" if value else ""


def _quoted(quotation: Quotation | None) -> dict[str, str]:
    if quotation is None:
        return {"criterion": "", "quote": "", "source": ""}
    return {"criterion": quotation.section, "quote": quotation.words, "source": quotation.source.title}


def _parameter(parameter: Parameter) -> dict[str, str]:
    count = parameter.count if isinstance(parameter, DaysParameter) else None
    return {
        "title": parameter.title, "kind": "days" if isinstance(parameter, DaysParameter) else "window",
        "count": str(count.number) if count else "", "missing": parameter.missing,
        **_quoted(count.quotation if count else None),
    }  # fmt: skip


def _activity(activity: Activity, found: Protocol) -> dict[str, str]:
    return {
        "title": activity.title, "days": days_of_activity(activity, found), "course": activity.course or "",
        "from": str(activity.base), "unit": activity.unit, "category": activity.category, "until": activity.until or "",
        "who": "donor" if activity.donor else "patient", "verify": _flag(activity.verify),
        **_quoted(activity.quotation), "derivation": activity.derivation or "",
    }  # fmt: skip


def _rule(rule: Rule, zero: str) -> dict[str, str]:
    return {
        "title": rule.title, "only-if": " and ".join(map(str, rule.only)), "events": ", ".join(rule.events),
        **{f"bound on {bound.point}": _bound(bound, zero) for bound in rule.bounds},
        **{f"spacing of {one.activity}": f"{one.asked}{_broken(one.if_broken)}" for one in rule.spacing},
        **{f"statement {one.ref}": _statement(one) for one in rule.statements},
        **_quoted(rule.quotation), "derivation": rule.derivation or "", "note": rule.note,
    }  # fmt: skip


def _bound(bound: RuleBound, zero: str) -> str:
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


def _broken(if_broken: str | None) -> str:
    return f", if broken {if_broken}" if if_broken else ""


def _statement(one: Statement) -> str:
    only = f", only if one of {', '.join(one.only_if)}" if one.only_if else ""
    again = ", again after illness" if one.again_after_illness else ""
    return f"{one.kind} {one.attestation or ''}: “{one.words}”{only}{again}".replace(" :", ":")


# A patient ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """What the new version changes for one patient. `refused` says why the new one cannot be used for them, if it
    cannot.

    Rows of texts: `moves` are (event, title, before, after), `added` and `vanished` (event, title, place), `findings`
    (rule, title, before, after) with an empty text for none.
    """

    code: str
    refused: tuple[str, ...] = ()
    moves: tuple[tuple[str, str, str, str], ...] = ()
    added: tuple[tuple[str, str, str], ...] = ()
    vanished: tuple[tuple[str, str, str], ...] = ()
    findings: tuple[tuple[str, str, str, str], ...] = ()
    feasible: tuple[str, str] | None = None

    @property
    def is_none(self) -> bool:
        return not (self.refused or self.moves or self.added or self.vanished or self.findings or self.feasible)


def effect(before: Plan, after: Plan) -> Effect:
    """What differs between a patient's plans by the old and the new version, of the same moment."""
    found = differences(before, after)
    now, zero = {(finding.ref, finding.point) for finding in after.findings}, after.protocol.zero
    changed = [
        (one.after.ref, finding_title(one.after.title, zero), one.before.status if one.before else "", one.after.status)
        for one in found.findings
    ]
    gone = [
        (f.ref, finding_title(f.title, zero), str(f.status), "") for f in before.findings if (f.ref, f.point) not in now
    ]
    days = _feasible(before), _feasible(after)
    return Effect(
        code=after.case.code,
        moves=tuple(_moved(found.moves)),
        added=tuple((event.id, full_title(event.title), _place(event)) for event in found.added),
        vanished=tuple((event.id, full_title(event.title), _place(event)) for event in found.vanished),
        findings=tuple(changed + gone),
        feasible=days if days[0] != days[1] else None,
    )


def _moved(moves: Iterable[Moved]) -> Iterator[tuple[str, str, str, str]]:
    for one in moves:
        yield one.after.id, full_title(one.after.title), _place(one.before), _place(one.after)


def _place(event: Event) -> str:
    return spell_moment(event.start) if event.start else spell_range(event.on, event.last_date or event.on)


def _feasible(plan: Plan) -> str:
    found = plan.feasible
    days = [
        f"{_days(first, last)}{' if allowed' if status == 'boundary' else ''}"
        for first, last, status in found.intervals
    ]
    binds = f" (binds: {', '.join(found.binding)})" if found.binding else ""
    return ("; ".join(days) or "no day") + binds


def _days(first: date | None, last: date | None) -> str:
    return spell_range(first, last)


def values_of(found: Effect) -> dict[str, Any]:
    """The effect as plain values."""
    return {
        "code": found.code, "refused": list(found.refused),
        "moves": [dict(zip(("id", "title", "before", "after"), row, strict=True)) for row in found.moves],
        "added": [dict(zip(("id", "title", "place"), row, strict=True)) for row in found.added],
        "vanished": [dict(zip(("id", "title", "place"), row, strict=True)) for row in found.vanished],
        "findings": [dict(zip(("ref", "title", "before", "after"), row, strict=True)) for row in found.findings],
        "feasible": dict(zip(("before", "after"), found.feasible, strict=True)) if found.feasible else None,
    }  # fmt: skip
