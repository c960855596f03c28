"""The oracle is proved against values worked out by hand: the small inputs of faults.toml and the cases of
tests/cases/history."""

from pathlib import Path

import pytest

from .cases import FOLDER, Case, differences, read_file
from .play import feasible, play

HERE = Path(__file__).parent
CASES = [
    case
    for path in [HERE / "faults.toml", *sorted(FOLDER.glob("*.toml"))]
    if path.name != "common.toml"
    for case in read_file(path)
]


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_a_case_comes_out_as_worked_out_by_hand(case: Case):
    outcomes = play(case.protocol, case.site, case.case, case.acts)
    assert differences(case, outcomes, feasible) == [], case.why


def test_names_of_cases_are_their_own():
    assert len({case.name for case in CASES}) == len(CASES)
