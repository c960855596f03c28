"""The calendar file: its bytes, what hostile words do to it (nothing), and what other people's programs read in it."""

import json
import re
import uuid
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import icalendar
import pytest
from hypothesis import given, reject, settings
from hypothesis import strategies as st
from icalendar import Parameters, vText
from icalendar.parser import Contentline
from msgspec.structs import replace
from shared.byte_lint import faults, parse
from shared.calendar_readers import (
    as_midnight,
    day_after,
    icalendar_events,
    icaljs_events,
    libical_complaints,
    libical_events,
    needs_libical,
)

from schedule.engine.entries import carry, entries_of
from schedule.model.errors import InputError, Refused
from schedule.model.ids import entry_uid
from schedule.output.ics import _text, calendar, short_title, tombstone
from schedule.pages.calendar import WordedEntry, worded

SCHEDULE = uuid.UUID("0ed7542d-47ff-5fff-b510-e7b3e45253d7")
WHEN = datetime(2026, 5, 1, 12, 0, tzinfo=UTC)
LATER = datetime(2026, 5, 8, 7, 30, tzinfo=UTC)
P = date(2026, 6, 15)
NINE = datetime(2026, 6, 15, 13, 0, tzinfo=UTC)


def entry(id="a-1", **changed):
    """An untimed entry of the first revision, with what the test changes."""
    values = {
        "id": id, "kind": "Visit", "title": "visit", "first": P, "last": P, "start": None, "end": None,
        "text": "why", "cancelled": False, "alarm": None, "since": 1, "changed": WHEN,
    }  # fmt: skip
    values |= changed
    return WordedEntry(**{"free": values["start"] is None or values["cancelled"]} | values)


def made(*entries, name="CASE-1", description="about", schedule_id=SCHEDULE):
    return calendar(entries, schedule_id=schedule_id, name=name, description=description)


SAID = ("DTSTART", "DTEND", "SUMMARY", "STATUS", "DESCRIPTION")


def events(data):
    return {event.one("UID"): event for event in parse(data).all("VEVENT")}


def event_bytes(data):
    """UID -> the bytes of its VEVENT."""
    blocks = re.findall(rb"BEGIN:VEVENT\r\n.*?END:VEVENT\r\n", data, re.DOTALL)
    return {re.search(rb"\r\nUID:(\S+)\r\n", block)[1].decode(): block for block in blocks}


# The check itself: each fault it is there for is noticed ---------------------------------------------------------------

GOOD = made(entry(title="a, b; c\\d\ne", text="Day −5 " * 30), entry("b-1", start=NINE, end=NINE + timedelta(minutes=15)))


def test_the_byte_check_finds_nothing_in_a_good_file():
    assert faults(GOOD) == []


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda d: b"\xef\xbb\xbf" + d, "byte order mark"),
        (lambda d: d.replace(b"\r\n", b"\n"), "other than CRLF"),
        (lambda d: d.replace(b"TRANSP:", b"\rTRANSP:", 1), "other than CRLF"),
        (lambda d: d.replace(b"CATEGORIES:Visit", b"CATEGORIES:" + b"v" * 65, 1), "76 octets"),
        (lambda d: d.replace("−".encode(), b"\xe2\x88\r\n \x92", 1), "character split"),
        (lambda d: d.replace(b"Visit", b"Vi\x07sit", 1), "control character"),
        (lambda d: d.replace(b"Visit", "Vi\u202esit".encode(), 1), "mark of direction"),
        (lambda d: d.replace(b"a\\, b", b"a, b"), "not escaped"),
        (lambda d: d.replace(b"b\\; c", b"b; c"), "not escaped"),
        (lambda d: d.replace(b"c\\\\d", b"c\\d"), "not escaped"),
        (lambda d: d + d, "exactly one VCALENDAR"),
        (lambda d: re.sub(rb"UID:\S+", b"UID:same", d), "twice"),
        (lambda d: d.replace(b"VERSION:", b"METHOD:PUBLISH\r\nVERSION:", 1), "METHOD"),
        (lambda d: d.replace(b"DTSTART:", b"DTSTART;TZID=Europe/Berlin:", 1), "zone"),
        (lambda d: d.replace(b"BEGIN:VEVENT", b"BEGIN:VTIMEZONE\r\nEND:VTIMEZONE\r\nBEGIN:VEVENT", 1), "VTIMEZONE"),
        (lambda d: d.replace(b"END:VEVENT\r\n", b"", 1), "closes something else"),
        (lambda d: d[:-2], "no CRLF at the end"),
        (lambda d: d.replace(b"STATUS:", b"\r\nSTATUS:", 1), "empty line"),
    ],
    ids=[
        "byte order mark", "bare line feeds", "a lone carriage return", "a long line", "a split character",
        "a control character", "a mark of direction", "a bare comma", "a bare semicolon", "a bare backslash",
        "two calendars", "one UID twice", "a METHOD", "a TZID", "a VTIMEZONE", "a missing END", "no last line end",
        "an empty line",
    ],
)  # fmt: skip
def test_the_byte_check_notices(spoil, words):
    assert spoil(GOOD) != GOOD
    assert words in "\n".join(faults(spoil(GOOD)))


