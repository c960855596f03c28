"""What is PostgreSQL's own: how a ledger there is reached, who may do what, and what is said where it cannot be done."""

import subprocess
import sys
import threading
from datetime import timedelta
from itertools import count
from pathlib import Path

import psycopg
import pytest
from shared import ROOT
from shared.failures import said
from shared.invented_step import INVENTED, WITH_IT
from shared.postgres import OWNER
from shared.slip_once import CODE, START, create_patient, meta, slip
from shared.stores import dayzero

from schedule.ledger.opening import open_store
from schedule.ledger.postgres import PostgresStore
from schedule.ledger.server import close_kept
from schedule.model.acts import Note
from schedule.model.errors import NotDone
from schedule.model.reasons.failures import LedgerGone
from schedule.model.reasons.server_failures import SavedOrNot
from schedule.model.server_address import ServerAddress, server_address
from schedule.service.acts import perform
from schedule.service.move_store import move_store
from schedule.service.verify import verify


@pytest.fixture
def there(emptied) -> ServerAddress:
    """A ledger with one patient."""
    address = emptied()
    with open_store(address) as store:
        create_patient(store)
    return address


def refusal(address, act=slip, **opened) -> str:
    """The words with which something is not done."""
    with pytest.raises(NotDone) as caught, open_store(address, **opened) as store:
        act(store, 1)
    assert caught.value.exit_code == 3
    return said(caught.value)


def as_owner(postgres, address, *statements) -> None:
    with psycopg.connect(postgres.url(address.database, role=OWNER), autocommit=True) as owner:
        for statement in statements:
            owner.execute(statement)


def end(postgres, address) -> None:
    """End every connection that Dayzero has to the database."""
    as_owner(
        postgres, address,
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE usename = 'dayzero' AND datname = current_database()",
    )  # fmt: skip


# the address


@pytest.mark.parametrize(
    ("url", "name", "secret"),
    [
        ("postgresql://dayzero@db.example:5433/ward", "postgresql://db.example:5433/ward", False),
        ("postgresql://one:5432,two:5432/ward?target_session_attrs=read-write", "postgresql://one:5432,two:5432/ward", False),
        ("postgresql://?service=ward", "postgresql://?service=ward", False),
        ("postgresql:///ward?host=/run/postgresql", "postgresql:///ward?host=/run/postgresql", False),
        ("postgres://dayzero:s3cret@db/ward", "postgres://db/ward", True),
        ("postgresql://dayzero:@db/ward", "postgresql://db/ward", True),
        ("postgresql://db/ward?password=s3cret", "postgresql://db/ward", True),
        ("postgresql://db/ward?user=x&sslpassword=s3cret", "postgresql://db/ward", True),
    ],
)
def test_an_address_is_told_by_host_port_and_database_and_a_secret_in_it_is_seen(url, name, secret):
    found = server_address(url)
    assert (str(found), found.holds_password) == (name, secret)
    assert "s3cret" not in str(found)


@pytest.mark.parametrize("path", ["ledger.sqlite", "/var/lib/postgresql/x", "postgresql/x.sqlite", "C:\\postgres\\x", "file://x"])
def test_what_is_no_address_is_a_path(path):
    assert server_address(path) is None


@pytest.mark.parametrize("named", ["option", "environment"])
def test_a_password_in_the_address_is_refused_and_not_repeated(named, monkeypatch, capsys):
    url = "postgresql://dayzero:s3cret@127.0.0.1:1/ward"
    if named == "environment":
        monkeypatch.setenv("DAYZERO_STORE", url)
    assert dayzero("history", CODE, *(("--store", url) if named == "option" else ())) == 2
    said = capsys.readouterr().err
    assert "~/.pgpass" in said and "service file" in said and "s3cret" not in said


