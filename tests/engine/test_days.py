"""A whole day recorded at once: all of it or nothing, and the dates are those of its records typed one by one at the same
as-of. All dates are worked out by hand.

The trial "mixed" (see test_records.py): drug A on days -5 to -3 at 09:00, cells on day 0 (Mon 15-Jun-2026 10:00), drug B on
days 0 to +2 at 20:00, vital signs every 8 hours from 4 h after the cells (14:00, 22:00, 06:00), a line check on day +3.
The trial "three": drugs P at 08:00, Q at 12:00, R at 22:00 on day -5 (Wed 10-Jun-2026).
"""

from datetime import date

import pytest
from oracle.cases import whole
from shared.lines import COMMON, played, refusal, texts_of
from shared.player import report

from schedule.model.acts import RecordDay
from schedule.service.day import as_planned, items_of_day

LOOK = "look again; if it is right, confirm it: --confirm TEST-01"
MIXED = texts_of("records")["mixed"]
NINE = 'format = 1\nname = "Example site"\nzone = "America/New_York"\n[times]\ndrug-a = "09:00"\ndrug-b = "20:00"\n'
THREE = whole(
    COMMON,
    '[courses.before]\ntitle = "Treatment before the cells"\nfrom = "planned-day-zero"\n'
    + "".join(
        f'[activities.drug-{letter}]\ntitle = "drug {letter.upper()}"\ncourse = "before"\ndays = "-5"\n'
        f'category = "treatment"\nquote = "Drug {letter.upper()} on day -5."\n'
        for letter in "pqr"
    )
    + '[activities.cells]\ntitle = "cells"\ndays = "0"\ncategory = "treatment"\nquote = "Cells on day 0."\n'
    '[activities.mix]\ntitle = "mixing test"\ndays = "30 h after drug-q"\ncategory = "test"\nquote = "A test 30 hours after drug Q."\n',
)
CLOCKS = 'format = 1\nname = "Example site"\nzone = "America/New_York"\n[times]\ndrug-p = "08:00"\ndrug-q = "12:00"\ndrug-r = "22:00"\n'


def mixed(*lines):
    return played(MIXED, *lines, zero="2026-06-15 10:00", site=NINE)


def three(*lines, **more):
    return played(THREE, *lines, zero="2026-06-15 10:00", **({"site": CLOCKS} | more))


def times(player, *names):
    """When each was or is, and its status."""
    found = player.report()["occurrences"]
    return {name: (found[name]["when"], found[name]["status"]) for name in names}


def as_one_by_one(player, one_by_one):
    assert player.report() == one_by_one.report()
    assert player.plan.revision == 2


# What it gives --------------------------------------------------------------------------------------------------------


def test_three_doses_early_on_time_and_late_are_one_revision_and_what_hangs_on_one_follows_it():
    """Q at 13:15 + 30 hours = Thu 11-Jun 19:15."""
    player = three(
        "2026-06-10 23:00 | day 2026-06-10 drug-r-1 given 2026-06-10 21:30; drug-q-1 given 2026-06-10 13:15; "
        "drug-p-1 given 2026-06-10 08:00"
    )
    assert times(player, "drug-p-1", "drug-q-1", "drug-r-1", "mix-1") == {
        "drug-p-1": ("2026-06-10 08:00", "given"), "drug-q-1": ("2026-06-10 13:15", "given"),
        "drug-r-1": ("2026-06-10 21:30", "given"), "mix-1": ("2026-06-11 19:15", "planned"),
    }  # fmt: skip
    as_of = "2026-06-10 23:00 | record "
    as_one_by_one(
        player,
        three(
            f"{as_of}drug-q-1 given 2026-06-10 13:15", f"{as_of}drug-p-1 given 2026-06-10 08:00",
            f"{as_of}drug-r-1 given 2026-06-10 21:30",
        ),
    )  # fmt: skip


def test_a_dose_after_midnight_is_of_the_next_date_and_in_the_same_act():
    player = three("2026-06-11 07:00 | day 2026-06-10 drug-q-1 held 2026-06-10; drug-r-1 given 2026-06-11 00:15 to 2026-06-11 01:00")
    found = player.report()["occurrences"]
    assert times(player, "drug-q-1", "drug-r-1") == {
        "drug-q-1": ("2026-06-10 12:00", "held"), "drug-r-1": ("2026-06-11 00:15", "given"),
    }  # fmt: skip
    assert found["drug-r-1"]["end"] == "2026-06-11 01:00"


