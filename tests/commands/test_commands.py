"""The command line as outside scripts and newcomers meet it: first lines, exit codes, messages, and what is written.

Most runs are in this process, through `schedule.commands.main`; the few that need a process of their own (another
language, another zone, a pipe that breaks) go through `python cli.py`.
"""

import csv
import json
import os
import pty
import re
import shutil
import sqlite3
import subprocess
import sys

import pytest
from shared import CLOCK, ROOT
from shared.byte_lint import faults
from shared.snapshot import snapshot

from schedule import commands
from schedule.commands.listed import COMMANDS

EXAMPLES = ROOT / "examples"
EPOCH = "1779796800"
"""26-May-2026 12:00 UTC, which is 08:00 in New York: `date -u -d 2026-05-26T12:00Z +%s`."""
CASE = (EXAMPLES / "ciml-017.toml").read_text(encoding="utf-8")
SITE = str(EXAMPLES / "site.toml")
FILES = {
    "calendar.ics", "donor.ics", "plan.json", "plan.csv", "sheets.html", "index.html", "overview.html", "go.html", "deadlines.html",
    "patient.html", "manifest.json",
}  # fmt: skip


class Ran:
    """How a run ended."""

    def __init__(self, code, out, err):
        self.code, self.out, self.err = code, out, err

    @property
    def first(self):
        return self.out.split("\n", 1)[0]


@pytest.fixture
def store(tmp_path_factory):
    """Where the ledger of a test lies: beside the folder that it runs in, never in anybody's own data folder."""
    return tmp_path_factory.mktemp("store") / "dayzero.sqlite"


@pytest.fixture
def run(tmp_path, monkeypatch, capsys, store):
    """Run the command line in an empty folder that holds the example patient as case.toml."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", EPOCH)
    monkeypatch.setenv("DAYZERO_STORE", str(store))
    for name in ("NO_COLOR", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / "case.toml").write_text(CASE, encoding="utf-8")

    def go(*args):
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            commands.main([str(arg) for arg in args])
        return Ran(ended.value.code, *capsys.readouterr())

    return go


def store_of(cwd):
    """Where the ledger of a process lies: beside the folder that it runs in."""
    return cwd.with_name(f"{cwd.name}-store") / "dayzero.sqlite"


def files_in(folder):
    """Name -> bytes of every file in a folder."""
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def but_for_the_schedules_name(files):
    """The files of a revision without what depends on the schedule's random name: UIDs, check codes of sheets, hashes."""
    found = {}
    for name, data in files.items():
        data = re.sub(rb"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", b"UUID", data)
        data = re.sub(rb"\b[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}\b", b"CODE", data)
        found[name] = re.sub(rb"\b[0-9a-f]{64}\b", b"HASH", data) if name == "manifest.json" else data
    return found


def process(*args, cwd, **more):
    """The same in a process of its own, with nothing of this one's environment but what it needs."""
    env = {"PATH": os.environ["PATH"], "PYTHONPATH": CLOCK, "SOURCE_DATE_EPOCH": EPOCH, "DAYZERO_STORE": str(store_of(cwd)), **more}
    run = subprocess.run(
        [sys.executable, ROOT / "cli.py", *map(str, args)], cwd=cwd, env=env, capture_output=True, check=False
    )
    return Ran(run.returncode, run.stdout.decode("utf-8"), run.stderr.decode("utf-8"))


def snapshot_of(store):
    """What a ledger holds, whatever SQLite does with its files."""
    with sqlite3.connect(store) as connection:
        found = {table: connection.execute(f"SELECT * FROM {table}").fetchall() for table in ("acts", "texts")}
    connection.close()
    return found


def case_with(path, **changed):
    """The example patient with other lines: `key="value"` replaces the line that begins with key."""
    text = CASE
    for key, value in changed.items():
        key = key.replace("_", "-")
        text, count = re.subn(rf"(?m)^{key} = .*$", f"{key} = {value}" if value else "", text)
        assert count == 1
    path.write_text(text, encoding="utf-8")
    return path


# What each command says first, and how it ends -------------------------------------------------------------------------

VIOLATED = {"gvhd_prophylaxis_last": "2026-06-01"}


@pytest.mark.parametrize(
    ("args", "code", "first"),
    [
        (["demo"], 0, "Planned CIML-017: day 0 Mon 15-Jun-2026 10:00. Revision 1 saved: dayzero-demo/CIML-017/rev-1"),
        (["demo", "--out", "x"], 0, "Planned CIML-017: day 0 Mon 15-Jun-2026 10:00. Revision 1 saved: x/CIML-017/rev-1"),
        (["plan", "case.toml", "--site", SITE], 0,
         "Planned CIML-017: day 0 Mon 15-Jun-2026 10:00. Revision 1 saved: dayzero-out/CIML-017/rev-1"),
        (["check", "case.toml", "--site", SITE], 0,
         "Checked CIML-017, day 0 Mon 15-Jun-2026 10:00: No rule is violated."),
        (["feasible", "case.toml", "--site", SITE], 0, "CIML-017: Day\u00a00 can be Fri 12-Jun-2026 to Thu 18-Jun-2026."),
        (["explain", "case.toml", "fludarabine-2", "--site", SITE], 0,
         "fludarabine-2: fludarabine, intravenous infusion (dose 2 of 3), Thu 11-Jun-2026 09:00"),
        (["explain", "case.toml", "T17", "--site", SITE], 0, "T17: MET. Off GVHD prophylaxis for 4 weeks before the cells"),
        (["protocol", "list"], 0, "Abecma               "),
        (["protocol", "show", "nct04024761"], 0, "NCT04024761: A Phase 1 Trial of CIML NK Cell Infusion"),
        (["protocol", "lint", "NCT04024761"], 0, "NCT04024761: no mistakes, "),
        (["cohort", "cases", "--site", SITE, "--out", "plans"], 0,
         "Planned 1 of 1 patients into plans; 0 unchanged, 0 not planned."),
        (["cases", "cases", "--out", "list.json"], 0, "Wrote 1 patient to list.json."),
        (["--version"], 0, "dayzero"),
    ],
    ids=lambda value: " ".join(value[:3]) if isinstance(value, list) else "",
)  # fmt: skip
def test_the_first_line_says_what_happened(run, tmp_path, args, code, first):
    (tmp_path / "cases").mkdir()
    (tmp_path / "cases" / "a.toml").write_text(CASE, encoding="utf-8")
    ran = run(*args)
    assert (ran.code, ran.first.startswith(first)) == (code, True), ran.first + ran.err


def test_plan_with_a_violated_rule_ends_with_1_and_has_written_everything(run, tmp_path):
    """Tacrolimus until 1-Jun: 1-Jun + 29 days = 30-Jun, after day 0."""
    ran = run("plan", case_with(tmp_path / "v.toml", **VIOLATED), "--site", SITE)
    assert ran.code == 1 and "Revision 1 saved" in ran.first and ran.err == ""
    banner = ran.out.split("\n")[1]
    assert banner == "NOT ALLOWED AS PLANNED: T17 Off GVHD prophylaxis for 4 weeks before the cells"
    folder = tmp_path / "dayzero-out" / "CIML-017" / "rev-1"
    assert {path.name for path in folder.iterdir()} == FILES
    assert faults((folder / "calendar.ics").read_bytes()) == []
    silent = [p.name for p in folder.iterdir() if b"NOT ALLOWED AS PLANNED" not in p.read_bytes().replace(b"\r\n ", b"")]
    assert silent == ["manifest.json"]  # which keeps the alert as a value
    assert b'"not-allowed"' in (folder / "manifest.json").read_bytes()


def test_check_with_a_violated_rule_ends_with_1_and_names_it_first(run, tmp_path):
    ran = run("check", case_with(tmp_path / "v.toml", **VIOLATED), "--site", SITE)
    assert ran.code == 1
    assert ran.first == (
        "Checked CIML-017, day 0 Mon 15-Jun-2026 10:00: "
        "NOT ALLOWED AS PLANNED: T17 Off GVHD prophylaxis for 4 weeks before the cells"
    )
    assert ran.out.split("\n")[3].startswith("VIOLATED")


