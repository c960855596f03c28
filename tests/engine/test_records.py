"""Records that cannot be, and records that look wrong; the as-of of an act. Beside the cases of
tests/cases/history/records.toml: what is said, both dates with their weekdays. All dates are worked out by hand.

The trial "mixed": drug A on days -5 to -3, cells on day 0 (Mon 15-Jun-2026), drug B on days 0 to +2, vital signs every 8
hours from 4 h after the cells, a line check on day +3, drug C 2 days after it, a visit on day +20 ±2, a call the day after.
"""

import pytest
from shared.lines import played, refusal, texts_of

MIXED, WHOLE = texts_of("records")["mixed"], texts_of("records")["whole"]
CELLS = "2026-06-15 12:00 | record cells-1 given 2026-06-15 10:00"
LOOK = "look again; if it is right, confirm it: --confirm TEST-01"


def mixed(*lines, **more):
    return played(MIXED, *lines, zero="2026-06-15 10:00", **more)


def cannot_be(player, line):
    code, said = refusal(player, line)
    assert code == 2
    return said.removeprefix("TEST-01, ")


# Cannot be ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("word", ["given", "partly", "held"])
def test_a_treatment_that_follows_the_cells_waits_for_their_record(word):
    said = cannot_be(mixed(), f"2026-06-16 12:00 | record drug-b-2 {word} 2026-06-16")
    assert said == "drug-b-2: it follows the cells, and the infusion is not recorded - record the infusion first"


def test_so_does_what_such_a_treatment_is_counted_from():
    said = cannot_be(mixed(), "2026-06-18 12:00 | record line-1 done 2026-06-18 confirm")
    assert said.startswith("line-1: it follows the cells")


def test_a_held_infusion_is_not_recorded_given():
    player = mixed("2026-06-15 12:00 | record cells-1 held 2026-06-15")
    assert cannot_be(player, "2026-06-16 12:00 | record drug-b-2 given 2026-06-16").startswith("drug-b-2: it follows the cells")


def test_what_would_lie_before_the_cells_is_told_with_their_moment():
    said = cannot_be(mixed(CELLS), "2026-06-15 12:00 | record drug-b-1 given 2026-06-15 09:59")
    assert said == "drug-b-1: it would lie before the cells (Mon 15-Jun-2026 10:00) - look at the date"


def test_what_would_lie_after_the_cells_is_told_with_their_moment():
    said = cannot_be(mixed(CELLS), "2026-06-16 12:00 | record drug-a-3 given 2026-06-16 confirm")
    assert said == "drug-a-3: it would lie after the cells (Mon 15-Jun-2026 10:00) - look at the date"


def test_a_correction_that_makes_an_earlier_record_impossible_names_both():
    player = mixed(CELLS, "2026-06-16 12:00 | record drug-b-2 given 2026-06-16")
    said = cannot_be(player, "2026-06-17 12:00 | record cells-1 given 2026-06-17 09:00 confirm")
    assert said == (
        "cells-1: drug B (dose 2 of 3) is recorded given on Tue 16-Jun-2026, and would lie before the cells "
        "(Wed 17-Jun-2026 09:00) - look at both dates"
    )


def test_an_early_infusion_names_the_dose_that_it_would_lie_before():
    player = mixed("2026-06-12 12:00 | record drug-a-3 given 2026-06-12 11:00")
    said = cannot_be(player, "2026-06-12 13:00 | record cells-1 given 2026-06-12 10:00 confirm")
    assert said == (
        "cells-1: drug A (dose 3 of 3) is recorded given on Fri 12-Jun-2026 11:00, and would lie after the cells "
        "(Fri 12-Jun-2026 10:00) - look at both dates"
    )


@pytest.mark.parametrize("line", ["record cells-1 open", "record cells-1 held 2026-06-15"])
def test_an_infusion_is_not_taken_back_nor_held_while_something_after_it_is_recorded(line):
    player = mixed(CELLS, "2026-06-16 12:00 | record drug-b-2 given 2026-06-16")
    said = cannot_be(player, f"2026-06-17 12:00 | {line}")
    assert said == "cells-1: drug B (dose 2 of 3) is recorded given on Tue 16-Jun-2026 - correct that first"


def test_a_held_one_that_follows_keeps_the_infusion_too():
    player = mixed(CELLS, "2026-06-16 12:00 | record drug-b-2 held 2026-06-16")
    assert "drug B (dose 2 of 3) is recorded held" in cannot_be(player, "2026-06-17 12:00 | record cells-1 open")


