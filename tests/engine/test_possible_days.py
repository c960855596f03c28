"""The days 0 around the present one, judged as the act would judge them. The dates are worked out by hand."""

from datetime import date, datetime, time

import pytest
from msgspec.structs import replace
from shared import SHIPPED
from shared.player import Player
from shared.small_trials import CASE, CYCLES, SITE
from shared.ward import CODE, Ward

from schedule.engine.possible_days import open_cycles, possible_days, weeks_around
from schedule.ledger.sqlite import SqliteStore
from schedule.model.case import Closure
from schedule.pages.possible_days import calendar_of
from schedule.service.revisions import newest, plan_of

MORNING = datetime(2026, 6, 12, 8)


@pytest.fixture
def plan_at(tmp_path):
    """The plan of the patient (day 0 Mon 15-Jun-2026 10:00, every rule met) as of a moment, after some acts."""

    def make(as_of, *acts, **more):
        with SqliteStore(tmp_path / "ledger.sqlite") as store:
            ward = Ward(store, **more)
            for act in acts:
                act(ward)
            return plan_of(store, newest(store, CODE), as_of=as_of)

    return make


def by_day(plan, as_of, cause="other", **more):
    """What the calendar shows of each day, for a kind of cause; the days in order."""
    found = {}
    for day in calendar_of(plan, possible_days(plan, as_of, **more)).days:
        mine = [one for one in day.verdicts if one.cause in (cause, None)]
        found[day.spelt] = (mine[0].kind, mine[0].note) if mine else ("past", "")
    return found


ALLOWED, DECIDES, NOT_ALLOWED = ("allowed", ""), "decides", "not-allowed"


def test_before_lymphodepletion_each_day_is_a_plan_of_its_own(plan_at):
    """Organ function and echo of 8-Jun serve to 22-Jun (14 days), marrow and chimerism of 25-May to 22-Jun (28 days); the
    assessment of 25-May serves planned days up to 22-Jun. On 8-Jun itself they lie on day 0: the investigator must decide."""
    days = by_day(plan_at(datetime(2026, 5, 26, 8)), datetime(2026, 5, 26, 8))
    assert next(iter(days)) == "Mon 08-Jun-2026" and list(days)[-1] == "Sun 05-Jul-2026" and len(days) == 28
    assert days["Mon 08-Jun-2026"] == (DECIDES, "T19, T20")
    assert days["Tue 09-Jun-2026"] == ALLOWED
    assert days["Mon 22-Jun-2026"] == ALLOWED
    assert days["Tue 23-Jun-2026"] == (NOT_ALLOWED, "T6, T13, T14, T19, T20")


def test_a_day_whose_first_dose_would_be_past_is_refused(plan_at):
    """Fludarabine begins 5 days before: as of Tue 9-Jun 08:00, day 0 on Sun 14-Jun would have begun today at 00:00."""
    days = by_day(plan_at(datetime(2026, 6, 9, 8)), datetime(2026, 6, 9, 8))
    assert days["Mon 08-Jun-2026"] == ("past", "")
    assert days["Sun 14-Jun-2026"] == (NOT_ALLOWED, "the first dose would be past")
    assert days["Mon 15-Jun-2026"] == days["Tue 16-Jun-2026"] == ALLOWED


def test_after_it_has_begun_each_day_is_a_slip(plan_at):
    """Three weeks: a slip ends within 48 hours of Mon 15-Jun 10:00, and from Thu 18-Jun on no day is allowed."""
    plan = plan_at(MORNING)
    days = by_day(plan, MORNING)
    assert next(iter(days)) == "Mon 08-Jun-2026" and list(days)[-1] == "Sun 28-Jun-2026" and len(days) == 21
    assert days["Thu 11-Jun-2026"] == ("past", "")
    assert days["Sun 14-Jun-2026"] == (NOT_ALLOWED, "before planned day 0")
    assert days["Mon 15-Jun-2026"] == ALLOWED
    assert days["Tue 16-Jun-2026"] == days["Wed 17-Jun-2026"] == (DECIDES, "T36")
    assert days["Thu 18-Jun-2026"] == (NOT_ALLOWED, "T36")
    assert calendar_of(plan, possible_days(plan, MORNING)).not_from == "Fri 19-Jun-2026"