def test_both_0130_of_an_autumn_night_can_be_in_one_day():
    """New York, Sun 01-Nov-2026: 01:30 −04:00, and an hour later 01:30 −05:00; 30 hours after the latter is Mon 02-Nov 07:30."""
    player = played(
        THREE, "2026-11-01 09:00 | day 2026-11-01 drug-p-1 given 2026-11-01 01:30-04:00; drug-q-1 given 2026-11-01 01:30-05:00",
        zero="2026-11-06 10:00", site=CLOCKS, plan="2026-10-20 09:00 | plan",
    )  # fmt: skip
    assert times(player, "drug-p-1", "drug-q-1", "mix-1") == {
        "drug-p-1": ("2026-11-01 01:30-04:00", "given"), "drug-q-1": ("2026-11-01 01:30-05:00", "given"),
        "mix-1": ("2026-11-02 07:30", "planned"),
    }  # fmt: skip
    assert [one.event for one in player.plan.history.steps[-1].deed.records] == ["drug-p-1", "drug-q-1"]


def test_a_day_with_the_cells_dates_what_follows_them_and_takes_it_in_whatever_order():
    """Cells at 11:30: vital signs at 15:30, 23:30 and Tue 07:30; the first was at 15:40."""
    as_of = "2026-06-15 21:00 | "
    player = mixed(
        f"{as_of}day 2026-06-15 signs-1 done 2026-06-15 15:40; drug-b-1 given 2026-06-15 20:05; cells-1 given 2026-06-15 11:30"
    )
    assert player.report()["day_zero"] == ["2026-06-15 11:30"]
    assert times(player, "cells-1", "signs-1", "signs-2", "signs-3", "drug-b-1") == {
        "cells-1": ("2026-06-15 11:30", "given"), "signs-1": ("2026-06-15 15:40", "done"),
        "signs-2": ("2026-06-15 23:30", "planned"), "signs-3": ("2026-06-16 07:30", "planned"),
        "drug-b-1": ("2026-06-15 20:05", "given"),
    }  # fmt: skip
    as_one_by_one(
        player,
        mixed(
            f"{as_of}record cells-1 given 2026-06-15 11:30", f"{as_of}record signs-1 done 2026-06-15 15:40",
            f"{as_of}record drug-b-1 given 2026-06-15 20:05",
        ),
    )  # fmt: skip
    assert [one.event for one in player.plan.history.steps[-1].deed.records] == ["cells-1", "signs-1", "drug-b-1"]


def test_cells_and_what_follows_them_are_corrected_together_and_taken_back_together():
    """Each by itself is refused: the follower would lie before the cells, or they be taken back under it."""
    given = "2026-06-15 21:00 | day 2026-06-15 cells-1 given 2026-06-15 10:00; drug-b-1 given 2026-06-15 20:00"
    player = mixed(given, "2026-06-15 23:00 | day 2026-06-15 cells-1 given 2026-06-15 20:30; drug-b-1 given 2026-06-15 22:00 confirm")
    assert times(player, "cells-1", "drug-b-1") == {
        "cells-1": ("2026-06-15 20:30", "given"), "drug-b-1": ("2026-06-15 22:00", "given"),
    }  # fmt: skip
    assert refusal(mixed(given), "2026-06-15 23:00 | day 2026-06-15 cells-1 open")[0] == 2
    back = mixed(given, "2026-06-15 23:00 | day 2026-06-15 cells-1 open; drug-b-1 open")
    assert times(back, "cells-1", "drug-b-1") == {
        "cells-1": ("2026-06-15 10:00", "unconfirmed"), "drug-b-1": ("2026-06-15 20:00", "planned"),
    }  # fmt: skip


# All or nothing -------------------------------------------------------------------------------------------------------


def test_one_record_that_cannot_be_saves_none_and_is_the_one_that_is_named():
    """Drug B follows the cells, which are not recorded; the two doses of drug A are right."""
    player = mixed()
    before = player.plan
    line = (
        "2026-06-15 21:00 | day 2026-06-15 drug-a-1 given 2026-06-10 09:00; drug-b-1 given 2026-06-15 20:00; "
        "drug-a-2 given 2026-06-11 09:00"
    )
    code, said = refusal(player, line)
    assert (code, player.plan) == (2, before)
    assert said == "TEST-01, drug-b-1: it follows the cells, and the infusion is not recorded - record the infusion first"