def test_a_password_comes_from_a_password_file_and_a_database_from_a_service_file(postgres, there, tmp_path, monkeypatch, capsys):
    service = tmp_path / "services.conf"
    service.write_text(f"[ward]\nhost=127.0.0.1\nport={postgres.port}\ndbname={there.database}\nuser=dayzero\n")
    secrets = tmp_path / "pgpass"
    secrets.write_text("127.0.0.1:*:*:dayzero:s3cret\n")
    secrets.chmod(0o600)
    monkeypatch.setenv("PGSERVICEFILE", str(service))
    monkeypatch.setenv("PGPASSFILE", str(secrets))
    monkeypatch.setenv("DAYZERO_STORE", "postgresql://?service=ward")
    assert dayzero("history", CODE) == 0
    assert dayzero("verify") == 0
    assert capsys.readouterr().out.endswith(f"Nothing can be written beside it. Next time: --since {head(there)}\n")


def head(address: ServerAddress) -> str:
    with open_store(address) as store:
        return store.tips()[0]


@pytest.mark.parametrize("order", [("127.0.0.1:1", "here"), ("here", "127.0.0.1:1")], ids=["the first is gone", "the second is gone"])
def test_of_two_hosts_the_one_that_takes_acts_is_used(order, postgres, there):
    hosts = ",".join(f"127.0.0.1:{postgres.port}" if host == "here" else host for host in order)
    with open_store(ServerAddress(f"postgresql://dayzero@{hosts}/{there.database}?target_session_attrs=read-write")) as store:
        assert slip(store, 1).saved


# what it is refused with


def test_without_the_extra_it_is_said_which_one_to_install(monkeypatch, capsys):
    for name in [name for name in sys.modules if name.startswith(("psycopg", "schedule.ledger.server", "schedule.ledger.postgres"))]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "psycopg", None)
    assert dayzero("history", CODE, "--store", "postgresql://db/ward") == 3
    assert capsys.readouterr().err == "postgresql://db/ward: Dayzero was installed without what this takes. Install dayzero[postgres].\n"


def test_a_ledger_in_a_file_asks_nothing_of_the_servers_library(tmp_path):
    code = "import sys; from schedule.commands import main; main()"
    seen = f"import atexit, sys; atexit.register(lambda: print([n for n in sys.modules if 'psycopg' in n])); {code}"
    command = [sys.executable, "-c", seen, "history", CODE, "--store", str(tmp_path / "ledger.sqlite")]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.stdout == "[]\n", done


def test_where_no_server_answers_it_is_said_and_exit_is_3(capsys):
    address = "postgresql://dayzero@127.0.0.1:1/ward"
    assert dayzero("history", CODE, "--store", address) == 3
    err = capsys.readouterr().err
    assert err.startswith("postgresql://127.0.0.1:1/ward: the database server does not answer (") and "refused" in err


def test_a_database_that_is_not_there_and_a_role_that_is_unknown_are_said(postgres):
    assert 'does not let Dayzero in (' in (said := refusal(ServerAddress(postgres.url("nowhere"))))
    assert 'database "nowhere" does not exist' in said
    assert 'role "nobody" does not exist' in refusal(ServerAddress(postgres.url("postgres", role="nobody")))


def test_the_database_of_another_program_is_refused_and_left_as_it_is(postgres, emptied):
    address = emptied()
    as_owner(postgres, address, "CREATE TABLE photos (name TEXT)")
    assert refusal(address).endswith("this database holds another program's tables. Name an empty one, or a ledger.")
    assert postgres.sql("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'", database=address.database) == "1"


def test_an_empty_database_is_made_a_ledger_only_where_one_may_be_made(emptied):
    address = emptied()
    with pytest.raises(NotDone) as caught, open_store(address, make=False):
        pass
    assert isinstance(caught.value.failure, LedgerGone)
    with open_store(address) as store:
        assert create_patient(store).saved


def test_a_ledger_of_a_newer_dayzero_is_refused(postgres, there):
    as_owner(postgres, there, "UPDATE ledger_version SET version = 99")
    close_kept()
    assert "newer Dayzero (ledger version 99)" in refusal(there)


@pytest.mark.parametrize(
    ("setting", "value"), [("synchronous_commit", "off")], ids=["acts are not waited for"]
)
def test_a_server_with_which_a_ledger_is_not_safe_is_refused(setting, value, postgres, there):
    as_owner(postgres, there, f"ALTER DATABASE {there.database} SET {setting} = {value}")
    try:
        close_kept()
        assert refusal(there).endswith(f"a ledger is not safe there: the server's {setting} is {value}. It must be on.")
    finally:
        as_owner(postgres, there, f"ALTER DATABASE {there.database} RESET {setting}")


