"""The timeline picture and the months: values, before anything is drawn."""

import calendar
import itertools
import re
from datetime import date, timedelta
from xml.etree import ElementTree

import pytest
from shared.notices import Example
from shared.paper_plans import CASE, PROTOCOL, WHEN, example, full_of_dates, hostile, hundred, plan_from
from shared.small_patients import planned
from shared.small_trials import CYCLES

from schedule.ledger.sqlite import SqliteStore
from schedule.output.outputs import pages
from schedule.pages.lanes import GROUPS, lanes_of
from schedule.pages.overview import TALL, WIDE, overview
from schedule.pages.time_scale import scale_of
from schedule.pages.timeline import _lines, width_of
from schedule.words.titles import full_title

PLANS = {"example": example, "hundred": hundred, "hostile": hostile}


def lane_of(plan, name):
    return next(lane for lane in lanes_of(plan) if lane.name == name)


def shapes(lane):
    return [(mark.shape, mark.first, mark.last) for mark in lane.marks]


def on(*days, shape):
    return [(shape, date(2026, *day), date(2026, *day)) for day in days]


@pytest.fixture(scope="module")
def slipped(tmp_path_factory):
    """The example with lymphodepletion given, dose 1 of IL-2 still to come, and day 0 moved by a day."""
    with SqliteStore(tmp_path_factory.mktemp("slipped") / "ledger.sqlite") as store:
        one = Example(store)
        one.given()
        one.move("2026-06-16 10:00", "2026-06-12 13:34", "fever")
        yield one.plan


# The scale


def test_a_day_around_the_treatment_has_a_column_and_weeks_before_and_after_are_squeezed():
    scale = scale_of(example(), lanes_of(example()), WIDE.labels, WIDE.width - 6)
    before, treated, after = scale.stretches
    assert treated is scale.treated and treated.first < date(2026, 6, 10) and treated.last > date(2026, 6, 28)
    widths = {round(scale.x(date(2026, 6, n + 1)) - scale.x(date(2026, 6, n)), 0) for n in range(9, 29)}
    assert len(widths) == 1 and treated.per_day > 3 * before.per_day > 0 and treated.per_day > 3 * after.per_day
    assert (scale.left, round(scale.right)) == (WIDE.labels, round(WIDE.width - 6))
    assert scale.x(date(2020, 1, 1)) == scale.left and scale.x(date(2030, 1, 1)) == round(scale.right, 1)


@pytest.mark.parametrize("name", PLANS)
def test_days_lie_in_their_order_and_no_two_stretches_overlap(name):
    plan = PLANS[name]()
    scale = scale_of(plan, lanes_of(plan), TALL[0].labels, TALL[0].width - 6)
    days = [scale.first + timedelta(number) for number in range((scale.last - scale.first).days + 1)]
    places = [scale.x(day) for day in days]
    assert places == sorted(places)
    assert all(one.end < other.x for one, other in zip(scale.stretches, scale.stretches[1:], strict=False))


# Lanes


def test_treatment_stands_on_its_days_hollow_until_it_is_given(slipped):
    lane = lane_of(example(), "interleukin-2")
    wanted = [(6, day) for day in (16, 18, 20, 22, 24, 26, 28)]
    assert shapes(lane) == on(*wanted, shape="planned")
    assert (lane.often, lane.when) == ("7 doses", "Tue 16-Jun")
    given = lane_of(slipped, "fludarabine")
    assert shapes(given) == on((6, 10), (6, 11), (6, 12), shape="given")
    assert given.words == "fludarabine, intravenous infusion: Wed 10-Jun-2026 given, Thu 11-Jun-2026 given, Fri 12-Jun-2026 given"


def test_what_moved_leaves_a_ghost_under_its_new_date(slipped):
    view = overview(slipped)
    assert view.moved == "Day\u00a00 moved from Mon 15-Jun-2026 10:00 to Tue 16-Jun-2026 10:00, on Fri 12-Jun-2026 13:34, by nurse 7"
    text = pages(slipped, WHEN)["overview.html"]
    svg = re.search(r"<svg.*?</svg>", text, re.S)[0]
    assert svg.count('class="ghost"') >= 9 and pages(example(), WHEN)["overview.html"].count('class="ghost"') == 1  # the legend's


def test_what_is_held_is_crossed_and_what_is_past_and_not_recorded_is_a_heavy_square(tmp_path):
    with SqliteStore(tmp_path / "held.sqlite") as store:
        one = Example(store)
        one.record("fludarabine-1", "held", "2026-06-10 10:00", "fever")
        one.record("fludarabine-2", "given", "2026-06-11 09:00")
        plan = one.plan
    assert [mark.shape for mark in lane_of(plan, "fludarabine").marks] == ["held", "given", "planned"]
    assert "Wed 10-Jun-2026 held" in lane_of(plan, "fludarabine").words
    assert lane_of(plan, "cyclophosphamide").marks[0].shape == "not-recorded"


