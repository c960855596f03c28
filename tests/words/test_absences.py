"""What is not in the ledger, said on the terminal and on a page."""

from typing import get_args

import pytest

from schedule.model.errors import NotThere
from schedule.model.reasons.absences import (
    Absence,
    ActAbsent,
    FeedAbsent,
    FirstActAbsent,
    NobodyStored,
    NoPlanStored,
    RevisionAbsent,
    SheetAbsent,
)
from schedule.words.failures import error_in_words

SAID = {
    NoPlanStored(code="CASE-l", known=("CASE-1", "X-9")): '"CASE-l": no plan is stored under this code - did you mean "CASE-1"?',
    RevisionAbsent(code="CASE-1", revision=9, newest=2): "CASE-1, revision 9: there is none - the newest is 2",
    SheetAbsent(typed="7K3M"): '"7K3M": no sheet of the ledger has this code - read it again: XXXX-XXXX, no letter I, L, O or U',
    FeedAbsent(): "feed: there is none with that name - look at the list of feeds",
    NobodyStored(path="l.sqlite"): "l.sqlite: no patient is stored - name a list or a folder: dayzero cases CASES",
    ActAbsent(hash=None): "--since last: nothing says up to which act the ledger was whole - look at the whole ledger, without --since",
    ActAbsent(hash="1c9f"): '"1c9f": no act of the ledger has this hash - look at the whole ledger, without --since',
    FirstActAbsent(code="CASE-1"): "CASE-1: its first act is missing - restore a backup",
}  # fmt: skip


@pytest.mark.parametrize(("absence", "said"), SAID.items(), ids=lambda one: type(one).__name__)
def test_what_is_not_there_is_said_with_what_to_do(absence, said):
    assert error_in_words(NotThere(absence), "terminal") == said


def test_every_absence_has_a_sentence_here():
    assert {type(one) for one in SAID} == set(get_args(Absence))
