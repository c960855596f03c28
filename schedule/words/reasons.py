"""What a finding rests on, in words."""

from datetime import datetime
from typing import assert_never

from schedule.model.notation import plural, spell, spell_moment
from schedule.model.reasons.bounds import (
    AskedBound,
    BorderKept,
    BoundNote,
    BoundsAsked,
    HangsOnHours,
    HoursByDate,
    HoursKept,
    LimitByDate,
    LimitToTheHour,
    LimitWithoutHour,
    LiteralReadingOnly,
    OfBounds,
    RuledOn,
    RuledOnOther,
    ServesUpTo,
    SilentOnDelay,
    StillPlanned,
    WindowAsked,
)
from schedule.model.reasons.findings import (
    AskedOnlyIf,
    AttestedOn,
    ChoicesOpen,
    Chosen,
    CycleBegins,
    DatedOnceDayZero,
    DayNotGiven,
    DistanceShown,
    EndNotGiven,
    EventsDated,
    FindingReason,
    HoldsNoDate,
    HourNotGiven,
    JudgedOnceDayZero,
    NeverHad,
    NeverWas,
    NoDateLeft,
    NoDateYet,
    NoLimitStated,
    NothingToCheck,
    NoTimeThatDay,
    NotInTreatment,
    OfLacks,
    OfRules,
    OnlyAfterIllness,
    ShownOnceDayZero,
    SlippedWithoutLimit,
    SpacingAsked,
    ToBeAttested,
    ToBeChosen,
    WaitsForDates,
)
from schedule.model.reasons.gaps import NotStated
from schedule.model.reasons.occurrences import (
    AddedByText,
    BookedBefore,
    DroppedByText,
    InWindow,
    OffPlace,
    OfOccurrences,
    PlaceTakenAway,
    TooNear,
)
from schedule.words.dates import spell_day_zero, spell_moments, wall_time_in_words
from schedule.words.gaps import gap_in_words
from schedule.words.points import name_of
from schedule.words.titles import full_title


def reason_in_words(reason: FindingReason, zero: str) -> str:
    """One reason as a sentence or two. `zero` is what the anchor is called: `day 0`, `day 4`."""
    if isinstance(reason, OfRules):
        return _of_rules(reason)
    if isinstance(reason, NotStated):
        return gap_in_words(reason)
    if isinstance(reason, OfOccurrences):
        return _of_occurrences(reason)
    return _of_lacks(reason, zero) if isinstance(reason, OfLacks) else _of_bounds(reason, zero)


def _of_rules(reason: OfRules) -> str:
    match reason:
        case ToBeChosen():
            return f"To be chosen. {'; '.join(f'{name}: {title}' for name, title in reason.options)}."
        case Chosen():
            return f"Chosen: {reason.option}, {reason.title}."
        case AskedOnlyIf():
            return f"Asked only if {' and '.join(map(str, reason.only))}."
        case ChoicesOpen():
            titles = " and ".join(f"“{title}”" for title in reason.titles)
            return f"Depends on the choice {titles}, which is not made."
        case CycleBegins():
            over = (
                f"begins on {spell(reason.before)} and lasts {plural(reason.length, 'days')}: {spell(reason.earliest)}"
            )
            return f"Cycle {reason.number - 1} {over}. Cycle {reason.number} begins on {spell(reason.start)}."
        case NoTimeThatDay():
            until = "has no time until the site file's [times] is corrected"
            if reason.kept:
                until = "keeps that time, from another zone, until it is given another"
            return f"{wall_time_in_words(reason.fault)}. {reason.event} {until}."
        case EventsDated():
            events = (f"{full_title(one.title)}: {spell(one.on)}, planned as {one.label}" for one in reason.events)
            return f"{'; '.join(events)}."
        case SpacingAsked():
            return _spacing(reason)
        case HoldsNoDate():
            return f"“{reason.words}” holds no date."
        case NothingToCheck():
            if reason.kind == "permission":
                return "A permission: nothing to check."
            return "An anchor: it says which date counts."
        case NeverWas():
            return f"{', '.join(reason.titles)}: never."
        case ToBeAttested():
            when = f" (planned for {spell(reason.planned)})" if reason.planned else ""
            return f"To be recorded{when}: “{reason.title}”"
        case AttestedOn():
            by = f" by {reason.by}" if reason.by else ""
            return f"Stated on {spell(reason.on)}{by}: “{reason.title}”"
        case _:
            assert_never(reason)


SHOWN_PAIRS = 3
"""Pairs of doses too close to each other that are named; any more are left out."""


def _spacing(reason: SpacingAsked) -> str:
    pairs = [f"Not kept from {spell(one)} to {spell(other)}." for one, other in reason.broken[:SHOWN_PAIRS]]
    return " ".join((f"Asked: {reason.title} {reason.asked}.", *(pairs or ["Kept."])))


