"""What is to be done about an open finding, in words that say what to do and never read as if it were done."""

from typing import assert_never

from schedule.engine.settling import settling_of
from schedule.model.notation import spell, spell_range
from schedule.model.plan import Finding, Plan
from schedule.model.reasons.settling import (
    AnotherDay,
    BookAgain,
    ChoiceToMake,
    CourseWanted,
    DateToEnter,
    DayZeroToPlan,
    EventToRecord,
    RepeatWanted,
    RulingWanted,
    Settling,
    StatementToRecord,
    TestToDo,
    TimeToGive,
)
from schedule.words.dates import spell_asked
from schedule.words.findings import feasible_days, point_title, repeat_days, repeat_in_words

NOBODY_ENTERED = "nobody has entered it"
NOBODY_STATED = "nobody has stated this yet"


def settled_by(plan: Plan, finding: Finding) -> str:
    """What would settle an open finding; empty where nothing is to be done."""
    found = settling_of(plan, finding)
    return settling_in_words(plan, finding, found) if found is not None else ""


def settled_on_paper(plan: Plan, finding: Finding) -> str:
    """The same on paper, on which no statement is recorded."""
    found = settling_of(plan, finding)
    return NOBODY_STATED if isinstance(found, StatementToRecord) else settled_by(plan, finding)


def settling_in_words(plan: Plan, finding: Finding, found: Settling, when: str = "") -> str:
    """The same; `when` are the days of a test that is to be done, where they are not told beside it."""
    zero = plan.protocol.zero
    match found:
        case TestToDo():
            return f"to be done{f' {when}' if when else ''}, then enter its date"
        case DateToEnter(required=required):
            return f"{NOBODY_ENTERED}: enter its date" + ("" if required else ", or “never”")
        case StatementToRecord():
            return f"{NOBODY_STATED}: record it, with date and role"
        case ChoiceToMake(choice=choice):
            return "not chosen yet: choose it for this patient" if choice else "depends on a choice: choose it first"
        case DayZeroToPlan():
            return f"judged once {zero} is planned"
        case EventToRecord():
            return "not recorded yet: record it"
        case BookAgain():
            return "book it again"
        case TimeToGive(zero=of_zero):
            return f"move {zero} to another hour" if of_zero else "book another hour"
        case RulingWanted():
            return f"a ruling by the principal investigator for this {zero}: allowed or not allowed"
        case CourseWanted(anew=anew):
            return "the principal investigator decides" + (" whether the course is dated anew" if anew else "")
        case RepeatWanted(repeat=repeat):
            return f"repeat {repeat_in_words(repeat)}: {repeat_days(repeat)}"
        case AnotherDay():
            return _another_day(plan, finding)
        case _:
            assert_never(found)


def _another_day(plan: Plan, finding: Finding) -> str:
    """With which date of its point, and with which days 0, a broken rule would be kept."""
    if asked := spell_asked(finding):
        kept = f"kept with {point_title(plan, finding)} {asked}"
        return f"{kept}; {feasible_days(plan)}"
    return feasible_days(plan)


def asked_and_settled(plan: Plan, finding: Finding) -> str:
    """When a finding wants its point, what date there is, and what is to be done: a sentence each."""
    found = settling_of(plan, finding)
    asked = spell_asked(finding)
    aim = f" (aim {spell_range(*finding.aim)})" if finding.aim and finding.status == "due" else ""
    there = f"As it stands: {spell(finding.actual)}" if finding.actual is not None and finding.point is not None else ""
    done_then = isinstance(found, TestToDo)
    settles = settling_in_words(plan, finding, found, asked + aim) if found is not None else ""
    return " ".join(filter(None, map(_sentence, ("" if done_then else asked + aim, there, settles))))


def _sentence(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}." if text else ""
