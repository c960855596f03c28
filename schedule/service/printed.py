"""What was printed: the sheets of every revision, laid out once and remembered."""

from msgspec.structs import replace

from schedule.ledger.store import Store
from schedule.model.kept import Row
from schedule.pages.void import PrintedRevision, printed_revision
from schedule.service.remembered import Remembered
from schedule.service.revisions import stored_plan

_REVISIONS: Remembered[str, PrintedRevision] = Remembered(2000)
"""Of all patients, by the hashes of their acts."""
_SHEETS: Remembered[tuple[object, ...], tuple[object, ...]] = Remembered(4000)
"""What sheets show, each once: nearly all sheets of a revision are those of the one before."""


def sheets_of_row(store: Store, row: Row) -> PrintedRevision:
    """What the sheets of a stored revision show."""
    return _REVISIONS.get(row.hash, lambda: _shared(printed_revision(stored_plan(store, row))))


def _shared(one: PrintedRevision) -> PrintedRevision:
    """The same, with what another revision's sheets show alike held once."""
    return replace(one, sheets={day: _held(shown) for day, shown in one.sheets.items()})


def _held(shown: tuple[object, ...]) -> tuple[object, ...]:
    return _SHEETS.get(shown, lambda: shown)


def printed_before(store: Store, code: str, revision: int) -> tuple[PrintedRevision, ...]:
    """What the sheets of a patient's revisions before that one show, oldest first."""
    return tuple(sheets_of_row(store, row) for row in store.history(code) if row.act.revision < revision)
