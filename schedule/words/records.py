"""Why a record or a booking cannot be, and why a record looks wrong, in words."""

from typing import assert_never

from schedule.model.notation import nearest, plural, spell_moment
from schedule.model.reasons.records import (
    AfterCells,
    BeforeCells,
    BeforeEarlierOne,
    BeforeWhatItFollows,
    BookedInPast,
    BookedIsDayZero,
    BookedIsRecorded,
    BookedLeadsGiven,
    BookedTooEarly,
    BookingRefusal,
    EndsBeforeStart,
    FarFromDue,
    FarOutsideWindow,
    FollowerIsRecorded,
    FollowsCells,
    HourIsNeeded,
    LooksWrong,
    NoSuchEvent,
    NothingRecorded,
    NotOnDayZero,
    NotPlanned,
    OnAnotherDate,
    OutsideWindow,
    Recorded,
    RecordedLater,
    RecordRefusal,
)
from schedule.words.dates import spell_day_zero
from schedule.words.remedies import Edge, RefusedWords, by_as_of
from schedule.words.titles import full_title

LOOK = "look at the date"


def recorded_in_words(record: Recorded) -> str:
    """`fludarabine (dose 1 of 3) is recorded given on Wed 10-Jun-2026 09:00`."""
    return f"{full_title(record.title)} is recorded {record.outcome} on {spell_day_zero(record.at)}"


def record_in_words(refusal: RecordRefusal, code: str, zero: str, edge: Edge) -> RefusedWords:
    """Why a record cannot be, or why it looks wrong and how it is confirmed."""
    match refusal:
        case NoSuchEvent():
            about = f'event "{refusal.event[:60]}"'
            return RefusedWords(about, "there is none with that name", nearest(refusal.event, refusal.known))
        case NothingRecorded():
            return RefusedWords(refusal.event, "nothing is recorded of it", "there is nothing to take back")
        case RecordedLater():
            said = f"{spell_day_zero(refusal.at)} is later than {by_as_of(edge)}"
            return RefusedWords(refusal.event, said, "record what has happened")
        case EndsBeforeStart():
            said = f"it would end on {spell_day_zero(refusal.end)}, before it begins on {spell_day_zero(refusal.start)}"
            return RefusedWords(refusal.event, said, "look at both times")
        case HourIsNeeded():
            return RefusedWords(refusal.event, _why_an_hour(refusal, zero), "write the hour")
        case FollowsCells():
            said = "it follows the cells" if refusal.follower is None else recorded_in_words(refusal.follower)
            more = ", and the infusion is not recorded" if refusal.follower is None else "; the infusion would not be"
            return RefusedWords(refusal.event, said + more, "record the infusion first")
        case BeforeCells():
            return _out_of_order(refusal.event, refusal.follower, f"before the cells ({spell_day_zero(refusal.cells)})")
        case AfterCells():
            return _out_of_order(refusal.event, refusal.dose, f"after the cells ({spell_day_zero(refusal.cells)})")
        case FollowerIsRecorded():
            return RefusedWords(refusal.event, recorded_in_words(refusal.follower), "correct that first")
        case LooksWrong():
            confirm = f"if it is right, confirm it: --confirm {code}"
            if edge == "page":
                confirm = "if it is right, confirm it"
            return RefusedWords(refusal.event, doubt_in_words(refusal, zero), f"look again; {confirm}")
        case _:
            assert_never(refusal)


def _why_an_hour(refusal: HourIsNeeded, zero: str) -> str:
    if refusal.follower is None:
        return "it is planned with an hour, and a date alone would lose it"
    return f"hours are counted from it or to it ({full_title(refusal.follower)})"


def _out_of_order(event: str, other: Recorded | None, where: str) -> RefusedWords:
    """A record on the wrong side of the cells: the one typed, or another one that it makes impossible."""
    if other is None:
        return RefusedWords(event, f"it would lie {where}", LOOK)
    return RefusedWords(event, f"{recorded_in_words(other)}, and would lie {where}", "look at both dates")


