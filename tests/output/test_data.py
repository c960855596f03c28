"""plan.json and plan.csv: every key that outside scripts rely on, and the same dates as the calendar."""

import csv
import io
import json
import re
from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shared.byte_lint import parse

from schedule.engine.entries import UNSTATED, entries_of
from schedule.engine.plan import lay_out
from schedule.files.protocol_file import read_protocol
from schedule.model.ids import entry_uid
from schedule.model.text import safe_cell, to_json
from schedule.output.data import plan_csv, plan_values
from schedule.output.ics import calendar
from schedule.pages.calendar import worded

WHEN = datetime(2026, 5, 1, 12, 0, tzinfo=UTC)
P = date(2026, 6, 15)
DAY = re.compile(r"\d{4}-\d{2}-\d{2}\Z")
MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}[+-]\d{2}:\d{2}\Z")

# design.md, "Command line", last paragraphs: the keys, and what each may hold.
TOP = {
    "format", "code", "protocol", "revision", "schedule_id", "planned_day_zero", "day_zero", "cycles", "banner", "events",
    "findings", "feasible", "not_stated",
}  # fmt: skip
EVENT = {
    "id", "activity", "number", "of", "title", "day", "label", "date", "last_date", "start", "end", "who", "status",
    "since", "provenance", "basis", "earliest", "latest", "planned", "booked", "actual",
}  # fmt: skip
FINDING = {
    "rule", "ref", "point", "status", "title", "actual", "earliest", "latest", "aim", "repeat", "basis", "source", "cycle",
}  # fmt: skip
FEASIBLE = {"earliest", "latest", "intervals", "binding", "next", "assumes", "hangs_on", "missing", "cycle"}
STATUSES = {"met", "boundary", "violated", "due", "not stated", "not applicable", "ruled"}
MORE = """
holidays = [2026-06-19]
[[tasks]]
id = "weight"
title = "weigh the patient"
days = "-5 to +3"
at = "06:00 to 06:15"
"""
PARAMETERS = {
    "il2-days": "+1 to +13 every 2 days", "dlt-end": "+42", "donor-collection": "-1", "response-marrow": "+28 ±3",
}  # fmt: skip


@pytest.fixture(scope="module")
def site(site_of):
    return site_of(PARAMETERS, {"fludarabine": "09:00"}, MORE)


@pytest.fixture(scope="module")
def plans(plan_of, site, protocol, case_of, protocol_text):
    """Plans that between them have everything: timed, untimed, violated, empty, without a day 0, with a span."""
    span = protocol_text + '\n[activities.isolation]\ntitle = "isolation"\ncategory = "visit"\ndays = "-5 to +20"\n'
    span = read_protocol(span + 'continuous = true\nderivation = "for this test"\n', "t.toml")
    return {
        "full": plan_of(site, planned_day_zero="2026-06-15 10:00", dates={"echo": date(2026, 6, 9)}),
        "date only": plan_of(planned_day_zero=P),
        "violated": plan_of(site, planned_day_zero=P, dates={"echo": date(2026, 3, 9), "gvhd-prophylaxis-last": P}),
        "no day 0": lay_out(protocol, site, case_of(site), datetime(2026, 1, 1)),
        "span": plan_of(protocol=span, planned_day_zero=P),
        "overdue": plan_of(site, planned_day_zero=P, as_of=datetime(2026, 8, 1)),
    }


def read_csv(text):
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


NAMES = ["full", "date only", "violated", "no day 0", "span", "overdue"]
each_plan = pytest.mark.parametrize("name", NAMES)


# plan.json -------------------------------------------------------------------------------------------------------------


