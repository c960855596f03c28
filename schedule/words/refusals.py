"""Why an act cannot be, and why day 0 may not move, in words; what to do about it is said by what the reader has at
hand."""

from typing import assert_never

from schedule.model.errors import Refused
from schedule.model.notation import nearest, spell, spell_clock, spell_moment
from schedule.model.reasons.records import BookingRefusal, RecordRefusal
from schedule.model.reasons.refusals import (
    AnotherTrial,
    AsOfBeforeMove,
    AsOfBeforeRecord,
    BeforePlanned,
    BeyondLimit,
    DayZeroIsBefore,
    DoneInBetween,
    FirstDoseIsPast,
    HourIsKnown,
    HourOfAnotherDay,
    HoursMissing,
    InfusionIsRecorded,
    MoveRefusal,
    NameIsLost,
    NeverIsNoAnswer,
    NewDayIsPast,
    NewlyViolated,
    NextIsPast,
    NoHour,
    NoRepeatKnown,
    NoSuchChoice,
    NoSuchCourse,
    NoSuchCycle,
    NoSuchDate,
    NoSuchOption,
    NoSuchRule,
    NoSuchStatement,
    NothingToRepeat,
    OnlyNotes,
    PlanIsCancelled,
    Refusal,
    RepeatUnderWay,
    StartHasBegun,
    StatedLater,
    StoredFromOtherFiles,
    WaitsForRuling,
)  # fmt: skip
from schedule.words.dates import spell_day_zero
from schedule.words.findings import finding_basis, finding_source, finding_told
from schedule.words.records import booking_in_words, record_in_words, recorded_in_words
from schedule.words.remedies import Edge, RefusedWords, by_as_of
from schedule.words.titles import full_title


def refused_lines(error: Refused, edge: Edge) -> tuple[RefusedWords, ...]:
    """Everything that an act is refused for, each with the patient's code before its place."""
    found = []
    for refusal in error.refusals:
        words = refusal_in_words(refusal, error.code, error.zero, edge)
        place = ", ".join(part for part in (error.code, words.place) if part)
        found.append(words._replace(place=place))
    return tuple(found)


def refusal_in_words(refusal: Refusal, code: str, zero: str, edge: Edge) -> RefusedWords:
    """A refusal in words; `code` is the patient's, `zero` the anchor's name."""
    if isinstance(refusal, RecordRefusal):
        return record_in_words(refusal, code, zero, edge)
    if isinstance(refusal, BookingRefusal):
        return booking_in_words(refusal, zero, edge)
    match refusal:
        case AsOfBeforeMove() | AsOfBeforeRecord():
            return _as_of(refusal, edge)
        case NextIsPast():
            said = f"{spell_day_zero(refusal.at)} is past: it is {spell_moment(refusal.as_of)}"
            return RefusedWords(refusal.course, said, "give a day that is still ahead")
        case StartHasBegun():
            said = f"{refusal.course} has begun, so it cannot be never"
            return RefusedWords(refusal.name, said, "first record its due doses as held")
        case NeverIsNoAnswer():
            said = '"never" would switch a required rule off'
            return RefusedWords(refusal.name, said, "leave it due until there is a date")
        case StatedLater():
            said = f"{spell(refusal.on)} is later than {by_as_of(edge)}"
            return RefusedWords(refusal.name, said, "record it on the day")
        case NoSuchDate() | NoSuchChoice() | NoSuchOption() | NoSuchStatement() | NoSuchRule() | NoSuchCourse():
            return _unknown(refusal)
        case NoHour() | HourOfAnotherDay() | HourIsKnown() | DayZeroIsBefore():
            return _hour(refusal, zero, edge)
        case StoredFromOtherFiles() | AnotherTrial() | NameIsLost() | OnlyNotes():
            return _stored(refusal, edge)
        case _:
            assert_never(refusal)


def _as_of(refusal: AsOfBeforeMove | AsOfBeforeRecord, edge: Edge) -> RefusedWords:
    """An act that would come before what has happened."""
    place, remedy = "as-of", "give a later --as-of"
    if edge == "page":
        place, remedy = "", "look at the clock, or at that entry"
    match refusal:
        case AsOfBeforeMove():
            made = f"a change was made as of {spell_moment(refusal.made)}"
            return RefusedWords(place, f"{spell_moment(refusal.as_of)} is too early: {made}", remedy)
        case AsOfBeforeRecord():
            return RefusedWords(place, recorded_in_words(refusal.record), remedy)
        case _:
            assert_never(refusal)


def _unknown(
    refusal: NoSuchDate | NoSuchChoice | NoSuchOption | NoSuchStatement | NoSuchRule | NoSuchCourse,
) -> RefusedWords:
    """Something that there is not, and the nearest that there is."""
    match refusal:
        case NoSuchOption():
            said = f'"{refusal.option[:60]}" is not one of its options'
            return RefusedWords(refusal.choice, said, nearest(refusal.option, refusal.known))
        case NoSuchDate():
            what = "date"
        case NoSuchChoice():
            what = "choice"
        case NoSuchStatement():
            what = "statement"
        case NoSuchRule():
            what = "rule"
        case NoSuchCourse():
            what = "course"
        case _:
            assert_never(refusal)
    said = f"the protocol has no such {what}"
    return RefusedWords(f'{what} "{refusal.name[:60]}"', said, nearest(refusal.name, refusal.known))