def doubt_in_words(refusal: LooksWrong, zero: str) -> str:
    """Why a record looks wrong: what was typed, and what it does not go with, both dates with their weekdays."""
    at, doubt = spell_day_zero(refusal.at), refusal.doubt
    match doubt:
        case FarOutsideWindow():
            window = f"{spell_day_zero(doubt.first)} to {spell_day_zero(doubt.last)}"
            return f"{at} looks wrong: it lies far outside its window, {window}"
        case FarFromDue():
            return f"{at} looks wrong: {_how_far(refusal, doubt)} {spell_day_zero(doubt.due)}, when it was due"
        case NotOnDayZero():
            return f"{at} looks wrong: {zero} is {spell_day_zero(doubt.day_zero)}"
        case BeforeEarlierOne():
            earlier = f"{full_title(doubt.earlier)}, {spell_day_zero(doubt.when)}"
            return f"{at} looks wrong: it is before {earlier}, which comes first"
        case BeforeWhatItFollows():
            return f"{at} looks wrong: {_what_it_follows(doubt)}"
        case _:
            assert_never(doubt)


def _how_far(refusal: LooksWrong, doubt: FarFromDue) -> str:
    """`it is 4 days after`, `it is 5 hours before`: by hours on one date."""
    one, other = refusal.at, doubt.due
    days = (one.on - other.on).days
    if days or one.instant is None or other.instant is None:
        return f"it is {plural(abs(days), 'days')} {'after' if days > 0 else 'before'}"
    minutes = round((one.instant - other.instant).total_seconds() / 60)
    apart = plural(abs(minutes) // 60, "hours") + (f" {plural(abs(minutes) % 60, 'minutes')}" if minutes % 60 else "")
    return f"it is {apart} {'after' if minutes > 0 else 'before'}"


def _what_it_follows(doubt: BeforeWhatItFollows) -> str:
    """What a record is before: something recorded later, or not recorded at all."""
    title = full_title(doubt.leader)
    when = f", {spell_day_zero(doubt.when)}" if doubt.when is not None else ""
    if doubt.recorded:
        return f"it is before {title}{when}, which it follows"
    due = f" (due {spell_day_zero(doubt.when)})" if doubt.when is not None else ""
    return f"it follows {title}{due}, which is not recorded"


def booking_in_words(refusal: BookingRefusal, zero: str, edge: Edge) -> RefusedWords:
    """Why a booking is not allowed."""
    match refusal:
        case NotPlanned():
            said = "it is not planned: it is cancelled, or has another number now"
            return RefusedWords(refusal.event, said, _see(edge))
        case BookedIsRecorded(booked=booked):
            said = f"it is recorded {booked.outcome} on {spell_day_zero(booked.at)}"
            return RefusedWords(refusal.event, said, "what has happened is not booked")
        case BookedIsDayZero():
            how = ": dayzero slip" if edge == "terminal" else ""
            return RefusedWords(refusal.event, f"it is {zero}", f"another day or hour of it is a move of {zero}{how}")
        case BookedLeadsGiven():
            said = f"{recorded_in_words(refusal.follower)}, and is counted from it"
            return RefusedWords(refusal.event, said, "record it as it was given")
        case OutsideWindow():
            window = f"{spell_day_zero(refusal.first)} to {spell_day_zero(refusal.last)}"
            said = f"{spell_day_zero(refusal.at)} lies outside its window, {window}"
            return RefusedWords(refusal.event, said, "choose a time inside it")
        case OnAnotherDate():
            planned = f"only an hour of {spell_day_zero(refusal.planned)} can be booked" if refusal.planned else ""
            said = f"{spell_day_zero(refusal.at)} is another date than planned, and no window is stated"
            return RefusedWords(refusal.event, said, planned)
        case BookedInPast():
            said = f"{spell_day_zero(refusal.at)} is past: it is {spell_moment(refusal.as_of)}"
            return RefusedWords(refusal.event, said, "record what has happened; book what is ahead")
        case BookedTooEarly():
            said = f"{spell_day_zero(refusal.at)} is not after what it is counted from, {spell_day_zero(refusal.base)}"
            return RefusedWords(refusal.event, said, "choose a later time")
        case _:
            assert_never(refusal)


def _see(edge: Edge) -> str:
    return "look at the plan: dayzero show" if edge == "terminal" else "look at the patient's page"
