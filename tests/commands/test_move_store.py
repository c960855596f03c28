"""move-store on the terminal: what it says, and what every command says of a ledger that was moved."""

import pytest
from click.testing import CliRunner
from shared.slip_once import CODE, create_patient

from schedule.commands import main
from schedule.commands.listed import dayzero
from schedule.ledger.sqlite import SqliteStore


@pytest.fixture
def places(tmp_path):
    source, target = tmp_path / "old.sqlite", tmp_path / "new.sqlite"
    with SqliteStore(source) as store:
        create_patient(store)
    return source, target


def ran(capsys, *arguments):
    """The exit code, and what came on standard output and standard error."""
    with pytest.raises(SystemExit) as ended:
        main([str(one) for one in arguments])
    shown = capsys.readouterr()
    return ended.value.code, shown.out, shown.err


def test_it_says_what_was_moved_that_the_old_one_is_closed_and_what_to_do_now(places, capsys):
    source, target = places
    code, out, err = ran(capsys, "move-store", source, target, "--by", "kim")
    assert (code, err) == (0, "")
    assert out == (
        f"Moved to {target}: 1 patient, verified.\n"
        f"{source} is closed: it can be read, and says where the ledger went.\n"
        "From now on --store or DAYZERO_STORE names the new place. Start dayzero serve and dayzero deliver with it.\n"
    )


def test_a_moved_ledger_is_read_says_so_beside_and_takes_no_act(places, capsys):
    source, target = places
    ran(capsys, "move-store", source, target, "--by", "kim")
    for command in (["show", CODE], ["history", CODE], ["verify"], ["today"], ["backup", source.with_name("copy.sqlite")]):
        code, out, err = ran(capsys, *command, "--store", source)
        assert code in (0, 1) and out
        assert err.startswith(f"{source}: this ledger was moved to {target} by kim, ") and err.endswith(" UTC, and is closed.\n")
    code, out, err = ran(capsys, "note", CODE, "x", "--store", source, "--out", source.parent / "out")
    assert (code, out) == (3, "")
    assert "Nothing was saved. Use that one: --store, or DAYZERO_STORE.\n" in err
    code, _, err = ran(capsys, "serve", "--store", source)
    assert code == 3 and f"this ledger was moved to {target}" in err
    code, _, err = ran(capsys, "show", CODE, "--store", target)
    assert err == ""


def test_an_address_with_a_password_is_refused(places):
    found = CliRunner().invoke(dayzero, ["move-store", str(places[0]), "postgresql://kim:secret@db/dayzero"])
    assert found.exit_code == 2
    assert "a password stands in the address" in found.output and "secret" not in found.output