def test_a_boundary_is_not_a_violation(run, tmp_path):
    """Tacrolimus on 18-May: exactly 28 days before day 0, which only the literal reading keeps."""
    ran = run("check", case_with(tmp_path / "b.toml", gvhd_prophylaxis_last="2026-05-18"), "--site", SITE)
    assert ran.code == 0 and "TO BE DECIDED" in ran.out and "No rule is violated." in ran.first


@pytest.mark.parametrize("command", ["check", "feasible", "explain"])
def test_only_plan_demo_and_cohort_write(run, tmp_path, command):
    before = snapshot(tmp_path)
    assert run(command, "case.toml", *(["T17"] if command == "explain" else []), "--site", SITE).code == 0
    assert snapshot(tmp_path) == before and sorted(p.name for p in tmp_path.iterdir()) == ["case.toml"]


def test_the_same_plan_again_says_that_nothing_changed(run, tmp_path):
    run("plan", "case.toml", "--site", SITE)
    before = snapshot(tmp_path)
    ran = run("plan", "case.toml", "--site", SITE)
    assert (ran.code, ran.first) == (
        0,
        "Planned CIML-017: day 0 Mon 15-Jun-2026 10:00. "
        "Revision 1 nothing changed, saved already: dayzero-out/CIML-017/rev-1",
    )
    assert snapshot(tmp_path) == before


@pytest.mark.parametrize("what", ["case", "site", "no site", "protocol"])
def test_another_file_for_a_stored_patient_is_refused_and_the_acts_are_named(run, tmp_path, store, what):
    """A plan that moved because a file was edited would be a slip without a reason: what changes it is an act."""
    run("plan", "case.toml", "--site", SITE)
    before = snapshot(tmp_path / "dayzero-out"), snapshot_of(store)
    case, site = "case.toml", ["--site", SITE]
    if what == "case":
        case = case_with(tmp_path / "b.toml", chemotherapy_last="2026-05-12")
    if what == "site":
        (tmp_path / "s.toml").write_text(SITE_TEXT + "# a remark\n", encoding="utf-8")
        site = ["--site", "s.toml"]
    if what == "no site":
        case, site = case_with(tmp_path / "b.toml", planned_day_zero="2026-06-15"), []
    if what == "protocol":
        text = (ROOT / "schedule" / "protocols" / "nct04024761.toml").read_text(encoding="utf-8")
        (tmp_path / "mine.toml").write_text(text + "# a remark\n", encoding="utf-8")
        case = case_with(tmp_path / "b.toml", protocol='"mine.toml"')
    ran = run("plan", case, *site)
    assert (ran.code, ran.out) == (2, "")
    said, last = ran.err.splitlines()
    assert said == (
        "CIML-017: a plan is stored under this code, made from other files - "
        "change it by an act: fact, attest, rule, record, slip, or amend for another protocol or site file"
    )
    assert last == "Nothing was changed."
    assert (snapshot(tmp_path / "dayzero-out"), snapshot_of(store)) == before


def test_another_file_for_a_patient_without_a_ledger_makes_revision_2(run, tmp_path, store):
    (tmp_path / "cases").mkdir()
    case_with(tmp_path / "cases" / "a.toml", code='"CIML-017"')
    assert run("cohort", "cases", "--site", SITE, "--out", "plans").code == 0
    case_with(tmp_path / "cases" / "a.toml", chemotherapy_last="2026-05-12")
    ran = run("cohort", "cases", "--site", SITE, "--out", "plans")
    assert (ran.code, ran.first) == (0, "Planned 1 of 1 patients into plans; 0 unchanged, 0 not planned.")
    assert sorted(p.name for p in (tmp_path / "plans" / "CIML-017").iterdir()) == ["rev-1", "rev-2"]
    assert not store.exists()


def test_plan_tried_out_saves_nothing_and_writes_nothing(run, tmp_path, store):
    ran = run("plan", "case.toml", "--site", SITE, "--dry-run")
    assert (ran.code, ran.first) == (0, "Planned CIML-017: day 0 Mon 15-Jun-2026 10:00. Revision 1 not saved")
    assert not (tmp_path / "dayzero-out").exists()
    assert run("plan", "case.toml", "--site", SITE).first.endswith("Revision 1 saved: dayzero-out/CIML-017/rev-1")


def test_plan_keeps_who_and_why_and_as_of(run):
    run("plan", "case.toml", "--site", SITE, "--by", "coordinator", "--reason", "consent signed", "--as-of", "2026-05-20")
    (kept,) = json.loads(run("history", "CIML-017", "--json").out)
    assert (kept["kind"], kept["by"], kept["reason"]) == ("plan", "coordinator", "consent signed")
    assert (kept["as_of"], kept["at"]) == ("2026-05-20T00:00:00", "2026-05-26T12:00:00+00:00")


def test_the_ledger_is_the_option_s_else_the_environments(run, tmp_path, store):
    run("plan", "case.toml", "--site", SITE, "--store", "mine.sqlite")
    assert (tmp_path / "mine.sqlite").exists() and not store.exists()
    assert run("show", "CIML-017").code == 2
    assert run("show", "CIML-017", "--store", "mine.sqlite").first == "CIML-017, revision 1: day 0 Mon 15-Jun-2026 10:00."


def test_demo_is_as_of_a_fixed_day_whatever_the_clock(run, tmp_path, monkeypatch):
    assert "Rules, as of Tue 26-May-2026 08:00:" in run("demo").out
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "2000000000")
    assert "Rules, as of Tue 26-May-2026 08:00:" in run("demo", "--out", "later").out
    texts = [(tmp_path / out / "CIML-017" / "rev-1" / "plan.json").read_text() for out in ("dayzero-demo", "later")]
    assert texts[0] == texts[1]


# Words on the terminal -------------------------------------------------------------------------------------------------


def test_the_plan_is_a_readable_table_of_dates_verdicts_and_what_binds(run):
    out = run("plan", "case.toml", "--site", SITE).out
    assert re.search(r"(?m)^Day\xa0−5 +Wed 10-Jun-2026  09:00  fludarabine, intravenous infusion \(dose 1 of 3\)$", out)
    assert re.search(r"(?m)^Day\xa00 +Mon 15-Jun-2026  10:00  CIML NK cells", out)
    assert re.search(r"(?m)^DUE +T19 +Organ function within 2 weeks of the cells: Mon 01-Jun-2026 to Sun 14-Jun-2026", out)
    assert "Day\u00a00 can be Fri 12-Jun-2026 to Thu 18-Jun-2026." in out
    assert re.search(r"(?m)^  Limited by: T25 ", out) and re.search(r"(?m)^  Then limited by: T17 ", out)
    assert "Open dayzero-out/CIML-017/rev-1/index.html" in out


def test_every_date_is_spelled_with_its_weekday(run):
    for args in (["plan", "case.toml", "--site", SITE], ["feasible", "case.toml", "--site", SITE]):
        out = run(*args).out.replace("registry record of 2026-01-02", "")
        assert re.search(r"\b(Mon|Tue|Wed|Thu|Fri|Sat|Sun) \d\d-[A-Z][a-z]{2}-\d{4}\b", out)
        assert not re.search(r"\d{4}-\d{2}-\d{2}|\d/\d", out)


def test_output_that_is_no_terminal_is_plain(run):
    assert "\x1b" not in run("check", "case.toml", "--site", SITE).out


@pytest.mark.parametrize(("setting", "coloured"), [({}, True), ({"NO_COLOR": "1"}, False)], ids=["a terminal", "NO_COLOR"])
def test_a_terminal_gets_colours_unless_it_asks_for_none(tmp_path, setting, coloured):
    ours, theirs = pty.openpty()
    env = {"PATH": os.environ["PATH"], "PYTHONPATH": CLOCK, "SOURCE_DATE_EPOCH": EPOCH, "TERM": "xterm", **setting}
    args = [sys.executable, ROOT / "cli.py", "check", EXAMPLES / "ciml-017.toml", "--site", SITE]
    running = subprocess.Popen(args, cwd=tmp_path, env=env, stdout=theirs, stderr=subprocess.PIPE)
    os.close(theirs)
    seen = b""
    try:
        while chunk := os.read(ours, 65536):
            seen += chunk
    except OSError:
        pass  # Linux says "input/output error" once the other end is closed
    os.close(ours)
    running.stderr.close()
    assert running.wait() == 0 and b"DUE" in seen
    assert (b"\x1b[" in seen) == coloured


