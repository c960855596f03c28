"""Events booked, recorded with an end or in part, taken back, confirmed where they look wrong; courses dated anew."""

import pytest
from shared.desk import CODE, ON_BOTH, desk, planned  # noqa: F401

from schedule.ledger.opening import open_store
from schedule.model.acts import ChangeWard, Choose
from schedule.service.wards import codes_on

pytestmark = ON_BOTH

INFUSION = ("record", CODE, "nk-infusion-1", "given", "--at", "2026-06-15 10:20")


def event(desk, event_id):
    _, plan = desk.json("show", CODE)
    return next(one for one in plan["events"] if one["id"] == event_id)


def times(desk, event_id):
    """Date, planned, booked, actual, each to the minute or as a date."""
    one = event(desk, event_id)
    return one["date"], *(value and value[:16] for value in (one["planned"], one["booked"], one["actual"]))


# book -----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("how", [("2026-07-14",), ("--at", "2026-07-14")], ids=["WHEN", "--at"])
def test_another_day_of_the_window_is_booked_and_the_planned_one_stays_beside_it(planned, how):
    """The response marrow is asked on day +28 ±3: Mon 13-Jul-2026, from 10 to 16-Jul."""
    assert times(planned, "response-marrow-1") == ("2026-07-13", "2026-07-13", None, None)
    code, out, _ = planned.run("book", CODE, "response-marrow-1", *how, "--reason", "room taken")
    assert (code, planned.revisions) == (0, [1, 2])
    assert "booking" in out
    assert times(planned, "response-marrow-1") == ("2026-07-14", "2026-07-13", "2026-07-14", None)
    _, history, _ = planned.run("history", CODE)
    assert "booked for Tue 14-Jul-2026, instead of Mon 13-Jul-2026. Why: room taken" in " ".join(history.split())


def test_the_planned_day_takes_a_booking_back(planned):
    planned.run("book", CODE, "response-marrow-1", "2026-07-14")
    assert planned.run("book", CODE, "response-marrow-1", "2026-07-13")[0] == 0
    assert times(planned, "response-marrow-1") == ("2026-07-13", "2026-07-13", None, None)
    _, history, _ = planned.run("history", CODE)
    assert "The booking is taken back." in " ".join(history.split())


@pytest.mark.parametrize(
    ("event_id", "when", "code"),
    [
        ("response-marrow-1", "2026-07-17", 1),  # the window ends on 16-Jul
        ("response-marrow-1", "2026-05-25", 1),  # past: it is 26-May
        ("nk-infusion-1", "2026-06-15 11:00", 1),  # another hour of the infusion is a move of day 0
        ("il2-1", "2026-06-16", 2),  # planned for 20:00: write the hour
        ("il2-99", "2026-06-16 20:00", 2),
        ("response-marrow-1", "14/7", 2),
    ],
)
def test_what_cannot_be_booked_saves_nothing(planned, event_id, when, code):
    assert planned.run("book", CODE, event_id, when)[0] == code
    assert planned.revisions == [1]


@pytest.mark.parametrize("words", [(), ("2026-07-14", "--at", "2026-07-15")])
def test_a_booking_says_once_for_when(planned, words):
    code, _, err = planned.run("book", CODE, "response-marrow-1", *words)
    assert code == 2 and "Say for when" in err


def test_what_was_held_is_booked_under_a_new_number(planned):
    planned.at("2026-07-13 12:00")
    planned.run(*INFUSION, "--as-of", "2026-06-15 12:00")
    planned.run("record", CODE, "response-marrow-1", "held", "--at", "2026-07-13", "--reason", "fever")
    assert planned.run("book", CODE, "response-marrow-1", "2026-07-16")[0] == 0
    assert event(planned, "response-marrow-1")["status"] == "held"
    assert times(planned, "response-marrow-2")[0] == "2026-07-16"


# record: its end, in part, taken back, confirmed ------------------------------------------------------------------------


@pytest.mark.parametrize("option", ["--end", "--to"])
def test_an_end_is_recorded_with_it(planned, option):
    planned.at("2026-06-15 12:00")
    assert planned.run(*INFUSION, option, "2026-06-15 11:05")[0] == 0
    one = event(planned, "nk-infusion-1")
    assert (one["start"], one["end"]) == ("2026-06-15T10:20-04:00", "2026-06-15T11:05-04:00")
    _, history, _ = planned.run("history", CODE)
    assert "given, Mon 15-Jun-2026 10:20 to 11:05." in " ".join(history.split())


def test_what_was_given_in_part_says_so(planned):
    planned.at("2026-06-15 12:00")
    assert planned.run(*INFUSION, "--partly")[0] == 0
    _, history, _ = planned.run("history", CODE)
    assert "given in part, Mon 15-Jun-2026 10:20." in " ".join(history.split())
    assert event(planned, "nk-infusion-1")["status"] == "given"


def test_a_record_taken_back_is_as_if_it_had_never_been_typed(planned):
    planned.at("2026-06-10 12:00")
    before = event(planned, "fludarabine-1")
    planned.run("record", CODE, "fludarabine-1", "given", "--at", "2026-06-10 09:10")
    assert times(planned, "fludarabine-1")[3] == "2026-06-10T09:10"
    code, _out, _ = planned.run("record", CODE, "fludarabine-1", "open", "--reason", "another patient's")
    assert (code, planned.revisions) == (0, [1, 2, 3])
    after = event(planned, "fludarabine-1")
    same = ("date", "planned", "booked", "actual", "start", "end")
    assert {key: after[key] for key in same} == {key: before[key] for key in same}
    _, history, _ = planned.run("history", CODE)
    told = "what was recorded is taken back, it was an error. It was given, Wed 10-Jun-2026 09:10. Why: another patient's"
    assert told in " ".join(history.split())
    assert planned.run("verify", "--out", planned.out)[0] == 0