def test_a_test_that_was_done_stands_in_its_window():
    lane = lane_of(example(), "bone marrow examination")
    assert shapes(lane) == [("window", date(2026, 5, 18), date(2026, 6, 9)), *on((5, 21), shape="test-done")]
    assert lane.words == "bone marrow examination: done on Thu 21-May-2026; window Mon 18-May-2026 to Tue 09-Jun-2026"


def test_a_test_that_is_due_is_a_hollow_mark_at_its_last_day():
    lane = lane_of(example(), "echocardiogram")
    assert shapes(lane) == [("window", date(2026, 6, 1), date(2026, 6, 14)), *on((6, 14), shape="test")]
    assert (lane.when, lane.words) == ("by Sun 14-Jun", "echocardiogram: due; window Mon 01-Jun-2026 to Sun 14-Jun-2026")


def test_a_washout_runs_from_the_last_dose_to_the_treatment_with_its_last_day_marked():
    lane = next(lane for lane in lanes_of(example()) if "tacrolimus" in lane.words)
    assert [mark.shape for mark in lane.marks] == ["washout", "last", "last-allowed"]
    assert (lane.marks[0].first, lane.marks[0].last, lane.marks[2].first) == (date(2026, 5, 4), date(2026, 6, 9), date(2026, 5, 17))
    assert lane.words.endswith(": Mon 04-May-2026; no later than Sun 17-May-2026")


def test_a_last_dose_that_is_not_known_is_shown_by_its_last_day():
    plan = plan_from(case=CASE.replace("chemotherapy-last = 2026-05-11\n", ""))
    lane = next(lane for lane in lanes_of(plan) if lane.words.startswith("last dose of standard chemotherapy"))
    assert [mark.shape for mark in lane.marks] == ["last-allowed"]
    assert lane.words.endswith(": no date yet; no later than Sun 31-May-2026")


def test_what_lies_beyond_the_scale_has_an_arrow_and_its_date():
    (picture,) = overview(example()).pictures
    drawn = {lane.name[0][1]: [mark.shape for mark in lane.marks] for lane in picture.lanes}
    assert drawn["most recent transplant"] == ["washout", "more-left"]
    assert lane_of(example(), "most recent transplant").when == "Tue 20-Jan"


def test_lanes_stand_in_three_groups_in_order():
    groups = [lane.group for lane in lanes_of(example())]
    assert groups == sorted(groups, key=GROUPS.index) and set(groups) == set(GROUPS)
    assert {lane.name for lane in lanes_of(example()) if lane.group == "treatment"} >= {"fludarabine", "interleukin-2"}


def test_feasible_days_are_a_band_and_those_of_a_ruling_another():
    view = overview(example())
    assert view.words[1:3] == (
        "Feasible day 0: Fri 12-Jun-2026 to Thu 18-Jun-2026.", "If the principal investigator allows it: Thu 11-Jun-2026.",
    )  # fmt: skip
    asked, met = sorted(view.pictures[0].bands)
    assert (asked[2], met[2]) == (True, False)
    assert met[1] - met[0] == pytest.approx(7 * (asked[1] - asked[0]), abs=0.5)
    assert met[0] < view.pictures[0].zeros[0] < met[1]


@pytest.mark.parametrize("day", range(10, 21))
def test_a_page_marks_today_with_its_word_beside_that_of_day_zero(day):
    (picture,) = overview(example(), date(2026, 6, day)).pictures
    if day == 15:
        assert (picture.today, [top.text for top in picture.tops]) == (None, ["day 0, today"])
        return
    tenth, eleventh, _ = (mark.x for lane in picture.lanes if lane.name[0][1].startswith("fludarabine") for mark in lane.marks)
    assert picture.today == pytest.approx(tenth + (eleventh - tenth) * (day - 10), abs=0.5)
    (zero, today) = picture.tops
    assert (zero.text, today.text) == ("day 0", "today")
    ends = {}
    for top in picture.tops:
        wide = width_of(top.text) * 1.1
        left = top.x - {"start": 0, "middle": wide / 2, "end": wide}[top.anchor]
        ends[top.text] = (left, left + wide)
    first, second = sorted(ends.values())
    assert first[1] + 3 < second[0] and (ends["today"] < ends["day 0"]) == (day < 15)


def test_paper_does_not_mark_today_nor_does_a_page_long_before_or_after():
    assert 'class="today"' not in pages(example(), WHEN)["overview.html"]
    (picture,) = overview(example(), date(2024, 1, 1)).pictures
    assert (picture.today, [top.text for top in picture.tops]) == (None, ["day 0"])


def test_nothing_feasible_is_said():
    never = plan_from(case=CASE.replace("taper-completed = 2026-05-04", "taper-completed = 2026-05-24"))
    words = overview(never).words[1]
    assert words == "Feasible day 0: none." or re.search(r"\d-[A-Z][a-z]{2}-\d{4}", words)


# The picture


def test_up_to_twenty_lanes_stand_beside_their_months_and_more_stand_alone_on_an_upright_page():
    view = overview(example())
    assert [picture.width for picture in view.pictures] == [WIDE.width] and [month.title for month in view.beside] == ["June 2026"]
    more = overview(full_of_dates())
    assert [picture.width for picture in more.pictures] == [TALL[0].width] and more.beside == () and len(more.pictures[0].lanes) > 20


