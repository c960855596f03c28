"""What a nurse sees in a month view: titles cut after 16 characters, what happened as it happened, few entries.

Each test of one of the faults found at the edges says which: what is done there, and what is right.
"""

import re
from datetime import UTC, date

import pytest
from msgspec.structs import replace
from shared.byte_lint import faults, parse
from shared.calendar_ward import EXAMPLE_PROTOCOL, PROTOCOLS, CalendarWard, life

from schedule.commands.typed import moment
from schedule.ledger.sqlite import SqliteStore
from schedule.model.entries import MARK_OF
from schedule.model.ids import entry_uid
from schedule.pages.calendar import worded
from schedule.service.acts import record_of
from schedule.service.revisions import calendar_entries
from schedule.words.titles import cell_title

MONTH = 16
"""Characters that a month cell of a common program shows."""
WITH_A_WORD = 20
"""Within how many the day and the drug begin after HELD, GIVEN and DONE."""
BEGUN = 4
"""Letters of a name by which it is told from the others."""


@pytest.fixture
def store(tmp_path):
    with SqliteStore(tmp_path / "ledger.sqlite") as store:
        yield store


def entries(data):
    return parse(data).all("VEVENT")


def titled(data, words):
    """The one entry whose title has these words."""
    (found,) = [event for event in entries(data) if words in event.text("SUMMARY")]
    return found


def titles(data):
    return [event.text("SUMMARY") for event in entries(data)]


def moments(event):
    return event.one("DTSTART"), event.one("DTEND")


# titles ----------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module", params=PROTOCOLS)
def lives(request, tmp_path_factory):
    """Act -> calendar.ics, changes.ics and plan of a patient of each shipped protocol; and the ward's titles at the end."""
    with SqliteStore(tmp_path_factory.mktemp(request.param) / "ledger.sqlite") as store:
        ward, found = CalendarWard(store, request.param), {}
        for act in life(ward):
            of_ward = [one.title for one in worded(calendar_entries(store, ward.row), "ward")]
            found[act] = ward.file("calendar.ics"), ward.file("changes.ics"), ward.plan, of_ward
        yield request.param, found


def name_of(plan, event):
    activity = plan.protocol.activities.get(event.activity)
    return (activity.short if activity else "") or cell_title(event.title)


def test_day_and_drug_stand_where_a_month_view_shows_them(lives):
    """In 16 characters of every title with no mark, `!` or `?` stand day and drug; within 20 after HELD, GIVEN and DONE."""
    _, found = lives
    seen = set()
    for data, _, plan, _ in found.values():
        by_uid = {event.one("UID"): event.text("SUMMARY") for event in entries(data)}
        for event in plan.events:
            title = by_uid.get(entry_uid(plan.schedule_id, event.id))
            if title is None:
                continue
            mark, day, rest = re.fullmatch(r"(?:(!|\?|HELD|GIVEN|DONE|NOT DONE|CANCELLED:) )?(\(?(?:C\d+ )?D[−+]?\d+\)?) (.*)", title).groups()
            seen.add(mark)
            if mark not in ("CANCELLED:", "NOT DONE"):
                shown = title[: WITH_A_WORD if mark in ("HELD", "GIVEN", "DONE") else MONTH]
                assert f"{day} {rest[:BEGUN]}" in shown, title
            assert rest.startswith(name_of(plan, event)), title
    assert {None, "HELD", "GIVEN", "CANCELLED:"} <= seen


def test_no_title_is_cut_and_with_a_code_of_eight_none_is_above_60(lives):
    _, found = lives
    for data, changes, _, of_ward in found.values():
        for title in [*titles(data), *(titles(changes) if changes else []), *of_ward]:
            assert len(title) <= 60 and "…" not in title and "CIML-017" in title, title


def test_in_a_calendar_of_the_ward_the_code_comes_first(lives):
    _, found = lives
    for _, _, _, of_ward in found.values():
        assert {title[:9] for title in of_ward} == {"CIML-017 "}


