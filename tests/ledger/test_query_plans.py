"""Whatever is asked of one patient, one feed or one channel is found by an index, however many others there are: the plans of
the very statements that are executed, in a ledger of 3 wards with 500 patients each, of which rows alone are there.
"""

import re
from datetime import UTC, datetime
from typing import Any

import pytest

from schedule.ledger.chain import ACT_COLUMNS
from schedule.ledger.opening import open_store
from schedule.service.place import LedgerPlace

PATIENTS, REVISIONS, WARDS = 1_500, 3, 3
THEN = datetime(2026, 6, 1, tzinfo=UTC)
ONE = "P-0700"
QUIET, GONE = "Quiet ward", "Left ward"
"""Wards of one patient: nothing has happened on the one since its first act, and from the other the patient has gone."""
BIG = ("acts", "projections", "feed_acts", "deliveries")
"""The tables that grow with the patients."""


def fill(store: Any) -> None:
    """Rows as long as real ones: an act of 1 kB, and 3 kB that it gave."""
    columns = ("id", *ACT_COLUMNS, "hash")
    fixed = {name: "x" for name in ACT_COLUMNS} | {"lasting": "y" * 1_000}
    acts, given, feeds, deliveries = [], [], [], []
    for number in range(PATIENTS * REVISIONS):
        revision, patient = divmod(number, PATIENTS)
        kind = "ward" if revision and patient % 100 == 1 else "amend" if revision and patient % 100 == 2 else "note"
        values = fixed | {"id": number + 1, "code": f"P-{patient:04}", "revision": revision + 1, "based_on": revision, "hash": f"{number:064}",
                          "kind": kind, "at": THEN.isoformat()}  # fmt: skip
        acts.append([values[name] for name in columns])
        ward = {0: QUIET, 1: GONE}.get(number, f"Ward {patient % WARDS}")
        given.append((number + 1, 6, ward, "z" * 3_000, f"{number:064}"))
        feeds.append((number + 1, f"{number:064}", *["x"] * 11))
        deliveries.append((number + 1, revision, f"P-{patient:04}", "h", f"u{number}", "REQUEST", "h", "2026-06-01", 0, "", 1, "", 1, "", 0,
                           "sent", f"2026-05-{revision + 1:02}T00:00:00+00:00", 1, "", "", 0, "", 1))  # fmt: skip
    store.connection.execute("BEGIN")
    for table, rows in (("acts", acts), ("projections", given), ("feed_acts", feeds), ("deliveries", deliveries)):
        names = f" ({', '.join(columns)})" if table == "acts" else ""
        store.connection.executemany(f"INSERT INTO {table}{names} VALUES ({', '.join('?' * len(rows[0]))})", rows)
    store.connection.execute("COMMIT")
    store.connection.execute("ANALYZE")


class Recorded:
    """A connection that keeps what it was asked."""

    def __init__(self, connection: Any) -> None:
        self._inner, self.asked = connection, []

    def execute(self, statement: str, values: Any = ()) -> Any:
        self.asked.append((statement, values))
        return self._inner.execute(statement, values)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)


def plan(store: Any, statement: str, values: Any) -> str:
    """How the database finds the rows of a statement, as it says it."""
    if hasattr(store, "path"):
        return "\n".join(row[3] for row in store.connection.execute(f"EXPLAIN QUERY PLAN {statement}", values))
    return "\n".join(row[0] for row in store.connection.execute(f"EXPLAIN {statement}", values))


def walks(text: str) -> list[str]:
    """The lines of a plan that go through a whole table that grows."""
    return [
        line.strip() for line in text.splitlines() for table in BIG
        if f"Seq Scan on {table}" in line or line.strip().startswith(f"SCAN {table}")
    ]  # fmt: skip


ASKED = {
    "newest": lambda store: store.newest(ONE),
    "at": lambda store: store.at(ONE, 2),
    "history": lambda store: store.history(ONE),
    "acts": lambda store: store.acts(ONE, 3),
    "what came since": lambda store: store.acts(ONE, 3, 2),
    "the last hashes": lambda store: store.last_hashes(ONE, 3, 64),
    "board of a ward": lambda store: store.heads("Ward 1"),
    "wards": lambda store: store.wards(),
    "head": lambda store: store.head(ONE),
    "the last move": lambda store: store.last_of_kind(ONE, "slip"),
    "has": lambda store: store.has(f"{17:064}"),
    "when the patients of some feeds changed": lambda store: store.last_changes([ONE]),
    "when what some wards show changed": lambda store: store.last_changes_of_wards(["Ward 1", QUIET, GONE]),
    "text": lambda store: store.text("x"),
    "a feed by its token": lambda store: store.feed_acts(f"{17:064}"),
    "what was sent of a patient": lambda store: store.deliveries(1, ONE),
    "what was tried of late": lambda store: store.attempts(1, datetime(2026, 5, 31, tzinfo=UTC)),
}


@pytest.mark.parametrize("place", ["sqlite", "postgres"], indirect=True)
def test_what_is_asked_of_one_of_1500_patients_is_found_by_an_index(place: LedgerPlace) -> None:
    with open_store(place) as opened:
        store: Any = opened
        fill(store)
        store.connection = recorded = Recorded(store.connection)
        found = {}
        for name, ask in ASKED.items():
            recorded.asked.clear()
            try:
                ask(store)
            except Exception as error:  # the rows hold nothing that can be read: what was asked is all that counts
                assert recorded.asked, error
            for statement, values in list(recorded.asked):
                if "SELECT" in statement and "pg_" not in statement:
                    found[name, statement] = plan(store, statement, values)
        store.connection = recorded._inner
        if not hasattr(store, "path"):  # a third of the rows is quicker found by reading all: only whether it could be otherwise
            store.connection.execute("SET enable_seqscan = off")
            for name, statement in found:
                if name == "board of a ward":
                    found[name, statement] = plan(store, statement, ("Ward 1",) * statement.count("?"))
            store.connection.execute("RESET enable_seqscan")
        assert {name for name, _ in found} == set(ASKED)
        assert {name: walks(text) for (name, _), text in found.items() if walks(text)} == {}
        assert walks(plan(store, "SELECT * FROM acts WHERE who = 'y'", ())) != [], "a walk is seen"
        whole = work_of(store, lambda: store.heads("Ward 1"))
        assert work_of(store, store.wards) < 1_000 < whole
        assert work_of(store, lambda: store.last_changes_of_wards(["Ward 1"])) < 1_000
        assert work_of(store, lambda: store.last_changes_of_wards([GONE])) < whole / 5, "only what patients left wards by is looked at"


def work_of(store: Any, ask: Any) -> float:
    """What it takes to answer: in a file the steps of its machine, on a server what it reckons. The names of the wards are
    asked for by every page."""
    store.connection = recorded = Recorded(store.connection)
    steps: list[int] = []
    if hasattr(store, "path"):
        recorded.set_progress_handler(lambda: steps.append(1), 1)
    assert ask()
    store.connection = recorded._inner
    if hasattr(store, "path"):
        store.connection.set_progress_handler(None, 1)
        return len(steps)
    (statement, values), = recorded.asked
    return float(re.search(r"cost=[\d.]+\.\.([\d.]+)", plan(store, statement, values))[1])  # type: ignore[index]