# The file --------------------------------------------------------------------------------------------------------------


def test_a_small_calendar_has_exactly_these_bytes():
    """Written by hand from RFC 5545 and `outlook.md`, sections 0, 4 and 7."""
    first = entry(
        title="CASE-1 Day 0: cells; first, only", kind="Treatment", start=NINE, end=NINE + timedelta(hours=1), alarm=90
    )
    second = entry("due/marrow", kind="Screening window", title="marrow", first=date(2026, 5, 18), last=date(2026, 6, 14))
    third = entry("il2-7", title="CANCELLED: IL-2", cancelled=True, alarm=90, since=3, changed=LATER, text="a\nb")
    assert made(first, second, third, name="CASE-1 T", description="rev 3").decode().split("\r\n") == [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Dayzero//Dayzero//EN",
        "CALSCALE:GREGORIAN",
        "X-WR-CALNAME:CASE-1 T",
        "X-WR-CALDESC:rev 3",
        "X-WR-RELCALID:0ed7542d-47ff-5fff-b510-e7b3e45253d7",
        "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
        "X-PUBLISHED-TTL:PT1H",
        "BEGIN:VEVENT",
        f"UID:{uuid.uuid5(SCHEDULE, 'a-1')}",
        "DTSTAMP:20260501T120000Z",
        "LAST-MODIFIED:20260501T120000Z",
        "SEQUENCE:0",
        "DTSTART:20260615T130000Z",
        "DTEND:20260615T140000Z",
        r"SUMMARY:CASE-1 Day 0: cells\; first\, only",
        "DESCRIPTION:why",
        "CATEGORIES:Treatment",
        "STATUS:CONFIRMED",
        "TRANSP:OPAQUE",
        "BEGIN:VALARM",
        "ACTION:DISPLAY",
        r"DESCRIPTION:CASE-1 Day 0: cells\; first\, only",
        "TRIGGER:-PT1H30M",
        "END:VALARM",
        "END:VEVENT",
        "BEGIN:VEVENT",
        f"UID:{uuid.uuid5(SCHEDULE, 'due/marrow')}",
        "DTSTAMP:20260501T120000Z",
        "LAST-MODIFIED:20260501T120000Z",
        "SEQUENCE:0",
        "DTSTART;VALUE=DATE:20260518",
        "DTEND;VALUE=DATE:20260615",
        "SUMMARY:marrow",
        "DESCRIPTION:why",
        "CATEGORIES:Screening window",
        "STATUS:CONFIRMED",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
        "BEGIN:VEVENT",
        f"UID:{uuid.uuid5(SCHEDULE, 'il2-7')}",
        "DTSTAMP:20260508T073000Z",
        "LAST-MODIFIED:20260508T073000Z",
        "SEQUENCE:2",
        "DTSTART;VALUE=DATE:20260615",
        "DTEND;VALUE=DATE:20260616",
        "SUMMARY:CANCELLED: IL-2",
        r"DESCRIPTION:a\nb",
        "CATEGORIES:Visit",
        "STATUS:CANCELLED",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
        "END:VCALENDAR",
        "",
    ]