@each_plan
def test_every_promised_key_is_there(plans, name):
    values = plan_values(plans[name])
    assert set(values) >= TOP
    assert set(values["protocol"]) == {"id", "version", "sha256"}
    assert set(values["feasible"]) >= FEASIBLE
    for event in values["events"]:
        assert set(event) >= EVENT
    for finding in values["findings"]:
        assert set(finding) >= FINDING
        assert finding["aim"] is None or set(finding["aim"]) == {"earliest", "latest"}
        assert finding["repeat"] is None or set(finding["repeat"]) == {"what", "earliest", "latest"}
    for interval in values["feasible"]["intervals"]:
        assert set(interval) == {"from", "to", "status"}
    for gap in values["not_stated"]:
        assert set(gap) == {"parameter", "text"} and all(gap.values())


def of_kind(value, *kinds):
    return value is None if None in kinds and value is None else isinstance(value, tuple(k for k in kinds if k))


@each_plan
def test_every_value_is_of_its_type_and_form(plans, name):
    values = json.loads(to_json(plan_values(plans[name])))
    assert values["format"] == 1 and values["revision"] == 1 and isinstance(values["code"], str)
    assert re.fullmatch(r"[0-9a-f]{64}", values["protocol"]["sha256"])
    assert re.fullmatch(r"[0-9a-f-]{36}", values["schedule_id"])
    assert of_kind(values["banner"], str, None)
    for event in values["events"]:
        assert DAY.match(event["date"]) and (event["last_date"] is None or DAY.match(event["last_date"]))
        for key in ("planned", "booked", "actual", "earliest", "latest"):
            assert event[key] is None or DAY.match(event[key]) or MOMENT.match(event[key])
        assert event["planned"] == (event["start"] or event["date"])  # nobody has booked or recorded anything here
        for key in ("start", "end"):
            assert event[key] is None or MOMENT.match(event[key])
        assert (event["start"] is None) == (event["end"] is None)
        assert event["start"] is None or event["start"][:10] == event["date"]
        for key in ("number", "of", "since"):
            assert type(event[key]) is int and event[key] >= 1
        assert type(event["day"]) in (int, type(None))
        assert event["id"] == f"{event['activity']}-{event['number']}"
        assert event["who"] in ("patient", "donor")
        assert event["status"] in ("planned", "unconfirmed", "given", "done", "held", "cancelled")
        assert event["provenance"] in ("stated", "derived", "site")
        assert event["title"] and event["label"] and event["basis"]
    for finding in values["findings"]:
        assert finding["status"] in STATUSES
        assert finding["rule"] and finding["ref"] and finding["title"] and finding["basis"] and finding["source"]
        assert of_kind(finding["point"], str, None)
        for key in ("actual", "earliest", "latest"):
            assert finding[key] is None or DAY.match(finding[key]) or MOMENT.match(finding[key])
    feasible = values["feasible"]
    assert all(of_kind(feasible[key], str, None) for key in ("earliest", "latest"))
    assert all(isinstance(feasible[key], list) for key in ("intervals", "binding", "next", "assumes"))
    assert {interval["status"] for interval in feasible["intervals"]} <= STATUSES


@pytest.mark.parametrize(
    ("name", "moment"), [("full", "2026-06-15T10:00-04:00"), ("date only", "2026-06-15"), ("no day 0", None)]
)
def test_day_zero_is_a_date_or_a_date_with_its_hour_or_null(plans, name, moment):
    values = plan_values(plans[name])
    assert (values["planned_day_zero"], values["day_zero"]) == (moment, moment)


