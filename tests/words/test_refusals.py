"""Refusals in words: the command line names its commands and options, a page never does."""

from datetime import date, datetime
from typing import get_args
from zoneinfo import ZoneInfo

import pytest

from schedule.model.days_zero import SlipLimit
from schedule.model.errors import Refused
from schedule.model.moment import Moment
from schedule.model.plan import Finding
from schedule.model.reasons.findings import Chosen, Derived, Titled
from schedule.model.reasons.records import (
    AfterCells,
    BeforeCells,
    BeforeEarlierOne,
    BeforeWhatItFollows,
    BookedInPast,
    BookedIsDayZero,
    BookedIsRecorded,
    BookedLeadsGiven,
    BookedTooEarly,
    Doubt,
    EndsBeforeStart,
    FarFromDue,
    FarOutsideWindow,
    FollowerIsRecorded,
    FollowsCells,
    HourIsNeeded,
    LooksWrong,
    NoSuchEvent,
    NothingRecorded,
    NotOnDayZero,
    NotPlanned,
    OnAnotherDate,
    OutsideWindow,
    Recorded,
    RecordedLater,
)
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
)
from schedule.model.timing import DAY_ZERO, PLANNED_DAY_ZERO, Bound
from schedule.model.titles import Title
from schedule.words.refusals import move_refusal_in_words, refused_lines

ON, AT = date(2026, 6, 15), datetime(2026, 6, 15, 10, tzinfo=ZoneInfo("America/New_York"))
DAY, HOUR, DOSE = Moment(on=ON), Moment(on=ON, at=AT), Title(text="fludarabine")
LATER = Moment(on=date(2026, 6, 17))
BOUND = Bound(point=DAY_ZERO, relation="at most", count=48, unit="hours", anchor=PLANNED_DAY_ZERO)
FINDING = Finding(rule="T36", ref="T36", point="day-zero", status="violated", title=Titled(text="The limit"), basis=(Chosen(option="Why", title="so"),), source=Derived(text="Page 1."))

GIVEN = Recorded(title=DOSE, outcome="given", at=DAY)
NINE = datetime(2026, 6, 15, 9, tzinfo=ZoneInfo("America/New_York"))

