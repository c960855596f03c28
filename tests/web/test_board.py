"""The board and the wall in a real browser without JavaScript: what they say, how much room they take, where they lead."""

import re
import subprocess
from datetime import date, timedelta

import pytest
from shared.browser import (
    chromium,  # noqa: F401
    served,
)
from shared.elements import Elements
from shared.paper import text_of, tool
from shared.web_ward import TIMES, Book, open_ward

TASKS = '[[tasks]]\nid = "weight"\ntitle = "weigh the patient"\ndays = "-6 to +14"\nat = "06:00"\n'
SCREEN = 900
"""Pixels of a screen's height at 1280 of width."""


def forty(store, clock):
    """Forty patients on Fri 12-Jun-2026, day 0 from that day to Mon 06-Jul; one of them was moved the evening before."""
    books = {}
    for number in range(40):
        code, zero = f"CIML-{number + 8:03}", date(2026, 6, 12) + timedelta(days=number % 25)
        books[code] = Book(clock, store, planned=f"{zero}T10:00:00", times=TIMES, code=code, more=TASKS, as_of="2026-04-20 08:00")
    books["CIML-014"].slip("2026-06-19 10:00", "2026-06-11 20:15", cause="illness", reason="fever")
    return books


@pytest.fixture(scope="module")
def full(tmp_path_factory, chromium):
    """Forty patients at 12:05: the address, the ward, and a tab."""
    with served(tmp_path_factory.mktemp("board"), patients=forty) as (address, ward):
        ward.at("2026-06-12 12:05")
        context = chromium.new_context(java_script_enabled=False, viewport={"width": 1280, "height": SCREEN})
        yield address, ward, context.new_page()
        context.close()


def opened(full, path, width=1280, height=SCREEN):
    address, ward, tab = full
    ward.at("2026-06-12 12:05")
    tab.set_viewport_size({"width": width, "height": height})
    tab.goto(address + path)
    return tab


BROKEN = """part => {
  const found = [], walk = document.createTreeWalker(document.querySelector(part), NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const text = walk.currentNode.textContent;
    for (const word of text.matchAll(/[^\\s]+/g)) {
      const range = document.createRange();
      range.setStart(walk.currentNode, word.index); range.setEnd(walk.currentNode, word.index + word[0].length);
      if (new Set([...range.getClientRects()].map(box => Math.round(box.top))).size > 1) found.push(word[0]);
    }
  }
  return found;
}"""
OUTSIDE = "() => [...document.querySelectorAll('.board td, .board tbody th')].filter(e => e.scrollWidth > e.clientWidth + 1).map(e => e.innerText)"


def test_forty_patients_take_three_screens(full):
    tab = opened(full, "/board")
    assert tab.locator(".board tbody tr").count() + tab.locator("main > h2:has-text('Nothing on these days') + ul li").count() == 40
    assert tab.evaluate("document.documentElement.scrollHeight") <= 3 * SCREEN


@pytest.mark.parametrize("width", [320, 768, 1280, 2560])
def test_no_word_is_broken_and_none_runs_out_of_its_cell(full, width):
    tab = opened(full, "/board", width)
    assert tab.evaluate(BROKEN, ".board") == []
    assert tab.evaluate(OUTSIDE) == []
    assert tab.evaluate("document.documentElement.scrollWidth") <= width


def test_no_drugs_name_is_broken_on_a_patients_page_in_a_narrow_window(full):
    tab = opened(full, "/p/CIML-008", 320)
    assert "CIML NK cells, intravenous infusion" in tab.inner_text(".twin")
    assert tab.evaluate(BROKEN, ".twin") == []


