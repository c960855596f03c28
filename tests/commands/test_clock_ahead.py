"""A clock that is ahead now: asked about before anything is saved, and never in ordinary life. For how long a computer has
run is remembered in a file alone: a server has a clock of its own, which here is right."""

import sys

import pytest
from shared.desk import CODE, ON_BOTH, SURE, desk, planned  # noqa: F401

from schedule.commands import common
from schedule.ledger.opening import open_store
from schedule.model.kept import Running
from schedule.service.clock_sense import clock_ahead

FAR = "2099-06-11 09:00"
"""Later than the clock of any computer that these tests run on."""


@pytest.fixture
def ran(planned, monkeypatch):
    """The patient is planned at 08:01; afterwards a test says for how many minutes the computer has run since."""

    def minutes(number, boot="monday"):
        planned.boot = Running(boot=boot, seconds=1_000 + 60.0 * number)

    monkeypatch.setattr(common, "uptime", lambda: planned.boot)
    minutes(0)
    assert planned.run("note", CODE, "the first note, at 08:02")[0] == 0
    planned.minutes = minutes
    return planned


def notes(desk):
    with open_store(desk.store) as store:
        return [row.act.deed.text for row in store.history(CODE) if row.act.kind == "note"]


def test_a_clock_that_went_ahead_while_the_computer_ran_is_asked_about_and_both_times_are_said(ran):
    ran.at("2031-06-11 09:00")
    ran.minutes(60)
    code, _, said = ran.run("note", CODE, "told")
    assert (code, notes(ran)) == (2, ["the first note, at 08:02"])
    assert "This computer's clock says Wed 11-Jun-2031 09:01, but by how long the computer has run since the last act it is Tue 26-May-2026 09:02." in said
    assert "Look at a clock that you trust." in said and "If it is right: --clock-is-right. Nothing was saved." in said


def test_whoever_has_looked_saves_and_is_not_asked_again(ran):
    ran.at("2026-05-26 12:00")
    ran.minutes(60)
    assert ran.run("note", CODE, "told")[0] == 2
    assert ran.run("note", CODE, "told", "--clock-is-right")[0] == 0
    ran.minutes(65)
    assert ran.run("note", CODE, "again")[0] == 0
    assert notes(ran)[1:] == ["told", "again"]


@pytest.mark.parametrize(("clock", "minutes", "asked"), [("08:12", 0, True), ("08:11", 0, False), ("20:01", 720, False), ("07:59", 0, None)])
def test_ten_minutes_are_the_border_and_a_shift_without_an_entry_is_none(ran, clock, minutes, asked):
    """The first note was at 08:02; each command comes a minute after the clock that is set. A clock that went back is refused as before."""
    ran.at(f"2026-05-26 {clock}")
    ran.minutes(minutes)
    assert ran.run("note", CODE, "told")[0] == {True: 2, False: 0, None: 3}[asked]


@pytest.mark.parametrize(("day", "asked"), [("2026-06-16", False), ("2026-08-25", False), ("2026-08-28", True)])
def test_after_a_start_of_the_computer_only_a_silence_of_three_months_is_asked_about(ran, day, asked):
    """26 May + 92 days = 26 Aug."""
    ran.at(f"{day} 08:00")
    ran.minutes(1, boot="another day")
    code, _, said = ran.run("note", CODE, "told")
    assert code == (2 if asked else 0)
    assert ("but the last act was at Tue 26-May-2026 08:02, more than three months ago." in said) == asked


@ON_BOTH
def test_where_nothing_is_saved_nothing_is_asked(ran):
    ran.at(FAR)
    assert ran.run("note", CODE, "told", "--dry-run")[0] == 0
    for command in (("show", CODE), ("today",), ("history", CODE)):
        assert ran.run(*command)[0] in (0, 1), command


@ON_BOTH
def test_it_is_asked_before_the_code_and_before_a_new_patient(ran):
    ran.at(FAR)
    assert "This computer's clock says" in ran.run("cancel", CODE, *SURE)[2]
    other = ran.folder / "other.toml"
    other.write_text(ran.ward.case_text.replace(CODE, "CASE-2"), encoding="utf-8")
    assert ran.run("plan", other, "--site", ran.site)[0] == 2
    with open_store(ran.store) as store:
        assert store.codes() == [CODE]
    assert ran.run("plan", other, "--site", ran.site, "--clock-is-right")[0] in (0, 1)


