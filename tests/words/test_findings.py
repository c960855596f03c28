"""Every reason that a finding can rest on has its sentence, every title its words."""

from datetime import UTC, date, datetime, time
from types import UnionType
from typing import get_args

import pytest
from msgspec.structs import replace

from schedule.model.case import Ruling
from schedule.model.moment import Moment, moment_at
from schedule.model.notation import DayLabel
from schedule.model.reasons import bounds, findings, gaps, occurrences
from schedule.model.reasons.bounds import AskedBound, BorderKept, NamedPoint
from schedule.model.reasons.wall_times import Skipped
from schedule.model.timing import (
    DAY_ZERO,
    PLANNED_DAY_ZERO,
    Apart,
    Bound,
    CompletionOf,
    EachOf,
    EndOf,
    FirstOf,
    KnownDatePoint,
    LastOf,
    OccurrencePoint,
    Only,
)
from schedule.model.titles import Title
from schedule.words.findings import title_in_words
from schedule.words.points import name_of
from schedule.words.reasons import reason_in_words

MON, TUE, WED = date(2026, 6, 15), date(2026, 6, 16), date(2026, 6, 17)
MON_10, TUE_10 = (moment_at(datetime(2026, 6, day, 10, tzinfo=UTC)) for day in (15, 16))
ZERO = "day 4"
CELLS = NamedPoint(point=DAY_ZERO, title=None)
SCAN = NamedPoint(point=KnownDatePoint("scan"), title="scan of the chest")
SCAN_BOUND = Bound(point=DAY_ZERO, relation="more than", count=4, unit="weeks", anchor=KnownDatePoint("scan"))
LIMIT = Bound(point=DAY_ZERO, relation="at most", count=48, unit="hours", anchor=PLANNED_DAY_ZERO)
SUM = BorderKept(anchor=MON, count=1, unit="days", border=TUE, point=TUE, strict=False, kept=True)
RULING = Ruling(rule="R1", outcome="not-allowed", by="PI", on=TUE, reason="too late", day_zero=None)

