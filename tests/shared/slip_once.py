"""One patient's ledger and slips of it, shared by the tests of the store and of durability."""

import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from schedule.files.case_file import read_case
from schedule.files.site_file import read_site
from schedule.ledger.sqlite import SqliteStore
from schedule.ledger.store import Store
from schedule.model.acts import Move
from schedule.model.kept import Row
from schedule.model.moment import Moment
from schedule.model.text import sha256
from schedule.service.acts import perform
from schedule.service.create import Done, Meta, create
from schedule.service.export import export
from schedule.service.inputs import SHIPPED, Inputs
from schedule.service.revisions import newest
from shared import ROOT
from shared.protocols import protocol_of

CODE = "CIML-017"
PROTOCOL_TEXT = (SHIPPED / "nct04024761.toml").read_text(encoding="utf-8")
SITE_TEXT = (ROOT / "examples" / "site.toml").read_text(encoding="utf-8")
CASE_TEXT = (ROOT / "examples" / "ciml-017.toml").read_text(encoding="utf-8")
START = datetime(2026, 6, 11, 16, 0, tzinfo=UTC)
AS_OF = datetime(2026, 6, 11, 12, 0)
"""Lymphodepletion has begun: a new day 0 is a slip."""


def meta(second: int = 0, *, by: str = "nurse", reason: str = "", based_on: int | None = None, at: datetime | None = None) -> Meta:  # fmt: skip
    """Who acts and when: `second` counts from START, unless the moment is given."""
    when = at or START + timedelta(seconds=second)
    return Meta(by=by, at=when, as_of=AS_OF, site_time=AS_OF, reason=reason, based_on=based_on)


def create_patient(store: Store, second: int = 0, code: str = CODE) -> Done:
    """The example patient, planned for Monday 15-Jun-2026 10:00, under that code."""
    case_text = CASE_TEXT.replace(CODE, code)
    protocol = protocol_of(PROTOCOL_TEXT, "protocol")
    site = read_site(SITE_TEXT, "site", protocol)
    inputs = Inputs(protocol=protocol, site=site, case=read_case(case_text, "case", protocol, site))
    texts = {sha256(text): text for text in (PROTOCOL_TEXT, SITE_TEXT, case_text)}
    return create(store, inputs, texts, meta(second))


def other_day(row: Row) -> Move:
    """The slip from planned day 0 to the day after it, or back: never to where day 0 stands."""
    standing = row.projection.standing
    planned = standing.planned.at
    assert planned is not None
    to = planned if standing.day_zero.on != planned.date() else planned + timedelta(days=1)
    return Move(to=Moment(on=to.date(), at=to), cause="logistics")


def slip(store: Store, second: int = 0, *, code: str = CODE, **given: object) -> Done:
    """One slip of the patient to the other of the two days, based on the newest revision."""
    row = newest(store, code)
    about = meta(second, **{"based_on": row.act.revision, "reason": "cells late", **given})  # type: ignore[arg-type]
    return perform(store, code, other_day(row), about)


def slip_and_say(opened: Store, out: Path, say: Callable[[str], object]) -> None:
    """One slip in a ledger that is opened now, and its files."""
    say("START")
    with opened as store:
        done = slip(store, 3600)
        assert done.row is not None
        say("ACK")
        export(store, done.row, out)
        say(f"DONE {done.row.hash}")


def slip_in_a_file(ledger: Path, out: Path) -> None:
    """The same in the ledger of a file, in a process that can be killed at any call."""
    slip_and_say(SqliteStore(ledger), out, lambda text: os.write(1, f"{text}\n".encode()))
