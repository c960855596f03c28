"""The documentation is run: every example is read, every table row is computed, every quoted message is reproduced.

A page's code blocks say what they are in their first line: `toml` is pasted after the blocks before it, `toml case` and
`toml site` are files of their own, and a `refused` one is followed by the messages it must give, to the letter.
"""

import inspect
import json
import re
import shlex
from datetime import UTC, date, datetime
from itertools import pairwise
from typing import get_args
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar
from msgspec.structs import fields, replace
from shared import ROOT
from shared.manual import DOCS, blocks, tables_under
from shared.small_trials import BY_HOURS, CASE, CYCLES, HEAD, SITE, VISITS

from schedule import commands
from schedule.engine.entries import entries_of
from schedule.engine.history import apply
from schedule.engine.move import judge_move
from schedule.engine.plan import lay_out
from schedule.files import abbreviations, days_grammar, grammar, protocol_limits, table
from schedule.files.case_file import read_case, read_case_tables
from schedule.files.patient_list import as_tables, read_csv, read_json, tables_of_row, write_json
from schedule.files.protocol_file import read_protocol
from schedule.files.site_file import read_site
from schedule.ledger.place import SYNC_FOLDERS
from schedule.model import dates, notation, text
from schedule.model.acts import Amend, Attest, Book, Deed, Fact, Move, PlannedHour, RecordEvent
from schedule.model.case import NO_SITE, Attested
from schedule.model.entries import EntryKind
from schedule.model.errors import DayzeroError, InputError, NotAllowed, NotDone, Stale
from schedule.model.moment import Moment
from schedule.model.plan import Record, Status, Verdict
from schedule.output import data, folder
from schedule.output.ics import calendar
from schedule.pages.calendar import worded
from schedule.pages.change import notice_values
from schedule.words import alerts

AS_OF = datetime(2026, 5, 26, 8, 0)
WHEN = datetime(2026, 5, 26, 12, 0, tzinfo=UTC)


def refusals(page, kind):
    """Each refused block of that kind with the messages that follow it."""
    found = blocks(page)
    return [(one.text, after.text) for one, after in pairwise(found) if one.kind == f"{kind} refused"]


@pytest.mark.parametrize(
    ("page", "kind"),
    [("protocol-format.md", "toml"), ("case-and-site.md", "toml case"), ("case-and-site.md", "toml site")],
)
def test_a_page_shows_what_is_refused_together_with_the_messages(page, kind):
    shown = [(one.kind, after.kind) for one, after in pairwise(blocks(page)) if one.kind == f"{kind} refused"]
    assert shown and {after for _, after in shown} == {"text"}


def messages(error):
    return "".join(f"{mistake}\n" for mistake in error.value.mistakes)


# docs/protocol-format.md -----------------------------------------------------------------------------------------------

FORMAT = "protocol-format.md"
PARTS = [block for block in blocks(FORMAT) if block.kind == "toml"]
WHOLE = "".join(block.text for block in PARTS)
(ALONE,) = [block for block in blocks(FORMAT) if block.kind == "toml alone"]
"""What goes with the first twenty lines alone."""
FORMAT_TABLES = tables_under(FORMAT)


@pytest.fixture(scope="module")
def documented():
    """The protocol that the page builds up."""
    return read_protocol(WHOLE, "our-trial.toml")


@pytest.fixture(scope="module")
def documented_site(documented):
    text = 'format = 1\nzone = "Europe/Berlin"\n[times]\ncells = "10:00 to 10:30"\n[parameters]\nil2-days = "+1 to +13 every 2 days"\n'
    return read_site(text, "site.toml", documented)


def documented_case(documented, site, dates=""):
    text = f'format = 1\ncode = "EX-1"\nprotocol = "our-trial.toml"\nplanned-day-zero = 2026-06-15T10:00:00\n{dates}'
    return read_case(text, "case.toml", documented, site)


def test_the_first_example_has_twenty_lines_and_dates_an_infusion():
    assert PARTS[0].text.count("\n") == 20
    protocol = read_protocol(PARTS[0].text, "our-trial.toml")
    case = read_case(
        'format = 1\ncode = "EX-1"\nprotocol = "x"\nplanned-day-zero = 2026-06-15\n', "case.toml", protocol, NO_SITE
    )
    assert [(e.id, e.on) for e in lay_out(protocol, NO_SITE, case, AS_OF).events] == [("cells-1", date(2026, 6, 15))]


@pytest.mark.parametrize("number", range(1, len(PARTS) + 1), ids=[block.heading for block in PARTS])
def test_the_protocol_can_be_read_after_each_part(number):
    read_protocol("".join(block.text for block in PARTS[:number]), "our-trial.toml")


@pytest.mark.parametrize(("part", "expected"), refusals(FORMAT, "toml"))
def test_a_refused_part_of_a_protocol_gives_exactly_the_messages_shown(part, expected):
    with pytest.raises(InputError) as error:
        read_protocol(WHOLE + part, "our-trial.toml")
    assert messages(error) == expected


def spelled(moment):
    """A date with its hour where it has one."""
    return notation.spell_moment(moment.at) if moment.at else notation.spell(moment.on)


def in_words(event):
    """An event's time as the page shows it."""
    window = f" (window {spelled(event.earliest)} to {spelled(event.latest)})" if event.earliest else ""
    return spelled(event.when) + window