@pytest.mark.parametrize("command", ["plan", "check", "feasible"])
def test_json_is_the_plan_and_nothing_else(run, tmp_path, command):
    ran = run(command, "case.toml", "--site", SITE, "--json")
    values = json.loads(ran.out)
    assert (values["code"], values["saved"], ran.err) == ("CIML-017", command == "plan", "")
    if command == "plan":
        on_disk = json.loads((tmp_path / "dayzero-out" / "CIML-017" / "rev-1" / "plan.json").read_text(encoding="utf-8"))
        assert {key: values[key] for key in on_disk} == on_disk
        assert json.loads(run(command, "case.toml", "--site", SITE, "--json").out)["saved"] is False


def test_feasible_needs_no_planned_day_zero(run, tmp_path):
    path = case_with(tmp_path / "n.toml", planned_day_zero="")
    ran = run("feasible", path, "--site", SITE)
    assert (ran.code, ran.first) == (0, "CIML-017: Day\u00a00 can be Fri 12-Jun-2026 to Thu 18-Jun-2026.")
    assert json.loads(run("feasible", path, "--json").out)["day_zero"] is None
    for command in ("plan", "check"):
        ran = run(command, path, "--site", SITE)
        assert ran.code == 2 and ran.err.startswith("CIML-017, planned-day-zero: is missing - ")


def test_feasible_lists_what_it_assumes(run):
    out = run("feasible", "case.toml", "--site", SITE).out
    assert "Assumed in order, since no date is given: tests of organ function, echocardiogram" in out


def test_as_of_decides_what_is_overdue(run):
    """Organ function is due by Sun 14-Jun: not overdue on that day, overdue from the first minute of the next."""
    for day, overdue in (("2026-06-14", False), ("2026-06-14 23:59", False), ("2026-06-15 00:00", True)):
        out = run("check", "case.toml", "--site", SITE, "--as-of", day).out
        row = re.search(r"(?m)^DUE +T19 .*(?:\n {10,}.*)*", out)[0]
        assert ("OVERDUE" in row) == overdue


@pytest.mark.parametrize("when", ["15/06/2026", "2026-02-30", "2026-06-15 25:00", "soon"])
def test_an_as_of_that_has_no_one_meaning_is_refused(run, when):
    ran = run("check", "case.toml", "--site", SITE, "--as-of", when)
    assert ran.code == 2 and "write 2026-06-15 or '2026-06-15 10:00'" in ran.err and ran.out == ""


@pytest.mark.parametrize(
    ("what", "words"),
    [
        ("fludarabine-2", ["Day\u00a0−4 = planned day 0 (Mon 15-Jun-2026) − 4 days", "Study Groups", "“", "Stated, planned."]),
        ("fludarabine", ["fludarabine-1:", "fludarabine-2:", "fludarabine-3:"]),
        ("T17", ["+ 29 days = Tue 02-Jun-2026", "1.8: “Patients on systemic GVHD prophylaxis", "no later than Sun 17-May-2026"]),
        ("t17", ["T17: MET."]),
        ("marrow", ["T14: MET.", "Allowed for marrow: Mon 18-May-2026 to Tue 09-Jun-2026"]),
        ("T25-approval", ["T25-approval: "]),
        ("weight-1", ["a task of the site's own"]),
        ("response-marrow", ["Window: Fri 10-Jul-2026 to Thu 16-Jul-2026"]),
    ],
)
def test_explain_says_where_a_date_or_a_verdict_comes_from(run, what, words):
    ran = run("explain", "case.toml", what, "--site", SITE)
    assert ran.code == 0
    for word in words:
        assert word in ran.out


@pytest.mark.parametrize(
    ("what", "nearest"), [("fludarabin-2", "fludarabine-2"), ("marow", "marrow"), ("T25-aproval", "T25-approval")]
)
def test_explain_of_something_unknown_suggests_the_nearest(run, what, nearest):
    ran = run("explain", "case.toml", what, "--site", SITE)
    assert (ran.code, ran.out) == (2, "")
    assert f'"{what}": is no event, rule or date of this plan - did you mean "{nearest}"?' in ran.err


def test_explain_suggests_the_nearest_whatever_the_case_of_the_letters(run):
    assert 'did you mean "T25-approval"?' in run("explain", "case.toml", "t25-aproval", "--site", SITE).err


# The group's own manners -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("typed", "meant"), [("chek", "check"), ("plann", "plan"), ("feasable", "feasible"), ("Demo", "demo")])
def test_an_unknown_command_suggests_the_nearest(run, typed, meant):
    ran = run(typed)
    assert (ran.code, ran.out) == (2, "") and f"Did you mean '{meant}'?" in ran.err


def test_a_command_like_no_other_is_refused_plainly(run):
    ran = run("zzz")
    assert ran.code == 2 and "zzz" in ran.err and "Traceback" not in ran.err


@pytest.mark.parametrize(
    "args",
    [["plan"], ["explain", "case.toml"], ["cohort", "case.toml"], ["plan", "case.toml", "--what"], ["check", "--as-of"],
     ["protocol", "show"], ["cohort", "case.toml", "--out", "x", "--workers", "0"]],
    ids=" ".join,
)  # fmt: skip
def test_a_command_line_that_is_not_whole_ends_with_2(run, args):
    ran = run(*args)
    assert (ran.code, ran.out) == (2, "") and "Error:" in ran.err and "Traceback" not in ran.err


@pytest.mark.parametrize(
    "args",
    [[], *([name] for name in COMMANDS)],
    ids=lambda args: args[0] if args else "dayzero",
)
def test_help_has_an_example_of_every_command(run, args):
    for option in ("--help", "-h"):
        ran = run(*args, option)
        assert ran.code == 0 and ran.err == ""
        assert f"\n  dayzero {args[0] if args else 'demo'}" in ran.out


@pytest.mark.parametrize("sub", ["list", "show", "lint", "new", "diff"])
def test_help_of_a_protocol_command_says_what_it_does(run, sub):
    ran = run("protocol", sub, "--help")
    assert ran.code == 0 and len(ran.out.splitlines()) >= 4


def test_help_works_in_a_clean_environment(tmp_path):
    for args in (["--help"], ["plan", "--help"], ["cohort", "--help"]):
        run = subprocess.run([sys.executable, ROOT / "cli.py", *args], cwd=tmp_path, env={}, capture_output=True, check=False)
        assert (run.returncode, run.stderr) == (0, b"") and b"dayzero" in run.stdout


NO_PAGES = ("icalendar", "jinja2", "flask")


@pytest.mark.parametrize(
    ("command", "too_much"),
    [
        ("check", (*NO_PAGES, "schedule.ledger", "schedule.model.reasons.failures", "schedule.model.reasons.refusals")),
        ("today", (*NO_PAGES, "schedule.pages.change", "schedule.output.outputs")),
        ("show", (*NO_PAGES, "schedule.output.outputs")),
    ],
)
def test_a_command_starts_without_what_it_does_not_need(command, too_much):
    code = f"import sys, schedule.commands.{command}; print([m for m in {too_much} if m in sys.modules])"
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


