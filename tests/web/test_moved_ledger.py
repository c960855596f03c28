"""Pages and feeds of a ledger that was moved elsewhere: nobody reads old dates as if they were the newest."""

from datetime import UTC, date, datetime

import pytest
from shared.web_forms import Page, check
from shared.web_ward import open_ward

from schedule.service.feeds import make_feed
from schedule.service.move_store import move_store

AT = datetime(2026, 6, 12, 12, 30, tzinfo=UTC)


@pytest.fixture(scope="module")
def ward(tmp_path_factory):
    """The pages that were started on it before, a feed of it, and where it is now."""
    folder = tmp_path_factory.mktemp("moved")
    with open_ward(folder) as found:
        with found.store() as store:
            known = {"code": "SLIP-1", "level": "minimal", "expires": date(2026, 12, 31), "by": "nurse1", "at": AT}
            found.feed = f"/feed/{make_feed(store, label='x', **known)[0]}/x.ics"
        found.tag = found.get(found.feed).headers["ETag"]
        found.form = check(found, "/p/SLIP-1/note", {"text": "cell lab told"})[1].fields
        found.target = folder / "new.sqlite"
        move_store(found.settings.store, found.target, "kim", AT)
        yield found


@pytest.mark.parametrize("path", ["/", "/board", "/p/SLIP-1", "/p/SLIP-1/note", "/feeds", "/p/SLIP-1/rev-1/plan.json"])
def test_no_page_shows_a_patient_and_each_says_where_the_ledger_went(path, ward):
    answer = ward.get(path)
    text = Page(answer.text).text
    assert answer.status_code == 503
    assert f"this ledger was moved to {ward.target} by kim, Fri 12-Jun-2026 12:30 UTC, and is closed." in text
    assert "Go on with the printed sheets, and tell those who look after Dayzero" in text
    assert "SLIP-1" not in text


def test_a_form_that_was_begun_before_saves_nothing_and_says_so(ward):
    answer = ward.post("/p/SLIP-1/note", {**ward.form, "do": "save"})
    assert answer.status_code == 503 and "Nothing was saved" in answer.text


def test_a_feed_is_not_answered_so_that_the_calendar_program_says_that_it_is_old(ward):
    assert ward.get(ward.feed).status_code == 503
    assert ward.get(ward.feed, **{"If-None-Match": ward.tag}).status_code == 503


def test_read_only_it_is_shown_and_every_page_says_that_it_may_be_out_of_date(ward, tmp_path):
    with open_ward(tmp_path, patients=None, store=ward.settings.store, read_only=True) as archive:
        for path in ("/", "/board", "/p/SLIP-1", "/p/SLIP-1/history"):
            answer = archive.get(path)
            said = "What is shown here may be out of date: this ledger was moved to {} by kim, Fri 12-Jun-2026 12:30 UTC"
            assert answer.status_code == 200
            assert said.format(ward.target) in Page(answer.text).text


def test_at_the_new_place_the_same_form_saves_and_the_same_feed_is_answered(ward, tmp_path):
    with open_ward(tmp_path, patients=None, store=ward.target) as new:
        assert new.get(ward.feed, **{"If-None-Match": ward.tag}).status_code == 304
        answer = new.post("/p/SLIP-1/note", {**ward.form, "do": "save"})
        assert answer.status_code == 303, Page(answer.text).text