def test_a_database_that_cannot_hold_every_letter_is_refused(postgres):
    postgres.sql("CREATE DATABASE narrow OWNER dayzero TEMPLATE template0 ENCODING 'LATIN1' LOCALE_PROVIDER libc LOCALE 'C'")
    assert "server_encoding is LATIN1. It must be UTF8." in refusal(ServerAddress(postgres.url("narrow")))


RIGHTS = (
    "GRANT SELECT ON ALL TABLES IN SCHEMA public TO writer",
    "GRANT INSERT ON acts, texts, feed_acts, form_keys TO writer",
    "GRANT INSERT, UPDATE, DELETE ON projections, fetches, channels, deliveries, delivered_heads, running TO writer",
)
"""Those that docs/install.md names for a role that owns nothing."""


@pytest.fixture
def writer(postgres, there):
    """The address for a role that owns no table."""
    as_owner(postgres, there, "CREATE ROLE writer LOGIN", "GRANT USAGE ON SCHEMA public TO writer")
    yield ServerAddress(postgres.url(there.database, role="writer"))
    close_kept()
    as_owner(postgres, there, "DROP OWNED BY writer", "DROP ROLE writer")


def test_a_role_without_rights_is_told_so(writer):
    assert "does not let Dayzero's role do this (permission denied for table ledger_version)" in refusal(writer)


def test_a_role_that_owns_nothing_can_act_and_can_change_no_act_even_with_its_own_hands(postgres, there, writer):
    as_owner(postgres, there, *RIGHTS)
    with open_store(writer) as store:
        assert slip(store, 1).saved
        assert store.form_key(b"0" * 32) == b"0" * 32
        assert verify(store).faults == []
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            store.connection.execute("DELETE FROM acts")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            store.connection.execute("ALTER TABLE acts DISABLE TRIGGER USER")


def test_a_role_that_may_only_read_reads_and_is_told_that_nothing_was_saved(postgres, there, writer):
    as_owner(postgres, there, "GRANT SELECT ON ALL TABLES IN SCHEMA public TO writer")
    with open_store(writer) as store:
        assert store.codes() == [CODE] and verify(store).faults == []
    assert "permission denied for table" in (told := refusal(writer)) and told.endswith("Nothing was saved.")


def test_a_server_that_is_only_read_is_read_and_says_so(there):
    reading = ServerAddress(f"{there.url}?options=-c%20default_transaction_read_only%3Don")
    with open_store(reading) as store:
        assert store.codes() == [CODE] and verify(store).faults == []
    assert refusal(reading).endswith("this database server is only read, as a standby is. Nothing was saved.")


# a text that no database takes


@pytest.mark.parametrize("text", ["a\x00b", "\ud800"], ids=["NUL", "half a sign"])
def test_a_sign_that_is_no_text_saves_nothing(text, there):
    with open_store(there) as store:
        with pytest.raises((NotDone, UnicodeError)):
            perform(store, CODE, Note(text=text), meta(1, reason=text))
        assert len(store.history(CODE)) == 1
        assert slip(store, 2).saved


# several at once


