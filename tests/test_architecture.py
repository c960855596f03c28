"""Which module may import which, and what the pure ones keep away from: read from the code's syntax, not by running it."""

import ast
import re

import pytest
from shared import ROOT

PACKAGE = ROOT / "schedule"

FLOORS = (("model",), ("engine", "files", "ledger"), ("words",), ("pages",), ("output",), ("service",), ("commands", "web"))
"""The rooms from the ground up: a module imports from its own room and from floors below. Rooms of one floor do not know one
another, but that `commands` starts `web`; and the two edges touch none of the three that the service stands on."""
EDGES, BEHIND_THE_SERVICE, STARTS = ("commands", "web"), ("engine", "files", "ledger"), ("commands", "web")

FLOOR = {room: number for number, rooms in enumerate(FLOORS) for room in rooms}
PURE_ROOMS = ("model", "files", "engine", "words", "pages")
PURE_MODULES = ("output.ics", "output.data", "ledger.codec", "ledger.shapes", "ledger.parts", "ledger.packed")
UNCLEAN = {
    "os", "pathlib", "time", "logging", "random", "sys", "subprocess", "shutil", "tempfile", "glob", "locale", "secrets",
    "socket", "threading", "multiprocessing", "importlib", "platform", "getpass", "calendar",
}  # fmt: skip
CLOCKS = {("datetime", "now"), ("datetime", "today"), ("date", "today"), ("datetime", "utcnow"), ("uuid", "uuid1"), ("uuid", "uuid4")}
BUILT_IN = {"open", "input", "print", "exec", "eval", "__import__", "breakpoint"}
LOCAL_NAMES = re.compile(r"%-?[aAbBcxXpZ]")

SOURCES = {
    ".".join(path.relative_to(PACKAGE).with_suffix("").parts): path for path in sorted(PACKAGE.rglob("*.py"))
}
MODULES = {name: path for name, path in SOURCES.items() if name != "__init__"}
PURE = [name for name in MODULES if name in PURE_MODULES or name.partition(".")[0] in PURE_ROOMS]


def tree_of(name):
    return ast.parse(SOURCES[name].read_text(encoding="utf-8"))


def imports_of(tree):
    """Every module imported anywhere in a file, also inside functions, by its full name."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "relative imports hide the direction"
            yield node.module
            if node.module == "schedule":
                yield from (f"schedule.{alias.name}" for alias in node.names)


def own_imports(tree):
    return {name.split(".")[1] for name in imports_of(tree) if name.startswith("schedule.")}


def may_import(own, other):
    """Whether a module of the one room may import from the other."""
    if own == other or (own, other) == STARTS:
        return True
    return FLOOR[other] < FLOOR[own] and not (own in EDGES and other in BEHIND_THE_SERVICE)


def test_every_module_lies_in_a_room():
    assert {name.partition(".")[0] for name in MODULES} == set(FLOOR)
    assert {path.name for path in PACKAGE.iterdir() if path.is_dir()} - {"__pycache__"} == {*FLOOR, "protocols"}


@pytest.mark.parametrize("name", MODULES)
def test_a_module_imports_only_from_the_floors_below(name):
    own = name.partition(".")[0]
    assert {other for other in own_imports(tree_of(name)) if not may_import(own, other)} == set()


def test_the_package_itself_holds_a_docstring_and_nothing_else():
    body = tree_of("__init__").body
    assert len(body) == 1
    assert ast.get_docstring(tree_of("__init__"))


@pytest.mark.parametrize("name", PURE)
def test_a_pure_module_knows_no_file_no_clock_no_environment_and_no_chance(name):
    tree = tree_of(name)
    assert {module.partition(".")[0] for module in imports_of(tree)} & UNCLEAN == set()
    calls = [node.func for node in ast.walk(tree) if isinstance(node, ast.Call)]
    assert {call.id for call in calls if isinstance(call, ast.Name)} & BUILT_IN == set()
    attributes = {
        (node.value.attr if isinstance(node.value, ast.Attribute) else getattr(node.value, "id", ""), node.attr)
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
    }
    assert attributes & CLOCKS == set()
    named = {(module, alias.name) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) for module in [node.module] for alias in node.names}
    assert named & CLOCKS == set()


@pytest.mark.parametrize("name", PURE)
def test_a_pure_module_never_asks_the_machine_for_the_name_of_a_month(name):
    """%b and its like follow the machine's language; so do astimezone() and fromtimestamp() without a zone its clock."""
    tree = tree_of(name)
    texts = [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    formats = [
        part.value for node in ast.walk(tree) if isinstance(node, ast.FormattedValue) and node.format_spec
        for part in ast.walk(node.format_spec) if isinstance(part, ast.Constant)
    ]  # fmt: skip
    stamped = [
        node.args[0].value for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "strftime"
        and node.args and isinstance(node.args[0], ast.Constant)
    ]  # fmt: skip
    assert [text for text in (*formats, *stamped) if LOCAL_NAMES.search(str(text))] == []
    assert texts
    bare = [
        node.func.attr for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
        and ((node.func.attr == "astimezone" and not node.args) or (node.func.attr == "fromtimestamp" and len(node.args) < 2))
    ]  # fmt: skip
    assert bare == []


def test_dates_are_added_in_one_place():
    """Elsewhere a timedelta is an offset from UTC (moments, notation, typed, packed) or a duration that a calendar file states (ics)."""
    found = {
        (name, alias.name)
        for name in PURE
        for node in ast.walk(tree_of(name))
        if isinstance(node, ast.ImportFrom) and node.module in ("datetime", "dateutil.relativedelta")
        for alias in node.names
        if alias.name in ("timedelta", "relativedelta")
    }
    assert found <= {
        ("model.dates", "timedelta"), ("model.dates", "relativedelta"), ("files.moments", "timedelta"), ("model.notation", "timedelta"), ("model.typed", "timedelta"),
        ("output.ics", "timedelta"), ("ledger.packed", "timedelta"),
    }  # fmt: skip


def test_the_check_sees_a_clock_a_file_and_an_upward_import():
    tree = ast.parse("from schedule.engine.plan import lay_out\nimport os.path\nfrom schedule import web\n")
    assert own_imports(tree) == {"engine", "web"}
    assert not may_import("engine", "web") and not may_import("web", "engine") and may_import("service", "engine")
    assert "os.path" in set(imports_of(tree))
