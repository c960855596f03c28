"""What must hold of every history, asked of the engine on the random patients that the oracle makes up."""

from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest
from oracle.generate import world
from oracle.lives import lived, reordered, shown
from shared.alike import check_alike
from shared.player import Player

from schedule.engine.entries import entries_of
from schedule.engine.possible_days import possible_days
from schedule.engine.replay import replay
from schedule.model.moment import is_earlier

SEEDS = range(30)
GIVEN = ("given", "partly", "done")


def player_of(made, acts=None):
    """A patient after some acts; the outcome of each."""
    player = Player(made.protocol, made.site, made.case)
    return player, [player.act(act) for act in (made.acts if acts is None else acts)]


def dates(player):
    """When each occurrence is that is not cancelled."""
    return {name: one["when"] for name, one in player.report()["occurrences"].items() if one["status"] != "cancelled"}


def given(event, at, as_of):
    return {"act": "record", "event": event, "word": "given", "at": at, "as_of": as_of, "confirm": True}


# The order of entry ---------------------------------------------------------------------------------------------------


def records_between_moves_may_come_in_any_order(seed):
    """Whether the history of this seed could be judged; where it could, it is as it must be."""
    made = world(seed)
    acts, patient = lived(made)
    last = {"act": "note", "as_of": max(act["as_of"] for act in acts)}
    other, outcomes = player_of(made, [*reordered(acts, patient, Random(seed)), last])
    if not all(outcome["saved"] for outcome in outcomes):
        return False  # in that order an act is refused
    assert shown(other.report()) == shown(player_of(made, [*acts, last])[0].report())
    return True


def test_records_between_moves_may_come_in_any_order():
    assert sum(map(records_between_moves_may_come_in_any_order, SEEDS)) > len(SEEDS) / 2


# The infusion, typed in late or wrong ---------------------------------------------------------------------------------


def after_the_cells(made, cells, first_at=None):
    """The dates after the infusion was recorded with these times and as-ofs, and the first dose of drug B given."""
    player, _ = player_of(made, made.acts[:1])
    for at, as_of in cells:
        assert player.act(given("cells-1", at, as_of))["saved"]
    at = first_at or player.report()["occurrences"]["drug-b-1"]["when"]
    as_of = f"{date.fromisoformat(at[:10]) + timedelta(days=9)} 12:00"
    outcome = player.act(given("drug-b-1", at, as_of))
    assert outcome["saved"], outcome
    return at, dates(player)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_infusion_typed_in_late_or_corrected_gives_the_dates_of_its_true_start(seed):
    made = world(seed, 1)
    zero = player_of(made)[0].plan.day_zero
    day = zero + timedelta(days=Random(seed).randint(0, 2))
    at, late, wrong = f"{day} 11:00", f"{day + timedelta(days=8)} 11:00", f"{day + timedelta(days=1)} 11:00"
    first_at, on_time = after_the_cells(made, [(at, f"{day} 12:00")])
    assert after_the_cells(made, [(at, late)], first_at)[1] == on_time
    assert after_the_cells(made, [(wrong, late), (at, late)], first_at)[1] == on_time


# What was given, and numbers ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", SEEDS)
def test_nothing_given_moves_or_vanishes_and_no_number_changes_its_meaning(seed):
    made = world(seed)
    player, known, numbers = Player(made.protocol, made.site, made.case), {}, {}
    for act in made.acts:
        saved = player.act(act)["saved"]
        if act["act"] == "record" and saved:
            known.pop(act["event"], None)
            if act["word"] in GIVEN:
                known[act["event"]] = act["at"]
        shown = player.report()["occurrences"]
        for name, at in known.items():
            assert shown[name]["status"] in ("given", "done"), name
            assert shown[name]["when"][:16] == shown[name]["actual"][:16] == at[:16], name
        places = player.plan.history.numbers
        assert numbers.items() <= places.items()
        numbers = dict(places)


# All doses held -------------------------------------------------------------------------------------------------------


