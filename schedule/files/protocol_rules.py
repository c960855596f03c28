"""The rules of a protocol file: bounds in four forms, spacing, statements."""

from collections.abc import Callable, Collection
from typing import Literal, TypedDict

from schedule.files.checks import RULE_ID, check_id, is_known, printed_text
from schedule.files.grammar import read_apart, read_at_most
from schedule.files.protocol_names import Names
from schedule.files.protocol_points import Points
from schedule.files.table import Table
from schedule.model.protocol import (
    DaysParameter,
    IfBroken,
    JudgedBound,
    NoteWhen,
    OnceMore,
    Rule,
    RuleBound,
    ShownDistance,
    SiteWindow,
    Spacing,
    Statement,
    StatementKind,
    Unless,
    UnstatedLimit,
)
from schedule.model.timing import DAY_ZERO, FirstOf, KnownDatePoint, LastOf, Point

_IF_BROKEN: tuple[IfBroken, ...] = ("refuse", "repeat", "ask")
_KINDS: tuple[StatementKind, ...] = ("attestation", "approval", "permission", "anchor")


class _Conditions(TypedDict):
    """When a bound is asked, what it aims at, and what is noted where."""

    aim: tuple[int, int] | None
    unless: Unless | None
    only_after_illness: bool
    note: NoteWhen | None


class _About(_Conditions):
    """What each of the four forms of a bound may say."""

    point: Point
    consequence: Literal["refuse", "ask"] | OnceMore | None


