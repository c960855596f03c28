"""Acts from the command line: what it says first, how it ends, what it writes, and when it saves nothing."""

import csv
import io
import json
import os
import re
import subprocess
import sys
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from shared import CLOCK, ROOT
from shared.desk import CODE, ON_BOTH, SURE, desk, planned  # noqa: F401
from shared.ward import PROTOCOL

from schedule.ledger.opening import open_store
from schedule.service.history import act_told

FILES = {
    "calendar.ics", "donor.ics", "plan.json", "plan.csv", "sheets.html", "go.html", "overview.html", "deadlines.html", "patient.html",
    "index.html", "manifest.json",
}  # fmt: skip
OF_WHAT_IS_TO_COME = {"go.html", "deadlines.html", "patient.html"}
"""Of a cancelled plan there are none of these."""


# plan ----------------------------------------------------------------------------------------------------------------


@ON_BOTH
def test_plan_keeps_the_patient_and_writes_every_file(desk):
    code, out, err = desk.run("plan", desk.case, "--site", desk.site)
    assert (code, err) == (0, "")
    assert out.splitlines()[0] == (f"Planned CASE-1: day 0 Mon 15-Jun-2026 10:00. Revision 1 saved: {desk.files(1)}")
    assert {path.name for path in desk.files(1).iterdir()} == FILES
    assert desk.revisions == [1]


@ON_BOTH
def test_the_same_files_planned_again_change_nothing(planned):
    code, out, _ = planned.run("plan", planned.case, "--site", planned.site)
    assert code == 0 and "nothing changed" in out.splitlines()[0]
    assert planned.revisions == [1]


@ON_BOTH
def test_other_files_for_a_stored_code_end_with_2_and_name_the_right_act(planned):
    planned.case.write_text(planned.ward.case_text + "# another\n", encoding="utf-8")
    code, out, err = planned.run("plan", planned.case, "--site", planned.site)
    assert (code, out) == (2, "") and "amend" in err and "Nothing was changed." in err
    assert planned.revisions == [1]


@ON_BOTH
def test_a_first_plan_that_violates_a_rule_is_kept_and_ends_with_1(desk):
    desk.case.write_text(desk.ward.case_text.replace("marrow = 2026-05-25", "marrow = 2026-05-01"), encoding="utf-8")
    code, out, _ = desk.run("plan", desk.case, "--site", desk.site)
    assert code == 1 and out.splitlines()[1].startswith("NOT ALLOWED AS PLANNED: T14")
    assert desk.revisions == [1] and desk.files(1).is_dir()


@ON_BOTH
def test_a_plan_tried_out_leaves_no_patient_and_no_file(desk):
    code, values = desk.json("plan", desk.case, "--site", desk.site, "--dry-run")
    assert (code, values["saved"], values["folder"]) == (0, False, None)
    assert desk.revisions == [] and not desk.out.exists()


# the other acts ------------------------------------------------------------------------------------------------------

ACTS = [
    ("record", (CODE, "fludarabine-1", "given", "--at", "2026-06-10 09:10"), "2026-06-10 12:00"),
    ("fact", (CODE, "virology", "2026-05-20"), "2026-05-27 12:00"),
    ("attest", (CODE, "not-breastfeeding"), "2026-05-27 12:00"),
    ("rule", (CODE, "T14", "allowed", *SURE), "2026-05-27 12:00"),
    ("slip", (CODE, "--to", "2026-06-16 10:00", *SURE), "2026-06-12 12:00"),
    ("note", (CODE, "cell lab told"), "2026-05-27 12:00"),
    ("cancel", (CODE, *SURE), "2026-05-27 12:00"),
]
ACT_IDS = [name for name, _, _ in ACTS]


@ON_BOTH
@pytest.mark.parametrize(("name", "argv", "at"), ACTS, ids=ACT_IDS)
def test_an_act_says_first_what_happened_and_writes_its_revision(planned, name, argv, at):
    planned.at(at)
    code, out, err = planned.run(name, *argv, "--by", "nurse 7")
    assert (code, err) == (0, "")
    assert CODE in out.splitlines()[0] and "Not saved" not in out
    assert planned.revisions == [1, 2] and planned.last.by == "nurse 7"
    changed = {"changes.ics"} if name in ("record", "slip", "cancel") else set()
    of_every = FILES - OF_WHAT_IS_TO_COME if name == "cancel" else FILES
    assert {path.name for path in planned.files(2).iterdir()} == of_every | {"change.html", "change.json"} | changed
    change = json.loads((planned.files(2) / "change.json").read_text(encoding="utf-8"))
    assert (change["saved"], change["revision"]) == (True, 2)


@ON_BOTH
@pytest.mark.parametrize(("name", "argv", "at"), ACTS, ids=ACT_IDS)
def test_a_dry_run_ends_as_the_act_would_and_saves_nothing(planned, name, argv, at):
    planned.at(at)
    bare = argv[: argv.index("--confirm")] if "--confirm" in argv else argv
    code, values = planned.json(name, *bare, "--dry-run")
    assert (code, values["saved"], values["revision"], values["folder"]) == (0, False, 1, None)
    assert planned.revisions == [1] and not planned.files(2).exists()


@pytest.mark.parametrize(("name", "argv", "at"), ACTS, ids=ACT_IDS)
def test_the_json_of_an_act_has_every_key(planned, name, argv, at):
    planned.at(at)
    code, values = planned.json(name, *argv)
    assert code == 0
    assert {"kind", "allowed", "saved", "limit", "stays", "moves", "repeats", "findings"} <= values.keys()
    assert values["saved"] is True and values["kind"] == ("slip" if name == "slip" else None)


