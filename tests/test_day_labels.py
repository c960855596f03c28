"""A day's label without the word “planned” stands on one date only: in every file, page, feed and word of the terminal, after
slips, records on other days and an amendment, in a trial with a day 0 and in one that counts from day 1, in cycles."""

import contextlib
import csv
import io
import json
import re
from collections import defaultdict

import pytest
from icalendar import Calendar
from shared import ROOT
from shared.told import feeds, said_by, ward_on, words_of, written_in
from shared.web_ward import ZONE, moment_at

from schedule.engine.day_names import is_off_its_label, label_of
from schedule.ledger.sqlite import SqliteStore
from schedule.model.notation import MINUS, spell, spell_day_month
from schedule.service.revisions import newest, plan_of

EXAMPLES = ROOT / "examples"
SITE = EXAMPLES / "site.toml"
SEVERAL = EXAMPLES / "site-several.toml"


def sure(code):
    return ("--confirm", code, "--reason", "fever")


def slip(code, to, cause="illness", *more):
    return ("slip", code, "--to", to, "--cause", cause, *more, *sure(code))


FROM_ZERO, FROM_ONE = "CIML-017", "NK-400"
CASE_FROM_ONE = f'format = 1\ncode = "{FROM_ONE}"\nprotocol = "NCT03349502"\nplanned-day-zero = 2026-06-15T10:00:00\n'
LIVES = {
    FROM_ZERO: (
        SITE,
        ("2026-05-26 08:00", ("plan", EXAMPLES / "ciml-017.toml", "--site", SITE)),
        ("2026-06-10 12:00", ("record", FROM_ZERO, "fludarabine-1", "given", "--at", "2026-06-10 09:10")),
        ("2026-06-10 20:00", slip(FROM_ZERO, "2026-06-16 10:00")),
        ("2026-06-11 12:00", ("record", FROM_ZERO, "fludarabine-2", "given", "--at", "2026-06-11 09:00")),
        ("2026-06-11 13:00", slip(FROM_ZERO, "2026-06-17 09:00")),
        ("2026-06-11 14:00", ("amend", FROM_ZERO, "--site", "amended.toml", *sure(FROM_ZERO))),
        ("2026-06-13 08:00", ("record", FROM_ZERO, "fludarabine-3", "given", "--at", "2026-06-13 07:00")),
    ),
    FROM_ONE: (
        SEVERAL,
        ("2026-05-26 08:00", ("plan", "case.toml", "--site", SEVERAL)),
        ("2026-06-12 12:00", ("record", FROM_ONE, "fludarabine-1", "given", "--at", "2026-06-12 09:00")),
        ("2026-06-13 12:00", slip(FROM_ONE, "2026-06-16 10:00")),
        ("2026-06-16 12:00", ("record", FROM_ONE, "mg4101-1", "given", "--at", "2026-06-16 10:30")),
        ("2026-06-17 12:00", slip(FROM_ONE, "2026-07-15 10:00", "logistics", "--cycle", "2")),
    ),
}  # fmt: skip
"""Each patient's site, and what is done when: two slips with lymphodepletion begun, an amendment, a dose given a day late; and
in the trial with cycles a slip of the first one and a move of the second."""


class Said:
    """All that was said of a patient by one moment, with the days that it must call by a planned label."""

    def __init__(self, plan, texts):
        self.plan, self.texts = plan, texts
        self.off = {(one.label, one.on) for one in plan.events if is_off_its_label(plan, one) and not one.label.clock}
        self.days = {label_of(plan, day): day for day in {one.on for one in plan.events}}


def wrong(said, lost=""):
    """Where a label stands, without the word, beside a date that is called otherwise. What is `lost` is taken out of the words
    before."""
    for place, text in said.texts.items():
        lines = re.split(r"\n|</(?:tr|li|article)>", text.replace("\r\n ", ""))
        for line in map(words_of, lines):
            told = " ".join(line.replace("\u00a0", " ").split())
            told = re.sub(lost, "", told) if lost else told
            for label, day in said.off:
                right = said.days.get(label)
                if named(label, told) and dated(day, told) and not (right and dated(right, told)):
                    yield place, str(label), told[:300]


def named(label, text):
    """Whether a label stands in a text without the word “planned”, or brackets in a calendar."""
    shown = str(label).replace("\u00a0", " ")
    brief = f"C{label.cycle} D" if label.cycle else "D"
    found = re.search(rf"(?<![Pp]lanned )(?<!planned as )(?<!Cycle \d ){re.escape(shown)}(?![\d:])", text)
    number = f"{MINUS if label.number < 0 else '+' if label.number > 0 and label.numbering == 'day-zero' else ''}{abs(label.number)}"
    return bool(found or re.search(rf"(?<![(\w ]){brief}{re.escape(number)}(?![\d)])", text))


def dated(day, text):
    return any(one in text for one in (spell(day), spell_day_month(day), day.isoformat()))


