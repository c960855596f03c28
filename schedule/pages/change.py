"""The change notice: what an act changes, in words and as values, for the terminal, change.json and change.html."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from itertools import chain
from typing import Any, NamedTuple

from msgspec import Struct

from schedule.engine.difference import Difference, differences, who_must_be_told
from schedule.engine.entries import changes_in_calendar
from schedule.engine.move import IfDayZero
from schedule.engine.possible_days import graded
from schedule.model.acts import Deed, Move, RecordDay, Restore, records_in
from schedule.model.move import MoveVerdict
from schedule.model.notation import spell
from schedule.model.plan import Event, Plan, Record
from schedule.model.reasons.alerts import OfFindings, ToRepeat
from schedule.model.reasons.findings import TitledEvent
from schedule.pages.day import SaidRecord, said_back
from schedule.pages.summed import summed_up
from schedule.pages.together import Together, days_off, moved_together, stays_together
from schedule.pages.void import PrintedRevision, Void, printed_revision, void_sheets
from schedule.words.alerts import banner
from schedule.words.change import (
    IN_CALENDARS,
    NO_CHANGE,
    NO_OTHER_CHANGE,
    PEOPLE,
    cycle_moved,
    heading,
    hour_dropped,
    limit_and_planned,
    restored,
    spell_zero,
)
from schedule.words.dates import spell_day_zero, zero_in_cycle
from schedule.words.day_labels import label_told
from schedule.words.days_off import days_off_of
from schedule.words.findings import finding_title, finding_told, ref_in_cycle, repeat_days, repeat_in_words
from schedule.words.places import beside, spell_instant, spell_place
from schedule.words.possible_days import KIND_OF, judged_in_words
from schedule.words.refusals import move_refusal_in_words
from schedule.words.remedies import Edge
from schedule.words.statuses import status_in_words
from schedule.words.titles import called, full_title
from schedule.words.undone import (
    days_to_cells,
    facts_of,
    held_query,
    left_undone,
    off_their_places,
    placed,
    queries_of,
    recorded_off,
)
from schedule.words.verdict import VERDICTS, VerdictKind, verdict_kind, verdict_told


class Judged(NamedTuple):
    """A verdict that stands first: its kind, its word, what is said of it, and why, a text for each rule.
    `rules` are those that the principal investigator must decide on."""

    kind: VerdictKind
    word: str
    said: str
    why: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()

    @property
    def line(self) -> str:
        """The verdict on one line."""
        return f"{self.word[:1].upper()}{self.word[1:]}: {self.said}"


class Notice(Struct, frozen=True, kw_only=True):
    """Everything a change notice says. `judged` is the verdict on the plan as it would stand, or on a move that cannot
    be; `in_short` sums up what moves. `moves`, `stays`, `vanished` and `clashes` event by event, `moved`, `stayed`,
    `gone` and `off` for the page.

    `rest` says that nothing changes beside what is recorded; it is empty where something does. `said` is each record of
    a day, said back. `past` is what has come to lie in the past, and heads the notice;
    `undone` what is missing since things no longer move together.
    """

    heading: str
    named: str
    zero: tuple[str, str, str] | None
    judged: Judged
    said: tuple[SaidRecord, ...]
    summary: tuple[str, ...]
    rest: str
    banner: str | None
    by: str
    past: tuple[str, ...]
    undone: tuple[str, ...]
    in_short: tuple[str, ...]
    moves: tuple[tuple[str, str, str, str], ...]
    stays: tuple[tuple[str, str, str], ...]
    added: tuple[tuple[str, str], ...]
    vanished: tuple[tuple[str, str], ...]
    repeats: tuple[str, ...]
    findings: tuple[tuple[str, str, str, str], ...]
    verdicts: tuple[tuple[str, str], ...]
    queries: tuple[str, ...]
    clashes: tuple[tuple[str, str, str], ...]
    moved: tuple[Together, ...]
    stayed: tuple[tuple[str, tuple[Together, ...]], ...]
    gone: tuple[Together, ...]
    off: str
    void: Void | None
    tell: tuple[str, ...]
    calendars: tuple[str, ...]
    refusals: tuple[str, ...]


def held_in(deed: Deed, after: Plan) -> tuple[tuple[Event, Record], ...]:
    """The events of the protocol that a deed records as held, each with its record: who looks after the trial has
    nothing to say about the site's own tasks."""
    events = {event.id: event for event in after.events}
    records = ((one.event, one.record) for one in records_in(deed) if one.record is not None)
    held = ((events[event], record) for event, record in records if record.outcome == "held" and event in events)
    return tuple((event, record) for event, record in held if not event.task)


def _held_queries(held: Iterable[tuple[Event, Record]]) -> Iterator[str]:
    """What is asked about what is held, and not planned again."""
    return (held_query(event, record) for event, record in held if not event.replaced)


