"""Day sheets, go/no-go, deadlines, the patient's calendar and the index: what they say, before any of it is HTML."""

import re
import uuid
from collections import Counter
from datetime import UTC, date, datetime

import pytest
from msgspec.structs import replace
from shared.notices import Example
from shared.paper_plans import CASE, PROTOCOL, SITE, WHEN, example, hundred, plan_from

from schedule.engine.settling import is_kept
from schedule.ledger.sqlite import SqliteStore
from schedule.model.ids import check_code
from schedule.model.notation import MINUS
from schedule.model.reasons.findings import TitledEvent
from schedule.output.html import fixed
from schedule.output.outputs import pages
from schedule.pages.deadlines import deadline_page
from schedule.pages.go import go_pages
from schedule.pages.index import index_page
from schedule.pages.page_breaks import BOLD, Piece, fill, lines
from schedule.pages.patient import patient_page
from schedule.pages.patient_now import to_be_known
from schedule.pages.sheet_days import sheet_days
from schedule.pages.sheets import MOST_ROWS, day_sheets
from schedule.words import reasons
from schedule.words.alerts import some
from schedule.words.patient import time_of_day
from schedule.words.plan import frame

FILES = {
    "sheets.html", "go.html", "overview.html", "deadlines.html", "patient.html", "calendar.ics", "donor.ics", "plan.csv", "plan.json",
}  # fmt: skip


def sheets_of(plan):
    return day_sheets(plan, frame(plan, WHEN))


def rows_of(sheet):
    return [row for page in sheet.pages for block in page.blocks for row in block.rows]


def sheet_on(plan, on, donor=False):
    return next(sheet for sheet in sheets_of(plan) if sheet.on == on and sheet.donor == donor)


def below(event):
    """What stands below the name of an event of the example: the rest of its title, which dose it is, and whose."""
    rest = event.title.text.split(", ")[1:]
    if event.title.numbered:
        rest.append(f"{event.title.numbered.unit} {event.title.numbered.number} of {event.title.numbered.of}".replace(" ", "\u00a0"))
    return tuple([*rest, "site"] if event.task else rest)


# Every item once


def test_every_event_is_on_one_sheet_and_the_sheets_hold_nothing_else():
    plan = example()
    shown = Counter()
    for sheet in sheets_of(plan):
        for row in rows_of(sheet):
            shown[sheet.anchor, row.due, row.name, row.more] += 1
    wanted = Counter(
        (
            f"{'donor' if event.donor else 'patient'}-{event.on.isoformat()}",
            f"{event.start:%H:%M}" if event.start else "any time",
            event.title.text.split(", ")[0],
            below(event),
        )
        for event in plan.events
    )
    assert shown == wanted
    assert len(plan.events) == 51


def test_the_donors_day_has_a_sheet_of_its_own_after_the_patients():
    sheets = sheets_of(example())
    assert [sheet.donor for sheet in sheets] == [False] * (len(sheets) - 1) + [True]
    assert [row.name for row in rows_of(sheets[-1])] == ["non-mobilized collection from the original donor"]
    assert "collection" not in str([rows_of(sheet) for sheet in sheets[:-1]])


def test_a_day_on_which_only_something_falls_due_has_a_sheet():
    plan = plan_from(site='format = 1\nzone = "America/New_York"\n')
    sheet = sheet_on(plan, "Sun 14-Jun-2026")
    assert rows_of(sheet) == []
    assert [what for what, _ in sheet.pages[-1].foot.deadlines] == ["tests of organ function (T19)", "echocardiogram (T20)"]


def test_a_span_is_on_the_sheet_of_each_of_its_days():
    more = '[activities.cover]\ntitle = "cover, by mouth"\ndays = "+1 to +5"\ncontinuous = true\ncategory = "treatment"\n'
    more += 'criterion = "Study Groups"\nquote = "CIML NK cells"\n\n[activities.donor-collection]'
    plan = plan_from(PROTOCOL.replace("[activities.donor-collection]", more))
    found = [(str(sheet.day), row.notes[0]) for sheet in sheets_of(plan) for row in rows_of(sheet) if (row.name, row.more) == ("cover", ("by mouth",))]
    assert [label for label, _ in found] == [f"Day\u00a0+{number}" for number in range(1, 6)]
    assert found[2][1] == "day 3 of 5: Tue 16-Jun-2026 to Sat 20-Jun-2026"