def test_a_first_plan_is_made_without_what_hardly_ever_comes(tmp_path):
    too_much = (
        *(f"schedule.model.reasons.{name}" for name in ("absences", "deliveries", "failures", "faults", "reckoning", "refusals")),
        "schedule.model.publishing", "schedule.words.moving", "schedule.words.verdict", "flask",
    )  # fmt: skip
    code = (
        "import sys; from schedule.commands import main\n"
        f"try: main({['plan', str(EXAMPLES / 'ciml-017.toml'), '--site', SITE, '--out', str(tmp_path), '--store', str(tmp_path / 'l.sqlite')]})\n"
        f"finally: print([m for m in {too_much} if m in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert run.stdout.splitlines()[-1] == "[]"


def test_a_pipe_that_is_closed_early_is_no_violation(tmp_path):
    """`dayzero check … | head -n 1`: 1 would say that a rule is violated."""
    args = [sys.executable, ROOT / "cli.py", "check", EXAMPLES / "ciml-017.toml", "--site", SITE]
    env = {"PATH": os.environ["PATH"], "PYTHONPATH": CLOCK, "SOURCE_DATE_EPOCH": EPOCH, "PYTHONUNBUFFERED": "1"}
    reader, writer = os.pipe()
    os.close(reader)
    run = subprocess.run(args, cwd=tmp_path, env=env, stdout=writer, stderr=subprocess.PIPE, check=False)
    os.close(writer)
    assert run.returncode == 0 and run.stderr == b""


# What goes wrong -------------------------------------------------------------------------------------------------------


def test_a_defect_ends_with_70_shows_where_and_says_whose_fault_it_is(run, tmp_path, monkeypatch):
    import schedule.service.create

    def broken(*args, **keys):
        raise RuntimeError("boom")

    monkeypatch.setattr(schedule.service.create, "lay_out", broken)
    ran = run("plan", "case.toml", "--site", SITE)
    assert (ran.code, ran.out) == (70, "")
    assert "Traceback" in ran.err and "RuntimeError: boom" in ran.err
    assert "This is a defect in Dayzero, not in your files." in ran.err
    assert not (tmp_path / "dayzero-out").exists()


def toml(text):
    return lambda path: path.write_text(text, encoding="utf-8")


def line(old, new):
    """The example patient with one text in it replaced."""
    assert old in CASE
    return toml(CASE.replace(old, new))


CODES = {
    "small letters": "ciml-017", "a name": "Jane Doe", "17 characters": "A" * 17, "a hyphen first": "-A", "empty": "",
    "a slash": "A/B", "two dots": "..", "other digits": "CIML-٠١٧", "a line end": "A\\nB", "CON": "CON", "NUL": "NUL",
    "COM1": "COM1", "LPT9": "LPT9", "AUX": "AUX", "PRN": "PRN",
}  # fmt: skip
BAD_CASES = {
    "an empty file": (toml(""), r"case.toml: the file is empty - "),
    "a blank file": (toml("\n \n"), r"case.toml: the file is empty - "),
    "broken TOML": (toml("format = 1\ncode = \n"), r"case.toml: this is not TOML: .*line 2.* - "),
    "not UTF-8": (lambda path: path.write_bytes(b"code = \"\xfc\""), r"case.toml: byte 9 is not UTF-8 text - "),
    "UTF-16": (lambda path: path.write_bytes(CASE.encode("utf-16")), r"case.toml: byte 1 is not UTF-8 text - "),
    "NUL bytes": (lambda path: path.write_bytes(b"\0" * 100), r"case.toml: this is not TOML"),
    "larger than 256 KB": (toml("#" * (256 * 1024 + 1)), r"case.toml: the file is larger than 256 KB - "),
    "1,000 nested brackets": (toml("x = " + "[" * 1000 + "]" * 1000), r"case.toml: .* - "),
    "1,000 nested tables": (toml("x = " + "{a = " * 1000 + "1" + "}" * 1000), r"case.toml: .* - "),
    "a key of 10,000 parts": (toml(".".join("a" * 10_000) + " = 1"), r"case.toml, line 1: the key has too many parts - "),
    "a folder": (lambda path: (path.unlink(), path.mkdir()), r"case.toml: cannot be read \(Is a directory\) - "),
    "no file": (lambda path: path.unlink(), r"case.toml: there is no such file - "),
    "an unknown key": (line('code = "', 'codee = "x"\ncode = "'), r'case.toml, codee: .* did you mean "code"\?'),
    "an unknown date": (line("marrow =", "marow ="), r'case.toml, \[dates\], marow: .* did you mean "marrow"\?'),
    "an unknown attestation": (line("age-eligible =", "age-eligble ="), r'age-eligble: .* did you mean "age-eligible"\?'),
    "an unknown protocol": (line("NCT04024761", "NCT0402476"), r'protocol "NCT0402476": .* did you mean "NCT04024761"\?'),
    "a protocol file that is not there": (line("NCT04024761", "mine.toml"), r"mine.toml: there is no such file - "),
    "no protocol": (line('protocol = "', '# "'), r"case.toml, protocol: is missing - "),
    "no format": (line("format = 1", ""), r"case.toml, format: is missing - "),
    "another format": (line("format = 1", "format = 2"), r"case.toml, format: 2 is not a format I can read - "),
    "30 February": (line("2026-05-22", "2026-02-30"), r"case.toml: this is not TOML: .* - "),
    "30 February, as a text": (line("2026-05-22", '"2026-02-30"'), r'chimerism: .*is not a real date - write the date as'),
    "29 February 2027": (line("2026-05-22", '"2027-02-29"'), r"chimerism: .*is not a real date"),
    "nan for a date": (line("2026-05-22", "nan"), r"case.toml, \[dates\], chimerism: nan is not a date - "),
    "inf for a date": (line("2026-05-22", "inf"), r"chimerism: inf is not a date - "),
    "a number for a date": (line("2026-05-22", "20260522"), r"chimerism: 20260522 is not a date - "),
    "true for a date": (line("2026-05-22", "true"), r"chimerism: true is not a date - "),
    "a table for a date": (line("2026-05-22", "{ a = 1 }"), r"chimerism: a table is not a date - "),
    "an empty list": (line("2026-05-22", "[]"), r"chimerism: the list is empty - "),
    "a date with two meanings": (line("2026-05-22", '"03/04/2026"'), r"chimerism: '03/04/2026' is not a date that has one"),
    "a wrong weekday": (line("2026-05-22", '"Mon 22-May-2026"'), r"chimerism: .*that date is a Friday"),
    "the year 26": (line("2026-05-22", '"0026-05-22"'), r"chimerism: .*outside 1900 to 2199"),
    "never for a required test": (line("2026-05-22", '"never"'), r'chimerism: "never" would switch a required rule off - '),
    "an hour that does not exist": (line("2026-06-15T10:00:00", "2026-03-08T02:30:00"), r"planned-day-zero: .*does not exist in America/New_York.* - "),
    "an hour that happens twice": (line("2026-06-15T10:00:00", "2026-11-01T01:30:00"), r"planned-day-zero: .*happens twice in America/New_York.* - "),
    "a ruling on no rule": (line("[dates]", '[[rulings]]\nrule = "T99"\noutcome = "allowed"\nby = "PI"\nreason = "x"\ndate = 2026-05-01\n[dates]'), r'there is no rule "T99" - '),
    "a list for the patient": (line('"CIML-017"', '["CIML-017"]'), r"case.toml, code: a list is not a text - "),
    **{f"the code {name}": (line('"CIML-017"', f'"{code}"'), r"case.toml, code: .* - ") for name, code in CODES.items()},
}  # fmt: skip


@pytest.mark.parametrize(("spoil", "message"), BAD_CASES.values(), ids=BAD_CASES)
def test_a_patients_file_that_cannot_be_used_gets_one_plain_message_and_changes_nothing(run, tmp_path, spoil, message):
    run("plan", "case.toml", "--site", SITE)
    before = snapshot(tmp_path / "dayzero-out")
    spoil(tmp_path / "case.toml")
    for command in ("plan", "check"):
        ran = run(command, "case.toml", "--site", SITE)
        assert (ran.code, ran.out) == (2, ""), ran.err
        *said, last = ran.err.splitlines()
        assert len(said) == 1 and re.search(message, said[0]), ran.err
        assert last == "Nothing was changed."
    assert snapshot(tmp_path / "dayzero-out") == before
    assert sorted(p.name for p in (tmp_path / "dayzero-out" / "CIML-017").iterdir()) == ["rev-1"]


SITE_TEXT = (EXAMPLES / "site.toml").read_text(encoding="utf-8")
BAD_SITES = {
    "an empty file": ("", r"site.toml: the file is empty - "),
    "an unknown zone": (SITE_TEXT.replace("America/New_York", "America/Boston"), r'site.toml, zone: .*"?America/Boston.* - write an IANA name'),
    "a zone that climbs out": (SITE_TEXT.replace("America/New_York", "../../etc/passwd"), r"site.toml, zone: .* - "),
    "no zone": (SITE_TEXT.replace('zone = "', '# "'), r"site.toml, zone: is missing - "),
    "a day outside the grammar": (SITE_TEXT.replace("+13 every 2 days", "+13 evry 2 days"), r"site.toml, .*il2-days: .* - "),
    "six doses where the paper states seven": (SITE_TEXT.replace("+1 to +13 every", "+1 to +11 every"), r"il2-days: this gives 6; .*7"),
    "a window that runs backwards": (SITE_TEXT.replace('"-42 to -1"', '"-1 to -42"'), r"virology-window: .* - "),
    "an hour that is none": (SITE_TEXT.replace('"20:00"', '"8 pm"'), r"il2: .* - "),
    "an unknown activity": (SITE_TEXT.replace('il2 = "20:00"', 'il3 = "20:00"'), r'il3: .*did you mean "il2"\?'),
    "an unknown parameter": (SITE_TEXT.replace("dlt-end", "dlt-ends"), r'dlt-ends: .*did you mean "dlt-end"\?'),
    "a dose in a title": (SITE_TEXT.replace("weigh the patient", "give 5 mg"), r"title: \"5 mg\" is a dose - "),
    "an abbreviation that has harmed": (SITE_TEXT.replace("weigh the patient", "weigh QD"), r"title: \"QD\" is on the \"Do Not Use\" list - write daily"),
    "a reminder afterwards": (SITE_TEXT.replace("format = 1", 'format = 1\nalarm = "1 hour after"'), r"site.toml, alarm: .*is not a reminder - "),
    "a holiday that is none": (SITE_TEXT.replace("2026-05-25,", '"25.5.2026",'), r"site.toml, holidays: .* - "),
}  # fmt: skip


@pytest.mark.parametrize(("text", "message"), BAD_SITES.values(), ids=BAD_SITES)
def test_a_sites_file_that_cannot_be_used_gets_one_plain_message(run, tmp_path, text, message):
    assert text != SITE_TEXT
    (tmp_path / "site.toml").write_text(text, encoding="utf-8")
    ran = run("plan", "case.toml", "--site", "site.toml")
    assert (ran.code, ran.out) == (2, ""), ran.err
    *said, last = ran.err.splitlines()
    assert len(said) == 1 and re.search(message, said[0]), ran.err
    assert last == "Nothing was changed." and not (tmp_path / "dayzero-out").exists()


def test_all_mistakes_of_a_file_are_reported_at_once(run, tmp_path):
    text = CASE.replace('"CIML-017"', '"jane"').replace("marrow =", "marow =").replace("2026-05-22", "nan")
    (tmp_path / "case.toml").write_text(text, encoding="utf-8")
    said = run("check", "case.toml", "--site", SITE).err.splitlines()
    assert len(said) == 4 and all(word in "\n".join(said) for word in ("code", "marow", "chimerism"))


def test_a_timed_day_zero_without_a_site_is_refused(run):
    for command in ("plan", "check", "feasible"):
        ran = run(command, "case.toml")
        assert (ran.code, ran.out) == (2, "")
        assert ran.err.startswith("case.toml, planned-day-zero: an hour needs the site's time zone - add --site SITE.toml")


def test_a_site_that_is_not_there_is_said(run):
    ran = run("plan", "case.toml", "--site", "nope.toml")
    assert ran.code == 2 and ran.err.startswith("nope.toml: there is no such file - ")


def test_a_clock_that_is_no_number_is_refused(run, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "yesterday")
    ran = run("demo")
    assert (ran.code, ran.out) == (2, "") and "SOURCE_DATE_EPOCH='yesterday' is not a number of seconds." in ran.err


@pytest.mark.parametrize("out", ["file", "file/below"])
def test_a_file_where_the_output_folder_should_be_ends_with_3(run, tmp_path, out):
    (tmp_path / "file").write_text("mine")
    ran = run("plan", "case.toml", "--site", SITE, "--out", out)
    assert (ran.code, ran.out) == (3, "")
    assert ran.err == (
        "Revision 1 of CIML-017 is saved in the ledger, but its files are not written. "
        f"{out}/CIML-017/rev-1: cannot be read (Not a directory). Then: dayzero export CIML-017 --out DIR\n"
    )
    assert (tmp_path / "file").read_text() == "mine"
    assert run("show", "CIML-017").code == 0
    assert run("export", "CIML-017").out == "Revision 1 of CIML-017: dayzero-out/CIML-017/rev-1\n"
    assert {path.name for path in (tmp_path / "dayzero-out" / "CIML-017" / "rev-1").iterdir()} == FILES


def test_an_output_folder_with_too_long_a_name_ends_with_3(run):
    ran = run("plan", "case.toml", "--site", SITE, "--out", "x" * 300)
    assert (ran.code, ran.out) == (3, "") and "Traceback" not in ran.err


def test_an_output_folder_that_may_not_be_entered_ends_with_3(run, monkeypatch):
    """As root every folder may be entered: so the system's answer is put in its place."""
    def forbidden(real):
        def answer(path, *args, **keys):
            if "locked" in str(path):
                raise PermissionError(13, "Permission denied", str(path))
            return real(path, *args, **keys)

        return answer

    for name in ("stat", "mkdir"):
        monkeypatch.setattr(os, name, forbidden(getattr(os, name)))
    ran = run("plan", "case.toml", "--site", SITE, "--out", "locked/out")
    assert (ran.code, ran.out) == (3, "") and "Traceback" not in ran.err


def test_a_revision_that_cannot_be_read_ends_with_3(run, tmp_path):
    run("plan", "case.toml", "--site", SITE)
    (tmp_path / "cases").mkdir()
    case_with(tmp_path / "cases" / "a.toml", **VIOLATED)
    (tmp_path / "dayzero-out" / "CIML-017" / "rev-1" / "manifest.json").write_text("{")
    before = snapshot(tmp_path)
    ran = run("cohort", "cases", "--out", "dayzero-out", "--site", SITE)
    assert ran.code == 3 and "the revision cannot be read" in ran.err and "Traceback" not in ran.err
    assert "Move that folder away, or write to another --out." in ran.err
    assert snapshot(tmp_path) == before


def test_a_revision_of_the_ledgers_that_cannot_be_read_is_put_aside_and_written_anew(run, tmp_path):
    code = run("plan", "case.toml", "--site", SITE).code
    patient = tmp_path / "dayzero-out" / "CIML-017"
    whole = {one.name: one.read_bytes() for one in (patient / "rev-1").iterdir()}
    (patient / "rev-1" / "manifest.json").write_text("{")
    assert run("plan", "case.toml", "--site", SITE).code == code
    assert {one.name: one.read_bytes() for one in (patient / "rev-1").iterdir()} == whole
    assert (patient / "damaged-rev-1" / "manifest.json").read_text() == "{"


# protocol --------------------------------------------------------------------------------------------------------------

PROTOCOL = (ROOT / "schedule" / "protocols" / "nct04024761.toml").read_text(encoding="utf-8")


def test_show_prints_activities_rules_dates_parameters_and_attestations(run):
    out = run("protocol", "show", "NCT04024761").out
    for heading in ("Activities", "Rules", "Known dates", "Parameters", "Statements"):
        assert re.search(rf"(?m)^{heading}", out)
    for n in range(1, 41):
        assert re.search(rf"(?m)^T{n} ", out)
    assert "Day\u00a0−5, Day\u00a0−4, Day\u00a0−3" in out
    assert "day-zero at least 29 days after gvhd-" in " ".join(out.split())


@pytest.mark.parametrize("width", [60, 80, 100, 110, 130])
def test_no_date_and_no_name_is_broken_across_lines(run, monkeypatch, width):
    """A name that ends in a hyphen cannot be copied; `03-Jun-` and `2026` on two lines is read as another date."""
    monkeypatch.setenv("COLUMNS", str(width))
    for args in (["protocol", "show", "NCT04024761"], ["check", "case.toml", "--site", SITE], ["plan", "case.toml", "--site", SITE]):
        assert re.findall(r"(?m)\S+-$", run(*args).out) == []


def test_lint_of_a_file_of_ones_own(run, tmp_path):
    (tmp_path / "mine.toml").write_text(PROTOCOL, encoding="utf-8")
    ran = run("protocol", "lint", "mine.toml")
    assert ran.code == 0 and ran.first.startswith("NCT04024761: no mistakes, ")


def test_lint_reports_every_mistake_with_its_place_and_what_to_write(run, tmp_path):
    text = PROTOCOL.replace('days = "-5 to -3"', 'days = "-5 too -3"').replace('course = "lymphodepletion"', 'course = "limfo"', 1)
    text = text.replace('title = "CIML NK cells, intravenous infusion"', 'title = "CIML NK cells QD, 5.0"')
    (tmp_path / "bad.toml").write_text(text, encoding="utf-8")
    ran = run("protocol", "lint", "bad.toml")
    assert (ran.code, ran.out) == (2, "")
    said = "\n".join(ran.err.splitlines()[:-1])
    line = text[: text.index('days = "-5 too -3"')].count("\n") + 1
    assert re.search(rf'bad.toml, line {line}, activity "fludarabine", days: .* - ', said)
    assert re.search(r'activity "fludarabine", course: there is no course "limfo" - ', said)
    assert 'activity "nk-infusion", title: "QD" is on the "Do Not Use" list - write daily' in said
    assert '"5.0" is on the "Do Not Use" list - write the number without the trailing zero' in said


def test_lint_warns_of_isms_doubtful_abbreviations_and_still_ends_with_0(run, tmp_path):
    text = PROTOCOL.replace('title = "CIML NK cells, intravenous infusion"', 'title = "CIML NK cells SC, then d/c"')
    assert text != PROTOCOL
    (tmp_path / "doubt.toml").write_text(text, encoding="utf-8")
    ran = run("protocol", "lint", "doubt.toml")
    assert ran.code == 0
    assert 'activity "nk-infusion", title: "SC" is easily misread - write subcutaneous' in ran.out
    assert 'activity "nk-infusion", title: "d/c" is easily misread - write discharge, or discontinue' in ran.out


def test_lint_finds_nothing_to_doubt_in_the_shipped_trial(run):
    assert run("protocol", "lint", "NCT04024761").out == "NCT04024761: no mistakes, no warnings; 11 activities, 40 rules.\n"


@pytest.mark.parametrize("sub", ["show", "lint"])
def test_a_protocol_that_is_not_there_is_said(run, sub):
    ran = run("protocol", sub, "NCT04024760")
    assert (ran.code, ran.out) == (2, "") and 'did you mean "NCT04024761"?' in ran.err


# cohort ----------------------------------------------------------------------------------------------------------------

COLUMNS = ["code", "protocol", "planned-day-zero", "transplant", "gvhd-prophylaxis-last", "marrow", "performance-scale"]
GOOD = ["NCT04024761", "2026-06-15", "2026-01-20", "2026-05-04", "2026-05-21", "2026-05-21"]


def write_csv(path, rows, columns=COLUMNS, encoding="utf-8", delimiter=","):
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file, delimiter=delimiter).writerows([columns, *rows])
    return path


