"""What the acts give, worked out from them again: `verify` compares it with what is kept, a rebuild puts it in its
place."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TypeVar

from schedule.engine.history import apply
from schedule.engine.plan import lay_out
from schedule.files.case_file import read_case
from schedule.files.mistakes import STORED_CASE
from schedule.ledger.store import Store
from schedule.model.acts import Amend, Create, Restore
from schedule.model.errors import DayzeroError, NotThere
from schedule.model.kept import Kept, Lasting
from schedule.model.plan import Plan
from schedule.model.projection import Projection, projection_of
from schedule.model.reasons.absences import FirstActAbsent
from schedule.service.revisions import deed_in_zone, first_lasting, inputs_of, next_lasting

K = TypeVar("K", bound=Kept)


@dataclass(frozen=True, slots=True, kw_only=True)
class Again:
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
    """Where the patient stood after an act, and the plan, from the act and what was before it alone."""
    act, deed = kept.act, kept.act.deed
    if isinstance(deed, Create):
        protocol, site = inputs_of(store, deed.protocol, deed.site)
        case = read_case(store.text(deed.case), STORED_CASE, protocol, site)
        schedule_id = kept.lasting.schedule_id
        plan = lay_out(protocol, site, case, act.as_of, revision=act.revision, schedule_id=schedule_id)
        return plan, first_lasting(plan, act.at)
    if before is None:
        raise NotThere(FirstActAbsent(code=act.code))
    last = before.plan
    protocol, site = last.protocol, last.site
    if isinstance(deed, Amend):
        protocol, site = inputs_of(store, deed.protocol, deed.site)
    plan = apply(last, deed_in_zone(deed, site.zone), act.as_of, act.revision, protocol=protocol, site=site)
    return plan, next_lasting(before.lasting, last, plan, act.at, anew=isinstance(deed, Restore))
