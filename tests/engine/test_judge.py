"""Findings beyond the table of statuses: words and arithmetic, rulings, attestations, deadlines, the 48-hour limit."""

from datetime import date, datetime

import pytest

from schedule.files.protocol_file import read_protocol
from schedule.words.findings import finding_basis, finding_flags

P = date(2026, 6, 15)
JUNE = datetime(2026, 6, 1, 8, 0)


@pytest.fixture(scope="session")
def findings_of(plan_of):
    """The findings of a patient with planned day 0 on Mon 15-Jun-2026 (unless told otherwise), by reference and point."""

    def make(site=None, planned_day_zero=P, **keys):
        if planned_day_zero is not None:
            keys["planned_day_zero"] = planned_day_zero
        plan = plan_of(site, **keys) if site else plan_of(**keys)
        return {f"{f.ref}/{f.point}" if f.point else f.ref: f for f in plan.findings}

    return make


def ruling(rule, outcome="allowed", on=date(2026, 5, 20), **more):
    return {"rule": rule, "outcome": outcome, "by": "PI", "date": on, "reason": "discussed", **more}


# Rulings -------------------------------------------------------------------------------------------------------------

BOUNDARY = {"gvhd-prophylaxis-last": date(2026, 5, 18)}


@pytest.mark.parametrize(
    ("rulings", "status"),
    [
        pytest.param([], "boundary", id="none"),
        pytest.param([ruling("T17")], "ruled", id="allowed"),
        pytest.param([ruling("T17", "not-allowed")], "violated", id="not allowed"),
        pytest.param([ruling("T16")], "boundary", id="another rule"),
        pytest.param([ruling("T17", **{"for": P})], "ruled", id="this day 0"),
        pytest.param([ruling("T17", **{"for": date(2026, 6, 16)})], "boundary", id="another day 0"),
        pytest.param([ruling("T17"), ruling("T17", "not-allowed", date(2026, 5, 21))], "violated", id="the later word counts"),
        pytest.param([ruling("T17", "not-allowed", date(2026, 5, 21)), ruling("T17")], "violated", id="whatever the order"),
        pytest.param([ruling("T17", "not-allowed"), ruling("T17", on=date(2026, 5, 21))], "ruled", id="allowed after all"),
        pytest.param([ruling("T17"), ruling("T17", "not-allowed")], "violated", id="two words of one day: the one written last"),
        pytest.param([ruling("T17", "not-allowed"), ruling("T17")], "ruled", id="two words of one day, the other order"),
        pytest.param([ruling("T17", on=date(2026, 6, 2))], "boundary", id="dated after as-of: not yet made"),
    ],
)
def test_a_ruling_settles_a_boundary_for_its_day_zero(findings_of, rulings, status):
    found = findings_of(dates=BOUNDARY, rulings=rulings, as_of=JUNE)
    assert found["T17/gvhd-prophylaxis-last"].status == status


@pytest.mark.parametrize("outcome", ["allowed", "not-allowed"])
@pytest.mark.parametrize(("last", "status"), [(date(2026, 5, 17), "met"), (date(2026, 5, 19), "violated")])
def test_a_ruling_turns_nothing_but_a_boundary(findings_of, outcome, last, status):
    found = findings_of(dates={"gvhd-prophylaxis-last": last}, rulings=[ruling("T17", outcome)], as_of=JUNE)
    assert found["T17/gvhd-prophylaxis-last"].status == status


def test_a_ruling_names_who_when_and_why(findings_of):
    found = findings_of(dates=BOUNDARY, rulings=[ruling("T17")], as_of=JUNE)["T17/gvhd-prophylaxis-last"]
    assert finding_basis(found, "day 0").endswith(
        "Kept in the literal reading only: the principal investigator must decide. Allowed by PI on Wed 20-May-2026: discussed"
    )


