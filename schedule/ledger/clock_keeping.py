"""A ledger's own sense of time: for how long the computer had been running when it last wrote there. The times of files
tell nothing, since they are of the same clock. A database on a server has the server's clock instead."""

from datetime import datetime

from schedule.ledger.statements import Statements
from schedule.model.dates import add_seconds
from schedule.model.kept import OwnTime, Running


class ClockKeeping(Statements):
    """One row: which start of the computer, for how long it had been running, and what its clock said."""

    def own_time(self, running: Running) -> OwnTime | None:
        with self._asking():
            found = self.connection.execute("SELECT boot, seconds, at FROM running").fetchone()
            if found is None or found[0] != running.boot:
                return None
            at = add_seconds(datetime.fromisoformat(found[2]), round(running.seconds) - found[1])
            return OwnTime(at=at, by="running")

    def last_act_at(self) -> datetime | None:
        with self._asking():
            found = self.connection.execute("SELECT at FROM acts ORDER BY id DESC LIMIT 1").fetchone()
            return None if found is None else datetime.fromisoformat(found[0])

    def note_running(self, at: datetime, running: Running) -> None:
        if self.own_time(running) is None:
            with self._writing():
                self._keep_running(at, running)

    def _keep_running(self, at: datetime, running: Running | None) -> None:
        """The same within a transaction; nothing where it is not known."""
        if running is not None:
            self.connection.execute(
                "INSERT INTO running (id, boot, seconds, at) VALUES (1, ?, ?, ?) "
                "ON CONFLICT (id) DO UPDATE SET boot = excluded.boot, seconds = excluded.seconds, at = excluded.at",
                (running.boot, round(running.seconds), at.isoformat()),
            )
