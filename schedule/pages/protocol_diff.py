"""Two versions of a protocol -> what changes in the text, in words, and what it changes for a patient's plan."""

from collections.abc import Container, Iterable, Iterator, Mapping
from typing import Any, Literal, NamedTuple, assert_never

from msgspec import Struct

from schedule.engine.difference import Moved, differences
from schedule.model.notation import spell
from schedule.model.plan import Plan
from schedule.model.protocol import (
    Activity,
    ByChoice,
    DaysParameter,
    LeftToSite,
    Parameter,
    Protocol,
    Quotation,
    Rule,
)
from schedule.model.timing import BASES, AfterActivity, Days, OnDays, Window
from schedule.words import protocol_diff as words
from schedule.words.findings import finding_title
from schedule.words.places import spell_place, spell_window
from schedule.words.protocol import cycles_in_words, days_of_activity
from schedule.words.protocol_diff import Key, Named
from schedule.words.titles import full_title

What = Literal["added", "removed", "changed"]


class Change(Struct, frozen=True, kw_only=True):
    """One thing that differs: where in the file, a whole thing where it has no key; the words before and after, empty
    where there are none."""

    thing: Named
    key: Key | None
    what: What
    before: str
    after: str

    @property
    def place(self) -> str:
        """`rule "T3", title`."""
        return words.place_in_words(self.thing, self.key)


class Said(NamedTuple):
    """What a version says under a key: the value that is compared, None for nothing, and its words."""

    value: object
    words: str


NOTHING = Said(None, "")
Keys = Mapping[Key, Said]


def changes(old: Protocol, new: Protocol) -> tuple[Change, ...]:
    """Everything that the new version says otherwise, in the order of the file's parts."""
    before, after = _said(old), _said(new)
    found: list[Change] = []
    for thing in dict.fromkeys((*before, *after)):
        was, now = before.get(thing), after.get(thing)
        if was is None or now is None:
            what: What = "added" if was is None else "removed"
            found.append(Change(thing=thing, key=None, what=what, before=_brief(was), after=_brief(now)))
            continue
        for key in dict.fromkeys((*was, *now)):
            one, other = was.get(key, NOTHING), now.get(key, NOTHING)
            if one.value != other.value:
                what = "added" if one.value is None else "removed" if other.value is None else "changed"
                found.append(Change(thing=thing, key=key, what=what, before=one.words, after=other.words))
    return tuple(found)


def _brief(said: Keys | None) -> str:
    """A whole thing in a line: what it is, and when or what it asks."""
    if said is None:
        return ""
    left_out = ("category", "unit", "criterion", "quote", "derivation", "note", "source", "from", "who", "verify")
    return "; ".join(
        one.words if key == "title" else f"{words.key_in_words(key)} {one.words}"
        for key, one in said.items()
        if one.value is not None and key not in left_out
    )


def _said(found: Protocol) -> dict[Named, Keys]:
    """All that a protocol says: thing -> key -> what is said there."""
    top: dict[Key, Said] = {
        "title": _text(found.title), "version": _text(found.version), "date": Said(found.date, spell(found.date)),
        "jurisdiction": _text(found.jurisdiction), "numbering": _text(found.numbering), "months": _text(found.months),
        "day-zero": _text(found.day_zero),
        "cycles": Said(found.cycles, cycles_in_words(found.cycles)) if found.cycles else NOTHING,
    }  # fmt: skip
    said: dict[Named, Keys] = {None: top}
    for known in found.dates.values():
        kind = "start" if known.start else known.kind
        said["date", known.name] = {
            "title": _text(known.title), "kind": _text(kind), "required": _flag(known.required),
        }  # fmt: skip
    for parameter in found.parameters.values():
        said["parameter", parameter.name] = _parameter(parameter)
    for attestation in found.attestations.values():
        said["attestation", attestation.name] = {"title": _text(attestation.title)}
    for choice in found.choices.values():
        options: dict[Key, Said] = {("option", name): _text(what) for name, what in choice.options.items()}
        said["choice", choice.name] = {"title": _text(choice.title), **options}
    for course in found.courses.values():
        said["course", course.id] = {
            "title": _text(course.title), "from": _text(course.base), "repeatable": _flag(course.repeatable),
        }  # fmt: skip
    for activity in found.activities.values():
        said["activity", activity.id] = _activity(activity, found)
    for rule in found.rules.values():
        said["rule", rule.id] = _rule(rule, found.zero)
    return said


def _text(value: object) -> Said:
    """A text that people wrote, or what is its own notation."""
    return Said(value, str(value)) if value is not None and value != "" else NOTHING


def _flag(value: bool) -> Said:
    return Said(value, "true") if value else NOTHING


def _quoted(quotation: Quotation | None) -> Keys:
    if quotation is None:
        return {"criterion": NOTHING, "quote": NOTHING, "source": NOTHING}
    return {
        "criterion": _text(quotation.section), "quote": _text(quotation.words),
        "source": _text(quotation.source.title),
    }  # fmt: skip


def _parameter(parameter: Parameter) -> Keys:
    count = parameter.count if isinstance(parameter, DaysParameter) else None
    return {
        "title": _text(parameter.title), "kind": _text("days" if isinstance(parameter, DaysParameter) else "window"),
        "count": _text(count.number if count else None), "missing": _text(parameter.missing),
        **_quoted(count.quotation if count else None),
    }  # fmt: skip


def _activity(activity: Activity, found: Protocol) -> Keys:
    return {
        "title": _text(activity.title), "days": Said(_days(activity, found), days_of_activity(activity, found)),
        "course": _text(activity.course), "from": _text(activity.base), "unit": _text(activity.unit),
        "category": _text(activity.category), "until": _text(activity.until),
        "who": _text("donor" if activity.donor else "patient"), "verify": _flag(activity.verify),
        **_quoted(activity.quotation), "derivation": _text(activity.derivation),
    }  # fmt: skip


