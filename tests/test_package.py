"""The built wheel, installed alone and run from another folder: what a hospital gets, not what the checkout has."""

import importlib.util
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from email import message_from_string

import pytest
from shared import CLOCK, ROOT
from shared.calendar_readers import missing

RUN = "from schedule.commands import main; main()"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """The wheel, built from this checkout."""
    for module in ("build", "hatchling"):
        if importlib.util.find_spec(module) is None:
            missing(module, f"pip install {module}")
    out = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", out, ROOT]
    run = subprocess.run(command, cwd=out, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr
    (path,) = out.glob("dayzero-*.whl")
    return path


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory):
    """The folder that the wheel, and nothing else, is installed into."""
    target = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", "--target", target, wheel]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    return target


def run(installed, cwd, *args, code=RUN):
    env = {
        "PATH": os.environ["PATH"], "PYTHONPATH": f"{CLOCK.partition(':')[0]}:{installed}", "SOURCE_DATE_EPOCH": "1779796800",
        "DAYZERO_STORE": str(cwd.with_name(f"{cwd.name}-store") / "dayzero.sqlite"),
    }  # fmt: skip
    return subprocess.run([sys.executable, "-c", code, *args], cwd=cwd, env=env, capture_output=True, check=False)


def test_nothing_lands_beside_other_packages_but_schedule_and_its_record(installed):
    names = sorted(path.name for path in installed.iterdir() if path.name not in ("bin", "__pycache__"))
    assert len(names) == 2 and names[0].startswith("dayzero-") and names[0].endswith(".dist-info") and names[1] == "schedule"
    scripts = installed / ("Scripts" if sysconfig.get_platform().startswith("win") else "bin")
    assert [path.stem for path in scripts.iterdir()] == ["dayzero"]


def test_the_wheel_holds_every_module_template_example_and_protocol_and_no_test(wheel):
    names = set(zipfile.ZipFile(wheel).namelist())
    for folder, inside in (("schedule", "schedule"), ("templates", "schedule/templates"), ("examples", "schedule/examples")):
        files = [path.relative_to(ROOT / folder).as_posix() for path in (ROOT / folder).rglob("*") if path.is_file()]
        wanted = {f"{inside}/{name}" for name in files if "__pycache__" not in name and not name.startswith("compiled/")}
        assert wanted and wanted - names == set()
    assert "schedule/protocols/nct04024761.toml" in names
    assert not [name for name in names if "test" in name.lower() or "cli.py" in name or name.endswith(".pyc")]
    assert {name.split("/")[0] for name in names if ".dist-info" not in name} == {"schedule"}


def test_the_wheel_says_who_it_is_and_what_it_needs(installed):
    (folder,) = installed.glob("dayzero-*.dist-info")
    about = message_from_string((folder / "METADATA").read_text(encoding="utf-8"))
    assert (about["Name"], about["Requires-Python"], about["License-Expression"]) == ("dayzero", ">=3.11", "MIT")
    needed = sorted(line.split(";")[0].strip() for line in about.get_all("Requires-Dist") if "extra" not in line)
    assert [line.split(">")[0].split("<")[0] for line in needed] == [
        "click", "flask", "icalendar", "jinja2", "msgspec", "python-dateutil", "segno", "tzdata", "waitress",
    ]  # fmt: skip
    assert "dayzero = schedule.commands:main" in (folder / "entry_points.txt").read_text(encoding="utf-8")
    assert (folder / "licenses" / "LICENSE").is_file()


def test_the_installed_program_runs_its_demo_from_another_folder(installed, tmp_path):
    ran = run(installed, tmp_path, "demo")
    assert (ran.returncode, ran.stderr) == (0, b"")
    assert ran.stdout.decode("utf-8").startswith("Planned CIML-017: day 0 Mon 15-Jun-2026 10:00. Revision 1 saved: ")
    files = {path.name for path in (tmp_path / "dayzero-demo" / "CIML-017" / "rev-1").iterdir()}
    assert {"calendar.ics", "sheets.html", "plan.json", "plan.csv", "index.html", "manifest.json"} <= files


def test_it_is_the_installed_one_that_runs(installed, tmp_path):
    where = "import schedule.commands, schedule.output.html; print(schedule.commands.__file__); schedule.output.html.environment()"
    ran = run(installed, tmp_path, code=where)
    assert ran.returncode == 0 and ran.stdout.decode().startswith(str(installed))


def test_the_installed_program_writes_the_same_bytes_as_the_checkout(installed, tmp_path):
    """Its templates, examples and protocol are those of the checkout."""
    for name in ("installed", "checkout"):
        (tmp_path / name).mkdir()
    assert run(installed, tmp_path / "installed", "demo").returncode == 0
    assert run(ROOT, tmp_path / "checkout", "demo").returncode == 0
    found = [
        {p.name: p.read_bytes() for p in (tmp_path / name / "dayzero-demo" / "CIML-017" / "rev-1").iterdir()}
        for name in ("installed", "checkout")
    ]
    assert found[0] == found[1]


