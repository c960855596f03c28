"""What a calendar shows: one entry for each event, deadlines and windows beside them, each with the revision it dates from."""

import json
import re
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from schedule.engine.entries import carry, changes_in_calendar, entries_of, in_calendar, open_points, with_since
from schedule.engine.history import apply
from schedule.files.protocol_file import read_protocol
from schedule.ledger.codec import from_plain, to_plain
from schedule.model.acts import Cancel, Note, RecordEvent
from schedule.model.entries import Asked, Entry, MadeFrom, Subject
from schedule.model.moment import Moment
from schedule.model.notation import DayLabel
from schedule.model.plan import Record
from schedule.model.titles import Title
from schedule.pages.calendar import text_of, title_of
from schedule.words.alerts import banner

WHEN = datetime(2026, 5, 1, 12, 0, tzinfo=UTC)
LATER = datetime(2026, 5, 8, 7, 30, tzinfo=UTC)
LATEST = datetime(2026, 5, 9, 23, 59, tzinfo=UTC)
P = date(2026, 6, 15)

TASKS = """
[[tasks]]
id = "weight"
title = "weigh the patient"
days = "-5 to +3"
at = "06:00 to 06:15"

[[tasks]]
id = "donor-check"
title = "check of the donor"
days = "-2"
who = "donor"
"""


OTHER = MadeFrom(code="CASE-1", revision=2, when=WHEN, version="of another day")
"""Another revision, which words everything otherwise."""


def on_day(number, mark=None):
    """What the title of a visit on that day says."""
    return Subject(mark=mark, label=DayLabel(number=number), title=Title(text="visit"))


def entry(id="a-1", **changed):
    """An untimed entry of the first revision, with what the test changes."""
    values = {
        "id": id, "kind": "Visit", "subject": on_day(0), "first": P, "last": P, "start": None, "end": None,
        "alarm": None, "since": 1, "changed": WHEN,
        "made": MadeFrom(code="CASE-1", revision=1, when=WHEN), "asked": Asked(basis=(), aim=None, flags=(), first=None, last=Moment(on=P)),
    }  # fmt: skip
    return Entry(**values | changed)


@pytest.fixture(scope="module")
def full_site(site_of):
    """A site that has filled everything in."""
    return site_of(
        {
            "il2-days": "+1 to +13 every 2 days", "dlt-end": "+42", "donor-collection": "-1",
            "response-marrow": "+28 ±3", "chimerism-after-infusion": "+7, +14", "follow-up": "+42, +60",
        },
        {"fludarabine": "09:00 to 09:30", "il2": "20:00"},
        TASKS,
    )  # fmt: skip


@pytest.fixture(scope="module")
def full_plan(plan_of, full_site):
    return plan_of(full_site, planned_day_zero="2026-06-15 10:00", dates={"transplant": date(2026, 1, 20)})


def by_id(entries):
    found = {entry.id: entry for entry in entries}
    assert len(found) == len(entries)
    return found


# One entry for each event, deadline and window -----------------------------------------------------------------------


def test_every_event_has_exactly_one_entry_and_nothing_else_is_there_but_what_is_due(full_plan):
    entries = by_id(entries_of(full_plan, WHEN))
    events = {event.id for event in full_plan.events}
    assert events == {name for name in entries if not name.startswith("due/")}
    due = {str(f.point) for f in full_plan.findings if f.status == "due" and f.latest and str(f.point) in full_plan.protocol.dates}
    assert {f"due/{point}" for point in due} == set(entries) - events
    assert len(due) >= 10
    assert set(open_points(full_plan)) == due


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("fludarabine-1", "Treatment"), ("nk-infusion-1", "Treatment"), ("response-marrow-1", "Test"),
        ("follow-up-1", "Visit"), ("dlt-end-1", "Milestone"), ("donor-collection-1", "Donor"),
        ("weight-1", "Site task"), ("donor-check-1", "Site task"), ("due/marrow", "Screening window"),
        ("due/echo", "Screening window"), ("due/gvhd-prophylaxis-last", "Deadline"), ("due/chemotherapy-last", "Deadline"),
    ],
    ids=lambda value: value if value != value.title() else value.lower(),
)  # fmt: skip
def test_an_entry_is_of_the_kind_its_event_is_of(full_plan, name, kind):
    assert by_id(entries_of(full_plan, WHEN))[name].kind == kind