def test_a_day_without_brackets_stands_on_one_date(lives):
    """What stayed when day 0 moved has its planned day in brackets; so has what was given on another day."""
    _, found = lives
    for act, (data, _, plan, _) in found.items():
        dates = {}
        by_uid = {event.one("UID"): event.text("SUMMARY") for event in entries(data)}
        for event in plan.events:
            title = by_uid.get(entry_uid(plan.schedule_id, event.id), "")
            day = re.match(r"(?:(?:!|\?|[A-Z:]{4,}|NOT DONE) )?((?:C\d+ )?D[−+]?\d+) ", title)
            if day:
                dates.setdefault(day[1], set()).add(event.on)
        assert {day: on for day, on in dates.items() if len(on) > 1} == {}, act


def test_every_entry_has_an_end_later_than_its_start(lives):
    """Fault: 32 of 53 entries had no end, and a strict server refused 29 of them, the infusion among them."""
    for data, changes, _, _ in lives[1].values():
        assert faults(data) == []
        for event in [*entries(data), *(entries(changes) if changes else [])]:
            assert event.one("DTEND") > event.one("DTSTART"), event.text("SUMMARY")
            assert event.parameters("DTEND") == event.parameters("DTSTART")


def test_each_entry_stands_once_on_the_date_and_hour_of_the_plan(lives):
    for data, _, plan, _ in lives[1].values():
        found = {event.one("UID"): event for event in entries(data)}
        assert len(found) == len(entries(data))
        for event in plan.events:
            one = found.get(entry_uid(plan.schedule_id, event.id))
            if one is None:
                assert event.task
            elif event.start is None:
                assert one.one("DTSTART") == f"{event.on:%Y%m%d}"
            else:
                assert one.one("DTSTART") == f"{event.start.astimezone(tz=UTC):%Y%m%dT%H%M%SZ}"


def test_changes_hold_what_is_not_as_it_was_and_nothing_else(lives):
    """`changes.ics` with every entry whose meaning changed, and none written when there is none."""
    before = {}
    for data, changes, _, _ in lives[1].values():
        now = {event.one("UID"): event.properties for event in entries(data)}
        changed = {uid for uid, event in now.items() if before.get(uid) != event}
        if before:
            told = {event.one("UID"): event.properties for event in entries(changes)} if changes else {}
            assert {uid for uid in told if uid in now} == changed
            assert {uid: one for uid, one in told.items() if uid in now} == {uid: now[uid] for uid in changed}
            assert set(told) - set(now) <= set(before), "withdrawn"
        before = now


# what happened -----------------------------------------------------------------------------------------------------------


def test_a_dose_held_says_so_first_has_no_alarm_and_does_not_block_the_time(store):
    """Fault 1: a dose that the physician has stopped stood there CONFIRMED, busy, with its bell."""
    ward = CalendarWard(store, site='alarm = "1 hour before"')
    before = titled(ward.file("calendar.ics"), "fludarabine, dose 3 of 3")
    assert before.all("VALARM")
    ward.record("fludarabine-3", "held", "2026-06-12", "2026-06-12 07:00")
    for name in ("calendar.ics", "changes.ics"):
        found = titled(ward.file(name), "fludarabine, dose 3 of 3")
        assert found.text("SUMMARY") == "HELD D−3 fludarabine, dose 3 of 3 · CIML-017"
        assert (found.one("TRANSP"), found.one("SEQUENCE"), found.all("VALARM")) == ("TRANSPARENT", "1", [])
        assert (found.one("UID"), moments(found)) == (before.one("UID"), moments(before))
    assert len(entries(ward.file("changes.ics"))) == 1


def test_a_dose_given_late_stands_when_it_was_given(store):
    """Fault 2: Sat 13-Jun 15:00 in New York is 19:00 UTC; 15 minutes where no end was recorded."""
    ward = CalendarWard(store)
    ward.record("fludarabine-3", "given", "2026-06-13 15:00", "2026-06-13 16:00")
    for name in ("calendar.ics", "changes.ics"):
        found = titled(ward.file(name), "fludarabine, dose 3 of 3")
        assert found.text("SUMMARY") == "GIVEN (D−3) fludarabine, dose 3 of 3 · CIML-017"
        assert moments(found) == ("20260613T190000Z", "20260613T191500Z")
        assert "planned Fri 12-Jun-2026 09:00" in found.text("DESCRIPTION")


