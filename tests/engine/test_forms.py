"""Every form that a protocol can have, on an invented one (tests/forms/forms.toml): dates and verdicts worked out by hand.

Planned day 0 is Mon 15-Jun-2026 10:00 in New York, so day −5 is Wed 10-Jun and day +28 Mon 13-Jul.
"""

from datetime import date, datetime, time

import pytest
from shared import ROOT
from shared.forms import (
    CASE,
    SITE,
    START,
    TEXT,
    Patient,
    store,  # noqa: F401
)
from shared.protocols import protocol_of
from shared.refused import said, why_not

from schedule.files.case_file import read_case
from schedule.files.site_file import read_site
from schedule.ledger.sqlite import SqliteStore
from schedule.model.acts import Amend
from schedule.model.errors import Refused
from schedule.model.text import sha256
from schedule.output.outputs import pages
from schedule.service.acts import perform
from schedule.service.create import Meta, create
from schedule.service.inputs import Inputs
from schedule.words.alerts import banner
from schedule.words.findings import finding_basis, repeat_in_words
from schedule.words.plan import frame
from schedule.words.titles import full_title


def rows(text):
    """Dates as `16-Jun 18-Jun`, of 2026."""
    return [datetime.strptime(f"{part}-2026", "%d-%b-%Y").date() for part in text.split()]


@pytest.fixture
def patient(store):
    return Patient(store, '[choices]\ncy-day = "early"\npart = "one"\n')


def begin(patient):
    """All of lymphodepletion recorded given: fludarabine 10 to 12 June, cyclophosphamide 13 June."""
    for number, day in enumerate((10, 11, 12), 1):
        at = f"2026-06-{day} 09:00"
        patient.act("record", f"2026-06-{day} 20:00", event=f"flu-{number}", outcome="given", at=at)
    patient.act("record", "2026-06-13 20:00", event="cy-1", outcome="given", at="2026-06-13")


def window(event):
    """The first and the last date of an event's window."""
    return event.earliest.on, event.latest.on


def test_a_series_a_list_and_a_window_are_dated(patient):
    assert patient.on("il2") == rows("16-Jun 18-Jun 20-Jun 22-Jun 24-Jun 26-Jun 28-Jun")
    assert patient.on("visit") == rows("22-Jun 29-Jun")
    assert window(patient.event("visit-2")) == tuple(rows("27-Jun 01-Jul"))
    assert patient.on("response") == rows("13-Jul")
    assert window(patient.event("response-1")) == tuple(rows("06-Jul 27-Jul"))


def test_a_series_in_hours_fills_its_time_without_the_end_and_has_its_tolerance(patient):
    """From 16:00 on day 0: 48 elapsed hours later it is 16:00 two days on, the seventh dose. The eighth would begin
    after 56 hours, which is the end and not included; 14 are not reached."""
    moments = [event.start for event in patient.plan.events if event.activity == "cytokine"]
    clocks = [(15, 16), (16, 0), (16, 8), (16, 16), (17, 0), (17, 8), (17, 16)]
    assert [(moment.day, moment.hour) for moment in moments] == clocks
    last = patient.event("cytokine-7")
    assert [f"{one.at:%d %H:%M}" for one in (last.earliest, last.latest)] == ["17 15:00", "17 17:00"] and last.of == 7


def test_a_yearly_series_after_another_activity_counts_years_from_it_and_not_days(store):
    leap = CASE.replace("2026-06-15T10:00:00", "2028-02-29")
    protocol = protocol_of(TEXT, "forms.toml")
    site = read_site(SITE, "site.toml", protocol)
    inputs = Inputs(protocol=protocol, site=site, case=read_case(leap, "case.toml", protocol, site))
    when = datetime(2028, 1, 1)
    meta = Meta(by="PI", at=START, as_of=when, site_time=when)
    plan = create(store, inputs, {sha256(one): one for one in (TEXT, SITE, leap)}, meta).after
    years = [event.on for event in plan.events if event.activity == "follow-up"]
    assert years == [date(2029, 3, 1), date(2030, 3, 1), date(2031, 3, 1)]