def test_an_illness_on_the_planned_day_itself_needs_nobodys_word_within_the_limit(plan_at):
    """The two kinds of cause have a verdict of their own on that day, and on a day beyond the limit the same."""
    day_of_infusion = datetime(2026, 6, 15, 6)
    plan = plan_at(day_of_infusion)
    ill, other = (by_day(plan, day_of_infusion, cause) for cause in ("illness", "other"))
    assert (ill["Tue 16-Jun-2026"], other["Tue 16-Jun-2026"]) == (ALLOWED, (DECIDES, "T36"))
    assert ill["Thu 18-Jun-2026"][0] == other["Thu 18-Jun-2026"][0] == NOT_ALLOWED
    shown = {day.spelt: day for day in calendar_of(plan, possible_days(plan, day_of_infusion)).days}
    assert [(one.of_cause, one.word) for one in shown["Tue 16-Jun-2026"].verdicts] == [
        ("critical illness", "allowed"), ("another cause", "PI decides"),
    ]  # fmt: skip
    assert [(one.of_cause, one.word) for one in shown["Thu 18-Jun-2026"].verdicts] == [("", "not allowed")]


def test_what_must_be_repeated_is_named_and_forbids_nothing(plan_at):
    """Organ function of 2-Jun serves up to 16-Jun."""
    days = by_day(plan_at(MORNING, dates={"organ-function": "2026-06-02"}), MORNING)
    assert days["Tue 16-Jun-2026"] == (DECIDES, "T36")
    assert days["Wed 17-Jun-2026"] == (DECIDES, "T36; repeat organ function")


def test_a_rule_violated_before_a_slip_is_named_and_the_plan_is_not_called_allowed(plan_at):
    """The marrow of 1-May serves up to 29-May: T14 is violated on every day, and a slip within the limit breaks no more."""
    days = by_day(plan_at(MORNING, dates={"marrow": "2026-05-01"}), MORNING)
    assert days["Mon 15-Jun-2026"] == (NOT_ALLOWED, "T14")
    assert days["Tue 16-Jun-2026"] == (NOT_ALLOWED, "T14; violated now too")


def test_a_rule_that_the_principal_investigator_may_allow_for_a_slip_is_hers_to_decide(plan_at):
    """The marrow of 18-May serves up to 15-Jun: T14 is hers on Tue 16-Jun, and the slip is, too (T36)."""
    days = by_day(plan_at(MORNING, dates={"marrow": "2026-05-18"}), MORNING)
    assert days["Mon 15-Jun-2026"] == ALLOWED
    assert days["Tue 16-Jun-2026"] == (DECIDES, "T14, T36")


def test_the_present_day_is_marked_and_the_rules_have_their_titles(plan_at):
    plan = plan_at(MORNING)
    found = calendar_of(plan, possible_days(plan, MORNING))
    assert [(day.spelt, day.distance) for day in found.days if day.is_present] == [("Mon 15-Jun-2026", "day 0 now")]
    assert found.rules[0][0] == "T13" and dict(found.rules)["T36"] == "Cells within 48 hours of the planned day 0"


def test_a_holiday_is_named_and_a_weekend_is_seen_by_the_name_of_the_day(plan_at):
    plan = plan_at(MORNING)
    closure = Closure(first=date(2026, 6, 19), last=date(2026, 6, 20), holiday=True)
    closed = replace(plan, site=replace(plan.site, closures=(closure,)))
    days = list(calendar_of(closed, possible_days(closed, MORNING)).days)
    assert [day.spelt for day in days if day.closed == "holiday"] == ["Fri 19-Jun-2026", "Sat 20-Jun-2026"]
    assert {day.closed for day in days} == {"holiday", ""}


def test_day_0_no_longer_moves_once_the_infusion_is_recorded(plan_at):
    infused = plan_at(
        datetime(2026, 6, 16, 8), lambda ward: ward.record("nk-infusion-1", "given", "2026-06-15 10:20")
    )
    assert possible_days(infused, datetime(2026, 6, 16, 8)) == () == open_cycles(infused)
    assert calendar_of(infused, ()) is None


