"""A ledger in a database, whichever it is: what its statements say together."""

from collections.abc import Iterator

from schedule.ledger.act_keeping import ActKeeping
from schedule.ledger.carrying import Carrying
from schedule.ledger.channel_keeping import ChannelKeeping
from schedule.ledger.faults import faults_beside, faults_of_feeds
from schedule.ledger.feed_keeping import FeedKeeping
from schedule.ledger.steps import STEPS
from schedule.model import reasons


class SqlStore(ActKeeping, FeedKeeping, ChannelKeeping, Carrying):
    """Every act, append-only, in a chain of hashes, and beside each act what it gave; feeds and channels.

    An act and what it gave are one transaction, synced to disk before it is acknowledged. No act is ever updated or
    deleted. What an act gave can be worked out again and replaced; when each feed was last fetched is no act.
    """

    def faults(self, *, whole: bool = True) -> "list[reasons.faults.LedgerFault]":
        found: list[reasons.faults.LedgerFault] = []
        try:
            found += faults_of_feeds(self._stream)
            if whole:
                found += self._damage()
                found += faults_beside(self._stream)
        except (self.connection.Error, UnicodeError) as error:
            found.append(reasons.faults.NotReadable(cause=self._cause(error)))
        return found

    def _fill_from(self, other: "SqlStore") -> None:
        """Put the rows of all tables of another ledger, of one moment, in the place of what is here."""
        with other._snapshot():
            for table in sorted(frozenset[str]().union(*(step.tables for step in STEPS))):
                self._fill(table, other)

    def _damage(self) -> "Iterator[reasons.faults.LedgerFault]":
        """What the database itself finds wrong with its files."""
        yield from ()