@ON_BOTH
@pytest.mark.parametrize(("name", "argv", "at"), ACTS, ids=ACT_IDS)
def test_an_act_based_on_another_revision_ends_with_3_and_says_who_was_first(planned, name, argv, at):
    planned.run("note", CODE, "x", "--by", "the other")
    planned.at(at)
    code, out, err = planned.run(name, *argv, "--based-on", "1")
    assert (code, out) == (3, "") and "revision 2" in err and "the other" in err
    assert planned.revisions == [1, 2]


SEVERE = [row for row in ACTS if "--confirm" in row[1]]


@pytest.mark.parametrize(("name", "argv", "at"), SEVERE, ids=[name for name, _, _ in SEVERE])
def test_what_moves_a_plan_needs_its_code_again(planned, name, argv, at):
    planned.at(at)
    bare = (*argv[: argv.index("--confirm")], "--reason", "why")
    code, out, err = planned.run(name, *bare)
    assert (code, out) == (2, "") and f"--confirm {CODE}" in err
    code, out, err = planned.run(name, *bare, "--confirm", "CASE-2")
    assert code == 2 and "CASE-2" in err
    assert planned.revisions == [1]


@pytest.mark.parametrize(("name", "argv", "at"), SEVERE, ids=[name for name, _, _ in SEVERE])
@pytest.mark.parametrize("reason", [(), ("--reason", "  ")])
def test_what_moves_a_plan_needs_a_reason(planned, name, argv, at, reason):
    planned.at(at)
    bare = argv[: argv.index("--reason")]
    code, out, err = planned.run(name, *bare, *reason)
    assert (code, out) == (2, "") and "--reason" in err
    assert planned.revisions == [1]


@ON_BOTH
@pytest.mark.parametrize(("name", "argv", "at"), ACTS, ids=ACT_IDS)
def test_an_act_for_an_unknown_code_ends_with_2_and_offers_the_near_one(planned, name, argv, at):
    planned.at(at)
    code, out, err = planned.run(name, "CASE-7", *argv[1:])
    assert (code, out) == (2, "") and CODE in err
    assert planned.revisions == [1]


@ON_BOTH
def test_amend_shows_the_dates_first_and_then_keeps_them(planned):
    other = planned.folder / "site-2.toml"
    other.write_text(planned.ward.site(response_marrow="+30"), encoding="utf-8")
    code, values = planned.json("amend", CODE, "--site", other, "--dry-run")
    assert (code, values["saved"]) == (0, False)
    assert (values["moves"], values["vanished"]) == ([], [{"id": "response-marrow-1", "from": "2026-07-13"}])
    assert values["added"] == [{"id": "response-marrow-2", "to": "2026-07-15"}]
    assert planned.run("amend", CODE, "--site", other, *SURE)[0] == 0
    assert planned.revisions == [1, 2]


def test_amend_names_a_dose_that_the_protocol_removes(planned):
    other = planned.folder / "protocol-2.toml"
    other.write_text(PROTOCOL.replace('days = "-5, -4"', 'days = "-5"'), encoding="utf-8")
    _, values = planned.json("amend", CODE, "--protocol", other, *SURE)
    assert values["vanished"] == [{"id": "cyclophosphamide-2", "from": "2026-06-11"}]


@pytest.mark.parametrize("reason", [(), ("--reason", "why")])
def test_amend_needs_a_file_a_reason_and_a_confirmation(planned, reason):
    other = planned.folder / "site-2.toml"
    other.write_text(planned.ward.site(response_marrow="+30"), encoding="utf-8")
    argv = (CODE, *reason) if not reason else (CODE, *reason, "--site", other)
    code, _, err = planned.run("amend", *argv)
    assert code == 2 and ("--protocol FILE" in err if not reason else "--confirm" in err)


@ON_BOTH
def test_an_amendment_to_the_same_texts_is_answered_and_not_kept(planned):
    code, out, _ = planned.run("amend", CODE, "--site", planned.site, *SURE)
    assert (code, planned.revisions) == (0, [1]) and out.startswith("Nothing changed: CASE-1")


# slip ----------------------------------------------------------------------------------------------------------------


def test_an_allowed_slip_in_json_says_limit_moves_and_what_stays(planned):
    planned.at("2026-06-12 12:00")
    code, values = planned.json("slip", CODE, "--to", "2026-06-16 10:00", "--cause", "product", *SURE)
    assert code == 0
    assert (values["kind"], values["allowed"], values["saved"]) == ("slip", True, True)
    assert values["limit"] == {"hours": 48, "until": "2026-06-17T10:00-04:00", "used": 24.0, "left": 24.0, "last": "2026-06-17"}
    assert {"fludarabine-1", "fludarabine-3", "cyclophosphamide-2"} <= set(values["stays"])
    assert {"id": "nk-infusion-1", "from": "2026-06-15T10:00-04:00", "to": "2026-06-16T10:00-04:00"} in values["moves"]
    assert {"id": "il2-1", "from": "2026-06-16T20:00-04:00", "to": "2026-06-17T20:00-04:00"} in values["moves"]
    assert {"id": "response-marrow-1", "from": "2026-07-13", "to": "2026-07-14"} in values["moves"]
    assert values["repeats"] == []
    assert [f for f in values["findings"] if f["rule"] == "T36"] == [
        {"rule": "T36", "ref": "T36", "point": "day-zero", "from": "met", "to": "boundary"}
    ]


