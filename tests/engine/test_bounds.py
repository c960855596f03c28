"""What a bound names and what is known of that: courses, each occurrence, ends, cycles; repeats; rulings and statements."""

from datetime import date, datetime

import pytest
from shared.lines import played, texts_of
from shared.small_patients import NEW_YORK, amended, finding, planned, record

from schedule.engine.by_clock import seen
from schedule.words.alerts import banner
from schedule.words.findings import finding_basis, finding_title

HOURS = NEW_YORK + '[times]\ndrug-a = "10:00"\n'
TREATED = """
[courses.before]
title = "Treatment before"
from = "planned-day-zero"
repeatable = true
quote = "may be given again"
[activities.drug-a]
title = "drug A"
unit = "dose"
course = "before"
days = "-5, -4"
category = "treatment"
quote = "Drug A."
[activities.drug-c]
title = "drug C"
unit = "dose"
course = "before"
days = "-5 to -3"
category = "treatment"
quote = "Drug C."
[activities.cells]
title = "cells"
days = "0"
category = "treatment"
quote = "Cells on day 0."
"""


def rule(*sentences, name="GAP", point="day-zero", more=""):
    safe = ", ".join(f'"{one}"' for one in sentences)
    return f'[rules.{name}]\ntitle = "{name}"\nquote = "x"\n[[rules.{name}.bounds]]\npoint = "{point}"\nsafe = [{safe}]\n{more}'


# Courses --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("acts", "first", "last"),
    [
        pytest.param([], 10, 12, id="as planned: 10 to 12-Jun"),
        pytest.param([record("drug-c-1", "held", "2026-06-10")], 10, 12, id="one drug of the first day held, the other given"),
        pytest.param(
            [record("drug-c-1", "held", "2026-06-10"), record("drug-a-1", "held", "2026-06-10")], 11, 12, id="the first day held"
        ),
        pytest.param([record("drug-a-1", "given", "2026-06-09")], 9, 12, id="a dose given a day early"),
        pytest.param([record("drug-c-3", "given", "2026-06-13")], 10, 13, id="the last given a day late"),
    ],
)
def test_a_course_is_first_and_last_by_all_of_its_doses_where_they_were_given(acts, first, last):
    """Bounds that hold on one date alone find it."""
    for day, which in ((first, "first"), (last, "last"), (last, "completed")):
        gap = 15 - day
        sentences = f"day-zero at least {gap} days after before.{which}", f"day-zero at most {gap} days after before.{which}"
        assert finding(planned(TREATED + rule(*sentences), "2026-06-15", *acts), "GAP").status == "met", which


def test_the_first_dose_of_a_course_has_its_name():
    plan = planned(TREATED + rule("day-zero at least 1 day after before.first"), "2026-06-15")
    assert "Asked: day 0 at least 1 day after first dose of treatment before." in finding_basis(finding(plan, "GAP"), "day 0")


def test_where_all_doses_are_held_a_bound_is_judged_where_they_stand():
    held = [record(f"drug-{drug}-{n}", "held", f"2026-06-{9 + n}") for drug, count in (("a", 2), ("c", 3)) for n in range(1, count + 1)]
    text = TREATED + rule("day-zero at least 3 days after before.last", "day-zero at most 3 days after before.last")
    assert finding(planned(text, "2026-06-15", *held), "GAP").status == "met"


@pytest.mark.parametrize(("days", "status"), [(3, "met"), (4, "violated")])
def test_a_bound_on_each_must_hold_for_every_one(days, status):
    """The last dose of drug C lies 3 days before day 0."""
    text = TREATED + rule(f"day-zero at least {days} days after drug-c.each")
    assert finding(planned(text, "2026-06-15"), "GAP").status == status


# Cycles ---------------------------------------------------------------------------------------------------------------

CYCLES = (
    '[cycles]\nlength = "21 days"\ncount = 2\nquote = "two"\n'
    + TREATED.replace('category = "treatment"', 'category = "treatment"\ncycles = "1 to 2"')
)


def test_a_rule_about_a_course_is_judged_in_each_cycle_and_one_about_a_known_date_in_the_first():
    """Cycle 2: 6-Jul; drug C of 3-Jul given on 5-Jul lies 1 day before it."""
    text = CYCLES + rule("day-zero at least 3 days after before.last")
    text += '[dates.scan]\ntitle = "scan"\nkind = "last"\n' + rule("day-zero at least 1 day after scan", name="SCAN", point="scan")
    late = record("drug-c-6", "given", "2026-07-05")
    plan = planned(text, "2026-06-15", record("cells-1", "given", "2026-06-15"), late, dates="scan = 2026-06-01\n")
    assert [(one.cycle, one.status) for one in plan.findings if one.rule == "GAP"] == [(1, "met"), (2, "violated")]
    assert finding(plan, "GAP", cycle=2).actual == date(2026, 7, 6)
    assert [one.cycle for one in plan.findings if one.rule == "SCAN"] == [1]
    assert [one.cycle for one in plan.findings if one.rule == "DELAY"] == [1, 2]