@pytest.mark.parametrize(
    ("event_id", "expected"),
    [
        ("fludarabine-2", {
            "activity": "fludarabine", "number": 2, "of": 3, "day": -4, "label": "Day\u00a0−4", "date": "2026-06-11",
            "last_date": None, "start": "2026-06-11T09:00-04:00", "end": "2026-06-11T09:00-04:00", "who": "patient",
            "status": "planned", "since": 1, "provenance": "stated", "flags": [],
        }),
        ("weight-9", {
            "of": 9, "day": 3, "label": "Day\u00a0+3", "date": "2026-06-18", "start": "2026-06-18T06:00-04:00",
            "end": "2026-06-18T06:15-04:00", "provenance": "site", "title": "weigh the patient",
        }),
        ("il2-7", {"day": 13, "date": "2026-06-28", "start": None, "end": None, "flags": ["Sunday"]}),
        ("nk-infusion-1", {"day": 0, "start": "2026-06-15T10:00-04:00", "of": 1}),
        ("donor-collection-1", {"who": "donor", "day": -1, "date": "2026-06-14"}),
        # 28-Jun-2026 + 4 months
        ("contraception-end-1", {"date": "2026-10-28", "day": 135, "last_date": None}),
    ],
)  # fmt: skip
def test_an_event_says_what_was_worked_out_by_hand(plans, event_id, expected):
    (found,) = [event for event in plan_values(plans["full"])["events"] if event["id"] == event_id]
    assert {key: found[key] for key in expected} == expected


def test_a_span_names_its_last_day(plans):
    (found,) = [event for event in plan_values(plans["span"])["events"] if event["activity"] == "isolation"]
    assert (found["date"], found["last_date"], found["start"]) == ("2026-06-10", "2026-07-05", None)


def test_a_due_finding_carries_its_window_and_its_aim(plans):
    """15-Jun - 28 = 18-May. A test after lymphodepletion began, on 10-Jun, is no baseline: 9-Jun is the last clear day. The
    aim leaves room for two days of delay: from 20-May."""
    (found,) = [f for f in plan_values(plans["full"])["findings"] if f["rule"] == "T14" and f["point"] == "marrow"]
    assert (found["status"], found["earliest"], found["latest"]) == ("due", "2026-05-18", "2026-06-09")
    assert found["aim"] == {"earliest": "2026-05-20", "latest": "2026-06-09"}


def test_a_violated_plan_has_its_banner(plans):
    assert plan_values(plans["violated"])["banner"].startswith("NOT ALLOWED AS PLANNED: ")
    assert plan_values(plans["full"])["banner"] is None


def test_json_ends_with_a_line_end_and_keeps_letters_as_they_are():
    assert to_json({"label": "Day −5 µ"}) == '{\n  "label": "Day −5 µ"\n}\n'


# plan.csv --------------------------------------------------------------------------------------------------------------


@each_plan
def test_the_csv_begins_with_a_bom_and_ends_its_lines_as_excel_likes_them(plans, name):
    text = plan_csv(plans[name])
    assert text.startswith("\ufeffid,activity,") and text.endswith("\r\n")
    assert not re.search(r"(?<!\r)\n|\r(?!\n)", text)
    assert text.encode()[:3] == b"\xef\xbb\xbf"


@each_plan
def test_the_csv_has_a_row_for_each_event_with_the_same_values_under_the_same_names(plans, name):
    events = plan_values(plans[name])["events"]
    rows = read_csv(plan_csv(plans[name]))
    assert len(rows) == len(events) and (events or name == "no day 0")
    for row, event in zip(rows, events, strict=True):
        assert set(row) == {*event, "banner"}
        assert row["banner"] == (plan_values(plans[name])["banner"] or "")
        for key in EVENT:
            assert row[key] == ("" if event[key] is None else str(event[key]))


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("+1", "'+1"),
        ("-5", "'-5"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\tx", "'\tx"),
        ("\0x", "'\0x"),
        ("=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0"),
        ("Day −5", "Day −5"),
        ("a=b", "a=b"),
        ("", ""),
        (None, ""),
        (-5, "-5"),
        (0, "0"),
    ],
    ids=repr,
)
def test_no_cell_is_taken_for_a_formula_and_numbers_stay_numbers(value, cell):
    assert safe_cell(value) == cell


