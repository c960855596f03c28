"""The product and the oracle play the same random patients, and give the same dates, statuses, verdicts and exit codes.

More of them by hand: `python -m oracle.compare --seed 100000 --count 100000`.
"""

import pytest

from .compare import differences
from .generate import world

HISTORIES, CHUNK, LENGTH = 2000, 50, 9


@pytest.mark.parametrize("first", range(0, HISTORIES, CHUNK))
def test_the_product_gives_what_the_oracle_gives(first: int):
    for seed in range(first, first + CHUNK):
        assert differences(world(seed, LENGTH)) == [], f"python -m oracle.compare --seed {seed} --count 1 --length {LENGTH}"
