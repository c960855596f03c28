"""What the acts give, worked out from them again: `verify` compares it with what is kept, a rebuild puts it in its
place."""

from collections.abc import Collection, Iterable, Iterator
from typing import TypeVar

from msgspec import Struct
from msgspec.structs import replace

from schedule.engine.plan import plan_from
from schedule.engine.replay import replay
from schedule.ledger.store import Store
from schedule.model.acts import Create, Restore
from schedule.model.errors import DayzeroError, NotThere
from schedule.model.kept import Kept, Lasting
from schedule.model.plan import Plan
from schedule.model.projection import Projection, projection_of
from schedule.model.reasons.absences import FirstActAbsent, NoPlanStored
from schedule.model.reasons.faults import RevisionNamed
from schedule.service.revisions import (
    Shown,
    first_lasting,
    history_of,
    next_lasting,
    plan_of,
    shown_entries,
    step_after,
)

K = TypeVar("K", bound=Kept)


class Again(Struct, frozen=True, kw_only=True):
    """What an act gives, from the acts alone."""

    plan: Plan
    shown: Shown
    lasting: Lasting
    projection: Projection


def folded(store: Store, acts: Iterable[K], *, from_first: bool = True) -> Iterator[tuple[K, Again | Exception]]:
    """Each act, patient by patient and each oldest first, with what it gives; or with why it cannot be laid out again:
    then the patient's next act is folded upon the last that could be. One patient is held at a time. Unless they are
    `from_first`, the first act of a patient is folded upon what is kept of those before it."""
    last: tuple[str, Again] | None = None
    for kept in acts:
        try:
            before = last[1] if last is not None and last[0] == kept.act.code else None
            if before is None and not from_first and not isinstance(kept.act.deed, Create):
                before = _kept_before(store, kept)
            again = _folded(store, kept, before)
        except (DayzeroError, KeyError, TypeError, ValueError) as error:
            yield kept, error
        else:
            last = kept.act.code, again
            yield kept, again


class Rebuilt(Struct, frozen=True, kw_only=True):
    """How many revisions were worked out again, and which of them were kept otherwise."""

    acts: int
    differing: tuple[RevisionNamed, ...]


def rebuild(store: Store, codes: Collection[str] = ()) -> Rebuilt:
    """Replace what every act gave by what it gives; of some patients where they are named. DayzeroError, with nothing
    replaced, if one cannot be laid out again, or there is no such patient."""
    for code in codes:
        if store.head(code) is None:
            raise NotThere(NoPlanStored(code=code, known=tuple(store.codes())))
    count = 0

    def again() -> Iterator[tuple[Kept, Projection]]:
        nonlocal count
        for kept, given in folded(store, (kept for kept in store.chain() if not codes or kept.act.code in codes)):
            if isinstance(given, Exception):
                raise given
            count += 1
            yield kept, given.projection

    differing = store.replace_projections(again())
    return Rebuilt(acts=count, differing=differing)


def _kept_before(store: Store, kept: Kept) -> Again | None:
    """What the patient's act before this one gave, laid out upon the acts as they are kept."""
    acts = store.acts(kept.act.code, kept.act.revision - 1)
    if not acts:
        return None
    plan, last = plan_of(store, acts[-1]), acts[-1]
    shown = shown_entries(plan, last.act.at, last.lasting.since)
    return Again(plan=plan, shown=shown, lasting=last.lasting, projection=projection_of(plan))


def _folded(store: Store, kept: Kept, before: Again | None) -> Again:
    """What an act gives, from it and what was before it. The numbers of occurrences are those that are kept."""
    act, numbers = kept.act, kept.lasting.numbers
    if isinstance(act.deed, Create):
        history = history_of(store, [act], numbers)
    elif before is None:
        raise NotThere(FirstActAbsent(code=act.code))
    else:
        known = before.plan.history
        assert known is not None
        history = replace(known.then(step_after(store, known, act)), numbers=numbers)
        replay(history, known)
    plan = plan_from(history, act.as_of, revision=act.revision, schedule_id=kept.lasting.schedule_id)
    projection = projection_of(plan)
    shown = shown_entries(plan, act.at, before.lasting.since if before is not None else {})
    if before is None or isinstance(act.deed, Create):
        lasting = first_lasting(plan, act.at)
    else:
        anew = isinstance(act.deed, Restore)
        lasting = next_lasting(before.lasting, before.shown, plan, shown, act.at, anew=anew)
    if isinstance(act.deed, Create):  # the texts that the act names, even where one was changed since
        projection = replace(projection, protocol=act.deed.protocol, site=act.deed.site)
    return Again(plan=plan, shown=shown, lasting=lasting, projection=projection)
