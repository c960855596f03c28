"""What the overview says beside its timeline."""

from datetime import datetime

from schedule.model.moment import Moment
from schedule.model.notation import spell_moment
from schedule.model.plan import Event
from schedule.words.dates import spell_day_zero


def moved_on(at: datetime, was: Moment) -> str:
    """That day 0 moved a short time ago, and from where."""
    return f"moved on {spell_moment(at)} from {spell_day_zero(was)}"


def stands_for(event: Event, title: str) -> str:
    """An event in the list of days: what was given or done says so."""
    return f"{title}, {event.status}" if event.status in ("given", "done") else title
