"""The way out where a computer's clock had been ahead: the ledger takes nothing earlier than its last act."""

from msgspec.structs import replace

from schedule.ledger.store import Store
from schedule.model.acts import Act, SetClock
from schedule.service.acts import perform
from schedule.service.create import Clock, Meta
from schedule.service.inputs import site_time
from schedule.service.revisions import inputs_of, newest


def acts_ahead(store: Store, now: Clock) -> dict[str, tuple[Act, ...]]:
    """Each patient's acts that are later than the clock, by code, oldest first, but for those that were set right."""
    at, found = now(), {}
    for code in store.codes():
        acts = [kept.act for kept in store.acts(code, newest(store, code).act.revision)]
        settled = max((number for number, act in enumerate(acts) if isinstance(act.deed, SetClock)), default=-1)
        if ahead := tuple(act for act in acts[settled + 1 :] if act.at > at):
            found[code] = ahead
    return found


def set_clock(store: Store, meta: Meta, now: Clock) -> list[tuple[str, int]]:
    """Keep for each patient with acts later than the clock that it had been ahead; the codes, and the revisions that
    this makes. Nothing else is changed; interrupted, it is asked for again."""
    made = []
    for code in acts_ahead(store, now):
        state = newest(store, code).projection
        at = now()
        wall = site_time(at, inputs_of(store, state.protocol, state.site)[1])
        done = perform(store, code, SetClock(), replace(meta, at=at, as_of=wall, site_time=wall), now=now)
        assert done.row is not None
        made.append((code, done.row.act.revision))
    return made