@pytest.mark.parametrize(
    ("first", "last", "end"),
    [
        (date(2026, 6, 15), date(2026, 6, 15), "20260616"),
        (date(2026, 6, 30), date(2026, 6, 30), "20260701"),
        (date(2028, 2, 28), date(2028, 2, 28), "20280229"),
        (date(2027, 2, 28), date(2027, 2, 28), "20270301"),
        (date(2026, 12, 31), date(2026, 12, 31), "20270101"),
        (date(2026, 3, 8), date(2026, 3, 8), "20260309"),
        (date(2026, 5, 18), date(2026, 6, 14), "20260615"),
    ],
    ids=["one day", "end of a month", "before a leap day", "no leap day", "end of a year", "a clock change", "a span"],
)
def test_the_end_of_an_all_day_entry_is_the_day_after_its_last(first, last, end):
    (event,) = events(made(entry(first=first, last=last))).values()
    assert event.one("DTSTART") == f"{first:%Y%m%d}" and event.parameters("DTSTART") == {"VALUE": "DATE"}
    assert event.one("DTEND") == end and event.parameters("DTEND") == {"VALUE": "DATE"}


def test_a_timed_entry_has_an_end_later_than_its_start(plan_of, full_site):
    """The page "An entry": always DTEND. A dose of which no end is known takes 15 minutes."""
    plan = plan_of(full_site, planned_day_zero="2026-06-15 10:00")
    found = [event for event in events(made(*worded(entries_of(plan, WHEN)))).values()]
    timed = [event for event in found if event.parameters("DTSTART") == {}]
    assert timed and all(event.one("DTEND") > event.one("DTSTART") for event in found)
    cells = next(event for event in timed if "CIML NK cells" in event.text("SUMMARY"))
    assert (cells.one("DTSTART"), cells.one("DTEND")) == ("20260615T140000Z", "20260615T141500Z")
    assert "End not stated; the calendar shows 15 minutes." in cells.text("DESCRIPTION")


def test_what_does_not_block_the_time_says_so():
    free, busy = events(made(entry(start=NINE, end=NINE + timedelta(minutes=15), free=True), entry("b-1", start=NINE, end=NINE + timedelta(minutes=15)))).values()
    assert (free.one("TRANSP"), busy.one("TRANSP")) == ("TRANSPARENT", "OPAQUE")


@pytest.mark.parametrize(
    ("first", "last", "end"),
    [(date(2026, 7, 1), date(2027, 7, 1), "20270702"), (date(2028, 2, 29), date(2029, 2, 28), "20290301")],
    ids=["a year", "from a leap day"],
)
def test_a_feed_that_has_ended_is_one_entry_without_a_name_and_always_the_same(first, last, end):
    data = tombstone("0ed7542d-47ff-5fff-b510-e7b3e45253d7", "It has ended.", first, last)
    assert data == tombstone("0ed7542d-47ff-5fff-b510-e7b3e45253d7", "It has ended.", first, last)
    assert faults(data) == []
    file = parse(data)
    (event,) = file.all("VEVENT")
    assert (event.one("DTSTART"), event.one("DTEND"), event.text("SUMMARY")) == (f"{first:%Y%m%d}", end, "It has ended.")
    assert not [name for name in file.names if name.startswith("X-")]


@pytest.mark.parametrize("count", [0, 1, 2, 30])
def test_a_file_has_a_name_only_with_two_entries_or_more(count):
    file = parse(made(*(entry(f"a-{n}") for n in range(count))))
    named = {"X-WR-CALNAME", "X-WR-RELCALID", "X-WR-CALDESC", "REFRESH-INTERVAL", "X-PUBLISHED-TTL"} & set(file.names)
    assert len(named) == (5 if count > 1 else 0)
    assert len(file.all("VEVENT")) == count


def test_the_description_of_the_calendar_is_that_of_the_newest_revision():
    assert parse(made(entry(), entry("b-1"), description="revision 7, really")).text("X-WR-CALDESC") == "revision 7, really"


@pytest.mark.parametrize("kind", ["Treatment", "Test", "Visit", "Donor", "Site task"])
@pytest.mark.parametrize("timed", [True, False], ids=["timed", "all day"])
@pytest.mark.parametrize(
    ("minutes", "trigger"), [(1, "-PT1M"), (30, "-PT30M"), (90, "-PT1H30M"), (900, "-PT15H"), (1440, "-P1D")]
)
def test_what_is_done_has_one_negative_alarm_that_displays_its_title(kind, timed, minutes, trigger):
    moment = {"start": NINE, "end": NINE} if timed else {}
    (event,) = events(made(entry(kind=kind, title="t, u", alarm=minutes, **moment))).values()
    (alarm,) = event.all("VALARM")
    assert alarm.properties == [
        ("ACTION", {}, "DISPLAY"), ("DESCRIPTION", {}, r"t\, u"), ("TRIGGER", {}, trigger),
    ]  # fmt: skip


