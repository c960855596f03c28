"""What moves, in a sentence or two worked out of the difference: forty rows are not read at night."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from schedule.engine.difference import Difference, Moved
from schedule.model.moment import is_earlier
from schedule.model.notation import spell_clock
from schedule.model.plan import Event, Plan
from schedule.pages.together import moved_together, stays_together
from schedule.words import summed as words
from schedule.words.day_labels import label_told
from schedule.words.titles import plain_title


def summed_up(found: Difference, before: Plan, after: Plan) -> tuple[str, ...]:
    """From where on everything moves, by how many days, and all that does not; then what is at another hour. Empty
    where nothing moves."""
    if not found.moves:
        return ()
    by = _shift_of_most(found.moves, after.protocol.day_zero)
    moving = [pair for pair in found.moves if _shift(pair) == by]
    first = min((pair.before for pair in moving), key=lambda event: event.moment)
    others = [pair for pair in found.moves if _shift(pair) != by]
    staying = _staying_after(first, found, before, after)
    hours = [pair for pair in moving if _hour(pair.before) != _hour(pair.after)]
    if not by:
        return (words.only_hours(_told_hours(hours)),)
    excepted = [*_stay(staying), *_move(others)]
    if len(staying) + len(others) >= len(moving):
        said = words.some_move(len(moving), by, excepted)
    else:
        said = words.all_move(label_told(before, first), first.on, by, excepted)
    return (said, *((words.at_another_hour(_told_hours(hours)),) if hours else ()))


def _shift(pair: Moved) -> int:
    """By how many days it moves."""
    return (pair.after.on - pair.before.on).days


def _shift_of_most(moves: Iterable[Moved], infusion: str) -> int:
    """The shift of the infusion where that moves to another date; else of most. 0 where no date moves."""
    pairs = [pair for pair in moves if _shift(pair)]
    own = next((_shift(pair) for pair in pairs if pair.after.activity == infusion), 0)
    return own or next((by for by, _ in Counter(map(_shift, pairs)).most_common(1)), 0)


def _staying_after(first: Event, found: Difference, before: Plan, after: Plan) -> list[Event]:
    """What is on no earlier date than the first that moves, and does not move."""
    moved = {pair.after.id for pair in found.moves}
    added = {event.id for event in found.added}
    return [
        event for event in after.events
        if event.status != "cancelled" and event.id not in moved | added and not is_earlier(event.when, first.when)
    ]  # fmt: skip


def _stay(events: Sequence[Event]) -> list[str]:
    """What stays, a text for each activity."""
    rows = [row for _, group in stays_together(events) for row in group]
    return [words.stays(row.what, row.detail, row.now) for row in rows]


def _move(pairs: Iterable[Moved]) -> list[str]:
    """What moves otherwise, a text for each activity and shift."""
    alike: dict[int, list[Moved]] = defaultdict(list)
    for pair in pairs:
        alike[_shift(pair)].append(pair)
    return [
        words.moves_otherwise(row.what, row.detail, row.now, by)
        for by, group in alike.items() for row in moved_together(group)
    ]  # fmt: skip


def _hour(event: Event) -> str:
    return spell_clock(event.start) if event.start else ""


def _told_hours(pairs: Iterable[Moved]) -> list[str]:
    """What is at another hour, each activity once for each pair of hours."""
    told = (words.other_hour(plain_title(one.after.title), _hour(one.before), _hour(one.after)) for one in pairs)
    return list(dict.fromkeys(told))
