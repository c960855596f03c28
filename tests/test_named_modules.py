"""The benchmarks and the maker of the pictures are run seldom: every module and every name that they import is there."""

import ast
import importlib
import importlib.util
import re

import pytest
from shared import ROOT

SCRIPTS = (*sorted((ROOT / "benchmarks").glob("*.py")), ROOT / "docs" / "make_pictures.py")


def imported_by(path):
    """Module and name (None where the module itself is imported) of every import of ours in a file, also inside functions."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found = [(alias.name, None) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            found = [(node.module, alias.name) for alias in node.names]
        else:
            continue
        yield from ((module, name) for module, name in found if module.partition(".")[0] in ("schedule", "benchmarks"))


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_every_module_and_name_that_a_script_imports_is_there(path):
    for module, name in imported_by(path):
        found = importlib.import_module(module)
        if name is not None and not hasattr(found, name):
            importlib.import_module(f"{module}.{name}")


def test_the_scripts_import_from_the_package():
    """So that the test above does not pass by finding nothing."""
    assert len({module for path in SCRIPTS for module, _ in imported_by(path)}) > 15


def test_the_pages_of_the_pictures_are_made(tmp_path):
    spec = importlib.util.spec_from_file_location("make_pictures", ROOT / "docs" / "make_pictures.py")
    pictures = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(pictures)
    assert set(pictures.web_pages(tmp_path)) == set(pictures.WEB_SIZES)
    assert pictures.example().day_zero is not None


def test_a_network_of_wards_is_filled_verified_and_looked_at(tmp_path, capsys, monkeypatch):
    from benchmarks import network

    place = str(tmp_path / "network.sqlite")
    monkeypatch.setattr("sys.argv", ["network", "--store", place, "--wards", "3", "--patients", "4", "--laid-out", "2", "--acts", "1"])
    network.main()
    said = capsys.readouterr().out
    assert re.search(r"^verify of the newest [1-9]\d* acts: 0 faults$", said, re.M)
    assert "today of one ward: " in said and said.count("first view") == 2
