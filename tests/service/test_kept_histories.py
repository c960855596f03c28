"""Random histories through the ledger: what is kept and read back is what the engine gives without it."""

from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace
from oracle.generate import world
from shared.player import Player, read, report

from schedule.commands import today
from schedule.engine.day_names import label_of
from schedule.engine.need import holds_until, need
from schedule.engine.open_today import open_on
from schedule.engine.plan import plan_from
from schedule.files.case_file import read_case
from schedule.ledger.opening import open_store
from schedule.model.text import sha256
from schedule.pages.board import strip_of
from schedule.pages.shift import patient_shift
from schedule.service.acts import perform
from schedule.service.create import Meta, create
from schedule.service.history import act_told
from schedule.service.inputs import Inputs
from schedule.service.listing import listed_patients
from schedule.service.revisions import deed_in_zone, newest, plan_of, stored_plan
from schedule.service.verify import verify
from schedule.words.acts import deed_in_words
from schedule.words.verdict import verdict_kind

CODE, START = "TEST-01", datetime(2026, 1, 3, tzinfo=UTC)


class Keeper(Player):
    """The same patient, each act kept in a ledger."""

    def __init__(self, store, *texts):
        super().__init__(*texts)
        self.store, self.clock = store, 0

    def made(self, deed, as_of, texts):
        self.clock += 1
        at = START + timedelta(seconds=self.clock)
        meta = Meta(by="PI", at=at, as_of=as_of, site_time=as_of.replace(fold=0), reason="why")
        kept = {sha256(text): text for text in (*texts, self.case)}
        if deed is None:
            protocol, site = read(*texts)
            inputs = Inputs(protocol=protocol, site=site, case=read_case(self.case, "case.toml", protocol, site))
            done = create(self.store, inputs, kept, meta)
        else:
            done = perform(self.store, CODE, deed, meta, texts=kept)
        return done.after, done.verdict


@pytest.mark.parametrize("seed", range(12))
def test_a_history_in_the_ledger_is_the_history(seed, place):
    made = world(seed, 10, more=seed % 2 == 1)
    with open_store(place) as store:
        player, keeper = Player(made.protocol, made.site, made.case), Keeper(store, made.protocol, made.site, made.case)
        for act in made.acts:
            alone, kept = player.act(act), keeper.act(act)
            assert (kept["exit"], kept["saved"], kept["kind"]) == (alone["exit"], alone["saved"], alone["kind"]), (act, kept)
            again = plan_of(store, newest(store, CODE))
            assert report(again) == report(keeper.plan) == report(player.plan)
            assert again.history.numbers == player.plan.history.numbers
            assert stored_plan(store, newest(store, CODE)) == again
        assert verify(store).faults == []


def moments_of(plan):
    """A minute before, at and after each event's time, and each midnight, up to two months after the plan's as-of."""
    days = (plan.as_of.replace(hour=0, minute=0) + timedelta(days=number) for number in range(62))
    times = {event.moment for event in plan.events} | set(days)
    minute = timedelta(minutes=1)
    every = sorted({near for at in times for near in (at - minute, at, at + minute)})
    return [at for at in every if plan.as_of <= at <= plan.as_of + timedelta(days=62)]


def laid_anew(plan):
    """The same plan, upon a history of which nobody has worked out anything."""
    return plan_from(replace(plan.history), plan.as_of, revision=plan.revision, schedule_id=plan.schedule_id)


@pytest.mark.parametrize("seed", [*range(40, 48), 324, 331, 367, 383, 396])
def test_a_kept_plan_seen_at_any_later_moment_is_the_one_laid_out_then(seed, either):
    made = world(seed, 8, more=seed % 2 == 1)
    with open_store(either) as store:
        keeper = Keeper(store, made.protocol, made.site, made.case)
        for act in made.acts:
            keeper.act(act)
        for row in store.history(CODE):
            before = stored_plan(store, store.at(CODE, row.act.based_on) or row)
            assert act_told(store, row) == deed_in_words(before, deed_in_zone(row.act.deed, before.site.zone))
        for row in store.history(CODE)[-3:]:
            moments = moments_of(stored_plan(store, row))
            for at in moments[:: max(1, len(moments) // 25)]:
                again = plan_of(store, row, at)
                anew = laid_anew(again)
                kept = stored_plan(store, row, at)
                assert kept == again == anew, at
                assert kept.feasible == again.feasible, at
                assert (again.clock, again.feasible) == (anew.clock, anew.feasible), at
                if row.act.revision == newest(store, CODE).act.revision:
                    (listed,) = listed_patients(store, [CODE], START, at)
                    assert on_lists(listed.plan) == on_lists(again), at


def on_lists(plan):
    """All that board, shift, wall, digest, sheets of the ward and `today` show of a patient, and for how long."""
    tomorrow = plan.as_of.date() + timedelta(days=1)
    return (
        strip_of(plan), patient_shift(plan), need(plan), need(plan, tomorrow), holds_until(plan), verdict_kind(plan),
        today._day_of(plan, open_on(plan, plan.as_of.date())), [str(label_of(plan, day)) for day in (plan.as_of.date(), tomorrow)],
    )  # fmt: skip


def test_a_list_tells_one_state_of_a_patient_from_another(either):
    made = world(41, 8, more=True)
    with open_store(either) as store:
        keeper, found = Keeper(store, made.protocol, made.site, made.case), []
        for act in made.acts:
            keeper.act(act)
            found += [on_lists(one.plan) for one in listed_patients(store, store.codes(), START, datetime(2027, 1, 1))]
        assert len({repr(one) for one in found}) > 3