@pytest.mark.parametrize("row", FORMAT_TABLES["Days"][0], ids=lambda row: row["Text"])
def test_days_give_the_dates_shown(row, documented_site):
    text = WHOLE + f'[activities.shown]\ntitle = "shown"\ncategory = "visit"\nquote = "x"\ndays = "{row["Text"]}"\n'
    protocol = read_protocol(text, "our-trial.toml")
    case = documented_case(protocol, documented_site)
    found = [event for event in lay_out(protocol, documented_site, case, AS_OF).events if event.activity == "shown"]
    shown = ", ".join(map(in_words, found))
    if len(found) > 4:
        shown = f"{len(found)} events, {in_words(found[0])} to {in_words(found[-1])}"
    assert shown == row["Day 0 on Mon 15-Jun-2026"]


@pytest.mark.parametrize("row", FORMAT_TABLES["Bounds"][0], ids=lambda row: row["Point"])
def test_each_point_of_the_page_is_one(row, documented):
    for point in re.findall(r"`([^`]+)`", row["Point"]) or [row["Point"]]:
        found = grammar.read_bound(f"day-zero at least 1 day after {point}", documented.dates)
        rule = f'[rules.SHOWN]\ntitle = "x"\nquote = "x"\n[[rules.SHOWN.bounds]]\npoint = "{found.anchor}"\nsafe = ["{found}"]\n'
        assert read_protocol(WHOLE + rule, "our-trial.toml").rules["SHOWN"].bounds[0].point == found.anchor


def test_yearly_is_every_year():
    assert days_grammar.read_days("yearly x 5 from +365") == days_grammar.read_days("every year x 5 from +365")


@pytest.mark.parametrize(
    ("read", "row"),
    [(days_grammar.read_days, row) for row in FORMAT_TABLES["Days"][1]]
    + [(grammar.read_bound, row) for row in FORMAT_TABLES["Bounds"][1]],
    ids=lambda value: value["Text"] if isinstance(value, dict) else "",
)
def test_what_is_outside_the_grammar_gives_exactly_the_message_shown(read, row):
    with pytest.raises(grammar.GrammarError) as error:
        read(row["Text"])
    assert f"{error.value} - {error.value.remedy}" == row["Message"]


@pytest.mark.parametrize("row", FORMAT_TABLES["Numbering"][0], ids=lambda row: row["Days from the anchor day"])
def test_days_are_called_as_shown_in_both_numberings(row):
    offset = int(row["Days from the anchor day"])
    for numbering in ("day-zero", "day-one"):
        label = notation.day_label(notation.day_number(offset, numbering), numbering)
        assert label.replace("\u00a0", " ") == row[numbering]


def test_day_zero_in_day_one_numbering_gives_exactly_the_message_shown():
    with pytest.raises(grammar.GrammarError) as error:
        days_grammar.read_days("0", "day-one")
    assert f"`{error.value} - {error.value.remedy}`" in (DOCS / FORMAT).read_text(encoding="utf-8")


@pytest.mark.parametrize("row", FORMAT_TABLES["Months"][0], ids=lambda row: f"{row['Start']} + {row['Plus']}")
def test_month_ends_come_out_as_shown(row):
    count, unit = row["Plus"].split()
    for rule in ("next-first", "clamp"):
        found = dates.add(date.fromisoformat(row["Start"]), int(count), unit.rstrip("s") + "s", rule)
        assert found.isoformat() == row[rule]


@pytest.mark.parametrize("row", FORMAT_TABLES["Two readings"][0], ids=lambda row: row["Last dose"])
def test_the_two_readings_give_the_statuses_shown(row, documented, documented_site):
    last = {"never": '[dates]\nsteroid-last = "never"\n', "left out": ""}.get(
        row["Last dose"], f"[dates]\nsteroid-last = {row['Last dose']}\n"
    )
    case = documented_case(documented, documented_site, last)
    if row["Days to day 0"]:
        assert (case.planned_day_zero - case.dates["steroid-last"][0]).days == int(row["Days to day 0"])
    found = lay_out(documented, documented_site, case, AS_OF).findings
    assert [finding.status for finding in found if finding.ref == "R2"] == [row["Status"]]


@pytest.mark.parametrize(
    ("finder", "row"),
    [(abbreviations.unsafe, row) for row in FORMAT_TABLES["Words that are refused, and words that are warned of"][0]]
    + [
        (abbreviations.doubted, row) for row in FORMAT_TABLES["Words that are refused, and words that are warned of"][1]
    ],
    ids=lambda value: value["Text"] if isinstance(value, dict) else "",
)
def test_unsafe_words_are_found_with_what_to_write_instead(finder, row):
    assert (row["Text"], row["Write"]) in finder(f"give 5 {row['Text']} now")


def test_the_limits_are_those_of_the_code():
    shown, most = {row["What"]: row["Limit"] for row in FORMAT_TABLES["Limits"][0]}, protocol_limits.MOST_OF
    assert shown == {
        "size of the file": f"{table.MOST_BYTES // 1024} KB",
        "characters of one text": f"{table.MOST_TEXT:,}",
        "keys in one table": f"{table.MOST_KEYS:,}",
        "characters of an id": "40",
        "days of an activity": f"{grammar.FIRST_DAY} to +{grammar.LAST_DAY}",
        "occurrences of an activity": str(days_grammar.MOST_OCCURRENCES),
        "every date": f"{notation.FIRST_DATE.year} to {notation.LAST_DATE.year}",
        "activities, rules, bounds of all rules": f"{most['activities']}, {most['rules']}, {protocol_limits.MOST_BOUNDS}",
        "known dates, parameters, statements": f"{most['dates']}, {most['parameters']}, {most['attestations']}",
        "choices, options of all choices": f"{most['choices']}, {protocol_limits.MOST_OPTIONS}",
        "occurrences of all activities, in all cycles": f"{protocol_limits.MOST_PLACES:,}",
    }


