"""May day 0 move there? What stands against it, and that one question has one answer wherever it is asked. Beside the
cases of tests/cases/history/moves.toml and days-0.toml. All dates are worked out by hand.

The trial "whole": drug A on days -5 to -3 from planned day 0, cells on day 0 (Mon 15-Jun-2026), drug B on days +1, +3 and
+5, a weighing on day -1, a visit on day +28 ±3.
"""

from datetime import date, datetime, timedelta

import pytest
from oracle.cases import read_act
from shared.lines import played, refusal, texts_of
from shared.player import if_day_zero

from schedule.engine.move import if_moved
from schedule.engine.possible_days import possible_days
from schedule.model.errors import Refused
from schedule.model.moment import Moment
from schedule.words.refusals import move_refusal_in_words

TEXTS = texts_of("moves") | texts_of("days-0") | {"mixed": texts_of("records")["mixed"]}
WHOLE, LIMIT, MIXED = TEXTS["whole"], TEXTS["limit"], TEXTS["mixed"]
CELLS = "2026-06-15 12:00 | record cells-1 given 2026-06-15"


def verdict(player, line):
    """The verdict of a line that moves day 0, and what is said against it."""
    act = read_act(line, {}, {})[0]
    deed, as_of = player.deed(act, None, None, None), player.as_of(act["as_of"], player.site)
    found = if_moved(player.plan, deed, as_of, 99).verdict
    return found, [move_refusal_in_words(one, "day 0", "terminal") for one in found.refusals]


# Not allowed ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lines", "line", "kind", "said"),
    [
        (  # a re-plan earlier than as-of has no first dose to speak of
            (),
            "2026-06-09 12:00 | move 2026-06-08",
            "re-plan",
            "Mon 08-Jun-2026 is past: it is Tue 09-Jun-2026 12:00.",
        ),
        (  # 10-Jun - 5 = 5-Jun, which counts from 00:00
            (),
            "2026-06-05 09:00 | move 2026-06-10",
            "re-plan",
            "The first dose of lymphodepletion would be due on Fri 05-Jun-2026, which has passed.",
        ),
        (
            (),
            "2026-06-12 09:00 | move 2026-06-14",
            "slip",
            "Sun 14-Jun-2026 is before planned day 0, Mon 15-Jun-2026: lymphodepletion has begun.",
        ),
        (
            ("2026-06-14 09:00 | move 2026-06-17",),
            "2026-06-17 09:00 | move 2026-06-16",
            "slip",
            "Tue 16-Jun-2026 is past: it is Wed 17-Jun-2026 09:00.",
        ),
        (
            ("2026-06-16 12:00 | record visit-1 done 2026-06-16 confirm",),
            "2026-06-16 13:00 | move 2026-06-18",
            "slip",
            "Visit is recorded done on Tue 16-Jun-2026: it follows the infusion, and would lie before it. Correct that record first.",
        ),
        (
            (CELLS,),
            "2026-06-15 13:00 | move 2026-06-18",
            "slip",
            "The infusion is recorded, Mon 15-Jun-2026: day 0 no longer moves. Correct the record if it is wrong.",
        ),
        (("2026-06-02 09:00 | cancel",), "2026-06-03 09:00 | move 2026-06-18", "slip", "The plan is cancelled."),
        ((), "2026-06-03 09:00 | move 2026-06-18 cycle=2", "slip", "There is no cycle 2: this patient has one."),
    ],
)
def test_a_move_is_not_allowed_for_a_reason(lines, line, kind, said):
    player = played(WHOLE, *lines)
    before = player.plan
    found, words = verdict(player, line)
    assert (found.allowed, words) == (False, [said])
    assert refusal(player, line)[0] == 1 and player.plan is before
    if "cancelled" not in said and "cycle" not in said and "recorded, " not in said:
        assert found.kind == kind


@pytest.mark.parametrize("to", ["2026-06-15", "2026-06-16"])
def test_what_was_done_before_day_0_or_on_the_new_one_stands_against_nothing(to):
    player = played(WHOLE, "2026-06-14 12:00 | record weight-1 done 2026-06-14")
    assert verdict(player, f"2026-06-14 13:00 | move {to}")[1] == []


def test_a_move_by_date_alone_is_asked_for_its_hour_where_hours_are_counted_from_the_cells():
    player = played(MIXED, zero="2026-06-15 10:00")
    assert refusal(player, "2026-06-12 09:00 | move 2026-06-16") == (
        2, "TEST-01, day 0: hours are counted from it or to it (vital signs) - write the hour",
    )  # fmt: skip