@pytest.mark.parametrize("name", PLANS)
def test_no_name_is_cut_and_none_reaches_its_date(name):
    for lane, room in itertools.product(lanes_of(PLANS[name]()), (WIDE, *TALL)):
        lines = _lines(lane, room)
        assert "".join("".join(lines).split()) == "".join(f"{lane.name}, {lane.often}".removesuffix(", ").split())
        assert all(width_of(line) + width_of(lane.when) < room.labels - 8 for line in lines)


@pytest.mark.parametrize("name", PLANS)
def test_every_mark_lies_in_the_picture_and_no_lane_on_another(name):
    for picture in overview(PLANS[name]()).pictures:
        for lane in picture.lanes:
            assert all(picture.labels - 1 <= mark.x <= mark.end <= picture.width for mark in lane.marks)
        baselines = [y for lane in picture.lanes for y, _ in lane.name] + [y for y, _ in picture.groups]
        assert all(other - one >= 13.34 for one, other in zip(sorted(baselines), sorted(baselines)[1:], strict=False))
        for row in (picture.dates, picture.numbers):
            ends = [(told.x, told.x + width_of(told.text)) for told in row]
            assert all(one[1] < other[0] for one, other in itertools.pairwise(ends))


def test_the_words_say_everything_that_the_picture_shows():
    view = overview(example())
    assert list(view.words[-len(lanes_of(example())) :]) == [f"{lane.words}." for lane in lanes_of(example())]
    assert view.words[0] == "Day\u00a00: Mon 15-Jun-2026 10:00."


@pytest.mark.parametrize("name", PLANS)
def test_the_picture_is_svg_with_a_title_and_a_description(name):
    text = pages(PLANS[name](), WHEN)["overview.html"]
    for svg in re.findall(r'<svg[^>]*role="img".*?</svg>', text, re.S):
        root = ElementTree.fromstring(svg)
        assert [child.tag for child in root][:2] == ["title", "desc"]
        assert root.attrib["aria-labelledby"].split() == [root[0].attrib["id"], root[1].attrib["id"]]
        assert not [e for e in root.iter() if "fill" in e.attrib or "stroke" in e.attrib]  # ink of the page, in both schemes


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


def test_every_event_is_in_the_list_of_days_and_its_month_shows_that_something_is_on():
    plan = example()
    view = overview(plan)
    cells = {(month.title, cell.number): cell for month in view.months for week in month.weeks for cell in week}
    for event in plan.events:
        if event.task:
            continue
        listed = " ".join(what for when, what in view.days if f"{event.on:%d-%b-%Y}" in when).replace("\u00a0", " ")
        assert full_title(event.title) in listed
        cell = cells.get((f"{event.on:%B %Y}", str(event.on.day)))
        assert cell is None or any(event.title.text.split(",")[0].split(" (")[0] in thing for thing in cell.things)
    assert cells["June 2026", "15"].zero and cells["June 2026", "18"].dose and not cells["June 2026", "17"].dose
    assert cells["June 2026", "19"].closed == "holiday"
    assert cells["June 2026", "14"].things == (
        "donor: non-mobilized collection from the original donor", "last day: tests of organ function", "last day: echocardiogram",
    )  # fmt: skip


def test_in_the_months_the_planned_day_of_what_stayed_stands_in_brackets(slipped):
    cells = {cell.number: cell.small for week in overview(slipped).months[0].weeks for cell in week}
    assert (cells["10"], cells["12"], cells["15"], cells["16"]) == ("(−5)", "(−3)", "−1", "0")
    assert overview(slipped).kept and not overview(example()).kept


def test_a_plan_without_hours_and_without_a_site_is_drawn():
    plan = plan_from(PROTOCOL, 'format = 1\nzone = "Asia/Kolkata"\n', CASE.replace("2026-06-15T10:00:00", "2026-06-15"))
    assert "interleukin-2" not in {lane.name for lane in lanes_of(plan)}
    (picture,) = overview(plan).pictures
    scale = scale_of(plan, lanes_of(plan), WIDE.labels, WIDE.width - 6)
    assert picture.zeros == (scale.middle(plan.day_zero),)


@pytest.mark.parametrize(
    ("today", "said"),
    [
        (date(2026, 6, 10), ["day 6", "day 6", "today"]),
        (date(2026, 6, 15), ["day 6, today", "day 6"]),
        (date(2026, 7, 6), ["day 6", "day 6, today"]),
        (None, ["day 6", "day 6"]),
    ],
)
def test_the_line_of_each_cycle_has_its_words_and_today_is_said_at_any_of_them(today, said):
    """Cells on Mon 15-Jun and, 21 days later, on Mon 06-Jul."""
    picture = overview(planned(CYCLES.lstrip(), "2026-06-15 10:00"), today).pictures[0]
    assert [top.text for top in picture.tops] == said
    assert [top.x for top in picture.tops if top.text != "today"] == [*picture.zeros]
    assert (picture.today is not None) == ("today" in said)
