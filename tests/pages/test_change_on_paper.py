"""The change notice on real paper: one page for a slip and for a re-plan of the example, every old and new date on it once."""

import re
import subprocess
from collections import Counter
from datetime import date, timedelta

import pytest
from shared.notices import CODE, made
from shared.paper import FORMATS, run_node, text_of, tool, words
from shared.printed_notice import Rows

from schedule.model.notation import MONTHS, WEEKDAYS
from schedule.pages.sheets import day_sheets
from schedule.pages.together import spell_days, spell_numbers
from schedule.words.plan import frame
from schedule.words.titles import plain_title

ONE_PAGE = ("slip", "re-plan", "undone")


def dates_in(text):
    """Every date of a told list, read as a person would: the month and the year are those of the next that has them."""
    found = re.findall(r"(daily |to )?([A-Z][a-z]{2}) (\d\d)(?:-([A-Z][a-z]{2}))?(?:-(\d{4}))?", text.replace("\u00a0", " "))
    days, month, year = [], "", ""
    for how, weekday, day, said_month, said_year in reversed(found):
        month, year = said_month or month, said_year or year
        days.append((how.strip(), weekday, date(int(year), MONTHS.index(month) + 1, int(day))))
    every = []
    for how, weekday, day in reversed(days):
        assert WEEKDAYS[day.weekday()] == weekday
        while how == "to" and every[-1] + timedelta(days=1) < day:
            every.append(every[-1] + timedelta(days=1))
        every.append(day)
    return every


@pytest.fixture(scope="module")
def notices(tmp_path_factory):
    return made(tmp_path_factory.mktemp("ledgers"))