def test_what_goes_on_until_a_record_is_named_on_every_later_sheet():
    more = '[activities.care]\ntitle = "care"\ndays = "+1"\nuntil = "counts recover"\ncategory = "treatment"\n'
    more += 'criterion = "Study Groups"\nquote = "CIML NK cells"\n\n[activities.donor-collection]'
    plan = plan_from(PROTOCOL.replace("[activities.donor-collection]", more))
    running = {str(sheet.day): sheet.pages[-1].foot.running for sheet in sheets_of(plan) if not sheet.donor}
    assert running["Day\u00a0+1"] == ()
    assert running["Day\u00a0+2"] == ("care, from this day until counts recover: running since Tue 16-Jun-2026",)


# What a row asks


def test_rows_say_who_asks_who_checks_and_whether_a_dose_was_given():
    rows = {row.name: row for row in rows_of(sheet_on(example(), "Wed 10-Jun-2026"))}
    dose = rows["fludarabine"]
    assert (dose.due, dose.more, dose.verify, dose.dose, dose.notes) == (
        "09:00", ("intravenous infusion", "dose\u00a01\u00a0of\u00a03"), True, True, (),
    )  # fmt: skip
    weight = rows["weigh the patient"]
    assert (weight.due, weight.more, weight.verify, weight.dose, weight.notes) == ("06:00", ("site",), False, False, ())
    assert [(row.state, row.at, row.outcome) for row in rows.values()] == [("", "", "")] * len(rows)


def test_an_il2_day_says_which_dose_of_how_many():
    rows = rows_of(sheet_on(example(), "Sat 20-Jun-2026"))
    dose = next(row for row in rows if "IL-2" in row.name)
    assert (dose.name, dose.more) == ("interleukin-2 (IL-2)", ("dose\u00a03\u00a0of\u00a07",))
    assert dose.dose
    assert dose.notes == ("falls on: Saturday",)
    why = sheet_on(example(), "Sat 20-Jun-2026").pages[-1].foot.why
    assert why == ("interleukin-2 (IL-2): site file, il2-days = “+1 to +13 every 2 days”.",)


def test_a_date_that_hangs_on_another_event_shows_its_whole_arithmetic():
    why = sheet_on(example(), "Tue 28-Jul-2026").pages[-1].foot.why
    assert why == (
        "BCR-ABL and bcl-2 inhibitors may be resumed from this day: "
        "end of the dose-limiting toxicity (DLT) period (Mon 27-Jul-2026) + 1 day; 2.2.",
    )


def test_blocks_follow_the_clock_and_have_at_most_nine_rows():
    for plan in (example(), hundred()):
        for sheet in sheets_of(plan):
            for page in sheet.pages:
                for block in page.blocks:
                    assert 1 <= len(block.rows) <= MOST_ROWS
                    for row in block.rows if len(rows_of(sheet)) > MOST_ROWS else ():
                        part = f"{'00:00' if row.due < '12' else '12:00' if row.due < '18' else '18:00'} to"
                        assert block.title.startswith("No hour stated" if row.due == "any time" else part)
            assert [row.due for row in rows_of(sheet)] == sorted(row.due for row in rows_of(sheet))


def test_a_day_of_nine_tasks_is_not_parted():
    assert [[block.title for block in page.blocks] for page in sheet_on(example(), "Wed 10-Jun-2026").pages] == [[""]]


def test_the_sheet_of_day_0_has_the_limit_and_what_nobody_states():
    plan = plan_from(site=SITE.replace('dlt-end = "+42"', ""))
    infusion = sheet_on(plan, "Mon 15-Jun-2026").pages[0].infusion
    assert infusion.must_start == "Wed 17-Jun-2026 10:00"
    assert infusion.basis.endswith("48 hours, as elapsed time and by the clock, whichever ends first. (T36)")
    assert [text for text in infusion.not_stated if "DLT" in text]
    assert [str(sheet.day) for sheet in sheets_of(plan) if any(page.infusion for page in sheet.pages)] == ["Day\u00a00"]


def test_the_limit_without_an_hour_is_a_date():
    plan = plan_from(case=CASE.replace("2026-06-15T10:00:00", "2026-06-15"))
    assert sheet_on(plan, "Mon 15-Jun-2026").pages[0].infusion.must_start == "Tue 16-Jun-2026"


def test_the_printed_limit_is_a_value_and_read_out_of_no_sentence(monkeypatch):
    """The sentence in other words, even in the sheet's own, leaves the moment on sheet, deadlines and timeline as it is."""
    limits = [limits_printed(example())]
    true_words = reasons._limit
    other = "The infusion must start by"
    monkeypatch.setattr(reasons, "_limit", lambda *args: true_words(*args).replace("The infusion starts no later than", other))
    assert other in sheet_on(example(), "Mon 15-Jun-2026").pages[0].infusion.basis
    limits.append(limits_printed(example()))
    assert limits == [["Wed 17-Jun-2026 10:00"] * 2] * 2


