"""What a row of events told together says beside its dates."""

from collections.abc import Iterable

NO_HOUR = "no hour"
WEEKEND = "weekend"


def day_off_mark(mark: str, reasons: Iterable[str]) -> str:
    """What the mark of a day off means here."""
    return f"{mark} day off: {'; '.join(reasons)}."