def _of_lacks(reason: OfLacks, zero: str) -> str:
    match reason:
        case NotInTreatment():
            if reason.point is None:
                return "Not part of this patient's treatment."
            return f"{name_of(reason.point, zero)}: not part of this patient's treatment."
        case NeverHad():
            return f"Not applicable: {name_of(reason.point, zero)}: never."
        case OnlyAfterIllness():
            return f"Not applicable: asked only when {zero} has slipped because of an illness."
        case DayNotGiven():
            return "A day it needs is not stated and the site file does not give it."
        case EndNotGiven():
            end = name_of(reason.point, zero)
            return f"The {end} is not known: enter it with the record, or give the block in the site file."
        case HourNotGiven():
            return f"{reason.title}: counted in hours from an event whose hour is not stated."
        case JudgedOnceDayZero():
            return f"Judged once there is a {zero}."
        case DatedOnceDayZero():
            return f"Dated once there is a {zero}."
        case ShownOnceDayZero():
            return f"Shown once there is a {zero}; no number is stated."
        case DistanceShown():
            return _distance(reason, zero)
        case NoLimitStated():
            return f"The source states no limit for a delay of {zero}."
        case SlippedWithoutLimit():
            return (
                f"{zero.capitalize()} has slipped by {plural(reason.days, 'days')} from {spell(reason.planned)}. "
                "The source states no limit for a delay: the principal investigator must decide."
            )
        case WaitsForDates():
            return f"Judged once there is a date: {', '.join(name_of(point, zero) for point in reason.points)}."
        case NoDateYet():
            by = f" ({', '.join(reason.rules)})" if reason.rules else ""
            return f"{name_of(reason.point, zero)}: no date yet; {spell_moments(reason.first, reason.last)}{by}."
        case NoDateLeft():
            return _none_left(reason, zero)
        case _:
            assert_never(reason)


def _none_left(reason: NoDateLeft, zero: str) -> str:
    first, last, rules = reason.first, reason.last, ", ".join(reason.rules)
    ends = f" (not before {spell_day_zero(first)}, and not after {spell_day_zero(last)})" if first and last else ""
    name = name_of(reason.point, zero)
    if reason.asked is None:
        return f"{name}: no date is left that is allowed by {rules}{ends}."
    left = spell_moments(*reason.asked)
    only = f"{left}: only if the principal investigator allows it."
    return f"{name}: no date is left that is clearly allowed by {rules}{ends}. {only}"


def _of_occurrences(reason: OfOccurrences) -> str:
    match reason:
        case InWindow():
            return _in_window(reason)
        case OffPlace():
            return (
                f"It stays on {spell_day_zero(reason.planned)}; its place in the schedule is now "
                f"{spell_day_zero(reason.place)}. The principal investigator must decide."
            )
        case BookedBefore():
            planned = f" Planned again: {spell_day_zero(reason.planned)}." if reason.planned else ""
            window = f", outside its window, {spell_moments(*reason.window)}" if reason.window else ""
            return f"It was booked for {spell_day_zero(reason.at)}{window}: book again.{planned}"
        case PlaceTakenAway():
            at = f" on {spell_day_zero(reason.at)}" if reason.at else ""
            lost = f"It was given{at}, and has no place in the schedule any more"
            return f"{lost}: {reason.given} given, {reason.asked} asked."
        case DroppedByText():
            at = f", {spell_day_zero(reason.at)}," if reason.at else ""
            return f"The text in force no longer has it{at} but its course had begun: it keeps its date."
        case AddedByText():
            at = f" on {spell_day_zero(reason.at)}" if reason.at else ""
            return f"The text in force has one more{at}; its course had begun, and it is not planned."
        case TooNear():
            return (
                f"{spell_day_zero(reason.at)} lies nearer to {full_title(reason.title)}, given "
                f"{spell_day_zero(reason.given)}, than half their distance in the schedule: is it still to be given?"
            )
        case _:
            assert_never(reason)


def _in_window(reason: InWindow) -> str:
    window, when = spell_moments(reason.first, reason.last), spell_day_zero(reason.when)
    was = f"Done {when}" if reason.done else f"Due {when}"
    if reason.inside is None:
        return f"Window: {window}. {was}; whether it lies inside depends on the hour, which is not entered."
    return f"Window: {window}. {was}: {'inside' if reason.inside else 'outside'}."


def _distance(reason: DistanceShown, zero: str) -> str:
    days = (reason.day_zero - reason.on).days
    rest = f", {plural(days - 1, 'rest days')} between" if days > 0 else ""
    return (
        f"{full_title(reason.title)} on {spell(reason.on)}, {zero} on {spell(reason.day_zero)}: "
        f"{plural(days, 'days')} apart{rest}. Shown, never judged: no number is stated."
    )


