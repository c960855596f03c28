"""From days to dates: every form of the grammar laid out by hand, with its hour, its label, its words and its flags."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from schedule.engine.plan import lay_out
from schedule.files.protocol_file import read_protocol
from schedule.model.case import Attested, Case, Site
from schedule.model.errors import InputError
from schedule.words.basis import basis_of
from schedule.words.days_off import days_off_of
from schedule.words.findings import finding_basis
from schedule.words.gaps import gap_in_words
from schedule.words.titles import full_title

HEAD = """
format = 1
id = "X-1"
title = "a small trial"
version = "1"
date = 2026-01-02
jurisdiction = "nowhere"
numbering = "{numbering}"
months = "{months}"
day-zero = "cells"
source = "record"
[sources.record]
title = "The record"
address = "https://example.org"
date = 2026-01-02
[parameters.visits]
title = "days of the visits"
kind = "days"
missing = "No visit is named."
[attestations.fit]
title = "Fit."
[rules.T1]
title = "one"
quote = "one"
[[rules.T1.statements]]
ref = "T1"
kind = "attestation"
attestation = "fit"
words = "fit"
[activities.cells]
title = "cells"
days = "{cells}"
category = "treatment"
quote = "the cells"
criterion = "Study Groups"
"""


def trial(*activities, numbering="day-zero", months="next-first", cells="0"):
    """A trial with the infusion and these activities, each as (id, days, more lines)."""
    text = HEAD.format(numbering=numbering, months=months, cells=cells)
    for name, days, *more in activities:
        text += f'[activities.{name}]\ntitle = "{name}"\ncategory = "visit"\nquote = "{name}"\ndays = "{days}"\n' + "\n".join(more) + "\n"
    return read_protocol(text, "x.toml")


@pytest.fixture(scope="session")
def events_of(site_of, plan_of):
    """The events of a trial by id, day 0 on Mon 15-Jun-2026 unless told otherwise."""

    def make(protocol, times=None, day_zero=date(2026, 6, 15), zone="America/New_York", as_of=datetime(2026, 1, 1), more="", **parameters):
        site = site_of(parameters, times, more, zone, protocol)
        plan = plan_of(site, protocol, as_of, planned_day_zero=day_zero)
        return {event.id: event for event in plan.events}

    return make


def dates_of(events, activity):
    return [event.on for event in sorted(events.values(), key=lambda event: event.number) if event.activity == activity]


def days(*texts):
    return [date.fromisoformat(text) for text in texts]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("0", days("2026-06-15"), id="day 0"),
        pytest.param("-5, -4", days("2026-06-10", "2026-06-11"), id="two days"),
        pytest.param("-5 to -3", days("2026-06-10", "2026-06-11", "2026-06-12"), id="a range"),
        pytest.param(
            "+1 to +13 every 2 days",
            days("2026-06-16", "2026-06-18", "2026-06-20", "2026-06-22", "2026-06-24", "2026-06-26", "2026-06-28"),
            id="every second day",
        ),
        pytest.param("every 2 days x 3 from +1", days("2026-06-16", "2026-06-18", "2026-06-20"), id="a number of times"),
        pytest.param("every 2 weeks x 3 from -28", days("2026-05-18", "2026-06-01", "2026-06-15"), id="weeks"),
        pytest.param("+28 ±3", days("2026-07-13"), id="a target in a window"),
        pytest.param("every 3 months x 3 from 0", days("2026-06-15", "2026-09-15", "2026-12-15"), id="months"),
        pytest.param("yearly x 3 from +365", days("2027-06-15", "2028-06-15", "2029-06-15"), id="yearly"),
        pytest.param("every month x 3 from +77", days("2026-08-31", "2026-10-01", "2026-10-31"), id="months from a month end"),
        pytest.param("4 months after last drug", days("2026-10-14"), id="after the last of another"),
        pytest.param("1 week after first drug", days("2026-06-17"), id="after the first of another"),
        pytest.param("1 day after drug", days("2026-06-11"), id="the first, unless told"),
        pytest.param("0 days after last drug", days("2026-06-14"), id="the same day"),
        pytest.param("1 year after cells", days("2027-06-15"), id="a year"),
    ],
)
def test_each_form_of_the_grammar_falls_on_the_dates_worked_by_hand(events_of, text, expected):
    """`drug` is on days -5 and -1: Wed 10-Jun and Sun 14-Jun-2026."""
    events = events_of(trial(("drug", "-5, -1"), ("visit", text)))
    assert dates_of(events, "drug") == days("2026-06-10", "2026-06-14")
    assert dates_of(events, "visit") == expected


@pytest.mark.parametrize(
    ("months", "expected"), [("next-first", days("2027-03-01", "2028-03-01")), ("clamp", days("2027-02-28", "2028-02-29"))]
)
def test_months_after_a_month_end_follow_the_rule_of_the_trial(events_of, months, expected):
    """31 Oct 2026 + 4 months, and 31 Oct 2027 + 4 months before a leap February."""
    protocol = trial(("visit", "4 months after cells"), months=months)
    found = [dates_of(events_of(protocol, day_zero=date(year, 10, 31)), "visit")[0] for year in (2026, 2027)]
    assert found == expected


def test_months_are_counted_from_the_anchor_and_not_from_month_to_month(events_of):
    events = events_of(trial(("visit", "every month x 4 from 0")), day_zero=date(2026, 1, 31))
    assert dates_of(events, "visit") == days("2026-01-31", "2026-03-01", "2026-03-31", "2026-05-01")


def test_days_are_numbered_and_labelled_as_the_protocol_does(events_of):
    zero = events_of(trial(("visit", "-1, +1")))
    assert [(e.day, str(e.label)) for e in zero.values()] == [(-1, "Day\u00a0\u22121"), (0, "Day\u00a00"), (1, "Day\u00a0+1")]
    one = events_of(trial(("visit", "-1, 2"), numbering="day-one", cells="1"))
    assert [(e.day, str(e.label), e.on.day) for e in one.values()] == [
        (-1, "Day\u00a0\u22121", 14), (1, "Day\u00a01", 15), (2, "Day\u00a02", 16)
    ]  # fmt: skip


def test_a_span_is_one_event_with_its_last_day(events_of):
    events = events_of(trial(("watch", "+5 to +35", "continuous = true"), ("after", "1 day after watch")))
    watch = events["watch-1"]
    assert [id_ for id_ in events if id_.startswith("watch")] == ["watch-1"]
    assert (watch.on, watch.last_date, watch.of) == (date(2026, 6, 20), date(2026, 7, 20), 1)
    assert basis_of(watch, "day 0") == (
        "Day\u00a0+5 = day 0 (Mon 15-Jun-2026) + 5 days; X-1; until Mon 20-Jul-2026, that day included"
    )
    assert events["after-1"].on == date(2026, 7, 21)


def test_an_open_end_has_a_first_day_and_says_what_ends_it(events_of):
    event = events_of(trial(("watch", "+5", 'until = "counts recover"')))["watch-1"]
    assert (event.on, event.last_date) == (date(2026, 6, 20), None)
    assert full_title(event.title) == "watch, from this day until counts recover"


def test_a_target_carries_its_window(events_of):
    event = events_of(trial(("visit", "+28 ±3")))["visit-1"]
    assert (event.earliest.on, event.latest.on) == (date(2026, 7, 10), date(2026, 7, 16))
    bare = events_of(trial(("visit", "+28")))["visit-1"]
    assert (bare.earliest, bare.latest) == (None, None)


# Hours ---------------------------------------------------------------------------------------------------------------


def clock(moment):
    return moment.isoformat(timespec="minutes")


def test_a_time_of_the_site_is_a_wall_time_on_each_date(events_of):
    events = events_of(trial(("drug", "-1 to +1")), {"drug": "09:00 to 10:30"}, date(2026, 3, 8))
    assert [(clock(e.start), clock(e.end)) for e in events.values() if e.activity == "drug"] == [
        ("2026-03-07T09:00-05:00", "2026-03-07T10:30-05:00"),
        ("2026-03-08T09:00-04:00", "2026-03-08T10:30-04:00"),
        ("2026-03-09T09:00-04:00", "2026-03-09T10:30-04:00"),
    ]


def test_a_start_without_a_known_end_is_an_instant_and_no_time_is_a_date(events_of):
    events = events_of(trial(("drug", "0")), {"drug": "09:00"})
    assert events["drug-1"].start == events["drug-1"].end
    assert (events["cells-1"].start, events["cells-1"].end) == (None, None)


def test_hours_after_are_elapsed_hours_across_both_clock_changes(events_of):
    protocol = trial(("check", "12 h after cells"), ("dose", "every 8 hours x 3 from 6 h after cells"))
    spring = events_of(protocol, {"cells": "20:00"}, date(2026, 3, 7))
    assert clock(spring["check-1"].start) == "2026-03-08T09:00-04:00"
    assert [clock(spring[f"dose-{n}"].start) for n in (1, 2, 3)] == [
        "2026-03-08T03:00-04:00", "2026-03-08T11:00-04:00", "2026-03-08T19:00-04:00"
    ]  # fmt: skip
    autumn = events_of(protocol, {"cells": "20:00"}, date(2026, 10, 31))
    assert clock(autumn["check-1"].start) == "2026-11-01T07:00-05:00"
    assert [clock(autumn[f"dose-{n}"].start) for n in (1, 2, 3)] == [
        "2026-11-01T01:00-05:00", "2026-11-01T09:00-05:00", "2026-11-01T17:00-05:00"
    ]  # fmt: skip
    assert basis_of(autumn["check-1"], "day 0") == "Day\u00a0+1 = cells (Sat 31-Oct-2026 20:00) + 12 hours; X-1"


def test_hours_after_an_event_without_an_hour_get_no_date_and_say_so(site_of, plan_of):
    protocol = trial(("check", "4 h after cells"), ("dose", "every 8 hours x 3 from 6 h after cells"))
    plan = plan_of(site_of(protocol=protocol), protocol, planned_day_zero=date(2026, 6, 15))
    assert [event.id for event in plan.events] == ["cells-1"]
    said = "counted in hours from cells, whose hour is not stated; enter its hour in the site file's [times]."
    assert {f"{name}: {said}" for name in ("check", "dose")} <= {gap_in_words(gap) for gap in plan.not_stated}


def test_a_series_after_another_activity_keeps_all_of_its_times_or_is_refused(events_of):
    """Fourteen doses must never become one without a word."""
    try:
        protocol = trial(("dose", "every 8 hours x 14 from 2 days after cells"))
    except InputError as error:  # any refusal of the file will do here; test_grammar compares its words
        assert "dose" in str(error)
        return
    events = events_of(protocol, {"cells": "10:00"})
    assert len(dates_of(events, "dose")) == 14


def test_the_hour_planned_for_the_patient_beats_the_sites_time(site_of, plan_of):
    protocol = trial(("check", "4 h after cells"))
    site = site_of(times={"cells": "09:00"}, protocol=protocol)
    plan = plan_of(site, protocol, planned_day_zero=datetime(2026, 6, 15, 13, 30))
    assert [clock(event.start) for event in plan.events] == ["2026-06-15T13:30-04:00", "2026-06-15T17:30-04:00"]
    plan = plan_of(site, protocol, planned_day_zero=date(2026, 6, 15))
    assert [clock(event.start) for event in plan.events] == ["2026-06-15T09:00-04:00", "2026-06-15T13:00-04:00"]


@pytest.mark.parametrize(
    ("day_zero", "time", "said"),
    [
        pytest.param(
            date(2026, 3, 8), "02:30", "02:30 on Sun 08-Mar-2026 does not exist in America/New_York: the clocks are put forward",
            id="missing",
        ),
        pytest.param(
            date(2026, 11, 1), "01:30", "01:30 on Sun 01-Nov-2026 happens twice in America/New_York: the clocks are put back",
            id="doubled",
        ),
        pytest.param(
            date(2026, 3, 8), "01:30 to 02:30", "02:30 on Sun 08-Mar-2026 does not exist in America/New_York: the clocks are put forward",
            id="missing end",
        ),
    ],
)
def test_a_time_that_the_clocks_do_not_show_is_no_time_and_gives_a_finding(site_of, plan_of, day_zero, time, said):
    protocol = trial(("drug", "-1 to +1"))
    plan = plan_of(site_of(times={"drug": time}, protocol=protocol), protocol, planned_day_zero=day_zero)
    starts = {event.id: event.start for event in plan.events if event.activity == "drug"}
    assert (starts["drug-2"] is None) is ("to" not in time), "a start that the clocks show stays"
    assert starts["drug-1"] is not None and starts["drug-3"] is not None
    faults = [f for f in plan.findings if f.rule == "clock-change"]
    assert [(str(f.point), f.status, f.latest) for f in faults] == [("drug-2", "due", day_zero)]
    assert finding_basis(faults[0], "day 0") == f"{said}. drug-2 has no time until the site file's [times] is corrected."


@pytest.mark.parametrize(
    ("zone", "day_zero", "time", "start"),
    [
        ("Europe/Berlin", date(2026, 3, 29), "03:00", "2026-03-29T03:00+02:00"),
        ("Australia/Lord_Howe", date(2026, 10, 4), "02:30", "2026-10-04T02:30+11:00"),
        ("Pacific/Apia", date(2026, 6, 15), "00:00", "2026-06-15T00:00+13:00"),
        ("Asia/Kolkata", date(2026, 6, 15), "23:59", "2026-06-15T23:59+05:30"),
    ],
)
def test_a_wall_time_is_the_sites_wherever_it_is(events_of, zone, day_zero, time, start):
    assert clock(events_of(trial(), {"cells": time}, day_zero, zone)["cells-1"].start) == start


# Words and flags -----------------------------------------------------------------------------------------------------


def test_every_date_shows_its_arithmetic_and_its_source(events_of):
    events = events_of(trial(("visit", "-5, +1"), ("later", "4 months after last visit"), ("far", "yearly x 2 from +365")))
    assert {id_: basis_of(event, "day 0") for id_, event in events.items()} == {
        "cells-1": "Day\u00a00 = day 0 (Mon 15-Jun-2026); X-1, Study Groups",
        "visit-1": "Day\u00a0\u22125 = day 0 (Mon 15-Jun-2026) \u2212 5 days; X-1",
        "visit-2": "Day\u00a0+1 = day 0 (Mon 15-Jun-2026) + 1 day; X-1",
        "later-1": "Day\u00a0+123 = last visit (occurrence 2 of 2) (Tue 16-Jun-2026) + 4 months; X-1",
        "far-1": "Day\u00a0+365 = day 0 (Mon 15-Jun-2026) + 365 days; X-1",
        "far-2": "Day\u00a0+731 = day 0 (Mon 15-Jun-2026) + 365 days + 12 months; X-1",
    }


def test_a_date_of_the_sites_says_so(site_of, plan_of, protocol):
    site = site_of({"il2-days": "+1 to +13 every 2 days"}, more='tasks = [{ id = "weight", title = "weigh", days = "-5" }]')
    events = {event.id: event for event in plan_of(site, planned_day_zero=date(2026, 6, 15)).events}
    assert basis_of(events["il2-7"], "day 0") == (
        "Day\u00a0+13 = day 0 (Mon 15-Jun-2026) + 13 days; site file, il2-days = “+1 to +13 every 2 days”"
    )
    assert basis_of(events["weight-1"], "day 0") == "Day\u00a0\u22125 = day 0 (Mon 15-Jun-2026) \u2212 5 days; a task of the site's own"
    assert basis_of(events["fludarabine-1"], "day 0") == (
        "Day\u00a0\u22125 = planned day 0 (Mon 15-Jun-2026) \u2212 5 days; NCT04024761, Study Groups"
    )
    provenance = {name: events[name].provenance for name in ("il2-7", "weight-1", "fludarabine-1")}
    assert provenance == {"il2-7": "site", "weight-1": "site", "fludarabine-1": "stated"}
    assert (full_title(events["fludarabine-2"].title), full_title(events["weight-1"].title)) == (
        "fludarabine, intravenous infusion (dose 2 of 3)", "weigh"
    )  # fmt: skip


def test_weekends_holidays_and_closures_are_flagged_and_nothing_moves(events_of):
    more = 'holidays = [2026-06-19]\nclosures = ["2026-07-13 to 2026-07-17"]'
    events = events_of(trial(("visit", "0, +4, +5, +6, +28, +33")), more=more)
    assert {e.number: (e.on.isoformat(), days_off_of(e)) for e in events.values() if e.activity == "visit"} == {
        1: ("2026-06-15", ()),
        2: ("2026-06-19", ("holiday",)),
        3: ("2026-06-20", ("Saturday",)),
        4: ("2026-06-21", ("Sunday",)),
        5: ("2026-07-13", ("site closed",)),
        6: ("2026-07-18", ("Saturday",)),
    }


@pytest.mark.parametrize(
    ("text", "closures", "flags"),
    [
        ("+27 ±2", [], ("Sunday; working days in its window: Fri 10-Jul-2026, Mon 13-Jul-2026, Tue 14-Jul-2026",)),
        ("+27 ±1", [], ("Sunday; working days in its window: Mon 13-Jul-2026",)),
        ("+26 ±1", ["2026-07-10"], ("Saturday; no working day in its window",)),
        ("+28 ±3", [], ()),
    ],
)
def test_a_flagged_target_names_the_working_days_of_its_window(events_of, text, closures, flags):
    visit = events_of(trial(("visit", text)), more=f"closures = {closures}")["visit-1"]
    assert days_off_of(visit) == flags


@pytest.mark.parametrize(
    ("as_of", "statuses"),
    [
        pytest.param(datetime(2026, 6, 13, 23, 59), ["planned"] * 4, id="before"),
        pytest.param(datetime(2026, 6, 14, 23, 59), ["planned"] * 4, id="an untimed date is not over"),
        pytest.param(datetime(2026, 6, 15, 0, 0), ["unconfirmed", "planned", "planned", "planned"], id="an untimed date is over"),
        pytest.param(datetime(2026, 6, 15, 9, 59), ["unconfirmed", "planned", "planned", "planned"], id="a minute before"),
        pytest.param(datetime(2026, 6, 15, 10, 0), ["unconfirmed", "planned", "unconfirmed", "planned"], id="at the minute"),
        pytest.param(datetime(2026, 6, 17, 0, 0), ["unconfirmed", "planned", "unconfirmed", "planned"], id="what follows waits"),
    ],
)
def test_what_was_due_and_nobody_recorded_is_unconfirmed(events_of, as_of, statuses):
    protocol = trial(("visit", "-1, 0"), ("check", "4 h after cells"))
    events = events_of(protocol, {"cells": "10:00"}, as_of=as_of)
    assert [events[name].status for name in ("visit-1", "visit-2", "cells-1", "check-1")] == statuses


def test_events_come_in_the_order_of_time_with_untimed_ones_last(events_of):
    protocol = trial(("late", "0"), ("early", "0"), ("any", "0"), ("before", "-1"))
    events = events_of(protocol, {"late": "20:00", "early": "08:00"})
    assert list(events) == ["before-1", "early-1", "late-1", "cells-1", "any-1"]


def test_nothing_is_dated_that_nobody_has_given(plan_of, protocol):
    plan = plan_of(planned_day_zero=date(2026, 6, 15))
    assert {event.activity for event in plan.events} == {"fludarabine", "cyclophosphamide", "nk-infusion"}
    assert [gap.parameter for gap in plan.not_stated] == list(protocol.parameters)


def test_fludarabine_and_cyclophosphamide_lie_before_every_day_zero_of_three_years(plan_of):
    for n in range(3 * 365 + 1):
        day = date(2026, 1, 1) + timedelta(days=n)
        found = {event.id: (event.on - day).days for event in plan_of(planned_day_zero=day).events}
        assert found == {
            "fludarabine-1": -5, "fludarabine-2": -4, "fludarabine-3": -3, "cyclophosphamide-1": -5, "cyclophosphamide-2": -4,
            "nk-infusion-1": 0,
        }  # fmt: skip


# What patients with one day 0 have in common


def at_fold(fold):
    """Day 0 at the first, or the second, 01:30 of the night in which New York's clocks go back."""
    return datetime(2026, 11, 1, 1, 30, fold=fold, tzinfo=ZoneInfo("America/New_York"))