@pytest.mark.parametrize(
    ("point", "last", "title", "when"),
    [
        # 15-Jun - 29 days = 17-May (design.md: "last sirolimus dose no later than Sun 17-May-2026")
        pytest.param(
            "gvhd-prophylaxis-last", date(2026, 5, 17), "last day: last GVHD prophylaxis · CASE-1",
            "no later than Sun 17-May-2026. Last working day: Fri 15-May-2026.", id="a deadline",
        ),
        # 15-Jun - 28 = 18-May to the day before lymphodepletion, 10-Jun - 1 = 9-Jun (engine.md 3: no baseline after it began)
        pytest.param(
            "marrow", date(2026, 6, 9), "last day: bone marrow examination · CASE-1",
            "Mon 18-May-2026 to Tue 09-Jun-2026.", id="a window",
        ),
        # 15-Jun - 14 = 1-Jun to 14-Jun
        pytest.param(
            "organ-function", date(2026, 6, 14), "last day: tests of organ function · CASE-1",
            "Mon 01-Jun-2026 to Sun 14-Jun-2026. Last working day: Fri 12-Jun-2026.", id="a window of two weeks",
        ),
    ],
)  # fmt: skip
def test_what_is_due_is_one_entry_on_its_last_day_that_says_by_when(full_plan, point, last, title, when):
    found = by_id(entries_of(full_plan, WHEN))[f"due/{point}"]
    assert (found.first, found.last, found.start, found.end, title_of(found)) == (last, last, None, None, title)
    assert when in text_of(found).split("\n")[0]


@pytest.mark.parametrize(
    ("wish", "first", "shown"),
    [('windows = "span"', date(2026, 6, 1), True), ('windows = "last day"', date(2026, 6, 14), True), ('windows = "none"', date(2026, 6, 14), False)],
    ids=["span", "last day", "none"],
)
def test_the_site_says_how_windows_stand_in_its_calendar(wish, first, shown, site_of, plan_of):
    site = site_of(more=f"[calendar]\n{wish}")
    found = by_id(entries_of(plan_of(site, planned_day_zero=P), WHEN))["due/organ-function"]
    assert (found.first, found.last, in_calendar(found, site.calendar)) == (first, date(2026, 6, 14), shown)


def test_a_test_without_a_first_day_is_a_deadline_and_no_window(protocol_text, plan_of):
    """15-Jun - 3 days = 12-Jun; the rule says nothing of how early the scan may be."""
    more = (
        '\n[dates.scan]\ntitle = "scan"\nkind = "test"\n[rules.X1]\ntitle = "scan"\nderivation = "for this test"\n'
        '[[rules.X1.bounds]]\npoint = "scan"\nsafe = ["day-zero at least 3 days after scan"]\n'
    )
    plan = plan_of(protocol=read_protocol(protocol_text + more, "t.toml"), planned_day_zero=P)
    found = by_id(entries_of(plan, WHEN))["due/scan"]
    assert (found.kind, found.first, found.last) == ("Deadline", date(2026, 6, 12), date(2026, 6, 12))
    assert title_of(found) == "last day: scan · CASE-1"


def test_a_window_names_the_aim_that_survives_a_delay(full_plan):
    """15-Jun + 2 days = 17-Jun; 17-Jun - 28 = 20-May; design.md: aim 20-May to 9-Jun."""
    text = text_of(by_id(entries_of(full_plan, WHEN))["due/marrow"])
    assert "Aim: Wed 20-May-2026 to Tue 09-Jun-2026." in text


def test_a_test_that_came_too_early_is_an_entry_until_it_is_repeated(plan_of):
    """Organ function on 15-May is 31 days before 15-Jun, more than 14: again from 15-Jun - 14 = 1-Jun to 14-Jun."""
    plan = plan_of(planned_day_zero=P, dates={"organ-function": date(2026, 5, 15)})
    assert [(f.ref, str(f.point)) for f in plan.violated] == [("T19", "organ-function")]
    found = by_id(entries_of(plan, WHEN))["due/organ-function"]
    assert (found.kind, found.asked.first.on, found.last) == ("Screening window", date(2026, 6, 1), date(2026, 6, 14))
    assert title_of(found) == "! last day to repeat: tests of organ function · CASE-1"


def test_a_broken_rule_that_no_test_can_mend_is_no_entry(plan_of):
    """The last dose of tacrolimus on 1-Jun cannot be repeated: only another day 0 keeps T17."""
    plan = plan_of(planned_day_zero=P, dates={"gvhd-prophylaxis-last": date(2026, 6, 1)})
    assert [f.ref for f in plan.violated] == ["T17"]
    assert "due/gvhd-prophylaxis-last" not in by_id(entries_of(plan, WHEN))


