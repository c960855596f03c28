"""How a plan stands, in one word and in what that rests on: the first thing on every page of a patient."""

from datetime import datetime

import pytest
from msgspec.structs import replace
from shared.paper_plans import CASE, example, hundred, plan_from

from schedule.words.verdict import VERDICTS, verdict_kind, verdict_told

NOTHING_KNOWN = CASE[: CASE.index("[dates]")]
TWO_TOO_LATE = CASE.replace("gvhd-prophylaxis-last = 2026-05-04", "gvhd-prophylaxis-last = 2026-05-18")


def test_each_verdict_has_a_word_of_its_own():
    assert VERDICTS == {
        "allowed": "allowed", "decides": "PI decides", "not-allowed": "not allowed", "not-judged": "cannot be judged",
        "cancelled": "cancelled",
    }  # fmt: skip


def test_a_plan_that_keeps_every_rule_is_allowed():
    """What is still due comes first, so that nobody reads it as "all is done": two tests, by the day before day 0, and two
    statements."""
    told = "2 still due, first tests of organ function, by Sun 14-Jun-2026; 2 statements still to be recorded; no rule is violated"
    assert (verdict_kind(example()), verdict_told(example())) == ("allowed", told)


def test_the_one_thing_that_is_due_is_told_by_its_name_and_nothing_due_is_not_told():
    plan = example()
    echo = [one for one in plan.findings if one.status == "due" and one.ref == "T20"]
    rest = [one for one in plan.findings if one.status != "due"]
    assert verdict_told(replace(plan, findings=(*rest, *echo))) == "still due: echocardiogram, by Sun 14-Jun-2026; no rule is violated"
    assert verdict_told(replace(plan, findings=tuple(rest))) == "no rule is violated"


def test_a_test_whose_last_day_is_past_is_told_as_overdue():
    """The day before day 0 is Sun 14-Jun: on Mon 15-Jun at 11:00 nobody may read "still due"."""
    plan = plan_from(as_of=datetime(2026, 6, 15, 11))
    assert "; 2 overdue, first tests of organ function, by Sun 14-Jun-2026; 2 statements still to be recorded;" in verdict_told(plan)


def test_one_rule_is_told_by_its_title():
    """18-May + 29 days = 16-Jun, after day 0 on 15-Jun: T17 alone is not kept, and 28 days are for the investigator."""
    plan = plan_from(case=TWO_TOO_LATE)
    assert (verdict_kind(plan), verdict_told(plan)) == ("decides", "T17 Off GVHD prophylaxis for 4 weeks before the cells")


def test_of_more_than_two_rules_the_first_is_told_by_its_title_and_the_others_by_their_numbers():
    told = "T7 At least 2 weeks after the end of the immune suppression taper; also T8, T9"
    assert (verdict_kind(hundred()), verdict_told(hundred())) == ("not-allowed", told)


def test_a_patient_of_whom_no_date_is_known_is_not_called_allowed():
    plan = plan_from(case=NOTHING_KNOWN)
    assert verdict_kind(plan) == "not-judged" and verdict_told(plan).endswith(" dates are missing")


@pytest.mark.parametrize("name", ["example", "hundred"])
def test_what_a_verdict_rests_on_does_not_say_its_word_again(name):
    told = verdict_told({"example": example, "hundred": hundred}[name]())
    assert not any(word in told.lower() for word in ("not allowed", "decides", "must decide"))
