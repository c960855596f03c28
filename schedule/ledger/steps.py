"""The ledger's tables, version by version: each step has a name, and is the same in every database.

The tables of a step are said once, as SQLite says them; other databases differ in the names of the types alone. What
keeps rows from being changed is a trigger, which each database says in its own way.
"""

import re
from collections.abc import Iterable

from msgspec import Struct

from schedule.model import reasons
from schedule.model.errors import NotDone


class Migration(Struct, frozen=True, kw_only=True):
    """One change of the tables: its name, the tables it makes, its statements, and the triggers by each database."""

    name: str
    tables: frozenset[str]
    script: str
    sqlite: str = ""
    postgres: str = ""


STEPS = (
    Migration(
        name="acts, texts, projections, feeds, channels",
        tables=frozenset(
            {
                "acts",
                "texts",
                "projections",
                "feed_acts",
                "fetches",
                "channels",
                "deliveries",
                "delivered_heads",
                "form_keys",
                "running",
                "moves",
            }
        ),
        script="""
CREATE TABLE texts (sha256 TEXT PRIMARY KEY, text TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE acts (
    id INTEGER PRIMARY KEY, code TEXT NOT NULL, revision INTEGER NOT NULL, based_on INTEGER NOT NULL,
    kind TEXT NOT NULL, deed TEXT NOT NULL, who TEXT NOT NULL, at TEXT NOT NULL, site_time TEXT NOT NULL,
    as_of TEXT NOT NULL, reason TEXT NOT NULL, lasting TEXT NOT NULL, previous TEXT NOT NULL, hash TEXT NOT NULL,
    UNIQUE (code, revision));
CREATE INDEX acts_hash ON acts (hash);
CREATE INDEX acts_leaving ON acts (id) WHERE kind IN ('ward', 'amend');
CREATE TABLE projections (
    id INTEGER PRIMARY KEY, form INTEGER NOT NULL, ward TEXT NOT NULL, content TEXT NOT NULL, hash TEXT NOT NULL);
CREATE INDEX projections_ward ON projections (ward, id);
CREATE INDEX projections_form ON projections (form);
CREATE TABLE feed_acts (
    id INTEGER PRIMARY KEY, token TEXT NOT NULL, kind TEXT NOT NULL, label TEXT NOT NULL, code TEXT NOT NULL,
    ward TEXT NOT NULL, level TEXT NOT NULL, expires TEXT NOT NULL, who TEXT NOT NULL, at TEXT NOT NULL,
    reason TEXT NOT NULL, previous TEXT NOT NULL, hash TEXT NOT NULL);
CREATE INDEX feed_acts_token ON feed_acts (token);
CREATE TABLE fetches (token TEXT PRIMARY KEY, at TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE channels (
    id INTEGER PRIMARY KEY, content TEXT NOT NULL, holder TEXT NOT NULL DEFAULT '', lease TEXT NOT NULL DEFAULT '');
CREATE TABLE deliveries (
    id INTEGER PRIMARY KEY, channel INTEGER NOT NULL, code TEXT NOT NULL, head TEXT NOT NULL, uid TEXT NOT NULL,
    method TEXT NOT NULL, hash TEXT NOT NULL, starts TEXT NOT NULL, infusion INTEGER NOT NULL, remote TEXT NOT NULL,
    sequence INTEGER NOT NULL, stamp TEXT NOT NULL, there INTEGER NOT NULL, shows TEXT NOT NULL,
    was_infusion INTEGER NOT NULL, state TEXT NOT NULL, tried TEXT NOT NULL, tries INTEGER NOT NULL,
    after TEXT NOT NULL, error TEXT NOT NULL, by_hand INTEGER NOT NULL, print TEXT NOT NULL,
    newest INTEGER NOT NULL);
CREATE INDEX deliveries_newest ON deliveries (channel, newest, code);
CREATE INDEX deliveries_tried ON deliveries (channel, tried);
CREATE TABLE delivered_heads (
    channel INTEGER NOT NULL, code TEXT NOT NULL, head TEXT NOT NULL, PRIMARY KEY (channel, code)) WITHOUT ROWID;
CREATE TABLE form_keys (id INTEGER PRIMARY KEY CHECK (id = 1), value BLOB NOT NULL);
CREATE TABLE running (
    id INTEGER PRIMARY KEY CHECK (id = 1), boot TEXT NOT NULL, seconds INTEGER NOT NULL, at TEXT NOT NULL);
CREATE TABLE moves (
    id INTEGER PRIMARY KEY CHECK (id = 1), place TEXT NOT NULL, who TEXT NOT NULL, at TEXT NOT NULL,
    arriving INTEGER NOT NULL);
""",
        sqlite="""
CREATE TRIGGER texts_stay BEFORE UPDATE ON texts BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER texts_last BEFORE DELETE ON texts BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER texts_new BEFORE INSERT ON texts WHEN EXISTS (SELECT 1 FROM texts WHERE sha256 = NEW.sha256)
    BEGIN SELECT RAISE(IGNORE); END;
CREATE TRIGGER acts_stay BEFORE UPDATE ON acts BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER acts_last BEFORE DELETE ON acts BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER acts_new BEFORE INSERT ON acts
    WHEN EXISTS (SELECT 1 FROM acts WHERE id = NEW.id OR (code = NEW.code AND revision = NEW.revision))
    BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER feed_acts_stay BEFORE UPDATE ON feed_acts BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER feed_acts_last BEFORE DELETE ON feed_acts BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER feed_acts_new BEFORE INSERT ON feed_acts WHEN EXISTS (SELECT 1 FROM feed_acts WHERE id = NEW.id)
    BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
""",
        postgres="""
CREATE FUNCTION ledger_stays() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'the ledger is append-only' USING ERRCODE = 'restrict_violation'; END $$;
CREATE TRIGGER texts_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON texts EXECUTE FUNCTION ledger_stays();
CREATE TRIGGER acts_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON acts EXECUTE FUNCTION ledger_stays();
CREATE TRIGGER feed_acts_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON feed_acts EXECUTE FUNCTION ledger_stays();
""",
    ),
)
APPENDED = ("texts", "acts", "feed_acts")
"""The tables whose rows stay."""
TYPES = {"INTEGER": "BIGINT", "TEXT": 'TEXT COLLATE "C"', "BLOB": "BYTEA", "WITHOUT ROWID": ""}
"""What PostgreSQL says for what a script says. Texts are sorted and compared by their bytes there, too."""


def in_postgres(step: Migration) -> str:
    """The statements of a step as PostgreSQL takes them."""
    return re.sub(rf"\b({'|'.join(TYPES)})\b", lambda found: TYPES[found[0]], step.script) + step.postgres


def check_tables(
    steps: tuple[Migration, ...], version: int, there: Iterable[str], name: str, *, on_a_server: bool = False
) -> None:
    """NotDone if the tables of a ledger of that version are a newer Dayzero's or another program's."""
    if version > len(steps):
        raise NotDone(reasons.failures.OfNewerDayzero(path=name, version=version))
    expected = frozenset[str]().union(*(step.tables for step in steps[:version]))
    if (version == 0 and any(there)) or not expected <= set(there):
        raise NotDone(reasons.failures.NoLedger(path=name, on_a_server=on_a_server))
