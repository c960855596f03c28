"""Deadlines, expiries and repeats, worked out by hand from the small failing inputs."""

from pathlib import Path

from .cases import Case, read_file
from .limits import deadline, expires, repeat_window

FAULTS = {case.name.removeprefix("faults: "): case for case in read_file(Path(__file__).parent / "faults.toml")}


def texts(name: str) -> tuple[str, str, str, list[dict]]:
    """The texts and acts of one case."""
    case: Case = FAULTS[name]
    return case.protocol, case.site, case.case, case.acts


def test_a_scan_2_to_12_hours_before_the_cells_is_due():
    # 15-Jun 10:00 less 12 hours and less 2 hours.
    assert deadline(*texts("06 a scan that nobody has done is due"), "scan") == ("2026-06-14 22:00", "2026-06-15 08:00")


def test_no_date_is_left_for_the_assessment():
    # The taper ended on 5-Jun: + 15 days is 20-Jun; lymphodepletion begins on 10-Jun.
    assert deadline(*texts("06 no date is left for the assessment"), "disease-assessment") is None


def test_the_taper_had_to_end_in_time_for_the_first_dose():
    # 10-Jun less 15 days.
    assert deadline(*texts("21 the first dose of lymphodepletion, as planned"), "taper-completed")[1] == "2026-05-26"


def test_a_scan_serves_as_long_as_the_safe_reading_says():
    # 8-Jun + 9 days.
    assert expires(*texts("42 the scan serves as long as the safe reading says"), "SCAN", "scan") == "2026-06-17"


def test_the_dates_in_which_a_course_is_repeated():
    # 22-Jun 10:00 less 144 and less 48 hours: 16-Jun to 20-Jun.
    window = repeat_window(*texts("12 a bound in hours on the completion of a course"), "GAP", "before.completed")
    assert window == ("2026-06-16 10:00", "2026-06-20 10:00")