def limits_printed(plan):
    """The last moment for the infusion, as the sheet of day 0 and the deadlines print it."""
    dated = [line.when for line in deadline_page(plan).dated if line.mark == "limit"]
    return [sheet_on(plan, "Mon 15-Jun-2026").pages[0].infusion.must_start, *dated]


# What the foot says


def test_the_foot_says_what_falls_due_what_is_open_and_what_comes():
    foot = sheet_on(example(), "Wed 10-Jun-2026").pages[-1].foot
    assert foot.deadlines == ()
    assert foot.windows == ("tests of organ function (T19) until Sun 14-Jun-2026", "echocardiogram (T20) until Sun 14-Jun-2026")
    assert foot.tomorrow == "Thu 11-Jun-2026, Day\u00a0−4"
    assert foot.next_items[0] == "06:00 weigh the patient"
    assert foot.why == ("fludarabine, cyclophosphamide: Study Groups.",)
    assert foot.small == (
        "Schedule aid, not an order. Check against the signed order. NCT04024761, registry record of 2026-01-02. "
        "Times in America/New_York, 24-hour clock. What was recorded by Tue 26-May-2026 08:00 is printed in."
    )
    foot = sheet_on(example(), "Sun 14-Jun-2026").pages[-1].foot
    assert foot.windows == ()
    assert foot.deadlines[0] == (
        "tests of organ function (T19)",
        "open since Mon 01-Jun-2026; last day: Sunday; last working day: Fri 12-Jun-2026",
    )


def test_a_day_before_an_empty_one_names_the_next_sheet_and_the_last_says_so():
    foot = sheet_on(example(), "Mon 29-Jun-2026").pages[-1].foot
    assert foot.next_items == ("nothing is planned", "the next sheet is of Mon 13-Jul-2026")
    last = [sheet for sheet in sheets_of(example()) if not sheet.donor][-1]
    assert last.pages[-1].foot.next_items == ("nothing is planned", "this is the last sheet")


def test_a_full_tomorrow_is_shortened_and_says_so():
    foot = sheet_on(hundred(), "Wed 10-Jun-2026").pages[-1].foot
    assert len(foot.next_items) == MOST_ROWS + 1
    assert foot.next_items[-1] == "and 94 more: see its sheet"


# What a day is called


def test_labels_keep_their_sign_and_say_it_in_words():
    for sheet in sheets_of(example()):
        label = str(sheet.day)
        assert label in (sheet.head.title, sheet.head.sub.split("; ")[0])
        sign = label.removeprefix("Day\u00a0")[0]
        words = {MINUS: "before the infusion (Mon 15-Jun-2026)", "+": "after the infusion (Mon 15-Jun-2026)", "0": "Day\u00a00"}[sign]
        assert sheet.head.sub.endswith(words)


def test_a_sheet_is_headed_by_its_date_then_by_what_day_it_is():
    heads = {sheet.on: (sheet.head.title, sheet.head.sub) for sheet in sheets_of(example()) if not sheet.donor}
    assert heads["Thu 11-Jun-2026"] == ("Lymphodepletion day 2 of 3", "Day\u00a0−4; 4 days before the infusion (Mon 15-Jun-2026)")
    assert heads["Sun 14-Jun-2026"] == ("Day\u00a0−1", "1 day before the infusion (Mon 15-Jun-2026)")
    assert heads["Mon 15-Jun-2026"] == ("Day of the infusion", "Day\u00a00")
    assert heads["Sat 20-Jun-2026"][0] == "Interleukin-2, dose day 3 of 7"


# The check code


def test_check_codes_differ_by_day_person_revision_and_schedule():
    first, second = uuid.UUID(int=1), uuid.UUID(int=2)
    codes = {
        check_code(schedule, revision, date(2026, 6, day), donor=donor)
        for schedule in (first, second) for revision in range(1, 20) for day in range(1, 31) for donor in (False, True)
    }  # fmt: skip
    assert len(codes) == 2 * 19 * 30 * 2
    assert all(re.fullmatch(r"[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}", code) for code in codes)


def test_a_check_code_never_changes():
    assert check_code(uuid.UUID(int=0), 1, date(2026, 6, 15)) == "3JF5-BSAD"  # sha256sum, then base32, by hand


def test_a_new_revision_has_new_codes_on_every_sheet():
    old = {sheet.check for sheet in sheets_of(example())}
    new = {sheet.check for sheet in sheets_of(plan_from(revision=2))}
    assert len(old) == len(sheets_of(example()))
    assert not old & new


# Pages of a long day