def test_what_hangs_on_a_choice_has_no_date_until_it_is_made(store):
    patient = Patient(store)
    assert patient.on("cy") == [] and patient.on("lead-in") == []
    assert {"choice-cy-day", "choice-part"} <= {f.ref for f in patient.plan.findings if f.status == "due"}
    assert {"cy-day", "part"} <= {gap.parameter for gap in patient.plan.not_stated}
    assert patient.plan.feasible.hangs_on == ("cy-day", "part")
    assert patient.status("GAP") == "not stated" and patient.status("PART") == "due"
    patient.act("choose", "2026-05-27 08:00", name="cy-day", option="late")
    patient.act("choose", "2026-05-27 08:00", name="part", option="two")
    assert patient.on("cy") == rows("14-Jun") and patient.on("lead-in") == rows("08-Jun")
    assert patient.status("GAP") == "violated", "one day after completion is less than two"
    patient.act("choose", "2026-05-27 09:00", name="part", option="one")
    assert patient.on("lead-in") == [] and patient.event("lead-in-1").status == "cancelled"
    assert patient.status("PART") == "not applicable"


@pytest.mark.parametrize(
    ("name", "option", "message"),
    [
        ("cy-days", "late", 'CASE-1, choice "cy-days": the protocol has no such choice - did you mean "cy-day"?'),
        ("cy-day", "later", 'CASE-1, cy-day: "later" is not one of its options - did you mean "late"?'),
    ],
)
def test_a_choice_or_an_option_that_is_not_there_is_refused_with_the_nearest(patient, name, option, message):
    with pytest.raises(Refused) as refused:
        patient.act("choose", "2026-05-27 08:00", name=name, option=option)
    assert said(refused.value) == message


def test_a_second_clock_waits_for_its_date_and_does_not_move_with_day_0(patient):
    assert patient.on("questionnaire") == []
    assert "randomisation" in {gap.parameter for gap in patient.plan.not_stated}
    patient.act("fact", "2026-06-02 08:00", name="randomisation", value="2026-06-01")
    assert patient.on("questionnaire") == rows("01-Jul 31-Jul")
    assert str(patient.event("questionnaire-1").label) == "Day\u00a0+30 (randomisation)"
    patient.act("slip", "2026-06-03 08:00", to="2026-06-22 10:00")
    assert patient.on("questionnaire") == rows("01-Jul 31-Jul") and patient.on("flu") == rows("17-Jun 18-Jun 19-Jun")


def test_a_clock_that_never_starts_leaves_nothing_open(patient):
    patient.act("fact", "2026-06-02 08:00", name="second-infusion", value="never")
    assert patient.on("second-cells") == []
    assert "second-infusion" not in {gap.parameter for gap in patient.plan.not_stated}
    assert patient.status("SECOND") == "not applicable"


def test_a_second_course_keeps_what_has_begun_when_its_infusion_moves(patient):
    """Second infusion 7-Sep: fludarabine 2 to 4 September. Moved on 3-Sep by two days: cells move, the begun course stays."""
    patient.act("fact", "2026-06-02 08:00", name="second-infusion", value="2026-09-07")
    assert patient.on("second-flu") == rows("02-Sep 03-Sep 04-Sep") and patient.on("second-cells") == rows("07-Sep 14-Sep")
    assert patient.on("after-dose") == rows("08-Sep 09-Sep 15-Sep 16-Sep")
    assert patient.status("SECOND") == "met", "15-Jun + 12 weeks = 7-Sep"
    patient.act("record", "2026-06-15 12:00", event="cells-1", outcome="given", at="2026-06-15 10:00")
    patient.act("fact", "2026-08-20 08:00", name="second-infusion", value="2026-09-09")
    assert patient.on("second-flu") == rows("04-Sep 05-Sep 06-Sep")
    patient.act("record", "2026-09-04 10:00", event="second-flu-1", outcome="given", at="2026-09-04")
    patient.act("fact", "2026-09-05 08:00", name="second-infusion", value="2026-09-11")
    assert patient.on("second-flu") == rows("04-Sep 05-Sep 06-Sep")
    assert patient.on("il2")[-1] == rows("28-Jun")[0]