def _days(activity: Activity, found: Protocol) -> object:
    """Everything that says when an activity is due, the days by their numbers in the protocol."""
    match activity.days:
        case ByChoice(choice=choice, options=options):
            days: object = choice, tuple((option, _numbered(days, found)) for option, days in options.items())
        case LeftToSite() as left:
            days = left
        case OnDays() | AfterActivity() as stated:
            days = _numbered(stated, found)
        case _:
            assert_never(activity.days)
    one_span = activity.continuous and isinstance(activity.days, OnDays)
    base = activity.base if activity.base not in BASES else None
    return days, one_span, activity.until, activity.cycles, base, activity.only


def _numbered(days: Days, found: Protocol) -> object:
    if isinstance(days, AfterActivity):
        return days
    return tuple((found.number(one.offset), one.months, _window(one.window, found)) for one in days.occurrences)


def _window(window: Window | None, found: Protocol) -> object:
    if window is None or window.frame != "base":
        return window
    return found.number(window.first), found.number(window.last)


def _rule(rule: Rule, zero: str) -> Keys:
    bounds: dict[Key, Said] = {
        ("bound", str(one.point)): Said(one, words.bound_in_words(one, zero)) for one in rule.bounds
    }
    spacing: dict[Key, Said] = {
        ("spacing", one.activity): Said(one, words.spacing_in_words(one)) for one in rule.spacing
    }
    statements: dict[Key, Said] = {
        ("statement", one.ref): Said(one, words.statement_in_words(one)) for one in rule.statements
    }
    return {
        "title": _text(rule.title), "only-if": Said(rule.only or None, " and ".join(map(str, rule.only))),
        "events": Said(rule.events or None, ", ".join(rule.events)), **bounds, **spacing, **statements,
        **_quoted(rule.quotation), "derivation": _text(rule.derivation), "note": _text(rule.note),
    }  # fmt: skip


# A patient ------------------------------------------------------------------------------------------------------------


class Effect(Struct, frozen=True, kw_only=True):
    """What the new version changes for one patient. `refused` says why the new one cannot be used for them, if it
    cannot.

    Rows of texts: `moves` are (event, title, before, after); `windows` the same of events that do not move, with an
    empty text for no window; `added` and `vanished` (event, title, place), `findings` (rule, title, before, after) with
    an empty text for none.
    """

    code: str
    refused: tuple[str, ...] = ()
    moves: tuple[tuple[str, str, str, str], ...] = ()
    windows: tuple[tuple[str, str, str, str], ...] = ()
    added: tuple[tuple[str, str, str], ...] = ()
    vanished: tuple[tuple[str, str, str], ...] = ()
    findings: tuple[tuple[str, str, str, str], ...] = ()
    feasible: tuple[str, str] | None = None

    @property
    def is_none(self) -> bool:
        dates = self.moves or self.windows or self.added or self.vanished
        return not (self.refused or dates or self.findings or self.feasible)


def effect(before: Plan, after: Plan) -> Effect:
    """What differs between a patient's plans by the old and the new version, of the same moment."""
    found = differences(before, after)
    now, zero = {(f.ref, f.point, f.cycle) for f in after.findings}, after.protocol.zero
    changed = [
        (one.after.ref, finding_title(one.after, zero), one.before.status if one.before else "", one.after.status)
        for one in found.findings
    ]
    gone = [
        (f.ref, finding_title(f, zero), str(f.status), "")
        for f in before.findings
        if (f.ref, f.point, f.cycle) not in now
    ]
    days = before.feasible, after.feasible
    possible = [(one.intervals, one.binding) if one else None for one in days]
    feasible = words.day_zeroes_in_words(days[0]), words.day_zeroes_in_words(days[1])
    return Effect(
        code=after.case.code,
        moves=tuple(_moved(found.moves)),
        windows=tuple(_other_windows(before, after, {one.after.id for one in found.moves})),
        added=tuple((event.id, full_title(event.title), spell_place(event)) for event in found.added),
        vanished=tuple((event.id, full_title(event.title), spell_place(event)) for event in found.vanished),
        findings=tuple(changed + gone),
        feasible=feasible if possible[0] != possible[1] else None,
    )


def _moved(moves: Iterable[Moved]) -> Iterator[tuple[str, str, str, str]]:
    for one in moves:
        yield one.after.id, full_title(one.after.title), spell_place(one.before), spell_place(one.after)


def _other_windows(before: Plan, after: Plan, moved: Container[str]) -> Iterator[tuple[str, str, str, str]]:
    """The events that do not move and have another window than before."""
    old = {event.id: event for event in before.events}
    for event in after.events:
        was = old.get(event.id)
        if was is not None and event.id not in moved and (was.earliest, was.latest) != (event.earliest, event.latest):
            yield event.id, full_title(event.title), spell_window(was), spell_window(event)


def values_of(found: Effect) -> dict[str, Any]:
    """The effect as plain values."""
    return {
        "code": found.code, "refused": list(found.refused),
        "moves": [dict(zip(("id", "title", "before", "after"), row, strict=True)) for row in found.moves],
        "windows": [dict(zip(("id", "title", "before", "after"), row, strict=True)) for row in found.windows],
        "added": [dict(zip(("id", "title", "place"), row, strict=True)) for row in found.added],
        "vanished": [dict(zip(("id", "title", "place"), row, strict=True)) for row in found.vanished],
        "findings": [dict(zip(("ref", "title", "before", "after"), row, strict=True)) for row in found.findings],
        "feasible": dict(zip(("before", "after"), found.feasible, strict=True)) if found.feasible else None,
    }  # fmt: skip
