"""The ledger: every act, append-only, in one SQLite file with a chain of hashes; and beside each act what it gave.

An act and what it gave are one transaction, synced to disk before it is acknowledged. Every write names the revision
it was based on; the loser of a race is told who changed what. No act is ever updated or deleted. What an act gave can be
worked out again and replaced; when each feed was last fetched is no act.
"""

import hashlib
import json
import os
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path, PurePath
from typing import Any, get_args

from schedule.ledger.codec import deed_from_plain, from_plain, to_plain
from schedule.ledger.migrations import migrate
from schedule.ledger.store import FIRST_HASH
from schedule.model.acts import Act
from schedule.model.errors import ClockBehind, NotDone
from schedule.model.kept import LEVELS, FeedAct, FeedKind, Kept, Lasting, Row, Stale
from schedule.model.projection import FORM, Projection

MOST_REVISION = 2**63 - 1
"""SQLite's largest whole number."""
PATIENCE = 30
"""Seconds to wait for somebody else's write."""
IMPATIENCE = 0.2
"""The same, where nothing but the time of a fetch is to be written."""
SYNC_FOLDERS = (
    "onedrive", "dropbox", "google drive", "googledrive", "my drive", "icloud", "icloud drive", "iclouddrive",
    "mobile documents", "cloudstorage", "box", "box sync", "nextcloud", "owncloud", "syncthing", "pcloud", "mega",
)  # fmt: skip
SYNC_BEGINNINGS = ("onedrive -", "dropbox (")
NETWORK_FILE_SYSTEMS = ("nfs", "nfs4", "cifs", "smb", "smb2", "smb3", "smbfs", "afs", "9p", "ncpfs", "fuse.sshfs", "fuse.gvfsd-fuse", "fuse.rclone", "fuse.s3fs", "fuse.davfs", "davfs", "glusterfs", "fuse.glusterfs", "ceph", "lustre")  # fmt: skip
_COLUMNS = (
    "code", "revision", "based_on", "kind", "deed", "who", "at", "site_time", "as_of", "reason", "lasting", "previous",
)  # fmt: skip
_PROJECTED = ("form", "content", "hash")
_FEED_COLUMNS = ("token", "kind", "label", "code", "level", "expires", "who", "at", "reason", "previous")


def refused_place(path: Path, mounts: str) -> str | None:
    """Why a ledger cannot lie at `path`, or None. `mounts` is the text of /proc/mounts, empty where there is none.

    SQLite's locks fail on network shares, and sync programs copy half-written files.
    """
    text = str(path)
    if text.startswith(("\\\\", "//")):
        return "is on a network share"
    for part in PurePath(text.replace("\\", "/")).parts:
        name = part.lower()
        if name in SYNC_FOLDERS or name.startswith(SYNC_BEGINNINGS):
            return f"is in a folder that is synchronised ({part})"
    best = ("", "")
    for line in mounts.splitlines():
        fields = line.split()
        if len(fields) < 3:
            continue
        point = fields[1].replace("\\040", " ")
        if (text == point or text.startswith(point.rstrip("/") + "/")) and len(point) >= len(best[0]):
            best = point, fields[2]
    return f"is on a network file system ({best[1]})" if best[1] in NETWORK_FILE_SYSTEMS else None


