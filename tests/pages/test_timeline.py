"""The timeline picture and the month grids: values, before anything is drawn."""

import calendar
import re
from datetime import date, timedelta
from xml.etree import ElementTree

import pytest
from shared.paper_plans import CASE, PROTOCOL, WHEN, example, hostile, hundred, plan_from

from schedule.output.outputs import pages
from schedule.pages.lanes import LEFT, RIGHT, Scale
from schedule.pages.overview import overview
from schedule.pages.timeline import MOST_LANES, pictures
from schedule.words.titles import full_title

PLANS = {"example": example, "hundred": hundred, "hostile": hostile}


def lanes_of(plan):
    return {lane.words.split(":")[0]: lane for picture in pictures(plan) for lane in picture.lanes}


def x_of(plan, day):
    """Where the middle of a day must lie, reckoned from the picture's own weekly lines."""
    ticks = pictures(plan)[0].ticks
    zero = next(tick.x for tick in ticks if tick.label == "0")
    week = (ticks[-1].x - ticks[0].x) / (len(ticks) - 1)
    return zero + (day - plan.day_zero).days * week / 7


def test_a_scale_is_even_and_keeps_its_edges():
    scale = Scale(first=date(2026, 6, 1), last=date(2026, 6, 30))
    steps = {round(scale.x(date(2026, 6, n + 1)) - scale.x(date(2026, 6, n)), 0) for n in range(1, 30)}
    assert steps == {22}
    assert (scale.x(date(2026, 6, 1)), scale.x(date(2026, 7, 1))) == (LEFT, RIGHT)
    assert (scale.x(date(2020, 1, 1)), scale.x(date(2030, 1, 1))) == (LEFT, RIGHT)


def test_courses_stand_on_their_days():
    lane = lanes_of(example())["Interleukin-2"]
    assert lane.words == "Interleukin-2: Tue 16-Jun-2026 to Sun 28-Jun-2026"
    assert lane.label == "Interleukin-2: Tue 16-Jun to Sun 28-Jun"
    dots = [mark.x for mark in lane.marks if mark.shape == "dot"]
    wanted = [x_of(example(), date(2026, 6, day)) for day in (16, 18, 20, 22, 24, 26, 28)]
    assert dots == pytest.approx(wanted, abs=0.6)
    bar = lane.marks[0]
    assert (bar.shape, len(dots)) == ("bar", 7)
    assert bar.x < dots[0] < dots[-1] < bar.x + bar.width


def test_a_test_that_was_done_stands_in_its_window():
    lane = lanes_of(example())["bone marrow examination"]
    window, done = lane.marks
    assert (window.shape, done.shape) == ("window", "diamond")
    assert lane.words == "bone marrow examination: done Thu 21-May-2026; window Mon 18-May-2026 to Tue 09-Jun-2026"
    assert done.x == pytest.approx(x_of(example(), date(2026, 5, 21)), abs=0.6)
    assert window.x + window.width == pytest.approx(x_of(example(), date(2026, 6, 9)) + 3.5, abs=1)


def test_a_test_that_is_due_has_an_empty_window():
    lane = lanes_of(example())["echocardiogram"]
    assert [mark.shape for mark in lane.marks] == ["window"]
    assert lane.words == "echocardiogram: due; window Mon 01-Jun-2026 to Sun 14-Jun-2026"


def test_a_washout_runs_from_the_last_dose_to_day_0_with_its_last_day_marked():
    lane = lanes_of(example())["last dose of tacrolimus, sirolimus or other GVHD prophylaxis"]
    line, dot, tick = lane.marks
    assert (line.shape, dot.shape, tick.shape) == ("washout", "dot", "tick")
    assert lane.words.endswith(": Mon 04-May-2026; no later than Sun 17-May-2026")
    assert tick.x == pytest.approx(x_of(example(), date(2026, 5, 17)), abs=0.6)
    assert line.x + line.width == pytest.approx(pictures(example())[0].zero, abs=0.2)


def test_a_last_dose_that_is_not_known_is_shown_by_its_last_day():
    plan = plan_from(case=CASE.replace("chemotherapy-last = 2026-05-11\n", ""))
    lane = next(lane for title, lane in lanes_of(plan).items() if title.startswith("last dose of standard chemotherapy"))
    assert [mark.shape for mark in lane.marks] == ["tick"]
    assert lane.words.endswith(": no date yet; no later than Sun 31-May-2026")


def test_what_lies_beyond_the_scale_has_an_arrow_and_its_date():
    lanes = lanes_of(example())
    assert [mark.shape for mark in lanes["follow-up visit"].marks] == ["dot", "more-right"]
    assert "Wed 23-Sep-2026" in lanes["follow-up visit"].words
    assert [mark.shape for mark in lanes["most recent transplant"].marks] == ["washout", "more-left"]


def test_feasible_days_are_a_band_and_those_of_a_ruling_another():
    first = pictures(example())[0]
    assert first.feasible_words == (
        "Feasible day 0: Fri 12-Jun-2026 to Thu 18-Jun-2026", "If the principal investigator allows it: Thu 11-Jun-2026",
    )  # fmt: skip
    asked, met = first.bands
    assert (asked.boundary, met.boundary) == (True, False)
    assert met.width == pytest.approx(7 * asked.width, abs=0.5)
    assert met.x < first.zero < met.x + met.width