def test_later_weeks_are_six_from_the_week_that_is_asked_for(plan_at):
    """From the week of Wed 15-Jul: Mon 13-Jul to Sun 23-Aug, 42 days."""
    plan = plan_at(datetime(2026, 5, 26, 8))
    weeks = weeks_around(plan, 1, date(2026, 7, 15))
    assert (weeks.first, weeks.last) == (date(2026, 7, 13), date(2026, 8, 23))
    days = by_day(plan, datetime(2026, 5, 26, 8), weeks=weeks)
    assert len(days) == 42 and days["Sun 23-Aug-2026"][0] == NOT_ALLOWED


def test_the_days_are_judged_at_the_hour_that_is_asked_for(plan_at):
    """48 hours from Mon 15-Jun 10:00 end on Wed 17-Jun 10:00."""
    plan = plan_at(MORNING)
    assert by_day(plan, MORNING, clock=time(10, 0))["Wed 17-Jun-2026"] == (DECIDES, "T36")
    assert by_day(plan, MORNING, clock=time(10, 1))["Wed 17-Jun-2026"] == (NOT_ALLOWED, "T36")


def test_across_the_clock_change_48_hours_end_at_the_earlier_of_the_two(plan_at):
    """New York puts the clocks back on Sun 01-Nov-2026 02:00: planned Sat 31-Oct 10:00 (UTC 14:00), 48 hours of elapsed
    time end on Mon 02-Nov at 09:00 of the clocks (UTC 14:00): at 10:00 as now it is too late, at 09:00 it is not."""
    now = datetime(2026, 10, 28, 8)
    plan = plan_at(now, planned="2026-10-31T10:00:00")
    assert by_day(plan, now)["Sun 01-Nov-2026"] == (DECIDES, "T36")
    assert by_day(plan, now)["Mon 02-Nov-2026"][0] == NOT_ALLOWED
    assert by_day(plan, now, clock=time(9, 0))["Mon 02-Nov-2026"] == (DECIDES, "T36")


def test_without_an_hour_a_limit_in_hours_is_sure_only_by_date(plan_at):
    """Day 0 Mon 15-Jun without an hour: Tue 16-Jun lies within 48 hours whatever the hours are, Wed 17-Jun hangs on
    them, Thu 18-Jun does not."""
    days = by_day(plan_at(MORNING, planned="2026-06-15"), MORNING)
    assert days["Tue 16-Jun-2026"] == (DECIDES, "T36")
    assert days["Wed 17-Jun-2026"] == days["Thu 18-Jun-2026"] == (NOT_ALLOWED, "T36")


def test_the_days_are_those_of_the_cycle_asked_for():
    """Two cycles of 21 days, counted from day 1, the cells on day 6 of each: Mon 15-Jun and Mon 06-Jul. Once the cells of
    the first are given, day 6 of the second alone still moves."""
    player = Player(CYCLES, SITE, CASE.format("2026-06-15T10:00:00"))
    assert player.act({"act": "plan", "as_of": "2026-06-01 08:00"})["saved"]
    now = datetime(2026, 6, 1, 8)
    assert open_cycles(player.plan) == (1, 2)
    for cycle, zero in ((1, "Mon 15-Jun-2026"), (2, "Mon 06-Jul-2026")):
        days = list(calendar_of(player.plan, possible_days(player.plan, now, cycle=cycle)).days)
        assert [(day.spelt, day.distance) for day in days if day.is_present] == [(zero, "day 6 now")]
    for name, day in (("drug-a-1", "2026-06-10"), ("drug-a-2", "2026-06-11"), ("cells-1", "2026-06-15")):
        given = {"act": "record", "event": name, "word": "given", "at": f"{day} 10:00", "as_of": f"{day} 12:00", "confirm": True}
        assert player.act(given)["saved"], name
    assert open_cycles(player.plan) == (2,)
    assert possible_days(player.plan, datetime(2026, 6, 16, 8), cycle=1) == ()


def test_of_a_patient_of_whom_nothing_is_known_no_day_is_said_to_meet_every_rule():
    """Day 0 alone is planned: no date of the patient is entered, and nothing can be judged."""
    patient = Player(SHIPPED.read_text(encoding="utf-8"), SITE, CASE.format("2026-06-15T10:00:00").replace("TEST-1", "NCT04024761"))
    assert patient.act({"act": "plan", "as_of": "2026-05-26 08:00"})["saved"]
    days = by_day(patient.plan, datetime(2026, 5, 26, 8))
    assert set(days.values()) == {("not-judged", "")}
