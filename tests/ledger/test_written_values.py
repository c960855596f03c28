"""What ledgers and manifests keep is written as plain data and read back the same: every kind of basis, title, label and day
off; moments, and wall times that come twice."""

import json
from datetime import UTC, date, datetime, timedelta, timezone
from typing import get_args
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Struct
from msgspec.structs import fields, replace
from shared.forms import (
    Patient,
    store,  # noqa: F401
)

from schedule.engine.entries import entries_of
from schedule.ledger.codec import each_to_plain, from_plain, in_zone, to_plain
from schedule.ledger.parts import _fields
from schedule.model.acts import Book, Deed, Fact, Move, RecordDay, RecordEvent, records_in
from schedule.model.moment import Moment
from schedule.model.notation import MINUS, NO_BREAK, DayLabel
from schedule.model.plan import CycleStanding, Event, Record, Standing
from schedule.model.projection import Projection
from schedule.model.reasons.basis import (
    Anchor,
    Basis,
    CountedFrom,
    FromActivity,
    FromDayZero,
    Ground,
    SiteParameter,
    StatedIn,
)
from schedule.model.reasons.days_off import Closed, DayOff
from schedule.model.titles import Numbered, Title, Until
from schedule.words.basis import basis_of
from schedule.words.days_off import days_off_of
from schedule.words.titles import full_title

EVENT = Event(
    id="il2-3", activity="il2", number=3, of=7, title=Title(text="interleukin-2 (IL-2)"), day=5,
    label=DayLabel(number=5), on=date(2026, 6, 20), last_date=None, start=None, end=None, donor=False,
    planned=Moment(on=date(2026, 6, 20)),
    status="planned", since=1, provenance="stated",
    basis=Basis(counted=CountedFrom(anchor=FromDayZero(), on=date(2026, 6, 15)), ground=StatedIn(protocol="X-1", section="")),
    category="treatment", verify=True, task=False, flags=(),
)  # fmt: skip
texts, dates = st.text(max_size=20), st.dates(date(1900, 1, 1), date(2199, 12, 31))
titles = st.builds(
    Title, text=texts, numbered=st.none() | st.builds(Numbered, unit=texts), until=st.none() | st.builds(Until, what=texts)
)
st.register_type_strategy(Title, titles)
walls = st.datetimes(datetime(1900, 1, 1), datetime(2199, 12, 31))
moments = st.builds(lambda wall, hours: wall.replace(tzinfo=timezone(timedelta(hours=hours))), walls, st.integers(-12, 14))
times = st.builds(Moment, on=dates, at=st.none() | moments, pinned=st.booleans())
counted = st.builds(CountedFrom, on=dates, at=st.none() | walls)
events = st.builds(
    replace, st.just(EVENT), title=titles, label=st.builds(DayLabel), basis=st.builds(Basis, counted=counted, through=st.none() | dates),
    flags=st.lists(st.builds(DayOff, instead=st.none() | st.lists(dates, max_size=3).map(tuple)), max_size=2).map(tuple),
    record=st.none() | st.builds(Record, at=walls, moment=st.none() | moments, end=st.none() | times),
    planned=st.none() | times, booked=st.none() | times, actual=st.none() | times, earliest=st.none() | times,
    latest=st.none() | times,
)  # fmt: skip


def back(event):
    return from_plain(Event, json.loads(json.dumps(to_plain(event))))


@given(events)
def test_an_event_comes_back_as_it_was(event):
    assert back(event) == event


@pytest.mark.parametrize("kind", [*get_args(Anchor), *get_args(Ground)], ids=lambda kind: kind.__name__)
def test_each_kind_of_basis_is_written_with_its_name_and_read_by_it(kind):
    @given(st.builds(kind))
    def check(value):
        basis = EVENT.basis
        changed = replace(basis, ground=value) if kind in get_args(Ground) else replace(basis, counted=replace(basis.counted, anchor=value))  # fmt: skip
        event = replace(EVENT, basis=changed)
        assert f'"is": "{kind.__name__}"' in json.dumps(to_plain(event))
        assert back(event) == event

    check()