class Rules:
    """The rules of one protocol file, read when all that they speak of is.
    `window` reads first and last day of a text.
    """

    def __init__(
        self,
        top: Table,
        names: Names,
        activities: Collection[str],
        points: Points,
        window: Callable[[str], tuple[int, int]],
    ) -> None:
        self.names, self.activities, self.points, self.window = names, activities, points, window
        self.found: dict[str, Rule] = {}
        for name, table in top.each_table("rules", "rule"):
            rule = self.rule(name, table)
            if rule is not None:
                self.found[name] = rule
        refs = [statement.ref for rule in self.found.values() for statement in rule.statements]
        for ref in {ref for ref in refs if refs.count(ref) > 1}:
            top.mistake("rules", f'the reference "{ref}" is used twice', "give each statement its own")

    def rule(self, name: str, table: Table) -> Rule | None:
        """None where it has no source."""
        check_id(table, name, RULE_ID)
        quotation, derivation = self.names.need_words(table)
        events = table.texts("events")
        for event in events:
            is_known(table, "events", event, self.activities, "activity")
        bounds = tuple(self.bound(row) for row in table.each_row("bounds", "bound"))
        statements = tuple(self.statement(row) for row in table.each_row("statements", "statement"))
        spacing = tuple(one for row in table.each_row("spacing", "spacing") if (one := self.spacing(row)))
        points = [str(bound.point) for bound in bounds] + [one.activity for one in spacing]
        for twice in sorted({point for point in points if points.count(point) > 1}):
            table.mistake("bounds", f'"{twice}" is judged twice', "put all that is asked of it in one entry")
        if not any(key in table for key in ("events", "bounds", "statements", "spacing")):
            table.mistake("", "it checks nothing", "give it bounds, statements, spacing or events")
        title, note = printed_text(table, "title"), printed_text(table, "note", required=False)
        found = None
        if quotation is not None:
            found = Rule(
                id=name,
                title=title,
                quotation=quotation,
                derivation=derivation,
                note=note,
                events=events,
                bounds=bounds,
                statements=statements,
                spacing=spacing,
                only=self.names.only(table),
            )
        table.close()
        return found

    # Bounds -----------------------------------------------------------------------------------------------------------

    def bound(self, table: Table) -> RuleBound:
        named = self.points.point(table, "point")
        point = named or KnownDatePoint(table.text("point"))
        window, shown = table.text("window") or None, table.flag("shown")
        unstated = "limit" in table and table.choice("limit", ("not stated",)) is not None
        if unstated and point != DAY_ZERO:
            table.mistake("limit", "it speaks of day 0", 'write point = "day-zero"')
        safe = self.points.bounds(table, "safe", table.texts("safe"))
        literal = self.points.bounds(table, "literal", table.texts("literal")) if "literal" in table else safe
        if sum((window is not None, shown, "safe" in table, unstated)) != 1:
            remedy = 'write safe = ["day-zero at least …"]'
            table.mistake("safe", "one of safe, window, shown and limit is needed", remedy)
        check_readings(table)
        if shown and named and not isinstance(named, FirstOf | LastOf):
            table.mistake("point", f'"{point}" cannot be shown', "name the first or the last of an activity")
        check_pairs(table)
        known = self.names.parameter(table, "window", window) if window else None
        if isinstance(known, DaysParameter):
            table.mistake("window", f'"{window}" is not a window', "name a parameter of kind window")
        for bound in dict.fromkeys((*safe, *literal)):
            if named and named not in (bound.point, bound.anchor):
                table.mistake("point", f'"{bound}" does not speak of "{point}"', "name one of its two points")
        about: _About = {"point": point, "consequence": self.consequence(table, point), **self.conditions(table)}
        any_cause = table.flag("any-cause")
        if any_cause and not any(one.limits_slip for one in safe):
            table.mistake("any-cause", "it says something of a limit of the slip", "leave it out")
        table.close()
        if window is not None:
            return SiteWindow(**about, parameter=window)
        if shown:
            return ShownDistance(**about)
        if unstated:
            return UnstatedLimit(**about)
        return JudgedBound(**about, safe=safe, literal=literal, any_cause=any_cause)

    def consequence(self, table: Table, point: Point) -> Literal["refuse", "ask"] | OnceMore | None:
        """What follows where a bound is broken."""
        repeat = printed_text(table, "repeat", required=False) or None
        if_broken = table.choice("if-broken", _IF_BROKEN) if "if-broken" in table else None
        if (if_broken == "repeat") != (repeat is not None):
            table.mistake("repeat", 'it goes with if-broken = "repeat"', "say what is to be repeated")
        course, courses = table.text("repeat-course") or None, self.names.courses
        if course and is_known(table, "repeat-course", course, courses, "course"):
            if not courses[course].repeatable:
                table.mistake("repeat-course", f'"{course}" is not repeatable', "write repeatable = true on the course")
            if if_broken != "repeat":
                table.mistake("repeat-course", 'it goes with if-broken = "repeat"', "leave it out")
        is_date = isinstance(point, KnownDatePoint) and point.name in self.names.dates
        if if_broken == "repeat" and not course and not is_date:
            wrong = f'"{point}" is no test that can be repeated'
            table.mistake("if-broken", wrong, 'name a course: repeat-course = "…"')
        return OnceMore(what=repeat or "", course=course) if if_broken == "repeat" else if_broken

    def conditions(self, table: Table) -> _Conditions:
        unless_attested = table.text("unless-attested")
        if unless_attested:
            is_known(table, "unless-attested", unless_attested, self.names.attestations, "attestation")
        holds = self.points.bounds(table, "note-when", table.texts("note-when"))
        when = table.choice("when", ("illness-slip",)) if "when" in table else None
        aim, again = table.read("aim", self.window), table.flag("again-after-illness")
        note = printed_text(table, "note-text", required=bool(holds))
        return {
            "aim": aim, "only_after_illness": when is not None,
            "note": NoteWhen(holds=holds[0], text=note) if holds else None,
            "unless": Unless(attestation=unless_attested, again_after_illness=again) if unless_attested else None,
        }  # fmt: skip

    # Spacing and statements -------------------------------------------------------------------------------------------

    def spacing(self, table: Table) -> Spacing | None:
        activity = table.text("activity", required=True)
        there = bool(activity) and is_known(table, "activity", activity, self.activities, "activity")
        apart, most = table.read("apart", read_apart), table.read("most", read_at_most)
        if ("apart" in table) == ("most" in table):
            table.mistake("apart", "one of apart and most is needed", 'write apart = "at least 2 days"')
        if_broken = table.choice("if-broken", ("refuse", "ask")) if "if-broken" in table else None
        table.close()
        asked = apart or most
        if not there or asked is None:
            return None
        return Spacing(
            activity=activity,
            asked=asked,
            if_broken="refuse" if if_broken == "refuse" else "ask" if if_broken else None,
        )

    def statement(self, table: Table) -> Statement:
        kind = table.choice("kind", _KINDS) or "attestation"
        attestation = table.text("attestation") or None
        if (kind in ("attestation", "approval")) != (attestation is not None):
            table.mistake("attestation", "it goes with kind attestation or approval", 'write attestation = "…"')
        if attestation:
            is_known(table, "attestation", attestation, self.names.attestations, "attestation")
        only_if = table.texts("only-if")
        for key in ("only-if", "again-after-illness"):
            if key in table and attestation is None:
                table.mistake(key, "it goes with an attestation", "leave it out")
        for name in only_if:
            is_known(table, "only-if", name, self.names.dates, "known date")
        ref = table.text("ref", required=True)
        if ref:
            check_id(table, ref, RULE_ID)
        found = Statement(
            ref=ref,
            kind=kind,
            attestation=attestation,
            words=table.text("words", required=True),
            only_if=only_if,
            again_after_illness=table.flag("again-after-illness"),
        )
        table.close()
        return found


def check_readings(table: Table) -> None:
    """Note a bound that asks nothing, or the literal reading of nothing."""
    if "safe" in table and not table.texts("safe"):
        table.mistake("safe", "it asks nothing", "write what the rule asks, or make the rule a statement")
    if "literal" in table and "safe" not in table:
        table.mistake("literal", "it is the other reading of safe", "leave it out")


def check_pairs(table: Table) -> None:
    """Note keys without those that they go with."""
    for key, needs in (("note-text", "note-when"), ("again-after-illness", "unless-attested")):
        if key in table and needs not in table:
            table.mistake(key, f"it goes with {needs}", "leave it out")