def test_day_0_and_the_limit_of_a_delay_are_lines_with_their_moments():
    first = pictures(example())[0]
    assert (first.zero_words, first.limit_words) == ("Day\u00a00: Mon 15-Jun-2026 10:00", "start by Wed 17-Jun-2026 10:00")
    assert first.limit == pytest.approx(x_of(example(), date(2026, 6, 17)), abs=0.6)


def test_nothing_feasible_is_said():
    assert pictures(hundred())[0].feasible_words[0].startswith("Feasible day 0: ")
    never = plan_from(case=CASE.replace("taper-completed = 2026-05-04", "taper-completed = 2026-05-24"))
    words = pictures(never)[0].feasible_words
    assert words[0] == "Feasible day 0: none" or re.search(r"\d-[A-Z][a-z]{2}-\d{4}", words[0])


@pytest.mark.parametrize("name", PLANS)
def test_every_shape_lies_in_the_picture(name):
    for picture in pictures(PLANS[name]()):
        assert len(picture.lanes) <= MOST_LANES
        for lane in picture.lanes:
            assert 0 < lane.y < picture.bottom
            for mark in lane.marks:
                assert LEFT <= mark.x <= mark.x + mark.width <= RIGHT + 0.1


@pytest.mark.parametrize("name", PLANS)
def test_a_label_that_is_too_long_loses_title_and_keeps_dates(name):
    plan = PLANS[name]()
    for lane in lanes_of(plan).values():
        dates = re.findall(r"\d\d-[A-Z][a-z]{2}", lane.words)
        if len(dates) <= 4:
            assert re.findall(r"\d\d-[A-Z][a-z]{2}", lane.label) == dates
        assert len(lane.label) <= 120


def test_many_lanes_make_a_second_picture_with_the_same_scale():
    case = CASE
    for name in ("gvhd-steroid-last", "gvhd-therapy-last", "immunotherapy-last", "venetoclax-last", "dli-last"):
        case = case.replace(f'{name} = "never"', f"{name} = 2026-01-05")
    first, second = pictures(plan_from(case=case))
    assert first.ticks == second.ticks
    assert (first.title, second.title) == ("Timeline of CIML-017, part 1 of 2", "Timeline of CIML-017, part 2 of 2")
    assert len(first.lanes) == MOST_LANES


def test_the_words_say_everything_that_the_picture_shows():
    view = overview(example())
    lanes = [lane.words for picture in view.pictures for lane in picture.lanes]
    assert list(view.words[-len(lanes) :]) == [f"{words}." for words in lanes]
    assert view.words[0] == "Day\u00a00: Mon 15-Jun-2026 10:00."
    assert "Limit of a delay: start by Wed 17-Jun-2026 10:00." in view.words


@pytest.mark.parametrize("name", PLANS)
def test_the_picture_is_svg_with_a_title_and_a_description(name):
    text = pages(PLANS[name](), WHEN)["overview.html"]
    for svg in re.findall(r"<svg.*?</svg>", text, re.S):
        root = ElementTree.fromstring(svg)
        assert [child.tag for child in root][:2] == ["title", "desc"]
        assert root.attrib["aria-labelledby"].split() == [root[0].attrib["id"], root[1].attrib["id"]]
        assert not [e for e in root.iter() if e.attrib.get("fill", "#000") not in ("#000", "#fff", "#ddd", "#555") and "url" not in e.attrib["fill"]]


# Month grids


def test_a_grid_is_the_month_from_monday_to_sunday():
    month = overview(example()).months[0]
    assert month.title == "June 2026"
    wanted = [[str(day) if day else "" for day in week] for week in calendar.Calendar().monthdayscalendar(2026, 6)]
    assert [[cell.number for cell in week] for week in month.weeks] == wanted


@pytest.mark.parametrize("start", [date(2026, 1, 31), date(2028, 2, 29), date(2027, 12, 31), date(2026, 11, 1)])
def test_grids_fit_every_month(start):
    case = CASE.replace("2026-06-15T10:00:00", start.isoformat())
    for month in overview(plan_from(case=case)).months:
        days = [int(cell.number) for week in month.weeks for cell in week if cell.number]
        assert days == list(range(1, len(days) + 1))
        assert {len(week) for week in month.weeks} == {7}


def test_every_event_is_on_a_grid_or_in_the_list():
    plan = example()
    view = overview(plan)
    cells = {(month.title, cell.number): cell for month in view.months for week in month.weeks for cell in week}
    for event in plan.events:
        if event.task:
            continue
        short = event.title.text.split(",")[0].split(" (")[0]
        cell = cells.get((f"{event.on:%B %Y}", str(event.on.day)))
        listed = " ".join(what for when, what in view.others if f"{event.on:%d-%b-%Y}" in when).replace("\u00a0", " ")
        assert (cell and any(short in thing for thing in cell.things)) or full_title(event.title) in listed
    assert cells["June 2026", "15"].zero
    assert cells["June 2026", "19"].closed == "holiday"
    assert cells["June 2026", "14"].things == (
        "donor: non-mobilized collection from the original donor", "last day: tests of organ function", "last day: echocardiogram",
    )  # fmt: skip


def test_a_plan_without_hours_and_without_a_site_is_drawn():
    plan = plan_from(PROTOCOL, 'format = 1\nzone = "Asia/Kolkata"\n', CASE.replace("2026-06-15T10:00:00", "2026-06-15"))
    first = pictures(plan)[0]
    assert first.limit_words == "start by Tue 16-Jun-2026"
    assert "Interleukin-2" not in lanes_of(plan)
    assert first.zero == pytest.approx(x_of(plan, plan.day_zero + timedelta(0)), abs=0.1)
