"""A list of patients: CSV and JSON hold what case files hold, and each becomes the other without loss."""

import csv
import io
import json
from datetime import date
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from shared import SHIPPED

from schedule import commands
from schedule.files.case_file import read_case_tables
from schedule.files.patient_list import as_tables, columns_of, read_csv, read_json, tables_of_row, write_csv, write_json
from schedule.files.protocol_file import read_protocol
from schedule.model.case import NO_SITE, Site
from schedule.model.errors import InputError
from schedule.model.text import plain_cell, safe_cell

NAMED = "NCT04024761"
HOSTILE = (
    "=HYPERLINK(1)", "+1", "-5", "@SUM(A1)", "'=x", "''=x", "'", "''", "'-", "a;b", 'a "quoted" word', "a,b", "a\\b", "never",
    "2026-06-15", "Ä ß 漢 😀", "#,REF!", "true", "null", "{}", "rulings.1.rule", "a b", "1e5", "\\u0041", "％", "=", "''''=",
)  # fmt: skip


def read_back(listed, protocol, elsewhere=()):
    """The cases of a list that was read, through the real reader, without their hashes."""
    return [
        replace(read_case_tables({**one.as_written(protocol, elsewhere), "format": 1}, one.name, protocol, NO_SITE, ""), sha256="")
        for one in listed
    ]


def messages(call, *args):
    with pytest.raises(InputError) as error:
        call(*args)
    return [str(mistake) for mistake in error.value.mistakes]


# A cell ----------------------------------------------------------------------------------------------------------------


@given(st.one_of(st.sampled_from(HOSTILE), st.text(alphabet="'=+-@\t\0ab;", max_size=6), st.text(max_size=20)))
def test_a_guarded_cell_is_no_formula_and_gives_its_text_back(text):
    cell = safe_cell(text)
    assert cell[:1] not in ("=", "+", "-", "@", "\t", "\0")
    assert plain_cell(cell) == text


@pytest.mark.parametrize(
    ("cell", "text"),
    [("'=1", "=1"), ("''=1", "'=1"), ("'2026-06-15", "'2026-06-15"), ("'", "'"), ("", ""), ("=1", "=1"), ("'a", "'a")],
)
def test_only_the_guard_is_taken_from_a_cell(cell, text):
    assert plain_cell(cell) == text


# Round trips -----------------------------------------------------------------------------------------------------------

days = st.dates(date(1900, 1, 1), date(2199, 12, 31)).map(date.isoformat)
words = st.one_of(st.sampled_from(HOSTILE), st.text(min_size=1, max_size=30)).filter(str.strip)
hours = st.tuples(st.integers(0, 23), st.integers(0, 59)).map(lambda pair: f"{pair[0]:02d}:{pair[1]:02d}")
offsets = st.sampled_from(["", "+00:00", "-04:00", "+05:30", "+10:30", "-09:30", "+14:00"])


EXPECTED = st.sampled_from(["allowed", "not-allowed"])


def made_up(protocol):
    """The tables of a case file, made up: every kind of value that one can hold, under a few names of each kind."""
    moments = st.tuples(days, hours, offsets).map(lambda one: f"{one[0]}T{one[1]}{one[2]}")
    known = st.one_of(days, moments)
    several = st.one_of(known, st.lists(known, min_size=1, max_size=3))
    needed = [name for name, known in protocol.dates.items() if known.required][:2]
    free = [name for name, known in protocol.dates.items() if not known.required][:3]
    ruling = {"rule": st.sampled_from(["T13", "T40"]), "outcome": EXPECTED, "by": words, "date": days, "reason": words}
    return st.fixed_dictionaries(
        {
            "code": st.text("AZ09-", min_size=1, max_size=12).map(lambda text: f"A{text}"), "protocol": st.just(NAMED),
            "dates": st.fixed_dictionaries(
                {}, optional={**dict.fromkeys(needed, several), **dict.fromkeys(free, st.one_of(several, st.just("never")))}
            ),
            "attestations": st.dictionaries(
                st.sampled_from(list(protocol.attestations)[:3]), st.one_of(days, st.fixed_dictionaries({"date": days, "by": words}))
            ),
            "rulings": st.lists(st.fixed_dictionaries(ruling, optional={"for": days}), max_size=2),
        },
        optional={
            "planned-day-zero": known,
            "choices": st.fixed_dictionaries(
                {}, optional={"donor": st.sampled_from(["related", "other"]), "part": st.sampled_from(["one", "two"])}
            ),
        },
    )  # fmt: skip