def test_a_kind_that_nobody_knows_is_refused():
    plain = to_plain(EVENT)
    plain["basis"]["ground"]["is"] = "SoItWasToldMe"
    with pytest.raises(ValueError) as raised:
        from_plain(Event, plain)
    assert "SoItWasToldMe" in str(raised.value)


def test_what_the_ledger_keeps_of_a_patient_with_records_says_the_same_words(store):
    patient = Patient(store, '[choices]\ncy-day = "early"\npart = "one"\n')
    for number, day in enumerate((10, 11, 12), 1):
        patient.act("record", f"2026-06-{day} 20:00", event=f"flu-{number}", outcome="given", at=f"2026-06-{day} 09:00")
    plan = patient.plan
    assert [event.id for event in plan.events if event.record] == ["flu-1", "flu-2", "flu-3"]
    for event in plan.events:
        read = back(event)
        assert basis_of(read, "day 0") == basis_of(event, "day 0")
        assert full_title(read.title) == full_title(event.title)
        assert (str(read.label), days_off_of(read)) == (str(event.label), days_off_of(event))
    first = next(event for event in plan.events if event.id == "flu-1")
    assert basis_of(first, "day 4").replace(NO_BREAK, " ").endswith("; recorded given, Wed 10-Jun-2026 09:00")
    assert basis_of(first, "day 4").replace(NO_BREAK, " ").startswith(f"Day {MINUS}5 = planned day 4 (Mon 15-Jun-2026)")


WORDED = [
    (DayOff(because="Saturday"), "Saturday"),
    (DayOff(because="closure", instead=()), "site closed; no working day in its window"),
    (
        DayOff(because="holiday", instead=(date(2026, 7, 6), date(2026, 7, 7))),
        "holiday; working days in its window: Mon 06-Jul-2026, Tue 07-Jul-2026",
    ),
]


@pytest.mark.parametrize(("off", "words"), WORDED, ids=lambda value: value if isinstance(value, str) else "")
def test_a_day_off_is_worded_with_the_working_days_that_a_window_leaves(off, words):
    assert days_off_of(replace(EVENT, flags=(off,))) == (words,)
    assert off.because in get_args(Closed)


def test_an_occurrence_of_another_activity_is_named_with_its_number_and_what_ends_it():
    title = Title(text="cover", numbered=Numbered(unit="dose", number=2, of=3), until=Until(what="counts recover", latest=date(2026, 7, 4)))  # fmt: skip
    counted = CountedFrom(
        anchor=FromActivity(title=title, which="last"), on=date(2026, 6, 15), at=datetime(2026, 6, 15, 10), shifts=((-8, "hours"),)
    )  # fmt: skip
    event = replace(
        EVENT, basis=Basis(counted=counted, ground=SiteParameter(name="cover-days", text="+1"), through=date(2026, 7, 1))
    )
    assert basis_of(event, "day 0").replace(NO_BREAK, " ") == (
        "Day +5 = last cover (dose 2 of 3), from this day until counts recover, at the latest Sat 04-Jul-2026 "
        "(Mon 15-Jun-2026 10:00) − 8 hours; site file, cover-days = “+1”; until Wed 01-Jul-2026, that day included"
    )


# Moments and wall times -----------------------------------------------------------------------------------------------

NEW_YORK = ZoneInfo("America/New_York")
FIRST, SECOND = (datetime(2026, 11, 1, 1, 30, fold=fold, tzinfo=NEW_YORK) for fold in (0, 1))


def again(kind, value):
    return from_plain(kind, json.loads(json.dumps(to_plain(value))))


@pytest.mark.parametrize("at", [FIRST, SECOND], ids=["first", "second"])
def test_a_wall_time_that_comes_twice_comes_back_as_the_one_it_was(at):
    wall = at.replace(tzinfo=None)
    assert again(datetime, wall).fold == at.fold
    record = again(Record, Record(outcome="given", at=wall, timed=True, reason="", moment=at, end=Moment(on=at.date(), at=at)))
    assert (record.at.fold, record.moment.utcoffset(), record.end.at.utcoffset()) == (at.fold, at.utcoffset(), at.utcoffset())