@pytest.mark.parametrize("kind", ["Deadline", "Screening window", "Milestone", "cancelled"])
def test_no_alarm_is_on(plan_of, full_site, kind):
    """With a site that asks for one: none on deadlines, windows and milestones, and none on what is cancelled."""
    plan = plan_of(full_site, planned_day_zero=P)
    entries = entries_of(plan, WHEN)
    if kind == "cancelled":
        entries = [e.cancel(2, LATER) for e in entries]
    found = [e for e in entries if kind in (e.kind, "cancelled")]
    assert plan.site.alarm == 30 and len(found) > 1
    assert b"VALARM" not in made(*worded(found))
    assert made(*worded(entries_of(plan, WHEN))).count(b"BEGIN:VALARM") == len([e for e in plan.events if e.category != "milestone"])


def test_each_entry_has_its_own_alarm_or_none():
    found = events(made(entry(alarm=30), entry("b-1", start=NINE, end=NINE), entry("c-1", alarm=90), entry("d-1", alarm=30, cancelled=True)))
    assert [[a.one("TRIGGER") for a in event.all("VALARM")] for event in found.values()] == [["-PT30M"], [], ["-PT1H30M"], []]


def test_no_alarm_is_anywhere_unless_the_site_asks_for_one(plan_of, site_of):
    assert b"VALARM" not in made(entry(), entry("b-1", start=NINE, end=NINE + timedelta(minutes=15)))
    assert b"VALARM" not in made(*worded(entries_of(plan_of(site_of(), planned_day_zero=P), WHEN)))


@pytest.mark.parametrize(
    ("change", "shown"),
    [({}, "TRANSPARENT"), ({"start": NINE, "end": NINE}, "OPAQUE"),
     ({"start": NINE, "end": NINE, "cancelled": True}, "TRANSPARENT")],
    ids=["all day", "timed", "cancelled"],
)  # fmt: skip
def test_only_what_has_an_hour_and_takes_place_makes_somebody_busy(change, shown):
    (event,) = events(made(entry(**change))).values()
    assert event.one("TRANSP") == shown


# Identity --------------------------------------------------------------------------------------------------------------


def test_a_uid_is_that_of_schedule_and_event_and_of_nothing_else():
    later = entry(title="other", first=P + timedelta(days=2), last=P + timedelta(days=2), since=5, changed=LATER, kind="Test")
    assert list(events(made(entry()))) == list(events(made(later))) == [str(uuid.uuid5(SCHEDULE, "a-1"))]


def test_a_uid_tells_nothing_about_the_patient(full_plan):
    uids = list(events(calendar(worded(entries_of(full_plan, WHEN)), schedule_id=full_plan.schedule_id, name="n", description="d")))
    assert len(set(uids)) == len(uids) > 30
    for uid in uids:
        assert re.fullmatch(r"[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", uid)


def test_two_patients_never_share_a_uid(plan_of):
    one, two = (plan_of(planned_day_zero=P, code=code) for code in ("CASE-1", "CASE-2"))
    assert one.schedule_id != two.schedule_id
    assert not {entry_uid(one.schedule_id, e.id) for e in one.events} & {entry_uid(two.schedule_id, e.id) for e in two.events}


def test_the_schedules_identity_is_for_ever():
    """Should this value change, every calendar that is out there would show every patient twice."""
    from schedule.model.ids import NAMESPACE

    assert uuid.uuid5(NAMESPACE, "NCT04024761/CIML-017") == uuid.UUID("0ed7542d-47ff-5fff-b510-e7b3e45253d7")
    assert entry_uid(SCHEDULE, "due/echo") == "41c508ef-1f02-572f-b1fe-3bc04ed0997e"


