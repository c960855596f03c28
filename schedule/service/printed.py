"""What was printed: the sheets of every revision, laid out once and remembered."""

from schedule.ledger.store import Store
from schedule.model.kept import Row
from schedule.pages.void import PrintedRevision, printed_revision
from schedule.service.revisions import stored_plan

MOST_REMEMBERED = 2000
"""Revisions, of all patients."""
_REMEMBERED: dict[str, PrintedRevision] = {}


def sheets_of_row(store: Store, row: Row) -> PrintedRevision:
    """What the sheets of a stored revision show."""
    found = _REMEMBERED.get(row.hash)
    if found is None:
        found = printed_revision(stored_plan(store, row))
        if len(_REMEMBERED) >= MOST_REMEMBERED:
            _REMEMBERED.clear()
        _REMEMBERED[row.hash] = found
    return found


def printed_before(store: Store, code: str, revision: int) -> tuple[PrintedRevision, ...]:
    """What the sheets of a patient's revisions before that one show, oldest first."""
    return tuple(sheets_of_row(store, row) for row in store.history(code) if row.act.revision < revision)
