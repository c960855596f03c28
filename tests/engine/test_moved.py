"""That day 0 moved is told for 72 elapsed hours, from where to where and by whom, whatever is done meanwhile."""

from datetime import UTC, date, datetime

import pytest
from msgspec.structs import replace
from shared.notices import SITE, Example
from shared.ward import Ward

from schedule.engine.moved import days_left_empty, moved_day_zero
from schedule.ledger.sqlite import SqliteStore
from schedule.model.acts import Cancel, Note
from schedule.service.listing import listed_patients
from schedule.service.revisions import newest, plan_of
from schedule.words.moved import moved_by, moved_from, moved_in_short, moved_when


@pytest.fixture
def store(tmp_path):
    with SqliteStore(tmp_path / "ledger.sqlite") as found:
        yield found


def at(text):
    return datetime.fromisoformat(text)


def seen(ward, now):
    return moved_day_zero(plan_of(ward.store, newest(ward.store, ward.code)), at(now))


@pytest.fixture
def moved(store):
    """Day 0 moved from Mon 15-Jun to Tue 16-Jun, on Thu 11-Jun at 20:15, by the principal investigator."""
    ward = Ward(store)
    ward.record("fludarabine-1", "given", "2026-06-10 09:00")
    ward.slip("2026-06-16 10:00", "2026-06-11 20:15")
    return ward


def test_a_move_is_told_for_72_hours_and_not_a_minute_longer(moved):
    assert seen(moved, "2026-06-11 20:14") is None
    for now in ("2026-06-11 20:15", "2026-06-14 20:15"):
        found = seen(moved, now)
        assert (found.was.on, found.now.on, found.by) == (date(2026, 6, 15), date(2026, 6, 16), "PI")
        assert found.at.replace(tzinfo=None) == at("2026-06-11 20:15")
    assert seen(moved, "2026-06-14 20:16") is None


def test_a_day_that_a_move_has_emptied_leads_to_the_date_that_has_its_name_now(moved):
    """The donor was on Sun 14-Jun (day −1) and is on Mon 15-Jun, where the cells were; IL-2 was on Thu 18-Jun (day +3) and is
    on Fri 19-Jun. On Tue 16-Jun, a dose of IL-2 until then, are the cells. Fludarabine of Fri 12-Jun stays."""
    found = days_left_empty(plan_of(moved.store, newest(moved.store, moved.code)))
    days = {day.day: now.day for day, now in found.items() if day < date(2026, 6, 20)}
    assert days == {14: 15, 18: 19}


def test_no_day_is_emptied_where_nothing_moved(store):
    assert days_left_empty(Ward(store).plan) == {}


@pytest.mark.parametrize(
    ("zone", "moved_at", "last"),
    [  # the clocks of New York go forward on Sun 08-Mar-2026 at 02:00, and back on Sun 01-Nov-2026 at 02:00
        ("America/New_York", "2026-03-06 20:15", "2026-03-09 21:15"),
        ("America/New_York", "2026-10-30 20:15", "2026-11-02 19:15"),
        ("Asia/Kolkata", "2026-03-06 20:15", "2026-03-09 20:15"),
    ],
)
def test_the_hours_are_elapsed_ones_where_the_clocks_change(store, zone, moved_at, last):
    zero = datetime.fromisoformat(moved_at[:10]).replace(hour=10)
    planned = zero.replace(day=11).isoformat() if zero.month == 3 else datetime(2026, 11, 4, 10).isoformat()
    ward = Ward(store, planned=planned, zone=zone, as_of="2026-02-20 08:00")
    ward.slip(planned.replace("-11T", "-12T").replace("-04T", "-05T").replace("T", " ")[:16], moved_at)
    assert seen(ward, last) is not None
    assert seen(ward, (at(last).replace(minute=16)).isoformat()) is None


@pytest.mark.parametrize(
    ("offset", "last", "said"),
    [  # 72 hours after 05:30 and after 06:30 UTC of Sun 01-Nov-2026 the clocks show, on Wed 04-Nov, standard time
        ("-04:00", "2026-11-04 00:30", "01:30 (1st)"),
        ("-05:00", "2026-11-04 01:30", "01:30 (2nd)"),
    ],
)
def test_a_move_in_the_hour_that_comes_twice_is_told_for_72_hours_in_plans_and_lists(store, offset, last, said):
    ward = Ward(store, planned="2026-11-08T10:00:00", as_of="2026-10-20 08:00")
    ward.slip("2026-11-09 10:00", f"2026-11-01 01:30{offset}")
    for now, is_told in ((at(last), True), (at(last).replace(minute=31), False)):
        (listed,) = listed_patients(store, [ward.code], at("2026-11-04 12:00").replace(tzinfo=UTC), now)
        for plan in (listed.plan, plan_of(store, newest(store, ward.code), now)):
            found = moved_day_zero(plan, now)
            assert (found is not None) == is_told
            assert found is None or moved_when(found).startswith(f"on Sun 01-Nov-2026 {said}")