NEVER_COMPILES = """
import jinja2
def compiles(*_, **__): raise AssertionError("a template is compiled")
jinja2.Environment.compile = compiles
from schedule.commands import main
main()
"""


def test_the_installed_program_compiles_no_template(installed, tmp_path):
    """Where root has installed it, what was compiled could be kept nowhere."""
    ran = run(installed, tmp_path, "demo", code=NEVER_COMPILES)
    assert (ran.returncode, ran.stderr) == (0, b"")
    from schedule.output.html import environment

    modules = {path.name.rpartition("-")[0] for path in (installed / "schedule" / "templates" / "compiled").glob("*.py")}
    templates = environment().list_templates(extensions=("html", "css"))
    assert len(templates) > 40 and modules == {name.replace("/", ".") for name in templates}
    assert len(list((installed / "schedule" / "templates" / "compiled" / "__pycache__").glob("*.pyc"))) == len(templates)


def test_a_template_that_was_changed_where_it_is_installed_is_taken_as_it_is_now(installed, tmp_path):
    changed = shutil.copytree(installed, tmp_path / "changed")
    template = changed / "schedule" / "templates" / "sheet.html"
    template.write_text(template.read_text(encoding="utf-8").replace("Hospital label", "Label of the hospital"), encoding="utf-8")
    (tmp_path / "there").mkdir()
    assert run(changed, tmp_path / "there", "demo", code=NEVER_COMPILES).returncode == 70
    assert run(changed, tmp_path / "there", "demo").returncode == 0
    (sheets,) = (tmp_path / "there").rglob("sheets.html")
    assert "Label of the hospital" in sheets.read_text(encoding="utf-8")


def test_the_installed_command_says_its_version_and_its_help(installed, tmp_path):
    assert run(installed, tmp_path, "--version").stdout.decode().startswith("dayzero 0.")
    ran = run(installed, tmp_path, "--help")
    assert (ran.returncode, ran.stderr) == (0, b"") and b"dayzero demo" in ran.stdout


def test_the_installed_program_keeps_a_plan_and_moves_it(installed, tmp_path):
    """The ledger, the change notice and its template come with the wheel."""
    examples = installed / "schedule" / "examples"
    planned = run(installed, tmp_path, "plan", examples / "ciml-017.toml", "--site", examples / "site.toml")
    assert (planned.returncode, planned.stderr) == (0, b"")
    moved = run(
        installed, tmp_path, "slip", "CIML-017", "--to", "2026-06-16 10:00", "--reason", "product late", "--confirm", "CIML-017"
    )
    assert (moved.returncode, moved.stderr) == (0, b"")
    assert moved.stdout.decode().startswith("Re-plan of CIML-017: day 0 from Mon 15-Jun-2026 10:00 to Tue 16-Jun-2026 10:00.")
    names = {path.name for path in (tmp_path / "dayzero-out" / "CIML-017" / "rev-2").iterdir()}
    assert {"change.html", "change.json", "changes.ics", "calendar.ics"} <= names
    verified = run(installed, tmp_path, "verify", "--out", "dayzero-out")
    assert (verified.returncode, verified.stderr) == (0, b"") and b": whole. 2 acts" in verified.stdout


EVERY_HELP = """
import os, sys
from schedule.commands import main
from schedule.commands.listed import COMMANDS
for name in COMMANDS:
    print("==", name, flush=True)
    if not os.fork():
        sys.argv[1:] = [name, "--help"]
        main()
    print("\\n== ended with", os.waitstatus_to_exitcode(os.wait()[1]))
"""


def test_every_command_of_the_installed_program_says_its_help(installed, tmp_path):
    """Each in a fork of a process that has done nothing yet."""
    ran = run(installed, tmp_path, code=EVERY_HELP)
    assert (ran.returncode, ran.stderr) == (0, b"")
    found = dict(re.findall(r"^== (\S+)$(.*?)^== ended with 0$", ran.stdout.decode(), re.DOTALL | re.MULTILINE))
    assert {"plan", "slip", "record", "print", "verify", "restore"} <= found.keys()
    assert len(found) == ran.stdout.count(b"== ended with")
    for name, said in found.items():
        assert f"dayzero {name}" in said, name


def test_the_checkouts_launcher_is_not_needed_and_the_package_is_a_docstring(installed):
    assert not list(installed.rglob("cli.py"))
    assert (installed / "schedule" / "__init__.py").read_text(encoding="utf-8").count('"""') == 2