def notice(
    before: Plan,
    after: Plan,
    deed: Deed,
    verdict: MoveVerdict | None,
    *,
    saved: bool,
    as_of: datetime,
    by: str = "",
    reason: str = "",
    edge: Edge = "terminal",
    printed: Iterable[PrintedRevision] = (),
) -> Notice:
    """The notice of an act; of a refused one, of what it would have changed and what can be done about that by `edge`.
    `printed` are the sheets of the revisions earlier than `before`."""
    found, held = differences(before, after), held_in(deed, after)
    summary, calendars = _told_first(before, after, found, deed, verdict, as_of.date())
    stays = found.stays if found.lays_out else ()
    zoned = before.site.zone is not None and after.site.zone not in (None, before.site.zone)
    return Notice(
        heading=heading(before, after, deed, verdict, saved=saved),
        named=zero_in_cycle(after.protocol.zero, cycle_moved(before, after)),
        zero=zero_moved(before, after, verdict),
        judged=judged_of(before, after, deed, verdict, edge),
        said=said_back(before, deed),
        summary=summary,
        rest="" if found.changes else NO_OTHER_CHANGE if found.recorded else NO_CHANGE,
        banner=banner(after),
        by=", ".join(part for part in (by, reason) if part),
        past=_in_the_past(found),
        undone=left_undone(found, after),
        in_short=summed_up(found, before, after),
        moves=tuple(_moves(found, after, zoned=zoned)),
        stays=tuple((*_named(after, event), ", ".join((spell_place(event), *beside(after, event)))) for event in stays),
        added=_listed(found.added),
        vanished=_listed(found.vanished),
        repeats=tuple(f"{repeat_in_words(again)}, {repeat_days(again)}" for again in found.repeats),
        findings=tuple(_verdicts_changed(found, after.protocol.zero)),
        verdicts=verdicts_together(found, after),
        queries=(*_held_queries(held), *queries_of(found, after), *off_their_places(found)),
        clashes=tuple(_days_off(found)),
        moved=moved_together(found.moves, zoned=zoned),
        stayed=stays_together(stays),
        gone=tuple(row for _, rows in stays_together(found.vanished) for row in rows),
        off=days_off(pair.after for pair in found.moves),
        void=void_sheets(chain(printed, (printed_revision(before),)), after, as_of),
        tell=tuple(PEOPLE[one] for one in who_must_be_told(found, after, (event for event, _ in held))),
        calendars=calendars,
        refusals=refusals_in_words(after, verdict, edge),
    )


def judged_of(before: Plan, after: Plan, deed: Deed, verdict: MoveVerdict | None, edge: Edge) -> Judged:
    """The verdict on a new day 0; of another act, that on the plan after it."""
    if verdict is None or not isinstance(deed, Move):
        kind = verdict_kind(after)
        return Judged(kind, VERDICTS[kind], verdict_told(after))
    found = graded(before, IfDayZero(after, verdict), moved=not verdict.unchanged)
    kind, zero = KIND_OF[found.prospect], after.protocol.zero
    rules = tuple(finding_told(one, zero) for one in found.findings if kind != "allowed")
    why = refusals_in_words(after, verdict, edge) or tuple(dict.fromkeys(rules))
    asked = tuple(dict.fromkeys(one.rule for one in found.findings)) if kind == "decides" else ()
    said = judged_in_words(found, after, spell_day_zero(deed.to))
    return Judged(kind, VERDICTS[kind], said, why, asked)


