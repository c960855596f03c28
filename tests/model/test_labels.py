"""What a day is called: as a page shows it, short, within a sentence; and what its date is called for ever."""

from datetime import date

import pytest

from schedule.model.ids import day_entry_id
from schedule.model.notation import DayLabel

LABELS = [
    (DayLabel(number=-5), "Day −5", "−5", "−5", "day −5"),
    (DayLabel(number=0), "Day 0", "0", "0", "day 0"),
    (DayLabel(number=28), "Day +28", "+28", "+28", "day +28"),
    (DayLabel(number=-1, numbering="day-one"), "Day −1", "−1", "−1", "day −1"),
    (DayLabel(number=4, numbering="day-one"), "Day 4", "4", "4", "day 4"),
    (
        DayLabel(number=4, numbering="day-one", cycle=2), "Cycle 2 Day 4", "Cycle 2 Day 4", "C2 D4", "cycle 2 day 4",
    ),
    (
        DayLabel(number=30, clock="randomisation"), "Day +30 (randomisation)", "+30 (randomisation)",
        "+30 (randomisation)", "day +30 (randomisation)",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("label", "full", "bare", "brief", "within"), LABELS, ids=lambda value: str(value))
def test_a_day_is_spelled_in_full_short_and_within_a_sentence(label, full, bare, brief, within):
    def plain(text):
        assert " " not in text.partition(" (")[0], "it may break across lines"
        return text.replace("\u00a0", " ")

    assert (plain(str(label)), plain(label.bare), plain(label.brief), label.within) == (full, bare, brief, within)


def test_a_date_has_one_id_in_a_calendar_of_days_whatever_it_is_called():
    assert day_entry_id(date(2026, 6, 15)) == "day/2026-06-15"
