"""What commands share: a patient's files opened, planned, and written as a revision that nothing disturbs."""

import hashlib
import json
import multiprocessing
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from msgspec.structs import replace
from shared import ROOT
from shared.byte_lint import faults, parse
from shared.failures import not_done, said
from shared.snapshot import snapshot

from schedule.engine.entries import entries_of
from schedule.model.case import NO_SITE
from schedule.model.errors import InputError, NotDone
from schedule.model.reasons.alerts import Superseded
from schedule.output.outputs import Revision, output_files
from schedule.service import inputs as service
from schedule.service.export import write_revision
from schedule.service.inputs import open_case, protocol_path, read_file, site_time
from schedule.service.planning import make_plan

EXAMPLES = ROOT / "examples"
AS_OF = datetime(2026, 5, 26, 8, 0)
WHEN = datetime(2026, 5, 26, 12, 0, tzinfo=UTC)
LATER = datetime(2026, 5, 27, 12, 0, tzinfo=UTC)
NAMES = {
    "calendar.ics", "donor.ics", "plan.json", "plan.csv", "sheets.html", "index.html", "overview.html", "go.html", "deadlines.html",
    "patient.html",
}  # fmt: skip

CASE = """format = 1
code = "CASE-1"
protocol = "NCT04024761"
planned-day-zero = 2026-06-15
[dates]
gvhd-prophylaxis-last = 2026-05-04
"""


def case_file(folder, text=CASE):
    path = folder / "case.toml"
    path.write_text(text, encoding="utf-8")
    return path


def opened(folder, text=CASE, site=EXAMPLES / "site.toml"):
    return open_case(case_file(folder, text), site)


def revision_files(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


# Opening ---------------------------------------------------------------------------------------------------------------


def test_a_shipped_protocol_is_found_whatever_its_case(tmp_path):
    for name in ("NCT04024761", "nct04024761", "Nct04024761"):
        assert protocol_path(name, tmp_path) == service.SHIPPED / "nct04024761.toml"


def test_a_protocol_of_ones_own_is_seen_from_the_cases_folder(tmp_path):
    assert protocol_path("trials/mine.toml", tmp_path) == tmp_path / "trials" / "mine.toml"
    (tmp_path / "mine.toml").write_text((service.SHIPPED / "nct04024761.toml").read_text(encoding="utf-8"), encoding="utf-8")
    assert opened(tmp_path, CASE.replace("NCT04024761", "mine.toml")).protocol.id == "NCT04024761"


def test_an_unknown_protocol_is_a_mistake_with_the_nearest(tmp_path):
    with pytest.raises(InputError) as caught:
        protocol_path("NCT04024716", tmp_path)
    assert str(caught.value) == (
        'protocol "NCT04024716": there is none with that name - did you mean "NCT04024761"?; '
        "a file of your own is named by its path, ending in .toml"
    )


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda path: None, "there is no such file"),
        (lambda path: path.mkdir(), "cannot be read"),
        (lambda path: path.write_bytes(b""), "the file is empty"),
        (lambda path: path.write_bytes(b"\xef\xbb\xbf \r\n"), "the file is empty"),
        (lambda path: path.write_bytes(b"format = 1\ncode = \"\xe9\""), "is not UTF-8"),
        (lambda path: path.write_bytes(b"#" * (256 * 1024 + 1)), "larger than 256 KB"),
    ],
    ids=["missing", "a folder", "empty", "blank", "Latin-1", "too large"],
)  # fmt: skip
def test_a_file_that_cannot_be_used_is_a_mistake_with_its_name(tmp_path, make, words):
    make(tmp_path / "case.toml")
    with pytest.raises(InputError, match=words) as caught:
        read_file(tmp_path / "case.toml")
    assert "case.toml" in str(caught.value) and caught.value.exit_code == 2


def test_a_file_of_exactly_256_kb_is_read(tmp_path):
    (tmp_path / "a.toml").write_bytes(b"#" * (256 * 1024))
    assert len(read_file(tmp_path / "a.toml")) == 256 * 1024


def test_a_plan_needs_a_planned_day_zero(tmp_path):
    with pytest.raises(InputError, match=r"CASE-1, planned-day-zero: is missing - write planned-day-zero = 2026-06-15"):
        make_plan(opened(tmp_path, CASE.replace("planned-day-zero = 2026-06-15\n", "")), AS_OF)