def test_a_long_day_is_divided_and_every_page_knows_its_number():
    plan = hundred()
    sheet = sheet_on(plan, "Thu 11-Jun-2026")
    assert len(sheet.pages) > 5
    assert [(page.number, page.of) for page in sheet.pages] == [(n, len(sheet.pages)) for n in range(1, len(sheet.pages) + 1)]
    assert [page.foot is not None for page in sheet.pages] == [False] * (len(sheet.pages) - 1) + [True]
    assert len(rows_of(sheet)) == 103
    assert len({row.name for row in rows_of(sheet)}) == 103


def test_a_block_that_goes_on_says_which_rows_it_holds():
    titles = [block.title for page in sheet_on(hundred(), "Thu 11-Jun-2026").pages for block in page.blocks]
    assert "00:00 to 11:59, continued: 10 to 18" in titles


@pytest.mark.parametrize(
    ("text", "room", "wanted"),
    [("", 50, 1), ("word", 50, 1), ("word word", 15, 2), ("wwwwwwwwww", 15, 3), ("a b c d", 1000, 1)],
)
def test_lines_are_counted_with_long_words_broken(text, room, wanted):
    assert lines(text, room, BOLD) == wanted


def test_pages_fill_in_order_and_a_giant_has_its_own():
    heights = [(4, 0), (4, 0), (4, 5), (4, 5), (90, 0), (1, 0)]
    things = [Piece(None, height, again) for height, again in heights]
    assert [[thing.height for thing in page] for page in fill(things, 10)] == [[4, 4], [4], [4], [90], [1]]
    assert list(fill([], 10)) == []


# The frame and the banner


def test_the_frame_shows_the_revisions_time_in_the_sites_zone_and_in_utc_without_one():
    assert frame(example(), WHEN).since == "Tue 26-May-2026 08:00"
    without = plan_from(site='format = 1\nzone = "UTC"\n')
    assert frame(without, WHEN).since == "Tue 26-May-2026 12:00"


def test_the_banner_names_every_rule_in_full_and_some_of_them_in_short():
    shared = frame(hundred(), WHEN)
    assert shared.banner.startswith("NOT ALLOWED AS PLANNED: T7 ")
    assert shared.banner_short.startswith("NOT ALLOWED AS PLANNED: T7 At least 2 weeks after the end of the immune suppression taper: ") and shared.banner_short.endswith("; also T8, T9")
    assert frame(example(), WHEN).banner == frame(example(), WHEN).banner_short == ""
    assert some(["T1", "T2", "T3", "T4", "T5", "T6", "T7"]) == "T1, T2, T3, T4, T5 and 2 more"
    assert some(["a-very-long-rule-name-indeed", "T2"]) == "a-very-long-rule-name-indeed and 1 more"


# Go or no-go


def test_go_has_a_page_before_lymphodepletion_and_one_before_the_infusion():
    first, second = go_pages(example())
    assert (first.title, first.begins) == ("Before lymphodepletion", "first dose Wed 10-Jun-2026 09:00, Day\u00a0−5")
    assert (second.title, second.begins) == ("Before the infusion", "CIML NK cells, Mon 15-Jun-2026 10:00, Day\u00a00")
    assert first.settled == second.settled == "26 met, 16 not applicable"


@pytest.mark.parametrize("plan", [example(), hundred(), plan_from(as_of=datetime(2026, 6, 20, 8))], ids=["plain", "banner", "late"])
def test_go_lists_everything_that_is_open_once_on_each_page(plan):
    open_now = [one for one in plan.findings if one.status in ("violated", "boundary", "due", "not stated")]
    wanted = {one.ref for one in open_now if not isinstance(one.title, TitledEvent)}  # an occurrence's window is on its sheet
    for page in go_pages(plan):
        refs = [ref for group in page.groups for item in group.items for ref in item.ref.split(", ") if ref]
        assert set(refs) == wanted
    unconfirmed = [event for event in plan.events if event.status == "unconfirmed" and event.on < date(2026, 6, 15) and not event.task]
    recorded = [item for group in go_pages(plan)[-1].groups for item in group.items if item.stands == "not recorded"]
    assert len(recorded) >= len(unconfirmed)


def test_go_says_what_would_settle_it_and_until_when():
    items = {item.ref: item for group in go_pages(example())[0].groups for item in group.items}
    assert items["T19"].settles == "from Mon 01-Jun-2026; aim Wed 03-Jun-2026 to Tue 09-Jun-2026"
    assert items["T19"].until == "Sun 14-Jun-2026"
    assert (items["T28"].settles, items["T28"].until) == ("nobody has stated this yet", "before the first dose")