def _told_first(
    before: Plan, after: Plan, found: Difference, deed: Deed, verdict: MoveVerdict | None, today: date
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What an act comes to in a few sentences, and how calendars get it."""
    gap, facts = days_to_cells(before, after), facts_of(found, before, after)
    hour, off = hour_dropped(before, after, verdict), () if isinstance(deed, RecordDay) else recorded_off(found, after)
    summary = (*off, *facts, *hour, *limit_and_planned(before, after, verdict), *gap)
    if isinstance(deed, Restore):
        said, calendars = restored(deed, after.case.code, before.revision)
        return (*summary, said), calendars
    return summary, IN_CALENDARS[changes_in_calendar(before, after, today)]


def _in_the_past(found: Difference) -> tuple[str, ...]:
    """What has come to lie at or before as-of, and stays there: treatment first, dose by dose; a task of the site's on
    all its days together."""
    events = sorted(found.undone.past, key=lambda event: event.category != "treatment")
    own = [placed(event) for event in events if not event.task]
    tasks = stays_together(event for event in events if event.task)
    return (*own, *(f"{row.what}, {row.now}" for _, rows in tasks for row in rows))


def _moves(found: Difference, after: Plan, *, zoned: bool) -> Iterator[tuple[str, str, str, str]]:
    """Day, title, old and new place of what moves."""
    spelt = spell_instant if zoned else spell_place
    for pair in found.moves:
        yield (*_named(after, pair.after), spelt(pair.before), spelt(pair.after))


def _listed(events: Iterable[Event]) -> tuple[tuple[str, str], ...]:
    return tuple((full_title(event.title), spell_place(event)) for event in events)


def _named(plan: Plan, event: Event) -> tuple[str, str]:
    return label_told(plan, event), called(event)


def _verdicts_changed(found: Difference, zero: str) -> Iterator[tuple[str, str, str, str]]:
    for one in found.verdicts:
        title = finding_title(one.after, zero)
        was = status_in_words(one.before.status) if one.before else ""
        ref = "" if isinstance(one.after.title, TitledEvent) else one.after.ref
        yield ref, title, was, status_in_words(one.after.status)


def _days_off(found: Difference) -> Iterator[tuple[str, str, str]]:
    for event in (pair.after for pair in found.moves if pair.after.flags):
        yield full_title(event.title), spell(event.on), "; ".join(days_off_of(event))


def refusals_in_words(after: Plan, verdict: MoveVerdict | None, edge: Edge) -> tuple[str, ...]:
    """Why day 0 may not move, a text for each reason."""
    zero = after.protocol.zero
    return tuple(move_refusal_in_words(one, zero, edge) for one in verdict.refusals) if verdict else ()


def zero_moved(before: Plan, after: Plan, verdict: MoveVerdict | None) -> tuple[str, str, str] | None:
    """What moved day 0, its old and its new moment; None where nothing did, or was allowed to."""
    if verdict is None or verdict.unchanged or not verdict.allowed:
        return None
    what = "Re-plan" if verdict.kind == "re-plan" else "Slip"
    cycle = cycle_moved(before, after)
    return what, spell_zero(before, cycle), spell_zero(after, cycle)


def verdicts_together(difference: Difference, after: Plan) -> tuple[tuple[str, str], ...]:
    """The verdicts that change, those alike together: `met, now violated` and `T6, T13`. Each with its title, unless
    the banner names it with its title."""
    found: dict[str, dict[str, None]] = {}
    in_banner = [alert for alert in after.alerts if isinstance(alert, OfFindings) and not isinstance(alert, ToRepeat)]
    zero = after.protocol.zero
    titled = {(one.ref, one.title) for alert in in_banner for one in alert.findings}
    for change in difference.verdicts:
        rule = change.after
        named = ref_in_cycle(rule) if (rule.ref, rule.title) in titled else f"{rule.ref} ({finding_title(rule, zero)})"
        was = status_in_words(change.before.status) if change.before else "new"
        how = f"{was}, now {status_in_words(rule.status)}"
        found.setdefault(how, {})[named] = None
    return tuple((how, ", ".join(names)) for how, names in found.items())


def notice_values(before: Plan, after: Plan, verdict: MoveVerdict | None, *, saved: bool) -> dict[str, Any]:
    """The change as plain values: what `--json` prints and change.json holds."""
    found = differences(before, after)

    def at(event: Event) -> str:
        return event.start.isoformat(timespec="minutes") if event.start else event.on.isoformat()

    limit = verdict.limit if verdict else None
    return {
        "format": 1, "code": after.case.code, "revision": after.revision if saved else before.revision,
        "kind": verdict.kind if verdict else None, "allowed": verdict.allowed if verdict else True, "saved": saved,
        "refusals": list(refusals_in_words(after, verdict, "terminal")),
        "limit": limit and {
            "hours": limit.hours, "until": limit.until.isoformat(timespec="minutes") if limit.until else None,
            "used": limit.used, "left": limit.left, "last": limit.last.isoformat(),
        },
        "past": [event.id for event in found.undone.past],
        "recorded": [{"id": pair.after.id, "from": at(pair.before), "to": at(pair.after)} for pair in found.recorded],
        "again": [{"held": pair.one.id, "id": pair.other.id} for pair in found.undone.again],
        "undated": [one.id for one in found.undated],
        "stays": [event.id for event in found.stays],
        "moves": [{"id": pair.after.id, "from": at(pair.before), "to": at(pair.after)} for pair in found.moves],
        "added": [{"id": event.id, "to": at(event)} for event in found.added],
        "vanished": [{"id": event.id, "from": at(event)} for event in found.vanished],
        "repeats": [
            {
                "what": again.what, "earliest": again.earliest and again.earliest.isoformat(),
                "latest": again.latest and again.latest.isoformat(),
            }
            for again in found.repeats
        ],
        "findings": [
            {
                "rule": change.after.rule, "ref": change.after.ref,
                "point": str(change.after.point) if change.after.point else None,
                "from": change.before.status if change.before else None, "to": change.after.status,
            }
            for change in found.findings
        ],
        "banner": banner(after),
    }  # fmt: skip