CHOICES = """
[choices.donor]
title = "kind of donor"
[choices.donor.options]
related = "a relative"
other = "somebody else"
[choices.part]
title = "part of the study"
[choices.part.options]
one = "part 1"
two = "part 2"
"""
TRIAL = read_protocol(SHIPPED.read_text(encoding="utf-8") + CHOICES, SHIPPED.name)
PATIENTS = made_up(TRIAL)


@given(st.lists(PATIENTS, min_size=1, max_size=3))
def test_csv_in_json_out_and_csv_out_are_the_same_patients(made):
    try:
        first = [as_tables({"format": 1, **one}, "made", TRIAL) for one in made]
    except InputError as error:  # a text of control characters alone is nothing at all, and said to be
        assert "is not a text" in str(error)
        return
    as_csv = write_csv(first, [TRIAL])
    from_csv = [as_tables(one.as_written(TRIAL), one.name, TRIAL) for one in read_csv(as_csv, "c.csv")]
    assert from_csv == first
    as_json = write_json(from_csv)
    from_json = [as_tables(one.as_written(TRIAL), one.name, TRIAL) for one in read_json(as_json, "c.json")]
    assert from_json == first
    assert write_csv(from_json, [TRIAL]) == as_csv
    assert write_json(from_json) == as_json


def without_offset(value):
    """A date or several, each with its hour but not the offset, which no zone has on every date."""
    return [text[:16] for text in value] if isinstance(value, list) else value[:16]


@given(PATIENTS)
def test_the_plain_form_is_the_same_case(one):
    utc = Site(zone=ZoneInfo("UTC"))
    one["planned-day-zero"] = without_offset(one.get("planned-day-zero", "2026-06-15"))
    one["dates"] = {name: without_offset(value) for name, value in one["dates"].items()}
    try:
        case = read_case_tables({"format": 1, **one}, "made", TRIAL, utc, "")
    except InputError as error:
        assert "is not a text" in str(error)
        return
    plain = as_tables({"format": 1, **one}, "made", TRIAL)
    again = read_case_tables({"format": 1, **plain}, "made", TRIAL, utc, "")
    assert again == case
    assert all(again.moments_of(name) == case.moments_of(name) for name in case.dates)
    assert as_tables({"format": 1, **plain}, "made", TRIAL) == plain


def test_every_cell_of_a_hostile_list_is_harmless(protocol):
    ruling = {"rule": "T13", "outcome": "allowed", "date": "2026-05-22"}
    made = [
        {
            "code": f"H-{number}", "protocol": NAMED, "attestations": {"age-eligible": {"date": "2026-05-01", "by": text}},
            "rulings": [{**ruling, "by": text, "reason": text}],
        }
        for number, text in enumerate(HOSTILE)
    ]  # fmt: skip
    text = write_csv([as_tables({"format": 1, **one}, "x", protocol) for one in made], [protocol])
    rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")))
    assert not [cell for row in rows for cell in row if cell[:1] in ("=", "+", "-", "@", "\t")]
    found = read_back(read_csv(text, "c.csv"), protocol)
    assert [case.attestations["age-eligible"].by for case in found] == list(HOSTILE)
    assert [case.rulings[0].reason for case in found] == list(HOSTILE)


# A row -----------------------------------------------------------------------------------------------------------------


def test_a_row_stands_for_a_case_file(protocol):
    row = {
        "code": "CASE-1", "protocol": NAMED, "planned-day-zero": "2026-06-15", "transplant": "2024-05-01; 2026-01-20",
        "dli-last": "never", "echo": " ", "age-eligible": "2026-05-12", "age-eligible.by": "coordinator",
        "rulings.2.rule": "T14", "rulings.1.rule": "T13", "rulings.1.for": "",
    }  # fmt: skip
    assert tables_of_row(row, "row 2", protocol) == {
        "format": 1, "protocol": NAMED, "code": "CASE-1", "planned-day-zero": "2026-06-15",
        "choices": {}, "dates": {"transplant": ["2024-05-01", "2026-01-20"], "dli-last": "never"},
        "attestations": {"age-eligible": {"date": "2026-05-12", "by": "coordinator"}},
        "rulings": [{"rule": "T13"}, {"rule": "T14"}],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ({"cod": "A"}, 'row 2, cod: I don\'t know this column - did you mean "code"?'),
        ({"age-eligble.by": "x"}, 'row 2, age-eligble.by: I don\'t know this column - did you mean "age-eligible.by"?'),
        ({"n803-first": "2026-06-01"}, "row 2, n803-first: NCT04024761 has no such column - leave the cell empty in this row"),
    ],
)
def test_a_column_that_is_not_this_trials_is_a_mistake(protocol, row, expected):
    assert messages(tables_of_row, row, "row 2", protocol, ["n803-first"]) == [expected]