def test_go_names_a_violation_with_its_arithmetic_and_the_days_that_would_do():
    group = go_pages(hundred())[0].groups[0]
    assert group.title == "Violated: not allowed as planned"
    item = next(item for item in group.items if item.ref == "T9")
    assert "Wed 20-May-2026 + 2 months = Mon 20-Jul-2026" in item.why
    assert item.settles == "kept with most recent transplant no later than Fri 10-Apr-2026; no day 0 keeps every rule"
    early = plan_from(case=CASE.replace("count-control-last = 2026-06-05", "count-control-last = 2026-06-10"))
    item = next(item for item in go_pages(early)[0].groups[0].items if item.ref == "T25")
    assert item.settles.endswith(" no later than Mon 08-Jun-2026; or with day 0 Wed 17-Jun-2026 to Thu 18-Jun-2026")


def test_go_asks_for_a_ruling_and_shows_one_that_was_made():
    boundary = CASE.replace("count-control-last = 2026-06-05", "count-control-last = 2026-06-09")
    items = {i.ref: (g.title, i) for g in go_pages(plan_from(case=boundary))[0].groups for i in g.items}
    assert items["T25"][1].settles == "a ruling by the principal investigator for this day 0: allowed or not allowed"
    ruled = boundary + '\n[[rulings]]\nrule = "T25"\noutcome = "allowed"\nby = "PI"\ndate = 2026-05-22\nreason = "counts"\n'
    items = {i.ref: (g.title, i) for g in go_pages(plan_from(case=ruled))[0].groups for i in g.items}
    assert items["T25"][0] == "Allowed by a ruling: still so?"
    assert items["T25"][1].why.endswith("Allowed by PI on Fri 22-May-2026: counts")


def test_a_deadline_that_has_passed_is_overdue_in_words():
    late = plan_from(as_of=datetime(2026, 6, 20, 8))
    items = [item for page in go_pages(late) for group in page.groups for item in group.items if item.ref == "T19"]
    assert {item.until for item in items} == {"OVERDUE since Sun 14-Jun-2026"}
    marks = {line.what: line.mark for line in deadline_page(late).dated}
    assert marks["echocardiogram"] == "OVERDUE"
    assert index_page(late).overdue[0] == "OVERDUE since Sun 14-Jun-2026: tests of organ function (T19)"


# Deadlines


def test_deadlines_are_soonest_first_and_say_why():
    view = deadline_page(example())
    assert [(line.when, line.mark, line.what.split(" (")[0]) for line in view.dated[:5]] == [
        ("Mon 08-Jun-2026", "planned", "last dose of hydroxyurea, a hypomethylating agent or low-dose cytarabine to control counts"),
        ("Sun 14-Jun-2026", "due", "tests of organ function"),
        ("Sun 14-Jun-2026", "due", "echocardiogram"),
        ("Wed 17-Jun-2026 10:00", "limit", "the infusion starts by then"),
        ("Thu 18-Jun-2026", "expires", "assessment that shows persistence of disease"),
    ]
    assert [line.why[:3] for line in view.undated] == ["T28", "T34"]
    assert view.undated_title == "The record gives no date: settle before the first dose, Wed 10-Jun-2026 09:00"
    assert all(line.why for line in (*view.dated, *view.undated))


def test_deadlines_begin_with_what_is_violated():
    assert [line.why[:2] for line in deadline_page(hundred()).now] == ["T7", "T8", "T8", "T9"]


# The index


def test_the_index_names_the_next_three_things_after_as_of():
    assert index_page(example()).next == (
        ("Wed 10-Jun-2026 06:00", "weigh the patient (Day\u00a0−5)"),
        ("Wed 10-Jun-2026 09:00", "fludarabine, intravenous infusion (dose\u00a01\u00a0of\u00a03) (Day\u00a0−5)"),
        ("Wed 10-Jun-2026 11:00", "cyclophosphamide, intravenous infusion (dose\u00a01\u00a0of\u00a02) (Day\u00a0−5)"),
    )
    sunday = index_page(plan_from(as_of=datetime(2026, 6, 13, 8)))
    assert sunday.next[:2] == (("Sat 13-Jun-2026", "check the central line (Day\u00a0−2)"), ("Sun 14-Jun-2026 06:00", "weigh the patient (Day\u00a0−1)"))
    late = index_page(plan_from(as_of=datetime(2026, 6, 14, 8)))
    assert ("by Sun 14-Jun-2026", "last day: tests of organ function (T19)") in late.next
    assert index_page(plan_from(as_of=datetime(2027, 1, 1))).next == ()


# The patient's calendar


