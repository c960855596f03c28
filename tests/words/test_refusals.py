"""Refusals in words: the command line names its commands and options, a page never does."""

from datetime import date, datetime
from typing import get_args
from zoneinfo import ZoneInfo

import pytest

from schedule.model.errors import Refused
from schedule.model.moment import Moment
from schedule.model.plan import Finding, SlipLimit
from schedule.model.reasons.findings import Chosen, Derived, Titled
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
)
from schedule.model.timing import DAY_ZERO, PLANNED_DAY_ZERO, Bound
from schedule.model.titles import Title
from schedule.words.refusals import move_refusal_in_words, refused_lines

ON, AT = date(2026, 6, 15), datetime(2026, 6, 15, 10, tzinfo=ZoneInfo("America/New_York"))
DAY, HOUR, DOSE = Moment(on=ON), Moment(on=ON, at=AT), Title(text="fludarabine")
LATER = Moment(on=date(2026, 6, 17))
BOUND = Bound(point=DAY_ZERO, relation="at most", count=48, unit="hours", anchor=PLANNED_DAY_ZERO)
FINDING = Finding(rule="T36", ref="T36", point="day-zero", status="violated", title=Titled(text="The limit"), basis=(Chosen(option="Why", title="so"),), source=Derived(text="Page 1."))

REFUSALS = [
    (StartHasBegun(name="cycle-2", course="Interleukin-2"), "CODE-1, cycle-2: Interleukin-2 has begun, so it cannot be never - first record its due doses as held"),
    (OptionLosesGiven(choice="part", event="lead-in-1", outcome="given"), "CODE-1, part: lead-in-1 is recorded given, and is not part of that option - correct the record first"),
    (OptionLosesBegun(choice="part", title=DOSE), "CODE-1, part: fludarabine belongs to a course that has begun, and is not part of that option - first record its due doses as held"),
    (OptionAddsToBegun(choice="part", course="Lymphodepletion", title=DOSE), "CODE-1, part: Lymphodepletion has begun, and fludarabine would be new in it - ask the principal investigator; what has begun keeps its doses"),
    (OptionIsPast(choice="part", title=DOSE, on=ON), "CODE-1, part: fludarabine would be dated Mon 15-Jun-2026, which has passed - if it was chosen earlier, say as of when: --as-of"),
    (NoSuchEvent(event="il2-9", known=("il2-1",)), 'CODE-1, event "il2-9": there is none with that name - did you mean "il2-1"?'),
    (EventIsCancelled(event="il2-1"), "CODE-1, il2-1: it is cancelled - look at the plan: dayzero show CODE-1"),
    (RecordedLater(event="il2-1", at=datetime(2026, 6, 15, 10)), "CODE-1, il2-1: Mon 15-Jun-2026 10:00 is later than as-of - record what has happened"),
    (FollowsCells(event="il2-1", infusion="nk-infusion-1"), "CODE-1, il2-1: it follows the cells, and the infusion is not recorded - record nk-infusion-1 first"),
    (BeforeCells(event="il2-1", day_zero=HOUR), "CODE-1, il2-1: it would lie before the cells (Mon 15-Jun-2026 10:00) - look at the date"),
    (BeforeLymphodepletion(event="nk-infusion-1", title=DOSE, last=ON), "CODE-1, nk-infusion-1: it would lie before lymphodepletion (fludarabine, Mon 15-Jun-2026) - look at the date"),
    (FollowerIsRecorded(event="nk-infusion-1", follower="il2-1", outcome="given", on=ON), "CODE-1, nk-infusion-1: il2-1 is recorded given on Mon 15-Jun-2026 - correct that first"),
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
    (OnlyNotesAndRecords(), "CODE-1: the plan is cancelled. Only notes and records can be added; nothing was saved."),
]  # fmt: skip

MOVES = [
    (PlanIsCancelled(), "The plan is cancelled."),
    (InfusionIsRecorded(day_zero=HOUR), "The infusion is recorded, Mon 15-Jun-2026 10:00: day 4 no longer moves."),
    (NoRepeatKnown(), "The protocol does not speak of giving lymphodepletion once more."),
    (NothingToRepeat(), "Lymphodepletion has not begun: there is nothing to repeat. A new day without --repeat is a re-plan."),
    (RepeatUnderWay(title=DOSE), "Lymphodepletion is under way: fludarabine is still to come. Record it given or held first."),
    (FirstDoseIsPast(due=DAY), "The first dose of lymphodepletion would be due on Mon 15-Jun-2026, which has passed."),
    (BeforePlanned(to=DAY, planned=LATER), "Mon 15-Jun-2026 is before planned day 4, Wed 17-Jun-2026: lymphodepletion has begun."),
    (NewDayIsPast(to=DAY, as_of=datetime(2026, 6, 16, 8)), "Mon 15-Jun-2026 is past: it is Tue 16-Jun-2026 08:00."),
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
        "T36: The limit. Chosen: Why, so. Page 1. The principal investigator may allow it for this day 4: dayzero rule. "
        "Or lymphodepletion is given once more: dayzero slip … --repeat.",
    ),
    (NewlyViolated(finding=FINDING, may_be_ruled=False, may_be_repeated=False), "T36: The limit. Chosen: Why, so. Page 1."),
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


def test_a_page_tells_whom_to_ask_where_an_option_is_past():
    (line,) = refused_lines(Refused(OptionIsPast(choice="chemotherapy", title=DOSE, on=ON), code="NK-410"), "page")
    assert line.message == "fludarabine would be dated Mon 15-Jun-2026, which has passed"
    assert line.remedy == "a choice that was made earlier can be entered by those who look after Dayzero"