# From one revision to the next -----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def full_site(site_of):
    task = '[[tasks]]\nid = "weight"\ntitle = "weigh, and write down; as always"\ndays = "-5 to +13"\nat = "06:00"'
    parameters = {
        "il2-days": "+1 to +13 every 2 days", "dlt-end": "+42", "donor-collection": "-1",
        "response-marrow": "+28 ±3", "chimerism-after-infusion": "+7, +14", "follow-up": "+42, +60",
    }  # fmt: skip
    return site_of(parameters, {"fludarabine": "09:00", "il2": "20:00 to 20:15"}, 'alarm = "30 minutes before"\n' + task)


@pytest.fixture(scope="module")
def full_plan(plan_of, full_site):
    return plan_of(full_site, planned_day_zero=P)


def revisions(plans):
    """The calendar files of one patient's plans, made one after the other."""
    entries, files = (), []
    for number, plan in enumerate(plans, 1):
        when = WHEN + timedelta(days=number)
        found = entries_of(replace(plan, revision=number), when)
        entries = carry(entries, found, number, when) if entries else found
        files.append(made(*worded(entries), schedule_id=plan.schedule_id, description=f"revision {number}"))
    return files


def test_unchanged_entries_keep_their_bytes_changed_ones_rise_and_vanished_ones_stay_cancelled(plan_of, site_of, full_site):
    """Day 0 at 10:00 instead of untimed: the cells change. No IL-2 days: seven doses and what depends on them vanish."""
    less = site_of({"dlt-end": "+42"}, {"fludarabine": "09:00"}, 'alarm = "30 minutes before"')
    plans = [
        plan_of(full_site, planned_day_zero=P),
        plan_of(full_site, planned_day_zero="2026-06-15 10:00"),
        plan_of(less, planned_day_zero="2026-06-15 10:00"),
        plan_of(full_site, planned_day_zero="2026-06-15 10:00"),
    ]
    first, second, third, fourth = map(event_bytes, revisions(plans))
    uid = {name: entry_uid(plans[0].schedule_id, name) for name in ("nk-infusion-1", "il2-1", "fludarabine-1")}
    assert {name for name in first if first[name] != second[name]} == {uid["nk-infusion-1"]}
    assert b"SEQUENCE:1\r\n" in second[uid["nk-infusion-1"]] and b"DTSTAMP:20260503T" in second[uid["nk-infusion-1"]]
    gone = third[uid["il2-1"]]
    for line in (b"SUMMARY:CANCELLED: (D+1) interleukin-2\\, dose 1 of 7", b"STATUS:CANCELLED", b"TRANSP:TRANSPARENT", b"SEQUENCE:2", b"DTSTAMP:20260504T"):
        assert b"\r\n" + line in gone
    assert b"VALARM" not in gone and b"VALARM" in second[uid["il2-1"]]
    assert b"\r\nDTSTART:20260617T000000Z\r\nDTEND:20260617T001500Z\r\n" in gone
    back = fourth[uid["il2-1"]]
    assert b"CANCELLED" not in back.replace(b"Cancelled", b"") and b"\r\nSEQUENCE:3\r\n" in back
    assert set(first) <= set(second) <= set(third) <= set(fourth)
    for before, after in zip((first, second, third), (second, third, fourth), strict=True):
        for name, block in before.items():
            number, newer = (int(re.search(rb"SEQUENCE:(\d+)", b)[1]) for b in (block, after[name]))
            assert newer >= number and (newer > number) == (block != after[name])


def test_an_entry_whose_bytes_differ_has_a_higher_sequence_even_if_only_the_reminder_changed(plan_of, site_of):
    """outlook.md 4: DTSTAMP is the last revision of the data; two texts under one SEQUENCE and DTSTAMP are one too many."""
    plans = [plan_of(site_of(more=more), planned_day_zero=P) for more in ("", 'alarm = "30 minutes before"')]
    before, after = map(events, revisions(plans))
    same = [uid for uid in before if before[uid].one("SEQUENCE") == after[uid].one("SEQUENCE")]
    assert [uid for uid in same if before[uid] != after[uid]] == []


