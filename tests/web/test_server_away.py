"""The pages while the ledger's server goes away and comes back: no act twice, none lost that was acknowledged, no new start."""

import psycopg
import pytest
from shared.web_forms import Page, check
from shared.web_ward import open_ward

from schedule.ledger.server import ServerConnection

NOTE = "/p/SLIP-1/note"


@pytest.fixture
def ward(emptied, tmp_path):
    place = emptied()
    with open_ward(tmp_path, store=place) as ward:
        yield ward


def notes(ward):
    with ward.store() as store:
        return [row.act.deed.text for row in store.history("SLIP-1") if row.act.kind == "note"]


@pytest.mark.parametrize("kept", [False, True], ids=["it was not saved", "it was saved"])
def test_where_nobody_knows_whether_a_form_was_saved_the_page_says_so_and_the_form_sent_again_is_one_act(kept, ward, monkeypatch):
    before = notes(ward)
    _, page = check(ward, NOTE, {"text": "told by phone"})
    with monkeypatch.context() as patch:
        real = ServerConnection.commit

        def lost(connection):
            (real if kept else ServerConnection.roll_back)(connection)
            raise psycopg.OperationalError("server closed the connection unexpectedly")

        patch.setattr(ServerConnection, "commit", lost)
        answer = ward.post(NOTE, {**page.fields, "do": "save"})
    shown = Page(answer.text).text
    assert answer.status_code == 503
    assert "It is not known whether this was saved" in shown and "Nothing was saved" not in shown
    assert "Go back and send the same form again: if it was saved, it will not be done twice." in shown
    assert notes(ward) == [*before, *["told by phone"] * kept]
    for _ in range(2):
        assert ward.post(NOTE, {**page.fields, "do": "save"}).status_code == 303
    assert notes(ward) == [*before, "told by phone"]


def test_while_no_server_answers_pages_say_that_nothing_was_saved_and_work_again_once_it_does(ward, postgres, caplog):
    _, page = check(ward, NOTE, {"text": "told by phone"})
    assert ward.get("/board").status_code == 200
    postgres.stop("immediate")
    try:
        for answer in (ward.get("/"), ward.get("/board"), ward.post(NOTE, {**page.fields, "do": "save"})):
            assert answer.status_code == 503
        assert "Nothing was saved" in Page(answer.text).text
        assert "Connection refused" in caplog.text and "told by phone" not in caplog.text
    finally:
        postgres.start()
    assert ward.get("/board").status_code == 200
    assert ward.post(NOTE, {**page.fields, "do": "save"}).status_code == 303
    assert notes(ward)[-1] == "told by phone"