# Keys ------------------------------------------------------------------------------------------------------------------


def kind_of(place):
    """What kind of table a place in a file is: "" for the top, `activity`, `bound`, …"""
    place = str(place)
    last = place.split(", ")[-1]
    if ", [attestations]" in place:
        return "attestation of a case"
    return "" if last == place else re.match(r"\[?(\w+)", last)[1]


@pytest.fixture
def asked(monkeypatch):
    """Kind of table -> every key that the readers ask for, noted while they read."""
    found = {}
    close = table.Table.close

    def note(table):
        found.setdefault(kind_of(table.place), set()).update(table.asked)
        close(table)

    monkeypatch.setattr(table.Table, "close", note)
    return found


def keys_of(rows):
    return {row["Key"].strip("[]") for row in rows}


PROTOCOL_KEYS = {
    "": "The top of the file", "source": "Sources", "date": "Known dates", "parameter": "Parameters",
    "attestation": "Attestations", "choice": "Choices", "cycles": "Cycles", "spacing": "Spacing", "course": "Courses", "activity": "Activities", "rule": "Rules",
    "statement": "Statements",
}  # fmt: skip


def key_rows(kind):
    return FORMAT_TABLES["Bounds"][2] if kind == "bound" else FORMAT_TABLES[PROTOCOL_KEYS[kind]][0]


def test_every_key_of_a_protocol_is_documented_and_no_other(asked, protocol_text):
    read_protocol(WHOLE, "our-trial.toml")
    read_protocol(PARTS[0].text + ALONE.text, "our-trial.toml")
    read_protocol(protocol_text, "nct04024761.toml")
    assert asked.pop("days") == {"related", "unrelated"}  # the options of the example's choice
    assert set(asked) == {*PROTOCOL_KEYS, "bound"}
    for kind, keys in asked.items():
        assert keys_of(key_rows(kind)) == keys, kind


@pytest.mark.parametrize("kind", [*PROTOCOL_KEYS, "bound"])
def test_the_keys_called_needed_are_those_that_are_missed(kind):
    empty = {
        "": "", "bound": "[rules.NEW]\n[[rules.NEW.bounds]]\n", "statement": "[rules.NEW]\n[[rules.NEW.statements]]\n",
        "activity": "[activities.new]\n", "rule": "[rules.NEW]\n", "cycles": "[cycles]\n",
        "spacing": "[rules.NEW]\n[[rules.NEW.spacing]]\n",
    }.get(kind, f"[{kind}s.new]\n")  # fmt: skip
    with pytest.raises(InputError) as error:
        read_protocol(WHOLE + empty if kind else 'x = ""', "our-trial.toml")
    places = [str(m.place).rpartition(", ") for m in error.value.mistakes if m.message == "is missing"]
    missed = {key for place, _, key in places if kind_of(place or "x") == kind}
    assert missed - {"quote"} == {row["Key"] for row in key_rows(kind) if row["Needed"] == "yes"}


# docs/case-and-site.md -------------------------------------------------------------------------------------------------

CASES = "case-and-site.md"
CASE_TABLES = tables_under(CASES)
SITES = [block for block in blocks(CASES) if block.kind == "toml site"]
SITE_TEXT = SITES[0].text
(SEVERAL_TEXT,) = [block.text for block in blocks(CASES) if block.kind == "toml site several"]
OTHER = read_protocol((ROOT / "schedule" / "protocols" / "nct04290546.toml").read_text(encoding="utf-8"), "nct04290546.toml")
"""The trial with a choice that the page shows."""


@pytest.fixture(scope="module")
def page_site(protocol):
    return read_site(SITE_TEXT, "our-site.toml", protocol)


@pytest.mark.parametrize("block", SITES, ids=lambda block: block.heading)
def test_a_site_file_on_the_page_can_be_read(block, protocol):
    read_site(block.text, "our-site.toml", protocol)


@pytest.mark.parametrize("block", [b for b in blocks(CASES) if b.kind == "toml case"], ids=lambda block: block.heading)
def test_a_case_file_on_the_page_can_be_read_and_planned(block, protocol, page_site):
    case = read_case(block.text, "case.toml", protocol, page_site)
    assert lay_out(protocol, page_site, case, AS_OF).findings


@pytest.mark.parametrize(("text", "expected"), refusals(CASES, "toml case"))
def test_a_refused_case_gives_exactly_the_messages_shown(text, expected, protocol):
    with pytest.raises(InputError) as error:
        read_case(text, "case.toml", protocol)
    assert messages(error) == expected


@pytest.mark.parametrize(("text", "expected"), refusals(CASES, "toml site"))
def test_a_refused_site_gives_exactly_the_messages_shown(text, expected, protocol):
    with pytest.raises(InputError) as error:
        read_site(text, "our-site.toml", protocol)
    assert messages(error) == expected


def test_the_site_file_for_several_protocols_says_of_each_what_the_page_says(protocol):
    one, other = (read_site(SEVERAL_TEXT, "our-site.toml", found) for found in (protocol, OTHER))
    assert (list(one.texts), list(one.times), [task.id for task in one.tasks]) == (["il2-days"], ["fludarabine"], ["consent-check"])
    assert list(other.texts) == ["fludarabine-days", "cyclophosphamide-days"]
    assert [task.id for task in other.tasks] == ["consent-check", "chart"]


