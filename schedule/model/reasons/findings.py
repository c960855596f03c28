"""What a finding rests on: the values of which `words/findings` makes its title, its basis and its source."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeat:
    """What must be done again, and from when to when, both included, it would serve. `last_dose`: a course, whose last dose
    must lie there."""

    what: str
    last_dose: bool
    earliest: date | None
    latest: date | None