def test_a_list_as_of_the_second_of_two_hours_is_at_that_one(store):
    ward = Ward(store, planned="2026-11-08T10:00:00", as_of="2026-10-20 08:00")
    ward.do(Note(text="told the laboratory"), "2026-11-01 01:30-05:00")
    (listed,) = listed_patients(store, [ward.code], datetime(2026, 11, 1, 6, 30, tzinfo=UTC))
    assert (listed.plan.as_of.hour, listed.plan.as_of.fold) == (1, 1)
    before = store.listed(ward.code).listed
    assert before.as_of.astimezone(UTC) == datetime(2026, 11, 1, 6, 30, tzinfo=UTC)


def test_a_note_a_record_and_a_second_look_hide_no_move(moved):
    moved.do(Note(text="told the cell laboratory"), "2026-06-12 08:00")
    moved.record("fludarabine-2", "given", "2026-06-11 09:00", "2026-06-12 08:30")
    assert seen(moved, "2026-06-12 09:00").by == "PI"


def test_several_moves_are_one_from_the_first_date_to_the_last(moved):
    moved.slip("2026-06-17 10:00", "2026-06-12 07:00")
    found = seen(moved, "2026-06-13 08:00")
    assert (found.was.on, found.now.on) == (date(2026, 6, 15), date(2026, 6, 17))
    assert found.at.replace(tzinfo=None) == at("2026-06-12 07:00")
    first_is_old = seen(moved, "2026-06-14 20:30")
    assert (first_is_old.was.on, first_is_old.now.on) == (date(2026, 6, 16), date(2026, 6, 17))


def test_a_move_and_back_is_none(moved):
    moved.slip("2026-06-15 10:00", "2026-06-12 07:00")
    assert seen(moved, "2026-06-12 08:00") is None


def test_another_hour_of_the_same_day_is_a_move(store):
    ward = Ward(store)
    ward.slip("2026-06-15 14:00", "2026-06-09 20:15")
    plan = plan_of(ward.store, newest(ward.store, ward.code))
    said = moved_in_short(moved_day_zero(plan), plan.protocol, date(2026, 6, 9))
    assert said.replace("\u00a0", " ") == "Day 0 moved today 20:15, 10:00 to 14:00 on Mon 15-Jun-2026, by PI"


def test_once_the_infusion_is_recorded_or_the_plan_cancelled_nothing_is_told(moved):
    for event, when in (("fludarabine-2", "11 09:00"), ("fludarabine-3", "12 09:00"), ("nk-infusion-1", "16 10:05")):
        moved.record(event, "given", f"2026-06-{when}", max(f"2026-06-{when}", "2026-06-12 09:00"))
    assert moved_day_zero(replace(moved.plan, as_of=at("2026-06-12 10:00"))) is None


def test_of_a_cancelled_plan_no_move_is_told(moved):
    moved.do(Cancel(), "2026-06-12 09:00", reason="withdrawn")
    assert seen(moved, "2026-06-12 10:00") is None


def test_a_move_is_said_as_seen_from_the_day(moved):
    plan = moved.plan
    found = moved_day_zero(plan, at("2026-06-12 08:00"))
    for today, when in ((11, "today 20:15"), (12, "yesterday 20:15"), (13, "on Thu 11-Jun-2026 20:15")):
        said = moved_in_short(found, plan.protocol, date(2026, 6, today)).replace("\u00a0", " ")
        assert said == f"Day 0 moved {when}, Mon 15-Jun to Tue 16-Jun, by PI"
    assert moved_from(found, plan.protocol).replace("\u00a0", " ") == "Day 0 moved from Mon 15-Jun-2026 10:00 to Tue 16-Jun-2026 10:00"
    assert (moved_when(found), moved_by(found)) == ("on Thu 11-Jun-2026 20:15, by PI", ", by PI")


def test_a_plan_that_never_moved_tells_nothing(store):
    assert moved_day_zero(Example(store, SITE).plan) is None