@pytest.mark.parametrize(
    ("clock", "words"),
    [("00:00", "midnight"), ("00:05", "12:05am"), ("09:00", "9am"), ("11:30", "11:30am"), ("12:00", "midday"),
     ("12:15", "12:15pm"), ("20:00", "8pm"), ("23:59", "11:59pm")],
)  # fmt: skip
def test_times_for_patients_are_plain(clock, words):
    assert time_of_day(datetime.fromisoformat(f"2026-06-15 {clock}")) == words


def test_the_patients_calendar_has_full_dates_and_neither_staff_tasks_nor_the_donor():
    view = patient_page(example())
    words = str(view)
    assert view.infusion == "Monday 15 June 2026, 10am"
    assert view.days[0].on == "Wednesday 10 June 2026"
    assert view.days[0].distance == "5 days before your infusion"
    assert view.days[0].things[0] == ("9am", "fludarabine, intravenous infusion (dose\u00a01\u00a0of\u00a03)")
    assert view.to_arrange[0] == ("tests of organ function", "between Monday 1 June 2026 and Sunday 14 June 2026")
    assert not re.search(r"weigh|consent form|central line|non-mobilized|\d-[A-Z][a-z]{2}-\d", words)
    shown = sum(len(day.things) for day in view.days) + len(view.dates)
    assert shown == sum(not event.donor and not event.task for event in example().events)


# Files


def test_the_same_plan_gives_the_same_bytes_and_every_file_says_whose_it_is():
    first, second = pages(example(), WHEN), pages(plan_from(), WHEN)
    assert first == second
    assert sorted(first) == ["deadlines.html", "go.html", "index.html", "overview.html", "patient.html", "sheets.html"]
    for text in first.values():
        assert "CIML-017" in text
        assert "Revision 1" in text


def test_every_file_is_whole_in_itself():
    for name, text in pages(example(), WHEN).items():
        assert not re.search(r"<script|<link|<img|<iframe|@import|url\((?!#)|https?://|\bon\w+=", text), name
        links = set(re.findall(r'href="([^"]*)"', text))
        assert links == (FILES if name == "index.html" else set()), name


def test_every_file_carries_the_banner_with_the_rules():
    for name, text in pages(hundred(), WHEN).items():
        assert "NOT ALLOWED AS PLANNED: T7" in text, name
        assert "NOT ALLOWED" not in pages(example(), WHEN)[name]


def test_every_sheet_says_that_it_is_no_order_and_shows_no_arithmetic_of_another_day():
    text = pages(example(), WHEN)["sheets.html"]
    count = len(sheets_of(example()))
    assert text.count("Schedule aid, not an order. Check against the signed order.") == count
    assert text.count("What was recorded by") == count


def test_dates_labels_and_doses_are_kept_on_one_line_and_markup_stays_text():
    assert str(fixed("by Sun 14-Jun-2026 10:00 <b>")) == 'by <span class="fixed">Sun 14-Jun-2026</span> 10:00 &lt;b&gt;'
    assert str(fixed("interleukin-2 (IL-2)")) == '<span class="fixed">interleukin-2</span> (<span class="fixed">IL-2</span>)'
    assert str(fixed("Day\u00a0−5, (dose 1 of 3)")) == (
        '<span class="fixed">Day\u00a0−5</span>, <span class="fixed">(dose 1 of 3)</span>'
    )


@pytest.mark.parametrize("text", ["A" * 99 + "-2", "a-" + "1" * 99, f"({'dose' * 9} 1 of 3)", "Day\u00a0" + "1" * 99, "12-Jun-20261"])
def test_nothing_that_could_run_out_of_the_page_is_kept_on_one_line(text):
    assert str(fixed(text)) == text


def test_the_time_of_a_revision_may_be_in_any_zone():
    other = datetime(2026, 5, 26, 8, tzinfo=example().site.zone)
    assert pages(example(), other) == pages(example(), WHEN.astimezone(UTC))


# What happened, on the sheet of its day -------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def slipped(tmp_path_factory):
    """The example with lymphodepletion given, weighed on day -3, and day 0 moved by a day at 13:34."""
    with SqliteStore(tmp_path_factory.mktemp("slipped") / "ledger.sqlite") as store:
        one = Example(store)
        one.given()
        one.record("weight-3", "done", "2026-06-12 06:10")
        one.move("2026-06-16 10:00", "2026-06-12 13:34", "fever")
        yield one


def sheet_now(one, on, donor=False):
    return sheet_on(one.plan, on, donor)


