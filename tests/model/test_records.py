"""Two records of which some fields do not count are the same or not, whichever way somebody asks."""

from datetime import date

import pytest

from schedule.model.moment import Moment

DAY = date(2026, 6, 15)


@pytest.mark.parametrize(
    ("other", "same"),
    [(Moment(on=DAY), True), (Moment(on=DAY, pinned=True), True), (Moment(on=date(2026, 6, 16)), False), (DAY, False)],
    ids=["all", "but for what does not count", "another date", "another kind"],
)
def test_the_same_is_never_different_too(other, same):
    one = Moment(on=DAY)
    assert (one == other, one != other) == (same, not same)
    assert ((one,) == (other,), (one,) != (other,)) == (same, not same)
    assert same == (hash(one) == hash(other))