def test_what_is_not_recorded_is_not_taken_back():
    assert cannot_be(mixed(), "2026-06-10 12:00 | record drug-a-1 open") == (
        "drug-a-1: nothing is recorded of it - there is nothing to take back"
    )


def test_taken_back_is_as_if_never_typed():
    player = mixed("2026-06-10 12:00 | record drug-a-1 given 2026-06-10", "2026-06-11 09:00 | record drug-a-1 open")
    (event,) = (one for one in player.plan.events if one.id == "drug-a-1")
    assert (event.record, event.actual, event.status) == (None, None, "unconfirmed")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("2026-06-10 09:00 | record drug-a-1 given 2026-06-10 09:01", "Wed 10-Jun-2026 09:01 is later than as-of"),
        ("2026-06-09 23:59 | record drug-a-1 given 2026-06-10", "Wed 10-Jun-2026 is later than as-of"),
        ("2026-06-09 23:59 | record drug-a-1 held 2026-06-10", "Wed 10-Jun-2026 is later than as-of"),
        ("2026-06-10 09:00 | record drug-a-1 given 2026-06-10 08:00 to 2026-06-10 09:30", "Wed 10-Jun-2026 09:30 is later than as-of"),
    ],
)
def test_the_future_is_not_recorded_a_hold_included(line, said):
    assert cannot_be(mixed(), line) == f"drug-a-1: {said} - record what has happened"


def test_the_end_does_not_lie_before_the_start():
    said = cannot_be(mixed(), "2026-06-10 12:00 | record drug-a-1 given 2026-06-10 09:00 to 2026-06-10 08:59")
    assert said == (
        "drug-a-1: it would end on Wed 10-Jun-2026 08:59, before it begins on Wed 10-Jun-2026 09:00 - look at both times"
    )


def test_the_hour_is_asked_for_where_hours_are_counted_from_it():
    player = played(MIXED)  # planned day 0 has no hour here; the vital signs are 4 h after the cells
    assert cannot_be(player, "2026-06-15 12:00 | record cells-1 given 2026-06-15") == (
        "cells-1: hours are counted from it or to it (vital signs) - write the hour"
    )


def test_the_hour_is_asked_for_where_it_is_counted_in_hours_itself():
    assert cannot_be(mixed(CELLS), "2026-06-16 12:00 | record signs-1 done 2026-06-15") == (
        "signs-1: hours are counted from it or to it (vital signs) - write the hour"
    )


def test_the_infusion_is_recorded_with_an_hour_where_planned_day_0_has_one():
    player = played(WHOLE, zero="2026-06-15 10:00")
    assert cannot_be(player, "2026-06-15 12:00 | record cells-1 given 2026-06-15") == (
        "cells-1: it is planned with an hour, and a date alone would lose it - write the hour"
    )
    assert refusal(player, "2026-06-15 12:00 | record cells-1 held 2026-06-15") == (0, "")


# Looks wrong ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lines", "line", "said"),
    [
        (  # planned 5-Jul ±2: 3 to 7-Jul, 4 days wide; 12-Jul is 5 days outside
            (CELLS,),
            "2026-07-12 12:00 | record visit-1 done 2026-07-12",
            "visit-1: Sun 12-Jul-2026 looks wrong: it lies far outside its window, Fri 03-Jul-2026 to Tue 07-Jul-2026",
        ),
        (  # planned 15-Jun + 50 = 4-Aug, without a window: more than 3 days
            (CELLS,),
            "2026-08-08 12:00 | record review-1 done 2026-08-08",
            "review-1: Sat 08-Aug-2026 looks wrong: it is 4 days after Tue 04-Aug-2026, when it was due",
        ),
        (  # due 14:00, every 8 hours: more than 4 h
            (CELLS,),
            "2026-06-15 19:00 | record signs-1 done 2026-06-15 18:01",
            "signs-1: Mon 15-Jun-2026 18:01 looks wrong: it is 4 hours 1 minute after Mon 15-Jun-2026 14:00, when it was due",
        ),
        (
            ("2026-06-12 12:00 | record drug-a-2 given 2026-06-12",),
            "2026-06-12 12:00 | record drug-a-3 given 2026-06-11",
            "drug-a-3: Thu 11-Jun-2026 looks wrong: it is before drug A (dose 2 of 3), Fri 12-Jun-2026, which comes first",
        ),
        (
            (CELLS,),
            "2026-07-06 12:00 | record call-1 done 2026-07-06",
            "call-1: Mon 06-Jul-2026 looks wrong: it follows visit (due Sun 05-Jul-2026), which is not recorded",
        ),
        (
            (CELLS, "2026-07-07 12:00 | record visit-1 done 2026-07-07"),
            "2026-07-07 12:00 | record call-1 done 2026-07-06",
            "call-1: Mon 06-Jul-2026 looks wrong: it is before visit, Tue 07-Jul-2026, which it follows",
        ),
        (
            (),
            "2026-06-16 12:00 | record cells-1 given 2026-06-16 09:00",
            "cells-1: Tue 16-Jun-2026 09:00 looks wrong: day 0 is Mon 15-Jun-2026 10:00",
        ),
    ],
)
def test_what_looks_wrong_is_saved_only_once_it_is_confirmed(lines, line, said):
    player = mixed(*lines)
    assert cannot_be(player, line) == f"{said} - {LOOK}"
    assert refusal(player, f"{line} confirm") == (0, "")


