"""What must hold of every history, asked of the oracle itself on random patients. A property that it breaks would be a
contradiction in what is asked, or a mistake in the oracle."""

from datetime import date, timedelta
from pathlib import Path
from random import Random

import pytest

from .acts import Patient
from .begun import courses_before_zero, members
from .dates import before, show
from .generate import world
from .history import replay
from .judge import judge
from .layout import GIVEN
from .lives import life, lived, reordered, shown, smaller
from .play import feasible, report, start, step

SEEDS = range(30)
SHIPPED = Path(__file__).parent.parent.parent / "schedule" / "protocols"


def records_between_moves_may_come_in_any_order(seed: int) -> bool:
    """Whether the history of this seed could be judged; where it could, it is as it must be."""
    made = world(seed)
    acts, patient = lived(made)
    other = start(made.protocol, made.site, made.case)
    for count, act in enumerate(reordered(acts, patient, Random(seed))):
        other, outcome = step(other, act, count)
        if not outcome["saved"]:
            return False  # in that order an act is refused
    assert shown(report(other, acts[-1])) == shown(report(patient, acts[-1]))
    return True


def test_records_between_moves_may_come_in_any_order():
    assert sum(map(records_between_moves_may_come_in_any_order, SEEDS)) > len(SEEDS) / 2


@pytest.mark.parametrize("seed", SEEDS)
def test_nothing_given_ever_moves_or_vanishes(seed: int):
    made = world(seed)
    patient = start(made.protocol, made.site, made.case)
    known: dict[str, str] = {}
    for count, act in enumerate(made.acts):
        patient, outcome = step(patient, act, count)
        plan = patient.plan()
        if act["act"] == "record" and outcome["saved"]:
            known.pop(act["event"], None)
            if act["word"] in GIVEN:
                known[act["event"]] = act["at"]
        if act["act"] == "amend":
            continue  # another zone keeps the wall time; what was typed is compared below
        for name, at in known.items():
            key = patient.key(name)
            assert plan.is_given(key), name
            if key in plan.occurrences:
                assert plan.when(key) == plan.typed(at), name


def all_doses_held_and_the_next_move_is_a_re_plan(seed: int) -> bool:
    """Whether the history of this seed could be judged; where it could, it is as it must be."""
    made = world(seed, 5)
    _, patient = lived(made)
    plan = patient.plan()
    if plan.text.count > 1 or plan.is_given(plan.infusion(1)):
        return False  # its infusion is recorded, or it has cycles
    last = max(patient.ledger.moves, key=lambda m: m.place).now().day + timedelta(days=20)
    as_of = f"{last} 12:00"
    count = 100
    # A hold can turn an earlier amendment, which then shows doses of its own: they are held as well.
    for _ in range(3):
        plan = patient.plan()
        for o in [
            o for course in courses_before_zero(plan, 1) for o in members(plan, course) if not plan.is_held(o.key)
        ]:
            count += 1
            act = {"act": "record", "event": patient.id(o.key), "word": "held", "at": as_of, "as_of": as_of}
            patient, _ = step(patient, act, count)
    plan = patient.plan()
    others = [k for k, o in plan.occurrences.items() if o.activity.course == "across" and plan.is_given(k)]
    to = f"{last + timedelta(days=30)} 11:00"
    patient, outcome = step(patient, {"act": "move", "to": to, "as_of": as_of}, count + 1)
    if outcome["why"].startswith("something that follows"):
        return False  # a test of day 0 or later was done, and stands in the way of any move
    assert others or outcome["kind"] == "re-plan", outcome["why"]
    return True


def test_all_doses_held_and_the_next_move_is_a_re_plan():
    assert sum(map(all_doses_held_and_the_next_move_is_a_re_plan, SEEDS)) > len(SEEDS) / 2


@pytest.mark.parametrize("seed", SEEDS)
def test_the_infusion_typed_in_late_gives_the_dates_it_gives_on_time(seed: int):
    made = world(seed, 1)
    patient = start(made.protocol, made.site, made.case)
    patient, _ = step(patient, made.acts[0], 0)
    zero = patient.plan().day_zero(1)
    day = zero.day + timedelta(days=Random(seed).randint(0, 2))
    at = f"{day} 11:00"
    plans = []
    for later in (1, 60):
        act = {
            "act": "record",
            "event": "cells-1",
            "word": "given",
            "at": at,
            "as_of": f"{day + timedelta(days=later)} 11:00",
            "confirm": True,
        }
        after, outcome = step(patient, act, 1)
        assert outcome["saved"], outcome
        plans.append({name: o["when"] for name, o in report(after, act, findings=False)["occurrences"].items()})
    assert plans[0] == plans[1]


@pytest.mark.parametrize("seed", SEEDS)
def test_the_plan_is_a_function_of_the_ledger(seed: int):
    _, patient = lived(world(seed))
    first, second = replay(patient.ledger), replay(patient.copy().ledger)
    assert {k: first.when(k) for k in first.occurrences} == {k: second.when(k) for k in second.occurrences}