def _of_bounds(reason: OfBounds, zero: str) -> str:
    match reason:
        case BoundsAsked():
            return f"Asked: {', and '.join(_asked(one, zero) for one in reason.bounds)}."
        case WindowAsked():
            return f"Asked: within days {reason.text} (site file, {reason.parameter})."
        case BorderKept():
            return _border(reason)
        case HoursKept():
            return _hours(reason, zero)
        case HoursByDate():
            return _by_date(reason, zero)
        case LiteralReadingOnly():
            return "Kept in the literal reading only: the principal investigator must decide."
        case LimitByDate() | LimitWithoutHour() | LimitToTheHour():
            return _limit(reason, zero)
        case HangsOnHours():
            return "Whether it is kept depends on the hours, which are not entered."
        case SilentOnDelay():
            return (
                "The protocol speaks only of a critical illness on the planned day; of this delay it says nothing: "
                "the principal investigator must decide."
            )
        case BoundNote():
            return f"Note: {reason.text}"
        case StillPlanned():
            return f"{spell(reason.on)} is planned."
        case ServesUpTo():
            return f"It can serve {zero} up to {spell(reason.last)}."
        case RuledOn():
            ruling = reason.ruling
            word = "Allowed" if ruling.outcome == "allowed" else "Not allowed"
            return f"{word} by {ruling.by} on {spell(ruling.on)}: {ruling.reason}"
        case RuledOnOther():
            made = ", ".join(map(_ruled_on, dict.fromkeys(value for value in reason.values if value))) or "no date"
            by = f"{reason.ruling.by} on {spell(reason.ruling.on)}"
            return f"The ruling by {by} was made on {made}, and no longer holds: it must be made again."
        case _:
            assert_never(reason)


def _ruled_on(values: str) -> str:
    """The dates, or moments, of one end of a bound that a ruling was made on."""
    found = (datetime.fromisoformat(value) for value in values.split(", "))
    return ", ".join(f"{spell_moment(at)} {at:%z}".rstrip() if ":" in values else spell(at.date()) for at in found)


def _by_date(reason: HoursByDate, zero: str) -> str:
    ends = [f"{name_of(named, zero)} ({spell_day_zero(at)})" for named, at in
            ((reason.anchor, reason.start), (reason.point, reason.end))]  # fmt: skip
    said = "kept at some hours only" if reason.kept is None else "kept" if reason.kept else "not kept"
    return f"From {ends[0]} to {ends[1]}, not all with their hours: {said}."


def _hours(reason: HoursKept, zero: str) -> str:
    """`19 hours from last drug A (Sat 07-Mar-2026 14:00) to day 0 (Sun 08-Mar-2026 10:00); the clocks are put forward
    in between: kept.`"""
    ends, offsets = [], []
    for named, at in ((reason.anchor, reason.anchor_at), (reason.point, reason.point_at)):
        ends.append(name_of(named, zero) + (f" ({spell_moment(at)})" if at is not None else ""))
        offsets.append(at.utcoffset() if at is not None else None)
    clocks = ""
    if offsets[0] is not None and offsets[1] is not None and offsets[0] != offsets[1]:
        forward = (offsets[0] < offsets[1]) == (reason.hours >= 0)
        clocks = f"; the clocks are put {'forward' if forward else 'back'} in between"
    return f"{reason.hours:g} hours from {ends[0]} to {ends[1]}{clocks}: {_kept(reason.kept)}."


def _asked(one: AskedBound, zero: str) -> str:
    asked = f"{one.bound.relation} {one.bound.distance}"
    return f"{name_of(one.point, zero)} {asked} after {name_of(one.anchor, zero)}"


def _kept(kept: bool) -> str:
    return "kept" if kept else "not kept"


def _border(reason: BorderKept) -> str:
    """`Mon 04-May-2026 + 29 days = Tue 02-Jun-2026; Mon 15-Jun-2026 is on or after it: kept.`"""
    anchor, border, point = reason.anchor, reason.border, reason.point
    if point == border:
        where = "that very day"
    elif point < border:
        where = "before it"
    else:
        where = "on or after it" if reason.kept and not reason.strict else "after it"
    sum_text = (
        f"{spell(anchor)} + {plural(reason.count, reason.unit)} = {spell(border)}" if reason.count else spell(anchor)
    )
    return f"{sum_text}; {spell(point)} is {where}: {_kept(reason.kept)}."


def _limit(reason: LimitByDate | LimitWithoutHour | LimitToTheHour, zero: str) -> str:
    start, distance = f"{zero.capitalize()} is planned for", reason.bound.distance
    match reason:
        case LimitByDate():
            planned, last = spell(reason.planned), spell(reason.last)
            return f"{start} {planned}. It may lie no later than {last}: {distance}, by date."
        case LimitWithoutHour():
            return (
                f"{start} {spell(reason.planned)}, without an hour. The infusion starts no later than "
                f"{spell(reason.last)}; on a later day within {distance} only once both hours are entered."
            )
        case LimitToTheHour():
            return (
                f"{start} {spell_moment(reason.planned)}. The infusion starts no later than "
                f"{spell_moment(reason.until)}: {distance}, as elapsed time and by the clock, whichever ends first."
            )
        case _:
            assert_never(reason)