def test_another_trials_column_may_be_there_and_empty(protocol):
    assert tables_of_row({"code": "A-1", "n803-first": " "}, "row 2", protocol, ["n803-first"])["code"] == "A-1"


def test_a_role_without_its_date_is_a_mistake_with_its_place(protocol):
    data = tables_of_row({"code": "A-1", "protocol": NAMED, "age-eligible.by": "PI"}, "row 2", protocol)
    assert messages(as_tables, data, "row 2", protocol) == [
        "row 2, [attestations], age-eligible, date: is missing - write the date as 2026-03-12"
    ]


def test_the_columns_of_a_list_are_all_that_the_trial_knows_and_roles_only_where_one_is_given(protocol):
    plain = {"code": "A-1", "protocol": NAMED, "attestations": {"age-eligible": {"date": "2026-05-01", "by": "PI"}}}
    header = write_csv([plain], [protocol]).split("\r\n")[0].removeprefix("\ufeff").split(",")
    assert header == ["code", "protocol", "planned-day-zero", *protocol.dates, *protocol.attestations, "age-eligible.by"]
    assert set(header) <= set(columns_of(protocol))


# JSON ------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[]", "c.json: this is not a list of patients - write "),
        ('{"patients": []}', "c.json: this is not a list of patients - write "),
        ('{"format": 2, "patients": []}', "c.json: this is not a list of patients - write "),
        ("{", "c.json: this is not JSON: "),
        ("[" * 100_000, "c.json: this is not JSON: "),
        ('{"format": 1, "patients": [], "more": 1}', "c.json, more: I don't know this key - leave it out"),
        ('{"format": 1, "patients": ["A"]}', 'c.json, patient 1: "A" is not a patient - write {"code": …}'),
        ('{"format": 1, "patients": [{"code": "A", "code": "B"}]}', "c.json: this is not JSON: the key 'code' is there twice"),
    ],
)  # fmt: skip
def test_what_is_not_a_list_of_patients_gets_a_plain_message(text, expected):
    (found,) = messages(read_json, text, "c.json")
    assert found.startswith(expected)


@pytest.mark.parametrize(
    ("patient", "expected"),
    [
        ({"code": "A-1"}, 'c.json, patient 1, protocol: is missing - add protocol = "…"'),
        ({"code": 5, "protocol": NAMED}, 'c.json, patient 1, code: 5 is not a text - write code = "…"'),
        ({"code": "A-1", "protocol": NAMED, "dates": {"marrow": 20260521}},
         'c.json, patient 1, [dates], marrow: 20260521 is not a date - write the date as 2026-03-12'),
        ({"code": "A-1", "protocol": NAMED, "dates": ["marrow"]}, "c.json, patient 1, dates: a list is not a table - write [dates]"),
        ({"code": "A-1", "protocol": NAMED, "dose": "5"}, "c.json, patient 1, dose: I don't know this key - "),
        ({"code": "A-1", "protocol": NAMED, "rulings": {"rule": "T13"}},
         "c.json, patient 1, rulings: a table is not a list - write rulings = […]"),
        ({"code": "A-1", "protocol": NAMED, "planned-day-zero": float("nan")},
         "c.json, patient 1, planned-day-zero: nan is not a date - write planned-day-zero = 2026-06-15, or 2026-06-15T10:00:00"),
    ],
)  # fmt: skip
def test_a_bad_patient_of_a_json_list_is_named_by_its_number(protocol, patient, expected):
    (one,) = read_json(json.dumps({"format": 1, "patients": [patient]}), "c.json")
    found = messages(as_tables, one.as_written(protocol), one.name, protocol)
    assert len(found) == 1 and found[0].startswith(expected)


