"""What a feed is called, and what it says of itself and when it has ended."""

from collections.abc import Iterable
from datetime import datetime

from schedule.model.acts import Act
from schedule.words.outputs import as_of, feed_name, spell_utc

WARD = feed_name("ward")
"""The name of the whole ward's feed: constant, since a program reads it once."""
ENDED = "This calendar is no longer updated. Ask who gave you its address, then delete it."


def revision_of(act: Act) -> str:
    """`CIML-017 revision 3`."""
    return f"{act.code} revision {act.revision}"


def days_description(act: Act) -> str:
    """What the calendar of one patient's days says of itself."""
    return f"{as_of(act.at)} {revision_of(act)} of {spell_utc(act.at)}."


def ward_description(revisions: Iterable[str], when: datetime | None) -> str:
    """What the whole ward's says: of which revisions it is, and up to when it is right."""
    return " ".join(part for part in (as_of(when) if when else "", "; ".join(revisions)) if part)