@given(days=st.lists(st.integers(-30, 30), min_size=2, max_size=5))
@settings(max_examples=40)
def test_in_any_chain_of_revisions_sequence_and_stamp_rise_together_and_only_with_a_change(plan_of, full_site, days):
    plans = [plan_of(full_site, planned_day_zero=P + timedelta(days=n)) for n in days]
    files = revisions(plans)
    for number, (older, newer) in enumerate(pairwise(files), 2):
        assert faults(newer) == []
        before, after = events(older), events(newer)
        assert set(before) <= set(after)
        for uid, event in after.items():
            old = before.get(uid)
            if old is None or event != old:
                assert old is None or any(old.raw(name) != event.raw(name) for name in SAID), "a change that is none"
                assert event.one("SEQUENCE") == str(number - 1)
                assert event.one("DTSTAMP") == event.one("LAST-MODIFIED") == f"{WHEN + timedelta(days=number):%Y%m%dT%H%M%SZ}"


# Titles ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("a" * 255, "a" * 255),
        ("a" * 256, "a" * 254 + "…"),
        ("a" * 10_000, "a" * 254 + "…"),
        ("😀" * 127 + "a", "😀" * 127 + "a"),
        ("😀" * 128, "😀" * 127 + "…"),
        ("a" + "😀" * 127, "a" + "😀" * 127),
        ("a" + "😀" * 128, "a" + "😀" * 126 + "…"),
        ("é" * 256, "é" * 254 + "…"),
        ("", ""),
    ],
    ids=[
        "fits", "one too many", "far too many", "astral, fits", "astral, one too many", "odd, fits", "odd, cut inside a pair",
        "two octets each", "empty",
    ],
)  # fmt: skip
def test_a_title_is_cut_at_255_utf16_units_where_the_cut_can_be_seen(title, shown):
    assert short_title(title) == shown
    (event,) = events(made(entry(title=title))).values()
    assert event.text("SUMMARY") == shown


@given(st.text(max_size=600))
def test_a_title_is_never_longer_than_outlook_keeps_and_begins_as_it_was(title):
    found = short_title(title)
    assert len(found.encode("utf-16-le")) // 2 <= 255
    assert found == title or (found.endswith("…") and title.startswith(found[:-1]) and len(title.encode("utf-16-le")) > 510)


@given(st.text(alphabet=st.sampled_from(list("aZ09 .:()!?·+−-,;\\^\n“𝔘")), max_size=400))
def test_a_line_is_written_and_folded_as_the_library_does(text):
    assert _text.__wrapped__("SUMMARY", text) == Contentline.from_parts("SUMMARY", Parameters(), vText(text)).to_ical() + b"\r\n"