@pytest.mark.parametrize(
    ("rulings", "intervals"),
    [
        pytest.param([], ((P, P, "boundary"), (date(2026, 6, 16), None, "met")), id="none"),
        pytest.param([ruling("T17")], ((P, None, "met"),), id="for the planned day"),
        pytest.param([ruling("T17", "not-allowed")], ((date(2026, 6, 16), None, "met"),), id="not allowed"),
        pytest.param(
            [ruling("T17", **{"for": date(2026, 6, 16)})], ((P, P, "boundary"), (date(2026, 6, 16), None, "met")), id="another day",
        ),
    ],
)  # fmt: skip
def test_a_ruling_decides_about_its_own_day_zero_and_no_other(plan_of, rulings, intervals):
    plan = plan_of(planned_day_zero=P, dates=BOUNDARY, rulings=rulings, as_of=JUNE)
    assert plan.feasible.intervals == intervals


# Attestations --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("on", "status"),
    [(date(2026, 5, 31), "met"), (date(2026, 6, 1), "met"), (date(2026, 6, 2), "due")],
    ids=["before as-of", "on the day of as-of", "after as-of"],
)
def test_an_attestation_counts_from_its_day_on(findings_of, on, status):
    found = findings_of(attestations={"age-eligible": on, "no-cardiac-change": on}, as_of=JUNE)
    assert (found["T11"].status, found["T20/echo"].status) == (status, status)


def test_a_statement_quotes_the_words_that_hold_no_date(findings_of):
    found = findings_of(attestations={"age-eligible": {"date": date(2026, 5, 20), "by": "coordinator"}}, as_of=JUNE)
    assert finding_basis(found["T11"], "day 0") == (
        "Stated on Wed 20-May-2026 by coordinator: “At least 12 years old at consent.” “Age ≥12 years” holds no date."
    )
    assert finding_basis(found["T12"], "day 0") == (
        "To be recorded: “Performance status within the limit, by the scale for the patient's age on the "
        "date of the assessment.” “Lansky (patients <16 years) or Karnofsky (≥16years)” holds no date."
    )
    assert finding_basis(found["T30"], "day 0") == "A permission: nothing to check. “can stay on this treatment” holds no date."
    assert finding_basis(found["T10"], "day 0") == "An anchor: it says which date counts. “most recent” holds no date."


def test_an_approval_is_asked_unless_all_of_its_drugs_are_never(findings_of):
    one, both = {"count-control-last": "never"}, {"count-control-last": "never", "venetoclax-last": "never"}
    assert findings_of(dates=one)["T25-approval"].status == "due"
    assert findings_of(dates=both)["T25-approval"].status == "not applicable"


# Words and arithmetic ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("dates", "name", "basis"),
    [
        pytest.param(
            {"gvhd-prophylaxis-last": date(2026, 5, 4)}, "T17/gvhd-prophylaxis-last",
            "Asked: day 0 at least 29 days after last dose of tacrolimus, sirolimus or other GVHD prophylaxis. "
            "Mon 04-May-2026 + 29 days = Tue 02-Jun-2026; Mon 15-Jun-2026 is on or after it: kept.",
            id="kept",
        ),
        pytest.param(
            {"gvhd-prophylaxis-last": date(2026, 5, 18)}, "T17/gvhd-prophylaxis-last",
            "Asked: day 0 at least 29 days after last dose of tacrolimus, sirolimus or other GVHD prophylaxis. "
            "Mon 18-May-2026 + 29 days = Tue 16-Jun-2026; Mon 15-Jun-2026 is before it: not kept. "
            "Kept in the literal reading only: the principal investigator must decide.",
            id="boundary",
        ),
        pytest.param(
            {"gvhd-prophylaxis-last": date(2026, 5, 17)}, "T17/gvhd-prophylaxis-last",
            "Asked: day 0 at least 29 days after last dose of tacrolimus, sirolimus or other GVHD prophylaxis. "
            "Sun 17-May-2026 + 29 days = Mon 15-Jun-2026; Mon 15-Jun-2026 is that very day: kept.",
            id="the very day",
        ),
        pytest.param(
            {"transplant": date(2026, 4, 15)}, "T8/transplant",
            "Asked: day 0 more than 2 months after most recent transplant. "
            "Wed 15-Apr-2026 + 2 months = Mon 15-Jun-2026; Mon 15-Jun-2026 is that very day: not kept.",
            id="months, strictly",
        ),
    ],
)  # fmt: skip
def test_a_verdict_shows_the_sum_it_rests_on(findings_of, dates, name, basis):
    assert finding_basis(findings_of(dates=dates, as_of=JUNE)[name], "day 0") == basis


