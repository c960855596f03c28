"""Every status has a name, and every finding's status its place: the one to act on first."""

from typing import get_args

import pytest

from schedule.model.plan import Status, Verdict
from schedule.words.findings import AT_REST, OPEN_TITLES, ORDER
from schedule.words.statuses import status_in_words

OTHERWISE = {"boundary": "to be decided", "unconfirmed": "not recorded"}


@pytest.mark.parametrize("status", [*get_args(Status), *get_args(Verdict)])
def test_a_status_is_called_as_it_is_but_for_two(status):
    assert status_in_words(status) == OTHERWISE.get(status, status)


def test_every_status_of_a_finding_has_its_place_among_the_others():
    assert sorted(ORDER) == sorted(get_args(Verdict))
    assert {*OPEN_TITLES, *AT_REST, "ruled"} == set(get_args(Verdict))
