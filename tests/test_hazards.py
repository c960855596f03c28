"""docs/hazards.md keeps its word: every hazard is there, and every test that it names exists."""

import ast
import re

import pytest
from shared import ROOT

PAGE = ROOT / "docs" / "hazards.md"
COLUMNS = ["ID", "Hazard", "Severity", "What prevents it today", "Shown by"]
NAMED = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")


def rows():
    lines = [line for line in PAGE.read_text(encoding="utf-8").split("\n") if line.startswith("|")]
    header, _, *rest = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    assert header == COLUMNS
    return [dict(zip(COLUMNS, row, strict=True)) for row in rest]


ROWS = rows()


def names_in(path):
    """The names of the tests in a file, by its syntax tree: functions, and machines made tests (`TestX = Y.TestCase`)."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    machines = {
        target.id
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Attribute) and node.value.attr == "TestCase"
        for target in node.targets
        if isinstance(target, ast.Name) and target.id.startswith("Test")
    }
    functions = (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))
    return machines | {node.name for node in functions if node.name.startswith("test_")}


def test_every_hazard_has_its_number_once_and_in_order():
    assert [row["ID"] for row in ROWS] == [f"H{number:02d}" for number in range(1, len(ROWS) + 1)]
    assert len(ROWS) >= 32


def test_every_hazard_has_a_severity_and_says_what_prevents_it():
    assert {row["Severity"] for row in ROWS} <= {"C", "M", "m"}
    assert [row["ID"] for row in ROWS if not row["Hazard"] or not row["What prevents it today"]] == []


@pytest.mark.parametrize("row", ROWS, ids=[row["ID"] for row in ROWS])
def test_every_test_that_is_named_exists(row):
    missing = [
        f"{path}::{name}"
        for path, name in NAMED.findall(row["Shown by"])
        if not (ROOT / path).is_file() or name not in names_in(ROOT / path)
    ]
    assert missing == []


@pytest.mark.parametrize("row", ROWS, ids=[row["ID"] for row in ROWS])
def test_a_hazard_names_a_test_and_says_what_is_missing(row):
    """The last column is a list of tests; what follows begins with what kind of gap it is and names the gap."""
    shown = row["Shown by"]
    assert shown
    rest = NAMED.sub("", shown).strip(" ,.")
    assert rest == "" or re.match(r"(?:Not yet|Dropped): \w", rest), rest
    assert NAMED.search(shown), "no test is named"
    assert shown.count("`") == 2 * len(NAMED.findall(shown)), "a name in code marks that is no test"
