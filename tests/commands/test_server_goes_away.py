"""A database server that goes away in the middle of an act, at every step of it: on the terminal and on a page.

Either nothing was saved, and it is said; or nobody knows, and it is said that asking again is safe: it makes one act. Once the
server is back everything goes on, and the pages need not be started again.
"""

import pytest
from shared.cut_line import cut_line
from shared.slip_once import CODE, create_patient
from shared.web_forms import Page, check
from shared.web_ward import open_ward

from schedule.commands import main
from schedule.ledger.opening import open_store
from schedule.ledger.server import close_kept
from schedule.model.server_address import ServerAddress
from schedule.service.verify import verify

NOTHING_SAVED, NOT_KNOWN = "Nothing was saved.", "it is not known whether this was saved"


@pytest.fixture
def line(emptied, postgres):
    """A line to the server, which has a ledger with one patient, and the address of the ledger at its end."""
    direct = emptied()
    with open_store(direct) as store:
        create_patient(store)
    with cut_line(postgres.port) as found:
        found.direct = direct
        found.address = ServerAddress(direct.url.replace(str(postgres.port), str(found.port)))
        yield found
        close_kept()


@pytest.fixture
def note(line, tmp_path, capsys):
    """A note on the terminal, by a process that has no connection yet: its exit code, and what it said."""

    def give(text):
        close_kept()
        with pytest.raises(SystemExit) as ended:
            main(["note", CODE, text, "--store", line.address.url, "--out", str(tmp_path / "out")])
        return ended.value.code, capsys.readouterr().err

    return give


def revisions(line):
    with open_store(line.direct) as store:
        return [row.act.revision for row in store.history(CODE)]


class Steps:
    """Cuts the line at the n-th question from the beginning of the transaction on; at the first piece of all for 0. A long
    question comes in one piece or in several: its last one counts, which ends with a Sync or is a query by itself."""

    def __init__(self, where, number):
        self.where, self.number, self.begun, self.at = where, number, 0, None

    def __call__(self, piece):
        ends = piece.startswith(b"Q") or piece.endswith(b"S\0\0\0\4")
        self.begun += (bool(self.begun) and ends) or b"READ COMMITTED" in piece
        if self.at is None and self.begun == self.number and (ends or not self.begun):
            self.at = piece
            return self.where
        return None


@pytest.mark.parametrize("where", ["before", "after"])
def test_cut_at_every_step_of_an_act_it_is_told_and_the_same_command_again_makes_one_act(line, note, where):
    told, cut = [], Steps(where, -1)
    while b"COMMIT\0" not in (cut.at or b""):
        made = len(revisions(line))
        line.cut = cut = Steps(where, cut.number + 1)
        code, said = note(f"told {made}")
        assert cut.at is not None
        if code != 0:  # else it was asked once more, since nothing had been begun
            assert code == 3 and (NOTHING_SAVED in said) != (NOT_KNOWN in said), said
            told.append(NOT_KNOWN if NOT_KNOWN in said else NOTHING_SAVED)
            assert len(revisions(line)) - made == 0 or told[-1] == NOT_KNOWN
            if told[-1] == NOT_KNOWN:
                assert (len(revisions(line)) > made) == (where == "after")
            line.mend()
            again, said = note(f"told {made}")
            assert again == 0, said
        assert revisions(line) == list(range(1, made + 2)), cut.at
    assert told.count(NOT_KNOWN) == 1 and told.count(NOTHING_SAVED) >= 5
    with open_store(line.direct) as store:
        assert verify(store).faults == []


FORM = f"/p/{CODE}/note"


@pytest.fixture
def pages(line, tmp_path):
    with open_ward(tmp_path, patients=None, store=line.address) as found:
        yield found


@pytest.mark.parametrize("where", ["before", "after"])
def test_a_page_says_that_nobody_knows_and_the_same_form_again_is_one_act(line, pages, where):
    form = check(pages, FORM, {"text": "cell lab told"})[1].fields
    line.cut = lambda piece: where if b"COMMIT\0" in piece else None
    answer = pages.post(FORM, {**form, "do": "save"})
    text = Page(answer.text).text
    assert (answer.status_code, NOT_KNOWN in text.lower(), NOTHING_SAVED in text) == (503, True, False), text
    assert "send the same form again: if it was saved, it will not be done twice" in text
    line.mend()
    for _ in range(2):
        answer = pages.post(FORM, {**form, "do": "save"})
        assert (answer.status_code, answer.location) == (303, f"/p/{CODE}/change/2")
    assert revisions(line) == [1, 2]


def test_while_the_server_is_away_every_page_says_so_and_when_it_is_back_all_goes_on(line, pages):
    form = check(pages, FORM, {"text": "cell lab told"})[1].fields
    line.cut_all()
    for path in ("/", "/board", f"/p/{CODE}", FORM):
        answer = pages.get(path)
        assert answer.status_code == 503 and CODE not in Page(answer.text).text
    answer = pages.post(FORM, {**form, "do": "save"})
    assert answer.status_code == 503 and "Nothing was saved" in answer.text
    line.mend()
    assert {pages.get(path).status_code for path in ("/", "/board", f"/p/{CODE}", FORM)} == {200}
    assert pages.post(FORM, {**form, "do": "save"}).status_code == 303
    assert revisions(line) == [1, 2]