SAID = [
    (findings.ToBeChosen(options=(("a", "Arm A"), ("b", "Arm B"))), "To be chosen. a: Arm A; b: Arm B."),
    (findings.Chosen(option="a", title="Arm A"), "Chosen: a, Arm A."),
    (findings.AskedOnlyIf(only=(Only(choice="arm", options=("a", "b")),)), "Asked only if arm is a or b."),
    (findings.ChoicesOpen(titles=("Arm", "Part")), "Depends on the choice “Arm” and “Part”, which is not made."),
    (findings.CycleBegins(number=2, before=MON, length=1, earliest=TUE, start=WED),
     "Cycle 1 begins on Mon 15-Jun-2026 and lasts 1 day: Tue 16-Jun-2026. Cycle 2 begins on Wed 17-Jun-2026."),
    (findings.NoTimeThatDay(event="drug-2", fault=Skipped(day=MON, clock=time(2, 30), zone="Europe/Berlin")),
     "02:30 on Mon 15-Jun-2026 does not exist in Europe/Berlin: the clocks are put forward. drug-2 has no time until the site "
     "file's [times] is corrected."),
    (findings.NoTimeThatDay(event="drug-2", fault=Skipped(day=MON, clock=time(2, 30), zone="Europe/Berlin"), kept=True),
     "02:30 on Mon 15-Jun-2026 does not exist in Europe/Berlin: the clocks are put forward. drug-2 keeps that time, from another "
     "zone, until it is given another."),
    (findings.EventsDated(events=(findings.DatedEvent(label=DayLabel(number=1), on=MON, title=Title(text="drug")),)),
     "drug: Mon 15-Jun-2026, planned as Day\u00a0+1."),
    (findings.SpacingAsked(title="drug", asked=Apart(count=2, unit="days"), broken=()), "Asked: drug at least 2 days apart. Kept."),
    (findings.SpacingAsked(title="drug", asked=Apart(count=2, unit="days"), broken=((MON, TUE),) * 4),
     "Asked: drug at least 2 days apart." + " Not kept from Mon 15-Jun-2026 to Tue 16-Jun-2026." * 3),
    (findings.HoldsNoDate(words="adults"), "“adults” holds no date."),
    (findings.NothingToCheck(kind="permission"), "A permission: nothing to check."),
    (findings.NothingToCheck(kind="anchor"), "An anchor: it says which date counts."),
    (findings.NeverWas(titles=("steroid", "graft")), "steroid, graft: never."),
    (findings.ToBeAttested(name="fit", title="Is fit.", planned=None), "To be recorded: “Is fit.”"),
    (findings.ToBeAttested(name="fit", title="Is fit.", planned=MON), "To be recorded (planned for Mon 15-Jun-2026): “Is fit.”"),
    (findings.AttestedOn(title="Is fit.", on=MON, by=""), "Stated on Mon 15-Jun-2026: “Is fit.”"),
    (findings.AttestedOn(title="Is fit.", on=MON, by="nurse"), "Stated on Mon 15-Jun-2026 by nurse: “Is fit.”"),
    (findings.NotInTreatment(), "Not part of this patient's treatment."),
    (findings.NotInTreatment(point=NamedPoint(point=FirstOf("drug"), title=None)), "drug: not part of this patient's treatment."),
    (findings.NeverHad(point=SCAN), "Not applicable: scan of the chest: never."),
    (findings.OnlyAfterIllness(), "Not applicable: asked only when day 4 has slipped because of an illness."),
    (findings.DayNotGiven(), "A day it needs is not stated and the site file does not give it."),
    (findings.EndNotGiven(point=NamedPoint(point=EndOf(LastOf("drug")), title="drug A")),
     "The end of last drug A is not known: enter it with the record, or give the block in the site file."),
    (findings.HourNotGiven(title="drug"), "drug: counted in hours from an event whose hour is not stated."),
    (findings.JudgedOnceDayZero(), "Judged once there is a day 4."),
    (findings.DatedOnceDayZero(), "Dated once there is a day 4."),
    (findings.ShownOnceDayZero(), "Shown once there is a day 4; no number is stated."),
    (findings.DistanceShown(title=Title(text="drug"), on=MON, day_zero=WED),
     "drug on Mon 15-Jun-2026, day 4 on Wed 17-Jun-2026: 2 days apart, 1 rest day between. Shown, never judged: no number is stated."),
    (findings.DistanceShown(title=Title(text="drug"), on=WED, day_zero=WED),
     "drug on Wed 17-Jun-2026, day 4 on Wed 17-Jun-2026: 0 days apart. Shown, never judged: no number is stated."),
    (findings.NoLimitStated(), "The source states no limit for a delay of day 4."),
    (findings.SlippedWithoutLimit(days=1, planned=MON),
     "Day 4 has slipped by 1 day from Mon 15-Jun-2026. The source states no limit for a delay: the principal investigator must "
     "decide."),
    (findings.WaitsForDates(points=(SCAN, SCAN)), "Judged once there is a date: scan of the chest, scan of the chest."),
    (findings.NoDateYet(point=SCAN, first=Moment(on=MON), last=None, rules=()), "scan of the chest: no date yet; from Mon 15-Jun-2026."),
    (findings.NoDateYet(point=SCAN, first=None, last=Moment(on=MON), rules=("R1", "R2")),
     "scan of the chest: no date yet; no later than Mon 15-Jun-2026 (R1, R2)."),
    (findings.NoDateYet(point=SCAN, first=MON_10, last=TUE_10, rules=()),
     "scan of the chest: no date yet; Mon 15-Jun-2026 10:00 to Tue 16-Jun-2026 10:00."),
    (findings.NoDateYet(point=SCAN, first=None, last=TUE_10, rules=()),
     "scan of the chest: no date yet; no later than Tue 16-Jun-2026 10:00."),
    (findings.NoDateYet(point=SCAN, first=MON_10, last=None, rules=()), "scan of the chest: no date yet; from Mon 15-Jun-2026 10:00."),
    (findings.NoDateLeft(point=SCAN, first=Moment(on=WED), last=Moment(on=MON), rules=("R1",), asked=None),
     "scan of the chest: no date is left that is allowed by R1 (not before Wed 17-Jun-2026, and not after Mon 15-Jun-2026)."),
    (findings.NoDateLeft(point=SCAN, first=None, last=Moment(on=MON), rules=("R1",), asked=(Moment(on=MON), Moment(on=WED))),
     "scan of the chest: no date is left that is clearly allowed by R1. Mon 15-Jun-2026 to Wed 17-Jun-2026: only if the principal "
     "investigator allows it."),
    (occurrences.InWindow(first=Moment(on=MON), last=Moment(on=TUE), when=Moment(on=WED), done=True, inside=False),
     "Window: Mon 15-Jun-2026 to Tue 16-Jun-2026. Done Wed 17-Jun-2026: outside."),
    (occurrences.InWindow(first=MON_10, last=TUE_10, when=Moment(on=TUE), done=False, inside=None),
     "Window: Mon 15-Jun-2026 10:00 to Tue 16-Jun-2026 10:00. Due Tue 16-Jun-2026; whether it lies inside depends on the hour, "
     "which is not entered."),
    (occurrences.OffPlace(planned=Moment(on=MON), place=Moment(on=WED)),
     "It stays on Mon 15-Jun-2026; its place in the schedule is now Wed 17-Jun-2026. The principal investigator must decide."),
    (occurrences.BookedBefore(at=Moment(on=MON), planned=Moment(on=WED), window=(Moment(on=TUE), Moment(on=WED))),
     "It was booked for Mon 15-Jun-2026, outside its window, Tue 16-Jun-2026 to Wed 17-Jun-2026: book again. Planned again: Wed "
     "17-Jun-2026."),
    (occurrences.BookedBefore(at=Moment(on=MON), planned=None, window=None), "It was booked for Mon 15-Jun-2026: book again."),
    (occurrences.PlaceTakenAway(at=Moment(on=MON), given=4, asked=3),
     "It was given on Mon 15-Jun-2026, and has no place in the schedule any more: 4 given, 3 asked."),
    (occurrences.DroppedByText(at=Moment(on=MON)),
     "The text in force no longer has it, Mon 15-Jun-2026, but its course had begun: it keeps its date."),
    (occurrences.AddedByText(at=Moment(on=MON)),
     "The text in force has one more on Mon 15-Jun-2026; its course had begun, and it is not planned."),
    (occurrences.TooNear(at=Moment(on=TUE), given=Moment(on=MON), title=Title(text="drug")),
     "Tue 16-Jun-2026 lies nearer to drug, given Mon 15-Jun-2026, than half their distance in the schedule: is it still to be "
     "given?"),
    (gaps.ParameterMissing(parameter="days", text="Days: not stated."), "Days: not stated."),
    (gaps.ChoiceMissing(parameter="arm", title="drug", choice="Arm"),
     "drug: depends on the choice “Arm”, which is not made; enter arm for the patient."),
    (gaps.DateMissing(parameter="scan", title="drug", known="scan of the chest"),
     "drug: counted from scan of the chest, which has no date yet; enter scan for the patient."),
    (gaps.EndMissing(parameter="cover", title="drug", anchor=Title(text="cover")),
     "drug: counted from the end of cover; record that as done."),
    (gaps.HourMissing(parameter="cells", title="drug", anchor=Title(text="cells"), which="last"),
     "drug: counted in hours from last cells, whose hour is not stated; enter its hour in the site file's [times]."),
    (bounds.BoundsAsked(bounds=(AskedBound(point=CELLS, bound=SCAN_BOUND, anchor=SCAN),) * 2),
     "Asked: day 4 more than 4 weeks after scan of the chest, and day 4 more than 4 weeks after scan of the chest."),
    (bounds.WindowAsked(parameter="virology", text="-28 to -1"), "Asked: within days -28 to -1 (site file, virology)."),
    (SUM, "Mon 15-Jun-2026 + 1 day = Tue 16-Jun-2026; Tue 16-Jun-2026 is that very day: kept."),
    (replace(SUM, point=WED), "Mon 15-Jun-2026 + 1 day = Tue 16-Jun-2026; Wed 17-Jun-2026 is on or after it: kept."),
    (replace(SUM, point=WED, strict=True), "Mon 15-Jun-2026 + 1 day = Tue 16-Jun-2026; Wed 17-Jun-2026 is after it: kept."),
    (replace(SUM, point=MON, kept=False), "Mon 15-Jun-2026 + 1 day = Tue 16-Jun-2026; Mon 15-Jun-2026 is before it: not kept."),
    (replace(SUM, count=0, border=MON, point=MON), "Mon 15-Jun-2026; Mon 15-Jun-2026 is that very day: kept."),
    (bounds.HoursKept(hours=12.5, anchor=SCAN, point=CELLS, kept=False), "12.5 hours from scan of the chest to day 4: not kept."),
    (bounds.HoursByDate(anchor=SCAN, start=MON_10, point=CELLS, end=Moment(on=TUE), kept=None),
     "From scan of the chest (Mon 15-Jun-2026 10:00) to day 4 (Tue 16-Jun-2026), not all with their hours: kept at some hours only."),
    (bounds.HoursByDate(anchor=SCAN, start=MON_10, point=CELLS, end=Moment(on=TUE), kept=False),
     "From scan of the chest (Mon 15-Jun-2026 10:00) to day 4 (Tue 16-Jun-2026), not all with their hours: not kept."),
    (bounds.RuledOnOther(ruling=RULING, values=("2026-06-16", "2026-05-18", "2026-06-16")),
     "The ruling by PI on Tue 16-Jun-2026 was made on Tue 16-Jun-2026, Mon 18-May-2026, and no longer holds: it must be made again."),
    (bounds.RuledOnOther(ruling=RULING, values=("",)),
     "The ruling by PI on Tue 16-Jun-2026 was made on no date, and no longer holds: it must be made again."),
    (bounds.LiteralReadingOnly(), "Kept in the literal reading only: the principal investigator must decide."),
    (bounds.LimitByDate(planned=MON, last=WED, bound=replace(LIMIT, count=2, unit="days")),
     "Day 4 is planned for Mon 15-Jun-2026. It may lie no later than Wed 17-Jun-2026: 2 days, by date."),
    (bounds.LimitWithoutHour(planned=MON, last=TUE, bound=LIMIT),
     "Day 4 is planned for Mon 15-Jun-2026, without an hour. The infusion starts no later than Tue 16-Jun-2026; on a later day "
     "within 48 hours only once both hours are entered."),
    (bounds.LimitToTheHour(planned=datetime(2026, 6, 15, 10), until=datetime(2026, 6, 17, 10), bound=LIMIT),
     "Day 4 is planned for Mon 15-Jun-2026 10:00. The infusion starts no later than Wed 17-Jun-2026 10:00: 48 hours, as elapsed "
     "time and by the clock, whichever ends first."),
    (bounds.HangsOnHours(), "Whether it is kept depends on the hours, which are not entered."),
    (bounds.SilentOnDelay(),
     "The protocol speaks only of a critical illness on the planned day; of this delay it says nothing: the principal "
     "investigator must decide."),
    (bounds.BoundNote(text="Look again."), "Note: Look again."),
    (bounds.StillPlanned(on=MON), "Mon 15-Jun-2026 is planned."),
    (bounds.ServesUpTo(last=MON), "It can serve day 4 up to Mon 15-Jun-2026."),
    (bounds.RuledOn(ruling=RULING), "Not allowed by PI on Tue 16-Jun-2026: too late"),
    (bounds.RuledOn(ruling=replace(RULING, outcome="allowed")), "Allowed by PI on Tue 16-Jun-2026: too late"),
]  # fmt: skip


