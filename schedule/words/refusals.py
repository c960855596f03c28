"""Why an act cannot be, and why day 0 may not move, in words; what to do about it is said by what the reader has at
hand."""

from typing import NamedTuple, assert_never

from schedule.model.errors import Refused
from schedule.model.notation import nearest, spell, spell_moment
from schedule.model.reasons.refusals import (
    AnotherTrial,
    BeforeCells,
    BeforeLymphodepletion,
    BeforePlanned,
    BeyondLimit,
    DayZeroIsBefore,
    EventIsCancelled,
    FirstDoseIsPast,
    FollowerIsRecorded,
    FollowsCells,
    HourIsKnown,
    HourOfAnotherDay,
    HoursMissing,
    InfusionIsRecorded,
    MoveRefusal,
    NameIsLost,
    NeverIsNoAnswer,
    NewDayIsPast,
    NewlyViolated,
    NoHour,
    NoRepeatKnown,
    NoSuchChoice,
    NoSuchDate,
    NoSuchEvent,
    NoSuchOption,
    NoSuchRule,
    NoSuchStatement,
    NothingToRepeat,
    OnlyNotesAndRecords,
    OptionAddsToBegun,
    OptionIsPast,
    OptionLosesBegun,
    OptionLosesGiven,
    PlanIsCancelled,
    RecordedLater,
    Refusal,
    RepeatUnderWay,
    StartHasBegun,
    StatedLater,
    StoredFromOtherFiles,
)  # fmt: skip
from schedule.words.dates import spell_day_zero
from schedule.words.findings import finding_basis, finding_source, finding_title
from schedule.words.remedies import Edge
from schedule.words.titles import full_title


class RefusedWords(NamedTuple):
    """What an act is refused with: what it is about, what is wrong, what to do; the last is empty where nothing can
    be done."""

    place: str
    message: str
    remedy: str

    def __str__(self) -> str:
        """`place: message - remedy`, as a terminal shows it."""
        said = f"{self.message} - {self.remedy}" if self.remedy else self.message
        return f"{self.place}: {said}" if self.place else said


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
    now = "as-of" if edge == "terminal" else "now"
    match refusal:
        case RecordedLater():
            return RefusedWords(
                refusal.event, f"{spell_moment(refusal.at)} is later than {now}", "record what has happened"
            )
        case FollowsCells():
            said = "it follows the cells, and the infusion is not recorded"
            return RefusedWords(refusal.event, said, f"record {refusal.infusion} first")
        case BeforeCells():
            return RefusedWords(
                refusal.event, f"it would lie before the cells ({spell_day_zero(refusal.day_zero)})", "look at the date"
            )
        case BeforeLymphodepletion():
            said = f"it would lie before lymphodepletion ({full_title(refusal.title)}, {spell(refusal.last)})"
            return RefusedWords(refusal.event, said, "look at the date")
        case FollowerIsRecorded():
            said = f"{refusal.follower} is recorded {refusal.outcome} on {spell(refusal.on)}"
            return RefusedWords(refusal.event, said, "correct that first")
        case EventIsCancelled():
            remedy = f"look at the plan: dayzero show {code}" if edge == "terminal" else "look at the patient's page"
            return RefusedWords(refusal.event, "it is cancelled", remedy)
        case StartHasBegun():
            said = f"{refusal.course} has begun, so it cannot be never"
            return RefusedWords(refusal.name, said, "first record its due doses as held")
        case NeverIsNoAnswer():
            said = '"never" would switch a required rule off'
            return RefusedWords(refusal.name, said, "leave it due until there is a date")
        case StatedLater():
            return RefusedWords(refusal.name, f"{spell(refusal.on)} is later than {now}", "record it on the day")
        case NoSuchEvent() | NoSuchDate() | NoSuchChoice() | NoSuchOption() | NoSuchStatement() | NoSuchRule():
            return _unknown(refusal)
        case OptionLosesGiven() | OptionLosesBegun() | OptionAddsToBegun() | OptionIsPast():
            return _option(refusal, edge)
        case NoHour() | HourOfAnotherDay() | HourIsKnown() | DayZeroIsBefore():
            return _hour(refusal, zero, edge)
        case StoredFromOtherFiles() | AnotherTrial() | NameIsLost() | OnlyNotesAndRecords():
            return _stored(refusal, edge)
        case _:
            assert_never(refusal)