def test_a_dose_that_was_given_is_printed_as_given_and_has_no_box(slipped):
    rows = {row.name: row for row in rows_of(sheet_now(slipped, "Fri 12-Jun-2026"))}
    assert (rows["fludarabine"].state, rows["fludarabine"].at, rows["fludarabine"].due) == ("GIVEN", "09:00", "09:00")
    assert (rows["weigh the patient"].state, rows["weigh the patient"].at, rows["weigh the patient"].due) == ("DONE", "06:10", "06:00")
    page = pages(slipped.plan, WHEN)["sheets.html"]
    (row,) = re.findall(r'<tr class="task-row did">(?:(?!</tr>).)*GIVEN<br>11:10.*?</tr>', page, re.S)
    assert "class=\"box\"" not in row and "<i></i>" not in row and row.count("–") == 4
    assert "<b>GIVEN<br>11:10</b>" in row and '<span class="name">cyclophosphamide</span>' in row


def test_a_held_dose_says_so_with_its_reason_and_keeps_its_day(slipped, tmp_path):
    with SqliteStore(tmp_path / "held.sqlite") as store:
        one = Example(store)
        one.record("fludarabine-1", "held", "2026-06-10 10:00", "fever 39.4")
        row = next(row for row in rows_of(sheet_now(one, "Wed 10-Jun-2026")) if row.name == "fludarabine")
        assert (row.state, row.at, row.due, row.outcome) == ("HELD", "", "09:00", "fever 39.4")
        tomorrow = sheet_now(one, "Wed 10-Jun-2026").pages[-1].foot.next_items
        assert not [text for text in tomorrow if "HELD" in text]


def test_a_dose_given_on_another_day_is_on_that_days_sheet_with_the_planned_time(tmp_path):
    with SqliteStore(tmp_path / "late.sqlite") as store:
        one = Example(store)
        one.given()
        one.record("nk-infusion-1", "given", "2026-06-15 10:20")
        one.record("il2-1", "given", "2026-06-17 09:00")
        row = next(row for row in rows_of(sheet_now(one, "Wed 17-Jun-2026")) if "IL-2" in row.name)
        assert (row.state, row.at, row.notes) == ("GIVEN", "09:00", ("planned Tue 16-Jun-2026 20:00",))
        tuesday = [sheet for sheet in sheets_of(one.plan) if sheet.on == "Tue 16-Jun-2026"]
        assert not [row for sheet in tuesday for row in rows_of(sheet) if "IL-2" in row.name]
        cells = next(row for row in rows_of(sheet_now(one, "Mon 15-Jun-2026")) if row.name == "CIML NK cells")
        assert (cells.state, cells.at, cells.due) == ("GIVEN", "10:20", "10:00")


def test_after_a_slip_no_label_stands_on_two_dates_but_as_planned(slipped):
    for whose in (False, True):
        heads = [(s.head.title, s.head.sub, s.on) for s in sheets_of(slipped.plan) if s.donor == whose]
        labels = [label for title, sub, _ in heads for label in re.findall(r"(?<!planned )Day\u00a0[−+]?\d+", f"{title}; {sub}")]
        assert len(labels) == len(set(labels))
    head = sheet_now(slipped, "Fri 12-Jun-2026").head
    assert head.title == "Lymphodepletion day 3 of 3"
    assert head.sub == "planned Day\u00a0−3; 4 days before the infusion as it now stands (Tue 16-Jun-2026)"
    assert sheet_now(slipped, "Tue 16-Jun-2026").head.sub == "Day\u00a00; planned for Mon 15-Jun-2026"


@pytest.mark.parametrize("name", ["sheets.html", "overview.html", "go.html", "deadlines.html", "index.html"])
def test_in_no_page_a_label_without_the_word_planned_stands_on_two_dates(slipped, name):
    """Day −4 is Fri 12-Jun since day 0 moved: what stays on Thu 11-Jun, planned as day −4, says so."""
    text = re.sub(r"<style>.*?</style>|<[^>]*>", " ", pages(slipped.plan, WHEN)[name])
    bare = re.findall(r"(?<!planned )(?<!planned\u00a0)Day\u00a0−[345](?!\d)", text)
    assert {label for label in bare if "−3" in label} <= {"Day\u00a0−3"}
    for label, on in (("−5", "Wed 10-Jun-2026"), ("−4", "Thu 11-Jun-2026"), ("−3", "Fri 12-Jun-2026")):
        for near in re.findall(rf"{on}.{{0,60}}?Day\u00a0{label}(?!\d)", " ".join(text.split())):
            assert re.search(rf"planned.Day\u00a0{label}", near), near


