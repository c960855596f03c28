"""A cohort beyond one process: parts of a list, and a real Dask cluster whose workers and scheduler are killed."""

import os
import re
import shutil
import signal
import subprocess
import sys

import pytest
from dask import config as dask_config
from shared import CLOCK, ROOT
from shared.dask_cluster import DaskCluster, children_of, tls_settings, waited_for

from schedule import commands
from schedule.model.errors import NotDone
from schedule.model.reasons.cluster_failures import NoWorkers
from schedule.service import cluster as module
from schedule.words.failures import error_in_words

SITE = str(ROOT / "examples" / "site-several.toml")
EPOCH = "1779796800"
HEADER = "code,protocol,planned-day-zero,transplant,gvhd-prophylaxis-last,marrow"
COUNT = 26


def rows(count=COUNT):
    """Patients of two trials: every seventh breaks a rule, every eighth cannot be read, the last is there twice."""
    found = []
    for n in range(count):
        last = "2026-06-01" if n % 7 == 0 else "2026-05-04"
        known = "NCT04290546,{},,," if n % 11 == 3 else f"NCT04024761,{{}},2026-01-20,{last},2026-05-21"
        found.append(f"P-{n:03d}," + known.format("soon" if n % 8 == 5 else f"2026-06-{15 + n % 12}"))
    return [*found, found[-1]]


def listed(folder, lines, name="c.csv"):
    (folder / name).write_text("\n".join((HEADER, *lines)) + "\n", encoding="utf-8")
    return name