def test_a_cohort_is_laid_out_as_plan_lays_it_out(run, tmp_path):
    write_csv(tmp_path / "c.csv", [["A-1", *GOOD], ["A-2", *GOOD]])
    ran = run("cohort", "c.csv", "--site", SITE, "--out", "plans")
    assert (ran.code, ran.first) == (0, "Planned 2 of 2 patients into plans; 0 unchanged, 0 not planned.")
    assert "Planning" in ran.err
    for code in ("A-1", "A-2"):
        assert [p.name for p in (tmp_path / "plans" / code).iterdir()] == ["rev-1"]
        assert {p.name for p in (tmp_path / "plans" / code / "rev-1").iterdir()} == FILES


def test_a_row_gives_the_plan_that_the_same_case_file_gives(run, tmp_path):
    write_csv(tmp_path / "c.csv", [["A-1", *GOOD[:1], "2026-06-15 10:00", *GOOD[2:4], "2026-05-01;2026-05-21", "2026-05-20"]])
    (tmp_path / "a.toml").write_text(
        'format = 1\ncode = "A-1"\nprotocol = "NCT04024761"\nplanned-day-zero = 2026-06-15T10:00:00\n'
        "[dates]\ntransplant = 2026-01-20\ngvhd-prophylaxis-last = 2026-05-04\nmarrow = [2026-05-01, 2026-05-21]\n"
        "[attestations]\nperformance-scale = 2026-05-20\n",
        encoding="utf-8",
    )
    assert run("cohort", "c.csv", "--site", SITE, "--out", "row").code == 0
    assert run("plan", "a.toml", "--site", SITE, "--out", "file").code == 0
    row, file = (files_in(tmp_path / out / "A-1" / "rev-1") for out in ("row", "file"))
    assert row["plan.json"] != file["plan.json"] and set(row) == set(file) == FILES
    row, file = but_for_the_schedules_name(row), but_for_the_schedules_name(file)
    for name in FILES - {"manifest.json"}:
        assert row[name] == file[name], name