def test_a_hold_never_looks_wrong():
    player = mixed(CELLS)
    assert refusal(player, "2026-08-12 12:00 | record visit-1 held 2026-08-12") == (0, "")


def test_what_follows_a_held_visit_only_follows_its_record():
    player = mixed(CELLS, "2026-07-05 12:00 | record visit-1 held 2026-07-05")
    assert refusal(player, "2026-07-06 12:00 | record call-1 done 2026-07-06") == (0, "")


def test_it_is_measured_from_the_booked_time():
    """The review of 4-Aug has no window, so only an hour can be booked: 7-Aug is 3 days away, whatever the hour."""
    player = mixed(CELLS, "2026-06-16 12:00 | book review-1 2026-08-04 09:00")
    assert refusal(player, "2026-08-08 12:00 | record review-1 done 2026-08-07 09:00") == (0, "")
    assert "3 days after Tue 04-Aug-2026 09:00" in cannot_be(player, "2026-08-08 12:00 | record review-1 done 2026-08-07 09:01")


# As-of ----------------------------------------------------------------------------------------------------------------


def test_the_as_of_of_any_act_is_not_earlier_than_an_earlier_move():
    player = mixed("2026-06-05 09:00 | move 2026-06-16 10:00")
    for line in ("record drug-a-1 held 2026-06-04", "book visit-1 2026-07-05", "move 2026-06-17 10:00"):
        assert cannot_be(player, f"2026-06-05 08:59 | {line}") == (
            "as-of: Fri 05-Jun-2026 08:59 is too early: a change was made as of Fri 05-Jun-2026 09:00 - give a later --as-of"
        )
    assert refusal(player, "2026-06-05 09:00 | record drug-a-1 held 2026-06-05") == (0, "")


def test_an_act_may_precede_an_earlier_record_but_not_a_move_of_day_0():
    player = mixed("2026-06-10 12:00 | record drug-a-1 given 2026-06-10 09:00")
    assert refusal(player, "2026-06-10 08:00 | record drug-a-2 held 2026-06-09") == (0, "")
    assert cannot_be(player, "2026-06-10 08:59 | move 2026-06-16 10:00") == (
        "as-of: drug A (dose 1 of 3) is recorded given on Wed 10-Jun-2026 09:00 - give a later --as-of"
    )


def test_an_earlier_move_is_compared_in_the_zone_that_it_was_made_in():
    """09:00 in New York is 15:00 in Berlin: as of 14:59 there it would be earlier."""
    player = mixed("2026-06-05 09:00 | move 2026-06-16 10:00")
    berlin = player.texts[1].replace("America/New_York", "Europe/Berlin")
    assert player.act({"act": "amend", "as_of": "2026-06-05 09:30", "site": berlin})["saved"]
    assert refusal(player, "2026-06-05 14:59 | record drug-a-1 held 2026-06-05")[0] == 2
    assert refusal(player, "2026-06-05 15:00 | record drug-a-1 held 2026-06-05") == (0, "")


def test_nothing_but_a_note_is_taken_once_the_plan_is_cancelled():
    player = mixed("2026-06-02 09:00 | cancel")
    assert refusal(player, "2026-06-10 12:00 | record drug-a-1 given 2026-06-10") == (
        1, "TEST-01: the plan is cancelled. Only notes can be added; nothing was saved.",
    )