def files_under(folder):
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def run(tmp_path, monkeypatch, capsys):
    """The command in this process: exit code, what it said, and what it said is wrong."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", EPOCH)

    def go(*args):
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            commands.main([str(arg) for arg in args])
        out, err = capsys.readouterr()
        return ended.value.code, out, err

    return go


def begun(*args, cwd, **env):
    """The command in a process of its own."""
    return subprocess.Popen(
        [sys.executable, ROOT / "cli.py", "cohort", *map(str, args)], cwd=cwd, text=True, encoding="utf-8",
        env={"PATH": os.environ["PATH"], "SOURCE_DATE_EPOCH": EPOCH, **env, "PYTHONPATH": CLOCK}, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip


def what_was_refused(err):
    """The lines that name a patient, without the progress bar, which depends on the terminal."""
    return [line for line in err.splitlines() if line.startswith("Not planned: ")]


# parts of a list -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("parts", [1, 3])
def test_all_parts_together_are_the_whole(run, tmp_path, parts):
    name = listed(tmp_path, rows(10))
    whole_code, whole_out, whole_err = run("cohort", name, "--site", SITE, "--out", "whole")
    codes, planned, refused = set(), 0, []
    for number in range(1, parts + 1):
        code, out, err = run("cohort", name, "--site", SITE, "--out", "parts", "--shard", f"{number}/{parts}")
        said = re.match(rf"Shard {number}/{parts}\. Planned (\d+) of \d+ patients into parts; 0 unchanged, \d+ not planned\.", out)
        codes.add(code)
        planned += int(said[1])
        refused += what_was_refused(err)
    assert (max(codes), sorted(refused)) == (whole_code, sorted(what_was_refused(whole_err)))
    assert whole_code == 2 and whole_out.startswith(f"Planned {planned} of 11 patients")
    assert files_under(tmp_path / "parts") == files_under(tmp_path / "whole") != {}


def test_in_which_part_a_patient_is_hangs_on_nothing_but_the_code(run, tmp_path):
    """Neither on the order of the list nor on who else is on it: computers may list a folder in another order."""
    found = []
    for n, lines in enumerate((rows(20), rows(20)[::-1], rows(9))):
        run("cohort", listed(tmp_path, lines, f"{n}.csv"), "--site", SITE, "--out", f"out{n}", "--shard", "2/3")
        found.append({path.name for path in (tmp_path / f"out{n}").iterdir()})
    assert found[0] == found[1] and found[2] == {code for code in found[0] if int(code[2:]) < 9} and found[2]


def test_a_part_without_a_patient_is_no_mistake(run, tmp_path):
    name = listed(tmp_path, rows(1)[:1])
    ends = sorted(run("cohort", name, "--site", SITE, "--out", "parts", "--shard", f"{n}/2")[:2] for n in (1, 2))
    assert ends[0][0] == 0 and ends[0][1].endswith("Planned 0 of 0 patients into parts; 0 unchanged, 0 not planned.\n")
    assert ends[1][0] == 1 and "Planned 1 of 1 patients" in ends[1][1]


@pytest.mark.parametrize("text", ["0/3", "4/3", "a/b", "1", "1/0", "-1/3", "1/3/5", "1.0/3", "", "１/3"])
def test_a_part_that_is_none_is_refused(run, tmp_path, text):
    code, out, err = run("cohort", listed(tmp_path, rows(1)), "--out", "plans", "--shard", text)
    assert (code, out) == (2, "") and f"{text!r} is none. Write 2/5 for the second of five parts." in err
    assert not (tmp_path / "plans").exists()


# what is refused before anybody is asked -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("tcp://10.0.0.7:8786", "tcp:// is not encrypted: whoever reaches such a scheduler can run programs on its computers"),
        ("tcp://node.example:8786", "write tls://."),
        ("tcp://localhost.example:8786", "tcp:// is not encrypted"),
        ("tcp://0.0.0.0:8786", "tcp:// is not encrypted"),
        ("ws://127.0.0.1:8786", "Write tls://HOST:PORT, or tcp://127.0.0.1:PORT on this computer."),
        ("127.0.0.1:8786", "Write tls://HOST:PORT"),
        ("tls://node.example", "Write tls://HOST:PORT"),
        ("tls://node.example:many", "Write tls://HOST:PORT"),
        ("tls://node.example:8786/x", "Write tls://HOST:PORT"),
        ("tls://", "Write tls://HOST:PORT"),
    ],
)
def test_an_address_that_is_not_safe_or_none_is_refused(run, tmp_path, address, said):
    code, out, err = run("cohort", listed(tmp_path, rows(1)), "--out", "plans", "--scheduler", address)
    assert (code, out) == (2, "") and said in err and "Traceback" not in err
    assert not (tmp_path / "plans").exists()


def test_workers_of_this_computer_are_none_of_a_cluster(run, tmp_path):
    code, _, err = run("cohort", listed(tmp_path, rows(1)), "--out", "plans", "--scheduler", "tcp://127.0.0.1:1", "--workers", "2")
    assert code == 2 and "--workers is for this computer alone; a cluster has its own." in err


def test_without_the_extra_it_is_said_which_to_install(run, tmp_path, monkeypatch):
    monkeypatch.delitem(sys.modules, "schedule.service.cluster", raising=False)
    monkeypatch.setitem(sys.modules, "distributed", None)
    code, out, err = run("cohort", listed(tmp_path, rows(1)), "--out", "plans", "--scheduler", "tcp://127.0.0.1:1")
    assert (code, out, err) == (3, "", "Dayzero was installed without what this takes. Install dayzero[cluster].\n")


@pytest.mark.parametrize(
    ("address", "said"),
    [("tcp://127.0.0.1:9", "tcp://127.0.0.1:9: no scheduler answers there ("), ("tls://node.example:8786", "tls:// takes certificates.")],
    ids=["nobody there", "no certificates"],
)
def test_a_scheduler_that_cannot_be_talked_to_ends_with_3(run, tmp_path, monkeypatch, address, said):
    monkeypatch.setattr(module, "PATIENCE_FOR_SCHEDULER", 0.5)
    code, out, err = run("cohort", listed(tmp_path, rows(1)), "--out", "plans", "--scheduler", address)
    assert (code, out) == (3, "") and err.startswith(said) and err.endswith("Nothing was planned.\n")
    assert not (tmp_path / "plans").exists()


# processes that are killed ---------------------------------------------------------------------------------------------


def test_what_a_killed_process_has_left_half_written_does_not_stop_the_next_run(run, tmp_path):
    """A revision's folder is written aside and renamed whole."""
    name = listed(tmp_path, rows(2)[:2])
    run("cohort", name, "--site", SITE, "--out", "whole")
    half = tmp_path / "plans" / "P-001" / ".rev-1-abcd"
    half.mkdir(parents=True)
    (half / "plan.json").write_text("{")
    assert run("cohort", name, "--site", SITE, "--out", "plans")[0] == 1
    shutil.rmtree(half)
    assert files_under(tmp_path / "plans") == files_under(tmp_path / "whole")


def test_a_process_of_this_computer_that_is_killed_is_told_and_asking_again_goes_on(run, tmp_path):
    name = listed(tmp_path, rows(60))
    process = begun(name, "--site", SITE, "--out", "plans", "--workers", "2", cwd=tmp_path)
    waited_for(lambda: len(list(tmp_path.glob("plans/*"))) > 2, "the first patients")
    for pid in children_of(process.pid):
        os.kill(pid, signal.SIGKILL)
    out, err = process.communicate()
    assert process.returncode == 3 and "Traceback" not in err
    assert err.endswith("One of the processes was ended from outside; perhaps there was too little memory. What is written stays; ask again, and the rest is planned.\n")
    left = len(list(tmp_path.glob("plans/*/rev-1")))
    code, out, _ = run("cohort", name, "--site", SITE, "--out", "plans")
    assert code == 2 and int(re.search(r"; (\d+) unchanged", out)[1]) == left > 0


