"""The acts of a patient, told: what the history says of each, wherever it is read."""

from typing import Any

from schedule.ledger.codec import to_plain
from schedule.ledger.store import Store
from schedule.model.acts import Move
from schedule.model.kept import Row
from schedule.service.listing import listed_at
from schedule.service.revisions import deed_in_zone, stored_plan
from schedule.words.acts import deed_in_words


def act_told(store: Store, row: Row) -> str:
    """The act in a sentence that says every date back, on the plan as it was before it."""
    before = listed_at(store, row.act.code, row.act.based_on) or stored_plan(store, row)
    return deed_in_words(before, deed_in_zone(row.act.deed, before.site.zone))


def last_move(store: Store, code: str) -> int:
    """The revision of a patient's last move of day 0; 0 where there is none."""
    return store.last_of_kind(code, Move.kind)


def act_values(row: Row) -> dict[str, Any]:
    """The act as it is kept, in plain values, and the hash by which the chain knows it."""
    values: dict[str, Any] = to_plain(row.act)
    return {"kind": row.act.kind, **values, "hash": row.hash}