def test_each_record_that_cannot_be_has_its_own_reason():
    line = (
        "2026-06-15 12:00 | day 2026-06-15 cells-1 given 2026-06-15; signs-1 done 2026-06-15 12:01; "
        "drug-a-1 given 2026-06-10 09:00 to 2026-06-10 08:00; drug-a-2 open; drug-a-3 given 2026-06-12 09:00"
    )
    code, said = refusal(mixed(), line)
    assert code == 2
    assert said == " ".join(
        [
            "TEST-01, drug-a-2: nothing is recorded of it - there is nothing to take back",
            "TEST-01, drug-a-1: it would end on Wed 10-Jun-2026 08:00, before it begins on Wed 10-Jun-2026 09:00 - look at both times",
            "TEST-01, cells-1: hours are counted from it or to it (vital signs) - write the hour",
            "TEST-01, signs-1: Mon 15-Jun-2026 12:01 is later than as-of - record what has happened",
        ]
    )


def test_cells_that_make_an_earlier_record_impossible_name_it():
    player = mixed("2026-06-12 12:00 | record drug-a-3 given 2026-06-12 11:00")
    code, said = refusal(
        player, "2026-06-12 13:00 | day 2026-06-12 drug-a-2 given 2026-06-11 09:00; cells-1 given 2026-06-12 10:00 confirm"
    )
    assert code == 2
    assert said == (
        "TEST-01, cells-1: drug A (dose 3 of 3) is recorded given on Fri 12-Jun-2026 11:00, and would lie after the cells "
        "(Fri 12-Jun-2026 10:00) - look at both dates"
    )


def test_what_looks_wrong_among_good_ones_is_asked_about_by_itself():
    """Drug A's third dose of Fri 12-Jun recorded on Tue 16-Jun, 4 days off; the others are right."""
    line = "2026-06-16 12:00 | day 2026-06-16 drug-a-1 given 2026-06-10 09:00; drug-a-3 given 2026-06-16 09:00{}; drug-a-2 given 2026-06-11 09:00"
    code, said = refusal(mixed(), line.format(""))
    assert code == 2
    assert said == f"TEST-01, drug-a-3: Tue 16-Jun-2026 09:00 looks wrong: it is 4 days after Fri 12-Jun-2026 09:00, when it was due - {LOOK}"
    assert times(mixed(line.format(" confirm")), "drug-a-3") == {"drug-a-3": ("2026-06-16 09:00", "given")}


def test_what_follows_something_of_the_same_day_does_not_look_wrong():
    """The vital signs of 14:00 follow the cells of 10:00; both are typed at once, and neither is asked about."""
    assert refusal(mixed(), "2026-06-15 15:00 | day 2026-06-15 signs-1 done 2026-06-15 14:00; cells-1 given 2026-06-15 10:00") == (0, "")


def test_what_the_plan_has_before_the_cells_of_day_0_does_not_look_wrong_before_them():
    """Weighed at 06:00 of day 0, as every day: alone at 07:00, or with the cells of 10:35."""
    site = NINE + '[[tasks]]\nid = "weight"\ntitle = "weigh the patient"\ndays = "-1 to +1"\nat = "06:00"\n'
    doses = "2026-06-14 12:00 | day 2026-06-14 weight-1 done 2026-06-14 06:00"
    alone = played(MIXED, doses, "2026-06-15 07:00 | record weight-2 done 2026-06-15 06:10", zero="2026-06-15 10:00", site=site)
    assert times(alone, "weight-2") == {"weight-2": ("2026-06-15 06:10", "done")}
    both = "2026-06-15 12:00 | day 2026-06-15 weight-2 done 2026-06-15 06:00; cells-1 given 2026-06-15 10:35"
    assert times(played(MIXED, doses, both, zero="2026-06-15 10:00", site=site), "weight-2", "cells-1") == {
        "weight-2": ("2026-06-15 06:00", "done"), "cells-1": ("2026-06-15 10:35", "given"),
    }  # fmt: skip