# Repeats --------------------------------------------------------------------------------------------------------------

AGAIN = 'if-broken = "repeat"\nrepeat = "drug A"\nrepeat-course = "before"\n'
SENTENCES = {
    "completed": ("day-zero at least 2 days after before.completed", "day-zero at most 6 days after before.completed"),
    "last": ("day-zero at least 2 days after drug-c.last", "day-zero at most 6 days after drug-c.last"),
    "first": ("day-zero at least 4 days after before.first", "day-zero at most 8 days after before.first"),
    "months": ("day-zero at least 2 days after before.last", "day-zero at most 1 month after before.first"),
}


@pytest.mark.parametrize(
    ("name", "first", "last"),
    [("completed", date(2026, 7, 16), date(2026, 7, 20)), ("last", date(2026, 7, 16), date(2026, 7, 20)),
     ("first", date(2026, 7, 16), date(2026, 7, 20)), ("months", date(2026, 6, 24), date(2026, 7, 20))],
)  # fmt: skip
def test_when_a_course_is_to_be_repeated_follows_from_any_bound_on_it(name, first, last):
    """Day 0 slips to 22-Jul. The last dose lies 2 days after the first; 22-Jun + 1 month = 22-Jul."""
    move = {"act": "move", "to": "2026-07-22", "cause": "product", "as_of": "2026-06-12 18:00"}
    plan = planned(TREATED + rule(*SENTENCES[name], more=AGAIN), "2026-06-15", record("drug-a-1", "given", "2026-06-10"), move)
    repeat = finding(plan, "GAP").repeat
    assert (repeat.last_dose, repeat.earliest, repeat.latest) == (True, first, last)


def test_a_repeat_in_hours_is_counted_from_the_hour_of_day_zero():
    """144 and 48 hours before Wed 22-Jul-2026 10:00."""
    sentences = "day-zero at least 48 hours after drug-a.last", "day-zero at most 144 hours after drug-a.last"
    text = TREATED.partition("[activities.drug-c]")[0] + "[activities.cells]" + TREATED.partition("[activities.cells]")[2]
    move = {"act": "move", "to": "2026-07-22 10:00", "cause": "product", "as_of": "2026-06-12 18:00"}
    given = record("drug-a-1", "given", "2026-06-10 10:00")
    repeat = finding(planned(text + rule(*sentences, more=AGAIN), "2026-06-15 10:00", given, move, site=HOURS), "GAP").repeat
    assert (repeat.earliest, repeat.latest) == (date(2026, 7, 16), date(2026, 7, 20))


# Rulings --------------------------------------------------------------------------------------------------------------

WASHOUT = TREATED + '[dates.drug-last]\ntitle = "last dose"\nkind = "last"\n' + rule(
    "day-zero at least 29 days after drug-last", name="WASH", point="drug-last",
    more='literal = ["day-zero at least 28 days after drug-last"]\n',
)  # fmt: skip
ALLOWED = {"act": "rule", "rule": "WASH", "outcome": "allowed", "as_of": "2026-06-02 09:00"}


def fact(value, name="drug-last"):
    return {"act": "fact", "name": name, "value": value, "as_of": "2026-06-03 09:00"}


def status(*acts):
    plan = planned(WASHOUT, "2026-06-15", *acts, dates="drug-last = 2026-05-18\n")
    return finding(plan, "WASH", "drug-last").status


def test_a_ruling_holds_for_the_day_zero_and_the_dates_it_was_made_on():
    """18-May + 28 days = 15-Jun."""
    move, back = ({"act": "move", "to": to, "as_of": f"2026-06-0{n} 09:00"} for n, to in ((4, "2026-06-16"), (5, "2026-06-15")))
    assert status() == "boundary"
    assert status(ALLOWED) == "ruled"
    assert status(ALLOWED, fact("2026-05-19")) == "violated"  # 27 days: a ruling never turns that
    assert status(ALLOWED, fact("2026-05-19"), fact("2026-05-18")) == "ruled"
    assert status(ALLOWED, move) == "met"
    assert status(ALLOWED, move, back) == "ruled"


