"""A patient's history: every act in order, each with the texts that held after it. A plan is made from it."""

from collections.abc import Mapping
from datetime import UTC, datetime

from msgspec import Struct, field
from msgspec.structs import replace

from schedule.model.acts import Deed, SetClock
from schedule.model.case import Case, Site
from schedule.model.moment import instant_at
from schedule.model.protocol import Protocol


class Step(Struct, frozen=True, kw_only=True):
    """One act: what was done, as of which moment (a wall time of the site, without zone), and the protocol and the site
    that held once it was done. `by` did it; empty where nobody is named."""

    deed: Deed
    as_of: datetime
    protocol: Protocol
    site: Site
    by: str = ""


class History(Struct, frozen=True, kw_only=True, eq=False, weakref=True):
    """All acts, oldest first. `case` is the case file that the first plan was made from. `numbers` are those that
    places of the schedule have been given, by the place as text.

    Equal only to itself, so that what is worked out from it once can be kept.
    """

    case: Case
    steps: tuple[Step, ...]
    numbers: Mapping[str, int] = field(default_factory=dict)

    def then(self, step: Step) -> "History":
        """The same with one act more. One that says that the clock had been ahead takes the as-of of those before it
        back to its own."""
        steps = self.steps
        if isinstance(step.deed, SetClock):
            now = instant_at(step.as_of, step.site.zone)
            steps = tuple(_not_after(one, now) for one in steps)
        return replace(self, steps=(*steps, step))


def _not_after(step: Step, now: datetime) -> Step:
    """The act, as of `now` (in UTC) at the latest."""
    zone = step.site.zone
    if instant_at(step.as_of, zone) <= now:
        return step
    return replace(step, as_of=now.astimezone(zone or UTC).replace(tzinfo=None))
