"""Small inputs that once gave wrong dates, verdicts or words, played through the real commands. Each folder of
tests/faults that has a `right.toml` says what is right: the commands, how each ends and what it says, and the plans that
are then shown. A step is `COMMAND | EXIT | PATTERN | …`; `!PATTERN` must not be said. The code is asked again only where
`--confirm` stands in the command."""

import filecmp
import json
import re
import shlex
import tomllib
from datetime import UTC, datetime
from itertools import count

import pytest
from shared import TESTS

from schedule.commands import main

FOLDERS = sorted(path.parent for path in (TESTS / "faults").glob("*/right.toml"))
ACTS = ("plan", "record", "book", "fact", "attest", "choose", "rule", "slip", "amend", "re-date", "note", "cancel")


@pytest.fixture
def run(tmp_path, capsys, monkeypatch):
    """A command, and how it ended with all that it said, each blank a plain one."""
    monkeypatch.setenv("DAYZERO_STORE", str(tmp_path / "ledger.sqlite"))
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.setenv("LOGNAME", "coordinator")
    clock = count(int(datetime(2026, 5, 25, 12, tzinfo=UTC).timestamp()), 60)

    def run(*words):
        monkeypatch.setenv("SOURCE_DATE_EPOCH", str(next(clock)))
        more = ["--out", str(tmp_path / "out")] if words[0] in ACTS else []
        with pytest.raises(SystemExit) as ended:
            main([*words, *more])
        said = capsys.readouterr()
        return ended.value.code or 0, (said.out + said.err).replace("\u00a0", " ")

    return run


def where(moment):
    """2026-06-15, or 2026-06-15 10:00, with its offset where that was typed; `none` for no time."""
    if moment is None:
        return "none"
    return moment[:10] if len(moment) == 10 else f"{moment[:10]} {moment[11:16]}"


def finding(plan, name):
    """The finding of "RULE", "RULE point" or "RULE point CYCLE"."""
    rule, *rest = name.split()
    cycle = int(rest.pop()) if rest and rest[-1].isdigit() else None
    found = [
        one for one in plan["findings"]
        if one["ref"] == rule and (not rest or one["point"] == " ".join(rest)) and cycle in (None, one.get("cycle", 1))
    ]  # fmt: skip
    assert found, f"there is no finding {name}"
    return found[0]


def shown(plan, key, name):
    """One value of a plan as `right.toml` has it."""
    if key in ("findings", "value", "expires", "bounds", "says"):
        one = finding(plan, name)
        if key == "bounds":
            return f"{where(one['earliest'])} to {where(one['latest'])}"
        return one[{"findings": "status", "value": "actual", "expires": "expires", "says": "basis"}[key]]
    event = next(event for event in plan["events"] if event["id"] == name)
    if key == "when":
        return where(event["start"] or event["date"])
    if key == "window":
        return f"{where(event['earliest'])} to {where(event['latest'])}"
    value = event[key]
    return value.replace("\u00a0", " ") if key in ("status", "label") else where(value)


def differs(plan, right):
    """Where a plan is not as it should be."""
    found, status = [], {event["id"]: event["status"] for event in plan["events"]}
    for key, expected in right.items():
        if key in ("day-zero", "planned-day-zero"):
            value = where(plan[key.replace("-", "_")])
            found += [(key, value, expected)] if value != expected[:16] else []
        elif key in ("gone", "absent"):
            found += [(key, name, status.get(name)) for name in expected
                      if status.get(name) != ("cancelled" if key == "gone" else None)]  # fmt: skip
        elif key == "banner":
            found += [(key, plan["banner"], text) for text in expected if text not in plan["banner"]]
        else:
            values = {name: shown(plan, key, name) for name in expected}
            found += [(key, name, values[name], right) for name, right in expected.items()
                      if (right not in values[name] if key == "says" else right != values[name])]  # fmt: skip
    return found


def differs_when_read_again(run, patient, tmp_path):
    """The files of the newest revision that are not the same when they are made of what the ledger keeps."""
    written = sorted((tmp_path / "out" / patient).glob("rev-*"), key=lambda path: int(path.name.removeprefix("rev-")))
    if not written:
        return []
    run("export", patient, "--out", str(tmp_path / "again"))
    again = tmp_path / "again" / patient / written[-1].name
    names = sorted({path.name for folder in (written[-1], again) for path in folder.iterdir()})
    _, other, missing = filecmp.cmpfiles(written[-1], again, names, shallow=False)
    return [f"{patient}: {name} is another when it is made of what is kept" for name in (*other, *missing)]


@pytest.mark.parametrize("folder", FOLDERS, ids=[folder.name for folder in FOLDERS])
def test_what_went_wrong_once_is_right(folder, run, monkeypatch, tmp_path):
    monkeypatch.chdir(folder)
    right, wrong = tomllib.loads((folder / "right.toml").read_text(encoding="utf-8")), []
    for step in right["steps"]:
        command, ended, *patterns = [part.strip() for part in step.split(" | ")] + ["0"] * (" | " not in step)
        code, said = run(*shlex.split(command))
        if str(code) != ended:
            wrong.append(f"{command}: ends with {code}, not {ended}:\n{said[:1000]}")
        for pattern in patterns:
            if bool(re.search(pattern.removeprefix("!"), said)) == pattern.startswith("!"):
                wrong.append(f"{command}: {pattern}, and it says\n{said[:3000]}")
    for patient, expected in right.get("patients", {}).items():
        _, said = run("show", patient, "--json")
        wrong += [f"{patient}: {line}" for line in differs(json.loads(said), expected)]
        wrong += differs_when_read_again(run, patient, tmp_path)
    assert not wrong, "\n".join(wrong)


def test_a_list_keeps_study_codes_that_a_spreadsheet_would_take_for_numbers(run, tmp_path, monkeypatch):
    monkeypatch.chdir(TESTS / "faults" / "45-spreadsheet-changes-the-study-code")
    again = tmp_path / "again.csv"
    assert run("cases", "patients.csv", "--out", str(again))[0] == 0
    rows = again.read_text(encoding="utf-8-sig").splitlines()
    assert [row.split(",")[0] for row in rows] == ["code", "'0012", "'1E5"]
    run("cohort", str(again), "--site", "site.toml", "--as-of", "2026-05-26 08:00", "--out", str(tmp_path / "plans"))
    assert {path.name for path in (tmp_path / "plans").iterdir() if path.is_dir()} == {"0012", "1E5"}