def test_a_ruling_made_on_another_date_is_named_and_no_longer_holds():
    """The drug of 18-May turns out to be of 19-May; day 0 moves to 16-Jun, for which the ruling was asked: 28 days again."""
    asked = {**ALLOWED, "for": "2026-06-16"}
    move = {"act": "move", "to": "2026-06-16", "as_of": "2026-06-04 09:00"}
    plan = planned(WASHOUT, "2026-06-15", asked, fact("2026-05-19"), move, dates="drug-last = 2026-05-18\n")
    found = finding(plan, "WASH", "drug-last")
    assert (found.status, found.ruling) == ("boundary", None)
    assert finding_basis(found, "day 0").endswith("was made on Tue 16-Jun-2026, Mon 18-May-2026, and no longer holds: it must be made again.")


def test_a_ruling_on_what_nobody_has_entered_rules_nothing():
    plan = planned(WASHOUT, "2026-06-15", ALLOWED, fact("2026-05-18"))
    assert finding(plan, "WASH", "drug-last").status == "boundary"


def test_an_hour_makes_no_difference_to_a_ruling_in_days_and_an_amendment_of_the_text_does_not_end_it():
    assert status(ALLOWED, fact("2026-05-18 09:00")) == "ruled"
    assert status(ALLOWED, amended(WASHOUT.replace("Cells on day 0.", "Cells on that day."), "2026-06-04 09:00")) == "ruled"


# Statements -----------------------------------------------------------------------------------------------------------


def test_an_illness_makes_a_statement_due_again_until_it_is_made_anew():
    text = TREATED + '[attestations.well]\ntitle = "Well."\n[rules.WELL]\ntitle = "well"\nquote = "x"\n[[rules.WELL.statements]]\n'
    text += 'ref = "WELL"\nkind = "attestation"\nattestation = "well"\nwords = "well"\nagain-after-illness = true\n'
    first = {"act": "attest", "name": "well", "as_of": "2026-06-02 09:00"}
    ill = {"act": "move", "to": "2026-06-20", "cause": "illness", "as_of": "2026-06-03 09:00"}
    again = {"act": "attest", "name": "well", "as_of": "2026-06-04 09:00"}
    for acts, expected in (((first,), "met"), ((first, ill), "due"), ((first, ill, again), "met")):
        assert next(one for one in planned(text, "2026-06-15", *acts).findings if one.ref == "WELL").status == expected


def test_what_another_option_leaves_out_is_not_applicable_and_never_crashes():
    text = TREATED.replace('title = "drug C"', 'title = "drug C"\nonly-if = "arm is two"')
    text = '[choices.arm]\ntitle = "arm"\n[choices.arm.options]\none = "one"\ntwo = "two"\n' + text
    text += rule("day-zero at least 1 day after drug-c.last") + rule("day-zero at least 1 day after drug-a.last", name="A")
    plan = planned(text, "2026-06-15", {"act": "choose", "name": "arm", "option": "one", "as_of": "2026-06-02 09:00"})
    found = finding(plan, "GAP")
    assert (found.status, finding_title(found, "day 0")) == ("not applicable", "GAP")
    assert finding(plan, "A").status == "met"


@pytest.mark.parametrize(
    ("on", "left", "said"),
    [
        (13, (14, 16), "Tue 14-Jul-2026 to Thu 16-Jul-2026"), (14, (14, 16), "Tue 14-Jul-2026 to Thu 16-Jul-2026"),
        (15, (15, 16), "Wed 15-Jul-2026 to Thu 16-Jul-2026"), (16, (16, 16), "Thu 16-Jul-2026"),
        (17, None, "no day is left for it"),
    ],
    ids=lambda value: str(value),
)  # fmt: skip
def test_a_course_is_given_again_from_the_day_on_which_it_is_looked_at(on, left, said):
    """Cycle 2: cells on 18-Jul, 2 to 4 days after the last drug A: 14 to 16-Jul. That of 13-Jul is too early."""
    acts = (
        "2026-06-12 09:00 | move 2026-06-17 10:00", "2026-06-17 12:00 | record cells-1 given 2026-06-17 10:00",
        "2026-07-12 09:00 | move 2026-07-18 10:00 cycle=2",
    )  # fmt: skip
    plan = played(texts_of("cycles")["cycles"], *acts, zero="2026-06-15 10:00", plan="2026-06-01 09:00 | plan").plan
    later = seen(plan, datetime(2026, 7, on, 9))
    (found,) = (one for one in later.findings if (one.rule, one.cycle) == ("GAP", 2))
    days = tuple(date(2026, 7, day) for day in left) if left else (None, None)
    assert (found.repeat.earliest, found.repeat.latest) == days
    assert f"drug A (its last dose), {said} (GAP)" in banner(later)
