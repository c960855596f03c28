"""Channels and what was sent to each: beside the chain of hashes, and never in the way of an act.

`after` is a word of SQL's, and is written in quotes.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Self

from msgspec.structs import replace

from schedule.ledger.chain import to_text
from schedule.ledger.codec import from_plain, moment_from_text, to_plain
from schedule.ledger.statements import NEXT_ID, Statements

if TYPE_CHECKING:
    from schedule.model.publishing import Channel, Delivery

COLUMNS = (
    *("channel", "code", "head", "uid", "method", "hash", "starts", "infusion", "remote", "sequence", "stamp"),
    *("there", "shows", "was_infusion", "state", "tried", "tries", "after", "error", "by_hand", "print"),
)
_NAMES = ", ".join(f'"{name}"' for name in COLUMNS)
_INSERTED = (
    f"INSERT INTO deliveries (id, {_NAMES}, newest) "
    f"VALUES ({NEXT_ID.format('deliveries')}, {', '.join('?' * len(COLUMNS))}, 1)"
)
_MOMENTS = ("stamp", "tried", "after")


class ChannelKeeping(Statements):
    """The channels, their leases, and of each message a row for every attempt."""

    def channels(self) -> "list[Channel]":
        with self._asking(garbled=True):
            rows = self.connection.execute("SELECT id, content FROM channels ORDER BY id").fetchall()
            return [replace(_channel(content), id=number) for number, content in rows]

    def append_channel(self, channel: "Channel") -> "Channel":
        with self._writing():
            number = self._value(f"SELECT {NEXT_ID.format('channels')}")
            content = to_text(to_plain(replace(channel, id=number)))
            self.connection.execute("INSERT INTO channels (id, content) VALUES (?, ?)", (number, content))
        return replace(channel, id=number)

    def change_channel(self, channel: int, changes: Mapping[str, Any]) -> "Channel":
        with self._writing():
            changed = replace(self._channel(channel), **changes)
            content = to_text(to_plain(changed))
            self.connection.execute("UPDATE channels SET content = ? WHERE id = ?", (content, channel))
        return changed

    def _channel(self, number: int) -> "Channel":
        return _channel(self._value("SELECT content FROM channels WHERE id = ?", number))

    def take_lease(self, channel: int, holder: str, now: datetime, until: datetime) -> bool:
        with self._writing():
            done = self.connection.execute(
                "UPDATE channels SET holder = ?, lease = ? WHERE id = ? AND (holder = ? OR lease < ?)",
                (holder, until.isoformat(), channel, holder, now.isoformat()),
            )
            return done.rowcount == 1

    def end_lease(self, channel: int, holder: str) -> None:
        with self._writing():
            self.connection.execute(
                "UPDATE channels SET holder = '', lease = '' WHERE id = ? AND holder = ?", (channel, holder)
            )

    def delivered_heads(self, channel: int) -> dict[str, str]:
        with self._asking():
            query = "SELECT code, head FROM delivered_heads WHERE channel = ? ORDER BY code"
            return dict(self.connection.execute(query, (channel,)).fetchall())

    def deliveries(self, channel: int, code: str) -> "list[Delivery]":
        return self._deliveries("WHERE channel = ? AND newest = 1 AND code = ?", channel, code)

    def unfinished(self, channel: int) -> "list[Delivery]":
        return self._deliveries("WHERE channel = ? AND newest = 1 AND state IN ('queued', 'sending')", channel)

    def recent(self, channel: int, since: datetime) -> "list[Delivery]":
        where = "WHERE channel = ? AND newest = 1 AND (tried > ? OR state IN ('queued', 'sending', 'declined'))"
        return self._deliveries(where, channel, since.isoformat())

    def _deliveries(self, where: str, *values: object) -> "list[Delivery]":
        query = f"SELECT id, {_NAMES} FROM deliveries {where} ORDER BY id"  # `where` is our own
        with self._asking(garbled=True):
            return [_delivery(row) for row in self.connection.execute(query, values).fetchall()]

    def attempts(self, channel: int, since: datetime) -> list[datetime]:
        query = "SELECT tried FROM deliveries WHERE channel = ? AND tried > ? AND state <> 'queued' ORDER BY tried"
        with self._asking():
            rows = self.connection.execute(query, (channel, since.isoformat())).fetchall()
            return [datetime.fromisoformat(tried) for (tried,) in rows]

    def highest_sequence(self, channels: Sequence[int]) -> int:
        if not channels:
            return -1
        marks = ", ".join("?" * len(channels))
        with self._asking():
            query = f"SELECT coalesce(max(sequence), -1) FROM deliveries WHERE channel IN ({marks})"
            return int(self._value(query, *channels))

    def queue(
        self, channel: int, heads: Mapping[str, str], queued: "Iterable[Delivery]", dropped: "Iterable[Delivery]"
    ) -> None:
        with self._writing():
            for one in dropped:
                self._write(replace(one, state="dropped"))
            for one in queued:
                self._add(one)
            for code, head in heads.items():
                self.connection.execute(
                    "INSERT INTO delivered_heads (channel, code, head) VALUES (?, ?, ?) "
                    "ON CONFLICT (channel, code) DO UPDATE SET head = excluded.head",
                    (channel, code, head),
                )

    def begin_delivery(self, one: "Delivery", holder: str, now: datetime) -> bool:
        with self._writing():
            held = self.connection.execute(
                "SELECT 1 FROM channels JOIN deliveries ON deliveries.channel = channels.id "
                "WHERE channels.id = ? AND holder = ? AND lease > ? AND deliveries.id = ? AND state = 'queued' "
                "AND newest = 1",
                (one.channel, holder, now.isoformat(), one.id),
            ).fetchone()
            may = held is not None and self._channel(one.channel).paused is None
            if may:
                self._write(one)
        return may

    def end_delivery(self, one: "Delivery", again: "Delivery | None" = None) -> None:
        with self._writing():
            self._write(one)
            if again is not None:
                self._add(again)

    def take_channels(self, other: Self) -> None:
        with self._writing():
            for table in ("channels", "deliveries", "delivered_heads"):
                self._fill(table, other)

    def _add(self, one: "Delivery") -> None:
        """Put a message behind those of its UID."""
        self.connection.execute(
            "UPDATE deliveries SET newest = 0 WHERE channel = ? AND newest = 1 AND code = ? AND uid = ?",
            (one.channel, one.code, one.uid),
        )
        self.connection.execute(_INSERTED, _values(one))

    def _write(self, one: "Delivery") -> None:
        """A message as it now stands. One that is dropped leaves its place to the last that was tried."""
        self.connection.execute(
            f"UPDATE deliveries SET {', '.join(f'{name} = ?' for name in _NAMES.split(', '))} WHERE id = ?",
            (*_values(one), one.id),
        )
        if one.state == "dropped":
            self.connection.execute("UPDATE deliveries SET newest = 0 WHERE id = ?", (one.id,))
            self.connection.execute(
                "UPDATE deliveries SET newest = 1 WHERE id = (SELECT max(id) FROM deliveries "
                "WHERE channel = ? AND code = ? AND uid = ? AND state <> 'dropped')",
                (one.channel, one.code, one.uid),
            )


def _values(one: "Delivery") -> tuple[Any, ...]:
    """A message by its columns."""
    plain = to_plain(one)
    plain |= {name: plain[name] or "" for name in (*_MOMENTS, "shows")}
    plain["error"] = to_text(plain["error"]) if plain["error"] is not None else ""
    plain |= {name: int(plain[name]) for name in ("infusion", "there", "was_infusion", "by_hand")}
    return tuple(plain[name] for name in COLUMNS)


def _channel(content: str) -> "Channel":
    """The channel that was written so. KeyError, TypeError or ValueError if it was not."""
    from schedule.model.publishing import Channel  # which a ledger that sends nothing does without, as what follows

    return from_plain(Channel, json.loads(content))


def _delivery(row: tuple[Any, ...]) -> "Delivery":
    """The message that was written so. KeyError, TypeError or ValueError if it was not."""
    from schedule.model.publishing import Delivery
    from schedule.model.reasons.deliveries import DeliveryFault

    plain = dict(zip(("id", *COLUMNS), row, strict=True))
    moments = {name: moment_from_text(plain[name]) if plain[name] else None for name in _MOMENTS}
    fault: Any = DeliveryFault
    read = {
        "starts": _day_or_moment(plain["starts"]),
        "shows": _day_or_moment(plain["shows"]) if plain["shows"] else None,
        "error": from_plain(fault, json.loads(plain["error"])) if plain["error"] else None,
        **{name: bool(plain[name]) for name in ("infusion", "there", "was_infusion", "by_hand")},
    }
    return Delivery(**(plain | moments | read))


def _day_or_moment(text: str) -> date | datetime:
    return moment_from_text(text) if "T" in text else date.fromisoformat(text)
