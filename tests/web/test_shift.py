"""The page of a shift: home, in a real browser without JavaScript; what it says, in which order, and where it leads."""

import re

import pytest
from shared.browser import (
    chromium,  # noqa: F401
    served,
)
from shared.elements import Elements
from shared.paper import text_of, tool, words
from shared.web_ward import TIMES, Book, open_ward

from schedule.model.acts import Cancel

TASKS = '[[tasks]]\nid = "weight"\ntitle = "weigh the patient"\ndays = "-6 to +14"\nat = "06:00"\n'


def shift_ward(store, clock):
    """Fri 12-Jun-2026: MISSED has a dose of yesterday without a record, CELLS has the infusion, MOVED was moved yesterday
    from Sat 13 to Sun 14-Jun, LATE begins tomorrow, DONE has its dose of today recorded, FAR has nothing, GONE is cancelled."""
    books = {}
    for code, zero, more in (
        ("CELLS", "2026-06-12", ""), ("DONE", "2026-06-16", ""), ("FAR", "2026-07-20", ""), ("GONE", "2026-06-16", ""),
        ("LATE", "2026-06-18", ""), ("MISSED", "2026-06-16", TASKS), ("MOVED", "2026-06-13", ""),
    ):  # fmt: skip
        books[code] = Book(clock, store, planned=f"{zero}T10:00:00", times=TIMES, code=code, more=more, as_of="2026-05-20 08:00")
    given = [
        ("CELLS", "fludarabine-1", "07 09:00"), ("CELLS", "cyclophosphamide-1", "07 11:00"), ("CELLS", "fludarabine-2", "08 09:00"),
        ("CELLS", "cyclophosphamide-2", "08 11:00"), ("MOVED", "fludarabine-1", "08 09:00"), ("MOVED", "cyclophosphamide-1", "08 11:00"),
        ("CELLS", "fludarabine-3", "09 09:00"), ("MOVED", "fludarabine-2", "09 09:00"), ("MOVED", "cyclophosphamide-2", "09 11:00"),
        ("MOVED", "fludarabine-3", "10 09:00"), ("CELLS", "donor-collection-1", "11 08:00"), ("DONE", "fludarabine-1", "11 09:00"),
        ("MISSED", "fludarabine-1", "11 09:05"), ("DONE", "cyclophosphamide-1", "11 11:00"),
    ]  # fmt: skip
    for code, event, when in given:
        books[code].record(event, "given", f"2026-06-{when}")
    books["GONE"].do(Cancel(), "2026-06-11 12:00", reason="withdrawn")
    books["MOVED"].slip("2026-06-14 10:00", "2026-06-11 20:15", cause="donor", reason="collection late")
    books["DONE"].record("fludarabine-2", "given", "2026-06-12 09:20")
    return books


@pytest.fixture(scope="module")
def home(tmp_path_factory, chromium):
    """The ward at 10:30 on Fri 12-Jun-2026: its address, itself, and a tab without JavaScript."""
    with served(tmp_path_factory.mktemp("shift"), patients=shift_ward) as (address, ward):
        context = chromium.new_context(java_script_enabled=False, viewport={"width": 1280, "height": 900})
        tab = context.new_page()
        yield address, ward, tab
        context.close()


@pytest.fixture
def tab(home):
    """The page as it is opened."""
    address, ward, tab = home
    ward.at("2026-06-12 10:30")
    tab.goto(address)
    return tab


def seen(locator):
    return " ".join(locator.inner_text().replace("\u00a0", " ").split())


def rows(tab, section):
    """Code -> the lines of each row of a section, in order."""
    there = tab.locator(f"section[aria-labelledby={section}] article")
    return {there.nth(n).locator("h3").inner_text(): [seen(line) for line in there.nth(n).locator("li").all()] for n in range(there.count())}


def test_the_date_is_the_largest_and_the_moment_it_was_made_stands_under_it(tab):
    assert (tab.inner_text("h1"), seen(tab.locator(".asat"))) == ("Fri 12-Jun-2026", "as at 10:30")
    sizes = tab.eval_on_selector_all("main *, header *", "all => all.map(e => parseFloat(getComputedStyle(e).fontSize))")
    date, made = (float(tab.eval_on_selector(one, "e => parseFloat(getComputedStyle(e).fontSize)")) for one in ("h1", ".asat b"))
    assert date == max(sizes) and made >= 20


def test_what_is_not_recorded_comes_first_oldest_first_then_the_rest_of_the_day(tab):
    """MISSED: cyclophosphamide of yesterday 11:00; today the weight of 06:00 and fludarabine of 09:00. Of the weights that of
    yesterday stands here, too; that of the day before is on its sheet. CELLS: its cells were due at 10:00."""
    found = rows(tab, "not-recorded")
    assert list(found) == ["MISSED", "CELLS"]
    assert found["MISSED"] == [
        "Thu 11-Jun 06:00 not recorded weigh the patient", "Thu 11-Jun 11:00 not recorded cyclophosphamide, dose 1 of 2",
        "06:00 not recorded weigh the patient", "09:00 not recorded fludarabine, dose 2 of 3", "11:00 due cyclophosphamide, dose 2 of 2",
    ]  # fmt: skip
    assert found["CELLS"] == ["10:00 not recorded CIML NK cells"]
    assert seen(tab.locator("section[aria-labelledby=not-recorded] .sec p")) == "2 patients, 5 items that were due"
    assert list(rows(tab, "today").items()) == [
        ("DONE", ["09:00 given 09:20 fludarabine, dose 2 of 3", "11:00 due cyclophosphamide, dose 2 of 2"]),
        ("MOVED", ["nothing on: Day −1 is now Sat 13-Jun"]),
    ]  # fmt: skip


