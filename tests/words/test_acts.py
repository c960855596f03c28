"""Deeds made from what was typed, and said in a sentence: every date comes back with its weekday."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from shared.refused import said as worded

from schedule.model.acts import Amend, Attest, Book, Cancel, Fact, Move, Note, PlannedHour, ReDate, Restore
from schedule.model.case import NEVER, Attested
from schedule.model.errors import Refused
from schedule.model.moment import Moment
from schedule.model.text import sha256
from schedule.service.acts import amend_of, attest_of, fact_of, hour_of, open_of, record_of, ruling_of
from schedule.words.acts import deed_in_words

ZONE = ZoneInfo("America/New_York")
TEN = datetime(2026, 6, 15, 10, tzinfo=ZONE)
AS_OF = datetime(2026, 6, 12, 8)


@pytest.fixture
def plan(plan_of):
    return plan_of(planned_day_zero=date(2026, 6, 15), dates={"marrow": date(2026, 5, 21)})


def test_a_record_keeps_the_wall_time_and_the_moment():
    record = record_of("nk-infusion-1", "given", Moment(on=date(2026, 6, 15), at=TEN, pinned=True), "late").record
    assert (record.at, record.timed, record.reason, record.moment) == (datetime(2026, 6, 15, 10), True, "late", TEN)
    assert record.pinned
    record = record_of("il2-1", "held", Moment(on=date(2026, 6, 16)), "").record
    assert (record.at, record.timed, record.moment, record.pinned) == (datetime(2026, 6, 16), False, None, False)


def test_a_wall_time_that_comes_twice_is_recorded_as_the_one_it_was():
    second = datetime(2026, 11, 1, 1, 30, fold=1, tzinfo=ZONE)
    record = record_of("il2-1", "given", Moment(on=second.date(), at=second, pinned=True), "").record
    assert (record.at.fold, record.moment.utcoffset()) == (1, second.utcoffset())


def test_the_dates_of_a_fact_are_earliest_first_and_never_replaces():
    later, earlier = Moment(on=date(2026, 6, 1)), Moment(on=date(2026, 5, 1))
    assert fact_of("marrow", (later, earlier, later), instead=False) == Fact(
        name="marrow", dates=(earlier.on, later.on), instead=False
    )
    assert fact_of("dli-last", NEVER, instead=False) == Fact(name="dli-last", dates=(), instead=True)


def test_a_known_date_keeps_the_hours_that_are_known_earliest_first():
    nine = datetime(2026, 6, 15, 9, tzinfo=ZONE)
    known = [Moment(on=TEN.date(), at=TEN), Moment(on=date(2026, 6, 1)), Moment(on=nine.date(), at=nine)]
    fact = fact_of("marrow", known, instead=False)
    assert (fact.dates, fact.hours) == ((date(2026, 6, 1), date(2026, 6, 15)), (nine, TEN))


REFUSED = [
    (lambda plan: hour_of(Moment(on=date(2026, 6, 15)), "2026-06-15"), "planned-day-zero: '2026-06-15' has no hour - a new date is a slip: dayzero slip"),
    (lambda plan: attest_of(plan, "age-eligable", date(2026, 6, 1), "PI", AS_OF), 'statement "age-eligable": the protocol has no such statement - did you mean "age-eligible"?'),
    (lambda plan: attest_of(plan, "age-eligible", date(2026, 6, 13), "PI", AS_OF), "age-eligible: Sat 13-Jun-2026 is later than as-of - record it on the day"),
    (lambda plan: ruling_of(plan, "T41", "allowed", by="PI", as_of=AS_OF, reason="x", day_zero=None), 'rule "T41": the protocol has no such rule - did you mean "T4"?'),
]  # fmt: skip


@pytest.mark.parametrize(("make", "said"), REFUSED, ids=range(len(REFUSED)))
def test_what_cannot_be_is_refused_in_words(plan, make, said):
    with pytest.raises(Refused) as refused:
        make(plan)
    assert worded(refused.value) == said


def test_a_ruling_speaks_of_the_present_day_0_unless_another_is_named(plan):
    one = ruling_of(plan, "T14", "allowed", by="PI", as_of=AS_OF, reason="x", day_zero=None)
    other = ruling_of(plan, "T14", "allowed", by="PI", as_of=AS_OF, reason="x", day_zero=Moment(on=date(2026, 6, 16)))
    assert (one.ruling.day_zero, other.ruling.day_zero) == (date(2026, 6, 15), date(2026, 6, 16))
    assert one.ruling.on == date(2026, 6, 12)


def test_an_amendment_keeps_what_it_does_not_name(plan):
    assert amend_of(plan, "text", None) == Amend(protocol=sha256("text"), site=plan.site.sha256)
    assert amend_of(plan, None, "text") == Amend(protocol=plan.protocol.sha256, site=sha256("text"))


WORDS = [
    (record_of("fludarabine-1", "given", Moment(on=date(2026, 6, 10)), ""), "Planned Day −5, fludarabine, intravenous infusion (dose 1 of 3): given, Wed 10-Jun-2026."),
    (record_of("nk-infusion-1", "given", Moment(on=date(2026, 6, 15), at=TEN), ""), "Day 0, CIML NK cells, intravenous infusion: given, Mon 15-Jun-2026 10:00."),
    (record_of("nk-infusion-1", "given", Moment(on=TEN.date(), at=TEN), "", end=Moment(on=TEN.date(), at=TEN.replace(hour=11)), partly=True), "Day 0, CIML NK cells, intravenous infusion: given in part, Mon 15-Jun-2026 10:00 to 11:00."),
    (record_of("nk-infusion-1", "given", Moment(on=TEN.date(), at=TEN), "", end=Moment(on=date(2026, 6, 16))), "Day 0, CIML NK cells, intravenous infusion: given, Mon 15-Jun-2026 10:00 to Tue 16-Jun-2026."),
    (record_of("gone-1", "held", Moment(on=date(2026, 6, 10)), ""), "gone-1: held, Wed 10-Jun-2026."),
    (open_of("fludarabine-1"), "Planned Day −5, fludarabine, intravenous infusion (dose 1 of 3): what was recorded is taken back, it was an error."),
    (Book(event="fludarabine-1", at=Moment(on=date(2026, 6, 11))), "Planned Day −5, fludarabine, intravenous infusion (dose 1 of 3): booked for Thu 11-Jun-2026, instead of Wed 10-Jun-2026."),
    (ReDate(course="il2", by="PI"), "Interleukin-2: what is left is dated anew, from day 0 as it now stands, decided by PI."),
    (ReDate(course="il2", by="PI", cycle=2, next=Moment(on=date(2026, 6, 20))), "Interleukin-2 of cycle 2: what is left is dated anew, the next dose on Sat 20-Jun-2026, decided by PI."),
    (Move(to=Moment(on=date(2026, 7, 16)), cause="donor", cycle=2), "Day 0 of cycle 2 to Thu 16-Jul-2026, because of the donor."),
    (fact_of("dli-last", NEVER, instead=True), "Last donor lymphocyte infusion: never."),
    (fact_of("marrow", [Moment(on=TEN.date(), at=TEN)], instead=True), "Bone marrow examination: Mon 15-Jun-2026 10:00, instead of Thu 21-May-2026."),
    (fact_of("marrow", [Moment(on=date(2026, 6, 1))], instead=False), "Bone marrow examination: Mon 01-Jun-2026, beside Thu 21-May-2026."),
    (fact_of("marrow", [Moment(on=date(2026, 6, 1))], instead=True), "Bone marrow examination: Mon 01-Jun-2026, instead of Thu 21-May-2026."),
    (fact_of("echo", [Moment(on=date(2026, 6, 1)), Moment(on=date(2026, 6, 2))], instead=False), "Echocardiogram: Mon 01-Jun-2026 and Tue 02-Jun-2026."),
    (PlannedHour(moment=TEN), "Hour of planned day 0: Mon 15-Jun-2026 10:00."),
    (Attest(name="age-eligible", attested=Attested(on=date(2026, 6, 1), by="PI")), "At least 12 years old at consent: stated on Mon 01-Jun-2026 by PI."),
    (Attest(name="age-eligible", attested=Attested(on=date(2026, 6, 1), by="")), "At least 12 years old at consent: stated on Mon 01-Jun-2026."),
    (Move(to=Moment(on=date(2026, 6, 16)), cause="donor"), "Day 0 to Tue 16-Jun-2026, because of the donor."),
    (Amend(protocol="0" * 64, site=None), "Amended: protocol."),
    (Amend(protocol="0" * 64, site="1" * 64), "Amended: protocol and site file."),
    (Note(text="told"), "Note: told"),
    (Cancel(), "The plan is cancelled. Every entry still ahead is marked CANCELLED."),
    (Restore(lost=2), "Restored from a backup."),
]  # fmt: skip


@pytest.mark.parametrize(("deed", "said"), WORDS, ids=range(len(WORDS)))
def test_a_deed_in_a_sentence(plan, deed, said):
    assert deed_in_words(plan, deed).replace("\u00a0", " ") == said


def test_a_ruling_in_a_sentence(plan):
    deed = ruling_of(plan, "T36", "not-allowed", by="PI", as_of=AS_OF, reason="x", day_zero=Moment(on=date(2026, 6, 16)))
    assert deed_in_words(plan, deed) == "T36, Cells within 48 hours of the planned day 0: not allowed for day 0 Tue 16-Jun-2026, ruled by PI."