# Slip or re-plan ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lines", "line", "kind"),
    [
        ((), "2026-06-09 23:59 | move 2026-06-20", "re-plan"),
        ((), "2026-06-10 00:00 | move 2026-06-20", "slip"),  # drug A of 10-Jun has no hour: due from 00:00
        (("2026-06-09 12:00 | record drug-a-1 partly 2026-06-09",), "2026-06-09 13:00 | move 2026-06-20", "slip"),
        (("2026-06-10 12:00 | record drug-a-1 held 2026-06-10",), "2026-06-10 13:00 | move 2026-06-22", "re-plan"),
        (("2026-06-10 12:00 | record drug-a-1 held 2026-06-10",), "2026-06-11 00:00 | move 2026-06-22", "slip"),
    ],
)
def test_treatment_begun_makes_a_slip(lines, line, kind):
    player = played(WHOLE, *lines)
    assert verdict(player, line)[0].kind == kind
    assert refusal(player, line) == (0, "")


# Nothing moves --------------------------------------------------------------------------------------------------------


def test_a_move_to_where_both_stand_is_answered_and_not_kept():
    player = played(WHOLE)
    before = player.plan
    found, _ = verdict(player, "2026-06-08 09:00 | move 2026-06-15")
    assert (found.kind, found.allowed, found.unchanged) == ("re-plan", True, True)
    assert refusal(player, "2026-06-08 09:00 | move 2026-06-15") == (0, "") and player.plan is before


def test_a_move_to_where_both_stand_is_refused_like_any_other():
    found, words = verdict(played(WHOLE), "2026-06-16 09:00 | move 2026-06-15")
    assert (found.unchanged, words) == (True, ["Mon 15-Jun-2026 is past: it is Tue 16-Jun-2026 09:00."])


def test_a_slip_back_to_planned_day_0_is_a_change():
    player = played(WHOLE, "2026-06-12 09:00 | move 2026-06-18")
    assert not verdict(player, "2026-06-12 10:00 | move 2026-06-15")[0].unchanged


# By the rules ---------------------------------------------------------------------------------------------------------


def test_48_hours_to_the_minute_are_the_limit_and_are_told():
    player = played(LIMIT, zero="2026-06-15 10:00")
    found, words = verdict(player, "2026-06-12 09:00 | move 2026-06-17 10:01 cause=product")
    assert not found.allowed and words[0].startswith("DELAY: ")
    found, words = verdict(player, "2026-06-12 09:00 | move 2026-06-17 10:00 cause=product")
    assert (words, found.limit.used, found.limit.left) == ([], 48, 0)


def test_an_hour_that_is_missing_is_asked_for_where_the_limit_hangs_on_it():
    """P+1 is within 48 hours at every hour, P+2 at some, P+3 at none."""
    player = played(LIMIT)
    line = "2026-06-12 09:00 | move 2026-06-{} cause=product"
    assert [verdict(player, line.format(day))[0].allowed for day in (16, 17, 18)] == [True, False, False]
    assert "enter that hour first (dayzero fact … planned-day-zero)" in verdict(player, line.format(17))[1][-1]


def test_what_was_violated_before_the_slip_blocks_nothing_the_limit_neither():
    """The record of the infusion, 72 hours late, is taken back: the slip that stood before had 24 hours; 25 are allowed."""
    player = played(LIMIT, zero="2026-06-15 10:00")
    assert refusal(player, "2026-06-12 09:00 | move 2026-06-16 10:00 cause=product") == (0, "")
    assert verdict(player, "2026-06-12 10:00 | move 2026-06-16 11:00 cause=product")[1] == []


def test_a_rule_of_kind_ask_waits_for_its_ruling():
    """The marrow of 19-May is 28 days old on 16-Jun, 29 on 17-Jun: the principal investigator is asked first."""
    dates = "[dates]\ndrug-last = 2026-05-01\nmarrow = 2026-05-19\n"
    given = "2026-06-10 12:00 | record drug-a-1 given 2026-06-10"
    player = played(TEXTS["simple"], given, zero="2026-06-15 10:00", more=dates)
    line = "2026-06-11 12:00 | move 2026-06-17 10:00"
    found, words = verdict(player, line)
    assert [type(one).__name__ for one in found.refusals] == ["NewlyViolated"] and "dayzero rule" in words[0]
    assert refusal(player, "2026-06-11 12:00 | rule M1 allowed for=2026-06-17") == (0, "")
    assert verdict(player, line)[1] == []


# One answer -----------------------------------------------------------------------------------------------------------