def test_completion_is_the_last_dose_given_or_still_planned(patient):
    begin(patient)
    finding = next(f for f in patient.plan.findings if f.ref == "GAP")
    assert "Sat 13-Jun-2026 + 2 days = Mon 15-Jun-2026" in finding_basis(finding, "day 0") and finding.status == "met"
    patient.act("record", "2026-06-14 20:00", event="cy-1", outcome="given", at="2026-06-14")
    assert patient.status("GAP") == "violated", "completed on 14-Jun, one day before the cells"
    patient.act("record", "2026-06-14 21:00", event="cy-1", outcome="held", at="2026-06-14")
    finding = next(f for f in patient.plan.findings if f.ref == "GAP")
    assert finding.status == "met" and "Fri 12-Jun-2026 + 2 days = Sun 14-Jun-2026" in finding_basis(finding, "day 0")


def test_rest_days_are_one_fewer_than_the_difference(patient):
    """Completed 13-Jun: 20 rest days between allow 4-Jul, a difference of 21 days, and not 5-Jul."""
    begin(patient)
    for day, status in (("2026-07-04", "met"), ("2026-07-05", "violated")):
        done = patient.act("slip", "2026-06-14 08:00", to=f"{day} 10:00")
        found = {finding.ref: finding.status for finding in done.after.findings}
        assert found["REST"] == status
        assert not done.saved, "GAP asks first"


def test_a_slip_without_a_stated_limit_asks_the_investigator_until_ruled_for_that_day(patient):
    begin(patient)
    assert patient.status("DELAY") == "not stated"
    done = patient.act("slip", "2026-06-14 08:00", to="2026-06-17 10:00")
    assert done.saved and done.verdict.kind == "slip" and done.verdict.limit is None
    assert patient.status("DELAY") == "boundary" and "DELAY" in banner(patient.plan)
    patient.act("rule", "2026-06-14 09:00", rule="DELAY")
    assert patient.status("DELAY") == "ruled"
    patient.act("slip", "2026-06-14 10:00", to="2026-06-18 10:00")
    assert patient.status("DELAY") == "boundary", "the ruling was for another day"
    patient.act("slip", "2026-06-14 11:00", to="2026-06-15 10:00")
    assert patient.status("DELAY") == "not stated"


def test_a_gap_too_long_asks_first_and_then_wants_lymphodepletion_again(patient):
    """Completed 13-Jun: 28 days allow 11-Jul. On 12-Jul the course is to be repeated: completed 2 to 14 days before, 28-Jun to 10-Jul."""
    begin(patient)
    to = "2026-07-12 10:00"
    refused = patient.act("slip", "2026-06-20 08:00", to=to)
    assert "dayzero slip … --repeat" in why_not(refused)[0]
    assert not refused.saved and {finding.ref for finding in refused.verdict.findings} == {"GAP", "REST"}
    for rule in ("GAP", "REST"):
        patient.act("rule", "2026-06-20 09:00", rule=rule, **{"for": to})
    assert patient.act("slip", "2026-06-20 10:00", to=to).saved
    finding = next(f for f in patient.plan.findings if f.ref == "AGAIN")
    assert finding.status == "violated" and repeat_in_words(finding.repeat) == "lymphodepletion (its last dose)"
    assert (finding.repeat.earliest, finding.repeat.latest) == tuple(rows("28-Jun 10-Jul"))
    assert "NOT ALLOWED UNTIL REPEATED: lymphodepletion (its last dose), Sun 28-Jun-2026 to Fri 10-Jul-2026 (AGAIN)" in banner(patient.plan)