def test_a_slip_that_makes_a_test_too_old_lists_it_among_the_repeats_and_ends_with_0(desk):
    desk.case.write_text(
        desk.ward.case_text.replace("organ-function = 2026-06-08", "organ-function = 2026-06-01"), encoding="utf-8"
    )
    desk.plan()
    desk.at("2026-06-12 12:00")
    code, values = desk.json("slip", CODE, "--to", "2026-06-16 10:00", *SURE)
    assert (code, values["saved"]) == (0, True)
    assert values["repeats"] == [{"what": "organ function", "earliest": "2026-06-02", "latest": "2026-06-15"}]
    page = (desk.files(2) / "change.html").read_text(encoding="utf-8")
    assert "NOT ALLOWED UNTIL REPEATED: organ function" in page


def test_a_limit_without_hours_is_null_in_json(planned):
    planned.at("2026-06-12 12:00")
    _, values = planned.json("slip", CODE, "--to", "2026-06-16", "--dry-run")
    assert values["limit"] == {"hours": 48, "until": None, "used": None, "left": None, "last": "2026-06-17"}


@ON_BOTH
@pytest.mark.parametrize("dry", [(), ("--dry-run",)])
def test_a_refused_slip_ends_with_1_names_rule_and_source_and_saves_nothing(planned, dry):
    planned.at("2026-06-12 12:00")
    code, out, err = planned.run("slip", CODE, "--to", "2026-06-17 10:01", "--reason", "why", *dry)
    assert (code, err) == (1, "")
    first, second = out.splitlines()[:2]
    assert first == "Slip of CASE-1 to Wed 17-Jun-2026 10:01 is not allowed. Nothing was saved."
    assert "T36" in second and "2.9" in out and "within 48 hours of the planned day 0" in out
    assert planned.revisions == [1] and not planned.files(2).exists()


def test_a_slip_says_its_verdict_first_then_sums_up_what_moves_and_asks_about_a_hole(planned):
    """Lymphodepletion from 10-Jun: fludarabine of Fri 12-Jun stays. Nothing else lies before the collection of day -1,
    Sun 14-Jun."""
    planned.at("2026-06-12 12:00")
    _, out, _ = planned.run("slip", CODE, "--to", "2026-06-16 10:00", "--cause", "product", "--dry-run")
    lines = out.replace("\u00a0", " ").splitlines()
    assert lines[1].startswith("PI decides: the principal investigator must decide on T36 (Cells within 48 hours of the planned day 0)")
    assert "  Everything from Day −1 on (was Sun 14-Jun-2026) moves 1 day later." in lines


@ON_BOTH
def test_what_the_principal_investigator_allows_is_kept_with_the_move(planned):
    """The marrow is of Mon 25-May: it serves up to Mon 22-Jun. Day 0 on Tue 16-Jun asks about T36 alone."""
    planned.at("2026-06-12 12:00")
    code, values = planned.json("slip", CODE, "--to", "2026-06-16 10:00", "--cause", "product", "--allowed-by", "PI", *SURE)
    assert (code, values["saved"], planned.revisions) == (0, True, [1, 2])
    assert {"rule": "T36", "ref": "T36", "point": "day-zero", "from": "met", "to": "ruled"} in values["findings"]
    _, acts = planned.json("history", CODE)
    assert [(one["rule"], one["by"], one["day_zero"]) for one in acts[-1]["deed"]["rulings"]] == [("T36", "PI", "2026-06-16")]
    assert planned.run("verify")[0] == 0


@ON_BOTH
def test_a_refused_slip_in_json_says_so(planned):
    planned.at("2026-06-12 12:00")
    code, values = planned.json("slip", CODE, "--to", "2026-06-18 10:00", *SURE)
    assert code == 1
    assert (values["kind"], values["allowed"], values["saved"], values["revision"]) == ("slip", False, False, 1)
    assert values["refusals"] and values["folder"] is None


@ON_BOTH
@pytest.mark.parametrize("named", [(), ("--based-on", 1)], ids=["of the newest revision", "of a named revision"])
def test_an_act_that_is_asked_for_again_since_nobody_knew_whether_it_was_saved_is_done_once(planned, named):
    planned.at("2026-06-12 12:00")
    note = ("note", CODE, "told by phone", *named)
    assert planned.run(*note)[0] == 0
    code, out, _ = planned.run(*note)
    assert code == 0 and out.startswith(f"{CODE}: this was saved already, as revision 2 at 16:01 UTC. It was not done twice.\n")
    assert planned.run(*note, "--by", "somebody else", "--dry-run")[0] in (0, 3)
    with open_store(planned.store) as store:
        assert [row.act.kind for row in store.history(CODE)] == ["plan", "note"]


@ON_BOTH
def test_the_same_words_later_are_another_act(planned):
    planned.at("2026-06-12 12:00")
    planned.run("note", CODE, "told by phone")
    planned.at("2026-06-12 12:11")
    assert planned.run("note", CODE, "told by phone")[0] == 0
    with open_store(planned.store) as store:
        assert [row.act.kind for row in store.history(CODE)] == ["plan", "note", "note"]