# The commands ----------------------------------------------------------------------------------------------------------

HEAD = 'format = 1\ncode = "{code}"\nprotocol = "NCT04024761"\nplanned-day-zero = {planned}\n'
FULL = HEAD.format(code="A-1", planned="2026-06-15T10:00:00") + (
    '[dates]\ntransplant = 2026-01-20\nmarrow = [2026-05-21, 2026-05-02]\ndli-last = "never"\n'
    '[attestations]\nage-eligible = 2026-05-12\nperformance-scale = { date = 2026-05-21, by = "=study physician" }\n'
    '[[rulings]]\nrule = "T13"\noutcome = "allowed"\nby = "PI"\ndate = 2026-05-22\nreason = "as agreed; see note"\n'
)
SITE = 'format = 1\nzone = "America/New_York"\n'


@pytest.fixture
def run(tmp_path, monkeypatch, capsys):
    """Run the command line in a folder with two case files, a site file, and a ledger beside it."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1779796800")
    monkeypatch.setenv("DAYZERO_STORE", str(tmp_path / "store" / "ledger.sqlite"))
    (tmp_path / "cases").mkdir()
    (tmp_path / "cases" / "a.toml").write_text(FULL, encoding="utf-8")
    (tmp_path / "cases" / "b.toml").write_text(HEAD.format(code="B-1", planned="2026-11-01T01:30:00-05:00"), encoding="utf-8")
    (tmp_path / "site.toml").write_text(SITE, encoding="utf-8")

    def go(*args):
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            commands.main([str(arg) for arg in args])
        return (ended.value.code, *capsys.readouterr())

    return go


PLAIN = [
    {
        "code": "A-1", "protocol": NAMED, "planned-day-zero": "2026-06-15T10:00",
        "dates": {"transplant": "2026-01-20", "marrow": ["2026-05-02", "2026-05-21"], "dli-last": "never"},
        "attestations": {"age-eligible": "2026-05-12", "performance-scale": {"date": "2026-05-21", "by": "=study physician"}},
        "rulings": [
            {"rule": "T13", "outcome": "allowed", "by": "PI", "date": "2026-05-22", "for": "2026-06-15", "reason": "as agreed; see note"}
        ],
    },
    {"code": "B-1", "protocol": NAMED, "planned-day-zero": "2026-11-01T01:30-05:00"},
]  # fmt: skip


def test_a_folder_becomes_json_becomes_csv_becomes_json(run, tmp_path):
    assert run("cases", "cases", "--out", "one.json") == (0, "Wrote 2 patients to one.json.\n", "")
    assert json.loads((tmp_path / "one.json").read_text(encoding="utf-8")) == {"format": 1, "patients": PLAIN}
    assert run("cases", "one.json", "--out", "two.csv")[0] == 0
    assert run("cases", "two.csv", "--out", "three.json")[0] == 0
    assert (tmp_path / "three.json").read_bytes() == (tmp_path / "one.json").read_bytes()
    text = (tmp_path / "two.csv").read_bytes()
    assert text.startswith(b"\xef\xbb\xbfcode,protocol,planned-day-zero,transplant,") and b"\r\n" in text
    assert b"'=study physician" in text and b'2026-05-02;2026-05-21' in text


def test_all_three_forms_give_the_same_plans_and_the_second_form_changes_nothing(run, tmp_path):
    run("cases", "cases", "--out", "list.json")
    run("cases", "cases", "--out", "list.csv")
    _, out, err = run("cohort", "list.csv", "--site", "site.toml", "--out", "plans")
    assert out.startswith("Planned 2 of 2 patients into plans; 0 unchanged, 0 not planned."), err
    _, out, err = run("cohort", "list.json", "--site", "site.toml", "--out", "plans")
    assert out.startswith("Planned 0 of 2 patients into plans; 2 unchanged, 0 not planned."), err
    run("cohort", "cases", "--site", "site.toml", "--out", "folder")
    for code in ("A-1", "B-1"):
        one, other = (
            json.loads((tmp_path / out / code / "rev-1" / "plan.json").read_text(encoding="utf-8")) for out in ("plans", "folder")
        )
        assert one == other


def test_the_ledger_gives_its_patients_as_the_acts_left_them(run, tmp_path):
    run("plan", "cases/a.toml", "--site", "site.toml")
    assert run("fact", "A-1", "echo", "2026-05-20")[0] in (0, 1)
    assert run("slip", "A-1", "--to", "2026-06-16 11:00", "--cause", "logistics", "--reason", "room", "--confirm", "A-1")[0] in (0, 1)
    assert run("cases", "--out", "kept.json")[0] == 0
    (found,) = json.loads((tmp_path / "kept.json").read_text(encoding="utf-8"))["patients"]
    expected = {**PLAIN[0], "planned-day-zero": "2026-06-16T11:00-04:00"}
    expected["dates"] = {**PLAIN[0]["dates"], "echo": "2026-05-20"}
    assert found == expected
    assert run("cases", "--out", "kept.csv")[0] == 0
    assert run("cohort", "kept.csv", "--site", "site.toml", "--out", "plans")[1].startswith("Planned 1 of 1 patients")


def test_a_list_is_never_overwritten_and_a_bad_one_writes_nothing(run, tmp_path):
    (tmp_path / "x.csv").write_text("mine")
    code, out, err = run("cases", "cases", "--out", "x.csv")
    assert (code, out) == (3, "") and err == "x.csv: there is one already. Name another --out, or move that one away.\n"
    assert (tmp_path / "x.csv").read_text() == "mine"
    (tmp_path / "bad.csv").write_text(
        "code,protocol,marow,echo\nA-1,NCT04024761,2026-01-01,\nA-2,NCT04024761,,maybe\nA-2,NCT04024761,,\nA-3,NCT1,,\nA-4,NCT04024761\n"
    )
    code, out, err = run("cases", "bad.csv", "--out", "y.json")
    assert (code, out) == (2, "") and not (tmp_path / "y.json").exists()
    assert [line.split(" - ")[0] for line in err.splitlines()] == [
        "bad.csv, line 4: the study code A-2 is in bad.csv, line 3 already",
        "bad.csv, line 2, marow: I don't know this column",
        "bad.csv, line 3, marow: I don't know this column",
        'bad.csv, line 5, protocol "NCT1": there is none with that name',
        "bad.csv, line 6: the row has more or fewer cells than the first row",
        "Nothing was changed.",
    ]


@pytest.mark.parametrize(
    ("args", "code", "said"),
    [
        (["cases", "--out", "x.txt"], 2, "name a file that ends in .csv or .json"),
        (["nope.csv", "--out", "x.csv"], 2, "nope.csv: cannot be read"),
        (["--out", "x.csv"], 2, "no patient is stored"),
        (["cases", "--out", "no/where/x.csv"], 3, "no/where/x.csv: could not be written"),
    ],
)
def test_a_list_that_cannot_be_written_is_said(run, args, code, said):
    found, out, err = run("cases", *args)
    assert (found, out) == (code, "") and said in err and "Traceback" not in err


TWO = """
format = 1
id = "OTHER-1"
title = "Another invented trial"
version = "1"
date = 2026-01-01
jurisdiction = "Germany"
numbering = "day-zero"
months = "clamp"
day-zero = "cells"
source = "s"
[sources.s]
title = "Invented"
address = "https://example.org"
date = 2026-01-01
[dates.steroid-last]
title = "last dose of a corticosteroid"
kind = "last"
[activities.cells]
title = "cells"
days = "0"
category = "treatment"
quote = "day 0"
"""


def test_one_list_may_hold_patients_of_two_trials(run, tmp_path):
    (tmp_path / "other.toml").write_text(TWO, encoding="utf-8")
    read_protocol(TWO, "other.toml")
    (tmp_path / "two.csv").write_text(
        "code,protocol,planned-day-zero,marrow,steroid-last\n"
        "A-1,NCT04024761,2026-06-15,2026-05-21,\nO-1,other.toml,2026-06-15,,2026-04-01\nO-2,other.toml,2026-06-15,2026-05-01,\n"
    )
    _, out, err = run("cohort", "two.csv", "--out", "plans")
    assert out.startswith("Planned 2 of 3 patients into plans; 0 unchanged, 1 not planned.")
    assert "Not planned: two.csv, line 4, marrow: OTHER-1 has no such column - leave the cell empty in this row" in err
    (tmp_path / "sub").mkdir()
    (tmp_path / "two.csv").write_text("code,protocol,steroid-last\nA-1,NCT04024761,\nO-1,other.toml,2026-04-01\n")
    assert run("cases", "two.csv", "--out", "sub/two.json")[0] == 0
    found = json.loads((tmp_path / "sub" / "two.json").read_text(encoding="utf-8"))["patients"]
    assert [one["protocol"] for one in found] == ["NCT04024761", "../other.toml"]


@pytest.mark.parametrize("code", ["0012", "1E5", "1234567890123456", "1-2", "3-MAR", "MAR-3", "2026-01-02", "JAN2", "1E-5", "123456789012", "MAR-1-2026"])
def test_a_study_code_that_a_spreadsheet_would_change_is_written_so_that_it_stays_and_read_back(code):
    one = {"code": code, "protocol": "NCT04024761", "planned-day-zero": "2026-06-15"}
    text = write_csv([one])
    assert text.split("\r\n")[1] == f"'{code},NCT04024761,2026-06-15"
    assert [row.cells["code"] for row in read_csv(text, "x.csv")] == [code]


@pytest.mark.parametrize("code", ["12", "CIML-017", "A1E5", "15-A", "12345678901"])
def test_a_study_code_that_a_spreadsheet_leaves_is_written_as_it_is(code):
    one = {"code": code, "protocol": "NCT04024761", "planned-day-zero": "2026-06-15"}
    assert write_csv([one]).split("\r\n")[1] == f"{code},NCT04024761,2026-06-15"
    assert [row.cells["code"] for row in read_csv(write_csv([one]), "x.csv")] == [code]


@pytest.mark.parametrize("head", ["Code,Protocol,Planned-Day-Zero", " code ,PROTOCOL,planned-day-zero", "code,protocol,planned-day-zero,,,"])
def test_a_heading_may_be_in_capitals_and_empty_columns_at_the_end_are_passed_over(head):
    more = ",,," if head.endswith(",,,") else ""
    (one,) = read_csv(f"{head}\r\n0012,NCT04024761,2026-06-15{more}\r\n,,{more}\r\n", "list.csv")
    assert one.cells == {"code": "0012", "protocol": "NCT04024761", "planned-day-zero": "2026-06-15"} and not one.ragged


def test_a_cell_beyond_the_named_columns_is_refused():
    (one,) = read_csv("code,protocol,,\r\nA-1,NCT04024761,,x\r\n", "list.csv")
    with pytest.raises(InputError, match="more or fewer cells"):
        one.check_cells()


LINE = b"CIML-9,NCT04024761,2026-06-15\n"
HEADING = b"code,protocol,planned-day-zero\n"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (HEADING + LINE + b"CIML-8,NCT04024761,\xed\xa0\x80\n", "list.csv, line 3: it holds a sign that is not UTF-8 - save it as CSV, UTF-8"),
        (HEADING + b"M\xfcller,NCT04024761,2026-06-15\n", "list.csv, line 2: it holds a sign that is not UTF-8 - save it as CSV, UTF-8"),
        (HEADING + LINE + b"CI\0ML,NCT04024761,2026-06-15\n", 'list.csv, line 3, code: "CIML" is not a study code'),
        (HEADING + LINE + b"CIML-8,NCT04024761\0,2026-06-15\n", "list.csv, line 3: protocol"),
    ],
    ids=["half a sign", "Latin-1", "a NUL in a code", "a NUL in a protocol"],
)
def test_a_sign_that_is_none_names_its_line(run, tmp_path, content, said):
    (tmp_path / "list.csv").write_bytes(content)
    code, _, err = run("cohort", tmp_path / "list.csv", "--out", tmp_path / "made")
    assert code == 2 and said in err and "Traceback" not in err


def test_half_a_sign_in_json_names_its_patient(run, tmp_path):
    patient = '{"code":"CIML-8","protocol":"NCT04024761","planned-day-zero":"2026-06-15","rulings":[{"rule":"T36","reason":"x\\ud800"}]}'
    (tmp_path / "list.json").write_text(f'{{"format":1,"patients":[{patient}]}}', encoding="ascii")
    code, _, err = run("cohort", tmp_path / "list.json", "--out", tmp_path / "made")
    assert code == 2 and "list.json, patient 1" in err and "Traceback" not in err