@pytest.mark.parametrize("seed", SEEDS)
def test_an_occurrence_keeps_its_number(seed: int):
    made = world(seed)
    patient = start(made.protocol, made.site, made.case)
    known: dict = {}
    for count, act in enumerate(made.acts):
        patient, _ = step(patient, act, count)
        assert known.items() <= patient.numbers.items()
        assert len({patient.id(k) for k in patient.numbers}) == len(patient.numbers)
        known = dict(patient.numbers)


@pytest.mark.parametrize("seed", SEEDS)
def test_what_is_chained_never_lies_before_its_leader_without_a_finding(seed: int):
    _, patient = lived(world(seed))
    plan = patient.plan()
    found = {f["point"] for f in judge(plan, patient.context(patient.ledger.moves[-1].now()))}
    for key, o in plan.occurrences.items():
        leader = plan.leader(o)
        if (
            leader is None
            or plan.is_held(key)
            or plan.is_held(leader)
            or plan.when(key) is None
            or plan.when(leader) is None
        ):
            continue
        if before(plan.when(key), plan.when(leader), plan.text.zone) and not plan.is_given(key):
            assert key in found


@pytest.mark.parametrize("seed", range(12))
def test_one_answer_about_a_day_0(seed: int):
    made = world(seed, 6)
    acts, patient = lived(made)
    as_of = max(act["as_of"] for act in acts)
    zero = patient.plan().day_zero(1)
    answers = feasible(
        made.protocol,
        made.site,
        made.case,
        acts,
        zero.day - timedelta(days=4),
        zero.day + timedelta(days=8),
        as_of,
        "product",
    )
    if answers is None:
        pytest.skip("the infusion is recorded")
    for day, answer in answers.items():
        hour = f" {zero.hour:%H:%M}" if zero.hour else ""
        _, outcome = step(
            patient, {"act": "move", "to": day + hour, "as_of": as_of, "cause": "product", "cycle": None}, 50
        )
        if outcome["exit"] == 2:
            continue
        assert answer["allowed"] == outcome["saved"], (day, answer, outcome)
        if outcome["saved"] and outcome["kind"] == "re-plan":
            assert (answer["status"] == "violated") <= (outcome["exit"] == 1), (day, answer, outcome)


def after_the_cells(patient: Patient, cells: list[tuple[str, str]], first_at: str | None) -> dict[str, str]:
    """The dates after the infusion was recorded with these times and as-ofs, and the first dose of drug B given."""
    count = 1
    for at, as_of in cells:
        act = {"act": "record", "event": "cells-1", "word": "given", "at": at, "as_of": as_of, "confirm": True}
        patient, outcome = step(patient, act, count)
        assert outcome["saved"], outcome
        count += 1
    at = first_at or patient.plan().when(patient.key("drug-b-1"))
    at = at if isinstance(at, str) else show(at, patient.plan().text.zone)
    as_of = f"{date.fromisoformat(at[:10]) + timedelta(days=9)} 12:00"
    act = {"act": "record", "event": "drug-b-1", "word": "given", "at": at, "as_of": as_of, "confirm": True}
    patient, outcome = step(patient, act, count)
    assert outcome["saved"], outcome
    return {name: o["when"] for name, o in report(patient, act, findings=False)["occurrences"].items()} | {"first": at}


@pytest.mark.parametrize("seed", SEEDS)
def test_typed_late_or_corrected_it_gives_the_dates_of_its_true_start(seed: int):
    made = world(seed, 1)
    patient, _ = step(start(made.protocol, made.site, made.case), made.acts[0], 0)
    day = patient.plan().day_zero(1).day + timedelta(days=Random(seed).randint(0, 2))
    at, late = f"{day} 11:00", f"{day + timedelta(days=8)} 11:00"
    on_time = after_the_cells(patient, [(at, f"{day} 12:00")], None)
    assert after_the_cells(patient, [(at, late)], on_time["first"]) == on_time
    wrong = f"{day + timedelta(days=1)} 11:00"
    assert after_the_cells(patient, [(wrong, late), (at, late)], on_time["first"]) == on_time


@pytest.mark.parametrize("name", ["nct04290546", "tecartus", "carvykti"])
def test_shipped_protocols_are_lived_through(name: str):
    text = (SHIPPED / f"{name}.toml").read_text(encoding="utf-8")
    site = 'format = 1\nname = "Example site"\nzone = "America/New_York"\n'
    case = f'format = 1\ncode = "TEST-01"\nprotocol = "{name}"\nplanned-day-zero = 2026-06-15T10:00:00\n'
    for seed in range(3):
        made = life(seed, text, site, case)
        patient = lived(made)[1]
        assert patient.plan().occurrences


def test_a_history_is_made_smaller():
    made = world(3)
    acts = smaller(made.acts, lambda fewer: sum(act["act"] == "record" for act in fewer) >= 2)
    assert [act["act"] for act in acts] == ["plan", "record", "record"]