def test_lymphodepletion_given_once_more_gets_new_numbers_and_what_was_given_stays(patient):
    """New day 0 Sun 12-Jul: fludarabine 7 to 9 July, cyclophosphamide 10 July; the June doses keep their dates."""
    begin(patient)
    done = patient.act("slip", "2026-07-01 08:00", to="2026-07-12 10:00", repeat=True)
    assert done.saved and done.verdict.kind == "re-plan"
    assert patient.on("flu") == rows("10-Jun 11-Jun 12-Jun 07-Jul 08-Jul 09-Jul")
    assert [event.id for event in patient.plan.events if event.activity == "flu"] == [f"flu-{n}" for n in range(1, 7)]
    assert full_title(patient.event("flu-4").title) == "fludarabine (dose\u00a01\u00a0of\u00a03)".replace("\u00a0", " ")
    assert patient.event("flu-1").status == "given" and str(patient.event("flu-4").label) == "Day\u00a0−5"
    assert {ref: patient.status(ref) for ref in ("GAP", "REST", "AGAIN", "DELAY")} == {
        "GAP": "met", "REST": "met", "AGAIN": "met", "DELAY": "not stated",
    }  # fmt: skip
    again = patient.act("slip", "2026-07-02 08:00", to="2026-07-13 10:00")
    assert again.saved and again.verdict.kind == "re-plan", "the second lymphodepletion has not begun"
    assert patient.on("flu")[3:] == rows("08-Jul 09-Jul 10-Jul")
    patient.act("record", "2026-07-08 20:00", event="flu-4", outcome="given", at="2026-07-08 09:00")
    third = patient.act("slip", "2026-07-09 08:00", to="2026-07-14 10:00")
    assert third.verdict.kind == "slip" and patient.on("flu")[3:] == rows("08-Jul 09-Jul 10-Jul")


def test_lymphodepletion_is_not_repeated_before_it_is_over_or_where_nothing_allows_it(store, patient, tmp_path):
    early = patient.act("slip", "2026-06-01 08:00", to="2026-06-22 10:00", repeat=True)
    assert not early.saved and why_not(early)[0].startswith("Lymphodepletion has not begun")
    patient.act("record", "2026-06-10 20:00", event="flu-1", outcome="given", at="2026-06-10")
    under_way = patient.act("slip", "2026-06-11 08:00", to="2026-06-22 10:00", repeat=True)
    assert not under_way.saved and "still to come" in why_not(under_way)[0]
    never = TEXT.replace("repeatable = true\nderivation = \"invented\"\n", "").replace('repeat-course = "lymphodepletion"', "")
    never = never.replace('if-broken = "repeat"\nrepeat = "lymphodepletion"\n', 'if-broken = "ask"\n')
    with SqliteStore(tmp_path / "other") as other:
        second = Patient(other, '[choices]\ncy-day = "early"\npart = "one"\n', text=never)
        begin(second)
        refused = second.act("slip", "2026-06-20 08:00", to="2026-07-12 10:00", repeat=True)
        assert why_not(refused) == ("The protocol does not speak of giving lymphodepletion once more.",)


@pytest.mark.parametrize(("hour", "status"), [("09:00", "met"), ("08:59", "violated")])
def test_hours_between_two_events_are_judged_by_the_hour(store, hour, status):
    """The last fludarabine is Fri 12-Jun 09:00; 72 hours later it is Mon 15-Jun 09:00."""
    patient = Patient(store, '[choices]\ncy-day = "early"\npart = "one"\n')
    patient.act("slip", "2026-06-01 08:00", to=f"2026-06-15 {hour}")
    assert patient.status("HOURS") == status


def test_hours_between_two_events_hang_on_the_hours_where_one_is_not_known(store):
    patient = Patient(store, '[choices]\ncy-day = "early"\npart = "one"\n', site=SITE.partition("[times]")[0])
    assert patient.status("HOURS") == "boundary"


def test_spacing_counts_doses_where_they_were_given_and_not_those_held(patient):
    assert patient.status("SPACE") == "met" and patient.status("WEEK") == "met"
    patient.act("record", "2026-06-15 12:00", event="cells-1", outcome="given", at="2026-06-15 10:00")
    patient.act("record", "2026-06-17 12:00", event="il2-1", outcome="given", at="2026-06-17")
    assert patient.status("SPACE") == "violated", "17-Jun and 18-Jun are one day apart"
    patient.act("record", "2026-06-18 12:00", event="il2-2", outcome="held", at="2026-06-18")
    assert patient.status("SPACE") == "met"


def test_no_more_than_so_many_in_any_days_in_a_row(store):
    """Daily for a week: 7 in 7 days, where 4 are allowed."""
    daily = TEXT.replace("every 2 days x 7 from +1", "+1 to +7")
    patient = Patient(store, text=daily)
    assert patient.status("WEEK") == "violated" and patient.status("SPACE") == "violated"