@ON_BOTH
def test_the_same_slip_again_changes_nothing_and_ends_with_0(planned):
    planned.at("2026-06-12 12:00")
    assert planned.run("slip", CODE, "--to", "2026-06-16 10:00", "--cause", "product", *SURE)[0] == 0
    planned.at("2026-06-12 12:11")
    code, out, _ = planned.run("slip", CODE, "--to", "2026-06-16 10:00", *SURE)
    assert (code, out.splitlines()[0]) == (0, "Nothing changed: day 0 of CASE-1 is Tue 16-Jun-2026 10:00 already.")
    assert planned.revisions == [1, 2]


@ON_BOTH
def test_a_re_plan_that_violates_a_rule_is_saved_and_ends_with_1(planned):
    code, values = planned.json("slip", CODE, "--to", "2026-07-15 10:00", *SURE)
    assert code == 1
    assert (values["kind"], values["allowed"], values["saved"]) == ("re-plan", True, True)
    assert values["banner"].startswith("NOT ALLOWED AS PLANNED: ") and planned.revisions == [1, 2]


def test_a_re_plan_into_the_past_is_refused(planned):
    planned.at("2026-06-09 12:00")
    code, values = planned.json("slip", CODE, "--to", "2026-06-14 09:00", *SURE)
    assert (code, values["kind"], values["saved"]) == (1, "re-plan", False)


@ON_BOTH
def test_as_of_says_when_an_act_was_and_may_precede_an_earlier_act(planned):
    planned.at("2026-06-10 12:00")
    planned.run("note", CODE, "x")
    _, values = planned.json("slip", CODE, "--to", "2026-06-22 10:00", *SURE, "--as-of", "2026-06-09 08:00")
    assert (values["kind"], values["saved"]) == ("re-plan", True)
    assert planned.last.as_of == datetime(2026, 6, 9, 8, 0)
    assert planned.last.site_time == datetime(2026, 6, 10, 12, 2)


def test_as_of_decides_whether_a_new_day_0_is_a_slip(planned):
    for as_of, kind in (("2026-06-09 23:59", "re-plan"), ("2026-06-10 00:00", "slip"), ("2026-06-10", "slip")):
        _, values = planned.json("slip", CODE, "--to", "2026-06-16 10:00", "--dry-run", "--as-of", as_of)
        assert values["kind"] == kind, as_of


@ON_BOTH
def test_the_planned_hour_is_entered_as_a_fact_and_decides_a_slip_of_two_days(desk):
    text = desk.ward.case_text.replace("2026-06-15T10:00:00", "2026-06-15")
    desk.case.write_text(text, encoding="utf-8")
    desk.plan()
    desk.at("2026-06-12 12:00")
    code, out, _ = desk.run("slip", CODE, "--to", "2026-06-17 10:00", "--reason", "why")
    assert code == 1 and "planned-day-zero" in out
    assert desk.run("fact", CODE, "planned-day-zero", "2026-06-15 10:00")[0] == 0
    code, values = desk.json("slip", CODE, "--to", "2026-06-17 10:00", *SURE)
    assert (code, values["limit"]["left"]) == (0, 0)


# what is typed wrong -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "argv",
    [
        ("slip", CODE, "--to", "06/17/2026", "--dry-run"),
        ("slip", CODE, "--to", "2026-06-31", "--dry-run"),
        ("slip", CODE, "--to", "2026-06-17 25:00", "--dry-run"),
        ("slip", CODE, "--to", "2026-03-08 02:30", "--dry-run"),
        ("slip", CODE, "--to", "2026-11-01 01:30", "--dry-run"),
        ("slip", CODE, "--to", "2026-06-17 10:00", "--cause", "rain", "--dry-run"),
        ("slip", CODE, "--dry-run"),
        ("record", CODE, "fludarabine-1", "given"),
        ("record", CODE, "fludarabine-1", "taken", "--at", "2026-05-26"),
        ("record", CODE, "fludarabin-1", "given", "--at", "2026-05-26"),
        ("record", CODE, "fludarabine-1", "given", "--at", "2026-05-27"),
        ("fact", CODE, "marow", "2026-05-25"),
        ("fact", CODE, "marrow", "never"),
        ("fact", CODE, "marrow", "05/25/2026"),
        ("fact", CODE, "planned-day-zero", "2026-06-15"),
        ("fact", CODE, "planned-day-zero", "2026-06-16 10:00"),
        ("attest", CODE, "not-a-statement"),
        ("attest", CODE, "not-breastfeeding", "--on", "2026-05-27"),
        ("rule", CODE, "T99", "allowed", *SURE),
        ("rule", CODE, "T14", "perhaps", *SURE),
        ("note", CODE, "x", "--as-of", "yesterday"),
        ("note", CODE, "x", "--based-on", "0"),
        ("show", CODE, "--revision", "9"),
        ("export", CODE, "--revision", "9"),
        ("history", "CASE-9"),
        ("sheet", "AAAA-AAAA"),
        ("today", "--date", "soon"),
        ("nonsense",),
    ],
)
def test_what_is_typed_wrong_ends_with_2_on_standard_error_and_saves_nothing(planned, argv):
    code, out, err = planned.run(*argv)
    assert (code, out) == (2, "") and err
    assert planned.revisions == [1]


@pytest.mark.parametrize("to", ["2026-06-16 10:00", "2026-06-16T10:00", "16-Jun-2026 10:00", "2026-06-16 10:00-04:00"])
def test_a_moment_can_be_written_in_these_ways(planned, to):
    planned.at("2026-06-12 12:00")
    _, values = planned.json("slip", CODE, "--to", to, "--dry-run")
    assert {"id": "nk-infusion-1", "from": "2026-06-15T10:00-04:00", "to": "2026-06-16T10:00-04:00"} in values["moves"]