def test_a_folder_of_case_files_is_a_cohort(run, tmp_path):
    folder = tmp_path / "cases"
    folder.mkdir()
    for code in ("B-1", "B-2"):
        (folder / f"{code}.toml").write_text(CASE.replace("CIML-017", code), encoding="utf-8")
    (folder / "notes.txt").write_text("not a case")
    assert run("cohort", folder, "--site", SITE, "--out", "plans").first.startswith("Planned 2 of 2 patients into plans; ")
    assert [p.name for p in (tmp_path / "plans" / "B-1").iterdir()] == ["rev-1"]


def test_what_a_cohort_wrote_is_not_taken_for_the_ledgers(run, tmp_path):
    """Another identity in calendars: two plans of one patient must not lie in one folder."""
    (tmp_path / "cases").mkdir()
    (tmp_path / "cases" / "a.toml").write_text(CASE, encoding="utf-8")
    run("cohort", "cases", "--site", SITE, "--out", "plans")
    before = snapshot(tmp_path / "plans")
    ran = run("plan", "case.toml", "--site", SITE, "--out", "plans")
    assert (ran.code, ran.out) == (3, "") and "it holds another plan's revision. Name another --out." in ran.err
    assert snapshot(tmp_path / "plans") == before
    ran = run("plan", "case.toml", "--site", SITE, "--out", "kept")
    assert ran.code == 0 and ran.first.endswith("Revision 1 nothing changed, saved already: kept/CIML-017/rev-1")
    assert files_in(tmp_path / "kept" / "CIML-017" / "rev-1").keys() == FILES


def test_the_same_cohort_again_changes_nothing(run, tmp_path):
    write_csv(tmp_path / "c.csv", [["A-1", *GOOD], ["A-2", *GOOD]])
    run("cohort", "c.csv", "--site", SITE, "--out", "plans")
    before = snapshot(tmp_path / "plans")
    ran = run("cohort", "c.csv", "--site", SITE, "--out", "plans")
    assert (ran.code, ran.first) == (0, "Planned 0 of 2 patients into plans; 2 unchanged, 0 not planned.")
    assert snapshot(tmp_path / "plans") == before


@pytest.mark.parametrize(
    ("encoding", "delimiter"), [("utf-8-sig", ","), ("utf-8", ",")], ids=["as Excel writes it", "plain"]
)
def test_a_byte_order_mark_before_the_columns_is_not_part_of_the_first_name(run, tmp_path, encoding, delimiter):
    write_csv(tmp_path / "c.csv", [["A-1", *GOOD]], encoding=encoding, delimiter=delimiter)
    assert run("cohort", "c.csv", "--site", SITE, "--out", "plans").code == 0


def test_empty_cells_are_missing_keys_and_never_is_never(run, tmp_path):
    write_csv(tmp_path / "c.csv", [["A-1", *GOOD[:3], "never", "", " "], ["A-2", *GOOD[:3], "", "2026-05-21", "2026-05-20"]])
    assert run("cohort", "c.csv", "--site", SITE, "--out", "plans").code == 0
    statuses = {}
    for code in ("A-1", "A-2"):
        data = json.loads((tmp_path / "plans" / code / "rev-1" / "plan.json").read_text(encoding="utf-8"))
        statuses[code] = {(f["rule"], f["point"]): f["status"] for f in data["findings"]}
    assert statuses["A-1"]["T17", "gvhd-prophylaxis-last"] == "not applicable"
    assert statuses["A-2"]["T17", "gvhd-prophylaxis-last"] == "due"
    assert (statuses["A-1"]["T14", "marrow"], statuses["A-2"]["T14", "marrow"]) == ("due", "met")


