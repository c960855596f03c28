"""The cases of patients' histories, worked out by hand, played through the engine."""

import pytest
from oracle.cases import FOLDER, differences, read_file
from shared import TESTS
from shared.player import feasible, play

CASES = [
    case
    for path in [TESTS / "oracle" / "faults.toml", *sorted(FOLDER.glob("*.toml"))]
    if path.name != "common.toml"
    for case in read_file(path)
]


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_the_engine_gives_what_was_worked_out_by_hand(case):
    outcomes = play(case.protocol, case.site, case.case, case.acts)
    assert differences(case, outcomes, feasible) == [], case.why
