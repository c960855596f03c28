"""What is to be done with printed sheets that are void. A sheet on which something is written is a record."""

from collections.abc import Mapping
from typing import Literal

Fate = Literal["replace", "cross-through", "leave"]
"""What is to be done with a void sheet: of a day to come, of today, of a day past."""

TITLES: Mapping[Fate, str] = {
    "replace": "Replace",
    "cross-through": "Cross through and keep",
    "leave": "Leave in the chart",
}
"""The heading over each group."""

ABOUT: Mapping[Fate, str] = {
    "replace": "Days to come: print them anew. If anything is written on one, cross it through and keep it.",
    "cross-through": "Today's: it is a record of what was done. Go on with the new one.",
    "leave": "Days past: they are the record of what was done.",
}
"""What is to be done, in full."""
WITHOUT_NEW: Mapping[Fate, tuple[str, str]] = {
    "replace": (
        "Take away",
        "Days to come: nothing is planned there any more, so there is no new sheet. If anything is written on one, "
        "cross it through and keep it.",
    ),
    "cross-through": (
        TITLES["cross-through"],
        "Today's: it is a record of what was done. There is no new one: nothing more is planned for today.",
    ),
    "leave": (TITLES["leave"], ABOUT["leave"]),
}
"""The heading, and what is to be done, where none of the days has a sheet any more."""


def told_of(fate: Fate, *, anew: bool) -> tuple[str, str]:
    """The heading over a group and what is to be done; `anew`: any of its days has a new sheet."""
    return (TITLES[fate], ABOUT[fate]) if anew else WITHOUT_NEW[fate]


def day_told(day: str, *, donor: bool, anew: bool) -> str:
    """A day in such a group: the donor's, and one that has no new sheet where others have."""
    whose = f"donor, {day}" if donor else day
    return whose if anew else f"{whose}, no new sheet"