@pytest.mark.parametrize(
    ("at", "end", "shown"),
    [
        ("2026-06-10 13:40", None, ("20260610T174000Z", "20260610T175500Z")),
        ("2026-06-10 13:40", "2026-06-10 14:25", ("20260610T174000Z", "20260610T182500Z")),
        ("2026-06-10", None, ("20260610", "20260611")),
    ],
    ids=["at an hour", "with its end", "no hour: all day"],
)
def test_what_was_given_stands_as_it_was_recorded(at, end, shown, store):
    ward = CalendarWard(store)
    ward.record("fludarabine-1", "given", at, "2026-06-10 15:00", end=end)
    assert moments(titled(ward.file("calendar.ics"), "GIVEN D−5 fludarabine")) == shown


def test_what_was_given_in_part_says_so(store):
    ward = CalendarWard(store)
    found = record_of("cyclophosphamide-1", "given", moment(ward.plan, "2026-06-10 11:00", "--at"), "", confirmed=True)
    ward.do(replace(found, record=replace(found.record, partly=True)), "2026-06-10 12:00")
    event = titled(ward.file("calendar.ics"), "GIVEN")
    assert event.text("SUMMARY") == "GIVEN D−5 cyclophosphamide, dose 1 of 2, partly · CIML-017"
    assert event.text("DESCRIPTION").startswith("Only partly given: cyclophosphamide")


def test_the_length_that_the_site_gives_is_the_end(store):
    """09:00 and 30 minutes in New York; the dose given at 13:40 takes as long, and nothing says that no end is stated."""
    ward = CalendarWard(store, site='[length]\nfludarabine = "30 minutes"\nnk-infusion = "2 hours"')
    assert moments(titled(ward.file("calendar.ics"), "D−5 fludarabine")) == ("20260610T130000Z", "20260610T133000Z")
    assert moments(titled(ward.file("calendar.ics"), "D0 CIML NK cells")) == ("20260615T140000Z", "20260615T160000Z")
    ward.record("fludarabine-1", "given", "2026-06-10 13:40", "2026-06-10 15:00")
    found = titled(ward.file("calendar.ics"), "GIVEN D−5 fludarabine")
    assert moments(found) == ("20260610T174000Z", "20260610T181000Z")
    assert "End not stated" not in found.text("DESCRIPTION")


def test_a_test_that_is_done_and_entered_stands_as_done_on_its_day_under_its_identity(store):
    """Measured: it read “CANCELLED: … due: echocardiogram”."""
    ward = CalendarWard(store)
    before = titled(ward.file("calendar.ics"), "last day: echocardiogram")
    assert (before.one("DTSTART"), before.text("SUMMARY")) == ("20260614", "last day: echocardiogram · CIML-017")
    ward.fact("echo", "2026-06-03", "2026-06-04 08:00")
    for name in ("calendar.ics", "changes.ics"):
        found = titled(ward.file(name), "echocardiogram")
        assert (found.text("SUMMARY"), found.one("DTSTART"), found.one("STATUS")) == ("DONE echocardiogram · CIML-017", "20260603", "CONFIRMED")
        assert found.one("UID") == before.one("UID")
    ward.note("2026-06-04 09:00")
    assert titled(ward.file("calendar.ics"), "echocardiogram").one("SEQUENCE") == "1"


def test_no_mark_means_nothing_and_each_dose_says_so(store):
    text = "Not marked GIVEN does not mean not given: look at the chart."
    ward = CalendarWard(store)
    ward.record("fludarabine-1", "given", "2026-06-10 09:10")
    ward.record("fludarabine-2", "held", "2026-06-11", "2026-06-11 10:00")
    for event in entries(ward.file("calendar.ics")):
        title, dose = event.text("SUMMARY"), event.one("CATEGORIES") == "Treatment"
        open_dose = dose and not title.startswith(("GIVEN", "HELD"))
        assert (text in event.text("DESCRIPTION")) is (open_dose or "collection" in title), title