def test_what_goes_on_until_something_is_ended_by_a_record_and_at_the_latest_on_its_last_day(patient):
    growth = patient.event("growth-factor-1")
    assert (growth.on, growth.last_date) == tuple(rows("20-Jun 04-Jul"))
    assert full_title(growth.title) == "growth factor, from this day until counts recover, at the latest Sat 04-Jul-2026"
    assert patient.on("count-check") == [], "nobody knows yet when it ends"
    patient.act("record", "2026-06-15 12:00", event="cells-1", outcome="given", at="2026-06-15 10:00")
    patient.act("record", "2026-06-20 12:00", event="growth-factor-1", outcome="given", at="2026-06-20")
    assert patient.event("growth-factor-1").last_date == rows("04-Jul")[0]
    patient.act("record", "2026-07-01 12:00", event="growth-factor-1", outcome="done", at="2026-07-01")
    assert patient.event("growth-factor-1").last_date == rows("01-Jul")[0]
    assert patient.on("count-check") == rows("08-Jul")
    patient.act("record", "2026-07-01 13:00", event="growth-factor-1", outcome="given", at="2026-06-20")
    assert patient.event("growth-factor-1").last_date == rows("04-Jul")[0], "ended by mistake, and corrected"


def test_a_slip_moves_what_follows_the_cells_and_nothing_else(patient):
    begin(patient)
    patient.act("fact", "2026-06-13 21:00", name="randomisation", value="2026-06-01")
    patient.act("slip", "2026-06-14 08:00", to="2026-06-16 12:00")
    assert patient.on("flu") == rows("10-Jun 11-Jun 12-Jun") and patient.on("cy") == rows("13-Jun")
    assert patient.on("collection") == rows("15-Jun"), "of 14-Jun without an hour, so not past: the day before the cells"
    assert patient.on("il2") == rows("17-Jun 19-Jun 21-Jun 23-Jun 25-Jun 27-Jun 29-Jun")
    first = patient.event("cytokine-1")
    assert first.on == rows("16-Jun")[0] and first.start.time() == time(18, 0)
    assert window(patient.event("response-1")) == tuple(rows("07-Jul 28-Jul"))
    assert patient.on("follow-up")[0] == date(2027, 6, 16)
    assert patient.on("questionnaire") == rows("01-Jul 31-Jul")


def test_a_start_date_entered_again_leaves_what_is_recorded_or_past(patient):
    """1-Jun + 60 days = 31-Jul, which is over on 2-Aug: it stays, and is asked about."""
    patient.act("fact", "2026-08-01 08:00", name="randomisation", value="2026-06-01")
    patient.act("note", "2026-08-01 09:00")
    assert patient.event("questionnaire-1").status == "unconfirmed"
    patient.act("record", "2026-08-01 10:00", event="questionnaire-1", outcome="done", at="2026-07-02")
    patient.act("fact", "2026-08-02 08:00", name="randomisation", value="2026-07-20")
    assert patient.on("questionnaire") == rows("02-Jul 31-Jul")


def test_a_cycle_that_would_begin_before_the_one_before_is_over_is_violated_and_can_be_mended(store):
    """Cycle 1 begins on Fri 12-Jun, three days before the cells; 28 days later it is Fri 10-Jul."""
    text = (ROOT / "schedule" / "protocols" / "nct03349502.toml").read_text(encoding="utf-8")
    site = 'format = 1\nzone = "Asia/Seoul"\n[parameters]\nil2-days = "4 to 6, 11 to 13, 18 to 20"\n'
    patient = Patient(store, text=text, site=site)
    patient.act("record", "2026-06-15 12:00", event="mg4101-1", outcome="given", at="2026-06-15 10:00")
    assert patient.on("mg4101")[3:] == rows("13-Jul 20-Jul 27-Jul")
    patient.act("fact", "2026-06-16 08:00", name="cycle-2", value="2026-06-01")
    assert patient.status("cycle-2") == "violated" and "cycle-2" in banner(patient.plan)
    patient.act("note", "2026-06-16 08:10")
    patient.act("fact", "2026-06-16 08:20", name="cycle-2", value="2026-07-17")
    assert patient.status("cycle-2") == "met"
    assert patient.on("mg4101")[3:] == rows("20-Jul 27-Jul 03-Aug")
    assert str(patient.event("mg4101-4").label).replace("\u00a0", " ") == "Cycle 2 Day 4"
    patient.act("fact", "2026-06-17 08:00", name="cycle-2", value="never")
    assert patient.on("mg4101") == rows("15-Jun 22-Jun 29-Jun") and full_title(patient.event("mg4101-2").title).endswith("2 of 3)")