@pytest.mark.parametrize("value", [date(2026, 5, 4), "never"], ids=["known", "never"])
def test_a_date_that_is_given_is_not_due(plan_of, value):
    plan = plan_of(planned_day_zero=P, dates={"gvhd-prophylaxis-last": value})
    assert "due/gvhd-prophylaxis-last" not in by_id(entries_of(plan, WHEN))


def test_a_span_ends_on_its_last_day(protocol_text, plan_of):
    more = '\n[activities.isolation]\ntitle = "protective isolation"\ncategory = "visit"\ndays = "-5 to +20"\n'
    text = protocol_text + more + 'continuous = true\nderivation = "for this test"\n'
    plan = plan_of(protocol=read_protocol(text, "t.toml"), planned_day_zero=P)
    found = by_id(entries_of(plan, WHEN))["isolation-1"]
    assert (found.first, found.last, found.start) == (date(2026, 6, 10), date(2026, 7, 5), None)


def test_entries_come_in_the_order_of_their_time_untimed_ones_first(full_plan):
    keys = [(e.first, e.start is not None, e.start or WHEN) for e in entries_of(full_plan, WHEN)]
    assert keys == sorted(keys)


@pytest.mark.parametrize(
    ("zone", "planned", "expected"),
    [
        # Each row: 09:00 on the day before and on the day of a clock change, worked out from the zone's rule.
        ("America/New_York", date(2026, 3, 8), ["2026-03-07T14:00", "2026-03-08T13:00"]),  # -5, then -4
        ("America/New_York", date(2026, 11, 1), ["2026-10-31T13:00", "2026-11-01T14:00"]),
        ("Europe/Berlin", date(2026, 3, 29), ["2026-03-28T08:00", "2026-03-29T07:00"]),  # +1, then +2
        ("Europe/Berlin", date(2026, 10, 25), ["2026-10-24T07:00", "2026-10-25T08:00"]),
        ("Australia/Lord_Howe", date(2026, 4, 5), ["2026-04-03T22:00", "2026-04-04T22:30"]),  # +11, then +10:30
        ("Australia/Lord_Howe", date(2026, 10, 4), ["2026-10-02T22:30", "2026-10-03T22:00"]),
        ("Pacific/Apia", date(2020, 9, 27), ["2020-09-25T20:00", "2020-09-26T19:00"]),  # +13, then +14
        ("Pacific/Apia", date(2021, 4, 4), ["2021-04-02T19:00", "2021-04-03T20:00"]),
        ("Asia/Kolkata", date(2026, 3, 29), ["2026-03-28T03:30", "2026-03-29T03:30"]),  # +5:30 all year
        ("Asia/Kolkata", date(2026, 11, 1), ["2026-10-31T03:30", "2026-11-01T03:30"]),
    ],
    ids=lambda value: value if isinstance(value, str) else value.isoformat() if isinstance(value, date) else "",
)
def test_a_sites_hour_is_the_right_instant_on_both_sides_of_a_clock_change(zone, planned, expected, site_of, plan_of):
    task = '[[tasks]]\nid = "tick"\ntitle = "tick"\ndays = "-1, 0"\nat = "09:00 to 09:45"'
    plan = plan_of(site_of(more=task, zone=zone), planned_day_zero=planned)
    entries = by_id(entries_of(plan, WHEN))
    for number, moment in enumerate(expected, 1):
        start = datetime.fromisoformat(f"{moment}:00+00:00")
        found = entries[f"tick-{number}"]
        assert (found.start, found.end) == (start, start + timedelta(minutes=45))
        assert (found.start.tzinfo, found.first) == (UTC, planned + timedelta(days=number - 2))
        assert f"09:00 to 09:45, local time in {zone}." in text_of(found)


def test_the_infusions_own_hour_beats_the_sites(site_of, plan_of):
    """15-Jun-2026 10:00 in New York is 14:00 UTC."""
    plan = plan_of(site_of(times={"nk-infusion": "08:00"}), planned_day_zero="2026-06-15 10:00")
    found = by_id(entries_of(plan, WHEN))["nk-infusion-1"]
    assert found.start == datetime(2026, 6, 15, 14, 0, tzinfo=UTC)
    assert (found.end, found.end_stated) == (datetime(2026, 6, 15, 14, 15, tzinfo=UTC), False)