def test_cells_say_kinds_and_each_leads_to_its_day(full):
    """CIML-014, day 0 moved from Thu 18 to Fri 19-Jun: lymphodepletion from Sun 14-Jun, a weight a day from Sat 13-Jun."""
    tab = opened(full, "/board")
    row = tab.locator(".board tbody tr", has=tab.locator("a[href='/p/CIML-014']"))
    cells = [" ".join(text.replace("\u00a0", " ").split()) for text in row.locator("td").all_text_contents()]
    assert cells[:4] == ["Today, Fri 12-Jun-2026, Day −7: nothing on: Day −6 is now Sat 13-Jun", "Sat 13-Jun-2026, Day −6: 1 task", "Sun 14-Jun-2026, Day −5: 2 doses 1 task", "Mon 15-Jun-2026, Day −4: 2 doses 1 task"]
    assert cells[7] == "Fri 19-Jun-2026, Day 0: cells 10:00 1 task"
    links = row.locator("td a").evaluate_all("all => all.map(a => a.getAttribute('href'))")
    assert links[:2] == ["/p/CIML-014/day/2026-06-13", "/p/CIML-014/day/2026-06-14"] and len(links) == 13
    assert not re.search("fludarabine|cyclophosphamide|interleukin", tab.inner_text(".board"))


def test_a_moved_day_0_is_told_beside_the_code_with_who_moved_it(full):
    row = " ".join(opened(full, "/board").locator(".board tr", has_text="CIML-014").inner_text().replace("\u00a0", " ").split())
    assert "Day 0 moved yesterday 20:15, Thu 18-Jun to Fri 19-Jun, by nurse1" in row


def test_the_wall_has_no_link_no_form_and_nobodys_name_and_is_made_anew_each_minute(full):
    tab = opened(full, "/board?wall", 2560, 1440)
    assert tab.locator("a, form, button, input, nav").count() == 0
    text = tab.inner_text("body").replace("\u00a0", " ")
    assert "nurse1" not in tab.content() and "as at 12:05" in text
    assert "Day 0 moved yesterday 20:15, Thu 18-Jun to Fri 19-Jun" in text
    assert tab.context.request.get(tab.url).headers["refresh"] == "60"


@pytest.mark.parametrize(("at", "rows"), [("2026-06-12 12:05", 26), ("2026-06-20 12:05", 36)])
def test_the_wall_shows_everybody_on_one_screen_in_letters_for_a_metre(full, at, rows):
    """27 inches of 2560 pixels: 17 pixels are 4 mm, which is read from a metre; the date and the time are 9 mm. On Sat 20-Jun
    who has day 0 by Thu 02-Jul has something within seven days: 21 of the first 25 patients, and the other 15."""
    tab = opened(full, "/board?wall", 2560, 1440)
    full[1].at(at)
    tab.reload()
    assert tab.locator(".board tbody tr").count() == rows
    assert tab.evaluate("document.documentElement.scrollHeight") <= 1440
    assert tab.evaluate("document.documentElement.scrollWidth") <= 2560
    assert tab.evaluate(BROKEN, ".board") == []
    sizes = {name: tab.eval_on_selector(name, "e => parseFloat(getComputedStyle(e).fontSize)") for name in (".asat b", ".board td", ".board .stands")}
    assert sizes[".asat b"] >= 38 and min(sizes.values()) >= 17


def test_what_the_words_of_the_cells_mean_stands_below_the_board_and_on_the_wall(ward):
    for path in ("/board", "/board?wall"):
        assert "“Expires”: the last day 0 that a test can serve." in ward.get(path).text


def test_the_wall_is_found_from_the_home_page_too(ward):
    assert ward.get("/?wall").headers["Location"].endswith("/board?wall")


def test_a_small_ward_is_larger_on_the_wall(tmp_path):
    with open_ward(tmp_path) as ward:
        assert 'class="wide wall few-rows"' in ward.get("/board?wall").text


@pytest.fixture(scope="module")
def ward(tmp_path_factory):
    """Patients in every state."""
    with open_ward(tmp_path_factory.mktemp("states")) as found:
        yield found


def said(text):
    return " ".join(Elements(text).said.replace("\u00a0", " ").split())


def rows(text):
    found = re.findall(r'<tr><th scope="row" class="whom">.*?<a href="/p/([\w-]+)">(.*?)</th>', text, re.S)
    return {code: said(rest).removeprefix(code).strip() for code, rest in found}