USAGE = [
    (("fludarabine-1", "given"), "Say when it was: --at WHEN."),
    (("fludarabine-1", "open", "--at", "2026-06-10"), "leave out --at, --end and --partly"),
    (("fludarabine-1", "open", "--partly"), "leave out --at, --end and --partly"),
    (("fludarabine-1", "held", "--at", "2026-06-10", "--end", "2026-06-10 10:00"), "What was held has no end"),
    (("fludarabine-1", "done", "--at", "2026-06-10", "--partly"), "--partly goes with given"),
    (("fludarabine-1", "given", "--at", "2026-06-10", "--confirm", "CASE-2"), "'CASE-2' is not CASE-1"),
]  # fmt: skip


@pytest.mark.parametrize(("words", "said"), USAGE, ids=range(len(USAGE)))
def test_options_that_do_not_go_together_are_named(planned, words, said):
    planned.at("2026-06-10 12:00")
    code, _, err = planned.run("record", CODE, *words)
    assert (code, planned.revisions) == (2, [1]) and said in err


def test_nothing_is_taken_back_where_nothing_is_recorded(planned):
    assert planned.run("record", CODE, "fludarabine-1", "open")[0] == 2
    assert planned.revisions == [1]


def test_a_record_that_looks_wrong_is_saved_once_it_is_confirmed(planned):
    planned.at("2026-06-16 12:00")
    record = ("record", CODE, "nk-infusion-1", "given", "--at", "2026-06-16 10:00")
    code, _, err = planned.run(*record)
    assert (code, planned.revisions) == (2, [1])
    assert "Tue 16-Jun-2026" in err and "Mon 15-Jun-2026" in err and f"--confirm {CODE}" in err
    assert planned.run(*record, "--dry-run")[0] == 2
    assert planned.run(*record, "--confirm", CODE)[0] == 0
    assert planned.revisions == [1, 2] and planned.last.deed.confirmed


# re-date --------------------------------------------------------------------------------------------------------------


def given_once(desk):
    """Cells on Mon 15-Jun, IL-2 on days +1 to +13 every 2 days at 20:00: the first dose on 16-Jun is given."""
    desk.at("2026-06-15 12:00")
    assert desk.run(*INFUSION)[0] == 0
    desk.at("2026-06-16 21:00")
    assert desk.run("record", CODE, "il2-1", "given", "--at", "2026-06-16 20:00")[0] == 0
    return [event(desk, f"il2-{number}")["date"] for number in range(2, 8)]


def test_what_is_left_of_a_course_is_dated_from_its_next_dose_on(planned):
    assert given_once(planned) == [f"2026-06-{day}" for day in (18, 20, 22, 24, 26, 28)]
    code, _, _ = planned.run(
        "re-date", CODE, "il2", "--next", "2026-06-19 20:00", "--by", "PI", "--reason", "a day off for fever"
    )
    assert code == 0
    dates = [event(planned, f"il2-{number}")["date"] for number in range(1, 8)]
    assert dates == [f"2026-06-{day}" for day in (16, 19, 21, 23, 25, 27, 29)]
    assert planned.last.deed.by == "PI"
    assert planned.run("verify", "--out", planned.out)[0] == 0


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (("--reason", "x"), "Say who decided it"),
        (("--by", "PI"), 'Say why: --reason "…"'),
        (("--by", "PI", "--reason", " "), 'Say why: --reason "…"'),
    ],
)
def test_a_course_is_not_dated_anew_without_the_principal_investigator_and_a_reason(planned, more, said):
    code, _, err = planned.run("re-date", CODE, "il2", *more)
    assert (code, planned.revisions) == (2, [1]) and said in err


@pytest.mark.parametrize(
    ("words", "code"),
    [(("il3",), 2), (("il2", "--next", "2026-06-15 20:00"), 1), (("il2", "--next", "some day"), 2)],
    ids=["no such course", "past", "no date"],
)
def test_a_course_that_cannot_be_dated_anew_stays(planned, words, code):
    dates = given_once(planned)
    assert planned.run("re-date", CODE, *words, "--by", "PI", "--reason", "x")[0] == code
    assert [event(planned, f"il2-{number}")["date"] for number in range(2, 8)] == dates


# choose and ward --------------------------------------------------------------------------------------------------------


def test_what_is_chosen_for_a_patient_and_the_ward_are_kept_with_who_did_it(desk):
    """Part 2 of that trial has ipilimumab on day -7: on Mon 8-Jun-2026 for day 0 on Mon 15-Jun."""
    case = desk.folder / "part.toml"
    case.write_text(f'format = 1\ncode = "{CODE}"\nprotocol = "NCT04290546"\nplanned-day-zero = 2026-06-15\n', encoding="utf-8")
    desk.run("plan", case)
    assert desk.revisions == [1]
    assert desk.run("choose", CODE, "part", "part-3")[0] == 2
    assert desk.run("choose", CODE, "part", "part-2", "--by", "PI")[0] == 0
    assert (desk.last.deed, desk.last.by) == (Choose(name="part", option="part-2"), "PI")
    assert [one["date"] for one in desk.json("show", CODE)[1]["events"] if one["id"].startswith("ipilimumab")] == ["2026-06-08"]
    assert desk.run("ward", CODE, "BMT 4B", "--reason", "needs isolation")[0] == 0
    assert (desk.last.deed, desk.last.reason) == (ChangeWard(ward="BMT 4B"), "needs isolation")
    with open_store(desk.store) as store:
        assert [codes_on(store, ward) for ward in ("BMT 4B", "BMT 4A")] == [(CODE,), ()]
    assert desk.revisions == [1, 2, 3]
    assert desk.run("verify", "--out", desk.out)[0] == 0