def patient(code, at, **known):
    known = {"dates": {}, "attestations": {}, "rulings": (), **known}
    return Case(
        code=code, protocol="X-1", planned_day_zero=at.date(), planned_time=at.time(), planned_moment=at, sha256=code, **known
    )


def test_two_patients_of_one_wall_time_that_comes_twice_have_their_own_hours():
    protocol = trial(("visit", "12 h after cells"))
    site = Site(zone=ZoneInfo("America/New_York"))
    starts = [
        {event.activity: event.start for event in lay_out(protocol, site, patient(f"P-{fold}", at_fold(fold)), datetime(2026, 10, 1)).events}
        for fold in (0, 1)
    ]
    assert [one["cells"].astimezone(UTC) for one in starts] == [datetime(2026, 11, 1, hour, 30, tzinfo=UTC) for hour in (5, 6)]
    assert [one["visit"].astimezone(UTC) for one in starts] == [datetime(2026, 11, 1, hour, 30, tzinfo=UTC) for hour in (17, 18)]


def test_what_is_known_of_one_patient_is_not_known_of_another_with_the_same_day_zero():
    protocol, site = trial(), Site(zone=ZoneInfo("America/New_York"))
    fit = Attested(on=date(2026, 9, 30), by="nurse1")
    plans = [
        lay_out(protocol, site, patient(code, at_fold(0), attestations=said), datetime(2026, 10, 1))
        for code, said in (("P-1", {"fit": fit}), ("P-2", {}), ("P-3", {"fit": fit}))
    ]
    assert [[one.status for one in plan.findings if one.ref == "T1"] for plan in plans] == [["met"], ["due"], ["met"]]
    assert [plan.case.code for plan in plans] == ["P-1", "P-2", "P-3"]