def test_the_board_shows_each_patient_from_today_on_in_the_order_of_need(ward):
    """Not recorded since 03-Jun (DONE-1), 07-Jun (GIVEN-1: the collection), 10-Jun 09:00 (OLD-1, PLAN-1, WRONG-1: by code), and
    11-Jun (SLIP-1, whose doses of the 10th are recorded)."""
    ward.at("2026-06-12 08:00")
    text = ward.get("/board").text
    found = rows(text)
    assert list(found) == ["DONE-1", "GIVEN-1", "OLD-1", "PLAN-1", "WRONG-1", "SLIP-1"]
    assert found["SLIP-1"] == (
        "2 not recorded PI decides: T36 Cells within 48 hours of the planned day 0 planned Day −3; day 0 Tue 16-Jun-2026 10:00 Day 0 moved yesterday 16:00, Mon 15-Jun to Tue 16-Jun, by nurse1"
    )
    assert found["WRONG-1"].startswith("not allowed: T7 At least 2 weeks after the end of the immune suppression taper 4 not recorded")
    assert "Fri 12-Jun-2026 to Thu 25-Jun-2026 as at Fri 12-Jun-2026 08:00" in said(text)
    assert "Mon 15-Jun 3 with cells" in said(text) and "FRESH-1, day 0 Mon 20-Jul-2026 10:00" in said(text)


def test_the_board_of_other_weeks_is_asked_for_by_a_date(ward):
    assert "Fri 10-Jul-2026 to Thu 23-Jul-2026" in said(ward.get("/board?from=10-Jul-2026").text)
    for typed in ("2026-13-01", "soon", "10/07/2026", "9999-12-31", "1899-01-01"):
        answer = ward.get(f"/board?from={typed}")
        assert (answer.status_code, "There is a mistake" in answer.text) == (422, True), typed


def test_the_board_follows_acts_and_the_clock_though_it_keeps_its_rows(tmp_path):
    with open_ward(tmp_path) as ward:
        first = rows(ward.get("/board").text)
        assert rows(ward.get("/board").text) == first
        assert first["SLIP-1"].startswith("2 not recorded")
        ward.at("2026-06-12 09:30")  # the third fludarabine was due at 09:00
        assert "3 not recorded" in rows(ward.get("/board").text)["SLIP-1"]
        with ward.book("SLIP-1") as book:
            book.record("fludarabine-2", "given", "2026-06-11 09:00", "2026-06-12 09:31")
        assert rows(ward.get("/board").text)["SLIP-1"].startswith("2 not recorded")
        ward.at("2026-06-13 00:01")
        assert "Sat 13-Jun-2026 to Fri 26-Jun-2026" in said(ward.get("/board").text)


def test_a_row_that_holds_is_not_worked_out_again(tmp_path, monkeypatch):
    from schedule.service import ward_kept

    with open_ward(tmp_path) as ward:
        ward.get("/board")
        made = []
        original = ward_kept.strip_of
        monkeypatch.setattr(ward_kept, "strip_of", lambda plan: made.append(plan.case.code) or original(plan))
        ward.get("/board")
        ward.get("/board?from=2026-07-01")
        assert made == []
        with ward.book("PLAN-1") as book:
            book.record("fludarabine-1", "given", "2026-06-10 09:00", "2026-06-12 08:10")
        ward.get("/board")
        assert made == ["PLAN-1"]


def test_the_board_prints_on_one_landscape_page(ward, tmp_path):
    tool("pdftotext")
    style = ward.get("/css/web.css").text
    page = ward.get("/board").text.replace('<link rel="stylesheet" href="/css/web.css">', f"<style>{style}</style>")
    (tmp_path / "board.html").write_text(page, encoding="utf-8")
    pdf = tmp_path / "board.pdf"
    subprocess.run(
        [tool("chromium"), "--headless=new", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer", f"--user-data-dir={tmp_path / 'browser'}",
         f"--print-to-pdf={pdf}", (tmp_path / "board.html").as_uri()], check=True, capture_output=True,
    )  # fmt: skip
    pages = text_of(str(pdf), "-layout")
    assert len(pages) == 1
    for code in ("DONE-1", "GIVEN-1", "OLD-1", "PLAN-1", "SLIP-1", "WRONG-1", "FRESH-1"):
        assert code in pages[0]
    assert "New patient" not in pages[0]
    size = subprocess.run(["pdfinfo", pdf], check=True, capture_output=True, text=True).stdout
    width, height = map(float, re.search(r"Page size:\s+([\d.]+) x ([\d.]+)", size).groups())
    assert width > height