@pytest.mark.parametrize(("reason", "said"), SAID, ids=[type(reason).__name__ for reason, _ in SAID])
def test_a_reason_has_its_sentence_with_the_anchors_own_name(reason, said):
    assert reason_in_words(reason, ZERO) == said


def members(union):
    found = set()
    for one in get_args(union):
        found |= members(one) if isinstance(one, UnionType) else {one}
    return found


def test_no_reason_is_without_a_row():
    assert members(findings.FindingReason) == {type(reason) for reason, _ in SAID}


@pytest.mark.parametrize(
    ("point", "title", "said"),
    [
        (PLANNED_DAY_ZERO, None, "planned day 4"),
        (DAY_ZERO, None, "day 4"),
        (KnownDatePoint("scan"), "Scan of the chest", "Scan of the chest"),
        (CompletionOf("lymphodepletion"), "Lymphodepletion", "completion of lymphodepletion"),
        (FirstOf("drug"), "drug, by mouth", "first drug"),
        (LastOf("drug"), "drug", "last drug"),
        (EachOf("drug"), "drug", "each drug"),
        (OccurrencePoint("drug", 3), "drug", "3 drug"),
        (OccurrencePoint("drug", 3), None, "drug"),
    ],
)
def test_a_point_is_called_by_its_title(point, title, said):
    assert name_of(NamedPoint(point=point, title=title), ZERO) == said


@pytest.mark.parametrize(
    ("title", "said"),
    [
        (findings.Titled(text="Off steroids"), "Off steroids"),
        (findings.TitledPoint(text="Off steroids", point=CELLS), "Off steroids: day 4"),
        (findings.CycleInTurn(number=3), "Cycle 3 begins when cycle 2 is over"),
        (findings.TimeNotShown(), "a time the clocks do not show"),
    ],
)
def test_a_title_is_worded(title, said):
    assert title_in_words(title, ZERO) == said
