"""What is said of what the disk or the ledger did not do: tests compare the sentences that a terminal shows."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from schedule.model.errors import NotDone
from schedule.words.failures import error_in_words, fault_in_words


def said(error: Exception) -> str:
    """The sentence of an error that ended an act."""
    return error_in_words(error, "terminal")


def told(faults: Any) -> list[str]:
    """The sentences of what is wrong."""
    return [fault_in_words(fault) for fault in faults]


@contextmanager
def not_done(match: str = "", kind: type[NotDone] = NotDone) -> Iterator[Any]:
    """As `pytest.raises`: the sentence must hold `match`."""
    with pytest.raises(kind) as caught:
        yield caught
    assert re.search(match, said(caught.value)), said(caught.value)
