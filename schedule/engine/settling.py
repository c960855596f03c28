"""What would settle a finding: one answer for the sentence under it and for the form that a page leads to."""

from schedule.model.plan import Finding, ListedFinding, Plan
from schedule.model.reasons.findings import (
    ChoicesOpen,
    DatedOnceDayZero,
    JudgedOnceDayZero,
    TimeNotShown,
    TitledEvent,
    ToBeAttested,
    ToBeChosen,
    WaitsForDates,
)
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
from schedule.model.timing import KnownDatePoint, OccurrencePoint


def settling_of(plan: Plan, finding: Finding) -> Settling | None:
    """What is to be done about a finding; None where nothing is."""
    if finding.status not in ("violated", "boundary", "due"):
        return None
    if isinstance(finding.title, TitledEvent):
        return _of_occurrence(finding, finding.title)
    if finding.status == "boundary":
        return RulingWanted(rule=finding.rule)
    if finding.status == "violated":
        known = plan.protocol.date_at(finding.point)
        if finding.repeat is not None:
            return RepeatWanted(repeat=finding.repeat, date=known.name if known else "")
        return AnotherDay()
    return _of_due(plan, finding)


def _of_occurrence(finding: Finding, title: TitledEvent) -> Settling | None:
    """What is to be done about one that is off its place, or outside its window, or too near to another."""
    if title.about == "window":
        return EventToRecord(event=str(finding.point)) if finding.status == "due" else None
    if title.about == "booking":
        return BookAgain(event=str(finding.point))
    return CourseWanted(anew=title.about in ("place", "amended"))


def _of_due(plan: Plan, finding: Finding) -> Settling:
    """What is still missing: a test, a date, a statement, a choice, or day 0 itself."""
    if isinstance(finding.title, TimeNotShown):
        point = finding.point
        zero = isinstance(point, OccurrencePoint) and point.activity == plan.protocol.day_zero
        return TimeToGive(event=str(point), zero=zero)
    for reason in finding.basis:
        match reason:
            case ToBeAttested(name=name):
                return StatementToRecord(statement=name)
            case ToBeChosen():
                return ChoiceToMake(choice=finding.ref.removeprefix("choice-"))
            case JudgedOnceDayZero() | DatedOnceDayZero():
                return DayZeroToPlan()
            case ChoicesOpen():
                return ChoiceToMake(choice="")
            case WaitsForDates(points=points):
                names = [one.point.name for one in points if isinstance(one.point, KnownDatePoint)]
                if names:
                    return of_date(plan, names[0])
    known = plan.protocol.date_at(finding.point)
    return of_date(plan, known.name) if known is not None else DayZeroToPlan()


def of_date(plan: Plan, name: str) -> TestToDo | DateToEnter:
    """What is to be done about a known date that is not there."""
    known = plan.protocol.dates[name]
    return TestToDo(date=name) if known.test else DateToEnter(date=name, required=known.required)


def is_missing(plan: Plan, finding: Finding) -> bool:
    """Whether nobody has entered the date of something that is no test: it is missing, and never overdue."""
    return isinstance(settling_of(plan, finding), DateToEnter)


def is_kept(finding: ListedFinding) -> bool:
    """Whether it says that an occurrence keeps its date, off its place: nothing that a ruling would settle."""
    return isinstance(finding.title, TitledEvent) and finding.title.about == "place"