def test_an_offset_says_which_of_two_equal_hours_is_meant(planned):
    for offset, shown in (("-04:00", "2026-11-01T01:30-04:00"), ("-05:00", "2026-11-01T01:30-05:00")):
        _, values = planned.json("slip", CODE, "--to", f"2026-11-01 01:30{offset}", "--dry-run")
        assert next(move["to"] for move in values["moves"] if move["id"] == "nk-infusion-1") == shown


# records -------------------------------------------------------------------------------------------------------------


@ON_BOTH
def test_the_recorded_infusion_becomes_day_0_and_il2_follows(planned):
    planned.at("2026-06-18 12:00")
    code, values = planned.json("record", CODE, "nk-infusion-1", "given", "--at", "2026-06-18 10:20", *SURE)
    assert code == 0
    assert {"id": "il2-1", "from": "2026-06-16T20:00-04:00", "to": "2026-06-19T20:00-04:00"} in values["moves"]
    assert "T36" in values["banner"]


@ON_BOTH
def test_show_gives_the_plan_of_any_revision(planned):
    planned.at("2026-06-12 12:00")
    planned.run("slip", CODE, "--to", "2026-06-16 10:00", *SURE)
    code, now = planned.json("show", CODE)
    assert (code, now["revision"], now["day_zero"]) == (0, 2, "2026-06-16T10:00-04:00")
    assert now["planned_day_zero"] == "2026-06-15T10:00-04:00"
    assert now == json.loads((planned.files(2) / "plan.json").read_text(encoding="utf-8"))
    code, was = planned.json("show", CODE, "--revision", "1")
    assert (was["day_zero"], was["banner"].partition(":")[0]) == ("2026-06-15T10:00-04:00", "SUPERSEDED")
    code, out, _ = planned.run("show", CODE)
    assert code == 0 and out.splitlines()[0] == "CASE-1, revision 2: day 0 Tue 16-Jun-2026 10:00."


@ON_BOTH
def test_history_says_who_did_what_when_and_why(planned):
    planned.run("note", CODE, "cell lab told", "--by", "nurse 7")
    planned.run("slip", CODE, "--to", "2026-06-22 10:00", "--by", "coordinator", *SURE)
    code, out, _ = planned.run("history", CODE)
    assert code == 0 and out.splitlines()[0] == "CASE-1: 3 revisions."
    assert "nurse 7" in out and "cell lab told" in out and "Why: why" in out
    code, rows = planned.json("history", CODE)
    assert [(row["revision"], row["kind"], row["by"]) for row in rows][1:] == [
        (2, "note", "nurse 7"), (3, "slip", "coordinator"),
    ]  # fmt: skip
    assert rows[2]["reason"] == "why" and rows[2]["based_on"] == 2


@ON_BOTH
def test_the_history_says_the_sentence_of_each_act_as_the_page_does_and_no_hash(planned):
    planned.at("2026-06-10 20:00")
    planned.run("record", CODE, "fludarabine-1", "given", "--at", "2026-06-10 09:10", "--as-of", "2026-06-10 10:00")
    planned.run("slip", CODE, "--to", "2026-06-16 10:00", "--cause", "illness", "--reason", "fever", "--confirm", CODE)
    with open_store(planned.store) as store:
        told = [act_told(store, row) for row in store.history(CODE)]
        hashes = [row.hash for row in store.history(CODE)]
    assert told == [
        "First plan, day 0 Mon 15-Jun-2026 10:00.",
        "Planned\u00a0Day\u00a0−5, fludarabine, intravenous infusion (dose\u00a01\u00a0of\u00a03): given, Wed 10-Jun-2026 09:10.",
        "Day 0 to Tue 16-Jun-2026 10:00, because of critical illness of the patient.",
    ]
    said = " ".join(planned.run("history", CODE)[1].split())
    assert all(" ".join(sentence.split()) in said for sentence in told)
    assert said.endswith("Why: fever") and "As of Wed 10-Jun-2026 10:00. 3 2026-06-11" in said
    assert not re.search(r"[0-9a-f]{16}|True|event |outcome", said)
    assert [row["hash"] for row in planned.json("history", CODE)[1]] == hashes


@ON_BOTH
def test_export_writes_an_older_revision_elsewhere_and_says_it_is_superseded(planned):
    planned.run("slip", CODE, "--to", "2026-06-22 10:00", *SURE)
    code, out, _ = planned.run("export", CODE, "--revision", "1", "--out", planned.folder / "old")
    path = planned.folder / "old" / CODE / "rev-1"
    assert code == 0 and out.splitlines()[0] == f"Revision 1 of CASE-1: {path}"
    assert "SUPERSEDED" in (path / "index.html").read_text(encoding="utf-8")
    assert "SUPERSEDED" not in (planned.files(2) / "index.html").read_text(encoding="utf-8")


@ON_BOTH
def test_verify_ends_with_0_on_a_whole_ledger_and_with_1_on_a_changed_file(planned):
    code, out, _ = planned.run("verify", "--out", planned.out)
    assert code == 0 and any(line.startswith(f"{planned.store}: whole. 1 act;") for line in out.splitlines())
    (planned.files(1) / "plan.csv").write_bytes(b"x")
    code, out, _ = planned.run("verify", "--out", planned.out)
    assert code == 1 and "plan.csv: was changed after it was written." in out