class Store:
    """A ledger in a file. Open it with `with`: it is closed at the end.

    One that does not wait is for feeds: it writes nothing but when they were fetched, and waits neither for the disk
    nor for somebody else's write. What others write through their own is as safe as ever. `rebuild` replaces what acts
    gave, and is asked to where that is of an earlier form.
    """

    def __init__(self, path: Path, *, waits: bool = True, rebuild: Callable[["Store"], None] | None = None) -> None:
        self.path, self.waits, self.rebuild = path, waits, rebuild

    def __enter__(self) -> "Store":
        path = self.path.absolute()
        try:
            mounts = Path("/proc/mounts").read_text(encoding="utf-8", errors="replace")
        except OSError:
            mounts = ""
        wrong = refused_place(path, "") or refused_place(path.resolve(), mounts)
        if wrong:
            way_out = "Keep it on this computer's own disk: --store or DAYZERO_STORE; back it up with dayzero backup"
            raise NotDone(f"{path} {wrong}, where a ledger is not safe. {way_out}.")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self.connection = sqlite3.connect(
                path, timeout=PATIENCE if self.waits else IMPATIENCE, isolation_level=None
            )
        except (sqlite3.Error, OSError) as error:
            raise NotDone(f"{path}: the ledger cannot be opened ({error}).") from error
        try:
            self._prepare()
        except sqlite3.Error as error:
            self.connection.close()
            raise NotDone(f"{path}: the ledger cannot be opened ({error}).") from error
        except NotDone:
            self.connection.close()
            raise
        try:
            if self.rebuild is not None and self.is_of_an_earlier_form():
                self.rebuild(self)
        except BaseException:
            self.connection.close()
            raise
        return self

    def _prepare(self) -> None:
        """Synced, write-ahead, and with the tables of this version."""
        deadline = time.monotonic() + PATIENCE
        while self._value("PRAGMA journal_mode") != "wal":
            try:
                self.connection.execute("PRAGMA journal_mode=WAL")
            except sqlite3.OperationalError:  # somebody else opens the new file; this pragma alone does not wait
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.01)
        self.connection.execute(f"PRAGMA synchronous={'FULL' if self.waits else 'NORMAL'}")
        migrate(self.connection, self.path)

    def __exit__(self, *_: object) -> None:
        self.connection.close()

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """One transaction: whole, or not at all."""
        self.connection.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            if self.connection.in_transaction:
                self.connection.execute("ROLLBACK")
            raise
        self.connection.execute("COMMIT")

    def append(self, act: Act, lasting: Lasting, projection: Projection, texts: Mapping[str, str]) -> Row:
        """Keep an act with what it gave. Stale if it is based on a revision that is no longer the newest; NotDone if the
        computer's clock is earlier than the last act, or the disk does not do it. Acknowledged means synced."""
        try:
            with self._writing():
                newest = self._value("SELECT max(revision) FROM acts WHERE code = ?", act.code)
                if newest is not None and newest != act.based_on:
                    found = self.newest(act.code)
                    assert found is not None
                    raise Stale(found)
                last = self.connection.execute("SELECT at, hash FROM acts ORDER BY id DESC LIMIT 1").fetchone()
                if last is not None and act.at < (before := datetime.fromisoformat(last[0])):
                    raise ClockBehind(
                        f"This computer's clock says {act.at:%Y-%m-%d %H:%M:%S} UTC, but the last act was at "
                        f"{before:%Y-%m-%d %H:%M:%S} UTC. Set the clock right; nothing was saved."
                    )
                values = {
                    "code": act.code, "revision": act.revision, "based_on": act.based_on, "kind": act.kind,
                    "deed": _json(to_plain(act.deed)), "who": act.by, "at": act.at.isoformat(),
                    "site_time": act.site_time.isoformat(), "as_of": act.as_of.isoformat(), "reason": act.reason,
                    "lasting": _json(to_plain(lasting)), "previous": last[1] if last else FIRST_HASH,
                }  # fmt: skip
                for sha256, text in texts.items():
                    self.connection.execute("INSERT INTO texts VALUES (?, ?)", (sha256, text))
                values["hash"] = _hash(values)
                marks = ", ".join("?" * (len(_COLUMNS) + 1))
                self.connection.execute(
                    f"INSERT INTO acts ({', '.join(_COLUMNS)}, hash) VALUES ({marks})",
                    tuple(values[column] for column in (*_COLUMNS, "hash")),
                )
                self._project(str(values["hash"]), projection)
        except sqlite3.Error as error:
            raise NotDone(f"{self.path}: the ledger could not be written ({error}). Nothing was saved.") from error
        return Row(act=act, lasting=lasting, projection=projection, hash=str(values["hash"]))

    def _project(self, act_hash: str, projection: Projection) -> None:
        """Put what an act gave beside it, in the place of what is there."""
        content = _json(to_plain(projection))
        self.connection.execute(
            "INSERT OR REPLACE INTO projections (id, form, content, hash) SELECT id, ?, ?, ? FROM acts WHERE hash = ?",
            (FORM, content, _projection_hash(FORM, content, act_hash), act_hash),
        )

    def replace_projections(self, projections: Iterable[tuple[Kept, Projection]]) -> None:
        """Replace what these acts gave, in one transaction. NotDone if the disk does not do it."""
        try:
            with self._writing():
                for kept, projection in projections:
                    self._project(kept.hash, projection)
        except sqlite3.Error as error:
            raise NotDone(f"{self.path}: the ledger could not be written ({error}). Nothing was saved.") from error

    def is_of_an_earlier_form(self) -> bool:
        """Whether what some act gave is kept in an earlier form, or what all gave is gone."""
        query = (
            "SELECT EXISTS (SELECT 1 FROM projections WHERE form < ?) "
            "OR (EXISTS (SELECT 1 FROM acts) AND NOT EXISTS (SELECT 1 FROM projections))"
        )
        try:
            return bool(self._value(query, FORM))
        except sqlite3.Error as error:
            raise NotDone(f"{self.path}: the ledger cannot be read ({error}).") from error

    def append_feed_act(self, act: FeedAct) -> bool:
        """Keep what was done to a feed; False if nothing is to be done: it is there already, or revoked already.

        NotDone if the disk does not do it, or if the feed that is to be revoked was never made.
        """
        try:
            with self._writing():
                kinds = {before.kind for before in self.feed_acts(act.token)}
                if (act.kind == "made" and kinds) or (act.kind != "made" and "revoked" in kinds):
                    return False
                if act.kind != "made" and not kinds:
                    raise NotDone(f"{self.path}: there is no such feed. Nothing was saved.")
                last = self.connection.execute("SELECT hash FROM feed_acts ORDER BY id DESC LIMIT 1").fetchone()
                values = {
                    "token": act.token, "kind": act.kind, "label": act.label, "code": act.code or "", "level": act.level,
                    "expires": act.expires.isoformat(), "who": act.by, "at": act.at.isoformat(), "reason": act.reason,
                    "previous": last[0] if last else FIRST_HASH,
                }  # fmt: skip
                columns = (*_FEED_COLUMNS, "hash")
                values["hash"] = _hash(values, _FEED_COLUMNS)
                self.connection.execute(
                    f"INSERT INTO feed_acts ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})",
                    tuple(values[column] for column in columns),
                )
        except sqlite3.Error as error:
            raise NotDone(f"{self.path}: the ledger could not be written ({error}). Nothing was saved.") from error
        return True

    def feed_acts(self, token: str | None = None) -> list[FeedAct]:
        """What was done to all feeds, or to the one with this hash, in the order in which it was done."""
        where, values = ("", ()) if token is None else ("WHERE token = ?", (token,))
        query = f"SELECT {', '.join(_FEED_COLUMNS)} FROM feed_acts {where} ORDER BY id"
        try:
            return [
                _feed_act(dict(zip(_FEED_COLUMNS, row, strict=True))) for row in self.connection.execute(query, values)
            ]
        except (sqlite3.Error, TypeError, ValueError) as error:
            raise NotDone(f"{self.path}: the feeds cannot be read ({error}). Run dayzero verify.") from error

    def fetches(self) -> dict[str, datetime]:
        """When each feed was last fetched, in UTC, by its hash: to the minute, and after a power cut perhaps not the last."""
        try:
            found = self.connection.execute("SELECT token, at FROM fetches").fetchall()
            return {token: datetime.fromisoformat(at) for token, at in found}
        except (sqlite3.Error, TypeError, ValueError) as error:
            raise NotDone(f"{self.path}: the feeds cannot be read ({error}).") from error

    def note_fetch(self, token: str, at: datetime) -> None:
        """Remember when a feed was fetched; never earlier than what is there."""
        try:
            self.connection.execute(
                "INSERT INTO fetches (token, at) VALUES (?, ?) "
                "ON CONFLICT (token) DO UPDATE SET at = excluded.at WHERE excluded.at > fetches.at",
                (token, at.isoformat()),
            )
        except sqlite3.Error as error:
            raise NotDone(f"{self.path}: the fetch was not noted ({error}).") from error

    def tips(self) -> tuple[str, str]:
        """The hashes of the newest act and of the newest act on a feed: while they stay, nothing has changed."""
        query = "SELECT (SELECT hash FROM acts ORDER BY id DESC LIMIT 1), (SELECT hash FROM feed_acts ORDER BY id DESC LIMIT 1)"
        try:
            act, feed_act = self.connection.execute(query).fetchone()
        except sqlite3.Error as error:
            raise NotDone(f"{self.path}: the ledger cannot be read ({error}).") from error
        return act or FIRST_HASH, feed_act or FIRST_HASH

    def _value(self, query: str, *values: object) -> Any:
        """The one value that a query gives."""
        return self.connection.execute(query, values).fetchone()[0]

    def _rows(self, where: str, *values: object) -> Iterator[Row]:
        columns = (*_COLUMNS, "hash", "content")
        names = ", ".join(f"acts.{column}" for column in columns[:-1])
        query = f"SELECT {names}, content FROM acts LEFT JOIN projections USING (id) {where}"  # `where` is this module's own
        try:
            for fields in self.connection.execute(query, values):
                yield _row(dict(zip(columns, fields, strict=True)))
        except (sqlite3.Error, KeyError, TypeError, ValueError) as error:
            raise NotDone(f"{self.path}: the ledger cannot be read ({error}). Run dayzero verify.") from error

    def _one(self, where: str, *values: object) -> Row | None:
        return next(self._rows(where, *values), None)

    def newest(self, code: str) -> Row | None:
        """A patient's newest revision, or None."""
        return self._one("WHERE code = ? ORDER BY revision DESC LIMIT 1", code)

    def at(self, code: str, revision: int) -> Row | None:
        """That revision of a patient, or None."""
        if revision > MOST_REVISION:
            return None
        return self._one("WHERE code = ? AND revision = ?", code, revision)

    def history(self, code: str) -> list[Row]:
        """A patient's acts, oldest first."""
        return list(self._rows("WHERE code = ? ORDER BY revision", code))

    def everything(self) -> Iterator[Row]:
        """Every act of every patient, in the order in which they were made."""
        yield from self._rows("ORDER BY acts.id")

    def chain(self) -> Iterator[Kept]:
        """The same, without what they gave: all that is left where that is lost, or of an earlier form."""
        columns = (*_COLUMNS, "hash")
        try:
            for fields in self.connection.execute(f"SELECT {', '.join(columns)} FROM acts ORDER BY id").fetchall():
                yield _kept(dict(zip(columns, fields, strict=True)))
        except (sqlite3.Error, KeyError, TypeError, ValueError) as error:
            raise NotDone(f"{self.path}: the ledger cannot be read ({error}). Run dayzero verify.") from error

    def heads(self) -> dict[str, str]:
        """The hash of each patient's newest act, by code."""
        query = (
            "SELECT code, hash FROM acts JOIN (SELECT code, max(revision) AS revision FROM acts GROUP BY code) "
            "USING (code, revision) ORDER BY code"
        )
        try:
            return dict(self.connection.execute(query).fetchall())
        except sqlite3.Error as error:
            raise NotDone(f"{self.path}: the ledger cannot be read ({error}).") from error

    def head(self, code: str) -> str | None:
        """The hash of a patient's newest act, or None."""
        try:
            query = "SELECT hash FROM acts WHERE code = ? ORDER BY revision DESC LIMIT 1"
            found = self.connection.execute(query, (code,)).fetchone()
        except sqlite3.Error as error:
            raise NotDone(f"{self.path}: the ledger cannot be read ({error}).") from error
        return found[0] if found else None

    def last_changes(self) -> dict[str, datetime]:
        """When each patient's newest act was, by code."""
        try:
            found = self.connection.execute("SELECT code, max(at) FROM acts GROUP BY code").fetchall()
            return {code: datetime.fromisoformat(at) for code, at in found}
        except (sqlite3.Error, TypeError, ValueError) as error:
            raise NotDone(f"{self.path}: the ledger cannot be read ({error}).") from error

    def codes(self) -> list[str]:
        try:
            return [code for (code,) in self.connection.execute("SELECT DISTINCT code FROM acts ORDER BY code")]
        except sqlite3.Error as error:
            raise NotDone(f"{self.path}: the ledger cannot be read ({error}).") from error

    def text(self, sha256: str) -> str:
        """A protocol, site or case text by its hash. NotDone if the ledger has lost it."""
        try:
            found = self.connection.execute("SELECT text FROM texts WHERE sha256 = ?", (sha256,)).fetchone()
        except sqlite3.Error as error:
            raise NotDone(f"{self.path}: the ledger cannot be read ({error}).") from error
        if found is None or not isinstance(found[0], str):
            raise NotDone(f"{self.path}: the text {sha256[:12]}… is missing from the ledger.")
        text: str = found[0]
        return text

    def faults(self) -> list[str]:
        """What is wrong with the file, the chain of hashes and the texts, in plain sentences."""
        found = []
        try:
            state = self._value("PRAGMA integrity_check")
            if state != "ok":
                found.append(f"The file is damaged: {state}.")
            found += self._chain_faults(
                "acts", _COLUMNS, lambda values: f"{values['code']} revision {values['revision']}"
            )
            found += self._chain_faults("feed_acts", _FEED_COLUMNS, lambda values: f"Feed “{values['label']}”")
            found += self._projection_faults()
            for sha256, text in self.connection.execute("SELECT sha256, text FROM texts"):
                if not isinstance(text, str) or hashlib.sha256(text.encode()).hexdigest() != sha256:
                    found.append(f"The text {str(sha256)[:12]}… was changed after it was written.")
        except (sqlite3.Error, UnicodeError) as error:
            found.append(f"The ledger cannot be read: {error}.")
        return found

    def _chain_faults(
        self, table: str, columns: tuple[str, ...], name: Callable[[Mapping[str, Any]], str]
    ) -> Iterator[str]:
        """What is wrong with a table's chain of hashes: rows changed, taken out, put in."""
        previous = FIRST_HASH
        for fields in self.connection.execute(f"SELECT {', '.join(columns)}, hash FROM {table} ORDER BY id"):
            values = dict(zip((*columns, "hash"), fields, strict=True))
            kept = values.pop("hash")
            if values["previous"] != previous:
                yield f"{name(values)}: the chain of hashes is broken before it; an act was taken out or put in."
            if any(isinstance(value, bytes) for value in (*values.values(), kept)) or _hash(values, columns) != kept:
                yield f"{name(values)}: it was changed after it was written."
            previous = kept

    def _projection_faults(self) -> Iterator[str]:
        """What is wrong with what the acts gave: changed, taken out, put in."""
        query = (
            "SELECT code, revision, acts.hash, form, content, projections.hash FROM acts LEFT JOIN projections USING (id) "
            "UNION ALL SELECT NULL, id, NULL, form, content, hash FROM projections WHERE id NOT IN (SELECT id FROM acts)"
        )
        for code, revision, act_hash, form, content, kept in self.connection.execute(query):
            if code is None:
                yield f"What act {revision} gave is kept, but there is no such act."
            elif content is None:
                yield f"{code} revision {revision}: what it gave is missing."
            elif (
                bytes in map(type, (act_hash, form, content, kept)) or _projection_hash(form, content, act_hash) != kept
            ):
                yield f"{code} revision {revision}: it was changed after it was written."

    def backup(self, target: Path) -> None:
        """A whole copy of the ledger. NotDone if the file is there already or cannot be written."""
        try:
            if target.exists():
                raise NotDone(f"{target} is there already. Name a new file.")
            with tempfile.TemporaryDirectory(dir=target.parent) as aside:
                copy = sqlite3.connect(Path(aside) / "copy")
                try:
                    self.connection.backup(copy)
                    copy.execute("PRAGMA journal_mode=DELETE")
                finally:
                    copy.close()
                os.link(Path(aside) / "copy", target)
        except FileExistsError as error:
            raise NotDone(f"{target} is there already. Name a new file.") from error
        except (sqlite3.Error, OSError) as error:
            raise NotDone(f"{target}: the backup could not be written ({error}).") from error

    def take_over(self, other: "Store") -> None:
        """Put the whole content of another ledger in this one's place, in one transaction: whoever has it open sees it."""
        try:
            other.connection.backup(self.connection)
        except sqlite3.Error as error:
            raise NotDone(f"{self.path}: the ledger could not be replaced ({error}). It is as it was.") from error


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _hash(values: Mapping[str, Any], columns: tuple[str, ...] = _COLUMNS) -> str:
    return hashlib.sha256(_json({column: values[column] for column in columns}).encode()).hexdigest()


