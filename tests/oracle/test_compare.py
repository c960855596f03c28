"""The product and the oracle play the same random patients, and give the same dates, statuses, verdicts and exit codes.

Every other protocol holds more forms. More of them by hand: `python -m oracle.compare --seed 100000 --count 100000 --days`.
"""

import pytest

from .compare import differences
from .days import by_days
from .generate import world
from .nights import night

HISTORIES, CHUNK, LENGTH = 2000, 50, 7


@pytest.mark.parametrize("first", range(0, HISTORIES, CHUNK))
def test_the_product_gives_what_the_oracle_gives(first: int):
    for seed in range(first, first + CHUNK):
        more = seed % 2 == 1
        again = f"python -m oracle.compare --seed {seed} --count 1 --length {LENGTH} --days{' --more' * more}"
        assert differences(world(seed, LENGTH, more), days=seed % 10 < 2) == [], again


@pytest.mark.parametrize("first", range(5000, 5100, 20))
def test_a_day_recorded_at_once_gives_what_its_records_give_one_by_one(first: int):
    together = 0
    for seed in range(first, first + 20):
        made = world(seed, 10, seed % 2 == 1)
        acts = by_days(made)
        together += sum(len(act.get("records", ())) > 1 for act in acts)
        assert differences(made, acts) == [], seed
    assert together >= 5


@pytest.mark.parametrize("first", range(0, 40, 10))
def test_nights_on_which_the_clocks_change_are_the_same_to_both(first: int):
    for seed in range(first, first + 10):
        assert differences(night(seed, 10), days=seed % 5 == 0) == [], seed