# a cluster -------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def cluster(tmp_path_factory):
    """A scheduler and two workers that talk TLS with certificates."""
    folder = tmp_path_factory.mktemp("tls")
    with DaskCluster(folder, "tls", tls_settings(folder)) as found:
        found.workers = found.add_workers(2)
        yield found


def test_a_cluster_writes_the_same_files_though_a_worker_is_killed_half_way(run, cluster, tmp_path):
    name = listed(tmp_path, rows())
    code, out, err = run("cohort", name, "--site", SITE, "--out", "plans", "--workers", "1")
    (tmp_path / "plans").rename(tmp_path / "here")
    process = begun(name, "--site", SITE, "--out", "plans", "--scheduler", cluster.address, cwd=tmp_path, **cluster.more)
    waited_for(lambda: len(list(tmp_path.glob("plans/*"))) > 2, "the first patients")
    os.kill(children_of(cluster.workers.pid)[0], signal.SIGKILL)
    assert len(list(tmp_path.glob("plans/*"))) < COUNT - 6, "nothing was left to be lost"
    there_out, there_err = process.communicate()
    assert (process.returncode, there_out) == (code, out) == (2, out)
    assert what_was_refused(there_err) == what_was_refused(err) and len(what_was_refused(err)) > 2
    assert "Planning" in there_err and "Traceback" not in there_err and "distributed" not in there_err
    assert files_under(tmp_path / "plans") == files_under(tmp_path / "here") != {}


def test_a_cluster_makes_the_same_next_revision(run, cluster, tmp_path):
    """What is there already goes along: what has not changed stays, what has dates its calendar's entries from there."""
    name = listed(tmp_path, rows(6)[:6])
    for out in ("here", "plans"):
        run("cohort", name, "--site", SITE, "--out", out)
    listed(tmp_path, [row.replace("2026-05-21", "2026-05-22") if "P-002" in row else row for row in rows(6)[:6]])
    code, out, err = run("cohort", name, "--site", SITE, "--out", "here")
    process = begun(name, "--site", SITE, "--out", "plans", "--scheduler", cluster.address, cwd=tmp_path, **cluster.more)
    said = process.communicate()
    assert (process.returncode, said[0].replace("plans", "here"), what_was_refused(said[1])) == (code, out, what_was_refused(err))
    assert out.startswith("Planned 1 of 6 patients into here; 4 unchanged, 1 not planned.\n")
    assert files_under(tmp_path / "plans") == files_under(tmp_path / "here")
    assert (tmp_path / "plans" / "P-002" / "rev-2").is_dir()


def test_a_worker_that_would_not_write_the_same_files_is_refused_before_the_first_patient(cluster, tmp_path):
    """One has another version of Dayzero, one the other package that is called `schedule`."""
    newer, other = tmp_path / "newer", tmp_path / "other"
    for part in ("schedule", "templates"):
        shutil.copytree(ROOT / part, newer / part, ignore=shutil.ignore_patterns("__pycache__"))
    with (newer / "schedule" / "engine" / "plan.py").open("a", encoding="utf-8") as file:
        file.write("# a line more\n")
    (other / "schedule").mkdir(parents=True)
    (other / "schedule" / "__init__.py").write_text("every = None\n")
    foreign = [cluster.add_workers(1, "--no-nanny", path=path) for path in (newer, other)]
    name = listed(tmp_path, rows(2))
    process = begun(name, "--site", SITE, "--out", "plans", "--scheduler", cluster.address, cwd=tmp_path, **cluster.more)
    out, err = process.communicate()
    for one in foreign:
        cluster.end(one)
    assert (process.returncode, out) == (3, "") and not (tmp_path / "plans").exists()
    lines = err.splitlines()
    assert len(lines) == 3 and lines[2].startswith("They would not write the same files. Install the same Dayzero everywhere.")
    assert sum(bool(re.fullmatch(r"tls://127\.0\.0\.1:\d+: another version of Dayzero\.", line)) for line in lines) == 1
    assert sum(bool(re.fullmatch(r"tls://127\.0\.0\.1:\d+: this Dayzero is not there \(.+\)\.", line)) for line in lines) == 1


@pytest.fixture
def configured(cluster, monkeypatch):
    """Dask's configuration of the certificates, in this process."""
    with monkeypatch.context() as patch:
        for key, value in cluster.more.items():
            patch.setenv(key, value)
        dask_config.refresh()
        yield
    dask_config.refresh()


