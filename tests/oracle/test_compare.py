"""The product and the oracle play the same random patients, and give the same dates, statuses, verdicts and exit codes.

Every other protocol holds more forms. More of them by hand: `python -m oracle.compare --seed 100000 --count 100000 --days`.
"""

import pytest

from .compare import differences
from .generate import world

HISTORIES, CHUNK, LENGTH = 2000, 50, 7


@pytest.mark.parametrize("first", range(0, HISTORIES, CHUNK))
def test_the_product_gives_what_the_oracle_gives(first: int):
    for seed in range(first, first + CHUNK):
        more = seed % 2 == 1
        again = f"python -m oracle.compare --seed {seed} --count 1 --length {LENGTH} --days{' --more' * more}"
        assert differences(world(seed, LENGTH, more), days=seed % 10 < 2) == [], again