def test_a_text_names_the_basis_the_day_zero_the_protocol_and_the_revision(full_plan):
    text = text_of(by_id(entries_of(replace(full_plan, revision=3), WHEN))["fludarabine-2"])
    assert text == (
        "To do: fludarabine, intravenous infusion (dose 2 of 3).\n"
        "Not marked GIVEN does not mean not given: look at the chart.\n"
        "Thu 11-Jun-2026 09:00 to 09:30, local time in America/New_York.\n"
        "Day 0 used: Mon 15-Jun-2026 10:00 (America/New_York).\n"
        "Day\u00a0−4 = planned day 0 (Mon 15-Jun-2026) − 4 days; NCT04024761, Study Groups.\n"
        "Protocol NCT04024761, registry record of 2026-01-02.\n"
        "Changed last in revision 3 of Fri 01-May-2026 12:00 UTC. Schedule aid, not an order."
    )


def test_a_weekend_and_a_window_stand_in_the_text(site_of, plan_of):
    """20-Jun-2026 is a Saturday, and so is 20-Jun + 28 = 18-Jul; its window is 15-Jul to 21-Jul."""
    plan = plan_of(site_of({"response-marrow": "+28 ±3"}), planned_day_zero=date(2026, 6, 20))
    text = text_of(by_id(entries_of(plan, WHEN))["response-marrow-1"])
    assert "Window: Wed 15-Jul-2026 to Tue 21-Jul-2026." in text
    assert "Falls on: Saturday; working days in its window: Wed 15-Jul-2026" in text


def test_a_plan_that_is_not_allowed_has_its_mark_first_in_every_title_and_its_words_in_every_text(plan_of, full_site):
    """Tacrolimus on 1-Jun, two weeks before day 0, breaks the 29 days of T17."""
    dates = {"gvhd-prophylaxis-last": date(2026, 6, 1)}
    plan = plan_of(full_site, planned_day_zero=P, dates=dates)
    assert banner(plan) and {event.status for event in plan.events} == {"planned"}
    entries = by_id(entries_of(plan, WHEN))
    for found in entries.values():
        assert title_of(found).startswith("! ")
        assert banner(plan) in text_of(found).split("\n")
    warning = entries["warning"]
    assert (title_of(warning), warning.first) == ("! D0 NOT ALLOWED AS PLANNED · CASE-1", P)


def test_only_what_is_still_planned_is_marked_and_has_the_words_of_the_warning(plan_of, full_site):
    """As of Fri 12-Jun 12:00 the doses of Wed 10 to Fri 12-Jun are past: their titles stay what they were."""
    dates = {"gvhd-prophylaxis-last": date(2026, 6, 1)}
    as_of = datetime(2026, 6, 12, 12, 0)
    plan = plan_of(full_site, planned_day_zero=P, dates=dates, as_of=as_of)
    found = by_id(entries_of(plan, WHEN))
    past = [event.id for event in plan.events if event.status == "unconfirmed"]
    assert {"fludarabine-1", "fludarabine-3", "cyclophosphamide-2", "weight-3"} <= set(past)
    for name, one in found.items():
        assert title_of(one).startswith("! ") is (name not in past), name
        assert (banner(plan) in text_of(one)) is (name not in past), name


@pytest.mark.parametrize("alarm", [None, 30, 900])
def test_a_reminder_is_the_sites_and_only_on_what_is_done(plan_of, site_of, alarm):
    more = (f'alarm = "{alarm} minutes before"' if alarm else "") + TASKS
    site = site_of({"il2-days": "+1 to +13 every 2 days", "dlt-end": "+42", "donor-collection": "-1", "follow-up": "+42"}, more=more)
    entries = entries_of(plan_of(site, planned_day_zero=P), WHEN)
    found = {kind: {e.alarm for e in entries if e.kind == kind} for kind in {e.kind for e in entries}}
    silent = {"Milestone", "Deadline", "Screening window"}
    assert set(found) >= {"Treatment", "Donor", "Visit", "Site task"} | silent
    assert found == {kind: {None if kind in silent else alarm} for kind in found}


def test_who_attested_and_who_ruled_never_reaches_a_calendar(full_site, plan_of):
    name = "Dr Eleonora Quispe"
    plan = plan_of(
        full_site, planned_day_zero=P,
        attestations={"performance-scale": {"date": date(2026, 5, 1), "by": name}},
        rulings=[{"rule": "T17", "outcome": "allowed", "by": name, "date": date(2026, 5, 1), "reason": f"{name} says"}],
    )  # fmt: skip
    assert not [e.id for e in entries_of(plan, WHEN) if "Quispe" in title_of(e) + text_of(e)]


