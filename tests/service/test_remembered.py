"""What a long-lived process remembers has an end."""

import gc

import pytest
from shared import SHIPPED
from shared.ward import Ward

from schedule import commands
from schedule.commands import serve
from schedule.ledger.opening import open_store
from schedule.model.acts import Note
from schedule.pages.void import printed_revision
from schedule.service import printed
from schedule.service.inputs import protocol_of
from schedule.service.remembered import Remembered
from schedule.service.revisions import stored_plan
from schedule.web.app import Settings


def test_a_value_is_made_once_and_given_to_whoever_asks():
    known, made = Remembered(2), []
    for key in ("a", "b", "a", "b"):
        assert known.get(key, lambda key=key: made.append(key) or key.upper()) == key.upper()
    assert made == ["a", "b"]


def test_what_nobody_has_asked_for_the_longest_is_forgotten():
    known, made = Remembered(2), []

    def ask(key):
        return known.get(key, lambda: made.append(key) or key.upper())

    for key in ("a", "b", "a", "c", "a", "b"):
        ask(key)
    assert (made, len(known)) == (["a", "b", "c", "b"], 2)
    known.forget()
    assert len(known) == 0


def test_two_who_make_the_same_at_once_get_the_same():
    known = Remembered(2)
    outer = known.get("a", lambda: [known.get("a", lambda: ["inner"]), "outer"])
    assert outer == ["inner"]


def test_protocols_that_somebody_tries_are_forgotten_and_the_one_in_use_is_not():
    text = SHIPPED.read_text(encoding="utf-8")
    used, tried = protocol_of(text, "used"), protocol_of(f"{text}\n# tried\n", "tried")
    for number in range(70):
        protocol_of(f"{text}\n# {number}\n", "tried")
        assert protocol_of(text, "used") is used
    assert protocol_of(f"{text}\n# tried\n", "tried") is not tried


def test_values_of_different_sizes_share_the_room_by_their_weight():
    known = Remembered(10, len)
    for key, value in (("a", "aaaa"), ("b", "bbbb"), ("c", "cc")):
        known.keep(key, value)
    assert (known.find("a"), known.weight) == ("aaaa", 10)
    known.keep("c", "ccc")  # one more than there is room for: of the others nobody has asked for b the longest
    assert [known.find(key) for key in "abc"] == ["aaaa", None, "ccc"]
    known.keep("d", "d" * 11)
    assert [known.find(key) for key in "abcd"] == [None, None, None, "d" * 11], "the newest stays"
    known.keep("d", "d")
    assert known.weight == 1


def test_what_sheets_show_comes_back_as_it_was_and_takes_little(either):
    printed._REVISIONS.forget()
    with open_store(either) as store:
        ward = Ward(store)
        ward.do(Note(text="a note"), "2026-05-26 08:00")
        ward.slip("2026-06-16 10:00", "2026-05-27 08:00")
        rows = store.history(ward.code)
        made = [printed_revision(stored_plan(store, row)) for row in rows]
        for _ in range(2):
            assert [printed.sheets_of_row(store, row) for row in rows] == made
    assert len(printed._REVISIONS) == len(rows) == 3
    assert made[0].sheets == made[1].sheets != made[2].sheets
    most = max(len(squeezed) for squeezed in printed._REVISIONS._known.values())
    assert 0 < most * printed._REVISIONS.most < 3 * 2**20, "a large table fills for as long as acts are done"


def test_of_the_sheets_printed_before_one_revision_is_held_at_a_time(tmp_path, monkeypatch):
    """Whole they are 150 kB each; a patient may come to dozens of revisions."""
    with open_store(tmp_path / "ledger.sqlite") as store:
        ward = Ward(store)
        for number in range(3):
            ward.do(Note(text=f"note {number}"), f"2026-05-26 08:0{number}")
        read = []
        monkeypatch.setattr(printed, "sheets_of_row", lambda _, row: read.append(row.act.revision) or row)
        found = printed.printed_before(store, ward.code, 4)
        assert [(next(found).act.revision, [*read]) for _ in range(3)] == [(1, [1]), (2, [1, 2]), (3, [1, 2, 3])]
        assert next(found, None) is None


@pytest.fixture
def as_python_collects():
    usual = gc.get_threshold()
    yield
    gc.set_threshold(*usual)


def test_the_server_looks_for_what_is_left_over_as_often_as_python_does(monkeypatch, tmp_path, as_python_collects):
    seen = []

    class Server:
        def run(self):
            seen.append(gc.get_threshold())

        def close(self):
            seen.append("closed")

    monkeypatch.setattr("schedule.web.server.make_server", lambda *_: Server())
    gc.set_threshold(commands.MOST_NEW)
    settings = Settings(
        store=tmp_path / "l", site=None, protocols=(), user="b", proxy_header=None, hosts=frozenset({"localhost"}),
        origins=frozenset({"http://localhost"}), read_only=False, now=lambda: None, secret=b"x",
    )  # fmt: skip
    serve.run(settings, "127.0.0.1", 1)
    assert seen == [commands.OF_PYTHON, "closed"]
