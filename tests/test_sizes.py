"""How large a thing may grow before it is two things: modules, classes, functions, lines. And who may write English."""

import ast
import re

import pytest
from shared import ROOT

SOURCES = {str(path.relative_to(ROOT)): path for path in (*sorted((ROOT / "schedule").rglob("*.py")), ROOT / "cli.py")}
MOST_LINES, MOST_OF_A_CLASS, MOST_OF_A_FUNCTION, WIDEST = 400, 250, 50, 120
SILENT = ("model", "engine", "ledger", "service", "output", "pages")
"""The rooms that hold values and no sentences: `words` alone speaks. `model/notation` writes dates and counts."""
NOTATION = "schedule/model/notation.py"
PROSE = re.compile(r"[A-Za-z]{2,}[,:;]? [a-z]{2,}|[a-z]{2,}\. [A-Z]?[a-z]+")
SQL = re.compile(
    r"\b(SELECT|INSERT|UPDATE|DELETE|CREATE|PRAGMA|BEGIN|FROM|WHERE|ORDER BY|VALUES|SET|DROP|ALTER|ON CONFLICT)\b"
)
PROGRAMMERS = ("AssertionError", "TypeError", "ValueError", "KeyError")
"""Raised where the program itself is wrong, or caught by whoever reads: nobody on the ward sees their words."""


WORDS_OF_CODE = {
    *("acts, texts, projections, feeds, channels", "google drive", "my drive", "icloud drive", "mobile documents", "box sync"),
    *('<span class="fixed">', ".part + .part { break-before: page; }"),
    *("is read-only", "hot standby mode", "starting up", "anonymous user", "anonymous logon"),
}
"""Names of tables and of folders, markup, and what a database's library says: no sentences of ours."""


def tree_of(path):
    return ast.parse(path.read_text(encoding="utf-8"))


def length(node):
    return node.end_lineno - node.lineno + 1


def too_long(name):
    text = SOURCES[name].read_text(encoding="utf-8")
    if len(text.splitlines()) > MOST_LINES:
        yield f"{name}: {len(text.splitlines())} lines"
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.ClassDef) and length(node) > MOST_OF_A_CLASS:
            yield f"{name}, class {node.name}: {length(node)} lines"
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and length(node) > MOST_OF_A_FUNCTION:
            yield f"{name}, {node.name}: {length(node)} lines"
    for number, line in enumerate(text.splitlines(), 1):
        if len(line) > WIDEST:
            yield f"{name}, line {number}: {len(line)} characters"


@pytest.mark.parametrize("name", SOURCES)
def test_nothing_has_grown_too_large(name):
    assert list(too_long(name)) == []


def docstrings(tree):
    """Texts that stand alone: docstrings, and the words under a constant."""
    return {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}


def said_to_programmers(tree):
    """Texts of errors that only a programmer meets, and of asserts."""
    for node in ast.walk(tree):
        is_raise = isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call)
        if isinstance(node, ast.Assert) or (is_raise and getattr(node.exc.func, "id", "") in PROGRAMMERS):
            yield from (id(part) for part in ast.walk(node) if isinstance(part, ast.Constant))


def members(tree):
    """What the `Literal[…]`s of a module list: words of a status or a kind, which are values."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Subscript) and getattr(node.value, "id", "") == "Literal":
            yield from (part.value for part in ast.walk(node.slice) if isinstance(part, ast.Constant))


VALUES = {value for name, path in SOURCES.items() if name.startswith("schedule/model/") for value in members(tree_of(path))}


def prose_in(tree):
    """Every literal that reads as English: two words or more, no value of the model as a whole, and no SQL."""
    apart = docstrings(tree) | set(said_to_programmers(tree))
    for node in ast.walk(tree):
        if not isinstance(node, ast.Constant) or not isinstance(node.value, str) or id(node) in apart:
            continue
        is_value = node.value in VALUES or node.value in WORDS_OF_CODE
        if PROSE.search(node.value) and not is_value and not SQL.search(node.value):
            yield node.lineno, node.value


def prose_by_room():
    """Room -> how many English literals: `python tests/test_sizes.py` prints it."""
    counts = {}
    for path in SOURCES.values():
        room = path.relative_to(ROOT).parts[1] if path.parent != ROOT else "cli"
        counts[room] = counts.get(room, 0) + len(list(prose_in(tree_of(path))))
    return counts


@pytest.mark.parametrize("room", SILENT)
def test_a_silent_room_holds_no_sentence(room):
    found = [
        (name, line, text)
        for name, path in SOURCES.items()
        if name.startswith(f"schedule/{room}/") and name != NOTATION
        for line, text in prose_in(tree_of(path))
    ]
    assert found == []


def test_a_sentence_a_long_line_and_a_long_function_are_seen():
    tree = ast.parse('"""Doc words here."""\nx = f"not before {day}, and no later"\nraise KeyError("no such thing")\n')
    assert [text for _, text in prose_in(tree)] == ["not before ", ", and no later"]


if __name__ == "__main__":
    print(prose_by_room())
