"""A patient's first plan, and what every act shares: who acts and when, the self-test before it, what came of it."""

import uuid
from collections.abc import Callable, Mapping
from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from schedule.engine.plan import lay_out
from schedule.ledger.store import Store
from schedule.model.acts import Act, Create, Deed
from schedule.model.errors import ClockBehind, NotDone, Refused
from schedule.model.kept import Row, Running
from schedule.model.move import MoveVerdict
from schedule.model.plan import Plan
from schedule.model.projection import projection_of
from schedule.service.clock_sense import clock_ahead
from schedule.service.inputs import Inputs
from schedule.service.revisions import first_lasting, shown_plan
from schedule.service.startup import ready


class Meta(Struct, frozen=True, kw_only=True):
    """Who acts, when, why, and as of which moment. `at` is UTC by the real clock; the others are the site's wall time.
    `running` is for how long the computer has been running at `at`; `clock_confirmed`: somebody has looked at its
    clock, which had seemed to be ahead."""

    by: str
    at: datetime
    as_of: datetime
    site_time: datetime
    reason: str = ""
    based_on: int | None = None
    running: Running | None = None
    clock_confirmed: bool = False


class Done(Struct, frozen=True, kw_only=True):
    """What an act did, or would do: the plan before and after, the verdict on a new day 0, the row that keeps it."""

    before: Plan | None
    after: Plan
    verdict: MoveVerdict | None
    row: Row | None

    @property
    def saved(self) -> bool:
        return self.row is not None

    @property
    def unchanged(self) -> bool:
        """Whether it would change nothing, and is not kept."""
        return self.after is self.before and (self.verdict is None or self.verdict.allowed)


def look_alikes(store: Store, code: str) -> list[str]:
    """The stored codes that differ from this one in a single character: easily taken for each other."""
    return [other for other in store.codes() if other != code and _differ_in_one(code, other)]


def _differ_in_one(one: str, other: str) -> bool:
    if len(one) == len(other):
        return sum(a != b for a, b in zip(one, other, strict=True)) == 1
    short, long = sorted((one, other), key=len)
    return len(long) - len(short) == 1 and any(long[:n] + long[n + 1 :] == short for n in range(len(long)))


Clock = Callable[[], datetime]
"""What tells the time it is now, in UTC."""


def tested(act: Callable[[Meta], Done], store: Store, meta: Meta, now: Clock | None, *, dry_run: bool) -> Done:
    """An act, after the self-test; NotDone if the clock seems to be ahead, and nobody has looked at it. Where somebody
    else's act came between and the clock is behind it: once more, with the time it is `now`; ClockBehind if it still
    is, or nothing tells the time."""
    ready(meta.at)
    if not dry_run:
        check_clock_ahead(store, meta)
    try:
        return act(meta)
    except ClockBehind:
        if now is None:
            raise
        return act(replace(meta, at=now()))


def check_clock_ahead(store: Store, meta: Meta) -> None:
    """NotDone if the clock seems to be ahead, and nobody has looked at it."""
    ahead = None if meta.clock_confirmed else clock_ahead(store, meta.at, meta.running)
    if ahead is not None:
        raise NotDone(ahead)


def create(
    store: Store,
    inputs: Inputs,
    texts: Mapping[str, str],
    meta: Meta,
    *,
    dry_run: bool = False,
    now: Clock | None = None,
) -> Done:
    """A patient's first plan. The same three texts again change nothing; others for a stored code are Refused.
    NotDone or Reckoning, with nothing saved, where this computer does not pass the self-test."""

    def act(meta: Meta) -> Done:
        return _create(store, inputs, texts, meta, dry_run=dry_run)

    return tested(act, store, meta, now, dry_run=dry_run)


def _create(store: Store, inputs: Inputs, texts: Mapping[str, str], meta: Meta, *, dry_run: bool) -> Done:
    case = inputs.case
    deed = Create(protocol=inputs.protocol.sha256, site=inputs.site.sha256, case=case.sha256)
    there = store.newest(case.code)
    if there is not None:
        first = store.history(case.code)[0].act.deed
        if first == deed:
            return Done(before=None, after=shown_plan(store, there), verdict=None, row=None)
        from schedule.model.reasons.refusals import StoredFromOtherFiles  # one of many, which a first plan does without

        raise Refused(StoredFromOtherFiles(), code=case.code)
    schedule_id = uuid.uuid4()
    plan = lay_out(inputs.protocol, inputs.site, case, meta.as_of, revision=1, schedule_id=schedule_id)
    row = None
    if not dry_run:
        act = act_of(case.code, 1, 0, meta, deed)
        row = store.append(act, first_lasting(plan, meta.at), projection_of(plan), texts, meta.running)
    return Done(before=None, after=plan, verdict=None, row=row)


def act_of(code: str, revision: int, based_on: int, meta: Meta, deed: Deed) -> Act:
    """The act that makes `revision` of a patient's plan."""
    return Act(
        code=code,
        revision=revision,
        based_on=based_on,
        by=meta.by,
        at=meta.at,
        site_time=meta.site_time,
        as_of=meta.as_of,
        reason=meta.reason,
        deed=deed,
    )