REFUSALS = [
    (NoSuchEvent(event="il2-9", known=("il2-1",)), 'CODE-1, event "il2-9": there is none with that name - did you mean "il2-1"?'),
    (NothingRecorded(event="il2-1"), "CODE-1, il2-1: nothing is recorded of it - there is nothing to take back"),
    (RecordedLater(event="il2-1", at=HOUR), "CODE-1, il2-1: Mon 15-Jun-2026 10:00 is later than as-of - record what has happened"),
    (EndsBeforeStart(event="il2-1", start=HOUR, end=Moment(on=ON, at=NINE)), "CODE-1, il2-1: it would end on Mon 15-Jun-2026 09:00, before it begins on Mon 15-Jun-2026 10:00 - look at both times"),
    (HourIsNeeded(event="nk-infusion-1", follower=DOSE), "CODE-1, nk-infusion-1: hours are counted from it or to it (fludarabine) - write the hour"),
    (HourIsNeeded(event="nk-infusion-1", follower=None), "CODE-1, nk-infusion-1: it is planned with an hour, and a date alone would lose it - write the hour"),
    (FollowsCells(event="il2-1", follower=None), "CODE-1, il2-1: it follows the cells, and the infusion is not recorded - record the infusion first"),
    (FollowsCells(event="il2-1", follower=GIVEN), "CODE-1, il2-1: fludarabine is recorded given on Mon 15-Jun-2026; the infusion would not be - record the infusion first"),
    (BeforeCells(event="il2-1", follower=None, cells=HOUR), "CODE-1, il2-1: it would lie before the cells (Mon 15-Jun-2026 10:00) - look at the date"),
    (BeforeCells(event="nk-infusion-1", follower=GIVEN, cells=LATER), "CODE-1, nk-infusion-1: fludarabine is recorded given on Mon 15-Jun-2026, and would lie before the cells (Wed 17-Jun-2026) - look at both dates"),
    (AfterCells(event="fludarabine-1", dose=None, cells=HOUR), "CODE-1, fludarabine-1: it would lie after the cells (Mon 15-Jun-2026 10:00) - look at the date"),
    (AfterCells(event="nk-infusion-1", dose=GIVEN, cells=HOUR), "CODE-1, nk-infusion-1: fludarabine is recorded given on Mon 15-Jun-2026, and would lie after the cells (Mon 15-Jun-2026 10:00) - look at both dates"),
    (FollowerIsRecorded(event="nk-infusion-1", follower=GIVEN), "CODE-1, nk-infusion-1: fludarabine is recorded given on Mon 15-Jun-2026 - correct that first"),
    (LooksWrong(event="il2-1", at=LATER, doubt=FarFromDue(due=DAY)), "CODE-1, il2-1: Wed 17-Jun-2026 looks wrong: it is 2 days after Mon 15-Jun-2026, when it was due - look again; if it is right, confirm it: --confirm CODE-1"),
    (NotPlanned(event="il2-1"), "CODE-1, il2-1: it is not planned: it is cancelled, or has another number now - look at the plan: dayzero show"),
    (BookedIsRecorded(event="il2-1", booked=GIVEN), "CODE-1, il2-1: it is recorded given on Mon 15-Jun-2026 - what has happened is not booked"),
    (BookedIsDayZero(event="nk-infusion-1"), "CODE-1, nk-infusion-1: it is day 4 - another day or hour of it is a move of day 4: dayzero slip"),
    (BookedLeadsGiven(event="il2-1", follower=GIVEN), "CODE-1, il2-1: fludarabine is recorded given on Mon 15-Jun-2026, and is counted from it - record it as it was given"),
    (OutsideWindow(event="visit-1", at=DAY, first=LATER, last=LATER), "CODE-1, visit-1: Mon 15-Jun-2026 lies outside its window, Wed 17-Jun-2026 to Wed 17-Jun-2026 - choose a time inside it"),
    (OnAnotherDate(event="scan-1", at=DAY, planned=LATER), "CODE-1, scan-1: Mon 15-Jun-2026 is another date than planned, and no window is stated - only an hour of Wed 17-Jun-2026 can be booked"),
    (BookedInPast(event="scan-1", at=DAY, as_of=datetime(2026, 6, 16, 8)), "CODE-1, scan-1: Mon 15-Jun-2026 is past: it is Tue 16-Jun-2026 08:00 - record what has happened; book what is ahead"),
    (BookedTooEarly(event="scan-1", at=DAY, base=HOUR), "CODE-1, scan-1: Mon 15-Jun-2026 is not after what it is counted from, Mon 15-Jun-2026 10:00 - choose a later time"),
    (AsOfBeforeMove(as_of=datetime(2026, 6, 5, 9), made=datetime(2026, 6, 8, 9)), "CODE-1, as-of: Fri 05-Jun-2026 09:00 is too early: a change was made as of Mon 08-Jun-2026 09:00 - give a later --as-of"),
    (AsOfBeforeRecord(record=GIVEN), "CODE-1, as-of: fludarabine is recorded given on Mon 15-Jun-2026 - give a later --as-of"),
    (StartHasBegun(name="cycle-2", course="Interleukin-2"), "CODE-1, cycle-2: Interleukin-2 has begun, so it cannot be never - first record its due doses as held"),
    (NoSuchCourse(name="il3", known=("il2",)), 'CODE-1, course "il3": the protocol has no such course - did you mean "il2"?'),
    (NextIsPast(course="il2", at=DAY, as_of=datetime(2026, 6, 16, 8)), "CODE-1, il2: Mon 15-Jun-2026 is past: it is Tue 16-Jun-2026 08:00 - give a day that is still ahead"),
    (NoSuchDate(name="marow", known=("marrow",)), 'CODE-1, date "marow": the protocol has no such date - did you mean "marrow"?'),
    (NeverIsNoAnswer(name="marrow"), 'CODE-1, marrow: "never" would switch a required rule off - leave it due until there is a date'),
    (NoSuchChoice(name="cy-days", known=("cy-day",)), 'CODE-1, choice "cy-days": the protocol has no such choice - did you mean "cy-day"?'),
    (NoSuchOption(choice="cy-day", option="later", known=("late",)), 'CODE-1, cy-day: "later" is not one of its options - did you mean "late"?'),
    (NoHour(typed="2026-06-15"), "CODE-1, planned-day-zero: '2026-06-15' has no hour - a new date is a slip: dayzero slip"),
    (HourOfAnotherDay(planned=ON), "CODE-1, planned-day-zero: it is Mon 15-Jun-2026 - give its hour; a new date is a slip: dayzero slip"),
    (HourIsKnown(planned=AT), "CODE-1, planned-day-zero: its hour is 10:00 already - a new time is a slip: dayzero slip"),
    (DayZeroIsBefore(day_zero=HOUR), "CODE-1, planned-day-zero: day 4 stands at Mon 15-Jun-2026 10:00, which is before it - look at the hour"),
    (NoSuchStatement(name="well", known=("swell",)), 'CODE-1, statement "well": the protocol has no such statement - did you mean "swell"?'),
    (StatedLater(name="well", on=ON), "CODE-1, well: Mon 15-Jun-2026 is later than as-of - record it on the day"),
    (NoSuchRule(name="T41", known=("T4",)), 'CODE-1, rule "T41": the protocol has no such rule - did you mean "T4"?'),
    (StoredFromOtherFiles(), "CODE-1: a plan is stored under this code, made from other files - change it by an act: fact, attest, rule, record, slip, or amend for another protocol or site file"),
    (AnotherTrial(amended="A", stored="B"), "CODE-1, protocol: A is a different trial from B - an amendment is another version of the same one; a new trial is a new plan under a new code"),
    (NameIsLost(name="marrow"), "CODE-1, marrow: the amended protocol does not know it - keep it in the protocol"),
    (OnlyNotes(), "CODE-1: the plan is cancelled. Only notes can be added; nothing was saved."),
]  # fmt: skip