def test_an_entry_of_a_cancelled_plan_says_so_first_and_nothing_stays_due(plan_of, full_site):
    """outlook.md 0: Outlook shows no STATUS, so the title says it."""
    plan = plan_of(full_site, planned_day_zero=P)
    gone = apply(plan, Cancel(), plan.as_of, 2)
    before, after = by_id(entries_of(plan, WHEN)), by_id(entries_of(gone, WHEN))
    assert {event.id for event in plan.events} <= set(after)
    for name, found in after.items():
        assert (found.cancelled, found.alarm, title_of(found)) == (True, None, f"CANCELLED: {title_of(before[name])}"), name


def test_no_entry_holds_a_dose(full_plan):
    dose = re.compile(r"\d\s*(?:mg|mcg|µg|ug|g/m|ml|units?|IU|million)\b", re.IGNORECASE)
    assert not [e.id for e in entries_of(full_plan, WHEN) if dose.search(title_of(e) + text_of(e))]


# From one revision to the next ---------------------------------------------------------------------------------------


def test_an_unchanged_entry_is_carried_over_whole_even_if_its_words_would_differ():
    (kept,) = carry((entry(),), (entry(made=OTHER, since=2, changed=LATER),), 2, LATER)
    assert kept == entry()


@pytest.mark.parametrize(
    "change",
    [
        {"subject": on_day(1)},
        {"first": P - timedelta(days=1)},
        {"last": P + timedelta(days=1)},
        {"start": WHEN, "end": WHEN + timedelta(minutes=15)},
        {"start": WHEN, "end": WHEN + timedelta(minutes=1)},
        {"subject": on_day(0, "cancelled")},
        {"subject": on_day(0, "given")},
        {"alarm": 30},
    ],
    ids=["title", "first day", "last day", "hour", "end", "cancelled", "given", "reminder"],
)
def test_an_entry_dates_from_the_revision_in_which_it_changed(change):
    (found,) = carry((entry(),), (entry(since=2, changed=LATER, **change),), 2, LATER)
    assert (found.since, found.changed) == (2, LATER)
    (still,) = carry((found,), (replace(found, since=3, changed=LATEST, made=OTHER),), 3, LATEST)
    assert still == found


def test_what_vanishes_stays_as_cancelled_and_says_since_when():
    (gone,) = carry((entry(),), (), 2, LATER)
    assert gone == entry(subject=replace(on_day(0, "cancelled"), off=True), since=2, changed=LATER, gone_in=2)
    assert (title_of(entry()), title_of(gone)) == ("D0 visit · CASE-1", "CANCELLED: (D0) visit · CASE-1")
    assert text_of(entry()).startswith("To do: visit, ")
    assert text_of(gone).startswith("Cancelled in revision 2.\nNothing to do: visit is no longer asked for.\n")


def test_what_was_cancelled_stays_as_it_was_in_all_later_revisions():
    second = carry((entry(), entry("b-1")), (entry("b-1"),), 2, LATER)
    third = carry(second, (entry("b-1"),), 3, LATEST)
    assert by_id(third) == by_id(second)


def test_what_comes_back_is_no_longer_cancelled_and_dates_from_its_return():
    second = carry((entry(),), (), 2, LATER)
    (back,) = carry(second, (entry(since=3, changed=LATEST),), 3, LATEST)
    assert back == entry(since=3, changed=LATEST)


def test_what_is_new_dates_from_its_revision():
    found = by_id(carry((entry(),), (entry(since=2, changed=LATER), entry("b-1", since=2, changed=LATER)), 2, LATER))
    assert (found["a-1"].since, found["b-1"].since) == (1, 2)


@given(days=st.integers(-40, 40), more=st.booleans())
def test_a_day_zero_that_moves_away_and_back_gives_the_first_dates_again_under_the_third_revision(
    plan_of, full_site, days, more
):
    first = plan_of(full_site, planned_day_zero=P)
    other = plan_of(full_site, planned_day_zero=P + timedelta(days=days), dates={"echo": P} if more else {})
    one = entries_of(first, WHEN)
    two = carry(one, entries_of(replace(other, revision=2), LATER), 2, LATER)
    three = carry(two, entries_of(replace(first, revision=3), LATEST), 3, LATEST)
    before, between, after = map(by_id, (one, two, three))
    assert set(before) <= set(between) <= set(after)
    for name, found in before.items():
        assert found.shows == after[name].shows
        moved = between[name].shows != found.shows
        assert (between[name].since, between[name].changed) == ((2, LATER) if moved else (1, WHEN))
        assert (after[name].since, after[name].changed) == ((3, LATEST) if moved else (1, WHEN))
        assert moved or after[name] == between[name] == found
    assert not [name for name in set(after) - set(before) if not after[name].cancelled]
    if days == 0 and not more:
        assert one == two == three


