"""What a ledger does, whatever keeps it: append an act with what it gave, read it back, keep what was done to feeds."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, Self

from schedule.model import reasons
from schedule.model.acts import Act
from schedule.model.kept import FeedAct, Kept, Lasting, ListedRow, OwnTime, Row, Running
from schedule.model.moved import MovedLedger
from schedule.model.projection import Projection

if TYPE_CHECKING:
    from schedule.model.publishing import Channel, Delivery

MOST_REVISION = 2**63 - 1
"""The largest whole number that every store can keep."""


class Store(Protocol):
    """A ledger. Open it with `with`: it is closed at the end. Whatever cannot be done is NotDone, and says why.

    Acts are appended, each in one transaction with what it gave, and safe on the disk before they are acknowledged;
    none is ever updated or deleted. What an act gave may be replaced.
    """

    @property
    def name(self) -> str:
        """What messages call the place where it lies: a path, or host, port and database."""

    def __enter__(self) -> Self: ...

    def __exit__(self, *_: object) -> None: ...

    # acts

    def append(
        self,
        act: Act,
        lasting: Lasting,
        projection: Projection,
        texts: Mapping[str, str],
        running: Running | None = None,
    ) -> Row:
        """Keep an act with what it gave, texts by their hashes, and for how long the computer has been running by then.
        Stale if it is based on a revision that is no longer the newest, ClockBehind if its time is earlier than the
        last act's."""

    def newest(self, code: str) -> Row | None:
        """A patient's newest revision, or None."""

    def listed(self, code: str, *, number: int | None = None, revision: int | None = None) -> ListedRow | None:
        """What lists show of a patient's newest revision; of that one; or of the one with that `number`, the first
        being 0. None where it is not there."""

    def at(self, code: str, revision: int) -> Row | None:
        """That revision of a patient, or None."""

    def history(self, code: str) -> list[Row]:
        """A patient's acts, oldest first; what each gave is read when it is asked for, while the ledger is open."""

    def by_patient(
        self, since: str | None = None, codes: Sequence[str] | None = None
    ) -> Iterator[tuple[Row | None, tuple["reasons.faults.LedgerFault", ...]]]:
        """Every act, patient by patient, each oldest first, with what is wrong with its row; None for one that cannot
        be read. `since`: only those that were made after the act with that hash. `codes`, which follow one another in
        the order of all: only of the patients from the first of them to the last. It holds one at a time."""

    def chain(self) -> Iterator[Kept]:
        """Every act, in the same order, without what it gave: all that is left where that is lost, or of an earlier
        form."""

    def has(self, act: str) -> bool:
        """Whether there is an act with that hash."""

    def acts(self, code: str, last: int, after: int = 0) -> list[Kept]:
        """A patient's acts after one revision and up to the revision `last`, oldest first, without what they gave."""

    def last_hashes(self, code: str, last: int, most: int) -> list[tuple[int, str]]:
        """The revisions and hashes of a patient's acts up to the revision `last`, newest first, not more than that."""

    def newest_acts(self, ward: str | None = None) -> Iterator[Kept]:
        """The newest act of every patient, or of those on one ward, in the order of their codes, without what it
        gave."""

    def codes(self, since: str | None = None) -> list[str]:
        """The codes of all patients, or of those with an act after the one with that hash, in order."""

    def text(self, sha256: str) -> str:
        """A protocol, site or case text by its hash. NotDone if the ledger has lost it."""

    # what has changed

    def tips(self) -> tuple[str, str]:
        """The hashes of the newest act and of the newest act on a feed: while they stay, nothing has changed."""

    def tips_here(self) -> tuple[str, str]:
        """The same of a ledger that lies here; NotDone if it was moved elsewhere: what it holds may be out of date."""

    def wards(self) -> list[str]:
        """The names of the wards that have a patient; empty for patients of whom none is named."""

    def heads(self, ward: str | None = None) -> dict[str, str]:
        """The hash of each patient's newest act, by code: of all, or of those on one ward."""

    def head(self, code: str) -> str | None:
        """The hash of a patient's newest act, or None."""

    def last_of_kind(self, code: str, kind: str) -> int:
        """The revision of a patient's newest act of that kind; 0 if there is none."""

    def last_changes(self, codes: Iterable[str]) -> dict[str, datetime]:
        """When the newest act was (UTC) of each of these patients who are there, by code."""

    def last_changes_of_wards(self, wards: Iterable[str]) -> dict[str, datetime]:
        """When what each of these wards shows was last changed (UTC), by name: by an act of a patient who was on it
        then, or left it by that act. None of a ward that never had a patient."""

    # its sense of time

    def own_time(self, running: Running) -> OwnTime | None:
        """What time it is by anything but this computer's clock. None where nothing tells, as after a start of the
        computer."""

    def last_act_at(self) -> datetime | None:
        """When the newest act was, in UTC; None where there is none."""

    def note_running(self, at: datetime, running: Running) -> None:
        """Remember for how long the computer has been running at a moment (UTC), unless that is known of this start of
        it already."""

    # what acts gave

    def is_of_an_earlier_form(self) -> bool:
        """Whether what some act gave is kept in an earlier form, or what all gave is gone."""

    def replace_projections(
        self, projections: Iterable[tuple[Kept, Projection]]
    ) -> "tuple[reasons.faults.RevisionNamed, ...]":
        """Replace what these acts gave where something else is kept, in one transaction, and give the names of those
        revisions. One act is held at a time."""

    # feeds

    def append_feed_act(self, act: FeedAct) -> bool:
        """Keep what was done to a feed; False if nothing is to be done: it is there already, or revoked already.
        NotDone if the feed that is to be revoked was never made."""

    def feed_acts(self, token: str | None = None) -> list[FeedAct]:
        """What was done to all feeds, or to the one with this hash, in the order in which it was done."""

    def fetches(self) -> dict[str, datetime]:
        """When each feed was last fetched, in UTC, by its hash: to the minute, and after a power cut perhaps not the
        last.
        """

    def note_fetch(self, token: str, at: datetime) -> None:
        """Remember when a feed was fetched; never earlier than what is there."""

    # channels

    def channels(self) -> "list[Channel]":
        """Every channel, also those that were removed, oldest first."""

    def append_channel(self, channel: "Channel") -> "Channel":
        """Keep a new channel, and give it with its number."""

    def change_channel(self, channel: int, changes: Mapping[str, Any]) -> "Channel":
        """Change these fields of a channel alone, whatever others change meanwhile, and give it as it is then."""

    def take_lease(self, channel: int, holder: str, now: datetime, until: datetime) -> bool:
        """Let `holder` alone deliver to a channel until then; False while somebody else does. Its own it renews."""

    def end_lease(self, channel: int, holder: str) -> None:
        """Let others deliver to the channel, if `holder` does."""

    def delivered_heads(self, channel: int) -> dict[str, str]:
        """By code the hash of the act up to which a channel's messages were queued."""

    def deliveries(self, channel: int, code: str) -> "list[Delivery]":
        """Of each UID of one patient in a channel the last message that was not dropped."""

    def unfinished(self, channel: int) -> "list[Delivery]":
        """Those of all patients that wait or are being sent."""

    def recent(self, channel: int, since: datetime) -> "list[Delivery]":
        """The same, with those that were declined, and those that were tried after that moment."""

    def attempts(self, channel: int, since: datetime) -> list[datetime]:
        """When messages were tried after that moment, oldest first."""

    def highest_sequence(self, channels: Sequence[int]) -> int:
        """The highest SEQUENCE that any of these channels was sent; −1 if none was."""

    def queue(
        self, channel: int, heads: Mapping[str, str], queued: "Iterable[Delivery]", dropped: "Iterable[Delivery]"
    ) -> None:
        """Queue messages and drop others, in one transaction, and remember up to which act of each patient."""

    def begin_delivery(self, one: "Delivery", holder: str, now: datetime) -> bool:
        """Keep that a queued message is being sent; False if it is no longer queued, the channel is paused, or
        `holder` not in charge."""

    def end_delivery(self, one: "Delivery", again: "Delivery | None" = None) -> None:
        """Keep what became of a message, and the one that waits in its place, in one transaction."""

    def take_channels(self, other: Self) -> None:
        """Keep another ledger's channels, and what was sent to them, instead of one's own."""

    def home(self, channel: int) -> str:
        """Where the ledger lies from which a channel is sent to: another text for a copy of it, and for an older one
        that was put in its place."""

    def forget_sent(self, channel: int) -> None:
        """Take this ledger as the one from which the channel is sent to, whatever lay in its place before."""

    # the pages

    def form_key(self, fresh: bytes) -> bytes:
        """The key of the pages' forms, the same for every process and after every restart; `fresh` is kept as the key
        where there is none yet."""

    # moving it to another place

    def moved(self) -> MovedLedger | None:
        """Where the ledger went, which is closed here; or from where it is arriving. None if it is here."""

    def is_empty(self) -> bool:
        """Whether nobody has done anything in it."""

    def closing(self, mark: MovedLedger) -> AbstractContextManager[None]:
        """While it lasts nobody writes; at its end the ledger is closed, with the mark. It stays open if that fails."""

    def bring(self, other: Self, mark: MovedLedger) -> None:
        """Put all that another ledger holds into this empty one, as it is, and the mark that it is arriving, in one
        transaction; or, where that came before, what has come after it. NotDone if there is anything else here."""

    def holds_the_same(self, other: Self) -> bool:
        """Whether every row is the same."""

    def open_again(self) -> None:
        """Take the mark away."""

    # the whole

    def lies_there(self) -> bool:
        """Whether what is open is still what lies at its place, where another may have been put."""

    def faults(self, *, whole: bool = True) -> "list[reasons.faults.LedgerFault]":
        """What is wrong with what was done to feeds; with the `whole` also with the file, the texts, and what belongs
        to no act."""

    def backup(self, target: Path) -> None:
        """A whole copy of the ledger. NotDone if the file is there already or cannot be written."""

    def take_over(self, other: Self) -> None:
        """Put the whole content of another ledger in this one's place, in one transaction:
        whoever has it open sees it.
        """