DOUBTS = [
    (FarOutsideWindow(first=DAY, last=DAY), "Wed 17-Jun-2026 looks wrong: it lies far outside its window, Mon 15-Jun-2026 to Mon 15-Jun-2026"),
    (FarFromDue(due=Moment(on=date(2026, 6, 18))), "Wed 17-Jun-2026 looks wrong: it is 1 day before Thu 18-Jun-2026, when it was due"),
    (NotOnDayZero(day_zero=HOUR), "Wed 17-Jun-2026 looks wrong: day 4 is Mon 15-Jun-2026 10:00"),
    (BeforeEarlierOne(earlier=DOSE, when=Moment(on=date(2026, 6, 18))), "Wed 17-Jun-2026 looks wrong: it is before fludarabine, Thu 18-Jun-2026, which comes first"),
    (BeforeWhatItFollows(leader=DOSE, recorded=True, when=Moment(on=date(2026, 6, 18))), "Wed 17-Jun-2026 looks wrong: it is before fludarabine, Thu 18-Jun-2026, which it follows"),
    (BeforeWhatItFollows(leader=DOSE, recorded=False, when=DAY), "Wed 17-Jun-2026 looks wrong: it follows fludarabine (due Mon 15-Jun-2026), which is not recorded"),
    (BeforeWhatItFollows(leader=DOSE, recorded=False, when=None), "Wed 17-Jun-2026 looks wrong: it follows fludarabine, which is not recorded"),
]  # fmt: skip