def test_a_known_date_after_as_of_counts_and_is_called_planned(findings_of):
    found = findings_of(dates={"marrow": date(2026, 6, 3)}, as_of=JUNE)["T14/marrow"]
    assert (found.status, found.actual) == ("met", date(2026, 6, 3))
    assert "Wed 03-Jun-2026 is planned." in finding_basis(found, "day 0")


@pytest.mark.parametrize(("day", "noted"), [(date(2026, 6, 26), True), (date(2026, 6, 27), False)])
def test_a_first_dose_within_62_days_of_the_transplant_carries_a_note(findings_of, day, noted):
    """Mon 20-Apr-2026 + 62 days = Sun 21-Jun-2026, five days before Fri 26-Jun-2026."""
    found = findings_of(planned_day_zero=day, dates={"transplant": date(2026, 4, 20)})["T9/transplant"]
    assert found.status == "met"
    assert ("Note: Lymphodepletion starts within 62 days of the transplant." in finding_basis(found, "day 0")) == noted


def test_the_gap_from_lymphodepletion_to_the_cells_is_shown_and_never_judged(findings_of):
    found = findings_of()["T4/lymphodepletion.last"]
    assert (found.status, found.actual) == ("not stated", date(2026, 6, 12))
    assert finding_basis(found, "day 0") == (
        "fludarabine, intravenous infusion (dose 3 of 3) on Fri 12-Jun-2026, day 0 on Mon 15-Jun-2026: 3 days apart, "
        "2 rest days between. Shown, never judged: no number is stated."
    )


def test_what_nobody_states_names_the_words_that_are_missing(findings_of, protocol):
    found = findings_of()
    for name, parameter in (("T21/pregnancy-test", "pregnancy-test-window"), ("T40/virology", "virology-window"), ("T5", "il2-days"),
                            ("T23", "il2-days"), ("T33", "dlt-end")):  # fmt: skip
        assert (name, found[name].status, finding_basis(found[name], "day 0")) == (name, "not stated", protocol.parameters[parameter].missing)


def test_a_broken_test_that_can_be_repeated_says_from_when_to_when(findings_of):
    found = findings_of(dates={"organ-function": date(2026, 5, 20)})["T19/organ-function"]
    repeat = found.repeat
    assert (found.status, repeat.what, repeat.earliest, repeat.latest) == (
        "violated", "organ function", date(2026, 6, 1), date(2026, 6, 14)
    )  # fmt: skip
    assert findings_of(dates={"marrow": date(2026, 5, 10)})["T14/marrow"].repeat is None


def test_of_several_tests_the_one_that_serves_best_is_named_and_of_equals_the_latest(findings_of):
    dates = {"organ-function": [date(2026, 5, 20), date(2026, 6, 3), date(2026, 6, 9), date(2026, 6, 15)]}
    assert findings_of(dates=dates)["T19/organ-function"].actual == date(2026, 6, 9)


# Deadlines -----------------------------------------------------------------------------------------------------------


def test_a_due_date_says_by_when_and_who_says_so(findings_of):
    found = findings_of(dates={"taper-completed": date(2026, 5, 10)})
    for name in ("T6/disease-assessment", "T7/disease-assessment"):
        assert finding_basis(found[name], "day 0").startswith(
            "assessment that shows persistence of disease: no date yet; Mon 25-May-2026 to Tue 09-Jun-2026 (T7, T6)."
        )
        assert (found[name].status, found[name].earliest, found[name].latest) == ("due", date(2026, 5, 25), date(2026, 6, 9))
    assert found["T6/disease-assessment"].aim == (date(2026, 5, 25), date(2026, 6, 9))
    last = found["T17/gvhd-prophylaxis-last"]
    assert (last.earliest, last.latest) == (None, date(2026, 5, 17))
    assert "no date yet; no later than Sun 17-May-2026 (T17)." in finding_basis(last, "day 0")


