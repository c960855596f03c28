"""Protocol + what was chosen for a patient -> the protocol as it applies to that patient.

What another option was chosen for is gone. What depends on a choice that nobody has made stays, without days: not
chosen is not a default.
"""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Literal

from msgspec.structs import replace

from schedule.model.protocol import Activity, ByChoice, Protocol, SiteWindow
from schedule.model.sizes import TEXTS
from schedule.model.timing import Only

Holds = Literal["holds", "open", "no"]


def holds(only: Iterable[Only], chosen: Mapping[str, str]) -> Holds:
    """Whether all conditions hold: `no` as soon as one does not, `open` while one depends on a choice not made."""
    found: Holds = "holds"
    for condition in only:
        option = chosen.get(condition.choice)
        if option is None:
            found = "open"
        elif option not in condition.options:
            return "no"
    return found


def open_choices(only: Iterable[Only], chosen: Mapping[str, str]) -> tuple[str, ...]:
    """The choices not made that the conditions depend on."""
    return tuple(dict.fromkeys(condition.choice for condition in only if condition.choice not in chosen))


def tailored(protocol: Protocol, chosen: Mapping[str, str]) -> Protocol:
    """The protocol without what is not for this patient; the protocol itself where it has no choices."""
    return _tailored(protocol, tuple(sorted(chosen.items()))) if protocol.choices else protocol


@lru_cache(maxsize=TEXTS)
def _tailored(protocol: Protocol, chosen: tuple[tuple[str, str], ...]) -> Protocol:
    options = dict(chosen)
    activities = {}
    for activity in protocol.activities.values():
        kept = _for_patient(activity, options)
        if kept is not None:
            activities[activity.id] = kept
    bounds = [bound for rule in protocol.rules.values() for bound in rule.bounds]
    asked = {activity.parameter for activity in activities.values()}
    asked |= {bound.parameter for bound in bounds if isinstance(bound, SiteWindow)}
    asks = {activity.parameter for activity in protocol.activities.values()}
    parameters = {name: one for name, one in protocol.parameters.items() if name in asked or name not in asks}
    return replace(protocol, activities=activities, parameters=parameters)


def _for_patient(activity: Activity, chosen: Mapping[str, str]) -> Activity | None:
    """The activity with the days of the option chosen, without days while a choice is open, or None if it is not for
    the patient.
    """
    state = holds(activity.only, chosen)
    if state == "no":
        return None
    waits = open_choices(activity.only, chosen)
    if isinstance(activity.days, ByChoice):
        option = chosen.get(activity.days.choice)
        if option is not None and not waits:
            return replace(activity, days=activity.days.options[option])
        waits = waits or (activity.days.choice,)
    return replace(activity, days=ByChoice(choice=waits[0], options={})) if waits else activity
