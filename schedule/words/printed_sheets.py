"""What to think of a printed sheet that somebody holds in their hands, and what to do with it."""

from schedule.model.acts import Act
from schedule.words.acts import act_in_words
from schedule.words.remedies import Edge


def current_sheet(name: str, newest: Act | None) -> str:
    """A sheet that is as the newest revision would print it; `newest` is None where it is of that very one."""
    return (
        f"CURRENT: {name}." if newest is None else f"CURRENT: {name}. {_newest(newest)}, and prints this sheet alike."
    )


def past_sheet(name: str) -> str:
    """A sheet whose day was over when the newest act was made."""
    return f"OF A DAY PAST: {name}. Keep it: it is the record of what was done."


def superseded_sheet(name: str, after: Act, newest: Act, edge: Edge) -> str:
    """A sheet that must go: `after` is the act that came next, `newest` the last one."""
    came_next = f"{act_in_words(after.kind)} by {after.by} came next"
    said = f"SUPERSEDED: {name}. {_newest(newest)} ({came_next}). Take this sheet away"
    return f"{said}; print: dayzero print {newest.code} --pdf" if edge == "terminal" else f"{said}."


def _newest(act: Act) -> str:
    return f"Revision {act.revision} of {act.at:%Y-%m-%d %H:%M} UTC is the newest"