@pytest.mark.parametrize("octets", range(70, 80))
def test_a_line_of_about_75_octets_is_folded_where_the_library_folds_it(octets):
    for text in ("a" * (octets - len("SUMMARY:")), "a," * ((octets - len("SUMMARY:")) // 3), "−" * (octets // 3)):
        assert _text("SUMMARY", text) == Contentline.from_parts("SUMMARY", Parameters(), vText(text)).to_ical() + b"\r\n"


# Hostile words ---------------------------------------------------------------------------------------------------------

INJECTIONS = {
    "CRLF and an attendee": "x\r\nATTENDEE:mailto:a@b.c",
    "LF and an attendee": "x\nATTENDEE:mailto:a@b.c",
    "a lone CR": "x\rATTENDEE:mailto:a@b.c",
    "a folded line": "x\r\n ATTENDEE:mailto:a@b.c",
    "an event": "x\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nUID:1\r\nSUMMARY:y",
    "an alarm": "x\nBEGIN:VALARM\nACTION:AUDIO\nTRIGGER:PT1H\nEND:VALARM",
    "the end of the file": "END:VCALENDAR\r\n",
    "NEL and separators": "x\x85ATTENDEE:a\u2028ATTENDEE:b\u2029ATTENDEE:c",
    "vertical tab and form feed": "x\x0bATTENDEE:a\x0cATTENDEE:b\x1c\x1d\x1e",
    "control characters": "".join(map(chr, range(32))) + "\x7f" + "".join(map(chr, range(0x80, 0xA0))),
    "a right-to-left override": "dose \u202e51 yad\u202c \u2066x\u2069 \u200f\u200e\u061c",
    "non-characters": "\ufffe\uffff\ufeff",
    "what is escaped": r"a,b;c\d\n\N\, \; \\",
    "quotes and colons": 'x";VALUE=DATE:"y":z^n^\'',
    "10,000 letters": "a" * 10_000,
    "10,000 astral": "😀" * 10_000,
    "10,000 line ends": "\r\n" * 10_000,
    "nothing": "",
}  # fmt: skip


def hostile(text):
    """A calendar with that text wherever a text can go."""
    one = entry(title=text, text=text, kind="Visit", start=NINE, end=NINE + timedelta(minutes=15), alarm=15)
    two = entry("b-1", title=f"CANCELLED: {text}", text=text, cancelled=True, alarm=15)
    return made(one, two, name=text, description=text)


@pytest.fixture(scope="module")
def plain_names():
    return parse(hostile("plain")).names


@pytest.mark.parametrize("text", INJECTIONS.values(), ids=INJECTIONS)
def test_hostile_words_stay_words(text, plain_names):
    data = hostile(text)
    assert faults(data) == []
    assert parse(data).names == plain_names
    read = icalendar.Calendar.from_ical(data)
    assert [len(c.property_items()) for c in read.walk()] == [
        len(c.property_items()) for c in icalendar.Calendar.from_ical(hostile("plain")).walk()
    ]


@given(st.lists(st.text() | st.sampled_from(list(INJECTIONS.values())[:-5]), max_size=5).map("".join))
@settings(max_examples=400)
def test_whatever_the_words_the_file_has_the_same_properties(plain_names, text):
    data = hostile(text)
    assert faults(data) == []
    assert parse(data).names == plain_names


def test_half_a_pair_of_surrogates_is_left_out():
    (event,) = events(made(entry(title="x\ud83dy\udc00z", text="\ud800"))).values()
    assert (event.text("SUMMARY"), event.text("DESCRIPTION")) == ("xyz", "")


@given(st.text(alphabet=st.characters(exclude_categories=["C", "Zl", "Zp"]), max_size=200))
@settings(max_examples=300)
def test_ordinary_words_arrive_as_they_were(text):
    (event,) = events(made(entry(title=text, text=f"{text}\n{text}"))).values()
    assert (event.text("SUMMARY"), event.text("DESCRIPTION")) == (text, f"{text}\n{text}")


# What other programs read ------------------------------------------------------------------------------------------------

ZONES = ["America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "Pacific/Apia", "Asia/Kolkata", "UTC", "Asia/Kathmandu"]
CLOCKS = st.times(time(0, 0), time(23, 0)).map(lambda t: f"{t:%H:%M}")
TITLES = st.text(alphabet=st.characters(exclude_categories=["Cs"]), min_size=1, max_size=300)


def toml_text(text):
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def on_days(first, last):
    return st.lists(st.integers(first, last), min_size=1, max_size=6, unique=True).map(
        lambda days: ", ".join(f"{n:+d}" if n else "0" for n in sorted(days))
    )


@st.composite
def patients(draw, protocol):
    """A site and a patient, as texts and keys for the real readers."""
    planned = draw(st.dates(date(2019, 1, 1), date(2035, 12, 31)))
    parameters = draw(
        st.fixed_dictionaries(
            {},
            optional={
                "il2-days": st.sampled_from(["+1 to +13 every 2 days", "every 2 days x 7 from +1", "+1 to +7"]),
                "dlt-end": st.integers(10, 60).map("+{}".format), "donor-collection": on_days(-3, 0),
                "response-marrow": st.sampled_from(["+28", "+28 ±3"]), "chimerism-after-infusion": on_days(1, 60),
                "follow-up": on_days(30, 400), "pregnancy-test-window": st.just("-7 to -1"),
            },
        )
    )  # fmt: skip
    times = draw(st.dictionaries(st.sampled_from(["fludarabine", "cyclophosphamide", "il2", "nk-infusion"]), CLOCKS))
    tasks = [
        f'[[tasks]]\nid = "task-{n}"\ntitle = {toml_text(draw(TITLES))}\ndays = "{draw(on_days(-20, 100))}"\nat = "{draw(CLOCKS)}"'
        for n in range(draw(st.integers(0, 3)))
    ]
    alarm = draw(st.sampled_from(["", 'alarm = "15 hours before"', 'alarm = "1 minute before"', 'alarm = "14 days before"']))
    when = draw(st.none() | CLOCKS)
    names = draw(st.sets(st.sampled_from(sorted(protocol.dates)), max_size=8))
    dates = {name: planned - timedelta(days=draw(st.integers(-5, 200))) for name in names}
    site = {"parameters": parameters, "times": times, "more": "\n".join([alarm, *tasks]), "zone": draw(st.sampled_from(ZONES))}
    return site, f"{planned} {when}" if when else planned, dates, draw(st.integers(-60, 60))


@pytest.fixture(scope="module")
def written(protocol, site_of, plan_of, tmp_path_factory):
    """At least 200 patients' calendar files, of a first and of a second revision, with the entries they hold."""
    folder = tmp_path_factory.mktemp("calendars")
    found = []

    @given(patients(protocol))
    @settings(max_examples=300)
    def make(patient):
        site_keys, planned, dates, delay = patient
        code = f"P-{len(found):04d}"
        try:
            site = site_of(**site_keys)
            first = plan_of(site, planned_day_zero=planned, dates=dates, code=code)
        except (InputError, Refused):
            reject()
        entries = entries_of(first, WHEN)
        if delay:
            day = first.day_zero + timedelta(days=delay)
            second = replace(plan_of(site, planned_day_zero=day, dates=dates, code=code), revision=2)
            entries = carry(entries, entries_of(second, LATER), 2, LATER)
        entries = worded(entries)
        data = calendar(entries, schedule_id=first.schedule_id, name=code, description=code)
        path = folder / f"{code}.ics"
        path.write_bytes(data)
        found.append((path, data, first, entries))

    make()
    assert len(found) >= 200
    return folder, found


def expected(plan, entries):
    """What a reader must see of each entry: (uid, start, end, sequence), in the file's order."""
    return [
        (
            str(uuid.uuid5(plan.schedule_id, e.id)),
            e.start or e.first,
            (day_after(e.last) if e.start is None else e.end),
            e.since - 1,
        )
        for e in entries
    ]


def test_every_calendar_made_is_in_order_to_the_last_byte(written):
    assert {path.name: faults(data) for path, data, _, _ in written[1] if faults(data)} == {}


def test_every_instant_is_the_sites_hour_on_the_sites_date(written):
    """Read back through zoneinfo: the clocks on the wall show what was asked for, on the day that was asked for."""
    timed = 0
    for _, _, plan, entries in written[1]:
        asked = {**{name: c.start for name, c in plan.site.times.items()}, **{task.id: task.at.start for task in plan.site.tasks}}
        for found in entries:
            if found.start is not None and not found.cancelled:
                clock = asked.get(found.id.rpartition("-")[0])
                if found.id == "nk-infusion-1" and found.since == 1:
                    clock = plan.case.planned_time or clock
                wall = found.start.astimezone(ZoneInfo(plan.site.zone.key)).replace(tzinfo=None)
                assert wall == datetime.combine(found.first, clock)
                timed += 1
    assert timed > 500


def test_every_calendar_is_read_by_libical_without_complaint_and_to_the_second(written):
    needs_libical()
    assert libical_complaints(written[0]) == []
    for path, data, plan, entries in written[1]:
        assert libical_events(data) == expected(plan, entries), path.name


def test_every_calendar_is_read_by_icaljs_in_strict_mode_to_the_second(written):
    found = icaljs_events([path for path, _, _, _ in written[1]])
    wanted = [
        (uid, as_midnight(start), as_midnight(end if end is not None else start), n)
        for _, _, plan, entries in written[1]
        for uid, start, end, n in expected(plan, entries)
    ]
    assert found == wanted


def test_every_calendar_is_read_back_by_icalendar_without_error(written):
    for path, data, plan, entries in written[1]:
        assert icalendar_events(data) == expected(plan, entries), path.name


def test_no_calendar_names_a_property_beyond_the_known_few(written):
    known = {
        "VERSION", "PRODID", "CALSCALE", "X-WR-CALNAME", "X-WR-CALDESC", "X-WR-RELCALID", "REFRESH-INTERVAL",
        "X-PUBLISHED-TTL", *(f"VEVENT.{name}" for name in (
            "UID", "DTSTAMP", "LAST-MODIFIED", "SEQUENCE", "DTSTART", "DTEND", "SUMMARY", "DESCRIPTION", "CATEGORIES",
            "STATUS", "TRANSP", "VALARM.ACTION", "VALARM.DESCRIPTION", "VALARM.TRIGGER",
        )),
    }  # fmt: skip
    seen = {name for _, data, _, _ in written[1] for name in parse(data).names}
    assert seen == known