def test_a_visit_that_is_held_reads_not_done(store):
    ward = CalendarWard(store)
    ward.record("nk-infusion-1", "given", "2026-06-15 10:05")
    ward.record("follow-up-1", "held", "2026-07-27", "2026-07-27 12:00")
    assert titled(ward.file("calendar.ics"), "visit 1 of 3").text("SUMMARY") == "NOT DONE D+42 follow-up visit, visit 1 of 3 · CIML-017"


# the warning -------------------------------------------------------------------------------------------------------------


def test_a_warning_is_one_sign_in_each_title_and_once_in_full_on_day_0_and_is_withdrawn(store):
    """Fault 3: after a slip 47 cells read “PRINCIPAL INVEST”, after the cancel “CANCELLED: PRINC”."""
    ward = CalendarWard(store)
    ward.record("fludarabine-1", "given", "2026-06-10 09:10")
    ward.slip("2026-06-17 10:00", "2026-06-11 08:00")
    data = ward.file("calendar.ics")
    assert titled(data, "CIML NK cells").text("SUMMARY") == "? D0 CIML NK cells · CIML-017"
    (warning,) = [event for event in entries(data) if "PRINCIPAL INVESTIGATOR" in event.text("SUMMARY")]
    assert (warning.text("SUMMARY"), warning.one("DTSTART"), warning.one("TRANSP")) == (
        "? D0 PRINCIPAL INVESTIGATOR MUST DECIDE · CIML-017", "20260617", "TRANSPARENT",
    )  # fmt: skip
    assert max(map(len, titles(data))) <= 60
    ward.cancel("2026-06-12 08:00")
    data = ward.file("calendar.ics")
    assert not [title for title in titles(data) if "INVESTIGATOR" in title]
    (gone,) = [event for event in entries(ward.file("changes.ics")) if event.one("UID") == warning.one("UID")]
    assert (gone.one("STATUS"), "INVESTIGATOR" in gone.text("SUMMARY"), "withdrawn" in gone.text("SUMMARY")) == ("CANCELLED", False, True)


def test_every_alert_marks_what_is_planned_or_is_told_otherwise():
    assert {kind for kind, mark in MARK_OF.items() if mark is None} == {"superseded", "cancelled", "without-date"}


# how many ----------------------------------------------------------------------------------------------------------------


def on_day(data, day):
    """The entries of a date as a month view lists them: those of the whole day first, then by the hour."""
    rows = []
    for event in entries(data):
        start, end = moments(event)
        timed = "T" in start
        if (timed and start.startswith(day)) or (not timed and start <= day < end):
            rows.append((timed, start, event.text("SUMMARY")))
    return [title for _, _, title in sorted(rows)]


def test_on_a_treatment_day_the_doses_come_first(store):
    """Fault 10: two windows and three tasks stood before fludarabine and cyclophosphamide."""
    data = CalendarWard(store).file("calendar.ics")
    assert on_day(data, "20260610") == ["D−5 fludarabine, dose 1 of 3 · CIML-017", "D−5 cyclophosphamide, dose 1 of 2 · CIML-017"]


@pytest.mark.parametrize(
    ("wish", "count", "left_out"),
    [
        ("", 26, "Left out: the site's tasks (27); sheets and plan.csv have them."),
        ('[calendar]\ntasks = "daily"', 45, ""),
        ('[calendar]\ntasks = "each"', 53, ""),
        ('[calendar]\nwindows = "none"', 24, "Left out: the site's tasks (27) and deadlines and screening windows; sheets and plan.csv have them."),
    ],
    ids=["by default", "tasks daily", "each task", "no windows"],
)
def test_the_example_has_as_many_entries_as_the_site_wants_and_the_calendar_names_what_is_left_out(wish, count, left_out, store):
    """24 events, 2 last days; 27 tasks on 19 days."""
    data = parse(CalendarWard(store, site=wish).file("calendar.ics"))
    assert len(data.all("VEVENT")) == count
    assert ("Left out" in data.text("X-WR-CALDESC")) is bool(left_out)
    assert left_out in data.text("X-WR-CALDESC")


