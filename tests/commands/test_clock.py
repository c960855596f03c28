"""A clock that was ahead once: nothing is taken until somebody says so, and then everything is, with nothing lost."""

import pytest
from shared.desk import CODE, ON_BOTH, desk, planned  # noqa: F401

from schedule.ledger.opening import open_store
from schedule.service.verify import verify

SLIP = ("--cause", "illness", "--reason", "fever", "--confirm", CODE)


@pytest.fixture
def ahead(planned):
    """A note was made while the clock was five years ahead; it is right again."""
    planned.at("2031-06-11 09:00")
    assert planned.run("note", CODE, "made in 2031")[0] == 0
    planned.at("2026-06-09 09:00")
    return planned


@ON_BOTH
def test_no_act_is_taken_and_the_way_out_is_named(ahead):
    code, _, said = ahead.run("note", CODE, "told")
    assert code == 3
    assert said.startswith("This computer's clock says 2026-06-09 13:01:00 UTC, but the last act was at 2031-06-11 13:01:00 UTC.")
    assert "If it was ahead then and is right now, say so: dayzero clock --reason." in said
    assert ahead.revisions == [1, 2]


@ON_BOTH
def test_it_is_asked_first_and_says_what_is_later(ahead):
    code, said, wrong = ahead.run("clock", "--reason", "flat battery")
    assert code == 2
    assert said.splitlines() == ["This computer's clock says 2026-06-09 13:01 UTC.", f"  {CODE}: 1 act later than that, the last at 2031-06-11 13:01 UTC"]
    assert "Look at the clock. If it is right: --confirm CLOCK. Nothing was saved." in wrong
    assert ahead.run("clock", "--reason", "flat battery", "--confirm", "clock")[0] == 2
    assert ahead.run("clock", "--reason", " ", "--confirm", "CLOCK")[0] == 2
    assert ahead.revisions == [1, 2]


@ON_BOTH
def test_afterwards_acts_are_taken_nothing_is_lost_and_the_history_says_it(ahead):
    with open_store(ahead.store) as store:
        before = store.newest(CODE)
    code, said, _ = ahead.run("clock", "--reason", "flat battery", "--confirm", "CLOCK")
    assert code == 0 and f"{CODE}: now revision 3." in said
    assert (ahead.last.kind, ahead.last.reason) == ("clock", "flat battery")
    ahead.at("2026-06-10 10:00")
    assert ahead.run("record", CODE, "fludarabine-1", "given", "--at", "2026-06-10 09:10")[0] == 0
    assert ahead.run("slip", CODE, "--to", "2026-06-16 10:00", *SLIP)[0] == 0
    with open_store(ahead.store) as store:
        after = store.newest(CODE)
        assert after.projection.standing.day_zero.on.isoformat() == "2026-06-16"
        assert [one.id for one in after.projection.events] == [one.id for one in before.projection.events]
        assert (list(verify(store).faults), store.faults()) == ([], [])
    history = ahead.run("history", CODE)[1]
    assert "made in 2031" in history and "The clock had been ahead." in history and "flat battery" in history


@ON_BOTH
def test_an_amendment_made_meanwhile_is_as_of_the_right_time_and_day_0_moves_after_it(planned):
    """Treatment is weeks ahead: day 0 is planned anew, and its doses with it. As of 2031 nothing could be earlier."""
    planned.at("2031-06-11 09:00")
    other = planned.folder / "other.toml"
    other.write_text(planned.ward.site_text.replace("20:00", "21:00"), encoding="utf-8")
    assert planned.run("amend", CODE, "--site", other, "--reason", "x", "--confirm", CODE)[0] == 0
    planned.at("2026-05-27 09:00")
    assert planned.run("clock", "--reason", "x", "--confirm", "CLOCK")[0] == 0
    assert planned.run("slip", CODE, "--to", "2026-06-18 10:00", *SLIP)[0] == 0
    with open_store(planned.store) as store:
        found = {one.id: one.on.isoformat() for one in store.newest(CODE).projection.events}
        assert (found["nk-infusion-1"], found["fludarabine-1"]) == ("2026-06-18", "2026-06-13")
        assert store.newest(CODE).projection.events[-1].status == "planned"
        assert (list(verify(store).faults), store.faults()) == ([], [])


@ON_BOTH
def test_where_the_clock_was_never_ahead_nothing_is_done(planned):
    code, said, _ = planned.run("clock", "--reason", "x", "--confirm", "CLOCK")
    assert code == 0 and "No act is later than that: nothing is to be done." in said
    assert planned.revisions == [1]


@ON_BOTH
def test_once_said_it_is_not_asked_again(ahead):
    ahead.run("clock", "--reason", "x", "--confirm", "CLOCK")
    assert "nothing is to be done" in ahead.run("clock", "--reason", "x", "--confirm", "CLOCK")[1]
    assert ahead.revisions == [1, 2, 3]
