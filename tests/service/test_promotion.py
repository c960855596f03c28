"""A synchronous standby that is promoted under load, both servers on this computer and both in the address: no act that was
acknowledged is lost, and the old server, when it comes back, gets none.
"""

from datetime import timedelta

import pytest
from shared.failures import said
from shared.postgres import cluster
from shared.slip_once import START, create_patient, slip
from shared.under_load import under_load, wait_until

from schedule.ledger import newest_server
from schedule.ledger import server as connections
from schedule.ledger.opening import open_store
from schedule.ledger.server import close_kept
from schedule.model.errors import NotDone
from schedule.model.server_address import ServerAddress
from schedule.service.verify import verify

WRITERS = 3
READ_WRITE = "?target_session_attrs=read-write&connect_timeout=3"


def address(database, *servers):
    """The ledger on these servers, in this order."""
    hosts = ",".join(f"127.0.0.1:{one.port}" for one in servers)
    return ServerAddress(f"postgresql://dayzero@{hosts}/{database}{READ_WRITE}")


def as_a_new_process():
    """What this process knows of servers is forgotten."""
    close_kept()
    newest_server._HIGHEST.clear()
    newest_server._ASKED.clear()


@pytest.fixture(scope="module")
def promoted():
    """Two servers after one took the other's place under load: (database, old, new, writers). The old one is down."""
    with cluster() as old:
        database = old.database()
        with open_store(address(database, old)) as store:
            for number in range(WRITERS):
                create_patient(store, code=f"P-{number}")
        new = old.standby()
        with under_load(address(database, old, new), [f"P-{number}" for number in range(WRITERS)]) as writers:
            wait_until(lambda: all(len(one.acknowledged) >= 3 for one in writers))
            old.kill()
            wait_until(lambda: all(one.told for one in writers))
            before = [len(one.acknowledged) for one in writers]
            new.promote()
            wait_until(lambda: all(len(one.acknowledged) >= count + 3 for one, count in zip(writers, before, strict=True)))
        yield database, old, new, writers
        close_kept()


def hashes(store, code):
    return [row.hash for row in store.history(code)]


def test_every_act_that_was_acknowledged_is_there_and_the_ledger_is_whole(promoted):
    database, _, new, writers = promoted
    with open_store(address(database, new)) as store:
        for writer in writers:
            kept = hashes(store, writer.code)
            assert set(writer.acknowledged) <= set(kept)
            assert len(writer.acknowledged) >= 6
            assert len(kept) - 1 - len(writer.acknowledged) <= 1  # of one nobody knew, and it was there
        assert verify(store).faults == []
    told = [line for writer in writers for line in writer.told]
    assert all("Nothing was saved." in line or "it is not known whether this was saved" in line for line in told), told


@pytest.fixture
def returned(promoted):
    """The same, once the old server runs again, as if nothing had been."""
    database, old, new, _ = promoted
    if old.process is None:
        old.start()
    assert old.sql("SELECT pg_is_in_recovery()") == "f"
    as_a_new_process()
    yield database, old, new


def count(server, database):
    return int(server.sql("SELECT count(*) FROM acts", database=database))


@pytest.mark.parametrize("first", ["old", "new"])
def test_the_old_server_that_comes_back_gets_no_act_whichever_stands_first_in_the_address(first, returned):
    database, old, new = returned
    servers = (old, new) if first == "old" else (new, old)
    before = count(old, database), count(new, database)
    with open_store(address(database, *servers)) as store:
        made = slip(store, code="P-0", at=START + timedelta(days=1 if first == "old" else 2)).row
        assert hashes(store, "P-0")[-1] == made.hash
    assert (count(old, database), count(new, database)) == (before[0], before[1] + 1)


def test_a_process_that_knows_of_the_new_server_refuses_the_old_one_when_it_alone_is_there(returned):
    database, old, new = returned
    both = address(database, old, new)
    with open_store(both) as store:
        assert store.codes()
    close_kept()
    new.stop()
    try:
        for place in (both, address(database, old)):
            with pytest.raises(NotDone) as error, open_store(place):
                pass
            assert said(error.value) == (
                f"{place}: the database server 127.0.0.1:{old.port} was left behind when another was promoted in its place, "
                "and that one does not answer. Nothing was saved."
            )
    finally:
        new.start()
    with open_store(both) as store:
        assert store.codes()


def test_a_process_that_knows_nothing_gets_no_word_from_the_old_one_that_an_act_is_kept(returned, monkeypatch):
    """It still waits for its standby: an act there is never acknowledged."""
    database, old, _ = returned
    monkeypatch.setattr(connections, "ANSWERS_WITHIN", 2)
    with open_store(address(database, old)) as store, pytest.raises(NotDone) as error:
        slip(store, code="P-1", at=START + timedelta(days=3))
    assert "it is not known whether this was saved" in said(error.value)


def test_a_connection_that_was_kept_to_a_server_that_is_no_longer_the_newest_is_led_to_the_newest(monkeypatch):
    """A line that is broken between the two servers, not between them and us."""
    monkeypatch.setattr(connections, "ASKED_AGAIN", 0.0)
    monkeypatch.setattr(newest_server, "ASKED_AGAIN", 0.0)
    with cluster() as old:
        database = old.database()
        with open_store(address(database, old)) as store:
            create_patient(store, code="P-0")
        new = old.standby(synchronous=False)
        both = address(database, old, new)
        with open_store(both) as store:
            assert old.port == store.connection.inner.info.port
        new.promote()
        with open_store(both) as store:
            assert new.port == store.connection.inner.info.port
            slip(store, code="P-0", at=START + timedelta(days=1))
        assert (count(old, database), count(new, database)) == (1, 2)
        close_kept()


def test_two_servers_that_take_acts_each_for_itself_are_both_refused():
    with cluster() as one, cluster() as other:
        database, _ = one.database(), other.database()
        place = address(database, one, other)
        with pytest.raises(NotDone) as error, open_store(place):
            pass
        assert said(error.value) == (
            f"{place}: 127.0.0.1:{one.port} and 127.0.0.1:{other.port} take acts each for itself. Nothing was saved. "
            "Only one may: stop the other, and let it follow."
        )
