"""What was printed: the sheets of every revision, laid out once and remembered."""

import pickle
import zlib
from collections.abc import Iterator

from schedule.ledger.store import Store
from schedule.model.kept import Row
from schedule.model.sizes import TEXTS
from schedule.pages.void import PrintedRevision, printed_revision
from schedule.service.remembered import Remembered
from schedule.service.revisions import stored_plan

_REVISIONS: Remembered[str, bytes] = Remembered(TEXTS)
"""By the hashes of their acts. Squeezed: 4 kB each instead of 19, and read back within a millisecond, while to lay one
out takes five. Who acts asks for all of one patient, at the check and when it is saved: so there is room for the
patients of the last minutes. More room would fill up as well, with what nobody asks for again."""


def sheets_of_row(store: Store, row: Row) -> PrintedRevision:
    """What the sheets of a stored revision show."""
    found = _REVISIONS.get(row.hash, lambda: _squeezed_sheets(printed_revision(stored_plan(store, row))))
    whole: PrintedRevision = pickle.loads(zlib.decompress(found))
    return whole


def _squeezed_sheets(one: PrintedRevision) -> bytes:
    return zlib.compress(pickle.dumps(one, pickle.HIGHEST_PROTOCOL))


def printed_before(store: Store, code: str, revision: int) -> Iterator[PrintedRevision]:
    """What the sheets of a patient's revisions before that one show, oldest first; each made when it is asked for, so
    that one is held at a time, however many there are."""
    return (sheets_of_row(store, row) for row in store.history(code) if row.act.revision < revision)