def test_for_72_hours_a_move_stands_at_the_head_of_every_sheet_from_its_day_on(slipped):
    """Moved on Fri 12-Jun at 13:34: told until Mon 15-Jun 13:34, so on the sheets of 12 to 15-Jun, by whom it was moved."""
    said = ("Day\u00a00 moved from Mon 15-Jun-2026 10:00 to Tue 16-Jun-2026 10:00", "on Fri 12-Jun-2026 13:34, by nurse 7. An earlier sheet of this day is void.")
    told = [date(2026, 6, day) for day in (12, 14, 15)]  # nothing is on 13-Jun
    found = {sheet.of_day: sheet.head.moved for sheet in sheets_of(slipped.plan)}
    assert set(told) <= found.keys()
    for day, moved in found.items():
        assert moved == (said if day in told else None), day


def test_a_later_note_and_a_later_print_change_nothing_of_what_the_head_says_of_a_move(slipped):
    """A sheet tells the moves of its own day, whenever it is printed."""
    noon = [(one.of_day, one.head.moved) for one in sheets_of(slipped.plan)]
    later = replace(slipped.plan, as_of=datetime(2026, 6, 20))
    assert [(one.of_day, one.head.moved) for one in sheets_of(later)] == noon


def test_that_a_move_is_told_voids_no_sheet(slipped):
    told = slipped.plan.moves
    untold = tuple(replace(one, by="") for one in told)
    before, after = (sheet_days(replace(slipped.plan, zero_moves=lambda some=some: some), donor=False) for some in (told, untold))
    assert [one.moved for one in before] != [one.moved for one in after]
    assert [one.shows for one in before] == [one.shows for one in after]


def test_a_block_over_midnight_is_on_the_day_it_begins_and_running_on_the_next():
    site = SITE.replace('cyclophosphamide = "11:00"', 'cyclophosphamide = "22:00 to 02:00"')
    assert site != SITE
    plan = plan_from(site=site)
    row = next(row for row in rows_of(sheet_on(plan, "Thu 11-Jun-2026")) if row.name == "cyclophosphamide")
    assert row.due == "22:00 to 02:00 next day"
    assert sheet_on(plan, "Fri 12-Jun-2026").pages[-1].foot.running == (
        "cyclophosphamide, intravenous infusion (dose 2 of 2): running since 22:00 yesterday, until 02:00",
    )
    assert sheet_on(plan, "Thu 11-Jun-2026").pages[-1].foot.running == (
        "cyclophosphamide, intravenous infusion (dose 1 of 2): running since 22:00 yesterday, until 02:00",
    )


SIX = SITE + "".join(
    f'\n[[tasks]]\nid = "more-{name}"\ntitle = "{title}"\ndays = "-5 to -3"\nat = "{at}"\n'
    for name, title, at in (("a", "blood sample, count and creatinine", "17:00"), ("b", "fluid balance, day shift", "18:00"))
)


def test_six_tasks_a_banner_and_a_moved_day_0_are_one_page(tmp_path):
    with SqliteStore(tmp_path / "six.sqlite") as store:
        one = Example(store, SIX)
        one.record("fludarabine-1", "given", "2026-06-10 09:00")
        one.move("2026-06-16 10:00", "2026-06-10 13:00", "fever")
        sheet = sheet_now(one, "Thu 11-Jun-2026")
        assert len(rows_of(sheet)) == 6 and sheet.head.moved and sheet.head.banner
        assert len(sheet.pages) == 1


# Deadlines in words that are true of one state alone


def test_a_test_that_is_not_done_has_not_the_word_done_on_any_page_of_deadlines():
    for line in deadline_page(example()).dated:
        if line.mark in ("due", "planned", "OVERDUE"):
            assert not re.search(r"\bdone\b", line.how), line
    dated = {line.what: line.how for line in deadline_page(example()).dated}
    assert dated["echocardiogram"].startswith("due between Mon 01-Jun-2026 and Sun 14-Jun-2026")
    assert dated["bone marrow examination"] == "done on Thu 21-May-2026; a day 0 after Thu 18-Jun-2026 needs it again"


def test_no_key_of_the_program_stands_on_paper():
    for name in ("deadlines.html", "go.html", "sheets.html", "overview.html"):
        assert "adverse-events-recovered" not in pages(example(), WHEN)[name]


def test_that_a_task_of_the_sites_own_has_kept_its_date_is_nothing_to_be_known(slipped):
    """The weighing of Fri 12-Jun is done and stays where it was: nobody decides on it."""
    tasks = {event.id for event in slipped.plan.events if event.task}
    assert any(is_kept(one) and str(one.point) in tasks for one in slipped.plan.findings)
    assert not [one for one in to_be_known(slipped.plan) if str(one.point) in tasks]


def test_once_lymphodepletion_has_begun_nobody_signs_that_it_may(slipped):
    """Its first dose is given: what is left to go or not to go is the infusion."""
    assert [page.title for page in go_pages(slipped.plan)] == ["Before the infusion"]
