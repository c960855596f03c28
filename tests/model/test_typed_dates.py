"""Dates as people type them: many ways to write one, and none that could mean another."""

from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schedule.model.notation import FIRST_DATE, LAST_DATE, MONTHS, MONTHS_IN_FULL, spell
from schedule.model.typed import TypedTime, typed_date, typed_time, typed_times

TWELFTH = date(2026, 3, 12)
ONE_DATE = [
    "12 Mar 2026", "12mar2026", "12-Mar-2026", "12-MARCH-2026", "12. March 2026", "12th March 2026", " 12  mar  2026 ",
    "Mar 12, 2026", "march 12 2026", "Mar 12th, 2026", "2026-03-12", "2026/3/12", "2026.03.12", "Thu 12-Mar-2026",
    "Thu, 12 Mar 2026", "thursday 12 mar 2026", "Thursday, March 12, 2026", "Thu\u00a012\u2011Mar\u20112026",
]  # fmt: skip


@pytest.mark.parametrize("text", ONE_DATE)
def test_one_date_is_read_in_whatever_way_it_is_typed(text):
    assert typed_date(text) == TWELFTH


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("3/12/2026", "“3/12/2026” can be Thu 12-Mar-2026 or Thu 03-Dec-2026: write the month by its name"),
        ("12 3 2026", "“12 3 2026” can be Thu 12-Mar-2026 or Thu 03-Dec-2026: write the month by its name"),
        ("27/3/2026", "“27/3/2026” can be Fri 27-Mar-2026: write the month by its name"),
        ("06.16.2026", "“06.16.2026” can be Tue 16-Jun-2026: write the month by its name"),
        ("31 Jun 2026", "“31 Jun 2026” is not a real date"),
        ("31/6/2026", "“31/6/2026” is not a real date"),
        ("Fri 12 Mar 2026", "“Fri 12 Mar 2026”: that date is a Thursday"),
        ("12-Mar-26", "“12-Mar-26” has a year of two digits: write all four"),
        ("3/12/26", "“3/12/26” has a year of two digits: write all four"),
        ("12 Mrz 2026", "“mrz” is not a month"),
        ("1 Jan 1850", "“1 Jan 1850” is outside 1900 to 2199"),
        ("tomorrow", "“tomorrow” is not a date"),
        ("12 Mar", "“12 Mar” is not a date"),
        ("2026-03", "“2026-03” is not a date"),
        ("１２ Mar 2026", "“１２ Mar 2026” is not a date"),
        ("", "“” is not a date"),
    ],
)  # fmt: skip
def test_what_is_no_date_or_could_be_two_is_told(text, said):
    with pytest.raises(ValueError, match="“") as wrong:
        typed_date(text)
    assert str(wrong.value) == said


@given(st.dates(FIRST_DATE, LAST_DATE))
def test_every_date_is_read_back_from_every_way_to_write_it(day):
    short, full = MONTHS[day.month - 1], MONTHS_IN_FULL[day.month - 1]
    ways = [spell(day), day.isoformat(), f"{day.day} {full} {day.year}", f"{short} {day.day}, {day.year}", f"{day.day}{short}{day.year}"]
    assert {typed_date(way) for way in ways} == {day}


@pytest.mark.parametrize("text", ["1 Sept 2026", "Sep 1, 2026", "1 september 2026"])
def test_september_has_two_short_names(text):
    assert typed_date(text) == date(2026, 9, 1)


@given(st.integers(1, 12), st.integers(1, 12), st.integers(1900, 2199))
def test_day_and_month_in_numbers_are_never_guessed(first, second, year):
    with pytest.raises(ValueError, match="can be"):
        typed_date(f"{first}/{second}/{year}")


@given(st.text(max_size=30))
def test_whatever_is_typed_is_a_date_or_a_mistake_with_words(text):
    try:
        assert FIRST_DATE <= typed_time(text).on <= LAST_DATE
    except ValueError as error:
        assert len(str(error)) > 10


@pytest.mark.parametrize("clock", ["0910", "9.10", "09:10", "9h10", "0910h", "0910 hrs", "at 9:10", "at 0910"])
@pytest.mark.parametrize("text", ["12 Mar 2026", "Mar 12 2026", "2026-03-12", "Thu 12-Mar-2026"])
def test_an_hour_after_a_date_is_read_in_whatever_way_it_is_typed(text, clock):
    assert typed_time(f"{text} {clock}") == typed_time(f"{text}, {clock}") == TypedTime(on=TWELFTH, clock=time(9, 10))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("3/12/2026 0910", "“3/12/2026” can be Thu 12-Mar-2026 or Thu 03-Dec-2026: write the month by its name"),
        ("31 Jun 2026 09:10", "“31 Jun 2026” is not a real date"),
        ("12 3 2026", "“12 3 2026” can be Thu 12-Mar-2026 or Thu 03-Dec-2026: write the month by its name"),
        ("Mon 12 March 2026", "“Mon 12 March 2026”: that date is a Thursday"),
        ("12 Mar 2026 910", "“12 Mar 2026 910” is not a date"),
    ],
)
def test_of_a_wrong_time_the_part_that_is_wrong_is_told(text, said):
    with pytest.raises(ValueError, match="“") as wrong:
        typed_time(text)
    assert str(wrong.value) == said


@pytest.mark.parametrize("dash", "\u2010\u2011\u2012\u2013\u2212")
def test_what_a_word_processor_makes_of_a_hyphen_is_one(dash):
    assert typed_date(f"12{dash}Mar{dash}2026") == typed_date(f"2026{dash}03{dash}12") == TWELFTH


def test_a_comma_before_an_hour_parts_no_two_dates():
    assert typed_times("12 Mar 2026, 09:10, 13 Mar 2026") == (TypedTime(on=TWELFTH, clock=time(9, 10)), TypedTime(on=date(2026, 3, 13)))


def test_several_on_one_line_are_parted_by_commas_or_semicolons():
    eleventh = TypedTime(on=date(2026, 3, 11))
    for text in ("2026-03-11, 2026-03-12 09:10", "Mar 11, 2026, Mar 12, 2026 0910", "Wed, 11 Mar 2026; Thu, 12 Mar 2026 9.10"):
        assert typed_times(text) == (eleventh, TypedTime(on=TWELFTH, clock=time(9, 10)))


@pytest.mark.parametrize("text", ["", " ", ";", "2026-03-11, x"])
def test_a_line_without_a_date_or_with_a_wrong_one_is_none(text):
    with pytest.raises(ValueError, match="is not a date"):
        typed_times(text)
