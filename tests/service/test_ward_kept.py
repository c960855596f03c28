"""What the pages of the ward show of a patient is kept for as long as it holds, also while the clocks go back."""

from datetime import UTC, datetime

import pytest
from shared.ward import Ward

from schedule.engine.need import not_recorded
from schedule.ledger.sqlite import SqliteStore
from schedule.model.acts import Note
from schedule.service.inputs import site_time
from schedule.service.listing import listed_patients
from schedule.service.revisions import newest, stored_plan
from schedule.service.ward_kept import WardKept

FIRST, SECOND = "-04:00", "-05:00"
"""On Sun 1-Nov-2026 the clocks of New York show every minute from 01:00 to 01:59 twice: first so far from UTC, then so
far."""


def night(clock, offset):
    return datetime.fromisoformat(f"2026-11-01T{clock}:00{offset}").astimezone(UTC)


@pytest.fixture(params=[FIRST, SECOND])
def booked(request, tmp_path):
    """A patient with a dose in the night in which the clocks go back, at the first or the second 01:30; and which."""
    with SqliteStore(tmp_path / "ledger.sqlite") as store:
        ward = Ward(store, planned="2026-11-05T10:00:00", as_of="2026-10-20 08:00", times={"fludarabine": "09:00"})
        ward.book("fludarabine-2", f"2026-11-01 01:30{request.param}", "2026-10-21 08:00")
        yield ward, request.param


def _listed(ward, now):
    (found,) = listed_patients(ward.store, [ward.code], now)
    return found.plan


def _whole(ward, now):
    row = newest(ward.store, ward.code)
    return stored_plan(ward.store, row, site_time(now, ward.plan.site))


@pytest.mark.parametrize(
    "first", [("00:50", FIRST), ("01:10", FIRST), ("01:40", FIRST), ("01:10", SECOND), ("01:29", SECOND)]
)
def test_what_falls_due_in_the_hour_that_comes_twice_is_told_at_once(booked, first):
    """Asked for in that night at any two moments, it is what it would be if it were made anew."""
    ward, offset = booked
    later = [
        ("01:31", FIRST),
        ("01:05", SECOND),
        ("01:15", SECOND),
        ("01:29", SECOND),
        ("01:31", SECOND),
        ("01:45", SECOND),
    ]
    for at in later:
        if night(*at) <= night(*first):
            continue
        kept = WardKept(lambda plan: [event.id for event in not_recorded(plan)])
        heads = {ward.code: ward.store.head(ward.code)}
        kept.patients(ward.store, night(*first), heads)
        (found,) = kept.patients(ward.store, night(*at), heads)
        due = "fludarabine-2" in found.shown
        assert due == (night(*at) >= night("01:30", offset)), at


@pytest.mark.parametrize("ward_reads", [_listed, _whole])
def test_a_plan_whose_act_was_made_at_the_first_of_two_hours_is_another_at_the_second(booked, ward_reads):
    """A note as of the first 01:20, read at the second 01:20: what was due at the first 01:30 is to be recorded, what
    is due at the second is not."""
    ward, offset = booked
    ward.do(Note(text="seen"), "2026-11-01 01:20")
    plan = ward_reads(ward, night("01:20", SECOND))
    assert [event.id for event in not_recorded(plan) if event.id == "fludarabine-2"] == ["fludarabine-2"] * (offset == FIRST)