def test_a_worker_that_joins_later_and_differs_plans_nobody(cluster, configured, monkeypatch):
    """It has not been asked when the others were: each task says what it takes."""
    with module.Cluster(cluster.address, "America/New_York") as opened:
        assert dict(opened.each(abs, [(1, -4), (2, -5)])) == {1: 4, 2: 5}
        real = module.setup_of
        monkeypatch.setattr(module, "setup_of", lambda zone: {**real(zone), "jinja2": "0.1", "hours": ""})
        with pytest.raises(NotDone) as ended:
            list(opened.each(abs, [(1, -4)]))
    assert re.match(
        r"tls://127.0.0.1:\d+: jinja2 [\d.]+, here 0.1; the clocks of the site's time zone change otherwise there\.\n",
        error_in_words(ended.value, "terminal"),
    )


def test_where_the_configuration_demands_encryption_nothing_else_is_talked_to(run, configured, tmp_path):
    code, out, err = run("cohort", listed(tmp_path, rows(1)), "--out", "plans", "--scheduler", "tcp://127.0.0.1:9")
    assert (code, out) == (3, "") and err.startswith("tcp://127.0.0.1:9: no scheduler answers there (encryption required by Dask configuration")


def test_a_cluster_whose_certificates_are_others_is_not_talked_to(run, cluster, tmp_path):
    process = begun(
        listed(tmp_path, rows(1)), "--out", "plans", "--scheduler", cluster.address, cwd=tmp_path, **tls_settings(tmp_path, "stranger")
    )
    out, err = process.communicate()
    assert (process.returncode, out) == (3, "") and not (tmp_path / "plans").exists()
    assert re.match(rf"{cluster.address}: no scheduler answers there \(.*certificate.*\)\. Nothing was planned\.", err, re.I)


def test_a_scheduler_without_workers_or_in_the_open_or_lost_half_way(run, tmp_path):
    """On this computer, without encryption. What is written stays, and asking again goes on."""
    name = listed(tmp_path, rows())
    with DaskCluster(tmp_path, "tcp") as cluster:
        asked = ("cohort", name, "--site", SITE, "--out", "plans", "--scheduler", cluster.address)
        assert run(*asked) == (
            3, "", f"{cluster.address}: the scheduler has no workers. Start some: dask worker {cluster.address}. "
            "What is written stays; ask again, and the rest is planned.\n",
        )  # fmt: skip
        seen = cluster.add_workers(1, "--no-nanny", "--listen-address", "tcp://127.0.0.1:0", "--contact-address", "tcp://10.0.0.7:8786")
        code, out, err = run(*asked)
        assert (code, out) == (3, "") and err.startswith("tcp://10.0.0.7:8786 can be reached from other computers without encryption")
        cluster.end(seen)
        cluster.add_workers(1)
        assert not (tmp_path / "plans").exists()
        process = begun(*asked[1:], cwd=tmp_path)
        waited_for(lambda: len(list(tmp_path.glob("plans/*"))) > 2, "the first patients")
        cluster.end(cluster.scheduler)
        out, err = process.communicate()
    left = len(list(tmp_path.glob("plans/*/rev-1")))
    assert process.returncode == 3 and 2 < left < COUNT - 6
    assert out.startswith(f"Planned {left} of {COUNT + 1} patients into plans; 0 unchanged, {COUNT + 1 - left} not planned.\n")
    assert err.endswith(f"{cluster.address}: the scheduler no longer answers. What is written stays; ask again, and the rest is planned.\n")
    assert "Traceback" not in err and "distributed" not in err
    code, out, _ = run(*asked[:-2])
    assert code == 2 and f"; {left} unchanged, 4 not planned." in out


def test_a_task_that_kills_its_workers_is_told_alone_and_a_cluster_without_workers_is_not_waited_for(tmp_path, monkeypatch):
    with DaskCluster(tmp_path, "tcp", {"DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "0"}) as cluster:
        workers = cluster.add_workers(1)
        with module.Cluster(cluster.address, None) as opened:
            ((_, died),) = opened.each(signal.raise_signal, [(7, signal.SIGKILL)])
            assert error_in_words(died, "terminal") == "the workers that had it have died or failed (KilledWorker)"
            for name in ("PATIENCE_FOR_WORKERS", "PATIENCE_FOR_RESULT", "LOOK_ROUND"):
                monkeypatch.setattr(module, name, 0.2)
            with pytest.raises(NotDone) as ended:
                for number, result in opened.each(abs, enumerate([-1] * 50)):
                    assert result == 1 or error_in_words(result, "terminal") == error_in_words(died, "terminal")
                    if number == 0:
                        cluster.end(workers)
    assert ended.value.failure == NoWorkers(address=cluster.address)
