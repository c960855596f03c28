"""Each site has its own weekend."""

from datetime import date

import pytest

from schedule.engine.site_days import closed_because, working_days
from schedule.model.errors import InputError

WEEK = [date(2026, 6, day) for day in range(8, 15)]
"""Monday to Sunday."""


@pytest.mark.parametrize(
    ("said", "off"),
    [
        ("", ["Saturday", "Sunday"]),
        ('weekend = ["Fri", "Sat"]', ["Friday", "Saturday"]),
        ('weekend = ["friday"]', ["Friday"]),
        ("weekend = []", []),
        ('weekend = "Sun"', ["Sunday"]),
    ],
)
def test_the_weekdays_on_which_a_site_does_not_work_are_its_own(site_of, said, off):
    site = site_of(more=said)
    assert [why for why in (closed_because(site, day) for day in WEEK) if why] == off
    assert len(working_days(site, WEEK[0], WEEK[-1])) == 7 - len(off)


def test_what_is_no_weekday_is_named(site_of):
    with pytest.raises(InputError) as raised:
        site_of(more='weekend = ["Fr", "Sat"]')
    assert str(raised.value) == 'site.toml, weekend: "Fr" is not a weekday - write weekend = ["Fri", "Sat"]'


def test_a_weekend_of_friday_is_flagged_and_nothing_moves(site_of, plan_of):
    site = site_of(parameters={"il2-days": "+1 to +13 every 2 days"}, more='weekend = ["Fri", "Sat"]')
    plan = plan_of(site, planned_day_zero=date(2026, 6, 16))
    flags = {event.on: [off.because for off in event.flags] for event in plan.events if event.activity == "il2"}
    assert flags[date(2026, 6, 19)] == ["Friday"] and flags[date(2026, 6, 21)] == []
