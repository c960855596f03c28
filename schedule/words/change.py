"""What a change notice says: what happened, what stands in the way, what is asked, who must be told."""

from collections.abc import Mapping
from datetime import date

from schedule.engine.begun import lymphodepletion
from schedule.engine.difference import Difference
from schedule.model.acts import Deed, Move, RecordEvent, Restore
from schedule.model.move import Limit, MoveVerdict
from schedule.model.notation import NO_BREAK, plural, spell, spell_moment
from schedule.model.plan import Event, Person, Plan, standing_of
from schedule.model.protocol import bounds_in
from schedule.model.timing import PLANNED_DAY_ZERO, CompletionOf
from schedule.words.acts import deed_title
from schedule.words.dates import day_zero_of, spell_day_zero
from schedule.words.places import spell_place
from schedule.words.titles import full_title

CALENDARS = (
    "Outlook, a calendar of its own: delete it, open the new calendar.ics (importing would duplicate).",
    "Others: the same, or import changes.ics.",
    "Feeds lag by hours.",
    "Invitations move.",
)
"""How each kind of calendar gets a change; `docs/calendars.md` has the sources."""


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
        "Outlook, a calendar of its own: delete it, open the new calendar.ics (importing would duplicate).",
        f"Others: delete every entry of {code} by hand, then import calendar.ics.",
        "Feeds put it right by themselves, hours later.",
        f"Invitations: cancel by hand those whose text names {what}.",
    )


def days_to_cells(before: Plan, after: Plan) -> tuple[str, ...]:
    """The days from the last lymphodepletion dose to the cells, old and new: shown, never judged. Empty where they are
    the same, or there are none."""
    gaps = []
    for plan in (before, after):
        doses = [event for event in lymphodepletion(plan) if event.status not in ("held", "cancelled")]
        if not doses or plan.day_zero is None:
            return ()
        gaps.append((plan.day_zero - max(event.on for event in doses)).days)
    if gaps[0] == gaps[1]:
        return ()
    course = " and ".join(
        course.title.lower() for course in after.protocol.courses.values() if course.base == PLANNED_DAY_ZERO
    )
    was, now = (plural(gap, "days") for gap in gaps)
    text = f"From the last {course} dose to {after.protocol.zero}: {was} before, {now} now."
    bounds = (bound for rule in after.protocol.rules.values() for bound in rule.bounds)
    judged = any(isinstance(one.anchor, CompletionOf) for bound in bounds for one in bounds_in(bound)[0])
    return (text if judged else f"{text} No limit is stated.",)


def held_queries(held: Event | None, deed: Deed) -> tuple[str, ...]:
    """What the principal investigator is asked about a held dose: nothing is rescheduled by itself."""
    if held is None or not isinstance(deed, RecordEvent) or deed.record is None:
        return ()
    reason = f" ({deed.record.reason})" if deed.record.reason else ""
    return (
        f"{full_title(held.title)}, {spell_place(held)}: HELD{reason}. "
        "Nothing is rescheduled: ask the principal investigator.",
    )


def queries_of(difference: Difference, after: Plan) -> tuple[str, ...]:
    """What has to be asked: doses and collections past and not recorded, products that have become older."""
    standing = standing_of(after)
    asked = []
    for event in difference.stays:
        if event.status == "unconfirmed" and event.category == "treatment" and not event.donor:
            asked.append(f"{full_title(event.title)}, {spell_place(event)}: past and not recorded. Was it done?")
        if event.donor and event.status in ("unconfirmed", "done", "given"):
            days = (standing.day_zero.on - event.on).days
            asked.append(
                f"{full_title(event.title)}, {spell(event.on)}: {plural(days, 'days')} before {after.protocol.zero} "
                "as it now stands. Shelf life not stated."
            )
    return tuple(asked)


def hours(count: float) -> str:
    """`48 hours`, `47 hours 59 minutes`, `−1 hour`."""
    minutes = round(abs(count) * 60)
    text = plural(minutes // 60, "hours") + (f"{NO_BREAK}{plural(minutes % 60, 'minutes')}" if minutes % 60 else "")
    return f"\u2212{text}" if count < 0 else text


def heading(before: Plan, after: Plan, deed: Deed, verdict: MoveVerdict | None, *, saved: bool) -> str:
    """The first line: what happened, or what would."""
    code = after.case.code
    if verdict is not None:
        was = spell_day_zero(standing_of(before).day_zero)
        zero = f"{was} to {spell_day_zero(standing_of(after).day_zero)}"
        if verdict.unchanged:
            return f"Nothing changed: {after.protocol.zero} of {code} is {was} already."
        what = "Re-plan" if verdict.kind == "re-plan" else "Slip"
        if not verdict.allowed:
            wanted = spell_day_zero(deed.to) if isinstance(deed, Move) else ""
            return f"{what} of {code} to {wanted} is not allowed. Nothing was saved."
        return f"{what} of {code}: {after.protocol.zero} from {zero}." + ("" if saved else " Not saved.")
    if after.revision == before.revision:
        return f"Nothing changed: {code} has these texts already."
    done = "saved as" if saved else "would be"
    what = deed_title(deed, after.protocol.zero)
    return f"{code}: {what}, {done} revision {after.revision}. {after.protocol.zero.capitalize()} {day_zero_of(after)}."


PEOPLE: Mapping[Person, str] = {
    "principal investigator": "Principal investigator",
    "nurses": "Nurses, this shift and next",
    "coordinator": "Study coordinator",
    "patient": "Patient or guardian",
    "pharmacy": "Pharmacy",
    "cell laboratory": "Cell laboratory",
    "donor": "Donor, donor centre, apheresis unit",
    "laboratory": "Laboratory, test units",
}
"""Who must be told of a change, each to be ticked when told."""


def limit_and_planned(after: Plan, verdict: MoveVerdict | None) -> tuple[str, ...]:
    """Of a slip: how far it may go and how much of that is used, and that planned day 0 stays."""
    if verdict is None or verdict.kind != "slip":
        return ()
    standing, planned = standing_of(after), f"planned {after.protocol.zero}"
    stays = f"Planned {after.protocol.zero} stays {spell_day_zero(standing.planned)}."
    return (_limit_in_words(verdict.limit, planned, standing.day_zero.on), stays) if verdict.limit else (stays,)


def _limit_in_words(limit: Limit, planned: str, day_zero: date) -> str:
    if limit.by_date:
        left = plural((limit.last - day_zero).days, "days")
        return f"Limit: no later than {spell(limit.last)}, by date from {planned}. Left: {left}."
    if limit.until is None or limit.used is None or limit.left is None:
        return f"Limit: {limit.hours} hours from {planned}; judged by date, because an hour is not known."
    used = f"Used {hours(limit.used)}, left {hours(limit.left)}."
    return f"Limit: {limit.hours} hours from {planned}, until {spell_moment(limit.until)}. {used}"
