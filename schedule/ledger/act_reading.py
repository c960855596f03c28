"""Reading a ledger: acts with what they gave, texts, and what has changed."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any, TypeVar

from schedule.ledger.chain import ACT_COLUMNS, FIRST_HASH
from schedule.ledger.codec import kept_from_plain
from schedule.ledger.faults import RowsOf, checked_rows
from schedule.ledger.packed import listed_in, projection_in
from schedule.ledger.statements import Statements
from schedule.ledger.store import MOST_REVISION
from schedule.model import reasons
from schedule.model.acts import Act
from schedule.model.errors import NotDone
from schedule.model.kept import Kept, ListedRow, Row
from schedule.model.projection import FORM, Projection

R = TypeVar("R")
_REVISION_OF_ONE = "WHERE code = ? AND revision = ?"
_NEWEST_OF_ONE = "WHERE code = ? ORDER BY revision DESC LIMIT 1"
_NEWEST = "JOIN (SELECT code, max(revision) AS revision FROM acts GROUP BY code) AS last USING (code, revision)"
"""Of each patient the newest act alone."""
_NEWEST_ON_WARD = (
    "WHERE id IN (SELECT id FROM projections WHERE ward = ?) AND NOT EXISTS "
    "(SELECT 1 FROM acts AS later WHERE later.code = acts.code AND later.revision > acts.revision)"
)
"""The same, of the patients of one ward; the acts of no other ward are looked at."""
_WARDS_THERE = (
    "WITH RECURSIVE names (ward) AS (SELECT min(ward) FROM projections UNION ALL "
    "SELECT (SELECT min(ward) FROM projections WHERE ward > names.ward) FROM names WHERE ward IS NOT NULL) "
    "SELECT ward FROM names WHERE (SELECT acts.id FROM projections JOIN acts USING (id) WHERE ward = names.ward "
    "AND NOT EXISTS (SELECT 1 FROM acts AS later WHERE later.code = acts.code AND later.revision > acts.revision) "
    "ORDER BY projections.id DESC LIMIT 1) IS NOT NULL"
)
"""Each name once, from one to the next by the index; then whether a patient is there still, from the ward's newest act
back: nearly always that act says so."""
_LAST_CHANGE_OF_WARD = (
    "WITH here (id) AS (SELECT max(id) FROM projections WHERE ward = ?) "
    "SELECT at FROM acts WHERE id = coalesce((SELECT id FROM acts AS left_by "
    "WHERE kind IN ('ward', 'amend') AND id > (SELECT id FROM here) AND (SELECT ward FROM acts JOIN projections "
    "USING (id) WHERE acts.code = left_by.code AND acts.revision = left_by.based_on) = ? "
    "ORDER BY id DESC LIMIT 1), (SELECT id FROM here))"
)
"""The newest act that left its patient on the ward; after it only those by which a patient can leave one are looked at,
by an index of their own: another ward, or a site file that names another."""

_TIPS = (
    "SELECT (SELECT hash FROM acts ORDER BY id DESC LIMIT 1), (SELECT hash FROM feed_acts ORDER BY id DESC LIMIT 1), "
    "EXISTS (SELECT 1 FROM moves)"
)
"""The newest of both chains, and whether the ledger was moved: one question, since feeds ask it all day."""


class ActReading(Statements):
    """What is asked of the acts and of what they gave."""

    def _row(self, values: Mapping[str, Any]) -> Row:
        """The row of these columns: of all that are kept of an act, or all but the text of what it gave, which is then
        read when it is asked for."""
        kept = kept_from_plain(values)
        text = partial(values.get, "content") if "content" in values else partial(self._content_of, kept.act)
        given = partial(self._given, kept.act, text)
        return Row(act=kept.act, lasting=kept.lasting, hash=kept.hash, ward=values["ward"], text=text, given=given)

    def _content_of(self, act: Act) -> str | None:
        """The text of what an act gave; None if it is lost."""
        query = f"SELECT content FROM projections JOIN acts USING (id) {_REVISION_OF_ONE}"
        with self._asking(garbled=True):
            found: tuple[str] | None = self.connection.execute(query, (act.code, act.revision)).fetchone()
        return found[0] if found is not None else None

    def _given(self, act: Act, text: Callable[[], str | None]) -> Projection:
        """What an act gave, from its text."""
        content = text()
        with self._asking(garbled=True):
            if content is None:
                raise ValueError(f"what revision {act.revision} of {act.code} gave is missing")
            return projection_in(content)

    def _whole(self, read: Callable[[Mapping[str, Any]], R], where: str, *values: object) -> R | None:
        """The one row, if there is one; NotDone if it was changed, or does not follow from the one before it."""
        with self._asking(garbled=True):
            for row, faults in checked_rows(self._ask, where, *values):
                if faults:
                    raise NotDone(reasons.failures.RowNotWhole(path=self.name, fault=faults[0]))
                return read(row)
        return None

    def newest(self, code: str) -> Row | None:
        return self._whole(self._row, _NEWEST_OF_ONE, code)

    def listed(self, code: str, *, number: int | None = None, revision: int | None = None) -> ListedRow | None:
        if number is not None:
            return self._whole(_listed_row, "WHERE code = ? ORDER BY revision LIMIT 1 OFFSET ?", code, number)
        if revision is not None:
            return self._whole(_listed_row, _REVISION_OF_ONE, code, revision)
        return self._whole(_listed_row, _NEWEST_OF_ONE, code)

    def at(self, code: str, revision: int) -> Row | None:
        if revision > MOST_REVISION:
            return None
        return self._whole(self._row, _REVISION_OF_ONE, code, revision)

    def history(self, code: str) -> list[Row]:
        columns = (*ACT_COLUMNS, "hash")
        names = ", ".join((*(f"acts.{column}" for column in columns), "ward"))
        query = f"SELECT {names} FROM acts LEFT JOIN projections USING (id) WHERE code = ? ORDER BY revision"
        with self._asking(garbled=True):
            found = self._ask(query, code)
            return [self._row(dict(zip((*columns, "ward"), fields, strict=True))) for fields in found]

    def by_patient(
        self, since: str | None = None, codes: Sequence[str] | None = None
    ) -> Iterator[tuple[Row | None, tuple["reasons.faults.LedgerFault", ...]]]:
        try:
            where, ends = "WHERE acts.id > ?", tuple[str, ...]()
            if codes is not None:
                where, ends = "WHERE acts.id > ? AND code BETWEEN ? AND ?", (codes[0], codes[-1])
            for values, faults in checked_rows(
                self._stream, f"{where} ORDER BY code, revision", self._number_of(since), *ends
            ):
                try:
                    row = self._row(values)
                except (KeyError, TypeError, ValueError) as error:
                    yield None, faults or (reasons.faults.NotReadable(cause=self._cause(error)),)
                else:
                    yield row, faults
        except self.connection.Error as error:
            yield None, (reasons.faults.NotReadable(cause=self._cause(error)),)

    def chain(self) -> Iterator[Kept]:
        yield from self._kept(self._stream, "ORDER BY code, revision")

    def newest_acts(self, ward: str | None = None) -> Iterator[Kept]:
        yield from self._kept(self._stream, *_newest_of(ward))

    def has(self, act: str) -> bool:
        with self._asking():
            return bool(self._value("SELECT EXISTS (SELECT 1 FROM acts WHERE hash = ?)", act))

    def acts(self, code: str, last: int, after: int = 0) -> list[Kept]:
        where = "WHERE code = ? AND revision > ? AND revision <= ? ORDER BY revision"
        return list(self._kept(self._ask, where, code, after, last))

    def last_hashes(self, code: str, last: int, most: int) -> list[tuple[int, str]]:
        query = "SELECT revision, hash FROM acts WHERE code = ? AND revision <= ? ORDER BY revision DESC LIMIT ?"
        with self._asking():
            return [(revision, digest) for revision, digest in self.connection.execute(query, (code, last, most))]

    def _kept(self, ask: RowsOf, where: str, *values: object) -> Iterator[Kept]:
        columns = (*ACT_COLUMNS, "hash")
        query = f"SELECT {', '.join(columns)} FROM acts {where}"  # `where` is our own
        with self._asking(garbled=True):
            for fields in ask(query, *values):
                yield kept_from_plain(dict(zip(columns, fields, strict=True)))

    def _number_of(self, act: str | None) -> int:
        """The number of the act with that hash; 0 without one."""
        query = "SELECT coalesce(max(id), 0) FROM acts WHERE hash = ?"
        return 0 if act is None else int(self._value(query, act))

    def codes(self, since: str | None = None) -> list[str]:
        where, *values = ("WHERE id > ?", self._number_of(since)) if since is not None else ("",)
        with self._asking():
            query = f"SELECT DISTINCT code FROM acts {where} ORDER BY code"
            return [code for (code,) in self.connection.execute(query, values)]

    def text(self, sha256: str) -> str:
        with self._asking():
            found = self.connection.execute("SELECT text FROM texts WHERE sha256 = ?", (sha256,)).fetchone()
        if found is None or not isinstance(found[0], str):
            raise NotDone(reasons.failures.TextMissing(path=self.name, sha256=sha256))
        text: str = found[0]
        return text

    def tips(self) -> tuple[str, str]:
        with self._asking():
            act, feed_act, _ = self.connection.execute(_TIPS).fetchone()
        return act or FIRST_HASH, feed_act or FIRST_HASH

    def tips_here(self) -> tuple[str, str]:
        with self._asking():
            act, feed_act, is_marked = self.connection.execute(_TIPS).fetchone()
        if is_marked and (mark := self.moved()) is not None:
            raise NotDone(reasons.moving.LedgerMoved(path=self.name, mark=mark))
        return act or FIRST_HASH, feed_act or FIRST_HASH

    def wards(self) -> list[str]:
        with self._asking():
            return [ward for (ward,) in self.connection.execute(_WARDS_THERE)]

    def heads(self, ward: str | None = None) -> dict[str, str]:
        where, *values = _newest_of(ward)
        with self._asking():
            return dict(self.connection.execute(f"SELECT code, hash FROM acts {where}", values).fetchall())

    def head(self, code: str) -> str | None:
        query = "SELECT hash FROM acts WHERE code = ? ORDER BY revision DESC LIMIT 1"
        with self._asking():
            found = self.connection.execute(query, (code,)).fetchone()
        return found[0] if found else None

    def last_of_kind(self, code: str, kind: str) -> int:
        with self._asking():
            return int(
                self._value("SELECT coalesce(max(revision), 0) FROM acts WHERE code = ? AND kind = ?", code, kind)
            )

    def last_changes(self, codes: Iterable[str]) -> dict[str, datetime]:
        of_one = f"SELECT at FROM acts {_NEWEST_OF_ONE}"
        return self._moments(of_one, {code: (code,) for code in codes})

    def last_changes_of_wards(self, wards: Iterable[str]) -> dict[str, datetime]:
        return self._moments(_LAST_CHANGE_OF_WARD, {ward: (ward, ward) for ward in wards})

    def _moments(self, query: str, asked: Mapping[str, tuple[str, ...]]) -> dict[str, datetime]:
        """The moment that is found with each of these values, where one is."""
        with self._asking():
            found = {name: self.connection.execute(query, values).fetchone() for name, values in asked.items()}
            return {name: datetime.fromisoformat(row[0]) for name, row in found.items() if row is not None}

    def is_of_an_earlier_form(self) -> bool:
        query = (
            "SELECT EXISTS (SELECT 1 FROM projections WHERE form < ?) "
            "OR (EXISTS (SELECT 1 FROM acts) AND NOT EXISTS (SELECT 1 FROM projections))"
        )
        with self._asking():
            return bool(self._value(query, FORM))


def _listed_row(values: Mapping[str, Any]) -> ListedRow:
    return ListedRow(code=values["code"], hash=values["hash"], listed=listed_in(values["content"]))


def _newest_of(ward: str | None) -> tuple[str, ...]:
    """Which acts those are, in the order of the codes, and the value for it: of all patients, or of one ward's."""
    return (f"{_NEWEST} ORDER BY code",) if ward is None else (f"{_NEWEST_ON_WARD} ORDER BY code", ward)