def test_after_a_slip_feasible_days_begin_with_the_planned_one_and_later_ones_are_asked_about(patient):
    """Completed 13-Jun + 14 days = 27-Jun. On 15-Jun, as planned, nothing is wrong, but no date of the patient is known;
    later days are a delay without a stated limit; none is before the planned day."""
    begin(patient)
    patient.act("slip", "2026-06-14 08:00", to="2026-06-17 10:00")
    planned, last = date(2026, 6, 15), date(2026, 6, 27)
    assert patient.plan.feasible.intervals == ((planned, planned, "due"), (date(2026, 6, 16), last, "boundary"))


def test_an_option_dates_in_the_past_what_is_asked_about_and_what_was_given_stays(store):
    """Part 2 has a lead-in on day −7, Mon 8-Jun; part 1 has none."""
    patient = Patient(store, '[choices]\ncy-day = "early"\npart = "one"\n')
    patient.act("choose", "2026-06-09 08:00", name="part", option="two")
    assert (patient.on("lead-in"), patient.event("lead-in-1").status) == (rows("08-Jun"), "unconfirmed")
    patient.act("record", "2026-06-09 12:00", event="lead-in-1", outcome="given", at="2026-06-08")
    patient.act("choose", "2026-06-09 13:00", name="part", option="one")
    assert (patient.on("lead-in"), patient.event("lead-in-1").status) == (rows("08-Jun"), "given")
    patient.act("choose", "2026-06-09 13:00", name="cy-day", option="late")
    assert patient.on("cy") == rows("14-Jun")


def test_a_begun_course_gets_no_more_doses_by_an_option(store):
    more = TEXT.replace('days = { early = "-2", late = "-1" }', 'days = { early = "-2", late = "-2, -1" }')
    patient = Patient(store, '[choices]\ncy-day = "early"\npart = "one"\n', text=more)
    patient.act("record", "2026-06-10 20:00", event="flu-1", outcome="given", at="2026-06-10")
    patient.act("choose", "2026-06-10 21:00", name="cy-day", option="late")
    assert patient.on("cy") == rows("13-Jun")


def test_every_page_names_what_was_chosen_for_the_patient(patient):
    shared = frame(patient.plan, START)
    assert shared.protocol == "FORMS (two days before the cells; part 1), 1"


# what was found by trying to break it --------------------------------------------------------------------------------


def test_a_course_that_is_due_keeps_what_an_option_would_leave_out(store):
    """Nothing is recorded, but the lead-in was due on Mon 8-Jun: part 1 has none. With it, its course had begun."""
    in_course = TEXT.replace('[activities.lead-in]\n', '[activities.lead-in]\ncourse = "lymphodepletion"\n')
    patient = Patient(store, '[choices]\ncy-day = "early"\npart = "two"\n', text=in_course)
    patient.act("choose", "2026-06-08 12:00", name="part", option="one")
    assert patient.plan.case.choices["part"] == "one" and patient.on("lead-in") == rows("08-Jun")


def test_an_option_leaves_out_what_is_not_due_yet(store):
    in_course = TEXT.replace('[activities.lead-in]\n', '[activities.lead-in]\ncourse = "lymphodepletion"\n')
    patient = Patient(store, '[choices]\ncy-day = "early"\npart = "two"\n', text=in_course)
    patient.act("choose", "2026-06-07 12:00", name="part", option="one")
    assert patient.event("lead-in-1").status == "cancelled"


