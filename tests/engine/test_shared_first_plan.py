"""What patients share who have one text, one day 0 and no record is laid out once; what hangs on other facts is not shared.

A visit one month after the cells, at most 60 days after the marrow. Day 0 on Mon 15-Jun-2026: the visit is on Wed 15-Jul.
With the marrow of Sat 30-May the visit may be on Wed 29-Jul at the latest, so day 0 may be Mon 29-Jun; with that of Fri
01-May on Tue 30-Jun, so day 0 Sat 30-May.
"""

from datetime import date

from shared.lines import played
from shared.small_trials import BY_HOURS, HEAD

MARROW = """
[activities.visit]
title = "visit"
days = "1 month after cells"
category = "visit"
quote = "A visit 1 month after the cells."
[dates.marrow]
title = "marrow"
kind = "test"
required = true
[rules.R1]
title = "The visit is within 60 days after the marrow"
quote = "The visit is within 60 days after the marrow."
[[rules.R1.bounds]]
point = "marrow"
safe = ["visit-1 at most 60 days after marrow"]
"""


def latest(marrow, *lines):
    return played(HEAD + MARROW, *lines, more=f"[dates]\nmarrow = {marrow}\n").plan.feasible.latest


def test_a_rule_is_judged_on_each_patient_s_own_dates():
    assert latest("2026-05-01") == date(2026, 5, 30)
    assert latest("2026-05-30") == date(2026, 6, 29)
    assert latest("2026-05-01") == date(2026, 5, 30)


def test_a_rule_is_judged_on_a_date_entered_later():
    assert latest("2026-05-01", "2026-06-02 09:00 | fact marrow 2026-05-30") == date(2026, 6, 29)


def test_a_plan_is_judged_where_the_clocks_are_put_back_on_the_day_that_is_tried():
    """Day 0 on Sat 03-Oct-2026 at 01:30; 400 days later, Sun 07-Nov-2027, New York's clocks show 01:30 twice."""
    rule = """
[rules.R1]
title = "Drug C within a day of the cells"
quote = "Drug C is given within a day of the cells."
[[rules.R1.bounds]]
point = "drug-3"
safe = ["drug-3 at most 24 hours after cells-1"]
"""
    assert (date(2026, 10, 3) - date(2027, 11, 7)).days == -400
    plan = played(HEAD + BY_HOURS + rule, zero="2026-10-03 01:30").plan
    assert [str(one.start)[:16] for one in plan.events if one.activity == "drug"] == ["2026-10-03 05:30", "2026-10-03 13:30", "2026-10-03 21:30"]
    assert plan.feasible.latest is None and plan.feasible.intervals[0][2] == "met"
