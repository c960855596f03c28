"""Plans that are laid out to be looked at and not kept."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, time
from pathlib import Path

from msgspec import Struct

from schedule.engine.first_day import first_day_zero
from schedule.engine.history import apply
from schedule.engine.plan import lay_out
from schedule.engine.possible_days import DecisionAsked, decision_asked, open_cycles, possible_days, weeks_around
from schedule.files.patient_list import columns_of
from schedule.ledger.store import Store
from schedule.model.acts import Amend, Move
from schedule.model.case import Case, Site
from schedule.model.dates import add
from schedule.model.errors import InputError, Refused
from schedule.model.kept import Row
from schedule.model.moment import Moment
from schedule.model.plan import Plan
from schedule.model.protocol import Protocol
from schedule.pages.possible_days import Calendar, calendar_of
from schedule.pages.protocol_diff import Effect, effect
from schedule.service.acts import perform
from schedule.service.create import Meta
from schedule.service.inputs import open_site, site_time
from schedule.service.patients import jobs_of
from schedule.service.revisions import inputs_of, newest, stored_plan
from schedule.words.refusals import refused_lines

# A patient, planned or not -------------------------------------------------------------------------------------------


def seen_at(store: Store, row: Row, now: datetime, as_of: datetime | None = None) -> tuple[Plan, datetime]:
    """A stored revision's plan as it looks at the moment `now`, or at the wall time `as_of`, and that as the site's
    wall time."""
    state = row.projection
    _, site = inputs_of(store, state.protocol, state.site)
    wall = as_of or site_time(now, site)
    return stored_plan(store, row, as_of=wall), wall


def first_possible(plan: Plan, as_of: datetime) -> date | None:
    """The first day 0 of a patient not planned yet that keeps every rule, with no dose in the past; None where there is
    none, or where it cannot be judged."""
    return first_day_zero(plan, as_of)


def possible(
    plan: Plan,
    as_of: datetime,
    cycle: int,
    *,
    begin: date | None = None,
    clock: time | None = None,
    repeat: bool = False,
) -> Calendar | None:
    """What a move of day 0 of a cycle would come to, for each day around it or from the week of `begin` on; None once
    it no longer moves. `clock` is the hour that it would have, by default its present one."""
    if cycle not in cycles_open(plan):
        return None
    weeks = weeks_around(plan, cycle, begin)
    return calendar_of(plan, possible_days(plan, as_of, weeks, cycle=cycle, clock=clock, repeat=repeat))


def cycles_open(plan: Plan) -> tuple[int, ...]:
    """The cycles whose day 0 may still move: none whose infusion is recorded, none of a plan that is cancelled."""
    return open_cycles(plan)


def to_be_decided(plan: Plan, deed: Move, as_of: datetime) -> DecisionAsked:
    """What the principal investigator is asked where day 0 is to move so."""
    return decision_asked(plan, deed, as_of)


# An example ----------------------------------------------------------------------------------------------------------

EXAMPLE_DAY = Moment(on=date(2026, 6, 15))
EXAMPLE_CODE = "EXAMPLE"


def example(
    found: Protocol, site: Site, zero: Moment, choices: Mapping[str, str], as_of: datetime | None = None
) -> Plan:
    """The plan of a patient of whom nothing is known but day 0 and what was chosen, by default as of a year before."""
    case = Case(
        code=EXAMPLE_CODE,
        protocol=found.id,
        planned_day_zero=zero.on,
        planned_time=zero.at.time() if zero.at is not None else None,
        planned_moment=zero.at,
        dates={},
        attestations={},
        rulings=(),
        sha256=found.sha256,
        choices=dict(choices),
    )
    return lay_out(found, site, case, as_of or datetime.combine(add(zero.on, -365, "days", "clamp"), time.min))


# Two versions of a protocol ------------------------------------------------------------------------------------------


class Versions(Struct, frozen=True, kw_only=True):
    """Two versions of a protocol, each with the site file that goes with it, to be compared by their effects on
    patients as of one moment: `as_of` is the wall time of a site."""

    before: Protocol
    after: Protocol
    sites: tuple[Path | None, Path | None]
    now: datetime
    as_of: Callable[[Site], datetime]

    def on_files(self, path: Path) -> Iterator[Effect | str]:
        """The effect for every patient of a case file, a list or a folder; for a patient of another trial, who is
        passed over, the code. InputError for one that the old version cannot read."""
        old_site, new_site = open_site(self.sites[0], self.before), open_site(self.sites[1], self.after)
        at = self.as_of(old_site)
        for job in jobs_of(path):
            if job.protocol_named.upper() != self.before.id.upper() and job.protocol.id != self.before.id:
                yield job.listed.code or job.name if job.listed else job.name
                continue
            tables = job.tables(self.before, columns_of(self.after))
            plan = lay_out(self.before, old_site, job.case(tables, self.before, old_site), at)
            try:
                yield effect(plan, self._amended(plan, job.case(tables, self.after, new_site), new_site, at))
            except InputError as error:
                yield Effect(code=plan.case.code, refused=tuple(map(str, error.mistakes)))
            except Refused as error:
                yield Effect(code=plan.case.code, refused=tuple(map(str, refused_lines(error, "terminal"))))

    def _amended(self, plan: Plan, case: Case, site: Site, at: datetime) -> Plan:
        """A patient's plan by the new version: amended where it has dates, so that its events keep their ids."""
        if plan.standing is None:
            return lay_out(self.after, site, case, at)
        deed = Amend(protocol=self.after.sha256, site=site.sha256)
        return apply(plan, deed, at, plan.revision + 1, protocol=self.after, site=site)

    def on_stored(self, store: Store, new_text: str, by: str) -> Iterator[Effect | str]:
        """What an amendment would do for every stored patient planned by the old version; for another patient the
        code."""
        for code in store.codes():
            state = newest(store, code).projection
            if state.protocol != self.before.sha256:
                yield code
                continue
            when = self.as_of(inputs_of(store, state.protocol, state.site)[1])
            meta = Meta(by=by, at=self.now, as_of=when, site_time=when)
            texts = {self.after.sha256: new_text}

            def amended(to: Protocol, code: str = code, site: str | None = state.site, meta: Meta = meta) -> Plan:
                deed = Amend(protocol=to.sha256, site=site)
                return perform(store, code, deed, meta, dry_run=True, texts=texts).after  # noqa: B023

            try:
                yield effect(amended(self.before), amended(self.after))
            except InputError as error:
                yield Effect(code=code, refused=tuple(map(str, error.mistakes)))
            except Refused as error:
                yield Effect(code=code, refused=tuple(map(str, refused_lines(error, "terminal"))))