def _unknown(
    refusal: NoSuchEvent | NoSuchDate | NoSuchChoice | NoSuchOption | NoSuchStatement | NoSuchRule,
) -> RefusedWords:
    """Something that there is not, and the nearest that there is."""
    match refusal:
        case NoSuchEvent():
            return RefusedWords(
                f'event "{refusal.event[:60]}"', "there is none with that name", nearest(refusal.event, refusal.known)
            )
        case NoSuchOption():
            said = f'"{refusal.option[:60]}" is not one of its options'
            return RefusedWords(refusal.choice, said, nearest(refusal.option, refusal.known))
        case NoSuchDate():
            what, shown = "date", "date"
        case NoSuchChoice():
            what, shown = "choice", "choice"
        case NoSuchStatement():
            what, shown = "statement", "statement"
        case NoSuchRule():
            what, shown = "rule", "rule"
        case _:
            assert_never(refusal)
    said = f"the protocol has no such {what}"
    return RefusedWords(f'{shown} "{refusal.name[:60]}"', said, nearest(refusal.name, refusal.known))


def _option(
    refusal: OptionLosesGiven | OptionLosesBegun | OptionAddsToBegun | OptionIsPast, edge: Edge
) -> RefusedWords:
    """An option that comes too late."""
    match refusal:
        case OptionLosesGiven():
            said = f"{refusal.event} is recorded {refusal.outcome}, and is not part of that option"
            remedy = "correct the record first"
        case OptionLosesBegun():
            said = f"{full_title(refusal.title)} belongs to a course that has begun, and is not part of that option"
            remedy = "first record its due doses as held"
        case OptionAddsToBegun():
            said = f"{refusal.course} has begun, and {full_title(refusal.title)} would be new in it"
            remedy = "ask the principal investigator; what has begun keeps its doses"
        case OptionIsPast():
            said = f"{full_title(refusal.title)} would be dated {spell(refusal.on)}, which has passed"
            remedy = "if it was chosen earlier, say as of when: --as-of"
            if edge == "page":
                remedy = "a choice that was made earlier can be entered by those who look after Dayzero"
        case _:
            assert_never(refusal)
    return RefusedWords(refusal.choice, said, remedy)


def _hour(refusal: NoHour | HourOfAnotherDay | HourIsKnown | DayZeroIsBefore, zero: str, edge: Edge) -> RefusedWords:
    """An hour of planned day 0 that cannot be."""
    slip = "a slip: dayzero slip" if edge == "terminal" else "a slip"
    match refusal:
        case NoHour():
            said, remedy = f"{refusal.typed!r} has no hour", f"a new date is {slip}"
        case HourOfAnotherDay():
            said, remedy = f"it is {spell(refusal.planned)}", f"give its hour; a new date is {slip}"
        case HourIsKnown():
            said, remedy = f"its hour is {refusal.planned:%H:%M} already", f"a new time is {slip}"
        case DayZeroIsBefore():
            said, remedy = (
                f"{zero} stands at {spell_day_zero(refusal.day_zero)}, which is before it",
                "look at the hour",
            )
        case _:
            assert_never(refusal)
    return RefusedWords("planned-day-zero", said, remedy)


def _stored(
    refusal: StoredFromOtherFiles | AnotherTrial | NameIsLost | OnlyNotesAndRecords, edge: Edge
) -> RefusedWords:
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
        case OnlyNotesAndRecords():
            return RefusedWords(
                "", "the plan is cancelled. Only notes and records can be added; nothing was saved.", ""
            )
        case _:
            assert_never(refusal)


def move_refusal_in_words(refusal: MoveRefusal, zero: str, edge: Edge) -> str:
    """Why day 0 may not move so, in sentences; `zero` is the anchor's name."""
    match refusal:
        case PlanIsCancelled():
            return "The plan is cancelled."
        case InfusionIsRecorded():
            return f"The infusion is recorded, {spell_day_zero(refusal.day_zero)}: {zero} no longer moves."
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
        case BeyondLimit(finding=finding):
            return f"{finding.ref}: {finding_basis(finding, zero)} {finding_source(finding)}"
        case HoursMissing(finding=finding):
            return f"{finding.ref}: {_hours_missing(refusal, zero, edge)} {finding_source(finding)}"
        case NewlyViolated(finding=finding):
            why = f"{finding_title(finding.title, zero)}. {finding_basis(finding, zero)} {finding_source(finding)}"
            return f"{finding.ref}: {why}{_ways_out(refusal, zero, edge)}"
        case _:
            assert_never(refusal)


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
        how = ": dayzero rule" if edge == "terminal" else ""
        ask = f" The principal investigator may allow it for this {zero}{how}."
    if refusal.may_be_repeated:
        how = ": dayzero slip … --repeat" if edge == "terminal" else ""
        again = f" Or lymphodepletion is given once more{how}."
    return ask + again
