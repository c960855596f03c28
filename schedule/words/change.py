"""What a change notice says: what happened, what stands in the way, what is asked, who must be told."""

from collections.abc import Mapping
from datetime import date

from schedule.engine.entries import CalendarChange
from schedule.model.acts import Deed, Move, Restore
from schedule.model.move import Limit, MoveVerdict, Person
from schedule.model.notation import NO_BREAK, plural, spell, spell_clock, spell_moment
from schedule.model.plan import Plan, standing_of
from schedule.words.acts import deed_title
from schedule.words.dates import day_zero_of, spell_day_zero, zero_in_cycle, zero_in_hand

OF_ITS_OWN = "a calendar of its own: delete it, open the new calendar.ics."
CALENDARS = (
    f"Outlook, Thunderbird, KDE, Evolution, Google, Apple, {OF_ITS_OWN}",
    "Importing it instead keeps the old dates (Thunderbird, KDE), doubles every entry (Outlook, calcurse) or keeps a "
    "warning that no longer holds (Evolution).",
    "Feeds move by themselves, hours later.",
)
"""How each kind of calendar gets a change; `docs/calendars.md` has what was measured."""
IN_CALENDARS: Mapping[CalendarChange, tuple[str, ...]] = {
    "none": ("No calendar entry changes.",),
    "recorded": (
        "Nothing to do: no entry that is still ahead changes. Feeds and channels show by themselves what is recorded; "
        "a calendar opened from a file may stay as it is.",
    ),
    "ahead": CALENDARS,
}
"""What is to be done about calendars, by what an act changes in them."""
NO_CHANGE, NO_OTHER_CHANGE = "No date and no verdict changes.", "No other date and no verdict changes."


def restored(deed: Restore, code: str, last: int) -> tuple[str, tuple[str, ...]]:
    """What a restored backup leaves undone, and how each kind of calendar is put right; `last` is the backup's
    revision.

    The new files cannot cancel entries that were made after the backup: nothing in it knows of them.
    """
    if not deed.lost:
        return f"The backup ended with revision {last}; no later one was found.", CALENDARS
    gone = f"{last + 1} to {last + deed.lost}" if deed.lost > 1 else str(last + 1)
    what = f"revision{'s' if deed.lost > 1 else ''} {gone}"
    said = (
        f"The backup ended with revision {last}; {what} {'are' if deed.lost > 1 else 'is'} not in it. "
        "Enter again what was recorded since, and take away every sheet printed from there."
    )
    return said, (
        f"What {what} first put into a calendar is not cancelled by the new files.",
        f"Outlook, Thunderbird, KDE, Evolution, Google, Apple, {OF_ITS_OWN}",
        f"Where it was imported: delete every entry of {code} by hand, then import calendar.ics.",
        "Feeds put it right by themselves, hours later.",
    )


def hours(count: float) -> str:
    """`48 hours`, `47 hours 59 minutes`, `−1 hour`."""
    minutes = round(abs(count) * 60)
    text = plural(minutes // 60, "hours") + (f"{NO_BREAK}{plural(minutes % 60, 'minutes')}" if minutes % 60 else "")
    return f"\u2212{text}" if count < 0 else text


def cycle_moved(before: Plan, after: Plan) -> int:
    """The cycle whose day 0 is another in the two plans; the first where none is."""
    cycles = (1, *standing_of(after).cycles)
    was, now = standing_of(before), standing_of(after)
    return next((one for one in cycles if not now.of(one).day_zero.is_same(was.of(one).day_zero)), 1)


def spell_zero(plan: Plan, cycle: int) -> str:
    """Day 0 of a cycle, as a moment."""
    return spell_day_zero(standing_of(plan).of(cycle).day_zero)


def heading(before: Plan, after: Plan, deed: Deed, verdict: MoveVerdict | None, *, saved: bool) -> str:
    """The first line: what happened, or what would."""
    code = after.case.code
    if verdict is not None:
        cycle = cycle_moved(before, after)
        named, was = zero_in_cycle(after.protocol.zero, cycle), spell_zero(before, cycle)
        if verdict.unchanged and verdict.allowed:
            return f"Nothing changed: {named} of {code} is {was} already."
        what = "Re-plan" if verdict.kind == "re-plan" else "Slip"
        if not verdict.allowed:
            wanted = spell_day_zero(deed.to) if isinstance(deed, Move) else ""
            return f"{what} of {code} to {wanted} is not allowed. Nothing was saved."
        said = "" if saved else " Not saved."
        return f"{what} of {code}: {named} from {was} to {spell_zero(after, cycle)}.{said}"
    if after.revision == before.revision:
        return f"Nothing changed: {code} has this already."
    done = "saved as" if saved else "would be"
    what = deed_title(deed, after.protocol.zero)
    return f"{code}: {what}, {done} revision {after.revision}. {zero_in_hand(after).capitalize()} {day_zero_of(after)}."


PEOPLE: Mapping[Person, str] = {
    "principal investigator": "Principal investigator",
    "nurses": "Nurses, this shift and next",
    "coordinator": "Study coordinator",
    "patient": "Patient or guardian",
    "pharmacy": "Pharmacy",
    "cell laboratory": "Cell laboratory",
    "donor": "Donor centre, apheresis unit",
    "laboratory": "Laboratory, test units",
}
"""Who must be told of a change, each to be ticked when told."""


def hour_dropped(before: Plan, after: Plan, verdict: MoveVerdict | None) -> tuple[str, ...]:
    """That a move takes the hour of day 0 away, and what that does to a limit in hours."""
    cycle = cycle_moved(before, after)
    was, now = (standing_of(plan).of(cycle).day_zero for plan in (before, after))
    if verdict is None or was.at is None or now.at is not None:
        return ()
    limit = verdict.limit
    judged = f", and the limit of {limit.hours} hours is judged by dates alone" if limit and not limit.by_date else ""
    named = zero_in_cycle(after.protocol.zero, cycle)
    return (f"The hour {spell_clock(was.at)} is dropped: {named} has no hour{judged}.",)


def limit_and_planned(before: Plan, after: Plan, verdict: MoveVerdict | None) -> tuple[str, ...]:
    """Of a slip: how far it may go and how much of that is used, and that planned day 0 stays."""
    if verdict is None or verdict.kind != "slip":
        return ()
    cycle = cycle_moved(before, after)
    stands, named = standing_of(after).of(cycle), f"planned {zero_in_cycle(after.protocol.zero, cycle)}"
    stays = f"{named.capitalize()} stays {spell_day_zero(stands.planned)}."
    limit = (_limit_in_words(verdict.limit, named, stands.day_zero.on),) if verdict.limit else ()
    return (*limit, stays)


def _limit_in_words(limit: Limit, planned: str, day_zero: date) -> str:
    if limit.by_date:
        left = plural((limit.last - day_zero).days, "days")
        return f"Limit: no later than {spell(limit.last)}, by date from {planned}. Left: {left}."
    if limit.until is None or limit.used is None or limit.left is None:
        return f"Limit: {limit.hours} hours from {planned}; judged by date, because an hour is not known."
    used = f"Used {hours(limit.used)}, left {hours(limit.left)}."
    return f"Limit: {limit.hours} hours from {planned}, until {spell_moment(limit.until)}. {used}"
