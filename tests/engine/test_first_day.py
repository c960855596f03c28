"""The first day 0 that a patient who is not planned yet can be given: worked out by hand."""

from datetime import date, datetime

import pytest

from schedule.engine.first_day import first_day_zero

NEVER = (
    "taper-completed", "gvhd-steroid-last", "gvhd-prophylaxis-last", "gvhd-therapy-last", "investigational-agent-last",
    "nitrosourea-last", "immunotherapy-last", "chemotherapy-last", "count-control-last", "venetoclax-last", "bcl2-inhibitor-last",
    "bcr-abl-inhibitor-last", "dli-last", "pregnancy-test",
)  # fmt: skip
KNOWN = {name: "never" for name in NEVER} | {"transplant": date(2026, 1, 20), "marrow": date(2026, 5, 21)}
"""Marrow of Thu 21-May serves day 0 up to 21-May + 28 = Thu 18-Jun-2026; the transplant allows every day of June."""


@pytest.mark.parametrize(
    ("as_of", "times", "first"),
    [
        # Day -5 is the first dose. Without an hour it counts from 00:00, so that of today is past: 1 + 1 + 5 = 7-Jun.
        ("2026-06-01 08:00", {}, "2026-06-07"),
        # At 09:00 it is still ahead at 08:00, and past at 09:00 itself.
        ("2026-06-01 08:00", {"fludarabine": "09:00", "cyclophosphamide": "11:00"}, "2026-06-06"),
        ("2026-06-01 09:00", {"fludarabine": "09:00", "cyclophosphamide": "11:00"}, "2026-06-07"),
        # 11 + 1 + 5 = 17-Jun, a day before the last; 12 + 1 + 5 = 18-Jun is the last; a day later there is none.
        ("2026-06-11 08:00", {}, "2026-06-17"),
        ("2026-06-12 08:00", {}, "2026-06-18"),
        ("2026-06-13 08:00", {}, None),
    ],
)
def test_every_rule_is_kept_and_no_dose_is_past(plan_of, site_of, as_of, times, first):
    plan = plan_of(site_of(times=times), dates=KNOWN, as_of=datetime.fromisoformat(as_of))
    found = first_day_zero(plan, datetime.fromisoformat(as_of))
    assert (found.isoformat() if found else None) == first


def test_a_washout_puts_it_off(plan_of, site_of):
    """Prophylaxis up to Sun 17-May: 17-May + 29 days = Mon 15-Jun (T17)."""
    plan = plan_of(site_of(), dates={**KNOWN, "gvhd-prophylaxis-last": date(2026, 5, 17)}, as_of=datetime(2026, 6, 1, 8))
    assert first_day_zero(plan, datetime(2026, 6, 1, 8)) == date(2026, 6, 15)


def test_of_a_patient_of_whom_nothing_is_known_there_is_none(plan_of, site_of):
    assert first_day_zero(plan_of(site_of(), as_of=datetime(2026, 6, 1, 8)), datetime(2026, 6, 1, 8)) is None