def test_an_infusion_recorded_by_mistake_and_corrected_leaves_nothing_behind(patient):
    """Recorded for 15-Jun, corrected on 16-Jun, slipped to 17-Jun: interleukin-2 from the 18th, seven doses."""
    begin(patient)
    patient.act("record", "2026-06-15 12:00", event="cells-1", outcome="given", at="2026-06-15 10:00")
    patient.act("note", "2026-06-16 21:00")
    patient.act("record", "2026-06-16 21:30", event="cells-1", outcome="held", at="2026-06-15")
    patient.act("slip", "2026-06-16 22:00", to="2026-06-17 10:00")
    assert patient.on("il2") == rows("18-Jun 20-Jun 22-Jun 24-Jun 26-Jun 28-Jun 30-Jun")
    assert len(patient.on("cytokine")) == 7 and patient.event("cytokine-1").start.hour == 16


def test_a_corrected_hour_of_the_infusion_moves_what_is_counted_from_it_in_hours(patient):
    patient.act("record", "2026-06-15 17:00", event="cells-1", outcome="given", at="2026-06-15 10:00")
    patient.act("record", "2026-06-15 18:00", event="cells-1", outcome="given", at="2026-06-15 11:30")
    moments = [event.start for event in patient.plan.events if event.activity == "cytokine"][:2]
    assert [(moment.day, moment.hour, moment.minute) for moment in moments] == [(15, 17, 30), (16, 1, 30)]


def test_a_cytokine_counted_from_the_cells_cannot_be_given_before_them(patient):
    with pytest.raises(Refused) as refused:
        patient.act("record", "2026-06-15 18:00", event="cytokine-1", outcome="given", at="2026-06-15 16:00")
    assert "it follows the cells, and the infusion is not recorded" in said(refused.value)


def test_an_infusion_that_starts_minutes_late_on_its_day_is_no_delay(patient):
    begin(patient)
    patient.act("record", "2026-06-15 12:00", event="cells-1", outcome="given", at="2026-06-15 10:05")
    assert patient.status("DELAY") == "not stated"


CYCLES = (
    TEXT.replace("[courses.lymphodepletion]", '[cycles]\nlength = "28 days"\ncount = 3\nderivation = "invented"\n\n[courses.lymphodepletion]')
    .replace('days = "every 2 days x 7 from +1"', 'days = "+1, +5"\ncycles = "1 to 3"')
)  # fmt: skip


def test_cycles_follow_one_another_and_one_left_out_comes_back(store):
    """Cycle 1 begins on day 0, 15-Jun; 28 days later 13-Jul; 28 days later 10-Aug."""
    patient = Patient(store, '[choices]\ncy-day = "early"\npart = "one"\n', text=CYCLES)
    assert patient.on("il2") == rows("16-Jun 20-Jun 14-Jul 18-Jul 11-Aug 15-Aug")
    patient.act("fact", "2026-05-27 08:00", name="cycle-2", value="2026-07-20")
    assert patient.on("il2") == rows("16-Jun 20-Jun 21-Jul 25-Jul 18-Aug 22-Aug"), "cycle 3 follows cycle 2"
    patient.act("fact", "2026-05-27 09:00", name="cycle-2", value="never")
    assert patient.on("il2") == rows("16-Jun 20-Jun 11-Aug 15-Aug")
    assert patient.plan.events[-1].id and full_title(patient.event("il2-6").title) == "interleukin-2 (dose 4 of 4)"
    patient.act("fact", "2026-05-27 10:00", name="cycle-3", value="never")
    assert patient.on("il2") == rows("16-Jun 20-Jun")
    patient.act("fact", "2026-05-27 11:00", name="cycle-3", value="2026-09-01")
    assert patient.on("il2") == rows("16-Jun 20-Jun 02-Sep 06-Sep"), "struck ones come back under new numbers"
    ids = [event.id for event in patient.plan.events]
    assert len(set(ids)) == len(ids)


def test_a_number_given_to_a_dose_planned_anew_is_not_taken_by_a_later_one(store):
    """il2-4 (cycle 2, 18-Jul) is held; day 0 moves to 22-Jun, cycle 2 begins on 20-Jul, so it is planned again on 25-Jul, as
    il2-5; cycle 3, left out until then, has il2-6 and il2-7."""
    patient = Patient(store, '[choices]\ncy-day = "early"\npart = "one"\n[dates]\ncycle-3 = "never"\n', text=CYCLES)
    patient.act("record", "2026-05-28 08:00", event="il2-4", outcome="held", at="2026-05-28")
    patient.act("slip", "2026-05-28 09:00", to="2026-06-22 10:00")
    patient.act("fact", "2026-05-28 10:00", name="cycle-3", value="2026-09-01")
    found = {event.id: (event.on, event.status) for event in patient.plan.events if event.activity == "il2"}
    assert found["il2-4"] == (date(2026, 7, 18), "held") and found["il2-5"] == (date(2026, 7, 25), "planned")
    assert [found[f"il2-{n}"][0] for n in (6, 7)] == rows("02-Sep 06-Sep") and len(found) == 7


