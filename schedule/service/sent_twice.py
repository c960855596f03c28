"""Was the same asked twice: by a double click, by the button Back, or since nobody knew whether it was saved? Then it
is answered as if it had just been done."""

from datetime import timedelta
from typing import Any

from msgspec.structs import replace

from schedule.ledger.codec import to_plain
from schedule.ledger.store import Store
from schedule.model.acts import Book, Create, Deed, GiveRuling, Move, RecordDay, RecordEvent
from schedule.model.kept import Row
from schedule.service.create import Meta
from schedule.service.inputs import Inputs
from schedule.service.revisions import newest


def same_act(store: Store, code: str, deed: Deed, meta: Meta) -> Row | None:
    """The act that was made out of the same revision, if it is this very one by the same person."""
    for row in store.history(code):
        act = row.act
        if act.based_on == meta.based_on and act.revision > 1:
            same = (act.by, act.reason, type(act.deed), _typed(act.deed, row))
            return row if same == (meta.by, meta.reason, type(deed), _typed(deed, row)) else None
    return None


AGAIN_WITHIN = timedelta(minutes=10)
"""As long as the same command, given again, is taken as given again and not as another act."""


def just_done(store: Store, code: str, deed: Deed, meta: Meta) -> Row | None:
    """The act that this very person has made out of the revision that is named; where none is, the newest act, if it is
    this very one and not long ago."""
    if meta.based_on is not None:
        return same_act(store, code, deed, meta)
    row = newest(store, code)
    if not timedelta() <= meta.at - row.act.at <= AGAIN_WITHIN:
        return None
    return same_act(store, code, deed, replace(meta, based_on=row.act.based_on))


def _typed(deed: Deed, row: Row) -> Any:
    """What was typed of a deed that may have made a row: not whether it was confirmed, nor in which order a day's
    records are known, nor what a ruling was made on; and a booking for the planned time is one for none."""
    if isinstance(deed, Book) and deed.at is not None:
        planned = (one.planned for one in row.projection.events if one.id == deed.event)
        deed = replace(deed, at=None) if deed.at.is_same(next(planned, None)) else deed
    if isinstance(deed, RecordEvent):
        deed = replace(deed, confirmed=False)
    if isinstance(deed, RecordDay):
        records = (replace(one, confirmed=False) for one in deed.records)
        deed = replace(deed, records=tuple(sorted(records, key=lambda one: one.event)))
    if isinstance(deed, GiveRuling):
        deed = replace(deed, ruling=replace(deed.ruling, made_on=()))
    if isinstance(deed, Move):
        deed = replace(deed, rulings=tuple(replace(one, made_on=()) for one in deed.rulings))
    return to_plain(deed)


def same_patient(store: Store, inputs: Inputs) -> bool:
    """Whether the stored patient was made from these very texts."""
    wanted = Create(protocol=inputs.protocol.sha256, site=inputs.site.sha256, case=inputs.case.sha256)
    return store.history(inputs.case.code)[0].act.deed == wanted