@pytest.mark.parametrize("text", ["2026-11-01T01:30:00[fold=0]", "2026-11-01T01:30:00 [fold=1]", "[fold=1]"])
def test_another_mark_behind_a_wall_time_is_none(text):
    with pytest.raises(ValueError):
        from_plain(datetime, text)


DEEDS = [
    Fact(name="scan", dates=(FIRST.date(),), instead=True, hours=(FIRST, SECOND)),
    Book(event="visit-1", at=Moment(on=SECOND.date(), at=SECOND, pinned=True)),
    Move(to=Moment(on=SECOND.date(), at=SECOND), cause="other", cycle=2),
    RecordEvent(event="visit-1", record=None),
    RecordEvent(
        event="visit-1",
        record=Record(outcome="given", at=SECOND.replace(tzinfo=None), timed=True, reason="", moment=SECOND, partly=True),
        confirmed=True,
    ),
    RecordDay(
        on=FIRST.date(),
        records=(
            RecordEvent(event="visit-1", record=None),
            RecordEvent(
                event="visit-2",
                record=Record(
                    outcome="given", at=FIRST.replace(tzinfo=None), timed=True, reason="", moment=FIRST, end=Moment(on=SECOND.date(), at=SECOND)
                ),
            ),
        ),
    ),
]  # fmt: skip


@pytest.mark.parametrize("deed", DEEDS, ids=lambda deed: deed.kind)
def test_a_deed_comes_back_with_its_moments_in_the_zone_it_was_made_in(deed):
    assert type(deed) in get_args(Deed)
    read = in_zone(again(type(deed), deed), NEW_YORK)
    assert (read, to_plain(read)) == (deed, to_plain(deed))
    records = [one.record for one in records_in(read) if one.record is not None]
    times = [record.moment for record in records] + [record.end.at for record in records if record.end is not None]
    for moment in (*times, *getattr(read, "hours", ()), getattr(getattr(read, "at", None), "at", None)):
        assert moment is None or moment.tzinfo is NEW_YORK


def test_where_a_patient_stands_comes_back_with_every_cycle_and_all_that_is_fixed():
    zero = Moment(on=FIRST.date(), at=SECOND)
    cycles = {2: CycleStanding(planned=zero, day_zero=zero), 10: CycleStanding(planned=zero, day_zero=Moment(on=FIRST.date()))}
    standing = Standing(planned=zero, day_zero=zero, cycles=cycles, fixed=frozenset({"il2-2", "il2-1"}))
    assert to_plain(again(Standing, standing)) == to_plain(standing)
    assert list(again(Standing, standing).cycles) == [2, 10]
    assert to_plain(standing)["fixed"] == ["il2-1", "il2-2"]
    assert list(to_plain(standing)["cycles"]) == ["2", "10"]


def records_of(kind, seen=None):
    """Every record that can be part of a value of that kind."""
    seen = set() if seen is None else seen
    if kind in seen:
        return
    seen.add(kind)
    is_record = isinstance(kind, type) and issubclass(kind, Struct)
    yield from (kind,) if is_record else ()
    for part in (one.type for one in fields(kind)) if is_record else get_args(kind):
        yield from records_of(part, seen)


def test_the_fields_of_every_record_that_is_kept_are_found_with_their_kinds():
    kinds = set(records_of(Projection))
    assert len(kinds) > 100
    for kind in kinds:
        assert dict(_fields(kind)) == {one.name: one.type for one in fields(kind)}


def test_records_that_share_others_are_written_as_each_alone(store):
    patient = Patient(store, '[choices]\ncy-day = "early"\npart = "one"\n')
    entries = entries_of(patient.plan, datetime(2026, 5, 1, 12, tzinfo=UTC))
    assert len(entries) > 10 and len({id(one.made) for one in entries}) == 1
    assert each_to_plain(iter(entries)) == [to_plain(one) for one in entries]
