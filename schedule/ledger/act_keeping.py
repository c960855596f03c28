"""Keeping acts: each in one transaction with what it gave, in a chain of hashes.

Every write names the revision it was based on; the loser of a race is told who changed what. What an act gave can be
worked out again and replaced.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime

from schedule.ledger.act_reading import ActReading
from schedule.ledger.chain import ACT_COLUMNS, FIRST_HASH, PROJECTED, projection_hash, row_hash
from schedule.ledger.clock_keeping import ClockKeeping
from schedule.ledger.codec import act_to_plain
from schedule.ledger.packed import is_text_of, projection_to_text
from schedule.ledger.statements import NEXT_ID
from schedule.model import reasons
from schedule.model.acts import Act, SetClock
from schedule.model.errors import ClockBehind, Stale
from schedule.model.kept import Kept, Lasting, Row, Running
from schedule.model.projection import FORM, Projection

_COLUMNS = (*ACT_COLUMNS, "hash")
_INSERTED = (
    f"INSERT INTO acts (id, {', '.join(_COLUMNS)}) VALUES ({NEXT_ID.format('acts')}, {', '.join('?' * len(_COLUMNS))})"
)
_PROJECTED = (
    f"INSERT INTO projections (id, {', '.join(PROJECTED)}) "
    f"SELECT id, {', '.join('?' * len(PROJECTED))} FROM acts WHERE hash = ? "
    f"ON CONFLICT (id) DO UPDATE SET {', '.join(f'{column} = excluded.{column}' for column in PROJECTED)}"
)


class ActKeeping(ActReading, ClockKeeping):
    """What is appended to the chain, and what stands beside it."""

    def append(
        self,
        act: Act,
        lasting: Lasting,
        projection: Projection,
        texts: Mapping[str, str],
        running: Running | None = None,
    ) -> Row:
        """Keep an act with what it gave. Stale if it is based on a revision that is no longer the newest; NotDone if
        the computer's clock is earlier than the last act, or the disk does not do it. Acknowledged means synced."""
        with self._writing():
            newest = self._value("SELECT max(revision) FROM acts WHERE code = ?", act.code)
            if newest is not None and newest != act.based_on:
                found = self.newest(act.code)
                assert found is not None
                raise Stale(found)
            last = self.connection.execute("SELECT at, hash FROM acts ORDER BY id DESC LIMIT 1").fetchone()
            late = not isinstance(act.deed, SetClock)
            if late and last is not None and act.at < (before := datetime.fromisoformat(last[0])):
                raise ClockBehind(reasons.failures.ClockBack(now=act.at, last=before))
            for sha256, text in texts.items():
                self.connection.execute(
                    "INSERT INTO texts (sha256, text) VALUES (?, ?) ON CONFLICT (sha256) DO NOTHING", (sha256, text)
                )
            values = act_to_plain(act, lasting) | {"previous": last[1] if last else FIRST_HASH}
            values["hash"] = row_hash(values)
            self.connection.execute(_INSERTED, tuple(values[column] for column in _COLUMNS))
            ward, content = self._project(values["hash"], projection)[1:3]
            self._keep_running(act.at, running)
        return Row(
            act=act, lasting=lasting, hash=values["hash"], ward=ward, text=lambda: content, given=lambda: projection
        )

    def _project(self, act_hash: str, projection: Projection) -> tuple[int, str, str, str]:
        """Put what an act gave beside it, in the place of what is there, and give its columns."""
        ward, content = projection.ward, projection_to_text(projection)
        values = FORM, ward, content, projection_hash(FORM, ward, content, act_hash)
        self.connection.execute(_PROJECTED, (*values, act_hash))
        return values

    def replace_projections(
        self, projections: Iterable[tuple[Kept, Projection]]
    ) -> "tuple[reasons.faults.RevisionNamed, ...]":
        columns = ", ".join(f"projections.{column}" for column in PROJECTED)
        query = f"SELECT {columns} FROM projections JOIN acts USING (id) WHERE acts.hash = ?"
        differing = []
        with self._writing(moved=True):
            for kept, projection in projections:
                form, ward, content, digest = self.connection.execute(query, (kept.hash,)).fetchone() or (0, "", "", "")
                same = (form, ward) == (FORM, projection.ward) and isinstance(content, str)
                same = same and digest == projection_hash(form, ward, content, kept.hash)
                if not (same and is_text_of(content, projection)):
                    differing.append(reasons.faults.RevisionNamed(code=kept.act.code, revision=kept.act.revision))
                    self._project(kept.hash, projection)
        return tuple(differing)
