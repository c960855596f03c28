"""How far each cycle has come: treatment before the cells of cycle 2 begins by itself, whatever has become of cycle 1.

Cycles of 21 days that count from day 1: drug A on days 1 and 2, cells on day 6. Day 6 of cycle 1 is Mon 15-Jun-2026, so
drug A of cycle 2 is on Wed 01-Jul and Thu 02-Jul, its cells are on Mon 06-Jul.
"""

from datetime import date, datetime

from shared.lines import played, refusal
from shared.small_trials import CYCLES

from schedule.engine.by_clock import seen
from schedule.engine.day_names import label_of
from schedule.model.notation import NO_BREAK
from schedule.pages.deadlines import deadline_page
from schedule.pages.overview import overview

LIMIT = """
[rules.DELAY]
title = "How far the cells may be delayed"
quote = "The cells may come 48 hours later, in each cycle."
[[rules.DELAY.bounds]]
point = "day-zero"
safe = "day-zero at most 2 days after planned-day-zero"
"""
INFUSED = (
    "2026-06-11 12:00 | record drug-a-1 given 2026-06-10",
    "2026-06-11 12:00 | record drug-a-2 given 2026-06-11",
    "2026-06-15 12:00 | record cells-1 given 2026-06-15 10:00",
)


def phases(plan):
    standing = plan.standing
    return [standing.of(cycle).phase for cycle in (1, *standing.cycles)], standing.in_hand


def test_a_cycle_begins_with_a_treatment_of_its_own():
    plan = played(CYCLES, *INFUSED).plan
    assert phases(plan) == (["infused", "ahead"], 2)
    assert phases(seen(plan, datetime(2026, 6, 30, 23, 59))) == (["infused", "ahead"], 2)
    assert phases(seen(plan, datetime(2026, 7, 1, 0, 0))) == (["infused", "begun"], 2)  # without an hour it counts from 00:00


def test_the_clock_says_the_same_as_an_act_of_that_moment():
    plan = played(CYCLES, *INFUSED, "2026-07-02 08:00 | note a look").plan
    assert phases(plan) == (["infused", "begun"], 2)


def test_where_every_cycle_has_its_cells_the_last_is_in_hand():
    given = ("2026-07-06 12:00 | record drug-a-3 given 2026-07-01", "2026-07-06 12:00 | record drug-a-4 given 2026-07-02")
    plan = played(CYCLES, *INFUSED, *given, "2026-07-06 12:00 | record cells-2 given 2026-07-06 10:00").plan
    assert phases(plan) == (["infused", "infused"], 2)


def test_a_line_is_drawn_for_the_day_0_of_each_cycle():
    (drawn,) = overview(played(CYCLES, *INFUSED).plan).pictures
    strong = [one.text.replace("\u00a0", " ") for one in drawn.numbers if one.strong]
    assert strong == ["C1 D6", "C2 D6"] and len(drawn.zeros) == 2 and drawn.zeros[0] < drawn.zeros[1]


def test_the_deadlines_tell_how_late_the_cells_of_the_cycle_in_hand_may_come():
    """Two days after Mon 15-Jun is Wed 17-Jun; after Mon 06-Jul, Wed 08-Jul."""
    text = CYCLES + LIMIT
    assert limits(played(text, *INFUSED[:2]).plan) == ["Wed 17-Jun-2026"]
    assert limits(played(text, *INFUSED).plan) == ["Wed 08-Jul-2026"]


def limits(plan):
    return [line.when for line in deadline_page(plan).dated if line.mark == "limit"]


SCANS = """
[activities.scan]
title = "scan"
unit = "scan"
days = "-1"
category = "test"
cycles = "1 to 2"
quote = "A scan the day before each cycle."
"""


def test_a_test_done_early_does_not_rename_the_days_of_the_cycle_before():
    """The scan before cycle 2 has its place on Tue 30-Jun, the day before its day 1; it is done on Wed 17-Jun."""
    plan = played(CYCLES + SCANS, *INFUSED, "2026-06-17 12:00 | record scan-2 done 2026-06-17 confirm").plan
    named = {day: str(label_of(plan, date(2026, 6, day))).replace(NO_BREAK, " ") for day in (16, 17, 29, 30)}
    assert named == {16: "Cycle 1 Day 7", 17: "Cycle 1 Day 8", 29: "Cycle 1 Day 20", 30: "Cycle 2 Day −1"}


GAP = """
[rules.GAP]
title = "Cells soon after drug A"
quote = "The cells come at most 6 days after drug A; up to 9 days, ask the principal investigator."
[[rules.GAP.bounds]]
point = "day-zero"
safe = ["day-zero at most 6 days after before.completed"]
literal = ["day-zero at most 9 days after before.completed"]
if-broken = "ask"
"""


def test_a_slip_waits_for_no_ruling_on_a_cycle_whose_cells_are_given():
    """Drug A of cycle 1 ended on Thu 11-Jun, its cells came on Fri 19-Jun, 8 days later: nobody has ruled on it. Cycle 2
    begins on Sun 05-Jul, its drug A ends on Mon 06-Jul, its cells are on Fri 10-Jul. On Sun 12-Jul they are 6 days after
    drug A; on Tue 14-Jul 8, which is for the principal investigator."""
    late = (*INFUSED[:2], "2026-06-19 12:00 | record cells-1 given 2026-06-19 10:00 confirm")
    player = played(CYCLES + GAP, *late, "2026-07-05 12:00 | record drug-a-3 given 2026-07-05")
    assert {(one.cycle, one.status) for one in player.plan.findings if one.rule == "GAP"} == {(1, "boundary"), (2, "met")}
    line = "2026-07-06 12:00 | move 2026-07-{} cycle=2 cause=product"
    allowed = {day: player.verdict(f"2026-07-{day}", "2026-07-06 12:00", "product", 2)["allowed"] for day in (12, 14)}
    assert allowed == {12: True, 14: False}
    assert refusal(player, line.format(12)) == (0, "")