def test_a_choice_is_read_or_refused_as_shown():
    (text,) = [block.text for block in blocks(CASES) if block.kind == "toml trial"]
    case = read_case(text, "case.toml", OTHER)
    plan = lay_out(OTHER, NO_SITE, case, AS_OF)
    assert case.choices == {"part": "part-2"} and "ipilimumab-1" in {event.id for event in plan.events}
    open_one = lay_out(OTHER, NO_SITE, replace(case, choices={}), AS_OF)
    assert {f.ref: f.status for f in open_one.findings}["choice-part"] == "due"
    assert "ipilimumab-1" not in {event.id for event in open_one.events}
    ((text, expected),) = refusals(CASES, "toml trial")
    with pytest.raises(InputError) as error:
        read_case(text, "case.toml", OTHER)
    assert messages(error) == expected


def test_the_json_on_the_page_is_the_first_row_of_the_csv(protocol):
    (shown,) = [block.text for block in blocks(CASES) if block.kind == "json"]
    (rows,) = [block.text for block in blocks(CASES) if block.kind == "csv"]
    first = read_csv(rows, "patients.csv")[0]
    tables = as_tables(first.as_written(protocol), first.name, protocol)
    assert json.loads(write_json([tables])) == json.loads(shown)
    (listed,) = read_json(shown, "patients.json")
    assert as_tables(listed.as_written(protocol), listed.name, protocol) == tables


CASE_HEAD = 'format = 1\ncode = "CIML-018"\nprotocol = "NCT04024761"\n'


@pytest.mark.parametrize("row", CASE_TABLES["Planned day 0"][0], ids=lambda row: row["Written"])
def test_planned_day_zero_is_read_or_refused_as_shown(row, protocol, page_site):
    text = f"{CASE_HEAD}planned-day-zero = {row['Written']}\n"
    try:
        case = read_case(text, "case.toml", protocol, page_site)
    except InputError as error:
        found = str(error)
    else:
        moment = case.planned_moment
        found = f"{notation.spell_moment(moment)} ({moment:%z} from UTC)" if moment else notation.spell(case.planned_day_zero)
    assert found == row["Read as"]


@pytest.mark.parametrize("row", CASE_TABLES["Known dates"][0], ids=lambda row: row["Written"])
def test_a_known_date_is_read_or_refused_as_shown(row, protocol, page_site):
    try:
        case = read_case(f"{CASE_HEAD}[dates]\ndli-last = {row['Written']}\n", "case.toml", protocol, page_site)
    except InputError as error:
        found = str(error)
    else:
        found = ", ".join(map(spelled, case.moments_of("dli-last"))) or "never"
    assert found == row["Read as"]


def test_every_key_of_a_case_and_of_a_site_is_documented_and_no_other(asked, protocol, page_site):
    for block in blocks(CASES):
        if block.kind == "toml case":
            read_case(block.text, "case.toml", protocol, page_site)
    rows = {"": "The case file", "ruling": "Rulings", "attestation of a case": "Statements"}
    assert asked[""] >= {"choices"}
    assert {kind: keys_of(CASE_TABLES[heading][0]) for kind, heading in rows.items()} == asked
    asked.clear()
    read_site(SITE_TEXT.replace("format = 1\n", 'format = 1\nweekend = ["Sat", "Sun"]\n', 1), "our-site.toml", protocol)
    read_site(SEVERAL_TEXT, "our-site.toml", protocol)
    (shown,) = (row["Meaning"] for row in CASE_TABLES["The site file"][0] if row["Key"] == "[calendar]")
    assert all(key in shown for key in asked.pop("calendar"))
    rows = {"": "The site file", "task": "Tasks", "protocols": "One site file for several protocols"}
    assert {kind: keys_of(CASE_TABLES[heading][0]) for kind, heading in rows.items()} == asked


def test_the_list_of_patients_on_the_page_can_be_read_and_says_what_the_case_files_say(protocol, page_site):
    (block,) = [b for b in blocks(CASES) if b.kind == "csv"]
    found = [
        read_case_tables(one.as_written(protocol), one.name, protocol, page_site, "")
        for one in read_csv(block.text, "patients.csv")
    ]
    assert [case.code for case in found] == ["CIML-018", "CIML-019"]
    assert [len(case.dates.get("marrow", ())) for case in found] == [2, 0]
    assert found[0].planned_moment is not None and found[1].planned_moment is None
    assert found[1].dates["dli-last"] == ()
    assert list(found[0].attestations) == ["age-eligible"]


def test_an_unknown_column_gives_exactly_the_message_shown(protocol):
    with pytest.raises(InputError) as error:
        tables_of_row({"code": "CIML-018", "marow": "2026-06-01"}, "patients.csv, line 2", protocol)
    assert f"    {error.value}\n" in (DOCS / CASES).read_text(encoding="utf-8")


# docs/outputs.md -------------------------------------------------------------------------------------------------------

OUTPUTS = "outputs.md"
OUTPUT_TABLES = tables_under(OUTPUTS)


@pytest.fixture(scope="module")
def example(protocol):
    """The example patient's plan, with the example's site."""
    site = read_site((ROOT / "examples" / "site.toml").read_text(encoding="utf-8"), "site.toml", protocol)
    case = read_case((ROOT / "examples" / "ciml-017.toml").read_text(encoding="utf-8"), "case.toml", protocol, site)
    return lay_out(protocol, site, case, AS_OF)