BAD_ROWS = {
    "a code that is none": (["jane", *GOOD], "code: "),
    "no code": (["", *GOOD], "code: is missing"),
    "a device name": (["CON", *GOOD], "is a device name on Windows"),
    "an unknown protocol": (["X-1", "NCT1", *GOOD[1:]], 'protocol "NCT1": there is none with that name'),
    "no protocol": (["X-1", "", *GOOD[1:]], "protocol"),
    "a date that does not exist": (["X-1", GOOD[0], "2026-02-30", *GOOD[2:]], "planned-day-zero: "),
    "no planned day 0": (["X-1", GOOD[0], "", *GOOD[2:]], "planned-day-zero: is missing"),
    "a date with two meanings": (["X-1", *GOOD[:4], "03/04/2026", ""], "marrow: '03/04/2026' is not a date"),
    "a list with a hole": (["X-1", *GOOD[:4], "2026-05-21;", ""], "marrow: "),
    "never for a required test": (["X-1", *GOOD[:4], "never", ""], '"never" would switch a required rule off'),
    "a list for an attestation": (["X-1", *GOOD[:5], "2026-05-21;2026-05-22"], "performance-scale: "),
    "a cell too many": (["X-1", *GOOD, "more"], "the row has more or fewer cells"),
    "a cell too few": (["X-1", *GOOD[:-1]], "the row has more or fewer cells"),
}  # fmt: skip


@pytest.mark.parametrize(("row", "reason"), BAD_ROWS.values(), ids=BAD_ROWS)
def test_a_bad_row_stops_nobody_else_and_is_listed_at_the_end_with_its_reason(run, tmp_path, row, reason):
    write_csv(tmp_path / "c.csv", [["A-1", *GOOD], row, ["A-2", *GOOD]])
    ran = run("cohort", "c.csv", "--site", SITE, "--out", "plans")
    assert (ran.code, ran.first) == (2, "Planned 2 of 3 patients into plans; 0 unchanged, 1 not planned.")
    (said,) = [line for line in ran.err.splitlines() if line.startswith("Not planned: ")]
    assert ran.err.splitlines()[-1] == said
    assert reason in said and ("c.csv, line 3" in said or "X-1" in said or "protocol" in reason)
    assert sorted(p.name for p in (tmp_path / "plans").iterdir()) == ["A-1", "A-2"]
    assert "Traceback" not in ran.err


def test_a_bad_row_is_named_by_its_line_whatever_is_wrong_with_it(run, tmp_path):
    """Of 200 rows one names a protocol that is not there, one has no day 0: which?"""
    rows = [["A-1", *GOOD], ["X-1", "NCT1", *GOOD[1:]], ["X-2", GOOD[0], "", *GOOD[2:]]]
    write_csv(tmp_path / "c.csv", rows)
    said = [line for line in run("cohort", "c.csv", "--site", SITE, "--out", "plans").err.splitlines() if "Not planned" in line]
    assert len(said) == 2
    for line, (number, code) in zip(said, [(3, "X-1"), (4, "X-2")], strict=True):
        assert f"line {number}" in line or code in line


def test_of_two_rows_with_one_code_only_the_first_is_planned(run, tmp_path):
    write_csv(tmp_path / "c.csv", [["A-1", *GOOD], ["A-2", *GOOD], ["A-1", *GOOD[:-1], ""]])
    ran = run("cohort", "c.csv", "--site", SITE, "--out", "plans")
    assert (ran.code, ran.first) == (2, "Planned 2 of 3 patients into plans; 0 unchanged, 1 not planned.")
    assert "Not planned: c.csv, line 4: the study code A-1 is in c.csv, line 2 already" in ran.err
    assert [p.name for p in (tmp_path / "plans" / "A-1").iterdir()] == ["rev-1"]


def test_case_files_that_both_lack_a_code_are_told_so(run, tmp_path):
    (tmp_path / "cases").mkdir()
    for name in ("a", "b"):
        (tmp_path / "cases" / f"{name}.toml").write_text(CASE.replace('code = "', '# "'), encoding="utf-8")
    ran = run("cohort", "cases", "--site", SITE, "--out", "plans")
    said = [line for line in ran.err.splitlines() if line.startswith("Not planned: ")]
    assert len(said) == 2 and all("code: is missing" in line for line in said)


@pytest.mark.parametrize(("column", "nearest"), [("marow", "marrow"), ("transplnt", "transplant")])
def test_an_unknown_column_is_a_mistake_with_the_nearest(run, tmp_path, column, nearest):
    write_csv(tmp_path / "c.csv", [["A-1", *GOOD, "2026-05-21"]], [*COLUMNS, column])
    ran = run("cohort", "c.csv", "--site", SITE, "--out", "plans")
    assert ran.code == 2 and f'{column}: I don\'t know this column - did you mean "{nearest}"?' in ran.err
    assert not (tmp_path / "plans").exists()


def test_a_column_that_is_there_twice_is_a_mistake(run, tmp_path):
    """Which of the two marrows would count? A value must not be lost in silence."""
    write_csv(tmp_path / "c.csv", [["A-1", *GOOD, ""]], [*COLUMNS, "gvhd-prophylaxis-last"])
    ran = run("cohort", "c.csv", "--site", SITE, "--out", "plans")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == (
        'c.csv: the column "gvhd-prophylaxis-last" is there twice - keep one of them\nNothing was changed.\n'
    )
    assert not (tmp_path / "plans").exists()


def test_a_cohort_with_a_violated_rule_ends_with_1_and_names_the_patients(run, tmp_path):
    bad = [*GOOD[:3], "2026-06-01", *GOOD[4:]]
    write_csv(tmp_path / "c.csv", [["A-1", *GOOD], ["A-2", *bad], ["A-3", *bad]])
    ran = run("cohort", "c.csv", "--site", SITE, "--out", "plans")
    assert (ran.code, ran.first) == (1, "Planned 3 of 3 patients into plans; 0 unchanged, 0 not planned.")
    assert ran.out.splitlines()[1] == "NOT ALLOWED AS PLANNED: A-2, A-3"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", 'there is no column "code"'),
        (b"name,date\nx,y\n", 'there is no column "code"'),
        (b"code;protocol\nA-1;NCT04024761\n", "the cells are not parted by commas"),
        (b"code,protocol\nA-1,\xfc\n", "c.csv, line 2: it holds a sign that is not UTF-8"),
        (b'code,protocol\n"A-1,NCT04024761\n', "cannot be read"),
        ("code,protocol\nA-1,x\n".encode("utf-16"), "c.csv, line 1: it holds a sign that is not UTF-8"),
        (b"code,protocol\nA-1," + b"x" * 200_000, "cannot be read"),
    ],
    ids=["empty", "other columns", "semicolons", "Latin-1", "an open quote", "UTF-16", "an endless cell"],
)
def test_a_cohort_file_that_cannot_be_used_gets_one_plain_message(run, tmp_path, content, message):
    (tmp_path / "c.csv").write_bytes(content)
    ran = run("cohort", "c.csv", "--site", SITE, "--out", "plans")
    assert (ran.code, ran.out) == (2, "") and "Traceback" not in ran.err
    assert ran.err.startswith("c.csv") and message in ran.err and not (tmp_path / "plans").exists()


@pytest.mark.parametrize("what", ["a folder", "a folder without case files", "a list with its columns alone"])
def test_a_cohort_of_nobody_is_a_mistake(run, tmp_path, what):
    """A script that named the wrong folder must not go on as if everybody were planned."""
    (tmp_path / "c").mkdir()
    (tmp_path / "d").mkdir()
    (tmp_path / "d" / "notes.txt").write_text("not a case")
    write_csv(tmp_path / "c.csv", [])
    named = {"a folder": "c", "a folder without case files": "d"}.get(what, "c.csv")
    ran = run("cohort", named, "--site", SITE, "--out", "plans")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == (
        f"{named}: there is no patient in it - name a CSV file, a JSON file or a folder of .toml files\nNothing was changed.\n"
    )
    assert not (tmp_path / "plans").exists()