@pytest.mark.parametrize(
    ("zone", "shown"),
    [("America/New_York", datetime(2026, 5, 26, 8, 0)), ("Asia/Kolkata", datetime(2026, 5, 26, 17, 30)),
     (None, datetime(2026, 5, 26, 12, 0))],
    ids=["New York", "Kolkata", "no site"],
)  # fmt: skip
def test_the_clock_is_read_as_the_sites_wall_time(zone, shown, site_of):
    site = site_of(zone=zone) if zone else NO_SITE
    assert site.zone == (ZoneInfo(zone) if zone else None)
    assert site_time(WHEN.replace(second=59), site) == shown


# Writing ---------------------------------------------------------------------------------------------------------------


def test_a_revision_has_every_file_and_a_manifest_that_fits_them(tmp_path):
    written = write_revision(opened(tmp_path), AS_OF, WHEN, tmp_path / "out")
    assert (written.saved, written.folder) == (True, tmp_path / "out" / "CASE-1" / "rev-1")
    files = revision_files(written.folder)
    assert set(files) == NAMES | {"manifest.json"}
    data = json.loads(files.pop("manifest.json"))
    assert data["files"] == {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    assert data["inputs"]["case"] == hashlib.sha256(CASE.encode()).hexdigest()
    assert data["inputs"]["site"] == hashlib.sha256((EXAMPLES / "site.toml").read_bytes()).hexdigest()
    assert faults(files["calendar.ics"]) == []


def test_the_same_three_texts_change_nothing_whenever_they_are_planned(tmp_path):
    first = write_revision(opened(tmp_path), AS_OF, WHEN, tmp_path / "out")
    before = snapshot(tmp_path / "out")
    again = write_revision(opened(tmp_path), datetime(2026, 6, 20), LATER, tmp_path / "out")
    assert (again.saved, again.folder, again.plan.as_of) == (False, first.folder, AS_OF)
    assert (again.plan.events, again.plan.findings) == (first.plan.events, first.plan.findings)
    assert snapshot(tmp_path / "out") == before


def test_a_text_with_windows_line_ends_is_the_same_text(tmp_path):
    write_revision(opened(tmp_path), AS_OF, WHEN, tmp_path / "out")
    (tmp_path / "case.toml").write_bytes(CASE.replace("\n", "\r\n").encode())
    assert not write_revision(open_case(tmp_path / "case.toml", EXAMPLES / "site.toml"), AS_OF, LATER, tmp_path / "out").saved


@pytest.mark.parametrize("what", ["case", "site", "no site", "protocol"])
def test_other_texts_make_the_next_revision_and_leave_the_one_before_as_it_is(tmp_path, what):
    write_revision(opened(tmp_path), AS_OF, WHEN, tmp_path / "out")
    before = snapshot(tmp_path / "out")
    text, site = CASE, EXAMPLES / "site.toml"
    if what == "case":
        text += "# a remark\n"
    if what == "site":
        site = tmp_path / "site.toml"
        site.write_text((EXAMPLES / "site.toml").read_text(encoding="utf-8") + "# a remark\n", encoding="utf-8")
    if what == "no site":
        site = None
    if what == "protocol":
        protocol = (service.SHIPPED / "nct04024761.toml").read_text(encoding="utf-8") + "# a remark\n"
        (tmp_path / "mine.toml").write_text(protocol, encoding="utf-8")
        text = text.replace("NCT04024761", "mine.toml")
    written = write_revision(opened(tmp_path, text, site), AS_OF, LATER, tmp_path / "out")
    assert (written.saved, written.plan.revision, written.folder.name) == (True, 2, "rev-2")
    after = snapshot(tmp_path / "out")
    assert {name: after[name] for name in before} == before
    assert {Path(name).parts[1] for name in after} == {"rev-1", "rev-2"}


def test_the_next_revision_carries_what_did_not_change_and_says_what_did(tmp_path):
    """Chemotherapy is entered: its deadline is done, everything else keeps its bytes."""
    first = write_revision(opened(tmp_path), AS_OF, WHEN, tmp_path / "out")
    second = write_revision(opened(tmp_path, CASE + "chemotherapy-last = 2026-05-11\n"), AS_OF, LATER, tmp_path / "out")
    before, after = (
        {e.one("UID"): e for e in parse((w.folder / "calendar.ics").read_bytes()).all("VEVENT")} for w in (first, second)
    )
    assert set(after) == set(before)
    (changed,) = [uid for uid in before if before[uid] != after[uid]]
    assert after[changed].text("SUMMARY").startswith("DONE last chemotherapy")
    assert (after[changed].one("SEQUENCE"), after[changed].one("DTSTAMP")) == ("1", "20260527T120000Z")
    data = json.loads((second.folder / "plan.json").read_text(encoding="utf-8"))
    assert data["revision"] == 2 and {event["since"] for event in data["events"]} == {1}


def test_since_in_the_plan_is_the_revision_of_the_entry_also_when_nothing_is_written(tmp_path):
    texts = [CASE, CASE.replace("2026-06-15", '"2026-06-15 10:00"')]
    for text, when in zip(texts, (WHEN, LATER), strict=True):
        write_revision(opened(tmp_path, text), AS_OF, when, tmp_path / "out")
    again = write_revision(opened(tmp_path, texts[1]), AS_OF, LATER, tmp_path / "out")
    assert {e.id for e in again.plan.events if e.since == 2} == {"nk-infusion-1"}
    data = json.loads((again.folder / "plan.json").read_text(encoding="utf-8"))
    assert {e["id"] for e in data["events"] if e["since"] == 2} == {"nk-infusion-1"}


def test_a_plan_that_is_not_allowed_says_so_in_every_file(tmp_path):
    inputs = opened(tmp_path, CASE.replace("2026-05-04", "2026-06-01"))
    plan = make_plan(inputs, AS_OF)
    assert [finding.ref for finding in plan.violated] == ["T17"]
    files = output_files(Revision(plan=plan, entries=entries_of(plan, WHEN), when=WHEN))
    assert set(files) == NAMES
    silent = [name for name, data in files.items() if b"NOT ALLOWED AS PLANNED" not in data.replace(b"\r\n ", b"")]
    assert silent == []
    allowed = output_files(Revision(plan=make_plan(opened(tmp_path), AS_OF), entries=(), when=WHEN))
    assert not [name for name, data in allowed.items() if b"NOT ALLOWED AS PLANNED" in data]


def test_the_calendars_description_names_the_newest_revision(tmp_path):
    write_revision(opened(tmp_path), AS_OF, WHEN, tmp_path / "out")
    second = write_revision(opened(tmp_path, CASE + "# more\n"), AS_OF, LATER, tmp_path / "out")
    calendar = parse((second.folder / "calendar.ics").read_bytes())
    assert calendar.text("X-WR-CALDESC") == (
        "CASE-1, Example site: revision 2 of Wed 27-May-2026 12:00 UTC. Day 0 Mon 15-Jun-2026. "
        "Left out: the site's tasks (27); sheets and plan.csv have them."
    )
    assert calendar.text("X-WR-CALNAME") == "CASE-1 NCT04024761 revision 2"


@pytest.mark.parametrize(
    ("dates", "superseded", "heading"),
    [
        ("2026-06-01", None, "NOT ALLOWED AS PLANNED"),
        ("2026-05-04", Superseded(revision=2, at=datetime(2026, 5, 27, 12, tzinfo=UTC)), "SUPERSEDED"),
        ("2026-06-01", Superseded(revision=2, at=datetime(2026, 5, 27, 12, tzinfo=UTC)), "SUPERSEDED"),
    ],
    ids=["violated", "superseded", "both"],
)  # fmt: skip
def test_the_calendars_name_ends_with_the_first_words_of_the_banner(tmp_path, dates, superseded, heading):
    """All that a list of calendars shows; cut within a time of day the words would name another one."""
    plan = make_plan(opened(tmp_path, CASE.replace("2026-05-04", dates)), AS_OF)
    plan = plan if superseded is None else replace(plan, alerts=(superseded, *plan.alerts))
    name = parse(output_files(Revision(plan=plan, entries=entries_of(plan, WHEN), when=WHEN))["calendar.ics"]).text("X-WR-CALNAME")
    start, _, shown = name.partition(" - ")
    assert start == "CASE-1 NCT04024761 revision 1" and shown == heading


def test_the_same_inputs_give_the_same_bytes_in_another_folder(tmp_path):
    one, two = (write_revision(opened(tmp_path), AS_OF, WHEN, tmp_path / name) for name in ("a", "b/c"))
    assert revision_files(one.folder) == revision_files(two.folder)


def test_a_disk_that_fails_leaves_the_revision_before_and_nothing_else(tmp_path, monkeypatch):
    write_revision(opened(tmp_path), AS_OF, WHEN, tmp_path / "out")
    before = snapshot(tmp_path / "out")

    def full(self, data):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with not_done("No space left on device"):
        write_revision(opened(tmp_path, CASE + "# more\n"), AS_OF, LATER, tmp_path / "out")
    monkeypatch.undo()
    assert snapshot(tmp_path / "out") == before


def test_a_defect_while_the_pages_are_made_leaves_nothing(tmp_path, monkeypatch):
    monkeypatch.setattr("schedule.output.outputs.page", lambda name, **values: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        write_revision(opened(tmp_path), AS_OF, WHEN, tmp_path / "out")
    assert not (tmp_path / "out").exists()


# Two at once -----------------------------------------------------------------------------------------------------------

ROUNDS = 12


def rounds_of(number, barrier, root, answers):
    """One of two people, each with a patient's file of her own, who plan at the same moment, again and again."""
    inputs = opened(root / str(number), CASE + f"# by {number}\n")
    for turn in range(ROUNDS):
        barrier.wait(60)
        try:
            written = write_revision(inputs, AS_OF, WHEN, root / f"out-{turn}")
            answers.put((turn, number, written.plan.revision))
        except NotDone as error:
            answers.put((turn, number, said(error)))


def test_of_two_at_once_one_wins_the_other_is_told_and_no_folder_is_mixed(tmp_path):
    context = multiprocessing.get_context("spawn")
    barrier, answers = context.Barrier(2), context.Queue()
    for number in (1, 2):
        (tmp_path / str(number)).mkdir()
    people = [context.Process(target=rounds_of, args=(n, barrier, tmp_path, answers)) for n in (1, 2)]
    for person in people:
        person.start()
    found = [answers.get(timeout=60) for _ in range(2 * ROUNDS)]
    for person in people:
        person.join(60)
        assert person.exitcode == 0
    cases = {n: hashlib.sha256((CASE + f"# by {n}\n").encode()).hexdigest() for n in (1, 2)}
    for turn in range(ROUNDS):
        told = {number: answer for t, number, answer in found if t == turn}
        patient = tmp_path / f"out-{turn}" / "CASE-1"
        revisions = sorted(path.name for path in patient.iterdir())
        winners = {number: answer for number, answer in told.items() if isinstance(answer, int)}
        assert sorted(winners.values()) == list(range(1, len(winners) + 1)) and winners
        assert revisions == [f"rev-{n}" for n in sorted(winners.values())]
        for number, revision in winners.items():
            files = revision_files(patient / f"rev-{revision}")
            data = json.loads(files.pop("manifest.json"))
            assert data["inputs"]["case"] == cases[number]
            assert data["files"] == {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
        for answer in (answer for number, answer in told.items() if number not in winners):
            assert "somebody else has just written this revision" in answer


def test_the_loser_of_a_race_is_told_and_the_winner_is_untouched(tmp_path, monkeypatch):
    """The same, with the other person's revision put there at the worst moment: after the look, before the rename."""
    from schedule.output.outputs import output_files as real

    def meanwhile(*args):
        monkeypatch.setattr("schedule.service.export.output_files", real)
        write_revision(opened(tmp_path, CASE + "# the other\n"), AS_OF, WHEN, tmp_path / "out")
        return real(*args)

    mine = opened(tmp_path)
    monkeypatch.setattr("schedule.service.export.output_files", meanwhile)
    with not_done("somebody else has just written this revision") as caught:
        write_revision(mine, AS_OF, LATER, tmp_path / "out")
    assert caught.value.exit_code == 3
    data = json.loads((tmp_path / "out" / "CASE-1" / "rev-1" / "manifest.json").read_text(encoding="utf-8"))
    assert data["inputs"]["case"] == hashlib.sha256((CASE + "# the other\n").encode()).hexdigest()
    assert [path.name for path in (tmp_path / "out" / "CASE-1").iterdir()] == ["rev-1"]