@pytest.fixture(scope="module")
def plans(protocol, example, page_site):
    """Plans that between them fill every key: the example; no site; a window, a span, an hour and broken rules."""
    text = CASE_HEAD + "planned-day-zero = 2026-06-15\n[dates]\norgan-function = 2026-05-01\n"
    bare = lay_out(protocol, NO_SITE, read_case(text, "case.toml", protocol), AS_OF)
    asked_only = lay_out(protocol, NO_SITE, read_case(CASE_HEAD, "case.toml", protocol), AS_OF)
    documented = read_protocol(WHOLE + ONE_SIDED, "our-trial.toml")
    site = read_site('format = 1\nzone = "Europe/Berlin"\n', "site.toml", documented)
    dates = "[dates]\nmarrow = 2026-05-01\nvirology = 2026-06-15\n"
    invented = lay_out(documented, site, documented_case(documented, site, dates), AS_OF)
    return example, bare, asked_only, invented, *small_plans(), infused(example)


def small_plans():
    """Plans of small trials: doses by the hour without an hour, a visit that is booked, two cycles."""
    found = []
    for trial, planned in ((HEAD + BY_HOURS, "2026-06-15"), (HEAD + VISITS, "2026-06-15"), (CYCLES, "2026-06-15")):
        protocol = read_protocol(trial, "trial.toml")
        site = read_site(SITE, "site.toml", protocol)
        found.append(lay_out(protocol, site, read_case(CASE.format(planned), "case.toml", protocol, site), AS_OF))
    by_hours, visits, cycles = found
    booked = apply(visits, Book(event="visit-1", at=Moment(on=date(2026, 7, 6))), AS_OF, 2)
    return by_hours, booked, cycles


def infused(plan):
    """The plan once the cells are recorded, on time."""
    return apply(plan, recorded("nk-infusion-1", "given", "2026-06-15 10:00"), datetime(2026, 6, 15, 12), 2)


def recorded(event, outcome, when):
    """A record of that hour in New York."""
    moment = day_zero(when)
    kept = Record(outcome=outcome, at=moment.wall, timed=True, reason="", moment=moment.at)
    return RecordEvent(event=event, record=kept)


ONE_SIDED = """
[rules.R8]
title = "Two tests with one limit each"
derivation = "for this test"
[[rules.R8.bounds]]
point = "marrow"
safe = ["day-zero at most 28 days after marrow"]
if-broken = "repeat"
repeat = "bone marrow examination"
[[rules.R8.bounds]]
point = "virology"
safe = ["day-zero at least 1 day after virology"]
if-broken = "repeat"
repeat = "virology tests"
"""


def walk(value, path=""):
    """Every value with its path; the entries of a list share one."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield f"{path}.{key}" if path else key, item
            yield from walk(item, f"{path}.{key}" if path else key)
    elif isinstance(value, list):
        for item in value:
            yield from walk(item, f"{path}[]")


KINDS = {
    "text": lambda value: isinstance(value, str),
    "whole number": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "true or false": lambda value: isinstance(value, bool),
    "date": lambda value: isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", value),
    "moment": lambda value: isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d[+-]\d\d:\d\d", value),
    "object": lambda value: isinstance(value, dict),
    "number": lambda value: isinstance(value, int | float) and not isinstance(value, bool),
    "wall time": lambda value: isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d", value),
    "UTC": lambda value: isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00", value),
    "list of texts": lambda value: isinstance(value, list) and all(isinstance(item, str) for item in value),
    "list of objects": lambda value: isinstance(value, list) and all(isinstance(item, dict) for item in value),
    "null": lambda value: value is None,
}


def documented_keys(heading):
    return {row["Key"]: row["Type"] for rows in OUTPUT_TABLES[heading] for row in rows if "Key" in row}


def test_every_key_of_plan_json_is_documented_and_no_other(plans):
    shown = {key for heading in JSON_HEADINGS for key in documented_keys(heading)}
    assert shown == {path for plan in plans for path, _ in walk(data.plan_values(plan))}


JSON_HEADINGS = ("plan.json", "Events", "Findings", "Feasible days", "What is not stated")


def test_every_value_of_plan_json_is_of_the_kind_documented(plans):
    shown = {key: kind for heading in JSON_HEADINGS for key, kind in documented_keys(heading).items()}
    for plan in plans:
        for path, value in walk(data.plan_values(plan)):
            kinds = [shown[path]] if shown[path] in KINDS else shown[path].split(" or ")
            assert any(KINDS[kind](value) for kind in kinds), (path, value, shown[path])


def test_a_key_that_may_be_null_is_null_somewhere(plans):
    seen = {path for plan in plans for path, value in walk(data.plan_values(plan)) if value is None}
    shown = {key for heading in JSON_HEADINGS for key, kind in documented_keys(heading).items() if "null" in kind}
    assert shown == seen


def test_every_status_is_documented_and_no_other():
    first, second = (next(rows for rows in OUTPUT_TABLES[h] if "Status" in rows[0]) for h in ("Events", "Findings"))
    assert {row["Status"] for row in first} == {*get_args(Status), "not stated"}
    assert {row["Status"] for row in second} == set(get_args(Verdict))


def test_the_columns_of_plan_csv_are_documented_in_their_order(example):
    (line,) = [block.text.strip() for block in blocks(OUTPUTS) if block.heading == "plan.csv"]
    assert line == data.plan_csv(example).split("\r\n")[0].removeprefix("\ufeff")


def test_every_key_of_manifest_json_is_documented_and_no_other(example, tmp_path):
    found = entries_of(example, WHEN)
    inputs = {"protocol": example.protocol.sha256, "site": example.site.sha256, "case": example.case.sha256}
    manifest = folder.Manifest(revision=1, when=WHEN, as_of=AS_OF, inputs=inputs, entries=found, ledger="0" * 64)
    path = folder.write(tmp_path / "CIML-017", manifest, {"plan.json": b"{}"})
    values = json.loads((path / folder.MANIFEST).read_text(encoding="utf-8"))
    assert list(values.pop("files")) == ["plan.json"]
    found = {key for key, _ in walk(values) if not re.match(r"entries\[\]\.(event|asked|made)[.\[]", key)}
    assert set(documented_keys("manifest.json")) == {"files", *found}  # those three are in the ledger's own form


def test_the_files_of_a_revision_are_those_listed(example):
    from schedule.output.outputs import Revision, output_files

    found = output_files(Revision(plan=example, entries=entries_of(example, WHEN), when=WHEN))
    assert {row["File"] for row in OUTPUT_TABLES["The folder"][0]} == {*found, folder.MANIFEST}


@pytest.fixture
def ran(tmp_path, monkeypatch, capsys):
    """Run the command line in an empty folder, with a ledger of its own and the clock at 26-May-2026 08:00 in New York."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(int(WHEN.timestamp())))
    monkeypatch.setenv("DAYZERO_STORE", str(tmp_path / "ledger.sqlite"))

    def go(*args):
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            commands.main([str(arg) for arg in args])
        return ended.value.code, capsys.readouterr().out

    return go