def test_several_that_open_an_empty_database_at_once_make_one_ledger(emptied):
    for _ in range(5):
        address, gate, found = emptied(), threading.Barrier(8), []

        def open_first(address=address, gate=gate, found=found):
            gate.wait()
            with open_store(address) as store:
                found.append(store.connection.execute("SELECT count(*), max(version) FROM ledger_version").fetchone())

        threads = [threading.Thread(target=open_first) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert found == [(1, 1)] * 8
    with open_store(address) as store:
        assert create_patient(store).saved and verify(store).faults == []


def test_a_ledger_that_another_makes_between_two_questions_is_opened(emptied, monkeypatch):
    address, asked = emptied(), []
    first = PostgresStore._version

    def version(store):
        found = first(store)
        if not asked:
            asked.append(found)
            with PostgresStore(address) as other:
                assert first(other) == 1
        return found

    monkeypatch.setattr(PostgresStore, "_version", version)
    with open_store(address) as store:
        assert asked == [0] and store.codes() == []


def test_a_table_of_that_name_without_a_version_is_another_program_s(postgres, emptied):
    address = emptied()
    as_owner(postgres, address, "CREATE TABLE ledger_version (version BIGINT)", "GRANT SELECT ON ledger_version TO PUBLIC")
    assert "another program's tables" in refusal(address)


# the steps


def test_a_step_is_taken_once_and_by_whoever_is_first(postgres, there, monkeypatch):
    monkeypatch.setattr("schedule.ledger.postgres.STEPS", WITH_IT)
    for _ in range(2):
        close_kept()
        with open_store(there) as store:
            assert verify(store).faults == []
            store.connection.execute("INSERT INTO wards (id, name) VALUES (1, 'North')")
            with pytest.raises(psycopg.Error, match="append-only"):
                store.connection.execute("DELETE FROM wards")
            store.connection.execute("ALTER TABLE wards DISABLE TRIGGER USER")
            store.connection.execute("TRUNCATE wards")
            store.connection.execute("ALTER TABLE wards ENABLE TRIGGER USER")
    assert postgres.sql("SELECT version FROM ledger_version", database=there.database) == "2"
    assert INVENTED.tables <= set(postgres.sql("SELECT tablename FROM pg_tables", database=there.database).split())


def test_a_step_that_fails_leaves_the_ledger_as_it_was(there, monkeypatch):
    broken = type(INVENTED)(name="broken", tables=frozenset(), script="CREATE TABLE half (x TEXT); CREATE nonsense;")
    with monkeypatch.context() as patch:
        patch.setattr("schedule.ledger.postgres.STEPS", (*WITH_IT[:-1], broken))
        close_kept()
        assert "syntax error" in refusal(there)
    with open_store(there) as store:
        assert slip(store, 1).saved and verify(store).faults == []
        assert store.connection.execute("SELECT to_regclass('half')").fetchone() == (None,)


# where nobody knows whether it was saved


def test_an_act_whose_server_goes_away_at_the_last_moment_is_asked_for_again_and_done_once(postgres, there, monkeypatch, capsys, tmp_path):
    from schedule.ledger.server import ServerConnection

    commit, times = ServerConnection.commit, count(1)

    def breaking(connection):
        """The server is gone before it has kept the act; then, after it has."""
        match next(times):
            case 1:
                end(postgres, there)
                return commit(connection)
            case 2:
                commit(connection)
                raise psycopg.OperationalError("server closed the connection unexpectedly")
            case _:
                return commit(connection)

    monkeypatch.setattr(ServerConnection, "commit", breaking)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(int(START.timestamp()) + 60))
    note = ("note", CODE, "by phone", "--store", there, "--out", tmp_path / "out")
    for _ in range(2):
        assert dayzero(*note) == 3
        err = capsys.readouterr().err
        assert "it is not known whether this was saved" in err and "Give the same command again: it will not be done twice." in err
    assert dayzero(*note) == 0
    assert "this was saved already, as revision 2" in capsys.readouterr().out
    with open_store(there) as store:
        assert [row.act.kind for row in store.history(CODE)] == ["plan", "note"]
    assert (tmp_path / "out" / CODE / "rev-2" / "index.html").exists()


def test_a_warning_at_the_end_of_an_act_is_no_acknowledgement(there, monkeypatch):
    """So the server says that it has kept an act, and does not know whether its standby has."""
    with open_store(there) as store:
        real = type(store.connection).commit

        def warned(connection):
            connection.execute("DO $$ BEGIN RAISE WARNING 'might not have been replicated to the standby'; END $$")
            return real(connection)

        monkeypatch.setattr(type(store.connection), "commit", warned)
        with pytest.raises(NotDone) as caught:
            slip(store, 1)
    assert isinstance(caught.value.failure, SavedOrNot)


def test_a_connection_that_was_lost_between_two_acts_is_opened_again(postgres, there):
    with open_store(there) as store:
        for second in (1, 2, 3):
            end(postgres, there)
            assert slip(store, second).saved
    end(postgres, there)
    with open_store(there) as store:
        assert len(store.history(CODE)) == 4 and verify(store).faults == []


