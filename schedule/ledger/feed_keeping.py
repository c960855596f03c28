"""What was done to feeds, and when each was last fetched; and the key of the pages' forms."""

from datetime import datetime

from schedule.ledger.chain import FEED_COLUMNS, FIRST_HASH, row_hash
from schedule.ledger.codec import feed_act_from_plain, feed_act_to_plain
from schedule.ledger.statements import NEXT_ID, Statements
from schedule.model import reasons
from schedule.model.errors import NotDone
from schedule.model.kept import FeedAct


class FeedKeeping(Statements):
    """The feeds' own chain of hashes, beside that of the acts."""

    def form_key(self, fresh: bytes) -> bytes:
        query = "SELECT value FROM form_keys"
        with self._asking():
            found = self.connection.execute(query).fetchone()
        if found is None:
            with self._writing():
                self.connection.execute(
                    "INSERT INTO form_keys (id, value) VALUES (1, ?) ON CONFLICT (id) DO NOTHING", (fresh,)
                )
                found = self.connection.execute(query).fetchone()
        return bytes(found[0])

    def append_feed_act(self, act: FeedAct) -> bool:
        with self._writing():
            kinds = {before.kind for before in self.feed_acts(act.token)}
            if (act.kind == "made" and kinds) or (act.kind != "made" and "revoked" in kinds):
                return False
            if act.kind != "made" and not kinds:
                raise NotDone(reasons.failures.NoSuchFeed(path=self.name))
            last = self.connection.execute("SELECT hash FROM feed_acts ORDER BY id DESC LIMIT 1").fetchone()
            values = feed_act_to_plain(act) | {"previous": last[0] if last else FIRST_HASH}
            columns = (*FEED_COLUMNS, "hash")
            values["hash"] = row_hash(values, FEED_COLUMNS)
            self.connection.execute(
                f"INSERT INTO feed_acts (id, {', '.join(columns)}) "
                f"VALUES ({NEXT_ID.format('feed_acts')}, {', '.join('?' * len(columns))})",
                tuple(values[column] for column in columns),
            )
        return True

    def feed_acts(self, token: str | None = None) -> list[FeedAct]:
        where, values = ("", ()) if token is None else ("WHERE token = ?", (token,))
        query = f"SELECT {', '.join(FEED_COLUMNS)} FROM feed_acts {where} ORDER BY id"
        with self._asking("feeds", garbled=True):
            rows = self.connection.execute(query, values)
            return [feed_act_from_plain(dict(zip(FEED_COLUMNS, row, strict=True))) for row in rows]

    def fetches(self) -> dict[str, datetime]:
        with self._asking("feeds"):
            found = self.connection.execute("SELECT token, at FROM fetches").fetchall()
            return {token: datetime.fromisoformat(at) for token, at in found}

    def note_fetch(self, token: str, at: datetime) -> None:
        try:
            self.connection.execute(
                "INSERT INTO fetches (token, at) VALUES (?, ?) "
                "ON CONFLICT (token) DO UPDATE SET at = excluded.at WHERE excluded.at > fetches.at",
                (token, at.isoformat()),
            )
        except self.connection.Error as error:
            raise NotDone(reasons.failures.FetchNotNoted(path=self.name, cause=self._cause(error))) from error