PLANNED = ("plan", ROOT / "examples" / "ciml-017.toml", "--site", ROOT / "examples" / "site.toml")


def test_the_files_beside_the_plans_own_are_those_listed_in_every_revision_that_an_act_made(example, ran, tmp_path):
    moved = ("slip", "CIML-017", "--to", "2026-06-16 10:00", "--cause", "product", "--reason", "late", "--confirm", "CIML-017")
    assert ran(*PLANNED)[0] == 0 and ran(*moved)[0] in (0, 1)
    first, second = ({p.name for p in (tmp_path / "dayzero-out" / "CIML-017" / f"rev-{n}").iterdir()} for n in (1, 2))
    own, more = ({row["File"] for row in rows} for rows in OUTPUT_TABLES["The folder"])
    assert (first, second) == (own, own | more) and not own & more


def test_the_exit_codes_are_those_of_the_errors():
    shown = {row["Code"] for row in OUTPUT_TABLES["Exit codes"][0]}
    codes = {str(kind.exit_code) for kind in (DayzeroError, NotAllowed, InputError, NotDone, Stale)}
    assert {*codes, "0"} == shown == {"0", "1", "2", "3", "70"}


def test_every_heading_of_the_banner_is_documented_and_no_other():
    in_code = {words.strip() for words in re.findall(r'"([A-Z]{2}[A-Z, ]*)', inspect.getsource(alerts.heading))}
    assert {row["Words"] for row in OUTPUT_TABLES["The banner"][0]} == in_code
    assert len(in_code) == 8


# What an act changes


def acted(before, deed, as_of, **keys):
    """The change that a deed makes of a plan, as values, and the plan after it."""
    after = apply(before, deed, as_of, before.revision + 1, **keys)
    verdict = judge_move(before, after, deed, as_of) if isinstance(deed, Move) else None
    saved = verdict is None or verdict.allowed
    return notice_values(before, after, verdict, saved=saved), after


def day_zero(text, zone="America/New_York"):
    at = datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))
    return Moment(on=at.date(), at=at)


@pytest.fixture(scope="module")
def changes(example, protocol, documented):
    """Changes that between them fill every key: a slip, a re-plan, a refusal, a date without its hour, an amendment."""
    on_the_day = datetime(2026, 6, 15, 8, 0)
    less = (ROOT / "examples" / "site.toml").read_text(encoding="utf-8").replace("il2-days", "# il2-days")
    less = read_site(less.replace('fludarabine = "09:00"', 'fludarabine = "02:30"'), "site.toml", protocol)
    found = [
        acted(example, Move(to=day_zero("2026-06-17 10:00"), cause="illness"), on_the_day),
        acted(example, Move(to=day_zero("2026-06-18 10:00"), cause="illness"), on_the_day),
        acted(example, Move(to=day_zero("2026-06-16 10:00"), cause="other"), AS_OF),
        acted(example, Move(to=Moment(on=date(2026, 6, 16)), cause="other"), on_the_day),
        acted(example, Fact(name="organ-function", dates=(date(2026, 6, 1),), instead=False), on_the_day),
        acted(example, Attest(name="adverse-events-recovered", attested=Attested(on=AS_OF.date(), by="nurse")), AS_OF),
    ]
    found.append(acted(found[4][1], Move(to=day_zero("2026-06-17 10:00"), cause="illness"), on_the_day))
    found.append(acted(example, Amend(protocol=protocol.sha256, site=less.sha256), AS_OF, site=less))
    found.append(acted(found[7][1], Amend(protocol=protocol.sha256, site=example.site.sha256), AS_OF, site=example.site))
    march = lay_out(protocol, example.site, replace(example.case, planned_day_zero=date(2027, 3, 19), planned_moment=None), AS_OF)
    found.append(acted(march, Amend(protocol=protocol.sha256, site=less.sha256), AS_OF, site=less))
    one_sided = read_protocol(WHOLE + ONE_SIDED, "our-trial.toml")
    site = read_site('format = 1\nzone = "Europe/Berlin"\n', "site.toml", one_sided)
    plain = lay_out(one_sided, site, documented_case(one_sided, site), AS_OF)
    found += [
        acted(plain, Fact(name=name, dates=(day,), instead=False), AS_OF)
        for name, day in (("marrow", date(2026, 5, 1)), ("virology", date(2026, 6, 15)))
    ]
    collection = acted(example, recorded("donor-collection-1", "held", "2026-06-14 09:00"), datetime(2026, 6, 14, 10))
    found += [collection, acted(collection[1], Move(to=day_zero("2026-06-17 10:00"), cause="donor"), datetime(2026, 6, 14, 12))]
    found.append(acted(example, recorded("fludarabine-1", "given", "2026-06-10 09:05"), datetime(2026, 6, 10, 12)))
    by_hours = small_plans()[0]
    found.append(acted(by_hours, PlannedHour(moment=day_zero("2026-06-15 10:00").at), AS_OF))
    found.append(acted(found[-1][1], Move(to=Moment(on=date(2026, 6, 22)), cause="other"), AS_OF))
    return [values for values, _ in found]