def test_the_tasks_of_a_day_are_one_entry_known_by_its_date_that_lists_them_with_their_hours(store):
    ward = CalendarWard(store, site='[calendar]\ntasks = "daily"')
    first = titled(ward.file("calendar.ics"), "D−5 tasks of the day")
    assert first.text("DESCRIPTION").split("\n")[:3] == ["consent form in the chart", "check the central line", "06:00 weigh the patient"]
    ward.slip("2026-06-16 10:00", "2026-06-01 08:00")
    after = {event.one("DTSTART"): event for event in entries(ward.file("calendar.ics")) if "tasks" in event.text("SUMMARY")}
    assert after["20260611"].text("SUMMARY").endswith("D−5 tasks of the day · CIML-017")
    uid = entry_uid(ward.plan.schedule_id, "tasks/2026-06-11")
    assert after["20260611"].one("UID") == uid
    assert len(after) == len({event.one("UID") for event in after.values()})


def test_the_tasks_of_a_day_say_what_became_of_each(store):
    """Fault 1: what is recorded as not done stood in the list as what is to be done."""
    ward = CalendarWard(store, site='[calendar]\ntasks = "daily"')
    ward.record("line-check-1", "held", "2026-06-10", "2026-06-10 10:00")
    ward.record("weight-1", "done", "2026-06-10 06:20", "2026-06-10 10:00")
    (changed,) = entries(ward.file("changes.ics"))
    assert changed.text("SUMMARY") == "D−5 tasks of the day · CIML-017" and changed.one("SEQUENCE") == "2"
    assert changed.text("DESCRIPTION").split("\n")[:3] == [
        "consent form in the chart", "NOT DONE check the central line", "DONE 06:20 weigh the patient",
    ]  # fmt: skip


def test_no_entry_no_file(store):
    """Fault 9: a note changed nothing, and an empty calendar was written, which Thunderbird could not import."""
    ward = CalendarWard(store)
    ward.note("2026-05-27 08:00")
    assert ward.file("changes.ics") is None
    ward.record("fludarabine-1", "given", "2026-06-10 09:10", "2026-06-10 10:00")
    assert titles(ward.file("changes.ics")) == ["GIVEN D−5 fludarabine, dose 1 of 3 · CIML-017"]


def test_the_text_says_what_to_do_first_and_in_which_revision_it_changed_last(store):
    """Fault 43: in the feed of revision 3 every entry told its reader that it was superseded."""
    ward = CalendarWard(store)
    ward.record("fludarabine-1", "given", "2026-06-10 09:10")
    ward.note("2026-06-10 12:00")
    text = titled(ward.file("calendar.ics"), "CIML NK cells").text("DESCRIPTION")
    assert text.startswith("To do: CIML NK cells, intravenous infusion.\n")
    assert "Changed last in revision 1 of Tue 26-May-2026 12:00 UTC." in text
    assert "superseded" not in text
    assert titled(ward.file("calendar.ics"), "GIVEN").text("DESCRIPTION").startswith("Nothing to do: fludarabine")


# the donor ---------------------------------------------------------------------------------------------------------------


def test_the_donors_own_file_has_nothing_of_the_patients_treatment(store):
    ward = CalendarWard(store)
    ward.record("fludarabine-1", "given", "2026-06-10 09:10")
    ward.slip("2026-06-17 10:00", "2026-06-11 08:00")
    data = ward.file("donor.ics").replace(b"\r\n ", b"").decode()
    assert "collection from donor · donor of CIML-017" in data
    for word in ("D−1", "NCT", "NK", "cells", "infusion", "Day\u00a0", "day 0", "17-Jun", "T36", "fludarabine", "lympho"):
        assert word not in data, word
    assert titled(ward.file("calendar.ics"), "collection from donor").text("SUMMARY") == "? D−1 collection from donor · CIML-017"


def test_the_example_is_the_one_of_the_faults():
    assert EXAMPLE_PROTOCOL in PROTOCOLS and date(2026, 6, 15).strftime("%w") == "1"
