"""What must hold of a ledger and its files when a process that slipped a patient was killed in the middle."""

from pathlib import Path

from schedule.ledger.opening import open_store
from schedule.model.kept import Row
from schedule.output import folder
from schedule.service.export import export
from schedule.service.place import LedgerPlace
from schedule.service.revisions import newest
from schedule.service.verify import verify
from shared.failures import told
from shared.slip_once import CODE, slip


def wrong_after_a_kill(place: LedgerPlace, out: Path, output: str, expected: Row, before: int) -> list[str]:
    """Everything that the kill has broken; nothing, if all is well. `output` is what was said before it, `expected` the row
    of an undisturbed slip, `before` how many revisions there were."""
    wrong = []
    with open_store(place) as store:
        wrong += told(store.faults())
        rows = store.history(CODE)
        numbers = [row.act.revision for row in rows]
        if numbers not in (list(range(1, before + 1)), list(range(1, before + 2))):
            wrong.append(f"revisions {numbers}")
        saved = len(rows) == before + 1
        if "ACK" in output and not saved:
            wrong.append("acknowledged, and lost")
        if saved and rows[-1] != expected:
            wrong.append("the revision is not the one that an undisturbed slip makes")
        for path in out.glob("*/rev-*"):
            wrong += told(folder.faults(path))
            if path.name != f"rev-{before + 1}" or not saved:
                wrong.append(f"{path}: files of a revision that is not kept")
        if "DONE" in output and not (out / CODE / f"rev-{before + 1}").is_dir():
            wrong.append("said to be written, and not there")
        wrong += told(folder.faults(export(store, newest(store, CODE), out)))
        after = slip(store, 7200)
        if after.row is None or after.row.act.revision != len(rows) + 1:
            wrong.append("the next slip does not follow")
        wrong += told(folder.faults(export(store, newest(store, CODE), out)))
        wrong += told(verify(store, out).faults)
    return wrong