def test_the_plan_says_of_each_event_the_revision_its_entry_dates_from(full_plan):
    entries = tuple(replace(e, since=4) if e.id == "il2-3" else e for e in entries_of(full_plan, WHEN))
    found = {event.id: event.since for event in with_since(full_plan, {entry.id: entry.since for entry in entries}).events}
    assert found.pop("il2-3") == 4 and set(found.values()) == {1}


def test_an_act_changes_the_calendar_only_if_it_changes_what_that_shows(full_plan):
    """A note changes nothing; a dose held on its day is recorded, and nothing ahead changes; seen from the day before, it
    was still ahead. 11-Jun 07:00 lies before the dose of 09:00, as of 08:00."""
    noted = apply(full_plan, Note(text="pharmacy told"), datetime(2026, 6, 9, 8, 0), 2)
    record = Record(outcome="held", at=datetime(2026, 6, 11), timed=False, reason="platelets")
    held = apply(noted, RecordEvent(event="fludarabine-2", record=record), datetime(2026, 6, 11, 8, 0), 3)
    assert changes_in_calendar(full_plan, noted, date(2026, 6, 9)) == "none"
    assert changes_in_calendar(noted, held, date(2026, 6, 11)) == "recorded"
    assert changes_in_calendar(noted, held, date(2026, 6, 10)) == "ahead"


# In a manifest -------------------------------------------------------------------------------------------------------

MOMENTS = st.datetimes(datetime(1900, 1, 1), datetime(2199, 12, 31), timezones=st.just(UTC))
ENTRIES = st.builds(
    Entry, id=st.text(), kind=st.sampled_from(["Treatment", "Deadline"]), subject=st.builds(on_day, st.integers(), st.sampled_from([None, "held", "violated"])), first=st.dates(), last=st.dates(),
    start=st.none() | MOMENTS, end=st.none() | MOMENTS, end_stated=st.booleans(),
    alarm=st.none() | st.integers(1, 20160), since=st.integers(1, 10**6), changed=MOMENTS, gone_in=st.none() | st.integers(1, 9),
    made=st.builds(MadeFrom, code=st.text(), revision=st.integers(1, 9), when=MOMENTS, zone=st.none() | st.text(), version=st.text()),
)  # fmt: skip


@given(ENTRIES)
def test_an_entry_comes_back_from_a_manifest_as_it_was(found):
    assert from_plain(Entry, json.loads(json.dumps(to_plain(found)))) == found


@pytest.mark.parametrize(
    "change",
    [{"first": "2026-02-30"}, {"start": "soon"}, {"changed": "2026-13-01T00:00"}, {"kind": "Dose"}],
    ids=["a date that does not exist", "a word for a moment", "a month 13", "a kind that is none"],
)
def test_a_manifest_that_holds_nonsense_is_not_an_entry(change):
    with pytest.raises(ValueError):
        from_plain(Entry, {**to_plain(entry()), **change})


def test_a_manifest_without_a_key_is_not_an_entry():
    data = to_plain(entry())
    del data["since"]
    with pytest.raises(KeyError):
        from_plain(Entry, data)


def test_a_deadline_never_takes_the_identity_of_an_event(protocol_text, plan_of, site_of):
    """A site's task "due-scan", first time, and a known date "scan-1" must not be one calendar entry."""
    more = (
        '\n[dates.scan-1]\ntitle = "first scan"\nkind = "test"\n'
        '[rules.X1]\ntitle = "scan"\nderivation = "for this test"\n'
        '[[rules.X1.bounds]]\npoint = "scan-1"\nsafe = ["day-zero at least 1 day after scan-1"]\n'
    )
    protocol = read_protocol(protocol_text + more, "t.toml")
    site = site_of(more='[[tasks]]\nid = "due-scan"\ntitle = "book the scan"\ndays = "-3"', protocol=protocol)
    plan = plan_of(site, protocol=protocol, planned_day_zero=P)
    entries = entries_of(plan, WHEN)
    assert "book the scan" in " ".join(map(title_of, entries))
    assert len({e.id for e in entries}) == len(entries)
