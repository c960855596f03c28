"""What the overview says beside its timeline."""

from schedule.model.plan import Event


def stands_for(event: Event, title: str) -> str:
    """An event in the list of days: what was given or done says so."""
    return f"{title}, {event.status}" if event.status in ("given", "done") else title
