"""What the acts gave is derived: it can be thrown away, and comes out again from the acts as it was."""

import gc

import pytest
from shared.failures import not_done
from shared.slip_once import CODE, create_patient, meta, slip
from shared.stores import every_row, forced

from schedule.ledger.act_keeping import ActKeeping
from schedule.ledger.opening import open_store
from schedule.model.acts import Note
from schedule.model.kept import Kept
from schedule.model.projection import FORM
from schedule.model.server_address import ServerAddress
from schedule.service.acts import perform
from schedule.service.place import open_ledger
from schedule.service.rebuild import folded, rebuild
from schedule.service.verify import verify


@pytest.fixture
def path(place):
    """A ledger with two patients, one of them slipped twice."""
    with open_store(place) as store:
        create_patient(store)
        slip(store, 1)
        create_patient(store, 2, "CIML-019")
        slip(store, 3)
        perform(store, CODE, Note(text="pharmacy told"), meta(4))
    return place


def force(place, statement):
    with forced(place) as connection:
        connection.execute(statement)


def projected(place):
    with forced(place) as connection:
        return connection.execute("SELECT * FROM projections ORDER BY id").fetchall()


HARM = {
    "changed": "UPDATE projections SET content = upper(content)",
    "emptied": "UPDATE projections SET content = '{}' WHERE id = 2",
    "taken out": "DELETE FROM projections WHERE id = 4",
    "all taken out": "DELETE FROM projections",
    "of an earlier form": "UPDATE projections SET form = 0, content = '{}', hash = ''",
}


@pytest.mark.parametrize("harm", HARM.values(), ids=HARM)
def test_a_rebuild_puts_back_what_the_acts_gave_to_the_byte(harm, path):
    whole = projected(path)
    force(path, harm)
    with open_store(path) as store:
        assert verify(store).faults
        rebuild(store)
        assert verify(store).faults == []
    assert projected(path) == whole


@pytest.mark.parametrize("harm", ["all taken out", "of an earlier form"])
def test_a_ledger_of_an_earlier_form_is_rebuilt_when_it_is_opened(harm, path):
    whole = projected(path)
    force(path, HARM[harm])
    with open_ledger(path) as store:
        assert [row.act.revision for row in store.history(CODE)] == [1, 2, 3, 4]
        assert verify(store).faults == []
    assert projected(path) == whole
    assert {form for _, form, *_ in whole} == {FORM}


def test_an_act_is_let_go_once_what_it_gave_is_written(path):
    """A ledger has tens of thousands: a new form must not hold them all."""
    force(path, HARM["of an earlier form"])
    alive = []

    def again(store):
        for kept, given in folded(store, store.chain()):
            alive.append(sum(type(one) is Kept for one in gc.get_objects()))
            yield kept, given.projection

    with open_store(path) as store:
        differing = store.replace_projections(again(store))
        assert [one.revision for one in differing if one.code == CODE] == [1, 2, 3, 4]
        assert verify(store).faults == []
    assert len(alive) == 5 and max(alive) <= alive[0] + 1


def test_what_is_kept_as_it_should_be_is_not_written_again(path, monkeypatch):
    written, project = [], ActKeeping._project
    monkeypatch.setattr(ActKeeping, "_project", lambda store, *given: written.append(given[0]) or project(store, *given))
    force(path, HARM["emptied"])
    with open_store(path) as store:
        assert rebuild(store).acts == 5
        assert verify(store).faults == []
    assert len(written) == 1


def test_an_act_of_which_nothing_is_kept_but_the_act_is_never_passed_over(path):
    force(path, "DELETE FROM projections WHERE id = 5")
    with open_ledger(path) as store, not_done(f"{CODE} revision 4: what it gave is missing. It is not shown."):
        store.newest(CODE)


def test_opening_a_ledger_of_this_form_writes_nothing(path):
    """No row of a server's is written again, not even as it was; of a file's not one byte."""

    def kept():
        return every_row(path) if isinstance(path, ServerAddress) else path.read_bytes()

    before = kept()
    with open_ledger(path) as store:
        assert not store.is_of_an_earlier_form()
    assert kept() == before


def test_what_cannot_be_laid_out_again_is_left_as_it_was(path):
    force(path, "UPDATE projections SET form = 0")
    force(path, "DELETE FROM texts")
    left = projected(path)
    with open_store(path) as store, not_done("is missing from the ledger"):
        rebuild(store)
    assert projected(path) == left
