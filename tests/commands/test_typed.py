"""Times as they are typed: with an offset from UTC where the clocks show an hour twice."""

from datetime import date, time, timedelta

import click
import pytest
from shared.desk import CODE, desk, planned  # noqa: F401

from schedule.commands.typed import read_time
from schedule.model.typed import TypedTime, typed_time

DAY = date(2026, 11, 1)
TYPED = [
    ("2026-11-01", TypedTime(on=DAY)),
    (" 2026-11-01 01:30 ", TypedTime(on=DAY, clock=time(1, 30))),
    ("2026-11-01T01:30", TypedTime(on=DAY, clock=time(1, 30))),
    ("1-Nov-2026 01:30", TypedTime(on=DAY, clock=time(1, 30))),
    ("2026-11-01 01:30-05:00", TypedTime(on=DAY, clock=time(1, 30), offset=timedelta(hours=-5))),
    ("2026-11-01T01:30-0500", TypedTime(on=DAY, clock=time(1, 30), offset=timedelta(hours=-5))),
    ("2026-11-01 01:30+05:30", TypedTime(on=DAY, clock=time(1, 30), offset=timedelta(hours=5, minutes=30))),
    ("2026-11-01T01:30Z", TypedTime(on=DAY, clock=time(1, 30), offset=timedelta(0))),
]
WRONG = ["", " ", "01:30", "2026-11-01 130", "2026-11-01 24:00", "Mon 12 March 2026", "2026-11-01-05:00", "2026-11-01 01:30-24:00", "2026-11-01 01:30-05:60",
         "2026-11-01 01:30 EST", "2026-11-01 01:30-5", "31-Nov-2026 10:00"]  # fmt: skip


@pytest.mark.parametrize(("text", "found"), TYPED, ids=[text for text, _ in TYPED])
def test_a_typed_time_is_read(text, found):
    assert typed_time(text) == found


@pytest.mark.parametrize("text", WRONG)
def test_what_is_no_time_is_refused_with_an_example(text):
    with pytest.raises(click.BadParameter) as wrong:
        read_time(text)
    assert "write 2026-06-15 or '2026-06-15 10:00'" in str(wrong.value)


# as-of ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("offset", "fold"), [("-04:00", 0), ("-05:00", 1)])
def test_an_as_of_in_the_doubled_hour_says_which_of_the_two_it_is_and_is_kept_so(planned, offset, fold):
    code, _, _ = planned.run("note", CODE, "told", "--as-of", f"2026-11-01 01:30{offset}")
    assert code == 0
    assert (planned.last.as_of.hour, planned.last.as_of.fold) == (1, fold)
    _, acts = planned.json("history", CODE)
    assert acts[-1]["as_of"] == "2026-11-01T01:30:00" + "[fold=1]" * fold
    assert planned.run("verify", "--out", planned.out)[0] == 0


@pytest.mark.parametrize(
    ("as_of", "said"),
    [
        ("2026-11-01 01:30", "happens twice in America/New_York"),
        ("2026-03-08 02:30", "does not exist in America/New_York"),
        ("2026-06-15 10:00-05:00", "is -0400 from UTC, not as written"),
    ],
)
def test_an_as_of_that_the_clocks_do_not_show_once_is_refused(planned, as_of, said):
    code, _, err = planned.run("note", CODE, "told", "--as-of", as_of)
    assert (code, planned.revisions) == (2, [1]) and said in err


def test_what_only_looks_takes_an_offset_too(planned):
    check = ("check", planned.case, "--site", planned.site, "--as-of")
    assert planned.run(*check, "2026-11-01 01:30")[0] == 2
    assert planned.run(*check, "2026-11-01 01:30-05:00")[0] in (0, 1)


def test_without_a_site_file_an_as_of_is_a_wall_time_and_an_offset_has_no_meaning(desk):
    bare = desk.folder / "bare.toml"
    bare.write_text('format = 1\ncode = "BARE-1"\nprotocol = "NCT04024761"\n', encoding="utf-8")
    assert desk.run("feasible", bare, "--as-of", "2026-11-01 01:30")[0] == 0
    code, _, err = desk.run("feasible", bare, "--as-of", "2026-11-01 01:30-05:00")
    assert code == 2 and "needs the site's time zone" in err


# hours of known dates ---------------------------------------------------------------------------------------------------


def test_a_known_date_keeps_its_hour(planned):
    assert planned.run("fact", CODE, "organ-function", "2026-06-02 15:30; 2026-06-01")[0] == 0
    _, acts = planned.json("history", CODE)
    deed = acts[-1]["deed"]
    assert (deed["dates"], deed["hours"]) == (["2026-06-01", "2026-06-02"], ["2026-06-02T15:30:00-04:00"])
    _, history, _ = planned.run("history", CODE)
    assert "Mon 01-Jun-2026 and Tue 02-Jun-2026 15:30" in " ".join(history.split())


@pytest.mark.parametrize("value", ["2026-06-02 25:00", "02/06/2026", "2026-03-08 02:30", "soon"])
def test_a_known_date_that_is_none_is_refused(planned, value):
    code, _, err = planned.run("fact", CODE, "organ-function", value)
    assert (code, planned.revisions) == (2, [1]) and "organ-function: " in err
