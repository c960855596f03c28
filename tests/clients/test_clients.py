"""Real calendar programs and servers: by every way that the manual recommends, each entry once, where the plan has it."""

import pytest
from shared.calendar_ward import PROTOCOLS, CalendarWard, life
from shared.foreign import shown

from clients.table import ACTS, NEW, PUT, SAME, SERVERS, Vdirsyncer, ended, on_the_page, revisions, table
from schedule.ledger.sqlite import SqliteStore
from schedule.words.change import CALENDARS
from schedule.words.feeds import ENDED


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    return revisions(tmp_path_factory.mktemp("ledger"))


@pytest.fixture(scope="module")
def found():
    return table()


def rows_of(text):
    """(program, way) -> act -> what it does."""
    lines = [[cell.strip() for cell in line.strip("|").split("|")] for line in text.strip().splitlines()]
    return {(row[0], row[1]): dict(zip(ACTS, row[2:], strict=True)) for row in lines[2:]}


def test_the_table_of_the_manual_is_the_one_that_was_measured(found):
    assert on_the_page() == found


def test_by_every_way_that_is_recommended_each_entry_stands_once_where_the_plan_has_it(found):
    """All but the import into the same calendar, which is measured so that its dangers can be named."""
    rows = rows_of(found)
    assert {way for _, way in rows} >= {SAME, NEW, PUT}
    for (name, way), acts in rows.items():
        if way != SAME:
            wrong = {act: said for act, said in acts.items() if act in ACTS[:7] and not said.startswith("right, ")}
            assert wrong == {}, (name, way)


def test_a_feed_that_has_ended_leaves_one_entry_that_says_so(files, tmp_path):
    """Seen before: after a 404 every subscriber kept showing the last state, without a sign."""
    program = Vdirsyncer(tmp_path)
    try:
        program.take(files["slip"])
        assert len(program.held()) == len(shown(files["slip"]))
        program.take(b"Not found.", 404)
        assert len(program.held()) == len(shown(files["slip"])), "what a 404 does"
        program.take(ended())
        assert [title for title, _ in program.held()] == [ENDED]
    finally:
        program.close()


@pytest.mark.parametrize("name", SERVERS)
def test_a_server_takes_every_entry_of_every_shipped_protocol(name, tmp_path):
    """Cyrus, the strictest, refused 29 of 53 entries: they had no end."""
    (tmp_path / "server").mkdir()
    with SERVERS[name](tmp_path / "server") as dav:
        for protocol in PROTOCOLS:
            with SqliteStore(tmp_path / f"{protocol}.sqlite") as store:
                ward = CalendarWard(store, protocol)
                for act in life(ward):
                    if act in ("plan", "slip", "cancel"):
                        data = ward.file("calendar.ics")
                        answers = dav.take(data)
                        assert {status for status in answers.values() if status >= 300} == set(), (protocol, act)
                        assert dav.held() == shown(data), (protocol, act)


def test_the_notice_names_the_programs_that_keep_old_dates():
    words = " ".join(CALENDARS)
    for name in ("Outlook", "Thunderbird", "KDE", "Google", "Apple", "Evolution", "calcurse"):
        assert name in words, name
    assert "changes.ics" not in words


