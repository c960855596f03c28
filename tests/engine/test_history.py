"""What an act makes of a plan: what has begun, what settles, what moves, what is refused, and which numbers doses get."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pytest
from shared.player import if_day_zero
from shared.refused import said, why_not
from shared.ward import CODE, PARAMETERS, PROTOCOL, Ward

from schedule.commands.typed import read_time
from schedule.engine.begun import has_begun
from schedule.engine.history import apply, history_of
from schedule.engine.move import now_at
from schedule.engine.replay import replay
from schedule.engine.slip import limit_of
from schedule.ledger.sqlite import SqliteStore
from schedule.model.acts import Cancel, Move, Note, SetClock
from schedule.model.errors import NotAllowed, Refused
from schedule.model.history import History, Step
from schedule.model.moment import Moment
from schedule.model.plan import Standing
from schedule.service.acts import move_of
from schedule.words.alerts import banner
from schedule.words.titles import full_title


@pytest.fixture
def ward(tmp_path, monkeypatch):
    """Makes patients, each in a ledger of its own."""
    monkeypatch.setenv("DAYZERO_STORE", str(tmp_path / "no-ledger-here.sqlite"))
    stores = []

    def make(**keys):
        store = SqliteStore(tmp_path / f"ledger-{len(stores)}.sqlite")
        stores.append(store.__enter__())
        return Ward(store, **keys)

    yield make
    for store in stores:
        store.__exit__()


# has begun -----------------------------------------------------------------------------------------------------------


def begun(one, as_of):
    """Whether lymphodepletion has begun, as of a wall time."""
    plan = one.plan
    return has_begun(replay(history_of(plan)), ("lymphodepletion", 0), now_at(plan, read_time(as_of).wall))


@pytest.mark.parametrize(
    ("as_of", "records", "expected"),
    [
        ("2026-06-09 23:59", (), False),
        ("2026-06-10 00:00", (), True),
        ("2026-06-09 12:00", (("fludarabine-1", "given", "2026-06-09 11:00"),), True),
        ("2026-06-09 12:00", (("fludarabine-3", "held", "2026-06-09 11:00"),), False),
        ("2026-06-10 12:00", (("fludarabine-1", "held", "2026-06-10 09:00"),), True),
        (
            "2026-06-10 12:00",
            (("fludarabine-1", "held", "2026-06-10 09:00"), ("cyclophosphamide-1", "held", "2026-06-10 09:00")),
            False,
        ),
        (
            "2026-06-11 00:00",
            (("fludarabine-1", "held", "2026-06-10 09:00"), ("cyclophosphamide-1", "held", "2026-06-10 09:00")),
            True,
        ),
        (
            "2026-06-10 12:00",
            (("fludarabine-1", "held", "2026-06-10 09:00"), ("cyclophosphamide-1", "given", "2026-06-10 09:00")),
            True,
        ),
        ("2026-06-10 00:00", (("fludarabine-1", "given", "2026-06-10 09:00"),), True),  # due at its planned time all the same
    ],
)
def test_a_course_has_begun_with_a_dose_given_or_due_unless_all_due_are_held(ward, as_of, records, expected):
    one = ward()
    for record in records:
        one.record(*record)
    assert begun(one, as_of) is expected


def test_a_timed_first_dose_begins_the_course_at_its_hour_and_not_at_midnight(ward):
    one = ward(times={"fludarabine": "09:00", "cyclophosphamide": "11:00"})
    assert not begun(one, "2026-06-10 08:59")
    assert begun(one, "2026-06-10 09:00")


def test_a_dose_recorded_done_begins_the_course(ward):
    one = ward()
    one.record("fludarabine-1", "done", "2026-06-09 11:00", "2026-06-09 12:00")
    assert one.slip("2026-06-16 10:00", "2026-06-09 13:00").verdict.kind == "slip"


def test_a_dose_taken_back_has_not_begun_it(ward):
    one = ward()
    one.record("fludarabine-1", "given", "2026-06-09 11:00")
    one.take_back("fludarabine-1", "2026-06-09 12:00")
    assert not begun(one, "2026-06-09 13:00")


# what a move fixes ----------------------------------------------------------------------------------------------------


def fixed(one, to, as_of):
    """What a move of day 0 would leave where it is."""
    plan = one.plan
    found = if_day_zero(plan, one.move(to).to, read_time(as_of).wall)
    return found.after.standing.fixed


LYMPHODEPLETION = {"fludarabine-1", "fludarabine-2", "fludarabine-3", "cyclophosphamide-1", "cyclophosphamide-2"}


def test_before_lymphodepletion_nothing_is_fixed(ward):
    assert fixed(ward(), "2026-06-16 10:00", "2026-06-09 23:59") == set()


def test_a_begun_course_is_fixed_whole_and_nothing_that_moves_with_day_0_is(ward):
    assert fixed(ward(), "2026-06-16 10:00", "2026-06-10 00:00") == LYMPHODEPLETION


def test_the_clock_fixes_a_past_collection_but_never_day_0_or_what_follows_it(ward):
    """As of 1-Aug all is past, and the infusion of 15-Jun not recorded: what follows it is laid out anew."""
    assert fixed(ward(), "2026-08-03 10:00", "2026-08-01 12:00") == LYMPHODEPLETION | {"donor-collection-1"}


def test_once_the_infusion_is_recorded_the_clock_begins_what_follows_it(ward):
    """IL-2 from 16-Jun counts from 00:00: an amendment of that morning leaves it as it is."""
    one = ward()
    one.record("nk-infusion-1", "given", "2026-06-15 10:00")
    one.amend("2026-06-16 00:00", site=one.site(il2_days="+2 to +14 every 2 days", response_marrow="+30"))
    assert {f"il2-{number}" for number in range(1, 8)} <= one.plan.standing.fixed
    assert not one.plan.standing.fixed & {"response-marrow-1", "response-marrow-2"}


def test_il2_is_not_even_held_before_the_cells(ward):
    one = ward(parameters={**PARAMETERS, "il2-days": "+1 to +7"}, times={"il2": "06:00"})
    with pytest.raises(Refused) as refused:
        one.record("il2-1", "held", "2026-06-16", "2026-06-16 08:00")
    assert "record the infusion first" in said(refused.value)


def test_the_rest_of_a_course_is_open_again_once_every_dose_due_is_recorded_held(ward):
    one = ward()
    one.record("fludarabine-1", "held", "2026-06-10 09:00")
    one.record("cyclophosphamide-1", "held", "2026-06-10 09:10")
    done = one.slip("2026-06-22 10:00", "2026-06-10 12:00")
    assert (done.verdict.kind, done.saved) == ("re-plan", True)
    assert one.on("fludarabine-2") == "2026-06-18"


# numbers -------------------------------------------------------------------------------------------------------------


def test_a_held_dose_planned_anew_gets_a_new_number_and_the_held_one_stays(ward):
    one = ward()
    one.record("fludarabine-1", "held", "2026-06-10 09:00")
    one.record("cyclophosphamide-1", "held", "2026-06-10 09:10")
    one.slip("2026-06-22 10:00", "2026-06-10 12:00")
    doses = {e.id: (e.on.isoformat(), e.status) for e in one.plan.events if e.activity == "fludarabine"}
    assert doses == {
        "fludarabine-1": ("2026-06-10", "held"), "fludarabine-4": ("2026-06-17", "planned"),
        "fludarabine-2": ("2026-06-18", "planned"), "fludarabine-3": ("2026-06-19", "planned"),
    }  # fmt: skip
    assert full_title(one.events["fludarabine-4"].title).endswith("(dose 1 of 3)")


def test_a_dose_held_twice_gets_two_new_numbers_one_after_the_other(ward):
    one = ward()
    for event in ("fludarabine-1", "cyclophosphamide-1"):
        one.record(event, "held", "2026-06-10 09:00", "2026-06-10 10:00")
    one.slip("2026-06-22 10:00", "2026-06-10 12:00")
    for event in ("fludarabine-4", "cyclophosphamide-3"):
        one.record(event, "held", "2026-06-17 09:00", "2026-06-17 10:00")
    one.slip("2026-06-29 10:00", "2026-06-17 12:00")
    assert one.on("fludarabine-5") == "2026-06-24" and one.on("cyclophosphamide-4") == "2026-06-24"
    assert one.events["fludarabine-1"].status == one.events["fludarabine-4"].status == "held"


def test_a_place_that_comes_back_has_its_own_number_again(ward):
    one = ward()
    shorter = PROTOCOL.replace('days = "-5, -4"', 'days = "-5"')
    one.amend("2026-06-01 08:00", protocol=shorter)
    assert one.events["cyclophosphamide-2"].status == "cancelled"
    one.amend("2026-06-01 09:00", protocol=PROTOCOL)
    assert (one.events["cyclophosphamide-2"].status, one.on("cyclophosphamide-2")) == ("planned", "2026-06-11")
    assert "cyclophosphamide-3" not in one.events


CHAINED = {**PARAMETERS, "il2-days": "every 12 hours x 7 from 6 h after nk-infusion"}


def test_day_0_does_not_lose_its_hour_where_il2_is_counted_in_hours_from_it(ward):
    one = ward(parameters=CHAINED)
    with pytest.raises(Refused) as refused:
        one.slip("2026-06-16", "2026-06-10 12:00")
    assert "write the hour" in said(refused.value)
    one.slip("2026-06-16 12:00", "2026-06-10 13:00")
    doses = [event for event in one.plan.events if event.activity == "il2"]
    assert [event.id for event in doses] == [f"il2-{number}" for number in range(1, 8)]
    assert doses[0].start.isoformat() == "2026-06-16T18:00:00-04:00"


def test_il2_counted_in_hours_waits_undated_for_the_planned_hour(ward):
    one = ward(parameters=CHAINED, planned="2026-06-17")
    assert [event.id for event in one.plan.undated if event.activity == "il2"] == [f"il2-{number}" for number in range(1, 8)]
    one.hour("2026-06-17 12:00", "2026-06-01 13:00")
    doses = [event for event in one.plan.events if event.activity == "il2"]
    assert [event.id for event in doses] == [f"il2-{number}" for number in range(1, 8)]
    assert doses[0].start.isoformat() == "2026-06-17T18:00:00-04:00"


# moments -------------------------------------------------------------------------------------------------------------


def test_the_two_half_past_one_of_an_autumn_night_are_two_moments(ward):
    one = ward(planned="2026-10-31T01:30:00")
    summer, winter = (one.move(f"2026-11-01 01:30{offset}").to for offset in ("-04:00", "-05:00"))
    assert summer.at == winter.at and not summer.is_same(winter)
    assert winter.instant - summer.instant == timedelta(hours=1)


def test_a_slip_from_the_first_half_past_one_to_the_second_is_a_slip(ward):
    one = ward(planned="2026-10-31T01:30:00")
    one.slip("2026-11-01 01:30-04:00", "2026-10-27 12:00")
    done = one.slip("2026-11-01 01:30-05:00", "2026-10-27 13:00")
    assert done.saved and not done.verdict.unchanged
    assert done.verdict.limit.used == 25
    assert one.plan.standing.day_zero.instant == datetime(2026, 11, 1, 6, 30, tzinfo=UTC)


def test_48_hours_end_at_the_first_half_past_one_of_an_autumn_night(ward):
    one = ward(planned="2026-10-30T01:30:00")
    assert one.slip("2026-11-01 01:30-05:00", "2026-10-27 12:00", dry_run=True).verdict.refusals
    assert one.slip("2026-11-01 01:30-04:00", "2026-10-27 12:00", dry_run=True).verdict.allowed


# apply ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ahead", "now", "taken"),
    [
        pytest.param((2026, 11, 1, 1, 30, 1), (2026, 11, 1, 1, 30, 0), (2026, 11, 1, 1, 30, 0), id="from the second to the first"),
        pytest.param((2026, 11, 1, 1, 30, 0), (2026, 11, 1, 1, 30, 1), (2026, 11, 1, 1, 30, 0), id="the first lies before the second"),
        pytest.param((2026, 11, 1, 1, 15, 1), (2026, 11, 1, 1, 45, 0), (2026, 11, 1, 1, 45, 0), id="01:15 after 01:45"),
    ],
)
def test_a_clock_set_right_in_the_hour_that_comes_twice_takes_acts_back_by_elapsed_time(ward, ahead, now, taken):
    was, right, wanted = (datetime(*one[:5], fold=one[5]) for one in (ahead, now, taken))
    plan = ward().plan
    step = Step(deed=Note(text="a note"), as_of=was, protocol=plan.protocol, site=plan.site)
    found = History(case=plan.case, steps=(step,)).then(Step(deed=SetClock(), as_of=right, protocol=step.protocol, site=step.site))
    assert (found.steps[0].as_of, found.steps[0].as_of.fold) == (wanted, wanted.fold)


def test_applying_an_act_twice_to_the_same_plan_gives_the_same_plan_and_leaves_that_one_alone(ward):
    plan = ward().plan
    was = plan.events
    deed = Move(to=Moment(on=date(2026, 6, 16)), cause="other")
    one, two = (apply(plan, deed, read_time("2026-06-11 08:00").wall, 2) for _ in range(2))
    assert (one.events, one.findings, one.standing) == (two.events, two.findings, two.standing)
    assert plan.events == was and plan.day_zero == date(2026, 6, 15)


def test_a_note_changes_no_event_and_no_finding(ward):
    plan = ward().plan
    after = apply(plan, Note(text="x"), plan.as_of, 2)
    assert (after.events, after.findings, after.revision) == (plan.events, plan.findings, 2)


def test_an_illness_slip_makes_the_attestations_of_the_patients_state_due_again(ward):
    said = {"no-cardiac-change": "2026-05-20", "adverse-events-recovered": "2026-05-20",
            "no-active-gvhd-or-illness": "2026-05-20", "age-eligible": "2026-05-20"}  # fmt: skip
    one = ward(attestations=said, dates={"echo": ""})
    was = one.statuses()
    assert [was[ref] for ref in ("T20/echo", "T28", "T34", "T11")] == ["met"] * 4
    one.slip("2026-06-16 10:00", "2026-06-15 08:00", "illness")
    now = one.statuses()
    assert [now[ref] for ref in ("T20/echo", "T28", "T34", "T11")] == ["due", "due", "due", "met"]
    one.attest("no-cardiac-change", "2026-06-15", "2026-06-15 09:00")
    assert one.statuses()["T20/echo"] == "met"


def test_a_slip_for_another_cause_leaves_the_attestations(ward):
    one = ward(attestations={"no-active-gvhd-or-illness": "2026-05-20"})
    one.slip("2026-06-16 10:00", "2026-06-15 08:00", "product")
    assert one.statuses()["T34"] == "met"


def test_a_cancelled_plan_keeps_what_happened_and_strikes_the_rest(ward):
    """Fludarabine of 10-Jun is given, cyclophosphamide of that day is over on 11-Jun and not recorded."""
    one = ward()
    one.record("fludarabine-1", "given", "2026-06-10 09:00")
    one.do(Cancel(), "2026-06-11 12:00")
    statuses = {event.id: event.status for event in one.plan.events}
    assert statuses.pop("fludarabine-1") == "given"
    assert set(statuses.values()) - {"unconfirmed"} == {"cancelled"}
    with pytest.raises(NotAllowed):
        one.record("cyclophosphamide-1", "given", "2026-06-10 11:00", as_of="2026-06-12 09:00")
    one.do(Note(text="given on 10-Jun at 11:00"), "2026-06-12 09:00")


def test_the_infusion_held_and_planned_anew_is_no_longer_held_on_its_new_day(ward):
    one = ward()
    one.record("nk-infusion-1", "held", "2026-06-15 11:00")
    one.slip("2026-06-16 10:00", "2026-06-15 12:00")
    on_the_day = [e for e in one.plan.events if e.activity == "nk-infusion" and e.on == date(2026, 6, 16)]
    assert [event.status for event in on_the_day] == ["planned"]


@pytest.mark.parametrize("slipped", [False, True])
def test_the_planned_hour_completes_day_0_only_where_day_0_is_still_the_planned_one(ward, slipped):
    one = ward(planned="2026-06-15")
    if slipped:
        one.slip("2026-06-16", "2026-06-12 08:00")
    one.hour("2026-06-15 10:00", "2026-06-12 09:00")
    standing = one.plan.standing
    assert standing.planned.at.hour == 10
    assert (standing.day_zero.at is None) is slipped


@pytest.mark.parametrize(("when", "words"), [("2026-06-16 10:00", "slip"), ("2026-06-15 11:00", "slip")])
def test_the_planned_hour_changes_neither_the_date_nor_an_hour_that_is_known(ward, when, words):
    with pytest.raises(Refused) as refused:
        ward().hour(when, "2026-06-01 08:00")
    assert words in said(refused.value)


# records that cannot be ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("event", "outcome", "at", "as_of"),
    [
        ("fludarabine-9", "given", "2026-06-10 09:00", "2026-06-10 12:00"),
        ("fludarabine-1", "given", "2026-06-10 12:01", "2026-06-10 12:00"),
        ("fludarabine-1", "given", "2026-06-11", "2026-06-10 12:00"),
        ("il2-1", "given", "2026-06-16 20:00", "2026-06-16 21:00"),
    ],
)
def test_a_record_that_cannot_be_is_refused_and_nothing_is_saved(ward, event, outcome, at, as_of):
    one = ward()
    with pytest.raises(Refused):
        one.record(event, outcome, at, as_of)
    assert len(one.store.history(CODE)) == 1


def test_il2_of_day_0_cannot_be_recorded_before_the_cells(ward):
    one = ward(parameters={**PARAMETERS, "il2-days": "0, +2, +4, +6, +8, +10, +12"}, times={"il2": "20:00"})
    with pytest.raises(Refused):
        one.record("il2-1", "given", "2026-06-15 08:00")


def test_il2_cannot_be_recorded_at_an_hour_before_the_recorded_cells(ward):
    one = ward()
    one.record("nk-infusion-1", "given", "2026-06-16 10:00")
    with pytest.raises(Refused) as refused:
        one.record("il2-1", "given", "2026-06-16 09:59", "2026-06-17 08:00")
    assert "before the cells" in said(refused.value)


def test_a_corrected_infusion_cannot_lie_after_il2_that_was_given(ward):
    one = ward()
    one.record("nk-infusion-1", "given", "2026-06-15 10:00")
    one.record("il2-1", "given", "2026-06-16 20:00")
    with pytest.raises(Refused):
        one.record("nk-infusion-1", "given", "2026-06-17 10:00")


def test_the_infusion_cannot_be_held_once_il2_was_given(ward):
    one = ward()
    one.record("nk-infusion-1", "given", "2026-06-15 10:00")
    one.record("il2-1", "given", "2026-06-16 20:00")
    with pytest.raises(Refused):
        one.record("nk-infusion-1", "held", "2026-06-16 21:00")


def test_il2_follows_a_corrected_infusion_though_a_dose_was_due_by_the_clock(ward):
    one = ward(times={"il2": "20:00"})
    one.record("nk-infusion-1", "given", "2026-06-15 10:00")
    one.do(Note(text="x"), "2026-06-16 21:00")
    one.record("nk-infusion-1", "given", "2026-06-17 10:00", "2026-06-17 11:00")
    assert one.on("il2-1") == "2026-06-18"


def test_a_recorded_infusion_beyond_the_limit_is_kept_and_is_a_violation(ward):
    one = ward()
    one.record("nk-infusion-1", "given", "2026-06-18 10:00")
    assert one.statuses()["T36/day-zero"] == "violated"
    assert one.on("il2-1") == "2026-06-19"
    assert one.slip("2026-06-19 10:00", "2026-06-18 12:00").verdict.refusals


# the verdict on a new day 0 ------------------------------------------------------------------------------------------


def test_the_limit_is_read_from_the_protocols_own_rule(ward):
    finding, limit = limit_of(ward().plan)
    assert (finding.ref, limit.bound.distance) == ("T36", "48 hours")
    of_days = PROTOCOL.replace(
        "day-zero at most 48 hours after planned-day-zero", "day-zero at most 7 days after planned-day-zero"
    )
    assert limit_of(ward(protocol=of_days).plan)[1].bound.distance == "7 days"
    without = PROTOCOL.replace(
        "day-zero at most 48 hours after planned-day-zero", "day-zero at least 0 days after planned-day-zero"
    )
    assert limit_of(ward(protocol=without).plan) is None


@pytest.mark.parametrize(
    ("to", "used", "left"),
    [("2026-06-16 10:00", 24, 24), ("2026-06-17 10:00", 48, 0), ("2026-06-15 10:01", 1 / 60, 48 - 1 / 60)],
)
def test_hours_used_and_left_are_counted_from_planned_day_0(ward, to, used, left):
    one = ward()
    one.slip("2026-06-16 18:00", "2026-06-11 08:00")
    limit = one.slip(to, "2026-06-11 09:00", dry_run=True).verdict.limit
    assert limit.used == pytest.approx(used) and limit.left == pytest.approx(left)
    assert limit.until.isoformat() == "2026-06-17T10:00:00-04:00"


@pytest.mark.parametrize(
    ("to", "as_of", "words"),
    [
        ("2026-06-17 10:01", "2026-06-11 08:00", "T36"),
        ("2026-06-15 09:59", "2026-06-11 08:00", "before planned day 0"),
        ("2026-06-16 07:59", "2026-06-16 08:00", "past"),
        ("2026-06-17", "2026-06-11 08:00", "start by Wed 17-Jun-2026 10:00"),
        ("2026-06-18", "2026-06-11 08:00", "T36"),
    ],
)
def test_a_slip_too_far_too_early_or_too_vague_is_refused_with_its_reason(ward, to, as_of, words):
    one = ward()
    done = one.slip(to, as_of)
    assert not done.saved and not done.verdict.allowed
    assert words in " ".join(why_not(done))
    assert len(one.store.history(CODE)) == 1


def test_a_re_plan_whose_first_dose_is_past_is_refused_and_one_a_minute_later_is_not(ward):
    one = ward(times={"fludarabine": "09:00", "cyclophosphamide": "11:00"})
    refused = one.slip("2026-06-08 10:00", "2026-06-03 09:00", dry_run=True)
    assert refused.verdict.kind == "re-plan" and "which has passed" in why_not(refused)[0]
    assert one.slip("2026-06-08 10:00", "2026-06-03 08:59", dry_run=True).verdict.allowed


@pytest.mark.parametrize(
    ("cause", "as_of", "expected"),
    [
        ("illness", "2026-06-15 08:00", "met"),
        ("illness", "2026-06-14 23:59", "boundary"),
        ("product", "2026-06-15 08:00", "boundary"),
    ],
)
def test_only_illness_on_the_planned_day_is_what_the_protocol_speaks_of(ward, cause, as_of, expected):
    one = ward()
    one.slip("2026-06-16 10:00", as_of, cause)
    assert one.statuses()["T36/day-zero"] == expected
    assert ("PRINCIPAL INVESTIGATOR MUST DECIDE" in (banner(one.plan) or "")) is (expected == "boundary")


def test_a_silent_slip_is_ruled_by_the_investigator_and_that_ruling_is_not_carried_to_another_day_0(ward):
    one = ward()
    one.slip("2026-06-16 10:00", "2026-06-12 08:00")
    one.rule("T36", "allowed", "2026-06-16", "2026-06-12 09:00")
    assert one.statuses()["T36/day-zero"] == "ruled"
    one.slip("2026-06-17 10:00", "2026-06-12 10:00")
    assert one.statuses()["T36/day-zero"] == "boundary"


def test_slipping_back_to_planned_day_0_leaves_nothing_to_confirm(ward):
    one = ward()
    one.slip("2026-06-16 10:00", "2026-06-12 08:00")
    one.slip("2026-06-15 10:00", "2026-06-12 09:00")
    assert one.statuses()["T36/day-zero"] == "met" and banner(one.plan) is None


def test_a_boundary_that_is_not_allowed_is_a_violation(ward):
    one = ward()
    one.slip("2026-06-16 10:00", "2026-06-12 08:00")
    one.rule("T36", "not-allowed", "2026-06-16", "2026-06-12 09:00")
    assert one.statuses()["T36/day-zero"] == "violated" and "T36" in banner(one.plan)


def test_a_marrow_that_a_slip_makes_too_old_refuses_it_until_allowed_for_that_very_day(ward):
    one = ward(dates={"marrow": "2026-05-18"})
    assert one.statuses()["T14/marrow"] == "met"
    refused = one.slip("2026-06-16 10:00", "2026-06-12 08:00")
    assert any(text.startswith("T14") for text in why_not(refused))
    one.rule("T14", "allowed", "2026-06-17", "2026-06-12 09:00")
    assert one.slip("2026-06-16 10:00", "2026-06-12 10:00").verdict.refusals
    one.rule("T14", "allowed", "2026-06-16", "2026-06-12 11:00")
    assert one.slip("2026-06-16 10:00", "2026-06-12 12:00").saved
    assert one.statuses()["T14/marrow"] == "violated"
    assert "VIOLATED, ALLOWED BY A RULING" in banner(one.plan)


def test_what_was_allowed_for_one_day_0_must_be_allowed_again_for_the_next(ward):
    one = ward(dates={"marrow": "2026-05-18"})
    one.rule("T14", "allowed", "2026-06-16", "2026-06-12 09:00")
    assert one.slip("2026-06-16 10:00", "2026-06-12 12:00").saved
    again = one.slip("2026-06-17 10:00", "2026-06-12 13:00")
    assert not again.saved and any(text.startswith("T14") for text in why_not(again))
    one.rule("T14", "allowed", "2026-06-17", "2026-06-12 14:00")
    assert one.slip("2026-06-17 10:00", "2026-06-12 15:00").saved


def test_what_is_allowed_with_a_move_is_one_act_with_it_and_holds_for_that_day_0_and_hour_alone(ward):
    """The marrow of 18-May serves up to 15-Jun (T14); T36 limits the hours, and is asked about for each hour again."""
    one = ward(dates={"marrow": "2026-05-18"})
    now = read_time("2026-06-12 12:00").wall
    decided = move_of(one.plan, one.move("2026-06-16 10:00", "donor"), allowed_by="PI", as_of=now, reason="cells will keep")
    assert [(ruling.rule, ruling.on, ruling.day_zero) for ruling in decided.rulings] == [
        (rule, date(2026, 6, 12), date(2026, 6, 16)) for rule in ("T14", "T36")
    ]
    assert one.do(decided, "2026-06-12 12:00").saved and len(one.store.history(CODE)) == 2
    assert (one.statuses()["T14/marrow"], one.statuses()["T36/day-zero"]) == ("violated", "ruled")
    assert "VIOLATED, ALLOWED BY A RULING: T14" in banner(one.plan)
    assert one.slip("2026-06-16 11:00", "2026-06-12 13:00").saved, "T14 is in days"
    assert one.statuses()["T36/day-zero"] == "boundary"
    assert not one.slip("2026-06-17 10:00", "2026-06-12 14:00").saved
    assert one.store.faults() == []


def test_a_move_that_asks_nobody_takes_no_ruling(ward):
    one, now = ward(), read_time("2026-05-27 08:00").wall
    bare = one.move("2026-06-16 10:00")
    assert move_of(one.plan, bare, allowed_by="PI", as_of=now, reason="x") == bare
    late = one.move("2026-06-30 10:00")
    assert move_of(one.plan, late, allowed_by="PI", as_of=now, reason="x") == late, "what is not allowed is nobody's word"


def test_a_marrow_that_was_too_old_before_without_a_ruling_blocks_nothing(ward):
    one = ward(dates={"marrow": "2026-05-17"})
    assert one.statuses()["T14/marrow"] == "violated"
    assert one.slip("2026-06-16 10:00", "2026-06-12 08:00").saved
    assert "T14" in banner(one.plan)


def test_organ_function_that_a_slip_makes_too_old_is_to_be_repeated_and_does_not_refuse_it(ward):
    one = ward(dates={"organ-function": "2026-06-01"})
    done = one.slip("2026-06-16 10:00", "2026-06-12 08:00")
    assert done.saved
    finding = next(f for f in one.plan.findings if f.ref == "T19")
    assert (finding.status, finding.repeat.earliest, finding.repeat.latest) == (
        "violated", date(2026, 6, 2), date(2026, 6, 15),
    )  # fmt: skip
    assert "NOT ALLOWED UNTIL REPEATED: organ function" in banner(one.plan)
    one.fact("organ-function", "2026-06-12", as_of="2026-06-12 09:00")
    assert one.statuses()["T19/organ-function"] == "met"
    assert "REPEATED" not in banner(one.plan)


def test_an_illness_slip_asks_about_a_marrow_older_than_28_days_and_another_cause_does_not(ward):
    one = ward(dates={"marrow": "2026-05-18"})
    ill, other = (
        one.slip("2026-06-16 10:00", "2026-06-15 08:00", cause, dry_run=True).verdict.findings
        for cause in ("illness", "product")
    )
    assert {finding.ref for finding in ill} == {"T14", "T35"}
    assert {finding.ref for finding in other} == {"T14"}


def test_a_cancelled_plan_refuses_to_move(ward):
    one = ward()
    one.do(Cancel(), "2026-06-01 08:00")
    done = one.slip("2026-06-16 10:00", "2026-06-01 09:00")
    assert not done.saved and why_not(done) == ("The plan is cancelled.",)


def test_the_verdict_on_a_move_can_be_had_without_a_ledger(ward):
    plan = ward().plan
    verdict = if_day_zero(plan, Moment(on=date(2026, 6, 18)), read_time("2026-06-12 08:00").wall).verdict
    assert verdict.kind == "slip" and not verdict.allowed and verdict.limit.used is None


def test_a_standing_without_acts_is_neither_begun_nor_infused():
    zero = Moment(on=date(2026, 6, 15))
    standing = Standing(planned=zero, day_zero=zero)
    assert not (standing.begun or standing.infused or standing.cancelled or standing.fixed)


# an act that nobody has wired ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Unwired:
    kind = "unwired"


def test_an_act_that_the_engine_does_not_know_stops_the_program(ward):
    plan = ward().plan
    with pytest.raises(AssertionError, match="Unwired"):
        apply(plan, Unwired(), plan.as_of, 2)
