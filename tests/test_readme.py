"""The README's promises: its two commands are there, and every example shows what the command really says."""

import os
import re
import shlex
import shutil
import subprocess
import sys

import pytest
from shared import CLOCK, ROOT

README = ROOT / "README.md"
EPOCH = "1779796800"
"""26-May-2026 12:00 UTC: the clock of every example."""


def block_after(text, mark):
    """The indented block that follows a marker line, without its indent; "" if there is none.

    Blank lines inside the block belong to it.
    """
    lines = text.split("\n")
    found = []
    for line in lines[lines.index(f"<!-- {mark} -->") + 1 :]:
        if line.startswith("    ") or not line.strip():
            found.append(line[4:].rstrip())
        else:
            break
    return "\n".join(found).strip("\n")


def examples(text):
    """The commands of all example markers, in order."""
    return re.findall(r"(?m)^<!-- example: (.+?) -->$", text)


TEXT = README.read_text(encoding="utf-8") if README.exists() else ""


def test_the_first_screen_says_what_it_is_and_what_it_is_not():
    first = "\n".join(TEXT.split("\n")[:40])
    assert first.startswith("# Dayzero\n\n**")
    assert "not an order and not a medical device" in first and "never a name" in first


@pytest.mark.parametrize(
    ("mark", "words"),
    [("run", ["pip install", "dayzero demo"]), ("test", ["pip install", "[test]", "pytest"])],
)
def test_both_commands_are_there_once_and_are_one_line_each(mark, words):
    assert TEXT.count(f"<!-- {mark} -->") == 1
    command = block_after(TEXT, mark)
    assert command and "\n" not in command
    assert [word for word in words if word not in command] == []
    assert subprocess.run(["bash", "-n", "-c", command], check=False).returncode == 0


def test_the_command_that_ci_reads_is_the_readmes():
    """.ci/run takes the lines indented by four blanks after the marker, up to the first other line."""
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    function = re.search(r"(?m)^command_after\(\).*$", script)[0]
    for mark in ("run", "test"):
        shell = f"{function}\ncommand_after {mark}"
        run = subprocess.run(["bash", "-c", shell], cwd=ROOT, capture_output=True, text=True, check=True)
        assert run.stdout.strip() == block_after(TEXT, mark)


def test_there_are_examples_and_each_has_its_output():
    assert len(examples(TEXT)) >= 2 and len(set(examples(TEXT))) == len(examples(TEXT))
    assert [command for command in examples(TEXT) if not block_after(TEXT, f"example: {command}")] == []


@pytest.mark.parametrize("command", examples(TEXT))
def test_an_example_shows_what_the_command_really_says(command, tmp_path):
    """Run beside a copy of examples/, with the clock at EPOCH; a first line `$ command` may repeat the command."""
    shown = block_after(TEXT, f"example: {command}")
    if shown.startswith("$ "):
        typed, _, shown = shown.partition("\n")
        assert typed == f"$ {command}"
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    program, *args = shlex.split(command)
    assert program == "dayzero"
    run = subprocess.run(
        [sys.executable, ROOT / "cli.py", *args], cwd=tmp_path, capture_output=True, check=False,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": CLOCK, "SOURCE_DATE_EPOCH": EPOCH, "DAYZERO_STORE": str(tmp_path / "ledger" / "dayzero.sqlite")},
    )  # fmt: skip
    assert run.returncode in (0, 1), run.stderr.decode()
    said = "\n".join(line.rstrip() for line in run.stdout.decode("utf-8").split("\n")).strip("\n")
    assert shown == said


def test_every_file_the_readme_links_to_is_there():
    targets = re.findall(r"\]\((?!https?:|#|mailto:)([^)#]+)", TEXT)
    assert targets and [target for target in targets if not (ROOT / target).exists()] == []
