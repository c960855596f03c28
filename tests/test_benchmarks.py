"""The benchmarks: the same patients on both sides, and none of its lines dies unnoticed."""

import re

import pytest
from shared import ROOT

from benchmarks.__main__ import LINES, as_json, as_markdown, from_json
from benchmarks.measure import SHORT, Line, Result, Run, process
from benchmarks.patients import REVISIONS, make_ward
from benchmarks.soak import Kept, compared, rise
from schedule.service.place import open_ledger
from schedule.service.verify import verify

EVIDENCE = (ROOT / "docs" / "evidence.md").read_text(encoding="utf-8")
ONE = Line("one", "one / two", 2.0, "-", "one", "two")


def rows_under(heading):
    """The cells of the table's rows below a heading of the page."""
    part = re.split(r"^#+ ", EVIDENCE, flags=re.M)
    (found,) = [text for text in part if text.startswith(f"{heading}\n")]
    rows = [line.strip("| ").split(" | ") for line in found.splitlines() if line.startswith("| ")]
    return rows[2:]


def test_every_line_has_a_key_and_a_name_of_its_own():
    assert len({line.key for line in LINES}) == len({line.name for line in LINES}) == len(LINES)


def test_the_evidence_shows_the_lines_that_are_measured_with_their_goals():
    shown = [(name, goal, first) for name, goal, first, *_ in rows_under("Speed")]
    assert shown == [(line.name, line.aim, line.first) for line in LINES]


def test_every_line_of_the_evidence_has_a_figure_or_says_that_there_is_none():
    assert [name for name, _, _, today, *_ in rows_under("Speed") if not re.match(r"\d|not measured$", today)] == []


def test_the_evidence_says_what_both_sides_of_each_line_do():
    assert [tuple(row) for row in rows_under("What each side does")] == [
        (line.name, line.ours, line.other) for line in LINES
    ]


def test_the_tables_are_written_as_the_page_has_them():
    written = as_markdown([Result(line, 1.0, 1.0, 1.0, 1) for line in LINES])
    assert all(f"| {line.name} | {line.ours} | {line.other} |" in written.splitlines() for line in LINES)
    assert all(f"| {line.name} | {line.aim} | {line.first} | 1" in written for line in LINES)


def test_what_was_found_is_read_back():
    found = [Result(line, 1.5, 3.0, 2.0, 7) for line in LINES]
    assert from_json(as_json(found)) == found


def test_a_goal_is_reached_from_its_own_side():
    assert (ONE.reached(2.0), ONE.reached(2.01)) == (True, False)
    least = ONE._replace(at_least=True)
    assert (least.reached(2.0), least.reached(1.99), ONE._replace(goal=None).reached(9.0)) == (True, False, None)


def test_a_line_is_the_median_of_its_rounds_after_one_that_is_not_counted(capsys):
    ours, other = iter((100.0, 1.0, 2.0, 9.0)), iter((1.0, 1.0, 1.0, 1.0))
    run = Run(SHORT, [ONE])
    run.row("one", lambda: next(ours), lambda: next(other), 3)
    assert [(found.ratio, found.rounds) for found in run.results] == [(2.0, 3)]
    assert "ours:  one" in capsys.readouterr().out


def test_a_part_that_dies_is_told_and_the_others_go_on(capsys):
    def dying(run):
        raise RuntimeError("no such page")

    def living(run):
        run.row("one", lambda: 1.0, lambda: 1.0)

    run = Run(SHORT, [ONE])
    run.part(dying)
    assert (run.missing, len(run.died)) == (["one"], 1)
    run.part(living)
    assert (run.missing, len(run.died)) == ([], 1)
    assert "no such page" in capsys.readouterr().err


def test_a_process_that_fails_is_no_figure():
    with pytest.raises(RuntimeError, match="ended with 3"):
        process("-c", "raise SystemExit(3)")()


def test_the_ward_that_is_measured_is_whole(tmp_path):
    path = tmp_path / "ward.sqlite"
    make_ward(path, 2)
    with open_ledger(path) as store:
        found = verify(store)
        assert (found.faults, found.acts) == ([], 2 * REVISIONS)
        kinds = {kept.act.kind for kept in store.chain()}
        assert len({kept.lasting.schedule_id for kept in store.chain()}) == 2
    assert {"plan", "fact", "record", "slip", "note"} <= kinds


def test_the_soak_misses_an_act_that_is_not_there_and_finds_one_that_nobody_was_told_of(tmp_path):
    path = tmp_path / "ward.sqlite"
    make_ward(path, 1, 3)
    with open_ledger(path) as store:
        second, third = (Kept(kept.act.code, kept.act.revision, "") for kept in [*store.chain()][1:])
    assert compared(path, [second, third]) == ([], 0)
    never = Kept("P-0", 4, "never kept")
    assert compared(path, [second, never]) == ([never], 1)


def test_the_line_through_points_rises_as_they_do():
    assert rise([(0, 1), (1, 3), (2, 5)]) == pytest.approx(4)
    assert rise([(0, 5), (10, 5)]) == 0