def all_doses_held_and_the_next_move_is_a_re_plan(seed):
    """Whether the history of this seed could be judged; where it could, it is as it must be."""
    made = world(seed, 5)
    player, _ = player_of(made)
    plan = player.plan
    if plan.protocol.cycles or plan.standing.infused or "across" in plan.protocol.courses:
        return False
    last = plan.as_of.date() + timedelta(days=20)
    as_of = f"{last} 12:00"
    # A hold can turn an earlier amendment, which then shows doses of its own: they are held as well.
    for _ in range(3):
        for event in player.plan.events:
            if event.activity in ("drug-a", "drug-c", "drug-l") and event.status not in ("held", "cancelled"):
                player.act({"act": "record", "event": event.id, "word": "held", "at": as_of, "as_of": as_of})
    outcome = player.act({"act": "move", "to": f"{last + timedelta(days=30)} 11:00", "as_of": as_of})
    assert outcome["kind"] == "re-plan", outcome
    return True


def test_all_doses_held_and_the_next_move_is_a_re_plan():
    assert sum(map(all_doses_held_and_the_next_move_is_a_re_plan, SEEDS)) > len(SEEDS) / 2


# One answer about a day 0 ---------------------------------------------------------------------------------------------


def said_of(feasible, day):
    """What the feasible days say of one; where all depends on dates that are missing, the rest is met."""
    for first, last, status in feasible.intervals:
        if (first is None or first <= day) and (last is None or day <= last):
            return "met" if status == "due" else status
    return "violated"


def is_asked(player):
    """Whether day 0 still moves, and may be typed without its hour."""
    return player.plan.feasible is not None and "late-sample" not in player.plan.protocol.activities


ASKED = [seed for seed in range(40) if is_asked(player_of(world(seed, 6, more=seed % 2 == 1))[0])][:12]


@pytest.mark.parametrize("seed", ASKED)
def test_there_is_one_answer_about_a_day_0(seed):
    made = world(seed, 6, more=seed % 2 == 1)
    player, _ = player_of(made)
    as_of = max(act["as_of"] for act in made.acts)
    player.act({"act": "note", "as_of": as_of})
    plan, cycle = player.plan, player.plan.feasible.cycle
    standing = plan.standing.cycles.get(cycle, plan.standing)
    looked_at = {one.on: one for one in possible_days(plan, player.as_of(as_of, player.site), cycle=cycle)}
    for day in (standing.day_zero.on + timedelta(days=n) for n in range(-60, 61)):
        answer, zero = player.verdict(day, as_of, cycle=cycle), standing.day_zero
        act = {"act": "move", "to": f"{day} {zero.at:%H:%M}" if zero.at else f"{day}", "as_of": as_of, "cycle": cycle}
        done = Player(made.protocol, made.site, made.case)
        done.plan, done.texts, done.protocol, done.site = plan, player.texts, player.protocol, player.site
        outcome = done.act(act)
        assert (outcome["saved"], outcome["kind"]) == (answer["allowed"], answer["kind"]), day
        if answer["allowed"]:
            assert said_of(plan.feasible, day) == answer["status"], day
        if day in looked_at and looked_at[day].is_past:
            assert not answer["allowed"], day
        elif day in looked_at:
            seen = looked_at[day].graded["other"]
            refused = seen.refusal is not None
            assert refused != answer["allowed"], day
            assert not refused or seen.prospect in ("refused", "asks")


# What is chained ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", SEEDS)
def test_what_is_chained_never_lies_before_its_leader_without_a_finding(seed):
    plan = player_of(world(seed))[0].plan
    laid, found = replay(plan.history), {str(one.point) for one in plan.findings}
    for place in laid.slots:
        leader = laid.leader(place)
        if leader is None or laid.is_held(place) or laid.is_held(leader) or laid.is_given(place):
            continue
        at, before = laid.when(place), laid.when(leader)
        if at is not None and before is not None and is_earlier(at, before):
            assert f"{place.activity}-{plan.history.numbers[str(place)]}" in found


# All outputs ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(20))
def test_what_was_held_given_or_booked_shows_alike_everywhere(seed):
    plan = player_of(world(seed, 10, more=seed % 2 == 1))[0].plan
    when = datetime(2026, 1, 1, tzinfo=UTC)
    check_alike(plan, entries_of(plan, when), when)
