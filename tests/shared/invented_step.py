"""A step of the ledger's tables that nobody has taken: nothing but version 1 was ever written, so the machinery that takes a
ledger from one version to the next is proved on this one.
"""

from pathlib import Path

from schedule.ledger import migrations
from schedule.ledger.sqlite import SqliteStore
from schedule.ledger.steps import STEPS, Migration

INVENTED = Migration(
    name="invented",
    tables=frozenset({"wards", "beds"}),
    script="""
CREATE TABLE wards (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
CREATE INDEX wards_name ON wards (name);
CREATE TABLE beds (id INTEGER PRIMARY KEY, ward INTEGER NOT NULL) WITHOUT ROWID;
""",
    sqlite="""
CREATE TRIGGER wards_stay BEFORE UPDATE ON wards BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER wards_last BEFORE DELETE ON wards BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
""",
    postgres="CREATE TRIGGER wards_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON wards EXECUTE FUNCTION ledger_stays();",
)
WITH_IT = (*STEPS, INVENTED)


def taken(ledger: Path) -> None:
    """Open a ledger, so that it takes the step, and close it."""
    migrations.STEPS = WITH_IT
    with SqliteStore(ledger):
        pass
