"""What the acts give, worked out from them again: `verify` compares it with what is kept, a rebuild puts it in its
place."""

from collections.abc import Iterable, Iterator
from typing import TypeVar

from msgspec import Struct
from msgspec.structs import replace

from schedule.engine.plan import plan_from
from schedule.ledger.store import Store
from schedule.model.acts import Create, Restore
from schedule.model.errors import DayzeroError, NotThere
from schedule.model.kept import Kept, Lasting
from schedule.model.plan import Plan
from schedule.model.projection import Projection, projection_of
from schedule.model.reasons.absences import FirstActAbsent
from schedule.service.revisions import first_lasting, history_of, next_lasting, step_after

K = TypeVar("K", bound=Kept)


class Again(Struct, frozen=True, kw_only=True):
    """What an act gives, from the acts alone."""

    plan: Plan
    lasting: Lasting
    projection: Projection


def folded(store: Store, acts: Iterable[K]) -> Iterator[tuple[K, Again | Exception]]:
    """Each act, oldest first, with what it gives; or with why it cannot be laid out again. Then the patient's next act
    is folded upon the last that could be."""
    last: dict[str, Again] = {}
    for kept in acts:
        try:
            plan, lasting = _folded(store, kept, last.get(kept.act.code))
            projection = projection_of(plan)
            if isinstance(kept.act.deed, Create):  # the texts that the act names, even where one was changed since
                projection = replace(projection, protocol=kept.act.deed.protocol, site=kept.act.deed.site)
            last[kept.act.code] = again = Again(plan=plan, lasting=lasting, projection=projection)
        except (DayzeroError, KeyError, TypeError, ValueError) as error:
            yield kept, error
        else:
            yield kept, again


def rebuild(store: Store) -> None:
    """Replace what every act gave by what it gives. DayzeroError, with nothing replaced, if one cannot be laid out
    again."""
    found = []
    for kept, again in folded(store, store.chain()):
        if isinstance(again, Exception):
            raise again
        found.append((kept, again.projection))
    store.replace_projections(found)


def _folded(store: Store, kept: Kept, before: Again | None) -> tuple[Plan, Lasting]:
    """What an act gives, from it and what was before it. The numbers of occurrences are those that are kept."""
    act, numbers = kept.act, kept.lasting.numbers
    if isinstance(act.deed, Create):
        history = history_of(store, [act], numbers)
    elif before is None:
        raise NotThere(FirstActAbsent(code=act.code))
    else:
        assert before.plan.history is not None
        history = replace(before.plan.history.then(step_after(store, before.plan.history, act)), numbers=numbers)
    plan = plan_from(history, act.as_of, revision=act.revision, schedule_id=kept.lasting.schedule_id)
    if before is None or isinstance(act.deed, Create):
        return plan, first_lasting(plan, act.at)
    return plan, next_lasting(before.lasting, before.plan, plan, act.at, anew=isinstance(act.deed, Restore))