CHANGE = "change.json"


def test_every_key_of_change_json_is_documented_and_no_other(changes):
    assert set(documented_keys(CHANGE)) == {path for values in changes for path, _ in walk(values)}


def test_every_value_of_change_json_is_of_the_kind_documented_and_null_where_it_may_be(changes):
    shown = documented_keys(CHANGE)
    for values in changes:
        for path, value in walk(json.loads(text.to_json(values))):
            kinds = [shown[path]] if shown[path] in KINDS else shown[path].split(" or ")
            assert any(KINDS[kind](value) for kind in kinds), (path, value, shown[path])
    seen = {path for values in changes for path, value in walk(values) if value is None}
    assert {key for key, kind in shown.items() if "null" in kind} == seen


def test_what_an_act_prints_as_json_is_change_json_and_a_folder(ran, tmp_path):
    ran(*PLANNED)
    code, out = ran("note", "CIML-017", "cell lab told", "--json")
    values = json.loads(out)
    assert (code, values.pop("folder")) == (0, "dayzero-out/CIML-017/rev-2")
    assert values == json.loads((tmp_path / "dayzero-out" / "CIML-017" / "rev-2" / "change.json").read_text(encoding="utf-8"))
    assert json.loads(ran("note", "CIML-017", "again", "--dry-run", "--json")[1])["folder"] is None


def test_every_key_of_history_and_of_today_is_documented_and_no_other(ran):
    ran(*PLANNED)
    ran("note", "CIML-017", "cell lab told", "--reason", "asked for")
    for heading, args in (("history --json", ["history", "CIML-017"]), ("today --json", ["today", "--date", "2026-06-10"])):
        values = json.loads(ran(*args, "--json")[1])
        assert values and isinstance(values, list)
        shown = documented_keys(heading)
        assert set(shown) == {key for one in values for key in one}, heading
        for key, value in ((key, value) for one in values for key, value in one.items()):
            kinds = [shown[key]] if shown[key] in KINDS else shown[key].split(" or ")
            assert any(KINDS[kind](value) for kind in kinds), (heading, key, value)


@pytest.fixture
def amended(ran, tmp_path):
    """Two versions of the shipped trial as first.toml and second.toml, one with a mistake as third.toml, and a patient as case.toml."""
    text = (ROOT / "schedule" / "protocols" / "nct04024761.toml").read_text(encoding="utf-8")
    new = text.replace('days = "-5, -4"', 'days = "-4"', 1).replace("29 days after gvhd-prophylaxis-last", "50 days after gvhd-prophylaxis-last")
    new += '\n[activities.walk]\ntitle = "walk SC"\ndays = "+3"\ncategory = "visit"\nquote = "x"\n'
    new = new.replace("28 days after gvhd-prophylaxis-last", "49 days after gvhd-prophylaxis-last")
    new = new.replace('days = "1 day after dlt-end"', 'days = "1 day after dlt-end ±1"', 1)
    site = (ROOT / "examples" / "site.toml").read_text(encoding="utf-8")
    (tmp_path / "new-site.toml").write_text(site.replace("+1 to +13 every 2 days", "+2 to +14 every 2 days"), encoding="utf-8")
    case = (ROOT / "examples" / "ciml-017.toml").read_text(encoding="utf-8").replace('"NCT04024761"', '"first.toml"')
    for name, content in (("first", text), ("second", new), ("third", "x = 1\n" + text), ("case", case)):
        (tmp_path / f"{name}.toml").write_text(content, encoding="utf-8")
    return ran


@pytest.mark.parametrize(
    ("heading", "runs"),
    [
        ("protocol lint --json", [("lint", "third.toml"), ("lint", "second.toml"), ("lint", "first.toml")]),
        ("protocol diff --json", [("diff", "first.toml", "second.toml", "--case", "case.toml", "--site", str(ROOT / "examples" / "site.toml"), "--new-site", "new-site.toml"),
                                  ("diff", "first.toml", "first.toml", "--case", "case.toml", "--site", str(ROOT / "examples" / "site.toml"))]),
    ],
)  # fmt: skip
def test_every_key_of_what_protocol_commands_print_is_documented_with_its_kind_and_no_other(amended, heading, runs):
    shown, seen, nulls = documented_keys(heading), set(), set()
    for args in runs:
        for path, value in walk(json.loads(amended("protocol", *args, "--json")[1])):
            kinds = [shown[path]] if shown[path] in KINDS else shown[path].split(" or ")
            assert any(KINDS[kind](value) for kind in kinds), (path, value, shown[path])
            seen.add(path)
            nulls |= {path} if value is None else set()
    assert seen == set(shown)
    assert nulls <= {key for key, kind in shown.items() if "null" in kind}