def test_verify_ends_with_1_when_a_manifest_cannot_be_read(planned):
    (planned.files(1) / "manifest.json").write_text("{")
    code, out, _ = planned.run("verify", "--out", planned.out)
    assert code == 1 and "rev-1" in out


@ON_BOTH
def test_today_lists_what_is_due_across_patients(planned):
    code, out, _ = planned.run("today", "--date", "2026-06-11")
    assert code == 0 and out.splitlines()[0] == "1 patient, as at Thu 11-Jun-2026 00:00."
    _, found = planned.json("today", "--date", "2026-06-11")
    (patient,) = found
    assert patient["code"] == CODE
    assert [line.partition(": ")[2][:11] for line in patient["today"]] == ["fludarabine", "cyclophosph"]
    assert [line.partition(": ")[2][:11] for line in patient["tomorrow"]] == ["fludarabine"]
    assert len(patient["unconfirmed"]) == 2  # of the day before: a date without an hour is past when it is over
    assert any(
        "T14" in line and "22-Jun-2026" in line
        for line in planned.json("today", "--date", "2026-06-16")[1][0]["expires"]
    )


@ON_BOTH
def test_today_leaves_out_a_cancelled_patient(planned):
    planned.run("cancel", CODE, *SURE)
    assert planned.json("today", "--date", "2026-06-11") == (0, [])


def check_codes(path):
    """The check codes on a revision's sheets, in order."""
    text = (path / "sheets.html").read_text(encoding="utf-8")
    return list(dict.fromkeys(re.findall(r"\b[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}\b", text)))


@ON_BOTH
def test_a_sheets_check_code_says_current_and_after_a_slip_superseded_by_what(planned):
    codes = check_codes(planned.files(1))
    code, out, _ = planned.run("sheet", codes[0])
    assert code == 0 and out.startswith("CURRENT: CASE-1")
    assert planned.run("sheet", codes[0].lower())[0] == 0
    planned.run("slip", CODE, "--to", "2026-06-22 10:00", "--by", "coordinator", *SURE)
    code, out, _ = planned.run("sheet", codes[0])
    assert code == 1 and out.startswith("VOID: CASE-1") and "Revision 2" in out and "coordinator" in out
    assert planned.run("sheet", check_codes(planned.files(2))[0])[0] == 0


@ON_BOTH
def test_cancel_strikes_the_calendar_and_refuses_what_comes_after(planned):
    code, out, _ = planned.run("cancel", CODE, *SURE)
    assert code == 0
    ics = (planned.files(2) / "calendar.ics").read_bytes().replace(b"\r\n ", b"")
    assert ics.count(b"STATUS:CANCELLED") == ics.count(b"BEGIN:VEVENT") == ics.count(b"SUMMARY:CANCELLED: ") > 0
    code, out, err = planned.run("fact", CODE, "marrow", "2026-05-20")
    assert (code, out) == (1, "") and "cancelled" in err
    assert planned.revisions == [1, 2]


@ON_BOTH
def test_changes_ics_holds_the_changed_entries_alone(planned):
    planned.at("2026-05-27 08:00")
    planned.run("amend", CODE, "--site", site_without_marrow(planned), *SURE)
    changed = (planned.files(2) / "changes.ics").read_bytes()
    assert changed.count(b"BEGIN:VEVENT") == 1 and b"STATUS:CANCELLED" in changed
    assert (planned.files(2) / "calendar.ics").read_bytes().count(b"BEGIN:VEVENT") > 10


def site_without_marrow(desk):
    path = desk.folder / "site-2.toml"
    path.write_text(desk.ward.site(response_marrow=None), encoding="utf-8")
    return path


def test_csv_calendar_and_json_of_a_slipped_revision_say_the_same(planned):
    planned.at("2026-06-12 12:00")
    planned.run("slip", CODE, "--to", "2026-06-16 10:00", *SURE)
    plan = json.loads((planned.files(2) / "plan.json").read_text(encoding="utf-8"))
    rows = list(csv.DictReader(io.StringIO((planned.files(2) / "plan.csv").read_text(encoding="utf-8-sig"))))
    assert [(row["id"], row["date"], row["status"]) for row in rows] == [
        (event["id"], event["date"], event["status"]) for event in plan["events"]
    ]
    assert all(row["banner"] == plan["banner"] for row in rows)


# backup and restore --------------------------------------------------------------------------------------------------


@ON_BOTH
def test_a_backup_comes_back_under_higher_numbers(planned):
    code, out, _ = planned.run("backup", planned.folder / "b.sqlite")
    assert code == 0 and "b.sqlite" in out.splitlines()[0]
    planned.run("slip", CODE, "--to", "2026-06-22 10:00", *SURE)
    code, out, _ = planned.run(
        "restore", planned.folder / "b.sqlite", "--reason", "disk failed", "--confirm", "RESTORE"
    )
    assert code == 0 and out.startswith("Restored from") and "revision 102" in out
    assert f"  {CODE}: revision 2 is not in the backup. Enter again what was recorded since; take away the sheets printed from there." in out
    assert f"  {CODE}: calendar entries made since are not cancelled. Delete the calendar and open the new one;" in out
    assert planned.revisions == [1, 102]
    assert planned.run("verify")[0] == 0


