"""What is to be done with printed sheets that are void. A sheet on which something is written is a record."""

from collections.abc import Mapping
from typing import Literal

TITLES: Mapping[Literal["replace", "cross-through", "leave"], str] = {
    "replace": "Replace",
    "cross-through": "Cross through and keep",
    "leave": "Leave in the chart",
}
"""The heading over each group."""

ABOUT: Mapping[Literal["replace", "cross-through", "leave"], str] = {
    "replace": "Days to come: print them anew. If anything is written on one, cross it through and keep it.",
    "cross-through": "Today's: it is a record of what was done. Go on with the new one.",
    "leave": "Days past: they are the record of what was done.",
}
"""What is to be done, in full."""


def donors_day(day: str) -> str:
    """A day of the donor's."""
    return f"donor, {day}"
