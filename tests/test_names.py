"""A name has one meaning in the package: whoever searches for a class finds one."""

import ast

import pytest
from shared import ROOT

ONE_HOME = ("in_words", "slip_limit", "gap_in_words", "distance_in_words", "standing", "settled")
"""Functions that had several homes once."""


def names_of(source):
    """The public classes, aliases of types and functions at the top of a module."""
    for node in ast.parse(source).body:
        if isinstance(node, ast.ClassDef):
            yield node.name, "type"
        elif isinstance(node, ast.FunctionDef):
            yield node.name, "function"
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            for target in targets:
                if isinstance(target, ast.Name) and target.id[0].isupper() and not target.id.isupper():
                    yield target.id, "type"


@pytest.fixture(scope="module")
def homes():
    """Kind and name -> the modules that define it."""
    found = {}
    for path in sorted((ROOT / "schedule").rglob("*.py")):
        for name, kind in names_of(path.read_text(encoding="utf-8")):
            if not name.startswith("_"):
                found.setdefault((kind, name), []).append(str(path.relative_to(ROOT)))
    return found


def test_a_type_is_defined_once(homes):
    assert {name: where for (kind, name), where in homes.items() if kind == "type" and len(where) > 1} == {}


@pytest.mark.parametrize("name", ONE_HOME)
def test_a_function_that_had_several_homes_has_one(homes, name):
    assert len(homes.get(("function", name), [])) <= 1


def test_a_second_home_is_seen():
    assert list(names_of("class Row: pass\nLane = tuple[str, int]\nMOST = 4\ndef standing(): pass\n")) == [
        ("Row", "type"), ("Lane", "type"), ("standing", "function"),
    ]  # fmt: skip