def _feed_act(values: dict[str, Any]) -> FeedAct:
    """The act on a feed that was written so. TypeError or ValueError if it was not."""
    if any(not isinstance(value, str) for value in values.values()):
        raise ValueError("there are bytes where a text was written")
    if values["kind"] not in get_args(FeedKind) or values["level"] not in LEVELS:
        raise ValueError(f"{values['kind']!r} or {values['level']!r} was never written")
    return FeedAct(
        token=values["token"], kind=values["kind"], label=values["label"], code=values["code"] or None,
        level=values["level"], expires=date.fromisoformat(values["expires"]), by=values["who"],
        at=datetime.fromisoformat(values["at"]), reason=values["reason"],
    )  # fmt: skip


def _projection_hash(form: int, content: str, act_hash: str) -> str:
    """The hash of what an act gave: of the act's as well, so that none can stand beside another act."""
    return hashlib.sha256(_json([form, content, act_hash]).encode()).hexdigest()


def _kept(values: dict[str, Any]) -> Kept:
    """The act that was written so. KeyError, TypeError or ValueError if it was not."""
    if any(isinstance(value, bytes) for value in values.values()):
        raise ValueError("there are bytes where a text was written")
    act = Act(
        code=values["code"], revision=values["revision"], based_on=values["based_on"], by=values["who"],
        at=datetime.fromisoformat(values["at"]), site_time=datetime.fromisoformat(values["site_time"]),
        as_of=datetime.fromisoformat(values["as_of"]), reason=values["reason"],
        deed=deed_from_plain(values["kind"], json.loads(values["deed"])),
    )  # fmt: skip
    return Kept(act=act, lasting=from_plain(Lasting, json.loads(values["lasting"])), hash=values["hash"])


def _row(values: dict[str, Any]) -> Row:
    """The same with what it gave."""
    kept = _kept(values)
    projection = from_plain(Projection, json.loads(values["content"]))
    return Row(act=kept.act, lasting=kept.lasting, hash=kept.hash, projection=projection)