def test_tomorrow_stands_below_in_the_order_of_tomorrow(tab):
    """Sat 13-Jun: fludarabine at 09:00 (DONE and MISSED, day -3, day 0 on the 16th; LATE, day -5, on the 18th), then IL-2 at
    20:00, then the donor of MOVED, whose day 0 is now on the 14th."""
    found = rows(tab, "tomorrow")
    assert list(found) == ["DONE", "MISSED", "LATE", "CELLS", "MOVED"]
    assert found["LATE"] == ["09:00 fludarabine, dose 1 of 3", "11:00 cyclophosphamide, dose 1 of 2"]
    assert seen(tab.locator("#tomorrow")) == "Tomorrow, Sat 13-Jun-2026"
    assert tab.locator("section[aria-labelledby=tomorrow] .do a").count() == 0


def test_who_has_nothing_on_and_a_cancelled_plan_are_not_there(tab):
    assert [code for code in ("FAR", "GONE") if code in tab.inner_text("main")] == []


def test_a_moved_day_0_is_told_with_what_it_was_what_it_is_when_and_by_whom(tab, home):
    address, *_ = home
    assert seen(tab.locator(".say")) == (
        "Day 0 of MOVED moved: Sat 13-Jun to Sun 14-Jun Now Sun 14-Jun-2026 10:00. Moved yesterday 20:15, by nurse1. "
        "The principal investigator has not decided yet on T36 Cells within 48 hours of the planned day 0. Enter the decision Change notice"
    )
    assert "day 0 now Sun 14-Jun" in seen(tab.locator("section[aria-labelledby=tomorrow]"))
    tab.click("text=Change notice")
    assert re.fullmatch(rf"{address}/p/MOVED/change/\d+", tab.url) and "Sun 14-Jun-2026" in tab.inner_text("main")


@pytest.mark.parametrize(("at", "told"), [("2026-06-14 20:15", True), ("2026-06-14 20:16", False)])
def test_a_move_stands_there_for_72_hours_whatever_is_asked_before(home, at, told):
    _, ward, _ = home
    for asked, expected in (("2026-06-14 20:00", True), (at, told)):
        ward.at(asked)
        assert ("Day\u00a00 of MOVED moved" in Elements(ward.get("/").text).said) is expected


def test_the_day_ends_at_midnight_of_the_sites_clock(home):
    """23:59 in New York is 03:59 of the next day in UTC."""
    _, ward, _ = home
    for at, date in (("2026-06-12 23:59", "Fri 12-Jun-2026"), ("2026-06-13 00:00", "Sat 13-Jun-2026")):
        ward.at(at)
        text = ward.get("/").text
        assert (f">{date}</time></h1>" in text, f"as at <b>{at[11:]}</b>" in text) == (True, True)


def test_on_the_night_the_clocks_go_back_both_half_past_one_are_the_same_day(tmp_path):
    """Sun 01-Nov-2026 in New York: 05:30 UTC and 06:30 UTC are both 01:30; day 0 is that day at 10:00. Pages and wall say
    which of the two it is."""

    def cells(store, clock):
        return {"CELLS": Book(clock, store, planned="2026-11-01T10:00:00", times=TIMES, code="CELLS", as_of="2026-10-01 08:00")}

    with open_ward(tmp_path, patients=cells) as ward:
        pages = []
        for hour in (5, 6):
            ward.clock.moment = ward.clock.moment.replace(month=11, day=1, hour=hour, minute=30, second=0)
            pages.append([ward.get(path).text for path in ("/", "/board?wall")])
        for first, second in zip(*pages, strict=True):
            assert first.replace("01:30 (1st)", "01:30 (2nd)") == second and "as at <b>01:30 (1st)</b>" in first
        assert "CIML NK cells" in pages[0][0]


def test_each_line_leads_to_the_form_of_the_day_to_the_patient_and_to_moving_day_0(tab):
    links = tab.eval_on_selector_all("section[aria-labelledby=not-recorded] article:first-of-type a", "all => all.map(a => a.getAttribute('href'))")
    assert links == ["/p/MISSED", "/p/MISSED/slip", "/p/MISSED/day/2026-06-12"]
    assert "Move day 0 of MISSED" in seen(tab.locator("section[aria-labelledby=not-recorded] article").first)