@pytest.mark.parametrize(
    ("as_of", "overdue"), [(datetime(2026, 6, 9, 23, 59), False), (datetime(2026, 6, 10, 0, 0), True)]
)
def test_a_deadline_that_has_passed_stays_due_and_is_marked(findings_of, as_of, overdue):
    found = findings_of(as_of=as_of)["T14/marrow"]
    assert (found.status, found.latest, found.overdue) == ("due", date(2026, 6, 9), overdue)


def test_one_rule_without_a_date_left_takes_no_deadline_from_another(findings_of):
    """A taper on 10-Jun leaves the disease assessment no date; marrow, chimerism and organ function keep theirs."""
    found = findings_of(dates={"taper-completed": date(2026, 6, 10)})
    windows = {name: (found[name].earliest, found[name].latest) for name in ("T13/chimerism", "T14/marrow", "T19/organ-function", "T20/echo")}
    four, two = (date(2026, 5, 18), date(2026, 6, 9)), (date(2026, 6, 1), date(2026, 6, 14))
    assert windows == {"T13/chimerism": four, "T14/marrow": four, "T19/organ-function": two, "T20/echo": two}
    assert found["T17/gvhd-prophylaxis-last"].latest == date(2026, 5, 17)


def test_no_date_left_is_told_with_the_rules_in_conflict_and_without_a_window(findings_of):
    found = findings_of(dates={"taper-completed": date(2026, 6, 10)})["T6/disease-assessment"]
    assert (found.status, found.earliest, found.latest, found.aim) == ("due", None, None, None)
    assert finding_basis(found, "day 0").startswith(
        "assessment that shows persistence of disease: no date is left that is allowed by T7, T6 "
        "(not before Thu 25-Jun-2026, and not after Tue 09-Jun-2026)."
    )


def test_a_date_that_only_the_literal_reading_leaves_is_told_and_the_test_stays_due(findings_of):
    """Mon 1-Jun-2026 + 14 days = Mon 15-Jun-2026, day 0 itself."""
    found = findings_of(dates={"taper-completed": date(2026, 6, 1)})["T7/disease-assessment"]
    assert found.status == "due"
    assert finding_basis(found, "day 0").startswith(
        "assessment that shows persistence of disease: no date is left that is clearly allowed by T7, T6 "
        "(not before Tue 16-Jun-2026, and not after Tue 09-Jun-2026). "
        "Mon 15-Jun-2026: only if the principal investigator allows it."
    )


def test_a_deadline_on_a_day_off_names_the_last_working_day(findings_of, site_of):
    """Sun 14-Jun-2026 ends the window of organ function; Fri 12-Jun is a holiday here."""
    site = site_of(more="holidays = [2026-06-12]")
    assert finding_flags(findings_of(site)["T19/organ-function"]) == ("last day: Sunday; last working day: Thu 11-Jun-2026",)
    assert finding_flags(findings_of(site)["T6/disease-assessment"]) == ()


def test_a_finding_about_one_point_never_shows_the_window_of_another(findings_of):
    """With the assessment known and the taper open, T7's deadline belongs to the taper: it must not read as the assessment's."""
    found = findings_of(dates={"disease-assessment": date(2026, 5, 20)})
    assert found["T7/taper-completed"].latest == date(2026, 5, 5)
    shown = found["T7/disease-assessment"]
    assert (shown.status, shown.actual) == ("due", date(2026, 5, 20))
    assert shown.latest is None or shown.latest >= date(2026, 5, 20)


# The 48 hours --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("planned", "last", "words"),
    [
        pytest.param(datetime(2026, 6, 15, 10), date(2026, 6, 17), "Wed 17-Jun-2026 10:00", id="an ordinary week"),
        pytest.param(datetime(2026, 3, 7, 10), date(2026, 3, 9), "Mon 09-Mar-2026 10:00", id="spring: the wall time comes first"),
        pytest.param(datetime(2026, 10, 31, 10), date(2026, 11, 2), "Mon 02-Nov-2026 09:00", id="autumn: the hours come first"),
        pytest.param(datetime(2026, 3, 6, 2, 30), date(2026, 3, 8), "Sun 08-Mar-2026 03:00", id="the jump"),
        pytest.param(datetime(2026, 10, 30, 1, 30), date(2026, 11, 1), "Sun 01-Nov-2026 01:30", id="the first half past one"),
    ],
)
def test_the_infusion_starts_within_48_hours_by_the_clock_and_as_elapsed_time(findings_of, site_of, planned, last, words):
    found = findings_of(site_of(), planned)["T36/day-zero"]
    assert (found.status, found.latest) == ("met", last)
    assert f"The infusion starts no later than {words}" in finding_basis(found, "day 0")