HISTORIES = {
    "before treatment": (WHOLE, (), "2026-06-04 09:00"),
    "treatment begun": (WHOLE, ("2026-06-10 12:00 | record drug-a-1 given 2026-06-10",), "2026-06-11 09:00"),
    "a slip made": (LIMIT, ("2026-06-12 09:00 | move 2026-06-16 cause=product",), "2026-06-12 12:00"),
    "a limit for any cause": (TEXTS["any-cause"], (), "2026-06-12 09:00"),
    "all held": (WHOLE, ("2026-06-10 12:00 | record drug-a-1 held 2026-06-10",), "2026-06-10 13:00"),
}


@pytest.mark.parametrize("name", HISTORIES)
def test_every_day_of_60_before_and_after_has_one_answer(name):
    """The calendar of possible days says what the act does, and the plan it keeps is the one that was seen."""
    text, lines, as_of = HISTORIES[name]
    player = played(text, *lines)
    plan, now = player.plan, player.as_of(as_of, player.site)
    seen = {day.on: day for day in possible_days(plan, now)}
    for n in range(-60, 61):
        day = plan.standing.day_zero.on + timedelta(days=n)
        found = if_day_zero(plan, Moment(on=day), now, "product")
        code, _ = refusal(player, f"{as_of} | move {day} cause=product")
        violated = found.verdict.kind == "re-plan" and bool(found.after.violated)
        assert code == int(not found.verdict.allowed or violated), day
        kept = found.verdict.allowed and not found.verdict.unchanged
        assert (player.plan is not plan) == kept, day
        if kept:
            assert (player.plan.events, player.plan.findings) == (found.after.events, found.after.findings), day
        if day in seen and not seen[day].is_past:
            assert (seen[day].graded["other"].prospect == "refused") == (not found.verdict.allowed), day
        player.plan = plan


def test_feasible_days_are_those_that_the_act_finds_nothing_against():
    """Before treatment: drug-last 15-May + 29 = 13-Jun is the first day met, 28 the first to be decided; the marrow of
    20-May serves up to 17-Jun."""
    dates = "[dates]\ndrug-last = 2026-05-15\nmarrow = 2026-05-20\n"
    player = played(TEXTS["simple"], zero="2026-06-15 10:00", more=dates, plan="2026-03-01 09:00 | plan")
    spans = {(first, last): status for first, last, status in player.plan.feasible.intervals}
    for n in range(-60, 61):
        day = date(2026, 6, 15) + timedelta(days=n)
        after, found_verdict = if_day_zero(player.plan, player.moment(f"{day} 10:00"), datetime(2026, 3, 2, 9), "product")
        assert found_verdict.allowed
        found = next((status for (first, last), status in spans.items() if first <= day <= last), "violated")
        statuses = {one.status for one in after.findings if one.rule in after.protocol.rules}
        assert found == next((one for one in ("violated", "boundary") if one in statuses), "met"), day


def test_a_day_on_which_the_clocks_skip_the_hour_is_asked_for_one():
    """New York, 8-Mar-2026: 02:30 does not exist; the vital signs are counted in hours from the cells."""
    player = played(MIXED, zero="2026-03-06 02:30", plan="2026-01-01 09:00 | plan")
    (day,) = (one for one in possible_days(player.plan, datetime(2026, 2, 1, 9)) if one.on == date(2026, 3, 8))
    for cause in ("illness", "other"):
        assert (day.graded[cause].prospect, type(day.graded[cause].refusal).__name__) == ("refused", "HourIsNeeded")


def test_as_of_is_too_early_for_what_if_as_for_the_act():
    player = played(WHOLE, "2026-06-10 12:00 | record drug-a-1 given 2026-06-10")
    with pytest.raises(Refused):
        possible_days(player.plan, datetime(2026, 6, 9, 9))


def test_a_move_names_its_cycle_else_it_is_the_first_whose_infusion_is_not_recorded():
    """Cycle 2: cells on 15-Jun + 28 = 13-Jul, drug A on 10 and 11-Jul; a move to 15-Jul takes them to 12 and 13-Jul."""
    player = played(texts_of("cycles")["cycles"], "2026-06-15 12:00 | record cells-1 given 2026-06-15 10:00")
    assert "the infusion is recorded" in verdict(player, "2026-06-20 09:00 | move 2026-07-15 cycle=1")[1][0].lower()
    assert {day.on - date(2026, 7, 13) for day in possible_days(player.plan, datetime(2026, 6, 20, 9)) if not day.apart} == {
        timedelta(0)
    }
    assert refusal(player, "2026-06-20 09:00 | move 2026-07-15") == (0, "")
    assert [str(one.on) for one in player.plan.events if one.cycle == 2 and one.activity == "drug-a"] == ["2026-07-12", "2026-07-13"]
    assert str(player.plan.standing.day_zero.on) == "2026-06-15"
