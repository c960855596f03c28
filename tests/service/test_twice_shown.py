"""What the clock changes of a plan, asked for as of the first of the two minutes that an autumn night shows under one name."""

from datetime import datetime

import pytest
from shared.ward import Ward

from schedule.ledger.sqlite import SqliteStore
from schedule.service.revisions import newest, plan_of

FIRST = datetime(2026, 11, 1, 1, 30)
TIMES = {"fludarabine": "09:00", "cyclophosphamide": "11:00"}


@pytest.mark.parametrize("as_of", [FIRST, FIRST.replace(hour=0)])
def test_what_begins_at_the_second_1_30_is_told_of_as_of_the_first(tmp_path, as_of):
    """Lymphodepletion begins with a dose at the second 01:30 of 1-Nov-2026, 06:30 UTC: that alone changes findings."""
    with SqliteStore(tmp_path / "ledger.sqlite") as store:
        ward = Ward(store, planned="2026-11-06T10:00:00", as_of="2026-10-20 08:00", times=TIMES)
        ward.book("fludarabine-1", "2026-11-01 01:30-05:00", "2026-10-21 08:00")
        (turn,) = plan_of(store, newest(store, ward.code), as_of).clock.turns
        assert turn.at.isoformat() == "2026-11-01T01:30:00-05:00"
