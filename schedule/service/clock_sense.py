"""Is this computer's clock ahead? It is asked before an act, since an act under a later time keeps everybody from
acting until then.

That nothing was entered for some hours or weeks is no sign of it, and the times of files are of the same clock. What
tells is another clock: that of the server that keeps the ledger, or how long the computer has been running since the
last act, whatever its clock was set to meanwhile. Where neither is known, as after a start, only a silence that no
ward keeps is asked about.
"""

from datetime import UTC, datetime, timedelta

from msgspec.structs import replace

from schedule.ledger.store import Store
from schedule.model import reasons
from schedule.model.case import Site
from schedule.model.kept import Running

MOST_AHEAD = timedelta(minutes=10)
LONGEST_SILENCE = timedelta(days=92)


def clock_ahead(store: Store, at: datetime, running: Running | None) -> "reasons.failures.ClockAhead | None":
    """Why the clock that says `at` (UTC) seems to be ahead, if it does. `running` is for how long this computer has
    been running by then; None: it is not asked."""
    if running is None:
        return None
    own = store.own_time(running)
    if own is not None:
        return reasons.failures.ClockAhead(now=at, own=own.at, by=own.by) if at - own.at > MOST_AHEAD else None
    last = store.last_act_at()
    if last is not None and at - last > LONGEST_SILENCE:
        return reasons.failures.ClockAhead(now=at, own=last, by="last act")
    return None


def in_zone(ahead: "reasons.failures.ClockAhead", site: Site | None) -> "reasons.failures.ClockAhead":
    """The same by the site's clock; UTC's where the site has none."""
    where = (site.zone if site is not None else None) or UTC
    return replace(ahead, now=ahead.now.astimezone(where), own=ahead.own.astimezone(where))