@pytest.fixture(scope="module", params=LIVES)
def lives(request, tmp_path_factory):
    """Everything that is said after each act of a patient."""
    code, folder, (site, *acts) = request.param, tmp_path_factory.mktemp("labels"), LIVES[request.param]
    found = []
    with pytest.MonkeyPatch.context() as patch, contextlib.chdir(folder):
        patch.setenv("DAYZERO_STORE", str(folder / "ledger.sqlite"))
        patch.setenv("NO_COLOR", "1")
        (folder / "case.toml").write_text(CASE_FROM_ONE, encoding="utf-8")
        (folder / "amended.toml").write_text(SITE.read_text(encoding="utf-8").replace('"+1 to +13', '"+2 to +14'), encoding="utf-8")
        for wall, argv in acts:
            patch.setenv("SOURCE_DATE_EPOCH", str(int(moment_at(wall).timestamp())))
            texts = {" ".join(map(str, argv[:3])): said_by(*argv)}
            with SqliteStore(folder / "ledger.sqlite") as store:
                plan = plan_of(store, newest(store, code))
            for more in (("show", code), ("today",), ("history", code)):
                texts[" ".join(more)] = said_by(*more)
            texts |= {path: text for path, text in written_in(folder).items() if f"rev-{plan.revision}/" in path}
            found.append(Said(plan, texts))
        last = found[-1]
        clock, ward = ward_on(folder, site, moment_at(acts[-1][0]))
        last.texts |= pages(ward, code, last.plan) | dict(feeds(ward, clock, code))
        return code, found


def pages(ward, code, plan):
    """The pages on which days are named, and the check of a move."""
    days = sorted({one.on for one in plan.events})[:12]
    paths = [
        "/", "/board", "/board?wall", f"/p/{code}", *(f"/p/{code}/{name}" for name in ("history", "record", "book", "slip", "fact")),
        *(f"/p/{code}/day/{day}" for day in days), f"/p/{code}/change/{plan.revision}",
        *(f"/p/{code}/record/{one.id}" for one in plan.events if (one.label, one.on) in Said(plan, {}).off),
    ]  # fmt: skip
    found = {path: ward.get(path).text for path in paths}
    sent = {"based-on": str(plan.revision), "cause": "illness", "reason": "x", "to-time": "10:00", "to": "2026-06-18"}
    return {**found, "slip checked": ward.post(f"/p/{code}/slip", sent).text}


def test_no_label_without_the_word_planned_stands_on_two_dates(lives):
    _, found = lives
    assert [one for said in found for one in wrong(said)] == []


def test_every_act_was_done_and_dates_went_off_their_labels(lives):
    code, found = lives
    assert [said.plan.revision for said in found] == list(range(1, len(LIVES[code])))
    assert not found[0].off and all(said.off for said in found[2:])
    assert sum(len(said.texts) for said in found) > 80


def test_a_label_that_has_lost_its_word_would_be_seen(lives):
    code, found = lives
    last = found[-1]
    seen = {place for place, _, _ in wrong(last, lost=r"[Pp]lanned (?=Day|Cycle)")}
    assert {path.rpartition("/")[2] for path in seen} >= {"plan.csv", "plan.json", "overview.html", "sheets.html"}
    assert len(seen) > 12
    twice = {name for said in found for name, _ in doubled(said, lost=r"[(]|planned\u00a0")}
    assert twice == ({"plan.csv", "plan.json"} if code == FROM_ZERO else set())


def test_in_tables_and_calendars_each_label_has_one_date(lives):
    """Read as a program reads them, not by words."""
    _, found = lives
    assert [doubled(said) for said in found] == [{}] * len(found)


def doubled(said, lost="$^"):
    """The labels without the word, or brackets in a calendar, that stand on two dates: (file, label) -> dates. What is `lost`
    is taken out of them before."""
    at = {path.rpartition("/")[2]: text for path, text in said.texts.items() if "rev-" in path}
    labels = defaultdict(set)
    for row in csv.DictReader(io.StringIO(at["plan.csv"].removeprefix("\ufeff"))):
        labels["plan.csv", re.sub(lost, "", row["label"])].add(row["date"])
    for event in json.loads(at["plan.json"])["events"]:
        labels["plan.json", re.sub(lost, "", event["label"] or "")].add(event["date"])
    for entry in Calendar.from_ical(at["calendar.ics"]).walk("VEVENT"):
        title = re.sub(lost, "", str(entry["SUMMARY"]))
        for label in re.findall(r"(?:^|\w{3,} |^\? )((?:C\d )?D[+\u2212]?\d+)", title):
            labels["calendar.ics", label].add(str(local(entry.decoded("DTSTART"))))
    assert sum(name == "calendar.ics" for name, _ in labels) > 5
    return {key: dates for key, dates in labels.items() if key[1] and "planned" not in key[1] and len(dates) > 1}


def local(start):
    """The date of an entry at the site, four or five hours behind UTC."""
    return start.astimezone(ZONE).date() if hasattr(start, "hour") else start
