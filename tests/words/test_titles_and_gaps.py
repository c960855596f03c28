"""What an event is called, and why something has no date: each value in words."""

from datetime import date, time
from typing import get_args

import pytest
from shared.paper_plans import plan_from

from schedule.model.notation import NO_BREAK
from schedule.model.reasons.gaps import (
    ChoiceMissing,
    DateMissing,
    EndMissing,
    HourMissing,
    NotStated,
    ParameterMissing,
)
from schedule.model.reasons.wall_times import OtherOffset, ShownTwice, Skipped, WallTimeFault
from schedule.model.titles import Numbered, Title, Until
from schedule.words.dates import wall_time_in_words
from schedule.words.gaps import gap_in_words, gaps_on_paper
from schedule.words.titles import cell_title, full_title, head_of, plain_title

DOSE = Title(text="fludarabine, intravenous infusion", numbered=Numbered(unit="dose", number=2, of=3))
CYTOKINE = Title(text="interleukin-2 (IL-2)", numbered=Numbered(unit="dose", number=3, of=7))
CELLS = Title(text="NK cells", numbered=Numbered(unit="infusion", number=1, of=2))
COVER = Title(text="cover", until=Until(what="counts recover", latest=None))
GROWTH = Title(text="growth factor", until=Until(what="counts recover", latest=date(2026, 7, 4)))
TITLES = [
    (DOSE, "fludarabine, intravenous infusion (dose 2 of 3)", "fludarabine, intravenous infusion", "fludarabine", "fludarabine"),
    (CYTOKINE, "interleukin-2 (IL-2) (dose 3 of 7)", "interleukin-2 (IL-2)", "interleukin-2", "interleukin-2 (IL-2) (dose 3 of 7)"),
    (CELLS, "NK cells (infusion 1 of 2)", "NK cells", "NK cells", "NK cells (infusion 1 of 2)"),
    (COVER, "cover, from this day until counts recover", "cover, from this day until counts recover", "cover", "cover"),
    (
        GROWTH, "growth factor, from this day until counts recover, at the latest Sat 04-Jul-2026",
        "growth factor, from this day until counts recover, at the latest Sat 04-Jul-2026", "growth factor", "growth factor",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("title", "full", "plain", "short", "head"), TITLES, ids=[full for _, full, *_ in TITLES])
def test_a_title_is_told_in_full_without_its_number_and_short(title, full, plain, short, head):
    assert (full_title(title), plain_title(title), cell_title(title)) == (full, plain, short)
    assert head_of(title).replace(NO_BREAK, " ") == head


GAPS = [
    (ParameterMissing(parameter="dlt-end", text="The record does not say."), "The record does not say."),
    (
        ChoiceMissing(parameter="part", title="visit", choice="Part of the trial"),
        "visit: depends on the choice “Part of the trial”, which is not made; enter part for the patient.",
    ),
    (
        DateMissing(parameter="randomisation", title="questionnaire", known="randomisation day"),
        "questionnaire: counted from randomisation day, which has no date yet; enter randomisation for the patient.",
    ),
    (
        EndMissing(parameter="cover", title="visit", anchor=COVER),
        "visit: counted from the end of cover, from this day until counts recover; record that as done.",
    ),
    (
        HourMissing(parameter="flu", title="pulse", anchor=DOSE, which="last"),
        "pulse: counted in hours from last fludarabine, intravenous infusion (dose 2 of 3), whose hour is not stated; "
        "enter its hour in the site file's [times].",
    ),
    (
        HourMissing(parameter="flu", title="pulse", anchor=CELLS, which="each"),
        "pulse: counted in hours from NK cells (infusion 1 of 2), whose hour is not stated; "
        "enter its hour in the site file's [times].",
    ),
]


@pytest.mark.parametrize(("gap", "words"), GAPS, ids=[type(gap).__name__ for gap, _ in GAPS])
def test_a_gap_says_what_has_no_date_and_what_to_enter(gap, words):
    assert gap_in_words(gap) == words
    assert {type(gap) for gap, _ in GAPS} == set(get_args(NotStated))


WHEN = {"day": date(2026, 11, 1), "clock": time(1, 30), "zone": "America/New_York"}
FAULTS = [
    (Skipped(**WHEN), "01:30 on Sun 01-Nov-2026 does not exist in America/New_York: the clocks are put forward"),
    (ShownTwice(**WHEN), "01:30 on Sun 01-Nov-2026 happens twice in America/New_York: the clocks are put back"),
    (OtherOffset(**WHEN, offsets=(-18000,)), "01:30 on Sun 01-Nov-2026 in America/New_York is -0500 from UTC, not as written"),
    (
        OtherOffset(**WHEN, offsets=(-14400, 20728)),
        "01:30 on Sun 01-Nov-2026 in America/New_York is -0400 or +054528 from UTC, not as written",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("fault", "words"), FAULTS, ids=["skipped", "twice", "one offset", "two offsets"])
def test_a_wall_time_that_is_no_one_moment_says_why(fault, words):
    assert wall_time_in_words(fault) == words
    assert {type(fault) for fault, _ in FAULTS} == set(get_args(WallTimeFault))


def test_on_paper_what_the_site_has_not_set_is_one_sentence_that_says_whom_to_ask_and_names_no_file():
    plan = plan_from(site='format = 1\nzone = "America/New_York"\n')
    (said,) = gaps_on_paper(plan.not_stated, plan.protocol.parameters)
    assert said.startswith("Not set by this site, ask the study coordinator: days of the interleukin-2 doses; end of the")
    assert "file" not in said and said.count("ask") == 1 and "; days of the follow-up visits; " in said