def _hour(refusal: NoHour | HourOfAnotherDay | HourIsKnown | DayZeroIsBefore, zero: str, edge: Edge) -> RefusedWords:
    """An hour of planned day 0 that cannot be."""
    slip = "a slip: dayzero slip" if edge == "terminal" else "a slip"
    match refusal:
        case NoHour():
            said, remedy = f"{refusal.typed!r} has no hour", f"a new date is {slip}"
        case HourOfAnotherDay():
            said, remedy = f"it is {spell(refusal.planned)}", f"give its hour; a new date is {slip}"
        case HourIsKnown():
            said, remedy = f"its hour is {spell_clock(refusal.planned)} already", f"a new time is {slip}"
        case DayZeroIsBefore():
            said, remedy = (
                f"{zero} stands at {spell_day_zero(refusal.day_zero)}, which is before it",
                "look at the hour",
            )
        case _:
            assert_never(refusal)
    return RefusedWords("planned-day-zero", said, remedy)


def _stored(refusal: StoredFromOtherFiles | AnotherTrial | NameIsLost | OnlyNotes, edge: Edge) -> RefusedWords:
    """What does not go together with the stored plan."""
    match refusal:
        case StoredFromOtherFiles():
            remedy = "change it by an act: fact, attest, rule, record, slip, or amend for another protocol or site file"
            if edge == "page":
                remedy = "open it, and change it there by an act"
            return RefusedWords("", "a plan is stored under this code, made from other files", remedy)
        case AnotherTrial():
            return RefusedWords(
                "protocol",
                f"{refusal.amended} is a different trial from {refusal.stored}",
                "an amendment is another version of the same one; a new trial is a new plan under a new code",
            )
        case NameIsLost():
            return RefusedWords(refusal.name, "the amended protocol does not know it", "keep it in the protocol")
        case OnlyNotes():
            return RefusedWords("", "the plan is cancelled. Only notes can be added; nothing was saved.", "")
        case _:
            assert_never(refusal)


def move_refusal_in_words(refusal: MoveRefusal, zero: str, edge: Edge) -> str:
    """Why day 0 may not move so, in sentences; `zero` is the anchor's name."""
    match refusal:
        case PlanIsCancelled():
            return "The plan is cancelled."
        case InfusionIsRecorded():
            return (
                f"The infusion is recorded, {spell_day_zero(refusal.day_zero)}: {zero} no longer moves. "
                "Correct the record if it is wrong."
            )
        case NoSuchCycle():
            return _no_such_cycle(refusal)
        case NoRepeatKnown():
            return "The protocol does not speak of giving lymphodepletion once more."
        case NothingToRepeat():
            without = "without --repeat" if edge == "terminal" else "without repeating it"
            return f"Lymphodepletion has not begun: there is nothing to repeat. A new day {without} is a re-plan."
        case RepeatUnderWay():
            title = full_title(refusal.title)
            return f"Lymphodepletion is under way: {title} is still to come. Record it given or held first."
        case FirstDoseIsPast():
            return f"The first dose of lymphodepletion would be due on {spell_day_zero(refusal.due)}, which has passed."
        case BeforePlanned():
            planned = f"planned {zero}, {spell_day_zero(refusal.planned)}"
            return f"{spell_day_zero(refusal.to)} is before {planned}: lymphodepletion has begun."
        case NewDayIsPast():
            return f"{spell_day_zero(refusal.to)} is past: it is {spell_moment(refusal.as_of)}."
        case DoneInBetween(done=done):
            said = f"{recorded_in_words(done)}: it follows the infusion, and would lie before it."
            return f"{said[0].upper()}{said[1:]} Correct that record first."
        case BeyondLimit(finding=finding):
            return f"{finding.ref}: {finding_basis(finding, zero)} {finding_source(finding)}"
        case HoursMissing(finding=finding):
            return f"{finding.ref}: {_hours_missing(refusal, zero, edge)} {finding_source(finding)}"
        case NewlyViolated(finding=finding):
            return f"{finding_told(finding, zero)}{_ways_out(refusal, zero, edge)}"
        case WaitsForRuling(finding=finding):
            how = ": dayzero rule, or --allowed-by" if edge == "terminal" else ""
            return (
                f"{finding_told(finding, zero)} The principal investigator must decide it for this {zero} first{how}."
            )
        case _:
            assert_never(refusal)


def _no_such_cycle(refusal: NoSuchCycle) -> str:
    if len(refusal.cycles) < 2:
        return f"There is no cycle {refusal.cycle}: this patient has one."
    return f"There is no cycle {refusal.cycle}: this patient has cycles {', '.join(map(str, refusal.cycles))}."


def _hours_missing(refusal: HoursMissing, zero: str, edge: Edge) -> str:
    """By when the infusion would have to start, and which hour is to be entered."""
    limit = refusal.limit
    if limit.until is not None:
        by = f"it would have to start by {spell_moment(limit.until)}; give the new hour"
    else:
        how = " (dayzero fact … planned-day-zero)" if edge == "terminal" else ""
        planned = f"by the hour planned for {spell(limit.planned.on)}; enter that hour first{how}"
        by = f"on {spell(refusal.to.on)} it would have to start {planned}"
    return f"Within {limit.bound.count} hours of planned {zero} or not depends on both hours: {by}."


def _ways_out(refusal: NewlyViolated, zero: str, edge: Edge) -> str:
    """Who may allow it, and what may be done instead."""
    ask = again = ""
    if refusal.may_be_ruled:
        how = ": dayzero rule, or --allowed-by" if edge == "terminal" else ""
        ask = f" The principal investigator may allow it for this {zero}{how}."
    if refusal.may_be_repeated:
        how = ": dayzero slip … --repeat" if edge == "terminal" else ""
        again = f" Or lymphodepletion is given once more{how}."
    return ask + again