def test_a_limit_in_a_doubled_hour_says_which_of_the_two(findings_of, site_of):
    """Daylight time, not standard: 48 hours after Fri 30-Oct-2026 01:30 the clocks show 01:30 for the first time."""
    basis = finding_basis(findings_of(site_of(), datetime(2026, 10, 30, 1, 30))["T36/day-zero"], "day 0")
    assert any(word in basis for word in ("daylight", "-04:00", "-0400", "−04:00", "EDT", "1st"))


def test_without_an_hour_the_day_after_is_the_last_that_is_safe(findings_of):
    found = findings_of()["T36/day-zero"]
    assert (found.status, found.latest) == ("met", date(2026, 6, 16))
    assert "; on a later day within 48 hours only once both hours are entered." in finding_basis(found, "day 0")


# Without a day 0, and with a trial of one's own ------------------------------------------------------------------------


def test_without_a_day_zero_nothing_is_judged_that_needs_one(findings_of):
    found = findings_of(planned_day_zero=None, dates={"gvhd-steroid-last": date(2026, 5, 4), "marrow": date(2026, 5, 20)})
    assert (found["T16/gvhd-steroid-last"].status, finding_basis(found["T16/gvhd-steroid-last"], "day 0")) == ("due", "Judged once there is a day 0.")
    assert found["T14/marrow"].expires == date(2026, 6, 17)
    assert finding_basis(found["T1"], "day 0") == "Dated once there is a day 0."


NOTE = """
format = 1
id = "X-1"
title = "a small trial"
version = "1"
date = 2026-01-02
jurisdiction = "nowhere"
numbering = "day-zero"
months = "next-first"
day-zero = "cells"
source = "record"
[sources.record]
title = "The record"
address = "https://example.org"
date = 2026-01-02
[dates.scan]
title = "scan"
kind = "test"
[dates.taper]
title = "taper"
kind = "last"
[activities.cells]
title = "cells"
days = "0"
category = "treatment"
quote = "the cells"
[rules.T1]
title = "one"
quote = "one"
[[rules.T1.bounds]]
point = "scan"
safe = ["scan at least 15 days after taper"]
note-when = "cells.first at most 62 days after scan"
note-text = "Look again."
"""


def test_a_note_that_needs_a_day_zero_waits_for_it(plan_of):
    trial = read_protocol(NOTE, "x.toml")
    dates = {"scan": date(2026, 5, 20), "taper": date(2026, 5, 1)}
    assert [(f.status, "Look again" in finding_basis(f, "day 0")) for f in plan_of(protocol=trial, dates=dates).findings] == [("met", False)]
    plan = plan_of(protocol=trial, planned_day_zero=P, dates=dates)
    assert [(f.status, "Look again" in finding_basis(f, "day 0")) for f in plan.findings] == [("met", True)]


def test_dates_that_are_missing_stay_due_where_their_own_bounds_leave_none(plan_of):
    """Two open points without a date left: each is due, and no day 0 is possible where one of them is required."""
    bounds = '[[rules.T{n}.bounds]]\npoint = "{p}"\nsafe = ["day-zero at least 9 days after {p}", "day-zero at most 8 days after {p}"]\n'
    text = NOTE.partition("[[rules.T1.bounds]]")[0] + bounds.format(n=1, p="scan")
    text += '[rules.T2]\ntitle = "two"\nquote = "two"\n' + bounds.format(n=2, p="taper")
    plan = plan_of(protocol=read_protocol(text, "x.toml"), planned_day_zero=P)
    assert [(f.ref, f.status) for f in plan.findings] == [("T1", "due"), ("T2", "due")]
    required = text.replace('kind = "test"', 'kind = "test"\nrequired = true')
    assert plan_of(protocol=read_protocol(required, "x.toml"), planned_day_zero=P).feasible.intervals == ()
