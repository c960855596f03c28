"""Plain English, one name for one thing: what people read uses the words of docs/glossary.md and none of the ones they replaced.

What stands in code marks, ids, keys, status words of files and names of commands are no prose, and are left out.
"""

import ast
import re

import pytest
from shared import ROOT

BINDS = r"(?<!-)\bbinds?\b(?! (?:an address|to ))"
RULED_OUT = (
    ("move day 0", r"\bpostpon\w*|\bshift(?:s|ed|ing)? (?:of )?(?:planned )?day 0"),
    ("not allowed", r"\b(?:slip|move|re-plan|new day|day 0)(?: \w+)? (?:is|was|are|were|be) refused\b|^refused$"),
    ("the principal investigator must decide", r"\b(?:investigator|physician) must say\b|\binvestigator (?:to|must|has to) confirm|for the (?:investigator|physician) to confirm"),
    ("the principal investigator must decide", r"\binvestigator confirms\b|\bnot allowed or boundary\b|\b\d+ boundary\b"),
    ("not recorded", r"\bunconfirmed\b"),
    ("record a statement", r"\bstates? something\b|\bstated by a person\b|\bto be attested\b"),
    ("cancel the plan", r"\b(?:give|gives|gave|giving)(?: \w+){1,3} up\b|\b(?:is|was|were|are|been) given up\b(?! to)|\bgiven up$|\bgiving up\b"),
    ("marked CANCELLED", r"\bstruck\b(?! through)|\bstrikes? (?:every|all|the|what|entries)\b"),
    ("no action needed", r"\b(?:ask|asks|asking) for nothing\b"),
    ("limits the earliest day 0", BINDS + r"|\bnext behind it\b"),
    ("replaying its acts gives another state than the one stored", r"\bfold(?:s|ed|ing)? again\b|\bstands? elsewhere\b"),
    ("take away", r"\bdestroy\w*"),
    ("made after the backup", r"\bborn\b"),
    ("depends on", r"\bhangs? on\b"),
)  # fmt: skip
"""What to say, and what is not said for it."""
ON_A_PAGE = (
    ("as of", r"\bas-of\b"),
    ("statement", r"\battest(?:s|ed|ation|ations)\b"),
)
"""What a page, which has no command line, does not say either."""


def said_wrong(text, *, on_a_page=False):
    """The phrases of a text that have a plainer name, each with what to say."""
    text = re.sub(r"``?[^`]*``?", "…", text)
    rules = (*RULED_OUT, *ON_A_PAGE) if on_a_page else RULED_OUT
    return [f"{found[0]!r}: say {say!r}" for say, pattern in rules for found in re.finditer(pattern, text, re.I)]


def phrases(path):
    """The texts of a module that have more than one word, those in f-strings with … for each value, and docstrings."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    parts = {id(one) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for one in ast.walk(node) if one is not node}
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            text = "".join(str(one.value) if isinstance(one, ast.Constant) else "…" for one in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in parts:
            text = node.value
        else:
            continue
        if " " in text.strip():
            yield node.lineno, " ".join(text.split())


def prose(path):
    """The lines of a page of the manual, without what stands between fences."""
    fenced = False
    for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1):
        if line.startswith(("```", "    ")):
            fenced = line.startswith("```") and not fenced
        elif not fenced:
            yield number, line


def shown(path):
    """The words of a template: no tags, no instructions, no styles."""
    text = re.sub(r"{#.*?#}|<style>.*?</style>|{%.*?%}|{{.*?}}|<[^>]*>", lambda m: "\n" * m[0].count("\n"), path.read_text(encoding="utf-8"), flags=re.S)
    yield from enumerate(text.split("\n"), 1)


MODULES = sorted(path for room in ("words", "web", "commands", "files", "pages", "service", "output", "engine", "ledger", "model") for path in (ROOT / "schedule" / room).rglob("*.py"))
MANUAL = (*sorted((ROOT / "docs").glob("*.md")), ROOT / "README.md", ROOT / "CHANGELOG.md", ROOT / "DESIGN.md")
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))


def named(path):
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", MODULES, ids=named)
def test_what_a_module_says_is_plain(path):
    """Texts that people read; the terminal alone names its option --as-of."""
    on_a_page = path.parent.name == "web"
    wrong = [f"line {line}: {one}" for line, text in phrases(path) for one in said_wrong(text, on_a_page=on_a_page)]
    assert wrong == []


@pytest.mark.parametrize("path", MANUAL, ids=named)
def test_what_the_manual_says_is_plain(path):
    wrong = [f"line {line}: {one}" for line, text in prose(path) for one in said_wrong(text)]
    assert wrong == []


@pytest.mark.parametrize("path", TEMPLATES, ids=named)
def test_what_a_page_says_is_plain(path):
    wrong = [f"line {line}: {one}" for line, text in shown(path) for one in said_wrong(text, on_a_page=True)]
    assert wrong == []


@pytest.mark.parametrize(
    "text",
    [
        "Postpone day 0", "The shifted day 0", "The slip is refused.", "the principal investigator must say", "PRINCIPAL INVESTIGATOR TO CONFIRM",
        "is for the physician to confirm", "3 violated, 1 boundary", "given, unconfirmed", "State something", "stated by a person, with date and role",
        "Give the plan up", "The plan was given up.", "Every entry still ahead is struck.", "Cancelling strikes the entries", "What asks for nothing",
        "Binds: T25", "which rule binds the earliest", "Next behind it: T17", "folded again from the acts", "it stands elsewhere",
        "Destroy this sheet", "entries born since", "hangs on the choice",
    ],
)  # fmt: skip
def test_a_phrase_that_has_a_plainer_name_is_found(text):
    assert said_wrong(text) != []


@pytest.mark.parametrize(
    "text",
    [
        "Type CIML-017 to confirm", "Confirm it: --confirm CIML-017", "A ledger on a network share is refused", "A cancelled entry stays, struck through.",
        "Thunderbird strikes it through", "given up to 4 hours later", "The status stays `unconfirmed` in JSON", "`attest` records a statement",
        "--bind 127.0.0.1", "as of Tue 26-May-2026", "a shift of nurses",
    ],
)  # fmt: skip
def test_a_right_use_is_let_through(text):
    assert said_wrong(text, on_a_page=True) == []


def test_the_glossary_is_linked_and_has_each_status_and_command():
    """One name for each: whoever looks up a status of JSON or a command finds what it is called."""
    glossary = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    assert "(docs/glossary.md)" in (ROOT / "README.md").read_text(encoding="utf-8")
    for word in ("met", "boundary", "violated", "due", "not stated", "not applicable", "ruled", "planned", "unconfirmed", "given", "done", "held", "cancelled"):
        assert f"`{word}`" in glossary, word
    for command in ("plan", "record", "fact", "attest", "choose", "rule", "slip", "amend", "note", "cancel"):
        assert f"`{command}`" in glossary, command