@ON_BOTH
@pytest.mark.parametrize(
    "argv", [(), ("--reason", "why"), ("--confirm", "RESTORE"), ("--reason", "why", "--confirm", CODE)]
)
def test_a_restore_needs_reason_and_confirmation(planned, argv):
    planned.run("backup", planned.folder / "b.sqlite")
    planned.run("note", CODE, "x")
    code, out, err = planned.run("restore", planned.folder / "b.sqlite", *argv)
    assert (code, out) == (2, "") and err
    assert planned.revisions == [1, 2]


@ON_BOTH
def test_a_restore_counts_the_sites_wall_time_and_not_utc(desk):
    desk.site.write_text(desk.ward.site_text.replace("America/New_York", "Pacific/Honolulu"), encoding="utf-8")
    desk.plan()
    desk.run("backup", desk.folder / "b.sqlite")
    desk.seconds = int(datetime(2026, 6, 9, 15, 0, tzinfo=ZoneInfo("Pacific/Honolulu")).timestamp())
    desk.run("restore", desk.folder / "b.sqlite", "--reason", "disk failed", "--confirm", "RESTORE")
    _, plan = desk.json("show", CODE)
    assert {event["status"] for event in plan["events"]} == {"planned"}


@ON_BOTH
def test_a_backup_over_a_file_and_a_restore_from_none_end_with_3(planned):
    (planned.folder / "there").write_text("precious")
    assert planned.run("backup", planned.folder / "there")[0] == 3
    code, _, err = planned.run("restore", planned.folder / "none", "--reason", "why", "--confirm", "RESTORE")
    assert code == 3 and "no such file" in err
    assert planned.revisions == [1]


# where the ledger lies -----------------------------------------------------------------------------------------------


def test_the_option_beats_the_environment(desk):
    other = desk.folder / "other.sqlite"
    assert desk.run("plan", desk.case, "--site", desk.site, "--store", other)[0] == 0
    assert desk.revisions == []
    with open_store(other) as store:
        assert store.codes() == [CODE]


@pytest.mark.parametrize(
    "place", ["//server/share/ledger.sqlite", "OneDrive - Ward/ledger.sqlite", "Dropbox/ledger.sqlite"]
)
def test_a_share_or_a_synchronised_folder_is_refused_with_the_way_out(desk, place):
    code, out, err = desk.run("plan", desk.case, "--site", desk.site, "--store", place)
    assert (code, out) == (3, "") and "DAYZERO_STORE" in err
    assert not (desk.folder / "OneDrive - Ward").exists()


@ON_BOTH
def test_a_clock_earlier_than_the_last_act_ends_with_3(planned):
    planned.seconds -= 86400
    code, _, err = planned.run("note", CODE, "x")
    assert code == 3 and "clock" in err
    assert planned.revisions == [1]


def test_demo_and_cohort_never_touch_the_ledger(desk):
    assert desk.run("demo", "--out", desk.folder / "demo")[0] == 0
    table = desk.folder / "cohort.csv"
    table.write_text("code,protocol,planned-day-zero\nCASE-8,NCT04024761,2026-06-15\n", encoding="utf-8")
    desk.run("cohort", table, "--out", desk.folder / "cohort")
    assert (desk.folder / "cohort" / "CASE-8" / "rev-1").is_dir()
    assert not desk.store.exists()


@ON_BOTH
def test_reading_an_unknown_patient_from_a_new_ledger_ends_with_2(desk):
    for argv in (("show", CODE), ("history", CODE), ("export", CODE), ("note", CODE, "x")):
        assert desk.run(*argv)[0] == 2


@ON_BOTH
def test_files_that_cannot_be_written_do_not_undo_the_act_and_say_so(planned):
    blocked = planned.folder / "blocked"
    blocked.write_text("a file, not a folder")
    code, out, err = planned.run("note", CODE, "x", "--out", blocked)
    assert code == 3 and planned.revisions == [1, 2]
    assert "Nothing was changed" not in err and "saved" in (out + err).lower()


# through a process of its own ----------------------------------------------------------------------------------------


def in_a_process(desk, *argv):
    desk.seconds += 60
    environment = {**os.environ, "PYTHONPATH": CLOCK, "SOURCE_DATE_EPOCH": str(desk.seconds), "PYTHONUTF8": "0"}
    return subprocess.run(
        [sys.executable, str(ROOT / "cli.py"), *map(str, argv)], capture_output=True, encoding="utf-8", cwd=desk.folder,
        env=environment, stdin=subprocess.DEVNULL, timeout=60,
    )  # fmt: skip


def test_plan_slip_and_verify_run_from_the_launcher(desk):
    made = in_a_process(desk, "plan", desk.case, "--site", desk.site, "--out", "out")
    assert (made.returncode, made.stderr) == (0, "") and made.stdout.startswith("Planned CASE-1")
    desk.at("2026-06-12 12:00")
    refused = in_a_process(desk, "slip", CODE, "--to", "2026-06-18 10:00", "--reason", "why")
    assert (refused.returncode, refused.stderr) == (1, "") and "not allowed" in refused.stdout.splitlines()[0]
    asked = in_a_process(desk, "slip", CODE, "--to", "2026-06-16 10:00", "--reason", "why")
    assert (asked.returncode, asked.stdout) == (2, "") and f"--confirm {CODE}" in asked.stderr
    done = in_a_process(desk, "slip", CODE, "--to", "2026-06-16 10:00", *SURE, "--out", "out")
    assert done.returncode == 0 and (desk.files(2) / "change.html").is_file()
    assert in_a_process(desk, "verify", "--out", "out").returncode == 0
    assert desk.revisions == [1, 2]