def test_once_the_infusion_is_recorded_day_0_is_not_offered_to_be_moved(tmp_path):
    with open_ward(tmp_path) as ward:
        today = ward.get("/").text.partition('id="tomorrow"')[0]
        found = dict(re.findall(r'<article class="row">.*?href="/p/([A-Z0-9-]+)">(.*?)</article>', today, re.S))
        assert "/p/GIVEN-1/slip" not in found["GIVEN-1"] and "/p/GIVEN-1/day/2026-06-12" in found["GIVEN-1"]
        assert "/p/PLAN-1/slip" in found["PLAN-1"]


def test_read_only_offers_nothing_that_cannot_be_done(tmp_path):
    with open_ward(tmp_path, read_only=True) as ward:
        text = ward.get("/").text
        assert "/slip" not in text and "/day/" not in text and "/sheets/today.html" in text


def test_the_sheets_of_today_and_of_tomorrow_are_one_click_each_in_the_order_of_the_page(tab, home):
    """Today CELLS, DONE and MISSED have a sheet; tomorrow five patients, MOVED's donor among them, whose sheets come last."""
    address, *_ = home
    assert [seen(one) for one in tab.locator(".head .button").all()] == ["Print today\u2019s 3 sheets", "Print tomorrow\u2019s 5 sheets"]
    assert tab.locator(".main").count() == 1
    for name, codes in (("today", ["MISSED", "CELLS", "DONE"]), ("tomorrow", ["DONE", "MISSED", "LATE", "CELLS", "MOVED"])):
        tab.goto(address)
        tab.click(f".head .button[href='/sheets/{name}.html']")
        assert list(dict.fromkeys(tab.locator("table.sheet .who span:last-child").all_inner_texts())) == codes


def test_the_sheets_are_there_as_pdf_with_as_many_pages(home, tmp_path):
    tool("chromium"), tool("pdftotext")
    _, ward, _ = home
    ward.at("2026-06-12 10:30")
    for name, first, sheets in (("today", "Fri 12-Jun-2026 MISSED", 3), ("tomorrow", "Sat 13-Jun-2026 DONE", 5)):
        assert f'href="/sheets/{name}.pdf"' in ward.get("/").text
        (tmp_path / f"{name}.pdf").write_bytes(ward.get(f"/sheets/{name}.pdf").data)
        pages = [words(page) for page in text_of(str(tmp_path / f"{name}.pdf"), "-layout")]
        assert pages[0].startswith(first)
        assert sum(not page.startswith("This side is empty") for page in pages) == sheets


def test_a_day_without_a_sheet_has_no_button_and_its_address_says_so(tmp_path):
    with open_ward(tmp_path, patients=None) as ward:
        text = ward.get("/").text
        assert "No sheet today or tomorrow" in text and "/sheets/" not in text and "The ledger has no patient yet." in text
        assert [ward.get(f"/sheets/{name}.html").status_code for name in ("today", "tomorrow", "yesterday")] == [404, 404, 404]
        assert "<form" not in ward.get("/feeds/new").text and "There is no patient yet of whom a feed" in ward.get("/feeds/new").text


@pytest.mark.parametrize(
    ("zone", "shown"),
    [('zone = "Pacific/Apia"', ("Sat 13-Jun-2026", "04:00", "Pacific/Apia")), ("zone = 3", ("Fri 12-Jun-2026", "15:00", "UTC")), ("", ("Fri 12-Jun-2026", "15:00", "UTC"))],
)
def test_where_there_is_nobody_yet_the_day_is_that_of_new_patients_site(tmp_path, zone, shown):
    """11:00 in New York in summer is 15:00 in UTC, and 04:00 of the next day in Apia, 13 hours ahead."""
    site = tmp_path / "site.toml"
    site.write_text(f"format = 1\n{zone}\n", encoding="utf-8")
    with open_ward(tmp_path, patients=None, site=site) as ward:
        ward.at("2026-06-12 11:00")
        for path in ("/", "/board?wall"):
            assert all(text in ward.get(path).text for text in shown[:2]), path
        assert f"Times in {shown[2]}." in ward.get("/").text


@pytest.mark.parametrize("width", [320, 768, 1280, 2560])
def test_nothing_scrolls_sideways_and_no_line_runs_into_its_neighbour(tab, home, width):
    tab.set_viewport_size({"width": width, "height": 900})
    tab.goto(home[0])
    assert tab.evaluate("document.documentElement.scrollWidth") <= width
    overlaps = tab.evaluate(
        "() => [...document.querySelectorAll('.items li')].filter(li => { const b = [...li.children].map(e => e.getBoundingClientRect());"
        " const [t, c, w] = b; const text = document.createRange(); text.selectNodeContents(li.querySelector('.t'));"
        " const r = text.getBoundingClientRect(); return c.width && r.right > c.left && r.bottom > c.top + 2 && r.top < c.bottom - 2; }).length"
    )
    tab.set_viewport_size({"width": 1280, "height": 900})
    assert overlaps == 0


def test_the_terminal_says_the_same_patients_in_the_same_order(home):
    from schedule.service.ward_now import ward_now

    _, ward, _ = home
    ward.at("2026-06-12 10:30")
    with ward.store() as store:
        found = ward_now(store, ward.settings.now(), codes=store.codes())
    assert [one.code for one in found] == ["MISSED", "CELLS", "DONE", "LATE", "MOVED", "FAR"]