@pytest.mark.parametrize("start", ["=", "+", "-", "@"])
def test_a_formula_in_a_title_of_the_sites_arrives_disarmed_in_the_file(site_of, plan_of, start):
    title = f'{start}HYPERLINK(1), ""quoted""'
    toml = json.dumps(title)
    site = site_of(more=f'[[tasks]]\nid = "task"\ntitle = {toml}\ndays = "0"')
    plan = plan_of(site, planned_day_zero=P)
    (row,) = [row for row in read_csv(plan_csv(plan)) if row["activity"] == "task"]
    assert row["title"] == f"'{title}"
    (event,) = [event for event in plan_values(plan)["events"] if event["activity"] == "task"]
    assert event["title"] == title


# One plan, one truth ---------------------------------------------------------------------------------------------------


def seen_in_calendar(plan, entries):
    """Each event's entry, as (identity, first day or instant, last day or end) read from the file's bytes."""
    data = calendar(worded(entries), schedule_id=plan.schedule_id, name="n", description="d")
    return Counter(
        (e.one("UID"), e.one("DTSTART"), e.raw("DTEND")[0] if e.raw("DTEND") else e.one("DTSTART"))
        for e in parse(data).all("VEVENT")
    )


def as_calendar_writes(plan, date_, last, start, end, name):
    uid = entry_uid(plan.schedule_id, name)
    if start:
        first, after = (datetime.fromisoformat(text).astimezone(UTC) for text in (start, end))
        moments = first, after if after > first else first + timedelta(minutes=UNSTATED)
        return (uid, *(f"{moment:%Y%m%dT%H%M%SZ}" for moment in moments))
    after = date.fromisoformat(last or date_) + timedelta(days=1)
    return uid, date_.replace("-", ""), f"{after:%Y%m%d}"


def assert_all_agree(plan):
    """The union of the calendar = plan.json = plan.csv; beyond it the calendar holds only what is due or to be repeated."""
    values = plan_values(plan)
    keys = ("date", "last_date", "start", "end", "id")
    from_json = Counter(as_calendar_writes(plan, *(event[key] for key in keys)) for event in values["events"])
    from_csv = Counter(as_calendar_writes(plan, *(row[key] for key in keys)) for row in read_csv(plan_csv(plan)))
    entries = entries_of(plan, WHEN)
    events = seen_in_calendar(plan, [entry for entry in entries if entry.event is not None])
    assert events == from_json == from_csv
    known = plan.protocol.dates
    due = {}
    for f in values["findings"]:
        asked = f["status"] == "due" or (f["status"] == "violated" and f["repeat"])
        if asked and f["point"] in known and f["latest"]:
            due.setdefault(f["point"], set()).add(as_calendar_writes(plan, f["latest"], f["latest"], None, None, f"due/{f['point']}"))
    assert all(len(found) == 1 for found in due.values())
    rest = seen_in_calendar(plan, [entry for entry in entries if entry.id.startswith("due/")])
    assert rest == Counter(found for one in due.values() for found in one)


@pytest.mark.parametrize("name", [name for name in NAMES if name != "no day 0"])
def test_json_csv_and_calendar_say_the_same(plans, name):
    assert_all_agree(plans[name])


@given(
    planned=st.dates(date(2020, 1, 1), date(2035, 12, 31)),
    clock=st.sampled_from(["", " 10:00", " 23:59", " 00:00"]),
    zone=st.sampled_from(["America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "Pacific/Apia", "Asia/Kolkata"]),
    given_dates=st.dictionaries(st.sampled_from(["transplant", "echo", "marrow", "dli-last"]), st.integers(1, 120), max_size=4),
)
@settings(max_examples=150)
def test_json_csv_and_calendar_say_the_same_for_any_patient(site_of, plan_of, planned, clock, zone, given_dates):
    site = site_of(PARAMETERS, {"fludarabine": "09:00 to 09:30", "il2": "20:00"}, MORE, zone)
    dates = {name: planned - timedelta(days=days) for name, days in given_dates.items()}
    assert_all_agree(plan_of(site, planned_day_zero=f"{planned}{clock}", dates=dates))