MOVES = [
    (PlanIsCancelled(), "The plan is cancelled."),
    (InfusionIsRecorded(day_zero=HOUR), "The infusion is recorded, Mon 15-Jun-2026 10:00: day 4 no longer moves. Correct the record if it is wrong."),
    (NoSuchCycle(cycle=3, cycles=(1, 2)), "There is no cycle 3: this patient has cycles 1, 2."),
    (NoSuchCycle(cycle=2, cycles=(1,)), "There is no cycle 2: this patient has one."),
    (NoRepeatKnown(), "The protocol does not speak of giving lymphodepletion once more."),
    (NothingToRepeat(), "Lymphodepletion has not begun: there is nothing to repeat. A new day without --repeat is a re-plan."),
    (RepeatUnderWay(title=DOSE), "Lymphodepletion is under way: fludarabine is still to come. Record it given or held first."),
    (FirstDoseIsPast(due=DAY), "The first dose of lymphodepletion would be due on Mon 15-Jun-2026, which has passed."),
    (BeforePlanned(to=DAY, planned=LATER), "Mon 15-Jun-2026 is before planned day 4, Wed 17-Jun-2026: lymphodepletion has begun."),
    (NewDayIsPast(to=DAY, as_of=datetime(2026, 6, 16, 8)), "Mon 15-Jun-2026 is past: it is Tue 16-Jun-2026 08:00."),
    (DoneInBetween(done=GIVEN), "Fludarabine is recorded given on Mon 15-Jun-2026: it follows the infusion, and would lie before it. Correct that record first."),
    (BeyondLimit(finding=FINDING), "T36: Chosen: Why, so. Page 1."),
    (
        HoursMissing(finding=FINDING, limit=SlipLimit(bound=BOUND, planned=DAY, last=ON, until=None), to=LATER),
        "T36: Within 48 hours of planned day 4 or not depends on both hours: on Wed 17-Jun-2026 it would have to start by the hour "
        "planned for Mon 15-Jun-2026; enter that hour first (dayzero fact … planned-day-zero). Page 1.",
    ),
    (
        HoursMissing(finding=FINDING, limit=SlipLimit(bound=BOUND, planned=HOUR, last=ON, until=AT), to=LATER),
        "T36: Within 48 hours of planned day 4 or not depends on both hours: it would have to start by Mon 15-Jun-2026 10:00; "
        "give the new hour. Page 1.",
    ),
    (
        NewlyViolated(finding=FINDING, may_be_ruled=True, may_be_repeated=True),
        "T36: The limit. Chosen: Why, so. Page 1. The principal investigator may allow it for this day 4: dayzero rule, or --allowed-by. "
        "Or lymphodepletion is given once more: dayzero slip … --repeat.",
    ),
    (NewlyViolated(finding=FINDING, may_be_ruled=False, may_be_repeated=False), "T36: The limit. Chosen: Why, so. Page 1."),
    (WaitsForRuling(finding=FINDING), "T36: The limit. Chosen: Why, so. Page 1. The principal investigator must decide it for this day 4 first: dayzero rule, or --allowed-by."),
]


def name_of(case):
    return type(case).__name__ if isinstance(case, Refusal | MoveRefusal) else ""


@pytest.mark.parametrize(("refusal", "said"), REFUSALS, ids=name_of)
def test_on_the_command_line_a_refusal_names_place_and_remedy(refusal, said):
    assert [str(line) for line in refused_lines(Refused(refusal, code="CODE-1", zero="day 4"), "terminal")] == [said]


@pytest.mark.parametrize(("refusal", "said"), MOVES)
def test_on_the_command_line_a_move_is_not_allowed_for_a_reason(refusal, said):
    assert move_refusal_in_words(refusal, "day 4", "terminal") == said


def test_no_refusal_goes_untested():
    assert {type(one) for one, _ in REFUSALS} == set(get_args(Refusal))
    assert {type(one) for one, _ in MOVES} == set(get_args(MoveRefusal))


@pytest.mark.parametrize("refusal", [one for one, _ in (*REFUSALS, *MOVES)], ids=name_of)
def test_a_page_names_no_command_and_no_option(refusal):
    if isinstance(refusal, MoveRefusal):
        shown = move_refusal_in_words(refusal, "day 4", "page")
    else:
        (line,) = refused_lines(Refused(refusal, code="CODE-1", zero="day 4"), "page")
        shown = str(line)
    assert not [word for word in ("dayzero ", "--", "as-of") if word in shown], shown


@pytest.mark.parametrize(("doubt", "said"), DOUBTS)
def test_what_looks_wrong_is_said_with_both_dates_and_how_it_is_confirmed(doubt, said):
    refusal = LooksWrong(event="il2-1", at=LATER, doubt=doubt)
    (line,) = refused_lines(Refused(refusal, code="CODE-1", zero="day 4"), "page")
    assert (line.place, line.message) == ("CODE-1, il2-1", said)
    assert line.remedy == "look again; if it is right, confirm it"


def test_no_doubt_goes_untested():
    assert {type(one) for one, _ in DOUBTS} == set(get_args(Doubt))


def test_hours_apart_on_one_date_are_told_as_hours():
    at, due = (Moment(on=ON, at=AT.replace(hour=hour, minute=minute)) for hour, minute in ((18, 1), (14, 0)))
    (line,) = refused_lines(Refused(LooksWrong(event="signs-1", at=at, doubt=FarFromDue(due=due))), "page")
    assert "it is 4 hours 1 minute after Mon 15-Jun-2026 14:00" in line.message


def test_a_page_names_no_as_of():
    (line,) = refused_lines(Refused(AsOfBeforeRecord(record=GIVEN), code="CODE-1"), "page")
    assert str(line) == "CODE-1: fludarabine is recorded given on Mon 15-Jun-2026 - look at the clock, or at that entry"