def test_a_connection_that_is_lost_in_the_middle_of_an_act_saves_nothing_of_it(postgres, there, monkeypatch):
    with open_store(there) as store:
        project = type(store)._project

        def lost(*values):
            end(postgres, there)
            return project(*values)

        with monkeypatch.context() as patch:
            patch.setattr(type(store), "_project", lost)
            with pytest.raises(NotDone) as caught:
                slip(store, 1)
        assert said(caught.value).endswith("Nothing was saved.")
        assert len(store.history(CODE)) == 1
        assert slip(store, 2).saved


def test_a_server_that_hangs_is_given_up(there, monkeypatch):
    with open_store(there) as store:
        monkeypatch.setattr("schedule.ledger.server.ANSWERS_WITHIN", 0.3)
        with pytest.raises(psycopg.OperationalError, match="timeout"):
            store.connection.execute("SELECT pg_sleep(5)")
        assert store.codes() == [CODE]


# copies


def test_a_backup_is_a_ledger_in_a_file_and_of_one_moment(there, tmp_path: Path, monkeypatch):
    target = tmp_path / "backup.sqlite"
    with open_store(there) as store, open_store(there) as colleague:
        slip(store, 1)
        rows, acts = type(store)._stream, [2]

        def meanwhile(store, statement, *values):
            """Between two tables somebody acts."""
            if acts and "FROM channels" in statement:
                slip(colleague, acts.pop())
            return rows(store, statement, *values)

        with monkeypatch.context() as patch:
            patch.setattr(type(store), "_stream", meanwhile)
            store.backup(target)
        assert not acts and len(store.history(CODE)) == 3
        with open_store(target) as copy:
            assert verify(copy).faults == []
            assert copy.history(CODE) == store.history(CODE)[:2]


def lost_at(monkeypatch, postgres, address, table) -> None:
    """From now on the server ends our connections when the rows of that table are asked for, once."""
    rows, times = PostgresStore._stream, count(1)

    def lost(store, statement, *values):
        if f"FROM {table}" in statement and next(times) == 1:
            end(postgres, address)
        return rows(store, statement, *values)

    monkeypatch.setattr(PostgresStore, "_stream", lost)


def test_a_backup_whose_server_goes_away_is_not_written_and_says_so(postgres, there, tmp_path, monkeypatch):
    with open_store(there) as store, monkeypatch.context() as patch:
        lost_at(patch, postgres, there, "deliveries")
        with pytest.raises(NotDone) as caught:
            store.backup(tmp_path / "backup.sqlite")
    assert "backup.sqlite: the backup could not be written (terminating connection due to administrator command)." in said(caught.value)
    assert list(tmp_path.iterdir()) == []
    with open_store(there) as store:
        store.backup(tmp_path / "backup.sqlite")
    assert [one.name for one in tmp_path.iterdir()] == ["backup.sqlite"]


@pytest.mark.parametrize("table", ["acts", "projections", "texts"])
def test_a_ledger_whose_server_goes_away_while_it_is_moved_stays_and_the_move_is_asked_for_again(postgres, there, table, tmp_path, monkeypatch):
    place = tmp_path / "ledger.sqlite"
    with monkeypatch.context() as patch:
        lost_at(patch, postgres, there, table)
        with pytest.raises(NotDone) as caught:
            move_store(there, place, "it", START + timedelta(days=1))
    assert "Traceback" not in said(caught.value) and said(caught.value).count("\n") == 0
    with open_store(there) as store:
        assert slip(store, 60).saved
    move_store(there, place, "it", START + timedelta(days=1))
    with open_store(place) as moved:
        assert verify(moved).faults == [] and len(moved.history(CODE)) == 2


def test_what_a_server_says_of_a_row_is_told_without_the_row(postgres, there):
    as_owner(postgres, there, "ALTER TABLE acts ADD CONSTRAINT short CHECK (length(reason) < 3) NOT VALID")
    told = refusal(there, lambda store, second: slip(store, second, reason="asked by phone"))
    assert "violates check constraint" in told and told.endswith("Nothing was saved.")
    assert "phone" not in told and "\n" not in told


def test_the_home_of_a_ledger_is_another_in_another_database(postgres, emptied, filled):
    homes = []
    for address in (emptied(), filled()):
        with open_store(address) as store:
            homes.append(store.home(1))
    assert homes[0] != homes[1] and all(home.endswith("00000001") for home in homes)
