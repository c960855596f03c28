"""The days 0 around the present one, judged as the act would judge them. The dates are worked out by hand."""

from datetime import date, datetime

import pytest
from msgspec.structs import replace
from shared import SHIPPED
from shared.player import Player
from shared.small_trials import CASE, SITE
from shared.ward import CODE, Ward

from schedule.ledger.sqlite import SqliteStore
from schedule.model.case import Closure
from schedule.pages.what_if import days_shown, rules_named
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


def by_day(days):
    return {day.spelt: (day.verdict, day.words, day.rules, day.note) for day in days}


def test_before_lymphodepletion_each_day_is_a_plan_of_its_own(plan_at):
    """Organ function and echo of 8-Jun serve to 22-Jun (14 days), marrow and chimerism of 25-May to 22-Jun (28 days); the
    assessment of 25-May serves planned days up to 22-Jun. On 8-Jun itself they lie on day 0: the investigator must decide."""
    days = by_day(days_shown(plan_at(datetime(2026, 5, 26, 8)), datetime(2026, 5, 26, 8)))
    assert next(iter(days)) == "Mon 08-Jun-2026" and list(days)[-1] == "Sun 12-Jul-2026" and len(days) == 35
    assert days["Mon 08-Jun-2026"] == ("asks", "the principal investigator must decide", ("T19", "T20"), "")
    assert days["Tue 09-Jun-2026"] == ("met", "every rule is met", (), "")
    assert days["Mon 22-Jun-2026"] == ("met", "every rule is met", (), "")
    assert days["Tue 23-Jun-2026"] == ("refused", "not allowed as planned", ("T6", "T13", "T14", "T19", "T20"), "")


def test_a_day_whose_first_dose_would_be_past_is_refused(plan_at):
    """Fludarabine begins 5 days before: as of Tue 9-Jun 08:00, day 0 on Sun 14-Jun would have begun today at 00:00."""
    days = by_day(days_shown(plan_at(datetime(2026, 6, 9, 8)), datetime(2026, 6, 9, 8)))
    assert days["Sun 14-Jun-2026"] == ("refused", "not allowed", (), "the first dose would be past")
    assert days["Mon 15-Jun-2026"][0] == "met"
    assert days["Tue 16-Jun-2026"][0] == "met"


def test_after_it_has_begun_each_day_is_a_slip(plan_at):
    days = by_day(days_shown(plan_at(MORNING), MORNING))
    assert days["Sun 14-Jun-2026"] == ("refused", "not allowed", (), "before planned day 0")
    assert days["Mon 15-Jun-2026"] == ("met", "every rule is met", (), "")
    assert days["Tue 16-Jun-2026"] == ("asks", "the principal investigator must decide", ("T36",), "")
    assert days["Wed 17-Jun-2026"][0] == "asks"
    assert days["Thu 18-Jun-2026"] == ("refused", "not allowed", ("T36",), "")


def test_an_illness_on_the_planned_day_itself_needs_nobodys_word_within_the_limit(plan_at):
    day_of_infusion = datetime(2026, 6, 15, 6)
    days = by_day(days_shown(plan_at(day_of_infusion), day_of_infusion, "illness"))
    assert days["Tue 16-Jun-2026"][:2] == ("met", "allowed")
    assert days["Thu 18-Jun-2026"][0] == "refused"


def test_what_must_be_repeated_is_named_and_forbids_nothing(plan_at):
    """Organ function of 2-Jun serves up to 16-Jun."""
    days = by_day(days_shown(plan_at(MORNING, dates={"organ-function": "2026-06-02"}), MORNING))
    assert days["Tue 16-Jun-2026"][3] == ""
    verdict, _, rules, note = days["Wed 17-Jun-2026"]
    assert (verdict, note) == ("asks", "to be repeated: organ function") and "T36" in rules


def test_a_rule_violated_before_a_slip_does_not_refuse_it_and_is_named(plan_at):
    days = by_day(days_shown(plan_at(MORNING, dates={"marrow": "2026-05-01"}), MORNING))
    assert days["Mon 15-Jun-2026"] == ("refused", "not allowed as planned", ("T14",), "")
    assert days["Tue 16-Jun-2026"] == ("asks", "a slip is allowed; violated before, and still", ("T14",), "")


def test_the_present_day_is_marked_and_the_rules_have_their_titles(plan_at):
    plan = plan_at(MORNING)
    days = days_shown(plan, MORNING)
    assert [day.spelt for day in days if day.is_present] == ["Mon 15-Jun-2026"]
    assert rules_named(plan, days)[0][0] == "T13"
    assert dict(rules_named(plan, days))["T36"] == "Cells within 48 hours of the planned day 0"


def test_a_holiday_is_named_and_a_weekend_is_seen_by_the_name_of_the_day(plan_at):
    plan = plan_at(MORNING)
    closure = Closure(first=date(2026, 6, 19), last=date(2026, 6, 20), holiday=True)
    days = days_shown(replace(plan, site=replace(plan.site, closures=(closure,))), MORNING)
    assert [day.spelt for day in days if day.closed == "holiday"] == ["Fri 19-Jun-2026", "Sat 20-Jun-2026"]
    assert {day.closed for day in days} == {"holiday", ""}


def test_day_0_no_longer_moves_once_the_infusion_is_recorded(plan_at):
    infused = plan_at(
        datetime(2026, 6, 16, 8), lambda ward: ward.record("nk-infusion-1", "given", "2026-06-15 10:20")
    )
    assert days_shown(infused, datetime(2026, 6, 16, 8)) == ()


def test_of_a_patient_of_whom_nothing_is_known_no_day_is_said_to_meet_every_rule():
    """Day 0 alone is planned: no date of the patient is entered, and nothing can be judged."""
    patient = Player(SHIPPED.read_text(encoding="utf-8"), SITE, CASE.format("2026-06-15T10:00:00").replace("TEST-1", "NCT04024761"))
    assert patient.act({"act": "plan", "as_of": "2026-05-26 08:00"})["saved"]
    shown = days_shown(patient.plan, datetime(2026, 5, 26, 8))
    assert {(day.verdict, day.words) for day in shown if day.on >= date(2026, 6, 8)} == {
        ("unknown", "cannot be judged: nothing is known of the patient")
    }