@pytest.fixture(scope="module")
def files(notices, tmp_path_factory):
    folder = tmp_path_factory.mktemp("notices")
    for name, (page, _, _) in notices.items():
        (folder / f"{name}.html").write_text(page, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def printed(files):
    jobs = {
        (name, format): {"file": str(files / f"{name}.html"), "pdf": str(files / f"{name}-{format}.pdf"), "format": format}
        for name in (*ONE_PAGE, "hundred") for format in FORMATS
    }  # fmt: skip
    run_node("print_pages.mjs", jobs=list(jobs.values()))
    return {key: job["pdf"] for key, job in jobs.items()}


def number_of_pages(pdf):
    tool("pdftotext")
    info = subprocess.run(["pdfinfo", pdf], capture_output=True, text=True, check=True).stdout
    return int(re.search(r"Pages:\s+(\d+)", info)[1])


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("name", ONE_PAGE)
def test_a_slip_and_a_re_plan_of_the_example_are_one_page_and_one_of_void_sheets(printed, name, format):
    pages = [words(page) for page in text_of(printed[name, format], "-layout")]
    assert ["Void sheets" in page[:40] for page in pages] == [False, True]


@pytest.mark.parametrize("name", [*ONE_PAGE, "hundred"])
def test_each_event_has_its_old_and_its_new_date_in_the_table_once(notices, name):
    page, values, done = notices[name]
    titles = {event.id: plain_title(event.title) for event in done.after.events}
    wanted = Counter((titles[move["id"]], move["from"][:10], move["to"][:10]) for move in values["moves"])
    assert len(values["moves"]) >= 37
    _, *rows = Rows(page).rows
    told = Counter()
    for what, was, now in rows:
        old, new = dates_in(was), dates_in(now)
        assert len(old) == len(new) > 0
        title = max((title for title in titles.values() if what.startswith(title)), key=len)
        told += Counter((title, a.isoformat(), b.isoformat()) for a, b in zip(old, new, strict=True))
    assert told == wanted


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("name", [*ONE_PAGE, "hundred"])
def test_every_row_of_the_table_is_printed_once(notices, printed, name, format):
    text = re.sub(r"\s", "", "".join(text_of(printed[name, format], "-raw")))
    for row in Rows(notices[name][0]).rows[1:]:
        assert text.count(re.sub(r"\s", "", "".join(row))) == 1, row


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("name", ONE_PAGE)
def test_the_page_names_each_void_sheet_by_its_check_code_and_whom_to_tell(notices, printed, name, format):
    _, _, done = notices[name]
    first, page = (words(text) for text in text_of(printed[name, format], "-layout"))
    as_of = (done.after.as_of - timedelta(days=1)).date().isoformat()  # from yesterday on
    # Its codes do not depend on when a revision was made, so any time will do here.
    codes = [sheet.check for sheet in day_sheets(done.before, frame(done.before, done.row.act.at)) if sheet.anchor[-10:] >= as_of]
    assert [page.count(code) for code in codes] == [1] * len(codes)
    assert len(re.findall(r"\b[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}\b", page)) == len(codes) >= 21
    for who in ("Principal investigator", "Nurses", "Study coordinator", "Pharmacy", "Cell laboratory", "Laboratory"):
        assert who in first


@pytest.mark.parametrize("format", FORMATS)
def test_a_slip_says_what_stays_and_the_limit_and_what_to_ask_and_how_calendars_get_it(printed, format):
    page = " ".join(words(text) for text in text_of(printed["slip", format], "-layout"))
    for said in (
        "Slip: day 0 Mon 15-Jun-2026 10:00 → Wed 17-Jun-2026 10:00", "By nurse 7, fever.", "Used 48 hours, left 0 hours.",
        "Planned day 0 stays Mon 15-Jun-2026 10:00.", "3 days before, 5 days now. No limit of that distance is stated.",
        "fludarabine, intravenous infusion, dose 1 of 3: Wed 10-Jun-2026 09:05 (planned 09:00)",
        "fludarabine, intravenous infusion, dose 2 and 3 of 3: Thu 11, Fri 12-Jun-2026, 09:00",
        "Ask: non-mobilized collection from the original donor, Sun 14-Jun-2026: 3 days before",
        "Tue 16, Thu 18, Sat 20,", "a calendar of its own: delete it", "Feeds move by themselves, hours later.", "Schedule aid, not an order.",
    ):  # fmt: skip
        assert said in page, said


def test_what_has_to_be_done_comes_before_what_is_only_to_be_read(notices):
    for name in ONE_PAGE:
        page = notices[name][0]
        order = [page.index(part) for part in ("Printed sheets that are void", ">Tell<", "<th scope=", "Calendars:") if part in page]
        assert order == sorted(order) and len(order) == 4


@pytest.mark.parametrize("format", FORMATS)
def test_what_does_not_fit_on_a_page_flows_on_under_its_head(printed, format):
    pages = [words(page) for page in text_of(printed["hundred", format], "-layout")]
    assert len(pages) > 3
    for number, page in enumerate(pages, 1):
        assert page.startswith((f"{CODE} Change notice Revision 2 since", f"{CODE} Void sheets Revision 2 since"))
        assert "Day 0 = Mon 22-Jun-2026 10:00" in page and "NOT ALLOWED AS PLANNED: T6" in page
        assert f"Printed page {number} of {len(pages)}" in page
    for number in range(100):
        assert sum(page.count(f"item {number + 100} of the") for page in pages) == 1
    assert "Tell, with time and initials" in pages[0]


def test_no_type_is_smaller_than_11_points(notices):
    for page, _, _ in notices.values():
        style = page[page.index("<style>") : page.index("</style>")]
        sizes = [float(size) for size in re.findall(r"([\d.]+)pt(?:/|;| \")", style) if float(size) > 5]
        assert min(sizes) == 11
        assert not re.search(r"transform: scale|zoom:|font-size: [\d.]+(?:em|%|px|rem)", style)


def test_the_page_is_valid_accessible_and_never_scrolls_sideways(files):
    answers = run_node("check_pages.mjs", files=[str(files / f"{name}.html") for name in ONE_PAGE])
    for answer in answers:
        assert (answer["errors"], answer["violations"], answer["sideways"]) == ([], [], [])


# Lists of days


def days(text):
    return [date.fromisoformat(f"2026-{day}") for day in text.split()]


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ("06-16", "Tue 16-Jun-2026"),
        ("06-16 06-18", "Tue 16, Thu 18-Jun-2026"),
        ("06-29 07-01 07-03", "Mon 29-Jun, Wed 01, Fri 03-Jul-2026"),
        ("06-10 06-11 06-12", "Wed 10, Thu 11, Fri 12-Jun-2026"),
        ("06-10 06-11 06-12 06-13", "daily Wed 10 to Sat 13-Jun-2026"),
        ("06-28 06-29 06-30 07-01 07-05", "daily Sun 28-Jun to Wed 01, Sun 05-Jul-2026"),
        ("06-01 06-10 06-11 06-12 06-13", "Mon 01, daily Wed 10 to Sat 13-Jun-2026"),
    ],
)
def test_days_are_told_in_one_list_each_once(given, told):
    assert spell_days(days(given)).replace("\u00a0", " ") == told
    assert dates_in(told) == days(given)


def test_a_list_over_new_year_says_both_years():
    told = spell_days([date(2026, 12, 30), date(2026, 12, 31), date(2027, 1, 2)])
    assert told.replace("\u00a0", " ") == "Wed 30, Thu 31-Dec-2026, Sat 02-Jan-2027"


def test_a_day_off_is_marked_and_a_daily_run_with_one_at_its_end():
    off = days("06-20 06-21")
    assert spell_days(days("06-18 06-20"), off).replace("\u00a0", " ") == "Thu 18, Sat 20-Jun-2026*"
    assert spell_days(days("06-18 06-19 06-20 06-21 06-22"), off).replace("\u00a0", " ") == "daily Thu 18 to Mon 22-Jun-2026*"


@pytest.mark.parametrize(
    ("numbers", "told"),
    [([3], "3"), ([1, 2], "1 and 2"), ([1, 2, 3], "1 to 3"), ([1, 3], "1 and 3"), ([1, 2, 5, 6, 7], "1, 2 and 5 to 7")],
)
def test_numbers_are_told_in_runs(numbers, told):
    assert spell_numbers(numbers) == told
