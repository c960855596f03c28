"""The page "How do I say …?": each sentence stands in the shipped file that its row names, with the lines beside it, and is
played there; the forms that no shipped source has are played in a small file."""

import re
import tomllib
from datetime import date, datetime

import pytest
from shared import ROOT
from shared.manual import tables_under

from schedule.engine.plan import lay_out
from schedule.files.case_file import read_case
from schedule.files.protocol_file import read_protocol
from schedule.files.site_file import read_site
from schedule.model.moment import Moment
from schedule.model.protocol import Protocol
from schedule.service.views import example

TABLES = tables_under("how-do-i-say.md")
SAID = [row for heading, tables in TABLES.items() for row in tables[0] if "In" in row]
OTHERS = [row for heading, tables in TABLES.items() for row in tables[0] if "In" not in row]
DAY = Moment(on=date(2026, 6, 15))


def lines_of(row):
    """The keys and values of a row's lines, as TOML reads them."""
    found = {}
    for line in re.findall(r"`([^`]+)`", row["Write"]) or [row["Write"]]:
        found |= tomllib.loads(line)
    return found


def shipped(name):
    return (ROOT / "schedule" / "protocols" / f"{name}.toml").read_text(encoding="utf-8")


def holders(tables, path=()):
    """Every table of a file that has a quotation, with its path."""
    for key, value in tables.items():
        if isinstance(value, dict):
            if "quote" in value or "derivation" in value:
                yield (*path, key), value
            yield from holders(value, (*path, key))


def has(table, lines):
    """Whether a table has all of these keys and values, itself or in one of its bounds."""
    return any(all(one.get(key) == value for key, value in lines.items()) for one in (table, *table.get("bounds", ())))


def where(row):
    """The place in the shipped file that has the row's sentence and its lines."""
    tables = tomllib.loads(shipped(row["In"]))
    found = [path for path, table in holders(tables) if row["The source says"] in table.get("quote", "")]
    found = [path for path in found if has(at(tables, path), lines_of(row))]
    assert found, (row["The source says"], "is not said so in", row["In"])
    return found[0]


def at(tables, path):
    for key in path:
        tables = tables[key]
    return tables


def test_there_are_thirty_sentences_of_published_protocols_and_each_stands_once():
    said = [row["The source says"] for row in SAID]
    assert len(said) >= 30 and len({row["In"] for row in SAID}) >= 8
    assert len(said) == len(set(said))


@pytest.mark.parametrize("row", SAID, ids=lambda row: row["The source says"][:40])
def test_a_sentence_and_its_lines_stand_in_the_shipped_file_and_are_played(row):
    kind, name = (*where(row), "")[:2]
    protocol = read_protocol(shipped(row["In"]), f"{row['In']}.toml")
    assert isinstance(protocol, Protocol)
    site = read_site((ROOT / "examples" / "site-several.toml").read_text(encoding="utf-8"), "site.toml", protocol)
    plans = [example(protocol, site, DAY, chosen) for chosen in options(protocol)]
    if kind == "activities":
        assert any(event.activity == name for plan in plans for event in plan.events)
    if kind == "rules":
        assert all(any(finding.rule == name for finding in plan.findings) for plan in plans)


def options(protocol):
    """What may be chosen: the first option of each choice, and each other one once."""
    usual = {name: next(iter(choice.options)) for name, choice in protocol.choices.items()}
    return [usual, *({**usual, name: option} for name, choice in protocol.choices.items() for option in choice.options)]


SMALL = """
format = 1
id = "SMALL-1"
title = "An invented trial"
version = "1"
date = 2026-01-01
jurisdiction = "nowhere"
numbering = "day-zero"
months = "next-first"
day-zero = "cells"
source = "text"
[sources.text]
title = "an invented text"
address = "none"
date = 2026-01-01
[choices.arm]
title = "arm"
[choices.arm.options]
a = "arm A"
b = "arm B"
[parameters.first-dose]
title = "day of the first dose"
kind = "days"
missing = "Enter it."
[activities.cells]
title = "cells"
days = "0"
category = "treatment"
quote = "x"
[activities.shown]
title = "shown"
category = "treatment"
quote = "x"
"""
SITE = """
format = 1
zone = "Europe/Berlin"
[times]
cells = "10:00 to 10:30"
[parameters]
first-dose = "+1"
"""
FIRST_AND_LAST = {
    # Day 0 is Mon 15-Jun-2026, the cells from 10:00 to 10:30; by hand
    "+28 ±3": ("13-Jul", "13-Jul", 1), "+8 ±1, +15 ±2": ("23-Jun", "30-Jun", 2), "+28 within +21 to +35": ("13-Jul", "13-Jul", 1),
    "3 weeks after cells within 3 to 12 weeks": ("06-Jul", "06-Jul", 1), "4 h after cells within 2 to 6 h": ("15-Jun 14:00", "15-Jun 14:00", 1),
    "from 3 h to 24 h after cells": ("15-Jun 13:00", "15-Jun 13:00", 1), "4 h after cells ends": ("15-Jun 14:30", "15-Jun 14:30", 1),
    "every 8 to 12 hours x 6 from 2 h after cells": ("15-Jun 12:00", "17-Jun 04:00", 6),
    "every day at that hour x 6 from 4 h after cells": ("15-Jun 14:00", "20-Jun 14:00", 6),
    "every 2 days x 7 after the first": ("16-Jun", "28-Jun", 7), "-2": ("13-Jun", "13-Jun", 1),
}  # fmt: skip


@pytest.mark.parametrize("row", OTHERS, ids=lambda row: row["Write"])
def test_a_form_that_no_shipped_source_has_is_read_and_played(row):
    lines = "\n".join(re.findall(r"`([^`]+)`", row["Write"]) or [row["Write"]])
    protocol = read_protocol(f"{SMALL}{lines}\n", "small.toml")
    site = read_site(SITE, "site.toml", protocol)
    case = 'format = 1\ncode = "EX-1"\nprotocol = "small.toml"\nplanned-day-zero = 2026-06-15T10:00:00\n[choices]\narm = "a"\n'
    plan = lay_out(protocol, site, read_case(case, "case.toml", protocol, site), datetime(2026, 6, 1, 9))
    shown = [f"{one.start or one.on:%d-%b %H:%M}".removesuffix(" 00:00") for one in plan.events if one.activity == "shown"]
    days = lines_of(row)["days"]
    assert (shown[0], shown[-1], len(shown)) == FIRST_AND_LAST[days["a"] if isinstance(days, dict) else days]


def test_what_an_option_leaves_out_is_not_dated():
    (row,) = [row for row in OTHERS if '"none"' in row["Write"]]
    lines = "\n".join(re.findall(r"`([^`]+)`", row["Write"]))
    protocol = read_protocol(f"{SMALL}{lines}\n", "small.toml")
    assert [event.activity for event in example(protocol, read_site(SITE, "site.toml", protocol), DAY, {"arm": "b"}).events] == ["cells"]