@ON_BOTH
def test_a_code_that_differs_in_one_character_from_another_is_warned_of(planned):
    for code, warned in (("CASE-2", True), ("CASE-11", True), ("CASE-22", False)):
        case = planned.folder / f"{code}.toml"
        case.write_text(planned.ward.case_text.replace(f'"{CODE}"', f'"{code}"'), encoding="utf-8")
        exit_code, _, err = planned.run("plan", case, "--site", planned.site)
        assert exit_code == 0
        assert (f"Take care: {code} and {CODE} differ in one character only." in err) == warned


def test_pages_are_printed_by_an_installed_browser(planned):
    from shared.calendar_readers import missing

    from schedule.output import pdf as printing

    if printing.browser() is None:
        missing("a browser", "apt-get install chromium")
    code, out, _ = planned.run("print", CODE, "--pdf", "--page", "go", "--out", planned.folder / "paper")
    assert (code, out.splitlines()[0]) == (0, f"{CODE}, revision 1, day 0 Mon 15-Jun-2026 10:00: 1 file in {planned.folder / 'paper'}")
    assert (planned.folder / "paper" / f"{CODE}-go.pdf").read_bytes().startswith(b"%PDF")


def test_the_pages_of_a_patient_whose_day_0_has_just_moved_are_printed(planned):
    """The picture shows where everything was, which only the ledger knows."""
    planned.at("2026-06-12 12:00")
    assert planned.run("slip", CODE, "--to", "2026-06-16 10:00", "--cause", "product", *SURE)[0] == 0
    code, _, err = planned.run("print", CODE, "--out", planned.folder / "paper")
    assert (code, err) == (0, "") and len(list((planned.folder / "paper").iterdir())) == 5
    assert "was planned here" in (planned.folder / "paper" / f"{CODE}-overview.html").read_text("utf-8")
    assert planned.run("show", CODE)[0] == 0


@pytest.mark.parametrize(
    "place",
    [
        "/usr/bin/microsoft-edge", "/usr/bin/microsoft-edge-stable", "/opt/microsoft/msedge/msedge",
        "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
        r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe", r"C:\Program Files\Microsoft\Edge\Application\msedge.exe",
    ],
)  # fmt: skip
def test_edge_is_found_where_its_installers_put_it(monkeypatch, place):
    """Once by its name on the path, once by its place alone."""
    from schedule.output import pdf as paper

    name = place.replace("\\", "/").rpartition("/")[2].removesuffix(".exe")
    if "/Applications/" not in place:
        monkeypatch.setattr(paper.shutil, "which", lambda asked: place if asked == name else None)
        monkeypatch.setattr(paper.Path, "is_file", lambda path: False)
        assert paper.browser() == place
    monkeypatch.setattr(paper.shutil, "which", lambda asked: None)
    monkeypatch.setattr(paper.Path, "is_file", lambda path: str(path) == place)
    assert paper.browser() == (place if place in paper.PLACES else None)
    assert place in paper.PLACES or name in paper.NAMES


def test_edge_in_a_users_own_folder_is_found(monkeypatch):
    from schedule.output import pdf as paper

    monkeypatch.setenv("LOCALAPPDATA", r"C:\Users\nurse\AppData\Local")
    place = r"C:\Users\nurse\AppData\Local\Microsoft\Edge\Application\msedge.exe"
    monkeypatch.setattr(paper.shutil, "which", lambda asked: None)
    monkeypatch.setattr(paper.Path, "is_file", lambda path: str(path) == place)
    assert paper.browser() == place


def test_edge_is_asked_to_print_with_the_words_that_it_shares_with_chromium(planned, monkeypatch):
    """No Edge is installed here: a program in its place notes how it was called, and prints."""
    from schedule.output import pdf as paper

    edge = planned.folder / "msedge"
    edge.write_text(
        '#!/bin/sh\nprintf "%s\\n" "$@" > "$(dirname "$0")/asked"\nfor word in "$@"; do case "$word" in --print-to-pdf=*) '
        'printf "%%PDF-1.4" > "${word#--print-to-pdf=}";; esac; done\n',
        encoding="utf-8",
    )
    edge.chmod(0o755)
    monkeypatch.setattr(paper.shutil, "which", lambda asked: str(edge) if asked == "msedge" else None)
    code, _, _ = planned.run("print", CODE, "--pdf", "--page", "go", "--out", planned.folder / "paper")
    assert code == 0 and (planned.folder / "paper" / f"{CODE}-go.pdf").read_bytes() == b"%PDF-1.4"
    asked = (planned.folder / "asked").read_text(encoding="utf-8").splitlines()
    assert {"--headless=new", "--no-pdf-header-footer"} <= set(asked) and asked[-1].startswith("file:///")
    assert any(word.startswith("--user-data-dir=") for word in asked)


def test_without_a_browser_print_says_what_to_do_and_leaves_nothing(planned, monkeypatch):
    from schedule.output import pdf as printing

    monkeypatch.setattr(printing, "browser", lambda: None)
    code, out, err = planned.run("print", CODE, "--pdf", "--out", planned.folder / "paper")
    assert (code, out) == (3, "")
    assert err == (
        "No Chromium, Chrome or Edge was found on this computer. Install one, or leave --pdf out and print the pages "
        "from any browser.\n"
    )
    assert not (planned.folder / "paper").exists()
    code, out, _ = planned.run("print", planned.case, "--site", planned.site, "--out", planned.folder / "paper")
    assert code == 0
    assert len(list((planned.folder / "paper").glob("*.html"))) == 5