def test_a_cycle_whose_course_has_begun_is_not_said_never_to_be(store):
    own = CYCLES.replace('unit = "dose"\ncourse = "il2"', 'unit = "dose"\ncourse = "il2"', 1)
    patient = Patient(store, '[choices]\ncy-day = "early"\npart = "one"\n', text=own)
    patient.act("record", "2026-06-15 12:00", event="cells-1", outcome="given", at="2026-06-15 10:00")
    patient.act("record", "2026-07-14 12:00", event="il2-3", outcome="given", at="2026-07-14")
    with pytest.raises(Refused) as refused:
        patient.act("fact", "2026-07-14 13:00", name="cycle-2", value="never")
    assert "Interleukin-2 has begun, so it cannot be never" in said(refused.value)


def test_an_amendment_to_another_trial_is_refused(patient):
    other = TEXT.replace('id = "FORMS"', 'id = "OTHER"')
    deed = Amend(protocol=sha256(other), site=patient.plan.site.sha256)
    with pytest.raises(Refused) as refused:
        perform(patient.store, "CASE-1", deed, patient.meta("2026-05-27 08:00"), texts={sha256(other): other})
    assert said(refused.value) == (
        "CASE-1, protocol: OTHER is a different trial from FORMS - "
        "an amendment is another version of the same one; a new trial is a new plan under a new code"
    )


def test_an_amendment_that_renames_an_activity_leaves_every_page_whole(patient):
    begin(patient)
    renamed = TEXT.replace("[activities.cy]", "[activities.cyclo]")
    deed = Amend(protocol=sha256(renamed), site=patient.plan.site.sha256)
    perform(patient.store, "CASE-1", deed, patient.meta("2026-06-14 08:00"), texts={sha256(renamed): renamed})
    assert patient.event("cy-1").status == "given"
    assert "cyclophosphamide" in pages(patient.plan, START)["overview.html"]


@pytest.mark.parametrize(
    ("literal", "status"), [("", "violated"), ('literal = ["day-zero at least 70 hours after flu.last"]\n', "boundary"), ("literal = []\n", "boundary")]
)
def test_hours_have_two_readings_like_days(store, literal, status):
    """The last fludarabine is Fri 12-Jun 09:00; the cells at 08:30 on Monday are 71.5 hours later."""
    asked = 'safe = ["day-zero at least 72 hours after flu.last"]\n'
    patient = Patient(store, '[choices]\ncy-day = "early"\npart = "one"\n', text=TEXT.replace(asked, asked + literal))
    patient.act("slip", "2026-06-01 08:00", to="2026-06-15 08:30")
    assert patient.status("HOURS") == status


def test_a_rule_about_the_first_or_last_dose_counts_from_the_day_on_which_it_was_given(store):
    """Fludarabine 3 is planned for 12-Jun and given on 13-Jun: 3 days later it is 16-Jun."""
    asked = 'safe = ["day-zero at least 72 hours after flu.last"]'
    text = TEXT.replace(asked, 'safe = ["day-zero at least 3 days after flu.last"]')
    patient = Patient(store, '[choices]\ncy-day = "early"\npart = "one"\n', text=text)
    begin(patient)
    assert patient.status("HOURS") == "met", "12-Jun + 3 days = 15-Jun"
    patient.act("record", "2026-06-13 21:00", event="flu-3", outcome="given", at="2026-06-13 09:00")
    assert patient.status("HOURS") == "violated"
    patient.act("record", "2026-06-13 22:00", event="flu-3", outcome="held", at="2026-06-12")
    assert patient.status("HOURS") == "met", "the last one given is that of 11-Jun"