@pytest.mark.parametrize("code", ['["A-1"]', "17", "{ a = 1 }", "true"])
def test_a_code_that_is_no_text_is_a_mistake_of_its_own_file_alone(run, tmp_path, code):
    (tmp_path / "cases").mkdir()
    for name, text in (("a", code), ("b", code), ("c", '"CIML-017"')):
        case_with(tmp_path / "cases" / f"{name}.toml", code=text)
    ran = run("cohort", "cases", "--site", SITE, "--out", "plans")
    assert (ran.code, ran.first) == (2, "Planned 1 of 3 patients into plans; 0 unchanged, 2 not planned.")
    said = [line for line in ran.err.splitlines() if line.startswith("Not planned: ")]
    assert [line.split(":")[1].split(",")[0].strip() for line in said] == ["a.toml", "b.toml"]
    assert all(" is not a text - " in line for line in said)


@pytest.mark.parametrize("args", [["nope.csv"], ["nope"], ["c.csv", "--site", "nope.toml"]], ids=" ".join)
def test_a_cohort_that_is_not_there_is_said(run, tmp_path, args):
    write_csv(tmp_path / "c.csv", [["A-1", *GOOD]])
    ran = run("cohort", *args, "--out", "plans")
    assert (ran.code, ran.out) == (2, "") and "nope" in ran.err and "Traceback" not in ran.err


def test_a_disk_that_fails_for_a_cohort_ends_with_3(run, tmp_path):
    write_csv(tmp_path / "c.csv", [["A-1", *GOOD]])
    (tmp_path / "plans").write_text("a file")
    ran = run("cohort", "c.csv", "--site", SITE, "--out", "plans")
    assert "could not be written" in ran.err and ran.code == 3


def test_one_row_that_finds_a_defect_does_not_stop_the_others(run, tmp_path, monkeypatch):
    import schedule.service.planning

    real = schedule.service.planning.lay_out

    def broken(protocol, site, case, as_of, **keys):
        if case.code == "A-1":
            raise RuntimeError("boom")
        return real(protocol, site, case, as_of, **keys)

    monkeypatch.setattr(schedule.service.planning, "lay_out", broken)
    write_csv(tmp_path / "c.csv", [["A-1", *GOOD], ["A-2", *GOOD]])
    ran = run("cohort", "c.csv", "--site", SITE, "--out", "plans")
    assert ran.code == 70 and (tmp_path / "plans" / "A-2" / "rev-1").is_dir()
    assert "Not planned: c.csv, line 2: a defect in Dayzero (RuntimeError: boom)" in ran.err
    assert ran.first == "Planned 1 of 2 patients into plans; 0 unchanged, 1 not planned."


def test_of_several_failures_the_gravest_is_the_exit_code(run, tmp_path, monkeypatch):
    """2: a row not read. 3: not written. 1: a rule violated, where everybody is planned."""
    rows = {
        1: ["A-1", *GOOD[:3], "2026-06-01", *GOOD[4:]],
        2: ["A-2", GOOD[0], "soon", *GOOD[2:]],
        3: ["A-3", *GOOD],
    }
    (tmp_path / "plans").mkdir()
    (tmp_path / "plans" / "A-3").write_text("in the way")
    for chosen, code in (([1], 1), ([1, 2], 2), ([1, 3], 3), ([3, 2, 1], 3), ([2, 3], 3)):
        write_csv(tmp_path / "c.csv", [rows[number] for number in chosen])
        assert run("cohort", "c.csv", "--site", SITE, "--out", "plans").code == code, chosen


def test_both_workers_give_the_same_files_as_one(tmp_path):
    """104 patients are three chunks: with two workers each has something to do, and a bad row is in each chunk."""
    rows = [[f"P-{n:03d}", GOOD[0], f"2026-{6 + n % 5:02d}-{1 + n % 28:02d}", *GOOD[2:]] for n in range(104)]
    for n in (10, 60, 101):
        rows[n][2] = "soon"
    write_csv(tmp_path / "c.csv", rows)
    found = {}
    for workers in (1, 2):
        out = tmp_path / f"w{workers}"
        ran = process("cohort", "c.csv", "--site", SITE, "--out", out, "--workers", workers, cwd=tmp_path)
        assert (ran.code, ran.first) == (2, f"Planned 101 of 104 patients into {out}; 0 unchanged, 3 not planned.")
        said = [line for line in ran.err.splitlines() if line.startswith("Not planned: ")]
        assert [re.search(r"line (\d+)", line)[1] for line in said] == ["12", "62", "103"]
        found[workers] = {p.relative_to(out): p.read_bytes() for p in out.rglob("*") if p.is_file()}
    assert found[1] == found[2] and len(found[1]) == 101 * len(FILES)


# The machine it runs on ------------------------------------------------------------------------------------------------

MACHINES = {
    "Tokyo": {"TZ": "Asia/Tokyo"},
    "Turkish": {"LC_ALL": "tr_TR.UTF-8", "LANG": "tr_TR.UTF-8"},
    "Arabic digits": {"LC_ALL": "ar_EG.UTF-8", "LANG": "ar_EG.UTF-8"},
    "another hash": {"PYTHONHASHSEED": "4711"},
    "C": {"LC_ALL": "C", "LANG": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"},
    "a western code page": {"PYTHONIOENCODING": "cp1252"},
    "a zone that is none": {"TZ": "Nowhere/At_All"},
}


PLAN = ("plan", EXAMPLES / "ciml-017.toml", "--site", SITE, "--out", "out")


@pytest.fixture(scope="module")
def at_home(tmp_path_factory):
    """What an unremarkable machine says and writes, and the ledger it keeps."""
    folder = tmp_path_factory.mktemp("home")
    ran = process(*PLAN, cwd=folder, PYTHONHASHSEED="0")
    assert ran.code == 0
    return ran.out, files_in(folder / "out" / "CIML-017" / "rev-1"), store_of(folder)


@pytest.mark.parametrize("machine", MACHINES)
def test_every_machine_says_and_writes_the_same_bytes(at_home, tmp_path, machine):
    """With the ledger of one machine to the last byte; with one of its own but for the schedule's random name."""
    said, files, ledger = at_home
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    store_of(tmp_path / "a").parent.mkdir()
    shutil.copyfile(ledger, store_of(tmp_path / "a"))
    ran = process(*PLAN, cwd=tmp_path / "a", **MACHINES[machine])
    assert (ran.code, ran.err) == (0, "")
    assert ran.out == said.replace("Revision 1 saved:", "Revision 1 nothing changed, saved already:")
    assert files_in(tmp_path / "a" / "out" / "CIML-017" / "rev-1") == files
    ran = process(*PLAN, cwd=tmp_path / "b", **MACHINES[machine])
    assert (ran.code, ran.err, ran.out) == (0, "", said)
    found = files_in(tmp_path / "b" / "out" / "CIML-017" / "rev-1")
    assert found["plan.json"] != files["plan.json"]
    assert but_for_the_schedules_name(found) == but_for_the_schedules_name(files)


def test_the_launcher_does_what_the_command_does(at_home, run):
    assert run("plan", "case.toml", "--site", SITE, "--out", "out").out == at_home[0]


def test_a_refusal_in_a_process_of_its_own_has_no_traceback(tmp_path):
    ran = process("plan", "nope.toml", cwd=tmp_path, LC_ALL="C")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == "nope.toml: there is no such file - look at the name and the folder\nNothing was changed.\n"
    assert list(tmp_path.iterdir()) == []


def test_a_patient_of_whom_nothing_is_known_is_no_good_news(run, tmp_path):
    """A file with a code and planned day 0 alone ended with 0, which reads as "every rule met"."""
    (tmp_path / "only-a-code.toml").write_text(
        'format = 1\ncode = "CIML-019"\nprotocol = "NCT04024761"\nplanned-day-zero = 2026-06-15T10:00:00\n', encoding="utf-8"
    )
    ran = run("check", tmp_path / "only-a-code.toml", "--site", SITE, "--as-of", "2026-05-26")
    assert ran.code == 1
    assert "cannot be judged" in ran.out.splitlines()[0]


def test_each_command_has_a_line_of_its_own_in_the_list(run):
    listed = run("--help").out.partition("Commands:")[2].strip().splitlines()
    lines = {line.split()[0]: line.split(maxsplit=1)[1] for line in listed}
    assert list(lines) == list(COMMANDS), "no line is wrapped, and none is missing"
    assert not [name for name, line in lines.items() if line.endswith(("...", "."))]