def test_the_kinds_of_acts_are_documented_with_the_keys_of_their_deeds():
    shown = {row["Kind"]: re.findall(r"[a-z_]+", row["Deed"]) for row in OUTPUT_TABLES["history --json"][1]}
    found = {one.kind: [field.name for field in fields(one)] for one in get_args(Deed)}
    assert len(found) == len(get_args(Deed)), "two acts of one kind"
    assert shown == {kind: keys or ["nothing"] for kind, keys in found.items()}


def test_the_ledger_is_refused_where_the_page_says(tmp_path):
    named = " ".join(row["Where"].lower() for row in OUTPUT_TABLES["The ledger"][0])
    missing = [name for name in SYNC_FOLDERS if name.replace(" ", "") not in named.replace(" ", "")]
    assert missing == [] and all(word in named for word in ("nfs", "smb", "sshfs"))


# docs/calendars.md -----------------------------------------------------------------------------------------------------


def test_every_property_of_the_calendar_is_explained_and_no_other(example):
    found = entries_of(example, WHEN)
    found = (*found, found[0].cancel(2, WHEN), replace(found[1], alarm=30))
    data = calendar(worded(found), schedule_id=example.schedule_id, name="name", description="description")
    lines = data.decode().replace("\r\n ", "").split("\r\n")
    names = {re.match(r"[A-Z-]+", line)[0] for line in lines if line} - {"BEGIN", "END"}
    shown = {
        name
        for row in tables_under("calendars.md")["Each property"][0]
        for name in re.findall(r"`([A-Z-]+)`", f"`{row['Property']}`")
    }
    assert shown == names


def test_the_categories_are_those_of_the_code(example):
    (rows,) = (rows for rows in tables_under("calendars.md")["What you see"] if "Category" in rows[0])
    shown = [row["Category"] for row in rows]
    assert shown == list(get_args(EntryKind))
    data = calendar(
        worded(entries_of(example, WHEN)), schedule_id=example.schedule_id, name="name", description="description"
    )
    used = {event["CATEGORIES"].cats[0] for event in Calendar.from_ical(data).walk("VEVENT")}
    assert used <= set(shown)


@pytest.mark.parametrize("page", sorted(path.name for path in DOCS.glob("*.md")))
def test_a_link_to_another_page_or_heading_leads_somewhere(page):
    text = (DOCS / page).read_text(encoding="utf-8")
    for target in re.findall(r"\]\((?!https?:)([^)]+)\)", text):
        name, _, heading = target.partition("#")
        path = (DOCS / name).resolve() if name else DOCS / page
        assert path.is_file(), target
        if heading:
            headings = re.findall(r"^#+ (.+)$", path.read_text(encoding="utf-8"), re.M)
            slugs = {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in headings}
            assert heading in slugs, target


# docs/protocol-format.md, the tutorial -----------------------------------------------------------------------------------


def edited(text, lines):
    """A text with each run of `-` lines replaced by the `+` lines after it; each must be there once."""
    runs = re.findall(r"((?:^-.*\n)+)((?:^\+.*\n)+)", lines, re.M)
    assert sum(before.count("\n") + after.count("\n") for before, after in runs) == lines.count("\n")
    for before, after in runs:
        old, new = ("".join(line[2:] + "\n" for line in run.splitlines()) for run in (before, after))
        found = [start for start in range(len(text)) if text.startswith(old.rstrip("\n"), start)]
        if len(old.splitlines()) == 1:  # one line may be named by its beginning
            assert len(found) == 1, (old, len(found))
            text = text.replace(old.rstrip("\n"), new.rstrip("\n"))
        else:
            assert text.count(old) == 1, (old, text.count(old))
            text = text.replace(old, new)
    return text


STEPS = [block for block in blocks(FORMAT) if block.kind.split(" ")[0] in ("answers", "console", "edit", "add", "copy") or block.kind.startswith("toml patient")]


def test_the_tutorial_leads_from_an_abstract_to_a_file_step_by_step(tmp_path, monkeypatch, capsys):
    """Every file and every command of the tutorial, in its order; what a command says is on the page to the letter; a line
    with an ellipsis alone stands for lines left out."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(int(WHEN.timestamp())))
    monkeypatch.setenv("DAYZERO_STORE", str(tmp_path / "ledger.sqlite"))
    ran = 0
    for block in STEPS:
        kind, *names = block.kind.split(" ")
        path = tmp_path / names[-1] if names else None
        if kind in ("answers", "toml"):
            path.write_text(block.text, encoding="utf-8")
        elif kind == "edit":
            path.write_text(edited(path.read_text(encoding="utf-8"), block.text), encoding="utf-8")
        elif kind == "add":
            path.write_text(path.read_text(encoding="utf-8") + "\n" + block.text, encoding="utf-8")
        elif kind == "copy":
            path.write_text(edited((tmp_path / names[0]).read_text(encoding="utf-8"), block.text), encoding="utf-8")
        for command, expected in re.findall(r"^\$ dayzero (.+)\n((?:(?!\$ ).*\n)*)", block.text, re.M) if kind == "console" else ():
            capsys.readouterr()
            with pytest.raises(SystemExit):
                commands.main(shlex.split(command))
            said = "".join(capsys.readouterr()).replace("\u00a0", " ")
            pattern = "(?s:.*)".join(map(re.escape, f"\n{expected}".split("\n…\n")))
            assert re.fullmatch(pattern, f"\n{said}"), f"{command}\n{said}"
            ran += 1
    assert ran == 6
    assert [heading[:6] for heading in dict.fromkeys(block.heading for block in STEPS)] == [f"Step {n}" for n in range(2, 9)]