def test_a_day_as_of_before_an_earlier_move_is_refused():
    player = mixed("2026-06-09 12:00 | move 2026-06-16 10:00")
    code, said = refusal(player, "2026-06-09 11:00 | day 2026-06-09 drug-a-1 given 2026-06-09 09:00 confirm")
    assert code == 2 and "2026 12:00" in said


# As planned -----------------------------------------------------------------------------------------------------------


def seen(player, as_of):
    """The plan as it looks at a moment: a note changes nothing else."""
    player.act({"act": "note", "as_of": as_of})
    return player.plan


def taken(player, day, as_of, *typed):
    plan = seen(player, as_of)
    records = [player.record({"event": event, "word": word, "at": at}) for event, word, at in typed]
    found = as_planned(plan, date.fromisoformat(day), records, (), plan.as_of)
    return [(one.event, one.record.outcome, f"{one.record.moment:%Y-%m-%d %H:%M}") for one in found]


@pytest.mark.parametrize(
    ("as_of", "right"),
    [
        ("2026-06-10 07:59", []),
        ("2026-06-10 08:00", [("drug-p-1", "given", "2026-06-10 08:00")]),
        ("2026-06-10 21:59", [("drug-p-1", "given", "2026-06-10 08:00"), ("drug-q-1", "given", "2026-06-10 12:00")]),
        ("2026-06-10 22:00", [("drug-p-1", "given", "2026-06-10 08:00"), ("drug-q-1", "given", "2026-06-10 12:00"), ("drug-r-1", "given", "2026-06-10 22:00")]),
    ],
)  # fmt: skip
def test_as_planned_takes_what_was_due_by_now(as_of, right):
    assert taken(three(), "2026-06-10", as_of) == right


def test_as_planned_takes_nothing_recorded_nothing_typed_and_nothing_of_another_day():
    player = three("2026-06-10 09:00 | record drug-p-1 given 2026-06-10 08:20")
    assert taken(player, "2026-06-10", "2026-06-10 23:00", ("drug-q-1", "held", "2026-06-10")) == [("drug-r-1", "given", "2026-06-10 22:00")]
    assert taken(player, "2026-06-11", "2026-06-11 17:59") == []  # the test is due 30 hours after 12:00: at 18:00
    assert taken(player, "2026-06-11", "2026-06-11 18:00") == []  # and follows drug Q, which is not recorded


def test_the_cells_are_never_taken_as_planned_nor_what_follows_them_before_they_are_typed():
    assert taken(mixed(), "2026-06-15", "2026-06-15 23:00") == []


def test_once_the_cells_are_typed_what_follows_them_is_taken_where_they_put_it():
    """Cells at 11:30: vital signs 4 hours later at 15:30, and the second at 23:30 is not due by 23:00; drug B at 20:00."""
    found = taken(mixed(), "2026-06-15", "2026-06-15 23:00", ("cells-1", "given", "2026-06-15 11:30"))
    assert found == [("signs-1", "done", "2026-06-15 15:30"), ("drug-b-1", "given", "2026-06-15 20:00")]


def test_the_items_of_a_day_stand_in_their_parts_and_what_is_older_apart():
    player = three("2026-06-10 09:00 | record drug-p-1 given 2026-06-10 08:20")
    items = items_of_day(seen(player, "2026-06-10 12:30"), date.fromisoformat("2026-06-10"))
    parts = [[one.id for one in part] for part in (items.earlier, items.due, items.later, items.recorded)]
    assert parts == [[], ["drug-q-1"], ["drug-r-1"], ["drug-p-1"]]
    later = items_of_day(seen(player, "2026-06-12 07:00"), date.fromisoformat("2026-06-11"))
    assert [one.id for one in later.earlier] == ["drug-q-1", "drug-r-1"]
    assert [one.id for one in (*later.due, *later.later)] == ["mix-1"]


def test_a_day_is_kept_as_one_act():
    player = three("2026-06-10 23:00 | day 2026-06-10 drug-p-1 given 2026-06-10 08:00; drug-q-1 given 2026-06-10 12:00")
    assert isinstance(player.plan.history.steps[-1].deed, RecordDay)
    assert len(player.plan.history.steps) == 2
    assert report(player.plan)["occurrences"]["drug-r-1"]["status"] == "unconfirmed"