@pytest.mark.parametrize(("typed", "code"), [("CLOCK", 0), ("clock", 2), ("", 2)])
def test_on_a_terminal_the_word_is_typed(ran, monkeypatch, typed, code):
    import click

    monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)
    monkeypatch.setattr(click, "prompt", lambda text, err: typed)
    ran.at("2026-05-26 12:00")
    assert ran.run("note", CODE, "told")[0] == code
    assert (len(notes(ran)) == 2) == (code == 0)


@ON_BOTH
def test_after_the_way_out_nothing_is_asked(ran):
    ran.at(FAR)
    assert ran.run("note", CODE, "told", "--clock-is-right")[0] == 0
    ran.at("2026-05-26 09:00")
    ran.minutes(60)
    assert ran.run("note", CODE, "now right")[0] == 3
    assert ran.run("clock", "--reason", "the year was wrong", "--confirm", "CLOCK")[0] == 0
    ran.minutes(70)
    ran.at("2026-05-26 09:10")
    assert ran.run("note", CODE, "now right")[0] == 0


@ON_BOTH
def test_a_backup_is_not_put_back_under_a_clock_that_is_ahead(ran):
    copy = ran.folder / "copy.sqlite"
    assert ran.run("backup", copy)[0] == 0
    ran.at(FAR)
    wanted = ("restore", copy, "--reason", "disk", "--confirm", "RESTORE")
    code, _, said = ran.run(*wanted)
    assert (code, "This computer's clock says Thu 11-Jun-2099 13:01 UTC" in said) == (3, True)
    assert ran.revisions == [1, 2]
    assert ran.run(*wanted, "--clock-is-right")[0] == 0


def test_a_start_of_the_pages_is_remembered_where_no_act_was_and_hides_no_clock_that_went_ahead(ran):
    """It is noted once for each start of the computer, and not over what an act noted."""
    from datetime import UTC, datetime

    with open_store(ran.store) as store:
        late = datetime(2031, 1, 1, tzinfo=UTC)
        store.note_running(late, Running(boot="monday", seconds=1_060))
        assert store.own_time(Running(boot="monday", seconds=1_060)).at == datetime(2026, 5, 26, 12, 3, tzinfo=UTC)
        morning = datetime(2026, 6, 1, 12, tzinfo=UTC)
        store.note_running(morning, Running(boot="june", seconds=10))
        assert clock_ahead(store, datetime(2026, 6, 1, 14, tzinfo=UTC), Running(boot="june", seconds=20)).by == "running"
        assert clock_ahead(store, datetime(2026, 6, 1, 14, tzinfo=UTC), Running(boot="june", seconds=7_210)) is None


def test_this_computer_says_for_how_long_it_has_been_running():
    """The real reading: it rises, and stays of one start."""
    reading = importlib_uptime()
    one, two = reading(), reading()
    assert one.boot == two.boot and one.boot and 0 < one.seconds <= two.seconds < one.seconds + 60


def importlib_uptime():
    """The function of the product, which the tests' clock has replaced."""
    import importlib.util

    spec = importlib.util.find_spec("schedule.commands.common")
    fresh = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(fresh)
    return fresh.uptime


def test_a_ledger_on_a_server_goes_by_the_servers_clock(postgres):
    """Which runs on this computer here, and is right; nothing of this computer is remembered there."""
    from datetime import UTC, datetime, timedelta

    from schedule.model.server_address import server_address
    from schedule.service.place import open_ledger

    with open_ledger(server_address(postgres.url(postgres.database()))) as store:
        now, ran = datetime.now(UTC), Running(boot="monday", seconds=5)
        store.note_running(now + timedelta(days=9), ran)
        assert abs(store.own_time(ran).at - now) < timedelta(minutes=1)
        assert clock_ahead(store, now + timedelta(minutes=9), ran) is None
        found = clock_ahead(store, now + timedelta(minutes=12), ran)
        assert (found.by, abs(found.own - now) < timedelta(minutes=1)) == ("server", True)
